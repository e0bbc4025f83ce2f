//! The file `spend.yaml`.
