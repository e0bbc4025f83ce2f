//! The rungs that people stand on, and what they declare of their other interests.

use base::Spanned;
use jiff::civil::Date;
use yaml::record;

use super::{Group, Person};
use crate::reference::Ref;

record! {
    /// A rung that a person stands on.
    pub struct RungHeld {
        /// The rung, as a ladder of the charter names it.
        pub rung: Spanned<String>,
        /// The group whose work it is about; that of the whole community if not said.
        pub group: Option<Ref<Group>>,
        /// The first day.
        pub since: Date,
        /// The last day, once it is over.
        pub until: Option<Date>,
        /// Who vouched.
        pub sponsors: Vec<Ref<Person>>,
    }
}

record! {
    /// What a person has declared of interests beside the community's.
    pub struct Interests {
        /// The day of the declaration. It is one also where there is nothing to list.
        pub declared: Spanned<Date>,
        /// The interests.
        pub list: Vec<Interest>,
    }
}

record! {
    /// Something in which a person has an interest of their own.
    pub struct Interest {
        /// An item as `kind/name`, for example `service/mail`, or an organisation in words.
        pub about: Spanned<String>,
        /// What the interest is.
        pub nature: String,
        /// The first day.
        pub since: Option<Date>,
        /// The last day, once it is over.
        pub until: Option<Date>,
        /// Where it was decided how that is dealt with.
        pub decision: Option<String>,
    }
}

impl RungHeld {
    /// Whether the person stands on it on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.since <= day && self.until.is_none_or(|until| until >= day)
    }
}

impl Interest {
    /// Whether it lasts on a day.
    pub fn lasts_on(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| until >= day)
    }
}
