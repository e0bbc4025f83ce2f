//! What is signed of a ledger, so that a cut or rewritten one is found.

use std::fmt;

use base::{Digest, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Record;

/// The kind of the records that hold checkpoints.
pub(crate) const KIND: &str = "ledger.checkpoint";

/// A statement about a ledger: at this time, it ended so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// When, in UTC with milliseconds, as the one who signed it said.
    pub at: String,
    /// The digest of the last record.
    pub head: Digest,
    /// The number of the last record; 0 for an empty ledger.
    pub seq: u64,
}

impl Checkpoint {
    /// The text that is signed: canonical JSON, `{"at":…,"head":…,"seq":…}`, with no end of line.
    pub fn text(&self) -> String {
        format!(
            r#"{{"at":{},"head":"{}","seq":{}}}"#,
            json!(self.at),
            self.head,
            self.seq
        )
    }
}

/// A checkpoint and its signature, to be kept where who can write the ledger cannot write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// The armored signature of [`Checkpoint::text`].
    pub signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    at: String,
    head: Digest,
    seq: u64,
    signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    head: Digest,
    seq: u64,
    signature: String,
}

impl SignedCheckpoint {
    /// The one that a record of the kind `ledger.checkpoint` holds; nothing for other kinds, or
    /// where the body is another one.
    pub fn of_record(record: &Record) -> Option<Self> {
        if record.kind() != KIND {
            return None;
        }
        let body = Body::deserialize(record.body()).ok()?;
        Some(Self {
            checkpoint: Checkpoint {
                at: record.at().to_owned(),
                head: body.head,
                seq: body.seq,
            },
            signature: body.signature,
        })
    }

    /// Its text for a file or a mail: canonical JSON in one line, without the end of line.
    pub fn text(&self) -> String {
        let fields = Fields {
            at: self.checkpoint.at.clone(),
            head: self.checkpoint.head,
            seq: self.checkpoint.seq,
            signature: self.signature.clone(),
        };
        // Texts and one number: they cannot fail to be JSON.
        canonical(&fields).unwrap_or_default()
    }

    /// Reads what [`SignedCheckpoint::text`] writes, with any white space.
    ///
    /// # Errors
    /// It is no JSON, or has other fields. The signature is not looked at.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let fields: Fields = serde_json::from_str(text)?;
        Ok(Self {
            checkpoint: Checkpoint {
                at: fields.at,
                head: fields.head,
                seq: fields.seq,
            },
            signature: fields.signature,
        })
    }

    /// The body of its record.
    pub(crate) fn body(&self) -> Value {
        json!({
            "head": self.checkpoint.head,
            "seq": self.checkpoint.seq,
            "signature": self.signature,
        })
    }
}

/// Says whether a signature (second) is one of the text (first) by a key that is trusted, or
/// what is wrong with it: "the key is not one of the ledger's".
pub type Checker<'a> = dyn Fn(&str, &str) -> Result<(), String> + 'a;

/// What a ledger is verified against, beside itself.
#[derive(Clone, Copy, Default)]
pub struct Against<'a> {
    /// Checkpoints that were kept elsewhere, in any order.
    pub checkpoints: &'a [SignedCheckpoint],
    /// Checks their signatures and those of the checkpoints in the ledger. Without it, no
    /// signature is checked.
    pub checker: Option<&'a Checker<'a>>,
}

impl fmt::Debug for Against<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Against")
            .field("checkpoints", &self.checkpoints)
            .field("checker", &self.checker.is_some())
            .finish()
    }
}
