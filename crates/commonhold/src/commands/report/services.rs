//! The services a group answers for.

use std::collections::BTreeSet;

use base::{Diagnostic, Severity};
use estate::kinds::{Group, Service};
use estate::{Estate, Item};
use serde::Serialize;

use super::states::{Before, End, Known};

/// The services a group answers for.
#[derive(Debug, Serialize)]
pub(crate) struct Services {
    pub(crate) owned: Vec<ServiceRow>,
    pub(crate) changed: Known<Changed>,
    /// Findings about the group itself.
    pub(crate) about_group: Findings,
}

/// Names of services.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    /// Those the group did not own before.
    pub(crate) new: Vec<String>,
    /// Those it no longer owns.
    pub(crate) gone: Vec<String>,
}

/// A service.
#[derive(Debug, Serialize)]
pub(crate) struct ServiceRow {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) criticality: &'static str,
    /// Distinct humans.
    pub(crate) staff: Vec<String>,
    pub(crate) findings: Findings,
}

/// What `check` finds, by severity, and the ids of the errors and warnings.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Findings {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    pub(crate) ids: BTreeSet<&'static str>,
}

impl Findings {
    fn about(subject: &str, all: &[Diagnostic]) -> Self {
        let mut found = Self::default();
        let about = |finding: &&Diagnostic| finding.subject.as_deref() == Some(subject);
        for finding in all.iter().filter(about) {
            match finding.severity {
                Severity::Error => found.errors += 1,
                Severity::Warning => found.warnings += 1,
                Severity::Note => found.notes += 1,
            }
            if finding.severity > Severity::Note {
                found.ids.insert(finding.code.id);
            }
        }
        found
    }
}

impl Services {
    pub(super) fn of(end: &End, before: Known<&Before>, group: &Item<Group>) -> Self {
        let owned = owned(&end.estate, group);
        let names = |services: &[&Item<Service>]| -> BTreeSet<String> {
            services
                .iter()
                .map(|service| service.name.clone())
                .collect()
        };
        let now = names(&owned);
        let changed = before.map(|before| {
            let was = before.estate.tables.groups.get(&group.name);
            let was = was.map(|was| names(&self::owned(&before.estate, was)));
            let was = was.unwrap_or_default();
            let less = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect();
            Changed {
                new: less(&now, &was),
                gone: less(&was, &now),
            }
        });
        let row = |service: &&Item<Service>| ServiceRow {
            name: service.name.clone(),
            title: service.title().to_owned(),
            criticality: service.value.criticality.word(),
            staff: super::people::humans(&end.estate, &service.value.staff, end.day)
                .into_iter()
                .map(|person| person.name.clone())
                .collect(),
            findings: Findings::about(&service.subject(), &end.findings),
        };
        Self {
            owned: owned.iter().map(row).collect(),
            changed,
            about_group: Findings::about(&group.subject(), &end.findings),
        }
    }
}

/// The services of a group.
pub(super) fn owned<'e>(estate: &'e Estate, group: &Item<Group>) -> Vec<&'e Item<Service>> {
    let services = estate.tables.services.items().filter(|service| {
        let owner = service.value.owner.as_ref();
        let owner = owner.and_then(|owner| estate.find(owner));
        owner.is_some_and(|owner| owner.name == group.name)
    });
    services.collect()
}
