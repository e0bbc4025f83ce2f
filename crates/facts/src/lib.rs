//! Tables in Parquet with snapshots, in a folder or an object store.
//!
//! A [`Store`] keeps files by path. A [`Log`] over it keeps *versions*: each names a manifest, and
//! the manifest names the files that belong together. A version is made by creating one file that
//! nobody may create twice, so that readers see all of a change or nothing of it, whatever is
//! interrupted and whoever else writes.
//!
//! ```
//! use facts::{Log, Store};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let place = folder.path().to_str().unwrap();
//! let store = Store::open(place, &|_| None)?;
//! let log: Log<Vec<String>> = Log::new(store.clone());
//! store.put("parts/one", b"1")?;
//! let at = "2026-09-01T10:00:00Z".parse().unwrap();
//! log.commit(0, &vec!["parts/one".to_owned()], at, "the first part")?;
//! assert_eq!(log.current()?.map(|kept| kept.version.number), Some(1));
//! # Ok::<(), facts::StoreError>(())
//! ```
//!
//! This crate must never know what the rows mean, or the clock: times are told to it.

mod blob;
mod brittle;
mod bucket;
mod error;
mod folder;
mod log;
mod path;
mod store;
mod table;

pub use blob::{Blob, BlobReader};
pub use brittle::{Brittle, Death};
pub use error::StoreError;
pub use log::{Committed, Kept, Log, Version};
pub use path::segment;
pub use store::{Backend, Entry, Scratch, Store};
pub use table::{Table, TableWriter};
