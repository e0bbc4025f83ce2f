//! Which temporary files of a folder are somebody's who still runs.
//!
//! A writer that is killed leaves its temporary files behind. Their age says little: a large
//! delivery takes hours. So each process holds a lock on a file of its own as long as it lives,
//! and its temporary files bear the name of that file; the system gives up the lock with the
//! process, however that ends.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::{Builder, NamedTempFile, TempPath};

use super::modified;

/// How the name of a lock ends.
const LOCK: &str = ".lock";

/// The lock of one writer. It is gone with the value.
#[derive(Debug)]
pub(crate) struct Session {
    name: String,
    // Dropped in this order: the file is removed while it is still locked.
    _path: TempPath,
    _lock: File,
}

impl Session {
    /// Begins to write temporary files into a folder that is there.
    pub(crate) fn begin(folder: &Path) -> io::Result<Self> {
        // Locked under another name first: a lock file that nobody holds is a dead writer's.
        let (lock, unnamed) = new_file(folder, "new-")?.into_parts();
        lock.lock()?;
        let file_name = unnamed.file_name().unwrap_or_default().to_string_lossy();
        let name = file_name.replacen("new-", "", 1);
        let path = folder.join(format!("{name}{LOCK}"));
        unnamed.persist(&path).map_err(|failed| failed.error)?;
        Ok(Self {
            name,
            _path: TempPath::try_from_path(path)?,
            _lock: lock,
        })
    }

    /// A new temporary file.
    pub(crate) fn scratch(&self, folder: &Path) -> io::Result<NamedTempFile> {
        new_file(folder, &format!("{}-", self.name))
    }
}

fn new_file(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    // Who may read it is for the umask to say: a store may be shared.
    Builder::new()
        .prefix(prefix)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// Removes the files of writers that are gone, and those that are nobody's and older than an
/// instant.
pub(crate) fn sweep(folder: &Path, before: Timestamp) -> io::Result<()> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    let mut alive: Vec<String> = Vec::new();
    let mut gone: Vec<String> = Vec::new();
    for file in &files {
        if let Some(name) = name_of(file).strip_suffix(LOCK) {
            let list = if is_held(file)? {
                &mut alive
            } else {
                &mut gone
            };
            list.push(format!("{name}-"));
        }
    }
    let is_of = |file: &Path, writers: &[String]| {
        writers
            .iter()
            .any(|writer| name_of(file).starts_with(writer.as_str()))
    };
    let (locks, scratches): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| name_of(file).ends_with(LOCK));
    for file in scratches {
        let nobodys = !is_of(file, &alive) && is_older(file, before)?;
        if is_of(file, &gone) || nobodys {
            remove(file)?;
        }
    }
    // Last, so that a sweep that is interrupted is done again.
    for file in locks {
        let writer = format!("{}-", name_of(file).trim_end_matches(LOCK));
        if gone.contains(&writer) {
            remove(file)?;
        }
    }
    Ok(())
}

fn name_of(file: &Path) -> &str {
    file.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// Whether a process has the lock; one that is gone by now counts as held, as all is done.
fn is_held(file: &Path) -> io::Result<bool> {
    let lock = match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        opened => opened?,
    };
    match lock.try_lock() {
        Ok(()) => Ok(false),
        // A disk without locks: nobody can tell, so nothing is taken away.
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => Ok(true),
    }
}

fn is_older(file: &Path, before: Timestamp) -> io::Result<bool> {
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        about => Ok(modified(&about?)? < before),
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
