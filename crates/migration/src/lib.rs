//! Migrations: what state each thing is in, what is next, and when it is done.
