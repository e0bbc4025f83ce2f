//! Batch by batch.

use ledger::LedgerError;

use super::{Order, Risks, fate_of, risks};
use crate::journal::{Done, Fate, INTENT, Intent, Journal, OUTCOME, Outcome};
use crate::plan::ScopePlan;
use crate::{Change, Domain, Scope, WriteFailure, Writer};

/// How often a batch is tried again where nothing was done.
const TRIES: u32 = 5;

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
    mark: String,
    changes: Vec<Change>,
    risks: Risks,
    written: Vec<Change>,
}

impl<'w, 'j, D: Domain> Writing<'w, 'j, D> {
    pub(super) fn new(
        order: Order<'w>,
        scope: &'w ScopePlan,
        domain: &'w D,
        writer: &'w mut dyn Writer,
        journal: &'w mut Journal<'j>,
        mark: String,
    ) -> Self {
        Self {
            order,
            scope: &scope.scope,
            domain,
            writer,
            journal,
            mark,
            changes: scope
                .changes
                .iter()
                .map(|planned| planned.change.clone())
                .collect(),
            risks: risks(scope),
            written: Vec::new(),
        }
    }

    /// How many changes have been done.
    pub(super) fn done(&self) -> usize {
        self.written.len()
    }

    /// How many changes have not been done, as far as is known.
    pub(super) fn left(&self) -> usize {
        self.changes.len().saturating_sub(self.written.len())
    }

    /// Does all batches, one after the other.
    pub(super) fn all(&mut self) -> Result<End, LedgerError> {
        let batches = self.writer.batches(self.changes.clone());
        for batch in batches {
            match self.batch(&batch, false)? {
                End::All => self.written.extend(batch),
                end => return Ok(end),
            }
        }
        Ok(End::All)
    }

    /// Undoes what was done; says whether all of it was.
    pub(super) fn roll_back(&mut self) -> Result<bool, LedgerError> {
        let inverse = self.written.iter().rev().map(inverse).collect();
        for batch in self.writer.batches(inverse) {
            if !matches!(self.batch(&batch, true)?, End::All) {
                return Ok(false);
            }
            let undone = batch.len().min(self.written.len());
            self.written.truncate(self.written.len() - undone);
        }
        Ok(true)
    }

    fn batch(&mut self, batch: &[Change], rollback: bool) -> Result<End, LedgerError> {
        let mut last = String::new();
        for _ in 0..TRIES {
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
        let intent = self.intent(batch, rollback);
        let seq = self.journal.write(INTENT, &intent)?.seq();
        let failure = match self.writer.write(&self.mark, batch) {
            Ok(mark) => {
                self.mark = mark;
                self.outcome(seq, Fate::Done, None)?;
                return Ok(Try::Done);
            }
            Err(failure) => failure,
        };
        *last = failure.to_string();
        if let WriteFailure::Unknown(what) = failure {
            return self.find_out(seq, &intent, what);
        }
        self.outcome(seq, Fate::NotDone, Some(last.clone()))?;
        match failure {
            WriteFailure::Refused(what) => Ok(Try::End(End::Refused(what))),
            WriteFailure::Later(how_long) => {
                self.journal.clock().wait(how_long);
                Ok(Try::Again)
            }
            WriteFailure::Moved => self.look_again(batch),
            WriteFailure::Unreachable(what) | WriteFailure::Unknown(what) => {
                Ok(Try::End(End::Interrupted(what)))
            }
        }
    }

    /// The system did not say whether it was done: its state does.
    fn find_out(&mut self, seq: u64, intent: &Intent, what: String) -> Result<Try, LedgerError> {
        // While it cannot be read, the intent stays open for the next run.
        let Ok(observation) = self.domain.observe(self.scope) else {
            return Ok(Try::End(End::Interrupted(what)));
        };
        let (fate, why) = fate_of(self.domain, &observation.state, intent);
        self.mark = observation.mark;
        self.outcome(seq, fate, Some(why.clone()))?;
        Ok(match fate {
            Fate::Done => Try::Done,
            Fate::NotDone => Try::Again,
            Fate::Unknown => Try::End(End::Interrupted(why)),
        })
    }

    /// The scope has changed: that stops us only where it is about the same resources.
    fn look_again(&mut self, batch: &[Change]) -> Result<Try, LedgerError> {
        let observation = match self.domain.observe(self.scope) {
            Ok(observation) => observation,
            Err(stopped) => return Ok(Try::End(End::Interrupted(stopped.what))),
        };
        let other = batch.iter().find(|change| {
            self.domain.resource(&observation.state, &change.resource) != change.before
        });
        self.mark = observation.mark;
        Ok(match other {
            Some(change) => Try::End(End::Moved(format!(
                "somebody changed {} meanwhile",
                change.resource
            ))),
            None => Try::Again,
        })
    }

    fn intent(&self, batch: &[Change], rollback: bool) -> Intent {
        let done = |change: &Change| {
            let (risk, accumulates) = self
                .risks
                .get(&change.resource)
                .copied()
                .unwrap_or((charter::risk::Risk::High, true));
            Done::of(change, risk, accumulates)
        };
        Intent {
            plan: *self.order.plan,
            commit: self.order.commit.map(str::to_owned),
            scope: self.scope.clone(),
            mark: self.mark.clone(),
            rollback,
            authors: self.order.authors.clone(),
            changes: batch.iter().map(done).collect(),
        }
    }

    fn outcome(&mut self, intent: u64, fate: Fate, why: Option<String>) -> Result<(), LedgerError> {
        let mark = Some(self.mark.clone());
        let outcome = Outcome {
            intent,
            fate,
            why,
            mark,
        };
        self.journal.write(OUTCOME, &outcome).map(|_| ())
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
