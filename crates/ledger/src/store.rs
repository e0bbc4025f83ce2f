//! What a ledger needs of a database; the two engines share the table and its queries.

mod postgres;
mod sqlite;

use crate::LedgerError;
use crate::location::Location;
use crate::record::{Head, Record, Row};

/// The newest schema that we know.
const SCHEMA: i64 = 1;

/// How long a writer waits for its turn, in seconds.
const WRITER_WAIT_SECONDS: u64 = 30;

/// What the database says when somebody tries to change a record.
const REFUSAL: &str = "the ledger is append-only";

/// A database that holds a ledger.
pub(crate) trait Store: Send {
    /// The rows after this number in their order, as many as fit a page; of a kind and those
    /// below it, or of any where it is empty.
    fn page(&mut self, after: i64, kind: &str) -> Result<Vec<Row>, LedgerError>;

    /// The row of this number.
    fn row(&mut self, seq: i64) -> Result<Option<Row>, LedgerError>;

    /// The last row; of a kind as in [`Store::page`].
    fn last(&mut self, kind: &str) -> Result<Option<Row>, LedgerError>;

    /// Up to two rows whose written digests lie between these.
    fn between(&mut self, low: &str, high: &str) -> Result<Vec<Row>, LedgerError>;

    /// Does work as the only writer, and keeps all of it, durably, or nothing.
    fn write(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Writer) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError>;

    /// Takes a named lock, which ends with the value or with this process.
    fn lock(&mut self, name: &str) -> Result<Box<dyn Held>, LedgerError>;
}

/// The only writer, until its work is done.
pub(crate) trait Writer {
    /// The last row.
    fn last(&mut self) -> Result<Option<Row>, LedgerError>;

    /// Adds a record after it.
    fn insert(&mut self, record: &Record) -> Result<(), LedgerError>;
}

/// A lock that is held.
pub(crate) trait Held: Send {
    /// Whether it still is.
    fn holds(&mut self) -> bool;
}

/// Opens the database, and makes the ledger in it where there is none yet.
pub(crate) fn open(location: &Location) -> Result<Box<dyn Store>, LedgerError> {
    Ok(match location {
        Location::Sqlite(path) => Box::new(sqlite::Sqlite::open(path)?),
        Location::Postgres(config) => Box::new(postgres::Postgres::open(config)?),
    })
}

/// Opens a database with a ledger for reading only.
pub(crate) fn open_read_only(location: &Location) -> Result<Box<dyn Store>, LedgerError> {
    Ok(match location {
        Location::Sqlite(path) => Box::new(sqlite::Sqlite::open_read_only(path)?),
        Location::Postgres(config) => Box::new(postgres::Postgres::open_read_only(config)?),
    })
}

fn check_schema(found: i64) -> Result<(), LedgerError> {
    let known = SCHEMA;
    if found > known {
        return Err(LedgerError::NewerSchema { found, known });
    }
    Ok(())
}

fn genesis() -> String {
    Head::genesis().digest.to_string()
}

/// Queries of both engines. A page ends after 512 records or 8 MiB, whichever comes first, but
/// holds one record however large it is.
mod sql {
    pub(super) const PAGE: &str = "\
SELECT seq, prev, at, kind, actor, body, digest FROM (
  SELECT next.*, sum(length(body)) OVER (ORDER BY seq) AS filled FROM (
    SELECT * FROM ledger_records
    WHERE seq > $1 AND ($2 = '' OR kind = $2 OR substr(kind, 1, length($2) + 1) = $2 || '.')
    ORDER BY seq LIMIT 512
  ) AS next
) AS page WHERE filled - length(body) < 8388608 ORDER BY seq";

    pub(super) const ROW: &str =
        "SELECT seq, prev, at, kind, actor, body, digest FROM ledger_records WHERE seq = $1";

    pub(super) const LAST: &str = "\
SELECT seq, prev, at, kind, actor, body, digest FROM ledger_records
WHERE ($1 = '' OR kind = $1 OR substr(kind, 1, length($1) + 1) = $1 || '.')
ORDER BY seq DESC LIMIT 1";

    pub(super) const BETWEEN: &str = "\
SELECT seq, prev, at, kind, actor, body, digest FROM ledger_records
WHERE digest >= $1 AND digest < $2 ORDER BY digest LIMIT 2";

    pub(super) const INSERT: &str = "\
INSERT INTO ledger_records (seq, prev, at, kind, actor, body, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

    pub(super) const VERSION: &str = "SELECT max(version) FROM ledger_schema";
}
