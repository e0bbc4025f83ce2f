//! Charges grouped and summed, straight from Parquet.
