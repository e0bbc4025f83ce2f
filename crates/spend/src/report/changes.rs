//! What is different from the last meeting.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Month};
use jiff::civil::Date;

use super::model::{Changes, Mover, Restated};
use super::spenders::Named;
use super::sums::{InWindows, Windows};
use crate::cells::{Cube, Name};
use crate::outlook::Costs;

/// How many movers are named each way.
const MOVERS: usize = 8;
/// How many new and gone sub-accounts are named each.
const NAMED: usize = 20;

/// The sums as they were known at the last meeting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Then<'a> {
    pub day: Date,
    pub cube: &'a Cube,
    /// The last day that was complete then.
    pub until: Date,
}

/// The sums before sharing and after it, and what was known.
pub(super) struct Compared<'a> {
    pub own: Named<'a>,
    pub shared: Named<'a>,
    pub cube: &'a Cube,
    pub previous: Option<Then<'a>>,
    pub windows: Windows,
    pub currency: Currency,
}

impl Compared<'_> {
    /// All but the bills.
    pub(super) fn changes(&self) -> Changes {
        let (pass, names) = (self.shared.pass, self.shared.names);
        let owners = pass.by(|line| names.text(line.owner));
        let named = |is: fn(Costs, Costs) -> bool| {
            let owners = owners.iter();
            let found = owners.filter(|(_, sums)| is(self.then(sums), sums.now));
            found.map(|(name, _)| (*name).to_owned()).collect()
        };
        let movers = self.movers();
        let most = |size: fn(&Mover) -> Decimal, kept: fn(&Mover) -> bool, count: usize| {
            let mut found: Vec<Mover> =
                movers.iter().filter(|mover| kept(mover)).cloned().collect();
            // Sorting is stable: what is alike stays in the order of its names.
            found.sort_by_key(|mover| -size(mover));
            found.truncate(count);
            found
        };
        Changes {
            since: self.previous.map(|previous| previous.day),
            compared: Some(self.windows.then.unwrap_or(self.windows.before)),
            bills: Vec::new(),
            restated: self.restated(),
            new_owners: named(|then, now| then.gross.is_zero() && !now.gross.is_zero()),
            gone_owners: named(|then, now| !then.gross.is_zero() && now.gross.is_zero()),
            new: most(|one| one.now.abs(), |one| one.then.is_zero(), NAMED),
            gone: most(|one| one.then.abs(), |one| one.now.is_zero(), NAMED),
            up: most(|one| one.now - one.then, |one| one.now > one.then, MOVERS),
            down: most(|one| one.then - one.now, |one| one.now < one.then, MOVERS),
        }
    }

    /// What the days that are compared came to.
    fn then(&self, sums: &InWindows) -> Costs {
        match self.windows.then {
            Some(_) => sums.then,
            None => sums.before,
        }
    }

    /// Every sub-account whose cost changed, by its names, before anything is shared out.
    fn movers(&self) -> Vec<Mover> {
        let (pass, names) = (self.own.pass, self.own.names);
        let owned = pass.by(|line| (line.provider, line.sub_account, line.owner));
        let mut owner: BTreeMap<(Name, Name), (Decimal, &str)> = BTreeMap::new();
        for ((provider, sub_account, name), sums) in owned {
            let size = sums.now.gross.abs() + self.then(&sums).gross.abs();
            let name = names.text(name);
            let most = owner.entry((provider, sub_account)).or_insert((size, name));
            if size > most.0 || size == most.0 && name < most.1 {
                *most = (size, name);
            }
        }
        let sums = pass.by(|line| (line.provider, line.sub_account));
        let mover = |(key, sums): ((Name, Name), InWindows)| Mover {
            owner: owner.get(&key).map_or("", |(_, owner)| owner).to_owned(),
            provider: names.text(key.0).to_owned(),
            sub_account: names.text(key.1).to_owned(),
            then: self.then(&sums).gross,
            now: sums.now.gross,
        };
        let mut movers: Vec<Mover> = sums
            .into_iter()
            .map(mover)
            .filter(|mover| mover.then != mover.now)
            .collect();
        movers.sort_by(|a, b| (&a.provider, &a.sub_account).cmp(&(&b.provider, &b.sub_account)));
        movers
    }

    /// Months whose total of the days that were complete then was another one.
    fn restated(&self) -> Vec<Restated> {
        let Some(previous) = self.previous else {
            return Vec::new();
        };
        let then = settled(previous.cube, previous.until, self.currency);
        let now = settled(self.cube, previous.until, self.currency);
        let keys: BTreeSet<&(Month, String)> = then.keys().chain(now.keys()).collect();
        let total =
            |of: &BTreeMap<(Month, String), Decimal>, key| of.get(key).copied().unwrap_or_default();
        let mut restated: Vec<Restated> = keys
            .into_iter()
            .map(|key| Restated {
                provider: key.1.clone(),
                month: key.0,
                then: total(&then, key),
                now: total(&now, key),
            })
            // What is new altogether is a new bill.
            .filter(|row| row.then != row.now && !row.then.is_zero())
            .collect();
        restated.sort_by_key(|row| -(row.now - row.then).abs());
        restated
    }
}

/// What the days until one cost, by the month and provider at which it was incurred.
fn settled(cube: &Cube, until: Date, currency: Currency) -> BTreeMap<(Month, String), Decimal> {
    let mut by_name: BTreeMap<(Month, Name), Decimal> = BTreeMap::new();
    // Cells are sorted by day first, so that a sum is put away once for many of them.
    let mut open: Option<((Date, Name), Decimal)> = None;
    let mut close = |run: Option<((Date, Name), Decimal)>| {
        if let Some(((day, provider), sum)) = run {
            *by_name.entry((Month::of(day), provider)).or_default() += sum;
        }
    };
    for cell in &cube.days {
        if cell.day > until || cell.currency != currency {
            continue;
        }
        let run = (cell.day, cell.provider);
        match &mut open {
            Some((same, sum)) if *same == run => *sum += cell.gross(),
            _ => close(open.replace((run, cell.gross()))),
        }
    }
    close(open);
    let text = |((month, name), sum): ((Month, Name), Decimal)| {
        ((month, cube.names.text(name).to_owned()), sum)
    };
    by_name.into_iter().map(text).collect()
}
