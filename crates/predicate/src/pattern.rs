//! Patterns of texts: globs and regular expressions.

use globset::{Glob, GlobBuilder, GlobMatcher};
use regex::Regex;

use crate::syntax::Manner;

/// A pattern as it was written, and made for asking.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) text: Box<str>,
    made: Made,
}

#[derive(Debug, Clone)]
enum Made {
    /// A text without wildcards.
    Exact,
    /// A glob of which only the end is open: `folder/**`.
    Below,
    Glob(GlobMatcher),
    Regex(Regex),
}

const DEEP: &str = "/**";

impl Pattern {
    /// Says what is wrong with the pattern.
    pub(crate) fn new(text: &str, manner: Manner) -> Result<Self, String> {
        let made = match manner {
            Manner::Regex => Made::Regex(Regex::new(text).map_err(|error| reason(&error))?),
            Manner::Glob => {
                let glob = glob(text)?;
                match text.strip_suffix(DEEP) {
                    _ if plain(text) => Made::Exact,
                    Some(folder) if plain(folder) && !folder.is_empty() => Made::Below,
                    _ => Made::Glob(glob.compile_matcher()),
                }
            }
        };
        Ok(Self {
            text: text.into(),
            made,
        })
    }

    pub(crate) fn manner(&self) -> Manner {
        match self.made {
            Made::Regex(_) => Manner::Regex,
            Made::Exact | Made::Below | Made::Glob(_) => Manner::Glob,
        }
    }

    /// Whether a text fits: a glob fits it whole, a regular expression somewhere in it.
    pub(crate) fn fits(&self, text: &str) -> bool {
        match &self.made {
            Made::Exact => text == &*self.text,
            Made::Below => {
                let folder = self.text.len() - DEEP.len();
                text.strip_prefix(&self.text[..folder])
                    .is_some_and(|rest| rest.starts_with('/'))
            }
            Made::Glob(glob) => glob.is_match(text),
            Made::Regex(regex) => regex.is_match(text),
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.manner() == other.manner()
    }
}

fn plain(text: &str) -> bool {
    !text.contains(['*', '?', '[', ']', '{', '}', '\\'])
}

fn glob(text: &str) -> Result<Glob, String> {
    GlobBuilder::new(text)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

/// The last line of what the parser of regular expressions says: the others draw the place.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    let last = last.strip_prefix("error: ").unwrap_or(last);
    base::visible(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_ways_say_what_the_glob_says() {
        let globs = ["a", "a/b", "a/**", "a/b/**", "/**", "a.c/**", "", "**"];
        let texts = [
            "", "a", "a/", "a/b", "a/b/", "a/b/c", "ab", "ab/c", "/", "/a", "a.c/d", "axc/d",
        ];
        for text in globs {
            let pattern = Pattern::new(text, Manner::Glob).expect("a glob");
            let slow = glob(text).expect("a glob").compile_matcher();
            for text in texts {
                assert_eq!(
                    pattern.fits(text),
                    slow.is_match(text),
                    "{} {text}",
                    pattern.text
                );
            }
        }
    }
}
