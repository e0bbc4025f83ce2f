//! Lists of what may stay as it is and only become less.

use std::collections::BTreeSet;

use base::{Diagnostic, FileId, Span};
use estate::Kind;
use estate::kinds::{Migration, Policy};

use crate::codes;

/// The list of a ratchet: the ids of what may stay as it is.
///
/// In its file each id has a line of its own, sorted, so that two branches which both take ids away
/// merge. What stands behind a `#` at the beginning of a line is a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    ids: BTreeSet<String>,
}

/// A baseline beside what is there now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// The places of things that are new, in their order.
    pub new: Vec<usize>,
    /// Ids that are listed and need not be, sorted.
    pub gone: Vec<String>,
}

impl Baseline {
    /// How its file ends.
    pub const SUFFIX: &'static str = ".baseline";

    /// Where the list of a rule is, in the tree of the estate.
    pub fn path_of_rule(policy: &str, rule: &str) -> String {
        format!("{}/{policy}.{rule}{}", Policy::FOLDER, Self::SUFFIX)
    }

    /// Where the list of a migration is, in the tree of the estate.
    pub fn path_of_migration(migration: &str) -> String {
        format!("{}/{migration}{}", Migration::FOLDER, Self::SUFFIX)
    }

    /// A list of some ids.
    pub fn of(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            ids: ids.into_iter().map(Into::into).collect(),
        }
    }

    /// Reads its file.
    ///
    /// # Errors
    /// What is wrong with it; what was read nonetheless must not be taken for all of it.
    pub fn parse(text: &str, file: FileId) -> Result<Self, Vec<Diagnostic>> {
        let (mut ids, mut findings) = (BTreeSet::new(), Vec::new());
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let id = line.trim_start_matches('\u{feff}').trim();
            let start = at + line.find(id).unwrap_or(0);
            at += line.len();
            if id.is_empty() || id.starts_with('#') {
                continue;
            }
            let span = Span::new(file, start, start + id.len());
            let conflict = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
            let wrong = if conflict.iter().any(|mark| id.starts_with(mark)) {
                Some((
                    "this is left over from a merge",
                    "decide what is meant: what is on neither side is mended",
                ))
            } else if id.contains(char::is_control) {
                Some(("this is no id", "give each id a line of its own"))
            } else if ids.contains(id) {
                Some(("this id is listed twice", "remove one of the two"))
            } else {
                None
            };
            match wrong {
                Some((message, help)) => {
                    findings.push(Diagnostic::new(&codes::BASELINE, span, message).help(help));
                }
                None => {
                    ids.insert(id.to_owned());
                }
            }
        }
        if findings.is_empty() {
            Ok(Self { ids })
        } else {
            Err(findings)
        }
    }

    /// Its file, with a comment at its head.
    pub fn text(&self, head: &str) -> String {
        let mut text = String::new();
        for line in head.lines() {
            text.push_str(format!("# {line}").trim_end());
            text.push('\n');
        }
        for id in &self.ids {
            text.push_str(id);
            text.push('\n');
        }
        text
    }

    /// The text of a file of it without some ids: comments and the rest stay as they are.
    pub fn text_without(text: &str, gone: &[String]) -> String {
        let stays = |line: &&str| {
            let id = line.trim_start_matches('\u{feff}').trim();
            gone.binary_search_by(|known| known.as_str().cmp(id))
                .is_err()
        };
        text.split_inclusive('\n').filter(stays).collect()
    }

    /// The ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    /// How many ids it lists.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it lists nothing.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether it lists an id.
    pub fn holds(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Holds it against what is there now: ids, each with that of what it is a copy of. A copy of
    /// something listed is let be, and what is listed stays listed as long as a copy needs it.
    pub fn compare<'i>(
        &self,
        found: impl IntoIterator<Item = (&'i str, Option<&'i str>)>,
    ) -> Compared {
        let (mut new, mut needed) = (Vec::new(), BTreeSet::new());
        for (place, (id, parent)) in found.into_iter().enumerate() {
            let mut listed = [Some(id), parent].into_iter().flatten();
            match listed.find_map(|id| self.ids.get(id)) {
                Some(listed) => {
                    needed.insert(listed.as_str());
                }
                None => new.push(place),
            }
        }
        let gone = self.ids.iter().filter(|id| !needed.contains(id.as_str()));
        Compared {
            new,
            gone: gone.cloned().collect(),
        }
    }
}
