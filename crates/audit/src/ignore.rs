//! What an audit finds and is known, for a time.

use estate::{AuditIgnore, Manifest};
use jiff::civil::Date;

/// What is known of an estate on a day.
#[derive(Debug, Clone)]
pub struct Ignores<'e>(Vec<&'e AuditIgnore>);

impl<'e> Ignores<'e> {
    /// Those of an estate that have not ended on that day.
    pub fn of(manifest: &'e Manifest, day: Date) -> Self {
        let all = manifest.audit_ignore.iter().map(|one| &one.value);
        Self(all.filter(|one| one.until.value >= day).collect())
    }

    /// The first that lets a thing of a system be.
    pub(crate) fn find(&self, system: &str, thing: &str) -> Option<&'e AuditIgnore> {
        let mut all = self.0.iter();
        let found = all.find(|one| {
            let in_system = one.system.as_ref();
            in_system.is_none_or(|pattern| matches(&pattern.value, system))
                && matches(&one.thing.value, thing)
        });
        found.copied()
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text) in [
            ("role/x", "role/x"),
            ("role/*", "role/"),
            ("role/*", "role/a/b"),
            ("*", ""),
            ("aws/*/iam", "aws/main/iam"),
            ("a*b*c", "a-b-b-c"),
            ("*.example.org. A", "www.example.org. A"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("role/x", "role/xy"),
            ("role/*", "user/x"),
            ("a*b", "ab-c"),
            ("aa*aa", "aaa"),
            ("", "x"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
