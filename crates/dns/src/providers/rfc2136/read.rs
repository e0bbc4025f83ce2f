use estate::records::{DomainName, RecordType};

use super::super::{Beyond, Mark, Observed, ReadError, ReadZone};
use crate::wire::{self, Failure, Rcode, Server, Standing};

/// Reads zones by zone transfer.
#[derive(Debug)]
pub struct Reader {
    server: Server,
}

impl Reader {
    /// Of this server.
    pub fn new(server: Server) -> Self {
        Self { server }
    }

    fn error(&self, zone: &DomainName, failure: Failure) -> ReadError {
        let server = self.server.to_string();
        match failure {
            Failure::Setup(what) => ReadError::Setup { server, what },
            Failure::Unreachable(what) | Failure::Silent(what) => {
                ReadError::Unreachable { server, what }
            }
            Failure::Untrusted(what) => ReadError::Untrusted { server, what },
            Failure::Refused { rcode, .. } if self.does_not_serve(zone, rcode) => {
                let zone = zone.clone();
                ReadError::NoSuchZone { server, zone }
            }
            Failure::Refused { what, .. } => ReadError::Refused { server, what },
        }
    }

    /// NOTAUTH is what servers say when they have no such zone, and some also when they do not
    /// give it away; who answers for its SOA serves it.
    fn does_not_serve(&self, zone: &DomainName, rcode: Rcode) -> bool {
        if !matches!(rcode, Rcode::NOTAUTH | Rcode::NXDOMAIN | Rcode::NOTZONE) {
            return false;
        }
        match wire::query(&self.server, zone, RecordType::SOA) {
            Ok(answer) => answer.standing != Standing::Authority || answer.set.is_none(),
            // One that knows no key says NOTAUTH to everything that is signed with it.
            Err(Failure::Refused { signed, rcode, .. }) => signed || rcode == Rcode::REFUSED,
            Err(_) => false,
        }
    }
}

impl ReadZone for Reader {
    fn observe(&self, zone: &DomainName) -> Result<Observed, ReadError> {
        let mut whole =
            wire::transfer(&self.server, zone).map_err(|failure| self.error(zone, failure))?;
        whole.sets.retain(|key, _| !key.rtype.is_made_by_servers());
        let beyond = whole.unsound.into_iter().map(|(key, error)| Beyond {
            name: key.name,
            rtype: key.rtype.to_string(),
            what: format!("a record that {error}"),
        });
        Ok(Observed {
            sets: whole.sets,
            beyond: beyond.collect(),
            mark: Mark(whole.soa.text(RecordType::SOA)),
        })
    }
}
