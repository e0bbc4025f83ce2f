//! What `check --fix` writes where a rule is broken and there is only one way to mend it.
//!
//! A fix is data, as the rule is: it names a field that is written, or a field that says which
//! entries go or are called otherwise. Here stands where fields are written in a file. Whether the
//! file is right afterwards is for whoever reads it again to say, before it is kept.

mod read;
mod write;

use std::collections::{BTreeMap, HashMap};

use base::{Diagnostic, SourceMap, Span};
use estate::kinds::About;
use jiff::civil::Date;
use predicate::{Item, Predicate, Value};
use yaml::edit::{CannotEdit, Step};

use crate::{Rules, Subject, Things};

pub use write::{Writing, written};

/// What can be written in place of people, rule by rule.
#[derive(Debug, Default)]
pub struct Fixes {
    by_rule: BTreeMap<String, Vec<Fixed>>,
    /// What is wrong with how it is declared.
    pub findings: Vec<Diagnostic>,
}

/// One fix, ready to be made.
#[derive(Debug)]
struct Fixed {
    /// The list in whose elements it is made, and the way to it.
    each: Option<(String, Vec<Step>)>,
    applies: Option<Predicate>,
    act: Act,
}

/// What is written.
#[derive(Debug)]
enum Act {
    Set {
        field: String,
        way: Vec<Step>,
        to: String,
    },
    Copy {
        field: String,
        way: Vec<Step>,
        from: String,
        from_way: Vec<Step>,
    },
    /// The entries that a field lists, in the map at a way.
    Remove { listed: String, map: Vec<Step> },
    /// The keys that a field lists, in the map at a way, which is the field `of`.
    Rename {
        listed: String,
        map: Vec<Step>,
        of: &'static str,
    },
}

/// A file with what was broken in it mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file, in the tree of the estate.
    pub path: String,
    /// What it says.
    pub before: String,
    /// What it shall say.
    pub after: String,
    /// The rules that were broken, as `POLICY/RULE`, each with what broke it.
    pub mended: Vec<(String, String)>,
}

/// A file that cannot be mended safely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmended {
    /// The file, in the tree of the estate.
    pub path: String,
    /// Why.
    pub why: CannotEdit,
}

/// What becomes of files when what is broken is mended.
#[derive(Debug, Default)]
pub struct Mending {
    /// Files that shall be otherwise, by their paths.
    pub mended: Vec<Mended>,
    /// Files of which nothing is changed.
    pub unmended: Vec<Unmended>,
}

/// All that is written in one thing.
struct InThing {
    span: Span,
    writings: Vec<Writing>,
    rules: Vec<(String, String)>,
}

impl Fixes {
    /// Whether anything can be written for a rule.
    pub fn are_for(&self, rule: &str) -> bool {
        self.by_rule.contains_key(rule)
    }

    /// Mends all that breaks the rules on a day: those that `wanted` names, as `POLICY/RULE`.
    pub fn mend<'e>(
        &self,
        rules: &Rules<'e>,
        things: &Things<'e>,
        sources: &SourceMap,
        wanted: &dyn Fn(&str) -> bool,
        today: Date,
    ) -> Mending {
        let mut mending = Mending::default();
        for (path, things) in self.by_file(rules, things, wanted, today) {
            let Some(first) = things.first() else {
                continue;
            };
            let before = sources.file(first.span.file).text.clone();
            match in_file(&before, &things) {
                Ok(after) if after == before => {}
                Ok(after) => mending.mended.push(Mended {
                    path,
                    before,
                    after,
                    mended: things.into_iter().rev().flat_map(|one| one.rules).collect(),
                }),
                Err(why) => mending.unmended.push(Unmended { path, why }),
            }
        }
        mending
    }

    /// What is written in which thing, file by file, the last thing of a file first: what is
    /// written in one moves those behind it.
    fn by_file<'e>(
        &self,
        rules: &Rules<'e>,
        things: &Things<'e>,
        wanted: &dyn Fn(&str) -> bool,
        today: Date,
    ) -> BTreeMap<String, Vec<InThing>> {
        let Some(jobs) = things.jobs() else {
            return BTreeMap::new();
        };
        let spans: HashMap<&str, Span> =
            jobs.jobs().map(|job| (job.id(), job.job().span)).collect();
        let known = jobs.catalogue().conventions.annotations;
        let mut found: HashMap<&str, InThing> = HashMap::new();
        let mut files: BTreeMap<String, Vec<InThing>> = BTreeMap::new();
        let mut paths: HashMap<&str, String> = HashMap::new();
        for rule in rules.all.iter().filter(|rule| wanted(rule.id())) {
            let fixes = self.by_rule.get(rule.id()).map_or(&[][..], Vec::as_slice);
            if fixes.is_empty() || rule.about() != About::Job {
                continue;
            }
            for subject in rule.broken_by(things, today) {
                let mut writings: Vec<Writing> = Vec::new();
                for fix in fixes {
                    fix.writings(subject, known, today, &mut writings);
                }
                let (Some(span), Value::Text(path)) =
                    (spans.get(subject.id()), subject.get("path"))
                else {
                    continue;
                };
                if writings.is_empty() {
                    continue;
                }
                paths.insert(subject.id(), path.to_owned());
                let all = found.entry(subject.id()).or_insert_with(|| InThing {
                    span: *span,
                    writings: Vec::new(),
                    rules: Vec::new(),
                });
                for writing in writings {
                    if !all.writings.contains(&writing) {
                        all.writings.push(writing);
                    }
                }
                all.rules
                    .push((rule.id().to_owned(), subject.name().to_owned()));
            }
        }
        for (id, thing) in found {
            if let Some(path) = paths.remove(id) {
                files.entry(path).or_default().push(thing);
            }
        }
        for things in files.values_mut() {
            things.sort_by_key(|thing| std::cmp::Reverse(thing.span.start));
        }
        files
    }
}

/// The text of a file with all that is written in its things; nothing, if one of them cannot be.
fn in_file(before: &str, things: &[InThing]) -> Result<String, CannotEdit> {
    let mut text = before.to_owned();
    for thing in things {
        let place = thing.span.start as usize..thing.span.end as usize;
        text = written(&text, place, &thing.writings)?;
    }
    Ok(text)
}

impl Fixed {
    /// What it writes in a thing.
    fn writings(
        &self,
        subject: &dyn Subject,
        known: &[&str],
        today: Date,
        writings: &mut Vec<Writing>,
    ) {
        let applies = |item: &dyn Item| {
            let predicate = self.applies.as_ref();
            predicate.is_none_or(|applies| applies.holds(item, today))
        };
        let Some((list, way)) = &self.each else {
            if applies(subject) {
                writings.extend(self.act.writings(subject, known, &[]));
            }
            return;
        };
        let Value::List(list) = subject.get(list) else {
            return;
        };
        let mut at = 0;
        list.elements().find(&mut |element| {
            if let Value::Item(item) = element
                && applies(item)
            {
                let element = [&way[..], &[Step::Item(at)]].concat();
                writings.extend(self.act.writings(item, known, &element));
            }
            at += 1;
            false
        });
    }
}

impl Act {
    /// What is written in an item that stands at the end of a way.
    fn writings(&self, item: &dyn Item, known: &[&str], above: &[Step]) -> Vec<Writing> {
        let below = |way: &[Step]| [above, way].concat();
        match self {
            Self::Set { field, way, to } => match item.get(field) {
                Value::Text(text) if text == to => Vec::new(),
                _ => vec![Writing::Set {
                    at: below(way),
                    to: to.clone(),
                }],
            },
            Self::Copy {
                field,
                way,
                from,
                from_way,
            } => {
                let there = |field: &str| !matches!(item.get(field), Value::Missing);
                if there(field) || !there(from) {
                    return Vec::new();
                }
                vec![Writing::Copy {
                    at: below(way),
                    from: below(from_way),
                }]
            }
            Self::Remove { listed, map } => {
                let keys = texts(item, listed).into_iter();
                keys.map(|key| Writing::Remove {
                    at: entry(&below(map), key),
                })
                .collect()
            }
            Self::Rename { listed, map, of } => {
                let taken = |name: &str| match item.get(of) {
                    Value::Map(map) => !matches!(map.get(name), Value::Missing),
                    _ => false,
                };
                let mut given: Vec<&str> = Vec::new();
                let mut writings = Vec::new();
                for key in texts(item, listed) {
                    let near = base::nearest(&key, known.iter().copied());
                    if let Some(near) = near.filter(|near| !taken(near) && !given.contains(near)) {
                        given.push(near);
                        writings.push(Writing::Rename {
                            at: entry(&below(map), key),
                            to: near.to_owned(),
                        });
                    }
                }
                writings
            }
        }
    }
}

fn entry(map: &[Step], key: String) -> Vec<Step> {
    [map, &[Step::Key(key)]].concat()
}

/// The keys that a field lists, `key: value` or bare.
fn texts(item: &dyn Item, field: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if let Value::List(list) = item.get(field) {
        list.elements().find(&mut |element| {
            if let Value::Text(text) = element {
                let key = text.split_once(": ").map_or(text, |(key, _)| key);
                keys.push(key.to_owned());
            }
            false
        });
    }
    keys
}
