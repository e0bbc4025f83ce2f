//! How things are said: findings in five forms, tables in four.

pub(crate) mod apply;
pub(crate) mod elect;
pub(crate) mod elect_seats;
pub(crate) mod findings;
pub(crate) mod gate;
pub(crate) mod machine;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod snippet;
pub(crate) mod table;
