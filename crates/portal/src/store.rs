//! What the portal keeps: sessions, challenges, webhooks. Small documents under a kind and a key, in SQLite or PostgreSQL.
//!
//! Several processes may use one database at once, of SQLite on one machine and of PostgreSQL on many.

mod postgres;
mod sqlite;

use jiff::Timestamp;
use ledger::{LedgerError, Location};
use serde_json::Value;

/// Kept in memory only: for tests, and for whoever tries the portal.
const MEMORY: &str = "sqlite::memory:";
/// The longest document, as JSON, in octets.
const LONGEST: usize = 64 * 1024;
/// The longest kind and the longest key, in octets.
const LONGEST_NAME: usize = 512;
/// The most documents that are listed at once.
const MOST: usize = 1000;
/// The newest schema that we know.
const SCHEMA: i64 = 1;
/// How long whoever writes waits for another, in seconds.
const WAIT_SECONDS: u64 = 10;

/// Why the store did not do something.
#[derive(Debug, thiserror::Error)]
#[error("what the portal keeps in {place} cannot be used")]
pub struct StoreError {
    /// Where it is, without secrets.
    pub place: String,
    /// What is wrong.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Keeps documents. What a function returns well is kept, whatever happens after it.
///
/// Functions block; they are called where that is allowed. A document has at most 64 KiB as JSON; a kind and a key have
/// at most 512 octets and no control characters.
pub trait Store: Send + Sync + 'static {
    /// Keeps a document, in the place of one of that key, until it expires.
    fn put(
        &self,
        kind: &str,
        key: &str,
        value: &Value,
        expires: Option<Timestamp>,
    ) -> Result<(), StoreError>;

    /// Keeps a document unless there is one of that key; says whether it was kept.
    fn put_new(
        &self,
        kind: &str,
        key: &str,
        value: &Value,
        expires: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// A document that has not expired.
    fn get(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Value>, StoreError>;

    /// Takes a document out; of several who try at once, one gets it.
    fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Value>, StoreError>;

    /// The documents of a kind after a key, in the order of their keys; a thousand at most.
    fn list(
        &self,
        kind: &str,
        after: &str,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<(String, Value)>, StoreError>;

    /// Forgets what has expired.
    fn sweep(&self, now: Timestamp) -> Result<(), StoreError>;
}

/// Opens what is kept, and makes it where there is nothing yet: `sqlite:PATH`, `sqlite::memory:`, `postgres://...`.
pub fn open(url: &str) -> Result<Opened, StoreError> {
    if url == MEMORY {
        return sqlite::Sqlite::in_memory().map(Opened::Sqlite);
    }
    let location = Location::parse(url).map_err(|error| {
        let what = match error {
            LedgerError::Location { what } => what,
            other => other.to_string(),
        };
        // The URL may hold a password, so it is not shown.
        wrong("the place that was named", what)
    })?;
    match location {
        Location::Sqlite(path) => sqlite::Sqlite::open(&path).map(Opened::Sqlite),
        Location::Postgres(config) => {
            let place = Location::Postgres(config.clone()).to_string();
            postgres::Postgres::open(*config, place)
                .map(|engine| Opened::Postgres(Box::new(engine)))
        }
    }
}

/// A store that was opened.
#[derive(Debug)]
pub enum Opened {
    /// A file, or memory.
    Sqlite(sqlite::Sqlite),
    /// A server.
    Postgres(Box<postgres::Postgres>),
}

impl Opened {
    fn engine(&self) -> &dyn Engine {
        match self {
            Self::Sqlite(engine) => engine,
            Self::Postgres(engine) => &**engine,
        }
    }

    fn sound(&self, names: &[&str]) -> Result<(), StoreError> {
        let odd = |name: &&&str| name.len() > LONGEST_NAME || name.contains(char::is_control);
        match names.iter().find(odd) {
            None => Ok(()),
            Some(name) => Err(wrong(
                self.engine().place(),
                format!(
                    "a kind or key of {} octets is too long, or has control characters",
                    name.len()
                ),
            )),
        }
    }

    fn text(&self, value: &Value) -> Result<String, StoreError> {
        let text = value.to_string();
        if text.len() > LONGEST {
            let what = format!(
                "a document of {} octets is too large; {LONGEST} is the most",
                text.len()
            );
            return Err(wrong(self.engine().place(), what));
        }
        Ok(text)
    }

    fn value(&self, text: &str) -> Result<Value, StoreError> {
        serde_json::from_str(text).map_err(|error| wrong(self.engine().place(), error))
    }
}

impl Store for Opened {
    fn put(
        &self,
        kind: &str,
        key: &str,
        value: &Value,
        expires: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.sound(&[kind, key])?;
        let text = self.text(value)?;
        self.engine().put(kind, key, &text, expires.map(instant))
    }

    fn put_new(
        &self,
        kind: &str,
        key: &str,
        value: &Value,
        expires: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.sound(&[kind, key])?;
        let text = self.text(value)?;
        self.engine()
            .put_new(kind, key, &text, expires.map(instant), instant(now))
    }

    fn get(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Value>, StoreError> {
        self.sound(&[kind, key])?;
        let found = self.engine().get(kind, key, instant(now))?;
        found.map(|text| self.value(&text)).transpose()
    }

    fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Value>, StoreError> {
        self.sound(&[kind, key])?;
        let found = self.engine().take(kind, key, instant(now))?;
        found.map(|text| self.value(&text)).transpose()
    }

    fn list(
        &self,
        kind: &str,
        after: &str,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        self.sound(&[kind, after])?;
        let limit = i64::try_from(limit.min(MOST)).unwrap_or_default();
        let rows = self.engine().list(kind, after, limit, instant(now))?;
        rows.into_iter()
            .map(|(key, text)| Ok((key, self.value(&text)?)))
            .collect()
    }

    fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        self.engine().sweep(instant(now))
    }
}

/// What both databases do, with instants as numbers and documents as text.
trait Engine {
    fn place(&self) -> &str;
    fn put(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
    ) -> Result<(), StoreError>;
    fn put_new(
        &self,
        kind: &str,
        key: &str,
        text: &str,
        expires: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError>;
    fn get(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError>;
    fn take(&self, kind: &str, key: &str, now: i64) -> Result<Option<String>, StoreError>;
    fn list(
        &self,
        kind: &str,
        after: &str,
        limit: i64,
        now: i64,
    ) -> Result<Vec<(String, String)>, StoreError>;
    fn sweep(&self, now: i64) -> Result<(), StoreError>;
}

/// Queries of both engines. Their values come in the order of their numbers: `SQLite` counts them as it meets them.
mod sql {
    pub(super) const PUT: &str = "\
INSERT INTO portal_documents (kind, key, value, expires) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires = excluded.expires";

    pub(super) const PUT_NEW: &str = "\
INSERT INTO portal_documents (kind, key, value, expires) VALUES ($1, $2, $3, $4)
ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires = excluded.expires
WHERE portal_documents.expires <= $5";

    pub(super) const GET: &str = "\
SELECT value FROM portal_documents
WHERE kind = $1 AND key = $2 AND (expires IS NULL OR expires > $3)";

    pub(super) const TAKE: &str = "\
DELETE FROM portal_documents
WHERE kind = $1 AND key = $2 AND (expires IS NULL OR expires > $3) RETURNING value";

    pub(super) const LIST: &str = "\
SELECT key, value FROM portal_documents
WHERE kind = $1 AND key > $2 AND (expires IS NULL OR expires > $3) ORDER BY key LIMIT $4";

    pub(super) const SWEEP: &str = "DELETE FROM portal_documents WHERE expires <= $1";

    pub(super) const VERSION: &str = "SELECT max(version) FROM portal_schema";
}

fn instant(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn wrong(
    place: impl Into<String>,
    what: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError {
        place: place.into(),
        source: what.into(),
    }
}

fn check_schema(place: &str, found: i64) -> Result<(), StoreError> {
    if found > SCHEMA {
        let what = format!(
            "a newer version of this program wrote it (schema {found}, and we know {SCHEMA}): start that version"
        );
        return Err(wrong(place, what));
    }
    Ok(())
}
