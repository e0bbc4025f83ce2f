//! Fixes out of policies, and where fields are written.

use base::{Diagnostic, SourceMap, Spanned};
use estate::kinds::{About, Fix};
use predicate::{Type, Vocabulary};
use yaml::edit::{Step, keys};

use super::{Act, Fixed, Fixes};
use crate::{Reader, Rules, codes, vocabulary};

/// The lists in whose elements something can be written.
const LISTS: [(&str, &[&str]); 2] = [
    ("containers", &["spec", "containers"]),
    ("init_containers", &["spec", "initContainers"]),
];
/// The fields of a job that can be written: those that are one text, and no other's affair.
const OF_JOB: [(&str, &[&str]); 6] = [
    ("cluster", &["cluster"]),
    ("context", &["context"]),
    ("path_alias", &["path_alias"]),
    ("rerun_command", &["rerun_command"]),
    ("service_account", &["spec", "serviceAccountName"]),
    ("trigger", &["trigger"]),
];
/// The fields of a container that can be written.
const OF_CONTAINER: [(&str, &[&str]); 6] = [
    ("cpu_limit", &["resources", "limits", "cpu"]),
    ("cpu_request", &["resources", "requests", "cpu"]),
    ("image", &["image"]),
    ("memory_limit", &["resources", "limits", "memory"]),
    ("memory_request", &["resources", "requests", "memory"]),
    ("pull_policy", &["imagePullPolicy"]),
];
/// The fields that list keys, and the map that these are of.
const OF_KEYS: [(&str, &str); 3] = [
    ("dead_labels", "labels"),
    ("dead_presets", "labels"),
    ("unknown_annotations", "annotations"),
];

impl Fixes {
    /// Reads what rules say is written where they are broken. `sources` hold the texts of their files.
    pub fn read(rules: &Rules<'_>, sources: &SourceMap) -> Self {
        let mut fixes = Self::default();
        for rule in &rules.all {
            let mut reader = Reader::new(sources, rule.policy.subject());
            let read: Vec<Fixed> = rule
                .rule
                .fix
                .iter()
                .filter_map(|fix| one(fix, rule.about(), &rule.rule.id, &mut reader))
                .collect();
            fixes.findings.extend(reader.into_findings());
            if !read.is_empty() {
                fixes.by_rule.insert(rule.id().to_owned(), read);
            }
        }
        fixes
    }
}

fn wrong<T>(
    reader: &mut Reader<'_>,
    at: &Spanned<String>,
    message: String,
    help: &str,
) -> Option<T> {
    let finding = Diagnostic::new(&codes::RULE, at.span, message);
    reader.report(finding.help(help));
    None
}

fn one(fix: &Fix, about: About, rule: &Spanned<String>, reader: &mut Reader<'_>) -> Option<Fixed> {
    if about != About::Job {
        let message = format!("the fix of `{rule}` is for no job");
        return wrong(
            reader,
            rule,
            message,
            "only what breaks rules about jobs is mended; remove `fix`",
        );
    }
    let job = vocabulary(about);
    let (each, words) = match &fix.each {
        None => (None, job),
        Some(list) => {
            let way = listed(&LISTS, list);
            let (Some(way), Some(words)) = (way, elements(job, list)) else {
                let names = LISTS.map(|(name, _)| name).join("` or `");
                let message = format!("nothing is written in the elements of `{list}`");
                return wrong(
                    reader,
                    list,
                    message,
                    &format!("write `{names}`, or leave `each` out"),
                );
            };
            (Some((list.value.clone(), way)), words)
        }
    };
    let applies = reader.predicate_if(fix.applies.as_ref(), words)?;
    let act = act(fix, each.is_some(), rule, reader)?;
    Some(Fixed { each, applies, act })
}

fn act(fix: &Fix, in_list: bool, rule: &Spanned<String>, reader: &mut Reader<'_>) -> Option<Act> {
    let help = "write `set` with `to` or `from`, or `remove`, or `rename`";
    match (&fix.set, &fix.to, &fix.from, &fix.remove, &fix.rename) {
        (Some(field), Some(to), None, None, None) => Some(Act::Set {
            way: writable(field, in_list, reader)?,
            field: field.value.clone(),
            to: to.value.clone(),
        }),
        (Some(field), None, Some(from), None, None) => {
            let way = writable(field, in_list, reader);
            let from_way = writable(from, in_list, reader);
            Some(Act::Copy {
                field: field.value.clone(),
                way: way?,
                from: from.value.clone(),
                from_way: from_way?,
            })
        }
        (None, None, None, Some(field), None) if !in_list => {
            let (map, _) = keyed(field, reader)?;
            Some(Act::Remove {
                listed: field.value.clone(),
                map,
            })
        }
        (None, None, None, None, Some(field)) if !in_list => {
            let (map, of) = keyed(field, reader)?;
            if of != "annotations" {
                let message = format!("nobody knows which names `{field}` may have");
                return wrong(
                    reader,
                    field,
                    message,
                    "rename `unknown_annotations`, or `remove` these",
                );
            }
            Some(Act::Rename {
                listed: field.value.clone(),
                map,
                of,
            })
        }
        _ => {
            let said = [&fix.set, &fix.remove, &fix.rename, &fix.to, &fix.from];
            let at = said.into_iter().flatten().next().unwrap_or(rule);
            wrong(
                reader,
                at,
                format!("a fix of `{rule}` does not say one thing to do"),
                help,
            )
        }
    }
}

fn listed(table: &[(&'static str, &[&'static str])], name: &str) -> Option<Vec<Step>> {
    let found = table.iter().find(|(field, _)| *field == name)?;
    Some(keys(found.1.iter().copied()))
}

fn elements(of: &'static dyn Vocabulary, list: &str) -> Option<&'static dyn Vocabulary> {
    match of.field(list)?.holds {
        Type::List(Type::Item(words)) => Some(*words),
        _ => None,
    }
}

/// The way to a field that can be written.
fn writable(field: &Spanned<String>, in_list: bool, reader: &mut Reader<'_>) -> Option<Vec<Step>> {
    let table = if in_list { &OF_CONTAINER } else { &OF_JOB };
    let way = listed(table, field);
    if way.is_none() {
        let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        let near = base::nearest(field, names.iter().copied());
        let help = near.map_or_else(
            || format!("what can be written is {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return wrong(
            reader,
            field,
            format!("`{field}` is not written by a fix"),
            &help,
        );
    }
    way
}

/// The map whose keys a field lists: the way to it and its own field.
fn keyed(field: &Spanned<String>, reader: &mut Reader<'_>) -> Option<(Vec<Step>, &'static str)> {
    let found = OF_KEYS.iter().find(|(name, _)| *name == field.value);
    let Some((_, map)) = found else {
        let names = OF_KEYS.map(|(name, _)| name).join(", ");
        let message = format!("`{field}` does not list what a fix could change");
        return wrong(
            reader,
            field,
            message,
            &format!("those that do are {names}"),
        );
    };
    Some((keys([*map]), map))
}
