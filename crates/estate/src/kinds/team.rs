//! Teams: who may do what.

use base::Spanned;
use yaml::{choice, record};

use super::{Group, Kind, KindId, Organisation, Person};
use crate::reference::{Ref, References, Relation};

record! {
    /// A list of who may do what. In an adopted tree its name is `organisation/team`.
    pub struct Team {
        /// What people call it.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The organisation it belongs to; its people must be members there.
        pub organisation: Option<Ref<Organisation>>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// The team it is part of.
        pub parent: Option<Ref<Team>>,
        /// Who can see it.
        pub privacy: Privacy = Privacy::Visible,
        /// Who may change its membership.
        pub maintainers: Vec<Ref<Person>>,
        /// Who else is in it.
        pub members: Vec<Ref<Person>>,
        /// What it may do, and where.
        pub grants: Vec<Grant>,
        /// Names it had before.
        pub previously: Vec<String>,
    }
}

choice! {
    /// Who can see a team.
    pub enum Privacy {
        /// Everybody in the organisation.
        Visible = "visible",
        /// Its members only.
        Secret = "secret",
    }
}

record! {
    /// A permission on a repository.
    pub struct Grant {
        /// The repository, as `organisation/name`.
        pub repository: Spanned<String>,
        /// What may be done.
        pub permission: Permission,
    }
}

choice! {
    /// What may be done to a repository; each includes those before it.
    pub enum Permission {
        /// See and copy it.
        Read = "read",
        /// Sort its issues.
        Triage = "triage",
        /// Change it.
        Write = "write",
        /// Configure it, but for what is dangerous.
        Maintain = "maintain",
        /// Everything.
        Admin = "admin",
    }
}

impl Kind for Team {
    const NAME: &'static str = "team";
    const FOLDER: &'static str = "teams";
    const ID: KindId = KindId::Team;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.organisation, Relation::HostedBy);
        names.each(&self.owner, Relation::OwnedBy);
        names.each(&self.parent, Relation::PartOf);
        names.each(&self.maintainers, Relation::HasMaintainer);
        names.each(&self.members, Relation::HasMember);
    }
}

impl Team {
    /// Everybody in it: maintainers, then members.
    pub fn people(&self) -> impl Iterator<Item = &Ref<Person>> {
        self.maintainers.iter().chain(&self.members)
    }
}
