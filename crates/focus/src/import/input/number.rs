//! Numbers as bills write them.

use base::{Decimal, NotADecimal, Rounded};

use crate::import::Numbers;

/// A number, and what was put right about it.
pub(in crate::import) struct Written {
    pub(in crate::import) number: Rounded,
    pub(in crate::import) mended: Option<&'static str>,
}

/// Reads a number; `numbers` says whether a spreadsheet's are taken.
pub(in crate::import) fn parse(text: &str, numbers: Numbers) -> Result<Written, NotADecimal> {
    let spaced = text.starts_with(' ') || text.ends_with(' ');
    let trimmed = if spaced { text.trim_matches(' ') } else { text };
    let error =
        match quick(trimmed.as_bytes()).map_or_else(|| Decimal::parse(trimmed.as_bytes()), Ok) {
            Ok(number) => {
                let mended = (trimmed.len() < text.len()).then_some("spaces");
                return Ok(Written { number, mended });
            }
            Err(error) => error,
        };
    let Numbers::Spreadsheet = numbers else {
        return Err(error);
    };
    let plain = from_spreadsheet(trimmed).ok_or(error)?;
    Ok(Written {
        number: Decimal::parse(plain.as_bytes())?,
        mended: Some("number-form"),
    })
}

/// `12.50` and the like with at most 18 digits, which nearly all numbers are, in 64 bits.
fn quick(text: &[u8]) -> Option<Rounded> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number: i64 = 0;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    if point.is_some() && digits.len() == 1 {
        return None;
    }
    let behind = point.map_or(0, |point| digits.len() - 1 - point);
    let unit = 10_i128.pow(Decimal::SCALE - u32::try_from(behind).ok()?);
    let units = i128::from(if negative { -number } else { number }) * unit;
    Some(Rounded {
        value: Decimal::from_units(units)?,
        residue: 0,
        exact: true,
    })
}

/// `$1,234.50`, `-$1,234.50` and `($1,234.50)` without what a spreadsheet puts around the digits;
/// nothing if the commas do not stand before each three digits.
fn from_spreadsheet(text: &str) -> Option<String> {
    let (negative, text) = match text.strip_prefix('(') {
        Some(inner) => (true, inner.strip_suffix(')')?),
        None => match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        },
    };
    let text = text.trim_start_matches(['$', '€', '£']).trim_matches(' ');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = String::from(if negative { "-" } else { "" });
    digits.push_str(first);
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    if !fraction.is_empty() {
        digits.push('.');
        digits.push_str(fraction);
    }
    let rest = digits.trim_start_matches('-');
    let plain = rest
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (plain && !first.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_spreadsheets_number_is_taken_only_when_asked_for() {
        let read =
            |text, numbers| parse(text, numbers).map(|w| (w.number.value.to_string(), w.mended));
        let taken = |text| read(text, Numbers::Spreadsheet);
        assert_eq!(
            taken("$10,000.00 "),
            Ok(("10000".to_owned(), Some("number-form")))
        );
        assert_eq!(
            taken("($1,234.5)"),
            Ok(("-1234.5".to_owned(), Some("number-form")))
        );
        assert_eq!(taken("0.00 "), Ok(("0".to_owned(), Some("spaces"))));
        for text in [
            "1,23", "1,2345", ",123", "1234,567", "1.234,5", "$", "--1,000", "()",
        ] {
            assert!(taken(text).is_err(), "{text}");
        }
        assert_eq!(
            read("1,234.5", Numbers::Plain),
            Err(NotADecimal::Separator(','))
        );
    }

    proptest! {
        #[test]
        fn the_quick_way_reads_what_the_exact_way_reads(text in "-?[0-9.]{0,20}") {
            if let Some(quick) = quick(text.as_bytes()) {
                prop_assert_eq!(Ok(quick), Decimal::parse(text.as_bytes()));
            }
        }
    }
}
