//! Names in which `*` stands for any characters.

/// Whether a name is one that is meant.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or("");
    for part in parts {
        match left.find(part) {
            // The first place is as good as any: what follows a `*` may stand anywhere.
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By trying all that a `*` can stand for.
    fn slowly(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), _) => (0..=name.len()).any(|at| slowly(rest, &name[at..])),
            (Some((one, pattern)), Some((other, name))) => one == other && slowly(pattern, name),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_star_stands_for_any_characters(pattern in "[ab*]{0,7}", name in "[ab]{0,8}") {
            prop_assert_eq!(
                matches(&pattern, &name),
                slowly(pattern.as_bytes(), name.as_bytes())
            );
        }
    }
}
