//! Somebody leaves: what they lose, what is edited, what is left to do by hand, and which secrets
//! are to be replaced because they could read them.
//!
//! Leaving is not forgetting: past terms, decisions, elections and the ledger stay, and who
//! approved or led is moved to the lists of those honoured where a file has such lists. All else
//! that names them goes, in every file of the estate, so that no access depends on anybody
//! remembering that they have left.
//!
//! This module knows no disk and no clock: files come through a [`Tree`], the day is given, and
//! what is to be written is returned.

mod by_hand;
pub(crate) mod desk;
mod edits;
mod mention;
mod rotate;

use base::nearest;
use charter::Charter;
use estate::kinds::{KindId, Person};
use estate::{Estate, Item, Kind, Tree};
use jiff::civil::Date;
use serde::Serialize;
use yaml::edit::{self, CannotEdit, Written};

pub use desk::{EditedTree, FileEdit};
pub use mention::{How, Mention, mentions};

use crate::model::{self, Matrix, Principal};
use desk::Desk;
use mention::Names;

/// Somebody leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offboarding {
    /// Who: their name in the estate, or an address of nobody it knows.
    pub person: String,
    /// The day from which on they have nothing.
    pub day: Date,
    /// What they may do today, and lose.
    pub loses: Vec<model::Access>,
    /// What becomes of which file.
    pub edits: Vec<FileEdit>,
    /// What no edit does.
    pub by_hand: Vec<ByHand>,
    /// What they could read, and is to be replaced.
    pub rotate: Vec<Rotation>,
    /// Where they stay named: in honour, and in what was.
    pub stays: Vec<Mention>,
}

/// Something that somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ByHand {
    /// Where: a file and line, or an item as `kind/name`.
    #[serde(rename = "where")]
    pub place: String,
    /// What is to be done.
    pub what: String,
    /// Why no edit does it.
    pub why: String,
}

/// A secret that is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rotation {
    /// What: never the secret itself.
    pub what: String,
    /// Where it is declared or used, as `kind/name`.
    #[serde(rename = "where")]
    pub place: String,
    /// By what they could read it.
    pub why: String,
}

/// The estate knows nobody of a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the estate knows nobody called `{asked}`{}", near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct Unknown {
    /// The name.
    pub asked: String,
    /// Who was perhaps meant.
    pub near: Option<String>,
}

impl ByHand {
    fn of(mention: &Mention, why: &str) -> Self {
        Self {
            place: format!("{}:{}", mention.path, mention.line),
            what: format!("remove them here: {}", mention.what),
            why: why.to_owned(),
        }
    }

    fn cannot(mention: &Mention, cannot: &CannotEdit) -> Self {
        Self::of(mention, &cannot.why)
    }
}

/// What it takes that somebody leaves on a day: `person` is a name, a login or an address.
///
/// The edits are of the files that the estate was read from by the same tree. With them in place
/// ([`EditedTree`]), the estate gives that person nothing any more, and the plan of each domain
/// says what that means there.
///
/// # Errors
/// The estate knows nobody of that name, and no mailing group has such an address.
pub fn offboard(
    estate: &Estate,
    tree: &dyn Tree,
    person: &str,
    day: Date,
    charter: Option<&Charter>,
) -> Result<Offboarding, Unknown> {
    let unknown = || {
        let known = estate.tables.people.items().map(|item| item.name.as_str());
        Unknown {
            asked: person.to_owned(),
            near: nearest(person, known).map(str::to_owned),
        }
    };
    let names = Names::of(estate, person).ok_or_else(unknown)?;
    let found = mention::of(estate, &names);
    if found.is_empty() && names.person.is_none() {
        return Err(unknown());
    }
    let who = match names.person {
        Some(item) => Principal::Person(item.name.clone()),
        None => Principal::Address(names.mailboxes.first().map_or("", |own| own).to_lowercase()),
    };
    let readers = charter.and_then(|charter| charter.private_contacts.as_ref());
    let matrix = Matrix::of(estate, day);
    let matrix = match readers {
        Some(policy) => matrix.with_readers_of_contacts(&policy.readable_by),
        None => matrix,
    };
    let loses = matrix.what_can(&who);
    let mut by_hand = Vec::new();
    let mut desk = Desk::new(estate, tree);
    edits::take_out(&found, day, &mut desk, &mut by_hand);
    if let Some(item) = names.person {
        leave(item, &found, day, estate, tree, &mut desk, &mut by_hand);
        by_hand::all(item, &loses, estate, day, charter, &mut by_hand);
        by_hand::last_approvers(&names, estate, &mut by_hand);
    }
    let rotate = names
        .person
        .map(|item| rotate::all(item, &loses, estate, day));
    by_hand.sort();
    by_hand.dedup();
    Ok(Offboarding {
        person: match names.person {
            Some(item) => item.name.clone(),
            None => person.to_owned(),
        },
        day,
        loses,
        edits: desk.edits(),
        by_hand,
        rotate: rotate.unwrap_or_default(),
        stays: found
            .into_iter()
            .filter(|mention| mention.how.stays())
            .collect(),
    })
}

/// The person's own file says since when they are gone.
fn leave(
    item: &Item<Person>,
    found: &[Mention],
    day: Date,
    estate: &Estate,
    tree: &dyn Tree,
    desk: &mut Desk<'_>,
    by_hand: &mut Vec<ByHand>,
) {
    if item.value.has_left(day) {
        return;
    }
    let folder = Person::FOLDER;
    let left = Written::Text(day.to_string());
    let own = found.iter().find(|mention| mention.how == How::Own);
    let Some(own) = own else {
        let path = format!("{folder}/{}.yaml", item.name);
        if tree.is_folder(folder) && tree.read(&path).is_err() {
            desk.put(&path, stranger(item, day));
        } else {
            by_hand.push(ByHand {
                place: item.subject(),
                what: format!("write down that they left on {day}"),
                why: format!("the estate has no folder `{folder}/`, where `left` would stand"),
            });
        }
        return;
    };
    let path = desk.find(&own.path);
    let text = path.and_then(|path| Some((desk.text(&path)?, path)));
    let edited = match text {
        Some((text, path)) => edit::set_key(&text, &edit::keys(["left"]), &left)
            .map(|text| desk.put(&path, text))
            .map_err(|cannot| cannot.why),
        None => Err("nobody knows which file of the tree this is".to_owned()),
    };
    if let Err(why) = edited {
        let at = estate.sources.line_of(item.span);
        by_hand.push(ByHand {
            place: at,
            what: format!("write `left: {day}`"),
            why,
        });
    }
}

/// A file of somebody who had none: what other files said of them, so that their addresses stay
/// known for theirs.
fn stranger(item: &Item<Person>, day: Date) -> String {
    let value = &item.value;
    let mut keys: Vec<(&str, Written)> = Vec::new();
    if let Some(name) = &value.name {
        keys.push(("name", name.as_str().into()));
    }
    if let Some(login) = &value.handles.github {
        let login = ("github".to_owned(), Written::from(login.as_str()));
        keys.push(("handles", Written::Mapping(vec![login])));
    }
    if let Some(email) = &value.email {
        keys.push(("email", email.as_str().into()));
    }
    if !value.other_emails.is_empty() {
        let others = value.other_emails.iter();
        let others = others.map(|email| email.as_str().into());
        keys.push(("other_emails", Written::List(others.collect())));
    }
    keys.push(("left", Written::Text(day.to_string())));
    written(keys)
}

/// A file with these keys.
pub(crate) fn written(keys: Vec<(&str, Written)>) -> String {
    keys.into_iter().fold(String::new(), |text, (key, value)| {
        edit::set_key(&text, &edit::keys([key]), &value).unwrap_or(text)
    })
}

/// The groups that somebody has a role in on a day, by name.
fn groups_of<'e>(item: &Item<Person>, estate: &'e Estate, day: Date) -> Vec<&'e str> {
    let is = |name: &str| {
        let named = estate.tables.people.get(name);
        named.is_some_and(|named| named.name == item.name)
    };
    let groups = estate.tables.groups.items();
    let theirs = groups.filter(|group| {
        let mut holders = group.value.holders_on(day);
        holders.any(|holder| is(&holder.person.name))
    });
    theirs.map(|group| group.name.as_str()).collect()
}

/// `kind/name`.
fn subject(kind: KindId, name: &str) -> String {
    format!("{}/{name}", kind.name())
}
