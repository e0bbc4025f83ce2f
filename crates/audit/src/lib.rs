//! What is really there, in one form, and how it differs from what is declared.
