//! `commonhold init`

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use estate::{KindId, Manifest, Tree};

use crate::cli::InitArguments;
use crate::files::{self, DiskTree};
use crate::project::Project;
use crate::surroundings::Outcome;

const CHARTER: &str = "\
# The community's own rules. Every rule applies as it ships unless it stands here:
# `commonhold explain` lists them, `commonhold explain RULE` says what each can be told.
rules:
  minimum-staff:
    with: {minimum: 3, grace_days: 180}
  employer-share:
    with: {share: 1/3, relation: at-most, grace_days: 180}
";

pub(crate) fn run(project: &Project<'_>, arguments: &InitArguments) -> anyhow::Result<Outcome> {
    let given = arguments
        .path
        .as_deref()
        .or(project.given.as_deref())
        .unwrap_or(Path::new("."));
    let root = project.surroundings.folder.join(given);
    let manifest = root.join(Manifest::FILE);
    if manifest.exists() {
        bail!(
            "{} is there already; `commonhold check` checks that estate",
            given.join(Manifest::FILE).display()
        );
    }
    std::fs::create_dir_all(&root)
        .with_context(|| format!("the folder {} cannot be made", given.display()))?;
    let tree = DiskTree::new(&root, "");
    let paths = tree.find("", &|_| true)?;
    let adopted = adopt(&paths);
    let name = arguments.name.clone().unwrap_or_else(|| folder_name(&root));
    let create = |name: &str, text: &str| {
        files::create(&root.join(name), text)
            .with_context(|| format!("{} cannot be written", given.join(name).display()))
    };
    create(Manifest::FILE, &manifest_text(&name, &adopted))?;
    let mut said = format!("wrote {}\n", Manifest::FILE);
    if !root.join("charter.yaml").exists() {
        create("charter.yaml", CHARTER)?;
        said.push_str("wrote charter.yaml\n");
    }
    for (format, path) in &adopted {
        let _ = writeln!(said, "adopted {path} as {format}");
    }
    let unplaced = unplaced(&paths, &adopted);
    if !unplaced.is_empty() {
        let _ = writeln!(
            said,
            "\ncould not place {} YAML files; `commonhold check` warns of them until they are sources, items, or ignored:",
            unplaced.len()
        );
        for path in unplaced.iter().take(10) {
            let _ = writeln!(said, "  {path}");
        }
        if unplaced.len() > 10 {
            let _ = writeln!(said, "  and {} more", unplaced.len() - 10);
        }
    }
    let folders: Vec<&str> = KindId::ALL.iter().map(|kind| kind.folder()).collect();
    let _ = writeln!(
        said,
        "\nNext: declare what there is, one file an item, in {}/;\nthen run `commonhold check`.",
        folders.join("/, ")
    );
    Ok(Outcome::data(said))
}

/// The sources of known formats, each as format and path.
fn adopt(paths: &[String]) -> Vec<(&'static str, String)> {
    let found = formats::ADAPTERS.iter().flat_map(|adapter| {
        let sources = (adapter.detect)(paths);
        sources.into_iter().map(|path| (adapter.name, path))
    });
    found.collect()
}

fn manifest_text(name: &str, adopted: &[(&str, String)]) -> String {
    let mut text = format!(
        "# The root of an estate; every other file is found from here.\ncommonhold: 1\nname: {}\n",
        quoted(name)
    );
    if !adopted.is_empty() {
        text.push_str("\n# Files in the formats their own programs read, where they are. People in the first count first.\nsources:\n");
    }
    for (format, path) in adopted {
        let _ = writeln!(text, "  - format: {format}\n    path: {}", quoted(path));
    }
    text
}

/// A YAML text that no reader takes for anything else: a JSON string is one.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn folder_name(root: &Path) -> String {
    let whole = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    whole.file_name().map_or("Our project".to_owned(), |name| {
        name.to_string_lossy().into_owned()
    })
}

fn unplaced<'p>(paths: &'p [String], adopted: &[(&str, String)]) -> Vec<&'p String> {
    let known = |path: &str| {
        let kinds = KindId::ALL.iter().map(|kind| kind.folder());
        let below = |folder: &str| {
            folder == "."
                || path == folder
                || path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        path == "charter.yaml"
            || kinds
                .chain(adopted.iter().map(|(_, path)| path.as_str()))
                .any(below)
    };
    let hidden = |path: &&String| path.split('/').any(|part| part.starts_with('.'));
    let yaml = |path: &&String| path.ends_with(".yaml") || path.ends_with(".yml");
    paths
        .iter()
        .filter(|path| yaml(path) && !hidden(path))
        .filter(|path| !known(path))
        .collect()
}
