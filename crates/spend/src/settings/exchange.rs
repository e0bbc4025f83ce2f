//! Rates between currencies, as they are written.

use base::{Currency, Decimal, Spanned};
use jiff::civil::Date;
use yaml::{choice, record};

const DAY: RatePolicy = RatePolicy::Day;

record! {
    /// How amounts get from one currency into another. A rate that is missing is an error, and nothing is guessed.
    pub struct Exchange {
        /// Which of the declared rates a charge is converted at.
        pub policy: RatePolicy = DAY,
        /// By `day`: how many days old a rate may be; days off have none.
        pub max_age_days: u32 = 7,
        /// The rates.
        pub rates: Vec<Spanned<DeclaredRate>>,
    }
}

choice! {
    /// Which of the declared rates a charge is converted at.
    pub enum RatePolicy {
        /// That of its day, or the last before.
        Day = "day",
        /// The mean of all that are declared in its month.
        MonthAverage = "month-average",
        /// The last that is declared in its month.
        MonthEnd = "month-end",
        /// The one rate of the pair, whatever the day.
        Fixed = "fixed",
    }
}

record! {
    /// A rate on a day.
    pub struct DeclaredRate {
        /// The day.
        pub date: Date,
        /// The currency of which one is worth so much.
        pub from: Currency,
        /// The currency in which that is said.
        pub to: Currency,
        /// How much of `to` one of `from` is worth.
        pub rate: Spanned<Decimal>,
        /// Who says so, for example a central bank.
        pub source: String,
        /// It is good for the other direction too: what is in `to` is divided by it.
        pub both_ways: bool = false,
    }
}
