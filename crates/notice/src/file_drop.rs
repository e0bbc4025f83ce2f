//! Messages as files of a folder, for another program to take up.

use std::fmt;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::message::Message;
use crate::outcome::{Evidence, Failure};

/// A folder that gets one file a message: its JSON, under the hexadecimal digits of its digest
/// and `.json`. A file is there whole or not at all, and written once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDrop {
    folder: PathBuf,
}

impl FileDrop {
    /// The folder must exist when a message is written: one that is gone may be a disk that is
    /// not there, and nobody reads what would be written in its place.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    pub(crate) fn write(&self, message: &Message) -> Result<Evidence, Failure> {
        let name = format!("{}.json", message.digest().hex());
        let path = self.folder.join(name);
        match self.create(&path, message.json()) {
            Ok(()) => Ok(Evidence::File { path }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => again(path, message),
            Err(error) => Err(failure(&error)),
        }
    }

    fn create(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut draft = tempfile::Builder::new()
            .prefix(".commonhold.")
            .suffix(".draft")
            .permissions(Permissions::from_mode(0o644))
            .tempfile_in(&self.folder)?;
        draft.write_all(text.as_bytes())?;
        draft.as_file().sync_all()?;
        draft.persist_noclobber(path).map_err(|error| error.error)?;
        File::open(&self.folder)?.sync_all()
    }
}

impl fmt::Display for FileDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the folder {}", self.folder.display())
    }
}

fn again(path: PathBuf, message: &Message) -> Result<Evidence, Failure> {
    let there = fs::read(&path).map_err(|error| failure(&error))?;
    if there == message.json().as_bytes() {
        return Ok(Evidence::File { path });
    }
    Err(Failure::Misconfigured(format!(
        "{} holds something else than the message of this name; remove it",
        path.display()
    )))
}

fn failure(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Failure::Misconfigured(
            "there is no such folder; make it, or mount the disk that it is on".to_owned(),
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Failure::Misconfigured(format!("files cannot be made in it ({error})"))
        }
        _ => Failure::Later(error.to_string(), None),
    }
}
