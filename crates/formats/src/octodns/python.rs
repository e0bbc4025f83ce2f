//! What octoDNS, by way of `PyYAML`, takes an unquoted scalar for (YAML 1.1, nearly).

use yaml::{Node, Value};

/// What an unquoted scalar is to `PyYAML`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// The text that is written.
    Text,
    /// Nothing.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number; whether it is written as Python would write it.
    Whole(bool),
    /// A fraction; whether it is written as Python would write it.
    Fraction(bool),
    /// A day, which Python writes the same way.
    Day,
    /// A moment.
    Moment,
}

impl Taken {
    /// For messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Null => "nothing",
            Self::Boolean(_) => "a truth value",
            Self::Whole(_) | Self::Fraction(_) => "a number",
            Self::Day | Self::Moment => "a date",
        }
    }
}

/// What a scalar is taken for.
pub(super) fn taken(node: &Node) -> Taken {
    match &node.value {
        Value::Scalar { text, plain: true } => plain(text),
        Value::Empty => Taken::Null,
        _ => Taken::Text,
    }
}

/// Whether the text is what octoDNS sees, once it has made a text of it again.
pub(super) fn survives(node: &Node) -> bool {
    match taken(node) {
        Taken::Text | Taken::Day => true,
        Taken::Null | Taken::Moment => false,
        Taken::Whole(same) | Taken::Fraction(same) => same,
        Taken::Boolean(truth) => node
            .text()
            .is_some_and(|text| text.eq_ignore_ascii_case(if truth { "true" } else { "false" })),
    }
}

fn plain(text: &str) -> Taken {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Taken::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Taken::Boolean(true);
        }
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Taken::Boolean(false);
        }
        _ => {}
    }
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        _ => Taken::Text,
    }
}

fn number(text: &str) -> Taken {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if is_whole(digits) {
        let zero = digits == "0";
        let leads = digits.starts_with('0') && !zero;
        let same = digits.bytes().all(|b| b.is_ascii_digit()) && !leads;
        return Taken::Whole(same && !text.starts_with('+') && !(zero && text.starts_with('-')));
    }
    if is_fraction(text, digits) {
        return Taken::Fraction(same_fraction(digits) && !text.starts_with('+'));
    }
    day(text)
}

fn is_whole(digits: &str) -> bool {
    let all = |text: &str, accepted: fn(u8) -> bool| !text.is_empty() && text.bytes().all(accepted);
    let of_base = |prefix, accepted: fn(u8) -> bool| {
        digits
            .strip_prefix(prefix)
            .is_some_and(|rest| all(rest, accepted))
    };
    let tens = |b: u8| b.is_ascii_digit() || b == b'_';
    digits == "0"
        || of_base("0b", |b| matches!(b, b'0' | b'1' | b'_'))
        || of_base("0x", |b| b.is_ascii_hexdigit() || b == b'_')
        || of_base("0", |b| matches!(b, b'0'..=b'7' | b'_'))
        || (digits.starts_with(|c: char| c.is_ascii_digit() && c != '0')
            && (all(digits, tens) || sexagesimal(digits, tens)))
}

/// `12:30`: digits, and groups below sixty.
fn sexagesimal(digits: &str, head_is: fn(u8) -> bool) -> bool {
    let Some((head, rest)) = digits.split_once(':') else {
        return false;
    };
    let below_sixty = |part: &str| match part.as_bytes() {
        [only] => only.is_ascii_digit(),
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        _ => false,
    };
    !head.is_empty() && head.bytes().all(head_is) && rest.split(':').all(below_sixty)
}

fn is_fraction(text: &str, digits: &str) -> bool {
    let special = digits.strip_prefix('.').unwrap_or("");
    if matches!(special, "inf" | "Inf" | "INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((head, rest)) = digits.split_once('.') else {
        return false;
    };
    let tens = |b: u8| b.is_ascii_digit() || b == b'_';
    let (tail, exponent) = match rest.split_once(['e', 'E']) {
        Some((tail, exponent)) => (tail, Some(exponent)),
        None => (rest, None),
    };
    let power = exponent.is_none_or(|exponent| {
        let power = exponent.strip_prefix(['+', '-']).unwrap_or("");
        !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit())
    });
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let usual = starts(head) && head.bytes().all(tens);
    // Nothing may stand before the dot only without a sign.
    let bare = head.is_empty() && starts(tail) && text == digits;
    let timed = starts(head) && exponent.is_none() && sexagesimal(head, tens);
    tail.bytes().all(tens) && power && (usual || bare || timed)
}

/// Whether Python writes a fraction like this; long ones may be rounded.
fn same_fraction(digits: &str) -> bool {
    let Some((head, tail)) = digits.split_once('.') else {
        return false;
    };
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain(head)
        && plain(tail)
        && digits.len() <= 15
        && (head == "0" || !head.starts_with('0'))
        && (tail == "0" || !tail.ends_with('0'))
        && !(head == "0" && tail.starts_with("0000"))
}

fn day(text: &str) -> Taken {
    let shape = |text: &str| {
        let bytes = text.as_bytes();
        bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, b)| match at {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            })
    };
    if shape(text) {
        return Taken::Day;
    }
    // `2020-1-2T03:04:05` and its kin.
    let (date, time) = text.split_at(text.find(['T', 't', ' ']).unwrap_or(text.len()));
    let parts: Vec<&str> = date.split('-').collect();
    let numbers = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let dated = parts.len() == 3 && parts[0].len() == 4 && parts.iter().all(numbers);
    if dated && time.len() > 6 && time.contains(':') {
        return Taken::Moment;
    }
    Taken::Text
}

#[cfg(test)]
mod tests {
    use base::{SourceMap, Span};

    use super::*;

    #[test]
    fn a_scalar_survives_where_python_writes_it_back_the_same() {
        let file = SourceMap::default().add("f", "");
        for (text, expected) in [
            ("www", true),
            ("y", true),
            ("no", false),
            ("On", false),
            ("true", true),
            ("TRUE", true),
            ("yes", false),
            ("~", false),
            ("null", false),
            ("0777", false),
            ("0", true),
            ("-0", false),
            ("08", true),
            ("12", true),
            ("+12", false),
            ("-12", true),
            ("1_000", false),
            ("0x1f", false),
            ("0b1", false),
            ("12:30", false),
            ("12:75", true),
            ("1:2:3:4:5:6:7:8", false),
            ("2600:1901:0:26f3::1", true),
            ("1.5", true),
            ("1.10", false),
            ("1.0", true),
            ("01.5", false),
            ("1.", false),
            (".5", false),
            (".inf", false),
            ("1e3", true),
            ("1.2.3", true),
            ("192.0.2.1", true),
            ("2020-01-01", true),
            ("2020-01-01t00:00:00z", false),
            ("-", true),
            (".", true),
            ("1.5e+3", false),
        ] {
            let value = Value::Scalar {
                text: text.to_owned(),
                plain: true,
            };
            let node = Node {
                value,
                span: Span::start_of(file),
            };
            assert_eq!(survives(&node), expected, "{text}");
        }
    }
}
