//! What may be so, and whether it is.

mod of_budgets;
mod of_grants;
mod of_others;

use std::collections::BTreeMap;

use base::{Currency, Decimal};
use estate::Estate;
use jiff::civil::Date;

use crate::alerts::told::{Channels, Told};
use crate::budgets::Budgets;
use crate::cells::UNALLOCATED;
use crate::events::Event;
use crate::grants::Grants;
use crate::outlook::{Days, Known, Measure, Scope, Series, percent};
use crate::settings::quotas::QuotaUse;
use crate::settings::{POOL, Settings};

/// Something that may be so, and is told when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name, which says of which period it is: `budget/cloud/2026-01-01..2026-12-31/actual-80`.
    pub id: String,
    /// Whether it is so.
    pub holds: Holding,
    /// One line that says it.
    pub subject: String,
    /// What it is about.
    pub title: String,
    /// How it is now, in a sentence with its figures; true whether it is so or not.
    pub now: String,
    /// What else is to be known, a line each.
    pub details: Vec<String>,
    /// What is to be done.
    pub action: String,
    /// The group that answers for it; empty if none is known.
    pub owner: String,
    /// Who is told.
    pub to: Vec<Told>,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holding {
    /// It is.
    Yes,
    /// It nearly is: what was told stands, and nothing is told.
    Nearly,
    /// It is not.
    No,
    /// It cannot be said: what was told stands.
    Unknown,
}

/// All that facts are taken from.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The estate.
    pub estate: &'a Estate,
    /// What it says of how money is counted, and who is told.
    pub settings: &'a Settings,
    /// The day.
    pub today: Date,
    /// How budgets stand.
    pub budgets: &'a Budgets,
    /// How grants stand.
    pub grants: &'a Grants,
    /// Unusual costs; old ones, planned ones and acknowledged ones are not told.
    pub events: &'a [UnusualCost],
    /// What nobody owns, in each currency that is looked at.
    pub unallocated: &'a [Unallocated],
    /// The use of quotas.
    pub quotas: &'a [QuotaStanding],
}

/// An unusual cost, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusualCost {
    /// Its id; stays when it goes on.
    pub id: String,
    /// The ids by which the same was seen before, in wider places or from other days on.
    pub also: Vec<String>,
    /// Of what, for example `AWS`.
    pub what: String,
    /// Its days.
    pub days: Days,
    /// Whether it may still go on.
    pub open: bool,
    /// What was spent.
    pub actual: Decimal,
    /// What was to be expected.
    pub expected: Decimal,
    /// The currency.
    pub currency: Currency,
    /// What explains it, the largest first.
    pub contributors: Vec<String>,
    /// The group whose costs it is of, if it is of one.
    pub owner: Option<String>,
    /// Whether it is planned, or somebody has looked at it.
    pub settled: bool,
}

impl From<&Event> for UnusualCost {
    fn from(event: &Event) -> Self {
        let owner = event.place.owner.clone();
        let contributors = event.contributors.iter();
        Self {
            id: event.id.clone(),
            also: event.also.clone(),
            what: event.place.to_string(),
            days: event.days,
            open: event.open,
            actual: event.actual,
            expected: event.expected,
            currency: event.currency,
            contributors: contributors.map(ToString::to_string).collect(),
            owner: owner.filter(|owner| owner != UNALLOCATED && !owner.starts_with(POOL)),
            settled: !event.status.is_open(),
        }
    }
}

/// What nobody owns of the costs of the last 28 complete days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unallocated {
    /// The days.
    pub days: Days,
    /// The currency.
    pub currency: Currency,
    /// What nobody owns, gross.
    pub amount: Decimal,
    /// Its share of all, in per cent.
    pub share: Decimal,
    /// From how many per cent on it is told.
    pub limit: u32,
    /// The largest of it, `provider, sub-account`, with what it costs.
    pub largest: Vec<(String, Decimal)>,
}

/// The use of a quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaStanding {
    /// What people call it.
    pub name: String,
    /// The provider.
    pub provider: String,
    /// How much may be used.
    pub limit: Decimal,
    /// What is counted.
    pub unit: String,
    /// The group that asks for more, if one is named.
    pub owner: Option<String>,
    /// How much is used.
    pub used: QuotaUse,
}

/// The share of costs that nobody owns from which on it is told, in per cent.
pub const UNALLOCATED_LIMIT: u32 = 10;

/// How many of the largest are named.
const LARGEST: usize = 3;

impl Unallocated {
    /// Looks at the costs in a currency; nothing if no day is known or nothing was spent.
    pub fn of(known: &Known<'_>, currency: Currency, limit: u32) -> Option<Self> {
        let all = Series::of(known, &Scope::everything(), Measure::Gross, currency);
        let days = all.last(crate::outlook::RUN_RATE_DAYS)?;
        let names = &known.cube.names;
        let nobody = names.find(UNALLOCATED);
        let mut by_place: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
        for cell in &known.cube.days {
            let counts = Some(cell.whose.owner) == nobody && cell.currency == currency;
            if counts && days.contains(cell.day) {
                let place = (names.text(cell.provider), names.text(cell.sub_account));
                *by_place.entry(place).or_default() += cell.gross();
            }
        }
        let amount: Decimal = by_place.values().copied().sum();
        let mut largest: Vec<(String, Decimal)> = by_place
            .into_iter()
            .filter(|(_, amount)| *amount > Decimal::ZERO)
            .map(|((provider, sub_account), amount)| {
                let sub_account = match sub_account {
                    "" => "without a sub-account",
                    named => named,
                };
                (format!("{provider}, {sub_account}"), amount)
            })
            .collect();
        largest.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        largest.truncate(LARGEST);
        Some(Self {
            days,
            currency,
            amount,
            share: percent(amount, all.sum(days))?,
            limit,
            largest,
        })
    }
}

/// The id of the fact that an event is.
pub(super) fn event_id(event: &str) -> String {
    format!("event/{event}")
}

/// What may be so on a day, with whether it is; by id.
pub fn facts(circumstances: &Circumstances<'_>) -> Vec<Fact> {
    let channels = Channels::of(&circumstances.settings.alerts, circumstances.estate);
    let mut facts = of_budgets::facts(circumstances, &channels);
    facts.extend(of_grants::facts(circumstances, &channels));
    facts.extend(of_others::facts(circumstances, &channels));
    facts.sort_by(|one, other| one.id.cmp(&other.id));
    facts
}
