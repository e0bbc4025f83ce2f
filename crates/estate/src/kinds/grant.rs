//! Grants: credits that somebody gave, which pay a provider's bills.

use base::{Currency, Decimal, Spanned};
use jiff::civil::Date;
use yaml::record;

use super::{Group, Kind, KindId};
use crate::reference::{Ref, References, Relation};

record! {
    /// Credits that somebody gave. The provider takes them off its bills while they last.
    pub struct CreditGrant {
        /// What people call it.
        pub title: Option<String>,
        /// Who gave it.
        pub giver: String,
        /// The provider, as its bills call it (`ProviderName`), without regard to case.
        pub provider: Spanned<String>,
        /// The billing accounts that it pays for; `*` stands for any characters. All of the provider if none is named.
        pub accounts: Vec<Spanned<String>>,
        /// How much was given.
        pub amount: Spanned<Decimal>,
        /// In which currency.
        pub currency: Spanned<Currency>,
        /// The first day whose charges it pays.
        pub start: Date,
        /// The last day whose charges it pays.
        pub end: Spanned<Date>,
        /// What is left on the last day is lost.
        pub lapses: bool = true,
        /// A regular expression that the names of its credits on the bills match; any name if not said.
        pub credits: Option<Spanned<String>>,
        /// The group that answers for it.
        pub owner: Ref<Group>,
        /// How another one is asked for when it ends.
        pub renewal: Option<Renewal>,
        /// Where it was decided to take it: a link, or the number of a decision.
        pub decision: Option<String>,
        /// Where the giver said it: a link, or a file of the estate.
        pub evidence: Option<String>,
        /// What was left of it on a day, for a grant that was drawn from before there are bills here.
        pub opening_balance: Option<OpeningBalance>,
    }
}

record! {
    /// How another grant is asked for when one ends.
    pub struct Renewal {
        /// Who is asked: a person or an address at the giver.
        pub contact: Option<Spanned<String>>,
        /// How many days before its money ends it is asked for.
        pub ask_days_before: u32 = 90,
        /// What it is asked for, in a sentence or a few.
        pub purpose: Option<String>,
    }
}

record! {
    /// What was left of a grant on a day.
    pub struct OpeningBalance {
        /// The day; what was drawn on it and after it is taken from the bills.
        pub date: Spanned<Date>,
        /// What was left when the day began.
        pub amount: Spanned<Decimal>,
    }
}

impl CreditGrant {
    /// How many days before the money ends a renewal is asked for, where nothing is said.
    pub const ASK_DAYS_BEFORE: u32 = 90;

    /// How many days before the money ends a renewal is asked for.
    pub fn ask_days_before(&self) -> u32 {
        let renewal = self.renewal.as_ref();
        renewal.map_or(Self::ASK_DAYS_BEFORE, |renewal| renewal.ask_days_before)
    }
}

impl Kind for CreditGrant {
    const NAME: &'static str = "grant";
    const FOLDER: &'static str = "grants";
    const ID: KindId = KindId::CreditGrant;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each([&self.owner], Relation::OwnedBy);
    }
}
