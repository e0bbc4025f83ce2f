//! What is there, beside what is declared and what was there the last time.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Export, Ignores};

/// How a thing stands to what is declared.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// It is there as it is declared.
    Declared,
    /// It is there and declared by its name; the estate does not say how it should be.
    Named,
    /// It is there, and these fields are declared otherwise: `from` is declared, `to` is there.
    Changed(Vec<Field>),
    /// It is declared and not there.
    Missing,
    /// It is there and not declared; how that is known.
    Unmanaged(String),
    /// It is a part of another thing that is not declared: what is said of that is said of it.
    Part(String),
    /// Nothing declares such things, and nothing has to.
    Beside,
}

/// What is known of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// How it stands to what is declared.
    pub against: Against,
    /// The groups that answer for it.
    pub owners: Vec<String>,
    /// The plan that would make it as it is declared, if one would.
    pub planned_by: Option<String>,
}

impl Thing {
    /// One that no plan is about.
    pub fn new(against: Against, owners: Vec<String>) -> Self {
        Self {
            against,
            owners,
            planned_by: None,
        }
    }
}

/// What was seen of one system: all that is there, and all that is declared.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What is there.
    pub export: Export,
    /// What is known of what is there or declared, by name.
    pub things: BTreeMap<String, Thing>,
}

/// One field that is not the same in two places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name, with those that it is in: `versioning.Status`; empty of a value without fields.
    pub name: String,
    /// What it is in the first; none if it is not there.
    pub from: Option<Value>,
    /// What it is in the second.
    pub to: Option<Value>,
}

/// What sort of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It is declared and not there.
    Missing,
    /// It is declared otherwise, or was otherwise the last time.
    Changed,
    /// It is there and not declared.
    Unmanaged,
    /// A plan would make it as it is declared, or the ledger says that it was made as it is.
    Expected,
    /// It was otherwise the last time, and now is as it is declared.
    Settled,
}

impl Class {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Unmanaged => "unmanaged",
            Self::Expected => "expected",
            Self::Settled => "settled",
        }
    }
}

/// What became of a thing since the last audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// It was not there.
    Appeared,
    /// It was otherwise.
    Changed,
    /// It was there.
    Gone,
}

impl Since {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// What an entry that lets a thing be says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The group that answers for it.
    pub owner: String,
    /// Why it is let be.
    pub reason: String,
    /// The last day on which it is.
    pub until: jiff::civil::Date,
}

/// One thing that is not as declared, or not as it was. Each thing has one at most.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The system that holds it.
    pub system: String,
    /// Which thing.
    pub thing: String,
    /// What sort of difference it is.
    pub class: Class,
    /// What became of it since the last audit; none if nothing did, or there was none.
    pub since: Option<Since>,
    /// Fields that are declared otherwise.
    pub otherwise: Vec<Field>,
    /// Fields that were otherwise the last time.
    pub moved: Vec<Field>,
    /// Why it is what it is, where that is not plain.
    pub why: Option<String>,
    /// The groups that answer for it.
    pub owners: Vec<String>,
    /// The plan or the record that expects it.
    pub expected_by: Option<String>,
    /// That it is known, and let be for a time.
    pub known: Option<Known>,
}

impl Difference {
    /// Whether somebody has to look at it.
    pub fn is_open(&self) -> bool {
        let open = matches!(
            self.class,
            Class::Missing | Class::Changed | Class::Unmanaged
        );
        open && self.known.is_none()
    }
}

/// How much of what is there is declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Things that are declared, as they are or otherwise.
    pub managed: usize,
    /// Things that are there and can be declared.
    pub total: usize,
}

impl Coverage {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            managed: self.managed + other.managed,
            total: self.total + other.total,
        }
    }
}

/// What can explain a difference.
pub trait Evidence {
    /// The record by which a thing of a system was made as it is; nothing is there where `now`
    /// is none.
    fn made(&self, system: &str, thing: &str, now: Option<&Value>) -> Option<String>;
}

/// Compares what was seen of a system with what is declared and with the export of the last
/// audit, if there was one.
pub fn compare(
    seen: &Seen,
    last: Option<&Export>,
    evidence: &dyn Evidence,
    ignores: &Ignores<'_>,
) -> (Vec<Difference>, Coverage) {
    let now = seen.export.things();
    let before = last.map(Export::things);
    let mut names: BTreeSet<&str> = now.keys().map(String::as_str).collect();
    names.extend(seen.things.keys().map(String::as_str));
    names.extend(
        before
            .into_iter()
            .flat_map(|before| before.keys().map(String::as_str)),
    );
    let compared = Compared { seen, now, before };
    let mut differences = Vec::new();
    let mut coverage = Coverage::default();
    for name in names {
        let is = now.get(name);
        let thing = seen.things.get(name);
        if is.is_some() {
            let managed = match thing.map(|thing| &thing.against) {
                Some(Against::Declared | Against::Named | Against::Changed(_)) => Some(1),
                Some(Against::Unmanaged(_)) => Some(0),
                _ => None,
            };
            coverage.total += usize::from(managed.is_some());
            coverage.managed += managed.unwrap_or_default();
        }
        let since = compared.since(name);
        if compared.is_told_of_the_whole(name, since) {
            continue;
        }
        let judged = Judged {
            system: seen.export.system(),
            name,
            is,
            was: before.and_then(|before| before.get(name)),
            since: since.or_else(|| compared.since_of_parts(name, thing)),
            thing,
        };
        let Some(mut difference) = judged.difference(evidence) else {
            continue;
        };
        difference.known = ignores.find(&difference.system, name).map(|entry| Known {
            owner: entry.owner.name.clone(),
            reason: entry.reason.clone(),
            until: entry.until.value,
        });
        differences.push(difference);
    }
    (differences, coverage)
}

type Things = BTreeMap<String, Value>;

/// The things of one system, now and at the last audit.
struct Compared<'a> {
    seen: &'a Seen,
    now: &'a Things,
    before: Option<&'a Things>,
}

impl Compared<'_> {
    fn since(&self, name: &str) -> Option<Since> {
        match (self.before?.get(name), self.now.get(name)) {
            (None, Some(_)) => Some(Since::Appeared),
            (Some(_), None) => Some(Since::Gone),
            (Some(before), Some(now)) if before != now => Some(Since::Changed),
            _ => None,
        }
    }

    fn is_missing(&self, name: &str) -> bool {
        let thing = self.seen.things.get(name);
        thing.is_some_and(|thing| thing.against == Against::Missing)
    }

    /// Whether what became of a part is what became of the thing that it is in, where it is said.
    fn is_told_of_the_whole(&self, name: &str, since: Option<Since>) -> bool {
        let known = |name: &str| {
            self.now.contains_key(name)
                || self.seen.things.contains_key(name)
                || self.before.is_some_and(|before| before.contains_key(name))
        };
        let (Some(since), Some(whole)) = (since, whole_of(name, known)) else {
            return false;
        };
        match since {
            Since::Changed => false,
            Since::Appeared => self.since(whole) == Some(since),
            Since::Gone => self.since(whole) == Some(since) || self.is_missing(whole),
        }
    }

    /// That what is declared by a shorter name than it has was there the last time.
    fn since_of_parts(&self, name: &str, thing: Option<&Thing>) -> Option<Since> {
        let is_missing = thing.is_some_and(|thing| thing.against == Against::Missing);
        let start = format!("{name}/");
        let mut parts = self.before.filter(|_| is_missing)?.range(start.clone()..);
        let (first, _) = parts.next()?;
        first.starts_with(&start).then_some(Since::Gone)
    }
}

/// The outermost thing whose name another's begins with, up to a `/`: what it is a part of.
pub(crate) fn whole_of(name: &str, is_thing: impl Fn(&str) -> bool) -> Option<&str> {
    let mut ends = name.match_indices('/').map(|(at, _)| &name[..at]);
    ends.find(|start| is_thing(start))
}

/// One thing, as it is, was and is declared.
struct Judged<'a> {
    system: &'a str,
    name: &'a str,
    is: Option<&'a Value>,
    was: Option<&'a Value>,
    since: Option<Since>,
    thing: Option<&'a Thing>,
}

impl Judged<'_> {
    fn difference(&self, evidence: &dyn Evidence) -> Option<Difference> {
        let against = self.thing.map(|thing| &thing.against);
        let class = match (against, self.since) {
            (Some(Against::Missing), _) => Class::Missing,
            (Some(Against::Changed(_)), _) => Class::Changed,
            (Some(Against::Unmanaged(_)), _) => Class::Unmanaged,
            (_, None) => return None,
            (Some(Against::Part(_)), Some(_)) => Class::Unmanaged,
            // Of what is not there any more and nobody declares, only the last audit knows.
            (None, Some(_)) => Class::Unmanaged,
            (Some(Against::Beside), Some(_)) => Class::Changed,
            (Some(Against::Named), Some(Since::Changed)) => Class::Changed,
            (Some(Against::Declared | Against::Named), Some(_)) => Class::Settled,
        };
        let planned = self.thing.and_then(|thing| thing.planned_by.clone());
        let is_as_wanted = !matches!(class, Class::Missing)
            && !matches!(against, Some(Against::Changed(_) | Against::Unmanaged(_)));
        let made = || {
            self.since
                .filter(|_| is_as_wanted)
                .and_then(|_| evidence.made(self.system, self.name, self.is))
        };
        let expected_by = planned.or_else(made);
        let (otherwise, why) = match against {
            Some(Against::Changed(fields)) => (fields.clone(), None),
            Some(Against::Unmanaged(why)) => (Vec::new(), Some(why.clone())),
            Some(Against::Part(whole)) => (Vec::new(), Some(format!("{whole} is not declared"))),
            None => (
                Vec::new(),
                Some("it was there at the last audit".to_owned()),
            ),
            _ => (Vec::new(), None),
        };
        let moved = match (self.since, self.was, self.is) {
            (Some(Since::Changed), Some(was), Some(is)) => fields(was, is),
            _ => Vec::new(),
        };
        Some(Difference {
            system: self.system.to_owned(),
            thing: self.name.to_owned(),
            class: if expected_by.is_some() {
                Class::Expected
            } else {
                class
            },
            since: self.since,
            otherwise,
            moved,
            why,
            owners: self
                .thing
                .map(|thing| thing.owners.clone())
                .unwrap_or_default(),
            expected_by,
            known: None,
        })
    }
}

/// The fields that two values do not have in common, by their names.
pub fn fields(from: &Value, to: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    differ("", Some(from), Some(to), &mut found);
    found
}

fn differ(name: &str, from: Option<&Value>, to: Option<&Value>, found: &mut Vec<Field>) {
    if from == to {
        return;
    }
    let none = Map::new();
    let (one, other) = match (from, to) {
        (Some(Value::Object(one)), Some(Value::Object(other))) => (one, other),
        // What one of them lacks altogether is told field by field as well.
        (Some(Value::Object(one)), None) if !one.is_empty() => (one, &none),
        (None, Some(Value::Object(other))) if !other.is_empty() => (&none, other),
        _ => {
            found.push(Field {
                name: name.to_owned(),
                from: from.cloned(),
                to: to.cloned(),
            });
            return;
        }
    };
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for key in keys {
        let below = match name {
            "" => key.clone(),
            name => format!("{name}.{key}"),
        };
        differ(&below, one.get(key), other.get(key), found);
    }
}
