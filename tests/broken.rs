//! The table of broken estates. `broken/FINDING/SLUG.txt` says in a sentence who
//! made which mistake, shows the files, and then all that `commonhold check`
//! prints about them.
//!
//! A file headed `--- path (escaped)` may hold what an editor would hide: `\t`,
//! `\r`, `\xNN` for a byte, `\u{NNNN}` for a character, `\\`, and `\` before a
//! line's end, which then is none. Files of [`DEFAULTS`] are there unless a case
//! brings its own, or heads one `--- path (absent)`.
//!
//! `COMMONHOLD_BLESS=1` writes down what is printed now. Read it as the person
//! who made the mistake before you commit it.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use commonhold::{Surroundings, pages};
use jiff::civil::date;

const DEFAULTS: [(&str, &str); 2] = [
    ("commonhold.yaml", "commonhold: 1\nname: Broken\n"),
    // Without a charter, each case would be told that it has none.
    ("charter.yaml", "rules: {}\n"),
];

const LONGEST_EXPECTATION: usize = 40;

#[test]
fn each_broken_estate_gets_the_findings_it_expects() {
    let bless = std::env::var_os("COMMONHOLD_BLESS").is_some();
    let in_ci = std::env::var_os("CI").is_some();
    assert!(!(bless && in_ci), "CI never changes what is expected");
    let mut faults = String::new();
    for case in cases() {
        let Ok(found) = std::panic::catch_unwind(|| case.findings()) else {
            let _ = writeln!(faults, "{}: panicked", case.slug);
            continue;
        };
        if bless {
            put(&case.path, format!("{}{found}", case.given).as_bytes());
        } else if found != case.expected {
            let difference = difference(&case.expected, &found);
            let _ = writeln!(faults, "{}:\n{difference}", case.slug);
        }
        if !ids(&found).contains(case.finding.as_str()) {
            let _ = writeln!(faults, "{}: there is no {}", case.slug, case.finding);
        }
        if found.lines().count() >= LONGEST_EXPECTATION {
            let _ = writeln!(faults, "{}: more than one fact", case.slug);
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_finding_has_a_case() {
    let covered: BTreeSet<String> = cases().into_iter().map(|case| case.finding).collect();
    // What is wrong with elections and bills has its cases in the tests of their crates.
    let known: BTreeSet<String> = pages::findings().map(|code| code.id.to_owned()).collect();
    assert_eq!(
        &known - &covered,
        BTreeSet::new(),
        "findings without a case"
    );
    assert_eq!(&covered - &known, BTreeSet::new(), "cases of no finding");
}

#[test]
fn escapes_stand_for_bytes() {
    assert_eq!(
        unescaped("a\\t\\\\\\r\\\n\\xff\\u{1f980}é"),
        b"a\t\\\r\xff\xf0\x9f\xa6\x80\xc3\xa9"
    );
}

/// One broken estate.
struct Case {
    path: PathBuf,
    /// `FINDING/SLUG`.
    slug: String,
    finding: String,
    /// The case up to what is expected.
    given: String,
    /// Paths and what stands there; `None` for nothing.
    files: Vec<(String, Option<Vec<u8>>)>,
    expected: String,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/broken");
    let findings = entries(&root).into_iter().filter(|path| path.is_dir());
    findings
        .flat_map(|folder| entries(&folder))
        .map(|path| Case::read(&path))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

impl Case {
    fn read(path: &Path) -> Self {
        const EXPECT: &str = "\n--- expect\n";
        let text = fs::read_to_string(path).unwrap();
        let finding = path
            .parent()
            .and_then(Path::file_name)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let slug = format!("{finding}/{}", path.file_stem().unwrap().to_str().unwrap());
        let end = text
            .find(EXPECT)
            .unwrap_or_else(|| panic!("{slug}: nothing is expected"))
            + EXPECT.len();
        let (given, expected) = text.split_at(end);
        let mut sections: Vec<(&str, String)> = Vec::new();
        for line in given.split_inclusive('\n') {
            match (line.strip_prefix("--- "), sections.last_mut()) {
                (Some(header), _) => sections.push((header.trim_end(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => sections.push(("", line.to_owned())),
            }
        }
        let told = sections
            .first()
            .is_some_and(|(header, story)| header.is_empty() && story.trim_end().ends_with('.'));
        assert!(
            told,
            "{slug}: begin with a sentence on who made which mistake"
        );
        let files = sections
            .into_iter()
            .filter(|(header, _)| !matches!(*header, "" | "expect"));
        let files = files.map(|(header, body)| match header.split_once(" (") {
            None => (header.to_owned(), Some(body.into_bytes())),
            Some((path, "escaped)")) => (path.to_owned(), Some(unescaped(&body))),
            Some((path, "absent)")) if body.is_empty() => (path.to_owned(), None),
            Some(_) => panic!("{slug}: what is \"{header}\"?"),
        });
        Self {
            path: path.to_owned(),
            finding,
            given: given.to_owned(),
            files: files.collect(),
            expected: expected.to_owned(),
            slug,
        }
    }

    /// The findings a case is about: its own, those of the rules its charter names, and
    /// all that are about files. Other rules are not asked, so that a new rule changes no case.
    fn heard(&self) -> Vec<&'static str> {
        let charter = self.files.iter().find(|(path, _)| path == "charter.yaml");
        let charter = charter.and_then(|(_, text)| text.as_deref());
        let charter = String::from_utf8_lossy(charter.unwrap_or_default());
        let is_rule = |id: &str| charter::RULES.iter().any(|rule| rule.code.id == id);
        pages::findings()
            .map(|code| code.id)
            .filter(|id| !is_rule(id) || *id == self.finding || charter.contains(&format!("{id}:")))
            .collect()
    }

    /// All that `check` prints about it, but for the summary.
    fn findings(&self) -> String {
        let estate = Scratch::new();
        for (path, text) in DEFAULTS {
            if self.files.iter().all(|(own, _)| own != path) {
                estate.put(path, text.as_bytes());
            }
        }
        for (path, text) in &self.files {
            if let Some(text) = text {
                estate.put(path, text);
            }
        }
        let arguments = "commonhold check --severity note --locked --at 2026-01-01".split(' ');
        let rules = self
            .heard()
            .into_iter()
            .flat_map(|finding| ["--rule", finding]);
        let outcome = commonhold::run(&Surroundings {
            arguments: arguments.chain(rules).map(Into::into).collect(),
            folder: estate.folder.clone(),
            today: date(2026, 1, 1),
            clock: commonhold::clock::now,
            environment: |_| None,
            patience: std::time::Duration::ZERO,
            progress: |_| {},
            terminal: false,
            no_color: true,
            columns: None,
        });
        assert_eq!(outcome.notes, "", "{}", self.slug);
        let (findings, _summary) = outcome.data.rsplit_once("\n\n").unwrap_or_default();
        findings
            .lines()
            .fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }
}

/// A folder that goes when it is done with.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("commonhold-broken-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Self { folder }
    }

    fn put(&self, path: &str, text: &[u8]) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        put(&path, text);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "half a file after a crash is made anew by the next run"
)]
fn put(path: &Path, text: &[u8]) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend(plain.bytes());
        let kind = escape
            .chars()
            .next()
            .expect("an escape after the backslash");
        rest = &escape[kind.len_utf8()..];
        match kind {
            '\\' => bytes.push(b'\\'),
            't' => bytes.push(b'\t'),
            'r' => bytes.push(b'\r'),
            '\n' => {}
            'x' => {
                let (digits, behind) = rest.split_at(2);
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = behind;
            }
            'u' => {
                let (digits, behind) = rest[1..].split_once('}').expect("\\u{...}");
                let code = u32::from_str_radix(digits, 16).unwrap();
                bytes.extend(char::from_u32(code).unwrap().to_string().bytes());
                rest = behind;
            }
            other => panic!("there is no escape \\{other}"),
        }
    }
    bytes.extend(rest.bytes());
    bytes
}

/// The ids of findings as they are printed: `error[yaml-tag]: ...`. A rule that the community wrote
/// itself has an id of its own, with a `/`.
fn ids(printed: &str) -> BTreeSet<&str> {
    printed.lines().filter_map(id).collect()
}

fn id(line: &str) -> Option<&str> {
    let (severity, rest) = line.split_once('[')?;
    let (id, _) = rest.split_once("]: ")?;
    let id = if id.contains('/') {
        "policy-broken"
    } else {
        id
    };
    matches!(severity, "error" | "warning" | "note").then_some(id)
}

/// The lines that differ, with what is the same before and after them left out.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), found.lines().collect());
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = expected.iter().zip(&found).take_while(same).count();
    let (expected, found) = (&expected[before..], &found[before..]);
    let after = expected
        .iter()
        .rev()
        .zip(found.iter().rev())
        .take_while(same)
        .count();
    let lost = expected[..expected.len() - after]
        .iter()
        .map(|line| format!("  - {line}\n"));
    let gained = found[..found.len() - after]
        .iter()
        .map(|line| format!("  + {line}\n"));
    lost.chain(gained).collect()
}
