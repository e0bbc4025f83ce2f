//! The plans that lie beside an estate.

use std::path::{Path, PathBuf};

use anyhow::Context;
use base::Digest;
use change::plan::Plan;

use crate::court::{Filed, short};
use crate::files;

/// Where they lie, in the estate's folder.
const FOLDER: &str = ".commonhold/plans";

/// A folder below `.commonhold` that Git passes over.
pub(super) fn private_folder(root: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let ignore = root.join(".commonhold/.gitignore");
    if !ignore.exists() {
        files::replace(&ignore, "*\n")
            .with_context(|| format!("{} cannot be written", ignore.display()))?;
    }
    let folder = root.join(".commonhold").join(name);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    Ok(folder)
}

/// Keeps a plan; the name says of which commit it is.
pub(super) fn keep(root: &Path, plan: &Plan) -> anyhow::Result<Filed> {
    let (text, digest) = plan.to_text()?;
    let commit = plan.commit.as_deref().unwrap_or("uncommitted");
    let folder = private_folder(root, "plans")?;
    let path = folder.join(format!("{}-{}.json", short(commit), digest.short()));
    files::replace(&path, &text)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Filed {
        plan: plan.clone(),
        digest,
    })
}

/// The plan of a commit that was made last.
pub(super) fn of_commit(root: &Path, commit: &str) -> Option<(Filed, PathBuf)> {
    let start = format!("{}-", short(commit));
    let named = files_of(root).into_iter().filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&start))
    });
    let read = named.filter_map(|path| Some((read(&path)?, path)));
    let mut found: Vec<(Filed, PathBuf)> = read
        .filter(|(filed, _)| filed.plan.commit.as_deref() == Some(commit))
        .collect();
    found.sort_by_key(|(_, path)| {
        std::fs::metadata(path)
            .and_then(|meta| meta.modified())
            .ok()
    });
    found.pop()
}

/// The digest that a word is, or the start of one, without what stands before it.
fn start_of(word: &str) -> Option<String> {
    let start = word.strip_prefix("sha256:").unwrap_or(word).to_lowercase();
    let is_start = start.len() >= 12 && start.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_start.then_some(start)
}

/// Whether a word is a digest, or the start of one.
pub(super) fn is_digest(word: &str) -> bool {
    start_of(word).is_some()
}

/// The plan of a digest, or of the start of one.
pub(super) fn of_digest(root: &Path, word: &str) -> Option<(Filed, PathBuf)> {
    let start = start_of(word)?;
    let is_it = |filed: &Filed| filed.digest.hex().starts_with(&start);
    let mut plans = files_of(root);
    // One that was kept here has its digest in its name: it is found without reading others.
    let in_name = |path: &PathBuf| path.to_string_lossy().contains(&start[..12]);
    plans.sort_by_key(|path| !in_name(path));
    let read = plans
        .into_iter()
        .filter_map(|path| Some((read(&path)?, path)));
    read.into_iter().find(|(filed, _)| is_it(filed))
}

/// Removes the plans of a commit that nobody needs any more.
pub(super) fn forget(root: &Path, commit: &str, keep: Option<&Digest>) {
    let start = format!("{}-", short(commit));
    for path in files_of(root) {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let kept = keep.is_some_and(|digest| name.contains(digest.short().as_str()));
        if name.starts_with(&start) && !kept {
            // One that stays is only looked at once more.
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn read(path: &Path) -> Option<Filed> {
    let text = std::fs::read_to_string(path).ok()?;
    let (plan, digest) = Plan::parse(&text).ok()?;
    Some(Filed { plan, digest })
}

fn files_of(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join(FOLDER));
    let entries = entries.into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    paths
}
