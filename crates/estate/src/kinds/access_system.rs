//! Systems that hold who may do what: a forge, mailing groups, a directory.

use base::Spanned;
use yaml::{choice, record};

use super::{Group, Kind, KindId, Organisation, Secret};
use crate::reference::{Ref, References, Relation};

record! {
    /// A system that holds who may do what, and which part of the estate it holds.
    pub struct AccessSystem {
        /// How it is spoken to.
        pub kind: AccessSystemKind,
        /// What people call it.
        pub title: Option<String>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// Its URL; the vendor's own where it has one.
        pub address: Option<Spanned<String>>,
        /// As whom it is spoken to: a user's name, an address, or a distinguished name.
        pub user: Option<String>,
        /// The token, password or key that it is spoken to with.
        pub secret: Option<Secret>,
        /// The certificates of the authority that vouches for a directory, as PEM, where it is none that everybody knows.
        pub authority: Option<Secret>,
        /// The organisations that a forge holds.
        pub organisations: Vec<Ref<Organisation>>,
        /// The domains of the mailing groups that it holds.
        pub mail_domains: Vec<Spanned<String>>,
        /// The entry of a directory that people and groups are below (RFC 4514).
        pub base: Option<Spanned<String>>,
        /// What of it is brought to what the estate says; all that it can if not said.
        pub manages: Vec<AccessPart>,
        /// Of what only more is given and nothing taken away, as long as a tree is adopted.
        pub additive: Vec<AccessPart>,
        /// How much one plan may take away.
        pub limits: RemovalLimits = RemovalLimits::default(),
        /// Fewer administrators of an organisation than these are refused.
        pub min_admins: u32 = 5,
        /// Who must be an administrator of every organisation.
        pub required_admins: Vec<Spanned<String>>,
        /// Whether the account that the program works as must be an administrator.
        pub require_self: bool = true,
        /// What is left alone.
        pub leaves_alone: Vec<LeftAlone>,
        /// Steps that are not taken unless they stand here.
        pub allows: Vec<Allowance>,
    }
}

choice! {
    /// How a system that holds access is spoken to.
    pub enum AccessSystemKind {
        /// Organisations at GitHub, or a server that has its interface.
        Github = "github",
        /// Google Groups, by the Directory and the Groups Settings interface.
        GoogleGroups = "google-groups",
        /// Mailman 3, by its REST interface.
        Mailman = "mailman",
        /// A directory (LDAP, RFC 4511).
        Ldap = "ldap",
        /// Another; what it holds is checked and not planned.
        Other = "other",
    }
}

choice! {
    /// A part of what a system holds.
    pub enum AccessPart {
        /// Settings of an organisation.
        Settings = "settings",
        /// Who is in an organisation.
        Members = "members",
        /// Repositories and how they are set up.
        Repositories = "repositories",
        /// What people may do to a repository without a team.
        Collaborators = "collaborators",
        /// What may not be done to a branch.
        Branches = "branches",
        /// Teams.
        Teams = "teams",
        /// Who is in a team.
        TeamMembers = "team-members",
        /// What a team may do.
        TeamGrants = "team-grants",
        /// Which repositories a program may reach.
        Apps = "apps",
        /// Mailing groups and how they are set up.
        MailingGroups = "mailing-groups",
        /// Who is in a mailing group.
        MailingMembers = "mailing-members",
        /// People in a directory.
        People = "people",
        /// Groups in a directory.
        DirectoryGroups = "directory-groups",
        /// Who is in a group of a directory.
        DirectoryMembers = "directory-members",
    }
}

choice! {
    /// What is left alone.
    pub enum LeftAlone {
        /// People who were invited and have not answered.
        Invitees = "invitees",
        /// Teams that only their members see.
        SecretTeams = "secret-teams",
        /// Teams that an enterprise keeps.
        EnterpriseTeams = "enterprise-teams",
    }
}

choice! {
    /// A step that is not taken unless it is allowed.
    pub enum Allowance {
        /// To archive a repository.
        Archive = "archive",
        /// To show a private repository to everybody.
        Publish = "publish",
    }
}

record! {
    /// How much one plan may take away of each list: the larger of a number and a share.
    #[derive(Copy, PartialEq, Eq)]
    pub struct RemovalLimits {
        /// Per cent of a list that may be taken away.
        pub percent: u32 = 25,
        /// How many may be taken away of any list.
        pub at_least: u32 = 1,
    }
}

impl Default for RemovalLimits {
    fn default() -> Self {
        Self {
            percent: 25,
            at_least: 1,
        }
    }
}

impl Kind for AccessSystem {
    const NAME: &'static str = "access-system";
    const FOLDER: &'static str = "access-systems";
    const ID: KindId = KindId::AccessSystem;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.owner, Relation::OwnedBy);
        names.each(&self.organisations, Relation::Holds);
    }
}

impl AccessSystem {
    /// Whether a part is brought to what the estate says.
    pub fn manages(&self, part: AccessPart) -> bool {
        self.manages.is_empty() || self.manages.contains(&part)
    }
}
