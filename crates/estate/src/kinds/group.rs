//! Groups: the bodies that own things.

use base::Spanned;
use jiff::civil::Date;
use yaml::{choice, record};

use super::{
    Commitment, Kind, KindId, NextBody, OfficeHours, Person, Promise, PublishedPolicy, Seats,
};
use crate::reference::{Ref, References, Relation};
use crate::scalars::Email;

record! {
    /// A body that owns things: a special interest group, a working group, a committee, a project.
    #[derive(Default)]
    pub struct Group {
        /// The full name.
        pub title: Option<String>,
        /// What sort of body, in the community's own words, for example `sig`, `committee`.
        pub kind: Option<Spanned<String>>,
        /// What it is there for.
        pub mission: Option<String>,
        /// Where its charter is.
        pub charter: Option<String>,
        /// The procedure by which it decides, as the community's charter calls it.
        pub decides_by: Option<Spanned<String>>,
        /// The group it is part of.
        pub parent: Option<Ref<Group>>,
        /// The groups that have a say in it.
        pub stakeholders: Vec<Ref<Group>>,
        /// Whether it works, and since when not.
        pub standing: Standing = Standing::Active,
        /// The day it was formed; rules may be patient with a young group.
        pub formed: Option<Date>,
        /// Who leads it, in which role.
        pub leads: Vec<Lead>,
        /// Who else belongs to it.
        pub members: Vec<Ref<Person>>,
        /// How to reach it.
        pub contact: Option<Contact>,
        /// The parts of its work, with the files that name their owners.
        pub subprojects: Vec<Subproject>,
        /// When it meets.
        pub meetings: Vec<Meeting>,
        /// Who takes over what it has not settled, in this order; the group it is part of if not said.
        pub escalation: Vec<NextBody>,
        /// Its seats: how many, how they are filled and for how long.
        pub seats: Option<Seats>,
        /// How soon whoever writes to it hears from it.
        pub promises: Vec<Promise>,
        /// When anybody may come and ask.
        pub office_hours: Vec<OfficeHours>,
        /// Where its work is planned, a link.
        pub board: Option<String>,
        /// The people that employers have promised for its work.
        pub commitments: Vec<Commitment>,
        /// The policies it answers for.
        pub policies: Vec<PublishedPolicy>,
    }
}

choice! {
    /// Whether a group works.
    pub enum Standing {
        /// It works.
        Active = "active",
        /// It has been closed; it can own nothing.
        Retired = "retired",
    }
}

record! {
    /// A person in a leading role.
    pub struct Lead {
        /// Who.
        pub person: Ref<Person>,
        /// The role, in the community's words, for example `chair`, `tech-lead`.
        pub role: Spanned<String>,
        /// The first day.
        pub since: Option<Date>,
        /// The last day, once it is over.
        pub until: Option<Date>,
        /// The role is over and kept in honour only.
        pub emeritus: bool = false,
    }
}

record! {
    /// How to reach a group.
    pub struct Contact {
        /// Its channel in the project's chat.
        pub chat: Option<String>,
        /// Its public list: an address or a link.
        pub mailing_list: Option<String>,
        /// Its private list.
        pub private_mailing_list: Option<Spanned<Email>>,
        /// Who speaks for it to the body above.
        pub liaison: Option<Ref<Person>>,
    }
}

record! {
    /// A part of a group's work.
    pub struct Subproject {
        /// Its name, unique in the group.
        pub name: Spanned<String>,
        /// What it is.
        pub summary: Option<String>,
        /// Links to the files that name its owners.
        pub owners: Vec<Spanned<String>>,
        /// Who leads it, where the files do not say.
        pub leads: Vec<Ref<Person>>,
        /// When those who work on it meet.
        pub meetings: Vec<Meeting>,
    }
}

record! {
    /// A regular meeting.
    pub struct Meeting {
        /// What it is about.
        pub description: Spanned<String>,
        /// The day of the week.
        pub day: Spanned<String>,
        /// The time of day.
        pub time: Spanned<String>,
        /// The zone, as written.
        pub time_zone: Spanned<String>,
        /// How often.
        pub frequency: Spanned<String>,
        /// Where it is held.
        pub url: Option<String>,
        /// Where its notes are, a link.
        pub notes: Option<String>,
        /// Where its recordings are, a link.
        pub recordings: Option<String>,
    }
}

impl Kind for Group {
    const NAME: &'static str = "group";
    const FOLDER: &'static str = "groups";
    const ID: KindId = KindId::Group;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each(&self.parent, Relation::PartOf);
        names.each(&self.stakeholders, Relation::Consults);
        for lead in &self.leads {
            let relation = if lead.emeritus {
                Relation::Honours
            } else {
                Relation::LedBy
            };
            names.each([&lead.person], relation);
        }
        names.each(&self.members, Relation::HasMember);
        names.each(
            self.contact
                .iter()
                .filter_map(|contact| contact.liaison.as_ref()),
            Relation::Consults,
        );
        names.each(
            self.subprojects
                .iter()
                .flat_map(|subproject| &subproject.leads),
            Relation::HasMember,
        );
        let next = self.escalation.iter().map(|next| &next.to);
        names.each(next, Relation::EscalatesTo);
    }
}

impl Default for Standing {
    /// What is not said to be closed works.
    fn default() -> Self {
        Self::Active
    }
}

/// Somebody who has a role in a group.
#[derive(Debug, Clone, Copy)]
pub struct RoleHolder<'g> {
    /// Who, and where that is written.
    pub person: &'g Ref<Person>,
    /// The role in the community's words; `member`, `liaison` or `subproject-lead` where it has no other.
    pub role: &'g str,
    /// The first day, where it is known.
    pub since: Option<Date>,
    /// The last day, where it is known.
    pub until: Option<Date>,
    /// Whether it is one of those under `leads`, whatever it is called.
    pub leads: bool,
}

/// Whether a role as somebody asks for it, perhaps in the plural, is this one.
fn is_role(asked: &str, role: &str) -> bool {
    let singular = asked.strip_suffix(['s', 'S']).unwrap_or(asked);
    role.eq_ignore_ascii_case(asked) || role.eq_ignore_ascii_case(singular)
}

impl Group {
    /// The word for who belongs to a group.
    pub const MEMBER: &str = "member";
    /// The word for who speaks for a group to the body above.
    pub const LIAISON: &str = "liaison";
    /// The word for who leads a part of a group's work.
    pub const SUBPROJECT_LEAD: &str = "subproject-lead";
    /// The word for whoever leads a group, whatever the role is called.
    pub const LEAD: &str = "lead";

    /// The leads in office on a day, a person as often as roles are held.
    pub fn leads_on(&self, day: Date) -> impl Iterator<Item = &Lead> {
        self.leads.iter().filter(move |lead| {
            !lead.emeritus
                && lead.since.is_none_or(|since| since <= day)
                && lead.until.is_none_or(|until| until >= day)
        })
    }

    /// Everybody with a role in it on a day, a person as often as roles are held: its leads in
    /// office, its members, its liaison, those who lead its subprojects. Nobody, where it is retired.
    pub fn holders_on(&self, day: Date) -> impl Iterator<Item = RoleHolder<'_>> {
        let plain = |person, role| RoleHolder {
            person,
            role,
            since: None,
            until: None,
            leads: false,
        };
        let leads = self.leads_on(day).map(|lead| RoleHolder {
            person: &lead.person,
            role: &lead.role.value,
            since: lead.since,
            until: lead.until,
            leads: true,
        });
        let members = self.members.iter().map(move |one| plain(one, Self::MEMBER));
        let liaison = self
            .contact
            .iter()
            .filter_map(|contact| contact.liaison.as_ref());
        let liaison = liaison.map(move |one| plain(one, Self::LIAISON));
        let parts = self.subprojects.iter().flat_map(|part| &part.leads);
        let parts = parts.map(move |one| plain(one, Self::SUBPROJECT_LEAD));
        let works = self.standing == Standing::Active;
        let everybody = leads.chain(members).chain(liaison).chain(parts);
        everybody.filter(move |_| works)
    }

    /// Those of [`Group::holders_on`] whose role somebody asks for. Roles compare without case,
    /// and may be asked for in the plural; `lead` is every role under `leads`.
    pub fn holders_of<'g>(
        &'g self,
        asked: &str,
        day: Date,
    ) -> impl Iterator<Item = RoleHolder<'g>> {
        let leads = is_role(asked, Self::LEAD);
        let asked = asked.to_owned();
        self.holders_on(day)
            .filter(move |holder| is_role(&asked, holder.role) || leads && holder.leads)
    }

    /// Whether it has a role, be it vacant: one that somebody holds or held, that comes with a
    /// seat, or that every group has.
    pub fn has_role(&self, asked: &str) -> bool {
        let every = [
            Self::MEMBER,
            Self::LIAISON,
            Self::SUBPROJECT_LEAD,
            Self::LEAD,
        ];
        let led = self.leads.iter().map(|lead| lead.role.as_str());
        let seats = self.seats.iter().flat_map(|seats| {
            let reserved = seats.reserved.iter().map(|seat| &seat.role);
            seats.roles.iter().chain(reserved).map(|role| role.as_str())
        });
        every
            .into_iter()
            .chain(led)
            .chain(seats)
            .any(|role| is_role(asked, role))
    }
}
