//! Files below `decisions/` to events.

use std::collections::BTreeSet;

use estate::{Tree, Unreadable};

use crate::event::{Event, parse_event};
use crate::refusal::{Reason, Refusal, Refused};

/// The folder of all decisions, below the estate's root.
pub const FOLDER: &str = "decisions";

/// Reads all events of an estate, by their paths, and what is no event.
///
/// Texts and records for people (`*.md`), journals (`events.jsonl`), records for programs
/// (`record.json`), signed heads (`heads.json`) and hidden files are passed over: hiding an event is removing it, which the ledger's receipts show. An
/// estate without the folder has decided nothing yet.
///
/// # Errors
/// Something is there and cannot be read: an objection that nobody saw is not one that
/// nobody made.
pub fn read(tree: &dyn Tree) -> Result<(Vec<Event>, Vec<Refused>), Unreadable> {
    let paths = match tree.find(FOLDER, &|_| true) {
        Ok(paths) => paths,
        Err(refused) if refused.missing && !tree.is_folder(FOLDER) => Vec::new(),
        Err(refused) => return Err(refused),
    };
    let (mut events, mut refused) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    for path in paths {
        match role(&path) {
            Role::Event => files.push(path),
            Role::Aside => {}
            Role::Stranger => {
                let what = format!(
                    "only events lie here, as `{FOLDER}/ITEM/DIGEST.json`: move it elsewhere"
                );
                refused.push(Refusal::new(Reason::Place, what).of_file(&path));
            }
        }
    }
    for (path, text) in files.iter().zip(tree.read_all(&files)) {
        match parse_event(&text?) {
            Ok(event) => events.push((path, event)),
            Err(refusal) => refused.push(refusal.of_file(path)),
        }
    }
    let in_place: BTreeSet<_> = events
        .iter()
        .filter(|(path, event)| **path == event.path())
        .map(|(_, event)| *event.digest())
        .collect();
    let mut kept = Vec::new();
    for (path, event) in events {
        let proper = event.path();
        if *path == proper {
            kept.push(event);
            continue;
        }
        let refusal = if in_place.contains(event.digest()) {
            Refusal::new(
                Reason::Duplicate,
                format!("the same event is at {proper}: remove this file"),
            )
        } else {
            Refusal::new(
                Reason::Digest,
                format!("what it says belongs at {proper}: it was moved or changed"),
            )
        };
        refused.push(refusal.of_file(path));
    }
    refused.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((kept, refused))
}

enum Role {
    Event,
    Aside,
    Stranger,
}

fn role(path: &str) -> Role {
    let below = path.strip_prefix(FOLDER).unwrap_or(path);
    let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [.., name] if name.starts_with('.') || name.ends_with(".md") => Role::Aside,
        [_, "events.jsonl" | "record.json"] | ["heads.json"] => Role::Aside,
        [_, name] if name.ends_with(".json") => Role::Event,
        _ => Role::Stranger,
    }
}
