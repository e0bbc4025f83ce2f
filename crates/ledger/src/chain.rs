//! Following a chain from its first record to its last.

use std::fmt;

use crate::record::{Head, Record, Row};
use crate::{Against, LedgerError, SignedCheckpoint, checkpoint};

/// A ledger that was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many records it has.
    pub records: u64,
    /// Where it ends.
    pub head: Head,
    /// How many checkpoints agree with it, of those in it and those from outside.
    pub checkpoints: u64,
    /// Records whose time is before that of the record before them. That is no fault of the
    /// chain: the clock of a writer was set back, or those of two differ.
    pub backwards: Option<Backwards>,
}

/// Where time went backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backwards {
    /// The first record that is older than the one before it.
    pub first: u64,
    /// How many are.
    pub records: u64,
}

/// The first thing that is wrong with a chain.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) seq: u64,
    pub(crate) what: String,
}

impl Fault {
    fn new(seq: u64, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { seq, what }
    }
}

impl From<Fault> for LedgerError {
    fn from(fault: Fault) -> Self {
        Self::Corrupt {
            seq: fault.seq,
            what: fault.what,
        }
    }
}

/// Follows a chain, record after record, and remembers no more than its head.
pub(crate) struct Chain<'a> {
    against: Against<'a>,
    /// Checkpoints from outside, the one to be met next at the end.
    outside: Vec<&'a SignedCheckpoint>,
    last_at: String,
    summary: Summary,
}

impl<'a> Chain<'a> {
    /// At the beginning.
    ///
    /// # Errors
    /// `BadCheckpoint`: one from outside has a wrong signature.
    pub(crate) fn new(against: Against<'a>) -> Result<Self, LedgerError> {
        for SignedCheckpoint {
            checkpoint,
            signature,
        } in against.checkpoints
        {
            let checked = against
                .checker
                .map(|check| check(&checkpoint.text(), signature));
            if let Some(Err(what)) = checked {
                let seq = checkpoint.seq;
                return Err(LedgerError::BadCheckpoint { seq, what });
            }
        }
        let mut outside: Vec<_> = against.checkpoints.iter().collect();
        outside.sort_by_key(|signed| std::cmp::Reverse(signed.checkpoint.seq));
        let mut chain = Self {
            against,
            outside,
            last_at: String::new(),
            summary: Summary {
                records: 0,
                head: Head::genesis(),
                checkpoints: 0,
                backwards: None,
            },
        };
        chain.meet_outside()?;
        Ok(chain)
    }

    /// The record that a row is, if it is the next one.
    pub(crate) fn follow_row(&mut self, row: Row) -> Result<(), Fault> {
        // Before its content: a missing record is first, whatever comes after it.
        self.check_number(row.seq)?;
        let seq = self.summary.head.seq + 1;
        let record = Record::of_row(row).map_err(|error| Fault::new(seq, error.to_string()))?;
        self.follow(&record)
    }

    /// A record, if it is the next one.
    pub(crate) fn follow(&mut self, record: &Record) -> Result<(), Fault> {
        let head = self.summary.head;
        let seq = head.seq + 1;
        self.check_number(record.seq())?;
        if record.prev() != head.digest {
            let what = format!(
                "it follows {}, but the record before it has {}",
                record.prev(),
                head.digest
            );
            return Err(Fault::new(seq, what));
        }
        self.check_own_checkpoint(record, head)?;
        if record.at() < self.last_at.as_str() {
            let backwards = self.summary.backwards.get_or_insert(Backwards {
                first: seq,
                records: 0,
            });
            backwards.records += 1;
        }
        record.at().clone_into(&mut self.last_at);
        self.summary.records = seq;
        self.summary.head = record.head();
        self.meet_outside()
    }

    fn check_number<N: TryInto<u64> + fmt::Display + Copy>(&self, number: N) -> Result<(), Fault> {
        let last = self.summary.head.seq;
        if number.try_into().ok() == Some(last + 1) {
            return Ok(());
        }
        let after = match last {
            0 => "at the beginning".to_owned(),
            _ => format!("after record {last}"),
        };
        let what = format!("it is missing: {after} comes record {number}");
        Err(Fault::new(last + 1, what))
    }

    /// What was found, at the end.
    pub(crate) fn end(self) -> Result<Summary, Fault> {
        let Some(next) = self.outside.last() else {
            return Ok(self.summary);
        };
        let ends = match self.summary.records {
            0 => "the ledger is empty".to_owned(),
            last => format!("the ledger ends at {last}"),
        };
        let said = &next.checkpoint;
        let what = format!(
            "it is missing: {ends}, the checkpoint of {} says {}",
            said.at, said.seq
        );
        Err(Fault::new(self.summary.records + 1, what))
    }

    /// A checkpoint in the ledger speaks of the record right before it.
    fn check_own_checkpoint(&mut self, record: &Record, head: Head) -> Result<(), Fault> {
        if record.kind() != checkpoint::KIND {
            return Ok(());
        }
        let signed = SignedCheckpoint::of_record(record)
            .ok_or_else(|| Fault::new(record.seq(), "it is no checkpoint, as its kind says"))?;
        let said = &signed.checkpoint;
        if said.seq != head.seq || said.head != head.digest {
            let what = format!(
                "its checkpoint says {} at {}, but {} is at {}",
                said.head, said.seq, head.digest, head.seq
            );
            return Err(Fault::new(record.seq(), what));
        }
        if let Some(check) = self.against.checker {
            check(&said.text(), &signed.signature).map_err(|what| {
                Fault::new(
                    record.seq(),
                    format!("the signature of its checkpoint: {what}"),
                )
            })?;
        }
        self.summary.checkpoints += 1;
        Ok(())
    }

    fn meet_outside(&mut self) -> Result<(), Fault> {
        let head = self.summary.head;
        while let Some(signed) = self
            .outside
            .pop_if(|signed| signed.checkpoint.seq == head.seq)
        {
            let said = &signed.checkpoint;
            if said.head != head.digest {
                let what = format!(
                    "it has {}, the checkpoint of {} says {}: it or one before it was rewritten",
                    head.digest, said.at, said.head
                );
                return Err(Fault::new(head.seq, what));
            }
            self.summary.checkpoints += 1;
        }
        Ok(())
    }
}
