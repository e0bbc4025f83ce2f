//! Reading zones from `PowerDNS`.

use estate::records::DomainName;

use super::Access;
use crate::providers::{Observed, ReadError, ReadZone};
use http_client::{Client, Connections};

/// Reads zones.
#[derive(Debug, Clone)]
pub struct Reader {
    access: Access,
    client: Client,
}

impl Reader {
    /// From this server.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            client: Client::new(Connections::Kept),
        }
    }
}

impl ReadZone for Reader {
    fn observe(&self, zone: &DomainName) -> Result<Observed, ReadError> {
        let zone = self.access.get(&self.client, zone)?;
        let mark = zone.mark();
        Ok(Observed {
            sets: zone.sets,
            beyond: zone.beyond,
            mark,
        })
    }
}
