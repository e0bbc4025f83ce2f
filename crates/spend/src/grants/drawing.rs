//! Which grant each credit is drawn from.

use std::collections::{BTreeMap, HashMap};

use base::{Currency, Decimal};
use focus::import::InKind;
use jiff::civil::Date;
use serde::Serialize;

use crate::cells::{Category, Cube, DayCell, Name};
use crate::grants::terms::Terms;
use crate::outlook::{Days, Matcher};

/// Credits on the bills that no grant explains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unmatched {
    /// `ProviderName`.
    pub provider: String,
    /// `BillingAccountId`.
    pub account: String,
    /// What the credit is called; empty where the bill does not say.
    pub credit: String,
    /// The currency.
    pub currency: Currency,
    /// What they took away; below nothing if more was taken back.
    pub drawn: Decimal,
    /// From the day of the first to that of the last.
    pub days: Days,
    /// Why no grant explains them.
    pub why: Why,
}

/// Why no grant explains a credit; the later, the nearer one came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// No grant is for the provider.
    NoGrant,
    /// Those of the provider are for other accounts, or credits of other names.
    OtherCredits,
    /// One would be, but is in another currency.
    OtherCurrency,
    /// One would be, but not on these days.
    OtherDays,
}

impl Why {
    /// As a part of a sentence: `no grant is for this provider`.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoGrant => "no grant is for this provider",
            Self::OtherCredits => {
                "the grants for this provider are for other accounts or other credits"
            }
            Self::OtherCurrency => "the grant that it could be of is in another currency",
            Self::OtherDays => "the grant that it could be of does not last on these days",
        }
    }
}

/// What was drawn from each grant.
#[derive(Debug)]
pub(super) struct Drawing {
    /// By grant and day, from its counted days on.
    drawn: Vec<BTreeMap<Date, Decimal>>,
    pub(super) unmatched: Vec<Unmatched>,
}

/// What credits are told apart by, besides their days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Sort {
    provider: Name,
    account: Name,
    credit: Name,
    currency: Currency,
}

impl Sort {
    fn of(cell: &DayCell) -> Self {
        Self {
            provider: cell.provider,
            account: cell.account,
            credit: cell.credit,
            currency: cell.currency,
        }
    }
}

/// The grants that credits of a sort could be drawn from, in the order in which they are, and
/// what is wrong where there are none.
struct Candidates {
    grants: Vec<usize>,
    why: Why,
}

impl Drawing {
    /// Draws each credit of a cube up to a day, day by day.
    pub(super) fn of(cube: &Cube, today: Date, terms: &[Terms<'_>]) -> Self {
        let mut order: Vec<usize> = (0..terms.len()).collect();
        order.sort_by(|one, other| terms[*one].order().cmp(&terms[*other].order()));
        let mut asked = Asked::of(cube, terms, &order);
        let mut known: HashMap<Sort, Candidates> = HashMap::new();
        // Draws of one day that the same grants could pay are one: how they were cut is nothing.
        let mut draws: BTreeMap<(Date, Vec<usize>), Decimal> = BTreeMap::new();
        let mut rest: BTreeMap<(Sort, Why), (Decimal, Days)> = BTreeMap::new();
        let credits = |cell: &&DayCell| cell.kind.category == Category::Credit && cell.day <= today;
        for cell in cube.days.iter().filter(credits) {
            let sort = Sort::of(cell);
            let candidates = known.entry(sort).or_insert_with(|| asked.candidates(cell));
            let lasting = |grant: &&usize| terms[**grant].days.contains(cell.day);
            let grants: Vec<usize> = candidates.grants.iter().filter(lasting).copied().collect();
            if grants.is_empty() {
                let day = cell.day;
                let new = (
                    Decimal::ZERO,
                    Days {
                        from: day,
                        until: day,
                    },
                );
                let (sum, days) = rest.entry((sort, candidates.why)).or_insert(new);
                *sum += cell.drawn();
                *days = Days {
                    from: days.from.min(day),
                    until: days.until.max(day),
                };
            } else {
                *draws.entry((cell.day, grants)).or_default() += cell.drawn();
            }
        }
        let mut balances = Balances::of(terms);
        for ((day, grants), amount) in draws {
            balances.draw(day, &grants, amount);
        }
        Self {
            drawn: balances.drawn,
            unmatched: unmatched(cube, rest),
        }
    }

    /// What was drawn from a grant, by day.
    pub(super) fn of_grant(&self, grant: usize) -> &BTreeMap<Date, Decimal> {
        &self.drawn[grant]
    }

    /// What was drawn from it up to a day; all of it if none is said.
    pub(super) fn drawn_until(&self, grant: usize, until: Option<Date>) -> Decimal {
        let until = until.unwrap_or(Date::MAX);
        let days = self.drawn[grant].range(..=until);
        days.map(|(_, amount)| *amount).sum()
    }
}

fn unmatched(cube: &Cube, rest: BTreeMap<(Sort, Why), (Decimal, Days)>) -> Vec<Unmatched> {
    let text = |name: Name| cube.names.text(name).to_owned();
    let each = rest
        .into_iter()
        .map(|((sort, why), (drawn, days))| Unmatched {
            provider: text(sort.provider),
            account: text(sort.account),
            credit: text(sort.credit),
            currency: sort.currency,
            drawn,
            days,
            why,
        });
    // A gift in kind pays for itself, and is no grant.
    let explained = |one: &Unmatched| one.drawn.is_zero() || one.credit.starts_with(InKind::CREDIT);
    let mut unmatched: Vec<Unmatched> = each.filter(|one| !explained(one)).collect();
    unmatched.sort();
    unmatched
}

/// The grants in the order in which they are drawn from, asked of credits.
struct Asked<'a>(Vec<AskedGrant<'a>>);

struct AskedGrant<'a> {
    grant: usize,
    currency: Currency,
    bills: Matcher<'a>,
    credit: Option<Matcher<'a>>,
}

impl<'a> Asked<'a> {
    fn of(cube: &'a Cube, terms: &'a [Terms<'_>], order: &[usize]) -> Self {
        let grants = order.iter().map(|&grant| AskedGrant {
            grant,
            currency: terms[grant].currency(),
            bills: terms[grant].bills.over(&cube.names),
            credit: terms[grant]
                .credit
                .as_ref()
                .map(|scope| scope.over(&cube.names)),
        });
        Self(grants.collect())
    }

    fn candidates(&mut self, cell: &DayCell) -> Candidates {
        let mut grants = Vec::new();
        let mut why = Why::NoGrant;
        for one in &mut self.0 {
            if !one.bills.is_of_provider(cell) {
                continue;
            }
            let credit = one.credit.as_mut();
            let nearer = if !credit.is_some_and(|credit| credit.matches(cell)) {
                Why::OtherCredits
            } else if one.currency != cell.currency {
                Why::OtherCurrency
            } else {
                grants.push(one.grant);
                Why::OtherDays
            };
            why = why.max(nearer);
        }
        Candidates { grants, why }
    }
}

/// What is left of each grant while days go by.
struct Balances<'t, 'e> {
    terms: &'t [Terms<'e>],
    left: Vec<Decimal>,
    drawn: Vec<BTreeMap<Date, Decimal>>,
}

impl<'t, 'e> Balances<'t, 'e> {
    fn of(terms: &'t [Terms<'e>]) -> Self {
        Self {
            terms,
            left: terms.iter().map(|one| one.counted.amount).collect(),
            drawn: vec![BTreeMap::new(); terms.len()],
        }
    }

    /// Draws an amount of a day from those that it could be of.
    fn draw(&mut self, day: Date, grants: &[usize], amount: Decimal) {
        let begun = |grant: &usize| self.terms[*grant].counted.from <= day;
        // What was drawn before the day of its opening balance is in that already.
        if !grants.first().is_some_and(begun) {
            return;
        }
        let grants: Vec<usize> = grants.iter().copied().filter(begun).collect();
        if amount.is_negative() {
            self.give_back(day, &grants, amount);
        } else {
            self.take(day, &grants, amount);
        }
    }

    /// From the first that have something left; the last takes what none has.
    fn take(&mut self, day: Date, grants: &[usize], amount: Decimal) {
        let mut rest = amount;
        for &grant in grants {
            let part = rest.min(self.left[grant].max(Decimal::ZERO));
            self.book(day, grant, part);
            rest -= part;
        }
        if let Some(&last) = grants.last() {
            self.book(day, last, rest);
        }
    }

    /// To those that gave last, no more than they gave; the first takes what none gave.
    fn give_back(&mut self, day: Date, grants: &[usize], amount: Decimal) {
        let mut rest = amount;
        for &grant in grants.iter().rev() {
            let gave = self.terms[grant].counted.amount - self.left[grant];
            let part = rest.max(-gave.max(Decimal::ZERO));
            self.book(day, grant, part);
            rest -= part;
        }
        if let Some(&first) = grants.first() {
            self.book(day, first, rest);
        }
    }

    fn book(&mut self, day: Date, grant: usize, amount: Decimal) {
        if !amount.is_zero() {
            self.left[grant] -= amount;
            *self.drawn[grant].entry(day).or_default() += amount;
        }
    }
}
