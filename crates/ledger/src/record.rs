//! One record, its digest and its line.

use std::fmt;
use std::sync::OnceLock;

use base::{Digest, canonical, canonical_within};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::LedgerError;
use crate::form::{MAX_DEPTH, MAX_INTEGER, check_depth, is_instant, is_kind};

/// The largest record, in bytes of its canonical line.
pub const MAX_RECORD_BYTES: usize = 16 * 1024 * 1024;

const MAX_ACTOR_BYTES: usize = 512;
/// What the digest takes in a line: `"digest":"…",`.
const DIGEST_FIELD_BYTES: usize = r#""digest":"","#.len() + Digest::LENGTH;
/// Kinds that begin with this word are written by the ledger itself.
const OWN_KINDS: &str = "ledger";

/// A text or a row that is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct NotARecord {
    what: String,
}

impl NotARecord {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// Where a chain ends: the number and digest of its last record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of the last record; 0 in an empty ledger.
    pub seq: u64,
    /// Its digest; that of the text `commonhold ledger 1` in an empty ledger.
    pub digest: Digest,
}

impl Head {
    /// Of an empty ledger: what the first record calls the one before it.
    pub fn genesis() -> Self {
        Self {
            seq: 0,
            digest: Digest::of(b"commonhold ledger 1"),
        }
    }
}

/// What a caller says; the ledger makes a [`Record`] of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<B = Value> {
    /// When, in UTC with milliseconds: `2026-09-01T10:00:00.123Z`.
    pub at: String,
    /// Of which kind: lower-case words with dots between, `apply.intent`; at most 64 bytes.
    /// The word `ledger` at its start is kept for the ledger itself.
    pub kind: String,
    /// Who did it: one line of at most 512 bytes.
    pub actor: String,
    /// What was done. Integers lie between -(2^53 - 1) and 2^53 - 1, as JSON's readers agree
    /// only on those; larger ones are to be texts.
    pub body: B,
}

impl<B: Serialize> Entry<B> {
    /// All four.
    pub fn new(
        at: impl Into<String>,
        kind: impl Into<String>,
        actor: impl Into<String>,
        body: B,
    ) -> Self {
        Self {
            at: at.into(),
            kind: kind.into(),
            actor: actor.into(),
            body,
        }
    }
}

/// One record of a ledger. Its digest is that of its content, always.
#[derive(Clone)]
pub struct Record {
    seq: u64,
    prev: Digest,
    at: String,
    kind: String,
    actor: String,
    /// Read where it is asked for: who only writes a record need not read it again.
    body: OnceLock<Value>,
    body_text: String,
    digest: Digest,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Record {
    /// Its number, from 1 to 2^53 - 1.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The digest of the record before it, or that of [`Head::genesis`].
    pub fn prev(&self) -> Digest {
        self.prev
    }

    /// When it was written, as its writer said: `2026-09-01T10:00:00.123Z`.
    pub fn at(&self) -> &str {
        &self.at
    }

    /// Of which kind it is: `apply.intent`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Who wrote it, as its writer said.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What was done.
    pub fn body(&self) -> &Value {
        self.body
            .get_or_init(|| value_of(&self.body_text).unwrap_or_default())
    }

    /// SHA-256 of the canonical JSON of all the above.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The head of a chain that ends with it.
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq,
            digest: self.digest,
        }
    }

    /// Its line in an export, without the end of line: canonical JSON (RFC 8785) of all its
    /// fields and its digest.
    pub fn line(&self) -> String {
        let digest = format!("\"digest\":\"{}\",", self.digest);
        self.text(&digest)
    }

    /// The canonical text of the body, as a database keeps it.
    pub(crate) fn body_text(&self) -> &str {
        &self.body_text
    }

    /// The record of an entry, after a chain's head.
    pub(crate) fn after<B: Serialize>(head: Head, entry: &Entry<B>) -> Result<Self, LedgerError> {
        let first_word = entry.kind.split('.').next();
        if first_word == Some(OWN_KINDS) {
            let what = format!("the kind `{}` is written by the ledger itself", entry.kind);
            return Err(LedgerError::Invalid { what });
        }
        Self::after_any(head, entry)
    }

    /// As [`Record::after`], but of any kind.
    pub(crate) fn after_any<B: Serialize>(
        head: Head,
        entry: &Entry<B>,
    ) -> Result<Self, LedgerError> {
        let invalid = |error: NotARecord| LedgerError::Invalid { what: error.what };
        let body_text =
            canonical_within(&entry.body, MAX_DEPTH).map_err(|error| LedgerError::Invalid {
                what: format!("its body cannot be kept as JSON: {error}"),
            })?;
        let mut record = Self {
            seq: head.seq + 1,
            prev: head.digest,
            at: entry.at.clone(),
            kind: entry.kind.clone(),
            actor: entry.actor.clone(),
            body: OnceLock::new(),
            body_text,
            digest: head.digest,
        };
        record.check_fields().map_err(invalid)?;
        let content = record.text("");
        record.digest = Digest::of(content.as_bytes());
        let bytes = content.len() + DIGEST_FIELD_BYTES;
        if bytes > MAX_RECORD_BYTES {
            return Err(LedgerError::TooLarge {
                bytes,
                limit: MAX_RECORD_BYTES,
            });
        }
        Ok(record)
    }

    /// The record that a row is, if the row is one.
    pub(crate) fn of_row(row: Row) -> Result<Self, NotARecord> {
        let body = body_of(&row.body)?;
        let record = Self::of_fields(row)?;
        record.check_fields()?;
        Ok(Self {
            body: body.into(),
            ..record
        })
    }

    /// The same, whose body and the form of whose fields nobody has looked at.
    fn of_fields(row: Row) -> Result<Self, NotARecord> {
        let seq = u64::try_from(row.seq).unwrap_or_default();
        if !(1..=MAX_INTEGER).contains(&seq) {
            return Err(NotARecord::new(format!("{} is no number of one", row.seq)));
        }
        let digest_of = |name: &str, text: &str| {
            text.parse::<Digest>()
                .map_err(|error| NotARecord::new(format!("its field `{name}`: {error}")))
        };
        let record = Self {
            seq,
            prev: digest_of("prev", &row.prev)?,
            digest: digest_of("digest", &row.digest)?,
            at: row.at,
            kind: row.kind,
            actor: row.actor,
            body: OnceLock::new(),
            body_text: row.body,
        };
        let expected = record.digest_of_content();
        if expected != record.digest {
            let what = format!(
                "its digest is {}, but its content has {expected}: one of them was changed",
                record.digest
            );
            return Err(NotARecord::new(what));
        }
        Ok(record)
    }

    /// The head of a chain that ends with a row, if its content has its digest: then it is
    /// what was written, and need not be read to be followed.
    pub(crate) fn head_of_row(row: Row) -> Result<Head, NotARecord> {
        Self::of_fields(row).map(|record| record.head())
    }

    fn digest_of_content(&self) -> Digest {
        Digest::of(self.text("").as_bytes())
    }

    /// Its fields in canonical order. The body is canonical already, and the largest part:
    /// it is copied, not printed again.
    fn text(&self, digest: &str) -> String {
        format!(
            r#"{{"actor":{},"at":{},"body":{},{digest}"kind":{},"prev":"{}","seq":{}}}"#,
            quoted(&self.actor),
            quoted(&self.at),
            self.body_text,
            quoted(&self.kind),
            self.prev,
            self.seq
        )
    }

    fn check_fields(&self) -> Result<(), NotARecord> {
        if !is_instant(&self.at) {
            return Err(NotARecord::new(format!(
                "its time `{}` is not like 2026-09-01T10:00:00.123Z",
                self.at.escape_debug()
            )));
        }
        if !is_kind(&self.kind) {
            return Err(NotARecord::new(format!(
                "its kind `{}` is not lower-case words with dots between, like `apply.intent`",
                self.kind.escape_debug()
            )));
        }
        let actor = &self.actor;
        if actor.is_empty() || actor.len() > MAX_ACTOR_BYTES || actor.contains(char::is_control) {
            return Err(NotARecord::new(format!(
                "its actor is not one line of 1 to {MAX_ACTOR_BYTES} bytes"
            )));
        }
        Ok(())
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

/// A row of a database, or the fields of a line, which anybody may have changed.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) prev: String,
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) actor: String,
    pub(crate) body: String,
    pub(crate) digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: i64,
    prev: String,
    at: String,
    kind: String,
    actor: String,
    body: Value,
    digest: String,
}

/// Reads one line of an export, without its end of line.
///
/// # Errors
/// It is longer than [`MAX_RECORD_BYTES`], no JSON, has other fields, is not canonical, or its
/// digest is not that of its content. Whether it follows another record is not looked at.
pub fn parse_line(line: &str) -> Result<Record, NotARecord> {
    let record = Record::of_row(row_of_line(line)?)?;
    if record.line() != line {
        return Err(NotARecord::new("it is not in canonical form (RFC 8785)"));
    }
    Ok(record)
}

fn row_of_line(line: &str) -> Result<Row, NotARecord> {
    if line.len() > MAX_RECORD_BYTES {
        let what = format!("it is longer than a record's {MAX_RECORD_BYTES} bytes");
        return Err(NotARecord::new(what));
    }
    let line: Line = serde_json::from_str(line)
        .map_err(|error| NotARecord::new(format!("it is not a record in JSON: {error}")))?;
    let body = canonical(&line.body)
        .map_err(|error| NotARecord::new(format!("its body is not JSON: {error}")))?;
    Ok(Row {
        seq: line.seq,
        prev: line.prev,
        at: line.at,
        kind: line.kind,
        actor: line.actor,
        body,
        digest: line.digest,
    })
}

/// The value of a text; one that is canonical has one.
fn value_of(text: &str) -> Result<Value, NotARecord> {
    serde_json::from_str(text)
        .map_err(|error| NotARecord::new(format!("its body is not JSON: {error}")))
}

/// The value of a canonical text.
fn body_of(text: &str) -> Result<Value, NotARecord> {
    let value = value_of(text)?;
    check_depth(&value)?;
    let again = canonical(&value);
    if again.is_ok_and(|again| again == text) {
        Ok(value)
    } else {
        let what = "its body is not in canonical form (RFC 8785)";
        Err(NotARecord::new(what))
    }
}

/// A JSON string. Canonical JSON of a text cannot fail.
fn quoted(text: &str) -> String {
    canonical(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digest_is_the_published_one() {
        let entry = Entry::new("2026-09-01T10:00:00.123Z", "a.b", "é\"", Value::Null);
        let record = Record::after(Head::genesis(), &entry).unwrap();
        let prev = Digest::of(b"commonhold ledger 1");
        let text = format!(
            r#"{{"actor":"é\"","at":"2026-09-01T10:00:00.123Z","body":null,"kind":"a.b","prev":"{prev}","seq":1}}"#
        );
        assert_eq!(record.digest(), Digest::of(text.as_bytes()));
        assert_eq!(record.line().len(), text.len() + DIGEST_FIELD_BYTES);
    }
}
