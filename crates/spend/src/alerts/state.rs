//! What was told, so that it is told once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::alerts::Alert;
use crate::alerts::facts::{self, UnusualCost};

/// The version of the form that a state is kept in.
const VERSION: u32 = 1;

/// What was told, as it is kept between runs; read as JSON, and refused where a later version of
/// this program wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value")]
pub struct State {
    version: u32,
    /// What was told, by id.
    pub(super) told: BTreeMap<String, Entry>,
    /// What could not be told, and will be tried again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) owed: Vec<Alert>,
}

/// One thing that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// The day on which it was.
    pub(super) raised: Date,
    /// The day on which it was taken back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) withdrawn: Option<Date>,
    /// The last day on which it was looked at: what is not any more is forgotten some day.
    pub(super) seen: Date,
}

/// The same, when its version is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    told: BTreeMap<String, Entry>,
    #[serde(default)]
    owed: Vec<Alert>,
}

impl TryFrom<serde_json::Value> for State {
    type Error = String;

    fn try_from(kept: serde_json::Value) -> Result<Self, String> {
        let version = kept.get("version").and_then(serde_json::Value::as_u64);
        if version.is_some_and(|version| version > u64::from(VERSION)) {
            return Err(format!(
                "what was told is written in a form newer than {VERSION}, which is the last that this program knows; \
                 use a newer one"
            ));
        }
        let kept: Kept = serde_json::from_value(kept).map_err(|error| error.to_string())?;
        Ok(Self {
            version: kept.version,
            told: kept.told,
            owed: kept.owed,
        })
    }
}

impl Default for State {
    /// Nothing was told.
    fn default() -> Self {
        Self {
            version: VERSION,
            told: BTreeMap::new(),
            owed: Vec::new(),
        }
    }
}

impl State {
    /// Notes that something could not be told, to those whom it names: the next step has it again.
    pub fn owe(&mut self, alert: Alert) {
        self.owed.push(alert);
    }

    /// Notes that events were told under the ids by which they were seen before, so that they are
    /// not told again. To be called before [`crate::alerts::step`].
    pub fn follow(&mut self, events: &[UnusualCost]) {
        let name = |id: &String| facts::event_id(id);
        for event in events {
            let now = name(&event.id);
            let mut before = event.also.iter().map(name);
            let told = before.find_map(|id| self.told.get(&id).cloned());
            if let Some(entry) = told.filter(|_| !self.told.contains_key(&now)) {
                self.told.insert(now, entry);
            }
        }
    }

    /// What stands: told, and not taken back; with the day on which it was told. By id.
    pub fn standing(&self) -> impl Iterator<Item = (&str, Date)> {
        let standing = |(_, entry): &(&String, &Entry)| entry.withdrawn.is_none();
        let told = self.told.iter().filter(standing);
        told.map(|(id, entry)| (id.as_str(), entry.raised))
    }
}
