//! Elekto's files.
