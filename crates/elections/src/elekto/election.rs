//! `election.yaml`.

use std::fmt;

use base::{Diagnostic, Spanned};
use charter::Count;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape, Value, record};

use crate::definition::ZonedTime;
use crate::{Login, codes};

record! {
    /// `election.yaml`.
    #[derive(PartialEq, Eq)]
    pub struct ElectionFile {
        /// What people call the election.
        pub name: String,
        /// Whose election it is.
        pub organization: String,
        /// When the vote opens.
        pub start_datetime: Spanned<NaiveTime>,
        /// When it closes.
        pub end_datetime: Spanned<NaiveTime>,
        /// How many seats are filled. Elekto does not read it.
        pub no_winners: Option<Spanned<Count>>,
        /// Whether a ballot may leave candidates without a rank. Elekto does not read it.
        pub allow_no_opinion: Option<bool>,
        /// Whether ballots are deleted in the end. Elekto does not read it.
        pub delete_after: Option<bool>,
        /// What of the data of candidates is shown.
        pub show_candidate_fields: ShownFields,
        /// Who decides on exceptions and sees the result first.
        pub election_officers: Vec<Spanned<Login>>,
        /// Who may vote, in words, as Markdown.
        pub eligibility: Option<String>,
        /// Who may ask for an exception, in words.
        pub exception_description: Option<String>,
        /// Until when; the opening if not said.
        pub exception_due: Option<Spanned<NaiveTime>>,
    }
}

impl ElectionFile {
    /// Says how times without a zone are read.
    pub(super) fn check(&self, findings: &mut Vec<Diagnostic>) {
        let times = [
            Some(&self.start_datetime),
            Some(&self.end_datetime),
            self.exception_due.as_ref(),
        ];
        for time in times.into_iter().flatten() {
            let mut message = format!("`{time}` has no zone, and is read as UTC");
            if let Some(there) = time.value.utc().as_anywhere_on_earth() {
                message += &format!(": {} {} Anywhere on Earth", there.date(), there.time());
            }
            findings.push(Diagnostic::new(&codes::ELEKTO_UTC, time.span, message));
        }
        let (start, end) = (&self.start_datetime, &self.end_datetime);
        if end.value.0 <= start.value.0 {
            let message = format!("the vote closes at {end}, not after it opens at {start}");
            let finding = Diagnostic::new(&codes::WINDOW, end.span, message);
            findings.push(
                finding
                    .related(start.span, "it opens here")
                    .help("check the days"),
            );
        }
    }
}

/// A time without a zone, `YYYY-MM-DD HH:MM:SS`, which stands for UTC. Whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaiveTime(Timestamp);

impl NaiveTime {
    /// A time, if the text has the form of one.
    pub fn new(text: &str) -> Option<Self> {
        let (day, time) = text.split_once([' ', 'T'])?;
        let shape = |text: &str, sign: char, lengths: [usize; 3]| {
            let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            let mut parts = text.split(sign).map(|part| (part.len(), digits(part)));
            lengths
                .into_iter()
                .all(|length| parts.next() == Some((length, true)))
                && parts.next().is_none()
        };
        if !shape(day, '-', [4, 2, 2]) || !shape(time, ':', [2, 2, 2]) {
            return None;
        }
        let shown: DateTime = format!("{day}T{time}").parse().ok()?;
        // A leap second is read as the one before it: then the text is another.
        let exists = time == shown.time().to_string();
        let at = TimeZone::UTC.to_timestamp(shown).ok()?;
        exists.then_some(Self(at))
    }

    /// What the clocks of UTC show at a moment, without fractions of a second.
    pub fn at(moment: Timestamp) -> Self {
        let whole = Timestamp::from_second(moment.as_second());
        Self(whole.unwrap_or(moment))
    }

    /// The moment, in UTC.
    pub fn utc(self) -> ZonedTime {
        ZonedTime::utc(self.0)
    }
}

impl fmt::Display for NaiveTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = TimeZone::UTC.to_datetime(self.0);
        write!(f, "{} {}", shown.date(), shown.time())
    }
}

impl Serialize for NaiveTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for NaiveTime {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a time");
        };
        let time = Self::new(text.trim());
        let day: Option<Date> = text.trim().parse().ok();
        let (message, help) = match (time, plain) {
            (Some(time), true) => return Some(time),
            (Some(time), false) => (
                "a time in quotes is a text to Elekto, which cannot compare it".to_owned(),
                format!("remove the quotes: {time}"),
            ),
            (None, _) if text.len() == 10 && day.is_some() => (
                "a day without a time is another kind of value to Elekto, which cannot compare it"
                    .to_owned(),
                format!("add the time: {text} 00:00:00"),
            ),
            (None, _) => (
                format!("\"{text}\" is not a time as Elekto reads it"),
                "write it in UTC and without a zone, as 2026-10-02 11:59:59".to_owned(),
            ),
        };
        cx.report(Diagnostic::new(&codes::ELEKTO_TIME, node.span, message).help(help));
        None
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a time in UTC, without a zone",
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$",
        }
    }
}

/// The names of what is shown of a candidate. Entries that stand for nothing are left out,
/// and said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ShownFields(pub Vec<String>);

impl FromYaml for ShownFields {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let mut names = Vec::new();
        for item in cx.items(node, "a list")? {
            if item.is_null() {
                let message = "an entry of the list is empty";
                let finding = Diagnostic::new(&codes::ELEKTO_EMPTY, item.span, message);
                cx.report(finding.help("remove the line"));
            } else {
                names.extend(String::from_yaml(item, cx));
            }
        }
        Some(Self(names))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::List(Box::new(Shape::Text))
    }
}
