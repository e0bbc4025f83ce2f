//! The changes that take the real systems to the estate, as a file.
//!
//! ```text
//! {"digest":"sha256:…","plan":{…}}
//! ```
//!
//! The file is canonical JSON (RFC 8785) and the digest is of the bytes of `plan`,
//! so that any change of any byte is seen. It holds no time: the same estate and
//! the same real systems give the same bytes. Approvals bind to the digests of
//! its changes, not to its own.

use base::{Digest, canonical};
use charter::risk::{Reason, Risk};
use serde::{Deserialize, Serialize};

use crate::limits::Exceeded;
use crate::{Change, Kept, Scope, Stopped};

/// The version of the form of plan files.
pub const FORMAT: u32 = 1;

/// What is to be done, and what it was computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// The commit of the estate; none if it has files that are not committed.
    pub commit: Option<String>,
    /// The commit that the real systems were last brought to, or where the changes branched off.
    pub base: Option<String>,
    /// The record of the ledger whose changes this plan undoes.
    pub reverts: Option<u64>,
    /// The scopes with something to do or to tell, in the order of their names.
    pub scopes: Vec<ScopePlan>,
    /// The scopes that were left out, and why.
    pub stopped: Vec<Stopped>,
}

/// What is to be done in one scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopePlan {
    /// Which scope.
    pub scope: Scope,
    /// What it was computed from.
    pub observed: Observed,
    /// What to do, deletes first, then by resource.
    pub changes: Vec<Planned>,
    /// What stays though the estate does not declare it.
    pub kept: Vec<Kept>,
    /// The safety limits that the changes are over.
    pub exceeded: Vec<Exceeded>,
}

/// The state of a scope that a plan was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// By this the system tells whether it has changed since.
    pub mark: String,
    /// The digest of all that was there.
    pub digest: Digest,
    /// How many resources there were.
    pub resources: usize,
}

/// A change with its digest and what was judged of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The digest that approvals bind to.
    pub digest: Digest,
    /// What is done.
    pub change: Change,
    /// How much it may cost.
    pub risk: Risk,
    /// Why the risk is not lower.
    pub reasons: Vec<Reason>,
    /// Whether it adds to the author's other changes.
    pub accumulates: bool,
}

/// Why a text is not a plan that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlan {
    /// It is something else.
    #[error("this is not a plan: {0}")]
    Form(String),
    /// It was changed after it was made.
    #[error("the plan was changed after it was made: it says {said} and is {is}")]
    Changed {
        /// The digest it says.
        said: Digest,
        /// The digest it has.
        is: Digest,
    },
    /// A later version of the program made it.
    #[error("the plan is of format {0}; this program knows format {FORMAT}")]
    Newer(u32),
    /// Its parts contradict each other.
    #[error("the plan contradicts itself: {0}")]
    Contradiction(String),
}

const HEAD: &str = "{\"digest\":\"";
const MIDDLE: &str = "\",\"plan\":";
const DIGEST_LENGTH: usize = "sha256:".len() + 64;

impl Plan {
    /// The file, and the digest of the plan.
    ///
    /// # Errors
    /// A value cannot be JSON.
    pub fn to_text(&self) -> Result<(String, Digest), serde_json::Error> {
        let plan = canonical(self)?;
        let digest = Digest::of(plan.as_bytes());
        Ok((format!("{HEAD}{digest}{MIDDLE}{plan}}}\n"), digest))
    }

    /// Reads a file and says its digest.
    ///
    /// # Errors
    /// See [`NotAPlan`].
    pub fn parse(text: &str) -> Result<(Self, Digest), NotAPlan> {
        let form = |what: &str| NotAPlan::Form(what.to_owned());
        let rest = text
            .strip_prefix(HEAD)
            .ok_or_else(|| form("it does not begin like one"))?;
        let said: Digest = rest
            .get(..DIGEST_LENGTH)
            .and_then(|digest| digest.parse().ok())
            .ok_or_else(|| form("it does not begin with its digest"))?;
        let plan = rest[DIGEST_LENGTH..]
            .strip_prefix(MIDDLE)
            .and_then(|plan| plan.strip_suffix("}\n"))
            .ok_or_else(|| form("it is cut short, or was written by another program"))?;
        let is = Digest::of(plan.as_bytes());
        if is != said {
            return Err(NotAPlan::Changed { said, is });
        }
        let read = match serde_json::from_str::<Self>(plan) {
            Ok(read) if read.format == FORMAT => read,
            Ok(read) => return Err(NotAPlan::Newer(read.format)),
            // One of another format need not have our fields.
            Err(error) => match serde_json::from_str::<Version>(plan) {
                Ok(Version { format }) if format != FORMAT => return Err(NotAPlan::Newer(format)),
                _ => return Err(form(&error.to_string())),
            },
        };
        read.check()?;
        Ok((read, is))
    }

    /// What a digest cannot show: whoever wrote the file may have computed it anew.
    fn check(&self) -> Result<(), NotAPlan> {
        let is_hash = |commit: &&String| {
            matches!(commit.len(), 40 | 64)
                && commit
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let mut commits = self.commit.iter().chain(&self.base);
        if let Some(name) = commits.find(|commit| !is_hash(commit)) {
            let what = format!("`{}` is not the hash of a commit", name.escape_debug());
            return Err(NotAPlan::Contradiction(what));
        }
        if let Some(odd) = self.texts().find(|text| text.contains(char::is_control)) {
            let what = format!("`{}` has characters that nobody sees", odd.escape_debug());
            return Err(NotAPlan::Contradiction(what));
        }
        let mut scopes = std::collections::HashSet::new();
        for scope in &self.scopes {
            if !scopes.insert(&scope.scope) {
                let what = format!("{} is planned twice", scope.scope);
                return Err(NotAPlan::Contradiction(what));
            }
            let mut seen = std::collections::HashSet::new();
            for planned in &scope.changes {
                let Change { resource, .. } = &planned.change;
                let contradiction = |what: &str| {
                    Err(NotAPlan::Contradiction(format!(
                        "{resource} in {}: {what}",
                        scope.scope
                    )))
                };
                if !planned.change.is_consistent() {
                    return contradiction("its action is not what before and after say");
                }
                if planned.change.digest(&scope.scope).ok() != Some(planned.digest) {
                    return contradiction("its digest is of another change");
                }
                if !seen.insert(resource) {
                    return contradiction("it is changed twice");
                }
            }
        }
        Ok(())
    }

    /// Every text that is shown to people as it is.
    fn texts(&self) -> impl Iterator<Item = &str> {
        fn of_scope(scope: &crate::Scope) -> [&str; 3] {
            [&scope.domain, &scope.name, &scope.at]
        }
        let scopes = self.scopes.iter().flat_map(|scope| of_scope(&scope.scope));
        let stopped = self.stopped.iter().flat_map(|stopped| {
            let scope = of_scope(&stopped.scope);
            scope
                .into_iter()
                .chain([stopped.what.as_str(), &stopped.help])
        });
        let kept = self.scopes.iter().flat_map(|scope| &scope.kept);
        let kept = kept.flat_map(|kept| [kept.resource.as_str(), &kept.why]);
        let changes = self.changes().flat_map(|(_, planned)| {
            let Change {
                resource,
                owners,
                declared_at,
                ..
            } = &planned.change;
            let reasons = planned.reasons.iter().map(|reason| reason.text.as_str());
            let said = owners.iter().chain(declared_at).map(String::as_str);
            reasons.chain(said).chain([resource.as_str()])
        });
        scopes.chain(stopped).chain(kept).chain(changes)
    }

    /// All changes, each with its scope.
    pub fn changes(&self) -> impl Iterator<Item = (&ScopePlan, &Planned)> {
        self.scopes
            .iter()
            .flat_map(|scope| scope.changes.iter().map(move |planned| (scope, planned)))
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.scopes.iter().all(|scope| scope.changes.is_empty())
    }

    /// The highest risk in it; none if there is nothing to do.
    pub fn risk(&self) -> Option<Risk> {
        self.changes().map(|(_, planned)| planned.risk).max()
    }
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}
