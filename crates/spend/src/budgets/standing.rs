//! How a budget stands.

use base::{Currency, Decimal};
use estate::kinds::{Basis, Budget, Threshold};
use estate::{Estate, Item};
use jiff::civil::Date;
use serde::Serialize;

use crate::budgets::Parts;
use crate::outlook::{
    Days, Expected, Known, Late, Measure, Money, Prospect, Scope, Series, Trust, after, percent,
};

/// A forecast that has crossed a threshold is taken back only when it is below this share of it,
/// in per cent: a forecast moves a little each day.
const NEAR: i64 = 97;
/// How many days ahead a forecast looks, if the period does not ask for more.
const LEAST_AHEAD: i64 = 366;

/// How a budget stands in a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// The name of its file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The group that answers for it.
    pub owner: String,
    /// What counts, as words: `provider AWS, group infra`; empty for everything.
    pub scope: String,
    /// The provider, if it is of one.
    pub provider: Option<String>,
    /// Which cost counts.
    pub metric: Measure,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How much may be spent in the period.
    pub amount: Decimal,
    /// The period.
    pub period: Days,
    /// What was spent in it up to the last complete day.
    pub spent: Decimal,
    /// That day; nothing if none is known.
    pub complete_until: Option<Date>,
    /// What was counted on later days of all, which are not complete: in no other sum here.
    pub incomplete: Decimal,
    /// What was spent, in per cent of the amount.
    pub used: Option<Decimal>,
    /// What will have been spent at the end of the period.
    pub expected: Expected<Decimal>,
    /// By when all of the amount is spent; no day if not in the period. Early means that much is
    /// spent.
    pub runs_out: Expected<Option<Date>>,
    /// How far what is expected can be trusted; nothing if nothing is known.
    pub trust: Option<Trust>,
    /// Its thresholds, as they are written.
    pub thresholds: Vec<ThresholdStanding>,
    /// The budget that it is a part of.
    pub parent: Option<String>,
    /// Its parts, if it has any for the same period, cost and currency.
    pub parts: Option<Parts>,
    /// Providers whose bills end before the last complete day.
    pub late: Vec<Late>,
    /// What else is to be known, a sentence each.
    pub notes: Vec<String>,
}

/// How a threshold stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThresholdStanding {
    /// In per cent.
    pub at: u32,
    /// What is held against it: `actual`, `p50` or `p90`.
    pub basis: String,
    /// As an amount.
    pub limit: Decimal,
    /// What is held against it, if it is known.
    pub value: Option<Decimal>,
    /// What is done when it is crossed.
    pub action: String,
    /// How it stands.
    pub crossing: Crossing,
}

/// How a threshold stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Crossing {
    /// It is crossed: since a day, if what was spent crossed it.
    Crossed(Option<Date>),
    /// A forecast is just below it: not enough to say that it is crossed, or that it is not.
    Near,
    /// It is not crossed.
    Below,
    /// Too little is known to say.
    Unknown,
}

/// What is known of a budget's scope, for any of its periods.
pub(super) struct Watched<'e> {
    item: &'e Item<Budget>,
    owner: String,
    parent: Option<String>,
    provider: Option<String>,
    scope: String,
    metric: Measure,
    series: Series,
    prospect: Prospect,
    today: Date,
}

impl<'e> Watched<'e> {
    pub(super) fn of(known: &Known<'_>, estate: &Estate, item: &'e Item<Budget>) -> Self {
        let budget = &item.value;
        let metric = Measure::from(budget.metric);
        let scope = Scope::of(&budget.scope, estate);
        let series = Series::of(known, &scope, metric, budget.currency.value);
        let now = super::period(&budget.period, estate, known.today);
        let year = after(known.today, LEAST_AHEAD);
        let until = now.map_or(year, |days| days.until.max(year));
        let owner = estate.find(&budget.owner);
        let parent = budget.parent.as_ref().map(|parent| {
            let found = estate.find(parent);
            found.map_or_else(|| parent.name.clone(), |item| item.name.clone())
        });
        Self {
            item,
            owner: owner.map_or_else(|| budget.owner.name.clone(), |group| group.name.clone()),
            parent,
            provider: scope.provider.clone(),
            scope: words(budget, &scope),
            metric,
            prospect: Prospect::of(&series, until),
            series,
            today: known.today,
        }
    }

    /// How it stands in a period.
    pub(super) fn standing(&self, period: Days) -> Standing {
        let budget = &self.item.value;
        let amount = budget.amount.value;
        let complete_until = self.series.days.map(|days| days.until);
        let spent = complete_until.map_or(Decimal::ZERO, |last| {
            self.series.sum(Days {
                until: period.until.min(last),
                ..period
            })
        });
        let expected = self.expected(period, spent);
        let threshold = |one| self.threshold(one, period, spent, expected);
        Standing {
            name: self.item.name.clone(),
            title: self.item.title().to_owned(),
            owner: self.owner.clone(),
            scope: self.scope.clone(),
            provider: self.provider.clone(),
            metric: self.metric,
            currency: budget.currency.value,
            amount,
            period,
            spent,
            complete_until,
            incomplete: self.series.incomplete,
            used: percent(spent, amount),
            expected,
            runs_out: self.runs_out(period, spent),
            trust: self.prospect.trust(),
            thresholds: budget.thresholds.iter().map(threshold).collect(),
            parent: self.parent.clone(),
            parts: None,
            late: self.series.late.clone(),
            notes: self.notes(period),
        }
    }

    /// The days of a period that are still to come, or not known yet.
    fn to_come(&self, period: Days) -> Option<Days> {
        let from = self.prospect.from()?;
        let days = Days {
            from: from.max(period.from),
            ..period
        };
        (days.from <= days.until).then_some(days)
    }

    fn expected(&self, period: Days, spent: Decimal) -> Expected<Decimal> {
        match (self.prospect.from(), self.to_come(period)) {
            (None, _) => Expected::Unknown,
            (Some(_), None) => Expected::Known(spent),
            (Some(_), Some(days)) => self.prospect.total(days).plus(spent),
        }
    }

    fn runs_out(&self, period: Days, spent: Decimal) -> Expected<Option<Date>> {
        let amount = self.item.value.amount.value;
        if self.prospect.from().is_none() {
            return Expected::Unknown;
        }
        if spent >= amount {
            let known = self.series.days.and_then(|known| known.overlap(period));
            let on = known.and_then(|days| self.series.reached(days, amount));
            return Expected::Known(on);
        }
        match self.to_come(period) {
            Some(days) => self.prospect.reached(days, amount - spent),
            None => Expected::Known(None),
        }
    }

    fn threshold(
        &self,
        threshold: &Threshold,
        period: Days,
        spent: Decimal,
        expected: Expected<Decimal>,
    ) -> ThresholdStanding {
        let amount = self.item.value.amount.value;
        let limit = share(amount, i64::from(threshold.at.value));
        let value = match threshold.basis {
            Basis::Actual => self.series.days.map(|_| spent),
            Basis::P50 => expected.middle(),
            Basis::P90 => expected.high(),
        };
        let actual = threshold.basis == Basis::Actual;
        let crossing = match value {
            _ if limit <= Decimal::ZERO => Crossing::Unknown,
            None => Crossing::Unknown,
            Some(value) if value >= limit => {
                let known = self.series.days.filter(|_| actual);
                let days = known.map(|known| Days {
                    until: period.until.min(known.until),
                    ..period
                });
                Crossing::Crossed(days.and_then(|days| self.series.reached(days, limit)))
            }
            Some(value) if !actual && value >= share(limit, NEAR) => Crossing::Near,
            Some(_) => Crossing::Below,
        };
        ThresholdStanding {
            at: threshold.at.value,
            basis: threshold.basis.word().to_owned(),
            limit,
            value,
            action: threshold.action.value.clone(),
            crossing,
        }
    }

    fn notes(&self, period: Days) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.series.matched {
            notes.push(if self.scope.is_empty() {
                "There are no charges.".to_owned()
            } else {
                format!(
                    "No charge is of {}: is it what the bills call it?",
                    self.scope
                )
            });
        }
        for (currency, amount) in &self.series.others {
            notes.push(format!(
                "{} in {currency} is not counted: the budget is in {}, and no rate was used.",
                Money::new(*amount, *currency),
                self.item.value.currency.value,
            ));
        }
        if self.today < period.from {
            notes.push(format!("It begins on {}.", period.from));
        } else if self.today > period.until {
            notes.push(format!("It ended on {}.", period.until));
        }
        notes
    }
}

/// So many per cent of an amount.
fn share(amount: Decimal, percent: i64) -> Decimal {
    let part = amount.share(Decimal::whole(percent), Decimal::whole(100));
    part.map_or(Decimal::MAX, |part| part.value)
}

/// A scope as people read it.
fn words(budget: &Budget, scope: &Scope) -> String {
    let account = budget.scope.account.as_ref().map(|text| &text.value);
    let sub_account = budget.scope.sub_account.as_ref().map(|text| &text.value);
    let parts = [
        ("provider", scope.provider.as_ref()),
        ("account", account),
        ("sub-account", sub_account),
        ("group", scope.owner.as_ref()),
        ("service", scope.service.as_ref()),
    ];
    let said = parts
        .into_iter()
        .filter_map(|(what, name)| Some((what, name?)));
    let each: Vec<String> = said.map(|(what, name)| format!("{what} {name}")).collect();
    each.join(", ")
}
