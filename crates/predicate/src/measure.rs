//! Amounts with a unit: quantities of resources and spans of time.

use base::Decimal;
use jiff::SignedDuration;

/// Units of quantities; those of two letters first, as `Mi` also ends in a letter of one.
const UNITS: [(&str, i128, i128); 15] = [
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("Ei", 1 << 60, 1),
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1_000),
    ("k", 1_000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("E", 1_000_000_000_000_000_000, 1),
];

const SECOND: i128 = 1_000_000_000;
/// Units of time in nanoseconds, the largest first; those of two letters are looked for first.
const TIMES: [(&str, i128); 8] = [
    ("w", 7 * 24 * 3600 * SECOND),
    ("d", 24 * 3600 * SECOND),
    ("h", 3600 * SECOND),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Reads a quantity of a resource, as `27Gi`, `500m`, `1e3` and `7`, exactly; `m` is a thousandth.
/// Nothing for what is no quantity, or is none with 18 digits after the point.
pub fn quantity(text: &str) -> Option<Decimal> {
    let unit = UNITS.iter().find(|unit| text.ends_with(unit.0));
    let Some(&(suffix, over, under)) = unit else {
        return number(text);
    };
    let digits = text.strip_suffix(suffix)?;
    if digits.contains(['e', 'E']) {
        return None;
    }
    let units = number(digits)?.units().checked_mul(over)?;
    (units % under == 0)
        .then_some(units / under)
        .and_then(Decimal::from_units)
}

/// Reads a number that is exact with 18 digits after the point.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let read = Decimal::parse(text.as_bytes()).ok()?;
    read.exact.then_some(read.value)
}

/// Reads a span of time, as `2h30m`, `1.5h`, `90s`, `250ms`, `14d` and `2w`; a day is 24 hours.
/// Nothing for what is none, or is none in whole nanoseconds.
pub fn duration(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (amount, after) = rest.split_at(digits);
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let &(_, size) = TIMES.iter().find(|time| time.0 == unit)?;
        let scaled = number(amount)?.units().checked_mul(size)?;
        if scaled % Decimal::ONE.units() != 0 {
            return None;
        }
        total = total.checked_add(scaled / Decimal::ONE.units())?;
        rest = after;
    }
    let total = sign * total;
    let seconds = i64::try_from(total / SECOND).ok()?;
    let rest = i32::try_from(total % SECOND).ok()?;
    Some(SignedDuration::new(seconds, rest))
}

/// A quantity as people write it: in the largest binary unit that it is whole in, in thousandths,
/// or as a number.
pub(crate) fn shown_quantity(quantity: Decimal) -> String {
    let (units, one) = (quantity.units(), Decimal::ONE.units());
    if units % one != 0 {
        let thousandth = one / 1_000;
        return if units % thousandth == 0 && units.abs() < one {
            format!("{}m", units / thousandth)
        } else {
            quantity.to_string()
        };
    }
    let whole = units / one;
    let binary = UNITS.iter().take(6).rev();
    let mut fitting = binary.filter(|unit| whole != 0 && whole % unit.1 == 0);
    match fitting.next() {
        Some((suffix, size, _)) => format!("{}{suffix}", whole / size),
        None => whole.to_string(),
    }
}

/// A span of time in its units, the largest first: `2h30m`.
pub(crate) fn shown_duration(duration: SignedDuration) -> String {
    let mut left = duration.as_nanos();
    if left == 0 {
        return "0s".to_owned();
    }
    let mut shown = if left < 0 { "-" } else { "" }.to_owned();
    left = left.abs();
    for (unit, size) in TIMES {
        if left / size > 0 {
            shown += &format!("{}{unit}", left / size);
            left %= size;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_exactly() {
        let units = |text| quantity(text).map(|read| read.to_string());
        for (text, number) in [
            ("27Gi", "28991029248"),
            ("500m", "0.5"),
            ("1e3", "1000"),
            ("7", "7"),
            ("1.5k", "1500"),
            ("2E", "2000000000000000000"),
            ("1n", "0.000000001"),
            ("-1Ki", "-1024"),
        ] {
            assert_eq!(units(text).as_deref(), Some(number), "{text}");
        }
        for text in [
            "", "Gi", "1GiB", "1 Gi", "1e3k", "x", "1e", "99Ei9", "1000Ei",
        ] {
            assert_eq!(units(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_read_as_go_reads_them_with_days_and_weeks() {
        for (text, seconds) in [
            ("2h30m", 9_000),
            ("1.5h", 5_400),
            ("90s", 90),
            ("1h0m0s", 3_600),
            ("60m", 3_600),
            ("14d", 1_209_600),
            ("2w", 1_209_600),
            ("-1m", -60),
            ("0", 0),
            ("0s", 0),
        ] {
            let expected = Some(SignedDuration::from_secs(seconds));
            assert_eq!(duration(text), expected, "{text}");
        }
        assert_eq!(duration("250ms"), Some(SignedDuration::from_millis(250)));
        for text in [
            "",
            "-",
            "5",
            "h",
            "1x",
            "1h30",
            "0.1ns",
            "1.h.",
            "9999999999999w",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_as_the_same() {
        for text in ["27Gi", "500m", "7", "1500", "-1Ki", "1.25", "0"] {
            let read = quantity(text).expect("a quantity");
            assert_eq!(shown_quantity(read), text);
        }
        for text in ["2h30m", "1d", "2w", "250ms", "-1m", "1h1ns", "0s"] {
            let read = duration(text).expect("a duration");
            assert_eq!(shown_duration(read), text);
        }
    }
}
