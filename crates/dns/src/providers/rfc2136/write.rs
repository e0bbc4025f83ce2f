use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType};

use super::super::{BatchLimits, Mark, SetChange, WriteError, WriteZone};
use crate::wire::{Action, Failure, Rcode, Server, SoaRecord, Update};

/// Changes zones by dynamic update.
#[derive(Debug)]
pub struct Writer {
    server: Server,
    batch: usize,
}

/// A message has 64 KiB, of which zone, guard and signature take less than one. What is counted
/// is text: a record of the shortest name and address takes 1.4 times as many octets, and nearly
/// all others fewer.
const OCTETS: usize = 40 * 1024;

impl Writer {
    /// To this server, at most so many record sets in a message.
    pub fn new(server: Server, batch: u32) -> Self {
        let batch = usize::try_from(batch).unwrap_or(usize::MAX).max(1);
        Self { server, batch }
    }

    fn setup(&self, what: impl Into<String>) -> WriteError {
        let (server, what) = (self.server.to_string(), what.into());
        WriteError::Setup { server, what }
    }

    fn moved(&self, zone: &DomainName) -> WriteError {
        WriteError::Moved {
            server: self.server.to_string(),
            zone: zone.clone(),
        }
    }

    /// Of what happened before the update was sent.
    fn before(&self, failure: Failure) -> WriteError {
        let server = self.server.to_string();
        match failure {
            Failure::Setup(what) => WriteError::Setup { server, what },
            Failure::Refused { what, .. } => WriteError::Refused { server, what },
            Failure::Unreachable(what) | Failure::Silent(what) => {
                WriteError::Unreachable { server, what }
            }
            Failure::Untrusted(what) => WriteError::Unreachable {
                server,
                what: format!("what it answered cannot be trusted: {what}"),
            },
        }
    }

    /// Of what happened with the update.
    fn after(&self, zone: &DomainName, failure: Failure) -> WriteError {
        let server = self.server.to_string();
        match failure {
            Failure::Refused {
                rcode: Rcode::NXRRSET,
                ..
            } => self.moved(zone),
            Failure::Refused { rcode, what, .. } => WriteError::Refused {
                server,
                what: what + hint(rcode),
            },
            Failure::Silent(what) => WriteError::Unknown { server, what },
            Failure::Untrusted(what) => WriteError::Unknown {
                server,
                what: format!("what it answered cannot be trusted: {what}"),
            },
            other => self.before(other),
        }
    }
}

impl WriteZone for Writer {
    fn limits(&self) -> BatchLimits {
        BatchLimits {
            sets: self.batch,
            octets: OCTETS,
        }
    }

    /// Servers raise the serial themselves, and are asked for the SOA afterwards: `PowerDNS` stores
    /// a SOA that an update brings in a form that its own prerequisites do not match any more.
    /// What is found is the mark only if it is one step away from the one before; else somebody
    /// else may have been here too. Then the mark is one that the zone does not have, and the
    /// next update with it is refused as moved.
    fn write(
        &mut self,
        zone: &DomainName,
        mark: &Mark,
        changes: &[SetChange],
    ) -> Result<Mark, WriteError> {
        if changes.is_empty() {
            return Ok(mark.clone());
        }
        check(zone, changes).map_err(|what| self.setup(what))?;
        let seen = RecordData::parse(RecordType::SOA, &mark.0, &DomainName::root())
            .map_err(|error| self.setup(format!("`{}` is no mark: it {error}", mark.0)))?;
        let mut update =
            Update::open(&self.server, zone).map_err(|failure| self.before(failure))?;
        update
            .send(&seen, &actions(zone, changes))
            .map_err(|failure| self.after(zone, failure))?;
        let before = SoaRecord { ttl: 0, data: seen };
        let found = update.soa().ok().flatten();
        // A server that finds nothing to do leaves the serial as it is.
        let ours = found.filter(|soa| soa.data == before.data || soa.is_one_step_from(&before));
        let after = ours.unwrap_or_else(|| before.next());
        Ok(Mark(after.data.text(RecordType::SOA)))
    }
}

/// What no update may do, or servers would silently not do (RFC 2136 §3.4.2).
fn check(zone: &DomainName, changes: &[SetChange]) -> Result<(), String> {
    for SetChange { key, after, .. } in changes {
        if !key.name.is_in(zone) {
            return Err(format!("{key} is not in {zone}"));
        }
        if key.rtype == RecordType::SOA || key.rtype.is_made_by_servers() {
            return Err(format!("{key} is the server's own"));
        }
        if is_apex_ns(zone, key) && after.is_none() {
            return Err(format!("{zone} would have no name server left"));
        }
        if key.rtype == RecordType::CNAME && key.name == *zone {
            return Err(format!("{zone} is a zone and can be no CNAME"));
        }
    }
    Ok(())
}

/// First everything that goes, then what comes: a CNAME is silently not added beside other
/// data, nor other data beside a CNAME (RFC 2136 §3.4.2.2). Nobody sees what is between.
///
/// The zone's own NS are never removed as a whole, nor the last one (§3.4.2.3 and 4), so
/// there the new ones come first.
fn actions<'a>(zone: &DomainName, changes: &'a [SetChange]) -> Vec<Action<'a>> {
    let mut removals = Vec::new();
    let mut additions = Vec::new();
    let mut last = Vec::new();
    for SetChange { key, before, after } in changes {
        if is_apex_ns(zone, key) {
            let stays = |data: &RecordData| {
                let after = after.as_ref().map_or(&[][..], RecordSet::data);
                after.binary_search(data).is_ok()
            };
            let old = before.iter().flat_map(RecordSet::data);
            let old = old.filter(|data| !stays(data));
            last.extend(old.map(|data| Action::Remove(key, data)));
        } else if before.is_some() {
            removals.push(Action::RemoveSet(key));
        }
        if let Some(set) = after {
            let new = set.data().iter();
            additions.extend(new.map(|data| Action::Add(key, set.ttl, data)));
        }
    }
    removals.extend(additions);
    removals.extend(last);
    removals
}

fn is_apex_ns(zone: &DomainName, key: &RecordKey) -> bool {
    key.rtype == RecordType::NS && key.name == *zone
}

/// What a code may mean for an update in particular.
fn hint(rcode: Rcode) -> &'static str {
    match rcode {
        Rcode::REFUSED => {
            "; the key may not change this zone, or a record breaks a rule of the server: BIND refuses owner names of addresses and MX that are no host names (`_` in them), and MX or SRV to a name in the zone that has no address"
        }
        Rcode::NOTAUTH => "; updates go to the primary of a zone",
        Rcode::SERVFAIL => {
            "; BIND takes at most 100 records in a set, unless `max-records-per-type` allows more"
        }
        _ => "",
    }
}
