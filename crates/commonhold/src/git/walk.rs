//! A repository's past, walked from its newest commit along the first parents.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{Objects, run};

/// How many objects a worker takes at once: those beside each other are kept beside each other.
const AT_ONCE: usize = 32;

/// The commits from one back to the first, each the first parent of the one before.
#[derive(Debug)]
pub(crate) struct Line {
    folder: PathBuf,
    /// The newest first.
    pub(crate) commits: Vec<Step>,
    /// Whether the clone does not reach back to the first.
    pub(crate) cut_off: bool,
}

/// A commit of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) hash: String,
    tree: String,
    /// When it was made, as whoever made it says; that need not be after the one before it.
    pub(crate) at: Timestamp,
}

/// What a path held from a commit on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) path: String,
    /// The object; nothing where there is no such file any more.
    pub(crate) object: Option<String>,
}

impl Line {
    /// The line of a repository, bare or not, from what is checked out.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Self> {
        let ask = |arguments: &[&str]| run(folder, arguments);
        let bare = ask(&["rev-parse", "--is-bare-repository"])
            .with_context(|| format!("{} is no repository of Git", folder.display()))?;
        let top = match bare.trim() {
            "true" => folder.to_owned(),
            _ => PathBuf::from(ask(&["rev-parse", "--show-toplevel"])?.trim_end_matches('\n')),
        };
        let said = ask(&["log", "--first-parent", "--format=%H %T %ct", "HEAD"])
            .with_context(|| format!("{} has no commit to begin at", folder.display()))?;
        let step = |line: &str| {
            let mut words = line.split(' ');
            let (hash, tree) = (words.next()?.to_owned(), words.next()?.to_owned());
            let at = Timestamp::from_second(words.next()?.parse().ok()?).ok()?;
            Some(Step { hash, tree, at })
        };
        let commits: Option<Vec<Step>> = said.lines().map(step).collect();
        Ok(Self {
            commits: commits.context("git does not say when a commit was made")?,
            cut_off: ask(&["rev-parse", "--is-shallow-repository"])?.trim() == "true",
            folder: top,
        })
    }

    /// The paths of all files of the newest commit, sorted.
    pub(crate) fn paths(&self) -> anyhow::Result<Vec<String>> {
        let Some(newest) = self.commits.first() else {
            return Ok(Vec::new());
        };
        let said = run(
            &self.folder,
            &[
                "ls-tree",
                "-r",
                "-z",
                "--name-only",
                "--full-tree",
                &newest.tree,
            ],
        )?;
        let paths = said.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }

    /// The place of the last commit before each of some instants, which rise; nothing where there
    /// was none yet.
    pub(crate) fn last_before(&self, instants: &[Timestamp]) -> Vec<Option<usize>> {
        let mut at = 0;
        let newest_first = instants.iter().rev().map(|instant| {
            // Dates may go back and forth: as Git does, the first on the way that is old enough counts.
            while self
                .commits
                .get(at)
                .is_some_and(|commit| commit.at >= *instant)
            {
                at += 1;
            }
            (at < self.commits.len()).then_some(at)
        });
        let mut found: Vec<Option<usize>> = newest_first.collect();
        found.reverse();
        found
    }

    /// What was changed below some paths from one commit to the next, for each of these commits, the
    /// first from nothing. Folders that are equal on both sides are not looked into.
    pub(crate) fn changes(
        &self,
        commits: &[&Step],
        paths: &[String],
    ) -> anyhow::Result<Vec<Vec<Changed>>> {
        let Some(first) = commits.first() else {
            return Ok(Vec::new());
        };
        let nothing = run(&self.folder, &["hash-object", "-t", "tree", "/dev/null"])?;
        let befores =
            std::iter::once(nothing.trim()).chain(commits.iter().map(|step| step.tree.as_str()));
        let pairs: Vec<(&str, &str)> = befores
            .zip(commits.iter().map(|step| step.tree.as_str()))
            .collect();
        let mut asked = String::new();
        for (before, after) in pairs.iter().filter(|(before, after)| before != after) {
            asked += &format!("{before} {after}\n");
        }
        let mut child = Command::new("git")
            .args([
                "diff-tree",
                "--stdin",
                "-r",
                "-z",
                "--raw",
                "--no-abbrev",
                "--no-renames",
                "--",
            ])
            // No path at all stands for the root.
            .args(
                paths
                    .iter()
                    .filter(|_| paths.iter().all(|path| !path.is_empty())),
            )
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("LC_ALL", "C")
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("git cannot be run; is it installed?")?;
        let mut ask = child.stdin.take().context("git takes no questions")?;
        let asking = std::thread::spawn(move || ask.write_all(asked.as_bytes()));
        let output = child.wait_with_output().context("git broke off")?;
        // Where git ended before it was told all, it says why itself.
        let _ = asking.join();
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "git cannot compare {} with what came before: {}",
                first.hash,
                said.trim()
            );
        }
        let said = changed(&output.stdout)?;
        let mut said = said.into_iter();
        pairs
            .iter()
            .map(|(before, after)| {
                if before == after {
                    return Ok(Vec::new());
                }
                said.next()
                    .context("git compared fewer commits than it was asked for")
            })
            .collect()
    }

    /// The first lines of what some commits say of themselves, by their hashes.
    pub(crate) fn subjects(&self, commits: &[&str]) -> anyhow::Result<BTreeMap<String, String>> {
        if commits.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut arguments = vec!["log", "--no-walk=unsorted", "--format=%H%x00%s%x00%b%x01"];
        arguments.push("--end-of-options");
        arguments.extend(commits);
        let said = run(&self.folder, &arguments)?;
        let entries = said.split('\u{1}').filter_map(|entry| {
            let mut parts = entry.trim_start().split('\0');
            let (hash, subject) = (parts.next()?, parts.next()?);
            let body = parts.next().unwrap_or_default();
            Some((hash.to_owned(), titled(subject, body)))
        });
        Ok(entries.collect())
    }

    /// Reads each object once, on all processors; `made` says what becomes of its content, or
    /// of that the clone does not have it, and `take`
    /// is given that, as it comes, with the place of the object.
    pub(crate) fn each<T: Send>(
        &self,
        objects: &[&str],
        made: &(dyn Fn(usize, Option<&[u8]>) -> T + Sync),
        take: &mut dyn FnMut(usize, T),
    ) -> anyhow::Result<()> {
        let next = AtomicUsize::new(0);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let (tell, told) = mpsc::channel();
        let mut outcome = Ok(());
        std::thread::scope(|scope| {
            for _ in 0..workers.min(objects.len().div_ceil(AT_ONCE)) {
                let (tell, next) = (tell.clone(), &next);
                scope.spawn(move || {
                    // The receiver lives as long as this scope.
                    if let Err(error) = self.some(objects, next, made, &tell) {
                        let _ = tell.send(Err(error));
                    }
                });
            }
            drop(tell);
            for one in told {
                match one {
                    Ok((at, result)) => take(at, result),
                    Err(error) => outcome = Err(error),
                }
            }
        });
        outcome
    }

    fn some<T>(
        &self,
        objects: &[&str],
        next: &AtomicUsize,
        made: &(dyn Fn(usize, Option<&[u8]>) -> T + Sync),
        tell: &mpsc::Sender<anyhow::Result<(usize, T)>>,
    ) -> anyhow::Result<()> {
        let mut source = Objects::open(&self.folder)?;
        loop {
            let first = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            if first >= objects.len() {
                return Ok(());
            }
            for (at, object) in objects.iter().enumerate().skip(first).take(AT_ONCE) {
                let content = source.find(object)?;
                let _ = tell.send(Ok((at, made(at, content.as_deref()))));
            }
        }
    }
}

/// What a merge is about: forges write it below their own first line.
fn titled(subject: &str, body: &str) -> String {
    let about = body.lines().map(str::trim).find(|line| !line.is_empty());
    match about.filter(|_| subject.starts_with("Merge pull request")) {
        Some(about) => {
            let number = subject.split(' ').find(|word| word.starts_with('#'));
            number.map_or_else(|| about.to_owned(), |number| format!("{about} ({number})"))
        }
        None => subject.to_owned(),
    }
}

/// Reads `TREE TREE`, and after it a `:MODE MODE OBJECT OBJECT STATUS` and a path each.
fn changed(said: &[u8]) -> anyhow::Result<Vec<Vec<Changed>>> {
    let mut all: Vec<Vec<Changed>> = Vec::new();
    let mut parts = BufReader::new(said).split(0);
    while let Some(part) = parts.next() {
        let part = part?;
        // Between two pairs of trees a line ends, and no part does.
        let text = String::from_utf8_lossy(&part);
        let mut lines: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
        let change = lines.pop_if(|last| last.starts_with(':'));
        all.extend(lines.iter().map(|_| Vec::new()));
        let Some(change) = change else { continue };
        let words: Vec<&str> = change.trim_start_matches(':').split(' ').collect();
        let [_, mode, _, object, _] = words[..] else {
            bail!(
                "git says `{}` of a change, which cannot be read",
                base::visible(change)
            );
        };
        let path = parts.next().context("git lists a file without a path")??;
        let is_file = matches!(mode, "100644" | "100755");
        let of = all.last_mut().context("git lists a file of no commit")?;
        of.push(Changed {
            // A path that is not text has no name that a file of an estate could have.
            path: String::from_utf8_lossy(&path).into_owned(),
            object: is_file.then(|| object.to_owned()),
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(second: i64) -> Step {
        Step {
            hash: second.to_string(),
            tree: String::new(),
            at: Timestamp::from_second(second).expect("a second"),
        }
    }

    #[test]
    fn where_dates_go_back_the_last_commit_on_the_line_counts() {
        // From the newest: made at 50, 20, 40, 10.
        let line = Line {
            folder: PathBuf::new(),
            commits: vec![step(50), step(20), step(40), step(10)],
            cut_off: false,
        };
        let at = |seconds: &[i64]| {
            let instants: Vec<Timestamp> = seconds
                .iter()
                .map(|second| Timestamp::from_second(*second).expect("a second"))
                .collect();
            line.last_before(&instants)
        };
        let found = at(&[10, 11, 20, 45, 51, 60]);
        assert_eq!(found, [None, Some(3), Some(3), Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn changes_are_read_commit_by_commit() {
        let said = b"aa bb\n:000000 100644 00 11 A\0a/b.yaml\0:100644 000000 11 00 D\0c d.yaml\0cc dd\nee ff\n:100644 120000 11 22 T\0l\0";
        let all = changed(said).expect("readable");
        assert_eq!(all.len(), 3);
        let paths: Vec<(&str, Option<&str>)> = all[0]
            .iter()
            .map(|one| (one.path.as_str(), one.object.as_deref()))
            .collect();
        assert_eq!(paths, [("a/b.yaml", Some("11")), ("c d.yaml", None)]);
        assert!(all[1].is_empty());
        assert_eq!(all[2][0].object, None);
    }

    #[test]
    fn a_merge_is_called_by_what_it_is_about() {
        let merge = "Merge pull request #12 from ada/move";
        assert_eq!(
            titled(merge, "\nMove the jobs\n\nAll."),
            "Move the jobs (#12)"
        );
        assert_eq!(titled(merge, ""), merge);
        assert_eq!(titled("Move", "Because."), "Move");
    }
}
