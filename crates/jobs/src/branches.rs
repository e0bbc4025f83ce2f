//! Which branches a job is for.

use base::Spanned;
use regex::Regex;
use serde::Serialize;

use crate::Patterns;

/// Which branches a job is for: all of them if nothing is said.
///
/// Patterns are not anchored and joined by `|` before they are compiled, so that `a|b` in one entry
/// is no different from two entries. What is skipped wins over what is wanted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Branches {
    /// Patterns of branches it is for.
    pub only: Vec<Spanned<String>>,
    /// Patterns of branches it is not for.
    pub skip: Vec<Spanned<String>>,
    #[serde(skip)]
    only_regex: Option<Regex>,
    #[serde(skip)]
    skip_regex: Option<Regex>,
}

/// A list of patterns that cannot be compiled.
#[derive(Debug, Clone)]
pub struct BadBranches {
    /// Whether it is the list of branches to skip.
    pub skip: bool,
    /// The entry that is wrong, or the first where only all of them together are.
    pub entry: Spanned<String>,
    /// Why, without a full stop.
    pub reason: String,
}

impl Branches {
    /// Compiles the patterns; a list that cannot be compiled is left out and reported.
    pub fn new(
        only: Vec<Spanned<String>>,
        skip: Vec<Spanned<String>>,
        patterns: &Patterns,
    ) -> (Self, Vec<BadBranches>) {
        let mut bad = Vec::new();
        let mut compile = |list: &[Spanned<String>], skip: bool| {
            let first = list.first()?;
            let texts: Vec<&str> = list.iter().map(|entry| entry.value.as_str()).collect();
            match patterns.compile(&texts.join("|")) {
                Ok(regex) => Some(regex),
                Err(reason) => {
                    let broken = list.iter().find_map(|entry| {
                        let reason = patterns.compile(&entry.value).err()?;
                        Some((entry.clone(), reason))
                    });
                    let (entry, reason) = broken.unwrap_or_else(|| (first.clone(), reason));
                    bad.push(BadBranches {
                        skip,
                        entry,
                        reason,
                    });
                    None
                }
            }
        };
        let branches = Self {
            only_regex: compile(&only, false),
            skip_regex: compile(&skip, true),
            only,
            skip,
        };
        (branches, bad)
    }

    /// Whether it is for every branch.
    pub fn all(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Whether it is for a branch. A list that cannot be compiled decides nothing.
    pub fn include(&self, branch: &str) -> bool {
        let matches = |regex: &Regex| regex.is_match(branch);
        if self.skip_regex.as_ref().is_some_and(matches) {
            return false;
        }
        self.only_regex.as_ref().is_none_or(matches)
    }

    /// Whether two jobs may be for one branch, as the bots decide it.
    ///
    /// Of two lists of wanted branches, texts are compared, not what they match: `main` and `^main$`
    /// do not meet. Against a list of branches to skip, each wanted entry is taken for the name of a
    /// branch. Two jobs that only skip always meet.
    pub fn intersect(&self, other: &Self) -> bool {
        if self.all() || other.all() {
            return true;
        }
        if !self.only.is_empty() {
            if !other.only.is_empty() {
                let shared = |branch: &Spanned<String>| other.only.contains(branch);
                return self.only.iter().any(shared);
            }
            return self.only.iter().any(|branch| other.include(branch));
        }
        other.only.is_empty() || other.only.iter().any(|branch| self.include(branch))
    }
}

#[cfg(test)]
mod tests {
    use base::{FileId, SourceMap, Span, Spanned};

    use super::Branches;
    use crate::Patterns;

    fn file() -> FileId {
        SourceMap::default().add("a.yaml", "")
    }

    fn branches(only: &[&str], skip: &[&str]) -> Branches {
        let list = |texts: &[&str]| {
            let spanned = |text: &&str| Spanned::new((*text).to_owned(), Span::start_of(file()));
            texts.iter().map(spanned).collect()
        };
        let (branches, bad) = Branches::new(list(only), list(skip), &Patterns::default());
        assert!(bad.is_empty(), "{bad:?}");
        branches
    }

    #[test]
    fn patterns_are_not_anchored_and_what_is_skipped_wins() {
        let on = branches(&["release-", "^main$"], &["old"]);
        assert!(on.include("main") && on.include("my-release-1"));
        assert!(!on.include("mainline") && !on.include("old-release-1"));
        assert!(branches(&[], &[]).include("anything"));
        assert!(branches(&[], &["^a$"]).include("ab"));
    }

    #[test]
    fn an_alternative_reaches_no_further_than_its_entry_did_in_the_joined_list() {
        // Joined by `|`, `^a|b` is `^a` or `b` anywhere.
        let on = branches(&["^a|b"], &[]);
        assert!(on.include("xb") && !on.include("xa"));
    }

    #[test]
    fn two_lists_meet_by_their_texts_and_a_list_meets_skips_by_what_they_match() {
        let meets = |a: (&[&str], &[&str]), b: (&[&str], &[&str])| {
            let (a, b) = (branches(a.0, a.1), branches(b.0, b.1));
            let both = (a.intersect(&b), b.intersect(&a));
            assert_eq!(both.0, both.1, "the same from both sides");
            both.0
        };
        assert!(meets((&[], &[]), (&["x"], &[])));
        assert!(meets((&["main", "x"], &[]), (&["main"], &[])));
        assert!(!meets((&["main"], &[]), (&["^main$"], &[])));
        assert!(!meets((&["release-1.2"], &[]), (&[], &["^release-"])));
        assert!(meets((&["main"], &[]), (&[], &["^release-"])));
        assert!(meets((&[], &["a"]), (&[], &["b"])));
    }

    #[test]
    fn the_entry_that_is_no_pattern_is_named() {
        let span = Span::start_of(file());
        let list = vec![
            Spanned::new("fine".to_owned(), span),
            Spanned::new("a(".to_owned(), span),
        ];
        let (_, bad) = Branches::new(list, Vec::new(), &Patterns::default());
        assert_eq!(bad.len(), 1);
        assert_eq!(bad[0].entry.value, "a(");
        assert!(!bad[0].skip);
    }
}
