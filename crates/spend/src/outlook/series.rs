//! What was spent, day by day.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal};
use jiff::civil::Date;

use crate::outlook::days::{self, Days};
use crate::outlook::known::{Known, Late};
use crate::outlook::scope::{Measure, Scope};

/// What was spent within a scope in one currency, day by day; exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The currency.
    pub currency: Currency,
    /// The days that are known, all of them complete; nothing if there are none.
    pub days: Option<Days>,
    /// What was counted on later days, which are not complete.
    pub incomplete: Decimal,
    /// What the same scope cost in other currencies on the days that are known: not a part of
    /// the series, as it cannot be added.
    pub others: BTreeMap<Currency, Decimal>,
    /// The providers in it whose charges end early.
    pub late: Vec<Late>,
    /// Whether any charge is in the scope, of whatever currency.
    pub matched: bool,
    values: BTreeMap<Date, Decimal>,
}

impl Series {
    /// Sums the cells in a scope.
    pub fn of(known: &Known<'_>, scope: &Scope, measure: Measure, currency: Currency) -> Self {
        let mut matcher = scope.over(&known.cube.names);
        let mut values: BTreeMap<Date, Decimal> = BTreeMap::new();
        let mut foreign: BTreeMap<(Currency, Date), Decimal> = BTreeMap::new();
        let mut providers = BTreeSet::new();
        let mut sum = DaySum::default();
        for cell in known.cube.days.iter().filter(|cell| matcher.matches(cell)) {
            providers.insert(cell.provider);
            let (day, amount) = (measure.day(cell), measure.of(cell));
            if cell.currency == currency {
                sum.add(day, amount, &mut values);
            } else {
                *foreign.entry((cell.currency, day)).or_default() += amount;
            }
        }
        sum.end(&mut values);
        let matched = !providers.is_empty();
        if !matched {
            providers = match &scope.provider {
                Some(name) => known.named(name),
                None => known.providers(),
            };
        }
        let covering = known.covering(&providers);
        let until = covering.as_ref().map(|covering| covering.days.until);
        let counts = |day: Date| until.is_some_and(|until| day <= until);
        let mut incomplete = Decimal::ZERO;
        values.retain(|day, amount| {
            let complete = counts(*day);
            if !complete {
                incomplete += *amount;
            }
            complete
        });
        let mut others: BTreeMap<Currency, Decimal> = BTreeMap::new();
        for ((currency, day), amount) in foreign {
            if counts(day) && !amount.is_zero() {
                *others.entry(currency).or_default() += amount;
            }
        }
        Self {
            currency,
            days: covering.as_ref().map(|covering| covering.days),
            incomplete,
            others,
            late: covering.map(|covering| covering.late).unwrap_or_default(),
            matched,
            values,
        }
    }

    /// The same days, from the first with an amount on, with other amounts of the same scope.
    pub(crate) fn with(mut self, values: BTreeMap<Date, Decimal>) -> Self {
        self.values = values;
        self.incomplete = Decimal::ZERO;
        if let Some(known) = &mut self.days {
            let late = self.values.split_off(&days::after(known.until, 1));
            self.incomplete = late.into_values().sum();
            let first = self.values.keys().next().copied();
            known.from = first.map_or(known.from, |first| known.from.max(first));
        }
        self
    }

    /// What was spent on these days, as far as they are known; corrections of days before all
    /// bills count too.
    pub fn sum(&self, days: Days) -> Decimal {
        if days.from > days.until {
            return Decimal::ZERO;
        }
        self.values
            .range(days.from..=days.until)
            .map(|(_, amount)| *amount)
            .sum()
    }

    /// The days with an amount among these, in order.
    pub fn each(&self, days: Days) -> impl Iterator<Item = (Date, Decimal)> + '_ {
        let within = move |(day, _): &(&Date, &Decimal)| days.contains(**day);
        self.values
            .iter()
            .filter(within)
            .map(|(day, amount)| (*day, *amount))
    }

    /// The last days that are known, at most so many.
    pub fn last(&self, count: i64) -> Option<Days> {
        let known = self.days?;
        let from = days::after(known.until, 1 - count).max(known.from);
        Some(Days { from, ..known })
    }

    /// Each known day for statistics; a day without a charge is zero.
    pub fn approximate(&self) -> Vec<f64> {
        let Some(known) = self.days else {
            return Vec::new();
        };
        let count = usize::try_from(known.count()).unwrap_or_default();
        let mut values = vec![0.0; count];
        for (day, amount) in self.each(known) {
            let at = usize::try_from(days::between(known.from, day)).ok();
            if let Some(value) = at.and_then(|at| values.get_mut(at)) {
                *value = amount.approximate();
            }
        }
        values
    }

    /// The day on which what was spent since the first of some days came to an amount; nothing
    /// if it has not, or has gone back below it since.
    pub fn reached(&self, days: Days, amount: Decimal) -> Option<Date> {
        let mut sum = Decimal::ZERO;
        let mut since = None;
        for (day, value) in self.each(days) {
            sum += value;
            since = if sum >= amount {
                since.or(Some(day))
            } else {
                None
            };
        }
        since
    }
}

/// The sum of a day while cells go by: those of one day mostly stand together.
#[derive(Default)]
struct DaySum(Option<(Date, Decimal)>);

impl DaySum {
    fn add(&mut self, day: Date, amount: Decimal, sums: &mut BTreeMap<Date, Decimal>) {
        match &mut self.0 {
            Some((of, sum)) if *of == day => *sum += amount,
            _ => {
                self.end(sums);
                self.0 = Some((day, amount));
            }
        }
    }

    fn end(&mut self, sums: &mut BTreeMap<Date, Decimal>) {
        if let Some((day, sum)) = self.0.take() {
            *sums.entry(day).or_default() += sum;
        }
    }
}
