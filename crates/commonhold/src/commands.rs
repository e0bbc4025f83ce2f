//! One file a command.

pub(crate) mod apply;
pub(crate) mod calendar;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod dns;
pub(crate) mod drift;
pub(crate) mod elect;
pub(crate) mod explain;
pub(crate) mod gate;
pub(crate) mod graph;
pub(crate) mod help;
pub(crate) mod impact;
pub(crate) mod init;
pub(crate) mod ledger;
pub(crate) mod plan;
pub(crate) mod recipients;
pub(crate) mod report;
pub(crate) mod request;
pub(crate) mod risk;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod who;
pub(crate) mod why;
