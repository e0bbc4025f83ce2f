//! The order that `enforce_order` asks for: runs of digits compare as numbers.

use std::cmp::Ordering;

use base::Diagnostic;
use yaml::{Node, Value};

use crate::codes;

/// Compares as natsort does by default.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (text_a, rest_a) = split(a, |c| !c.is_ascii_digit());
        let (text_b, rest_b) = split(b, |c| !c.is_ascii_digit());
        let (digits_a, after_a) = split(rest_a, |c| c.is_ascii_digit());
        let (digits_b, after_b) = split(rest_b, |c| c.is_ascii_digit());
        let numbers = || {
            let (a, b) = (
                digits_a.trim_start_matches('0'),
                digits_b.trim_start_matches('0'),
            );
            let present = digits_a.is_empty().cmp(&digits_b.is_empty()).reverse();
            present.then(a.len().cmp(&b.len())).then(a.cmp(b))
        };
        let order = text_a.cmp(text_b).then_with(numbers);
        if order != Ordering::Equal {
            return order;
        }
        if after_a.is_empty() || after_b.is_empty() {
            return after_a.len().cmp(&after_b.len());
        }
        (a, b) = (after_a, after_b);
    }
}

fn split(text: &str, belongs: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// Reports the first key out of order of every mapping in a tree.
///
/// Keys outside ASCII are not judged: natsort takes them apart first.
pub(super) fn check(node: &Node, findings: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Mapping(entries) => {
            check_keys(entries, findings);
            for (_, value) in entries {
                check(value, findings);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| check(item, findings)),
        _ => {}
    }
}

/// The same for the entries of one mapping.
pub(super) fn check_keys(entries: &[(Node, Node)], findings: &mut Vec<Diagnostic>) {
    let mut keys: Vec<&str> = entries.iter().filter_map(|(key, _)| key.text()).collect();
    let sorted = keys.is_sorted_by(|a, b| natural(a, b) != Ordering::Greater);
    if sorted || !keys.iter().all(|key| key.is_ascii()) {
        return;
    }
    keys.sort_by(|a, b| natural(a, b));
    let first = entries
        .iter()
        .zip(&keys)
        .find(|((key, _), expected)| key.text() != Some(expected));
    if let Some(((key, _), expected)) = first {
        let got = key.text().unwrap_or_default();
        let message = format!("keys out of order: expected `{expected}`, got `{got}`");
        let help = "sort the keys, digits as numbers; or set `reading: {enforce_order: false}` on the zone";
        findings.push(Diagnostic::new(&codes::ZONE_ORDER, key.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn the_order_is_natsorts() {
        // Made with natsort 8.4.0, `sorted(words, key=natsort_keygen())`.
        let sorted = [
            "", "1", "2", "10", "*", "*.docs", "A", "_dmarc", "a", "a1", "a1a", "a1a2", "a2",
            "a10", "a10.b", "a.b", "b", "www-2", "www-10",
        ];
        for (at, a) in sorted.iter().enumerate() {
            for (other, b) in sorted.iter().enumerate() {
                assert_eq!(natural(a, b), at.cmp(&other), "{a} {b}");
            }
        }
        assert!(natural("a01", "a1").is_eq());
    }
}
