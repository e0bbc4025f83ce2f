//! Whether files on the disk are as they were, without reading them.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use base::Digest;

/// Folders in which no file of an estate is: Git's own, and what is kept beside the estate.
const LEFT_OUT: [&str; 2] = [".git", ".commonhold"];
/// Ends of files that change while nobody changes the estate.
const OF_DATABASES: [&str; 5] = [
    ".sqlite",
    ".sqlite-wal",
    ".sqlite-shm",
    ".sqlite-journal",
    ".lock",
];

/// Something that is another when a file below a folder came, went or was written.
pub(super) fn below(root: &Path) -> Digest {
    let mut lines = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(about) = entry.metadata() else {
                continue;
            };
            if about.is_dir() {
                if !LEFT_OUT.contains(&&*name) {
                    folders.push(entry.path());
                }
            } else if !OF_DATABASES.iter().any(|end| name.ends_with(end)) {
                lines.push(line(&entry.path(), &about));
            }
        }
    }
    lines.sort_unstable();
    Digest::of(lines.join("\n").as_bytes())
}

/// The same of files that are named.
pub(super) fn further(paths: &[PathBuf]) -> Digest {
    let lines = paths
        .iter()
        .filter_map(|path| Some(line(path, &fs::metadata(path).ok()?)));
    Digest::of(lines.collect::<Vec<_>>().join("\n").as_bytes())
}

/// A file that is written over has another number, size or time.
fn line(path: &Path, about: &Metadata) -> String {
    let (number, length) = (about.ino(), about.len());
    let time = (about.mtime(), about.mtime_nsec());
    format!("{} {number} {length} {time:?}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::replace;

    #[test]
    fn what_changes_is_seen_and_what_is_kept_beside_is_not() {
        let folder = std::env::temp_dir().join(format!("commonhold-beside-{}", std::process::id()));
        let write = |path: &str, text: &str| replace(&folder.join(path), text).unwrap();
        write("a/b.yaml", "1");
        let first = below(&folder);
        write(".commonhold/portal.sqlite", "1");
        write(".git/index", "1");
        write("ledger.sqlite", "1");
        assert_eq!(below(&folder), first);
        write("a/b.yaml", "2");
        let second = below(&folder);
        assert_ne!(second, first);
        write("a/c.yaml", "");
        assert_ne!(below(&folder), second);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_folder_that_is_gone_is_no_panic() {
        below(Path::new("/nowhere/at/all"));
        further(&[PathBuf::from("/nowhere/at/all")]);
    }
}
