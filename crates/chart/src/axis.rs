//! Axes: steps of 1, 2 or 5 times a power of ten, and labels that do not touch.

use crate::text::width;

/// The axis of amounts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    /// Where its lines are, rising; one of them is zero.
    pub(crate) ticks: Vec<f64>,
}

impl Axis {
    /// About so many steps from the smallest to the largest of some numbers, and zero.
    pub(crate) fn over(numbers: impl IntoIterator<Item = f64>, steps: f64) -> Self {
        let span = |(low, high): (f64, f64), number: f64| (low.min(number), high.max(number));
        let (low, high) = numbers.into_iter().fold((0.0, 0.0), span);
        let high = if high > low { high } else { 1.0 };
        let step = nice((high - low) / steps);
        let first = (low / step).floor();
        let last = (high / step).ceil();
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= last {
            ticks.push(at * step + 0.0);
            at += 1.0;
        }
        Self {
            low: first * step,
            high: last * step,
            ticks,
        }
    }

    /// Where a number lies between the low end, 0, and the high end, 1.
    pub(crate) fn share(&self, number: f64) -> f64 {
        ((number - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The least of 1, 2 and 5 times a power of ten that is not below a positive number.
fn nice(number: f64) -> f64 {
    let power = 10_f64.powf(number.log10().floor());
    // What is a hair above 5 by the logarithm's rounding is 5.
    let least = number / power * (1.0 - 1e-9);
    let factor = [1.0, 2.0, 5.0].into_iter().find(|&factor| least <= factor);
    factor.unwrap_or(10.0) * power
}

/// Which of some labels, at their places, are shown so that none touches another: every n-th,
/// counted from the last, which is the one that matters.
pub(crate) fn thinned(labels: &[(f64, &str)], size: f64) -> Vec<usize> {
    let fits = |every: usize| {
        let shown: Vec<&(f64, &str)> = labels.iter().rev().step_by(every).collect();
        shown.windows(2).all(|pair| {
            let room = width(pair[0].1, size).midpoint(width(pair[1].1, size)) + size * 0.6;
            (pair[0].0 - pair[1].0).abs() >= room
        })
    };
    let every = [1, 2, 3, 4, 6, 12, 24, 48, 96, 192, 384, 1024, 8192]
        .into_iter()
        .find(|&every| fits(every));
    let mut shown: Vec<usize> = (0..labels.len())
        .rev()
        .step_by(every.unwrap_or(usize::MAX))
        .collect();
    shown.reverse();
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_or_five_and_reach_beyond_the_numbers() {
        assert_eq!(Axis::over([109.0], 4.0).ticks, [0.0, 50.0, 100.0, 150.0]);
        assert_eq!(Axis::over([-3.0, 7.0], 4.0).ticks, [-5.0, 0.0, 5.0, 10.0]);
        assert_eq!(Axis::over([20.0], 4.0).ticks, [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(Axis::over([1e-100], 4.0).ticks.len(), 3);
    }

    #[test]
    fn without_numbers_the_axis_goes_from_nothing_to_one() {
        let axis = Axis::over([], 4.0);
        assert_eq!(axis.ticks.first(), Some(&0.0));
        assert_eq!(axis.ticks.last(), Some(&1.0));
    }

    #[test]
    fn labels_never_touch_and_the_last_is_shown() {
        let places: Vec<(f64, &str)> = (0..24)
            .map(|at| (f64::from(at) * 20.0, "2026-01"))
            .collect();
        let shown = thinned(&places, 17.0);
        assert_eq!(shown.last(), Some(&23));
        assert!(shown.len() >= 4 && shown.len() <= 8, "{shown:?}");
        assert_eq!(thinned(&[], 17.0), Vec::<usize>::new());
    }
}
