//! The audit that this one is compared with.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use audit::{Export, path_of};
use estate::{Tree, join};

use crate::files::DiskTree;
use crate::governed::Place;

/// The files of an audit, wherever they are.
pub(super) struct Earlier {
    tree: Box<dyn Tree>,
    /// Where in the tree.
    folder: String,
    /// What people call it.
    shown: String,
}

impl Earlier {
    /// In a folder.
    pub(super) fn here(folder: &Path) -> Self {
        Self {
            tree: Box::new(DiskTree::new(folder, "")),
            folder: String::new(),
            shown: folder.display().to_string(),
        }
    }

    /// In a folder that is there, or else at a commit.
    pub(super) fn named(place: &Place<'_>, below: &str, name: &str) -> anyhow::Result<Self> {
        let folder = place.surroundings.folder.join(name);
        if folder.is_dir() {
            return Ok(Self::here(&folder));
        }
        let git = place.git()?;
        let commit = git
            .commit(name)
            .ok()
            .with_context(|| format!("`{name}` is no folder, and no commit of this repository"))?;
        Ok(Self {
            tree: Box::new(git.tree_at(&commit)?),
            folder: below.to_owned(),
            shown: format!("{below} at {name}"),
        })
    }

    /// What was seen of a system; none if it was not looked at yet.
    pub(super) fn export(&self, system: &str) -> anyhow::Result<Option<Export>> {
        let path = path_of(system);
        let place = || format!("{path} in {}", self.shown);
        let text = match self.tree.read(&join(&self.folder, &path)) {
            Ok(text) => text,
            Err(refused) if refused.missing => return Ok(None),
            Err(refused) => anyhow::bail!("{}: {}", place(), refused.reason),
        };
        let export = Export::parse(&text).with_context(place)?;
        if export.system() != system {
            anyhow::bail!("{} is of the system {}", place(), export.system());
        }
        Ok(Some(export))
    }

    /// The paths of all its files.
    pub(super) fn paths(&self) -> anyhow::Result<Vec<String>> {
        match self
            .tree
            .find(&self.folder, &|name| name.ends_with(".json"))
        {
            Ok(paths) => Ok(paths),
            Err(refused) if refused.missing => Ok(Vec::new()),
            Err(refused) => anyhow::bail!("{}: {}", refused.path, refused.reason),
        }
    }
}

/// The paths of all files below a folder, sorted; none if it is not there.
pub(super) fn below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    found.sort_unstable();
    Ok(found)
}

fn walk(folder: &Path, path: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder.join(path)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = join(path, &entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(folder, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
