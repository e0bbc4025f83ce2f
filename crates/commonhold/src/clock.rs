//! The only place that reads the clock.

use jiff::Timestamp;
use jiff::civil::Date;

/// The time it is.
#[expect(clippy::disallowed_methods, reason = "this is the clock module")]
pub fn now() -> Timestamp {
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or_default()
}

/// The day it is in UTC.
pub fn today() -> Date {
    now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
