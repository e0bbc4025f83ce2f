//! How budgets stand: what was spent of them, what will be, which thresholds that crosses.
//!
//! A budget counts gross cost unless it says otherwise: credits that cover everything would else
//! make each of them read nothing. Its period may be any time, years of a grant among them, and
//! what will be spent by its end is held against thresholds just as what was.

mod check;
pub mod codes;
mod funding;
mod period;
mod standing;

use std::collections::BTreeMap;

use base::{Currency, Decimal};
use estate::kinds::Budget;
use estate::{Estate, Item};
use serde::Serialize;

pub use check::check;
pub use funding::check as check_funding;
pub use period::{period, period_before};
pub use standing::{Crossing, Standing, ThresholdStanding};

use crate::outlook::{Known, Measure};
use standing::Watched;

/// How all budgets of an estate stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Budgets {
    /// In the period that the day is in, by name; a budget whose one period is over or to come
    /// is in that.
    pub now: Vec<Standing>,
    /// In the period before, of those that have one; charges of its last days may still come.
    pub before: Vec<Standing>,
}

/// The budgets that are parts of another, in the same period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// Their names.
    pub names: Vec<String>,
    /// What they may spend, together.
    pub amount: Decimal,
    /// What they spent, together.
    pub spent: Decimal,
}

impl Budgets {
    /// Holds the budgets of an estate against what is known.
    pub fn of(known: &Known<'_>, estate: &Estate) -> Self {
        Self::by_currency(estate, |_| known)
    }

    /// Holds each budget against what is known for its currency: converted costs of what is in
    /// another one would count as nothing.
    pub fn by_currency<'k, 'c: 'k>(
        estate: &Estate,
        known: impl Fn(Currency) -> &'k Known<'c>,
    ) -> Self {
        let mut items: Vec<&Item<Budget>> = estate.tables.budgets.items().collect();
        items.sort_by(|one, other| one.name.cmp(&other.name));
        let mut budgets = Self {
            now: Vec::new(),
            before: Vec::new(),
        };
        for item in items {
            let known = known(item.value.currency.value);
            let watched = Watched::of(known, estate, item);
            let periods = &item.value.period;
            let now = period(periods, estate, known.today);
            budgets.now.extend(now.map(|days| watched.standing(days)));
            let before = period_before(periods, estate, known.today);
            let before = before.map(|days| watched.standing(days));
            budgets.before.extend(before);
        }
        add_up(&mut budgets.now);
        add_up(&mut budgets.before);
        budgets
    }

    /// A budget in the period that the day is in, by the name of its file.
    pub fn named(&self, name: &str) -> Option<&Standing> {
        self.now.iter().find(|one| one.name == name)
    }

    /// The budget of everything in a currency: the largest of those whose scope is open, and that
    /// count what is spent before credits.
    pub fn of_everything(&self, currency: Currency) -> Option<&Standing> {
        let open = self.now.iter().filter(|one| one.scope.is_empty());
        let open = open.filter(|one| one.currency == currency);
        let gross = open.filter(|one| one.metric == Measure::Gross);
        gross.max_by(|one, other| one.amount.cmp(&other.amount))
    }
}

/// Tells each budget of its parts. Those for another time, cost or currency do not add up to it.
fn add_up(standings: &mut [Standing]) {
    let mut parts: BTreeMap<usize, Parts> = BTreeMap::new();
    for part in standings.iter() {
        let of = standings.iter().position(|whole| {
            part.parent.as_ref() == Some(&whole.name)
                && part.currency == whole.currency
                && part.metric == whole.metric
                && part.period == whole.period
        });
        let Some(of) = of else { continue };
        let sum = parts.entry(of).or_insert_with(|| Parts {
            names: Vec::new(),
            amount: Decimal::ZERO,
            spent: Decimal::ZERO,
        });
        sum.names.push(part.name.clone());
        sum.amount += part.amount;
        sum.spent += part.spent;
    }
    for (whole, sum) in parts {
        standings[whole].parts = Some(sum);
    }
}
