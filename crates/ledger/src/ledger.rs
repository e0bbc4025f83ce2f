//! A ledger, whichever database holds it.

use std::error::Error;
use std::fmt;
use std::io::{BufRead, Write};
use std::vec;

use serde::Serialize;

use crate::chain::{Chain, Summary};
use crate::checkpoint::{self, Against, Checkpoint, SignedCheckpoint};
use crate::location::Location;
use crate::record::{Entry, Head, Record, Row};
use crate::store::{self, Held, Store, Writer};
use crate::{LedgerError, NotARecord, transfer};

/// How often a checkpoint is signed anew because others appended meanwhile.
const CHECKPOINT_TRIES: usize = 8;

/// The fewest hexadecimal digits that a record is looked for by.
const SHORTEST_PREFIX: usize = 4;

/// An open ledger: one connection to its database.
pub struct Ledger {
    store: Box<dyn Store>,
    place: String,
    read_only: bool,
}

impl Ledger {
    /// Opens a ledger to read and append, and makes it where there is none.
    ///
    /// `sqlite:PATH` or a path is a file; `postgres://USER:PASSWORD@HOST:PORT/DATABASE` is a
    /// database of a server. There is no TLS: a server on another machine needs
    /// `?sslmode=disable` to say that the network is trusted, and `sslmode=require` is refused.
    ///
    /// # Errors
    /// `Location`, `Unreachable`, `Refused`, `Busy`, `NewerSchema`.
    pub fn open(url: &str) -> Result<Self, LedgerError> {
        let location = Location::parse(url)?;
        Ok(Self {
            store: store::open(&location)?,
            place: location.to_string(),
            read_only: false,
        })
    }

    /// Opens a ledger that there is, to read only.
    ///
    /// # Errors
    /// As [`Ledger::open`], and `NoLedger`.
    pub fn open_read_only(url: &str) -> Result<Self, LedgerError> {
        let location = Location::parse(url)?;
        Ok(Self {
            store: store::open_read_only(&location)?,
            place: location.to_string(),
            read_only: true,
        })
    }

    /// Where it is, without the password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Appends one record, after all that others append until its turn comes. It is on the disk
    /// when this returns.
    ///
    /// # Errors
    /// `Invalid`, `TooLarge`, `ReadOnly`, `Busy` after waiting half a minute, `Corrupt` where the
    /// last record is bad, `Unreachable` where it is unknown whether the record is there.
    pub fn append(
        &mut self,
        at: &str,
        kind: &str,
        actor: &str,
        body: impl Serialize,
    ) -> Result<Record, LedgerError> {
        let entry = Entry::new(at, kind, actor, body);
        self.write(|writer| {
            let record = Record::after(head_of(writer.last()?)?, &entry)?;
            writer.insert(&record)?;
            Ok(record)
        })
    }

    /// Appends several records, one after the other with none between: all of them or none.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub fn append_all<B: Serialize>(
        &mut self,
        entries: &[Entry<B>],
    ) -> Result<Vec<Record>, LedgerError> {
        self.write(|writer| {
            let mut head = head_of(writer.last()?)?;
            let append = |entry| {
                let record = Record::after(head, entry)?;
                writer.insert(&record)?;
                head = record.head();
                Ok(record)
            };
            entries.iter().map(append).collect()
        })
    }

    /// Takes a lock of this name, which keeps everybody else from taking it: those who use the
    /// same ledger, on this machine or, with a server, on any. It ends with the guard, and with
    /// this process however that ends. The ledger itself can be used as before.
    ///
    /// # Errors
    /// `Busy` at once where somebody holds it; `ReadOnly`, `Unreachable`, `Refused`.
    pub fn lock(&mut self, name: &str) -> Result<Guard, LedgerError> {
        if self.read_only {
            return Err(LedgerError::ReadOnly);
        }
        Ok(Guard {
            held: self.store.lock(name)?,
            name: name.to_owned(),
        })
    }

    /// Where the chain ends.
    ///
    /// # Errors
    /// As [`Ledger::last`].
    pub fn head(&mut self) -> Result<Head, LedgerError> {
        head_of(self.store.last("")?)
    }

    /// The last record.
    ///
    /// # Errors
    /// `Corrupt` where its digest is not that of its content; `Unreachable`, `Refused`.
    pub fn last(&mut self) -> Result<Option<Record>, LedgerError> {
        self.last_of("")
    }

    /// The last record of this kind or below it: `apply` means `apply.intent` too.
    ///
    /// # Errors
    /// As [`Ledger::last`].
    pub fn last_of(&mut self, kind: &str) -> Result<Option<Record>, LedgerError> {
        self.store.last(kind)?.map(read).transpose()
    }

    /// The record of this number.
    ///
    /// # Errors
    /// As [`Ledger::last`].
    pub fn get(&mut self, seq: u64) -> Result<Option<Record>, LedgerError> {
        let Ok(seq) = i64::try_from(seq) else {
            return Ok(None);
        };
        self.store.row(seq)?.map(read).transpose()
    }

    /// The record whose digest starts with these hexadecimal digits, at least four of them, with
    /// or without `sha256:`. Nothing where they are fewer, or no such digits.
    ///
    /// # Errors
    /// `Ambiguous`, and as [`Ledger::last`].
    pub fn find(&mut self, digits: &str) -> Result<Option<Record>, LedgerError> {
        let digits = digits.strip_prefix("sha256:").unwrap_or(digits);
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if digits.len() < SHORTEST_PREFIX || !hexadecimal {
            return Ok(None);
        }
        let low = format!("sha256:{}", digits.to_ascii_lowercase());
        // After the digits `0` to `f` comes the letter `g`.
        let mut found = self.store.between(&low, &format!("{low}g"))?;
        if found.len() > 1 {
            let prefix = digits.to_owned();
            return Err(LedgerError::Ambiguous { prefix });
        }
        found.pop().map(read).transpose()
    }

    /// The records from this number on, in their order, read in pages. Those that are appended
    /// meanwhile come too.
    pub fn records(&mut self, from: u64) -> Records<'_> {
        self.records_of(from, "")
    }

    /// The records of a kind or below it, as [`Ledger::last_of`] means it, from this number on.
    pub fn records_of(&mut self, from: u64, kind: &str) -> Records<'_> {
        Records {
            store: self.store.as_mut(),
            kind: kind.to_owned(),
            after: i64::try_from(from).map_or(i64::MAX, |from| from - 1),
            page: Vec::new().into_iter(),
            done: false,
        }
    }

    /// Reads the whole ledger, checks every record and how it follows the one before, and every
    /// checkpoint.
    ///
    /// # Errors
    /// `Corrupt` names the first bad record; `BadCheckpoint`, `Unreachable`, `Refused`.
    pub fn verify(&mut self, against: Against<'_>) -> Result<Summary, LedgerError> {
        let mut chain = Chain::new(against)?;
        // A row that someone gave a number below 1 is found too.
        let mut after = i64::MIN;
        loop {
            let page = self.store.page(after, "")?;
            let Some(last) = page.last() else {
                return Ok(chain.end()?);
            };
            after = last.seq;
            for row in page {
                chain.follow_row(row)?;
            }
        }
    }

    /// Signs where the chain ends now, and appends a record of the kind `ledger.checkpoint` with
    /// the signature. Keep [`SignedCheckpoint::of_record`] of it where who writes the ledger
    /// cannot write: only then it shows a cut or rewritten ledger.
    ///
    /// `sign` makes the armored signature of [`Checkpoint::text`]. It is called again where
    /// others append meanwhile: a checkpoint speaks of the record right before it.
    ///
    /// # Errors
    /// `Signing`; `Busy` where others never stopped appending; and as [`Ledger::append`].
    pub fn checkpoint<E: Into<Box<dyn Error + Send + Sync>>>(
        &mut self,
        at: &str,
        actor: &str,
        mut sign: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Record, LedgerError> {
        for _ in 0..CHECKPOINT_TRIES {
            let head = self.head()?;
            let checkpoint = Checkpoint {
                at: at.to_owned(),
                head: head.digest,
                seq: head.seq,
            };
            let signature = sign(&checkpoint.text()).map_err(|error| LedgerError::Signing {
                head: head.digest,
                source: error.into(),
            })?;
            let signed = SignedCheckpoint {
                checkpoint,
                signature,
            };
            let entry = Entry::new(at, checkpoint::KIND, actor, signed.body());
            let appended = self.write(|writer| {
                if head_of(writer.last()?)? != head {
                    return Ok(None);
                }
                let record = Record::after_any(head, &entry)?;
                writer.insert(&record)?;
                Ok(Some(record))
            })?;
            if let Some(record) = appended {
                return Ok(record);
            }
        }
        let what = format!("the ledger at {}", self.place);
        Err(LedgerError::Busy { what })
    }

    /// Writes every record as a line of canonical JSON, and says how many. The same ledger gives
    /// the same bytes, whichever database holds it.
    ///
    /// # Errors
    /// `Stream`, and `Corrupt` where a record's digest is not that of its content. Whether each
    /// follows the one before is what [`Ledger::verify`] says.
    pub fn export(&mut self, out: impl Write) -> Result<u64, LedgerError> {
        transfer::write_lines(self.records(0), out)
    }

    /// Reads an export into this empty ledger: all of it, or nothing where a line is bad.
    ///
    /// # Errors
    /// `NotEmpty`, `BadLine` with the first bad line, `Stream`, and as [`Ledger::append`].
    pub fn import(
        &mut self,
        mut lines: impl BufRead,
        against: Against<'_>,
    ) -> Result<Summary, LedgerError> {
        self.write(|writer| {
            if let Some(last) = writer.last()? {
                let records = u64::try_from(last.seq).unwrap_or_default();
                return Err(LedgerError::NotEmpty { records });
            }
            let take = |record: Record| writer.insert(&record);
            transfer::read_chain(&mut lines, against, take)
        })
    }

    fn write<T>(
        &mut self,
        mut work: impl FnMut(&mut dyn Writer) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        if self.read_only {
            return Err(LedgerError::ReadOnly);
        }
        let mut done = None;
        self.store.write(&mut |writer| {
            done = Some(work(writer)?);
            Ok(())
        })?;
        done.ok_or_else(|| LedgerError::Refused {
            at: self.place.clone(),
            why: "its database wrote nothing and said it did".to_owned(),
        })
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("place", &self.place)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

/// Records of a ledger in their order, from [`Ledger::records`]. It ends after the first error.
pub struct Records<'a> {
    store: &'a mut dyn Store,
    kind: String,
    after: i64,
    page: vec::IntoIter<Row>,
    done: bool,
}

impl Iterator for Records<'_> {
    type Item = Result<Record, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        if self.page.len() == 0 {
            match self.store.page(self.after, &self.kind) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        let row = self.page.next();
        let record = row.map(|row| {
            self.after = row.seq;
            read(row)
        });
        self.done = !matches!(record, Some(Ok(_)));
        record
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("kind", &self.kind)
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

/// A lock that is held until this value goes, or its process.
pub struct Guard {
    held: Box<dyn Held>,
    name: String,
}

impl Guard {
    /// The name that was locked.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the lock is still held: one of a server ends when the server does, or the way to
    /// it. Ask before what must not be done twice.
    pub fn holds(&mut self) -> bool {
        self.held.holds()
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The record that a row is.
fn read(row: Row) -> Result<Record, LedgerError> {
    let seq = u64::try_from(row.seq).unwrap_or_default();
    Record::of_row(row).map_err(|error| corrupt(seq, &error))
}

fn corrupt(seq: u64, error: &NotARecord) -> LedgerError {
    LedgerError::Corrupt {
        seq,
        what: error.to_string(),
    }
}

fn head_of(last: Option<Row>) -> Result<Head, LedgerError> {
    let Some(row) = last else {
        return Ok(Head::genesis());
    };
    let seq = u64::try_from(row.seq).unwrap_or_default();
    Record::head_of_row(row).map_err(|error| corrupt(seq, &error))
}
