//! The days on which is looked.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::cli::Every;

/// The first and the last day, and between them each on which a month, a week or a day begins.
pub(super) fn days(every: Every, first: Date, last: Date) -> Vec<Date> {
    let begins = |day: &Date| match every {
        Every::Day => true,
        Every::Week => day.weekday() == Weekday::Monday,
        Every::Month => day.day() == 1,
    };
    let all = first.series(1.day()).take_while(|day| *day <= last);
    all.filter(|day| *day == first || *day == last || begins(day))
        .collect()
}

/// The instant at which a day begins, in UTC.
pub(super) fn beginning(day: Date) -> Timestamp {
    let begins = day.to_zoned(TimeZone::UTC);
    begins.map_or(Timestamp::MIN, |begins| begins.timestamp())
}

/// The day of an instant, in UTC.
pub(super) fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_are_among_the_days() {
        let found = days(Every::Month, date(2026, 1, 15), date(2026, 3, 2));
        let expected = [
            date(2026, 1, 15),
            date(2026, 2, 1),
            date(2026, 3, 1),
            date(2026, 3, 2),
        ];
        assert_eq!(found, expected);
        // 2026-01-05 is a Monday.
        let found = days(Every::Week, date(2026, 1, 5), date(2026, 1, 12));
        assert_eq!(found, [date(2026, 1, 5), date(2026, 1, 12)]);
        assert_eq!(
            days(Every::Day, date(2026, 1, 1), date(2026, 1, 3)).len(),
            3
        );
        assert!(days(Every::Day, date(2026, 1, 2), date(2026, 1, 1)).is_empty());
    }
}
