//! How things are said: findings in five forms, tables in four.

pub(crate) mod findings;
pub(crate) mod machine;
pub(crate) mod snippet;
pub(crate) mod table;
