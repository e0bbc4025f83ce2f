//! The months that bills are for, where a vendor writes less than two instants.

use base::Month;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::Options;
use crate::{Cell, Column, Row};

/// The midnight in UTC with which a day begins.
pub(super) fn midnight(day: Date) -> Timestamp {
    let here = day.to_datetime(jiff::civil::Time::midnight());
    // Days that were read are within what an instant can be.
    Offset::UTC.to_timestamp(here).unwrap_or(Timestamp::MAX)
}

/// The instant at which the day after a day begins.
pub(super) fn next_midnight(day: Date) -> Timestamp {
    day.tomorrow().map_or(Timestamp::MAX, midnight)
}

/// Sets the billing period to a month from its first midnight in UTC to the next's.
pub(super) fn set_month(row: &mut Row<'_>, month: Month) {
    row.set(
        Column::BillingPeriodStart,
        Cell::Instant(midnight(month.first_day())),
    );
    row.set(
        Column::BillingPeriodEnd,
        Cell::Instant(next_midnight(month.last_day())),
    );
}

/// Whether whoever imports the file says which period bills it.
pub(super) fn is_given(options: &Options) -> bool {
    options.given(Column::BillingPeriodStart).is_some()
}

/// Sets the billing period to the month, in UTC, in which a charge was incurred.
pub(super) fn set_month_of(row: &mut Row<'_>, incurred: Timestamp) {
    set_month(row, Month::of(Offset::UTC.to_datetime(incurred).date()));
}

/// The instant at which a month begins in Pacific time, to which Google bills.
///
/// The first of a month lies in summer time from April to November: it begins on the second
/// Sunday of March and ends on the first Sunday of November, after midnight.
pub(super) fn pacific_start(month: Month) -> Timestamp {
    let first = month.first_day();
    let hours = if (4..=11).contains(&first.month()) {
        7
    } else {
        8
    };
    let start = midnight(first).checked_add(SignedDuration::from_hours(hours));
    start.unwrap_or(Timestamp::MAX)
}

/// The month in Pacific time that an instant lies in.
pub(super) fn pacific_month(instant: Timestamp) -> Month {
    let month = Month::of(Offset::UTC.to_datetime(instant).date());
    if pacific_start(month) <= instant {
        return month;
    }
    month.previous().unwrap_or(month)
}

/// Sets the billing period to a month in Pacific time.
pub(super) fn set_pacific_month(row: &mut Row<'_>, month: Month) {
    row.set(
        Column::BillingPeriodStart,
        Cell::Instant(pacific_start(month)),
    );
    let end = month.next().map_or(Timestamp::MAX, pacific_start);
    row.set(Column::BillingPeriodEnd, Cell::Instant(end));
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn months_begin_when_they_do_in_los_angeles() {
        let zone = TimeZone::get("America/Los_Angeles").expect("bundled");
        let mut month = Month::new(2008, 1).expect("a month");
        while month < Month::new(2036, 1).expect("a month") {
            let start = month.first_day().to_zoned(zone.clone()).expect("in range");
            assert_eq!(pacific_start(month), start.timestamp(), "{month}");
            assert_eq!(pacific_month(start.timestamp()), month);
            let before = start.timestamp() - SignedDuration::from_nanos(1);
            assert_eq!(Some(pacific_month(before)), month.previous());
            month = month.next().expect("a month");
        }
    }
}
