//! Changing people and groups, one step at a time.
//!
//! Every step may be done again: what is there already as it shall be, or gone already, is done.

use serde_json::Value;

use change::WriteFailure;

use super::client::{Connection, Edit, Failure, How, Scope};
use super::message::{Found, code};
use super::names::Name;
use super::read::{exists, values};
use super::{Directory, Known, Step};
use crate::Sort;

/// A step that an answer of the server makes done, or shows to be impossible.
type Done = Result<Result<(), String>, Failure>;

/// Does one step.
pub(super) fn write(
    directory: &Directory,
    step: &Step<'_>,
    known: &Known,
) -> Result<(), WriteFailure> {
    let refused = WriteFailure::Refused;
    let name = entry(directory, step, known)?;
    let done = match (step.key.sort, step.before, step.after) {
        (Sort::Person, before, Some(after)) => {
            let after = Person::of(after).map_err(refused)?;
            let before = before.map(Person::of).transpose().map_err(refused)?;
            match before {
                None => directory.with(|to| add(to, directory, &name, step, &after.entry(step))),
                Some(before) => directory.with(|to| change(to, &name, &after.edits(&before))),
            }
        }
        (Sort::DirectoryGroup, before, Some(after)) => {
            let description = description(after).map_err(refused)?;
            if before.is_none() {
                let attributes = group(directory, step, &description);
                directory.with(|to| add(to, directory, &name, step, &attributes))
            } else {
                let edit = replace("description", filled(&description));
                directory.with(|to| change(to, &name, &[edit]))
            }
        }
        (Sort::Person | Sort::DirectoryGroup, _, None) => {
            directory.with(|to| delete(to, &name).map(Ok))
        }
        (Sort::DirectoryMember, _, Some(_)) => {
            let person = directory.people.child("uid", &step.key.name);
            directory.with(|to| join(to, &name, &person, step))
        }
        (Sort::DirectoryMember, _, None) => {
            let member = known.get(step.key).unwrap_or_else(|| {
                let person = directory.people.child("uid", &step.key.name);
                person.to_string()
            });
            directory.with(|to| leave(to, &name, &member, &directory.nobody).map(Ok))
        }
        _ => {
            return Err(refused(
                "a directory holds people and groups only".to_owned(),
            ));
        }
    };
    done.map_err(|failure| directory.writing(failure))?
        .map_err(refused)?;
    if step.after.is_some() && step.key.sort != Sort::DirectoryMember {
        known.set(step.key.clone(), name);
    }
    Ok(())
}

/// The name of the entry that a step changes: as the server spells it, or as we would.
fn entry(directory: &Directory, step: &Step<'_>, known: &Known) -> Result<String, WriteFailure> {
    let key = match step.key.sort {
        Sort::DirectoryMember => step.key.container(),
        _ => Some(step.key.clone()),
    };
    let key = key.filter(|key| !key.name.is_empty());
    let key = key.ok_or_else(|| WriteFailure::Refused("its name is empty".to_owned()))?;
    Ok(known.get(&key).unwrap_or_else(|| {
        let name = match key.sort {
            Sort::Person => directory.people.child("uid", &key.name),
            _ => directory.groups.child("cn", &key.name),
        };
        name.to_string()
    }))
}

/// Somebody, as a plan has them.
struct Person {
    name: String,
    mail: Vec<String>,
}

impl Person {
    fn of(value: &Value) -> Result<Self, String> {
        let name = value.get("name").and_then(Value::as_str);
        let mail = value.get("mail").and_then(Value::as_array);
        let mail: Option<Vec<_>> = mail.and_then(|mail| {
            let each = mail.iter().map(|one| one.as_str().map(str::to_owned));
            each.collect()
        });
        let (Some(name), Some(mut mail)) = (name, mail) else {
            return Err("this is no person: it needs `name` and `mail`".to_owned());
        };
        if name.trim().is_empty() {
            return Err("a person in a directory must have a name".to_owned());
        }
        mail.sort();
        Ok(Self {
            name: name.to_owned(),
            mail,
        })
    }

    fn surname(&self) -> Vec<String> {
        let last = self.name.split_whitespace().next_back();
        last.map(str::to_owned).into_iter().collect()
    }

    fn entry(&self, step: &Step<'_>) -> Vec<(&'static str, Vec<String>)> {
        let mut all = vec![
            ("objectClass", vec!["inetOrgPerson".to_owned()]),
            ("uid", vec![step.key.name.clone()]),
            ("cn", vec![self.name.clone()]),
            ("sn", self.surname()),
        ];
        if !self.mail.is_empty() {
            all.push(("mail", self.mail.clone()));
        }
        all
    }

    /// Only what changes: the entry may have more than we know of.
    fn edits(&self, before: &Self) -> Vec<Edit<'static>> {
        let mut edits = Vec::new();
        if self.name != before.name {
            edits.push(replace("cn", vec![self.name.clone()]));
            edits.push(replace("sn", self.surname()));
        }
        if self.mail != before.mail {
            edits.push(replace("mail", self.mail.clone()));
        }
        edits
    }
}

fn description(value: &Value) -> Result<String, String> {
    let text = value.get("description").and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| "this is no group: it needs `description`".to_owned())
}

fn group(
    directory: &Directory,
    step: &Step<'_>,
    description: &str,
) -> Vec<(&'static str, Vec<String>)> {
    let mut all = vec![
        ("objectClass", vec!["groupOfNames".to_owned()]),
        ("cn", vec![step.key.name.clone()]),
        ("member", vec![directory.nobody.to_string()]),
    ];
    if !description.is_empty() {
        all.push(("description", filled(description)));
    }
    all
}

/// No attribute has an empty text as its value; it has no value then.
fn filled(text: &str) -> Vec<String> {
    let some = (!text.is_empty()).then(|| text.to_owned());
    some.into_iter().collect()
}

fn replace(attribute: &str, values: Vec<String>) -> Edit<'_> {
    Edit {
        how: How::Replace,
        attribute,
        values,
    }
}

fn add(
    to: &mut Connection,
    directory: &Directory,
    name: &str,
    step: &Step<'_>,
    attributes: &[(&str, Vec<String>)],
) -> Done {
    let mut added = to.add(name, attributes);
    if code_of(&added) == Some(code::NO_SUCH_OBJECT) {
        let (unit, called) = match step.key.sort {
            Sort::Person => (&directory.people, "people"),
            _ => (&directory.groups, "groups"),
        };
        if let Err(why) = make_unit(to, directory, unit, called)? {
            return Ok(Err(why));
        }
        added = to.add(name, attributes);
    }
    match code_of(&added) {
        Some(code::ENTRY_EXISTS) => compare(to, name, attributes),
        _ => added.map(Ok),
    }
}

fn make_unit(to: &mut Connection, directory: &Directory, unit: &Name, called: &str) -> Done {
    let attributes = [
        ("objectClass", vec!["organizationalUnit".to_owned()]),
        ("ou", vec![called.to_owned()]),
    ];
    let made = to.add(&unit.to_string(), &attributes);
    match code_of(&made) {
        // Two steps at once may both find it missing.
        Some(code::ENTRY_EXISTS) => Ok(Ok(())),
        Some(code::NO_SUCH_OBJECT) => Ok(Err(format!(
            "there is no entry `{}`; make it first",
            directory.base
        ))),
        _ => made.map(Ok),
    }
}

/// Something of this name is there: whether it is what shall be there.
fn compare(to: &mut Connection, name: &str, attributes: &[(&str, Vec<String>)]) -> Done {
    let compared = ["objectClass", "cn", "mail", "description"];
    let page = to.search(name, Scope::Entry, &compared, 1, &[])?;
    let Some(found) = page.found.first() else {
        return Ok(Err(format!(
            "`{name}` exists already, and is not shown to us"
        )));
    };
    let same = attributes
        .iter()
        .filter(|(attribute, _)| compared.contains(attribute))
        .all(|(attribute, wanted)| {
            let there = values_of(found, attribute);
            // An entry has classes above its own, which a server may or may not tell.
            let exact = *attribute == "objectClass" || there.len() == wanted.len();
            exact && wanted.iter().all(|value| has(&there, value, attribute))
        });
    let more = ["mail", "description"].iter().any(|attribute| {
        let wanted = attributes.iter().any(|(other, _)| other == attribute);
        !wanted && !values_of(found, attribute).is_empty()
    });
    Ok(if same && !more {
        Ok(())
    } else {
        Err(format!(
            "`{name}` exists already, and is not as planned; plan again to see how"
        ))
    })
}

fn values_of(found: &Found, attribute: &str) -> Vec<String> {
    let values = values(found, &attribute.to_ascii_lowercase());
    values.map(<[String]>::to_vec).unwrap_or_default()
}

fn has(there: &[String], value: &String, attribute: &str) -> bool {
    there
        .iter()
        .any(|one| one == value || (attribute == "objectClass" && one.eq_ignore_ascii_case(value)))
}

fn change(to: &mut Connection, name: &str, edits: &[Edit<'_>]) -> Done {
    if edits.is_empty() {
        return Ok(Ok(()));
    }
    let done = to.modify(name, edits);
    match code_of(&done) {
        Some(code::NO_SUCH_OBJECT) => Ok(Err(format!(
            "there is no entry `{name}` any more; plan again"
        ))),
        _ => done.map(Ok),
    }
}

fn delete(to: &mut Connection, name: &str) -> Result<(), Failure> {
    let done = to.delete(name);
    match code_of(&done) {
        Some(code::NO_SUCH_OBJECT) => Ok(()),
        _ => done,
    }
}

/// Puts somebody into a group. The server would also take the name of nobody in particular.
fn join(to: &mut Connection, group: &str, person: &Name, step: &Step<'_>) -> Done {
    if !exists(to, person)? {
        return Ok(Err(format!(
            "{} has no entry `{person}` that the group could have as its member",
            step.key.name
        )));
    }
    let edit = Edit {
        how: How::Add,
        attribute: "member",
        values: vec![person.to_string()],
    };
    let done = to.modify(group, &[edit]);
    match code_of(&done) {
        Some(code::VALUE_EXISTS) => Ok(Ok(())),
        Some(code::NO_SUCH_OBJECT) => Ok(Err(format!("there is no group `{group}`"))),
        _ => done.map(Ok),
    }
}

fn leave(to: &mut Connection, group: &str, member: &str, nobody: &Name) -> Result<(), Failure> {
    let goes = Edit {
        how: How::Delete,
        attribute: "member",
        values: vec![member.to_owned()],
    };
    let mut done = to.modify(group, std::slice::from_ref(&goes));
    if code_of(&done) == Some(code::OBJECT_CLASS) {
        // The last member of a group that somebody else made: one must stay in its place.
        let stays = Edit {
            how: How::Add,
            attribute: "member",
            values: vec![nobody.to_string()],
        };
        done = to.modify(group, &[stays, goes]);
    }
    match code_of(&done) {
        Some(code::NO_SUCH_ATTRIBUTE | code::NO_SUCH_OBJECT) => Ok(()),
        _ => done,
    }
}

fn code_of<T>(done: &Result<T, Failure>) -> Option<u32> {
    match done {
        Err(Failure::Answered(outcome)) => Some(outcome.code),
        _ => None,
    }
}
