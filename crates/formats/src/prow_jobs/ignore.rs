//! `.prowignore`: files that are no jobs, in the syntax of `.gitignore`.

use std::collections::BTreeMap;

use estate::{Tree, Unreadable};
use globset::{GlobBuilder, GlobMatcher};

use crate::shards::below;

/// What the files of a tree take out of it, by the folder they stand in.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    folders: BTreeMap<String, Vec<Rule>>,
}

#[derive(Debug)]
struct Rule {
    /// Whether it takes back what an earlier one took out.
    back: bool,
    folders_only: bool,
    paths: GlobMatcher,
}

impl Rule {
    /// A line of a file; none for an empty one, a comment or a pattern that cannot be read, which Git
    /// passes by as well.
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_end_matches(['\r', '\n']);
        let text = match line.strip_suffix(' ') {
            Some(_) if !line.trim_end().ends_with('\\') => line.trim_end(),
            _ => line,
        };
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let (back, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (folders_only, text) = match text.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let glob = match text.strip_prefix('/') {
            Some(anchored) => anchored.to_owned(),
            None if text.contains('/') => text.to_owned(),
            None => format!("**/{text}"),
        };
        let glob = GlobBuilder::new(&glob)
            .literal_separator(true)
            .backslash_escape(true)
            .build();
        Some(Self {
            back,
            folders_only,
            paths: glob.ok()?.compile_matcher(),
        })
    }
}

impl Ignored {
    /// Reads the files of these paths; `root` is what the tree of jobs begins at.
    pub(super) fn read(root: &str, paths: &[String], tree: &dyn Tree) -> Result<Self, Unreadable> {
        let mut ignored = Self::default();
        for (path, text) in paths.iter().zip(tree.read_all(paths)) {
            let folder = below(root, path)
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            ignored.add(folder, &text?);
        }
        Ok(ignored)
    }

    fn add(&mut self, folder: &str, text: &str) {
        let rules = text.lines().filter_map(Rule::of).collect();
        self.folders.insert(folder.to_owned(), rules);
    }

    /// Whether a file is taken out, or a folder above it.
    pub(super) fn holds(&self, path: &str) -> bool {
        if self.folders.is_empty() {
            return false;
        }
        let folders = path.match_indices('/').map(|(at, _)| (&path[..at], true));
        folders
            .chain([(path, false)])
            .any(|(path, folder)| self.decides(path, folder))
    }

    /// What the nearest file that has a rule for a path says; its last such rule.
    fn decides(&self, path: &str, is_folder: bool) -> bool {
        let above = std::iter::successors(parent(path), |folder| parent(folder));
        for folder in above {
            let rules = self.folders.get(folder).into_iter().flatten().rev();
            let mut matching = rules.filter(|rule| is_folder || !rule.folders_only);
            if let Some(rule) = matching.find(|rule| rule.paths.is_match(below(folder, path))) {
                return !rule.back;
            }
        }
        false
    }
}

fn parent(path: &str) -> Option<&str> {
    let above = || path.rsplit_once('/').map_or("", |(above, _)| above);
    (!path.is_empty()).then(above)
}

#[cfg(test)]
mod tests {
    use super::Ignored;

    fn ignored(files: &[(&str, &str)]) -> Ignored {
        let mut ignored = Ignored::default();
        for (folder, text) in files {
            ignored.add(folder, text);
        }
        ignored
    }

    #[test]
    fn a_name_is_taken_out_below_its_folder_and_nowhere_else() {
        let ignored = ignored(&[("a", "# a comment\n\nx.yaml \n")]);
        assert!(ignored.holds("a/x.yaml") && ignored.holds("a/b/x.yaml"));
        assert!(!ignored.holds("x.yaml") && !ignored.holds("a/y.yaml"));
    }

    #[test]
    fn a_slash_binds_a_pattern_to_its_folder() {
        let ignored = ignored(&[("", "/x.yaml\nb/*.yaml\nc/**\n**/d.yaml\n")]);
        assert!(ignored.holds("x.yaml") && !ignored.holds("a/x.yaml"));
        assert!(ignored.holds("b/y.yaml") && !ignored.holds("a/b/y.yaml"));
        assert!(!ignored.holds("b/c/y.yaml"));
        assert!(ignored.holds("c/e/f.yaml"));
        assert!(ignored.holds("d.yaml") && ignored.holds("q/r/d.yaml"));
    }

    #[test]
    fn the_last_rule_and_the_nearest_file_win() {
        let ignored = ignored(&[("", "*.yaml\n!keep.yaml\n"), ("a", "!x.yaml\nkeep.yaml\n")]);
        assert!(ignored.holds("x.yaml") && !ignored.holds("keep.yaml"));
        assert!(!ignored.holds("a/x.yaml") && ignored.holds("a/keep.yaml"));
    }

    #[test]
    fn what_stands_below_a_folder_taken_out_cannot_be_taken_back() {
        let ignored = ignored(&[("", "old/\n"), ("old", "!x.yaml\n")]);
        assert!(ignored.holds("old/x.yaml"));
        assert!(!ignored.holds("old"));
    }

    #[test]
    fn a_sign_that_stands_for_itself_has_a_backslash() {
        let ignored = ignored(&[("", "\\#x.yaml\n\\!y.yaml\n[\n")]);
        assert!(ignored.holds("#x.yaml") && ignored.holds("!y.yaml"));
    }
}
