//! The life of items that are no changes: stories of a few lines, each told up to an hour,
//! with the states the item went through and the acts that did not count.

use std::collections::{BTreeMap, HashMap};

use base::Digest;
use charter::procedure::{ItemKind, Rules, rules};
use decisions::item::{Basis, Clock, Entry, Happened, Record, State, record};
use decisions::{Act, Attributed, Choice, Content, ItemId, Matter, Statement};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use crate::signers::{Signer, person};

/// A Monday.
const START: &str = "2026-11-02T00:00:00Z";

/// A council of five, whom others may stop, and some beside it.
const PEOPLE: [(&str, &str); 12] = [
    ("ada", "employers: [{company: Aurora}]\n"),
    ("ben", "employers: [{company: Aurora}]\n"),
    ("cy", "employers: [{company: Bluebell}]\n"),
    ("dee", "employers: [{company: Independent}]\n"),
    ("eve", "name: Eve\n"),
    ("mia", "employers: [{company: Aurora}]\n"),
    ("ned", "name: Ned\n"),
    ("oz", "name: Oz\n"),
    ("rex", "employers: [{company: Cedar}]\n"),
    ("sue", "employers: [{company: Dahlia}]\n"),
    ("tom", "name: Tom\n"),
    ("zoe", "name: Zoe\n"),
];

const GROUPS: [(&str, &str); 5] = [
    ("council", "members: [ada, ben, cy, dee, eve]\n"),
    ("public", "members: [mia, ned, oz]\n"),
    ("reviewers", "members: [rex, sue]\n"),
    ("asked", "members: [tom, rex]\n"),
    ("heard", "members: [tom, sue]\n"),
];

/// The rules of a procedure, for the council.
pub(crate) fn rules_of(procedure: &str) -> Rules {
    let charter = format!("decisions:\n  procedures:\n    told: {procedure}\n  procedure: told\n");
    let mut files = vec![("charter.yaml".to_owned(), charter)];
    for (name, text) in PEOPLE {
        files.push((format!("people/{name}.yaml"), text.to_owned()));
    }
    for (name, text) in GROUPS {
        files.push((format!("groups/{name}.yaml"), text.to_owned()));
    }
    let (estate, charter) = community(&files);
    rules(
        ItemKind::Policy,
        Some("council"),
        &charter,
        &estate,
        date(2026, 11, 2),
    )
    .unwrap()
}

/// An estate and its charter, both sound.
pub(crate) fn community(files: &[(String, String)]) -> (estate::Estate, charter::Charter) {
    let root = estate::MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Told\n");
    let tree = files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, text.as_str()));
    let (estate, findings) = estate::Draft::read(&tree).unwrap().resolve();
    assert!(findings.is_empty(), "{findings:?}");
    let (charter, findings) = charter::Charter::of(&estate);
    assert!(findings.is_empty(), "{findings:?}");
    (estate, charter)
}

pub(crate) fn basis_of(rules: Rules) -> Basis {
    Basis {
        rules,
        refreshed: BTreeMap::new(),
        clock: Clock {
            zone: jiff::tz::TimeZone::UTC,
            calendar: decisions::clock::Calendar::default(),
        },
    }
}

pub(crate) fn start() -> Timestamp {
    START.parse().unwrap()
}

/// `72h`, `72h-1ms`, `72h+1ms`.
pub(crate) fn time(text: &str) -> Timestamp {
    let cut = text.find(['+', '-']).unwrap_or(text.len());
    let (hours, rest) = text.split_at(cut);
    let hours: i64 = hours.strip_suffix('h').unwrap().parse().unwrap();
    let millis: i64 = match rest.strip_suffix("ms") {
        Some(millis) => millis.parse().unwrap(),
        None => 0,
    };
    start() + SignedDuration::from_hours(hours) + SignedDuration::from_millis(millis)
}

fn hours(at: Timestamp) -> String {
    let millis = at.duration_since(start()).as_millis();
    match millis % 3_600_000 {
        0 => format!("{}h", millis / 3_600_000),
        rest => format!("{}h+{rest}ms", millis / 3_600_000),
    }
}

/// What happened, with the digests of the acts that were given a name.
pub(crate) struct Story {
    pub(crate) basis: Basis,
    pub(crate) entries: Vec<Entry>,
    named: HashMap<String, Digest>,
    text: Digest,
    /// Who proposed first: the item bears their name.
    proposer: Option<String>,
}

impl Story {
    /// Tells a story by a procedure; each line is `TIME WHO ACT [OF WHAT] [#NAME]`.
    pub(crate) fn of(procedure: &str, lines: &str) -> Self {
        Self::by(basis_of(rules_of(procedure)), lines)
    }

    pub(crate) fn by(basis: Basis, lines: &str) -> Self {
        let mut story = Self {
            basis,
            entries: Vec::new(),
            named: HashMap::new(),
            text: Digest::of(b"t0"),
            proposer: None,
        };
        let lines = lines.split(['\n', ';']).map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            story.then(line);
        }
        story
    }

    pub(crate) fn then(&mut self, line: &str) {
        let (line, name) = match line.split_once(" #") {
            Some((line, name)) => (line, Some(name.to_owned())),
            None => (line, None),
        };
        let mut words = line.splitn(3, ' ');
        let at = time(words.next().unwrap());
        let (who, what) = (words.next().unwrap(), words.next().unwrap());
        let (verb, of) = what.split_once(' ').unwrap_or((what, ""));
        let channel = of.to_owned();
        let what = match verb {
            "told" => Happened::Told {
                channel,
                evidence: "250 OK".to_owned(),
            },
            "bounced" => Happened::Bounced {
                channel,
                why: "no such user".to_owned(),
            },
            _ => Happened::Act(Box::new(self.act(at, who, verb, of))),
        };
        if let (Some(name), Happened::Act(one)) = (name, &what) {
            self.named.insert(name, *one.event.digest());
        }
        self.entries.push(Entry { at, what });
    }

    fn act(&mut self, at: Timestamp, who: &str, verb: &str, of: &str) -> Attributed {
        // `verb OF @t1` is done to another text than the last.
        let (of, text) = match of.split_once("@t") {
            Some((of, text)) => (of.trim(), Digest::of(format!("t{text}").as_bytes())),
            None => (of, self.text),
        };
        let text = match verb {
            "amend" | "minor" => Digest::of(of.as_bytes()),
            _ => text,
        };
        if matches!(verb, "amend" | "minor") {
            self.text = text;
        }
        let act = self.said(verb, of);
        let content = Content::of_text(text);
        if verb == "proposes" {
            self.proposer.get_or_insert_with(|| who.to_owned());
        }
        let proposer = self.proposer.as_deref().unwrap_or(who);
        let item = ItemId::of_text("told", &Digest::of(b"t0"), &person(proposer));
        let statement = Statement::new(item, act, person(who), content, at).unwrap();
        Attributed {
            event: Signer::ed25519(1).event(statement),
            person: person(who),
        }
    }

    fn said(&self, verb: &str, of: &str) -> Act {
        let reason = || match of {
            "" => "Because.".to_owned(),
            said => said.to_owned(),
        };
        let event = || {
            let known = self.named.get(of).copied();
            known.unwrap_or_else(|| Digest::of(of.as_bytes()))
        };
        let vote = |choice| Act::Vote { choice };
        match verb {
            "proposes" => Act::Propose {
                title: "told".to_owned(),
                matter: Some(Matter {
                    // Of persons it is a role, of employers money.
                    kind: match of {
                        of if of.contains("person/") => ItemKind::Role,
                        of if of.contains("employer/") => ItemKind::SpendingRequest,
                        _ => ItemKind::Policy,
                    },
                    body: "council".to_owned(),
                    parties: of.split_whitespace().map(str::to_owned).collect(),
                    supersedes: Vec::new(),
                    reviews: None,
                }),
            },
            "amend" | "minor" => Act::Amend {
                summary: "other".to_owned(),
                minor: verb == "minor",
            },
            "contest" => Act::Contest { event: event() },
            "notice" => Act::Notice {
                channel: of.to_owned(),
                evidence: "https://example.org/1".to_owned(),
            },
            "second" => Act::Second {},
            "approve" => Act::Approve { role: None },
            "ack" => Act::Acknowledge {
                group: of.to_owned(),
            },
            "object" => Act::Object { reason: reason() },
            "answer" => Act::Answer {
                event: event(),
                text: "It does not.".to_owned(),
            },
            "withdraw" => Act::Withdraw { event: event() },
            "call" => Act::CallVote {},
            "yes" => vote(Choice::Yes),
            "no" => vote(Choice::No),
            "abstain" => vote(Choice::Abstain),
            "present" => vote(Choice::Present),
            "recuse" => Act::Recuse { reason: reason() },
            "hold" => Act::Hold { reason: reason() },
            "veto" => Act::Veto { reason: reason() },
            "override" => Act::Override {
                event: event(),
                reason: "Heard.".to_owned(),
            },
            "appeal" => Act::Appeal { reason: reason() },
            "escalate" => Act::Escalate { reason: reason() },
            "refresh" => Act::Refresh {},
            "retract" => Act::Retract { reason: reason() },
            other => panic!("what is `{other}`?"),
        }
    }

    pub(crate) fn at(&self, now: &str) -> Record {
        record(&self.basis, &self.entries, time(now))
    }

    pub(crate) fn digest(&self, name: &str) -> Digest {
        self.named[name]
    }
}

/// The states with their times, and after a `!` the acts that do not count.
pub(crate) fn course(record: &Record) -> String {
    let steps = record.history.iter();
    let steps = steps.map(|step| format!("{} {}", hours(step.at), step.state.word()));
    let ignored = record.ignored.iter();
    let ignored = ignored.map(|one| {
        let reason = one.reason;
        format!("! {} {} {} {reason}", hours(one.at), one.by, one.act)
    });
    steps.chain(ignored).collect::<Vec<_>>().join(", ")
}

/// Checks stories: a name, the story, the hour it is told up to, its course.
pub(crate) fn told(procedure: &str, stories: &[(&str, &str, &str, &str)]) {
    let mut faults = String::new();
    for (name, lines, now, expected) in stories {
        let found = course(&Story::of(procedure, lines).at(now));
        if found != *expected {
            faults += &format!("\n{name}:\n  expected {expected}\n  found    {found}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The state of a story at an hour, in a word.
pub(crate) fn state(procedure: &str, lines: &str, now: &str) -> State {
    Story::of(procedure, lines).at(now).state
}
