//! Days on which more was spent than was to be expected, and what explains them.
