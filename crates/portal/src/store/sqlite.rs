//! Documents in a file of `SQLite`.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior};

use super::{Engine, MEMORY, SCHEMA, StoreError, WAIT_SECONDS, check_schema, sql, wrong};

const SCHEMA_TABLES: &str = "\
CREATE TABLE portal_schema (version INTEGER NOT NULL) STRICT;
CREATE TABLE portal_documents (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  expires INTEGER,
  PRIMARY KEY (kind, key)
) STRICT;
CREATE INDEX portal_expires ON portal_documents (expires) WHERE expires IS NOT NULL;
";

/// One connection: a statement takes microseconds, so that nobody waits long for it.
#[derive(Debug)]
pub struct Sqlite {
    connection: Mutex<Connection>,
    place: String,
}

impl Sqlite {
    pub(super) fn in_memory() -> Result<Self, StoreError> {
        let opened = Connection::open_in_memory();
        let connection = opened.map_err(|error| wrong(MEMORY, error))?;
        Self::prepared(connection, MEMORY.to_owned())
    }

    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let place = format!("sqlite:{}", path.display());
        // SQLite gives the files beside this one the same rights. What is in it is nobody else's.
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| wrong(&place, error))?;
        let opened = Connection::open(path);
        let connection = opened.map_err(|error| wrong(&place, error))?;
        Self::prepared(connection, place)
    }

    fn prepared(mut connection: Connection, place: String) -> Result<Self, StoreError> {
        let found = prepare(&mut connection).map_err(|error| wrong(&place, error))?;
        check_schema(&place, found)?;
        Ok(Self {
            connection: Mutex::new(connection),
            place,
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A statement is whole or not there, whoever panicked between two of them.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        work(&self.connection()).map_err(|error| wrong(&self.place, error))
    }
}

impl Engine for Sqlite {
    fn place(&self) -> &str {
        &self.place
    }

    fn put(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
    ) -> Result<(), StoreError> {
        self.run(|connection| {
            let mut put = connection.prepare(sql::PUT)?;
            put.execute((kind, key, text, expires)).map(drop)
        })
    }

    fn put_new(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError> {
        self.run(|connection| {
            let mut put = connection.prepare(sql::PUT_NEW)?;
            Ok(put.execute((kind, key, text, expires, now))? > 0)
        })
    }

    fn get(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError> {
        self.run(|connection| {
            let mut get = connection.prepare(sql::GET)?;
            get.query_row((kind, key, now), |row| row.get(0)).optional()
        })
    }

    fn take(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError> {
        self.run(|connection| {
            let mut take = connection.prepare(sql::TAKE)?;
            // A statement that returns rows is done when it has returned the last of them.
            let mut rows = take.query((kind, key, now))?;
            let mut taken = None;
            while let Some(row) = rows.next()? {
                taken = Some(row.get(0)?);
            }
            Ok(taken)
        })
    }

    fn list(
        &self,
        kind: &str,
        after: &str,
        limit: i64,
        now: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.run(|connection| {
            let mut list = connection.prepare(sql::LIST)?;
            let rows = list.query_map((kind, after, now, limit), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            rows.collect()
        })
    }

    fn sweep(&self, now: i64) -> Result<(), StoreError> {
        self.run(|connection| connection.execute(sql::SWEEP, (now,)).map(drop))
    }
}

/// Makes the database durable, and the tables where there are none; gives their version.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(Duration::from_secs(WAIT_SECONDS))?;
    write_ahead(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    if !has_schema(connection)? {
        let turn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have made them while we waited.
        if !has_schema(&turn)? {
            turn.execute_batch(SCHEMA_TABLES)?;
            turn.execute("INSERT INTO portal_schema (version) VALUES ($1)", (SCHEMA,))?;
        }
        turn.commit()?;
    }
    connection.query_row(sql::VERSION, [], |row| row.get(0))
}

/// Lets readers read while one writes. While others do the same, `SQLite` does not wait for them here, whatever it was
/// told of waiting.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    const PAUSE: Duration = Duration::from_millis(20);
    let tries = Duration::from_secs(WAIT_SECONDS).as_millis() / PAUSE.as_millis();
    for _ in 0..tries {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

fn has_schema(connection: &Connection) -> rusqlite::Result<bool> {
    let query = "SELECT count(*) FROM sqlite_schema WHERE name = 'portal_schema'";
    let found: i64 = connection.query_row(query, [], |row| row.get(0))?;
    Ok(found > 0)
}
