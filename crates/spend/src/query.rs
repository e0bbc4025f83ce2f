//! Questions to the charges.
