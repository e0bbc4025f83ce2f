//! The file as its generator knows it (`generator/app.go`, keys by yaml.v3).
//!
//! What its reader lets be absent is optional here; `validate` says what must
//! be there all the same.

use base::Spanned;
use yaml::record;

record! {
    /// The whole file.
    pub struct SigsFile {
        /// Special interest groups.
        pub sigs: Vec<GroupEntry>,
        /// Working groups.
        pub workinggroups: Vec<GroupEntry>,
        /// User groups.
        pub usergroups: Vec<GroupEntry>,
        /// Committees.
        pub committees: Vec<GroupEntry>,
        /// Who represents the project on the foundation's governing board.
        pub gb_rep: Option<Spanned<PersonEntry>>,
    }
}

record! {
    /// A group of any sort.
    pub struct GroupEntry {
        /// Its folder, which is its name for programs.
        pub dir: Spanned<String>,
        /// Accepted by the generator, which computes it from the list the group stands in.
        pub prefix: Option<String>,
        /// Its name for people.
        pub name: Spanned<String>,
        /// What it is there for.
        pub mission_statement: Option<Spanned<String>>,
        /// Where its charter is, relative to `dir`.
        pub charter_link: Option<Spanned<String>>,
        /// The SIGs a working group answers to, by name.
        pub stakeholder_sigs: Vec<Spanned<String>>,
        /// The label of its issues.
        pub label: Option<Spanned<String>>,
        /// Who leads it.
        pub leadership: LeadershipEntry = LeadershipEntry::NOBODY,
        /// When it meets.
        pub meetings: Vec<Spanned<MeetingEntry>>,
        /// How to reach it.
        pub contact: Option<ContactEntry>,
        /// What it owns.
        pub subprojects: Vec<SubprojectEntry>,
    }
}

record! {
    /// Who leads a group.
    pub struct LeadershipEntry {
        /// Who runs it.
        pub chairs: Vec<Spanned<PersonEntry>>,
        /// Who leads its technical work.
        pub tech_leads: Vec<Spanned<PersonEntry>>,
        /// Who led it.
        pub emeritus_leads: Vec<Spanned<PersonEntry>>,
    }
}

impl LeadershipEntry {
    const NOBODY: Self = Self {
        chairs: Vec::new(),
        tech_leads: Vec::new(),
        emeritus_leads: Vec::new(),
    };
}

record! {
    /// A person.
    pub struct PersonEntry {
        /// The login.
        pub github: Option<Spanned<String>>,
        /// The full name.
        pub name: Option<Spanned<String>>,
        /// The employer.
        pub company: Option<Spanned<String>>,
        /// The address.
        pub email: Option<Spanned<String>>,
    }
}

record! {
    /// A regular meeting. Calendars have no place in the estate.
    pub struct MeetingEntry {
        /// What it is about.
        pub description: Option<Spanned<String>>,
        /// The day of the week.
        pub day: Option<Spanned<String>>,
        /// The time of day.
        pub time: Option<Spanned<String>>,
        /// The zone, in words.
        pub tz: Option<Spanned<String>>,
        /// How often.
        pub frequency: Option<Spanned<String>>,
        /// Where it is held.
        pub url: Option<String>,
        /// Its minutes.
        pub archive_url: Option<String>,
        /// Its recordings.
        pub recordings_url: Option<String>,
        /// Its calendar.
        pub calendar_url: Option<String>,
    }
}

record! {
    /// How to reach a group or a subproject.
    pub struct ContactEntry {
        /// The channel.
        pub slack: Option<String>,
        /// The public list.
        pub mailing_list: Option<String>,
        /// The private list.
        pub private_mailing_list: Option<Spanned<String>>,
        /// Teams to mention. They are declared where teams are; here they are a
        /// signpost for readers, so the estate does not keep them.
        pub teams: Vec<TeamEntry>,
        /// Who of the steering committee looks after the group.
        pub liaison: Option<Spanned<PersonEntry>>,
    }
}

record! {
    /// A team to mention.
    pub struct TeamEntry {
        /// Its name.
        pub name: Option<String>,
        /// When to mention it.
        pub description: Option<String>,
    }
}

record! {
    /// A part of a group's work. Its own contact has no place in the estate: the group
    /// answers for it.
    pub struct SubprojectEntry {
        /// Its name.
        pub name: Spanned<String>,
        /// What it is.
        pub description: Option<String>,
        /// How to reach it.
        pub contact: Option<ContactEntry>,
        /// Links to its OWNERS files.
        pub owners: Vec<Spanned<String>>,
        /// Who leads it.
        pub leads: Vec<Spanned<PersonEntry>>,
        /// When it meets.
        pub meetings: Vec<Spanned<MeetingEntry>>,
    }
}

/// A text that says something.
pub(super) fn filled(text: Option<&Spanned<String>>) -> Option<&Spanned<String>> {
    text.filter(|text| !text.trim().is_empty())
}
