//! Whether a file keeps to FOCUS.
