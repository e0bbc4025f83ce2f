//! What tells cheaply that a newer state is due.

use std::path::Path;

use base::{Digest, SourceMap};
use estate::Manifest;
use ledger::Ledger;

use crate::governed::Place;
use crate::project::Project;

/// Something that differs when anything here would: the commit and the branches, the end of the
/// ledger, and the names and times of the files of decisions, plans and ballot boxes. What cannot
/// be asked is left out.
pub(crate) fn version(project: &Project<'_>) -> String {
    let Ok(place) = Place::of(project) else {
        return String::new();
    };
    let commit = place.repository.as_ref();
    let refs = commit.and_then(|repository| repository.refs().ok());
    let commit = commit.and_then(|repository| repository.commit("HEAD").ok());
    let head = head(&place).map_or_else(String::new, |head| head.to_string());
    let folders = [
        "decisions",
        ".commonhold/plans",
        ".commonhold/elections",
        "elections",
    ];
    let folders = folders.map(|name| folder(&place.folder.join(name)));
    let all = format!(
        "{} {head} {}",
        commit.unwrap_or_default() + &refs.unwrap_or_default(),
        folders.join(" ")
    );
    Digest::of(all.as_bytes()).hex()[..16].to_owned()
}

/// The digest of the last record of the ledger.
fn head(place: &Place<'_>) -> Option<Digest> {
    let text = std::fs::read_to_string(place.folder.join(Manifest::FILE)).ok()?;
    let file = SourceMap::default().add(Manifest::FILE, text.as_str());
    let (manifest, _) = Manifest::read(&text, file);
    let url = place.ledger_url(&manifest?).ok()?;
    let mut ledger = Ledger::open_read_only(&url).ok()?;
    Some(ledger.head().ok()?.digest)
}

/// The most files that are looked at in a folder.
const MOST: usize = 200_000;

/// A digest of the names, sizes and times of all files below a folder; empty where there is none.
pub(super) fn folder(path: &Path) -> String {
    let mut lines = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(about) = entry.metadata() else {
                continue;
            };
            let path = entry.path();
            // Readers leave such a file behind, which holds nothing of its own.
            let is_shared_memory = path.extension().is_some_and(|end| end == "sqlite-shm");
            let is_empty_log =
                about.len() == 0 && path.extension().is_some_and(|end| end == "sqlite-wal");
            if about.is_dir() {
                folders.push(path);
            } else if !is_shared_memory && !is_empty_log && lines.len() < MOST {
                let time = about.modified().ok();
                let time = time.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
                let time = time.map_or(0, |time| time.as_nanos());
                lines.push(format!("{} {} {time}", path.display(), about.len()));
            }
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    lines.sort_unstable();
    Digest::of(lines.join("\n").as_bytes()).short()
}
