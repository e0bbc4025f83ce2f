//! What only the vendor can do: credentials that it issued, and what waits for it.

use std::collections::BTreeMap;

use base::Span;
use estate::kinds::{About, Edge, Holder};
use predicate::Value;

use super::Ground;
use crate::standing::Standing;
use crate::wildcard;

/// A credential that things which are left use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credential {
    /// The migration.
    pub migration: String,
    /// What it is: `secret`, `service account`, `credential of a service`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// How many things that are left use it.
    pub users: usize,
}

/// What waits for the vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// What it is: `lock`, `service`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// Why only the vendor can do it.
    pub why: String,
    /// How many things wait for it.
    pub things: usize,
    /// Where it is written.
    pub place: Span,
}

/// Fields that hold credentials, and what is in them.
const FIELDS: [(&str, &str); 2] = [
    ("secrets", "secret"),
    ("service_account", "service account"),
];

/// Credentials that things which are left use, those first that most use.
pub(super) fn credentials(ground: &Ground<'_>) -> Vec<Credential> {
    let mut all = Vec::new();
    for standing in ground.standings {
        let mut users: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        match standing.about {
            About::Service => issued(ground, standing, &mut users),
            _ => held(ground, standing, &mut users),
        }
        all.extend(users.into_iter().map(|((kind, name), users)| Credential {
            migration: standing.migration.clone(),
            kind,
            name,
            users,
        }));
    }
    all.sort_by(|one, other| other.users.cmp(&one.users).then_with(|| one.cmp(other)));
    all
}

/// What things hold in their fields.
fn held(
    ground: &Ground<'_>,
    standing: &Standing,
    users: &mut BTreeMap<(&'static str, String), usize>,
) {
    let vocabulary = policy::vocabulary(standing.about);
    let fields = FIELDS
        .iter()
        .filter(|(field, _)| vocabulary.field(field).is_some());
    let fields: Vec<_> = fields.collect();
    // What was freed for the new place is no more the vendor's to issue.
    let item = ground.estate.tables.migrations.get(&standing.migration);
    let blockers = item.map_or(&[][..], |item| &item.value.blockers);
    let freed = |field: &str, name: &str| {
        let of_field = blockers.iter().filter(|blocker| {
            let each = blocker.each.as_ref();
            each.is_some_and(|each| each.value == field)
        });
        let mut freed = of_field.flat_map(|blocker| &blocker.freed);
        freed.any(|pattern| wildcard::matches(pattern, name))
    };
    let left = |id: &str| {
        standing
            .asset(id)
            .is_some_and(|asset| asset.state.is_left())
    };
    for thing in ground.things.of_kind(standing.about) {
        if fields.is_empty() || !left(thing.id()) {
            continue;
        }
        for (field, kind) in &fields {
            let mut take = |value: Value<'_>| {
                if let Value::Text(name) = value
                    && !freed(field, name)
                {
                    *users.entry((kind, name.to_owned())).or_default() += 1;
                }
                false
            };
            match thing.get(field) {
                Value::List(list) => {
                    list.elements().find(&mut take);
                }
                one => {
                    take(one);
                }
            }
        }
    }
}

/// Credentials that services which are left issue to others.
fn issued(
    ground: &Ground<'_>,
    standing: &Standing,
    users: &mut BTreeMap<(&'static str, String), usize>,
) {
    for service in ground.estate.tables.services.items() {
        for dependency in &service.value.depends_on {
            let issuer = &dependency.service.name;
            let issuing = standing.asset(issuer);
            let left = issuing.is_some_and(|asset| asset.state.is_left());
            if dependency.how == Edge::Credential && left {
                let key = ("credential of a service", issuer.clone());
                *users.entry(key).or_default() += 1;
            }
        }
    }
}

/// What waits for the vendor: locks that no group of the community frees, and services that run
/// where the vendor holds the contract and nobody of the community administers them.
pub(super) fn stuck(ground: &Ground<'_>) -> Vec<Stuck> {
    let mut stuck = Vec::new();
    for standing in ground.standings {
        let locks = standing.locks.iter();
        for lock in locks.filter(|lock| lock.owner.is_none() && !lock.holds.is_empty()) {
            stuck.push(Stuck {
                kind: "lock",
                name: lock.name.clone(),
                why: "no group of the community frees it".to_owned(),
                things: lock.holds.len(),
                place: lock.span,
            });
        }
    }
    let estate = ground.estate;
    for service in estate.tables.services.items() {
        let mut accounts = service.value.runs_at.iter().map(|place| &place.account);
        let vendors = accounts.find_map(|account| {
            let item = estate.find(account)?;
            (item.value.holder == Holder::Vendor).then_some(item)
        });
        let Some(account) = vendors else { continue };
        let by_us = service.value.administration.as_ref();
        if by_us.is_some_and(|by| by.team.is_some()) {
            continue;
        }
        let vendor = account.value.vendor.as_deref().unwrap_or("a vendor");
        stuck.push(Stuck {
            kind: "service",
            name: service.name.clone(),
            why: format!(
                "it runs at {}, which {vendor} holds, and no team of the community administers it",
                account.name
            ),
            things: 1,
            place: service.span,
        });
    }
    stuck
}
