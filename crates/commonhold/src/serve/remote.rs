//! A branch of a Git repository elsewhere, and the clone that follows it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// After which time a fetch that came to no end is given up.
const LONGEST: Duration = Duration::from_secs(300);
/// How often it is looked whether Git has ended.
const LOOK: Duration = Duration::from_millis(20);
/// Connections over which nothing comes are given up by Git itself: below so many bytes a second for so many seconds.
pub(crate) const SLOW: [&str; 4] = ["-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=30"];

/// The last commit that the repository had and that is part of what is checked out.
const UPSTREAM: &str = "refs/commonhold/upstream";

/// What is followed.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    pub(crate) url: String,
    /// The branch; that which the repository names, if none is.
    pub(crate) branch: Option<String>,
    /// Where the clone is.
    pub(crate) clone: PathBuf,
    /// How long to wait before it is asked again.
    pub(crate) every: Duration,
}

impl Remote {
    /// Clones it, or goes on with the clone that is there.
    pub(crate) fn open(&mut self) -> anyhow::Result<()> {
        if self.clone.join(".git").exists() {
            self.git(&["remote", "set-url", "origin", &self.url])?;
        } else {
            self.first()?;
        }
        if self.branch.is_none() {
            let head = self.git(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"])?;
            let branch = head.trim().strip_prefix("origin/").unwrap_or(head.trim());
            self.branch = Some(branch.to_owned());
        }
        Ok(())
    }

    /// Makes the clone.
    fn first(&self) -> anyhow::Result<()> {
        let above = self.clone.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(above)
            .with_context(|| format!("{} cannot be made", above.display()))?;
        // A clone that was broken off is none; it gets its name when it is whole.
        let draft = above.join(format!(".clone.{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&draft);
        let to = draft.to_string_lossy().into_owned();
        let mut arguments = vec!["clone", "--quiet"];
        if let Some(branch) = &self.branch {
            arguments.extend(["--branch", branch]);
        }
        arguments.extend(["--", &self.url, &to]);
        self.run(above, &arguments)?;
        std::fs::rename(&draft, &self.clone)
            .with_context(|| format!("{} cannot be made", self.clone.display()))?;
        self.is_upstream("HEAD")
    }

    /// Asks the repository; the commit that its branch is at now.
    pub(crate) fn fetch(&self) -> anyhow::Result<String> {
        let branch = self.branch.as_deref().unwrap_or("HEAD");
        let refs = format!("+refs/heads/{branch}:refs/remotes/origin/{branch}");
        self.git(&["fetch", "--quiet", "--no-tags", "origin", &refs])?;
        let tip = format!("refs/remotes/origin/{branch}^{{commit}}");
        let tip = self.git(&["rev-parse", "--verify", "--quiet", &tip])?;
        let tip = tip.trim().to_owned();
        if self.has(&tip) {
            self.is_upstream(&tip)?;
        }
        Ok(tip)
    }

    /// Whether everything of a commit is in what is checked out.
    pub(crate) fn has(&self, commit: &str) -> bool {
        self.git(&["merge-base", "--is-ancestor", commit, "HEAD"])
            .is_ok()
    }

    /// Checks a commit out. What was written here and not committed stays, or the clone stays as it was; so it does
    /// where something was committed here that the repository lacks.
    pub(crate) fn move_to(&self, commit: &str) -> anyhow::Result<()> {
        if self
            .git(&["merge", "--quiet", "--ff-only", commit])
            .is_err()
        {
            let own = self.git(&["rev-list", "--count", &format!("{UPSTREAM}..HEAD")])?;
            if own.trim() != "0" {
                bail!(
                    "the clone has {} commits that the repository lacks, and the repository went another way: bring them together with Git",
                    own.trim()
                );
            }
            // The branch was written anew.
            self.git(&["reset", "--quiet", "--keep", commit]).context(
                "the clone has changes that were not committed and that the new commit overwrites",
            )?;
        }
        self.is_upstream(commit)
    }

    /// Remembers a commit as one that the repository had.
    fn is_upstream(&self, commit: &str) -> anyhow::Result<()> {
        self.git(&["update-ref", UPSTREAM, commit]).map(drop)
    }

    fn git(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.run(&self.clone, arguments)
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new("git");
        command
            .args(SLOW)
            .args(arguments)
            .current_dir(folder)
            .env("LC_ALL", "C")
            // Nobody is there to be asked.
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::null());
        let output = within(&mut command, LONGEST)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let what = arguments.first().unwrap_or(&"");
            bail!("git {what} failed: {}", self.without_secrets(said.trim()));
        }
        String::from_utf8(output.stdout).context("git said something that is not UTF-8")
    }

    /// A text without what stands before the `@` of the URL: it may be a token.
    fn without_secrets(&self, text: &str) -> String {
        let text = base::visible(&text.lines().collect::<Vec<_>>().join("; "));
        match secret(&self.url) {
            Some(secret) => text.replace(secret, "***"),
            None => text,
        }
    }
}

fn secret(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (who, _) = rest.split('/').next()?.rsplit_once('@')?;
    Some(who)
}

/// Runs a program, but no longer than this.
fn within(command: &mut Command, longest: Duration) -> anyhow::Result<Output> {
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("git cannot be run; is it installed?")?;
    while child.try_wait()?.is_none() {
        if started.elapsed() > longest {
            child.kill()?;
            child.wait()?;
            bail!(
                "git did not come to an end within {} seconds",
                longest.as_secs()
            );
        }
        std::thread::sleep(LOOK);
    }
    Ok(child.wait_with_output()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_token_is_not_told() {
        let remote = Remote {
            url: "https://bot:t0ken@git.example/infra".to_owned(),
            branch: None,
            clone: PathBuf::new(),
            every: Duration::ZERO,
        };
        let said = remote
            .without_secrets("unable to access 'https://bot:t0ken@git.example/infra/':\n refused");
        assert_eq!(
            said,
            "unable to access 'https://***@git.example/infra/':;  refused"
        );
        assert_eq!(secret("git@git.example:infra"), None);
        assert_eq!(secret("https://git.example/a@b"), None);
    }

    #[test]
    fn what_comes_to_no_end_is_ended() {
        let started = Instant::now();
        let ran = within(Command::new("sleep").arg("60"), Duration::from_millis(50));
        assert!(ran.is_err() && started.elapsed() < Duration::from_secs(30));
    }
}
