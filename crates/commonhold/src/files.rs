//! The disk: reading trees, and writing files whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use estate::{Tree, Unreadable, join};

/// The largest file that is read, in bytes; and only what is a file at all, for others may never end.
const LARGEST: u64 = 256 << 20;

/// A tree on disk.
#[derive(Debug)]
pub struct DiskTree {
    root: PathBuf,
    shown: String,
}

impl DiskTree {
    /// The tree below `root`, whose paths are shown to people below `shown`.
    pub fn new(root: impl Into<PathBuf>, shown: &str) -> Self {
        Self {
            root: root.into(),
            shown: shown.to_owned(),
        }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn refusal(path: &str, error: &io::Error) -> Unreadable {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            io::ErrorKind::InvalidData => "not UTF-8 text".to_owned(),
            _ => error.to_string(),
        };
        Unreadable {
            path: path.to_owned(),
            reason,
            missing,
        }
    }

    fn walk(
        &self,
        folder: &str,
        wanted: &dyn Fn(&str) -> bool,
        found: &mut Vec<String>,
    ) -> Result<(), Unreadable> {
        let refuse = |error: io::Error| Self::refusal(folder, &error);
        for entry in fs::read_dir(self.root.join(folder)).map_err(refuse)? {
            let entry = entry.map_err(refuse)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let path = format!("{folder}/{}", name.to_string_lossy());
                return Err(Unreadable {
                    path,
                    reason: "its name is not UTF-8".to_owned(),
                    missing: false,
                });
            };
            if name == ".git" {
                continue;
            }
            let kind = entry.file_type().map_err(refuse)?;
            let path = join(folder, name);
            // A link to a folder may lead in a circle. Any other link is a file, or one that
            // cannot be read, which reading will say.
            let is_file = kind.is_file() || (kind.is_symlink() && !self.root.join(&path).is_dir());
            if kind.is_dir() {
                self.walk(&path, wanted, found)?;
            } else if is_file && wanted(name) {
                found.push(path);
            }
        }
        Ok(())
    }
}

impl DiskTree {
    /// Where a file is, if it is one that may be read.
    fn file(&self, path: &str) -> Result<PathBuf, Unreadable> {
        let full = self.root.join(path);
        let meta = fs::metadata(&full).map_err(|error| Self::refusal(path, &error))?;
        let odd = match meta {
            meta if !meta.is_file() => Some("not a file"),
            meta if meta.len() > LARGEST => Some("larger than 256 MiB"),
            _ => None,
        };
        if let Some(reason) = odd {
            return Err(Unreadable {
                path: path.to_owned(),
                reason: reason.to_owned(),
                missing: false,
            });
        }
        Ok(full)
    }
}

impl Tree for DiskTree {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        let refuse = |error: io::Error| Self::refusal(path, &error);
        fs::read_to_string(self.file(path)?).map_err(refuse)
    }

    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let refuse = |error: io::Error| Self::refusal(path, &error);
        fs::read(self.file(path)?).map_err(refuse)
    }

    fn read_all(&self, paths: &[String]) -> Vec<Result<String, Unreadable>> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let share = paths.len().div_ceil(workers).max(64);
        std::thread::scope(|scope| {
            let read =
                |part: &[String]| part.iter().map(|path| self.read(path)).collect::<Vec<_>>();
            let parts: Vec<_> = paths
                .chunks(share)
                .map(|part| scope.spawn(move || read(part)))
                .collect();
            let finish = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            parts.into_iter().flat_map(finish).collect()
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        self.walk(&join("", folder), wanted, &mut found)?;
        found.sort_unstable();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }

    fn display(&self, path: &str) -> String {
        if self.shown.starts_with('/') {
            format!("/{}", join(&self.shown, path))
        } else {
            join(&self.shown, path)
        }
    }
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// When the file exists, or cannot be written.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let draft = draft(path, text.as_bytes())?;
    // A hard link, unlike a rename, refuses to replace what is there.
    let placed = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    placed
}

/// Writes a file, whole or not at all, over the one that may be there.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    fs::rename(draft(path, bytes.as_ref())?, path)
}

/// Writes bytes beside where they shall be, in full and on the disk; nothing is left of what
/// could not be written.
fn draft(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    // A run of the same number may have died here; nobody alive has this name.
    let _ = fs::remove_file(&draft);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&draft)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        fs::remove_file(&draft)?;
        return Err(error);
    }
    Ok(draft)
}
