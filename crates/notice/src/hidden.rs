//! What no message and no log may show.

use std::fmt;

/// A secret. Its debug form does not show it.
#[derive(Clone)]
pub(crate) struct Hidden(pub(crate) String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Hidden {
    /// A foreign text, without this secret where it repeats it.
    pub(crate) fn out_of(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "(hidden)")
    }
}

/// A foreign text for people: one line, of a bounded length, without control characters.
pub(crate) fn line(text: &str) -> String {
    const LONGEST: usize = 400;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nowhere() {
        let secret = Hidden("open-sesame".to_owned());
        assert_eq!(format!("{secret:?}"), "(hidden)");
        assert_eq!(secret.out_of("no open-sesame here"), "no (hidden) here");
    }

    #[test]
    fn a_foreign_text_is_one_short_line() {
        assert_eq!(line(" a\r\n b\u{1b}[31m "), "a b[31m");
        assert_eq!(line(&"x".repeat(1000)).len(), 400);
    }
}
