//! A changed file is read again: it must say what was asked, and nothing else new.

use base::{SourceMap, Span, Spanned};
use estate::kinds::{Foreign, Zone, ZoneLimits, ZoneReading};
use estate::records::{DomainName, RecordKey, RecordSet};
use estate::{Item, MemoryTree};
use yaml::{Node, Value};

use super::page::{Found, Page, type_of};
use super::{Edit, Obstacle};
use crate::octodns::read_zone;
use crate::octodns::write::{Conventions, Form};

/// Compares a file with the page it was made of.
pub(super) fn verify(
    before: &Page<'_>,
    changed: &str,
    edit: &Edit,
    conventions: Conventions,
) -> Result<(), Obstacle> {
    let wrong = |what: &str| {
        let help = "change the file by hand; nothing was changed";
        Obstacle::anywhere(format!("the change cannot be made safely: {what}"), help)
    };
    let after = Page::read(changed, before.zone)
        .map_err(|obstacle| wrong(&format!("afterwards {}", obstacle.reason)))?;
    if others(before, &edit.key) != others(&after, &edit.key) {
        return Err(wrong("another record would change with it"));
    }
    let (Some(to), found) = (&edit.to, after.find(&edit.key)) else {
        return match after.find(&edit.key) {
            None => Ok(()),
            Some(_) => Err(wrong("it would be declared still")),
        };
    };
    let found = found.ok_or_else(|| wrong("it would not be declared"))?;
    if let Some(old) = before.find(&edit.key)
        && remarks(old.record) != remarks(found.record)
    {
        return Err(wrong("what else the record says would change"));
    }
    let record = record_of(found);
    match read_record(before.zone, &edit.key, &record, conventions) {
        Ok(set) if set == *to => Ok(()),
        Ok(_) => Err(wrong("the record would not hold what is asked")),
        Err(reason) => Err(Obstacle::anywhere(reason, "ask for something else")),
    }
}

/// Everything in a file but one record set, in order.
fn others(page: &Page<'_>, key: &RecordKey) -> Vec<(Option<String>, Form)> {
    let mut all = Vec::new();
    for entry in &page.entries {
        let records = match &entry.value.value {
            Value::Sequence(items) => &items[..],
            _ => std::slice::from_ref(&entry.value),
        };
        let edited = entry.name.as_ref() == Some(&key.name);
        for record in records {
            if !(edited && type_of(record) == Some(key.rtype)) {
                all.push((entry.key.text().map(str::to_owned), Form::of_node(record)));
            }
        }
    }
    all
}

/// What a record says beside its values.
fn remarks(record: &Node) -> Vec<(Option<&str>, Form)> {
    let Value::Mapping(keys) = &record.value else {
        return Vec::new();
    };
    keys.iter()
        .map(|(key, value)| (key.text(), Form::of_node(value)))
        .filter(|(key, _)| !matches!(key, Some("ttl" | "value" | "values")))
        .collect()
}

fn record_of(found: Found<'_>) -> Form {
    Form::of_node(found.record)
}

/// Reads one record as the reader of whole zones does.
///
/// # Errors
/// What the reader says against it.
pub(in crate::octodns) fn read_record(
    zone: &DomainName,
    key: &RecordKey,
    record: &Form,
    conventions: Conventions,
) -> Result<RecordSet, String> {
    let below = key.name.below(zone).unwrap_or("");
    let text = Form::Map(vec![(below.to_owned(), record.clone())]).lines(0);
    let mut sources = SourceMap::default();
    let nowhere = Span::start_of(sources.add("", ""));
    let item = Item {
        name: zone.undotted().to_owned(),
        span: nowhere,
        value: settings(conventions, nowhere),
    };
    let tree = MemoryTree::default().with("record", text);
    let reading = read_zone(&item, &tree, &mut sources);
    let set = reading.zone.and_then(|mut zone| zone.sets.remove(key));
    set.map(|declared| declared.set).ok_or_else(|| {
        let finding = reading.findings.into_iter().next();
        finding.map_or_else(
            || "octoDNS is told to leave the record alone".to_owned(),
            |finding| finding.message,
        )
    })
}

pub(in crate::octodns) fn settings(conventions: Conventions, nowhere: Span) -> Zone {
    Zone {
        owner: None,
        service: None,
        records: vec![Spanned::new("record".to_owned(), nowhere)],
        copy: None,
        servers: Vec::new(),
        default_ttl: conventions.default_ttl,
        foreign: Foreign::Keep,
        absent: Vec::new(),
        limits: ZoneLimits::default(),
        validators: Vec::new(),
        without_validators: Vec::new(),
        reading: ZoneReading {
            enforce_order: false,
            escaped_semicolons: conventions.escaped_semicolons,
        },
    }
}
