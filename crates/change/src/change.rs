//! One step in one domain on one resource.

use base::Digest;
use charter::risk::Effect;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What can be planned apart: a zone at a server, an organisation, a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The domain, for example `dns`.
    pub domain: String,
    /// What people call it, for example `example.org`.
    pub name: String,
    /// Which of the real systems that hold it, for example the name server `primary`.
    pub at: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} at {}", self.domain, self.name, self.at)
    }
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It goes.
    Delete,
    /// It becomes another.
    Update,
    /// It comes.
    Create,
}

impl Action {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Update => "update",
            Self::Create => "create",
        }
    }

    /// The mark that goes before it in a list.
    pub fn mark(self) -> char {
        match self {
            Self::Delete => '-',
            Self::Update => '~',
            Self::Create => '+',
        }
    }
}

/// Where a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The files say something else than they said at the base.
    Commit,
    /// The files say what they said before; the real system is another.
    Drift,
    /// It undoes what the ledger says was done.
    Revert,
}

/// One step on one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The resource by the name that its domain gives it, unique in its scope: `www.example.org. A`.
    pub resource: String,
    /// What is done to it.
    pub action: Action,
    /// What is there, in its domain's form; none if nothing. It is read as it was
    /// written, so it holds no fractions, and is not `null` itself.
    pub before: Option<Value>,
    /// What shall be there; none if nothing.
    pub after: Option<Value>,
    /// Where it comes from.
    pub origin: Origin,
    /// The groups that answer for the resource, before or after.
    pub owners: Vec<String>,
    /// Where in the estate it is declared, as `path:line`; none if it no longer is.
    pub declared_at: Option<String>,
    /// What it does, as its domain says.
    pub effect: Effect,
}

/// All that makes a change this change. Approvals bind to the digest of it.
#[derive(Serialize)]
struct Identity<'a> {
    scope: &'a Scope,
    resource: &'a str,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

impl Change {
    /// What to do about a resource, if anything.
    pub fn action_of(before: Option<&Value>, after: Option<&Value>) -> Option<Action> {
        match (before, after) {
            (None, Some(_)) => Some(Action::Create),
            (Some(_), None) => Some(Action::Delete),
            (Some(before), Some(after)) if before != after => Some(Action::Update),
            _ => None,
        }
    }

    /// The digest that approvals bind to: of where it is done, before and after.
    ///
    /// # Errors
    /// A value cannot be JSON.
    pub fn digest(&self, scope: &Scope) -> Result<Digest, serde_json::Error> {
        Self::digest_of(
            scope,
            &self.resource,
            self.before.as_ref(),
            self.after.as_ref(),
        )
    }

    /// The same of its parts.
    pub(crate) fn digest_of(
        scope: &Scope,
        resource: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> Result<Digest, serde_json::Error> {
        Digest::of_json(&Identity {
            scope,
            resource,
            before,
            after,
        })
    }

    /// Whether its action is what before and after say.
    pub fn is_consistent(&self) -> bool {
        Self::action_of(self.before.as_ref(), self.after.as_ref()) == Some(self.action)
    }
}
