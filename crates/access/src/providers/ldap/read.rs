//! Reading people and groups.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::client::{Connection, Failure, Scope};
use super::message::{Found, code};
use super::names::Name;
use super::{Directory, ReadError, Reading};
use crate::{Key, Sort};

/// Entries in one page, and what is tried where a server does not give so many at once.
const PAGES: [u32; 3] = [500, 100, 20];
/// Pages without an entry that are believed to lead on.
const EMPTY_PAGES: usize = 1_000;
/// Asks for no attribute at all (RFC 4511 §4.5.1.8).
pub(super) const NO_ATTRIBUTES: &str = "1.1";

/// Reads all of it.
pub(super) fn read(directory: &Directory) -> Result<Reading, ReadError> {
    let (people, groups) = directory
        .with(|connection| {
            if !exists(connection, &directory.base)? {
                return Ok(Err(ReadError::Absent(format!(
                    "there is no entry `{}`, or it is not shown to `{}`",
                    directory.base, directory.user
                ))));
            }
            let people = list(
                connection,
                &directory.people,
                &["objectClass", "cn", "mail"],
            )?;
            let wanted = ["objectClass", "description", "member"];
            let groups = list(connection, &directory.groups, &wanted)?;
            Ok(people.and_then(|people| Ok((people, groups?))))
        })
        .map_err(|failure| directory.reading(failure))??;
    let mut told = Told {
        directory,
        reading: Reading::default(),
        people: HashMap::new(),
    };
    for (found, name) in &people {
        told.person(found, name.as_ref())?;
    }
    for (found, name) in &groups {
        told.group(found, name.as_ref())?;
    }
    Ok(told.reading)
}

/// Whether there is an entry of this name.
pub(super) fn exists(connection: &mut Connection, name: &Name) -> Result<bool, Failure> {
    let name = name.to_string();
    match connection.search(&name, Scope::Entry, &[NO_ATTRIBUTES], 1, &[]) {
        Ok(page) => Ok(!page.found.is_empty()),
        Err(Failure::Answered(outcome)) if outcome.code == code::NO_SUCH_OBJECT => Ok(false),
        Err(failure) => Err(failure),
    }
}

type Listed = Vec<(Found, Option<Name>)>;

/// All entries right below one, each with its name if that can be read.
fn list(
    connection: &mut Connection,
    unit: &Name,
    attributes: &[&str],
) -> Result<Result<Listed, ReadError>, Failure> {
    let mut sizes = PAGES.into_iter().peekable();
    loop {
        let size = sizes.next().unwrap_or(1);
        match list_by(connection, unit, attributes, size) {
            Err(Failure::Answered(outcome))
                if matches!(outcome.code, code::SIZE_LIMIT | code::ADMIN_LIMIT)
                    && sizes.peek().is_some() => {}
            other => return other,
        }
    }
}

fn list_by(
    connection: &mut Connection,
    unit: &Name,
    attributes: &[&str],
    size: u32,
) -> Result<Result<Listed, ReadError>, Failure> {
    let untrusted = |what: String| Ok(Err(ReadError::Untrusted(what)));
    let base = unit.to_string();
    let (mut all, mut seen) = (Listed::new(), HashSet::new());
    let (mut cookie, mut empty) = (Vec::new(), 0);
    loop {
        let page = match connection.search(&base, Scope::Below, attributes, size, &cookie) {
            Ok(page) => page,
            Err(Failure::Answered(outcome))
                if outcome.code == code::NO_SUCH_OBJECT && all.is_empty() =>
            {
                return Ok(Ok(Vec::new()));
            }
            Err(failure) => return Err(failure),
        };
        if let Some(other) = page.referrals.first() {
            let other = base::visible(other);
            return untrusted(format!("a part of `{base}` is in another server, {other}"));
        }
        empty = if page.found.is_empty() { empty + 1 } else { 0 };
        for found in page.found {
            let name = Name::parse(&found.name).ok();
            let folded = name
                .as_ref()
                .map_or_else(|| found.name.clone(), Name::folded);
            if !seen.insert(folded) {
                return untrusted(format!(
                    "it tells twice of `{}`",
                    base::visible(&found.name)
                ));
            }
            if name.as_ref().is_some_and(|name| !name.is_child_of(unit)) {
                let name = base::visible(&found.name);
                return untrusted(format!(
                    "asked for what is below `{base}`, it tells of `{name}`"
                ));
            }
            all.push((found, name));
        }
        if page.cookie.is_empty() {
            return Ok(Ok(all));
        }
        if empty > EMPTY_PAGES {
            return untrusted("it goes on with empty pages".to_owned());
        }
        cookie = page.cookie;
    }
}

/// What was read so far.
struct Told<'d> {
    directory: &'d Directory,
    reading: Reading,
    /// The people by their whole names, as they are compared.
    people: HashMap<String, String>,
}

impl Told<'_> {
    fn person(&mut self, found: &Found, name: Option<&Name>) -> Result<(), ReadError> {
        let Some(key) = self.ours(Sort::Person, found, name)? else {
            return Ok(());
        };
        let called = together(values(found, "cn")?);
        if called.is_empty() {
            return Err(self.hidden(found, "cn"));
        }
        let mut mail = values(found, "mail")?.to_vec();
        mail.sort();
        let folded = name.map(Name::folded).unwrap_or_default();
        self.people.insert(folded, key.name.clone());
        self.tell(key, json!({"name": called, "mail": mail}), &found.name)
    }

    fn group(&mut self, found: &Found, name: Option<&Name>) -> Result<(), ReadError> {
        let Some(key) = self.ours(Sort::DirectoryGroup, found, name)? else {
            return Ok(());
        };
        let members = values(found, "member")?;
        if members.is_empty() {
            return Err(self.hidden(found, "member"));
        }
        let description = together(values(found, "description")?);
        let group = key.name.clone();
        self.tell(key, json!({ "description": description }), &found.name)?;
        for member in members {
            self.member(&group, member)?;
        }
        Ok(())
    }

    fn member(&mut self, group: &str, member: &str) -> Result<(), ReadError> {
        let directory = self.directory;
        let parsed = Name::parse(member).ok();
        let folded = parsed.as_ref().map(Name::folded).unwrap_or_default();
        if folded == directory.nobody.folded() {
            return Ok(());
        }
        let called = match (self.people.get(&folded), &parsed) {
            (Some(person), _) => person.clone(),
            (None, Some(name)) if name.is_child_of(&directory.people) => match name.named_by("uid")
            {
                Some(uid) => uid.to_owned(),
                None => name.to_string(),
            },
            (None, Some(name)) => name.to_string(),
            (None, None) => member.to_owned(),
        };
        let key = Key::of(Sort::DirectoryMember, group, &called);
        if Key::parse(&key.to_string()).as_ref() != Some(&key) {
            let why = "its name cannot be written in a plan";
            self.reading.state.left_alone.insert(key, why.to_owned());
            return Ok(());
        }
        self.tell(key, json!({}), member)
    }

    /// The key of an entry of the form that is ours; any other is noted as left alone.
    fn ours(
        &mut self,
        sort: Sort,
        found: &Found,
        name: Option<&Name>,
    ) -> Result<Option<Key>, ReadError> {
        let (class, attribute) = match sort {
            Sort::Person => ("inetOrgPerson", "uid"),
            _ => ("groupOfNames", "cn"),
        };
        let classes = values(found, "objectclass")?;
        if classes.is_empty() {
            return Err(self.hidden(found, "objectClass"));
        }
        let is_class = classes
            .iter()
            .any(|other| other.eq_ignore_ascii_case(class));
        let called = name.and_then(|name| name.named_by(attribute));
        let shown = match (called, name) {
            (Some(called), _) => called.to_owned(),
            (None, Some(name)) => name.relative(),
            (None, None) => found.name.clone(),
        };
        let key = Key::new(sort, &shown);
        let why = if !is_class {
            format!("`{}` is no {class}", base::visible(&found.name))
        } else if called.is_none() {
            format!(
                "`{}` is not named by its {attribute} alone",
                base::visible(&found.name)
            )
        } else if Key::parse(&key.to_string()).as_ref() != Some(&key) {
            "its name cannot be written in a plan".to_owned()
        } else {
            return Ok(Some(key));
        };
        self.reading.state.left_alone.insert(key, why);
        Ok(None)
    }

    fn tell(&mut self, key: Key, value: serde_json::Value, name: &str) -> Result<(), ReadError> {
        if self.reading.state.entries.contains_key(&key) {
            return Err(ReadError::Untrusted(format!("it tells twice of {key}")));
        }
        self.reading.known.set(key.clone(), name);
        self.reading.state.insert(key, value);
        Ok(())
    }

    /// An attribute that every such entry has, and that we are not shown.
    fn hidden(&self, found: &Found, attribute: &str) -> ReadError {
        ReadError::Refused(format!(
            "it does not show `{}` the attribute `{attribute}` of `{}`; let this user read it",
            self.directory.user,
            base::visible(&found.name)
        ))
    }
}

/// Several values as one text, whatever their order: where we would have one, they are a difference
/// to be seen.
fn together(values: &[String]) -> String {
    let mut values = values.to_vec();
    values.sort();
    values.join(" / ")
}

/// The values of an attribute. Those in a language or with another option are not it.
pub(super) fn values<'f>(found: &'f Found, attribute: &str) -> Result<&'f [String], ReadError> {
    let mut all: &[String] = &[];
    for (description, values) in &found.attributes {
        if description == attribute {
            all = values;
        }
        let option = description
            .strip_prefix(attribute)
            .and_then(|rest| rest.strip_prefix(';'));
        if option.is_some_and(|option| option.split(';').any(|one| one.starts_with("range="))) {
            return Err(ReadError::Untrusted(format!(
                "it tells `{attribute}` of `{}` only in ranges",
                base::visible(&found.name)
            )));
        }
    }
    Ok(all)
}
