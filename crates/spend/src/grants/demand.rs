//! What grants pay from now on.

use std::collections::BTreeMap;

use base::{Decimal, Month};
use jiff::civil::Date;

use crate::grants::terms::Terms;
use crate::outlook::{
    Days, Expected, Known, Late, Measure, Path, Prospect, Series, Trust, after, between,
};

/// Credits on so many of the last [`WINDOW`] days come by day.
const BY_DAY: usize = 20;
const WINDOW: i64 = 28;
/// Credits that came by day and then for so many days did not have ended.
const ENDED_AFTER: i64 = 3;
/// From how many months with credits it is taken which share of the costs they pay.
const SHARE_MONTHS: i64 = 3;
/// Credits that have not come for so many days come no more.
const AWAITED: i64 = 62;

/// What is taken for what grants will pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// What they paid day by day.
    Drawn,
    /// A share of what is spent, as in months with credits: what they drew of what was spent.
    Share { drawn: Decimal, gross: Decimal },
    /// All that is spent: nothing was drawn yet.
    Everything,
}

/// What the grants of a family pay from now on, together.
#[derive(Debug)]
pub(super) struct Demand {
    pub(super) paths: Expected<Path>,
    pub(super) basis: Basis,
    /// The last day whose charges are complete.
    pub(super) last_known: Option<Date>,
    pub(super) trust: Option<Trust>,
    pub(super) late: Vec<Late>,
}

impl Demand {
    /// What they will pay up to a day, by what they drew of the bills that they pay.
    pub(super) fn of<'a>(
        known: &Known<'_>,
        terms: &Terms<'_>,
        drawn: impl Iterator<Item = &'a BTreeMap<Date, Decimal>>,
        until: Date,
    ) -> Self {
        let mut draws: BTreeMap<Date, Decimal> = BTreeMap::new();
        for (day, amount) in drawn.flatten() {
            *draws.entry(*day).or_default() += *amount;
        }
        let costs = Series::of(known, &terms.bills, Measure::Gross, terms.currency());
        let last_known = costs.days.map(|days| days.until);
        let late = costs.late.clone();
        let draws = costs.clone().with(draws);
        let basis = basis(&costs, &draws);
        let prospect = match basis {
            Basis::Drawn => Prospect::of(&draws, until),
            Basis::Share { .. } | Basis::Everything => Prospect::of(&costs, until),
        };
        let paths = prospect.paths(until).map(|path| match basis {
            Basis::Drawn | Basis::Everything => path,
            Basis::Share { drawn, gross } => {
                let awaited = awaited(&costs, &draws);
                let share = |total: Decimal| total.share(drawn, gross).map(|part| part.value);
                let part = |total: Decimal| share(total + awaited).unwrap_or_default();
                Path {
                    totals: path.totals.into_iter().map(part).collect(),
                    ..path
                }
            }
        });
        Self {
            paths,
            basis,
            last_known,
            trust: prospect.trust(),
            late,
        }
    }
}

fn basis(costs: &Series, draws: &Series) -> Basis {
    let Some((last, days)) = last_draw(draws).zip(draws.days) else {
        return Basis::Everything;
    };
    let window = draws.last(WINDOW).unwrap_or(days);
    let on = draws
        .each(window)
        .filter(|(_, amount)| !amount.is_zero())
        .count();
    let enough = BY_DAY.min(usize::try_from(window.count()).unwrap_or(BY_DAY));
    if on >= enough && between(last, days.until) < ENDED_AFTER {
        return Basis::Drawn;
    }
    let span = Days {
        from: Month::of(after(last, -31 * (SHARE_MONTHS - 1)))
            .first_day()
            .max(Month::of(days.from).first_day()),
        until: Month::of(last).last_day().min(days.until),
    };
    let (drawn, gross) = (draws.sum(span), costs.sum(span));
    if drawn > Decimal::ZERO && gross > Decimal::ZERO {
        Basis::Share { drawn, gross }
    } else {
        Basis::Everything
    }
}

fn last_draw(draws: &Series) -> Option<Date> {
    let each = draws.each(draws.days?);
    let drawn = each.filter(|(_, amount)| *amount > Decimal::ZERO);
    drawn.last().map(|(day, _)| day)
}

/// What was spent after the last month with credits, whose credits are still to come.
fn awaited(costs: &Series, draws: &Series) -> Decimal {
    let Some((last, known)) = last_draw(draws).zip(costs.days) else {
        return Decimal::ZERO;
    };
    if between(last, known.until) > AWAITED {
        return Decimal::ZERO;
    }
    costs.sum(Days {
        from: after(Month::of(last).last_day(), 1),
        until: known.until,
    })
}
