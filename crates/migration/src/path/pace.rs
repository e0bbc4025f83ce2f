//! What moving takes, and who has how much time for it.

use std::collections::BTreeMap;

use estate::Estate;
use estate::kinds::Migration;
use jiff::civil::Date;

/// What a bridge takes a day where nobody says: a quarter of an hour of eight.
const BRIDGE: f64 = 0.03;
/// How many days a week a group has where nobody says.
const WEEK: f64 = 2.0;
/// How many days of a week are worked.
pub(super) const WORKED: f64 = 5.0;

/// What moving takes, and who has how much time for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Days of one person for each part.
    pub batch: f64,
    /// Days of one person for each thing in it.
    pub each: f64,
    /// Days of one person for a bridge, each working day.
    pub bridge: f64,
    /// Whether somebody said what a bridge takes.
    pub bridge_said: bool,
    /// Days a week, by group.
    pub capacity: BTreeMap<String, f64>,
    /// When nothing is moved.
    pub pauses: Vec<Pause>,
}

/// Days on which nothing is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
    /// For which group; for all if not said.
    pub group: Option<String>,
    /// Why.
    pub why: Option<String>,
}

impl Default for Pace {
    /// A day a part, a quarter of an hour a day and bridge, two days a week and group.
    fn default() -> Self {
        Self {
            batch: 1.0,
            each: 0.0,
            bridge: BRIDGE,
            bridge_said: false,
            capacity: BTreeMap::new(),
            pauses: Vec::new(),
        }
    }
}

impl Pace {
    /// What a migration says of it.
    pub fn of(migration: &Migration, estate: &Estate) -> Self {
        let effort = &migration.effort;
        let bridge_said = !effort.bridge.is_zero();
        let capacity = migration.capacity.entries.iter().map(|(group, days)| {
            let known = estate.item(estate::KindId::Group, &group.value);
            let name = known.map_or(group.value.as_str(), |group| group.name);
            (name.to_owned(), days.approximate())
        });
        let pauses = migration.freezes.iter().map(|freeze| Pause {
            from: freeze.from.value,
            until: freeze.until.value,
            group: freeze.group.as_ref().map(|group| {
                let known = estate.find(group);
                known.map_or_else(|| group.name.clone(), |group| group.name.clone())
            }),
            why: freeze.why.clone(),
        });
        Self {
            batch: effort.batch.approximate(),
            each: effort.each.approximate(),
            bridge: if bridge_said {
                effort.bridge.approximate()
            } else {
                BRIDGE
            },
            bridge_said,
            capacity: capacity.collect(),
            pauses: pauses.collect(),
        }
    }

    /// How many days a week a group has for it.
    pub fn days_a_week(&self, group: Option<&str>) -> f64 {
        let said = group.and_then(|group| self.capacity.get(group));
        said.copied().unwrap_or(WEEK)
    }
}
