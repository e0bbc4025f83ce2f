//! Amounts of a resource, exact: `500m`, `27Gi`, `1e3`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Reading, Shape, Value, reads_as};

/// An amount of processors, memory or any other resource, in billionths of its unit.
///
/// `0.5`, `500m` and `5e-1` are one quantity. What is finer than a billionth is rounded up, as the
/// scheduler of containers does; what is larger than 2^63 - 1 units is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity {
    nano: i128,
}

const NANO: i128 = 1_000_000_000;
const MOST: i128 = i64::MAX as i128 * NANO;
/// Digits of a number beyond which it is refused rather than computed.
const LONGEST: usize = 40;

/// A text is no quantity; the words say why, without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAQuantity {
    /// There are no digits where digits must be.
    Digits,
    /// The letters behind the number are no unit.
    Unit,
    /// It is beyond 2^63 - 1.
    Range,
}

impl fmt::Display for NotAQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "a quantity begins with digits",
            Self::Unit => {
                "the letters behind the number are none of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei"
            }
            Self::Range => "a quantity is at most 9223372036854775807",
        })
    }
}

impl std::error::Error for NotAQuantity {}

/// What a unit multiplies by: a power of ten and a power of two.
fn unit(text: &str) -> Option<(i32, u32)> {
    Some(match text {
        "n" => (-9, 0),
        "u" => (-6, 0),
        "m" => (-3, 0),
        "" => (0, 0),
        "k" => (3, 0),
        "M" => (6, 0),
        "G" => (9, 0),
        "T" => (12, 0),
        "P" => (15, 0),
        "E" => (18, 0),
        "Ki" => (0, 10),
        "Mi" => (0, 20),
        "Gi" => (0, 30),
        "Ti" => (0, 40),
        "Pi" => (0, 50),
        "Ei" => (0, 60),
        exponent => {
            let digits = exponent.strip_prefix(['e', 'E'])?;
            let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
            let plain = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
            (plain.then(|| digits.parse().ok())??, 0)
        }
    })
}

impl Quantity {
    /// Nothing at all.
    pub const ZERO: Self = Self { nano: 0 };

    /// So many whole units.
    pub fn whole(units: i64) -> Self {
        Self {
            nano: i128::from(units) * NANO,
        }
    }

    /// The amount in billionths of the unit.
    pub fn nano(self) -> i128 {
        self.nano
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nano == 0
    }
}

impl FromStr for Quantity {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let end = unsigned
            .bytes()
            .position(|b| !b.is_ascii_digit() && b != b'.')
            .unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(NotAQuantity::Digits);
        }
        let (ten, two) = unit(suffix).ok_or(NotAQuantity::Unit)?;
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Ok(Self::ZERO);
        }
        let places = i32::try_from(fraction.len()).map_err(|_| NotAQuantity::Range)?;
        let shift = ten.saturating_sub(places).saturating_add(9);
        let nano = scaled(digits, shift, two).ok_or(NotAQuantity::Range)?;
        if nano > MOST {
            return Err(NotAQuantity::Range);
        }
        Ok(Self {
            nano: if negative { -nano } else { nano },
        })
    }
}

/// Digits times ten to a power times two to a power, rounded up to a whole number.
fn scaled(digits: &str, ten: i32, two: u32) -> Option<i128> {
    if ten <= 0 {
        // A division by ten to a power takes digits away: what is left is at most one up.
        let cut = usize::try_from(-i64::from(ten)).ok()?;
        if digits.len() > LONGEST + cut.min(LONGEST) {
            return None;
        }
        // A factor of two comes first, so that no bit is lost.
        let value: u128 = digits.parse().ok()?;
        let value = value.checked_mul(1_u128.checked_shl(two)?)?;
        let divisor = u32::try_from(cut)
            .ok()
            .and_then(|cut| 10_u128.checked_pow(cut));
        let up = divisor.map_or(1, |divisor| value.div_ceil(divisor));
        return i128::try_from(up).ok();
    }
    let value: i128 = digits.parse().ok()?;
    let value = value.checked_mul(10_i128.checked_pow(u32::try_from(ten).ok()?)?)?;
    value.checked_mul(1_i128.checked_shl(two)?)
}

impl fmt::Display for Quantity {
    /// In plain decimals, with `m` where a thousandth is exact and a whole unit is not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano % NANO == 0 {
            return write!(f, "{}", self.nano / NANO);
        }
        for (unit, size) in [("m", 1_000_000), ("u", 1_000)] {
            if self.nano % size == 0 {
                return write!(f, "{}{unit}", self.nano / size);
            }
        }
        write!(f, "{}n", self.nano)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Quantity {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a quantity");
        };
        if *plain && matches!(reads_as(text), Reading::OldOctal | Reading::Sexagesimal) {
            let message = format!("unquoted `{text}` is a number in another base to some readers");
            return cx.bad_value(node.span, message, format!("write \"{text}\""));
        }
        match text.parse() {
            Ok(quantity) => Some(quantity),
            Err(_) if node.is_null() => cx.wrong_type(node, "a quantity"),
            Err(why) => cx.bad_value(
                node.span,
                format!("`{text}` is no quantity: {why}"),
                "write for example 2, 500m or 8Gi",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a quantity",
            pattern: "^[+-]?[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NotAQuantity, Quantity};

    fn quantity(text: &str) -> Result<Quantity, NotAQuantity> {
        text.parse()
    }

    #[test]
    fn two_spellings_of_an_amount_are_equal() {
        for (a, b) in [
            ("1", "1000m"),
            ("0.5", "500m"),
            (".5", "5e-1"),
            ("1e3", "1k"),
            ("1E", "1000000000000000000"),
            ("1E3", "1000"),
            ("27Gi", "28991029248"),
            ("1.5Gi", "1536Mi"),
            ("0.000000001", "1n"),
            ("1e-9", "1n"),
            ("+2.", "2"),
            ("0e99999999999", "0"),
            ("-1", "-1000m"),
        ] {
            if a.starts_with("0e") {
                assert_eq!(quantity(a), Err(NotAQuantity::Unit), "{a}");
                continue;
            }
            assert_eq!(quantity(a), quantity(b), "{a} {b}");
            assert!(quantity(a).is_ok(), "{a}");
        }
        assert!(quantity("7Gi").unwrap() > quantity("7G").unwrap());
        assert!(quantity("999m").unwrap() < quantity("1").unwrap());
    }

    #[test]
    fn what_is_finer_than_a_billionth_is_rounded_up() {
        assert_eq!(quantity("0.0000000001"), quantity("1n"));
        assert_eq!(quantity("1e-30"), quantity("1n"));
        assert_eq!(quantity("1.0000000001"), quantity("1000000001n"));
    }

    #[test]
    fn what_is_no_quantity_is_refused_with_the_reason() {
        for (text, why) in [
            ("", NotAQuantity::Digits),
            ("Gi", NotAQuantity::Digits),
            ("-", NotAQuantity::Digits),
            (".", NotAQuantity::Digits),
            ("1.2.3", NotAQuantity::Digits),
            ("1GB", NotAQuantity::Unit),
            ("1 Gi", NotAQuantity::Unit),
            ("1g", NotAQuantity::Unit),
            ("1e", NotAQuantity::Unit),
            ("8Ei", NotAQuantity::Range),
            ("1e19", NotAQuantity::Range),
            ("9223372036854775808", NotAQuantity::Range),
            ("1e2147483647", NotAQuantity::Range),
        ] {
            assert_eq!(quantity(text), Err(why), "{text}");
        }
        assert!(quantity(&"9".repeat(5000)).is_err());
        assert!(quantity("9223372036854775807").is_ok());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = quantity(&text);
        }

        #[test]
        fn what_is_printed_reads_as_the_same(number in -9_000_000_000_000_i64..9_000_000_000_000, unit in "[num]|k|M|Ki|Mi|Gi?") {
            let one = quantity(&format!("{number}{unit}"));
            if let Ok(one) = one {
                prop_assert_eq!(quantity(&one.to_string()), Ok(one));
            }
        }
    }
}
