//! A community that decides: an estate in Git, people with keys, and a clock that tests set.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use commonhold::{Surroundings, run};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use testkit::servers::{self, Folder};

pub(crate) use crate::support::Said;

thread_local! {
    /// The time that it is for runs of this test.
    static NOW: Cell<Timestamp> = const { Cell::new(Timestamp::UNIX_EPOCH) };
    /// The environment of runs of this test.
    static VARIABLES: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// All who have a file, each with a key of their own. Gus belongs to no group.
const PEOPLE: [&str; 7] = ["ada", "bob", "cy", "dora", "eve", "fay", "gus"];

const INFRA: &str = "\
title: Infra
kind: sig
leads: [{person: ada, role: lead}, {person: bob, role: lead}, {person: cy, role: lead}]
contact: {mailing_list: infra@example.org}
";

const STEERING: &str = "\
title: Steering
kind: committee
leads: [{person: bob, role: member}, {person: cy, role: member}, {person: dora, role: member}, {person: eve, role: member}, {person: fay, role: member}]
";

/// Policies by silence, after notice to two lists, with a day to appeal; charters by a vote of
/// more than half of steering; graduations by a vote of two thirds after notice; RFCs by review.
pub(crate) const CHARTER: &str = "\
infrastructure: infra
development_list: dev@example.org
decisions:
  procedures:
    silence:
      notice: {to: [development-list, infra]}
      lazy: {period: 72h, support: 0}
      objection: {by: [infra], ttl: 10d}
      amend: {period: 24h, max: 15d}
      appeal: {by: [steering], count: 2, within: 24h, to: steering, decide_within: 60d}
      expires: 30d
    majority:
      vote: {threshold: 1/2, relation: \">\", base: members, quorum: 3, min_open: 1d, max_open: 7d, close: decided}
      amend: {period: 2d, max: 14d}
      escalate: {to: infra, after: 60d}
    two-thirds:
      notice: {to: [development-list]}
      vote: {threshold: 2/3, relation: \">=\", base: eligible, max_open: 5d}
    review:
      review: {count: 1, by: [infra]}
      escalate: {to: steering, after: 20d}
  kinds:
    policy: {body: infra, procedure: silence}
    charter: {body: steering, procedure: majority}
    graduation: {body: steering, procedure: two-thirds}
    rfc: {body: infra, procedure: review}
    role: {body: steering, procedure: majority}
";

/// The community, its folder gone with the value.
#[derive(Debug)]
pub(crate) struct Assembly {
    folder: Folder,
}

impl Assembly {
    /// One with [`CHARTER`], on a Monday in March.
    pub(crate) fn new() -> Self {
        Self::with(CHARTER)
    }

    /// One with another charter, on the same day.
    pub(crate) fn with(charter: &str) -> Self {
        Self::starting(charter, "2026-03-02T10:00:00Z")
    }

    /// One that starts at another time.
    pub(crate) fn starting(charter: &str, time: &str) -> Self {
        VARIABLES.with_borrow_mut(BTreeMap::clear);
        let one = Self {
            folder: Folder::new(),
        };
        one.at(time);
        one.write("commonhold.yaml", "commonhold: 1\nname: Example\n");
        one.write("charter.yaml", charter);
        one.write("groups/infra.yaml", INFRA);
        one.write("groups/steering.yaml", STEERING);
        for person in PEOPLE {
            make_key(&one.key(person));
            one.write(&format!("people/{person}.yaml"), &one.person(person));
        }
        one.git(&["init", "--quiet", "--initial-branch", "main"]);
        one.git(&["config", "user.name", "Secretary"]);
        one.git(&["config", "user.email", "secretary@example.org"]);
        one.commit("the community as it is");
        one.runs("ledger init").ends(0, "");
        one
    }

    /// A person's file with their key.
    pub(crate) fn person(&self, name: &str) -> String {
        let line = std::fs::read_to_string(self.key(name).with_extension("pub")).expect("a key");
        let mut words = line.split(' ');
        let (kind, key) = (words.next(), words.next());
        let key = format!("{} {}", kind.expect("its kind"), key.expect("the key"));
        format!("name: {name}\nemail: {name}@example.org\nkeys: [{key:?}]\n")
    }

    /// Sets the clock.
    #[expect(
        clippy::unused_self,
        reason = "the clock and the environment are of this test"
    )]
    pub(crate) fn at(&self, time: &str) {
        NOW.set(time.parse().expect("a time"));
    }

    /// Sets a variable for every run from now on.
    #[expect(
        clippy::unused_self,
        reason = "the clock and the environment are of this test"
    )]
    pub(crate) fn set(&self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        VARIABLES.with_borrow_mut(|all| all.insert(name, value));
    }

    /// Lets notice be put into a folder, and says which.
    pub(crate) fn drops_notice(&self) -> PathBuf {
        let here = self.folder.write("told/.here", "");
        let folder = here.parent().expect("its folder").to_owned();
        self.set("COMMONHOLD_NOTICE_FOLDER", &folder.to_string_lossy());
        folder
    }

    /// Where the estate is.
    pub(crate) fn estate(&self) -> PathBuf {
        self.folder.path().join("estate")
    }

    /// A place beside the estate.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where a key is.
    pub(crate) fn key(&self, name: &str) -> PathBuf {
        self.folder.write("keys/.here", "").with_file_name(name)
    }

    /// Makes a key that is nobody's.
    pub(crate) fn new_key(&self, name: &str) -> PathBuf {
        make_key(&self.key(name));
        self.key(name)
    }

    /// Writes a file of the estate.
    pub(crate) fn write(&self, path: &str, text: &str) {
        self.folder.write(&format!("estate/{path}"), text);
    }

    /// A file of the estate.
    pub(crate) fn text(&self, path: &str) -> String {
        let path = self.estate().join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Replaces a part of a file of the estate, which is there once.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(from).count(), 1, "{from}");
        self.write(path, &text.replace(from, to));
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// Commits everything, and trusts it.
    pub(crate) fn merge(&self, message: &str) {
        self.commit(message);
        self.runs("ledger trust HEAD").ends(0, "");
    }

    /// Runs Git in the estate.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        git_in(&self.estate(), words)
    }

    /// Runs the program in the estate; words in single quotes are one.
    pub(crate) fn runs(&self, words: &str) -> Said {
        self.runs_in(&self.estate(), words)
    }

    /// Runs the program in another folder.
    #[expect(
        clippy::unused_self,
        reason = "the clock and the environment are of this test"
    )]
    pub(crate) fn runs_in(&self, folder: &Path, words: &str) -> Said {
        let now = NOW.get();
        let outcome = run(&Surroundings {
            arguments: split(words).map(Into::into).collect(),
            folder: folder.to_owned(),
            today: now.to_zoned(TimeZone::UTC).date(),
            clock: || NOW.get(),
            environment: |name| VARIABLES.with_borrow(|all| all.get(name).cloned()),
            patience: Duration::ZERO,
            progress: |_| {},
            terminal: false,
            no_color: true,
            columns: None,
        });
        Said {
            exit: outcome.exit as i32,
            out: outcome.data,
            err: outcome.notes,
        }
    }

    /// The same in a process of its own, by the real clock.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        let variables = VARIABLES.with_borrow(Clone::clone);
        command
            .args(split(words).skip(1))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .envs(variables)
            .current_dir(self.estate())
            .stdin(Stdio::null());
        command
    }

    /// `decide` with these words, by the key of a person.
    #[track_caller]
    pub(crate) fn by(&self, person: &str, words: &str) -> Said {
        self.tries(person, words).ends(0, "wrote decisions/")
    }

    /// The same, however it ends.
    pub(crate) fn tries(&self, person: &str, words: &str) -> Said {
        let key = self.key(person).display().to_string();
        self.runs(&format!("decide {words} --key {key}"))
    }

    /// Proposes a text, and gives the item's id.
    #[track_caller]
    pub(crate) fn proposes(&self, person: &str, kind: &str, title: &str) -> String {
        let draft = self
            .folder
            .write("draft.md", &format!("# {title}\n\nAs it is.\n"));
        let words = format!(
            "new --kind {kind} --title '{title}' --text {}",
            draft.display()
        );
        item_of(&self.by(person, &words))
    }

    /// Ticks.
    #[track_caller]
    pub(crate) fn ticks(&self) -> Said {
        self.runs("decide tick").ends(0, "")
    }

    /// Sets the clock, and ticks.
    #[track_caller]
    pub(crate) fn ticks_at(&self, time: &str) -> Said {
        self.at(time);
        self.ticks()
    }

    /// How an item stands, as JSON.
    #[track_caller]
    pub(crate) fn status(&self, item: &str) -> Value {
        self.runs(&format!("decide status {item} --output json"))
            .json()
    }

    /// The state of an item and since when.
    #[track_caller]
    pub(crate) fn state(&self, item: &str) -> (String, String) {
        let status = self.status(item);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&status["state"]), text(&status["record"]["since"]))
    }

    /// What does not count of an item: who, what, and the code.
    #[track_caller]
    pub(crate) fn ignored(&self, item: &str) -> Vec<(String, String, String)> {
        let status = self.status(item);
        let ignored = status["record"]["ignored"].as_array().expect("a list");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        ignored
            .iter()
            .map(|one| (text(&one["by"]), text(&one["act"]), text(&one["reason"])))
            .collect()
    }

    /// All records of the ledger of a kind, oldest first.
    #[track_caller]
    pub(crate) fn records(&self, kind: &str) -> Vec<Value> {
        let exported = self.runs("ledger export").ends(0, "");
        let lines = exported.out.lines();
        let read = lines.map(|line| serde_json::from_str::<Value>(line).expect("a record"));
        read.filter(|record| record["kind"] == kind).collect()
    }

    /// The digest of the last event of an act in an item's folder, received or not.
    #[track_caller]
    pub(crate) fn event(&self, item: &str, act: &str) -> String {
        let mut found: Vec<(String, String)> = self
            .events(item)
            .into_iter()
            .filter_map(|name| {
                let text = self.text(&format!("decisions/{item}/{name}"));
                let event: Value = serde_json::from_str(&text).expect("an event");
                let at = event["at"].as_str()?.to_owned();
                (event["act"] == act).then(|| (at, name.replace(".json", "")))
            })
            .collect();
        found.sort();
        found.pop().unwrap_or_else(|| panic!("no {act}")).1
    }

    /// The names of the files of an item's events.
    #[track_caller]
    pub(crate) fn events(&self, item: &str) -> Vec<String> {
        let folder = self.estate().join("decisions").join(item);
        let entries = std::fs::read_dir(folder).expect("an item").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names
            .filter(|name| name.ends_with(".json") && name != "record.json")
            .collect();
        names.sort();
        names
    }
}

/// The item that a run says it wrote to.
#[track_caller]
pub(crate) fn item_of(said: &Said) -> String {
    let (_, path) = said.out.split_once("wrote decisions/").expect("an item");
    path.split('/').next().expect("an item").to_owned()
}

pub(crate) fn git_in(folder: &Path, words: &[&str]) -> String {
    servers::run(
        Command::new("git")
            .args(words)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .current_dir(folder)
            .stdin(Stdio::null()),
    )
}

fn split(words: &str) -> impl Iterator<Item = String> {
    let parts = format!("commonhold {words}");
    let parts: Vec<String> = parts.split('\'').map(str::to_owned).collect();
    let parts = parts.into_iter().enumerate();
    parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part],
    })
}

fn make_key(path: &Path) {
    let options = ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"];
    servers::run(Command::new("ssh-keygen").args(options).arg(path));
}
