//! Questions of charges: by what, which of them, and which sums.

mod answer;
mod levels;
mod metric;
mod table;

use std::fmt;

use base::Month;
use jiff::civil::Date;

pub use answer::{answer, from_cube, from_files};
pub use metric::{Metric, NotAMetric};
pub use table::{Line, Table};

use crate::scan::{Dimension, Filter, NotADimension, NotAPattern, Pattern, Span, Test};

/// What is asked of charges.
#[derive(Debug, Clone)]
pub struct Question {
    /// By what charges are grouped; each once, and at least one.
    pub by: Vec<Dimension>,
    /// Which charges are looked at: those that pass all.
    pub filters: Vec<Filter>,
    /// Which sums are wanted; each once, and at least one.
    pub metrics: Vec<Metric>,
    /// The first day on which they were incurred; from ever if there is none.
    pub from: Option<Date>,
    /// The last such day; for ever if there is none.
    pub until: Option<Date>,
    /// How many of the largest are named, by the first sum; the rest is one line. All if there is none.
    pub top: Option<usize>,
}

/// A question in words is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAQuestion {
    /// A word to group or to choose by.
    #[error(transparent)]
    Dimension(#[from] NotADimension),
    /// A sum.
    #[error(transparent)]
    Metric(#[from] NotAMetric),
    /// A pattern of a filter.
    #[error(transparent)]
    Pattern(#[from] NotAPattern),
    /// A word stands twice.
    #[error("`{0}` is asked for twice")]
    Twice(String),
    /// A filter has nothing that it compares with.
    #[error(
        "the filter `{0}` says nothing; write `word=value`, `word!=value`, `word~pattern` or `word!~pattern`, \
         for example `provider=AWS` or `sub-account~prod-*`"
    )]
    Filter(String),
    /// A filter compares a day or a month with something else.
    #[error("the filter `{filter}` needs {needs}")]
    Time {
        /// As written.
        filter: String,
        /// What stands behind the sign.
        needs: &'static str,
    },
    /// The last day is before the first.
    #[error("the days end on {until}, before they begin on {from}")]
    Backwards {
        /// The first.
        from: Date,
        /// The last.
        until: Date,
    },
    /// None of the largest are wanted.
    #[error("the largest 0 are none; name at least 1, or leave it away for all")]
    NoTop,
}

impl Question {
    /// Reads a question as words: lists have commas between, a comma in a tag's key has a
    /// backslash before it.
    ///
    /// # Errors
    /// A word is unknown, stands twice, or a filter is none.
    pub fn parse(
        by: &str,
        filters: &[String],
        metrics: &str,
        (from, until): (Option<Date>, Option<Date>),
        top: Option<usize>,
    ) -> Result<Self, NotAQuestion> {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            return Err(NotAQuestion::Backwards { from, until });
        }
        if top == Some(0) {
            return Err(NotAQuestion::NoTop);
        }
        let filters = filters.iter().map(|filter| read_filter(filter));
        Ok(Self {
            by: each(by, |word| Ok(word.parse::<Dimension>()?))?,
            filters: filters.collect::<Result<_, _>>()?,
            metrics: each(metrics, |word| Ok(word.parse::<Metric>()?))?,
            from,
            until,
            top,
        })
    }

    /// All conditions on charges, the days among them.
    pub fn conditions(&self) -> Vec<Filter> {
        let mut filters = self.filters.clone();
        if self.from.is_some() || self.until.is_some() {
            filters.push(Filter {
                dimension: Dimension::Day,
                test: Test::Within(Span {
                    from: self.from.unwrap_or(Date::MIN),
                    until: self.until.unwrap_or(Date::MAX),
                }),
            });
        }
        filters
    }
}

/// Reads a list of words, each once.
fn each<T: PartialEq + fmt::Display>(
    list: &str,
    read: impl Fn(&str) -> Result<T, NotAQuestion>,
) -> Result<Vec<T>, NotAQuestion> {
    let mut words = vec![String::new()];
    let mut letters = list.chars().peekable();
    while let Some(letter) = letters.next() {
        let word = words.last_mut().expect("there is always one");
        match letter {
            ',' => words.push(String::new()),
            '\\' if letters.peek() == Some(&',') => word.extend(letters.next()),
            letter => word.push(letter),
        }
    }
    let mut all: Vec<T> = Vec::new();
    for word in words {
        let one = read(word.trim())?;
        if all.contains(&one) {
            return Err(NotAQuestion::Twice(one.to_string()));
        }
        all.push(one);
    }
    Ok(all)
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Is,
    IsNot,
    Like,
    Unlike,
}

fn read_filter(written: &str) -> Result<Filter, NotAQuestion> {
    let nothing = || NotAQuestion::Filter(base::visible(written));
    let at = written.find(['=', '~']).ok_or_else(nothing)?;
    let (word, value) = (&written[..at], &written[at + 1..]);
    let like = written[at..].starts_with('~');
    let (word, not) = match word.strip_suffix('!') {
        Some(word) => (word, true),
        None => (word, false),
    };
    let sign = match (like, not) {
        (false, false) => Sign::Is,
        (false, true) => Sign::IsNot,
        (true, false) => Sign::Like,
        (true, true) => Sign::Unlike,
    };
    if word.trim().is_empty() {
        return Err(nothing());
    }
    let dimension: Dimension = word.trim().parse()?;
    let test = if dimension.is_time() {
        time_test(&dimension, sign, value.trim(), written)?
    } else {
        match sign {
            Sign::Is => Test::Is(value.to_owned()),
            Sign::IsNot => Test::IsNot(value.to_owned()),
            Sign::Like => Test::Like(Pattern::new(value)?),
            Sign::Unlike => Test::Unlike(Pattern::new(value)?),
        }
    };
    Ok(Filter { dimension, test })
}

const DAY: &str =
    "a day like 2026-10-31, behind `=` or `!=`; --from and --until give a first and a last day";
const MONTH: &str = "a month like 2026-10, behind `=` or `!=`";

fn time_test(
    dimension: &Dimension,
    sign: Sign,
    value: &str,
    written: &str,
) -> Result<Test, NotAQuestion> {
    let refused = |needs| NotAQuestion::Time {
        filter: base::visible(written),
        needs,
    };
    let span = if *dimension == Dimension::Day {
        let day: Date = value.parse().map_err(|_| refused(DAY))?;
        Span {
            from: day,
            until: day,
        }
    } else {
        let month: Month = value.parse().map_err(|_| refused(MONTH))?;
        Span::of_months(month, month)
    };
    match sign {
        Sign::Is => Ok(Test::Within(span)),
        Sign::IsNot => Ok(Test::Outside(span)),
        Sign::Like | Sign::Unlike => Err(refused(if *dimension == Dimension::Day {
            DAY
        } else {
            MONTH
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(by: &str, filters: &[&str], metrics: &str) -> Result<Question, NotAQuestion> {
        let filters: Vec<String> = filters.iter().map(|&filter| filter.to_owned()).collect();
        Question::parse(by, &filters, metrics, (None, None), None)
    }

    #[test]
    fn a_question_is_read_from_words() {
        let filters = [
            "provider!=AWS",
            "tag:a=b=c=d",
            "sub-account~prod-*",
            "month=2026-02",
        ];
        let asked = read("owner, tag:a\\,b", &filters, "gross,rows").unwrap();
        assert_eq!(
            asked.by,
            [Dimension::Owner, Dimension::Tag("a,b".to_owned())]
        );
        assert_eq!(asked.metrics, [Metric::Gross, Metric::Rows]);
        assert!(matches!(&asked.filters[0].test, Test::IsNot(value) if value == "AWS"));
        assert_eq!(asked.filters[1].dimension, Dimension::Tag("a".to_owned()));
        assert!(matches!(&asked.filters[1].test, Test::Is(value) if value == "b=c=d"));
        assert!(matches!(&asked.filters[2].test, Test::Like(pattern) if pattern.fits("prod-1")));
        let Test::Within(span) = asked.filters[3].test else {
            panic!()
        };
        assert_eq!((span.from.day(), span.until.day()), (1, 28));
    }

    #[test]
    fn what_is_wrong_with_a_question_is_said() {
        let wrong = |by: &str, filters: &[&str], metrics: &str| {
            read(by, filters, metrics).unwrap_err().to_string()
        };
        assert!(wrong("onwer", &[], "gross").contains("did you mean `owner`?"));
        assert!(wrong("owner", &[], "gros").contains("did you mean `gross`?"));
        assert!(wrong("owner", &[], "money").contains("gross, net, drawn, billed"));
        assert_eq!(
            wrong("owner,owner", &[], "gross"),
            "`owner` is asked for twice"
        );
        assert!(wrong("owner", &["provider"], "gross").contains("`word=value`"));
        assert!(wrong("owner", &["=AWS"], "gross").contains("says nothing"));
        assert!(wrong("owner", &["provdier=AWS"], "gross").contains("did you mean `provider`?"));
        assert!(wrong("owner", &["month=October"], "gross").contains("a month like 2026-10"));
        assert!(wrong("owner", &["day~2026*"], "gross").contains("--from"));
        assert!(wrong("owner", &["owner~[a"], "gross").contains("not closed"));
        assert!(wrong("", &[], "gross").contains("there are day"));
        let days = (
            Some(jiff::civil::date(2026, 2, 1)),
            Some(jiff::civil::date(2026, 1, 1)),
        );
        let backwards = Question::parse("owner", &[], "gross", days, None).unwrap_err();
        assert!(
            backwards
                .to_string()
                .contains("before they begin on 2026-02-01")
        );
        let none = Question::parse("owner", &[], "gross", (None, None), Some(0)).unwrap_err();
        assert_eq!(none, NotAQuestion::NoTop);
    }
}
