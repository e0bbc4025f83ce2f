//! From which day to which charges are known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::cells::{Cube, Name};
use crate::outlook::days::{self, Days};

/// A provider that charged nothing for so many days is taken to have ended; its later days are
/// zero. One that was charged less long ago is late.
const ENDED_AFTER: i64 = 45;
/// Of the last [`WINDOW`] days of a provider, so many have charges if it is billed by day.
const BY_DAY: usize = 20;
const WINDOW: i64 = 28;
/// Of fewer days it cannot be told: what was charged once is no bill that is late.
const A_WEEK: usize = 7;

/// The sums of all charges, and up to which day they are complete.
#[derive(Debug)]
pub struct Known<'c> {
    /// The sums, with what is used together already shared out.
    pub cube: &'c Cube,
    /// The day on which it is asked.
    pub today: Date,
    /// The last day that can be complete: charges of later days are still coming in.
    pub last_complete: Date,
    providers: BTreeMap<Name, Covered>,
}

/// What there is of a provider.
#[derive(Debug, Clone, Copy)]
struct Covered {
    days: Days,
    /// It charges by day; else by month, and the days between say nothing.
    by_day: bool,
}

/// From which day to which charges are known of some providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covering {
    /// The days; those between without a charge cost nothing.
    pub days: Days,
    /// The providers whose charges end before the last complete day, and where.
    pub late: Vec<Late>,
}

/// A provider whose charges end early: its bills were not imported, or it is not used any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Late {
    /// `ProviderName`.
    pub provider: String,
    /// The last day with a charge.
    pub last: Date,
}

impl<'c> Known<'c> {
    /// Looks at a cube on a day. The charges of a day are complete when so many whole days have
    /// passed after it: with 0 yesterday's are, with 2 not before those of three days ago.
    pub fn of(cube: &'c Cube, today: Date, complete_after_days: u32) -> Self {
        let last_complete = days::after(today, -1 - i64::from(complete_after_days));
        let mut seen: BTreeMap<Name, BTreeSet<Date>> = BTreeMap::new();
        let mut last = None;
        for cell in &cube.days {
            let key = (cell.provider, cell.day);
            if last == Some(key) {
                continue;
            }
            // A correction may be of any day, also of one before all bills; and what is paid
            // ahead, of one to come. Neither says how far bills reach.
            if cell.kind.correction || cell.day > last_complete {
                continue;
            }
            last = Some(key);
            seen.entry(cell.provider).or_default().insert(cell.day);
        }
        let covered = seen.into_iter().filter_map(|(provider, on)| {
            let (&from, &until) = on.first().zip(on.last())?;
            let recent = on.range(days::after(until, 1 - WINDOW)..).count();
            let days = Days { from, until };
            let known = usize::try_from(days.count()).unwrap_or(BY_DAY);
            let by_day = known >= A_WEEK && recent >= BY_DAY.min(known);
            Some((provider, Covered { days, by_day }))
        });
        Self {
            cube,
            today,
            last_complete,
            providers: covered.collect(),
        }
    }

    /// From which day to which the charges of these providers are known. The last day is that up
    /// to which all of them are that charge by day; nothing if no day is complete.
    pub fn covering(&self, providers: &BTreeSet<Name>) -> Option<Covering> {
        let covered = providers.iter().filter_map(|name| {
            let covered = self.providers.get(name)?;
            Some((self.cube.names.text(*name), covered))
        });
        let covered: Vec<(&str, &Covered)> = covered.collect();
        let from = covered.iter().map(|(_, one)| one.days.from).min()?;
        let newest = covered.iter().map(|(_, one)| one.days.until).max()?;
        let newest = newest.min(self.last_complete);
        let mut late: Vec<Late> = Vec::new();
        let mut until = newest;
        for (provider, one) in covered {
            let lag = days::between(one.days.until, newest);
            if one.by_day && lag < ENDED_AFTER {
                until = until.min(one.days.until);
            }
            if one.days.until < self.last_complete {
                late.push(Late {
                    provider: provider.to_owned(),
                    last: one.days.until,
                });
            }
        }
        late.sort();
        let days = Days { from, until };
        (from <= until).then_some(Covering { days, late })
    }

    /// The providers of such a name.
    pub(crate) fn named(&self, provider: &str) -> BTreeSet<Name> {
        let names = self.providers.keys().copied();
        let same = |name: &Name| super::scope::same_provider(self.cube.names.text(*name), provider);
        names.filter(same).collect()
    }

    /// All providers that charged anything.
    pub(crate) fn providers(&self) -> BTreeSet<Name> {
        self.providers.keys().copied().collect()
    }
}
