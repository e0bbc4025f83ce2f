//! Whose money goes where, by the face of the crate.

mod alerts;
mod bills;
mod budgets;
mod check;
mod commitments;
mod cube;
mod estates;
mod events;
mod fx;
mod grants;
mod outlook;
mod ownership;
mod pools;
mod query;
mod report;
mod scan;
mod scan_rows;
mod sql;
mod store;
