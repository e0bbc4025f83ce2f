//! Who is who at the base: authors go by the names they have there.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use estate::kinds::Person;
use estate::{Estate, Item};

use super::Evidence;

/// The people of the estate at the base, and of the one as it is to be.
pub(super) struct People<'e> {
    base: &'e Estate,
    head: &'e Estate,
    /// Names at the base by each mark that tells somebody. Most plans never ask.
    marked: OnceCell<HashMap<Mark, Vec<&'e str>>>,
}

/// By what somebody is known, whatever their file is called.
#[derive(PartialEq, Eq, Hash)]
enum Mark {
    Login(String),
    Number(u32),
    Mailbox(String),
}

fn marks(person: &Item<Person>) -> impl Iterator<Item = Mark> {
    let handles = &person.value.handles;
    // Who has no login written down is met by their name.
    let login = handles
        .github
        .as_ref()
        .map_or(person.name.as_str(), |login| login.as_str());
    let login = Mark::Login(login.trim_start_matches('@').to_lowercase());
    let number = handles.github_id.map(Mark::Number);
    let mail = person
        .value
        .emails()
        .map(|one| Mark::Mailbox(one.value.mailbox()));
    std::iter::once(login).chain(number).chain(mail)
}

impl<'e> People<'e> {
    pub(super) fn of(evidence: &Evidence<'e>) -> Self {
        Self {
            base: evidence.hearing.estate,
            head: evidence.head,
            marked: OnceCell::new(),
        }
    }

    /// The names that somebody of the estate as it is to be has at the base. A file may have been
    /// renamed, so a login, a number or an address tells too.
    pub(super) fn at_the_base(&self, name: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::from([name.to_owned()]);
        let Some(person) = self.head.tables.people.get(name) else {
            return names;
        };
        let marked = self.marked.get_or_init(|| {
            let mut marked: HashMap<Mark, Vec<&'e str>> = HashMap::new();
            for person in self.base.tables.people.items() {
                for mark in marks(person) {
                    marked.entry(mark).or_default().push(&person.name);
                }
            }
            marked
        });
        let same = marks(person).filter_map(|mark| marked.get(&mark));
        names.extend(same.flatten().map(|name| (*name).to_owned()));
        names
    }
}
