//! What may be spent, and what of it is.
