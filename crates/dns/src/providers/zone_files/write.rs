//! Changing a folder of master files.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use estate::records::{DomainName, RecordType};

use super::{Access, Found, mark};
use crate::http::before_writing;
use crate::master_file::{MasterFile, Soa, parse, print};
use crate::providers::{BatchLimits, Mark, SetChange, WriteError, WriteZone};

/// Writers of one folder exclude each other by a lock on it.
const LOCK: &str = ".commonhold.lock";
/// How long to wait for another writer, who needs a moment for a file.
const PAUSE: Duration = Duration::from_secs(1);
/// What the first line of a written file says to people.
const NOTICE: &str = "; Written by commonhold: comments made here are lost at its next change.\n";

/// Changes the zones of a folder.
#[derive(Debug)]
pub struct Writer {
    access: Access,
}

impl Writer {
    /// Of this folder.
    pub fn new(access: Access) -> Self {
        Self { access }
    }

    fn refused(&self, what: String) -> WriteError {
        WriteError::Refused {
            server: self.access.server.clone(),
            what,
        }
    }

    /// Held until the value is dropped.
    fn lock(&self) -> Result<File, WriteError> {
        let path = self.access.folder.join(LOCK);
        let wrong = |error: io::Error| self.refused(format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        let options = options.create(true).truncate(false).write(true);
        let file = options.open(&path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(WriteError::Later {
                server: self.access.server.clone(),
                after: PAUSE,
            }),
            Err(TryLockError::Error(error)) => Err(wrong(error)),
        }
    }

    /// The text that the file shall have.
    fn text(
        &self,
        zone: &DomainName,
        found: &Found,
        changes: &[SetChange],
    ) -> Result<String, WriteError> {
        let path = found.path.display();
        if let Some(key) = found.file.made_by_servers.first() {
            return Err(self.refused(format!(
                "{path} holds what a signer made ({key}); change the zone where it is signed"
            )));
        }
        let mut file = MasterFile {
            soa: found.file.soa.as_ref().map(Soa::next),
            ..found.file.clone()
        };
        for change in changes {
            let rtype = change.key.rtype;
            if change.after.is_some() && (!rtype.is_standard() || rtype == RecordType::SOA) {
                return Err(self.refused(format!("{}: no zone file can hold it", change.key)));
            }
            match &change.after {
                Some(set) => file.sets.insert(change.key.clone(), set.clone()),
                None => file.sets.remove(&change.key),
            };
        }
        let text = format!("{NOTICE}{}", print(&file, zone));
        // Nothing is put in place that would not be read as what was meant.
        let (again, problems) = parse(&text, zone);
        if let Some(problem) = problems.first() {
            return Err(self.refused(format!("what {path} would hold is wrong: {problem}")));
        }
        if again != file {
            return Err(self.refused(format!("what {path} would hold would not be read back")));
        }
        Ok(text)
    }
}

impl WriteZone for Writer {
    /// A file is written as a whole, however much of it changes.
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            sets: usize::MAX,
            octets: usize::MAX,
        }
    }

    fn write(
        &mut self,
        zone: &DomainName,
        expected: &Mark,
        changes: &[SetChange],
    ) -> Result<Mark, WriteError> {
        let _lock = self.lock()?;
        let found = self.access.find(zone).map_err(before_writing)?;
        if found.mark != *expected {
            return Err(WriteError::Moved {
                server: self.access.server.clone(),
                zone: zone.clone(),
            });
        }
        let text = self.text(zone, &found, changes)?;
        let folder = replace(&found.path, &text)
            .map_err(|error| self.refused(format!("{}: {error}", found.path.display())))?;
        settle(&folder).map_err(|error| WriteError::Unknown {
            server: self.access.server.clone(),
            what: format!("the disk did not take {}: {error}", found.path.display()),
        })?;
        Ok(mark(text.as_bytes()))
    }
}

/// Replaces a file by one with the same permissions, as a whole or not at all; gives its folder.
fn replace(path: &Path, text: &str) -> io::Result<PathBuf> {
    // What is behind a link is replaced, not the link.
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new()
        .prefix(".commonhold.")
        .suffix(".draft")
        .tempfile_in(folder)?;
    draft.write_all(text.as_bytes())?;
    draft
        .as_file()
        .set_permissions(fs::metadata(&path)?.permissions())?;
    draft.as_file().sync_all()?;
    draft.persist(&path).map_err(|error| error.error)?;
    Ok(folder.to_owned())
}

/// Waits until the folder's new entry is on the disk.
fn settle(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
