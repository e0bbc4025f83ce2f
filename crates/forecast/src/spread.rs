//! How far totals were off, and so how far they will be.

use crate::robust::float;

/// The share of totals that an interval is to hold.
pub(crate) const HELD: f64 = 0.8;
/// The model was chosen for small errors in the past, so those to come are larger by so much.
const CHOSEN: f64 = 1.08;
/// How many errors say something about how far totals are off.
pub(crate) const FEWEST: usize = 5;
/// How many spans of a horizon must lie side by side in the past for it to be measured.
const FEWEST_SPANS: f64 = 3.0;
/// How errors of totals grow beyond what was measured, as a share of the total, by powers of the
/// days: at least as those of a level that wanders, at most as those of a wrong slope.
const GROWTH: (f64, f64) = (0.5, 1.0);

/// How far off the share [`HELD`] of some errors is at most; sizes of errors in rising order, and
/// how many days they span in units of the horizon.
///
/// Errors of totals that overlap are worth fewer than they are; where few are known, the
/// quantile is drawn out as Student's t is against the normal distribution.
pub(crate) fn held(sizes: &[f64], spans: f64) -> f64 {
    let Some(&largest) = sizes.last() else {
        return f64::INFINITY;
    };
    let rank = HELD * (float(sizes.len()) + 1.0) - 1.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A place among sizes.
    let place = rank.max(0.0).floor() as usize;
    let quantile = match (sizes.get(place), sizes.get(place + 1)) {
        (Some(low), Some(high)) => low + (high - low) * (rank - float(place)).clamp(0.0, 1.0),
        _ => largest,
    };
    let spans = spans.max(1.0);
    CHOSEN * quantile * (1.0 + 0.75 / spans + 0.65 / (spans * spans))
}

/// Half the width of intervals by horizon, as a share of so many ordinary days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread {
    /// Days and the share, by days; never empty.
    points: Vec<(f64, f64)>,
    /// By which power it grows after the last.
    growth: f64,
}

/// What was seen of one horizon: its days, the sizes of errors, and how many days from the
/// first origin to the last.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) days: usize,
    pub(crate) sizes: Vec<f64>,
    pub(crate) range: usize,
}

impl Spread {
    /// From what was seen of each horizon, the shorter first; nothing if that is too little.
    pub(crate) fn of(seen: Vec<Seen>, always: usize) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = Vec::with_capacity(seen.len());
        for Seen {
            days,
            mut sizes,
            range,
        } in seen
        {
            let spans = float(range) / float(days) + 1.0;
            let enough = sizes.len() >= FEWEST && (days <= always || spans >= FEWEST_SPANS);
            if !enough {
                continue;
            }
            sizes.sort_by(f64::total_cmp);
            let mut share = held(&sizes, spans);
            if let Some(&(shorter, narrower)) = points.last() {
                // A longer total is never surer than a shorter one in it.
                share = share.max(narrower * shorter / float(days));
            }
            points.push((float(days), share));
        }
        let &(last, share) = points.last()?;
        let from = points
            .iter()
            .find(|point| point.0 >= 28.0 && point.0 < last);
        let growth = from.map_or(GROWTH.0, |&(days, narrower)| {
            (share / narrower).ln() / (last / days).ln()
        });
        let growth = if growth.is_finite() { growth } else { GROWTH.0 };
        Some(Self {
            points,
            growth: growth.clamp(GROWTH.0, GROWTH.1),
        })
    }

    /// The longest horizon that was measured, in days.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // They were whole.
    pub(crate) fn measured(&self) -> usize {
        self.points.last().map_or(0, |point| point.0 as usize)
    }

    /// Half the width of the interval of a total of so many days, in ordinary days.
    pub(crate) fn ordinary_days(&self, days: usize) -> f64 {
        let days = float(days);
        let after = self.points.partition_point(|point| point.0 < days);
        let half = |(days, share): (f64, f64)| days * share;
        match (
            after.checked_sub(1).map(|before| self.points[before]),
            self.points.get(after).copied(),
        ) {
            (Some(before), Some(next)) => {
                // Between two totals it grows as a power of the days, so that it never shrinks.
                let way = (days / before.0).ln() / (next.0 / before.0).ln();
                let (low, high) = (half(before), half(next));
                if low > 0.0 {
                    low * (high / low).powf(way)
                } else {
                    high * way
                }
            }
            (Some((last, share)), None) => days * share * (days / last).powf(self.growth),
            (None, Some((_, share))) => days * share,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(days: usize, size: f64, count: usize) -> Seen {
        Seen {
            days,
            sizes: (1..=count)
                .map(|place| size * float(place) / float(count))
                .collect(),
            range: 400,
        }
    }

    #[test]
    fn few_errors_make_a_wider_interval_than_many_and_none_hold_nothing() {
        let sizes: Vec<f64> = (1..=99).map(float).collect();
        let (many, few) = (held(&sizes, 1e9), held(&sizes, 4.0));
        assert!((many / CHOSEN - 80.0).abs() < 1e-6 && few > 1.2 * many);
        assert!(held(&[], 4.0).is_infinite());
    }

    #[test]
    fn what_was_not_measured_is_drawn_out_and_never_narrower() {
        let spread = Spread::of(
            vec![seen(7, 0.2, 40), seen(28, 0.02, 40), seen(364, 0.1, 40)],
            28,
        );
        let spread = spread.expect("enough errors");
        // Of 364 days only two spans are known.
        assert_eq!(spread.measured(), 28);
        let halves: Vec<f64> = (0..400).map(|days| spread.ordinary_days(days)).collect();
        assert!(halves.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        assert!(Spread::of(vec![seen(28, 0.1, FEWEST - 1)], 28).is_none());
    }
}
