//! The ledger, record by record, verified as it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use base::Digest;
use change::Scope;
use change::journal::{Done, FINISHED, Fate, Finished, INTENT, Intent, OUTCOME, Outcome};
use estate::Estate;
use jiff::{SignedDuration, Timestamp};
use ledger::{Head, Ledger, Record, SignedCheckpoint};
use portal::Private;
use serde::de::DeserializeOwned;

use crate::commands::ledger::{CHECKPOINT_NAMESPACE, in_a_line};

/// How long a whole verification is gone on from, before all is looked at anew.
const WHOLE: SignedDuration = SignedDuration::from_hours(24);

/// What was written into the ledger.
#[derive(Default)]
pub(crate) struct Recorded {
    /// In their order.
    pub(crate) records: Vec<Arc<Said>>,
    /// How far the chain was followed, and what was found.
    pub(crate) proof: Proof,
    /// What apply did, by plan and scope.
    pub(crate) runs: BTreeMap<(Digest, Scope), Arc<Run>>,
    /// Why there is none.
    pub(crate) why: Option<String>,
    /// Which run an intent belongs to.
    intents: BTreeMap<u64, (Digest, Scope)>,
    /// The ledger itself, for single records.
    ledger: Mutex<Option<Ledger>>,
}

impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorded")
            .field("records", &self.records.len())
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}

/// A record in a line.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    /// Who wrote it; not for everybody where it is an address.
    pub(crate) actor: String,
    pub(crate) what: String,
    pub(crate) digest: Digest,
    /// What of it is not for everybody.
    pub(crate) private: Option<Private>,
    /// What it says the ledger was, if it is a checkpoint.
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// What a checkpoint in the ledger says, and whose signature it has.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    /// The record right before it.
    pub(crate) of: u64,
    /// Who of the estate signed it; none where no key of theirs did.
    pub(crate) by: Option<String>,
}

/// How far the chain was followed.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    /// When it was followed from its beginning.
    pub(crate) whole: Timestamp,
    /// When it was followed last, from where that ended.
    pub(crate) last: Timestamp,
    /// Where it ends.
    pub(crate) head: Head,
    /// The first record that is not as it should be, and what is wrong with it.
    pub(crate) broken: Option<(u64, String)>,
}

impl Default for Proof {
    fn default() -> Self {
        Self {
            whole: Timestamp::UNIX_EPOCH,
            last: Timestamp::UNIX_EPOCH,
            head: Head::genesis(),
            broken: None,
        }
    }
}

/// What apply did of a plan in a scope.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) plan: Digest,
    pub(crate) commit: Option<String>,
    pub(crate) scope: Scope,
    /// When the first of it was announced.
    pub(crate) began: Timestamp,
    pub(crate) authors: Vec<String>,
    /// What was announced and not rolled back.
    pub(crate) changes: Vec<Done>,
    /// What was not done, as far as anybody wrote that down.
    pub(crate) undone: usize,
    /// How it ended, in a word; none while nobody wrote that down.
    pub(crate) result: Option<String>,
    pub(crate) ended: Option<Timestamp>,
    /// Why the gate let it pass.
    pub(crate) passed: Vec<String>,
    /// Its records.
    pub(crate) records: Vec<u64>,
}

impl Recorded {
    pub(super) fn nothing(why: Option<String>) -> Self {
        Self {
            why,
            ..Self::default()
        }
    }

    /// Follows the chain from where an earlier reading ended; from its beginning if there is none,
    /// if that was long ago, or if that end is not there any more.
    pub(super) fn read(
        earlier: &Self,
        ledger: Option<&mut Ledger>,
        why: Option<String>,
        estate: &Estate,
        at: Timestamp,
    ) -> Self {
        let Some(ledger) = ledger else {
            return Self::nothing(why);
        };
        let mut read = if earlier.goes_on(ledger, at) {
            earlier.copied()
        } else {
            Self::default()
        };
        if read.proof.head.seq == 0 {
            read.proof.whole = at;
        }
        read.proof.last = at;
        let keys = keys(estate);
        let from = read.proof.head.seq + 1;
        // What somebody gave a number below the first is found too.
        for record in ledger.records(if from == 1 { 0 } else { from }) {
            let broken = match record {
                Ok(record) => read.follow(&record, &keys),
                Err(error) => Err((read.proof.head.seq + 1, error.to_string())),
            };
            if let Err(broken) = broken {
                read.proof.broken = Some(broken);
                break;
            }
        }
        read
    }

    fn goes_on(&self, ledger: &mut Ledger, at: Timestamp) -> bool {
        let head = self.proof.head;
        let lately = at.duration_since(self.proof.whole) < WHOLE;
        if head.seq == 0 || self.proof.broken.is_some() || !lately {
            return false;
        }
        let there = ledger.get(head.seq).ok().flatten();
        there.is_some_and(|record| record.digest() == head.digest)
    }

    fn copied(&self) -> Self {
        Self {
            records: self.records.clone(),
            proof: self.proof.clone(),
            runs: self.runs.clone(),
            intents: self.intents.clone(),
            ..Self::default()
        }
    }

    /// Takes the next record, if it is the next one.
    fn follow(&mut self, record: &Record, keys: &Keys) -> Result<(), (u64, String)> {
        let head = self.proof.head;
        let seq = head.seq + 1;
        if record.seq() != seq {
            let what = format!("it is missing: after {} comes {}", head.seq, record.seq());
            return Err((seq, what));
        }
        if record.prev() != head.digest {
            let what = "it does not follow the record before it: one of them was changed";
            return Err((seq, what.to_owned()));
        }
        let checkpoint = SignedCheckpoint::of_record(record);
        if let Some(signed) = &checkpoint
            && (signed.checkpoint.seq, signed.checkpoint.head) != (head.seq, head.digest)
        {
            let what = "its checkpoint is of another ledger than the one before it";
            return Err((seq, what.to_owned()));
        }
        let at = record.at().parse();
        let at = at.map_err(|error| (seq, format!("its time is none: {error}")))?;
        let checkpoint = checkpoint.map(|signed| Checkpoint {
            of: signed.checkpoint.seq,
            by: keys.whose(&signed),
        });
        self.run(record, at);
        self.records.push(Arc::new(Said {
            seq,
            at,
            kind: record.kind().to_owned(),
            actor: record.actor().to_owned(),
            what: in_a_line(record),
            digest: record.digest(),
            private: private(record),
            checkpoint,
        }));
        self.proof.head = record.head();
        Ok(())
    }

    /// Adds a record of apply to the run that it is of.
    fn run(&mut self, record: &Record, at: Timestamp) {
        match record.kind() {
            INTENT => {
                if let Some(intent) = body::<Intent>(record) {
                    self.intent(record.seq(), at, intent);
                }
            }
            OUTCOME => {
                let Some(outcome) = body::<Outcome>(record) else {
                    return;
                };
                let of = self.intents.get(&outcome.intent);
                let run = of.and_then(|of| self.runs.get_mut(of));
                let Some(run) = run.map(Arc::make_mut) else {
                    return;
                };
                run.records.push(record.seq());
                run.undone += usize::from(outcome.fate == Fate::NotDone);
            }
            FINISHED => {
                let Some(finished) = body::<Finished>(record) else {
                    return;
                };
                let of = (finished.plan, finished.scope.clone());
                let run = self.runs.entry(of).or_insert_with(|| {
                    let (plan, scope) = (finished.plan, finished.scope.clone());
                    Arc::new(Run::new(plan, finished.commit.clone(), scope, at))
                });
                let run = Arc::make_mut(run);
                run.records.push(record.seq());
                run.result = Some(finished.result);
                run.ended = Some(at);
                run.passed = finished.passed.into_iter().collect();
            }
            _ => {}
        }
    }

    fn intent(&mut self, seq: u64, at: Timestamp, intent: Intent) {
        let of = (intent.plan, intent.scope.clone());
        self.intents.insert(seq, of.clone());
        let run = self.runs.entry(of).or_insert_with(|| {
            let scope = intent.scope.clone();
            Arc::new(Run::new(intent.plan, intent.commit.clone(), scope, at))
        });
        let run = Arc::make_mut(run);
        run.records.push(seq);
        run.authors = intent.authors.into_iter().collect();
        let again: BTreeSet<&str> = intent
            .changes
            .iter()
            .map(|one| one.resource.as_str())
            .collect();
        run.changes
            .retain(|one| !again.contains(one.resource.as_str()));
        if !intent.rollback {
            run.changes.extend(intent.changes);
        }
    }

    /// Keeps the ledger for single records.
    pub(super) fn keep(&mut self, ledger: Ledger) {
        self.ledger = Mutex::new(Some(ledger));
    }

    /// A record with all of it, read from the ledger now.
    pub(crate) fn record(&self, seq: u64) -> Result<Option<Record>, String> {
        let mut held = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        match held.as_mut() {
            Some(ledger) => ledger.get(seq).map_err(|error| error.to_string()),
            None => Ok(None),
        }
    }

    /// The number of the last record of a kind or below it; 0 for none.
    pub(super) fn last_of(&self, kind: &str) -> u64 {
        let below = format!("{kind}.");
        let mut records = self.records.iter().rev();
        let found = records.find(|one| one.kind == kind || one.kind.starts_with(&below));
        found.map_or(0, |one| one.seq)
    }

    /// What was said of a record.
    pub(crate) fn said(&self, seq: u64) -> Option<&Arc<Said>> {
        let at = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.records.get(at)
    }
}

impl Run {
    fn new(plan: Digest, commit: Option<String>, scope: Scope, began: Timestamp) -> Self {
        Self {
            plan,
            commit,
            scope,
            began,
            authors: Vec::new(),
            changes: Vec::new(),
            undone: 0,
            result: None,
            ended: None,
            passed: Vec::new(),
            records: Vec::new(),
        }
    }
}

fn body<T: DeserializeOwned>(record: &Record) -> Option<T> {
    T::deserialize(record.body()).ok()
}

/// What of a record is not for everybody: addresses of people, and who is in what.
fn private(record: &Record) -> Option<Private> {
    let of_access = record.body()["scope"]["domain"] == "access";
    if record.kind() == INTENT && of_access {
        return Some(Private::Memberships);
    }
    holds_address(&record.line()).then_some(Private::Contacts)
}

/// Whether a text holds a mail address.
pub(crate) fn holds_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        let host: &str = after
            .split(|c: char| !plain(c) && c != '-' && c != '.')
            .next()
            .unwrap_or("");
        if before.ends_with(plain) && host.trim_matches('.').contains('.') {
            return true;
        }
        rest = after;
    }
    false
}

/// The keys of the people of an estate.
struct Keys(Vec<(String, String)>);

fn keys(estate: &Estate) -> Keys {
    let people = estate.tables.people.items();
    let keys = people.flat_map(|person| {
        let keys = person.value.keys.iter();
        keys.map(|key| (person.name.clone(), key.as_str().to_owned()))
    });
    Keys(keys.collect())
}

impl Keys {
    /// Who signed a checkpoint.
    fn whose(&self, signed: &SignedCheckpoint) -> Option<String> {
        let text = signed.checkpoint.text();
        let signs = |(_, key): &&(String, String)| {
            let signature = &signed.signature;
            let namespace = CHECKPOINT_NAMESPACE;
            decisions::sshsig::verify(signature, text.as_bytes(), namespace, key).is_ok()
        };
        self.0.iter().find(signs).map(|(person, _)| person.clone())
    }
}

#[cfg(test)]
mod tests {
    use estate::MemoryTree;
    use ledger::Ledger;
    use serde_json::json;
    use testkit::servers::Folder;

    use super::{Recorded, holds_address};

    #[test]
    fn an_address_is_found_wherever_it_stands() {
        assert!(holds_address(r#"{"actor":"ada@example.org"}"#));
        assert!(holds_address("@ first, then <bo+x@mail.example.org>"));
        assert!(!holds_address(r#"{"at":"primary","actor":"operator"}"#));
        assert!(!holds_address("dns example.org @ primary, ada@localhost"));
    }

    /// Appends so many records.
    fn append(ledger: &mut Ledger, count: usize) {
        for _ in 0..count {
            let at = "2026-09-01T10:00:00.000Z";
            let done = ledger.append(at, "estate.trusted", "operator", json!({"commit": "c"}));
            done.expect("a record");
        }
    }

    fn read(earlier: &Recorded, ledger: &mut Ledger, at: &str) -> Recorded {
        let tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: none\n");
        let (estate, _) = formats::load(&tree).unwrap_or_else(|_| panic!("an estate"));
        let at = at.parse().expect("a time");
        Recorded::read(earlier, Some(ledger), None, &estate, at)
    }

    #[test]
    fn a_ledger_is_gone_on_with_from_where_it_was_followed_to() {
        let folder = Folder::new();
        let mut ledger = Ledger::open(folder.write("x", "").with_file_name("l").to_str().unwrap())
            .expect("a ledger");
        append(&mut ledger, 3);
        let first = read(&Recorded::default(), &mut ledger, "2026-09-01T12:00:00Z");
        append(&mut ledger, 2);
        let second = read(&first, &mut ledger, "2026-09-01T13:00:00Z");
        assert_eq!((second.proof.head.seq, second.records.len()), (5, 5));
        assert_eq!(
            second.proof.whole, first.proof.whole,
            "what was followed stays so"
        );
        assert!(second.proof.last > first.proof.last && second.proof.broken.is_none());
        // After a day all of it is looked at anew.
        let third = read(&second, &mut ledger, "2026-09-02T13:00:00Z");
        assert_eq!(
            (third.proof.whole, third.records.len()),
            (third.proof.last, 5)
        );
    }

    #[test]
    fn a_ledger_that_was_cut_is_followed_from_its_beginning() {
        let folder = Folder::new();
        let place = |name: &str| folder.write("x", "").with_file_name(name);
        let mut long = Ledger::open(place("long").to_str().unwrap()).expect("a ledger");
        append(&mut long, 3);
        let first = read(&Recorded::default(), &mut long, "2026-09-01T12:00:00Z");
        let mut cut = Ledger::open(place("cut").to_str().unwrap()).expect("a ledger");
        append(&mut cut, 2);
        let second = read(&first, &mut cut, "2026-09-01T13:00:00Z");
        assert_eq!((second.proof.head.seq, second.records.len()), (2, 2));
        assert_eq!(second.proof.whole, second.proof.last);
    }
}
