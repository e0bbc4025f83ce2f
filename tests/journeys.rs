//! Whole journeys through the program, and what the repository promises of itself.

#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests say what they skip, and stop at the first surprise"
)]

#[path = "journeys/access.rs"]
mod access;
#[path = "journeys/adopted.rs"]
mod adopted;
#[path = "journeys/audit.rs"]
mod audit;
#[path = "journeys/calendar.rs"]
mod calendar;
#[path = "journeys/decisions.rs"]
mod decisions;
#[path = "journeys/docs.rs"]
mod docs;
#[path = "journeys/elections.rs"]
mod elections;
#[path = "journeys/example.rs"]
mod example;
#[path = "journeys/governed.rs"]
mod governed;
#[path = "journeys/history.rs"]
mod history;
#[path = "journeys/job_rules.rs"]
mod job_rules;
#[path = "journeys/migration.rs"]
mod migration;
#[path = "journeys/moves.rs"]
mod moves;
#[path = "journeys/outputs.rs"]
mod outputs;
#[path = "journeys/owners.rs"]
mod owners;
#[path = "journeys/peers.rs"]
mod peers;
#[path = "journeys/policies.rs"]
mod policies;
#[path = "journeys/portal.rs"]
mod portal;
#[path = "journeys/process.rs"]
mod process;
#[path = "journeys/questions.rs"]
mod questions;
#[path = "journeys/reports.rs"]
mod reports;
#[path = "journeys/spend.rs"]
mod spend;
#[path = "journeys/start.rs"]
mod start;
#[path = "journeys/support.rs"]
mod support;
#[path = "journeys/tidy.rs"]
mod tidy;
#[path = "journeys/waves.rs"]
mod waves;
