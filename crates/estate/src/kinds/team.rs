//! Teams: who may do what.

use base::Spanned;
use jiff::civil::Date;
use yaml::{choice, record};

use super::{Group, Kind, KindId, MailingGroup, Organisation, Person};
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
        /// Who is in it by what they are elsewhere: chairs of a group, members of another team.
        pub include: Vec<Inclusion>,
        /// Who is in it for a time.
        pub temporary: Vec<TimedMember>,
        /// What it may do to repositories.
        pub grants: Vec<Grant>,
        /// What it may do in other systems.
        pub roles: Vec<RoleGrant>,
        /// The group that it is in directories, by its name there; none if it is not in them.
        pub directory_group: Option<Spanned<String>>,
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
    otherwise Secret
}

record! {
    /// People who are in a team by what they are elsewhere. It names one group, or one team.
    pub struct Inclusion {
        /// A group of the community.
        pub group: Option<Ref<Group>>,
        /// The role that counts in that group; with `roles`, one of several. All who lead it, its parts, or are its members if none is said.
        pub role: Option<Spanned<String>>,
        /// The roles that count: those under its `leads` such as `chair`, or `lead` for all of them, `member`, `liaison`, `subproject-lead`.
        pub roles: Vec<Spanned<String>>,
        /// Another team.
        pub team: Option<Ref<Team>>,
        /// Who does not come with it.
        pub exclude: Vec<Ref<Person>>,
        /// What they are in this team.
        pub role_here as "as": TeamRole = TeamRole::Member,
    }
}

choice! {
    /// What somebody is in a team.
    pub enum TeamRole {
        /// In it.
        Member = "member",
        /// Who may change its membership.
        Maintainer = "maintainer",
    }
}

record! {
    /// Somebody who is in a team for a time.
    pub struct TimedMember {
        /// Who.
        pub person: Ref<Person>,
        /// The last day.
        pub until: Spanned<Date>,
        /// Why.
        pub reason: Option<String>,
        /// It was taken in an emergency, and others will look at it afterwards.
        pub break_glass: bool = false,
        /// What they are in the team.
        pub role as "as": TeamRole = TeamRole::Member,
    }
}

record! {
    /// A permission on a repository.
    pub struct Grant {
        /// The repository, as `organisation/name`.
        pub repository: Spanned<String>,
        /// What may be done.
        pub permission: Permission,
        /// Why.
        pub reason: Option<String>,
        /// The day on which somebody last said that it is needed.
        pub confirmed: Option<Spanned<Date>>,
        /// The last day; without end if not said.
        pub until: Option<Spanned<Date>>,
        /// It was taken in an emergency, and others will look at it afterwards.
        pub break_glass: bool = false,
    }
}

record! {
    /// What a team may do in a system that is not a forge: a role of a cloud, of a mailing group, or a group of a directory.
    pub struct RoleGrant {
        /// The system, by its name in the estate or in the words of the community.
        pub system: Option<Spanned<String>>,
        /// The role as the system calls it; in a mailing group `owner`, `manager` or `member`.
        pub role: Option<Spanned<String>>,
        /// The group of a directory that its people are in.
        pub group: Option<Spanned<String>>,
        /// The mailing group that its people are in.
        pub mailing_group: Option<Ref<MailingGroup>>,
        /// What the role is on: a project, a folder, a bucket.
        pub on: Option<Spanned<String>>,
        /// Why.
        pub reason: Option<String>,
        /// The day on which somebody last said that it is needed.
        pub confirmed: Option<Spanned<Date>>,
        /// The last day; without end if not said.
        pub until: Option<Spanned<Date>>,
        /// It was taken in an emergency, and others will look at it afterwards.
        pub break_glass: bool = false,
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
        for inclusion in &self.include {
            let relation = match inclusion.role_here {
                TeamRole::Maintainer => Relation::HasMaintainer,
                TeamRole::Member => Relation::HasMember,
            };
            names.each(&inclusion.group, relation);
            names.each(&inclusion.team, relation);
            // Whoever is left out must be somebody, or a slip would let them in.
            names.each(&inclusion.exclude, Relation::Consults);
        }
        let temporary = self.temporary.iter().map(|timed| &timed.person);
        names.each(temporary, Relation::HasMember);
        let lists = self
            .roles
            .iter()
            .filter_map(|role| role.mailing_group.as_ref());
        names.each(lists, Relation::Consults);
    }
}

impl Team {
    /// Everybody who is named in it for good: maintainers, then members. Those who come from
    /// elsewhere, or for a time, are not among them.
    pub fn people(&self) -> impl Iterator<Item = &Ref<Person>> {
        self.maintainers.iter().chain(&self.members)
    }
}

impl Inclusion {
    /// The roles that count, as written; none if all do.
    pub fn roles(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.role.iter().chain(&self.roles)
    }
}

/// Whether what lasts until a day, if one is said, lasts on another.
fn lasts(until: Option<&Spanned<Date>>, day: Date) -> bool {
    until.is_none_or(|until| until.value >= day)
}

impl TimedMember {
    /// Whether it lasts on a day.
    pub fn lasts_on(&self, day: Date) -> bool {
        self.until.value >= day
    }
}

impl Grant {
    /// A permission without reason, confirmation or end.
    pub fn new(repository: Spanned<String>, permission: Permission) -> Self {
        Self {
            repository,
            permission,
            reason: None,
            confirmed: None,
            until: None,
            break_glass: false,
        }
    }

    /// Whether it lasts on a day.
    pub fn lasts_on(&self, day: Date) -> bool {
        lasts(self.until.as_ref(), day)
    }
}

impl RoleGrant {
    /// Whether it lasts on a day.
    pub fn lasts_on(&self, day: Date) -> bool {
        lasts(self.until.as_ref(), day)
    }
}
