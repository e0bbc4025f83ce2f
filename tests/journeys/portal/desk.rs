//! What is asked for at the front desk, to its end.
