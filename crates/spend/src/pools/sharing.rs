//! Cells of pools, split among those who bear them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Month, Portions};
use estate::Estate;
use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::bearers::{At, Bearers, Known};
use super::drivers::Drivers;
use super::unshared::{Reason, Unshared};
use crate::cells::{Amounts, Attribution, Cube, DayCell, MonthCell, Name, Names};
use crate::settings::{POOL, Settings, Sharing as By};

/// How the pools of a cube are shared out in each of its months and currencies.
#[derive(Debug)]
pub struct Sharing {
    names: Names,
    tables: Vec<Table>,
    places: HashMap<(Name, Month, Currency), usize>,
    allocations: Vec<Allocation>,
    reasons: BTreeMap<At, Reason>,
}

/// How one pool is split in a month and currency.
#[derive(Debug)]
struct Table {
    portions: Portions,
    targets: Vec<Target>,
    /// Its first among the allocations; those of what it passes on follow in the order of
    /// the targets.
    first: usize,
}

#[derive(Debug)]
struct Target {
    owner: Name,
    /// None for that of the charge.
    service: Name,
    /// The table of the pool that it is, if that is shared out.
    passes_on: Option<usize>,
}

/// What one owner bears of a pool in a month and currency, in what FOCUS 1.3 says of a charge that
/// was split (`AllocatedMethodId`, `AllocatedMethodDetails`, `AllocatedResourceId`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allocation {
    /// The pool that the charge is in, `pool/NAME`.
    pub pool: String,
    /// The pools that it was passed on to, in their order.
    pub via: Vec<String>,
    /// The owner who bears it.
    pub owner: String,
    /// The service that it is for, where a driver says so.
    pub service: String,
    /// The month in which it was incurred.
    pub month: Month,
    /// The currency.
    pub currency: Currency,
    /// By what the last of the pools was shared out.
    pub by: By,
    /// How much of the charge; those of one pool, month and currency make 1 exactly.
    pub ratio: Decimal,
    /// What was used, where the last of the pools is shared by a driver.
    pub usage: Option<Usage>,
}

/// How much somebody used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// What is counted.
    pub unit: String,
    /// How much of it.
    pub quantity: Decimal,
}

impl Allocation {
    /// FOCUS's `AllocatedMethodId`: how each of the pools was shared out on the way.
    pub fn method_id(&self) -> String {
        let mut id = self.pool.clone();
        for pool in &self.via {
            id += " > ";
            id += pool;
        }
        id + " by " + self.by.word()
    }

    /// FOCUS's `AllocatedMethodDetails`: JSON with all digits of the numbers.
    pub fn details(&self) -> String {
        let usage = self.usage.as_ref().map(|Usage { unit, quantity }| {
            let unit = serde_json::Value::from(unit.as_str());
            format!(",\"UsageUnit\":{unit},\"UsageQuantity\":{quantity}")
        });
        let usage = usage.unwrap_or_default();
        format!(
            "{{\"Elements\":[{{\"AllocatedRatio\":{}{usage}}}]}}",
            self.ratio
        )
    }
}

/// What can be split: sums of charges that are alike.
pub trait Divisible: Copy {
    /// The month in which it was incurred.
    fn incurred_in(&self) -> Month;
    /// The currency of its amounts.
    fn currency(&self) -> Currency;
    /// Whose it is.
    fn whose(&self) -> Attribution;
    /// Its sums.
    fn amounts(&self) -> Amounts;
    /// The same but for whose it is and how much. The first part stands for all its charges, the
    /// others for none, so that charges are counted once.
    fn part(&self, whose: Attribution, amounts: Amounts, first: bool) -> Self;
}

impl Divisible for DayCell {
    fn incurred_in(&self) -> Month {
        Month::of(self.day)
    }

    fn currency(&self) -> Currency {
        self.currency
    }

    fn whose(&self) -> Attribution {
        self.whose
    }

    fn amounts(&self) -> Amounts {
        self.amounts
    }

    fn part(&self, whose: Attribution, amounts: Amounts, first: bool) -> Self {
        let rows = if first { self.rows } else { 0 };
        Self {
            whose,
            amounts,
            rows,
            ..*self
        }
    }
}

impl Divisible for MonthCell {
    fn incurred_in(&self) -> Month {
        self.month
    }

    fn currency(&self) -> Currency {
        self.currency
    }

    fn whose(&self) -> Attribution {
        self.whose
    }

    fn amounts(&self) -> Amounts {
        self.amounts
    }

    fn part(&self, whose: Attribution, amounts: Amounts, first: bool) -> Self {
        let rows = if first { self.rows } else { 0 };
        Self {
            whose,
            amounts,
            rows,
            ..*self
        }
    }
}

/// A part of a cell.
#[derive(Debug, Clone, Copy)]
pub struct Part<C> {
    /// The cell, with the owner who bears it and how much that is.
    pub cell: C,
    /// How it came to its owner: a place in [`Sharing::allocations`]. Nothing for what was in no
    /// pool, or stays in one.
    pub allocation: Option<usize>,
}

/// A cube after its pools were shared out.
#[derive(Debug, Clone)]
pub struct Shared {
    /// All cells, in their order; those of pools in parts, by owner. Hotspots are as they were.
    pub cube: Cube,
    /// Of each cell by day, how it came to its owner: a place in `allocations`.
    pub of_days: Vec<Option<usize>>,
    /// Who bears what.
    pub allocations: Vec<Allocation>,
    /// What stays in pools, sorted.
    pub unshared: Vec<Unshared>,
}

impl Sharing {
    /// How the pools of a cube are shared out. It must be the whole cube: what owners cost by
    /// themselves says how proportional pools are shared.
    pub fn of(settings: &Settings, estate: &Estate, drivers: &Drivers, cube: &Cube) -> Self {
        let mut places: HashSet<(Name, Month, Currency)> = HashSet::new();
        places.extend(cube.days.iter().map(place));
        places.extend(cube.months.iter().map(place));
        let pools: BTreeSet<At> = places
            .into_iter()
            .map(|(owner, month, currency)| (cube.names.text(owner), month, currency))
            .filter(|(owner, ..)| owner.starts_with(POOL))
            .map(|(owner, month, currency)| (owner.to_owned(), month, currency))
            .collect();
        let mut making = Making {
            known: Known::new(settings, estate, drivers, cube),
            names: cube.names.clone(),
            tables: Vec::new(),
            made_of: Vec::new(),
            done: BTreeMap::new(),
        };
        for at in &pools {
            // What cannot be shared says so where it is asked for again.
            let _ = making.table(at);
        }
        making.finished()
    }

    /// The names of all owners before and after; those of the cube are as they were.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Who bears what, by pool, month and currency.
    pub fn allocations(&self) -> &[Allocation] {
        &self.allocations
    }

    /// Splits a cell of the cube that this was made of. What is in no pool, or stays in one,
    /// comes back as it is.
    ///
    /// # Panics
    /// If the parts did not add up to the cell, which would be a bug: money that is not there, or
    /// is there twice, must not get any further.
    pub fn split<C: Divisible>(&self, cell: &C, visit: &mut dyn FnMut(Part<C>)) {
        let whose = cell.whose();
        let Some(&at) = self.places.get(&place(cell)) else {
            let (cell, allocation) = (*cell, None);
            return visit(Part { cell, allocation });
        };
        let first = self.tables[at].first;
        let mut allocation = first;
        self.divide(at, cell.amounts(), &mut |target, amounts| {
            let is_first = allocation == first;
            if is_first || amounts != Amounts::default() {
                let whose = Attribution {
                    owner: target.owner,
                    service: match target.service {
                        Name::NONE => whose.service,
                        service => service,
                    },
                    ..whose
                };
                visit(Part {
                    cell: cell.part(whose, amounts, is_first),
                    allocation: Some(allocation),
                });
            }
            allocation += 1;
        });
    }

    fn divide(&self, at: usize, whole: Amounts, visit: &mut dyn FnMut(&Target, Amounts)) {
        let table = &self.tables[at];
        let parts = parts(&table.portions, whole);
        let sum = parts
            .iter()
            .fold(Amounts::default(), |sum, part| sum + *part);
        assert_eq!(sum, whole, "the parts of a cell add up to it");
        for (target, part) in table.targets.iter().zip(parts) {
            match target.passes_on {
                Some(next) => self.divide(next, part, visit),
                None => visit(target, part),
            }
        }
    }

    /// A cube with its pools shared out: the one that this was made of.
    ///
    /// # Panics
    /// As [`Sharing::split`] does.
    pub fn cube(&self, cube: &Cube) -> Shared {
        let mut shared = Cube {
            names: self.names.clone(),
            days: Vec::with_capacity(cube.days.len()),
            months: Vec::with_capacity(cube.months.len()),
            hotspots: cube.hotspots.clone(),
        };
        let mut of_days = Vec::with_capacity(cube.days.len());
        for cell in &cube.days {
            self.split(cell, &mut |part| {
                of_days.push(part.allocation);
                shared.days.push(part.cell);
            });
        }
        for cell in &cube.months {
            self.split(cell, &mut |part| shared.months.push(part.cell));
        }
        Shared {
            unshared: self.unshared(&shared.days),
            cube: shared,
            of_days,
            allocations: self.allocations.clone(),
        }
    }

    /// What is still in pools after they were shared out.
    fn unshared(&self, days: &[DayCell]) -> Vec<Unshared> {
        let mut left: BTreeMap<At, Amounts> = BTreeMap::new();
        for cell in days {
            let owner = self.names.text(cell.whose.owner);
            if owner.starts_with(POOL) {
                let at = (owner.to_owned(), cell.incurred_in(), cell.currency);
                *left.entry(at).or_default() += cell.amounts;
            }
        }
        let unshared = left.into_iter().map(|(at, amounts)| {
            let reason = self.reasons.get(&at).cloned().unwrap_or(Reason::Unknown);
            let (pool, month, currency) = at;
            Unshared {
                pool,
                month,
                currency,
                amounts,
                reason,
            }
        });
        unshared.collect()
    }
}

fn place<C: Divisible>(cell: &C) -> (Name, Month, Currency) {
    (cell.whose().owner, cell.incurred_in(), cell.currency())
}

/// The parts of all four costs.
fn parts(portions: &Portions, whole: Amounts) -> Vec<Amounts> {
    let effective = portions.split(whole.effective);
    // Often all four are the same.
    let split = |cost: Decimal| {
        if cost == whole.effective {
            effective.clone()
        } else {
            portions.split(cost)
        }
    };
    let (billed, listed, contracted) = (
        split(whole.billed),
        split(whole.listed),
        split(whole.contracted),
    );
    let parts = billed
        .into_iter()
        .zip(&effective)
        .zip(listed)
        .zip(contracted);
    parts
        .map(|(((billed, effective), listed), contracted)| Amounts {
            billed,
            effective: *effective,
            listed,
            contracted,
        })
        .collect()
}

/// Tables while they are made.
struct Making<'a> {
    known: Known<'a>,
    names: Names,
    tables: Vec<Table>,
    /// What each table is made of.
    made_of: Vec<(At, Bearers)>,
    done: BTreeMap<At, Result<usize, Reason>>,
}

impl Making<'_> {
    /// The table of a pool, or why there is none.
    fn table(&mut self, at: &At) -> Result<usize, Reason> {
        if let Some(done) = self.done.get(at) {
            return done.clone();
        }
        let table = self.make(at);
        self.done.insert(at.clone(), table.clone());
        table
    }

    fn make(&mut self, at: &At) -> Result<usize, Reason> {
        let bearers = self.known.of(at)?;
        let weights: Vec<Decimal> = bearers.each.iter().map(|one| one.weight).collect();
        let portions = Portions::of(&weights).ok_or(Reason::OutOfRange)?;
        let mut targets = Vec::with_capacity(bearers.each.len());
        for one in &bearers.each {
            // What is borne by a pool that cannot be shared out stays there. No pool comes back
            // to itself here, so that this ends.
            let passes_on = one.owner.starts_with(POOL).then(|| {
                let next = (one.owner.clone(), at.1, at.2);
                self.table(&next).ok()
            });
            targets.push(Target {
                owner: self.names.name(&one.owner),
                service: self.names.name(&one.service),
                passes_on: passes_on.flatten(),
            });
        }
        self.tables.push(Table {
            portions,
            targets,
            first: 0,
        });
        self.made_of.push((at.clone(), bearers));
        Ok(self.tables.len() - 1)
    }

    fn finished(self) -> Sharing {
        let mut sharing = Sharing {
            names: self.names,
            tables: self.tables,
            places: HashMap::new(),
            allocations: Vec::new(),
            reasons: BTreeMap::new(),
        };
        let mut allocations = Vec::new();
        for (at, done) in self.done {
            let table = match done {
                Ok(table) => table,
                Err(reason) => {
                    sharing.reasons.insert(at, reason);
                    continue;
                }
            };
            let (pool, month, currency) = &at;
            let owner = sharing.names.name(pool);
            sharing.places.insert((owner, *month, *currency), table);
            sharing.tables[table].first = allocations.len();
            let mut leaves = Vec::new();
            leaves_of(&sharing.tables, &self.made_of, table, &[], &mut leaves);
            let mut leaf = leaves.into_iter();
            let one = Amounts {
                effective: Decimal::ONE,
                ..Amounts::default()
            };
            sharing.divide(table, one, &mut |_, part| {
                let described = leaf.next().map(|described| Allocation {
                    pool: pool.clone(),
                    ratio: part.effective,
                    ..described
                });
                allocations.extend(described);
            });
        }
        sharing.allocations = allocations;
        sharing
    }
}

/// Who bears a pool in the end, in the order in which it is split.
fn leaves_of(
    tables: &[Table],
    made_of: &[(At, Bearers)],
    table: usize,
    via: &[String],
    leaves: &mut Vec<Allocation>,
) {
    let ((pool, month, currency), bearers) = &made_of[table];
    for (one, target) in bearers.each.iter().zip(&tables[table].targets) {
        if let Some(next) = target.passes_on {
            let mut via = via.to_vec();
            via.push(one.owner.clone());
            leaves_of(tables, made_of, next, &via, leaves);
            continue;
        }
        leaves.push(Allocation {
            pool: pool.clone(),
            via: via.to_vec(),
            owner: one.owner.clone(),
            service: one.service.clone(),
            month: *month,
            currency: *currency,
            by: bearers.by,
            ratio: Decimal::ZERO,
            usage: one.usage.clone(),
        });
    }
}
