//! What formats in shards have in common: many files below one folder, and a
//! file of rules on what each of them may declare.

use base::{Code, Diagnostic, FileId, Severity, Span, Spanned};
use estate::kinds::Group;
use estate::{Draft, Ref, Tree};
use globset::{GlobBuilder, GlobMatcher};
use regex::Regex;
use yaml::{Decoding, FromYaml, Profile};

use crate::codes;

/// What was read, and whether that is all.
pub(crate) struct Read<T> {
    /// What was read.
    pub(crate) value: T,
    /// Whether nothing is missing for a mistake that has been reported.
    pub(crate) whole: bool,
}

/// Reads files into the draft's sources; reports those that cannot be read.
pub(crate) fn read_files(
    paths: Vec<String>,
    tree: &dyn Tree,
    named_at: Span,
    draft: &mut Draft,
) -> Read<Vec<(String, FileId)>> {
    let mut files = Vec::with_capacity(paths.len());
    let mut whole = true;
    let texts = tree.read_all(&paths);
    for (path, text) in paths.into_iter().zip(texts) {
        match text {
            Ok(text) => {
                let file = draft.sources.add(tree.display(&path), text);
                files.push((path, file));
            }
            Err(refused) => {
                draft.unreadable(&refused, named_at);
                whole = false;
            }
        }
    }
    Read {
        value: files,
        whole,
    }
}

/// Decodes a file; reports what is wrong with it.
pub(crate) fn decode<T: FromYaml>(
    file: FileId,
    profile: Profile,
    draft: &mut Draft,
) -> Read<Option<T>> {
    let text = &draft.sources.file(file).text;
    let (value, findings) = Decoding::read_text::<T>(text, file, profile);
    let sound = findings
        .iter()
        .all(|finding| finding.severity < Severity::Error);
    draft.findings.extend(findings);
    Read {
        whole: sound && value.is_some(),
        value,
    }
}

/// Reports a source in which nothing was found.
pub(crate) fn empty(named_at: Span, message: String, help: &str, draft: &mut Draft) {
    draft
        .findings
        .push(Diagnostic::new(&codes::SOURCE_EMPTY, named_at, message).help(help));
}

/// A path without the folder it is below.
pub(crate) fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    match path.strip_prefix(folder) {
        Some(rest) if folder.is_empty() => rest,
        Some(rest) => rest.strip_prefix('/').unwrap_or(path),
        None => path,
    }
}

/// Whether a path is a folder or leads into it.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folder of a path, and its last part; the root is empty.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The group that answers for what a shard declares: the one that the nearest
/// folder is named after, if a source read earlier declares it.
pub(crate) fn answering_group(folders: &str, file: FileId, draft: &Draft) -> Option<Ref<Group>> {
    let known = folders
        .rsplit('/')
        .find_map(|folder| draft.tables.groups.get(folder));
    known.map(|group| Ref::new(group.name.clone(), Span::start_of(file)))
}

/// One rule as written: the files it is about and the patterns of what they may declare.
pub(crate) type Written = (Spanned<String>, Vec<Spanned<String>>);

/// Which file may declare what.
#[derive(Default)]
pub(crate) struct Restrictions {
    rules: Vec<Rule>,
}

/// What the files of a path may declare.
pub(crate) struct Rule {
    /// The path as written.
    pub(crate) path: Spanned<String>,
    files: Option<GlobMatcher>,
    allowed: Vec<Regex>,
    whole: bool,
}

impl Restrictions {
    /// Compiles the rules; reports patterns that cannot be read.
    pub(crate) fn of(rules: Vec<Written>, code: &'static Code, draft: &mut Draft) -> Self {
        let mut report = |pattern: &Spanned<String>, reason: &dyn std::fmt::Display| {
            let reason = reason.to_string();
            let reason = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            let message = format!("the pattern `{pattern}` cannot be read: {reason}");
            draft
                .findings
                .push(Diagnostic::new(code, pattern.span, message));
        };
        let compile = |(path, patterns): Written| {
            let glob = GlobBuilder::new(&path).literal_separator(true).build();
            let files = glob.map(|glob| glob.compile_matcher());
            let files = files.map_err(|reason| report(&path, reason.kind())).ok();
            let regexes = patterns.iter().filter_map(|pattern| {
                Regex::new(pattern)
                    .map_err(|reason| report(pattern, &reason))
                    .ok()
            });
            let allowed: Vec<Regex> = regexes.collect();
            Rule {
                whole: allowed.len() == patterns.len(),
                path,
                files,
                allowed,
            }
        };
        Self {
            rules: rules.into_iter().map(compile).collect(),
        }
    }

    /// The rule that decides about a file, if there is one and it can be read.
    ///
    /// The first that matches decides. A path that cannot be read might have
    /// matched, so no later rule is asked.
    pub(crate) fn rule_for(&self, path: &str) -> Option<&Rule> {
        let matches = |rule: &&Rule| rule.files.as_ref().is_none_or(|files| files.is_match(path));
        self.rules
            .iter()
            .find(matches)
            .filter(|rule| rule.files.is_some())
    }
}

impl Rule {
    /// Whether it certainly does not allow a name. Patterns are not anchored, as in Go.
    pub(crate) fn forbids(&self, name: &str) -> bool {
        self.whole && !self.allowed.iter().any(|regex| regex.is_match(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{below, is_below, split};

    #[test]
    fn paths_are_taken_apart_at_folders_only() {
        assert_eq!(below("", "a/b"), "a/b");
        assert_eq!(below("a", "a/b"), "b");
        assert_eq!(below("a", "ab/c"), "ab/c");
        assert!(is_below("a/b", "a") && is_below("a", "a") && is_below("a", ""));
        assert!(!is_below("ab", "a") && !is_below("a", "a/b"));
        assert_eq!(split("a/b/c"), ("a/b", "c"));
        assert_eq!(split("c"), ("", "c"));
    }
}
