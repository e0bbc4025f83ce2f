//! How everything stands on a day: what alerts and the report look at.

use std::collections::BTreeSet;

use base::Currency;
use spend::alerts::{
    self, Circumstances, Fact, QuotaStanding, UNALLOCATED_LIMIT, Unallocated, UnusualCost,
};
use spend::budgets::Budgets;
use spend::events::Event;
use spend::grants::Grants;
use spend::outlook::Known;
use spend::pools::Drivers;
use spend::settings::quotas::{self, Quota};

use super::ahead;
use super::books::{Books, Sums};

/// How grants, budgets and quotas stand, and what was unusual.
pub(super) struct Standing {
    pub(super) budgets: Budgets,
    pub(super) grants: Grants,
    pub(super) events: Vec<Event>,
    pub(super) unusual: Vec<UnusualCost>,
    pub(super) unallocated: Vec<Unallocated>,
    pub(super) quotas: Vec<QuotaStanding>,
}

impl Standing {
    pub(super) fn of(books: &Books<'_>, sums: &Sums) -> anyhow::Result<Self> {
        let known = books.known(&sums.shared.cube);
        let events = ahead::explained(books, sums, &known)?;
        Ok(Self {
            budgets: books.budgets(sums, &known),
            grants: Grants::of(&books.known(&sums.ruled), &books.estate),
            unusual: events.iter().map(UnusualCost::from).collect(),
            unallocated: unallocated(&known),
            quotas: quotas(books, &sums.drivers),
            events,
        })
    }

    /// What may have to be told.
    pub(super) fn facts(&self, books: &Books<'_>) -> Vec<Fact> {
        alerts::facts(&Circumstances {
            estate: &books.estate,
            settings: &books.settings,
            today: books.project.day,
            budgets: &self.budgets,
            grants: &self.grants,
            events: &self.unusual,
            unallocated: &self.unallocated,
            quotas: &self.quotas,
        })
    }
}

/// What nobody owns, in each currency.
fn unallocated(known: &Known<'_>) -> Vec<Unallocated> {
    let cells = known.cube.days.iter();
    let currencies: BTreeSet<Currency> = cells.map(|cell| cell.currency).collect();
    let of = |currency| Unallocated::of(known, currency, UNALLOCATED_LIMIT);
    currencies.into_iter().filter_map(of).collect()
}

/// How much of each quota is used, where it is known.
fn quotas(books: &Books<'_>, drivers: &Drivers) -> Vec<QuotaStanding> {
    let standing = |quota: &Quota| {
        let driver = drivers.get(&quota.driver)?;
        let used = quotas::used(quota.limit.value, driver.days(), books.project.day)?;
        let unit = quota
            .unit
            .as_ref()
            .map_or(driver.unit(), |unit| &unit.value);
        Some(QuotaStanding {
            name: quota.name.value.clone(),
            provider: quota.provider.clone(),
            limit: quota.limit.value,
            unit: unit.to_owned(),
            owner: quota.owner.as_ref().map(|owner| owner.name.clone()),
            used,
        })
    };
    books.settings.quotas.iter().filter_map(standing).collect()
}
