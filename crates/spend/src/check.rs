//! What is wrong with spend.yaml, grants and budgets.
