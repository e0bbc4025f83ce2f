//! Statistics that a few wild days do not move.

/// The standard deviation of normally distributed values is so many times the median of their
/// distances from the middle.
const TO_DEVIATION: f64 = 1.4826;

/// How many days of a week must be known for its middle to be known.
const KNOWN_OF_WEEK: usize = 5;

/// The value in the middle; nothing of nothing. Brings the values into another order.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    if !even {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(lower, upper))
}

/// The slope, and the level at 0, of the line through points that is the median of the lines
/// between any two of them (Theil and Sen); flat through one point, nothing of none.
pub fn line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
    for (place, &(later, high)) in points.iter().enumerate() {
        let before = points[..place].iter();
        slopes.extend(before.map(|&(earlier, low)| (high - low) / (later - earlier)));
    }
    let slope = median(&mut slopes).unwrap_or(0.0);
    let mut levels: Vec<f64> = points
        .iter()
        .map(|&(at, value)| value - slope * at)
        .collect();
    Some((slope, median(&mut levels)?))
}

/// The standard deviation around a middle, by the median of the distances; 0 of nothing. Leaves
/// the distances in place of the values.
pub(crate) fn deviation(values: &mut [f64], middle: f64) -> f64 {
    for value in values.iter_mut() {
        *value = (*value - middle).abs();
    }
    median(values).unwrap_or(0.0) * TO_DEVIATION
}

/// By how much each weekday is above the level, by the medians of the distances from the middle
/// of each week; they sum to 0. Days are given with their number, in order; weeks are counted
/// from day 0. All are 0 where no week is known.
pub(crate) fn weekday_effects(days: &[(usize, f64)], weekday: impl Fn(usize) -> usize) -> [f64; 7] {
    let mut off: [Vec<f64>; 7] = Default::default();
    let mut middle = Vec::with_capacity(7);
    for week in days.chunk_by(|(one, _), (next, _)| one / 7 == next / 7) {
        if week.len() < KNOWN_OF_WEEK {
            continue;
        }
        middle.clear();
        middle.extend(week.iter().map(|&(_, value)| value));
        let Some(middle) = median(&mut middle) else {
            continue;
        };
        for &(day, value) in week {
            off[weekday(day)].push(value - middle);
        }
    }
    let mut effects = [0.0; 7];
    for (effect, off) in effects.iter_mut().zip(&mut off) {
        *effect = median(off).unwrap_or(0.0);
    }
    centred(effects)
}

/// The same effects, less their mean.
pub(crate) fn centred(mut effects: [f64; 7]) -> [f64; 7] {
    let mean = effects.iter().sum::<f64>() / 7.0;
    for effect in &mut effects {
        *effect -= mean;
    }
    effects
}

/// A count, as a number to compute with.
#[allow(clippy::cast_precision_loss)] // Days and origins: far below 2^52.
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wild_value_moves_neither_the_middle_nor_the_deviation_much() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        let mut values = [9.0, 10.0, 11.0, 10.0, 1e9];
        assert!((deviation(&mut values, 10.0) - TO_DEVIATION).abs() < 1e-12);
    }

    #[test]
    fn weekdays_are_told_apart_from_a_level_that_rises() {
        let cheap = |day: usize| if day % 7 >= 5 { -40.0 } else { 0.0 };
        let days: Vec<(usize, f64)> = (0..56).map(|day| (day, float(day) + cheap(day))).collect();
        let effects = weekday_effects(&days, |day| day % 7);
        assert!(effects.iter().sum::<f64>().abs() < 1e-9);
        assert!((effects[5] - effects[4] + 40.0).abs() <= 1.0, "{effects:?}");
        let few = weekday_effects(&days[..4], |day| day % 7);
        assert!(few.iter().all(|effect| effect.abs() < 1e-12));
    }
}
