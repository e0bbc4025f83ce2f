#![no_main]
//! Any text as a number: what is read is what is written, digit for digit, or what was rounded
//! away is said; what is printed reads as the same number.

use base::{Currency, Decimal, Month};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for word in text.lines() {
        number(word);
    }
    if let Ok(currency) = text.parse::<Currency>() {
        assert_eq!(currency.code(), text);
    }
    if let Ok(month) = text.parse::<Month>() {
        assert_eq!(month.to_string(), text);
    }
});

fn number(text: &str) {
    let Ok(read) = Decimal::parse(text.as_bytes()) else {
        assert!(
            plain(text).is_none_or(|(_, whole, _)| whole.len() > 20),
            "{text} is a number"
        );
        return;
    };
    let printed = read.value.to_string();
    let again = Decimal::parse(printed.as_bytes()).expect("what is printed is a number");
    assert_eq!((again.value, again.exact), (read.value, true));
    assert!(
        read.residue.unsigned_abs() <= 10_u128.pow(18) / 2,
        "{text} is rounded too far"
    );
    assert!(
        read.residue == 0 || !read.exact,
        "{text} is said to be exact"
    );
    let Some((negative, whole, fraction)) = plain(text) else {
        return;
    };
    if read.exact {
        let sign = if negative && (whole != "0" || !fraction.is_empty()) {
            "-"
        } else {
            ""
        };
        let point = if fraction.is_empty() { "" } else { "." };
        assert_eq!(printed, format!("{sign}{whole}{point}{fraction}"));
    } else {
        assert!(fraction.len() > 18, "{text} was rounded");
    }
}

/// The sign and the digits on both sides of the point, without zeros that say nothing; nothing
/// for what is no number, or has an exponent of more than three digits.
fn plain(text: &str) -> Option<(bool, String, String)> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) if exponent.len() <= 4 && !exponent.starts_with('+') => {
            (digits, exponent.parse::<i32>().ok()?)
        }
        Some(_) => return None,
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let before = "0".repeat(usize::try_from(-point).unwrap_or(0));
    let behind = i32::try_from(all.len()).ok()?;
    let after = "0".repeat(usize::try_from(point - behind).unwrap_or(0));
    let all = format!("{before}{all}{after}");
    let (whole, fraction) = all.split_at(usize::try_from(point.max(0)).ok()?);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some((
        negative,
        whole.to_owned(),
        fraction.trim_end_matches('0').to_owned(),
    ))
}
