//! How a grant stands.

use std::collections::BTreeMap;

use base::{Currency, Decimal, Month};
use jiff::civil::Date;
use serde::Serialize;

use crate::grants::demand::{Basis, Demand};
use crate::grants::run::Outcome;
use crate::grants::terms::{Counted, Terms};
use crate::outlook::{Costs, Days, Expected, Known, Late, Money, Range, Trust, percent};

/// How a grant stands on a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// The name of its file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Who gave it.
    pub giver: String,
    /// The provider, as the grant writes it.
    pub provider: String,
    /// The group that answers for it.
    pub owner: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How much was given.
    pub amount: Decimal,
    /// The first and the last day whose charges it pays.
    pub days: Days,
    /// Whether what is left on the last day is lost.
    pub lapses: bool,
    /// What credits took from it, those of days that are not complete among them; since its
    /// opening balance, if it has one.
    pub drawn: Decimal,
    /// What is left: the amount, or the opening balance, less what was drawn. Below nothing if
    /// more was drawn than was given.
    pub left: Decimal,
    /// Where it is in its time.
    pub state: State,
    /// The day on which its last is drawn; no day if it ends before. Early means that much is
    /// spent.
    pub used_up: Expected<Option<Date>>,
    /// What is left when its last day is over.
    pub unused: Expected<Decimal>,
    /// The day on which its money ends: used up, or its last one.
    pub ends: Expected<Date>,
    /// From which day on another is to be asked for; nothing if one follows, or it is over.
    pub ask_from: Option<Date>,
    /// The grant that goes on when it ends, for the same bills.
    pub followed_by: Option<String>,
    /// What the bills that it can pay came to on its days, in its currency.
    pub costs: Costs,
    /// What was drawn month by month, and what was left.
    pub months: Vec<MonthDrawn>,
    /// What will be left at the end of each month to come, and on its last day.
    pub ahead: Vec<Balance>,
    /// How far what is to come can be trusted; nothing if nothing is known.
    pub trust: Option<Trust>,
    /// The provider's bills, if they end before the last complete day.
    pub late: Vec<Late>,
    /// What else is to be known, a sentence each.
    pub notes: Vec<String>,
}

/// Where a grant is in its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its first day is to come.
    Ahead,
    /// It pays.
    Running,
    /// Nothing is left of it.
    UsedUp,
    /// Its last day is over.
    Over,
}

/// What a month drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthDrawn {
    /// The month in which it was incurred.
    pub month: Month,
    /// What was drawn.
    pub drawn: Decimal,
    /// What was left at its end, or now.
    pub left: Decimal,
}

/// What will be left on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// The day, at whose end it is counted.
    pub day: Date,
    /// What is left.
    pub left: Expected<Decimal>,
}

impl Standing {
    pub(super) fn of(
        known: &Known<'_>,
        terms: &Terms<'_>,
        draws: &BTreeMap<Date, Decimal>,
        demand: &Demand,
        outcome: &Expected<Outcome>,
        followed_by: Option<String>,
    ) -> Self {
        let grant = &terms.item.value;
        let drawn: Decimal = draws.values().copied().sum();
        let left = terms.counted.amount - drawn;
        let state = State::of(known.today, terms.days, left);
        let used_up = match state {
            State::UsedUp => Expected::Known(used_up_on(terms.counted, draws)),
            State::Over => Expected::Known(None),
            State::Ahead | State::Running => outcome.clone().map(|one| one.used_up),
        };
        let complete = demand
            .last_known
            .is_some_and(|last| last >= terms.days.until);
        let unused = match state {
            State::UsedUp => Expected::Known(Decimal::ZERO),
            State::Over if complete => Expected::Known(left),
            _ => outcome.clone().map(|one| one.unused),
        };
        let end = terms.days.until;
        let ends = match state {
            State::Over => Expected::Known(end),
            _ => used_up.map(|day| day.unwrap_or(end)),
        };
        let open = matches!(state, State::Ahead | State::Running) && followed_by.is_none();
        let ask_from = open.then(|| super::ask_from(ends, grant.ask_days_before()));
        let mut standing = Self {
            name: terms.name().to_owned(),
            title: terms.item.title().to_owned(),
            giver: grant.giver.clone(),
            provider: grant.provider.value.clone(),
            owner: terms.owner.clone(),
            currency: terms.currency(),
            amount: grant.amount.value,
            days: terms.days,
            lapses: grant.lapses,
            drawn,
            left,
            state,
            used_up,
            unused,
            ends,
            ask_from: ask_from.flatten(),
            followed_by,
            costs: costs(known, terms),
            months: months(terms.counted, draws),
            ahead: balance(outcome),
            trust: demand.trust.clone(),
            late: demand.late.clone(),
            notes: Vec::new(),
        };
        standing.notes = standing.notes(demand);
        standing
    }

    fn notes(&self, demand: &Demand) -> Vec<String> {
        let mut notes = Vec::new();
        let money = |amount| Money::new(amount, self.currency);
        if self.left.is_negative() {
            notes.push(format!(
                "{} more was drawn than was given: the amount is not right, or another grant paid.",
                money(-self.left)
            ));
        }
        if !matches!(self.state, State::Ahead | State::Running) {
            return notes;
        }
        match demand.basis {
            Basis::Drawn => {}
            Basis::Share { drawn, gross } => {
                let share = percent(drawn, gross).unwrap_or_default();
                notes.push(format!(
                    "Its credits do not come day by day. It is taken to pay {share:.1}% of what {} charges, as it did.",
                    self.provider
                ));
            }
            Basis::Everything => notes.push(format!(
                "Nothing was drawn from it yet. It is taken to pay all that {} charges.",
                self.provider
            )),
        }
        if matches!(demand.paths, Expected::Unknown) {
            notes.push(format!(
                "No complete day of {} is known, so nothing is expected.",
                self.provider
            ));
        }
        notes
    }
}

impl State {
    fn of(today: Date, days: Days, left: Decimal) -> Self {
        if left <= Decimal::ZERO {
            Self::UsedUp
        } else if today > days.until {
            Self::Over
        } else if today < days.from {
            Self::Ahead
        } else {
            Self::Running
        }
    }
}

/// The day since which nothing is left.
fn used_up_on(counted: Counted, draws: &BTreeMap<Date, Decimal>) -> Option<Date> {
    let mut left = counted.amount;
    let mut since = None;
    for (day, amount) in draws {
        left -= *amount;
        since = if left <= Decimal::ZERO {
            since.or(Some(*day))
        } else {
            None
        };
    }
    since
}

fn costs(known: &Known<'_>, terms: &Terms<'_>) -> Costs {
    let mut bills = terms.bills.over(&known.cube.names);
    let mut costs = Costs::default();
    for cell in &known.cube.days {
        let counts = cell.currency == terms.currency() && terms.days.contains(cell.day);
        if counts && bills.matches(cell) {
            costs.add(cell);
        }
    }
    costs
}

fn months(counted: Counted, draws: &BTreeMap<Date, Decimal>) -> Vec<MonthDrawn> {
    let mut by_month: BTreeMap<Month, Decimal> = BTreeMap::new();
    for (day, amount) in draws {
        *by_month.entry(Month::of(*day)).or_default() += *amount;
    }
    let mut left = counted.amount;
    let last = by_month.keys().next_back().copied();
    let first = by_month.keys().next().copied();
    let each = std::iter::successors(first, |month| month.next());
    let each = each.take_while(|month| last.is_some_and(|last| *month <= last));
    let of_month = |month: Month| {
        let drawn = by_month.get(&month).copied().unwrap_or_default();
        left -= drawn;
        MonthDrawn { month, drawn, left }
    };
    each.map(of_month).collect()
}

fn balance(outcome: &Expected<Outcome>) -> Vec<Balance> {
    match outcome {
        Expected::Range(Range { p10, p50, p90 }) => {
            let each = p10.balance.iter().zip(&p50.balance).zip(&p90.balance);
            let of_day = |((low, middle), high): ((&(Date, _), &(Date, _)), &(Date, _))| Balance {
                day: middle.0,
                left: Expected::Range(Range {
                    p10: low.1,
                    p50: middle.1,
                    p90: high.1,
                }),
            };
            each.map(of_day).collect()
        }
        Expected::RunRate(one) => {
            let of_day = |&(day, left): &(Date, Decimal)| Balance {
                day,
                left: Expected::RunRate(left),
            };
            one.balance.iter().map(of_day).collect()
        }
        Expected::Known(_) | Expected::Unknown => Vec::new(),
    }
}
