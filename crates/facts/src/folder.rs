//! A store in a folder.
//!
//! Not `object_store`'s own: that one names a file before its bytes are on the disk, so that after
//! a loss of power a version may name a part that is empty. Here a file is written under another
//! name, synced, brought to its name in one step, and its folder is synced.

mod session;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::NamedTempFile;

use crate::{Backend, Blob, Entry, Scratch, StoreError};
use session::Session;

/// Where files are written before they have a name; never listed.
pub(crate) const PARTIAL: &str = ".partial";

#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    place: String,
    /// Begun by the first temporary file: who only reads writes nothing.
    session: Mutex<Option<Session>>,
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        let place = root.display().to_string();
        Self {
            place: place.strip_suffix('/').map_or(place.clone(), str::to_owned),
            root,
            session: Mutex::default(),
        }
    }

    fn fails<E: Into<io::Error>>(
        &self,
        path: &str,
        verb: &'static str,
    ) -> impl FnOnce(E) -> StoreError {
        let place = format!("{}/{path}", self.place);
        move |error| StoreError::failed(place, verb, error.into())
    }

    /// A synced file with these bytes, and its place with the folders above it.
    fn written(&self, path: &str, bytes: &[u8]) -> Result<(NamedTempFile, PathBuf), StoreError> {
        let mut file = self.scratch()?;
        let done = file
            .write_all(bytes)
            .and_then(|()| file.as_file().sync_all());
        done.map_err(self.fails(path, "written"))?;
        Ok((file, self.target(path)?))
    }

    /// Where a file goes; its folder is there, and stays.
    fn target(&self, path: &str) -> Result<PathBuf, StoreError> {
        let target = self.root.join(path);
        make_folder(above(&target)).map_err(self.fails(path, "written"))?;
        Ok(target)
    }
}

impl Backend for Folder {
    fn place(&self) -> &str {
        &self.place
    }

    fn get(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.fails(path, "read")(error)),
        }
    }

    fn put(&self, path: &str, bytes: Bytes) -> Result<(), StoreError> {
        let (file, target) = self.written(path, &bytes)?;
        file.persist(&target)
            .map_err(|failed| failed.error)
            .and_then(|_| sync_folder(above(&target)))
            .map_err(self.fails(path, "written"))
    }

    fn create(&self, path: &str, bytes: Bytes) -> Result<bool, StoreError> {
        let (file, target) = self.written(path, &bytes)?;
        match file.persist_noclobber(&target) {
            Ok(_) => {}
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(failed) => return Err(self.fails(path, "written")(failed.error)),
        }
        sync_folder(above(&target)).map_err(self.fails(path, "written"))?;
        Ok(true)
    }

    fn scratch(&self) -> Result<NamedTempFile, StoreError> {
        let partial = self.root.join(PARTIAL);
        let made = || {
            make_folder(&partial)?;
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            if session.is_none() {
                *session = Some(Session::begin(&partial)?);
            }
            session.as_ref().map_or_else(
                || Err(io::ErrorKind::NotFound.into()),
                |session| session.scratch(&partial),
            )
        };
        made().map_err(self.fails(PARTIAL, "written"))
    }

    fn upload(&self, path: &str, scratch: Scratch) -> Result<(), StoreError> {
        let target = self.target(path)?;
        File::open(scratch.path())
            .and_then(|file| file.sync_all())
            .and_then(|()| {
                let file = scratch.into_path();
                file.persist(&target).map_err(|failed| failed.error)
            })
            .and_then(|()| sync_folder(above(&target)))
            .map_err(self.fails(path, "written"))
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, StoreError> {
        let mut found = Vec::new();
        walk(&self.root.join(folder), folder, &mut found).map_err(self.fails(folder, "listed"))?;
        found.sort();
        Ok(found)
    }

    fn delete(&self, path: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.root.join(path)) {
            Err(error) if !is_missing(&error) => Err(self.fails(path, "deleted")(error)),
            _ => Ok(()),
        }
    }

    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let place = format!("{}/{path}", self.place);
        match File::open(self.root.join(path)).and_then(|file| Blob::file(&place, file)) {
            Err(error) if is_missing(&error) => Err(StoreError::Missing { place }),
            opened => opened.map_err(self.fails(path, "read")),
        }
    }

    fn sweep(&self, before: Timestamp) -> Result<(), StoreError> {
        match session::sweep(&self.root.join(PARTIAL), before) {
            Err(error) if !is_missing(&error) => Err(self.fails(PARTIAL, "swept")(error)),
            _ => Ok(()),
        }
    }
}

/// The files below a folder, whose path in the store is this.
fn walk(folder: &Path, path: &str, found: &mut Vec<Entry>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        // A name that is no text is none of ours.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name == PARTIAL {
            continue;
        }
        let path = format!("{path}/{name}");
        let about = match entry.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            about => about?,
        };
        if about.is_dir() {
            walk(&entry.path(), &path, found)?;
        } else {
            found.push(Entry {
                path,
                bytes: about.len(),
                modified: modified(&about)?,
            });
        }
    }
    Ok(())
}

/// Whether it means that there is no such file; a file in place of a folder means that too.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The folder that a file is in.
fn above(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a folder and those above it, each on the disk before the next.
fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => sync_folder(above(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && folder.parent().is_some() => {
            make_folder(above(folder))?;
            make_folder(folder)
        }
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Brings the names in a folder to the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn modified(about: &fs::Metadata) -> io::Result<Timestamp> {
    Timestamp::try_from(about.modified()?).map_err(io::Error::other)
}
