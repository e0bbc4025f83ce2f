//! The parts of systems that can be planned apart, and what reading and writing them takes.

use std::time::Duration;

use estate::kinds::{AccessSystem, AccessSystemKind, Organisation};
use estate::{Estate, Item};
use jiff::Timestamp;

/// What the outside world has to give: the values of secrets, the time for signatures, and
/// waiting where a system asks for it.
#[derive(Clone, Copy)]
pub struct Outside<'e> {
    /// The value of an environment variable.
    pub secrets: &'e dyn Fn(&str) -> Option<String>,
    /// The time, for what is signed.
    pub clock: fn() -> Timestamp,
    /// Waits.
    pub wait: fn(Duration),
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").finish_non_exhaustive()
    }
}

/// What one scope is: a part of one system.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'e> {
    /// An organisation of a forge.
    Organisation(&'e Item<Organisation>),
    /// The mailing groups of a domain, by its name in lower case.
    MailDomain(&'e str),
    /// A directory, by the entry that all is below.
    Directory(&'e str),
}

/// What a system holds of an estate, each by the name of its scope.
pub(crate) fn parts_of<'e>(
    estate: &'e Estate,
    system: &'e Item<AccessSystem>,
) -> Vec<(String, Part<'e>)> {
    let system = &system.value;
    match system.kind {
        AccessSystemKind::Github => {
            let named = system.organisations.iter();
            let known = named.filter_map(|one| estate.tables.organisations.get(&one.name));
            known
                .map(|one| (one.name.clone(), Part::Organisation(one)))
                .collect()
        }
        AccessSystemKind::GoogleGroups | AccessSystemKind::Mailman => system
            .mail_domains
            .iter()
            .map(|domain| (domain.to_lowercase(), Part::MailDomain(&domain.value)))
            .collect(),
        AccessSystemKind::Ldap => system
            .base
            .iter()
            .map(|base| (base.value.clone(), Part::Directory(&base.value)))
            .collect(),
        AccessSystemKind::Other => Vec::new(),
    }
}
