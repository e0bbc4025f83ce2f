//! A signed event: its statement, its signature and its file.

use base::{Digest, canonical};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::act::Act;
use crate::names::{ItemId, PersonName};
use crate::read::FOLDER;
use crate::refusal::{Reason, Refusal};
use crate::sshsig::SshSignature;

/// The version of the format; the only one.
const VERSION: u32 = 1;
/// The longest event that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// What an event is about: some changes, as they stand in one plan, or a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// Changes of a plan.
    Changes(Changes),
    /// The text of an item that is no change to a real system.
    Text(Text),
}

/// Some changes, as they stand in one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    plan: Digest,
    changes: Vec<Digest>,
}

/// A text, by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    text: Digest,
}

impl Content {
    /// Changes of a plan, in any order; at least one, or it is about nothing.
    pub fn new(plan: Digest, changes: impl IntoIterator<Item = Digest>) -> Option<Self> {
        let mut changes: Vec<Digest> = changes.into_iter().collect();
        changes.sort_unstable();
        changes.dedup();
        (!changes.is_empty()).then_some(Self::Changes(Changes { plan, changes }))
    }

    /// A text, by its digest.
    pub fn of_text(text: Digest) -> Self {
        Self::Text(Text { text })
    }

    /// The digest of the plan in which changes were seen. Approvals bind to the changes;
    /// what passes a limit binds to the plan.
    pub fn plan(&self) -> Option<&Digest> {
        match self {
            Self::Changes(content) => Some(&content.plan),
            Self::Text(_) => None,
        }
    }

    /// The digest of the text, if it is about one.
    pub fn text(&self) -> Option<&Digest> {
        match self {
            Self::Changes(_) => None,
            Self::Text(content) => Some(&content.text),
        }
    }

    /// The digests of the changes, sorted; none for a text.
    pub fn changes(&self) -> &[Digest] {
        match self {
            Self::Changes(content) => &content.changes,
            Self::Text(_) => &[],
        }
    }

    /// Whether a change is among them.
    pub fn names(&self, change: &Digest) -> bool {
        self.changes().binary_search(change).is_ok()
    }

    /// A digest of all of it.
    pub(crate) fn digest(&self) -> Digest {
        match self {
            Self::Changes(content) => {
                let mut bytes = content.plan.as_bytes().to_vec();
                for change in &content.changes {
                    bytes.extend_from_slice(change.as_bytes());
                }
                Digest::of(&bytes)
            }
            Self::Text(content) => content.text,
        }
    }

    fn is_in_order(&self) -> bool {
        match self {
            Self::Changes(Changes { changes, .. }) => {
                !changes.is_empty() && changes.is_sorted_by(|one, next| one < next)
            }
            Self::Text(_) => true,
        }
    }
}

/// What is signed: who does what to which changes or text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    item: ItemId,
    act: Act,
    actor: PersonName,
    content: Content,
    at: Timestamp,
    text: String,
    digest: Digest,
}

/// The keys of an event's file; those of its statement without the signature.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    item: ItemId,
    act: String,
    actor: PersonName,
    content: Content,
    at: Timestamp,
    payload: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sig: Option<String>,
}

impl Statement {
    /// A statement, if its texts are fit to be one. The time is what the actor claims;
    /// nothing is judged by it.
    pub fn new(
        item: ItemId,
        act: Act,
        actor: PersonName,
        content: Content,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        act.check()?;
        let fits = match content {
            Content::Changes(_) => act.is_about_changes(),
            Content::Text(_) => act.is_about_text(),
        };
        if !fits {
            let what = match content {
                Content::Changes(_) => "changes of a plan",
                Content::Text(_) => "a text",
            };
            let what = format!("`{}` cannot be done to {what}", act.name());
            return Err(Refusal::new(Reason::Form, what));
        }
        let written = Written::of(&item, &act, &actor, &content, at)?;
        let text = canonical(&written).map_err(|error| malformed(&error))?;
        let digest = Digest::of(text.as_bytes());
        Ok(Self {
            item,
            act,
            actor,
            content,
            at,
            text,
            digest,
        })
    }

    /// The text to sign, with [`NAMESPACE`](crate::NAMESPACE): canonical JSON (RFC 8785),
    /// without a line's end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The event, once somebody has signed the text.
    ///
    /// # Errors
    /// The signature is none. Whose it is, is for [`attribute`](crate::attribute) to say.
    pub fn signed(self, armored: &str) -> Result<Event, Refusal> {
        SshSignature::parse(armored)
            .map_err(|error| Refusal::new(Reason::Signature, error.to_string()))?;
        // One text for one signature, whatever system's line ends it came with.
        let lines: Vec<&str> = armored.trim_end().lines().collect();
        let armored = lines.join("\n") + "\n";
        let written = Written {
            sig: Some(armored.clone()),
            ..Written::of(&self.item, &self.act, &self.actor, &self.content, self.at)?
        };
        let file = canonical(&written).map_err(|error| malformed(&error))?;
        Ok(Event {
            statement: self,
            signature: armored,
            file,
        })
    }
}

impl Written {
    fn of(
        item: &ItemId,
        act: &Act,
        actor: &PersonName,
        content: &Content,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        let payload = match serde_json::to_value(act) {
            Ok(Value::Object(mut both)) => match both.remove("payload") {
                Some(Value::Object(payload)) => payload,
                _ => Map::new(),
            },
            Ok(_) => Map::new(),
            Err(error) => return Err(malformed(&error)),
        };
        Ok(Self {
            v: VERSION,
            item: item.clone(),
            act: act.name().to_owned(),
            actor: actor.clone(),
            content: content.clone(),
            at,
            payload,
            sig: None,
        })
    }
}

fn malformed(error: &serde_json::Error) -> Refusal {
    Refusal::new(Reason::Form, format!("this is not an event: {error}"))
}

/// A statement and its signature, which is sound in form and not yet anybody's.
///
/// An event is known by the digest of its *statement*: some kinds of signatures can be
/// changed into others that are as valid, and such a copy must not outlive the
/// withdrawal of the event it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    statement: Statement,
    signature: String,
    file: String,
}

impl Event {
    /// The digest it is known by, that of the signed text.
    pub fn digest(&self) -> &Digest {
        &self.statement.digest
    }

    /// The item it belongs to.
    pub fn item(&self) -> &ItemId {
        &self.statement.item
    }

    /// What is done.
    pub fn act(&self) -> &Act {
        &self.statement.act
    }

    /// Who claims to do it, as written; [`attribute`](crate::attribute) says who it is.
    pub fn actor(&self) -> &PersonName {
        &self.statement.actor
    }

    /// To which changes or text.
    pub fn content(&self) -> &Content {
        &self.statement.content
    }

    /// When, as the actor claims. The ledger's receipt says when it counts from.
    pub fn at(&self) -> Timestamp {
        self.statement.at
    }

    /// The text that was signed.
    pub fn signed_text(&self) -> &str {
        &self.statement.text
    }

    /// The armored signature.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Where its file lies in the estate.
    pub fn path(&self) -> String {
        let digest = self.statement.digest.short();
        format!("{FOLDER}/{}/{digest}.json", self.statement.item)
    }

    /// What its file holds: canonical JSON and a line's end.
    pub fn text(&self) -> String {
        format!("{}\n", self.file)
    }
}

/// Reads an event's file.
///
/// # Errors
/// It is not canonical JSON of this version: an unknown act or key, a key twice or a
/// blank too many; a reason is missing; or the signature is none.
pub fn parse_event(text: &str) -> Result<Event, Refusal> {
    let form = |what: &str| Refusal::new(Reason::Form, what);
    if text.len() > LONGEST {
        return Err(form("this is not an event: it has more than a mebibyte"));
    }
    // Git may have written the line's end as Windows does.
    let body = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(text);
    let written: Written = serde_json::from_str(body).map_err(|error| malformed(&error))?;
    if written.v != VERSION {
        let what = format!(
            "version {} of events is not known: use a later version of the program",
            written.v
        );
        return Err(form(&what));
    }
    if !written.content.is_in_order() {
        return Err(form(
            "`content.changes` must name at least one change, sorted and each once",
        ));
    }
    let act = Map::from_iter([
        ("act".to_owned(), Value::String(written.act)),
        ("payload".to_owned(), Value::Object(written.payload)),
    ]);
    let act: Act = serde_json::from_value(Value::Object(act)).map_err(|error| malformed(&error))?;
    let signature = written
        .sig
        .ok_or_else(|| Refusal::new(Reason::Signature, "the event has no signature"))?;
    let event = Statement::new(
        written.item,
        act,
        written.actor,
        written.content,
        written.at,
    )?
    .signed(&signature)?;
    // Reads twice the same, whoever reads: no key stands twice and nothing is left out.
    if event.file != body {
        return Err(form(
            "this is not canonical JSON (RFC 8785): events are written by the program, not by hand",
        ));
    }
    Ok(event)
}
