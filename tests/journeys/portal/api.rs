//! What programs read and do.
