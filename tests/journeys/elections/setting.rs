//! A small community that elects, and what it says at a time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use commonhold::{Outcome, Surroundings, run};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::Value;

use crate::support::{Folder, write};

/// Tells one time for ever.
pub(crate) type Clock = fn() -> Timestamp;

pub(crate) const BEFORE: Clock = || at("2026-08-31T23:59:59.999Z");
pub(crate) const DURING: Clock = || at("2026-09-15T10:00:00Z");
pub(crate) const LAST: Clock = || at("2026-10-02T11:59:58.999Z");
pub(crate) const AFTER: Clock = || at("2026-10-02T11:59:59Z");

/// Those whose files are in the estate; the last one's login is all digits.
pub(crate) const PEOPLE: [&str; 5] = ["ada", "bo", "cy", "di", "ed"];
/// The login that YAML takes for a number.
pub(crate) const DIGITS: &str = "249043822";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A run at a time.
pub(crate) fn run_at(folder: &Path, clock: Clock, words: &[&str]) -> Outcome {
    let words = std::iter::once("commonhold").chain(words.iter().copied());
    run(&Surroundings {
        arguments: words.map(Into::into).collect(),
        folder: folder.to_owned(),
        today: date(2026, 9, 15),
        clock,
        environment: |_| None,
        patience: Duration::ZERO,
        progress: |_| {},
        terminal: false,
        no_color: true,
        columns: None,
    })
}

/// The JSON that a run printed.
#[track_caller]
pub(crate) fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.data)
        .unwrap_or_else(|error| panic!("{error}:\n{}\n{}", outcome.data, outcome.notes))
}

/// A community with an estate, keys, and the election steering/2026.
pub(crate) struct Community(Folder);

impl Community {
    /// One whose election has this privacy and publishes so much.
    pub(crate) fn new(privacy: &str, publish: &str) -> Self {
        Self::with(privacy, publish, "tie: coin\n")
    }

    pub(crate) fn with(privacy: &str, publish: &str, lines: &str) -> Self {
        let one = Self(Folder::new());
        one.write("commonhold.yaml", "commonhold: 1\nname: Example\n");
        one.write("charter.yaml", "infrastructure: steering\n");
        let members: Vec<String> = PEOPLE.iter().map(|name| format!("  - {name}\n")).collect();
        one.write(
            "groups/steering.yaml",
            &format!(
                "title: Steering\nkind: committee\nmembers:\n{}",
                members.concat()
            ),
        );
        for name in PEOPLE {
            let key = one.make_key(name);
            let handle = match name {
                "ed" => format!("handles: {{github: '{DIGITS}'}}\n"),
                _ => String::new(),
            };
            let employer = if name == "di" { "Borealis" } else { "Aurora" };
            one.write(
                &format!("people/{name}.yaml"),
                &format!(
                    "name: {name}\nemail: {name}@example.org\n{handle}employers: [{{company: {employer}}}]\nkeys: ['{key}']\n"
                ),
            );
        }
        one.make_key("stranger");
        let election = format!(
            "key: steering/2026\nbody: steering\nseats: 2\n\
             method: {{name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}}\n\
             open: 2026-09-01 00:00 UTC\nclose: 2026-10-01 23:59:59 AoE\nexceptions_close: 2026-09-28 00:00:01 UTC\n\
             privacy: {privacy}\npublish: {publish}\nofficers: [ada, di, cy]\n\
             officer_rules: {{distinct_employers: false, served_before: 0}}\n\
             voters: {{any: [{{groups: [steering]}}]}}\n{lines}"
        );
        one.write("elections/steering/2026/election.yaml", &election);
        for candidate in ["ann", "ben", "cat"] {
            one.candidate(candidate);
        }
        one
    }

    fn candidate(&self, id: &str) {
        let dashes = "-".repeat(61);
        self.write(
            &format!("elections/steering/2026/candidate-{id}.md"),
            &format!("{dashes}\nname: {id}\nID: {id}\n{dashes}\n\nWhy me.\n"),
        );
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0.0
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        write(&path, text);
    }

    pub(crate) fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Makes a key and gives its public half.
    fn make_key(&self, name: &str) -> String {
        let folder = self.path("keys");
        std::fs::create_dir_all(&folder).expect("a folder");
        let done = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
            .arg(folder.join(name))
            .status();
        assert!(done.is_ok_and(|status| status.success()), "ssh-keygen");
        let line = self.text(&format!("keys/{name}.pub"));
        let mut words = line.split(' ');
        let (kind, key) = (words.next(), words.next());
        format!("{} {}", kind.expect("a kind"), key.expect("a key"))
    }

    /// Runs `commonhold elect` with words that a space divides.
    pub(crate) fn elect(&self, clock: Clock, words: &str) -> Outcome {
        let words: Vec<&str> = std::iter::once("elect")
            .chain(words.split_whitespace())
            .collect();
        run_at(self.folder(), clock, &words)
    }

    /// The same, where it ends so and says this.
    #[track_caller]
    pub(crate) fn ends(&self, clock: Clock, words: &str, exit: i32, says: &str) -> Outcome {
        let outcome = self.elect(clock, words);
        let there = outcome.data.contains(says) || outcome.notes.contains(says);
        assert!(
            outcome.exit as i32 == exit && there,
            "{words}: expected exit {exit} and `{says}`, found {:?}:\n{}\n{}",
            outcome.exit,
            outcome.data,
            outcome.notes
        );
        outcome
    }

    /// Opens the election of the folder.
    #[track_caller]
    pub(crate) fn open(&self) {
        self.ends(BEFORE, "open elections/steering/2026", 0, "5 voters");
    }

    /// Votes with somebody's key.
    pub(crate) fn vote(&self, who: &str, clock: Clock, words: &str) -> Outcome {
        self.elect(
            clock,
            &format!("vote steering/2026 {words} --key keys/{who}"),
        )
    }

    /// Commits everything, in a new repository.
    pub(crate) fn commit(&self) {
        self.git("init --quiet");
        self.git("add --all");
        self.git("commit --quiet -m all");
    }

    /// Runs Git with words that a space divides.
    pub(crate) fn git(&self, words: &str) {
        let done = Command::new("git")
            .args(["-c", "user.name=ada", "-c", "user.email=ada@example.org"])
            .args(words.split(' '))
            .current_dir(self.folder())
            .output();
        assert!(done.is_ok_and(|done| done.status.success()), "{words}");
    }

    /// All bytes of all files below a folder.
    pub(crate) fn bytes(&self, below: &str) -> Vec<u8> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files.sort();
        let read = |path: &PathBuf| std::fs::read(path).expect("a file");
        files.iter().flat_map(read).collect()
    }
}

/// Whether bytes hold a text.
pub(crate) fn holds(bytes: &[u8], part: &str) -> bool {
    bytes
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}
