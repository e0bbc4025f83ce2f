//! Asks the name servers that the public asks whether they have what was applied.

use std::collections::HashSet;
use std::time::Duration;

use change::{Change, Sighting};
use estate::Item;
use estate::kinds::{DnsServer, DnsServerKind, Zone};
use estate::records::{RecordKey, RecordSet, RecordType};

use crate::ZoneState;
use crate::domain::{Outside, zone_name};
use crate::state::{from_value, parse_resource};
use crate::wire::{self, Server, SoaRecord};

/// How long name servers may take to have what was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often they are asked.
    pub tries: u32,
    /// How long to wait in between.
    pub pause: Duration,
}

impl Default for Patience {
    /// Two minutes, as long as notified secondaries take at most.
    fn default() -> Self {
        Self {
            tries: 12,
            pause: Duration::from_secs(10),
        }
    }
}

/// What a server should say of a record set.
struct Expected {
    key: RecordKey,
    set: Option<RecordSet>,
}

/// What was applied, as the server that took it has it.
#[derive(Clone, Copy)]
pub(crate) struct Applied<'a> {
    /// All that this server has.
    pub(crate) current: &'a ZoneState,
    pub(crate) changes: &'a [Change],
    /// The resources that this server does not have as planned.
    pub(crate) otherwise: &'a HashSet<&'a str>,
}

pub(crate) fn verify(
    item: &Item<Zone>,
    server: &Item<DnsServer>,
    applied: Applied<'_>,
    outside: Outside<'_>,
) -> Vec<Sighting> {
    let at: Vec<String> = server
        .value
        .verify_at
        .iter()
        .map(|at| at.value.clone())
        .collect();
    if at.is_empty() && server.value.kind == DnsServerKind::Rfc2136 {
        return transferred(item, server, applied, outside);
    }
    let expected: Vec<Expected> = applied.changes.iter().filter_map(expected).collect();
    let sightings = at.into_iter().map(|address| {
        let asked = Server::new(address, None, outside.clock);
        let unseen = unseen(&asked, item, applied.changes);
        look(&asked, unseen, &expected, outside.patience)
    });
    sightings.collect()
}

/// What the server that took the changes has of them: it was just read as a whole.
fn transferred(
    item: &Item<Zone>,
    server: &Item<DnsServer>,
    applied: Applied<'_>,
    outside: Outside<'_>,
) -> Vec<Sighting> {
    let Some(address) = &server.value.address else {
        return Vec::new();
    };
    let asked = Server::new(address.value.clone(), None, outside.clock);
    let mut sighting = unseen(&asked, item, applied.changes);
    for change in applied.changes.iter().filter(|change| is_asked_for(change)) {
        if !applied.otherwise.contains(change.resource.as_str()) {
            sighting.as_planned += 1;
        } else if let Some(one) = expected(change) {
            saw(&mut sighting, &one, applied.current.sets.get(&one.key));
        }
    }
    vec![sighting]
}

/// Whether name servers can be asked for it.
fn is_asked_for(change: &Change) -> bool {
    let rtype = change.resource.rsplit(' ').next().unwrap_or_default();
    rtype.parse().is_ok_and(RecordType::is_standard)
}

fn expected(change: &Change) -> Option<Expected> {
    let key = parse_resource(&change.resource).filter(|key| key.rtype.is_standard())?;
    let after = change.after.as_ref();
    let set = after.and_then(|after| from_value(key.rtype, after).ok());
    Some(Expected { key, set })
}

/// What has not been looked at yet.
fn unseen(server: &Server, item: &Item<Zone>, changes: &[Change]) -> Sighting {
    let negative = zone_name(item)
        .and_then(|zone| wire::soa(server, &zone).ok().flatten())
        .map_or(0, |soa| negative_ttl(&soa));
    let asked_for = changes.iter().filter(|change| is_asked_for(change));
    let old = asked_for.map(|change| old_ttl(change).unwrap_or(negative));
    Sighting {
        at: server.to_string(),
        as_planned: 0,
        otherwise: Vec::new(),
        old_answers_for: old.max().unwrap_or(0),
    }
}

/// How long caches may keep what was there before.
fn old_ttl(change: &Change) -> Option<u32> {
    let ttl = change.before.as_ref()?.get("ttl")?.as_u64()?;
    u32::try_from(ttl).ok()
}

/// Whether a record set is as it should be.
fn saw(sighting: &mut Sighting, one: &Expected, is: Option<&RecordSet>) -> bool {
    if is == one.set.as_ref() {
        sighting.as_planned += 1;
        return true;
    }
    let is = is.map_or("nothing".to_owned(), |set| shown(one.key.rtype, set));
    sighting.otherwise.push(format!("{} is {is}", one.key));
    false
}

fn look(
    server: &Server,
    mut sighting: Sighting,
    expected: &[Expected],
    patience: Patience,
) -> Sighting {
    let mut open: Vec<&Expected> = expected.iter().collect();
    for again in 0..patience.tries.max(1) {
        if again > 0 {
            std::thread::sleep(patience.pause);
        }
        let keys: Vec<RecordKey> = open.iter().map(|one| one.key.clone()).collect();
        let answers = match wire::query_all(server, &keys) {
            Ok(answers) => answers,
            Err(failure) => {
                sighting.otherwise = vec![failure.to_string()];
                continue;
            }
        };
        sighting.otherwise.clear();
        let mut still = Vec::new();
        for (one, answer) in open.into_iter().zip(answers) {
            if !saw(&mut sighting, one, answer.set.as_ref()) {
                still.push(one);
            }
        }
        open = still;
        if open.is_empty() {
            break;
        }
    }
    sighting
}

fn shown(rtype: RecordType, set: &RecordSet) -> String {
    let texts = set.data().iter().map(|data| data.text(rtype));
    format!("{} (TTL {})", texts.collect::<Vec<_>>().join(", "), set.ttl)
}

/// How long caches keep that something is not there (RFC 2308 §5).
fn negative_ttl(soa: &SoaRecord) -> u32 {
    let minimum = soa
        .data
        .octets()
        .last_chunk()
        .map_or(0, |last| u32::from_be_bytes(*last));
    minimum.min(soa.ttl)
}
