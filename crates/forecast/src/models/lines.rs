//! Straight lines through a series.

use super::Path;
use crate::bed::Bed;
use crate::robust::{centred, float, line, median, weekday_effects};

/// A line with an effect of each weekday, by least squares.
///
/// With the effects free, the slope is that of the distances from the weekday's own means.
pub(super) fn least_squares(bed: &Bed) -> Path {
    let end = float(bed.values.len());
    // Places are counted back from the end, so that the level there is the intercept.
    let place_of = |place: usize| float(place) + 1.0 - end;
    let mut count = [0.0; 7];
    let mut places = [0.0; 7];
    let mut values = [0.0; 7];
    for (place, value) in bed.known() {
        let weekday = bed.weekday(place);
        count[weekday] += 1.0;
        places[weekday] += place_of(place);
        values[weekday] += value;
    }
    for weekday in 0..7 {
        places[weekday] /= f64::max(count[weekday], 1.0);
        values[weekday] /= f64::max(count[weekday], 1.0);
    }
    let (mut square, mut product) = (0.0, 0.0);
    for (place, value) in bed.known() {
        let weekday = bed.weekday(place);
        let off = place_of(place) - places[weekday];
        square += off * off;
        product += off * (value - values[weekday]);
    }
    let slope = if square > 0.0 { product / square } else { 0.0 };
    let mut at_end = [0.0; 7];
    let known = count.iter().filter(|&&count| count > 0.0).count();
    let mut level = 0.0;
    for weekday in 0..7 {
        at_end[weekday] = values[weekday] - slope * places[weekday];
        if count[weekday] > 0.0 {
            level += at_end[weekday] / float(known);
        }
    }
    let effects = std::array::from_fn(|weekday| {
        if count[weekday] > 0.0 {
            at_end[weekday] - level
        } else {
            0.0
        }
    });
    Path {
        slope,
        ..Path::flat(bed, level, effects)
    }
}

/// A line by the median of the slopes between the middles of all weeks, with the effects of
/// weekdays by medians.
pub(super) fn theil_sen(bed: &Bed) -> Path {
    let known: Vec<(usize, f64)> = bed.known().collect();
    let effects = centred(weekday_effects(&known, |place| bed.weekday(place)));
    let end = float(bed.values.len());
    let mut weeks: Vec<(f64, f64)> = Vec::with_capacity(known.len() / 7 + 2);
    let mut plain = Vec::with_capacity(7);
    for week in known.chunk_by(|(one, _), (next, _)| one / 7 == next / 7) {
        plain.clear();
        plain.extend(
            week.iter()
                .map(|&(place, value)| value - effects[bed.weekday(place)]),
        );
        let middle: f64 =
            week.iter().map(|&(place, _)| float(place)).sum::<f64>() / float(week.len());
        if let Some(value) = median(&mut plain) {
            weeks.push((middle + 1.0 - end, value));
        }
    }
    let (slope, level) = line(&weeks).unwrap_or_default();
    Path {
        slope,
        ..Path::flat(bed, level, effects)
    }
}
