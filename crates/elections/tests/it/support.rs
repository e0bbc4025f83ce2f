//! What the tests have in common.

use std::fs;
use std::path::{Path, PathBuf};

use base::{Diagnostic, SourceMap};
use elections::{Definition, Login};
use estate::{Draft, Estate, MemoryTree, Tree, Unreadable, join};
use jiff::Timestamp;

/// The text of a whole election, to be changed line by line.
pub(crate) const ELECTION: &str = "\
key: steering/2026
body: steering
seats: 3
method: {name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}
tie: coin
nominations: {open: 2026-07-01 00:00 UTC, close: 2026-08-01 23:59:59 AoE}
open: 2026-08-14 00:00:01 UTC
close: 2026-10-01 23:59:59 AoE
exceptions_close: 2026-09-28 23:59:59 AoE
privacy: sealed
publish: pairwise
cap: {fraction: 1/3, relation: \"<=\", of: 7}
terms: [2y, 2y, 2y]
limits: {consecutive: 2, lifetime: 4, exempt_below: 1y}
officers: [olga, otto, orla]
voters:
  any:
  - {organisations: [alpha], contributions: 50}
  - {groups: [conduct], from: 2024-08-01, until: 2026-08-01}
candidacy: {endorsements: 3, employers: 3, self_counts: true, words: 450}
";

/// Reads an election.
pub(crate) fn read(text: &str) -> (Option<Definition>, Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::default();
    let file = sources.add("election.yaml", text);
    let (definition, findings) = Definition::read(text, file);
    (definition, findings, sources)
}

/// [`ELECTION`] with one line replaced, by the key that it begins with; added if there is none.
pub(crate) fn with(key: &str, line: &str) -> String {
    let begins = |text: &str| text.starts_with(&format!("{key}:"));
    let mut found = false;
    let mut text: String = ELECTION
        .lines()
        .map(|old| {
            if begins(old) {
                found = true;
                format!("{line}\n")
            } else {
                format!("{old}\n")
            }
        })
        .collect();
    if !found {
        text += line;
        text.push('\n');
    }
    text
}

/// An election that has no errors.
pub(crate) fn sound(text: &str) -> Definition {
    let (definition, findings, _) = read(text);
    let errors: Vec<&Diagnostic> = errors(&findings).collect();
    assert!(errors.is_empty(), "{errors:?}");
    definition.expect("an election")
}

/// The findings that are errors.
pub(crate) fn errors(findings: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    findings
        .iter()
        .filter(|finding| finding.severity == base::Severity::Error)
}

/// The ids of findings.
pub(crate) fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id).collect()
}

/// A moment.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// A login.
pub(crate) fn login(text: &str) -> Login {
    Login::new(text).expect("a login")
}

/// An estate of files, `commonhold.yaml` not among them.
pub(crate) fn estate(files: &[(&str, &str)]) -> Estate {
    let tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    let tree = files
        .iter()
        .fold(tree, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = Draft::read(&tree).expect("an estate").resolve();
    let errors: Vec<&Diagnostic> = errors(&findings).collect();
    assert!(errors.is_empty(), "{errors:?}");
    estate
}

/// A folder of real elections, where it exists.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn real(path: &str) -> Option<DiskTree> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let root = data.join(path);
    if root.is_dir() {
        return Some(DiskTree(root));
    }
    eprintln!("skipped: {} is not there", root.display());
    assert!(
        std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none(),
        "the real elections are required"
    );
    None
}

/// A folder of the disk.
pub(crate) struct DiskTree(pub(crate) PathBuf);

impl Tree for DiskTree {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        fs::read_to_string(self.0.join(path)).map_err(|error| Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
            missing: error.kind() == std::io::ErrorKind::NotFound,
        })
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        let entries = fs::read_dir(self.0.join(folder)).map_err(|error| Unreadable {
            path: folder.to_owned(),
            reason: error.to_string(),
            missing: true,
        })?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = join(folder, &name);
            if entry.path().is_dir() {
                found.extend(self.find(&path, wanted)?);
            } else if wanted(&name) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.0.join(path).is_dir()
    }
}
