//! Patterns of ids.

use globset::{Glob, GlobMatcher};

/// Patterns of which one must match; everything matches if none is asked for.
#[derive(Debug, Clone, Default)]
pub struct Patterns(Option<Vec<GlobMatcher>>);

impl Patterns {
    /// Of texts in which `*` stands for any characters. A text that is no pattern matches
    /// nothing: what it was meant for is not known, and it is a finding of its own.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut asked = false;
        let mut patterns = Vec::new();
        for text in texts {
            asked = true;
            patterns.extend(pattern(text).ok());
        }
        Self(asked.then_some(patterns))
    }

    /// Whether everything matches.
    pub fn is_open(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        match &self.0 {
            None => true,
            Some(patterns) => patterns.iter().any(|pattern| pattern.is_match(text)),
        }
    }
}

/// A pattern of ids: `*` stands for any characters, `?` for one, `[ab]` for one of some,
/// `{one,two}` for one of several texts.
///
/// # Errors
/// Says what is wrong with it.
pub fn pattern(text: &str) -> Result<GlobMatcher, String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    match Glob::new(text) {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => Err(error.kind().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pattern_matches_all_and_a_broken_one_nothing() {
        assert!(Patterns::default().matches("a"));
        assert!(Patterns::of([]).is_open());
        let some = Patterns::of(["prod-*", "0?"]);
        assert!(some.matches("prod-a/b") && some.matches("01"));
        assert!(!some.matches("dev") && !some.matches("001"));
        assert!(!Patterns::of(["["]).matches("["));
        assert!(pattern("").is_err() && pattern("[").is_err());
    }
}
