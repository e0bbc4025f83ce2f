//! Tables in Parquet with snapshots, in a folder or an object store.
//!
//! This crate must never know what the rows mean, or the clock: times are told to it.
