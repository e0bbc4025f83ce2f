//! Batch by batch.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use charter::risk::Risk;
use ledger::{Guard, LedgerError};

use super::Order;
use super::settling::fate_of;
use crate::journal::{Doing, Fate, INTENT, Intent, Journal, OUTCOME, Outcome};
use crate::plan::Planned;
use crate::{Change, Domain, Observation, Scope, WriteFailure, Writer};

/// How often a batch is tried again where nothing was done.
pub(super) const TRIES: u32 = 5;

/// The longest that a system is waited for: nobody else can apply meanwhile.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The most bytes of changes in one record, well below what a ledger takes. A batch of more
/// is announced in several.
const RECORD_BYTES: usize = 4 << 20;

/// How writing ended.
pub(super) enum End {
    /// Every batch was done.
    All,
    /// The system will not do one.
    Refused(String),
    /// Somebody else changed what was to be changed.
    Moved(String),
    /// It could not go on.
    Interrupted(String),
}

/// What became of one try.
enum Try {
    Done,
    Again,
    End(End),
}

/// The changes of one scope on their way to the system.
pub(super) struct Writing<'w, 'j, D: Domain> {
    order: Order<'w>,
    scope: &'w Scope,
    domain: &'w D,
    writer: &'w mut dyn Writer,
    journal: &'w mut Journal<'j>,
    guard: &'w mut Guard,
    mark: String,
    /// What to do; all of it goes to the writer, once.
    changes: Vec<Change>,
    total: usize,
    risks: HashMap<String, (Risk, bool)>,
    written: Vec<Change>,
}

impl<'w, 'j, D: Domain> Writing<'w, 'j, D> {
    pub(super) fn new(
        order: Order<'w>,
        scope: &'w Scope,
        planned: Vec<Planned>,
        domain: &'w D,
        (writer, journal, guard): (&'w mut dyn Writer, &'w mut Journal<'j>, &'w mut Guard),
        observation: Observation<D::State>,
    ) -> Self {
        let risks = planned.iter().map(|planned| {
            let judged = (planned.risk, planned.accumulates);
            (planned.change.resource.clone(), judged)
        });
        Self {
            order,
            scope,
            domain,
            writer,
            journal,
            guard,
            mark: observation.mark,
            risks: risks.collect(),
            total: planned.len(),
            written: Vec::with_capacity(planned.len()),
            changes: planned.into_iter().map(|planned| planned.change).collect(),
        }
    }

    /// How many changes have been done and not undone.
    pub(super) fn done(&self) -> usize {
        self.written.len()
    }

    /// The changes that have been done and not undone.
    pub(super) fn into_written(self) -> Vec<Change> {
        self.written
    }

    /// How many changes have not been done, as far as is known.
    pub(super) fn left(&self) -> usize {
        self.total.saturating_sub(self.written.len())
    }

    /// Does all batches, one after the other.
    pub(super) fn all(&mut self) -> Result<End, LedgerError> {
        let changes = std::mem::take(&mut self.changes);
        for batch in self.writer.batches(changes) {
            match self.batch(&batch, false)? {
                End::All => self.written.extend(batch),
                end => return Ok(end),
            }
        }
        Ok(End::All)
    }

    /// Undoes what was done, and what was done `earlier`.
    pub(super) fn roll_back(&mut self, earlier: &[Change]) -> Result<End, LedgerError> {
        let done = self.written.iter().rev().chain(earlier.iter().rev());
        let inverse = done.map(inverse).collect();
        for batch in self.writer.batches(inverse) {
            match self.batch(&batch, true)? {
                End::All => {
                    let undone: HashSet<&str> =
                        batch.iter().map(|one| one.resource.as_str()).collect();
                    self.written
                        .retain(|change| !undone.contains(change.resource.as_str()));
                }
                end => return Ok(end),
            }
        }
        Ok(End::All)
    }

    fn batch(&mut self, batch: &[Change], rollback: bool) -> Result<End, LedgerError> {
        let mut last = String::new();
        for _ in 0..TRIES {
            if !self.guard.holds() {
                let name = self.guard.name();
                let why = format!("the lock `{name}` was lost, so another run may be on its way");
                return Ok(End::Interrupted(why));
            }
            match self.once(batch, rollback, &mut last)? {
                Try::Done => return Ok(End::All),
                Try::Again => {}
                Try::End(end) => return Ok(end),
            }
        }
        Ok(End::Interrupted(format!("{last}, {TRIES} times")))
    }

    fn once(
        &mut self,
        batch: &[Change],
        rollback: bool,
        last: &mut String,
    ) -> Result<Try, LedgerError> {
        let intents = self.announce(batch, rollback)?;
        let failure = match self.writer.write(&self.mark, batch) {
            Ok(mark) => {
                self.mark = mark;
                self.outcome(&intents, Fate::Done, None)?;
                return Ok(Try::Done);
            }
            Err(failure) => failure,
        };
        *last = failure.to_string();
        if let WriteFailure::Unknown(what) = failure {
            return self.find_out(&intents, batch, what);
        }
        self.outcome(&intents, Fate::NotDone, Some(last))?;
        match failure {
            WriteFailure::Refused(what) => Ok(Try::End(End::Refused(what))),
            WriteFailure::Later(how_long) if how_long > LONGEST_WAIT => {
                Ok(Try::End(End::Interrupted(std::mem::take(last))))
            }
            WriteFailure::Later(how_long) => {
                self.journal.clock().wait(how_long);
                Ok(Try::Again)
            }
            WriteFailure::Moved => Ok(self.look_again(batch)),
            WriteFailure::Unreachable(what) | WriteFailure::Unknown(what) => {
                Ok(Try::End(End::Interrupted(what)))
            }
        }
    }

    /// The system did not say whether it was done: its state does.
    fn find_out(
        &mut self,
        intents: &[u64],
        batch: &[Change],
        what: String,
    ) -> Result<Try, LedgerError> {
        // While it cannot be read, the intent stays open for the next run.
        let Ok(observation) = self.domain.observe(self.scope) else {
            return Ok(Try::End(End::Interrupted(what)));
        };
        let steps = batch.iter();
        let steps = steps.map(|change| (change.resource.as_str(), &change.before, &change.after));
        let (fate, why) = fate_of(self.domain, &observation.state, steps);
        self.mark = observation.mark;
        self.outcome(intents, fate, Some(&why))?;
        Ok(match fate {
            Fate::Done => Try::Done,
            Fate::NotDone => Try::Again,
            Fate::Unknown => Try::End(End::Interrupted(why)),
        })
    }

    /// The scope has changed: that stops us only where it is about the same resources.
    fn look_again(&mut self, batch: &[Change]) -> Try {
        let observation = match self.domain.observe(self.scope) {
            Ok(observation) => observation,
            Err(stopped) => return Try::End(End::Interrupted(stopped.what)),
        };
        let other = batch.iter().find(|change| {
            self.domain.resource(&observation.state, &change.resource) != change.before
        });
        self.mark = observation.mark;
        match other {
            Some(change) => Try::End(End::Moved(format!(
                "somebody changed {} meanwhile",
                change.resource
            ))),
            None => Try::Again,
        }
    }

    /// Writes down what is about to be done.
    fn announce(&mut self, batch: &[Change], rollback: bool) -> Result<Vec<u64>, LedgerError> {
        let mut parts = vec![Vec::new()];
        let mut filled = 0;
        for change in batch {
            let known = self.risks.get(change.resource.as_str());
            let (risk, accumulates) = known.copied().unwrap_or((Risk::High, true));
            let doing = Doing::of(change, risk, accumulates);
            let bytes = doing.bytes();
            if filled > 0 && filled + bytes > RECORD_BYTES {
                parts.push(Vec::new());
                filled = 0;
            }
            filled += bytes;
            if let Some(part) = parts.last_mut() {
                part.push(doing);
            }
        }
        let intent = |changes| Intent {
            plan: *self.order.plan,
            commit: self.order.commit.map(str::to_owned),
            scope: self.scope.clone(),
            mark: self.mark.clone(),
            rollback,
            authors: self.order.authors.clone(),
            changes,
        };
        let intents: Vec<Intent<Doing<'_>>> = parts.into_iter().map(intent).collect();
        let records = self.journal.write_all(INTENT, &intents)?;
        Ok(records.iter().map(ledger::Record::seq).collect())
    }

    fn outcome(
        &mut self,
        intents: &[u64],
        fate: Fate,
        why: Option<&str>,
    ) -> Result<(), LedgerError> {
        let outcome = |intent: &u64| Outcome {
            intent: *intent,
            fate,
            why: why.map(str::to_owned),
            mark: Some(self.mark.clone()),
        };
        let outcomes: Vec<Outcome> = intents.iter().map(outcome).collect();
        self.journal.write_all(OUTCOME, &outcomes).map(|_| ())
    }
}

/// The change that undoes one.
fn inverse(change: &Change) -> Change {
    let (before, after) = (change.after.clone(), change.before.clone());
    Change {
        action: Change::action_of(before.as_ref(), after.as_ref()).unwrap_or(change.action),
        before,
        after,
        ..change.clone()
    }
}
