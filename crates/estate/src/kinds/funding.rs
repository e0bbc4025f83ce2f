//! Funding: what it was decided to pay for, and until when.

use base::{Currency, Decimal, Spanned};
use jiff::civil::Date;
use yaml::record;

use super::{Group, Kind, KindId, Person};
use crate::reference::{Ref, References, Relation};

record! {
    /// Something that it was decided to pay for. The rules of `spend.yaml` link costs to it.
    pub struct Funding {
        /// What people call it.
        pub title: Option<String>,
        /// What it is for, and who outside has a use of it.
        pub purpose: String,
        /// The group that asked for it and answers for it.
        pub owner: Ref<Group>,
        /// Where it was decided: a link, or the number of a decision.
        pub decision: Option<String>,
        /// What it was said to cost in a month.
        pub monthly: Option<MonthlyCost>,
        /// What its cost grows with, for example downloads.
        pub grows_with: Option<String>,
        /// Those who ask for it again, or say that it is not needed any more.
        pub renewed_by: Vec<Ref<Person>>,
        /// What ends it.
        pub ends_when: Option<String>,
        /// What else was thought of, and why it is not done.
        pub alternatives: Option<String>,
        /// The day by which it is looked at again.
        pub review_by: Spanned<Date>,
    }
}

record! {
    /// A cost in a month.
    pub struct MonthlyCost {
        /// How much.
        pub amount: Spanned<Decimal>,
        /// In which currency.
        pub currency: Currency,
    }
}

impl Kind for Funding {
    const NAME: &'static str = "funding";
    const FOLDER: &'static str = "funding";
    const ID: KindId = KindId::Funding;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each([&self.owner], Relation::OwnedBy);
        names.each(&self.renewed_by, Relation::RenewedBy);
    }
}
