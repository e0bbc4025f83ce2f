//! What moves in one go, and the edges between.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::Hold;

use super::left::{Fate, Left};
use super::links::Grip;

/// What more parts than this use in common is at both places from the first wave to the last,
/// whatever the order.
const FEW: usize = 8;

/// Something that a wave moves, or that does not move any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is called, as no other is.
    pub id: String,
    /// What it is.
    pub kind: PartKind,
    /// What its things agree on; the same for all parts of a batch.
    pub batch: String,
    /// Who moves it.
    pub owner: Option<String>,
    /// Its things: places in [`Left::things`], rising.
    pub things: Vec<usize>,
    /// The locks that must be freed before: places in [`Left::obstacles`], rising.
    pub waits_for: Vec<usize>,
    /// What it takes, in days of one person.
    pub effort: f64,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Things that move.
    Things,
    /// A lock that is freed: a place in [`Left::obstacles`].
    Lock(usize),
    /// All that has moved.
    Moved,
    /// All that stays.
    Stays,
}

/// What needs a bridge while one end has moved and the other has not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edge {
    /// One part.
    pub(super) one: usize,
    /// The other.
    pub(super) other: usize,
    /// What a bridge takes, as a share of what one usually takes.
    pub(super) share: f64,
    /// Why.
    pub(super) tie: Tie,
}

/// Why two parts need a bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tie {
    /// A thing of the one refers to a thing of the other: a place in [`Left::links`].
    Link(usize),
    /// Both use these: places in [`Left::commons`].
    Shares(Vec<usize>),
}

/// What no bridge helps with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    /// The part that moves first.
    pub(super) first: usize,
    /// The part that moves later.
    pub(super) then: usize,
    /// Why.
    pub(super) why: Why,
}

/// Why one part moves before another, or with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// A reference that cannot be bridged: a place in [`Left::links`].
    Link(usize),
    /// A lock.
    Lock,
    /// They are one batch of several owners, and move together.
    Batch,
}

/// What moves in one go, and the edges between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    pub(super) edges: Vec<Edge>,
    pub(super) rules: Vec<Rule>,
    /// What so many use that it is at both places from the first wave to the last: places in
    /// [`Left::commons`].
    pub(super) throughout: Vec<usize>,
    /// References that cannot be bridged to what stays: places in [`Left::links`].
    pub(super) stuck: Vec<usize>,
}

impl Parts {
    pub(super) fn of(left: &Left) -> Self {
        let mut parts = moving(left);
        let batches = parts.len();
        parts.extend(locks(left, &parts));
        let of_lock: BTreeMap<usize, usize> = parts
            .iter()
            .enumerate()
            .filter_map(|(place, part)| match part.kind {
                PartKind::Lock(lock) => Some((lock, place)),
                _ => None,
            })
            .collect();
        for (kind, fate, id) in [
            (PartKind::Moved, Fate::Moved, "what has moved"),
            (PartKind::Stays, Fate::Stays, "what stays"),
        ] {
            parts.extend(at_rest(left, kind, fate, id));
        }
        let mut part_of = vec![None; left.things.len()];
        for (place, part) in parts.iter().enumerate() {
            for &thing in &part.things {
                part_of[thing] = Some(place);
            }
        }
        let mut found = Self {
            all: parts,
            edges: Vec::new(),
            rules: Vec::new(),
            throughout: Vec::new(),
            stuck: Vec::new(),
        };
        found.rule_batches(batches, &of_lock);
        found.link(left, &part_of);
        found.share(left, &part_of);
        found
    }

    /// What holds parts before or with others, but for references.
    fn rule_batches(&mut self, batches: usize, of_lock: &BTreeMap<usize, usize>) {
        let mut first_of: BTreeMap<(&str, &[usize]), usize> = BTreeMap::new();
        for (then, part) in self.all.iter().enumerate().take(batches) {
            for lock in &part.waits_for {
                if let Some(&first) = of_lock.get(lock) {
                    let why = Why::Lock;
                    self.rules.push(Rule { first, then, why });
                }
            }
            let key = (part.batch.as_str(), part.waits_for.as_slice());
            let first = *first_of.entry(key).or_insert(then);
            if first != then {
                let why = Why::Batch;
                self.rules.push(Rule { first, then, why });
            }
        }
    }

    fn link(&mut self, left: &Left, part_of: &[Option<usize>]) {
        let mut known = BTreeSet::new();
        for (place, link) in left.links.iter().enumerate() {
            let (Some(from), Some(to)) = (part_of[link.from], part_of[link.to]) else {
                continue;
            };
            if from == to {
                continue;
            }
            self.edges.push(Edge {
                one: from,
                other: to,
                share: link.share,
                tie: Tie::Link(place),
            });
            let moves = self.all[from].kind == PartKind::Things;
            if link.grip == Grip::Soft || !moves {
                continue;
            }
            match self.all[to].kind {
                PartKind::Stays => self.stuck.push(place),
                PartKind::Things if known.insert((to, from)) => self.rules.push(Rule {
                    first: to,
                    then: from,
                    why: Why::Link(place),
                }),
                _ => {}
            }
        }
    }

    /// Two parts that use something in common have a bridge for it. What is at both places already
    /// is kept for each part until that has moved.
    fn share(&mut self, left: &Left, part_of: &[Option<usize>]) {
        let mut pairs: BTreeMap<(usize, usize), (f64, Vec<usize>)> = BTreeMap::new();
        for (place, common) in left.commons.iter().enumerate() {
            let users: BTreeSet<usize> = common
                .users
                .iter()
                .filter_map(|&thing| part_of[thing])
                .collect();
            let of = |kind: PartKind| {
                let found = users.iter().find(|&&part| self.all[part].kind == kind);
                found.copied()
            };
            let moving: Vec<usize> = users
                .iter()
                .copied()
                .filter(|&part| self.all[part].kind == PartKind::Things)
                .collect();
            let mut pair = |one: usize, other: usize, over: usize| {
                let of_pair = pairs.entry((one, other)).or_default();
                of_pair.0 += common.share / amount(over.max(1));
                of_pair.1.push(place);
            };
            for other in [of(PartKind::Moved), of(PartKind::Stays)]
                .into_iter()
                .flatten()
            {
                for &one in &moving {
                    pair(one, other, moving.len());
                }
            }
            if of(PartKind::Moved).is_some() {
                continue;
            }
            if moving.len() > FEW {
                self.throughout.push(place);
                continue;
            }
            for (at, &one) in moving.iter().enumerate() {
                for &other in &moving[at + 1..] {
                    pair(one, other, moving.len() - 1);
                }
            }
        }
        let edges = pairs.into_iter().map(|((one, other), (share, of))| Edge {
            one,
            other,
            share,
            tie: Tie::Shares(of),
        });
        self.edges.extend(edges);
    }
}

/// What the parts of a batch differ in.
#[derive(Default)]
struct Apart<'l> {
    owners: BTreeSet<Option<&'l str>>,
    locks: BTreeSet<&'l [usize]>,
}

/// The batches of what moves, apart by their locks and owners.
fn moving(left: &Left) -> Vec<Part> {
    type Key<'l> = (&'l str, Vec<usize>, Option<&'l str>);
    let mut things: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (place, thing) in left.things.iter().enumerate() {
        if thing.fate == Fate::Moves {
            let hard = |lock: &usize| left.obstacles[*lock].hold == Hold::Hard;
            let waits_for = thing.held_by.iter().copied().filter(hard).collect();
            let key = (thing.batch.as_str(), waits_for, thing.owner.as_deref());
            things.entry(key).or_default().push(place);
        }
    }
    // What a batch takes is shared among its owners.
    let mut owners: BTreeMap<(&str, &[usize]), usize> = BTreeMap::new();
    let mut apart: BTreeMap<&str, Apart<'_>> = BTreeMap::new();
    for (batch, waits_for, owner) in things.keys() {
        *owners.entry((batch, waits_for)).or_default() += 1;
        let of_batch = apart.entry(batch).or_default();
        of_batch.owners.insert(*owner);
        of_batch.locks.insert(waits_for);
    }
    let mut parts = Vec::with_capacity(things.len());
    for ((batch, waits_for, owner), of) in &things {
        let shared = owners[&(*batch, waits_for.as_slice())];
        let Apart {
            owners: of_owners,
            locks: of_locks,
        } = &apart[batch];
        let mut words = Vec::new();
        if of_owners.len() > 1 {
            words.push(owner.unwrap_or("nobody").to_owned());
        }
        if of_locks.len() > 1 {
            words.extend(waiting(left, waits_for));
        }
        let name = match (of.as_slice(), of_owners.len() + of_locks.len()) {
            ([one], 2) => left.things[*one].id.clone(),
            _ if words.is_empty() => (*batch).to_owned(),
            _ => format!("{batch} ({})", words.join("; ")),
        };
        parts.push(Part {
            id: name,
            kind: PartKind::Things,
            batch: (*batch).to_owned(),
            owner: owner.map(str::to_owned),
            things: of.clone(),
            waits_for: waits_for.clone(),
            effort: left.pace.batch / amount(shared) + left.pace.each * amount(of.len()),
        });
    }
    distinct(&mut parts);
    parts
}

/// The locks that a part waits for, in words.
fn waiting(left: &Left, locks: &[usize]) -> Option<String> {
    let names: Vec<&str> = locks
        .iter()
        .map(|&lock| left.obstacles[lock].name.as_str())
        .collect();
    match names[..] {
        [] => None,
        [one] => Some(format!("waits for {one}")),
        [one, two] => Some(format!("waits for {one} and {two}")),
        [one, ref more @ ..] => Some(format!("waits for {one} and {} more", more.len())),
    }
}

/// Names that are the same get a number.
fn distinct(parts: &mut [Part]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for part in parts {
        let count = seen.entry(part.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            part.id = format!("{} #{count}", part.id);
        }
    }
}

/// The locks that hold parts hard.
fn locks(left: &Left, parts: &[Part]) -> Vec<Part> {
    let held: BTreeSet<usize> = parts
        .iter()
        .flat_map(|part| part.waits_for.iter().copied())
        .collect();
    let lock = |lock: usize| {
        let obstacle = &left.obstacles[lock];
        Part {
            id: format!("free {}", obstacle.name),
            kind: PartKind::Lock(lock),
            batch: obstacle.name.clone(),
            owner: obstacle.owner.clone(),
            things: Vec::new(),
            waits_for: Vec::new(),
            effort: obstacle.effort.unwrap_or(left.pace.batch),
        }
    };
    let mut locks: Vec<Part> = held.into_iter().map(lock).collect();
    distinct(&mut locks);
    locks
}

/// What moves no more, as one part, if there is any.
fn at_rest(left: &Left, kind: PartKind, fate: Fate, id: &str) -> Option<Part> {
    let things = left.things.iter().enumerate();
    let things: Vec<usize> = things
        .filter(|(_, thing)| thing.fate == fate)
        .map(|(place, _)| place)
        .collect();
    (!things.is_empty()).then(|| Part {
        id: id.to_owned(),
        kind,
        batch: id.to_owned(),
        owner: None,
        things,
        waits_for: Vec::new(),
        effort: 0.0,
    })
}

/// A count as a float.
#[expect(
    clippy::cast_precision_loss,
    reason = "there are fewer than 2^52 things"
)]
pub(super) fn amount(count: usize) -> f64 {
    count as f64
}
