//! How much of something a provider lets be used, and when that will be reached.

use std::collections::BTreeMap;

use base::{Decimal, Spanned};
use estate::Ref;
use estate::kinds::Group;
use jiff::civil::Date;
use serde::Serialize;
use yaml::record;

record! {
    /// How much of something a provider lets be used.
    pub struct Quota {
        /// What people call it.
        pub name: Spanned<String>,
        /// The provider, as its bills call it.
        pub provider: String,
        /// The driver that says how much is used each day; all owners together.
        pub driver: Spanned<String>,
        /// How much may be used.
        pub limit: Spanned<Decimal>,
        /// What is counted; that of the driver if not said.
        pub unit: Option<Spanned<String>>,
        /// The group that asks for more.
        pub owner: Option<Ref<Group>>,
    }
}

/// How many days the use of a quota is judged by.
pub const WINDOW: usize = 28;

/// Beyond this, a line through four weeks says nothing.
const FARTHEST: f64 = 3.0 * 366.0;

/// The use of a quota in the last [`WINDOW`] days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuotaUse {
    /// The most that was used on a day.
    pub highest: Decimal,
    /// The day; the last if there are several.
    pub on: Date,
    /// What was used on the last day that is known.
    pub latest: Decimal,
    /// That day.
    pub as_of: Date,
    /// The highest of the limit: 1 is all of it. Nothing without a limit above zero.
    pub share: Option<Decimal>,
    /// The first day on which it is or will be reached: a day of the window on which it was; else by the line through
    /// the window (Theil and Sen), if that rises, there are two weeks to draw it by, and it is within three years.
    pub reached: Option<Date>,
}

/// The use against a limit, by a series of days, as on a day. Later days are not looked at; nothing if none of the last
/// [`WINDOW`] days is known.
pub fn used(limit: Decimal, series: &BTreeMap<Date, Decimal>, today: Date) -> Option<QuotaUse> {
    let first = today
        .checked_sub(jiff::Span::new().days(i64::try_from(WINDOW).ok()? - 1))
        .ok()?;
    let window: Vec<(Date, Decimal)> = series
        .range(first..=today)
        .map(|(&day, &quantity)| (day, quantity))
        .collect();
    let &(as_of, latest) = window.last()?;
    let &(on, highest) = window
        .iter()
        .max_by_key(|(day, quantity)| (*quantity, *day))?;
    let share = Some(limit).filter(|limit| *limit > Decimal::ZERO);
    let share = share.and_then(|limit| highest.over(limit));
    let was = window.iter().find(|(_, quantity)| *quantity >= limit);
    let reached = match was {
        Some((day, _)) => Some(*day),
        None => foreseen(limit, first, &window),
    };
    Some(QuotaUse {
        highest,
        on,
        latest,
        as_of,
        share: share.map(|share| share.value),
        reached,
    })
}

/// The day on which the line through a window is at the limit.
fn foreseen(limit: Decimal, first: Date, window: &[(Date, Decimal)]) -> Option<Date> {
    const FEWEST: usize = WINDOW / 2;
    if window.len() < FEWEST {
        return None;
    }
    let points: Vec<(f64, f64)> = window
        .iter()
        .map(|(day, quantity)| (days_between(first, *day), quantity.approximate()))
        .collect();
    let (slope, level) = forecast::line(&points)?;
    if slope <= 0.0 {
        return None;
    }
    let last = points.last()?.0;
    // The line may be above the limit already, where the days themselves are not yet.
    let days = ((limit.approximate() - level) / slope)
        .ceil()
        .max(last + 1.0);
    if days > FARTHEST {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // Within three years.
    let days = days as i64;
    first.checked_add(jiff::Span::new().days(days)).ok()
}

fn days_between(first: Date, day: Date) -> f64 {
    first
        .until(day)
        .map_or(0.0, |span| f64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn series(of: impl Fn(i64) -> i64, days: i64) -> BTreeMap<Date, Decimal> {
        let first = date(2026, 3, 1);
        let each = (0..days).map(|at| {
            let day = first.checked_add(jiff::Span::new().days(at)).unwrap();
            (day, Decimal::whole(of(at)))
        });
        each.collect()
    }

    #[test]
    fn the_highest_of_four_weeks_is_held_against_the_limit() {
        let use_of = series(
            |at| {
                if at == 1 {
                    900
                } else if at == 20 {
                    80
                } else {
                    40
                }
            },
            31,
        );
        let used = used(Decimal::whole(100), &use_of, date(2026, 3, 31)).unwrap();
        assert_eq!(
            (used.highest, used.on),
            (Decimal::whole(80), date(2026, 3, 21))
        );
        assert_eq!(
            used.share.map(|share| share.to_string()).as_deref(),
            Some("0.8")
        );
        assert_eq!(used.reached, None);
        assert_eq!(
            (used.latest, used.as_of),
            (Decimal::whole(40), date(2026, 3, 31))
        );
    }

    #[test]
    fn use_that_rises_reaches_the_limit_on_the_day_of_its_line() {
        let rising = series(|at| 10 + 2 * at, 28);
        let use_now = used(Decimal::whole(100), &rising, date(2026, 3, 28)).unwrap();
        // 10 + 2x = 100 on the day 45 after the first of March.
        assert_eq!(use_now.reached, Some(date(2026, 4, 15)));
        let falling = series(|at| 90 - at, 28);
        let use_now = used(Decimal::whole(100), &falling, date(2026, 3, 28)).unwrap();
        assert_eq!(use_now.reached, None);
    }

    #[test]
    fn a_limit_that_was_reached_is_no_forecast() {
        let full = series(|at| if at == 12 { 100 } else { 10 }, 20);
        let use_now = used(Decimal::whole(100), &full, date(2026, 3, 20)).unwrap();
        assert_eq!(use_now.reached, Some(date(2026, 3, 13)));
    }

    #[test]
    fn nothing_is_said_of_use_that_nobody_knows() {
        assert_eq!(
            used(Decimal::whole(1), &BTreeMap::new(), date(2026, 3, 1)),
            None
        );
        let old = series(|_| 5, 10);
        assert_eq!(used(Decimal::whole(9), &old, date(2026, 6, 1)), None);
        let short = used(Decimal::whole(99), &series(|at| at, 5), date(2026, 3, 5)).unwrap();
        assert_eq!(short.reached, None);
        let none = used(Decimal::ZERO, &old, date(2026, 3, 10)).unwrap();
        assert_eq!(none.share, None);
    }
}
