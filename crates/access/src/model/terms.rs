//! The words in which access is asked and answered.

use std::fmt;

use estate::kinds::{MailingRole, Permission, TeamRole};
use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// Somebody who may do something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// Somebody the estate knows, by their name in it.
    Person(String),
    /// A login at a forge of somebody it does not know, in lower case.
    Login(String),
    /// An address of nobody it knows, in lower case.
    Address(String),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(name) => write!(f, "person/{name}"),
            Self::Login(login) => write!(f, "@{login}"),
            Self::Address(address) => f.write_str(address),
        }
    }
}

/// What something may be done to. Names of repositories and of directories' groups are in lower
/// case; all others as the estate spells them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// An organisation.
    Organisation(String),
    /// All repositories of an organisation.
    Repositories(String),
    /// A repository, as `organisation/name`.
    Repository(String),
    /// A team.
    Team(String),
    /// A mailing group, by its name.
    MailingGroup(String),
    /// A group of a directory.
    DirectoryGroup(String),
    /// A role in a system, with what it is on.
    Role(String),
    /// A service.
    Service(String),
    /// What is below a folder of a repository, or one file of it.
    Path {
        /// The repository.
        repository: String,
        /// The path in it; empty for all of it.
        path: String,
    },
    /// The ledger, which holds what was decided and done.
    Ledger,
    /// What people keep with the project for the worst case.
    PrivateContacts,
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(name) => write!(f, "organisation/{name}"),
            Self::Repositories(name) => write!(f, "every repository of {name}"),
            Self::Repository(name) => write!(f, "repository {name}"),
            Self::Team(name) => write!(f, "team/{name}"),
            Self::MailingGroup(name) => write!(f, "mailing-group/{name}"),
            Self::DirectoryGroup(name) => write!(f, "directory group {name}"),
            Self::Role(text) => write!(f, "role {text}"),
            Self::Service(name) => write!(f, "service/{name}"),
            Self::Path { repository, path } if path.is_empty() => write!(f, "path {repository}"),
            Self::Path { repository, path } => write!(f, "path {repository}/{path}"),
            Self::Ledger => f.write_str("the ledger"),
            Self::PrivateContacts => f.write_str("private contacts"),
        }
    }
}

impl Thing {
    /// Whether what may be done to this may be done to the other too.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Repositories(organisation), Self::Repository(repository)) => repository
                .split_once('/')
                .is_some_and(|(of, _)| of.eq_ignore_ascii_case(organisation)),
            _ => self == other,
        }
    }

    /// Its levels, each with those before it. Where there is no such order, one level says
    /// nothing of another.
    fn order(&self) -> &'static [Level] {
        match self {
            Self::Organisation(_) => &[Level::Member, Level::Admin],
            Self::Repositories(_) | Self::Repository(_) => &[
                Level::Read,
                Level::Triage,
                Level::Write,
                Level::Maintain,
                Level::Admin,
            ],
            Self::Team(_) => &[Level::Member, Level::Maintainer],
            Self::MailingGroup(_) => &[Level::Member, Level::Manager, Level::Owner],
            _ => &[],
        }
    }

    /// Whether its levels have an order, so that the highest says all.
    pub(super) fn is_ordered(&self) -> bool {
        !self.order().is_empty()
    }

    /// The place of a level among those of this thing.
    pub(super) fn rank(&self, level: Level) -> usize {
        let place = self.order().iter().position(|other| *other == level);
        place.unwrap_or_default()
    }

    /// Whether whoever has one level has another.
    pub fn includes(&self, has: Level, asked: Level) -> bool {
        let known = |level| self.order().contains(&level);
        has == asked || known(has) && known(asked) && self.rank(has) >= self.rank(asked)
    }
}

yaml::choice! {
    /// What may be done.
    pub enum Level {
        /// See and copy.
        Read = "read",
        /// Sort issues.
        Triage = "triage",
        /// Change.
        Write = "write",
        /// Configure, but for what is dangerous.
        Maintain = "maintain",
        /// Everything.
        Admin = "admin",
        /// Be in it.
        Member = "member",
        /// Change who is in a team.
        Maintainer = "maintainer",
        /// Change who is in a mailing group.
        Manager = "manager",
        /// Everything with a mailing group; answer for a service.
        Owner = "owner",
        /// Use a role.
        Use = "use",
        /// Bring a new version into service.
        Deploy = "deploy",
        /// Keep a service running.
        Run = "run",
        /// Approve changes.
        Approve = "approve",
        /// Review changes.
        Review = "review",
        /// Sign what is decided.
        Sign = "sign",
    }
}

impl From<Permission> for Level {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::Read => Self::Read,
            Permission::Triage => Self::Triage,
            Permission::Write => Self::Write,
            Permission::Maintain => Self::Maintain,
            Permission::Admin => Self::Admin,
        }
    }
}

impl From<TeamRole> for Level {
    fn from(role: TeamRole) -> Self {
        match role {
            TeamRole::Member => Self::Member,
            TeamRole::Maintainer => Self::Maintainer,
        }
    }
}

impl From<MailingRole> for Level {
    fn from(role: MailingRole) -> Self {
        match role {
            MailingRole::Member => Self::Member,
            MailingRole::Manager => Self::Manager,
            MailingRole::Owner => Self::Owner,
        }
    }
}

/// One step on a way from a person to what they may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hop {
    /// What is said.
    pub said: String,
    /// Where, as `path:line`.
    pub at: String,
}

/// One way by which somebody may do something, from what they are to what it gives them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Path {
    /// What may be done by this way.
    pub level: Level,
    /// The last day; none if it has no end.
    pub until: Option<Date>,
    /// Its steps, the person's own first.
    pub hops: Vec<Hop>,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, hop) in self.hops.iter().enumerate() {
            let before = if at == 0 { "" } else { ", " };
            write!(f, "{before}{} ({})", hop.said, hop.at)?;
        }
        Ok(())
    }
}

/// That somebody may do something, and by which ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Who.
    pub who: Principal,
    /// To what.
    pub what: Thing,
    /// What may be done: the most that any way gives.
    pub level: Level,
    /// The last day of that; none if it has no end.
    pub until: Option<Date>,
    /// Every way, those that give more first.
    pub why: Vec<Path>,
}

macro_rules! shown {
    ($($Type:ident),*) => { $(
        impl Serialize for $Type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )* };
}
shown!(Principal, Thing);

/// The later of two ends; none is no end.
pub(super) fn later(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    Some(one?.max(other?))
}

/// The earlier of two ends; none is no end.
pub(super) fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (end, None) | (None, end) => end,
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Thing};

    #[test]
    fn a_level_includes_those_before_it_and_no_other() {
        let repository = Thing::Repository("acme/site".to_owned());
        assert!(repository.includes(Level::Admin, Level::Write));
        assert!(!repository.includes(Level::Triage, Level::Write));
        assert!(!repository.includes(Level::Owner, Level::Read));
        let service = Thing::Service("site".to_owned());
        assert!(service.includes(Level::Run, Level::Run));
        assert!(!service.includes(Level::Owner, Level::Run));
    }

    #[test]
    fn all_repositories_of_an_organisation_cover_each_and_those_of_no_other() {
        let all = Thing::Repositories("Acme".to_owned());
        assert!(all.covers(&Thing::Repository("acme/site".to_owned())));
        assert!(!all.covers(&Thing::Repository("acme-labs/site".to_owned())));
    }
}
