//! What groups promise about a first answer.

use std::collections::BTreeMap;

use charter::Charter;
use decisions::item::Clock;
use estate::kinds::Group;
use estate::{Estate, Period, PeriodUnit};
use jiff::Timestamp;

/// The soonest first answers that groups promise, and the clock that they are counted by.
#[derive(Debug, Default)]
pub(super) struct Promises {
    of: BTreeMap<String, Period>,
    clock: Option<Clock>,
}

impl Promises {
    /// Those of an estate.
    pub(super) fn of(estate: &Estate, charter: &Charter) -> Self {
        let groups = estate.tables.groups.items();
        let promised =
            groups.filter_map(|group| Some((group.name.clone(), soonest(&group.value)?)));
        Self {
            of: promised.collect(),
            clock: Some(Clock::of(&charter.decisions)),
        }
    }

    /// Which of some groups answers first, and within what time.
    pub(super) fn first<'g>(
        &self,
        groups: impl IntoIterator<Item = &'g String>,
    ) -> Option<(&'g str, Period)> {
        let promised = groups
            .into_iter()
            .filter_map(|group| Some((group.as_str(), *self.of.get(group)?)));
        promised.min_by_key(|(_, period)| hours(*period))
    }

    /// When a period ends that began at an instant.
    pub(super) fn by(&self, from: Timestamp, period: Period) -> Option<Timestamp> {
        self.clock.as_ref()?.deadline(from, period).ok()
    }
}

/// The soonest first answer that a group promises on any way to it.
pub(super) fn soonest(group: &Group) -> Option<Period> {
    let promises = group.promises.iter().map(|promise| promise.first_response);
    promises.min_by_key(|period| hours(*period))
}

/// About how many hours a period takes, to compare periods.
fn hours(period: Period) -> u64 {
    let each = match period.unit {
        PeriodUnit::Hours | PeriodUnit::BusinessHours => 1,
        PeriodUnit::WorkingHours => 3,
        PeriodUnit::Days | PeriodUnit::BusinessDays => 24,
    };
    u64::from(period.amount) * each
}

/// A period as people say it.
pub(super) fn in_words(period: Period) -> String {
    let (one, many) = match period.unit {
        PeriodUnit::Hours => ("hour", "hours"),
        PeriodUnit::Days => ("day", "days"),
        PeriodUnit::BusinessHours => ("hour of business days", "hours of business days"),
        PeriodUnit::BusinessDays => ("business day", "business days"),
        PeriodUnit::WorkingHours => ("working hour", "working hours"),
    };
    base::counted(period.amount as usize, one, many)
}
