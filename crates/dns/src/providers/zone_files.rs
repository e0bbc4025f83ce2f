//! A folder of master files (RFC 1035 §5) that a name server reads.
//!
//! The file of a zone is `<zone>.zone` or `<zone>`, without the final dot; a `/` in a name, as in
//! reverse zones cut finer than an octet (RFC 2317), is `%2f`, and the root is `root`. The
//! mark of a zone is the digest of its file's bytes, so any edit moves it.
//!
//! A change replaces the file as a whole: no reader ever sees half of it. Writers of this kind
//! exclude each other by a lock on `.commonhold.lock` in the folder. An editor does not ask for
//! that lock: what it saves in the instant between the last look at the file and its replacement
//! is lost. The name server must be told by others to read the file again.

mod read;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base::Digest;
use estate::records::DomainName;

use crate::master_file::{MasterFile, parse};
use crate::providers::{Mark, ReadError};

pub use read::Reader;
pub use write::Writer;

/// Which folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What the estate calls this server.
    pub server: String,
    /// Where the files are.
    pub folder: PathBuf,
}

/// A zone's file as it was found.
struct Found {
    path: PathBuf,
    file: MasterFile,
    mark: Mark,
}

impl Access {
    fn find(&self, zone: &DomainName) -> Result<Found, ReadError> {
        let path = self.path(zone)?;
        let bytes = fs::read(&path).map_err(|error| self.unreadable(&path, &error))?;
        let mark = mark(&bytes);
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            self.untrusted(format!("{} is not UTF-8 text at byte {at}", path.display()))
        })?;
        let (file, problems) = parse(&text, zone);
        if let Some(first) = problems.first() {
            let others = match problems.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            return Err(self.untrusted(format!("{}:{first}{others}", path.display())));
        }
        if file.soa.is_none() {
            let what = format!("{} has no SOA, so it may be cut short", path.display());
            return Err(self.untrusted(what));
        }
        Ok(Found { path, file, mark })
    }

    fn path(&self, zone: &DomainName) -> Result<PathBuf, ReadError> {
        if !self.folder.is_dir() {
            let what = format!("{} is not a folder", self.folder.display());
            return Err(ReadError::Unreachable {
                server: self.server.clone(),
                what,
            });
        }
        let name = match zone.undotted() {
            "" => "root".to_owned(),
            name => name.replace('/', "%2f"),
        };
        let paths = [format!("{name}.zone"), name].map(|name| self.folder.join(name));
        let [long, short] = paths.map(|path| path.is_file().then_some(path));
        match (long, short) {
            (Some(long), Some(short)) => Err(self.untrusted(format!(
                "there are both {} and {}; keep one",
                long.display(),
                short.display()
            ))),
            (Some(path), None) | (None, Some(path)) => Ok(path),
            (None, None) => Err(ReadError::NoSuchZone {
                server: self.server.clone(),
                zone: zone.clone(),
            }),
        }
    }

    fn unreadable(&self, path: &Path, error: &io::Error) -> ReadError {
        ReadError::Unreachable {
            server: self.server.clone(),
            what: format!("{}: {error}", path.display()),
        }
    }

    fn untrusted(&self, what: String) -> ReadError {
        ReadError::Untrusted {
            server: self.server.clone(),
            what,
        }
    }
}

fn mark(bytes: &[u8]) -> Mark {
    Mark(Digest::of(bytes).to_string())
}
