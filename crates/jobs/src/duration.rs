//! Lengths of time as Go writes them: `1h0m0s`, `90m`, `1.5h`, or whole nanoseconds.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Reading, Shape, Value, reads_as};

/// A length of time in nanoseconds, as Go's `time.Duration`. `1h` and `60m` are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    nanoseconds: i64,
}

const SECOND: i64 = 1_000_000_000;

/// A text is no duration; the words say why, without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotADuration {
    /// There are no digits where digits must be.
    Digits,
    /// A number has no unit behind it.
    Unit,
    /// It is beyond 292 years.
    Range,
}

impl fmt::Display for NotADuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "a duration is numbers, each with its unit",
            Self::Unit => "each number needs one of the units h, m, s, ms, us, ns",
            Self::Range => "a duration is at most 292 years",
        })
    }
}

impl std::error::Error for NotADuration {}

impl Duration {
    /// So many nanoseconds.
    pub const fn nanoseconds(nanoseconds: i64) -> Self {
        Self { nanoseconds }
    }

    /// So many minutes; what is beyond 292 years is that long.
    pub const fn minutes(minutes: i64) -> Self {
        Self {
            nanoseconds: minutes.saturating_mul(60 * SECOND),
        }
    }

    /// How many nanoseconds.
    pub const fn as_nanoseconds(self) -> i64 {
        self.nanoseconds
    }

    /// How many whole seconds, rounded towards zero.
    pub const fn as_seconds(self) -> i64 {
        self.nanoseconds / SECOND
    }
}

fn unit(text: &str) -> Option<i128> {
    let second = i128::from(SECOND);
    Some(match text {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => second,
        "m" => 60 * second,
        "h" => 3600 * second,
        _ => return None,
    })
}

impl FromStr for Duration {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if unsigned == "0" {
            return Ok(Self::default());
        }
        if unsigned.is_empty() {
            return Err(NotADuration::Digits);
        }
        let mut total: i128 = 0;
        let mut rest = unsigned;
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            let (number, behind) = rest.split_at(end);
            let end = behind
                .find(|c: char| c.is_ascii_digit() || c == '.')
                .unwrap_or(behind.len());
            let (name, next) = behind.split_at(end);
            let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
            if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
                return Err(NotADuration::Digits);
            }
            let unit = unit(name).ok_or(NotADuration::Unit)?;
            total += part(whole, fraction, unit).ok_or(NotADuration::Range)?;
            if total > i128::from(i64::MAX) + 1 {
                return Err(NotADuration::Range);
            }
            rest = next;
        }
        let signed = if text.starts_with('-') { -total } else { total };
        let nanoseconds = i64::try_from(signed).map_err(|_| NotADuration::Range)?;
        Ok(Self { nanoseconds })
    }
}

/// One number with its unit, in nanoseconds; what is finer is cut off, as Go does.
fn part(whole: &str, fraction: &str, unit: i128) -> Option<i128> {
    let whole: i128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    // Beyond 18 digits a fraction of an hour is finer than a nanosecond.
    let fraction = fraction.get(..18).unwrap_or(fraction);
    let places = u32::try_from(fraction.len()).ok()?;
    let fraction: i128 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let fraction = fraction * unit / 10_i128.pow(places);
    whole.checked_mul(unit)?.checked_add(fraction)
}

impl fmt::Display for Duration {
    /// As Go prints it: `1h0m0s`, `1m30s`, `1.5s`, `300ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanoseconds < 0 { "-" } else { "" };
        let nanos = self.nanoseconds.unsigned_abs();
        let (seconds, below) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        let decimal = |whole: u64, rest: u64, places: usize| {
            let digits = format!("{rest:0places$}");
            match digits.trim_end_matches('0') {
                "" => whole.to_string(),
                digits => format!("{whole}.{digits}"),
            }
        };
        let text = match (seconds, nanos) {
            (0, 0) => "0s".to_owned(),
            (0, ..1_000) => format!("{nanos}ns"),
            (0, ..1_000_000) => decimal(nanos / 1_000, nanos % 1_000, 3) + "µs",
            (0, _) => decimal(nanos / 1_000_000, nanos % 1_000_000, 6) + "ms",
            _ => {
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                let last = decimal(seconds % 60, below, 9) + "s";
                match (hours, minutes) {
                    (0, 0) => last,
                    (0, _) => format!("{minutes}m{last}"),
                    _ => format!("{hours}h{minutes}m{last}"),
                }
            }
        };
        write!(f, "{sign}{text}")
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Duration {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a duration");
        };
        if node.is_null() {
            return cx.wrong_type(node, "a duration");
        }
        if *plain && reads_as(text) == Reading::Whole {
            let whole = text.parse().ok().map(Self::nanoseconds);
            return whole.or_else(|| {
                let message = format!("`{text}` is no duration: {}", NotADuration::Range);
                cx.bad_value(node.span, message, "write for example 2h or 90m")
            });
        }
        match text.parse() {
            Ok(duration) => Some(duration),
            Err(why) => {
                let message = format!("`{text}` is no duration: {why}");
                cx.bad_value(node.span, message, "write for example 2h or 90m")
            }
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a duration",
            pattern: "^[+-]?([0-9.]+(h|m|s|ms|us|µs|ns))+$|^0$",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Duration, NotADuration};

    fn duration(text: &str) -> Result<Duration, NotADuration> {
        text.parse()
    }

    #[test]
    fn two_spellings_of_a_length_are_equal() {
        for (a, b) in [
            ("1h0m0s", "60m"),
            ("1.5h", "90m"),
            ("2h45m", "165m"),
            ("1s", "1000ms"),
            (".5s", "500ms"),
            ("1.s", "1s"),
            ("0", "0s"),
            ("-1h", "-60m"),
            ("+5s", "5s"),
            ("1µs", "1000ns"),
            ("1h1h", "2h"),
        ] {
            assert_eq!(duration(a), duration(b), "{a}");
            assert!(duration(a).is_ok(), "{a}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_reason() {
        for (text, why) in [
            ("", NotADuration::Digits),
            ("-", NotADuration::Digits),
            ("h", NotADuration::Digits),
            (".s", NotADuration::Digits),
            ("20", NotADuration::Unit),
            ("1d", NotADuration::Unit),
            ("1 h", NotADuration::Unit),
            ("9999999h", NotADuration::Range),
        ] {
            assert_eq!(duration(text), Err(why), "{text}");
        }
        assert_eq!(
            duration(&format!("{}h", "9".repeat(90))),
            Err(NotADuration::Range)
        );
    }

    #[test]
    fn it_prints_as_go_prints_it() {
        for (text, printed) in [
            ("90m", "1h30m0s"),
            ("60s", "1m0s"),
            ("1500ms", "1.5s"),
            ("1500us", "1.5ms"),
            ("1ns", "1ns"),
            ("0", "0s"),
            ("-90s", "-1m30s"),
        ] {
            assert_eq!(duration(text).unwrap().to_string(), printed);
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same(nanoseconds in proptest::num::i64::ANY) {
            let one = Duration::nanoseconds(nanoseconds);
            prop_assert_eq!(duration(&one.to_string()), Ok(one));
        }

        #[test]
        fn no_text_panics(text in "[-+.0-9hmsunµ]{0,60}|.{0,20}") {
            let _ = duration(&text);
        }
    }
}
