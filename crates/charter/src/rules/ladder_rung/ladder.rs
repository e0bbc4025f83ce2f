//! The ways up, as the charter says them.

use base::Spanned;
use jiff::civil::Date;
use yaml::{Map, record};

record! {
    /// A way up: its rungs, the lowest first.
    pub struct Ladder {
        /// What people call it.
        pub name: Spanned<String>,
        /// The first day on which it applies; rungs and roles taken up before are not judged.
        pub from: Option<Date>,
        /// The rungs. The names are distinct in all ladders together.
        pub rungs: Vec<Rung>,
    }
}

record! {
    /// A rung of a ladder.
    pub struct Rung {
        /// What people on it are called, for example `reviewer`.
        pub name: Spanned<String>,
        /// What it takes, beside the rung below.
        pub requires: RungRequirements = RungRequirements::default(),
        /// The roles in groups that only people on it, or on a higher rung, may take up.
        pub roles: Vec<Spanned<String>>,
    }
}

record! {
    /// What a rung takes.
    #[derive(Default)]
    pub struct RungRequirements {
        /// How many days on the rung below; on the lowest it asks nothing.
        pub days: u32 = 0,
        /// How many people vouch.
        pub sponsors: u32 = 0,
        /// How many employers the sponsors come from; independent people are each their own.
        pub sponsor_employers: u32 = 0,
        /// The rung of the same ladder that a sponsor stands on, or a higher one; any if not said.
        pub sponsor_rung: Option<Spanned<String>>,
        /// How many people were mentored: those who name the person under `mentored_by`.
        pub mentees: u32 = 0,
        /// The least of what is counted under `facts` of the person, for example `reviews: 30`.
        pub facts: Map<u32>,
    }
}
