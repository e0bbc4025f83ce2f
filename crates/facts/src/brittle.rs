//! A store that dies while it is written to: what tests of crashes stand on.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::{Backend, Blob, Entry, Scratch, Store, StoreError};

/// When in a write a [`Brittle`] store dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before anything of it is done.
    Before,
    /// When all of it is done, but nobody was told.
    After,
}

/// A store that dies at one of its writes, as the process may that uses it. Nothing works from
/// then on.
///
/// What a write leaves half done is the same as what the one before it left: both kinds of stores
/// bring a file to its name in one step. A deletion is a write here.
#[derive(Debug)]
pub struct Brittle {
    store: Store,
    /// How many writes are left before it dies.
    left: AtomicU64,
    death: Death,
    dead: AtomicBool,
}

impl Brittle {
    /// Over a store that lives on; `writes` are done before the one that it dies at.
    pub fn new(store: Store, writes: u64, death: Death) -> Self {
        Self {
            store,
            left: AtomicU64::new(writes),
            death,
            dead: AtomicBool::new(false),
        }
    }

    /// Whether it has died.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    fn alive(&self) -> Result<(), StoreError> {
        if self.is_dead() {
            let why = io::Error::other("the store died, as the test wants it");
            return Err(StoreError::failed(self.store.place(), "reached", why));
        }
        Ok(())
    }

    fn write<T>(&self, done: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.alive()?;
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return done();
        }
        if self.death == Death::After {
            done()?;
        }
        self.dead.store(true, Ordering::SeqCst);
        self.alive()?;
        unreachable!("it has just died")
    }
}

impl Backend for Brittle {
    fn place(&self) -> &str {
        self.store.place()
    }

    fn get(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        self.alive()?;
        self.store.get(path)
    }

    fn put(&self, path: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.write(|| self.store.put(path, &bytes))
    }

    fn create(&self, path: &str, bytes: Bytes) -> Result<bool, StoreError> {
        self.write(|| self.store.create(path, &bytes))
    }

    fn scratch(&self) -> Result<NamedTempFile, StoreError> {
        self.alive()?;
        self.store.scratch()
    }

    fn upload(&self, path: &str, scratch: Scratch) -> Result<(), StoreError> {
        self.write(|| self.store.upload(path, scratch))
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, StoreError> {
        self.alive()?;
        self.store.list(folder)
    }

    fn delete(&self, path: &str) -> Result<(), StoreError> {
        self.write(|| self.store.delete(path))
    }

    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        self.alive()?;
        self.store.open_file(path)
    }

    fn sweep(&self, before: Timestamp) -> Result<(), StoreError> {
        self.alive()?;
        self.store.sweep(before)
    }
}
