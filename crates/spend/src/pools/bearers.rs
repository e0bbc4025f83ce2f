//! Who bears a pool in a month, and by which weight.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Month};
use estate::Estate;

use super::bearer;
use super::drivers::Drivers;
use super::sharing::Usage;
use super::unshared::Reason;
use crate::cells::{Cube, UNALLOCATED};
use crate::settings::{POOL, Settings, SharedPool, Sharing as By};

/// Who bears a pool: by owner and service, sorted, each with a weight above zero.
#[derive(Debug, Clone)]
pub(super) struct Bearers {
    pub(super) by: By,
    pub(super) each: Vec<Bearer>,
}

/// One who bears a part of a pool.
#[derive(Debug, Clone)]
pub(super) struct Bearer {
    pub(super) owner: String,
    /// The service that it is for; empty for that of the charge.
    pub(super) service: String,
    pub(super) weight: Decimal,
    pub(super) usage: Option<Usage>,
}

/// A pool in a month and currency.
pub(super) type At = (String, Month, Currency);

/// What is known of who bears what.
pub(super) struct Known<'a> {
    settings: &'a Settings,
    estate: &'a Estate,
    drivers: &'a Drivers,
    /// What each owner costs by itself.
    own: BTreeMap<(Month, Currency), BTreeMap<String, Decimal>>,
    found: BTreeMap<At, Result<Bearers, Reason>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        estate: &'a Estate,
        drivers: &'a Drivers,
        cube: &Cube,
    ) -> Self {
        let mut sums: hashbrown::HashMap<_, Decimal> = hashbrown::HashMap::new();
        for cell in &cube.days {
            let key = (Month::of(cell.day), cell.currency, cell.whose.owner);
            *sums.entry(key).or_default() += cell.gross();
        }
        let mut own: BTreeMap<_, BTreeMap<String, Decimal>> = BTreeMap::new();
        for ((month, currency, owner), gross) in sums {
            let owners = own.entry((month, currency)).or_default();
            owners.insert(cube.names.text(owner).to_owned(), gross);
        }
        Self {
            settings,
            estate,
            drivers,
            own,
            found: BTreeMap::new(),
        }
    }

    /// Who bears a pool, `pool/NAME`, or why nobody does.
    pub(super) fn of(&mut self, at: &At) -> Result<Bearers, Reason> {
        let found = self.direct(at)?;
        match self.circle(at) {
            Some(pools) => Err(Reason::Circle(pools)),
            None => Ok(found),
        }
    }

    /// The same, without regard to circles.
    fn direct(&mut self, at: &At) -> Result<Bearers, Reason> {
        if let Some(found) = self.found.get(at) {
            return found.clone();
        }
        let found = self.find(at);
        self.found.insert(at.clone(), found.clone());
        found
    }

    fn find(&self, (owner, month, currency): &At) -> Result<Bearers, Reason> {
        let name = owner.strip_prefix(POOL).unwrap_or(owner);
        let pools = self.settings.pools.iter().map(|pool| &pool.value);
        let mut declared = pools.filter(|pool| pool.name.value == name).peekable();
        if declared.peek().is_none() {
            return Err(Reason::Unknown);
        }
        let pool = declared.find(|pool| pool.holds_in(*month));
        let pool = pool.ok_or(Reason::NotThen)?;
        let each = match pool.by {
            By::Even => self.evenly(pool),
            By::Weights => self.weighted(pool),
            By::Proportional => self.proportional(pool, *month, *currency)?,
            By::Usage => self.used(pool, *month)?,
        };
        let each: Vec<Bearer> = each
            .into_iter()
            .filter(|one| !one.weight.is_zero())
            .collect();
        if each.is_empty() {
            return Err(Reason::NoWeights);
        }
        Ok(Bearers { by: pool.by, each })
    }

    fn evenly(&self, pool: &SharedPool) -> Vec<Bearer> {
        let owners: BTreeSet<String> = self.named(pool).collect();
        let each = owners.into_iter();
        each.map(|owner| Bearer::of(owner, Decimal::ONE)).collect()
    }

    fn weighted(&self, pool: &SharedPool) -> Vec<Bearer> {
        let mut weights: BTreeMap<String, Decimal> = BTreeMap::new();
        for (text, weight) in &pool.weights.entries {
            let owner = bearer(text, self.estate).unwrap_or_else(|| text.value.clone());
            // A finding says which are negative; nobody is paid for what others use.
            let weight = weight.value.value.max(Decimal::ZERO);
            let sum = weights.entry(owner).or_default();
            *sum = sum.plus(weight).unwrap_or(Decimal::MAX);
        }
        let each = weights.into_iter();
        each.map(|(owner, weight)| Bearer::of(owner, weight))
            .collect()
    }

    fn proportional(
        &self,
        pool: &SharedPool,
        month: Month,
        currency: Currency,
    ) -> Result<Vec<Bearer>, Reason> {
        let own = self.own.get(&(month, currency));
        let cost = |owner: &str| {
            let gross = own.and_then(|own| own.get(owner)).copied();
            gross.unwrap_or_default().max(Decimal::ZERO)
        };
        let owners: BTreeSet<String> = if pool.to.is_empty() {
            let all = own.into_iter().flat_map(BTreeMap::keys);
            all.filter(|owner| !owner.starts_with(POOL) && *owner != UNALLOCATED)
                .cloned()
                .collect()
        } else {
            self.named(pool).collect()
        };
        let each: Vec<Bearer> = owners
            .into_iter()
            .map(|owner| {
                let cost = cost(&owner);
                Bearer::of(owner, cost)
            })
            .collect();
        if each.iter().all(|one| one.weight.is_zero()) {
            return Err(Reason::NoCosts);
        }
        Ok(each)
    }

    fn used(&self, pool: &SharedPool, month: Month) -> Result<Vec<Bearer>, Reason> {
        let name = pool.driver.as_ref().map_or("", |driver| &driver.value);
        let driver = self.drivers.get(name);
        let driver = driver.ok_or_else(|| Reason::NoDriver(name.to_owned()))?;
        let each = driver
            .in_month(month)
            .map(|(owner, service, quantity)| Bearer {
                owner: owner.to_owned(),
                service: service.to_owned(),
                weight: quantity,
                usage: Some(Usage {
                    unit: driver.unit().to_owned(),
                    quantity,
                }),
            });
        let each: Vec<Bearer> = each.collect();
        if each.iter().all(|one| one.weight.is_zero()) {
            return Err(Reason::NoQuantities(name.to_owned()));
        }
        Ok(each)
    }

    /// Those whom a pool names; a name that leads nowhere is kept, it is a finding.
    fn named<'p>(&'p self, pool: &'p SharedPool) -> impl Iterator<Item = String> + 'p {
        let each = pool.to.iter();
        each.map(|text| bearer(text, self.estate).unwrap_or_else(|| text.value.clone()))
    }

    /// The shortest way from a pool back to itself, both ends named; the first by name of several.
    fn circle(&mut self, at: &At) -> Option<Vec<String>> {
        let (start, month, currency) = at;
        let mut came_from: BTreeMap<String, String> = BTreeMap::new();
        let mut level = vec![start.clone()];
        while !level.is_empty() {
            let mut next = Vec::new();
            for pool in level {
                let Ok(bearers) = self.direct(&(pool.clone(), *month, *currency)) else {
                    continue;
                };
                for Bearer { owner, .. } in bearers.each {
                    if owner == *start {
                        return Some(way(start, pool, &came_from));
                    }
                    if owner.starts_with(POOL) && !came_from.contains_key(&owner) {
                        came_from.insert(owner.clone(), pool.clone());
                        next.push(owner);
                    }
                }
            }
            level = next;
        }
        None
    }
}

/// The way from a pool over the last one before it comes again; every step goes back to it.
fn way(start: &str, last: String, came_from: &BTreeMap<String, String>) -> Vec<String> {
    let mut back = vec![start.to_owned(), last];
    while let Some(before) = back.last().and_then(|pool| came_from.get(pool)) {
        back.push(before.clone());
    }
    back.reverse();
    back
}

impl Bearer {
    fn of(owner: String, weight: Decimal) -> Self {
        Self {
            owner,
            service: String::new(),
            weight,
            usage: None,
        }
    }
}
