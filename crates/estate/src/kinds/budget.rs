//! Budgets: what may be spent, and what happens when it is.

use base::{Currency, Decimal, Spanned};
use jiff::civil::Date;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use yaml::{Choice, Decoding, FromYaml, Node, Shape, Value, choice, record};

use super::{CreditGrant, Group, Kind, KindId, Service};
use crate::reference::{Ref, References, Relation};

record! {
    /// What may be spent on something in a time.
    pub struct Budget {
        /// What people call it.
        pub title: Option<String>,
        /// What counts; everything if not said.
        pub scope: BudgetScope = BudgetScope::default(),
        /// How much may be spent in each period.
        pub amount: Spanned<Decimal>,
        /// In which currency.
        pub currency: Spanned<Currency>,
        /// The time that the amount is for.
        pub period: BudgetPeriod,
        /// Which cost counts.
        pub metric: Metric = Metric::Gross,
        /// What happens at which share of it; the shares of one basis rise.
        pub thresholds: Vec<Threshold>,
        /// The group that answers for it.
        pub owner: Ref<Group>,
        /// Where it was decided: a link, or the number of a decision.
        pub decision: Option<String>,
        /// The budget that this one is a part of.
        pub parent: Option<Ref<Budget>>,
    }
}

record! {
    /// What counts towards a budget: what all of these agree on.
    #[derive(Default)]
    pub struct BudgetScope {
        /// The provider, as its bills call it (`ProviderName`), without regard to case.
        pub provider: Option<Spanned<String>>,
        /// Its billing accounts; `*` stands for any characters.
        pub account: Option<Spanned<String>>,
        /// Its sub-accounts, for example projects; `*` stands for any characters.
        pub sub_account: Option<Spanned<String>>,
        /// The group whose costs they are, with its share of what is used together.
        pub group: Option<Ref<Group>>,
        /// The service that they are for.
        pub service: Option<Ref<Service>>,
    }
}

choice! {
    /// Which cost counts.
    pub enum Metric {
        /// Before grants pay for it: the effective cost of all but credits. What credits cover is still used up.
        Gross = "gross",
        /// After grants: the effective cost of all. Nothing, as long as credits cover everything.
        Net = "net",
        /// What is invoiced, in the month in which it is.
        Billed = "billed",
    }
}

record! {
    /// A share of a budget at which somebody does something.
    pub struct Threshold {
        /// The share, in per cent.
        pub at: Spanned<u32>,
        /// What is held against it.
        pub basis: Basis = Basis::Actual,
        /// What is done then, and by whom.
        pub action: Spanned<String>,
        /// The channels by which they are told.
        pub notify: Vec<Spanned<String>>,
    }
}

choice! {
    /// What is held against a threshold.
    pub enum Basis {
        /// What was spent.
        Actual = "actual",
        /// What will be spent by the end of the period, in one of two cases.
        P50 = "p50",
        /// What will be spent by the end of the period, in nine of ten cases at most.
        P90 = "p90",
    }
}

/// The time that a budget is for.
#[derive(Debug, Clone)]
pub enum BudgetPeriod {
    /// Each month of the calendar.
    Month,
    /// Each quarter of the calendar.
    Quarter,
    /// Each year of the calendar.
    Year,
    /// Once, from a day to a day, both included; years if need be.
    Custom {
        /// The first day.
        from: Spanned<Date>,
        /// The last day.
        until: Spanned<Date>,
    },
    /// Each year from a day of the year on.
    Anniversary(DayOfYear),
    /// As long as a grant lasts.
    Grant(Ref<CreditGrant>),
}

/// A day that every year has, as `"04-01"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOfYear {
    month: i8,
    day: i8,
}

record! {
    /// A time that is none of the calendar's.
    pub struct OwnPeriod {
        /// The first day; with `until`.
        pub from: Option<Spanned<Date>>,
        /// The last day; with `from`.
        pub until: Option<Spanned<Date>>,
        /// The day of the year, as `"04-01"`, on which each year of it begins.
        pub anniversary: Option<DayOfYear>,
        /// The grant whose time it is.
        pub grant: Option<Ref<CreditGrant>>,
    }
}

impl BudgetPeriod {
    const WORDS: [&'static str; 3] = ["month", "quarter", "year"];

    const ONE_OF: &'static str = "write month, quarter or year; or {from: 2026-01-01, until: 2028-12-31}, \
                                  {anniversary: \"04-01\"} or {grant: NAME}";
}

impl FromYaml for BudgetPeriod {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        if let Value::Scalar { .. } = &node.value {
            return match Choice::pick(node, &Self::WORDS, cx)? {
                0 => Some(Self::Month),
                1 => Some(Self::Quarter),
                _ => Some(Self::Year),
            };
        }
        let own = OwnPeriod::from_yaml(node, cx)?;
        match (own.from, own.until, own.anniversary, own.grant) {
            (Some(from), Some(until), None, None) => Some(Self::Custom { from, until }),
            (None, None, Some(day), None) => Some(Self::Anniversary(day)),
            (None, None, None, Some(grant)) => Some(Self::Grant(grant)),
            _ => cx.bad_value(node.span, "this is not one period", Self::ONE_OF),
        }
    }

    fn shape() -> Shape {
        let words = Self::WORDS.iter().zip([
            "Each month of the calendar.",
            "Each quarter of the calendar.",
            "Each year of the calendar.",
        ]);
        let words = words.map(|(word, doc)| Choice { word, doc }).collect();
        Shape::Either(vec![Shape::Choice(words), OwnPeriod::shape()])
    }
}

impl Serialize for BudgetPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Self::Month => return serializer.serialize_str("month"),
            Self::Quarter => return serializer.serialize_str("quarter"),
            Self::Year => return serializer.serialize_str("year"),
            _ => serializer.serialize_map(None)?,
        };
        match self {
            Self::Custom { from, until } => {
                map.serialize_entry("from", from)?;
                map.serialize_entry("until", until)?;
            }
            Self::Anniversary(day) => map.serialize_entry("anniversary", day)?,
            Self::Grant(grant) => map.serialize_entry("grant", grant)?,
            Self::Month | Self::Quarter | Self::Year => {}
        }
        map.end()
    }
}

impl DayOfYear {
    /// The day in a year; nothing in a year that no date has.
    pub fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// What it lacks, not every year has.
const NO_LEAP_YEAR: i16 = 2025;

impl std::fmt::Display for DayOfYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{:02}-{:02}", self.month, self.day))
    }
}

impl Serialize for DayOfYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for DayOfYear {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a day of the year")?;
        let two = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<i8>().ok()).flatten()
        };
        let read = text.split_once('-');
        let read = read.and_then(|(month, day)| two(month).zip(two(day)));
        let known = read.filter(|(month, day)| Date::new(NO_LEAP_YEAR, *month, *day).is_ok());
        match known {
            Some((month, day)) => Some(Self { month, day }),
            None => cx.bad_value(
                node.span,
                format!("\"{text}\" is not a day of every year"),
                "write month and day in quotes, as \"04-01\"; 29 February is not in every year",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a day of the year, such as `\"04-01\"`",
            pattern: "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        }
    }
}

impl Kind for Budget {
    const NAME: &'static str = "budget";
    const FOLDER: &'static str = "budgets";
    const ID: KindId = KindId::Budget;

    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    fn references<'a>(&'a self, names: &mut References<'_, 'a>) {
        names.each([&self.owner], Relation::OwnedBy);
        names.each(&self.scope.group, Relation::Limits);
        names.each(&self.scope.service, Relation::Limits);
        names.each(&self.parent, Relation::PartOf);
        if let BudgetPeriod::Grant(grant) = &self.period {
            names.each([grant], Relation::PaidFrom);
        }
    }
}

#[cfg(test)]
mod tests {
    use base::SourceMap;
    use yaml::{Decoding, Profile};

    use super::Budget;

    fn read(period: &str) -> Result<String, String> {
        let text = format!("amount: 10\ncurrency: USD\nowner: infra\nperiod: {period}\n");
        let file = SourceMap::default().add("budgets/a.yaml", text.clone());
        let (budget, findings) = Decoding::read_text::<Budget>(&text, file, Profile::NATIVE);
        match (budget, findings.first()) {
            (Some(budget), None) => {
                serde_json::to_string(&budget.period).map_err(|e| e.to_string())
            }
            (_, finding) => Err(finding.map(|one| one.message.clone()).unwrap_or_default()),
        }
    }

    #[test]
    fn a_period_is_a_word_of_the_calendar_or_says_its_days() {
        for (period, json) in [
            ("month", "\"month\""),
            ("quarter", "\"quarter\""),
            ("year", "\"year\""),
            (
                "{from: 2026-01-01, until: 2028-12-31}",
                r#"{"from":"2026-01-01","until":"2028-12-31"}"#,
            ),
            ("{anniversary: 04-01}", r#"{"anniversary":"04-01"}"#),
            ("{grant: gcp-2026}", r#"{"grant":"gcp-2026"}"#),
        ] {
            assert_eq!(read(period).as_deref(), Ok(json));
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for period in [
            "week",
            "{from: 2026-01-01}",
            "{until: 2026-01-01}",
            "{anniversary: 02-29}",
            "{anniversary: 4-1}",
            "{anniversary: 13-01}",
            "{anniversary: 04-01, grant: gcp}",
            "{from: 2026-01-01, until: 2026-02-01, grant: gcp}",
            "{}",
            "[month]",
        ] {
            assert!(read(period).is_err(), "{period}");
        }
    }
}
