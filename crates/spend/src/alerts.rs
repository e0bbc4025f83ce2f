//! What is over a threshold, told once.
