//! Where files come from, so that this crate needs no disk.

use std::collections::BTreeMap;
use std::fmt;

/// A tree of text files. Paths are relative to its root, `/` between folders;
/// `..` may lead out of it where the estate says so.
pub trait Tree: Sync {
    /// The text of a file.
    fn read(&self, path: &str) -> Result<String, Unreadable>;

    /// The texts of many files, in their order; a disk may read several at once.
    fn read_all(&self, paths: &[String]) -> Vec<Result<String, Unreadable>> {
        paths.iter().map(|path| self.read(path)).collect()
    }

    /// The bytes of a file, for formats that need not be text.
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.read(path).map(String::into_bytes)
    }

    /// The paths of all files below a folder whose names are wanted, sorted.
    /// What `.git` holds is left out. A folder that is not there is an error.
    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable>;

    /// Whether there is a folder at a path.
    fn is_folder(&self, path: &str) -> bool;

    /// How the user would write a path of this tree.
    fn display(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// A file or folder could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Which.
    pub path: String,
    /// Why, in the words of whoever refused.
    pub reason: String,
    /// Whether there is nothing of that name, as against something that cannot be read.
    pub missing: bool,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for Unreadable {}

/// Joins a folder and a path below it; resolves `.` and inner `..`.
pub fn join(folder: &str, path: &str) -> String {
    let shortest = |path: &str| !path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if shortest(path) {
        match folder {
            "" => return path.to_owned(),
            folder if shortest(folder) => return format!("{folder}/{path}"),
            _ => {}
        }
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A tree in memory, for tests, benches and fuzzing.
#[derive(Debug, Default, Clone)]
pub struct MemoryTree {
    files: BTreeMap<String, String>,
}

impl MemoryTree {
    /// Adds or replaces a file.
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }
}

fn refusal(path: &str) -> Unreadable {
    Unreadable {
        path: path.to_owned(),
        reason: "no such file or folder".to_owned(),
        missing: true,
    }
}

impl Tree for MemoryTree {
    fn read(&self, path: &str) -> Result<String, Unreadable> {
        self.files.get(path).cloned().ok_or_else(|| refusal(path))
    }

    fn find(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Unreadable> {
        if !self.is_folder(folder) {
            return Err(refusal(folder));
        }
        let below = |path: &&String| {
            folder.is_empty()
                || path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let named = |path: &&String| {
            !path.split('/').any(|part| part == ".git")
                && wanted(path.rsplit('/').next().unwrap_or(path))
        };
        Ok(self
            .files
            .keys()
            .filter(below)
            .filter(named)
            .cloned()
            .collect())
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty()
            || self.files.keys().any(|file| {
                file.strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn joined_paths_are_the_shortest() {
        assert_eq!(join("a/b", "../c/./d.yaml"), "a/c/d.yaml");
        assert_eq!(join("", "./x"), "x");
        assert_eq!(join("", "../../x"), "../../x");
        assert_eq!(join("a", "../../x"), "../x");
    }
}
