//! Which folders of a repository the estate says are whose.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{Group, Person, Standing};
use estate::{Estate, Item, Ref, join};
use jiff::civil::Date;

/// One folder and who answers for it by the estate.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The groups, by name.
    pub groups: BTreeSet<String>,
    /// The logins of people who are named themselves: staff of a service without an owner,
    /// leads of a subproject.
    pub people: BTreeSet<String>,
    /// Which items say so, as `kind/name`.
    pub by: BTreeSet<String>,
}

/// The folders of a repository (`organisation/name`) by their paths; the root is empty.
///
/// A service claims the folders of its `source` for its owner, and for its staff where it has
/// none. A subproject claims the folder of each OWNERS file that it links to, for its leads
/// or, where it names none, for its group.
pub fn claims(estate: &Estate, repository: &str, day: Date) -> BTreeMap<String, Claim> {
    let mut claims: BTreeMap<String, Claim> = BTreeMap::new();
    for service in estate.tables.services.items() {
        for source in &service.value.source {
            let place = Place::of(&source.repository);
            let Some(place) = place.filter(|place| place.is_in(repository)) else {
                continue;
            };
            let folder = source.path.as_deref().unwrap_or(&place.folder);
            let folder = join("", folder);
            // What leads out of the repository is none of its folders.
            if folder.starts_with("..") {
                continue;
            }
            let claim = claims.entry(folder).or_default();
            claim.by.insert(service.subject());
            let owner = service.value.owner.as_ref();
            match owner.and_then(|owner| estate.find(owner)) {
                Some(owner) => claim.groups.extend([owner.name.clone()]),
                None => claim
                    .people
                    .extend(present(estate, &service.value.staff, day)),
            }
        }
    }
    for group in estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        for part in &group.value.subprojects {
            for link in &part.owners {
                let place = Place::of(link).filter(|place| place.is_in(repository));
                let Some(place) = place else { continue };
                let claim = claims.entry(place.folder).or_default();
                claim.by.insert(group.subject());
                let leads = present(estate, &part.leads, day);
                if leads.is_empty() {
                    claim.groups.insert(group.name.clone());
                } else {
                    claim.people.extend(leads);
                }
            }
        }
    }
    claims
}

/// The logins of the leads of a group on a day, each once, as they are written.
pub(super) fn leads(estate: &Estate, group: &Item<Group>, day: Date) -> BTreeSet<String> {
    let leads = group.value.leads_on(day).map(|lead| &lead.person);
    present(estate, leads, day)
}

/// The logins of those who have not left.
fn present<'r>(
    estate: &Estate,
    people: impl IntoIterator<Item = &'r Ref<Person>>,
    day: Date,
) -> BTreeSet<String> {
    let here = people.into_iter().filter(|person| {
        let known = estate.find(*person);
        known.is_none_or(|person| !person.value.has_left(day) && !person.value.robot)
    });
    here.map(|person| login(estate, person)).collect()
}

/// The login of somebody at GitHub.
pub(super) fn login(estate: &Estate, person: &Ref<Person>) -> String {
    let Some(known) = estate.find(person) else {
        return person.name.clone();
    };
    let own = known.value.handles.github.as_ref();
    own.map_or_else(|| known.name.clone(), |login| login.value.clone())
}

/// A folder of a repository, as addresses name it.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// `organisation/name`.
    repository: String,
    folder: String,
}

impl Place {
    /// `organisation/name`, the address of a repository, or of a file in it.
    fn of(address: &str) -> Option<Self> {
        let path = match address.strip_prefix("git@") {
            Some(short) => short.split_once(':')?.1,
            None => match address.split_once("://") {
                Some((_, rest)) => rest.split_once('/')?.1,
                None => address,
            },
        };
        let mut parts = path.trim_matches('/').split('/');
        let (organisation, name) = (parts.next()?, parts.next()?);
        let name = name.trim_end_matches(".git");
        let mut rest: Vec<&str> = parts.collect();
        if let ["blob" | "tree" | "raw", ..] = rest.as_slice() {
            rest.remove(0);
        }
        // The branch, which the addresses of raw files may write in full.
        let branch = match rest.as_slice() {
            ["refs", "heads" | "tags", ..] => 3,
            [] => 0,
            _ => 1,
        };
        rest.drain(..branch.min(rest.len()));
        if rest.last() == Some(&"OWNERS") {
            rest.pop();
        }
        Some(Self {
            repository: format!("{organisation}/{name}"),
            folder: rest.join("/"),
        })
    }

    fn is_in(&self, repository: &str) -> bool {
        self.repository.eq_ignore_ascii_case(repository)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_folder_is_known_by_the_address_of_its_owners() {
        for (address, folder) in [
            ("org/repo", ""),
            ("https://github.com/org/repo.git", ""),
            ("git@github.com:org/repo.git", ""),
            ("https://github.com/org/repo/blob/main/a/b/OWNERS", "a/b"),
            ("https://github.com/org/repo/tree/main/a", "a"),
            ("https://raw.githubusercontent.com/org/repo/main/OWNERS", ""),
            (
                "https://raw.githubusercontent.com/org/repo/refs/heads/main/a/OWNERS",
                "a",
            ),
        ] {
            let place = Place::of(address).expect("a place");
            assert!(place.is_in("Org/repo"), "{address}");
            assert_eq!(place.folder, folder, "{address}");
        }
        assert_eq!(Place::of("https://example.org"), None);
        assert_eq!(Place::of("oven"), None);
    }
}
