//! What is used together, shared out.
