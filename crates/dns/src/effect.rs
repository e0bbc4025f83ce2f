//! What a change to a record set does: judged by the record it touches and what
//! leads to it, never by how many lines it takes.

use std::collections::BTreeSet;

use charter::risk::{Breaks, Effect, Rollback};
use estate::kinds::Zone;
use estate::records::{DomainName, RecordKey, RecordSet, RecordType};
use estate::{Estate, Item, KindId};

use crate::ZoneState;

/// Answers that caches keep no longer than this, in seconds, are as good as undone at once.
const SOON: u32 = 300;

/// What judging needs to know beside the change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'e> {
    pub(crate) estate: &'e Estate,
    /// The estate as it was at the base, where there is one.
    pub(crate) before: Option<&'e Estate>,
    /// Who answers for the zone, where it is, or how much of it may change is new too.
    pub(crate) governed_anew: bool,
    pub(crate) item: &'e Item<Zone>,
    /// What the zone holds before the change.
    pub(crate) current: &'e ZoneState,
}

/// Judges one change to a zone.
pub(crate) fn judge(
    around: Surroundings<'_>,
    key: &RecordKey,
    before: Option<&RecordSet>,
    after: Option<&RecordSet>,
) -> Effect {
    if key.rtype.info().is_none() {
        let why = format!("records of type {} are not known", key.rtype);
        return touching(around, key, Effect::unknown(why));
    }
    let mut effect = Effect::new(Breaks::No, Rollback::Easy);
    effect = match (before, after) {
        (None, _) => creating(around, key, effect),
        (Some(before), None) => removing(around, key, before, effect),
        (Some(before), Some(after)) => updating(around, key, before, after, effect),
    };
    let only_ttl = before
        .zip(after)
        .is_some_and(|(before, after)| before.data() == after.data());
    // The set of those who answer for the zone is never touched lightly.
    if !only_ttl || is_apex_ns(around, key) {
        effect = of_type(around, key, (before, after), effect);
    }
    effect.governs = around.governed_anew;
    touching(around, key, effect)
}

fn creating(around: Surroundings<'_>, key: &RecordKey, mut effect: Effect) -> Effect {
    effect.only_adds = true;
    if let Some(wildcard) = covering(around.current, &key.name) {
        let why = format!("{wildcard} answers for it today");
        effect = effect.breaking(Breaks::May, why);
        effect.only_adds = false;
    }
    effect
}

fn removing(
    around: Surroundings<'_>,
    key: &RecordKey,
    before: &RecordSet,
    effect: Effect,
) -> Effect {
    let mut effect = kept_in_caches(before.ttl, effect);
    if leads_somewhere(key.rtype) {
        effect = hangs_on_it(around, key, Breaks::Likely, effect);
    }
    effect
}

fn updating(
    around: Surroundings<'_>,
    key: &RecordKey,
    before: &RecordSet,
    after: &RecordSet,
    effect: Effect,
) -> Effect {
    if before.data() == after.data() {
        if after.ttl <= before.ttl.max(SOON) {
            return effect;
        }
        let why = format!(
            "answers stay in caches for {} afterwards",
            spoken(after.ttl)
        );
        return effect.undone(Rollback::Hard, why);
    }
    let effect = kept_in_caches(before.ttl.max(after.ttl), effect);
    if leads_somewhere(key.rtype) {
        hangs_on_it(around, key, Breaks::May, effect)
    } else {
        effect
    }
}

/// Old answers stay where they are for as long as they were meant to.
fn kept_in_caches(ttl: u32, effect: Effect) -> Effect {
    if ttl <= SOON {
        return effect;
    }
    let why = format!("caches may keep the old answer for {}", spoken(ttl));
    effect.undone(Rollback::Hard, why)
}

/// Types by which somebody gets to a place.
fn leads_somewhere(rtype: RecordType) -> bool {
    matches!(
        rtype,
        RecordType::A
            | RecordType::AAAA
            | RecordType::CNAME
            | RecordType::DNAME
            | RecordType::ALIAS
            | RecordType::HTTPS
            | RecordType::SVCB
            | RecordType::SRV
            | RecordType::URLFWD
            | RecordType::NS
            | RecordType::PTR
    )
}

/// Names that lead to this one, and services that are found under it.
fn hangs_on_it(
    around: Surroundings<'_>,
    key: &RecordKey,
    breaks: Breaks,
    mut effect: Effect,
) -> Effect {
    let mut dependents: Vec<String> = around
        .current
        .pointing_to(&key.name)
        .iter()
        .filter(|name| **name != key.name)
        .map(|name| name.undotted().to_owned())
        .collect();
    dependents.sort();
    dependents.dedup();
    if let Some(first) = dependents.first() {
        let more = match dependents.len() {
            1 => format!("{first} leads to it"),
            all => format!("{all} names lead to it, {first} among them"),
        };
        effect = effect.breaking(breaks, more);
    }
    effect.dependents = dependents;
    for service in services_at(around, &key.name) {
        effect = effect.breaking(breaks, format!("service {service} is found under it"));
    }
    effect
}

/// What a type means, whatever is done to it.
fn of_type(
    around: Surroundings<'_>,
    key: &RecordKey,
    (before, after): (Option<&RecordSet>, Option<&RecordSet>),
    effect: Effect,
) -> Effect {
    let first = key.name.labels().next().unwrap_or("");
    match key.rtype {
        RecordType::NS if is_apex_ns(around, key) => {
            effect.breaking(Breaks::Likely, "it says who answers for the whole zone")
        }
        RecordType::NS => delegation(around, key, before.into_iter().chain(after), effect),
        RecordType::DS => effect.breaking(
            Breaks::Likely,
            "with a wrong DS nobody who checks finds the zone",
        ),
        RecordType::MX if before.is_some() => effect.breaking(
            Breaks::Likely,
            "mail may be lost, and lost mail does not come back",
        ),
        RecordType::MX => effect.breaking(Breaks::May, "mail begins to be delivered there"),
        RecordType::CAA => effect.breaking(
            Breaks::May,
            "certificates may no longer be issued for all below it",
        ),
        RecordType::TXT if first == "_dmarc" || key.name.as_str().contains("._domainkey.") => {
            effect.breaking(Breaks::May, "receivers judge mail by it")
        }
        _ if key.name.is_wildcard() => effect.breaking(
            Breaks::May,
            "it answers for every name below that has no records",
        ),
        _ => effect,
    }
}

fn is_apex_ns(around: Surroundings<'_>, key: &RecordKey) -> bool {
    key.rtype == RecordType::NS && key.name == around.current.zone
}

/// A delegation hands over all that is below it, but for the addresses of those who
/// answer there.
fn delegation<'s>(
    around: Surroundings<'_>,
    key: &RecordKey,
    sets: impl Iterator<Item = &'s RecordSet>,
    effect: Effect,
) -> Effect {
    let servers: Vec<DomainName> = sets
        .flat_map(RecordSet::data)
        .filter_map(|data| data.target(RecordType::NS))
        .collect();
    let is_glue = |other: &RecordKey| {
        let address = matches!(other.rtype, RecordType::A | RecordType::AAAA);
        address && servers.contains(&other.name)
    };
    let below = |name: &DomainName| name != &key.name && name.is_in(&key.name);
    let hidden = around
        .current
        .sets
        .keys()
        .find(|other| below(&other.name) && !is_glue(other));
    match hidden {
        Some(hidden) => {
            let why = format!("{} is hidden by the delegation", hidden.name.undotted());
            let mut effect = effect.breaking(Breaks::Likely, why);
            effect.only_adds = false;
            effect
        }
        None => effect.breaking(Breaks::May, "others answer for all that is below it"),
    }
}

/// The wildcard that answers for a name that has no records of its own (RFC 4592). For a
/// new wildcard it is the one that answered for the names below until then.
fn covering(current: &ZoneState, name: &DomainName) -> Option<DomainName> {
    let exists = |name: &DomainName| {
        current
            .sets
            .range(first_key(name)..)
            .next()
            .is_some_and(|(key, _)| key.name == *name)
    };
    if exists(name) {
        return None;
    }
    let mut up = name.parent()?;
    while up.is_in(&current.zone) {
        let wildcard = DomainName::relative("*", &up).ok()?;
        if exists(&wildcard) {
            return Some(wildcard);
        }
        if exists(&up) {
            return None;
        }
        up = up.parent()?;
    }
    None
}

fn first_key(name: &DomainName) -> RecordKey {
    RecordKey::new(name.clone(), RecordType(0))
}

/// The items of the estate that the change is made to: the zone; the service that
/// the zone is part of, where all of it is at stake; services under that very name.
fn touching(around: Surroundings<'_>, key: &RecordKey, effect: Effect) -> Effect {
    let mut effect = effect.touching(KindId::Zone, &around.item.name);
    let whole_zone = key.name == around.current.zone || key.name.is_wildcard();
    let was = around
        .before
        .and_then(|before| before.tables.zones.get(&around.item.name));
    let zones = std::iter::once(around.item)
        .chain(was)
        .filter(|_| whole_zone);
    let parts: BTreeSet<&str> = zones
        .filter_map(|zone| zone.value.service.as_ref())
        .map(|service| service.name.as_str())
        .collect();
    for service in parts {
        effect = effect.touching(KindId::Service, service);
    }
    for service in services_at(around, &key.name) {
        effect = effect.touching(KindId::Service, service);
    }
    effect
}

/// The services that are found under a name, by the estate as it is or was.
fn services_at<'e>(around: Surroundings<'e>, name: &DomainName) -> BTreeSet<&'e str> {
    let is_it = |host: &str| {
        host.trim_end_matches('.')
            .eq_ignore_ascii_case(name.undotted())
    };
    std::iter::once(around.estate)
        .chain(around.before)
        .flat_map(|estate| estate.tables.services.items())
        .filter(|service| {
            service
                .value
                .hostnames
                .iter()
                .any(|host| is_it(&host.value))
        })
        .map(|service| service.name.as_str())
        .collect()
}

fn spoken(seconds: u32) -> String {
    let seconds = seconds as usize;
    match seconds {
        0..=119 => base::counted(seconds, "second", "seconds"),
        120..=7199 => base::counted(seconds / 60, "minute", "minutes"),
        7200..=172_799 => base::counted(seconds / 3600, "hour", "hours"),
        _ => base::counted(seconds / 86_400, "day", "days"),
    }
}
