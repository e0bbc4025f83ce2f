//! Doing in the past what is done now, and looking how far it was off.

use crate::bed::{Bed, Ground};
use crate::models::{Model, Path, Smoothing, fit};
use crate::robust::float;
use crate::spread::{FEWEST, Seen, Spread, held};

/// The total by which models are judged, in days.
pub(crate) const JUDGED: usize = 28;
/// The totals whose errors are measured, in days.
const HORIZONS: [usize; 8] = [1, 7, 14, JUDGED, 56, 91, 182, 364];
/// The place of the judged total among them.
const JUDGED_PLACE: usize = 3;
/// How many days that count a model must have to learn from.
const LEAST_LEARNT: usize = 28;
/// From how many days of the past forecasts are made, at most, and how many days apart.
const MOST_ORIGINS: usize = 78;
const WIDEST_STEP: usize = 7;
/// After how many origins exponential smoothing is fitted anew.
const FIT_EVERY: usize = 13;
/// The share of a total's days that must count for it to be measured.
const KNOWN: f64 = 0.75;
/// Percentages are of the total, but of no less than this share of so many ordinary days: what
/// was nearly nothing is no measure.
const LEAST_SHARE: f64 = 0.1;
/// An ordinary day is taken to be no less than this share of the days that were forecast or came.
const LEAST_DAY: f64 = 0.5;
/// A simpler model is taken if its errors are at most so many times those of the best.
const SIMPLER: f64 = 1.03;
/// No single origin is to choose the model: errors count up to so many times the median one.
const CAPPED: f64 = 4.0;

/// How far off the forecasts were that would have been made in the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// From how many days of the past a forecast of 28 days was made and compared.
    pub origins: usize,
    /// The mean absolute error of totals of 28 days, as a share of the total: 0.05 is 5 %. Each
    /// forecast was made with the model that was to be chosen by then.
    pub error: f64,
    /// The share of totals of 28 days inside the 80 % interval that was to be had from errors
    /// known by then; nothing while too few are known.
    pub coverage: Option<f64>,
    /// The same of every model, the simpler first; the chosen one is among them.
    pub tried: Vec<Tried>,
}

/// How one model fared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// The model.
    pub model: Model,
    /// The mean absolute error of totals of 28 days, as a share of the total.
    pub error: f64,
    /// The share of them inside the 80 % interval of this model alone.
    pub coverage: Option<f64>,
}

/// One day of the past from which was forecast.
struct Origin {
    day: usize,
    /// The size of an ordinary day.
    scale: f64,
    /// What came, for the horizons that are known.
    came: [Option<f64>; HORIZONS.len()],
    /// What each model said of the same days.
    said: [[f64; HORIZONS.len()]; Model::ALL.len()],
}

impl Origin {
    /// By how much a total was off, in ordinary days times its days. A day of next to nothing is
    /// no measure of what came after it.
    fn off(&self, model: usize, horizon: usize) -> Option<f64> {
        let (came, said) = (self.came[horizon]?, self.said[model][horizon]);
        let days = float(HORIZONS[horizon]);
        let least = LEAST_DAY * came.abs().max(said.abs()) / days;
        Some((came - said) / (self.scale.max(least) * days))
    }

    /// The size of the error of the judged total, as a share of it.
    fn percentage(&self, model: usize) -> Option<f64> {
        let came = self.came[JUDGED_PLACE]?;
        let least = LEAST_SHARE * self.scale * float(JUDGED);
        Some((came - self.said[model][JUDGED_PLACE]).abs() / came.abs().max(least))
    }
}

/// What was learnt from the past.
pub(crate) struct Learnt {
    pub(crate) model: Model,
    pub(crate) backtest: Backtest,
    pub(crate) spread: Spread,
    /// How fast exponential smoothing followed at the last origin.
    pub(crate) smoothing: Smoothing,
}

/// Forecasts from many days of the past, and chooses; nothing if too few totals are known.
pub(crate) fn learn(ground: &Ground<'_>) -> Option<Learnt> {
    let mut smoothing: Option<Smoothing> = None;
    let mut origins = Vec::new();
    for (place, day) in days(ground)?.into_iter().enumerate() {
        let bed = ground.bed(day);
        if place.is_multiple_of(FIT_EVERY) {
            smoothing = Some(fit(&bed, smoothing.as_ref()));
        }
        origins.push(forecast_from(
            ground,
            day,
            &bed,
            &smoothing.unwrap_or(Smoothing::START),
        ));
    }
    origins.retain(|origin| origin.came[JUDGED_PLACE].is_some());
    if origins.len() < FEWEST {
        return None;
    }
    let tried = Model::ALL.iter().enumerate().map(|(place, &model)| {
        let (error, coverage) = fared(&origins, |_| place);
        Tried {
            model,
            error,
            coverage,
        }
    });
    let (error, coverage) = fared(&origins, choose);
    let backtest = Backtest {
        origins: origins.len(),
        error,
        coverage,
        tried: tried.collect(),
    };
    let place = choose(&origins);
    Some(Learnt {
        model: Model::ALL[place],
        backtest,
        spread: spread(&origins, place)?,
        smoothing: smoothing.unwrap_or(Smoothing::START),
    })
}

/// The days of the past to forecast from: the last has as many after it as are judged.
fn days(ground: &Ground<'_>) -> Option<Vec<usize>> {
    let last = ground.history.days().checked_sub(JUDGED)?;
    let mut known = (0..last).filter(|&day| ground.history.usable(day).is_some());
    let first = known.nth(LEAST_LEARNT - 1)? + 1;
    let step = ((last - first) / MOST_ORIGINS).clamp(1, WIDEST_STEP);
    let back = (0..MOST_ORIGINS).map_while(|count| last.checked_sub(count * step));
    let mut days: Vec<usize> = back.take_while(|&day| day >= first).collect();
    days.reverse();
    Some(days)
}

fn forecast_from(ground: &Ground<'_>, day: usize, bed: &Bed, smoothing: &Smoothing) -> Origin {
    let history = &ground.history;
    let until = history.days().min(day + HORIZONS[HORIZONS.len() - 1]);
    let mut came = [None; HORIZONS.len()];
    let (mut total, mut known, mut horizon) = (0.0, 0, 0);
    for ahead in day..until {
        if let Some(value) = history.usable(ahead) {
            total += value;
            known += 1;
        }
        let days = ahead + 1 - day;
        if days == HORIZONS[horizon] {
            came[horizon] = (float(known) >= KNOWN * float(days)).then_some(total);
            horizon += 1;
        }
    }
    let said = Model::ALL.map(|model| totals(model.path(bed, smoothing), ground, day..until));
    Origin {
        day,
        scale: bed.scale,
        came,
        said,
    }
}

/// The totals of a path over the days that count, for each horizon.
fn totals(path: Path, ground: &Ground<'_>, days: std::ops::Range<usize>) -> [f64; HORIZONS.len()] {
    let mut totals = [0.0; HORIZONS.len()];
    let (mut total, mut horizon) = (0.0, 0);
    for (ahead, (day, value)) in days.zip(path.days()).enumerate() {
        if ground.history.usable(day).is_some() {
            total += value;
        }
        if ahead + 1 == HORIZONS[horizon] {
            totals[horizon] = total;
            horizon += 1;
        }
    }
    totals
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / float(count.max(1))
}

/// The place of the simplest model that is about as good as the best.
fn choose(origins: &[Origin]) -> usize {
    let scores: [f64; Model::ALL.len()] = std::array::from_fn(|model| {
        let mut errors: Vec<f64> = origins
            .iter()
            .filter_map(|origin| origin.percentage(model))
            .collect();
        let cap = CAPPED * crate::robust::median(&mut errors).unwrap_or(0.0);
        mean(errors.into_iter().map(|error| error.min(cap)))
    });
    let best = scores.iter().copied().fold(f64::INFINITY, f64::min);
    scores
        .iter()
        .position(|&score| score <= SIMPLER * best)
        .unwrap_or(0)
}

/// How forecasts fared that were made with what was known by then, with a model for each origin:
/// the mean error, and the share of totals inside their intervals.
fn fared(origins: &[Origin], model: impl Fn(&[Origin]) -> usize) -> (f64, Option<f64>) {
    let mut errors = Vec::with_capacity(origins.len());
    let (mut inside, mut asked) = (0, 0);
    for origin in origins {
        let known = origins.partition_point(|earlier| earlier.day + JUDGED <= origin.day);
        let known = &origins[..known];
        let model = model(known);
        errors.extend(origin.percentage(model));
        if let (Some(half), Some(off)) = (half(known, model), origin.off(model, JUDGED_PLACE)) {
            asked += 1;
            inside += usize::from(off.abs() <= half);
        }
    }
    let coverage = (asked >= FEWEST).then(|| float(inside) / float(asked));
    (mean(errors.into_iter()), coverage)
}

/// Half the width of the interval of a judged total, from what is known.
fn half(known: &[Origin], model: usize) -> Option<f64> {
    let off = known
        .iter()
        .filter_map(|origin| origin.off(model, JUDGED_PLACE));
    let mut sizes: Vec<f64> = off.map(f64::abs).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let range = known.last()?.day - known[0].day;
    (sizes.len() >= FEWEST).then(|| held(&sizes, float(range) / float(JUDGED) + 1.0))
}

/// How far the model was off, by horizon.
fn spread(origins: &[Origin], model: usize) -> Option<Spread> {
    let seen = HORIZONS.iter().enumerate().map(|(place, &days)| {
        let of = |origin: &Origin| origin.off(model, place).map(|off| (origin.day, off.abs()));
        let errors: Vec<(usize, f64)> = origins.iter().filter_map(of).collect();
        let range = errors
            .last()
            .zip(errors.first())
            .map_or(0, |(last, first)| last.0 - first.0);
        Seen {
            days,
            sizes: errors.into_iter().map(|(_, size)| size).collect(),
            range,
        }
    });
    Spread::of(seen.collect(), JUDGED)
}
