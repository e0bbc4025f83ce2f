//! Unusual costs that are meant or that somebody has looked at, as they are written.

use base::Spanned;
use estate::Ref;
use estate::kinds::Person;
use jiff::civil::Date;
use yaml::record;

use super::{OneOrMore, Pattern};

record! {
    /// A time in which an unusual cost is meant: a test at scale, a move. It is recorded and nobody is alarmed.
    pub struct Planned {
        /// What it is.
        pub name: Spanned<String>,
        /// The first day.
        pub from: Spanned<Date>,
        /// The first day on which it is over.
        pub until: Spanned<Date>,
        /// Whose costs; all if not said.
        pub scope: EventScope = EventScope::default(),
        /// Where it was decided or is tracked.
        pub link: Option<String>,
    }
}

record! {
    /// Whose costs a planned time is about: those on which all of these agree.
    #[derive(Default)]
    pub struct EventScope {
        /// The provider, as its bills call it (`ProviderName`).
        pub provider: Option<OneOrMore<Pattern>>,
        /// The billing account (`BillingAccountId`).
        pub account: Option<OneOrMore<Pattern>>,
        /// The sub-account (`SubAccountId`).
        pub sub_account: Option<OneOrMore<Pattern>>,
        /// The service, as the vendor calls it (`ServiceName`).
        pub service: Option<OneOrMore<Pattern>>,
        /// The owner: a group, or `pool/NAME`.
        pub owner: Option<OneOrMore<Pattern>>,
    }
}

record! {
    /// An unusual cost that somebody has looked at.
    pub struct Acknowledged {
        /// Its id, as the report shows it.
        pub event: Spanned<String>,
        /// What it was.
        pub reason: Option<Spanned<String>>,
        /// Who looked at it.
        pub by: Option<Ref<Person>>,
        /// When.
        pub on: Option<Date>,
    }
}
