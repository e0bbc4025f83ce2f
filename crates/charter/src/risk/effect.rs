//! What a change does, as its domain says.

use estate::KindId;
use serde::{Deserialize, Serialize};

use super::{Breaks, Rollback};

/// What a change does, as its domain says: enough to judge it.
///
/// Nothing has a default when read from a plan file, so that a fact left out
/// cannot make a change harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about one change"
)]
pub struct Effect {
    /// Whether it breaks something.
    pub breaks: Breaks,
    /// Why, each a short sentence without a full stop: `mail for example.org is delivered there`.
    pub breaks_because: Vec<String>,
    /// Whether it can be undone.
    pub rollback: Rollback,
    /// Why, each a short sentence without a full stop.
    pub rollback_because: Vec<String>,
    /// The items of the estate that it is made to: a service, a zone, a team.
    #[serde(with = "subjects")]
    pub touches: Vec<(KindId, String)>,
    /// Names inside the real system that hang on what is changed, for example
    /// aliases that point to a host. A name stands here once, however often it is used.
    pub dependents: Vec<String>,
    /// It changes who or what decides: the charter, a roster of approvers, a
    /// policy, a root of trust, the ledger or the keys that promote.
    pub governs: bool,
    /// Somebody may do more afterwards than before.
    pub grows_access: bool,
    /// Who that is, by their names in the estate, as far as it knows them.
    pub gives_to: Vec<String>,
    /// It only adds: nothing that was there goes, moves or is covered.
    pub only_adds: bool,
    /// The domain knows this kind of change and each of its fields.
    pub known: bool,
}

impl Effect {
    /// Of a known change that touches nothing and changes what was there.
    pub fn new(breaks: Breaks, rollback: Rollback) -> Self {
        Self {
            breaks,
            breaks_because: Vec::new(),
            rollback,
            rollback_because: Vec::new(),
            touches: Vec::new(),
            dependents: Vec::new(),
            governs: false,
            grows_access: false,
            gives_to: Vec::new(),
            only_adds: false,
            known: true,
        }
    }

    /// Of a change whose kind, or one of whose fields, the domain does not know.
    /// It counts as one that cannot be undone; `why` says what is not known.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self {
            known: false,
            rollback_because: vec![why.into()],
            ..Self::new(Breaks::May, Rollback::Impossible)
        }
    }

    /// It breaks at least so much, for this reason.
    pub fn breaking(mut self, breaks: Breaks, because: impl Into<String>) -> Self {
        self.breaks = self.breaks.max(breaks);
        self.breaks_because.push(because.into());
        self
    }

    /// It is at least so hard to undo, for this reason.
    pub fn undone(mut self, rollback: Rollback, because: impl Into<String>) -> Self {
        self.rollback = self.rollback.max(rollback);
        self.rollback_because.push(because.into());
        self
    }

    /// It is made to this item of the estate.
    pub fn touching(mut self, kind: KindId, name: impl Into<String>) -> Self {
        self.touches.push((kind, name.into()));
        self
    }
}

/// Items as `kind/name`.
mod subjects {
    use estate::KindId;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        items: &[(KindId, String)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            items
                .iter()
                .map(|(kind, name)| format!("{}/{name}", kind.name())),
        )
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(KindId, String)>, D::Error> {
        let read = |subject: String| {
            let parts = subject.split_once('/');
            let item = parts.and_then(|(kind, name)| {
                let known = KindId::ALL.iter().find(|known| known.name() == kind)?;
                Some((*known, name.to_owned()))
            });
            item.ok_or_else(|| D::Error::custom(format!("`{subject}` is not an item as kind/name")))
        };
        let subjects = Vec::<String>::deserialize(deserializer)?;
        subjects.into_iter().map(read).collect()
    }
}
