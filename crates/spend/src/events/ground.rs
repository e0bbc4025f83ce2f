//! Usage by day, and the places that are watched.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use base::{Currency, Decimal};
use hashbrown::HashMap;
use jiff::civil::Date;

use super::ordinary::Ordinary;
use super::place::{DIMENSIONS, Key, Place};
use crate::cells::{Category, DayCell, Name};
use crate::outlook::{Days, Known, after, between};

/// Usage in one currency. Days are numbered from the first one.
pub(super) struct Ground<'c> {
    pub(super) currency: Currency,
    pub(super) leaves: Vec<Leaf>,
    known: &'c Known<'c>,
    first: Date,
}

/// What is told apart no further.
pub(super) struct Leaf {
    names: [Name; DIMENSIONS],
    /// By day, each once.
    charges: Vec<(usize, Decimal)>,
}

impl Leaf {
    pub(super) fn key(&self) -> Key {
        Key(self.names.map(Some))
    }

    pub(super) fn names(&self) -> &[Name; DIMENSIONS] {
        &self.names
    }
}

/// A place that is watched.
pub(super) struct Watched {
    pub(super) key: Key,
    /// The days that are known of it.
    pub(super) days: Range<usize>,
    leaves: Vec<usize>,
}

const PROVIDER: usize = 0;
const ACCOUNT: usize = 1;
const SUB_ACCOUNT: usize = 2;
const OWNER: usize = 3;
const SERVICE: usize = 4;

/// What of a charge each watched place says, the wider before the narrower.
const WATCHED: [&[usize]; 5] = [
    &[],
    &[PROVIDER],
    &[OWNER],
    &[OWNER, SERVICE],
    &[PROVIDER, ACCOUNT, SUB_ACCOUNT],
];

fn names(cell: &DayCell) -> [Name; DIMENSIONS] {
    let whose = cell.whose;
    [
        cell.provider,
        cell.account,
        cell.sub_account,
        whose.owner,
        whose.service,
    ]
}

impl<'c> Ground<'c> {
    /// Nothing if no day is known to be complete.
    pub(super) fn of(known: &'c Known<'c>, currency: Currency) -> Option<Self> {
        let usage =
            |cell: &&DayCell| cell.currency == currency && cell.kind.category == Category::Usage;
        let cells = || known.cube.days.iter().filter(usage);
        let providers: BTreeSet<Name> = cells().map(|cell| cell.provider).collect();
        let first = known.covering(&providers)?.days.from;
        let mut places: HashMap<[Name; DIMENSIONS], Vec<(usize, Decimal)>> = HashMap::new();
        // Cells are sorted by day, and counting days takes longer than comparing them.
        let (mut date, mut day) = (first, 0);
        // Corrections may be of days before all bills: nothing is compared with those.
        for cell in cells().filter(|cell| cell.day >= first && cell.day <= known.last_complete) {
            if cell.day != date {
                (date, day) = (cell.day, place_of(first, cell.day));
            }
            let charges = places.entry(names(cell)).or_default();
            match charges.last_mut() {
                Some(last) if last.0 == day => last.1 += cell.gross(),
                _ => charges.push((day, cell.gross())),
            }
        }
        let mut leaves: Vec<Leaf> = places
            .into_iter()
            .map(|(names, charges)| Leaf {
                names,
                charges: by_day(charges),
            })
            .collect();
        leaves.sort_unstable_by_key(|leaf| leaf.names);
        Some(Self {
            currency,
            leaves,
            known,
            first,
        })
    }

    /// The places that are watched, everything first. Of places with the same charges the widest.
    pub(super) fn watched(&self) -> Vec<Watched> {
        let mut watched = Vec::new();
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        for dimensions in WATCHED {
            let mut places: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
            for (place, leaf) in self.leaves.iter().enumerate() {
                let mut key = Key::default();
                for &dimension in dimensions {
                    key.0[dimension] = Some(leaf.names[dimension]);
                }
                places.entry(key).or_default().push(place);
            }
            for (key, leaves) in places {
                if !seen.insert(leaves.clone()) {
                    continue;
                }
                let providers = leaves.iter().map(|&leaf| self.leaves[leaf].names[PROVIDER]);
                if let Some(covering) = self.known.covering(&providers.collect()) {
                    let days = self.range(covering.days);
                    watched.push(Watched { key, days, leaves });
                }
            }
        }
        watched
    }

    fn range(&self, days: Days) -> Range<usize> {
        place_of(self.first, days.from)..place_of(self.first, days.until) + 1
    }

    /// What a place cost on each of its days, for statistics; a day without a charge is zero.
    pub(super) fn series(&self, watched: &Watched) -> Vec<f64> {
        let mut values = vec![Decimal::ZERO; watched.days.len()];
        for &leaf in &watched.leaves {
            for &(day, amount) in self.within(leaf, &watched.days) {
                values[day - watched.days.start] += amount;
            }
        }
        values.into_iter().map(Decimal::approximate).collect()
    }

    /// The days of a leaf with a charge, and what it cost on them.
    pub(super) fn within(&self, leaf: usize, days: &Range<usize>) -> &[(usize, Decimal)] {
        let charges = &self.leaves[leaf].charges;
        let from = charges.partition_point(|charge| charge.0 < days.start);
        let until = charges.partition_point(|charge| charge.0 < days.end);
        &charges[from..until.max(from)]
    }

    /// The leaves of a place.
    pub(super) fn leaves_of(&self, key: &Key) -> impl Iterator<Item = usize> {
        let within = |(_, leaf): &(usize, &Leaf)| key.has(&leaf.names);
        self.leaves
            .iter()
            .enumerate()
            .filter(within)
            .map(|(place, _)| place)
    }

    /// The name that a leaf has in a dimension.
    pub(super) fn name(&self, leaf: usize, dimension: usize) -> Name {
        self.leaves[leaf].names[dimension]
    }

    /// The text of a name.
    pub(super) fn text(&self, name: Name) -> &str {
        self.known.cube.names.text(name)
    }

    /// What some days are compared with, of those that are known; not with those of events before.
    pub(super) fn ordinary(
        &self,
        days: Range<usize>,
        known: &Range<usize>,
        events: &[Range<usize>],
    ) -> Ordinary {
        Ordinary::of(days, known.start, events, |day| self.weekday(day))
    }

    pub(super) fn place(&self, key: &Key) -> Place {
        let [provider, account, sub_account, owner, service] = key
            .0
            .map(|name| name.map(|name| self.text(name).to_owned()));
        Place {
            provider,
            account,
            sub_account,
            owner,
            service,
        }
    }

    pub(super) fn date(&self, day: usize) -> Date {
        after(self.first, i64::try_from(day).unwrap_or(i64::MAX))
    }

    /// 0 for Monday.
    pub(super) fn weekday(&self, day: usize) -> usize {
        let monday = self.first.weekday().to_monday_zero_offset();
        (usize::try_from(monday).unwrap_or_default() + day) % 7
    }
}

/// Charges in the order of their days, each day once. Cells are sorted by day, so that they mostly
/// are so already.
fn by_day(mut charges: Vec<(usize, Decimal)>) -> Vec<(usize, Decimal)> {
    if charges.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        return charges;
    }
    charges.sort_by_key(|charge| charge.0);
    let days = charges.chunk_by(|one, next| one.0 == next.0);
    days.map(|day| (day[0].0, day.iter().map(|charge| charge.1).sum()))
        .collect()
}

/// The number of a day; days before the first are it.
fn place_of(first: Date, day: Date) -> usize {
    usize::try_from(between(first, day)).unwrap_or_default()
}
