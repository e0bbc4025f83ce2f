//! Credits: what is left, what will lapse, and when it ends.
