//! What readers of YAML 1.1 and 1.2 take an unquoted scalar for.

/// What an unquoted scalar is to a reader without a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Text, to every reader.
    Text,
    /// Null, to every reader.
    Null,
    /// `true` or `false`, to every reader.
    Boolean,
    /// `yes`, `no`, `on`, `off`, `y`, `n`: a boolean by YAML 1.1, text by 1.2.
    OldBoolean,
    /// A whole number in plain decimals.
    Whole,
    /// `0777`: 511 by YAML 1.1, 777 by 1.2.
    OldOctal,
    /// `12:30`: 750 by YAML 1.1, text by 1.2.
    Sexagesimal,
    /// Any other number: a fraction, an exponent, `0x1F`, `1_000`, infinities.
    OtherNumber,
}

impl Reading {
    /// With its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "the text",
            Self::Null => "the null",
            Self::Boolean => "the boolean",
            Self::OldBoolean => "the YAML 1.1 boolean",
            Self::Whole => "the number",
            Self::OldOctal => "the octal number",
            Self::Sexagesimal => "the base-60 number",
            Self::OtherNumber => "the number",
        }
    }
}

/// How an unquoted scalar is read.
///
/// Sources: YAML 1.1 type repository (bool, int, float, null) and YAML 1.2.2 §10.3.
pub fn reads_as(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Reading::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Reading::Boolean,
        "y" | "Y" | "yes" | "Yes" | "YES" | "n" | "N" | "no" | "No" | "NO" | "on" | "On" | "ON"
        | "off" | "Off" | "OFF" => return Reading::OldBoolean,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "-.inf" | "-.Inf" | "-.INF" | ".nan" | ".NaN"
        | ".NAN" => return Reading::OtherNumber,
        _ => {}
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    match digits.as_bytes().first() {
        Some(b'0'..=b'9' | b'.') => number(digits),
        _ => Reading::Text,
    }
}

fn number(digits: &str) -> Reading {
    let all = |accepted: fn(u8) -> bool, text: &str| !text.is_empty() && text.bytes().all(accepted);
    let decimal = |byte: u8| byte.is_ascii_digit();
    if all(decimal, digits) {
        let octal = digits.len() > 1 && digits.starts_with('0');
        return if octal {
            Reading::OldOctal
        } else {
            Reading::Whole
        };
    }
    for (prefix, accepted) in [
        (
            "0x",
            (|b| b.is_ascii_hexdigit() || b == b'_') as fn(u8) -> bool,
        ),
        ("0o", |b| matches!(b, b'0'..=b'7')),
        ("0b", |b| matches!(b, b'0' | b'1' | b'_')),
    ] {
        if digits
            .strip_prefix(prefix)
            .is_some_and(|rest| all(accepted, rest))
        {
            return Reading::OtherNumber;
        }
    }
    if is_sexagesimal(digits) {
        return Reading::Sexagesimal;
    }
    if is_float(digits) {
        Reading::OtherNumber
    } else {
        Reading::Text
    }
}

fn is_sexagesimal(digits: &str) -> bool {
    let mut parts = digits.split(':');
    let head = parts.next().unwrap_or("");
    let mut count = 0;
    let minutes = parts.all(|part| {
        count += 1;
        let whole = part.split('.').next().unwrap_or("");
        matches!(whole.len(), 1 | 2)
            && part.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && whole.parse::<u8>().is_ok_and(|n| n < 60)
    });
    count > 0
        && minutes
        && !head.is_empty()
        && head.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let exponent_ok = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.bytes().all(|b| b.is_ascii_digit())
    });
    exponent_ok
        && mantissa
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b'_')
        && mantissa.bytes().any(|b| b.is_ascii_digit())
        && mantissa.bytes().filter(|&b| b == b'.').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::{Reading, reads_as};

    #[test]
    fn the_traps_of_yaml_1_1_are_known() {
        for (text, reading) in [
            ("no", Reading::OldBoolean),
            ("On", Reading::OldBoolean),
            ("0777", Reading::OldOctal),
            ("0", Reading::Whole),
            ("-12", Reading::Whole),
            ("12:30", Reading::Sexagesimal),
            ("12:30:45", Reading::Sexagesimal),
            ("12:75", Reading::Text),
            ("1_000", Reading::OtherNumber),
            ("1e3", Reading::OtherNumber),
            (".5", Reading::OtherNumber),
            ("0x1F", Reading::OtherNumber),
            ("1.2.3", Reading::Text),
            ("2020-01-01", Reading::Text),
            ("", Reading::Null),
            ("true", Reading::Boolean),
            ("norway", Reading::Text),
            (".", Reading::Text),
            ("-", Reading::Text),
        ] {
            assert_eq!(reads_as(text), reading, "{text}");
        }
    }
}
