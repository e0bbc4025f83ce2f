//! The thresholds of risk, as the charter sets them.

use yaml::record;

use crate::Count;

record! {
    /// From where on a change counts as riskier. Which facts raise a risk is not a matter of settings.
    #[derive(Default)]
    pub struct RiskPolicy {
        /// So many groups, services, repositories and names behind a change are few; 3 if not said. More of them make it medium.
        pub few: Option<Count>,
        /// When the small changes of one author add up.
        pub accumulate: Option<AccumulationPolicy>,
    }
}

record! {
    /// When the small changes of one author add up to a larger one.
    pub struct AccumulationPolicy {
        /// The days over which changes are added up; 7 if not said.
        pub days: Option<Count>,
        /// With so many low changes, the last is medium; 5 if not said. Changes that only add do not count.
        pub low: Option<Count>,
        /// With so many medium changes, the last is high; 3 if not said.
        pub medium: Option<Count>,
    }
}

/// The thresholds of risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RiskSettings {
    /// So many things behind a change are few.
    pub few: usize,
    /// The days over which one author's changes are added up.
    pub days: u32,
    /// So many low changes make the last medium.
    pub low: usize,
    /// So many medium changes make the last high.
    pub medium: usize,
}

impl Default for RiskSettings {
    fn default() -> Self {
        Self {
            few: 3,
            days: 7,
            low: 5,
            medium: 3,
        }
    }
}

impl RiskPolicy {
    /// The thresholds, as shipped where the charter says nothing.
    pub fn settings(&self) -> RiskSettings {
        let shipped = RiskSettings::default();
        let number = |given: Option<Count>, shipped: usize| {
            given.map_or(shipped, |count| {
                usize::try_from(count.get()).unwrap_or(usize::MAX)
            })
        };
        let sums = self.accumulate.as_ref();
        RiskSettings {
            few: number(self.few, shipped.few),
            days: sums
                .and_then(|sums| sums.days)
                .map_or(shipped.days, Count::get),
            low: number(sums.and_then(|sums| sums.low), shipped.low),
            medium: number(sums.and_then(|sums| sums.medium), shipped.medium),
        }
    }
}
