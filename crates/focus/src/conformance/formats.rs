//! The forms that FOCUS gives to values.

use std::sync::LazyLock;

use base::Decimal;
use regex::Regex;
use serde_json::Value;

/// `2025-01-02T03:04:05Z` (Date/Time Format): in UTC, with the letters; fractions are let pass.
pub(super) fn is_instant(text: &str) -> bool {
    let form = text.len() >= 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z');
    form && text.parse::<jiff::Timestamp>().is_ok()
}

/// Unit Format: `GB`, `GB-Hours`, `GB/Hour`, `1000 Requests`, `GB/2 Hours`.
pub(super) fn is_unit(text: &str) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        const TIME: &str = "(?:Year|Month|Day|Hour|Minute|Second)s?";
        Regex::new(&format!(
            r"^(?:[1-9][0-9]* )?[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*(?:-{TIME}|/(?:[1-9][0-9]* )?{TIME})?$"
        ))
        .expect("the form of units")
    });
    FORM.is_match(text)
}

/// Key-Value Format: a JSON object of keys that are different, with values that hold nothing.
pub(super) fn is_key_values(text: &str) -> bool {
    pairs(text).is_some_and(|pairs| {
        pairs
            .iter()
            .all(|(_, value)| !value.is_array() && !value.is_object())
    })
}

/// The pairs of an object in their order; nothing if it is none or has a key twice.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, Value)>> {
    use serde::de::{Deserializer as _, MapAccess, Visitor};
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, Value)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let pairs = reader.deserialize_map(Pairs).ok()?;
    reader.end().ok()?;
    let mut keys: Vec<&str> = pairs.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    let unique = keys.windows(2).all(|two| two[0] != two[1]);
    unique.then_some(pairs)
}

/// Currency Format: a national currency, or the name of a virtual one.
pub(super) fn is_currency(text: &str) -> bool {
    match text.parse::<base::Currency>() {
        Ok(_) => true,
        Err(base::NotACurrency::Case(_)) => false,
        Err(base::NotACurrency::Unknown) => text.trim() == text && text.len() > 3,
    }
}

/// `PascalCase`: letters and digits, a capital first.
pub(super) fn is_pascal_case(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// So many zeros at the end are taken for digits that count: cents are never filled up.
const FILLED: i64 = 6;

/// To how many digits behind its point a number was rounded, as far as it shows. Vendors fill up
/// with zeros what they have rounded: of `0.00001605990` the tenth digit is the last that counts.
pub(super) fn digits_behind_the_point(text: &str) -> u32 {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let behind = mantissa.split_once('.').map_or("", |(_, digits)| digits);
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let place = |digits: &str| {
        let digits = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        digits.saturating_sub(exponent)
    };
    let digits = place(behind.trim_end_matches('0')).max(place(behind).min(FILLED));
    u32::try_from(digits.clamp(0, i64::from(Decimal::SCALE))).unwrap_or(0)
}

/// Whether a product is a result that was rounded to so many digits, either way.
///
/// At least one digit in 10^9 of the result is let pass: prices themselves are rounded.
pub(super) fn is_product(one: Decimal, other: Decimal, result: Decimal, digits: u32) -> bool {
    let Some(product) = one.times(other) else {
        return false;
    };
    let off = (product.value - result).abs().units();
    let last = 10_i128.pow(Decimal::SCALE - digits.min(Decimal::SCALE));
    off < last || off <= result.abs().units() / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_of_the_specification() {
        for (yes, text) in [
            (true, "2025-01-02T03:04:05Z"),
            (false, "2025-01-02T03:04:05"),
            (false, "2025-01-02 03:04:05Z"),
            (false, "2025-02-31T00:00:00Z"),
            (false, "2025-01-02T03:04:05+01:00"),
            (false, "5/1/25"),
        ] {
            assert_eq!(is_instant(text), yes, "{text}");
        }
        for (yes, text) in [
            (true, "GB"),
            (true, "GB-Hours"),
            (true, "GB/Hour"),
            (true, "1000 Requests"),
            (true, "Virtual Machines"),
            (true, "GB/2 Hours"),
            (false, "1 GB/Month "),
            (false, "10,000 Requests"),
            (false, "GB/Fortnight"),
            (false, ""),
        ] {
            assert_eq!(is_unit(text), yes, "{text}");
        }
        assert!(is_key_values(r#"{"a":1,"b":"x","c":true,"d":null}"#));
        for text in [
            "[]",
            r#"{"a":{}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":1,"a":2}"#,
            "{",
            r#""a": "b""#,
            "{} x",
        ] {
            assert!(!is_key_values(text), "{text}");
        }
        assert!(
            is_currency("USD")
                && is_currency("Credits")
                && !is_currency("usd")
                && !is_currency("XX")
        );
    }

    #[test]
    fn a_product_may_be_rounded_where_its_result_ends() {
        let of = |text: &str| text.parse::<Decimal>().expect("a number");
        let holds =
            |a: &str, b: &str, c: &str| is_product(of(a), of(b), of(c), digits_behind_the_point(c));
        assert!(holds("0.333", "3", "0.999"));
        assert!(holds("0.3333", "3", "1.0"));
        assert!(!holds("0.3333", "3", "1.01"));
        assert!(!holds("2", "3", "7"));
        assert!(holds("1.3E-9", "2", "2.6E-9"));
        assert_eq!(digits_behind_the_point("2.6E-9"), 10);
        // Rounded to ten digits, and written with eleven.
        assert!(holds("0.008", "0.00200749000", "0.00001605990"));
        assert!(!holds("0.008", "0.00200749000", "0.00001605800"));
        assert!(!holds("0.5", "3", "2.00"));
        assert!(!holds("0.5", "3", "1.5100000000"));
        assert_eq!(digits_behind_the_point("1E-9223372036854775808"), 18);
    }
}
