//! What happened between two states.

use std::collections::BTreeMap;

use base::Digest;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::api::row;
use crate::model::{Collection, Listing, Reader, Row};
use crate::{Content, Stamp};

/// What is sent to try a place out.
pub(crate) const TEST: &str = "webhook.test";
/// A newer state is shown.
const LOADED: &str = "estate.loaded";
/// A newer state cannot be shown.
const BROKEN: &str = "estate.broken";
/// How many events of one collection are told of one change; it says how many there were.
const MOST: usize = 200;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// What: `finding.new`.
    pub(crate) kind: String,
    /// What tells it from others of its kind.
    pub(crate) about: String,
    pub(crate) data: Json,
}

/// What happens to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Changed,
    Gone,
}

impl Fate {
    const ALL: [Self; 3] = [Self::New, Self::Changed, Self::Gone];

    fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

fn stem(of: &Collection) -> String {
    of.one
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric(), "-")
}

fn article(one: &str) -> String {
    let article = if one.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {one}")
}

/// Every kind of event there is, with what it means.
pub(crate) fn kinds(listings: &[Listing]) -> Vec<(String, String)> {
    let fixed = [
        (LOADED, "A newer state of the community's files is shown."),
        (
            BROKEN,
            "A newer state cannot be shown; the last good one stays.",
        ),
    ];
    let fixed = fixed.map(|(kind, about)| (kind.to_owned(), about.to_owned()));
    let of = listings.iter().flat_map(|listing| {
        Fate::ALL.map(|fate| {
            let one = listing.of.one;
            let about = match fate {
                Fate::New => format!("There is a new {one}."),
                Fate::Changed => format!("Something about {} is not as it was.", article(one)),
                Fate::Gone => format!("There was {} and is no more.", article(one)),
            };
            (format!("{}.{}", stem(listing.of), fate.word()), about)
        })
    });
    fixed.into_iter().chain(of).collect()
}

/// Whether whoever asked for these wants an event.
pub(crate) fn wanted(asked: &[String], kind: &str) -> bool {
    asked.iter().any(|asked| {
        let all_of = asked
            .strip_suffix('*')
            .is_some_and(|stem| kind.starts_with(stem));
        asked == kind || all_of
    })
}

/// What happened, as whoever comes may see it. Only kinds that somebody wants are looked for.
pub(crate) fn between(
    old: &dyn Content,
    new: &dyn Content,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<Event> {
    let (before, after) = (old.stamp(), new.stamp());
    let mut events: Vec<Event> = broken(before, after).into_iter().collect();
    let mut counts = serde_json::Map::new();
    let mut marks = vec![after.commit.clone().unwrap_or_default()];
    for listing in new.listings() {
        let older = old
            .listings()
            .iter()
            .find(|older| older.of.id == listing.of.id);
        // A collection that the program itself is new to has not happened.
        let Some(older) = older else { continue };
        let stem = stem(listing.of);
        let asked = Fate::ALL.map(|fate| is_wanted(&format!("{stem}.{}", fate.word())));
        if !asked.contains(&true) && !is_wanted(LOADED) {
            continue;
        }
        let found = rows(older, listing);
        if !found.is_empty() {
            let count = |fate| found.iter().filter(|(held, ..)| *held == fate).count();
            let each = Fate::ALL.map(|fate| (fate.word().to_owned(), json!(count(fate))));
            // Processes that see the same must tell it alike, and the next such change is another.
            marks.push(format!("{} {found:?}", listing.of.id));
            counts.insert(
                listing.of.id.to_owned(),
                Json::Object(each.into_iter().collect()),
            );
        }
        for fate in Fate::ALL {
            let of_it = found.iter().filter(|(held, ..)| *held == fate).take(MOST);
            if is_wanted(&format!("{stem}.{}", fate.word())) {
                events.extend(
                    of_it.map(|(fate, from, to)| told(*fate, *from, *to, older, listing, old, new)),
                );
            }
        }
    }
    if before.commit != after.commit || !counts.is_empty() {
        let data = json!({
            "commit": after.commit,
            "committed": after.committed.map(|at| at.to_string()),
            "collections": counts,
        });
        events.push(Event {
            kind: LOADED.to_owned(),
            about: Digest::of(marks.join("\n").as_bytes()).hex(),
            data,
        });
    }
    events.retain(|event| is_wanted(&event.kind));
    events
}

/// That a newer state cannot be shown, if that is new.
fn broken(before: &Stamp, after: &Stamp) -> Option<Event> {
    let trouble = after.trouble.as_ref()?;
    if before.trouble.as_ref() == Some(trouble) {
        return None;
    }
    let data = json!({
        "commit": trouble.commit,
        "since": trouble.since.to_string(),
        "what": trouble.what,
    });
    Some(Event {
        kind: BROKEN.to_owned(),
        about: trouble.commit.clone().unwrap_or_default(),
        data,
    })
}

/// The rows that are not as they were, in the order of their keys.
fn rows<'l>(old: &'l Listing, new: &'l Listing) -> Vec<(Fate, Option<&'l Row>, Option<&'l Row>)> {
    let anybody = Reader::anybody();
    let keyed = |listing: &'l Listing| -> BTreeMap<&'l str, &'l Row> {
        let open = listing
            .rows
            .iter()
            .filter(|row| anybody.sees(&row.audience));
        open.map(|row| (row.key.as_str(), row)).collect()
    };
    let (before, after) = (keyed(old), keyed(new));
    let mut found = Vec::new();
    for (key, row) in &after {
        match before.get(key) {
            None => found.push((Fate::New, None, Some(*row))),
            Some(older) if differs(older, row, &anybody) => {
                found.push((Fate::Changed, Some(*older), Some(*row)));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    found.extend(gone.map(|(_, row)| (Fate::Gone, Some(*row), None)));
    found
}

/// Whether anything that whoever comes may see differs. That a line moved within its file is no change.
fn differs(old: &Row, new: &Row, reader: &Reader) -> bool {
    let cells = |row| -> &[crate::model::Cell] {
        let row: &Row = row;
        &row.cells
    };
    let (old, new) = (cells(old), cells(new));
    let seen = |(a, b)| reader.cell(a).value != reader.cell(b).value;
    old.len() != new.len() || old.iter().zip(new).any(seen)
}

fn told(
    fate: Fate,
    from: Option<&Row>,
    to: Option<&Row>,
    older: &Listing,
    newer: &Listing,
    old: &dyn Content,
    new: &dyn Content,
) -> Event {
    let from = from.map(|held| row(older.of, held, old.stamp()));
    let to = to.map(|held| row(newer.of, held, new.stamp()));
    let key = to.as_ref().or(from.as_ref()).map(|row| row["key"].clone());
    let key = key
        .as_ref()
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut data = json!({
        "collection": newer.of.id,
        "key": key,
        "commit": new.stamp().commit,
    });
    if let (Some(from), Some(to)) = (&from, &to) {
        let differ = changed(&from["values"], &to["values"]);
        data["before"] = differ;
    }
    data["item"] = to.or(from).unwrap_or(Json::Null);
    Event {
        kind: format!("{}.{}", stem(newer.of), fate.word()),
        about: key,
        data,
    }
}

/// What stood where something else stands now.
fn changed(from: &Json, to: &Json) -> Json {
    let held = from.as_object().into_iter().flatten();
    let differ = held.filter(|(name, value)| to.get(name.as_str()) != Some(value));
    Json::Object(
        differ
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// The message that tells of an event.
pub(crate) fn message(event: &Event, at: Timestamp) -> String {
    json!({"type": event.kind, "timestamp": at.to_string(), "data": event.data}).to_string()
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn one_asks_for_events_by_name_by_stem_or_for_all() {
        let asked = |list: &[&str], kind| {
            let list: Vec<String> = list.iter().map(|&one| one.to_owned()).collect();
            wanted(&list, kind)
        };
        assert!(asked(&["finding.new"], "finding.new"));
        assert!(asked(&["finding.*"], "finding.gone"));
        assert!(asked(&["*"], "estate.loaded"));
        assert!(!asked(&["finding.*"], "findings-of.new"));
        assert!(!asked(&["finding.new"], "finding.gone"));
        assert!(!asked(&[], "finding.new"));
    }
}
