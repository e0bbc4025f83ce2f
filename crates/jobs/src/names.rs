//! The forms of names: of jobs, of keys of labels, of their values.

/// The most characters a label's value may have; a job's name is one, and the rest of a longer one
/// is cut off where results are looked up by it.
pub const LONGEST_LABEL: usize = 63;

/// Whether a text can be the name of a job: letters, digits, `-`, `.` and `_`, at least one.
pub fn is_job_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_word)
}

/// Whether a text can be the name of what runs a job: lower-case letters, digits and `-`, with
/// neither end a `-`.
pub fn is_run_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// Why a text is no qualified name, if it is none: `name` or `domain/name`.
pub(crate) fn not_a_qualified_name(text: &str) -> Option<&'static str> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    match prefix {
        Some("") => return Some("nothing stands before the `/`"),
        Some(prefix) if !is_domain(prefix) => {
            return Some("what stands before the `/` is no domain in lower case");
        }
        _ => {}
    }
    match name {
        "" => Some("the name is empty"),
        name if name.len() > LONGEST_LABEL => Some("the name has more than 63 characters"),
        name if !is_bounded_word(name) => Some(
            "a name is letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit",
        ),
        _ => None,
    }
}

/// Why a text cannot be the value of a label, if it cannot.
pub(crate) fn not_a_label_value(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST_LABEL {
        return Some("it has more than 63 characters");
    }
    let fine = text.is_empty() || is_bounded_word(text);
    (!fine).then_some(
        "it is letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit",
    )
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')
}

fn is_bounded_word(text: &str) -> bool {
    let bounded = |c: char| c.is_ascii_alphanumeric();
    text.bytes().all(is_word) && text.starts_with(bounded) && text.ends_with(bounded)
}

/// A name of DNS in lower case (RFC 1123), of at most 253 characters.
fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_run_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_labels_are_names_with_or_without_a_domain() {
        for fine in ["a", "A.b_c-d", "example.com/A", "9", "a/b"] {
            assert_eq!(not_a_qualified_name(fine), None, "{fine}");
        }
        for bad in [
            "",
            "/a",
            "a/",
            "Example.com/a",
            "a/b/c",
            "-a",
            "a-",
            "a b",
            "ex..com/a",
        ] {
            assert!(not_a_qualified_name(bad).is_some(), "{bad}");
        }
        assert!(not_a_qualified_name(&"a".repeat(64)).is_some());
    }

    #[test]
    fn values_of_labels_may_be_empty() {
        assert_eq!(not_a_label_value(""), None);
        assert_eq!(not_a_label_value("true"), None);
        assert!(not_a_label_value("a/b").is_some());
        assert!(not_a_label_value("a.").is_some());
        assert!(not_a_label_value(&"a".repeat(64)).is_some());
    }

    #[test]
    fn names_of_jobs_are_wider_than_names_of_runs() {
        assert!(is_job_name("ci-Test_1.2") && !is_run_name("ci-Test_1.2"));
        assert!(is_run_name("ci-test-1") && !is_run_name("ci-"));
        assert!(!is_job_name("") && !is_job_name("a b") && !is_job_name("a/b"));
    }
}
