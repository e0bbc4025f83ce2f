//! One pass over the cells of a cube: all sums that the report is made of.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use base::{Currency, Decimal, Month};
use hashbrown::HashMap;
use jiff::civil::Date;

use crate::cells::{Cube, DayCell, Name};
use crate::outlook::{Costs, Days};

impl AddAssign for Costs {
    fn add_assign(&mut self, other: Self) {
        self.gross += other.gross;
        self.net += other.net;
        self.drawn += other.drawn;
    }
}

fn costs(cell: &DayCell) -> Costs {
    let mut costs = Costs::default();
    costs.add(cell);
    costs
}

/// The times that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Windows {
    /// The last complete days.
    pub now: Days,
    /// As many before them.
    pub before: Days,
    /// As many as were complete at the last meeting.
    pub then: Option<Days>,
}

impl Windows {
    fn holding(&self, day: Date) -> [bool; 3] {
        [
            self.now.contains(day),
            self.before.contains(day),
            self.then.is_some_and(|then| then.contains(day)),
        ]
    }
}

/// Whose, for what, at which provider, in which sub-account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Line {
    pub owner: Name,
    pub service: Name,
    pub funding: Name,
    pub provider: Name,
    pub sub_account: Name,
}

/// The sums of one line in each of the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct InWindows {
    pub now: Costs,
    pub before: Costs,
    pub then: Costs,
}

impl AddAssign for InWindows {
    fn add_assign(&mut self, other: Self) {
        self.now += other.now;
        self.before += other.before;
        self.then += other.then;
    }
}

/// What cells that follow on each other often share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    day: Date,
    billed: Month,
    provider: Name,
}

/// When it was incurred, when it is billed, and at which provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time {
    pub incurred: Month,
    pub billed: Month,
    pub provider: Name,
}

/// The sums of one cube in one currency.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub lines: BTreeMap<Line, InWindows>,
    pub times: BTreeMap<Time, Costs>,
    /// The gross cost of what is in other currencies, which no other sum has in it.
    pub others: BTreeMap<Currency, Decimal>,
}

impl Pass {
    /// Costs the cells of a currency; those of others are only counted.
    pub(super) fn over(cube: &Cube, windows: &Windows, currency: Currency) -> Self {
        let mut pass = Self::default();
        let mut lines: HashMap<Line, InWindows> = HashMap::new();
        // Cells are sorted by day first, so that a sum is put away once for many of them.
        let mut open: Option<(Run, Costs)> = None;
        for cell in &cube.days {
            if cell.currency != currency {
                *pass.others.entry(cell.currency).or_default() += cell.gross();
                continue;
            }
            let sums = costs(cell);
            let run = Run {
                day: cell.day,
                billed: cell.billed_in,
                provider: cell.provider,
            };
            match &mut open {
                Some((same, sum)) if *same == run => *sum += sums,
                _ => pass.close(open.replace((run, sums))),
            }
            let [now, before, then] = windows.holding(cell.day);
            if !(now || before || then) {
                continue;
            }
            let line = Line {
                owner: cell.whose.owner,
                service: cell.whose.service,
                funding: cell.whose.funding,
                provider: cell.provider,
                sub_account: cell.sub_account,
            };
            let of = |is: bool| if is { sums } else { Costs::default() };
            *lines.entry(line).or_default() += InWindows {
                now: of(now),
                before: of(before),
                then: of(then),
            };
        }
        pass.close(open);
        pass.lines = lines.into_iter().collect();
        pass
    }

    fn close(&mut self, run: Option<(Run, Costs)>) {
        let Some((run, sums)) = run else { return };
        let time = Time {
            incurred: Month::of(run.day),
            billed: run.billed,
            provider: run.provider,
        };
        *self.times.entry(time).or_default() += sums;
    }

    /// The sums by one part of the lines.
    pub(super) fn by<K: Ord>(&self, part: impl Fn(&Line) -> K) -> BTreeMap<K, InWindows> {
        let mut sums: BTreeMap<K, InWindows> = BTreeMap::new();
        for (line, in_windows) in &self.lines {
            *sums.entry(part(line)).or_default() += *in_windows;
        }
        sums
    }

    /// The sums by one part of the times.
    pub(super) fn over_time<K: Ord>(&self, part: impl Fn(&Time) -> K) -> BTreeMap<K, Costs> {
        let mut sums: BTreeMap<K, Costs> = BTreeMap::new();
        for (time, sum) in &self.times {
            *sums.entry(part(time)).or_default() += *sum;
        }
        sums
    }

    /// All of it.
    pub(super) fn total(&self) -> InWindows {
        self.by(|_| ()).remove(&()).unwrap_or_default()
    }
}
