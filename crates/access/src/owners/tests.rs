//! Files that are made, held against what they are made from.

mod codeowners;
mod findings;
mod made;

use base::Diagnostic;
use estate::{Estate, MemoryTree};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 1, 1);

type Files<'f> = [(&'f str, &'f str)];

fn read(files: &Files<'_>) -> (Estate, Vec<Diagnostic>) {
    let manifest = "commonhold: 1\nname: test\n";
    let tree = MemoryTree::default().with("commonhold.yaml", manifest);
    let add = |tree: MemoryTree, (path, text): &(&str, &str)| tree.with(path, *text);
    formats::load(&files.iter().fold(tree, add)).expect("a root file")
}

const ADOPTS: (&str, &str) = (
    "commonhold.yaml",
    "commonhold: 1\nname: test\nsources: [{format: owners, path: repo, repository: org/repo}]\n",
);

/// An estate that adopts the OWNERS files below `repo/`.
fn adopted(files: &Files<'_>) -> Estate {
    read(&[&[ADOPTS], files].concat()).0
}
