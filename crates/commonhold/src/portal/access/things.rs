//! What something may be done to: its page, its words, and back from the page's path.

use std::collections::BTreeSet;

use access::model::{Matrix, Thing, given_by};
use estate::Estate;
use estate::kinds::{RoleGrant, Team};

use super::secrets::is_secret;
use crate::portal::shown::to;

/// The kinds of things as they stand in paths, and as people read them.
const KINDS: [(&str, &str); 11] = [
    ("organisation", "Organisation"),
    ("repositories", "All repositories of"),
    ("repository", "Repository"),
    ("team", "Team"),
    ("mailing-group", "Mailing group"),
    ("directory-group", "Group of a directory"),
    ("role", "Role"),
    ("service", "Service"),
    ("path", "Files below"),
    ("ledger", "The ledger"),
    ("private-contacts", "Private contacts"),
];

/// The kind and the name of a thing.
fn told(thing: &Thing) -> (&'static str, String) {
    match thing {
        Thing::Organisation(name) => ("organisation", name.clone()),
        Thing::Repositories(name) => ("repositories", name.clone()),
        Thing::Repository(name) => ("repository", name.clone()),
        Thing::Team(name) => ("team", name.clone()),
        Thing::MailingGroup(name) => ("mailing-group", name.clone()),
        Thing::DirectoryGroup(name) => ("directory-group", name.clone()),
        Thing::Role(text) => ("role", text.clone()),
        Thing::Service(name) => ("service", name.clone()),
        Thing::Path { repository, path } => {
            let slash = if path.is_empty() { "" } else { "/" };
            ("path", format!("{repository}{slash}{path}"))
        }
        Thing::Ledger => ("ledger", String::new()),
        Thing::PrivateContacts => ("private-contacts", String::new()),
    }
}

/// The page that says who may do what with a thing.
pub(super) fn page_of(thing: &Thing) -> String {
    let (kind, name) = told(thing);
    let key = if name.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind}/{name}")
    };
    to("access/resources", &key)
}

/// What it is, in a word or two.
pub(super) fn kind(thing: &Thing) -> &'static str {
    let (kind, _) = told(thing);
    let found = KINDS.iter().find(|(word, _)| *word == kind);
    found.map_or("Thing", |(_, said)| said)
}

/// What it is called, without its kind where that stands beside it.
pub(super) fn name(thing: &Thing) -> String {
    let (_, name) = told(thing);
    if name.is_empty() {
        kind(thing).to_owned()
    } else {
        name
    }
}

/// What stands in a cell: the kind where a name alone would not say it.
pub(super) fn words(thing: &Thing) -> String {
    match thing {
        Thing::Ledger | Thing::PrivateContacts => kind(thing).to_owned(),
        _ => format!("{} {}", kind(thing).to_lowercase(), name(thing)),
    }
}

/// The thing that a path means; nothing where the estate has none. Whether it says anything of a role
/// or a group of a directory is for the caller to find out.
pub(super) fn of_key(key: &str, matrix: &Matrix<'_>, estate: &Estate) -> Option<Thing> {
    let (kind, name) = key.split_once('/').unwrap_or((key, ""));
    let tables = &estate.tables;
    let asked = |words: String| Some(matrix.question(&words).ok()?.thing);
    match kind {
        "organisation" => {
            let item = tables.organisations.get(name)?;
            Some(Thing::Organisation(item.name.clone()))
        }
        "repositories" => {
            let item = tables.organisations.get(name)?;
            Some(Thing::Repositories(item.name.clone()))
        }
        "team" => Some(Thing::Team(tables.teams.get(name)?.name.clone())),
        "mailing-group" => {
            let item = tables.mailing_groups.get(name)?;
            Some(Thing::MailingGroup(item.name.clone()))
        }
        "service" => Some(Thing::Service(tables.services.get(name)?.name.clone())),
        "repository" => asked(format!("read {name}")),
        "path" => asked(format!("review {name}")),
        "role" => Some(Thing::Role(name.to_owned())),
        "directory-group" => Some(Thing::DirectoryGroup(name.to_lowercase())),
        "ledger" if name.is_empty() => Some(Thing::Ledger),
        "private-contacts" if name.is_empty() => Some(Thing::PrivateContacts),
        _ => None,
    }
}

/// A repository, as the resolution calls it.
pub(super) fn repository(name: &str) -> Thing {
    Thing::Repository(name.to_lowercase())
}

/// What a role of a team is about: a mailing group, a group of a directory, or the role itself.
pub(super) fn role(role: &RoleGrant) -> Option<Thing> {
    let list = role.mailing_group.as_ref();
    list.map(|list| Thing::MailingGroup(list.name.clone()))
        .or_else(|| given_by(role))
}

/// All things that the estate names access to, in their order.
pub(super) fn all(estate: &Estate) -> BTreeSet<Thing> {
    named(estate, |_| true)
}

/// Those of them that everybody may know of: no secret team, and nothing that only such teams name.
pub(super) fn open(estate: &Estate) -> BTreeSet<Thing> {
    named(estate, |team| !is_secret(team))
}

/// What is there by itself, and what those of the teams name that count.
fn named(estate: &Estate, counts: impl Fn(&Team) -> bool) -> BTreeSet<Thing> {
    let tables = &estate.tables;
    let mut all: BTreeSet<Thing> = [Thing::Ledger, Thing::PrivateContacts].into();
    for item in tables.organisations.items() {
        all.insert(Thing::Organisation(item.name.clone()));
        let repositories = item.value.repositories.entries.iter();
        all.extend(repositories.map(|(name, _)| repository(&format!("{}/{name}", item.name))));
    }
    for item in tables.teams.items().filter(|item| counts(&item.value)) {
        all.insert(Thing::Team(item.name.clone()));
        let grants = item.value.grants.iter();
        all.extend(grants.map(|grant| repository(&grant.repository)));
        all.extend(item.value.roles.iter().filter_map(role));
        let directory = item.value.directory_group.iter();
        all.extend(directory.map(|group| Thing::DirectoryGroup(group.to_lowercase())));
    }
    let lists = tables.mailing_groups.items();
    all.extend(lists.map(|item| Thing::MailingGroup(item.name.clone())));
    let services = tables.services.items();
    all.extend(services.map(|item| Thing::Service(item.name.clone())));
    all
}
