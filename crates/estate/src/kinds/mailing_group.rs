//! Mailing groups: addresses that reach several people, and often are what access is granted to.

use base::Spanned;
use yaml::{Map, choice, record};

use super::{Group, Kind, KindId, Person, Team};
use crate::reference::{Ref, References, Relation};
use crate::scalars::Email;

record! {
    /// An address that reaches several people. In an adopted tree its name is the address.
    pub struct MailingGroup {
        /// The address.
        pub email: Spanned<Email>,
        /// What people call it.
        pub title: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// Only addresses of people and groups that the estate knows may be in it.
        pub closed: bool = false,
        /// People may join by themselves: who just receives and is not named here stays.
        pub joined_freely: bool = false,
        /// The addresses of those who may do everything.
        pub owners: Vec<Spanned<Email>>,
        /// The addresses of those who may change its membership.
        pub managers: Vec<Spanned<Email>>,
        /// The addresses of those who just receive.
        pub members: Vec<Spanned<Email>>,
        /// Who is in it by what they are elsewhere, with their public address.
        pub include: Vec<MailingInclusion>,
        /// Settings in the words of the system that runs it.
        pub settings: Map<Spanned<String>>,
    }
}

record! {
    /// People who are in a mailing group by what they are elsewhere. It names one group, or one team.
    pub struct MailingInclusion {
        /// A group of the community.
        pub group: Option<Ref<Group>>,
        /// The role that counts in that group; with `roles`, one of several. All who lead it, its parts, or are its members if none is said.
        pub role: Option<Spanned<String>>,
        /// The roles that count: those under its `leads` such as `chair`, or `lead` for all of them, `member`, `liaison`, `subproject-lead`.
        pub roles: Vec<Spanned<String>>,
        /// A team.
        pub team: Option<Ref<Team>>,
        /// Who does not come with it.
        pub exclude: Vec<Ref<Person>>,
        /// What they are in this mailing group.
        pub role_here as "as": MailingRole = MailingRole::Member,
    }
}

choice! {
    /// What somebody is in a mailing group; each includes those before it.
    pub enum MailingRole {
        /// Who receives.
        Member = "member",
        /// Who may change its membership.
        Manager = "manager",
        /// Who may do everything.
        Owner = "owner",
    }
}

impl Kind for MailingGroup {
    const NAME: &'static str = "mailing-group";
    const FOLDER: &'static str = "mailing-groups";
    const ID: KindId = KindId::MailingGroup;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.owner, Relation::OwnedBy);
        for inclusion in &self.include {
            let relation = match inclusion.role_here {
                MailingRole::Member => Relation::HasMember,
                MailingRole::Manager | MailingRole::Owner => Relation::HasMaintainer,
            };
            names.each(&inclusion.group, relation);
            names.each(&inclusion.team, relation);
            // Whoever is left out must be somebody, or a slip would let them in.
            names.each(&inclusion.exclude, Relation::Consults);
        }
    }

    fn aliases(&self) -> Vec<Spanned<String>> {
        vec![Spanned::new(self.email.to_string(), self.email.span)]
    }
}

impl MailingGroup {
    /// Every address that is named in it, with its role.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, &Spanned<Email>)> {
        let owners = self.owners.iter().map(|address| ("owner", address));
        let managers = self.managers.iter().map(|address| ("manager", address));
        let members = self.members.iter().map(|address| ("member", address));
        owners.chain(managers).chain(members)
    }
}

impl MailingInclusion {
    /// The roles that count, as written; none if all do.
    pub fn roles(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.role.iter().chain(&self.roles)
    }
}
