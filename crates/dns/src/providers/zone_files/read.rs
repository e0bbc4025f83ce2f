//! Reading a folder of master files.

use estate::records::DomainName;

use super::Access;
use crate::providers::{Beyond, Observed, ReadError, ReadZone};

/// Reads the zones of a folder.
#[derive(Debug, Clone)]
pub struct Reader {
    access: Access,
}

impl Reader {
    /// Of this folder.
    pub fn new(access: Access) -> Self {
        Self { access }
    }
}

impl ReadZone for Reader {
    fn observe(&self, zone: &DomainName) -> Result<Observed, ReadError> {
        let found = self.access.find(zone)?;
        let made = found.file.made_by_servers.into_iter();
        Ok(Observed {
            sets: found.file.sets,
            beyond: made
                .map(|key| Beyond {
                    name: key.name,
                    rtype: key.rtype.to_string(),
                    what: "records that a signer made".to_owned(),
                })
                .collect(),
            mark: found.mark,
        })
    }
}
