//! Who reads, and what is not for everybody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What is private, by its kind. Who may see a kind is said in `portal.yaml`; nobody, if it is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Private {
    /// How to reach people and groups beside what they publish.
    Contacts,
    /// Findings that tell how something could be taken over.
    Takeovers,
    /// The ids of accounts at providers.
    Accounts,
    /// What of the money is not for everybody.
    Money,
    /// Who is in teams and on lists that are secret.
    Memberships,
}

impl Private {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Contacts,
        Self::Takeovers,
        Self::Accounts,
        Self::Money,
        Self::Memberships,
    ];

    /// As `portal.yaml` calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Takeovers => "takeovers",
            Self::Accounts => "accounts",
            Self::Money => "money",
            Self::Memberships => "memberships",
        }
    }
}

/// For whom something is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Audience {
    /// Whoever comes.
    #[default]
    Everybody,
    /// Who may see what is private of this kind.
    Private(Private),
    /// One person, by their name in the estate.
    Person(String),
    /// Whoever signed in.
    SignedIn,
}

/// Who somebody is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// Who says so: the URL of an OpenID provider, or `ssh` for a key.
    pub issuer: String,
    /// Their unchanging id there; the fingerprint of the key.
    pub subject: String,
    /// What they are called there.
    pub name: String,
    /// By which the estate may know them, where whoever says so vouches for it.
    #[serde(default)]
    pub handle: Option<Handle>,
}

/// What somebody is called in a place that the estate also names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handle {
    /// A login at GitHub.
    Github(String),
    /// A mail address that is theirs.
    Email(String),
}

/// Who reads a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reader {
    /// Who they are elsewhere; none for whoever did not sign in.
    pub identity: Option<Identity>,
    /// Their name in the estate, if it knows them.
    pub person: Option<String>,
    /// What they may see of what is private.
    pub may: BTreeSet<Private>,
}

impl Reader {
    /// Somebody who did not sign in.
    pub fn anybody() -> Self {
        Self::default()
    }

    /// Whether something is for them.
    pub fn sees(&self, audience: &Audience) -> bool {
        match audience {
            Audience::Everybody => true,
            Audience::Private(kind) => self.may.contains(kind),
            Audience::Person(name) => self.person.as_ref() == Some(name),
            Audience::SignedIn => self.identity.is_some(),
        }
    }

    /// What they are called.
    pub fn name(&self) -> Option<&str> {
        let elsewhere = self
            .identity
            .as_ref()
            .map(|identity| identity.name.as_str());
        self.person.as_deref().or(elsewhere)
    }
}
