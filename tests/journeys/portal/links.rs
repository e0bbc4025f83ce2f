//! Where the links of pages lead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::support::Folder;

/// The values of an attribute in a page that we made: they stand in double quotes, and no text of it has any.
fn values<'t>(text: &'t str, attribute: &str) -> impl Iterator<Item = &'t str> {
    let opening = format!(" {attribute}=\"");
    let starts: Vec<usize> = text
        .match_indices(&opening)
        .map(|(at, _)| at + opening.len())
        .collect();
    starts
        .into_iter()
        .filter_map(|at| text[at..].split('"').next())
}

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The file that a link of another leads to.
fn joined(from: &Path, to: &str) -> PathBuf {
    let mut path = from.parent().expect("a folder").to_owned();
    for part in Path::new(to).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path
}

#[test]
fn every_link_of_a_site_leads_to_a_file_and_to_a_place_in_it() {
    let folder = Folder::new();
    let out = folder.0.join("site");
    let said = crate::support::example(&format!("site {}", out.display()));
    assert_eq!(said.exit, commonhold::Exit::Well, "{}", said.notes);
    let mut all = Vec::new();
    files(&out, &mut all);
    let pages = all
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "html"));
    let texts: BTreeMap<&PathBuf, String> = pages
        .map(|path| (path, std::fs::read_to_string(path).expect("a page")))
        .collect();
    let places: BTreeMap<&PathBuf, BTreeSet<&str>> = texts
        .iter()
        .map(|(path, text)| (*path, values(text, "id").collect()))
        .collect();
    let known: BTreeSet<&PathBuf> = all.iter().collect();
    let mut wrong = BTreeSet::new();
    let mut links = 0;
    for (from, text) in &texts {
        for link in values(text, "href").filter(|link| !link.contains(':')) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() {
                (*from).clone()
            } else {
                joined(from, file)
            };
            let leads = known.contains(&to)
                && (place.is_empty() || places.get(&to).is_some_and(|ids| ids.contains(place)));
            if !leads {
                let from = from.strip_prefix(&out).expect("below it");
                wrong.insert(format!("{} to {link}", from.display()));
            }
            links += 1;
        }
    }
    assert!(links > 10_000, "{links} links");
    let first: Vec<&String> = wrong.iter().take(20).collect();
    assert!(
        wrong.is_empty(),
        "{} links lead nowhere: {first:#?}",
        wrong.len()
    );
}

#[test]
fn a_site_is_not_written_for_what_is_no_address() {
    let folder = Folder::new();
    let out = folder.0.join("site");
    for url in [
        "nope",
        "ftp://a.example",
        "https://",
        "https:///a",
        "https://a.example/?b",
    ] {
        let said = crate::support::example(&format!("site {} --url {url}", out.display()));
        assert_eq!(said.exit, commonhold::Exit::Usage, "{url}");
        assert!(said.notes.contains("write a URL like"), "{}", said.notes);
        assert!(!out.exists(), "{url}");
    }
}
