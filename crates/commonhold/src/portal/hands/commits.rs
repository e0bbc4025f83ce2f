//! Writing into the estate's repository: files onto the branch that is checked out, and commits
//! of branches that are checked out nowhere.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use estate::join;

use super::plans::private_folder;
use crate::files;
use crate::git::Author;

/// How often it is tried to bring a commit to a remote repository that others bring theirs to.
const TRIES: usize = 4;
/// How often it is tried to get hold of an index that another run of Git has.
const LOCKED: usize = 20;
/// What is said where a remote repository fails. What Git says may hold its address, with a password in it.
const NOT_TAKEN: &str = "the repository that the estate is followed from does not take what was done; it is tried again";

/// The last commit that whoever acts has seen where the estate is followed from. What follows it to show it has another.
const THERE: &str = "refs/commonhold/acting";

/// Where the estate is followed from.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    /// As Git calls it: `origin`.
    pub(crate) name: String,
    /// The branch there.
    pub(crate) branch: String,
}

/// Who does the writing where nobody else is named.
pub(super) fn desk() -> Author {
    Author {
        name: "commonhold".to_owned(),
        email: "noreply@commonhold.invalid".to_owned(),
    }
}

/// What a new commit says and holds; a file of nothing is one that goes.
pub(super) struct New<'n> {
    pub(super) files: &'n BTreeMap<String, Option<String>>,
    pub(super) message: &'n str,
    pub(super) author: &'n Author,
}

/// A reference that is moved: where to, and from where; from nowhere where it is new.
pub(super) struct Move {
    pub(super) reference: String,
    pub(super) to: Option<String>,
    pub(super) from: Option<String>,
}

/// Writes into the repository of an estate.
pub(super) struct Writer<'p> {
    /// The estate's folder.
    pub(super) folder: &'p Path,
    pub(super) remote: Option<&'p Remote>,
}

impl Writer<'_> {
    /// Writes files of the estate and commits them, and nothing else that lies there.
    pub(super) fn record(
        &self,
        files: &BTreeMap<String, String>,
        message: &str,
        author: &Author,
    ) -> anyhow::Result<()> {
        for (path, text) in files {
            let full = self.folder.join(path);
            files::replace(&full, text).with_context(|| format!("{path} cannot be written"))?;
            // The name of a new file is on the disk once its folder is.
            let folder = full.parent().unwrap_or(self.folder);
            std::fs::File::open(folder)
                .and_then(|folder| folder.sync_all())
                .with_context(|| format!("{path} cannot be written"))?;
        }
        let paths: Vec<String> = files.keys().cloned().collect();
        self.commit(&paths, message, author)
    }

    /// Commits these files as they lie there, if any is not committed.
    pub(super) fn commit(
        &self,
        paths: &[String],
        message: &str,
        author: &Author,
    ) -> anyhow::Result<()> {
        if self.git(&["symbolic-ref", "--quiet", "HEAD"]).is_err() {
            bail!("the estate's repository is on no branch, so nothing can be committed there");
        }
        if paths.is_empty() {
            return Ok(());
        }
        let with_paths = |words: &[&str]| -> Vec<String> {
            let words = words.iter().map(|word| (*word).to_owned());
            words
                .chain(["--".to_owned()])
                .chain(paths.iter().cloned())
                .collect()
        };
        let status = ["status", "--porcelain=v1", "--untracked-files=all"];
        if self
            .literally(&with_paths(&status), None)?
            .trim()
            .is_empty()
        {
            return Ok(());
        }
        let author = format!(
            "--author={} <{}>",
            plain(&author.name),
            plain(&author.email)
        );
        let commit = [
            "commit",
            "--quiet",
            "--only",
            "--no-verify",
            "--no-gpg-sign",
            &author,
            "--file=-",
        ];
        patiently(|| {
            self.literally(&with_paths(&["add", "--force"]), None)?;
            self.literally(&with_paths(&commit), Some(message.as_bytes()))
        })?;
        Ok(())
    }

    /// A commit on another, which no branch leads to yet. Whoever asks for something made it,
    /// whoever typed it in: author and committer are one.
    pub(super) fn commit_on(&self, parents: &[&str], new: &New<'_>) -> anyhow::Result<String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = private_folder(self.folder, "requests")?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let index = folder.join(format!(".index.{}.{number}", std::process::id()));
        let tree = self.tree(parents[0], new.files, &index);
        let _ = std::fs::remove_file(&index);
        let tree = tree?;
        let mut words = vec!["commit-tree", "--no-gpg-sign", tree.as_str(), "-F", "-"];
        for parent in parents {
            words.extend(["-p", parent]);
        }
        let (name, email) = (plain(&new.author.name), plain(&new.author.email));
        let who = [
            ("GIT_AUTHOR_NAME", name.as_str()),
            ("GIT_AUTHOR_EMAIL", &email),
            ("GIT_COMMITTER_NAME", &name),
            ("GIT_COMMITTER_EMAIL", &email),
        ];
        let hash = run(self.folder, &words, &who, Some(new.message.as_bytes()))?;
        Ok(hash.trim().to_owned())
    }

    fn tree(
        &self,
        parent: &str,
        files: &BTreeMap<String, Option<String>>,
        index: &Path,
    ) -> anyhow::Result<String> {
        let index = index.to_string_lossy();
        let apart = [("GIT_INDEX_FILE", &*index)];
        let prefix = self.git(&["rev-parse", "--show-prefix"])?;
        run(self.folder, &["read-tree", parent], &apart, None)?;
        let mut entries = String::new();
        for (path, text) in files {
            let path = join(prefix.trim_end_matches('\n'), path);
            if path.starts_with("..") || path.contains(['\n', '\0']) {
                bail!("{path} is outside of the estate's repository");
            }
            match text {
                Some(text) => {
                    let words = ["hash-object", "-w", "--stdin"];
                    let hash = run(self.folder, &words, &[], Some(text.as_bytes()))?;
                    entries += &format!("100644 {}\t{path}\n", hash.trim());
                }
                None => entries += &format!("0 {}\t{path}\n", "0".repeat(40)),
            }
        }
        let words = ["update-index", "--add", "--index-info"];
        run(self.folder, &words, &apart, Some(entries.as_bytes()))?;
        let tree = run(self.folder, &["write-tree"], &apart, None)?;
        Ok(tree.trim().to_owned())
    }

    /// Moves references, all of them or none, here and where the estate is followed from.
    pub(super) fn point(&self, moves: &[Move]) -> anyhow::Result<()> {
        let mut said = String::from("start\n");
        for one in moves {
            let name = &one.reference;
            said += &match (&one.to, &one.from) {
                (Some(to), None) => format!("create {name} {to}\n"),
                (Some(to), Some(from)) => format!("update {name} {to} {from}\n"),
                (None, Some(from)) => format!("delete {name} {from}\n"),
                (None, None) => continue,
            };
        }
        said += "prepare\ncommit\n";
        let words = ["update-ref", "-m", "front desk", "--stdin"];
        run(self.folder, &words, &[], Some(said.as_bytes()))?;
        self.publish_references(moves)
    }

    /// Merges a branch into the one that is checked out; says whether that could be done.
    pub(super) fn merge(&self, reference: &str, message: &str) -> anyhow::Result<bool> {
        let words = [
            "merge",
            "--quiet",
            "--no-ff",
            "--no-verify",
            "--no-gpg-sign",
            "-m",
            message,
            reference,
        ];
        let merged = patiently(|| self.git(&words));
        if merged.is_ok() {
            return Ok(true);
        }
        // Where nothing was begun there is nothing to give up.
        let _ = self.git(&["merge", "--abort"]);
        let conflicts = self.git(&["merge-tree", "--write-tree", "HEAD", reference]);
        match (conflicts, merged) {
            (Ok(_), Err(error)) => Err(error),
            _ => Ok(false),
        }
    }

    /// Brings what is committed to where the estate is followed from, if it is.
    pub(super) fn publish(&self) -> anyhow::Result<()> {
        let Some(Remote { name, branch }) = self.remote else {
            return Ok(());
        };
        let there = format!("refs/remotes/{name}/{branch}");
        if self
            .git(&["rev-list", "--count", &format!("{there}..HEAD")])
            .is_ok_and(|count| count.trim() == "0")
        {
            return Ok(());
        }
        let ours = format!("HEAD:refs/heads/{branch}");
        for _ in 0..TRIES {
            if self.git(&["push", "--quiet", name, &ours]).is_ok() {
                return Ok(());
            }
            // Somebody else was first.
            self.merge_theirs(name, branch)?;
        }
        bail!("{NOT_TAKEN}")
    }

    /// Brings references that were moved here to where the estate is followed from, all or none of
    /// them, unless another portal moved them first.
    fn publish_references(&self, moves: &[Move]) -> anyhow::Result<()> {
        let Some(Remote { name, .. }) = self.remote else {
            return Ok(());
        };
        let mut words = vec![
            "push".to_owned(),
            "--quiet".to_owned(),
            "--atomic".to_owned(),
        ];
        for one in moves {
            let from = one.from.as_deref().unwrap_or_default();
            words.push(format!("--force-with-lease={}:{from}", one.reference));
        }
        words.push(name.clone());
        for one in moves {
            let here = if one.to.is_some() {
                one.reference.as_str()
            } else {
                ""
            };
            words.push(format!("{here}:{}", one.reference));
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let pushed = self.git(&words).map(drop);
        pushed.map_err(|_| anyhow::anyhow!("{NOT_TAKEN}"))
    }

    /// Brings a merge of a branch to where the estate is followed from, unless more has come to that branch there; says
    /// whether that was done.
    pub(super) fn publish_merge(&self, reference: &str, tip: &str) -> anyhow::Result<bool> {
        let Some(Remote { name, branch }) = self.remote else {
            return Ok(true);
        };
        let lease = format!("--force-with-lease={reference}:{tip}");
        let ours = format!("HEAD:refs/heads/{branch}");
        let same = format!("{reference}:{reference}");
        for _ in 0..TRIES {
            let push = ["push", "--quiet", "--atomic", &lease, name, &ours, &same];
            if self.git(&push).is_ok() {
                return Ok(true);
            }
            let there = self.git(&["ls-remote", name, reference]);
            let there = there.map_err(|_| anyhow::anyhow!("{NOT_TAKEN}"))?;
            if !there.starts_with(tip) {
                return Ok(false);
            }
            self.merge_theirs(name, branch)?;
        }
        bail!("{NOT_TAKEN}")
    }

    /// Merges what others committed. What was taken here is in new files, so both fit together.
    fn merge_theirs(&self, name: &str, branch: &str) -> anyhow::Result<()> {
        let words = [
            "merge",
            "--quiet",
            "--no-edit",
            "--no-verify",
            "--no-gpg-sign",
            "FETCH_HEAD",
        ];
        let fetched = self.git(&["fetch", "--quiet", name, branch]);
        if fetched.is_err() || self.git(&words).is_err() {
            let _ = self.git(&["merge", "--abort"]);
            bail!("{NOT_TAKEN}");
        }
        Ok(())
    }

    /// Takes what other portals brought to where the estate is followed from: requests, and what is committed. A request
    /// that was not brought there was not acknowledged, and goes. Says which commit is newer than what is checked out.
    pub(super) fn follow(&self) -> anyhow::Result<Option<String>> {
        let Some(Remote { name, branch }) = self.remote else {
            return Ok(None);
        };
        let branch = format!("+refs/heads/{branch}:{THERE}");
        let words = [
            "fetch",
            "--quiet",
            "--prune",
            "--no-tags",
            "--update-head-ok",
            name,
            "+refs/requests/*:refs/requests/*",
            "+refs/heads/requests/*:refs/heads/requests/*",
            &branch,
        ];
        let fetched = self.git(&words).map(drop);
        fetched.map_err(|_| anyhow::anyhow!("{NOT_TAKEN}"))?;
        let newer = self.git(&["rev-list", "--max-count=1", THERE, "^HEAD"])?;
        let newer = newer.trim();
        // Where both went on, that is settled when it is published.
        let is_ahead = || {
            self.git(&["merge-base", "--is-ancestor", "HEAD", newer])
                .is_ok()
        };
        Ok((!newer.is_empty() && is_ahead()).then(|| newer.to_owned()))
    }

    /// Goes to a commit that is newer.
    pub(super) fn forward(&self, commit: &str) -> anyhow::Result<()> {
        self.git(&["merge", "--quiet", "--ff-only", commit])
            .map(drop)
    }

    /// Goes back to a commit of before; what lies there and is not committed stays.
    pub(super) fn back_to(&self, commit: &str) -> anyhow::Result<()> {
        self.git(&["reset", "--quiet", "--keep", commit]).map(drop)
    }

    /// Runs Git, in the desk's name where it is nobody's.
    pub(super) fn git(&self, words: &[&str]) -> anyhow::Result<String> {
        run(self.folder, words, &self.committer(), None)
    }

    /// The same with paths that mean nothing but themselves.
    fn literally(&self, words: &[String], input: Option<&[u8]>) -> anyhow::Result<String> {
        let words = words.iter().map(String::as_str);
        let words: Vec<&str> = std::iter::once("--literal-pathspecs")
            .chain(words)
            .collect();
        run(self.folder, &words, &self.committer(), input)
    }

    fn committer(&self) -> Vec<(&'static str, &'static str)> {
        if run(self.folder, &["config", "--get", "user.email"], &[], None).is_ok() {
            return Vec::new();
        }
        vec![
            ("GIT_AUTHOR_NAME", "commonhold"),
            ("GIT_AUTHOR_EMAIL", "noreply@commonhold.invalid"),
            ("GIT_COMMITTER_NAME", "commonhold"),
            ("GIT_COMMITTER_EMAIL", "noreply@commonhold.invalid"),
        ]
    }
}

/// Waits for another run of Git that has the index.
fn patiently(act: impl Fn() -> anyhow::Result<String>) -> anyhow::Result<String> {
    let mut tries = 0;
    loop {
        match act() {
            Err(error) if tries < LOCKED && error.to_string().contains("index.lock") => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            ended => return ended,
        }
    }
}

/// A name without what has a meaning of its own in a commit.
fn plain(text: &str) -> String {
    let odd = |c: char| c.is_control() || matches!(c, '<' | '>');
    let text: String = text.chars().filter(|c| !odd(*c)).take(200).collect();
    let text = text.trim_matches(|c: char| c.is_whitespace() || ".,:;\"'\\".contains(c));
    if text.is_empty() {
        "somebody".to_owned()
    } else {
        text.to_owned()
    }
}

/// Runs Git. What it wrote is on the disk when it ends.
pub(super) fn run(
    folder: &Path,
    words: &[&str],
    environment: &[(&str, &str)],
    input: Option<&[u8]>,
) -> anyhow::Result<String> {
    let mut child = Command::new("git")
        .args(["-c", "core.fsync=all", "-c", "core.hooksPath=/dev/null"])
        // A connection over which nothing comes must not keep everybody from acting.
        .args(crate::serve::SLOW)
        .args(words)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        .envs(environment.iter().copied())
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("git cannot be run; is it installed?")?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        // One that does not read to the end says below why.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output()?;
    let word = words
        .iter()
        .find(|word| !word.starts_with('-'))
        .unwrap_or(&"");
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {word} failed: {}", said.trim());
    }
    String::from_utf8(output.stdout).context("git said something that is not UTF-8")
}
