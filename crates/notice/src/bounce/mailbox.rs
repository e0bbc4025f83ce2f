//! Where bounces lie until they are read.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{Bounce, LONGEST, read};

/// A mail of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its file.
    pub path: PathBuf,
    /// What it says of failed delivery; nothing where it is another mail.
    pub bounce: Option<Bounce>,
}

/// The mails of a Maildir (its folders `new` and `cur`), or the `.eml` files of any folder,
/// sorted by name. Nothing is moved or removed, and what is neither a file nor a mail passed
/// over; whoever reads twice finds the same again.
///
/// # Errors
/// The folder, or a file of it, cannot be read.
pub fn letters(folder: &Path) -> io::Result<Vec<Letter>> {
    let maildir = folder.join("new").is_dir() && folder.join("cur").is_dir();
    let mut paths = Vec::new();
    if maildir {
        for name in ["new", "cur"] {
            collect(&folder.join(name), &|_| true, &mut paths)?;
        }
    } else {
        let is_mail = |path: &Path| path.extension().is_some_and(|end| end == "eml");
        collect(folder, &is_mail, &mut paths)?;
    }
    paths.sort();
    let mut letters = Vec::with_capacity(paths.len());
    for path in paths {
        match open(&path) {
            Ok(mail) => letters.push(Letter {
                bounce: read(&mail),
                path,
            }),
            // A mail program moves what it shows from `new` to `cur`: found the next time.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(io::Error::new(
                    error.kind(),
                    format!("{}: {error}", path.display()),
                ));
            }
        }
    }
    Ok(letters)
}

fn collect(
    folder: &Path,
    wanted: &dyn Fn(&Path) -> bool,
    paths: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let here =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    for entry in fs::read_dir(folder).map_err(here)? {
        let entry = entry.map_err(here)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && path.is_file() && wanted(&path) {
            paths.push(path);
        }
    }
    Ok(())
}

fn open(path: &Path) -> io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    File::open(path)?.take(limit).read_to_end(&mut mail)?;
    Ok(mail)
}
