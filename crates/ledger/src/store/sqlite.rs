//! A ledger in a file of `SQLite`.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Digest;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior};

use super::{Held, REFUSAL, SCHEMA, Store, WRITER_WAIT_SECONDS, Writer, check_schema, sql};
use crate::LedgerError;
use crate::record::{Record, Row};

/// A connection, and the file's one true path: a lock is of the file, whichever link led to it.
pub(super) struct Sqlite {
    connection: Connection,
    path: PathBuf,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut store = Self::connect(path, flags)?;
        store.prepare().map_err(|error| store.failed(&error))?;
        store.check_schema()?;
        Ok(store)
    }

    pub(super) fn open_read_only(path: &Path) -> Result<Self, LedgerError> {
        let none = || LedgerError::NoLedger { at: shown(path) };
        if !path.exists() {
            return Err(none());
        }
        let store = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if !store.has_schema().map_err(|error| store.failed(&error))? {
            return Err(none());
        }
        store.check_schema()?;
        Ok(store)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, LedgerError> {
        let unreachable = |why: String| LedgerError::Unreachable {
            at: shown(path),
            why,
        };
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)
            .and_then(|connection| {
                connection.busy_timeout(Duration::from_secs(WRITER_WAIT_SECONDS))?;
                Ok(connection)
            })
            .map_err(|error| unreachable(error.to_string()))?;
        let path = fs::canonicalize(path).map_err(|error| unreachable(error.to_string()))?;
        Ok(Self { connection, path })
    }

    /// Makes the database durable, and the tables where there are none.
    fn prepare(&mut self) -> rusqlite::Result<()> {
        self.write_ahead()?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        if self.has_schema()? {
            return Ok(());
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have made them while we waited.
        if !has_schema(&transaction)? {
            transaction.execute_batch(&schema())?;
        }
        transaction.commit()
    }

    /// Lets readers read while one writes. While others do the same, `SQLite` does not wait
    /// for them here, whatever it was told of waiting.
    fn write_ahead(&self) -> rusqlite::Result<()> {
        const PAUSE: Duration = Duration::from_millis(20);
        let tries = Duration::from_secs(WRITER_WAIT_SECONDS).as_millis() / PAUSE.as_millis();
        for _ in 0..tries {
            match self.connection.pragma_update(None, "journal_mode", "WAL") {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    std::thread::sleep(PAUSE);
                }
                done => return done,
            }
        }
        self.connection.pragma_update(None, "journal_mode", "WAL")
    }

    fn has_schema(&self) -> rusqlite::Result<bool> {
        has_schema(&self.connection)
    }

    fn check_schema(&self) -> Result<(), LedgerError> {
        let found = self
            .connection
            .query_row(sql::VERSION, [], |row| row.get(0));
        check_schema(found.map_err(|error| self.failed(&error))?)
    }

    fn rows(&self, query: &str, values: impl rusqlite::Params) -> Result<Vec<Row>, LedgerError> {
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.connection.prepare(query)?;
            statement.query_map(values, row_of)?.collect()
        };
        read().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &rusqlite::Error) -> LedgerError {
        failed(&self.path, error)
    }
}

impl Store for Sqlite {
    fn page(&mut self, after: i64, kind: &str) -> Result<Vec<Row>, LedgerError> {
        self.rows(sql::PAGE, (after, kind))
    }

    fn row(&mut self, seq: i64) -> Result<Option<Row>, LedgerError> {
        Ok(self.rows(sql::ROW, (seq,))?.pop())
    }

    fn last(&mut self, kind: &str) -> Result<Option<Row>, LedgerError> {
        Ok(self.rows(sql::LAST, (kind,))?.pop())
    }

    fn between(&mut self, low: &str, high: &str) -> Result<Vec<Row>, LedgerError> {
        self.rows(sql::BETWEEN, (low, high))
    }

    fn write(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Writer) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let path = &self.path;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| failed(path, &error))?;
        work(&mut Turn {
            connection: &transaction,
            path,
        })?;
        transaction.commit().map_err(|error| failed(path, &error))
    }

    /// The system drops a file's lock with the process that holds it, however that ends; a row
    /// in a table would stay. The file itself stays: who removes one that another waits for
    /// lets two in.
    fn lock(&mut self, name: &str) -> Result<Box<dyn Held>, LedgerError> {
        let mut file_name = self.path.file_name().unwrap_or_default().to_owned();
        file_name.push(format!(".{}.lock", Digest::of(name.as_bytes()).short()));
        let path = self.path.with_file_name(file_name);
        let refused = |error: &std::io::Error| LedgerError::Refused {
            at: shown(&path),
            why: error.to_string(),
        };
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| refused(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let what = format!("the lock `{name}`");
                return Err(LedgerError::Busy { what });
            }
            Err(TryLockError::Error(error)) => return Err(refused(&error)),
        }
        // For people who wonder what the file is; the lock does not need it.
        let _ = file
            .set_len(0)
            .and_then(|()| writeln!(file, "The lock `{}` of a ledger.", name.escape_debug()));
        Ok(Box::new(HeldFile(file)))
    }
}

/// The turn of a writer.
struct Turn<'a> {
    connection: &'a Connection,
    path: &'a Path,
}

impl Writer for Turn<'_> {
    fn last(&mut self) -> Result<Option<Row>, LedgerError> {
        self.connection
            .query_row(sql::LAST, [""], row_of)
            .optional()
            .map_err(|error| failed(self.path, &error))
    }

    fn insert(&mut self, record: &Record) -> Result<(), LedgerError> {
        let values = (
            record.seq().cast_signed(),
            record.prev().to_string(),
            record.at(),
            record.kind(),
            record.actor(),
            record.body_text(),
            record.digest().to_string(),
        );
        self.connection
            .execute(sql::INSERT, values)
            .map_err(|error| failed(self.path, &error))?;
        Ok(())
    }
}

struct HeldFile(File);

impl Held for HeldFile {
    fn holds(&mut self) -> bool {
        true
    }
}

impl Drop for HeldFile {
    fn drop(&mut self) {
        // Closing the file would do, but not while a program that another thread is just
        // starting still has it.
        let _ = self.0.unlock();
    }
}

fn has_schema(connection: &Connection) -> rusqlite::Result<bool> {
    let query = "SELECT count(*) FROM sqlite_schema WHERE name = 'ledger_schema'";
    let found: i64 = connection.query_row(query, [], |row| row.get(0))?;
    Ok(found > 0)
}

fn schema() -> String {
    let genesis = super::genesis();
    format!(
        "\
CREATE TABLE ledger_schema (version INTEGER NOT NULL) STRICT;
INSERT INTO ledger_schema (version) VALUES ({SCHEMA});
CREATE TABLE ledger_records (
  seq INTEGER PRIMARY KEY,
  prev TEXT NOT NULL,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  body TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_records
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_records
BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END;
CREATE TRIGGER ledger_next BEFORE INSERT ON ledger_records
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger_records)
  OR NEW.prev <> coalesce(
    (SELECT digest FROM ledger_records ORDER BY seq DESC LIMIT 1), '{genesis}')
  OR EXISTS (SELECT 1 FROM ledger_records WHERE digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, '{REFUSAL}: this record does not follow the last one'); END;
"
    )
}

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    // A text that is no UTF-8 is a changed one: its digest will show it.
    let text = |at: usize| -> rusqlite::Result<String> {
        let value = row.get_ref(at)?;
        let bytes = value.as_bytes().unwrap_or_default();
        Ok(String::from_utf8_lossy(bytes).into_owned())
    };
    Ok(Row {
        seq: row.get(0)?,
        prev: text(1)?,
        at: text(2)?,
        kind: text(3)?,
        actor: text(4)?,
        body: text(5)?,
        digest: text(6)?,
    })
}

fn failed(path: &Path, error: &rusqlite::Error) -> LedgerError {
    let at = shown(path);
    let why = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy {
            what: format!("the ledger at {at}"),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure) => {
            LedgerError::Unreachable { at, why }
        }
        _ => LedgerError::Refused { at, why },
    }
}

fn shown(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}
