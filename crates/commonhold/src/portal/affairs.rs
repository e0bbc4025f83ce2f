//! What lies in decisions, ledger, plans and ballot boxes, read once a state and kept as plain data.

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Affairs {}
