//! Whose money goes where, how long it lasts, and what to do next.
//!
//! Bills come in as FOCUS charges ([`focus::import`]) and are kept by provider, account and month
//! ([`store`]). Each charge gets an owner by the rules of `spend.yaml` ([`ownership`]); sums by
//! day and by month are kept beside the charges ([`cube`]). From these sums, and nothing else,
//! come shares of what is used together ([`pools`]), [`grants`], [`budgets`], the [`outlook`] and
//! the [`report`]. [`mod@scan`] answers what the sums cannot, from the charges themselves.
//!
//! This crate must never know the network or the clock: the day is an argument, and `facts` keeps
//! the files. No community's name appears here.

pub mod alerts;
pub mod budgets;
pub mod cells;
pub mod check;
pub mod codes;
pub mod commitments;
pub mod cube;
pub mod events;
pub mod fx;
pub mod grants;
pub mod outlook;
pub mod ownership;
pub mod pools;
pub mod query;
pub mod renewal;
pub mod report;
pub mod scan;
pub mod schema;
pub mod settings;
pub mod sql;
pub mod store;
