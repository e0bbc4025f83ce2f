//! People by number, so that sets of them are small and quick.

use std::collections::HashMap;

use estate::kinds::{Organisation, Person};
use estate::{Addressee, Email, Estate, Item, Ref};
use jiff::civil::Date;

use super::Principal;

/// The place of a person among all.
pub(super) type PersonAt = usize;

/// All people, and who of them has left.
pub(super) struct People<'e> {
    pub(super) items: Vec<&'e Item<Person>>,
    places: HashMap<&'e str, PersonAt>,
    gone: Vec<bool>,
    estate: &'e Estate,
}

impl<'e> People<'e> {
    pub(super) fn of(estate: &'e Estate, day: Date) -> Self {
        let items: Vec<&Item<Person>> = estate.tables.people.items().collect();
        let places = items.iter().enumerate();
        Self {
            places: places.map(|(at, item)| (item.name.as_str(), at)).collect(),
            gone: items.iter().map(|item| item.value.has_left(day)).collect(),
            items,
            estate,
        }
    }

    /// The person a reference leads to; none if nobody, or somebody who has left.
    pub(super) fn find(&self, reference: &Ref<Person>) -> Option<PersonAt> {
        self.named(&reference.name)
    }

    /// By name or login; none of somebody who has left.
    pub(super) fn named(&self, name: &str) -> Option<PersonAt> {
        let item = self.estate.tables.people.get(name)?;
        let at = self.places.get(item.name.as_str()).copied()?;
        (!self.gone[at]).then_some(at)
    }

    /// Whether a name or login leads to somebody who has left.
    pub(super) fn has_left(&self, name: &str) -> bool {
        self.estate.tables.people.get(name).is_some() && self.named(name).is_none()
    }

    pub(super) fn name(&self, at: PersonAt) -> &'e str {
        &self.items[at].name
    }

    pub(super) fn principal(&self, at: PersonAt) -> Principal {
        Principal::Person(self.name(at).to_owned())
    }

    /// The login at the forge; the name in the estate if no other is said.
    pub(super) fn login(&self, at: PersonAt) -> &'e str {
        let item = self.items[at];
        let login = item.value.handles.github.as_ref();
        login.map_or(item.name.as_str(), |login| login.trim_start_matches('@'))
    }

    /// Who a login is; none of somebody who has left.
    pub(super) fn by_login(&self, login: &str) -> Option<Principal> {
        if let Some(at) = self.named(login) {
            return Some(self.principal(at));
        }
        let stranger = || Principal::Login(login.trim_start_matches('@').to_lowercase());
        (!self.has_left(login)).then(stranger)
    }
}

/// Whose an address in a mailing group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose<'e> {
    Person(PersonAt),
    MailingGroup(&'e str),
    Nobody,
    /// Somebody who has left.
    Gone,
}

impl<'e> People<'e> {
    pub(super) fn whose(&self, email: &Email) -> Whose<'e> {
        match self.estate.address_book.whose(email) {
            Some(Addressee::Person(name)) => self.named(name).map_or(Whose::Gone, Whose::Person),
            Some(Addressee::MailingGroup(name)) => Whose::MailingGroup(name),
            None => Whose::Nobody,
        }
    }
}

/// Who is in an organisation, and whether as an administrator; those of both are administrators.
pub(super) fn in_organisation(
    organisation: &Organisation,
    people: &People<'_>,
) -> HashMap<PersonAt, (bool, base::Span)> {
    let admins = organisation.admins.iter().map(|one| (one, true));
    let members = organisation.members.iter().map(|one| (one, false));
    let mut found = HashMap::new();
    for (reference, admin) in admins.chain(members) {
        if let Some(at) = people.find(reference) {
            found.entry(at).or_insert((admin, reference.span));
        }
    }
    found
}
