//! Whose money goes where, by the face of the crate.

mod alerts;
mod bills;
mod budgets;
mod check;
mod commitments;
mod estates;
mod events;
mod fx;
mod grants;
mod outlook;
mod ownership;
mod pools;
mod report;
mod store;
