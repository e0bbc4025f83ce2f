//! What is left of a migration, and how it hangs together.

use std::collections::BTreeMap;

use estate::kinds::{About, Hold, Migration, MigrationState};
use estate::{Estate, KindId};
use jiff::civil::Date;
use jobs::{Catalogue, References};

use super::common::{self, Common};
use super::links::{self, Link};
use super::pace::Pace;
use crate::{Asset, State};

/// What is left of a migration, and how it hangs together.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// The migration; nothing where services say themselves that they move.
    pub migration: Option<String>,
    /// What people call it.
    pub title: String,
    /// What moves: `jobs`, `services`.
    pub about: String,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// All that moves, moved or stays, by id.
    pub things: Vec<Thing>,
    /// What holds things.
    pub obstacles: Vec<Obstacle>,
    /// What refers to what.
    pub links: Vec<Link>,
    /// What is used in common.
    pub commons: Vec<Common>,
    /// What moving takes.
    pub pace: Pace,
    /// What whoever reads the plan should know.
    pub notes: Vec<String>,
}

/// Something that moves, has moved or stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What it is called.
    pub id: String,
    /// Who moves it.
    pub owner: Option<String>,
    /// What it is moved in one go with: its own id where it moves alone.
    pub batch: String,
    /// Whether it moves.
    pub fate: Fate,
    /// The day by which it should have moved, where it has one of its own.
    pub due: Option<Date>,
    /// What holds it: places in [`Left::obstacles`], rising.
    pub held_by: Vec<usize>,
}

/// Whether a thing moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It does.
    Moves,
    /// It has.
    Moved,
    /// It does not, for now.
    Stays,
}

/// What holds things until it is freed.
#[derive(Debug, Clone, PartialEq)]
pub struct Obstacle {
    /// What it is called.
    pub name: String,
    /// The blocker that it is of.
    pub blocker: String,
    /// How strongly it holds.
    pub hold: Hold,
    /// Who frees it.
    pub owner: Option<String>,
    /// How many days that takes, if that is said.
    pub effort: Option<f64>,
    /// What to do about it.
    pub about: Option<String>,
}

impl Left {
    /// What is left of the moves that services say of themselves.
    pub fn of_services(estate: &Estate) -> Self {
        let mut things = Vec::new();
        let (mut nowhere, mut under_way) = (Vec::new(), 0);
        for service in estate.tables.services.items() {
            let value = &service.value;
            let Some((state, of)) = value.migration_state().zip(value.migration.as_ref()) else {
                continue;
            };
            let moved = state == MigrationState::Done;
            under_way += usize::from(state == MigrationState::UnderWay);
            if of.to.is_none() && !moved {
                nowhere.push(service.name.as_str());
            }
            let owner = value.owner.as_ref();
            things.push(Thing {
                id: service.name.clone(),
                owner: owner.map(|owner| {
                    let known = estate.find(owner);
                    known.map_or_else(|| owner.name.clone(), |owner| owner.name.clone())
                }),
                batch: service.name.clone(),
                fate: if moved { Fate::Moved } else { Fate::Moves },
                due: of.due.as_ref().map(|due| due.value),
                held_by: Vec::new(),
            });
        }
        things.sort_by(|one, two| one.id.cmp(&two.id));
        let mut notes = Vec::new();
        if !nowhere.is_empty() {
            notes.push(format!(
                "{} planned though nothing says where to (`to:` below `migration:`): {}",
                base::counted(nowhere.len(), "service is", "services are"),
                nowhere.join(", ")
            ));
        }
        note_under_way(under_way, &mut notes);
        Self {
            migration: None,
            title: format!("Services of {} that move", estate.manifest.name),
            about: "services".to_owned(),
            due: None,
            links: links::between(estate, KindId::Service, &places(&things)),
            things,
            obstacles: Vec::new(),
            commons: Vec::new(),
            pace: Pace::default(),
            notes,
        }
    }

    /// What is left of a migration.
    pub fn of_migration(
        standing: &crate::Standing,
        migration: &Migration,
        estate: &Estate,
    ) -> Self {
        let kind = match standing.about {
            About::Service => Some(KindId::Service),
            About::Account => Some(KindId::Account),
            About::MailingGroup => Some(KindId::MailingGroup),
            About::Job | About::Preset | About::Tab => None,
        };
        let things = standing
            .assets
            .iter()
            .filter_map(|asset| thing(asset, kind));
        let things: Vec<Thing> = things.collect();
        let links = kind.map_or_else(Vec::new, |kind| {
            links::between(estate, kind, &places(&things))
        });
        let obstacles = standing.locks.iter().map(|lock| Obstacle {
            name: lock.name.clone(),
            blocker: lock.blocker.clone(),
            hold: lock.hold,
            owner: lock.owner.clone(),
            effort: lock.effort.map(base::Decimal::approximate),
            about: lock.about.clone(),
        });
        let assets = standing.assets.iter();
        let in_flight = assets.filter(|asset| asset.state == State::InFlight);
        let mut notes = Vec::new();
        note_under_way(in_flight.count(), &mut notes);
        Self {
            migration: Some(standing.migration.clone()),
            title: standing.title.clone(),
            about: format!("{}s", standing.about.word().replace('-', " ")),
            due: standing.due,
            things,
            obstacles: obstacles.collect(),
            links,
            commons: Vec::new(),
            pace: Pace::of(migration, estate),
            notes,
        }
    }

    /// The same with what jobs use in common. `id` says what a job is called, by its place.
    pub fn with_jobs(
        mut self,
        catalogue: &Catalogue,
        references: &References,
        id: &dyn Fn(usize) -> String,
    ) -> Self {
        let places = places(&self.things);
        let thing: Vec<Option<usize>> = (0..catalogue.jobs.len())
            .map(|job| places.get(&id(job)).copied())
            .collect();
        let of = |job: usize| thing.get(job).copied().flatten();
        self.commons = common::of_jobs(catalogue, references, &of);
        self
    }

    /// How many things have a fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.things
            .iter()
            .filter(|thing| thing.fate == fate)
            .count()
    }
}

fn note_under_way(count: usize, notes: &mut Vec<String>) {
    if count > 0 {
        notes.push(format!(
            "{} being moved already, and planned as if not begun",
            base::counted(count, "is", "are")
        ));
    }
}

/// The place of each thing by its name.
fn places(things: &[Thing]) -> BTreeMap<String, usize> {
    let places = things.iter().enumerate();
    places
        .map(|(place, thing)| (thing.id.clone(), place))
        .collect()
}

fn thing(asset: &Asset, kind: Option<KindId>) -> Option<Thing> {
    let fate = match &asset.state {
        State::Todo(_) | State::Blocked(_) | State::Ready | State::InFlight => Fate::Moves,
        State::Excepted(_) => Fate::Stays,
        State::Moved => Fate::Moved,
        State::Retired => return None,
    };
    // Items of an estate are known by their bare names.
    let bare = |name: &str| {
        let of_kind = kind.and_then(|kind| {
            let rest = name.strip_prefix(kind.name())?;
            rest.strip_prefix('/').map(str::to_owned)
        });
        of_kind.unwrap_or_else(|| name.to_owned())
    };
    let mut held_by = asset.locks.clone();
    held_by.sort_unstable();
    held_by.dedup();
    Some(Thing {
        id: bare(&asset.id),
        owner: asset.owner.clone(),
        batch: bare(&asset.batch),
        fate,
        due: None,
        held_by: if fate == Fate::Moves {
            held_by
        } else {
            Vec::new()
        },
    })
}
