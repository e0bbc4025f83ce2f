//! What takes a zone to what its files say.

use change::{Action, Change, Difference, Kept, Origin};
use estate::kinds::{Foreign, Zone};
use estate::records::{DomainName, RecordKey, RecordType};
use estate::{Estate, Item};

use crate::effect::{self, Surroundings};
use crate::state::to_value;
use crate::{ZoneState, is_challenge};

/// The changes that take `current` to `desired`, and what stays undeclared.
/// `before` is what the files said at the base: what they never said is foreign.
pub(crate) fn diff(
    (estate, estate_before, governed_anew): (&Estate, Option<&Estate>, bool),
    item: &Item<Zone>,
    current: &ZoneState,
    desired: &ZoneState,
    before: Option<&ZoneState>,
) -> Difference {
    let mut difference = Difference::default();
    let around = Surroundings {
        estate,
        before: estate_before,
        governed_anew,
        item,
        current,
    };
    let absent = absent_names(item, &current.zone);
    for (key, set) in &current.sets {
        if desired.left_alone.contains(key) {
            difference
                .kept
                .push(kept(key, "its file says to leave it alone"));
            continue;
        }
        match desired.sets.get(key) {
            Some(wanted) if wanted == set => {}
            Some(wanted) => {
                let change = change(around, key, (Some(set), Some(wanted)), desired, before);
                difference.changes.push(change);
            }
            None => match fate(item, current, before, &absent, key) {
                Fate::Goes => {
                    let change = change(around, key, (Some(set), None), desired, before);
                    difference.changes.push(change);
                }
                Fate::Stays(why) => difference.kept.push(kept(key, why)),
                Fate::IsNoneOfOurs => {}
            },
        }
    }
    for (key, wanted) in &desired.sets {
        if !current.sets.contains_key(key) {
            let change = change(around, key, (None, Some(wanted)), desired, before);
            difference.changes.push(change);
        }
    }
    for beyond in &current.beyond {
        difference.kept.push(Kept {
            resource: format!("{} {}", beyond.name, beyond.rtype),
            why: format!("here is {}", beyond.what),
        });
    }
    difference
        .changes
        .sort_by(|a, b| (a.action, &a.resource).cmp(&(b.action, &b.resource)));
    difference
}

fn kept(key: &RecordKey, why: &str) -> Kept {
    Kept {
        resource: key.to_string(),
        why: why.to_owned(),
    }
}

/// What becomes of a record set that no file declares.
enum Fate {
    Goes,
    Stays(&'static str),
    /// Others put it there and take it away again, or the zone cannot be without it.
    IsNoneOfOurs,
}

fn fate(
    item: &Item<Zone>,
    current: &ZoneState,
    before: Option<&ZoneState>,
    absent: &[DomainName],
    key: &RecordKey,
) -> Fate {
    let was_declared = before.is_some_and(|before| before.sets.contains_key(key));
    if absent.iter().any(|name| key.name.is_in(name)) {
        return Fate::Goes;
    }
    if key.name == current.zone && key.rtype == RecordType::NS {
        return Fate::IsNoneOfOurs;
    }
    if was_declared {
        return Fate::Goes;
    }
    if is_challenge(key) {
        return Fate::IsNoneOfOurs;
    }
    match item.value.foreign {
        Foreign::Remove => Fate::Goes,
        Foreign::Keep => Fate::Stays("no file declares it, and none did before"),
    }
}

fn absent_names(item: &Item<Zone>, zone: &DomainName) -> Vec<DomainName> {
    let names = item.value.absent.iter();
    names
        .filter(|name| !name.value.is_empty())
        .filter_map(|name| DomainName::relative(&name.value, zone).ok())
        .collect()
}

fn change(
    around: Surroundings<'_>,
    key: &RecordKey,
    (is, wanted): (
        Option<&estate::records::RecordSet>,
        Option<&estate::records::RecordSet>,
    ),
    desired: &ZoneState,
    before: Option<&ZoneState>,
) -> Change {
    let value = |set| to_value(key.rtype, set);
    let (from, to) = (is.map(value), wanted.map(value));
    Change {
        resource: key.to_string(),
        action: Change::action_of(from.as_ref(), to.as_ref()).unwrap_or(Action::Update),
        before: from,
        after: to,
        origin: Origin::Commit,
        owners: owners(around.item, key, desired, before),
        declared_at: desired
            .declared
            .get(key)
            .map(|declared| declared.place.clone()),
        effect: effect::judge(around, key, is, wanted),
    }
}

/// The groups that answer for a record set, as it is declared and as it was: nobody
/// takes a record over by declaring it under another name.
pub(crate) fn owners(
    item: &Item<Zone>,
    key: &RecordKey,
    desired: &ZoneState,
    before: Option<&ZoneState>,
) -> Vec<String> {
    let of = |state: &ZoneState| state.declared.get(key)?.owner.clone();
    let mut owners: Vec<String> = before.and_then(of).into_iter().chain(of(desired)).collect();
    if owners.is_empty() {
        owners.extend(item.value.owner.as_ref().map(|owner| owner.name.clone()));
    }
    owners.sort();
    owners.dedup();
    owners
}
