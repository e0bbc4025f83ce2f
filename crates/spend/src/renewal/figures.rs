//! What a grant paid for.

use std::collections::BTreeMap;

use base::{Decimal, Month, nearest};
use estate::kinds::CreditGrant;
use estate::{Estate, Item};
use serde::Serialize;

use crate::cells::{DayCell, Name, Names};
use crate::grants::{Grants, Standing, State};
use crate::outlook::{
    Costs, Days, Known, Measure, Patterns, Prospect, Scope, Series, after, percent,
};
use crate::renewal::{NoRequest, Request};

/// How many days a year is here.
const YEAR: i64 = 365;
/// What a month is, in days.
const MONTH: i64 = 30;
/// How many of the largest are named; the rest is one line.
const LARGEST: usize = 10;
/// What growth is taken over, in months.
const COMPARED: usize = 3;

/// What was paid for one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaidFor {
    /// What: the owner and the service, or the vendor's service. Empty for the rest.
    pub what: String,
    /// What it cost before grants.
    pub gross: Decimal,
    /// That in per cent of all.
    pub share: Option<Decimal>,
}

/// What a month came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthOfCosts {
    /// The month in which it was incurred.
    pub month: Month,
    /// What it came to.
    pub costs: Costs,
    /// Whether all its days are among those of the request.
    pub whole: bool,
}

/// Something that it was decided to pay for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Purpose {
    /// What people call it.
    pub title: String,
    /// What it is for, and who outside has a use of it.
    pub purpose: String,
    /// Where it was decided, if it says so.
    pub decision: Option<String>,
    /// What else was thought of, if it says so.
    pub alternatives: Option<String>,
    /// What it cost before grants.
    pub gross: Decimal,
}

pub(super) fn request(
    known: &Known<'_>,
    estate: &Estate,
    grants: &Grants,
    name: &str,
) -> Result<Request, NoRequest> {
    let missing = || {
        let names = grants.standings.iter().map(|one| one.name.as_str());
        NoRequest::NoGrant(name.to_owned(), nearest(name, names).map(str::to_owned))
    };
    let item = estate.tables.grants.get(name).ok_or_else(missing)?;
    let standing = grants.named(&item.name).ok_or_else(missing)?;
    let grant = &item.value;
    let scope = Scope {
        provider: Some(grant.provider.value.clone()),
        accounts: Patterns::of(grant.accounts.iter().map(|text| text.value.as_str())),
        ..Scope::default()
    };
    let series = Series::of(known, &scope, Measure::Gross, standing.currency);
    let nothing = || NoRequest::NothingKnown(grant.provider.value.clone());
    let days = days(standing, &series).ok_or_else(nothing)?;
    let paid = Paid::of(known, &scope, item, days);
    let next_days = next_year(known, standing);
    let prospect = Prospect::of(&series, next_days.until);
    let renewal = grant.renewal.as_ref();
    let contact = renewal.and_then(|renewal| renewal.contact.as_ref());
    Ok(Request {
        contact: contact.map(|contact| contact.value.clone()),
        purpose: renewal.and_then(|renewal| renewal.purpose.clone()),
        days,
        costs: paid.costs,
        by_owner: paid.by_owner(&known.cube.names),
        by_vendor_service: paid.by_vendor_service(&known.cube.names),
        growth: growth(&paid.months),
        next_year: prospect.total(next_days),
        next_days,
        trust: prospect.trust(),
        purposes: paid.purposes(&known.cube.names, estate),
        a_month: prospect.at_run_rate(MONTH),
        currency: standing.currency,
        months: paid.months,
        grant: standing.clone(),
    })
}

/// The last year of the days of a grant that are known.
fn days(standing: &Standing, series: &Series) -> Option<Days> {
    let known = series.days?;
    let lasted = known.overlap(standing.days).unwrap_or(known);
    Some(Days {
        from: lasted.from.max(after(lasted.until, 1 - YEAR)),
        ..lasted
    })
}

/// The year for which another is asked: from the day after its end, or from tomorrow.
fn next_year(known: &Known<'_>, standing: &Standing) -> Days {
    let money_ends = match standing.state {
        State::UsedUp | State::Over => None,
        State::Ahead | State::Running => standing.ends.middle(),
    };
    let from = after(
        money_ends.map_or(known.today, |day| day.max(known.today)),
        1,
    );
    Days {
        from,
        until: after(from, YEAR - 1),
    }
}

/// What the bills of a grant came to in some days.
struct Paid {
    costs: Costs,
    owners: BTreeMap<(Name, Name), Decimal>,
    funding: BTreeMap<Name, Decimal>,
    vendor_services: BTreeMap<Name, Decimal>,
    months: Vec<MonthOfCosts>,
}

impl Paid {
    fn of(known: &Known<'_>, scope: &Scope, item: &Item<CreditGrant>, days: Days) -> Self {
        let currency = item.value.currency.value;
        let mut matcher = scope.over(&known.cube.names);
        let mut paid = Self {
            costs: Costs::default(),
            owners: BTreeMap::new(),
            funding: BTreeMap::new(),
            vendor_services: BTreeMap::new(),
            months: Vec::new(),
        };
        let mut months: BTreeMap<Month, Costs> = BTreeMap::new();
        for cell in &known.cube.days {
            let counts = cell.currency == currency && days.contains(cell.day);
            if counts && matcher.matches(cell) {
                paid.costs.add(cell);
                months.entry(Month::of(cell.day)).or_default().add(cell);
                paid.give(cell);
            }
        }
        let whole = |month: Month| days.from <= month.first_day() && month.last_day() <= days.until;
        let each = months.into_iter().map(|(month, costs)| MonthOfCosts {
            month,
            costs,
            whole: whole(month),
        });
        paid.months = each.collect();
        for cell in &known.cube.months {
            let counts = cell.currency == currency && whole(cell.month);
            if counts && matcher.matches_account(cell.provider, cell.account) {
                *paid.vendor_services.entry(cell.vendor_service).or_default() += cell.gross();
            }
        }
        paid
    }

    fn give(&mut self, cell: &DayCell) {
        let key = (cell.whose.owner, cell.whose.service);
        *self.owners.entry(key).or_default() += cell.gross();
        *self.funding.entry(cell.whose.funding).or_default() += cell.gross();
    }

    fn by_owner(&self, names: &Names) -> Vec<PaidFor> {
        let what = |(owner, service): (Name, Name)| match names.text(service) {
            "" => names.text(owner).to_owned(),
            service => format!("{}: {service}", names.text(owner)),
        };
        let each = self.owners.iter();
        largest(each.map(|(key, gross)| (what(*key), *gross)).collect())
    }

    fn by_vendor_service(&self, names: &Names) -> Vec<PaidFor> {
        let each = self.vendor_services.iter();
        let each = each.map(|(name, gross)| (names.text(*name).to_owned(), *gross));
        largest(each.collect())
    }

    fn purposes(&self, names: &Names, estate: &Estate) -> Vec<Purpose> {
        let each = self.funding.iter().filter_map(|(name, gross)| {
            let item = estate.tables.funding.get(names.text(*name))?;
            Some(Purpose {
                title: item.title().to_owned(),
                purpose: item.value.purpose.trim().to_owned(),
                decision: item.value.decision.clone(),
                alternatives: item.value.alternatives.clone(),
                gross: *gross,
            })
        });
        let mut each: Vec<Purpose> = each.collect();
        each.sort_by(|one, other| {
            other
                .gross
                .cmp(&one.gross)
                .then_with(|| one.title.cmp(&other.title))
        });
        each
    }
}

/// The largest, and the rest as one.
fn largest(mut each: Vec<(String, Decimal)>) -> Vec<PaidFor> {
    each.retain(|(_, gross)| !gross.is_zero());
    each.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let all: Decimal = each.iter().map(|(_, gross)| *gross).sum();
    let rest = each.split_off(each.len().min(LARGEST));
    if !rest.is_empty() {
        let rest = rest.into_iter().map(|(_, gross)| gross).sum();
        each.push((String::new(), rest));
    }
    let paid = |(what, gross)| PaidFor {
        what,
        gross,
        share: percent(gross, all),
    };
    each.into_iter().map(paid).collect()
}

/// By how many per cent the last months cost more than as many before.
fn growth(months: &[MonthOfCosts]) -> Option<Decimal> {
    let whole = months.iter().filter(|month| month.whole);
    let gross: Vec<Decimal> = whole.map(|month| month.costs.gross).collect();
    let last = gross.rchunks(COMPARED);
    let sums: Vec<Decimal> = last
        .take(2)
        .filter(|chunk| chunk.len() == COMPARED)
        .map(|chunk| chunk.iter().copied().sum())
        .collect();
    let [now, before] = sums[..] else {
        return None;
    };
    percent(now - before, before)
}
