//! Numbers as people read them.

/// A number with a comma before each three digits of those before its point: `12,345.5`.
pub fn grouped(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("\u{2212}", digits),
        None => ("", number),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// How many there are, with their noun: `no jobs`, `1 job`, `1,780 jobs`.
pub fn counted(count: usize, one: &str, several: &str) -> String {
    match count {
        0 | 1 => base::counted(count, one, several),
        count => format!("{} {several}", grouped(&count.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_threes_before_the_point() {
        let said = [
            ("0", "0"),
            ("999", "999"),
            ("1780", "1,780"),
            ("12345", "12,345"),
            ("1234.5678", "1,234.5678"),
            ("-1234567.25", "\u{2212}1,234,567.25"),
        ];
        for (number, text) in said {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn counts_have_their_noun() {
        assert_eq!(counted(0, "job", "jobs"), "no jobs");
        assert_eq!(counted(1, "job", "jobs"), "1 job");
        assert_eq!(counted(1780, "job", "jobs"), "1,780 jobs");
    }
}
