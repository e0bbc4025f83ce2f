//! Where a vendor is called by its names.

use std::collections::{BTreeMap, BTreeSet};

use base::{SourceFile, Span};
use estate::kinds::Kind;
use estate::{Estate, KindId};

use crate::wildcard;

/// Lines of one file that call a vendor by one of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What the file holds: `services`, `jobs`, `zones`.
    pub area: String,
    /// The file.
    pub path: String,
    /// Each place, the first of a line.
    pub places: Vec<Span>,
}

/// All of them, by name, area and file.
///
/// The texts of files are looked at as they are: what a comment or a description says is a
/// reference too. Files that speak of moves, rules and people name vendors for good reason.
pub(super) fn named(estate: &Estate, names: &BTreeSet<String>) -> Vec<Named> {
    let mut found: BTreeMap<(&str, String, &str), Vec<Span>> = BTreeMap::new();
    for (id, file) in estate.sources.entries() {
        let Some(area) = area(estate, file) else {
            continue;
        };
        let text = file.text.to_lowercase();
        // Where lower case has other lengths, places would be wrong.
        let text = if text.len() == file.text.len() {
            text.as_str()
        } else {
            &file.text
        };
        for name in names {
            let places = places(text, &name.to_lowercase());
            if !places.is_empty() {
                let spans = places
                    .into_iter()
                    .map(|at| Span::new(id, at, at + name.len()));
                found.insert((name, area.clone(), &file.path), spans.collect());
            }
        }
    }
    let named = found.into_iter();
    named
        .map(|((name, area, path), places)| Named {
            name: name.to_owned(),
            area,
            path: path.to_owned(),
            places,
        })
        .collect()
}

/// What a file holds; nothing for those that are not looked at.
fn area(estate: &Estate, file: &SourceFile) -> Option<String> {
    let root = &estate.sources.file(estate.root.file).path;
    let below = root.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = file.path.strip_prefix(below).unwrap_or(&file.path);
    let path = path.trim_start_matches('/');
    let folder = path.split('/').next().unwrap_or(path);
    let sources = estate.manifest.sources.iter();
    let source = sources
        .filter(|source| is_below(path, source.path.value.trim_end_matches('/')))
        .max_by_key(|source| source.path.value.len());
    if let Some(source) = source {
        return Some(source.format.value.clone());
    }
    let of_zone = |zone: &estate::Item<estate::kinds::Zone>| {
        let mut records = zone.value.records.iter();
        records.any(|records| wildcard::matches(&records.value, path))
    };
    if estate.tables.zones.items().any(of_zone) {
        return Some(estate::kinds::Zone::FOLDER.to_owned());
    }
    let kind = KindId::ALL.iter().find(|kind| kind.folder() == folder)?;
    let silent = [
        KindId::Person,
        KindId::Migration,
        KindId::Policy,
        KindId::CreditGrant,
    ];
    (!silent.contains(kind)).then(|| kind.folder().to_owned())
}

fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where a text has a name as a word of its own, once a line.
fn places(text: &str, name: &str) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    let word = |c: char| c.is_alphanumeric();
    for (at, _) in text.match_indices(name) {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let alone = !before.is_some_and(word) && !after.is_some_and(word);
        let new_line = places
            .last()
            .is_none_or(|last| text[*last..at].contains('\n'));
        if alone && new_line {
            places.push(at);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word_of_its_own_once_a_line() {
        let text = "image: reg.vendor.io/vendor/x\nmail: a@vendors.io\nvendor\n";
        assert_eq!(places(text, "vendor"), [11, 49]);
        assert_eq!(places(text, "nobody"), [0; 0]);
    }
}
