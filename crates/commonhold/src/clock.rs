//! The only place that reads the clock.

use jiff::civil::Date;

/// The day it is in UTC.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn today() -> Date {
    let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap_or_default();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}
