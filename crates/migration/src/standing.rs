//! How a migration stands: each thing with its state, and what holds things back.

use std::collections::BTreeMap;
use std::fmt;

use base::{Decimal, Span};
use estate::kinds::{About, Hold};
use jiff::civil::Date;

use crate::state::{Stage, State};

/// How a migration stands on a day.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The name of the migration.
    pub migration: String,
    /// What people call it.
    pub title: String,
    /// What moves.
    pub about: About,
    /// The group that answers for it.
    pub owner: String,
    /// The day it began, if that is said.
    pub started: Option<Date>,
    /// The day by which it should be done, if one is said.
    pub due: Option<Date>,
    /// The day it is told for.
    pub today: Date,
    /// All that moves, moved, or went, by id.
    pub assets: Vec<Asset>,
    /// What holds things back that are still where they should not be, in the order of the
    /// blockers, and of one blocker by name.
    pub locks: Vec<Lock>,
    /// How what is left compares with the list of what was there; nothing where none was written.
    pub listed: Option<Listed>,
}

/// One thing that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// What it is called, in the same words while it is the same thing.
    pub id: String,
    /// What it is among its like: a periodic job, a service.
    pub kind: String,
    /// The group that owns it.
    pub owner: Option<String>,
    /// What is moved in one go with it: its own id where it moves alone.
    pub batch: String,
    /// Where it is written; of what is no more, where the migration is.
    pub place: Span,
    /// The thing that it is a copy of, made for a time.
    pub parent: Option<String>,
    /// How far it has come.
    pub state: State,
    /// What decides that, the goal first.
    pub evidence: Vec<Evidence>,
    /// What holds it, hard or soft: places in [`Standing::locks`]. Empty unless it has to wait or
    /// could move.
    pub locks: Vec<usize>,
    /// Whether part of it could not be read: what it lacks is not held against it.
    pub flawed: bool,
}

/// A fact that decides what state a thing is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What was asked of the thing, as it is written.
    pub said: String,
    /// Whether that holds.
    pub holds: bool,
    /// The fields it looks at, and what they hold.
    pub found: Vec<(String, String)>,
    /// Where that is written.
    pub place: Span,
    /// Whether it is what the goal asks.
    pub of_goal: bool,
}

/// Something that holds things back until it is freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// What it is called: the blocker, and of one that is made for each listed, `blocker: listed`.
    pub name: String,
    /// The blocker.
    pub blocker: String,
    /// Which of those listed, of a blocker that is made for each.
    pub listed: Option<String>,
    /// How strongly it holds.
    pub hold: Hold,
    /// What to do about it.
    pub about: Option<String>,
    /// Who frees it.
    pub owner: Option<String>,
    /// How many days that takes, if that is said.
    pub effort: Option<Decimal>,
    /// Where it is declared.
    pub span: Span,
    /// What it holds: places in [`Standing::assets`].
    pub holds: Vec<usize>,
}

/// How what is left compares with the list of what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// How many the list names.
    pub count: usize,
    /// What is left, is not excepted, and is not on it, nor a copy of what is: places in
    /// [`Standing::assets`]. A ratchet lets none of it in.
    pub new: Vec<usize>,
    /// Ids on it that need to be there no more: moved, gone or excepted.
    pub done: Vec<String>,
}

/// How many things are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([usize; Stage::ALL.len()]);

impl Counts {
    /// How many are in a state.
    pub fn of(&self, stage: Stage) -> usize {
        self.0[stage as usize]
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.0.iter().sum()
    }

    /// How many are still where they should not be, the excepted among them.
    pub fn left(&self) -> usize {
        let left = Stage::ALL.iter().filter(|stage| stage.is_left());
        left.map(|stage| self.of(*stage)).sum()
    }

    /// One more in a state.
    pub fn add(&mut self, stage: Stage) {
        self.0[stage as usize] += 1;
    }
}

impl<'a> FromIterator<&'a Asset> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a Asset>>(assets: I) -> Self {
        let mut counts = Self::default();
        for asset in assets {
            counts.add(asset.state.stage());
        }
        counts
    }
}

impl Standing {
    /// How many things are in each state.
    pub fn counts(&self) -> Counts {
        self.assets.iter().collect()
    }

    /// The same by something that assets have; a thing without it counts under an empty text.
    pub fn counts_by<'s>(
        &'s self,
        key: impl Fn(&'s Asset) -> &'s str,
    ) -> BTreeMap<&'s str, Counts> {
        let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
        for asset in &self.assets {
            let of_key = counts.entry(key(asset)).or_default();
            of_key.add(asset.state.stage());
        }
        counts
    }

    /// What is still where it should not be.
    pub fn left(&self) -> impl Iterator<Item = &Asset> {
        self.assets.iter().filter(|asset| asset.state.is_left())
    }

    /// A thing by its id.
    pub fn asset(&self, id: &str) -> Option<&Asset> {
        let at = self
            .assets
            .binary_search_by(|asset| asset.id.as_str().cmp(id));
        self.assets.get(at.ok()?)
    }

    /// Why a thing is in its state, in half a sentence.
    pub fn because(&self, asset: &Asset) -> String {
        let told = |evidence: Option<&Evidence>| evidence.map(ToString::to_string);
        match &asset.state {
            // What the goal asks is told of what is ready; here it is what is missing.
            State::Todo(_) => {
                let after = asset.evidence.iter().filter(|one| !one.of_goal);
                let missing: Vec<String> = after.map(ToString::to_string).collect();
                missing.join("; ")
            }
            State::Blocked(by) => {
                let locks = by.iter().filter_map(|&lock| self.locks.get(lock));
                let names: Vec<&str> = locks.map(|lock| lock.name.as_str()).collect();
                format!("waits for {}", names.join(", "))
            }
            State::Excepted(excepted) => {
                let end = match excepted.until {
                    Some(until) => format!("until {until}"),
                    None => "without an end".to_owned(),
                };
                format!("{end}: {} ({})", excepted.reason, excepted.decision)
            }
            State::InFlight => {
                let mut after = asset.evidence.iter().filter(|one| !one.of_goal);
                told(after.next()).unwrap_or_default()
            }
            State::Ready | State::Moved => told(asset.evidence.first()).unwrap_or_default(),
            State::Retired => "it was listed, and is no more".to_owned(),
        }
    }

    /// What has come that was not there when the list was written; nothing if there is no list.
    pub fn new_ones(&self) -> Option<impl Iterator<Item = &Asset>> {
        let listed = self.listed.as_ref()?;
        Some(listed.new.iter().filter_map(|&at| self.assets.get(at)))
    }
}

impl Asset {
    /// Whether it must be on the list of what was there: it is left, and not excepted.
    pub fn is_held_to_the_list(&self) -> bool {
        self.state.is_left() && !matches!(self.state, State::Excepted(_))
    }

    /// The owner, or nothing.
    pub fn owner_or_none(&self) -> &str {
        self.owner.as_deref().unwrap_or("")
    }
}

impl fmt::Display for Evidence {
    /// What the fields hold that were looked at; the question, where it looks at none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.is_empty() {
            return f.write_str(&self.said);
        }
        for (at, (field, value)) in self.found.iter().enumerate() {
            let sign = if at == 0 { "" } else { ", " };
            write!(f, "{sign}{field} is {value}")?;
        }
        Ok(())
    }
}
