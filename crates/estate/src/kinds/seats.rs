//! The seats of a group, and who has held them.

use base::Spanned;
use jiff::civil::Date;
use yaml::{choice, record};

use super::{Group, Lead, TermLength};

record! {
    /// The seats of a group. Who holds one, and from when until when, stands under `leads`.
    pub struct Seats {
        /// How many there are, vacant ones among them; as many as are held if not said.
        pub count: Option<Spanned<u32>>,
        /// The roles that come with a seat; that of every lead if not said.
        pub roles: Vec<Spanned<String>>,
        /// How they are filled.
        pub selection: Selection = Selection::Appointment,
        /// How long one is held before it is filled again; without end if not said.
        pub term: Option<TermLength>,
        /// How often one person may hold one.
        pub limits: Option<TermLimits>,
        /// Roles for which somebody must always sit, for example one for testing.
        pub reserved: Vec<ReservedSeat>,
    }
}

choice! {
    /// How seats are filled.
    pub enum Selection {
        /// By a vote of the people that the group serves.
        Election = "election",
        /// By the group itself or the body above it.
        Appointment = "appointment",
        /// By work done; nobody's term ends.
        Merit = "merit",
    }
}

record! {
    /// How often one person may hold a seat.
    pub struct TermLimits {
        /// The most terms in a row.
        pub consecutive: Option<u32>,
        /// The most terms ever.
        pub lifetime: Option<u32>,
        /// Terms of this length or shorter do not count, for example those that fill a vacancy.
        pub exempt: Option<TermLength>,
    }
}

record! {
    /// A role for which somebody must always sit.
    pub struct ReservedSeat {
        /// The role, as it stands under `leads`.
        pub role: Spanned<String>,
        /// How many people.
        pub count: u32 = 1,
    }
}

impl Group {
    /// The entries under `leads` that are about seats, in office or not. None where the group has no seats.
    pub fn seated(&self) -> impl Iterator<Item = &Lead> {
        self.seats.iter().flat_map(|seats| {
            self.leads
                .iter()
                .filter(|lead| !lead.emeritus && seats.are_for(&lead.role))
        })
    }
}

impl Seats {
    /// Whether a role comes with a seat. Roles compare without case.
    pub fn are_for(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|own| own.eq_ignore_ascii_case(role))
    }

    /// The first day after a time in a seat: the day after `until`, or else when the term is over.
    /// `None` where neither is known.
    pub fn over(&self, lead: &Lead) -> Option<Date> {
        match lead.until {
            Some(until) => Some(until.tomorrow().unwrap_or(Date::MAX)),
            None => self.term?.after(lead.since?),
        }
    }
}
