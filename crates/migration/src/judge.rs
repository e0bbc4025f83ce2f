//! From things to their states.

use std::collections::{BTreeMap, BTreeSet};

use base::Span;
use estate::Item;
use estate::kinds::{About, Hold, Migration, Service};
use jiff::civil::Date;
use policy::{Baseline, Subject, Things};
use predicate::{List, Predicate, Value};

use crate::standing::{Asset, Evidence, Listed, Lock, Standing};
use crate::state::{Excepted, Lack, State};
use crate::terms::Terms;

/// The lists of what was there, which are kept beside a migration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lists<'l> {
    /// As it is: nothing may be left that is not on it.
    pub now: Option<&'l Baseline>,
    /// As it was first written: what is on it and is no more was retired on the way. As the list
    /// is now, if nobody knows.
    pub first: Option<&'l Baseline>,
}

/// Whether a thing runs at the old place and at a new one, and what says so.
type Both<'b> = &'b dyn Fn(&dyn Subject) -> Option<Evidence>;

/// What is said of things.
pub(crate) struct Said<'s> {
    /// The things that were read.
    pub(crate) things: &'s [&'s dyn Subject],
    pub(crate) both: Both<'s>,
    /// Whether a thing may be there although it was not read.
    pub(crate) unread: &'s dyn Fn(&str) -> bool,
}

impl Said<'_> {
    /// Whether a thing is not among those that were read, and may be there all the same.
    fn may_be_there(&self, id: &str) -> bool {
        (self.unread)(id) && self.things.iter().all(|thing| thing.id() != id)
    }
}

impl Standing {
    /// How a migration stands on a day.
    pub fn of(
        item: &Item<Migration>,
        terms: &Terms,
        things: &Things<'_>,
        lists: Lists<'_>,
        today: Date,
    ) -> Self {
        let services = &things.estate().tables.services;
        let both = |thing: &dyn Subject| {
            let service = services.get(thing.id())?;
            at_both(&item.value, &service.value, thing)
        };
        let none = |_: &dyn Subject| None;
        let both: Both<'_> = match item.value.about {
            About::Service => &both,
            _ => &none,
        };
        let about = item.value.about;
        let unread = |id: &str| things.may_be_unread(about, id);
        let said = Said {
            things: &things.of_kind(about),
            both,
            unread: &unread,
        };
        Self::among(item, terms, &said, lists, today)
    }

    /// The same among these things.
    pub(crate) fn among(
        item: &Item<Migration>,
        terms: &Terms,
        said: &Said<'_>,
        lists: Lists<'_>,
        today: Date,
    ) -> Self {
        let court = Court {
            migration: &item.value,
            terms,
            both: said.both,
            today,
        };
        let mut cases: Vec<Case<'_>> = said
            .things
            .iter()
            .filter(|thing| terms.covers(**thing, today))
            .map(|thing| court.open(*thing))
            .collect();
        cases.sort_by(|one, other| one.thing.id().cmp(other.thing.id()));
        let locks = court.locks(&cases);
        let mut assets: Vec<Asset> = cases
            .into_iter()
            .map(|case| court.close(case, &locks))
            .collect();
        court.retired(lists, said, item.span, &mut assets);
        let listed = lists.now.map(|list| listed(list, &assets, said));
        let locks = holding(locks, &assets);
        Self {
            migration: item.name.clone(),
            title: item.title().to_owned(),
            about: item.value.about,
            owner: item.value.owner.name.clone(),
            started: item.value.started.as_ref().map(|day| day.value),
            due: item.value.due.as_ref().map(|day| day.value),
            today,
            assets,
            locks,
            listed,
        }
    }
}

/// A service that runs at a place that is left and at one that is not.
fn at_both(migration: &Migration, service: &Service, thing: &dyn Subject) -> Option<Evidence> {
    let places = service.runs_at.iter();
    let (old, new): (Vec<_>, Vec<_>) = places.partition(|place| {
        let of_service = service.migration.iter().map(|move_| &move_.from);
        let mut left = migration.from.iter().chain(of_service);
        left.any(|from| from.same(&place.account))
    });
    let both = !old.is_empty() && !new.is_empty();
    both.then(|| {
        let names = service
            .runs_at
            .iter()
            .map(|place| place.account.name.as_str());
        Evidence {
            said: "it runs at the old place and at a new one".to_owned(),
            holds: true,
            found: vec![("runs_at".to_owned(), names.collect::<Vec<_>>().join(", "))],
            place: thing.place("runs_at"),
            of_goal: false,
        }
    })
}

/// A thing whose state is being found.
struct Case<'t> {
    thing: &'t dyn Subject,
    /// Its state, where no lock has a say in it.
    settled: Option<State>,
    evidence: Vec<Evidence>,
    /// What holds it: blockers, and what they list.
    held: BTreeSet<(usize, String)>,
}

/// What holds things back, by blocker and what it lists, with its place.
type Locks = BTreeMap<(usize, String), (usize, Lock)>;

struct Court<'m> {
    migration: &'m Migration,
    terms: &'m Terms,
    both: Both<'m>,
    today: Date,
}

impl Court<'_> {
    /// What can be said of a thing before all locks are known.
    fn open<'t>(&self, thing: &'t dyn Subject) -> Case<'t> {
        let mut evidence = self.why(&self.terms.goal, thing);
        let mut held = BTreeSet::new();
        let settled = if self.terms.goal.holds(thing, self.today) {
            Some(State::Moved)
        } else if let Some((excepted, why)) = self.excepted(thing) {
            evidence.extend(why);
            Some(State::Excepted(excepted))
        } else if let Some(why) = self.in_flight(thing) {
            evidence.extend(why);
            Some(State::InFlight)
        } else {
            for (at, holder) in &self.terms.blockers {
                let names = holder.locks(thing, self.today);
                held.extend(names.into_iter().map(|name| (*at, name)));
            }
            None
        };
        Case {
            thing,
            settled,
            evidence,
            held,
        }
    }

    fn excepted(&self, thing: &dyn Subject) -> Option<(Excepted, Vec<Evidence>)> {
        let holding = self.terms.exceptions.iter().filter_map(|(at, applies)| {
            let excuse = self.migration.exceptions.get(*at)?;
            let until = excuse.until.as_ref().map(|day| day.value);
            let runs = until.is_none_or(|until| until >= self.today);
            (runs && applies.holds(thing, self.today)).then_some((excuse, until, applies))
        });
        // Of several, the one that holds longest.
        let (excuse, until, applies) =
            holding.max_by_key(|(_, until, _)| until.unwrap_or(Date::MAX))?;
        let excepted = Excepted {
            reason: excuse.reason.clone(),
            decision: excuse.decision.clone(),
            until,
            span: excuse.applies.span,
        };
        Some((excepted, self.why(applies, thing)))
    }

    fn in_flight(&self, thing: &dyn Subject) -> Option<Vec<Evidence>> {
        let said = self.terms.in_flight.as_ref();
        match said.filter(|said| said.holds(thing, self.today)) {
            Some(said) => Some(self.why(said, thing)),
            None => (self.both)(thing).map(|evidence| vec![evidence]),
        }
    }

    /// All locks, in the order of the blockers, and of one blocker by name.
    fn locks(&self, cases: &[Case<'_>]) -> Locks {
        let names: BTreeSet<&(usize, String)> = cases.iter().flat_map(|case| &case.held).collect();
        let locks = names.into_iter().enumerate();
        locks
            .filter_map(|(place, (at, listed))| {
                let lock = self.lock(*at, listed)?;
                Some(((*at, listed.clone()), (place, lock)))
            })
            .collect()
    }

    fn lock(&self, at: usize, listed: &str) -> Option<Lock> {
        let blocker = self.migration.blockers.get(at)?;
        let listed = (!listed.is_empty()).then(|| listed.to_owned());
        let name = match &listed {
            None => blocker.id.value.clone(),
            Some(listed) => format!("{}: {listed}", blocker.id),
        };
        Some(Lock {
            name,
            blocker: blocker.id.value.clone(),
            listed,
            hold: blocker.hold,
            about: blocker.about.clone(),
            owner: blocker.owner.as_ref().map(|owner| owner.name.clone()),
            effort: blocker.effort.as_ref().map(|effort| effort.value),
            span: blocker.id.span,
            holds: Vec::new(),
        })
    }

    /// A thing with its state, now that all locks are known.
    fn close(&self, case: Case<'_>, locks: &Locks) -> Asset {
        let thing = case.thing;
        let mut evidence = case.evidence;
        let known = case.held.iter().filter_map(|key| locks.get(key));
        let held: Vec<usize> = known.clone().map(|(place, _)| *place).collect();
        let state = case.settled.unwrap_or_else(|| {
            let hard = known.filter(|(_, lock)| lock.hold == Hold::Hard);
            let hard: Vec<usize> = hard.map(|(place, _)| *place).collect();
            for (at, listed) in &case.held {
                evidence.extend(self.held(*at, listed, thing));
            }
            self.unsettled(hard, thing, &mut evidence)
        });
        Asset {
            id: thing.id().to_owned(),
            kind: kind(self.migration.about, thing),
            owner: thing.owner().map(str::to_owned),
            batch: self.batch(thing),
            place: thing.span(),
            parent: thing.parent().map(str::to_owned),
            state,
            evidence,
            locks: held,
            flawed: thing.is_flawed(),
        }
    }

    /// The state of what has not moved, is not excepted and is not being moved.
    fn unsettled(
        &self,
        hard: Vec<usize>,
        thing: &dyn Subject,
        evidence: &mut Vec<Evidence>,
    ) -> State {
        if !hard.is_empty() {
            return State::Blocked(hard);
        }
        let mut lacks = Vec::new();
        if thing.owner().is_none() {
            lacks.push(Lack::Owner);
            evidence.push(Evidence {
                said: "nobody owns it".to_owned(),
                holds: true,
                found: Vec::new(),
                place: thing.place("owner"),
                of_goal: false,
            });
        }
        if let Some(ready) = &self.terms.ready
            && !ready.holds(thing, self.today)
        {
            lacks.push(Lack::Ready);
            evidence.extend(self.why(ready, thing));
        }
        if lacks.is_empty() {
            State::Ready
        } else {
            State::Todo(lacks)
        }
    }

    /// What says that a lock holds a thing.
    fn held(&self, at: usize, listed: &str, thing: &dyn Subject) -> Vec<Evidence> {
        let holders = self.terms.blockers.iter();
        let Some((_, holder)) = holders.into_iter().find(|(place, _)| *place == at) else {
            return Vec::new();
        };
        let applies = holder.applies.as_ref();
        let mut evidence = applies.map_or_else(Vec::new, |applies| self.why(applies, thing));
        if let Some(each) = &holder.each {
            let value = thing.get(&each.field);
            let sign = if matches!(value, Value::List(_)) {
                "contains"
            } else {
                "=="
            };
            evidence.push(Evidence {
                said: format!("{} {sign} \"{}\"", each.field, base::visible(listed)),
                holds: true,
                found: vec![(each.field.clone(), value.to_string())],
                place: thing.place(&each.field),
                of_goal: false,
            });
        }
        evidence
    }

    /// What is moved in one go with a thing.
    fn batch(&self, thing: &dyn Subject) -> String {
        let field = self.terms.batch.as_ref();
        let value = field.map(|field| words(&thing.get(field)));
        match value {
            Some(words) if !words.is_empty() => words,
            _ => thing.id().to_owned(),
        }
    }

    fn why(&self, said: &Predicate, thing: &dyn Subject) -> Vec<Evidence> {
        let reasons = said.why(thing, self.today).reasons;
        let of = |reason: predicate::Reason| {
            let field = reason
                .found
                .first()
                .map_or("", |(field, _)| first_word(field));
            Evidence {
                place: thing.place(field),
                said: reason.said,
                holds: reason.holds,
                found: reason.found,
                of_goal: std::ptr::eq(said, &raw const self.terms.goal),
            }
        };
        reasons.into_iter().map(of).collect()
    }

    /// What was listed and is no more.
    fn retired(&self, lists: Lists<'_>, said: &Said<'_>, nowhere: Span, assets: &mut Vec<Asset>) {
        let there: BTreeSet<&str> = said.things.iter().map(|thing| thing.id()).collect();
        let ids: BTreeSet<&str> = [lists.first, lists.now]
            .into_iter()
            .flatten()
            .flat_map(Baseline::ids)
            .collect();
        // What could not be read is not gone.
        let gone = |id: &&str| !there.contains(id) && !(said.unread)(id);
        for id in ids.into_iter().filter(gone) {
            assets.push(Asset {
                id: id.to_owned(),
                kind: kind_of_id(self.migration.about, id),
                owner: None,
                batch: id.to_owned(),
                place: nowhere,
                parent: None,
                state: State::Retired,
                evidence: Vec::new(),
                locks: Vec::new(),
                flawed: false,
            });
        }
        assets.sort_by(|one, other| one.id.cmp(&other.id));
    }
}

/// The locks by their places, each with what it holds.
fn holding(locks: Locks, assets: &[Asset]) -> Vec<Lock> {
    let mut locks: Vec<Lock> = locks.into_values().map(|(_, lock)| lock).collect();
    for (at, asset) in assets.iter().enumerate() {
        for &lock in &asset.locks {
            if let Some(lock) = locks.get_mut(lock) {
                lock.holds.push(at);
            }
        }
    }
    locks
}

fn listed(list: &Baseline, assets: &[Asset], said: &Said<'_>) -> Listed {
    let held = assets.iter().enumerate();
    let held: Vec<(usize, &Asset)> = held
        .filter(|(_, asset)| asset.is_held_to_the_list())
        .collect();
    let ids = held.iter();
    let compared = list.compare(ids.map(|(_, asset)| (asset.id.as_str(), asset.parent.as_deref())));
    let new = compared.new.iter().filter_map(|&at| held.get(at));
    Listed {
        count: list.len(),
        new: new
            .filter(|(_, asset)| !asset.flawed)
            .map(|(at, _)| *at)
            .collect(),
        done: compared
            .gone
            .into_iter()
            .filter(|id| !said.may_be_there(id))
            .collect(),
    }
}

/// What a thing is among its like: jobs say it, others are all of one kind.
fn kind(about: About, thing: &dyn Subject) -> String {
    match (about, thing.get("kind")) {
        (About::Job, Value::Text(kind)) => kind.to_owned(),
        _ => about.word().to_owned(),
    }
}

/// The same of what is no more: the id of a job begins with it.
fn kind_of_id(about: About, id: &str) -> String {
    match (about, id.split_once('/')) {
        (About::Job, Some((kind, _))) => kind.to_owned(),
        _ => about.word().to_owned(),
    }
}

/// A value in words, of a list all its elements.
fn words(value: &Value<'_>) -> String {
    match value {
        Value::Missing => String::new(),
        Value::Text(text) => (*text).to_owned(),
        Value::List(list) => of_list(list),
        other => other.to_string(),
    }
}

fn of_list(list: &List<'_>) -> String {
    let mut all = Vec::new();
    list.elements().find(&mut |value| {
        all.push(words(&value));
        false
    });
    all.join(", ")
}

/// The field that an operand begins with: `labels` of `labels["team"]`.
fn first_word(operand: &str) -> &str {
    let end = operand.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &operand[..end.unwrap_or(operand.len())]
}
