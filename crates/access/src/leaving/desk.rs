//! Files while they are edited, and a tree with the edits in it.

use std::collections::BTreeMap;

use estate::{Estate, Manifest, Tree, Unreadable, join};
use serde::Serialize;
use yaml::edit::{LineChange, changes};

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileEdit {
    /// Where it is in the estate's tree.
    pub path: String,
    /// Its text; none if there is no such file.
    pub before: Option<String>,
    /// Its text then.
    pub after: String,
    /// The lines that go and come.
    pub lines: Vec<LineChange>,
}

/// A tree in which some files are as they will be.
pub struct EditedTree<'t> {
    tree: &'t dyn Tree,
    files: BTreeMap<&'t str, &'t str>,
}

impl<'t> EditedTree<'t> {
    /// A tree with edits in it.
    pub fn new(tree: &'t dyn Tree, edits: &'t [FileEdit]) -> Self {
        let files = edits
            .iter()
            .map(|edit| (edit.path.as_str(), edit.after.as_str()));
        Self {
            tree,
            files: files.collect(),
        }
    }
}

impl EditedTree<'_> {
    /// Whether an edited file is below a folder.
    fn makes(&self, folder: &str) -> bool {
        let below = |path: &&str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.files.keys().any(below)
    }
}

impl Tree for EditedTree<'_> {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        let edited = self.files.get(path).map(|text| (*text).to_owned());
        edited.map_or_else(|| self.tree.read(path), Ok)
    }

    fn read_all(&self, paths: &[String]) -> Vec<Result<String, Unreadable>> {
        let read = self.tree.read_all(paths);
        let both = paths.iter().zip(read);
        let edited = both.map(|(path, read)| match self.files.get(path.as_str()) {
            Some(text) => Ok((*text).to_owned()),
            None => read,
        });
        edited.collect()
    }

    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self.files.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.tree.read_bytes(path),
        }
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        let mut found = match self.tree.find(folder, wanted) {
            // A folder that the edits make is empty before.
            Err(refused) if refused.missing && self.makes(folder) => Vec::new(),
            found => found?,
        };
        let below = |path: &&&str| {
            let rest = path.strip_prefix(folder);
            let inside = rest.is_some_and(|rest| folder.is_empty() || rest.starts_with('/'));
            inside && wanted(path.rsplit('/').next().unwrap_or(path))
        };
        found.extend(
            self.files
                .keys()
                .filter(below)
                .map(|path| (*path).to_owned()),
        );
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn is_folder(&self, path: &str) -> bool {
        self.tree.is_folder(path) || self.makes(path)
    }

    fn display(&self, path: &str) -> String {
        self.tree.display(path)
    }
}

/// The files that are open to be edited.
pub(crate) struct Desk<'t> {
    estate: &'t Estate,
    tree: &'t dyn Tree,
    files: BTreeMap<String, (Option<String>, String)>,
}

impl<'t> Desk<'t> {
    pub(crate) fn new(estate: &'t Estate, tree: &'t dyn Tree) -> Self {
        Self {
            estate,
            tree,
            files: BTreeMap::new(),
        }
    }

    /// Where a file that is shown to the user as `shown` is in the tree. It must hold what the
    /// estate was read from, or an edit would be of another text.
    pub(crate) fn find(&self, shown: &str) -> Option<String> {
        let mut sources = self.estate.sources.files();
        let text = &sources.find(|file| file.path == shown)?.text;
        let root = self.tree.display(Manifest::FILE);
        let inside = root
            .strip_suffix(Manifest::FILE)
            .and_then(|root| shown.strip_prefix(root))
            .map(str::to_owned);
        let below = self.estate.manifest.sources.iter().filter_map(|source| {
            let folder = join("", &source.path);
            let rest = shown.strip_prefix(&self.tree.display(&folder))?;
            let rest = rest.trim_start_matches('/');
            Some(if rest.is_empty() {
                folder
            } else {
                format!("{folder}/{rest}")
            })
        });
        let mut ways = inside.into_iter().chain(below);
        ways.find(|path| self.tree.read(path).is_ok_and(|read| read == *text))
    }

    /// The text of a file as it is by now.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        match self.files.get(path) {
            Some((_, text)) => Some(text.clone()),
            None => self.tree.read(path).ok(),
        }
    }

    pub(crate) fn put(&mut self, path: &str, text: String) {
        if let Some((_, after)) = self.files.get_mut(path) {
            *after = text;
        } else {
            let before = self.tree.read(path).ok();
            self.files.insert(path.to_owned(), (before, text));
        }
    }

    pub(crate) fn edits(self) -> Vec<FileEdit> {
        let edited = self.files.into_iter();
        let edited = edited.filter(|(_, (before, after))| before.as_ref() != Some(after));
        let edits = edited.map(|(path, (before, after))| FileEdit {
            lines: changes(before.as_deref().unwrap_or(""), &after),
            path,
            before,
            after,
        });
        edits.collect()
    }
}
