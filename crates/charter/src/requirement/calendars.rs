//! Calendars of days on which nobody is expected to answer.

use base::Diagnostic;
use estate::Tree;
use jiff::civil::{Date, date};

use super::Holiday;
use crate::{Charter, codes};

/// The days that calendars are read for: recurring ones would never end.
const FIRST: Date = date(2000, 1, 1);
const LAST: Date = date(2100, 12, 31);

impl Charter {
    /// Takes the days off of the calendars that the charter names for holidays. They are files
    /// of the estate, so whoever changes one changes how long others have to object.
    pub fn read_calendars(&mut self, tree: &dyn Tree) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        let policy = &mut self.decisions;
        for path in &policy.calendars {
            let mut report = |what: String, help: &str| {
                let finding = Diagnostic::new(&codes::CALENDAR, path.span, what);
                findings.push(finding.help(help));
            };
            let text = match tree.read(&path.value) {
                Ok(text) => text,
                Err(error) => {
                    let what = format!(
                        "the calendar {} cannot be read: {}",
                        path.value, error.reason
                    );
                    report(
                        what,
                        "write the path of an `.ics` file, from the estate's root",
                    );
                    continue;
                }
            };
            let days = match ical::days_off(&text, FIRST, LAST) {
                Ok(days) => days,
                Err(error) => {
                    report(
                        format!("{}: {error}", path.value),
                        "export it as iCalendar again",
                    );
                    continue;
                }
            };
            for unread in days.unread {
                let what = format!("{}: {unread}", path.value);
                report(
                    what,
                    "take it out of the calendar, or write the days under `holidays`",
                );
            }
            let days = days.days.into_iter();
            policy.holidays.extend(days.map(|day| Holiday {
                first: day.first,
                last: day.last,
            }));
        }
        findings
    }
}
