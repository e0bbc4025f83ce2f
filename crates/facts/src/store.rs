//! The face of a store.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::{NamedTempFile, TempPath};

use crate::bucket::Bucket;
use crate::folder::Folder;
use crate::path::checked;
use crate::{Blob, StoreError};

/// A file of a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// When it was written, by the store's clock.
    pub modified: Timestamp,
}

/// A file on its way into a store; gone with the value unless it was uploaded.
#[derive(Debug)]
pub struct Scratch {
    path: TempPath,
}

impl Scratch {
    /// Of a temporary file. It is closed, so that many may wait.
    pub fn new(file: NamedTempFile) -> Self {
        Self {
            path: file.into_temp_path(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The temporary file, for who brings it to its place.
    pub fn into_path(self) -> TempPath {
        self.path
    }
}

/// What keeps the files of a [`Store`]. Paths were looked at before they get here.
pub trait Backend: fmt::Debug + Send + Sync {
    /// Where it is, for messages.
    fn place(&self) -> &str;

    /// All bytes of a file; nothing if it is not there.
    fn get(&self, path: &str) -> Result<Option<Bytes>, StoreError>;

    /// Writes a file whole, in place of what was there.
    fn put(&self, path: &str, bytes: Bytes) -> Result<(), StoreError>;

    /// Writes a file if it is not there yet, and says whether it did. Of several at once, one
    /// does. What it wrote stays, whatever happens to this machine next.
    fn create(&self, path: &str, bytes: Bytes) -> Result<bool, StoreError>;

    /// A temporary file for [`Backend::upload`].
    fn scratch(&self) -> Result<NamedTempFile, StoreError>;

    /// Brings a temporary file to its place, in place of what was there.
    fn upload(&self, path: &str, scratch: Scratch) -> Result<(), StoreError>;

    /// The files below a folder, in the order of their paths.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, StoreError>;

    /// Deletes a file; one that is not there is deleted.
    fn delete(&self, path: &str) -> Result<(), StoreError>;

    /// Opens a file for reading in pieces.
    fn open(&self, path: &str) -> Result<Blob, StoreError>;

    /// Removes temporary files of writers that are gone, and those of unknown writers that were
    /// left behind before then.
    fn sweep(&self, before: Timestamp) -> Result<(), StoreError>;
}

/// Files by path, in a folder or an object store. Calls wait until they are done.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
}

impl Store {
    /// Opens the store at a place: `s3://bucket/prefix`, `gs://bucket/prefix`, or a folder, which
    /// is made when the first file is.
    ///
    /// `environment` gives the environment variables with which S3 and Google Cloud Storage are
    /// spoken to: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`,
    /// `GOOGLE_SERVICE_ACCOUNT`, and the others that `object_store` names.
    pub fn open(
        place: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StoreError> {
        let backend: Arc<dyn Backend> = match place.split_once("://") {
            Some(("s3", rest)) => Arc::new(Bucket::amazon(rest, environment)?),
            Some(("gs", rest)) => Arc::new(Bucket::google(rest, environment)?),
            Some(_) => {
                return Err(StoreError::NotAPlace {
                    place: place.to_owned(),
                    why: "a store is a folder, `s3://bucket/prefix` or `gs://bucket/prefix`"
                        .to_owned(),
                });
            }
            None => Arc::new(Folder::new(PathBuf::from(place))),
        };
        Ok(Self { backend })
    }

    /// A store over what keeps its files.
    pub fn over(backend: Arc<dyn Backend>) -> Self {
        Self { backend }
    }

    /// Where it is, for messages.
    pub fn place(&self) -> &str {
        self.backend.place()
    }

    /// Where a file of it is, for messages.
    pub fn place_of(&self, path: &str) -> String {
        format!("{}/{path}", self.place())
    }

    /// All bytes of a file; nothing if it is not there.
    pub fn get(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        self.backend.get(checked(self.place(), path)?)
    }

    /// All bytes of a file that must be there.
    pub fn read(&self, path: &str) -> Result<Bytes, StoreError> {
        self.get(path)?.ok_or_else(|| StoreError::Missing {
            place: self.place_of(path),
        })
    }

    /// Writes a file whole, in place of what was there.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = checked(self.place(), path)?;
        self.backend.put(path, Bytes::copy_from_slice(bytes))
    }

    /// Writes a file if it is not there yet, and says whether it did. Of several writers at once,
    /// one does.
    pub fn create(&self, path: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let path = checked(self.place(), path)?;
        self.backend.create(path, Bytes::copy_from_slice(bytes))
    }

    /// A temporary file for [`Store::upload`], on the same disk where the store is a folder.
    pub fn scratch(&self) -> Result<NamedTempFile, StoreError> {
        self.backend.scratch()
    }

    /// Brings a temporary file to its place, in place of what was there.
    pub fn upload(&self, path: &str, scratch: Scratch) -> Result<(), StoreError> {
        self.backend.upload(checked(self.place(), path)?, scratch)
    }

    /// The files below a folder, in the order of their paths.
    pub fn list(&self, folder: &str) -> Result<Vec<Entry>, StoreError> {
        self.backend.list(checked(self.place(), folder)?)
    }

    /// Deletes a file; one that is not there is deleted.
    pub fn delete(&self, path: &str) -> Result<(), StoreError> {
        self.backend.delete(checked(self.place(), path)?)
    }

    /// Opens a file for reading in pieces, as Parquet is read.
    pub fn open_file(&self, path: &str) -> Result<Blob, StoreError> {
        self.backend.open(checked(self.place(), path)?)
    }

    /// Removes temporary files that interrupted writers left behind: those of whom it can tell
    /// that they are gone, else those from before then.
    pub fn sweep(&self, before: Timestamp) -> Result<(), StoreError> {
        self.backend.sweep(before)
    }
}
