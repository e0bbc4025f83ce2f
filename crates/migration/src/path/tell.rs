//! From waves of places to waves of names.

use std::collections::BTreeMap;

use estate::kinds::Hold;
use waves::{Plan, Problem};

use super::against::wave_of;
use super::course::{
    Bridge, Counts, Course, Late, Opened, Order, Owner, Reference, Share, Standing, Unit, Wave,
};
use super::cycles::cycles;
use super::left::{Fate, Left};
use super::parts::{PartKind, Tie, Why, amount};
use super::plan::{Path, moves};
use super::words::{self, Ends};

/// What floats leave over is cut off.
pub(super) fn tidy(number: f64) -> f64 {
    let tidy = (number * 1e6).round() / 1e6;
    if tidy == 0.0 { 0.0 } else { tidy }
}

/// A plan as it is told.
pub(super) fn course(path: &Path, problem: &Problem, plan: &Plan) -> Course {
    let Path { left, parts, .. } = path;
    let wave_of = wave_of(parts.all.len(), plan);
    let waves: Vec<Wave> = (0..plan.waves.len())
        .map(|place| wave(path, problem, plan, &wave_of, place))
        .collect();
    let throughout = parts.throughout.iter().map(|&common| {
        let common = &left.commons[common];
        format!("the {} {}", common.kind, common.name)
    });
    Course {
        migration: left.migration.clone(),
        title: left.title.clone(),
        about: left.about.clone(),
        counts: Counts {
            left: left.count(Fate::Moves),
            stays: left.count(Fate::Stays),
            moved: left.count(Fate::Moved),
        },
        start: problem.start,
        ends: plan.ends(),
        due: left.due,
        days: problem.limits.days,
        groups: (problem.limits.groups < usize::MAX).then_some(problem.limits.groups),
        owners: owners(path),
        parts: units(path, &wave_of),
        orders: orders(path, plan),
        bridges: path
            .parts
            .edges
            .iter()
            .map(|edge| bridge(path, edge))
            .collect(),
        cycles: cycles(left, parts, plan),
        today: dearest(path, plan.today.clone()),
        waves,
        lasting: lasting(path, problem, &wave_of),
        throughout: throughout.collect(),
        effort: tidy(plan.effort),
        bridging: tidy(plan.bridging),
        waiting: tidy(plan.rent),
        cost: tidy(plan.cost()),
        least: tidy(plan.least()),
        gap: tidy(plan.gap()),
        order_least: tidy(plan.bound),
        order_gap: tidy(plan.order_gap()),
        unlock: unlock(left),
        late: late(path, plan, &wave_of),
        against: None,
        notes: notes(path),
    }
}

fn owners(path: &Path) -> Vec<Owner> {
    let owner = |owner: &Option<String>| {
        let parts = path.parts.all.iter().filter(|part| moves(part));
        let own = parts.filter(|part| part.owner == *owner);
        Owner {
            name: owner.clone(),
            days_a_week: path.left.pace.days_a_week(owner.as_deref()),
            effort: tidy(own.map(|part| part.effort).sum()),
        }
    };
    path.owners.iter().map(owner).collect()
}

fn units(path: &Path, wave_of: &[Option<usize>]) -> Vec<Unit> {
    let Path { left, parts, .. } = path;
    let lock = |lock: usize| left.obstacles[lock].name.clone();
    let parts = parts.all.iter().zip(wave_of);
    let moving = parts.filter(|(part, _)| moves(part));
    let unit = moving.map(|(part, wave)| {
        let of_lock = match part.kind {
            PartKind::Lock(lock) => Some(lock),
            _ => None,
        };
        let waits =
            |thing: &&super::Thing| of_lock.is_some_and(|lock| thing.held_by.contains(&lock));
        let waiting = left.things.iter().filter(waits);
        let own = part.things.iter().map(|&thing| &left.things[thing]);
        Unit {
            id: part.id.clone(),
            lock: of_lock.is_some(),
            owner: part.owner.clone(),
            effort: tidy(part.effort),
            things: own.chain(waiting).map(|thing| thing.id.clone()).collect(),
            waits_for: part.waits_for.iter().map(|&of| lock(of)).collect(),
            wave: *wave,
        }
    });
    unit.collect()
}

fn orders(path: &Path, plan: &Plan) -> Vec<Order> {
    let id = |part: usize| path.parts.all[part].id.clone();
    let together = |one: usize, other: usize| {
        let mut groups = plan.groups.iter();
        groups.any(|group| group.nodes.contains(&one) && group.nodes.contains(&other))
    };
    let rules = path.parts.rules.iter().map(|rule| Order {
        first: id(rule.first),
        then: id(rule.then),
        together: rule.why == Why::Batch || together(rule.first, rule.then),
        because: words::rule(&path.left, &path.parts, rule),
    });
    rules.collect()
}

fn bridge(path: &Path, edge: &super::parts::Edge) -> Bridge {
    let Path { left, parts, .. } = path;
    let id = |part: usize| parts.all[part].id.clone();
    let (link, shares) = match &edge.tie {
        Tie::Link(at) => {
            let link = &left.links[*at];
            let reference = Reference {
                from: left.things[link.from].id.clone(),
                how: link.how.to_owned(),
                to: left.things[link.to].id.clone(),
                why: link.why.clone(),
            };
            (Some(reference), Vec::new())
        }
        Tie::Shares(commons) => {
            let name = |&common: &usize| {
                let common = &left.commons[common];
                format!("{} {}", common.kind, common.name)
            };
            (None, commons.iter().map(name).collect())
        }
    };
    Bridge {
        one: id(edge.one),
        other: id(edge.other),
        link,
        shares,
        per_day: tidy(edge.share * left.pace.bridge),
        says: words::bridge(left, parts, edge, None),
    }
}

fn wave(
    path: &Path,
    problem: &Problem,
    plan: &Plan,
    wave_of: &[Option<usize>],
    place: usize,
) -> Wave {
    let Path { left, parts, .. } = path;
    let wave = &plan.waves[place];
    let moved = |part: usize| match wave_of[part] {
        Some(wave) => wave <= place + 1,
        None => problem.moved.contains(&part),
    };
    let bridges = dearest(path, wave.bridges.clone());
    let bridges = bridges.into_iter().map(|bridge| {
        let edge = &parts.edges[bridge];
        let ends = Ends {
            one: moved(edge.one),
            other: moved(edge.other),
        };
        Standing {
            bridge,
            built: wave.built.binary_search(&bridge).is_ok(),
            says: words::bridge(left, parts, edge, Some(ends)),
        }
    });
    let mut work: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &part in wave
        .groups
        .iter()
        .flat_map(|&group| &plan.groups[group].nodes)
    {
        work.entry(problem.nodes[part].owner)
            .or_default()
            .push(part);
    }
    let work = work.into_iter().map(|(owner, mut of)| {
        of.sort_unstable();
        Share {
            owner: path.owners[owner].clone(),
            effort: tidy(of.iter().map(|&part| problem.nodes[part].effort).sum()),
            capacity: tidy(problem.owners[owner].capacity * wave.days),
            parts: of.iter().map(|&part| parts.all[part].id.clone()).collect(),
        }
    });
    Wave {
        number: place + 1,
        first: wave.first,
        last: wave.last,
        days: wave.days,
        work: work.collect(),
        bridges: bridges.collect(),
        dropped: dearest(path, wave.dropped.clone()),
        bridging: tidy(wave.bridging),
    }
}

/// The bridges between what is there in the end and what stays.
fn lasting(path: &Path, problem: &Problem, wave_of: &[Option<usize>]) -> Vec<usize> {
    let there = |part: usize| wave_of[part].is_some() || problem.moved.contains(&part);
    let edges = path.parts.edges.iter().enumerate();
    let lasting = edges.filter(|(_, edge)| there(edge.one) != there(edge.other));
    dearest(path, lasting.map(|(place, _)| place).collect())
}

/// Bridges with those first that take most, as lists are read from their beginning.
fn dearest(path: &Path, mut bridges: Vec<usize>) -> Vec<usize> {
    let share = |bridge: usize| path.parts.edges[bridge].share;
    bridges.sort_by(|&one, &two| share(two).total_cmp(&share(one)).then(one.cmp(&two)));
    bridges
}

/// The order in which to free what holds things.
fn unlock(left: &Left) -> Vec<Opened> {
    let moving: Vec<&super::Thing> = left
        .things
        .iter()
        .filter(|thing| thing.fate == Fate::Moves)
        .collect();
    let effort = |lock: usize| left.obstacles[lock].effort.unwrap_or(left.pace.batch);
    let holding = (0..left.obstacles.len()).map(|lock| {
        let things = moving.iter().enumerate();
        let held = things.filter(|(_, thing)| thing.held_by.contains(&lock));
        let holds: Vec<usize> = held.map(|(place, _)| place).collect();
        (lock, holds)
    });
    let holding: Vec<(usize, Vec<usize>)> = holding.filter(|of| !of.1.is_empty()).collect();
    let locks = holding.iter().map(|(lock, holds)| waves::Lock {
        effort: effort(*lock),
        holds: holds.clone(),
    });
    let locks: Vec<waves::Lock> = locks.collect();
    let freed = waves::unlock(&locks, &vec![1.0; moving.len()]);
    let opened = freed.into_iter().map(|freed| {
        let (lock, holds) = &holding[freed.lock];
        let obstacle = &left.obstacles[*lock];
        Opened {
            name: obstacle.name.clone(),
            owner: obstacle.owner.clone(),
            effort: tidy(effort(*lock)),
            soft: obstacle.hold == Hold::Soft,
            holds: holds.len(),
            frees: freed.frees.len(),
            left: freed.left,
            about: obstacle.about.clone(),
        }
    });
    opened.collect()
}

fn late(path: &Path, plan: &Plan, wave_of: &[Option<usize>]) -> Vec<Late> {
    let left = &path.left;
    let mut late = Vec::new();
    if let (Some(due), Some(ends)) = (left.due, plan.ends())
        && ends > due
    {
        let what = left.title.clone();
        late.push(Late { what, due, ends });
    }
    for (part, wave) in path.parts.all.iter().zip(wave_of) {
        let Some(wave) = wave else { continue };
        let ends = plan.waves[wave - 1].last;
        for thing in part.things.iter().map(|&thing| &left.things[thing]) {
            if let Some(due) = thing.due.filter(|due| ends > *due) {
                let what = thing.id.clone();
                late.push(Late { what, due, ends });
            }
        }
    }
    late
}

/// What was assumed, and what nobody does.
fn notes(path: &Path) -> Vec<String> {
    let Path { left, parts, .. } = path;
    let mut notes = left.notes.clone();
    let unowned = parts
        .all
        .iter()
        .filter(|part| moves(part) && part.owner.is_none());
    let unowned: Vec<&str> = unowned.map(|part| part.id.as_str()).collect();
    if !unowned.is_empty() {
        notes.push(format!(
            "nobody owns {}: planned as if somebody had {} a week for {}",
            few(&unowned),
            words::counted_days(left.pace.days_a_week(None)),
            if unowned.len() == 1 { "it" } else { "them" }
        ));
    }
    for &link in &parts.stuck {
        let link = &left.links[link];
        let (from, to) = (&left.things[link.from].id, &left.things[link.to].id);
        notes.push(format!(
            "{from} {} {to}, which stays by an exception: {from} may not be able to move before that ends",
            link.how
        ));
    }
    if left.migration.is_none() {
        let week = words::counted_days(left.pace.days_a_week(None));
        notes.push(format!(
            "nothing says what a move takes: a day for each service and {week} a week for each group are assumed"
        ));
    }
    if !left.pace.bridge_said && !parts.edges.is_empty() {
        notes.push(format!(
            "nothing says what a bridge takes: {} of a day each working day is assumed",
            left.pace.bridge
        ));
    }
    if parts.edges.is_empty() && amount(parts.all.len()) > 1.0 {
        notes.push(
            "nothing that is left refers to anything else that moves: no order needs a bridge"
                .to_owned(),
        );
    }
    notes
}

/// Some names, and how many more.
fn few(names: &[&str]) -> String {
    const NAMED: usize = 5;
    let named: Vec<String> = names
        .iter()
        .take(NAMED)
        .map(|name| (*name).to_owned())
        .collect();
    match names.len().saturating_sub(NAMED) {
        0 => words::list(&named),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
