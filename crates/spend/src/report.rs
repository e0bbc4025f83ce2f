//! The page that a meeting opens with.
