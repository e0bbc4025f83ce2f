//! The file of a ballot box, and what is done so that it tells nobody what came when.
//!
//! A page of `SQLite` holds its rows in the order in which they were written, whatever their
//! keys; a deleted row stays until something overwrites it; and the log that precedes the
//! file holds each act apart. So after every act that must not be linked the file is written
//! anew in the order of its keys and the log is cut to nothing: two boxes with the same
//! content are the same bytes, but for the counters of how often they were written.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::blind::BlindError;
use crate::{BoxError, Refusal};

/// The version of the tables.
const SCHEMA: i64 = 2;
/// How long an act waits for its turn.
const WAIT: Duration = Duration::from_secs(60);

/// A connection to the file.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Makes a file with what `fill` writes, or opens the one that is there. The file comes
    /// to be whole or not at all.
    pub(crate) fn create(
        path: &Path,
        fill: impl FnOnce(&Transaction<'_>) -> Result<(), Undone>,
    ) -> Result<Self, BoxError> {
        make_private(path)?;
        let mut store = Self::connect(path)?;
        if store.version()? == 0 {
            store.write(|transaction| {
                // Another process may have made it while we waited.
                if version(transaction)? == 0 {
                    transaction.execute_batch(TABLES)?;
                    transaction.execute_batch(&triggers())?;
                    fill(transaction)?;
                    transaction.pragma_update(None, "user_version", SCHEMA)?;
                }
                Ok(())
            })?;
        }
        store.checked()
    }

    /// Opens a file that is there.
    pub(crate) fn open(path: &Path) -> Result<Self, BoxError> {
        let no_box = || BoxError::NoBox { at: shown(path) };
        if !path.exists() {
            return Err(no_box());
        }
        let store = Self::connect(path)?;
        match store.version()? {
            0 => Err(no_box()),
            _ => store.checked(),
        }
    }

    /// Opens a file that is there, to look at it: nothing is written, whatever was left undone.
    pub(crate) fn open_read_only(path: &Path) -> Result<Self, BoxError> {
        let no_box = || BoxError::NoBox { at: shown(path) };
        if !path.exists() {
            return Err(no_box());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(WAIT)?;
            connection.pragma_update(None, "trusted_schema", false)?;
            Ok(connection)
        };
        let store = Self {
            connection: connect().map_err(|error| failed(path, &error))?,
            path: path.to_owned(),
        };
        match store.version()? {
            0 => Err(no_box()),
            _ => store.checked(),
        }
    }

    fn connect(path: &Path) -> Result<Self, BoxError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(WAIT)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "secure_delete", true)?;
            // A copy that is being written must not lie about on another disk.
            connection.pragma_update(None, "temp_store", "MEMORY")?;
            connection.pragma_update(None, "trusted_schema", false)?;
            Ok(connection)
        };
        let connection = connect().map_err(|error| failed(path, &error))?;
        let path = path.to_owned();
        Ok(Self { connection, path })
    }

    fn version(&self) -> Result<i64, BoxError> {
        version(&self.connection).map_err(|error| self.failed(&error))
    }

    fn checked(self) -> Result<Self, BoxError> {
        match self.version()? {
            SCHEMA => Ok(self),
            found => Err(BoxError::OtherSchema {
                found,
                known: SCHEMA,
            }),
        }
    }

    /// Does all of it or nothing, alone: whatever the work answers but `Ok` is undone.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Undone>,
    ) -> Result<T, BoxError> {
        let path = &self.path;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| failed(path, &error))?;
        let done = work(&transaction).map_err(|undone| undone.of_box(path))?;
        transaction.commit().map_err(|error| failed(path, &error))?;
        Ok(done)
    }

    /// Reads, all from one moment.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Undone>,
    ) -> Result<T, BoxError> {
        let transaction = self.connection.unchecked_transaction();
        transaction
            .map_err(Undone::from)
            .and_then(|transaction| work(&transaction))
            .map_err(|undone| undone.of_box(&self.path))
    }

    /// Writes the file anew in the order of its keys, and empties its log. The acts are done
    /// before; who cannot get the file alone for this leaves it to the next.
    pub(crate) fn forget_order(&self) -> Result<(), BoxError> {
        self.connection
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(|error| self.failed(&error))
    }

    /// What `SQLite` says of the file.
    pub(crate) fn integrity(&self) -> Result<(), BoxError> {
        let said: String = self
            .connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .map_err(|error| self.failed(&error))?;
        match said.as_str() {
            "ok" => Ok(()),
            _ => Err(BoxError::Damaged { what: said }),
        }
    }

    pub(crate) fn shown(&self) -> String {
        shown(&self.path)
    }

    fn failed(&self, error: &rusqlite::Error) -> BoxError {
        failed(&self.path, error)
    }
}

/// Why some work was undone.
pub(crate) enum Undone {
    Database(rusqlite::Error),
    Other(BoxError),
}

impl Undone {
    fn of_box(self, path: &Path) -> BoxError {
        match self {
            Self::Database(error) => failed(path, &error),
            Self::Other(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Undone {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<BoxError> for Undone {
    fn from(error: BoxError) -> Self {
        Self::Other(error)
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Other(BoxError::Refused(refusal))
    }
}

impl From<BlindError> for Undone {
    fn from(error: BlindError) -> Self {
        Self::Other(BoxError::Blind(error))
    }
}

/// The tables of every mode; those of the others stay empty.
const TABLES: &str = "\
CREATE TABLE box (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  poll TEXT NOT NULL,
  registrar TEXT,
  electorate TEXT NOT NULL,
  closing TEXT
) STRICT;
CREATE TABLE voters (voter TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- The voters who were admitted after the opening.
CREATE TABLE granted (
  voter TEXT PRIMARY KEY REFERENCES voters,
  decision TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE refusals (
  day TEXT NOT NULL,
  code TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (day, code)
) STRICT, WITHOUT ROWID;
-- An open poll.
CREATE TABLE roll (
  voter TEXT PRIMARY KEY REFERENCES voters,
  ballot TEXT
) STRICT, WITHOUT ROWID;
-- A sealed poll: who voted, and what, with nothing between the two.
CREATE TABLE turnout (voter TEXT PRIMARY KEY REFERENCES voters) STRICT, WITHOUT ROWID;
CREATE TABLE sealed (lock BLOB PRIMARY KEY, ballot TEXT) STRICT, WITHOUT ROWID;
-- A blind poll: who took a token, and what was posted with one.
CREATE TABLE takers (
  voter TEXT PRIMARY KEY REFERENCES voters,
  request BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE board (seq INTEGER PRIMARY KEY, token BLOB NOT NULL, entry TEXT NOT NULL) STRICT;
CREATE INDEX board_tokens ON board (token);
";

/// What the file itself refuses, whatever a program does.
fn triggers() -> String {
    let mut text = String::new();
    let tables = [
        "voters", "granted", "roll", "turnout", "sealed", "takers", "board",
    ];
    for table in tables {
        for act in ["INSERT", "UPDATE", "DELETE"] {
            text += &format!(
                "CREATE TRIGGER {table}_closed_{act} BEFORE {act} ON {table}
                 WHEN (SELECT closing FROM box) IS NOT NULL
                 BEGIN SELECT RAISE(ABORT, 'the poll is closed'); END;\n"
            );
        }
    }
    for table in ["voters", "granted", "turnout", "takers", "board"] {
        for act in ["UPDATE", "DELETE"] {
            text += &format!(
                "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
                 BEGIN SELECT RAISE(ABORT, 'this table only grows'); END;\n"
            );
        }
    }
    text
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Makes the file where there is none, for nobody but its owner; its log gets the same rights.
fn make_private(path: &Path) -> Result<(), BoxError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(BoxError::Failed {
            at: shown(path),
            why: error.to_string(),
        }),
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> BoxError {
    let at = shown(path);
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => BoxError::Busy { at },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => BoxError::Damaged {
            what: error.to_string(),
        },
        _ => BoxError::Failed {
            at,
            why: error.to_string(),
        },
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
