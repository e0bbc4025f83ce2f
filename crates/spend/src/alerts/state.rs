//! What was told, so that it is told once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::alerts::Alert;
use crate::alerts::facts::{self, UnusualCost};

/// The version of the form that a state is kept in.
const VERSION: u32 = 1;

/// What was told, as it is kept between runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    version: u32,
    /// What was told, by id.
    pub(super) told: BTreeMap<String, Entry>,
    /// What could not be told, and will be tried again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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

/// Why a state that was kept cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadState {
    /// It is not what was written.
    #[error("the state of alerts is not readable, and without it everything would be told again")]
    Unreadable(#[source] serde_json::Error),
    /// It is of a later version of this program.
    #[error(
        "the state of alerts is of version {0}, and this program knows {VERSION}: use a newer one"
    )]
    Newer(u32),
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
    /// Reads what [`State::to_json`] wrote.
    ///
    /// # Errors
    /// It is something else, or of a later version.
    pub fn from_json(text: &str) -> Result<Self, BadState> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_str(text).map_err(BadState::Unreadable)?;
        if version > VERSION {
            return Err(BadState::Newer(version));
        }
        serde_json::from_str(text).map_err(BadState::Unreadable)
    }

    /// As JSON with a newline; the same state is the same bytes.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        // Texts, days and maps of them: nothing in it can fail to be written.
        text.unwrap_or_default() + "\n"
    }

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
