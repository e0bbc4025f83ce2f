//! What each day was expected to be, from the days before it alone.

use std::ops::Range;

use crate::history::History;
use crate::robust::{deviation, float, median, weekday_effects};

/// How many days before it a day is compared with, at most.
const REFERENCE: usize = 56;
/// How many of these the level is taken from, and how many are needed to say anything.
const RECENT: usize = 28;
/// After how many days what was expected is computed anew.
const CADENCE: usize = 7;
/// How many calm days end an event.
const CALM: usize = 2;
/// How many days a level is remembered that was left, and how many at it are a return to it.
const REMEMBERED: usize = 56;
const RETURN: usize = 3;
/// How near to it they must be, in deviations.
const NEAR: f64 = 3.0;
/// No noise is taken to be less than this share of the level: a flat price is not a law.
const LEAST_NOISE: f64 = 0.005;

/// How wild a day must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Threshold {
    /// In standard deviations of the days before.
    pub(crate) deviations: f64,
    /// In units of the series.
    pub(crate) absolute: f64,
    /// As a share of what was expected.
    pub(crate) relative: f64,
    /// After how many days a new level is no event any more but the level.
    pub(crate) lasting: usize,
}

/// Days that were not as expected, all in the same direction.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wild {
    /// The first day and the day after the last.
    pub(crate) days: Range<usize>,
    /// The day on which they were found to be more than noise.
    pub(crate) found: usize,
    /// Whether they were above what was expected.
    pub(crate) up: bool,
    /// The day on which they were taken for the new level.
    pub(crate) level_since: Option<usize>,
    /// The day on which it was known that the old level is back, so that they had passed.
    pub(crate) returned: Option<usize>,
}

impl Wild {
    /// Whether it is taken for something that passes, as far as is known on a day.
    pub(crate) fn passing(&self, today: usize) -> bool {
        let level = self.level_since.is_some_and(|known| known <= today);
        !level || self.returned.is_some_and(|known| known <= today)
    }
}

/// What there is to say of each day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watched {
    /// What each day was expected to be; nothing before enough days are known.
    pub(crate) expected: Vec<Option<f64>>,
    /// Each day less the effect of its weekday, as known on that day; for days that count.
    pub(crate) plain: Vec<Option<f64>>,
    /// The standard deviation of days around what was expected, as known on each day.
    pub(crate) noise: Vec<f64>,
    /// The days that were not as expected, in order.
    pub(crate) wild: Vec<Wild>,
}

/// What days are compared with.
#[derive(Debug, Clone, Copy, Default)]
struct Expectation {
    level: f64,
    effects: [f64; 7],
    noise: f64,
}

impl Expectation {
    /// From days with their values, in order.
    fn of(reference: &[(usize, f64)], history: &History<'_>) -> Option<Self> {
        if reference.len() < RECENT {
            return None;
        }
        let effects = weekday_effects(reference, |day| history.weekday(day));
        let mut plain: Vec<f64> = reference
            .iter()
            .map(|&(day, value)| value - effects[history.weekday(day)])
            .collect();
        // The older and the newer days each around their own middle: growth is no noise.
        let (older, newer) = plain.split_at_mut(reference.len() - RECENT);
        let level = median(newer)?;
        for value in newer.iter_mut() {
            *value -= level;
        }
        if let Some(middle) = median(older) {
            for value in older.iter_mut() {
                *value -= middle;
            }
        }
        let noise = noise(&mut plain).max(LEAST_NOISE * level.abs());
        Some(Self {
            level,
            effects,
            noise,
        })
    }

    fn on(&self, weekday: usize) -> f64 {
        self.level + self.effects[weekday]
    }
}

/// The standard deviation of distances from the middle, by their mean size. That is surer than
/// by the median size, which here only says which distances are cut.
fn noise(distances: &mut [f64]) -> f64 {
    let rough = deviation(distances, 0.0);
    let cut = distances.iter().map(|distance| distance.min(3.0 * rough));
    let mean = cut.sum::<f64>() / float(distances.len());
    // Of normally distributed distances; and few days look calmer than they are.
    mean * 1.2533 * (1.0 + 4.0 / float(distances.len()))
}

/// A level that was left for another one, to which the series may return.
#[derive(Debug, Clone)]
struct Left {
    expectation: Expectation,
    reference: Vec<(usize, f64)>,
    /// The place of the event by which it was left.
    wild: usize,
    /// The day on which the other was taken for the level.
    since: usize,
}

struct Watch<'a> {
    history: &'a History<'a>,
    threshold: Threshold,
    reference: Vec<(usize, f64)>,
    expectation: Option<Expectation>,
    /// How many days have joined the reference since it was looked at.
    joined: usize,
    /// The last days that count, newest last: what was over and how much that is in deviations.
    last: Vec<(usize, f64, f64)>,
    open: Option<Wild>,
    /// What was over on each of the open event's days.
    over: Vec<(usize, f64)>,
    calm: usize,
    left: Option<Left>,
    watched: Watched,
}

/// Goes through the days in order; what it says of a day depends on no later one, but for how
/// long an event lasts.
pub(crate) fn watch(history: &History<'_>, threshold: Threshold) -> Watched {
    let mut watch = Watch {
        history,
        threshold,
        reference: Vec::with_capacity(REFERENCE + 1),
        expectation: None,
        joined: 0,
        last: Vec::with_capacity(4),
        open: None,
        over: Vec::new(),
        calm: 0,
        left: None,
        watched: Watched::default(),
    };
    for day in 0..history.days() {
        watch.step(day);
    }
    watch.watched.wild.extend(watch.open);
    watch.watched
}

impl Watch<'_> {
    fn step(&mut self, day: usize) {
        let weekday = self.history.weekday(day);
        let expectation = self.expectation;
        let expected = expectation.map(|expectation| expectation.on(weekday));
        self.watched.expected.push(expected);
        self.watched
            .noise
            .push(expectation.map_or(0.0, |expectation| expectation.noise));
        let Some(value) = self.history.usable(day) else {
            self.watched.plain.push(None);
            return;
        };
        let Some(expectation) = expectation else {
            self.watched.plain.push(Some(value));
            self.join(day, value);
            return;
        };
        self.watched
            .plain
            .push(Some(value - expectation.effects[weekday]));
        let over = value - expectation.on(weekday);
        self.last
            .push((day, over, over / expectation.noise.max(f64::MIN_POSITIVE)));
        if self.last.len() > 3 {
            self.last.remove(0);
        }
        let least = self.least(&expectation, weekday);
        match self.open.take() {
            Some(wild) => self.go_on(wild, day, over, least),
            None => match self.wild_since(least) {
                Some(first) => self.begin(first, day, over > 0.0),
                None => self.join(day, value),
            },
        }
    }

    /// The least that a day of this weekday must be off.
    fn least(&self, expectation: &Expectation, weekday: usize) -> f64 {
        let usual = expectation
            .on(weekday)
            .abs()
            .max(expectation.level.abs() / 4.0);
        self.threshold.absolute.max(self.threshold.relative * usual)
    }

    /// Since which day it is wild: this one, or this and the one or two before it together. A day
    /// before these that was halfway there belongs to them.
    fn wild_since(&self, least: f64) -> Option<usize> {
        let since = self.sure_since(least)?;
        let up = self.last.last()?.1 > 0.0;
        let begun = self.last.iter().rev().skip_while(|last| last.0 >= since);
        let begun = begun
            .zip(1..)
            .take_while(|&(&(day, over, deviations), back)| {
                let half = deviations.abs() >= self.threshold.deviations / 2.0;
                day + back == since && (over > 0.0) == up && over.abs() >= least && half
            });
        Some(since - begun.count())
    }

    fn sure_since(&self, least: f64) -> Option<usize> {
        (1..=self.last.len()).find_map(|count| {
            let days = &self.last[self.last.len() - count..];
            let up = days[count - 1].1 > 0.0;
            let together = days.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
            let far = days
                .iter()
                .all(|&(_, over, _)| (over > 0.0) == up && over.abs() >= least);
            let evidence = days.iter().map(|day| day.2).sum::<f64>().abs() / float(count).sqrt();
            let sure = evidence >= self.threshold.deviations;
            (together && far && sure).then_some(days[0].0)
        })
    }

    fn begin(&mut self, first: usize, day: usize, up: bool) {
        // Days that turn out to belong to it have been taken for ordinary ones.
        self.reference.retain(|&(known, _)| known < first);
        self.over = self
            .last
            .iter()
            .filter(|last| last.0 >= first)
            .map(|last| (last.0, last.1))
            .collect();
        self.open = Some(Wild {
            days: first..day + 1,
            found: day,
            up,
            level_since: None,
            returned: None,
        });
        self.calm = 0;
        self.settle(day);
    }

    fn go_on(&mut self, mut wild: Wild, day: usize, over: f64, least: f64) {
        let same = (over > 0.0) == wild.up && over.abs() >= least / 2.0;
        if same
            && self
                .last
                .last()
                .is_some_and(|last| last.2.abs() >= self.threshold.deviations / 2.0)
        {
            wild.days.end = day + 1;
            self.calm = 0;
        } else if over.abs() >= least && self.sure_since(least) == Some(day) {
            // The other way: one has ended and another begun.
            self.watched.wild.push(wild);
            self.begin(day, day, over > 0.0);
            return;
        } else {
            self.calm += 1;
        }
        self.over.push((day, over));
        self.open = Some(wild);
        if self.calm == CALM {
            self.end();
        } else {
            self.settle(day);
        }
    }

    /// The event is over: the calm days after it are ordinary ones.
    fn end(&mut self) {
        let Some(wild) = self.open.take() else {
            return;
        };
        for (day, _) in std::mem::take(&mut self.over) {
            if let (false, Some(value)) = (wild.days.contains(&day), self.history.usable(day)) {
                self.join(day, value);
            }
        }
        self.watched.wild.push(wild);
    }

    /// What has lasted long enough is the new level, and older days are brought to it.
    fn settle(&mut self, day: usize) {
        if self.returned(day) || self.over.len() < self.threshold.lasting || self.calm > 0 {
            return;
        }
        let Some(mut wild) = self.open.take() else {
            return;
        };
        let mut over: Vec<f64> = self.over.iter().map(|&(_, over)| over).collect();
        let change = median(&mut over).unwrap_or(0.0);
        self.left = self.expectation.map(|expectation| Left {
            expectation,
            reference: self.reference.clone(),
            wild: self.watched.wild.len(),
            since: day,
        });
        for (_, value) in &mut self.reference {
            *value += change;
        }
        self.start_anew();
        wild.level_since = Some(day);
        self.watched.wild.push(wild);
    }

    /// Whether the open event is the return to a level left not long ago: then what was taken
    /// for the level in between was an event, and all of it has passed.
    fn returned(&mut self, day: usize) -> bool {
        let (Some(left), Some(open)) = (&self.left, &self.open) else {
            return false;
        };
        let back = |&(day, over): &(usize, f64)| {
            let usual = left.expectation.on(self.history.weekday(day));
            let value = self.history.usable(day).unwrap_or(usual);
            (value - usual).abs() <= (NEAR * left.expectation.noise).min(over.abs())
        };
        let soon = day <= left.since + REMEMBERED && self.over.len() >= RETURN;
        if !soon || !self.over.iter().all(back) {
            return false;
        }
        let event = &mut self.watched.wild[left.wild];
        event.days.end = open.days.start;
        event.returned = Some(day);
        for between in left.since..=day {
            let usual = left.expectation.on(self.history.weekday(between));
            self.watched.expected[between] = Some(usual);
        }
        self.reference.clone_from(&left.reference);
        self.open = None;
        self.left = None;
        self.calm = 0;
        self.start_anew();
        true
    }

    /// The days of the open event are those that later ones are compared with.
    fn start_anew(&mut self) {
        for (day, _) in std::mem::take(&mut self.over) {
            if let Some(value) = self.history.usable(day) {
                self.join(day, value);
            }
        }
        self.joined = CADENCE;
        self.look();
        self.last.clear();
    }

    /// An ordinary day joins those that later ones are compared with.
    fn join(&mut self, day: usize, value: f64) {
        if self.reference.len() == REFERENCE {
            self.reference.remove(0);
        }
        self.reference.push((day, value));
        self.joined += 1;
        self.look();
    }

    fn look(&mut self) {
        if self.joined >= CADENCE || self.expectation.is_none() {
            self.expectation = Expectation::of(&self.reference, self.history);
            self.joined = 0;
        }
    }
}
