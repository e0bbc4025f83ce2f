//! Patterns over branches, paths and comments.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use regex::Regex;

/// Patterns that have been compiled, each once, however many jobs use it.
///
/// The syntax is RE2's, as Go has it, and patterns are not anchored. Two differences remain: `\Q..\E`
/// is refused, and `\d`, `\s` and `\w` know other letters than English ones too.
#[derive(Debug, Default)]
pub struct Patterns {
    compiled: Mutex<HashMap<String, Result<Regex, String>>>,
}

impl Patterns {
    /// The pattern, compiled.
    ///
    /// # Errors
    /// Why it is no pattern, in a line without a full stop.
    pub fn compile(&self, pattern: &str) -> Result<Regex, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(pattern) {
            return known.clone();
        }
        let regex = Regex::new(pattern).map_err(|error| reason(&error));
        compiled.insert(pattern.to_owned(), regex.clone());
        regex
    }

    /// How many distinct patterns were asked for.
    pub fn len(&self) -> usize {
        let compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.len()
    }

    /// Whether none was asked for.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The last line of what the compiler of patterns says; those before draw the pattern.
fn reason(error: &regex::Error) -> String {
    let said = error.to_string();
    let last = said.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn a_pattern_is_compiled_once_and_matches_anywhere() {
        let patterns = Patterns::default();
        for _ in 0..3 {
            let regex = patterns.compile("release-1\\.").unwrap();
            assert!(regex.is_match("my-release-1.30"));
        }
        assert_eq!(patterns.len(), 1);
    }

    #[test]
    fn a_mistake_is_one_line() {
        let said = Patterns::default().compile("a(b").unwrap_err();
        assert_eq!(said, "unclosed group");
    }
}
