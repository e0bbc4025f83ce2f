//! What the fields of a record look like, whoever wrote them.

use serde_json::Value;

use crate::record::NotARecord;

/// How deep lists and objects of a body may nest.
pub const MAX_DEPTH: usize = 100;

/// The largest integer that JSON keeps in every reader (RFC 8785 and RFC 7493): 2^53 - 1.
pub(crate) const MAX_INTEGER: u64 = (1 << 53) - 1;
const MAX_KIND_BYTES: usize = 64;

/// Refuses a body that nests deeper than [`MAX_DEPTH`]: reading it would need a deep stack.
pub(crate) fn check_depth(body: &Value) -> Result<(), NotARecord> {
    check_depth_left(body, MAX_DEPTH)
}

fn check_depth_left(value: &Value, left: usize) -> Result<(), NotARecord> {
    let inner = || {
        left.checked_sub(1).ok_or_else(|| {
            NotARecord::new(format!("its body is nested deeper than {MAX_DEPTH} levels"))
        })
    };
    match value {
        Value::Array(items) => {
            let left = inner()?;
            items
                .iter()
                .try_for_each(|item| check_depth_left(item, left))
        }
        Value::Object(fields) => {
            let left = inner()?;
            fields
                .values()
                .try_for_each(|item| check_depth_left(item, left))
        }
        _ => Ok(()),
    }
}

/// Whether it is lower-case words with dots between.
pub(crate) fn is_kind(kind: &str) -> bool {
    let word = |word: &str| {
        let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && !word.ends_with('-')
            && word.chars().all(lower)
    };
    kind.len() <= MAX_KIND_BYTES && kind.split('.').all(word)
}

/// Whether it is an instant of RFC 3339 in UTC with three digits after the second. There are no
/// leap seconds in it, as in no clock that we are given.
pub(crate) fn is_instant(text: &str) -> bool {
    const SHAPE: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let bytes = text.as_bytes();
    let shaped = bytes.len() == SHAPE.len()
        && bytes.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == shape,
        });
    if !shaped {
        return false;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to]
            .iter()
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_one_that_a_calendar_has() {
        for good in ["2026-09-01T10:00:00.123Z", "2024-02-29T23:59:59.999Z"] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "",
            "2026-09-01T10:00:00Z",
            "2026-09-01t10:00:00.123Z",
            "2026-09-01T10:00:00.123+00:00",
            "2026-02-29T10:00:00.123Z",
            "1900-02-29T10:00:00.123Z",
            "2026-13-01T10:00:00.123Z",
            "2026-00-01T10:00:00.123Z",
            "2026-04-31T10:00:00.123Z",
            "2026-09-01T24:00:00.000Z",
            "2026-09-01T10:00:60.000Z",
            "２026-09-01T10:00:00.1Z",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
    }

    #[test]
    fn a_kind_is_words_with_dots() {
        for good in ["apply", "apply.intent", "zone-2.a1.b"] {
            assert!(is_kind(good), "{good}");
        }
        for bad in ["", ".", "a.", ".a", "A", "a_b", "a b", "1a", "a-", "a..b"] {
            assert!(!is_kind(bad), "{bad}");
        }
        assert!(!is_kind(&"a".repeat(65)));
    }
}
