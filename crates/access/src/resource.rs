//! What a change in a system that holds access is about.

use std::fmt;

use estate::kinds::AccessPart;

/// The name of a resource: what it is, in or of what, and which one.
///
/// Names have no case: they are kept in lower case, as the systems compare them. How a name is
/// spelled stands in the value where a system keeps that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it is.
    pub sort: Sort,
    /// What it is in or of, for example a team; empty where it is of the whole scope.
    pub of: String,
    /// Which one, for example a login; empty where there is one only.
    pub name: String,
}

/// What a resource is. In the order in which they are made; they are taken away in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// How an organisation is set up. One.
    Settings,
    /// A repository, by its name.
    Repository,
    /// Somebody in an organisation, by login. Value: `{"role": "admin" | "member"}`.
    Member,
    /// A team, by its name. Value: `{"name", "description", "privacy": "closed" | "secret", "parent": name | null}`.
    Team,
    /// Somebody in the team `of`, by login. Value: `{"role": "maintainer" | "member"}`.
    TeamMember,
    /// What the team `of` may do to a repository, by its name.
    /// Value: `{"permission": "read" | "triage" | "write" | "maintain" | "admin"}`.
    TeamGrant,
    /// What somebody, by login, may do to the repository `of` without a team. Value: as of a grant.
    Collaborator,
    /// What may not be done to a branch, by its name, of the repository `of`. Value: the keys of
    /// `branches` in an organisation's file, and `restricts_pushes`: whether only those listed push.
    Branch,
    /// A repository, by its name, that the program `of` may reach. Value: `{}`.
    App,
    /// A mailing group, by its address. Value: `{"name", "description"}`.
    MailingGroup,
    /// How the mailing group `of` is set up. One. Value: its settings, each a text.
    MailingSettings,
    /// An address in the mailing group `of`. Value: `{"address", "role": "owner" | "manager" | "member"}`.
    MailingMember,
    /// Somebody in a directory, by their name in the estate. Value: `{"name", "mail": [..]}`.
    Person,
    /// A group in a directory, by its name. Value: `{"description"}`.
    DirectoryGroup,
    /// Somebody in the group `of` of a directory, by their name in the estate. Value: `{}`.
    DirectoryMember,
}

impl Sort {
    /// All of them, in their order.
    pub const ALL: [Self; 15] = [
        Self::Settings,
        Self::Repository,
        Self::Member,
        Self::Team,
        Self::TeamMember,
        Self::TeamGrant,
        Self::Collaborator,
        Self::Branch,
        Self::App,
        Self::MailingGroup,
        Self::MailingSettings,
        Self::MailingMember,
        Self::Person,
        Self::DirectoryGroup,
        Self::DirectoryMember,
    ];

    /// The words before what it is of, and before its own name.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Settings => ("", "settings"),
            Self::Repository => ("", "repository"),
            Self::Member => ("", "member"),
            Self::Team => ("", "team"),
            Self::TeamMember => ("team", "member"),
            Self::TeamGrant => ("team", "repository"),
            Self::Collaborator => ("repository", "collaborator"),
            Self::Branch => ("repository", "branch"),
            Self::App => ("app", "repository"),
            Self::MailingGroup => ("", "mailing group"),
            Self::MailingSettings => ("mailing group", "settings"),
            Self::MailingMember => ("mailing group", "member"),
            Self::Person => ("", "person"),
            Self::DirectoryGroup => ("", "group"),
            Self::DirectoryMember => ("group", "member"),
        }
    }

    /// The part of a system that it belongs to.
    pub fn part(self) -> AccessPart {
        match self {
            Self::Settings => AccessPart::Settings,
            Self::Repository => AccessPart::Repositories,
            Self::Member => AccessPart::Members,
            Self::Team => AccessPart::Teams,
            Self::TeamMember => AccessPart::TeamMembers,
            Self::TeamGrant => AccessPart::TeamGrants,
            Self::Collaborator => AccessPart::Collaborators,
            Self::Branch => AccessPart::Branches,
            Self::App => AccessPart::Apps,
            Self::MailingGroup | Self::MailingSettings => AccessPart::MailingGroups,
            Self::MailingMember => AccessPart::MailingMembers,
            Self::Person => AccessPart::People,
            Self::DirectoryGroup => AccessPart::DirectoryGroups,
            Self::DirectoryMember => AccessPart::DirectoryMembers,
        }
    }

    /// The sort of what it is in or of, if that is a resource itself.
    pub fn container(self) -> Option<Self> {
        match self {
            Self::TeamMember | Self::TeamGrant => Some(Self::Team),
            Self::Collaborator | Self::Branch => Some(Self::Repository),
            Self::MailingSettings | Self::MailingMember => Some(Self::MailingGroup),
            Self::DirectoryMember => Some(Self::DirectoryGroup),
            _ => None,
        }
    }
}

/// Between what a resource is of and what it is. No system allows it in a name.
const WITHIN: &str = " > ";

impl Key {
    /// A resource of the whole scope.
    pub fn new(sort: Sort, name: &str) -> Self {
        Self::of(sort, "", name)
    }

    /// A resource in or of another.
    pub fn of(sort: Sort, of: &str, name: &str) -> Self {
        Self {
            sort,
            of: of.to_lowercase(),
            name: name.to_lowercase(),
        }
    }

    /// By its text in a plan.
    pub fn parse(text: &str) -> Option<Self> {
        Sort::ALL.into_iter().find_map(|sort| {
            let (before, own) = sort.words();
            let after = |text: &str, word: &str| {
                let rest = text.strip_prefix(word)?;
                rest.strip_prefix(' ').map(str::to_owned)
            };
            let (of, rest) = match (before, text.split_once(WITHIN)) {
                ("", None) => (String::new(), text),
                ("", Some(_)) | (_, None) => return None,
                (word, Some((of, rest))) => (after(of, word)?, rest),
            };
            let name = if rest == own {
                String::new()
            } else {
                after(rest, own)?
            };
            let key = Self { sort, of, name };
            // Exactly what is written, and nothing that only looks like it.
            (key.to_string() == text && key == Self::of(sort, &key.of, &key.name)).then_some(key)
        })
    }

    /// The resource that it is in or of, if that is one.
    pub fn container(&self) -> Option<Self> {
        self.sort.container().map(|sort| Self::new(sort, &self.of))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, own) = self.sort.words();
        if !before.is_empty() {
            write!(f, "{before} {}{WITHIN}", self.of)?;
        }
        match self.name.as_str() {
            "" => f.write_str(own),
            name => write!(f, "{own} {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Key, Sort};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_is_one_resource_or_none(text in "(team|repository|member|group|mailing group|app|settings)?[ >a-z@.]{0,24}") {
            if let Some(key) = Key::parse(&text) {
                prop_assert_eq!(key.to_string(), text);
            }
        }

        #[test]
        fn a_name_never_reads_as_another_resource(at in 0..15_usize, of in "[ >a-z]{0,9}", name in "\\PC{0,12}") {
            let key = Key::of(Sort::ALL[at], &of, &name);
            if let Some(read) = Key::parse(&key.to_string()) {
                prop_assert_eq!(read.to_string(), key.to_string());
            }
        }
    }

    #[test]
    fn every_sort_is_read_as_it_is_written() {
        for sort in Sort::ALL {
            let of = match sort.words().0 {
                "" => "",
                _ => "k/odd name",
            };
            let name = if sort.words().1 == "settings" {
                ""
            } else {
                "it's a.name"
            };
            let key = Key::of(sort, of, name);
            assert_eq!(Key::parse(&key.to_string()), Some(key.clone()), "{key}");
        }
        assert_eq!(Key::parse("member Alice"), None);
        assert_eq!(Key::parse("team a"), Some(Key::new(Sort::Team, "a")));
        assert_eq!(Key::parse("teams a"), None);
    }
}
