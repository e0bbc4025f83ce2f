//! Change by change, where a system takes each by itself: what it refuses stops only that.

use std::collections::HashMap;
use std::time::Duration;

use charter::risk::Risk;
use ledger::{Guard, LedgerError};

use super::settling::fate_of;
use super::writing::TRIES;
use super::{Ending, Order};
use crate::journal::{Doing, Fate, INTENT, Intent, Journal, OUTCOME, Outcome};
use crate::plan::Planned;
use crate::{Change, Domain, ItemWriter, Scope, WriteFailure};

/// The longest that a wave waits because the system asks for it. Limits are often counted by the
/// hour.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 3600);

/// After so many waves of which nothing came through, it is given up.
const TIRED: usize = 3;

/// How long is waited before what nobody got is sent again.
const PAUSE: Duration = Duration::from_secs(1);

/// The changes of one scope on their way to a system that takes each by itself.
pub(super) struct Apart<'w, 'j, D: Domain> {
    order: Order<'w>,
    scope: &'w Scope,
    domain: &'w D,
    writer: &'w mut dyn ItemWriter,
    journal: &'w mut Journal<'j>,
    guard: &'w mut Guard,
    mark: String,
    risks: HashMap<String, (Risk, bool)>,
    written: Vec<Change>,
    failed: Vec<String>,
    /// How many of the last wave were tried as often as can be.
    tired: usize,
}

/// What became of the changes of a wave in one try.
#[derive(Default)]
struct Tried {
    /// Nothing was done; they may be tried again, each with why.
    again: Vec<(Change, String)>,
    /// What the system asks to wait before.
    pause: Duration,
    /// How many were sent in vain, and not only asked to wait.
    in_vain: usize,
    /// The system answered something, and did not only ask to wait.
    answered: bool,
    /// It may or may not have been done, and cannot be found out now.
    unknown: Option<String>,
}

impl<'w, 'j, D: Domain> Apart<'w, 'j, D> {
    pub(super) fn new(
        order: Order<'w>,
        scope: &'w Scope,
        domain: &'w D,
        (writer, journal, guard): (&'w mut dyn ItemWriter, &'w mut Journal<'j>, &'w mut Guard),
        mark: String,
    ) -> Self {
        Self {
            order,
            scope,
            domain,
            writer,
            journal,
            guard,
            mark,
            risks: HashMap::new(),
            written: Vec::new(),
            failed: Vec::new(),
            tired: 0,
        }
    }

    /// The changes that have been done.
    pub(super) fn into_written(self) -> Vec<Change> {
        self.written
    }

    /// Does all that the system takes.
    pub(super) fn all(&mut self, planned: Vec<Planned>) -> Result<Ending, LedgerError> {
        let total = planned.len();
        self.risks = planned
            .iter()
            .map(|one| {
                let judged = (one.risk, one.accumulates);
                (one.change.resource.clone(), judged)
            })
            .collect();
        let changes = planned.into_iter().map(|one| one.change).collect();
        let mut in_vain = 0;
        for wave in self.writer.waves(changes) {
            let before = (self.written.len(), self.failed.len());
            let size = wave.len();
            let stop = self.wave(wave)?;
            // Where nothing comes through any more, the rest would be asked for in vain too.
            let nothing = self.written.len() == before.0 && self.tired == size;
            in_vain = if nothing { in_vain + 1 } else { 0 };
            let tired = (in_vain == TIRED).then(|| self.failed.last().cloned().unwrap_or_default());
            if let Some(why) = stop.or(tired) {
                let left = total.saturating_sub(self.written.len());
                return Ok(Ending::Interrupted { why, left });
            }
        }
        let failed = std::mem::take(&mut self.failed);
        Ok(match total.saturating_sub(self.written.len()) {
            0 => Ending::Applied,
            left => Ending::Partly { failed, left },
        })
    }

    /// Does a wave; says why, if it cannot go on after it.
    fn wave(&mut self, mut wave: Vec<Change>) -> Result<Option<String>, LedgerError> {
        let mut last = Tried::default();
        self.tired = 0;
        let (mut tries, mut waited) = (0, Duration::ZERO);
        while tries < TRIES {
            if !self.guard.holds() {
                let name = self.guard.name();
                return Ok(Some(format!(
                    "the lock `{name}` was lost, so another run may be on its way"
                )));
            }
            last = self.once(wave)?;
            if let Some(why) = last.unknown {
                return Ok(Some(why));
            }
            if last.again.is_empty() {
                return Ok(None);
            }
            let pause = last.pause.max(PAUSE);
            waited += pause;
            if waited > LONGEST_WAIT {
                let seconds = pause.as_secs();
                let why = format!("the system asks to wait {seconds} seconds; go on after that");
                return Ok(Some(why));
            }
            self.journal.clock().wait(pause);
            // Who asks to wait and is obeyed is not tried in vain.
            tries += u32::from(last.in_vain > 0);
            wave = last.again.iter().map(|(one, _)| one.clone()).collect();
        }
        // Where nobody answers, the next wave would wait as long for nothing.
        if !last.answered
            && let Some((_, why)) = last.again.first()
        {
            return Ok(Some(format!("{why}, {TRIES} times")));
        }
        self.tired = last.again.len();
        let failed = last.again.into_iter();
        let failed =
            failed.map(|(change, why)| format!("{}: {why}, {TRIES} times", change.resource));
        self.failed.extend(failed);
        Ok(None)
    }

    fn once(&mut self, wave: Vec<Change>) -> Result<Tried, LedgerError> {
        let intents = self.announce(&wave)?;
        let answers = self.writer.write(&wave);
        let mut tried = Tried::default();
        let mut outcomes = Vec::with_capacity(wave.len());
        let mut open = Vec::new();
        let mut answers = answers.into_iter();
        for (intent, change) in intents.into_iter().zip(wave) {
            // Of what it says nothing, nobody knows.
            let silent = || Err(WriteFailure::Unknown("the writer said nothing".to_owned()));
            let failure = match answers.next().unwrap_or_else(silent) {
                Ok(()) => {
                    tried.answered = true;
                    outcomes.push((intent, Fate::Done, None));
                    self.written.push(change);
                    continue;
                }
                Err(failure) => failure,
            };
            let why = failure.to_string();
            match failure {
                WriteFailure::Unknown(_) => {
                    tried.answered = true;
                    open.push((intent, change, why));
                    continue;
                }
                WriteFailure::Refused(_) | WriteFailure::Moved => {
                    tried.answered = true;
                    self.failed.push(format!("{}: {why}", change.resource));
                }
                WriteFailure::Later(pause) => {
                    tried.pause = tried.pause.max(pause);
                    tried.again.push((change, why.clone()));
                }
                WriteFailure::Unreachable(_) => {
                    tried.in_vain += 1;
                    tried.pause = tried.pause.max(PAUSE);
                    tried.again.push((change, why.clone()));
                }
            }
            outcomes.push((intent, Fate::NotDone, Some(why)));
        }
        self.outcomes(outcomes)?;
        if !open.is_empty() {
            self.find_out(open, &mut tried)?;
        }
        Ok(tried)
    }

    /// The system did not say what it did: its state does.
    fn find_out(
        &mut self,
        open: Vec<(u64, Change, String)>,
        tried: &mut Tried,
    ) -> Result<(), LedgerError> {
        let observation = match self.domain.observe(self.scope) {
            Ok(observation) => observation,
            // The intents stay open for the next run.
            Err(stopped) => {
                let said = open.first().map_or("", |(.., why)| why.as_str());
                tried.unknown = Some(format!("{said}; and then {}", stopped.what));
                return Ok(());
            }
        };
        self.mark = observation.mark;
        let mut outcomes = Vec::with_capacity(open.len());
        for (intent, change, said) in open {
            let step = (change.resource.as_str(), &change.before, &change.after);
            let step = std::iter::once(step);
            let (fate, why) = fate_of(self.domain, &observation.state, step);
            outcomes.push((intent, fate, Some(why)));
            match fate {
                Fate::Done => self.written.push(change),
                Fate::NotDone => {
                    tried.in_vain += 1;
                    tried.pause = tried.pause.max(PAUSE);
                    tried.again.push((change, said));
                }
                Fate::Unknown => self.failed.push(format!(
                    "{}: {said}, and it is something else now",
                    change.resource
                )),
            }
        }
        self.outcomes(outcomes)
    }

    /// Writes down what is about to be done, each change by itself.
    fn announce(&mut self, wave: &[Change]) -> Result<Vec<u64>, LedgerError> {
        let intents: Vec<Intent<Doing<'_>>> = wave
            .iter()
            .map(|change| {
                let known = self.risks.get(change.resource.as_str());
                let (risk, accumulates) = known.copied().unwrap_or((Risk::High, true));
                Intent {
                    plan: *self.order.plan,
                    commit: self.order.commit.map(str::to_owned),
                    scope: self.scope.clone(),
                    mark: self.mark.clone(),
                    rollback: false,
                    authors: self.order.authors.clone(),
                    changes: vec![Doing::of(change, risk, accumulates)],
                }
            })
            .collect();
        let records = self.journal.write_all(INTENT, &intents)?;
        Ok(records.iter().map(ledger::Record::seq).collect())
    }

    fn outcomes(&mut self, of: Vec<(u64, Fate, Option<String>)>) -> Result<(), LedgerError> {
        let outcome = |(intent, fate, why)| Outcome {
            intent,
            fate,
            why,
            mark: Some(self.mark.clone()),
        };
        let outcomes: Vec<Outcome> = of.into_iter().map(outcome).collect();
        self.journal.write_all(OUTCOME, &outcomes).map(|_| ())
    }
}
