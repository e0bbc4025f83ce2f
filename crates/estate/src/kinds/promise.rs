//! What a group promises to those it works with, and what others promised to it.

use base::Spanned;
use jiff::civil::{Date, Time};
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape, choice, record};

use super::Group;
use crate::period::Period;
use crate::reference::Ref;
use crate::scalars::TimeZone;

record! {
    /// How soon somebody who writes to a group hears from it.
    pub struct Promise {
        /// Where they write.
        pub channel: Spanned<Channel>,
        /// The longest until a first response, for example `2bd`.
        pub first_response: Period,
        /// How long it really took.
        pub measured: Option<Measured>,
    }
}

choice! {
    /// Where people write to a group.
    pub enum Channel {
        /// Its channel in the project's chat.
        Chat = "chat",
        /// Its public list.
        MailingList = "mailing-list",
        /// Its private list, for example for reports of vulnerabilities.
        PrivateMailingList = "private-mailing-list",
        /// Issues in its repositories.
        Issues = "issues",
        /// Pull requests to its repositories.
        PullRequests = "pull-requests",
    }
}

record! {
    /// How long first responses took.
    pub struct Measured {
        /// The time within which nine of ten had one, in the same unit as the promise.
        pub p90: Spanned<Period>,
        /// The day of the measurement.
        pub on: Date,
    }
}

record! {
    /// Hours at which anybody may come and ask, every week or every few weeks.
    pub struct OfficeHours {
        /// The days of the week.
        pub days: Vec<Weekday>,
        /// When they start, as `"17:00"`.
        pub start: Spanned<ClockTime>,
        /// How many minutes they last.
        pub minutes: u32 = 60,
        /// The zone in which the clock shows that.
        pub time_zone: TimeZone,
        /// Every how many weeks.
        pub every_weeks: u32 = 1,
        /// A day on which they are held; from it the weeks are counted where it is not every week.
        pub first: Option<Date>,
        /// Where.
        pub url: Option<String>,
    }
}

choice! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

record! {
    /// The body that takes over what a group has not settled.
    pub struct NextBody {
        /// The group.
        pub to: Ref<Group>,
        /// How long the group itself has before that.
        pub after: Period,
    }
}

record! {
    /// People that an employer has promised for a group's work.
    pub struct Commitment {
        /// The employer; the charter unites its spellings.
        pub employer: Spanned<String>,
        /// How many people.
        pub people: u32,
        /// The last day of the promise.
        pub until: Spanned<Date>,
        /// Where that was said.
        pub source: Option<String>,
    }
}

record! {
    /// A policy that a group answers for.
    pub struct PublishedPolicy {
        /// What people call it.
        pub title: Spanned<String>,
        /// Where it stands.
        pub url: String,
        /// The day by which the group looks at it again.
        pub review: Spanned<Date>,
    }
}

/// A time of day, as a clock on the wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTime(pub Time);

impl Serialize for ClockTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%H:%M"))
    }
}

impl FromYaml for ClockTime {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a time of day")?;
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b':';
        let well_formed = text.len() == 5 && text.bytes().all(digits);
        match Time::strptime("%H:%M", text) {
            Ok(time) if well_formed => Some(Self(time)),
            _ => cx.bad_value(
                node.span,
                format!("\"{text}\" is not a time of day"),
                "write hours and minutes in quotes, from \"00:00\" to \"23:59\"",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a time of day, such as `\"17:00\"`",
            pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        }
    }
}

impl Weekday {
    /// The two letters by which RFC 5545 §3.3.10 knows it in `BYDAY`.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Monday => "MO",
            Self::Tuesday => "TU",
            Self::Wednesday => "WE",
            Self::Thursday => "TH",
            Self::Friday => "FR",
            Self::Saturday => "SA",
            Self::Sunday => "SU",
        }
    }
}

impl OfficeHours {
    /// The recurrence as RFC 5545 §3.3.10 writes it; the start and its zone are not part of it.
    pub fn rrule(&self) -> String {
        let mut days = self.days.clone();
        days.sort_unstable();
        days.dedup();
        let days: Vec<&str> = days.into_iter().map(Weekday::letters).collect();
        let interval = match self.every_weeks {
            0 | 1 => String::new(),
            weeks => format!("INTERVAL={weeks};"),
        };
        format!("FREQ=WEEKLY;{interval}BYDAY={}", days.join(","))
    }
}

#[cfg(test)]
mod tests {
    use base::SourceMap;
    use yaml::{Decoding, Profile};

    use super::OfficeHours;

    fn read(text: &str) -> (Option<OfficeHours>, usize) {
        let file = SourceMap::default().add("hours.yaml", text.to_owned());
        let (hours, findings) = Decoding::read_text::<OfficeHours>(text, file, Profile::NATIVE);
        (hours, findings.len())
    }

    #[test]
    fn office_hours_recur_as_a_calendar_writes_it() {
        let (hours, findings) = read(
            "days: [thursday, tuesday]\nstart: \"17:00\"\ntime_zone: Europe/Paris\nevery_weeks: 2\n",
        );
        assert_eq!(findings, 0);
        let rule = hours.map(|hours| hours.rrule());
        assert_eq!(rule.as_deref(), Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"));
    }

    #[test]
    fn what_no_clock_shows_is_refused() {
        for start in ["24:00", "17:60", "5 pm", "7:00", "17:00:00", "+7:00", ""] {
            let (_, findings) = read(&format!(
                "days: [monday]\nstart: \"{start}\"\ntime_zone: UTC\n"
            ));
            assert_eq!(findings, 1, "{start}");
        }
    }
}
