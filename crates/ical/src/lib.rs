//! Calendars: what recurs and when, read and written as iCalendar.
