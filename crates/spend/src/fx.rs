//! Amounts in one currency, at the rates that `spend.yaml` declares.
//!
//! Nothing is guessed: no rate by way of a third currency, none of a later day, none that is
//! older than the policy allows. What is in the currency already is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base::{Currency, Decimal, Month};
use jiff::civil::Date;

use crate::cells::{Amounts, Cube};
use crate::settings::{Exchange, RatePolicy};

/// The rates of an estate, ready to be asked.
#[derive(Debug, Clone)]
pub struct Rates {
    policy: RatePolicy,
    max_age_days: u32,
    pairs: BTreeMap<(Currency, Currency), BTreeMap<Date, Rate>>,
}

/// How much of one currency one of another is worth: a fraction, so that converting rounds once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    over: Decimal,
    under: Decimal,
}

impl Rate {
    /// A currency in itself.
    pub const SAME: Self = Self {
        over: Decimal::ONE,
        under: Decimal::ONE,
    };

    /// What an amount is worth, half to even behind the 18th digit; nothing beyond the range of
    /// a [`Decimal`].
    pub fn of(self, amount: Decimal) -> Option<Decimal> {
        if self.over == self.under {
            return Some(amount);
        }
        amount
            .share(self.over, self.under)
            .map(|rounded| rounded.value)
    }

    /// The rate as a number, half to even behind the 18th digit.
    pub fn number(self) -> Option<Decimal> {
        self.over.over(self.under).map(|rounded| rounded.value)
    }

    /// The mean of several; nothing of none.
    fn mean(rates: &[Self]) -> Option<Self> {
        let count = Decimal::whole(i64::try_from(rates.len()).ok()?);
        let sum = |part: fn(Self) -> Option<Decimal>| {
            let mut each = rates.iter();
            each.try_fold(Decimal::ZERO, |sum, rate| sum.plus(part(*rate)?))
        };
        // Rates that are all said in one direction have a mean without rounding.
        let mean = if rates.iter().all(|rate| rate.over == Decimal::ONE) {
            Self {
                over: count,
                under: sum(|rate| Some(rate.under))?,
            }
        } else {
            Self {
                over: sum(Self::number)?,
                under: count,
            }
        };
        (!mean.under.is_zero()).then_some(mean)
    }
}

/// A rate that nobody declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingRate {
    /// The currency of the amount.
    pub from: Currency,
    /// The currency that was asked for.
    pub to: Currency,
    /// The day of the amount; the first of several.
    pub day: Date,
    /// How many days lack one.
    pub days: usize,
    policy: RatePolicy,
    /// The last that is declared before the day.
    before: Option<Date>,
}

impl fmt::Display for MissingRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, day, .. } = self;
        write!(f, "there is no rate from {from} to {to} for {day}")?;
        match self.days {
            0 | 1 => Ok(()),
            days => write!(
                f,
                " and {}",
                base::counted(days - 1, "other day", "other days")
            ),
        }
    }
}

impl std::error::Error for MissingRate {}

impl MissingRate {
    /// What to do.
    pub fn help(&self) -> String {
        let month = Month::of(self.day);
        let lacks = match (self.policy, self.before) {
            (RatePolicy::MonthAverage | RatePolicy::MonthEnd, _) => {
                format!("; none is declared in {month}")
            }
            (RatePolicy::Day, Some(before)) => {
                format!("; the last before it is of {before}, which is too old")
            }
            (RatePolicy::Day, None) => "; none is declared before it".to_owned(),
            (RatePolicy::Fixed, _) => String::new(),
        };
        format!(
            "declare `{{date: {}, from: {}, to: {}, rate: ..., source: ...}}` under `rates` of `fx` in spend.yaml{lacks}",
            self.day, self.from, self.to
        )
    }
}

impl Rates {
    /// The rates of an estate; without any, nothing but a currency itself can be converted.
    pub fn of(exchange: Option<&Exchange>) -> Self {
        let mut pairs: BTreeMap<_, BTreeMap<Date, Rate>> = BTreeMap::new();
        let declared = exchange.into_iter().flat_map(|exchange| &exchange.rates);
        for rate in declared.filter(|rate| rate.rate.value > Decimal::ZERO) {
            let one = Rate {
                over: rate.rate.value,
                under: Decimal::ONE,
            };
            let back = Rate {
                over: Decimal::ONE,
                under: rate.rate.value,
            };
            // Two of one day are a finding; the first of them counts.
            let mut add = |from, to, rate_of_pair| {
                let series = pairs.entry((from, to)).or_default();
                series.entry(rate.date).or_insert(rate_of_pair);
            };
            add(rate.from, rate.to, one);
            if rate.both_ways {
                add(rate.to, rate.from, back);
            }
        }
        Self {
            policy: exchange.map_or(RatePolicy::Day, |exchange| exchange.policy),
            max_age_days: exchange.map_or(0, |exchange| exchange.max_age_days),
            pairs,
        }
    }

    /// The rate at which an amount of a day is converted.
    ///
    /// # Errors
    /// Nobody declared it.
    pub fn rate(&self, from: Currency, to: Currency, day: Date) -> Result<Rate, MissingRate> {
        if from == to {
            return Ok(Rate::SAME);
        }
        let series = self.pairs.get(&(from, to));
        let found = series.and_then(|series| match self.policy {
            RatePolicy::Day => self.last_before(series, day),
            RatePolicy::MonthAverage => mean_of_month(series, day),
            RatePolicy::MonthEnd => in_month(series, day).last(),
            RatePolicy::Fixed => series.values().next_back().copied(),
        });
        found.ok_or_else(|| self.missing(from, to, day))
    }

    /// The rate at which the sum of a month is converted, of which the days are not known: by
    /// `day` it is the mean of its month's rates, or else the last before.
    ///
    /// # Errors
    /// Nobody declared it.
    pub fn rate_of_month(
        &self,
        from: Currency,
        to: Currency,
        month: Month,
    ) -> Result<Rate, MissingRate> {
        let first = month.first_day();
        let series = self.pairs.get(&(from, to));
        if from == to || self.policy != RatePolicy::Day {
            return self.rate(from, to, first);
        }
        let mean = series.and_then(|series| mean_of_month(series, first));
        mean.map_or_else(|| self.rate(from, to, first), Ok)
    }

    /// What an amount of a day is worth in another currency.
    ///
    /// # Errors
    /// Nobody declared a rate, or one that leaves the range of a [`Decimal`].
    pub fn convert(
        &self,
        amount: Decimal,
        from: Currency,
        to: Currency,
        day: Date,
    ) -> Result<Decimal, MissingRate> {
        let rate = self.rate(from, to, day)?;
        rate.of(amount).ok_or_else(|| self.missing(from, to, day))
    }

    /// The same sums, all in one currency. What is in it already is as it was.
    ///
    /// # Errors
    /// The rates that are missing, each pair once, with the first of the days that lack one.
    pub fn cube(&self, cube: &Cube, to: Currency) -> Result<Cube, Vec<MissingRate>> {
        let mut converted = cube.clone();
        let mut missing = Lacks::default();
        for cell in &mut converted.days {
            let rate = self.rate(cell.currency, to, cell.day);
            let amounts = rate.and_then(|rate| {
                let amounts = each(cell.amounts, rate);
                amounts.ok_or_else(|| self.missing(cell.currency, to, cell.day))
            });
            missing.take(amounts, &mut cell.amounts);
            cell.currency = to;
        }
        for cell in &mut converted.months {
            let rate = self.rate_of_month(cell.currency, to, cell.month);
            let amounts = rate.and_then(|rate| {
                let amounts = each(cell.amounts, rate);
                amounts.ok_or_else(|| self.missing(cell.currency, to, cell.month.first_day()))
            });
            missing.take(amounts, &mut cell.amounts);
            cell.currency = to;
        }
        for spot in &mut converted.hotspots {
            let rate = self.rate_of_month(spot.currency, to, spot.billed_in);
            let gross = rate.and_then(|rate| {
                let gross = rate.of(spot.gross);
                gross.ok_or_else(|| self.missing(spot.currency, to, spot.billed_in.first_day()))
            });
            missing.take(gross, &mut spot.gross);
            spot.currency = to;
        }
        missing.into_list().map_or(Ok(converted), Err)
    }

    fn last_before(&self, series: &BTreeMap<Date, Rate>, day: Date) -> Option<Rate> {
        let (of, rate) = series.range(..=day).next_back()?;
        let age = (day - *of).get_days();
        (i64::from(age) <= i64::from(self.max_age_days)).then_some(*rate)
    }

    fn missing(&self, from: Currency, to: Currency, day: Date) -> MissingRate {
        let series = self.pairs.get(&(from, to));
        let before = series.and_then(|series| series.range(..=day).next_back());
        MissingRate {
            from,
            to,
            day,
            days: 1,
            policy: self.policy,
            before: before.map(|(of, _)| *of),
        }
    }
}

/// The rates of the month that a day is in, in their order.
fn in_month(series: &BTreeMap<Date, Rate>, day: Date) -> impl Iterator<Item = Rate> {
    let days = day.first_of_month()..=day.last_of_month();
    series.range(days).map(|(_, rate)| *rate)
}

fn mean_of_month(series: &BTreeMap<Date, Rate>, day: Date) -> Option<Rate> {
    let rates: Vec<Rate> = in_month(series, day).collect();
    Rate::mean(&rates)
}

fn each(amounts: Amounts, rate: Rate) -> Option<Amounts> {
    Some(Amounts {
        billed: rate.of(amounts.billed)?,
        effective: rate.of(amounts.effective)?,
        listed: rate.of(amounts.listed)?,
        contracted: rate.of(amounts.contracted)?,
    })
}

/// Which pairs lack rates, and for which days.
#[derive(Default)]
struct Lacks {
    pairs: BTreeMap<(Currency, Currency), (MissingRate, BTreeSet<Date>)>,
}

impl Lacks {
    fn take<T>(&mut self, converted: Result<T, MissingRate>, into: &mut T) {
        match converted {
            Ok(converted) => *into = converted,
            Err(missing) => {
                let pair = (missing.from, missing.to);
                let (first, days) = self
                    .pairs
                    .entry(pair)
                    .or_insert_with(|| (missing, BTreeSet::new()));
                days.insert(missing.day);
                if missing.day < first.day {
                    *first = missing;
                }
            }
        }
    }

    /// Each pair with its first day; nothing if none is missing.
    fn into_list(self) -> Option<Vec<MissingRate>> {
        let list: Vec<MissingRate> = self
            .pairs
            .into_values()
            .map(|(first, days)| MissingRate {
                days: days.len(),
                ..first
            })
            .collect();
        (!list.is_empty()).then_some(list)
    }
}
