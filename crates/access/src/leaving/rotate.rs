//! Which secrets somebody could read, and must be replaced.

use std::collections::BTreeSet;

use estate::kinds::{Classification, Edge, KindId, Person, Service};
use estate::{Estate, Item};
use jiff::civil::Date;

use super::{Rotation, groups_of, subject};
use crate::model::{Access, Thing};

/// Everything that is to be replaced, in the order of what it is.
pub(super) fn all(
    person: &Item<Person>,
    loses: &[Access],
    estate: &Estate,
    day: Date,
) -> Vec<Rotation> {
    let mut found = BTreeSet::new();
    for group in groups_of(person, estate, day) {
        of_group(group, estate, &mut found);
    }
    let services = loses.iter().filter_map(|access| match &access.what {
        Thing::Service(name) => Some((estate.tables.services.get(name)?, access)),
        _ => None,
    });
    for (service, access) in services {
        of_service(service, access, estate, &mut found);
    }
    found.into_iter().collect()
}

/// The secrets of the systems and name servers that a group answers for.
fn of_group(group: &str, estate: &Estate, found: &mut BTreeSet<Rotation>) {
    let why = format!(
        "they have a role in {}, which answers for it",
        subject(KindId::Group, group)
    );
    let is = |owner: Option<&estate::Ref<estate::kinds::Group>>| {
        owner.is_some_and(|owner| estate.find(owner).is_some_and(|owner| owner.name == group))
    };
    for item in estate.tables.access_systems.items() {
        if let (true, Some(secret)) = (is(item.value.owner.as_ref()), &item.value.secret) {
            found.insert(Rotation {
                what: format!("the secret in `{}`", secret.variable()),
                place: item.subject(),
                why: why.clone(),
            });
        }
    }
    let zones = estate.tables.zones.items();
    for zone in zones.filter(|zone| is(zone.value.owner.as_ref())) {
        for server in zone
            .value
            .servers
            .iter()
            .filter_map(|server| estate.find(server))
        {
            let why = format!("{why} by {}", zone.subject());
            if let Some(key) = &server.value.api_key {
                found.insert(Rotation {
                    what: format!("the key in `{}`", key.variable()),
                    place: server.subject(),
                    why: why.clone(),
                });
            }
            if let Some(tsig) = &server.value.tsig {
                found.insert(Rotation {
                    what: format!(
                        "the shared key `{}` in `{}`",
                        tsig.name,
                        tsig.secret.variable()
                    ),
                    place: server.subject(),
                    why,
                });
            }
        }
    }
}

/// What a service takes of others, what it keeps for others, and what it holds that is restricted.
fn of_service(
    service: &Item<Service>,
    access: &Access,
    estate: &Estate,
    found: &mut BTreeSet<Rotation>,
) {
    let way = access.why.first().map(|path| format!(": {path}"));
    let why = format!(
        "they may {} {}{}",
        access.level,
        service.subject(),
        way.unwrap_or_default()
    );
    for dependency in &service.value.depends_on {
        if dependency.how == Edge::Credential {
            found.insert(Rotation {
                what: format!(
                    "the credential that {} has from {}",
                    service.subject(),
                    subject(KindId::Service, &dependency.service.name)
                ),
                place: service.subject(),
                why: why.clone(),
            });
        }
    }
    for user in estate.tables.services.items() {
        let uses = user.value.depends_on.iter().any(|dependency| {
            dependency.how == Edge::Credential
                && estate
                    .find(&dependency.service)
                    .is_some_and(|kept| kept.name == service.name)
        });
        if uses {
            found.insert(Rotation {
                what: format!(
                    "the credential that {} has from {}",
                    user.subject(),
                    service.subject()
                ),
                place: user.subject(),
                why: format!("{why}, which issues or keeps it"),
            });
        }
    }
    let data = service.value.data.iter();
    for data in data.filter(|data| data.classification == Classification::Restricted) {
        found.insert(Rotation {
            what: format!("what is secret among: {}", data.holds),
            place: service.subject(),
            why: format!("{why}, and what it holds is restricted"),
        });
    }
}
