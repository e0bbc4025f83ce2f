//! One file a command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod help;
pub(crate) mod impact;
pub(crate) mod init;
pub(crate) mod recipients;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod stats;
pub(crate) mod who;
pub(crate) mod why;
