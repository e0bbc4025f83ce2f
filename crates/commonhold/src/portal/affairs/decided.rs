//! Items that are texts, with how they stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use charter::procedure::Rules;
use charter::requirement::Eligible;
use decisions::item::{Record, State};
use jiff::{SignedDuration, Timestamp};
use ledger::Ledger;

use super::{Reading, sentence};
use crate::docket::{self, Docket, Standing, superseded};

/// All items.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// By their numbers; those without one come last.
    pub(crate) items: Vec<Item>,
    /// Items that nothing can be said of, and why.
    pub(crate) unjudged: Vec<(String, String)>,
    /// Files among them that are no events, and why.
    pub(crate) refused: Vec<String>,
    /// Why there is none of it.
    pub(crate) why: Option<String>,
    /// What it was read from.
    from: String,
    /// Until when nothing of it becomes another by itself.
    until: Option<Timestamp>,
}

/// An item.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) number: Option<u32>,
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    pub(crate) state: State,
    pub(crate) superseded_by: Option<String>,
    /// The text as it stands.
    pub(crate) text: Option<String>,
    /// The commit whose charter it is judged by.
    pub(crate) charter: String,
    pub(crate) rules: Rules,
    pub(crate) record: Record,
    /// What was done and the ledger has not received.
    pub(crate) unreceived: Vec<Unreceived>,
}

/// Something that was done and not received.
#[derive(Debug)]
pub(crate) struct Unreceived {
    pub(crate) act: &'static str,
    pub(crate) by: String,
    /// Why it would not count.
    pub(crate) wrong: Option<String>,
}

impl Decided {
    pub(super) fn read(
        earlier: &Arc<Self>,
        reading: &Reading<'_>,
        mut ledger: Option<&mut Ledger>,
    ) -> Arc<Self> {
        let trusted = match reading.trusted(ledger.as_deref_mut()) {
            Ok(trusted) => trusted,
            Err(error) => return Arc::new(Self::nothing(sentence(&error))),
        };
        let from = format!(
            "{trusted} {} {}",
            super::version::folder(&reading.place.folder.join(decisions::FOLDER)),
            reading.recorded.last_of("decision"),
        );
        if earlier.from == from && earlier.until.is_none_or(|until| reading.at < until) {
            return Arc::clone(earlier);
        }
        let read = Self::read_anew(reading, ledger, &trusted);
        Arc::new(match read {
            Ok(read) => Self {
                until: read.items.iter().filter_map(Item::next).min(),
                from,
                ..read
            },
            Err(error) => Self::nothing(sentence(&error)),
        })
    }

    pub(super) fn nothing(why: String) -> Self {
        Self {
            why: Some(why),
            ..Self::default()
        }
    }

    fn read_anew(
        reading: &Reading<'_>,
        ledger: Option<&mut Ledger>,
        trusted: &str,
    ) -> anyhow::Result<Self> {
        let docket = Docket::read(reading.place, ledger)?;
        let (stand, unjudged) = docket.stand(trusted, reading.at)?;
        let superseded = superseded(&stand);
        let item = |(case, record): &Standing| Item {
            id: case.item.to_string(),
            number: case.number,
            title: case.title(record),
            kind: record
                .matter
                .as_ref()
                .map_or("item", |matter| matter.kind.word()),
            state: docket::state(case, record, &superseded),
            superseded_by: superseded.get(&case.item).map(ToString::to_string),
            text: docket.text(&case.item),
            charter: case.charter.clone(),
            rules: case.basis.rules.clone(),
            record: record.clone(),
            unreceived: case
                .unreceived
                .iter()
                .map(|(event, whose)| Unreceived {
                    act: event.act().name(),
                    by: event.actor().to_string(),
                    wrong: whose.as_ref().err().cloned(),
                })
                .collect(),
        };
        Ok(Self {
            items: stand.iter().map(item).collect(),
            unjudged: unjudged
                .into_iter()
                .map(|one| (one.item.to_string(), one.why))
                .collect(),
            refused: docket.refused.iter().map(ToString::to_string).collect(),
            ..Self::default()
        })
    }

    /// The item that a word means: its id or its number.
    pub(crate) fn item(&self, word: &str) -> Option<&Item> {
        let number = word.parse().ok();
        self.items
            .iter()
            .find(|item| item.id == word || (number.is_some() && item.number == number))
    }
}

impl Item {
    /// Whether anything can still become of it.
    pub(crate) fn is_open(&self) -> bool {
        !self.state.is_over()
    }

    /// When something becomes of it by itself.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.record.next.filter(|_| self.is_open())
    }

    /// Its name before its title.
    pub(crate) fn called(&self) -> String {
        match self.number {
            Some(number) => format!("{number}. {}", self.title),
            None => self.title.clone(),
        }
    }

    /// What it waits for, in a few words; nothing where it is over.
    pub(crate) fn waits_for(&self) -> Option<String> {
        if !self.is_open() {
            return None;
        }
        let standing = self.record.objections.iter().find(|one| one.holds());
        if let Some(objection) = standing {
            return Some(format!("the objection of {}", objection.by));
        }
        let asked = self.asked();
        let words = match asked.first().and_then(|person| self.asks(person)) {
            Some("vote") => base::counted(asked.len(), "vote", "votes"),
            Some("second") => "support".to_owned(),
            Some(_) => "approval".to_owned(),
            None if self.state == State::Draft => "the ledger to receive it".to_owned(),
            None if self.state == State::Noticed => "notice".to_owned(),
            None => "time alone".to_owned(),
        };
        Some(words)
    }

    /// What is missing, each thing in a sentence without a full stop.
    pub(crate) fn missing(&self) -> Vec<&str> {
        let missing = self.record.conditions.iter().filter(|one| !one.met);
        let missing = missing.filter(|_| self.is_open());
        missing.map(|one| one.text.as_str()).collect()
    }

    /// Everybody whose turn it is.
    pub(crate) fn asked(&self) -> Vec<&str> {
        let rules = &self.rules;
        let others = rules.members.iter().chain(&rules.seconders);
        let others = others.map(|one| one.person.as_str());
        let proposer = self.record.proposer.as_deref();
        let all: BTreeSet<&str> = self.approvers().chain(others).chain(proposer).collect();
        let mut all: Vec<&str> = all.into_iter().collect();
        all.retain(|person| self.asks(person).is_some());
        all
    }

    /// Whether a vote is held now.
    pub(crate) fn is_voted_on(&self) -> bool {
        let open = matches!(self.state, State::Open | State::LastCall | State::Blocked);
        let asked = self.rules.lazy.is_none() || self.record.count.is_some();
        open && asked && self.rules.procedure.vote.is_some()
    }

    /// What is asked of somebody, by the name of the act; nothing where it is not their turn.
    pub(crate) fn asks(&self, person: &str) -> Option<&'static str> {
        let rules = &self.rules;
        if !self.is_open() || self.record.recused.contains_key(person) {
            return None;
        }
        if self.is_voted_on() && is_among(&rules.members, person) {
            return (!self.record.votes.contains_key(person)).then_some("vote");
        }
        let proposed = self.record.proposer.as_deref() == Some(person);
        let unanswered = |one: &decisions::item::Objection| one.holds() && one.answers.is_empty();
        if proposed && self.record.objections.iter().any(unanswered) {
            return Some("answer");
        }
        let answered = proposed || self.record.approvals.contains_key(person);
        let open = matches!(self.state, State::Open | State::LastCall | State::Blocked);
        let missing = self.record.conditions.iter().any(|one| !one.met);
        if open && missing && !answered && self.approvers().any(|one| one == person) {
            return Some("approve");
        }
        let seconds = rules.procedure.second.is_some() && self.state == State::Noticed;
        (seconds && !proposed && is_among(&rules.seconders, person)).then_some("second")
    }

    /// Those whose agreement is asked for, whatever they have said.
    pub(crate) fn approvers(&self) -> impl Iterator<Item = &str> {
        let rules = &self.rules;
        let review = rules.review.iter().flat_map(|review| &review.people);
        let signs = rules.procedure.sign_off.is_some();
        let members = rules.members.iter().filter(move |_| signs);
        let consulted = rules.consult.iter().flat_map(|consult| &consult.groups);
        let consulted = consulted.flat_map(|group| &group.people);
        let supports = rules.lazy.iter().filter(|lazy| lazy.support > 0);
        let supports = supports.flat_map(|lazy| &lazy.people);
        let all = review.chain(members).chain(consulted).chain(supports);
        let names: BTreeSet<&str> = all.map(|one| one.person.as_str()).collect();
        names.into_iter()
    }

    /// How long it took from the proposal to the outcome, in whole days begun; nothing while it
    /// has none.
    pub(crate) fn days(&self) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60;
        let (proposed, decided) = (self.record.proposed?, self.decided()?);
        let took: SignedDuration = decided.duration_since(proposed);
        Some((took.as_secs() + DAY - 1) / DAY)
    }

    /// When it first had an outcome: accepted, or over without.
    pub(crate) fn decided(&self) -> Option<Timestamp> {
        let mut steps = self.record.history.iter();
        let step = steps.find(|step| step.state.is_over() || step.state.is_accepted());
        step.map(|step| step.at)
    }
}

/// Whether somebody is among these people.
pub(crate) fn is_among(people: &[Eligible], person: &str) -> bool {
    people.iter().any(|one| one.person == person)
}
