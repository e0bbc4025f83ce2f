//! What days are compared with: the same weekdays of the weeks before.

use std::ops::Range;

use base::Decimal;

/// How many days are compared with.
const COMPARED: usize = 28;
/// How many days back they are looked for.
const FURTHEST: usize = 84;

/// The days that some days are compared with.
///
/// What is expected is a weighted sum of amounts, so that what is expected of parts adds up to
/// what is expected of the whole.
#[derive(Debug, Clone)]
pub(super) struct Ordinary {
    /// The days that are asked about.
    pub(super) asked: Range<usize>,
    /// The days from the first to the last of those that are compared with.
    pub(super) reach: Range<usize>,
    /// For each of these its weekday, if it counts.
    counts: Vec<Option<usize>>,
    /// How many days of each weekday are asked about, and how many are compared with.
    wanted: [i64; 7],
    there: [i64; 7],
}

impl Ordinary {
    /// Compares with days from one on, but not with some.
    pub(super) fn of(
        asked: Range<usize>,
        from: usize,
        but: &[Range<usize>],
        weekday: impl Fn(usize) -> usize,
    ) -> Self {
        let from = from.max(asked.start.saturating_sub(FURTHEST));
        let usual = |day: &usize| !but.iter().any(|days| days.contains(day));
        let mut days: Vec<usize> = (from..asked.start)
            .rev()
            .filter(usual)
            .take(COMPARED)
            .collect();
        days.reverse();
        let reach = days.first().map_or(asked.start, |&first| first)..asked.start;
        let (mut wanted, mut there) = ([0; 7], [0; 7]);
        for day in asked.clone() {
            wanted[weekday(day)] += 1;
        }
        let mut counts = vec![None; reach.len()];
        for day in days {
            there[weekday(day)] += 1;
            counts[day - reach.start] = Some(weekday(day));
        }
        Self {
            asked,
            reach,
            counts,
            wanted,
            there,
        }
    }

    /// The days that are compared with.
    pub(super) fn days(&self) -> impl Iterator<Item = usize> {
        let counted = self.reach.clone().zip(&self.counts);
        counted.filter_map(|(day, counts)| counts.map(|_| day))
    }

    /// What the days that are asked about were to come to, by what some days cost.
    pub(super) fn expected(&self, amounts: impl IntoIterator<Item = (usize, Decimal)>) -> Decimal {
        let mut sums = [Decimal::ZERO; 7];
        for (day, amount) in amounts {
            if !self.reach.contains(&day) {
                continue;
            }
            if let Some(weekday) = self.counts[day - self.reach.start] {
                sums[weekday] += amount;
            }
        }
        let all: Decimal = sums.iter().copied().sum();
        let days: i64 = self.there.iter().sum();
        let mut expected = Decimal::ZERO;
        for ((sum, wanted), there) in sums.into_iter().zip(self.wanted).zip(self.there) {
            // Of a weekday that was in no day compared with, as of all of them.
            let (sum, there) = if there > 0 { (sum, there) } else { (all, days) };
            let share = sum.share(Decimal::whole(wanted), Decimal::whole(there));
            expected += share.map_or(Decimal::ZERO, |rounded| rounded.value);
        }
        expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(day: usize) -> (usize, Decimal) {
        let weekend = day % 7 >= 5;
        (day, Decimal::whole(if weekend { 4 } else { 10 }))
    }

    #[test]
    fn a_day_is_expected_to_be_like_its_weekday_but_not_like_days_of_an_event() {
        let ordinary = Ordinary::of(60..62, 0, std::slice::from_ref(&(40..43)), |day| day % 7);
        assert_eq!(ordinary.days().count(), 28);
        assert_eq!(ordinary.reach, 29..60);
        assert!(!ordinary.days().any(|day| (40..43).contains(&day)));
        let wild = |day: usize| {
            if (40..43).contains(&day) {
                (day, Decimal::whole(1_000))
            } else {
                amount(day)
            }
        };
        // Days 60 and 61 are a Friday and a Saturday.
        assert_eq!(ordinary.expected((0..70).map(wild)), Decimal::whole(14));
    }

    #[test]
    fn nothing_is_expected_where_nothing_is_known() {
        let ordinary = Ordinary::of(3..5, 3, &[], |day| day % 7);
        assert_eq!(ordinary.expected((0..9).map(amount)), Decimal::ZERO);
    }
}
