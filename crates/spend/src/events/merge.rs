//! One cause, one event.

use base::Digest;
use forecast::Direction;

use super::candidates::Candidate;
use super::ground::Ground;
use super::narrow::{Came, Part, is_share, narrow, parts};
use super::place::Key;

/// An event of a wider place is that of a narrower one that has so much of it; and one that has
/// so much of itself in the wider place belongs there.
const MOSTLY: (i64, i64) = (3, 5);
/// By how many days the beginnings of what has one cause may differ.
const TOGETHER: usize = 2;

/// What was seen in one or more places, for one cause.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    /// The deepest place that explains it.
    pub(super) key: Key,
    pub(super) id: String,
    pub(super) also: Vec<String>,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) found: usize,
    pub(super) direction: Direction,
    /// Where it was seen best: in the narrowest of the places.
    pub(super) seen: Candidate,
    /// What the place came to on these days.
    came: Came,
}

/// Brings together what was seen in several places.
pub(super) fn causes(ground: &Ground<'_>, candidates: Vec<Candidate>) -> Vec<Cause> {
    let mut causes = Vec::with_capacity(candidates.len());
    let mut all: Vec<Cause> = candidates
        .into_iter()
        .map(|candidate| cause(ground, candidate))
        .collect();
    // The first that could be known of comes first: it names the event.
    all.sort_by(|one, other| {
        let rank = |one: &Cause| {
            (
                one.found,
                std::cmp::Reverse(one.seen.key.depth()),
                one.first,
            )
        };
        rank(one)
            .cmp(&rank(other))
            .then_with(|| one.id.cmp(&other.id))
    });
    for next in all {
        match causes.iter_mut().find(|known| same(known, &next)) {
            Some(known) => join(known, next),
            None => causes.push(next),
        }
    }
    for cause in &mut causes {
        cause.came = came_in(ground, cause, &[cause.key]);
    }
    unfold(ground, causes)
}

fn cause(ground: &Ground<'_>, seen: Candidate) -> Cause {
    let key = narrow(ground, &seen);
    Cause {
        key,
        id: id(ground, &key, seen.direction, seen.first),
        also: Vec::new(),
        first: seen.first,
        last: seen.last,
        found: seen.found,
        direction: seen.direction,
        seen,
        came: Came::default(),
    }
}

/// What it is, in eight digits after its first day.
fn id(ground: &Ground<'_>, key: &Key, direction: Direction, first: usize) -> String {
    let day = ground.date(first);
    let up = direction == Direction::Up;
    let mut text = format!("{day} {} {up}", ground.currency);
    for said in ground.place(key).each() {
        // With its length, so that no two places are written alike.
        text += &match said {
            Some(said) => format!(" {}:{said}", said.len()),
            None => " -".to_owned(),
        };
    }
    let digest = Digest::of(text.as_bytes()).short();
    format!("{day}-{}", &digest[..8])
}

/// Whether both are of one place, one direction, and days that touch.
fn same(known: &Cause, next: &Cause) -> bool {
    let touch = next.first <= known.last + TOGETHER && known.first <= next.last + TOGETHER;
    known.key == next.key && known.direction == next.direction && touch
}

/// The first one keeps its name and first day; how it goes on is seen best in the narrowest place.
fn join(known: &mut Cause, next: Cause) {
    also(known, &next);
    if next.seen.key.depth() > known.seen.key.depth() {
        known.last = next.last.max(known.found);
        known.seen = next.seen;
    }
}

fn also(known: &mut Cause, other: &Cause) {
    let ids = std::iter::once(&other.id).chain(&other.also);
    known
        .also
        .extend(ids.filter(|id| **id != known.id).cloned());
    known.also.sort();
    known.also.dedup();
}

/// What the charges that are in all of these places came to on the days of a cause.
fn came_in(ground: &Ground<'_>, cause: &Cause, keys: &[Key]) -> Came {
    let days = cause.first..cause.last + 1;
    let ordinary = ground.ordinary(days, &cause.seen.days, &cause.seen.earlier);
    let Some((first, others)) = keys.split_first() else {
        return Came::default();
    };
    let within = |part: &Part| {
        let leaf = ground.leaves[part.leaf].names();
        others.iter().all(|key| key.has(leaf))
    };
    let parts = parts(ground, first, &ordinary);
    parts
        .iter()
        .filter(|part| within(part))
        .map(|part| part.came)
        .sum()
}

/// Of causes within each other those that are the deepest that explain the others.
fn unfold(ground: &Ground<'_>, mut causes: Vec<Cause>) -> Vec<Cause> {
    causes.sort_by(|one, other| {
        let size = |cause: &Cause| std::cmp::Reverse(cause.came.more().abs());
        (size(one), one.key.depth(), &one.id).cmp(&(size(other), other.key.depth(), &other.id))
    });
    let mut place = 0;
    while place < causes.len() {
        let wide = causes[place].clone();
        let inside: Vec<usize> = (0..causes.len())
            .filter(|&other| other != place && belongs(ground, &causes[other], &wide))
            .collect();
        let shares = inside.iter().map(|&other| {
            let came = came_in(ground, &wide, &[wide.key, causes[other].key]);
            (other, came)
        });
        let explains = |came: &Came| wide.came.is_about(came, wide.direction, MOSTLY);
        let deeper = shares
            .filter(|(other, came)| causes[*other].key.depth() > wide.key.depth() && explains(came))
            .max_by(|one, next| {
                (one.1.more().abs())
                    .cmp(&next.1.more().abs())
                    .then(next.0.cmp(&one.0))
            });
        if let Some((deeper, _)) = deeper {
            also(&mut causes[deeper], &wide);
            causes.remove(place);
            continue;
        }
        for &other in inside.iter().rev() {
            // What costs more than the wide one was looked at before, and is its own.
            if other > place {
                let narrow = causes.remove(other);
                also(&mut causes[place], &narrow);
            }
        }
        place += 1;
    }
    causes
}

/// Whether most of what a cause cost is in the place of another on its days, in the same direction.
fn belongs(ground: &Ground<'_>, narrow: &Cause, wide: &Cause) -> bool {
    let begun = wide.first <= narrow.first + TOGETHER && narrow.first <= wide.last;
    if narrow.direction != wide.direction || !begun {
        return false;
    }
    let within = came_in(ground, narrow, &[narrow.key, wide.key]);
    is_share(within.more(), narrow.came.more(), narrow.direction, MOSTLY)
}
