//! A domain that is a map in memory, with all that a real system may do to a writer.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;

use base::Digest;
use change::{
    Action, Change, Clock, Difference, Domain, Hand, ItemWriter, Kept, Observation, Origin, Scope,
    ScopeLimits, Sighting, Stopped, WriteFailure, Writer, Writers,
};
use charter::risk::{Breaks, Effect, Rollback};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub(crate) type Things = BTreeMap<String, u8>;

/// What happens at one call of a writer.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    Refused,
    /// It asks to wait so many seconds.
    Later(u64),
    Unreachable,
    /// It is not known, and it was not done.
    UnknownBefore,
    /// It is not known, and it was done.
    UnknownAfter,
    /// As [`Trouble::UnknownAfter`], and then nothing can be read.
    Dark,
    /// Somebody else changes a thing first.
    Meanwhile(String, u8),
}

/// The real system, and the machine that we run on.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) things: Things,
    pub(crate) serial: u64,
    /// Troubles by the number of the writer's call, from 0.
    pub(crate) troubles: BTreeMap<usize, Trouble>,
    pub(crate) calls: usize,
    /// How often each thing was written.
    pub(crate) writes: BTreeMap<String, usize>,
    pub(crate) unreadable: bool,
    pub(crate) waited: Duration,
    /// Steps so far: looks at the clock, reads, and the moments before and after a write.
    pub(crate) steps: usize,
    /// The step at which the process dies.
    pub(crate) dies_at: Option<usize>,
}

pub(crate) type Shared = Rc<RefCell<World>>;

/// What a dying process throws.
pub(crate) struct Died;

fn step(world: &Shared) {
    let dies = {
        let mut world = world.borrow_mut();
        world.steps += 1;
        world.dies_at == Some(world.steps)
    };
    if dies {
        resume_unwind(Box::new(Died));
    }
}

impl World {
    pub(crate) fn holding(things: &Things) -> Shared {
        Rc::new(RefCell::new(Self {
            things: things.clone(),
            serial: 1,
            ..Self::default()
        }))
    }

    fn set(&mut self, thing: &str, value: Option<u8>) {
        match value {
            Some(value) => self.things.insert(thing.to_owned(), value),
            None => self.things.remove(thing),
        };
    }
}

pub(crate) fn scope() -> Scope {
    Scope {
        domain: "shelf".to_owned(),
        name: "tools".to_owned(),
        at: "here".to_owned(),
    }
}

/// An estate's view of the shelf.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) world: Shared,
    pub(crate) wanted: Option<Things>,
    pub(crate) limits: ScopeLimits,
}

pub(crate) const NO_LIMITS: ScopeLimits = ScopeLimits {
    updates_percent: 100,
    deletes_percent: 100,
    exempt_below: 0,
};

impl Shelf {
    pub(crate) fn wanting(world: &Shared, wanted: &Things) -> Self {
        Self {
            world: Rc::clone(world),
            wanted: Some(wanted.clone()),
            limits: NO_LIMITS,
        }
    }

    fn stopped(what: &str) -> Stopped {
        Stopped {
            scope: scope(),
            what: what.to_owned(),
            help: "look at it".to_owned(),
        }
    }
}

pub(crate) fn effect() -> Effect {
    Effect::new(Breaks::No, Rollback::Easy)
}

pub(crate) fn change(thing: &str, before: Option<u8>, after: Option<u8>) -> Change {
    let (before, after) = (before.map(Value::from), after.map(Value::from));
    Change {
        resource: thing.to_owned(),
        action: Change::action_of(before.as_ref(), after.as_ref()).unwrap(),
        before,
        after,
        origin: Origin::Commit,
        owners: vec!["site".to_owned()],
        declared_at: None,
        effect: effect(),
    }
}

impl Domain for Shelf {
    type State = Things;

    fn scopes(&self) -> Vec<Scope> {
        vec![scope()]
    }

    fn files(&self, _: &Scope) -> Result<BTreeSet<String>, Stopped> {
        Ok(BTreeSet::new())
    }

    fn desired(&self, _: &Scope) -> Result<Things, Stopped> {
        let wanted = self.wanted.clone();
        wanted.ok_or_else(|| Self::stopped("its file cannot be read"))
    }

    fn observe(&self, _: &Scope) -> Result<Observation<Things>, Stopped> {
        step(&self.world);
        let world = self.world.borrow();
        if world.unreadable {
            return Err(Self::stopped("it does not answer"));
        }
        Ok(Observation {
            state: world.things.clone(),
            mark: world.serial.to_string(),
        })
    }

    fn diff(
        &self,
        _: &Scope,
        current: &Things,
        desired: &Things,
        declared_before: Option<&Things>,
    ) -> Difference {
        let mut difference = Difference::default();
        for thing in current.keys().filter(|thing| !desired.contains_key(*thing)) {
            if declared_before.is_some_and(|before| before.contains_key(thing)) {
                let gone = change(thing, current.get(thing).copied(), None);
                difference.changes.push(gone);
            } else {
                difference.kept.push(Kept {
                    resource: thing.clone(),
                    why: "nobody ever declared it".to_owned(),
                });
            }
        }
        for (thing, value) in desired {
            let before = current.get(thing).copied();
            if before != Some(*value) {
                difference.changes.push(change(thing, before, Some(*value)));
            }
        }
        let order = |one: &Change| (one.action, one.resource.clone());
        difference.changes.sort_by_key(order);
        difference
    }

    fn resources(&self, state: &Things) -> Vec<String> {
        state.keys().cloned().collect()
    }

    fn resource(&self, state: &Things, resource: &str) -> Option<Value> {
        state.get(resource).map(|value| json!(value))
    }

    fn judge<'c>(&self, _: &Scope, _: &Things, changes: impl IntoIterator<Item = &'c mut Change>) {
        for change in changes {
            change.effect = effect();
        }
    }

    fn owners(&self, _: &Scope, _: &str, _: &Things, _: Option<&Things>) -> Vec<String> {
        Vec::new()
    }

    fn digest(&self, state: &Things) -> Digest {
        Digest::of_json(state).unwrap()
    }

    fn count(&self, state: &Things) -> usize {
        state.len()
    }

    fn limits(&self, _: &Scope) -> ScopeLimits {
        self.limits
    }

    fn verify(
        &self,
        _: &Scope,
        _: &Things,
        changes: &[Change],
        otherwise: &HashSet<&str>,
    ) -> Vec<Sighting> {
        vec![Sighting {
            at: "here".to_owned(),
            as_planned: changes.len() - otherwise.len(),
            otherwise: Vec::new(),
            old_answers_for: 60,
        }]
    }
}

/// Opens writers that take so many changes at once.
#[derive(Debug)]
pub(crate) struct Ladder {
    pub(crate) world: Shared,
    pub(crate) batch: usize,
    /// Each change stands alone.
    pub(crate) apart: bool,
}

impl Writers for Ladder {
    fn open(&self, _: &Scope) -> Result<Hand<'_>, Stopped> {
        let hands = Box::new(Hands {
            world: Rc::clone(&self.world),
            batch: self.batch,
        });
        Ok(if self.apart {
            Hand::Apart(hands)
        } else {
            Hand::Whole(hands)
        })
    }
}

struct Hands {
    world: Shared,
    batch: usize,
}

impl Hands {
    fn attempt(&self, mark: &str, batch: &[Change]) -> Result<String, WriteFailure> {
        assert!(!batch.is_empty() && batch.len() <= self.batch);
        let mut world = self.world.borrow_mut();
        let call = world.calls;
        world.calls += 1;
        let trouble = world.troubles.get(&call).cloned();
        let said = |what: &str| what.to_owned();
        match &trouble {
            Some(Trouble::Refused) => return Err(WriteFailure::Refused(said("not this one"))),
            Some(Trouble::Later(seconds)) => {
                return Err(WriteFailure::Later(Duration::from_secs(*seconds)));
            }
            Some(Trouble::Unreachable) => {
                return Err(WriteFailure::Unreachable(said("nobody there")));
            }
            Some(Trouble::UnknownBefore) => return Err(WriteFailure::Unknown(said("no answer"))),
            Some(Trouble::Meanwhile(thing, value)) => {
                world.set(thing, Some(*value));
                world.serial += 1;
            }
            Some(Trouble::UnknownAfter | Trouble::Dark) | None => {}
        }
        if mark != world.serial.to_string() {
            return Err(WriteFailure::Moved);
        }
        for change in batch {
            let before = world.things.get(&change.resource).map(|value| json!(value));
            assert_eq!(before, change.before, "{}", change.resource);
            let after = change.after.as_ref().and_then(Value::as_u64);
            let after = after.map(|value| u8::try_from(value).unwrap());
            world.set(&change.resource, after);
            *world.writes.entry(change.resource.clone()).or_default() += 1;
        }
        world.serial += 1;
        match trouble {
            Some(Trouble::UnknownAfter) => Err(WriteFailure::Unknown(said("no answer"))),
            Some(Trouble::Dark) => {
                world.unreadable = true;
                Err(WriteFailure::Unknown(said("no answer")))
            }
            _ => Ok(world.serial.to_string()),
        }
    }
}

impl Writer for Hands {
    fn batches(&self, mut changes: Vec<Change>) -> Vec<Vec<Change>> {
        // What comes before what goes, so that nothing is ever missing.
        changes.sort_by_key(|change| (change.action == Action::Delete, change.resource.clone()));
        changes.chunks(self.batch).map(<[Change]>::to_vec).collect()
    }

    fn write(&mut self, mark: &str, batch: &[Change]) -> Result<String, WriteFailure> {
        step(&self.world);
        let answer = self.attempt(mark, batch);
        step(&self.world);
        answer
    }
}

impl ItemWriter for Hands {
    fn waves(&self, changes: Vec<Change>) -> Vec<Vec<Change>> {
        self.batches(changes)
    }

    fn write(&mut self, wave: &[Change]) -> Vec<Result<(), WriteFailure>> {
        let one = |change: &Change| {
            step(&self.world);
            let mark = self.world.borrow().serial.to_string();
            let answer = self.attempt(&mark, std::slice::from_ref(change));
            step(&self.world);
            answer.map(|_| ())
        };
        wave.iter().map(one).collect()
    }
}

/// A clock that goes on by a second whenever it is looked at.
pub(crate) struct Watch {
    pub(crate) world: Shared,
    pub(crate) start: Timestamp,
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        step(&self.world);
        let seconds = i64::try_from(self.world.borrow().steps).unwrap();
        self.start + SignedDuration::from_secs(seconds)
    }

    fn wait(&self, how_long: Duration) {
        self.world.borrow_mut().waited += how_long;
    }
}
