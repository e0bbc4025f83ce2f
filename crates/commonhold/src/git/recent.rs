//! What was committed last, for people.

use jiff::Timestamp;

use super::Repository;

/// A commit as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) hash: String,
    /// When it was made, as whoever made it says.
    pub(crate) at: Timestamp,
    /// The name of its author, as Git has it.
    pub(crate) author: String,
    /// The first line of its message.
    pub(crate) subject: String,
    /// The files of the estate that it changed, from the estate's root.
    pub(crate) files: Vec<String>,
}

/// What stands between the fields of a commit.
const FIELD: char = '\u{1f}';

impl Repository {
    /// The last commits that changed something of the estate, the newest first.
    pub(crate) fn recent(&self, most: usize) -> anyhow::Result<Vec<Committed>> {
        let said = self.git(&[
            "log",
            "-z",
            "--no-renames",
            "--name-only",
            // A merge is what it brought to the line that it was merged into.
            "--first-parent",
            "--diff-merges=first-parent",
            &format!("--max-count={most}"),
            &format!("--format=%x1e%H{FIELD}%ct{FIELD}%an{FIELD}%s"),
            "HEAD",
            "--",
            ".",
        ])?;
        let commits = said.split('\u{1e}');
        Ok(commits.filter_map(|one| self.committed(one)).collect())
    }

    /// A digest of where all branches and tags are.
    pub(crate) fn refs(&self) -> anyhow::Result<String> {
        let said = self.git(&["for-each-ref", "--format=%(objectname) %(refname)"])?;
        Ok(base::Digest::of(said.as_bytes()).short())
    }

    /// When a commit was made, as whoever made it says.
    pub(crate) fn made(&self, commit: &str) -> Option<Timestamp> {
        let asked = ["rev-list", "-1", "--format=%ct", "--end-of-options", commit];
        super::commit(&self.git(&asked).ok()?).map(|commit| commit.at)
    }

    fn committed(&self, said: &str) -> Option<Committed> {
        let mut parts = said.split('\0');
        let mut fields = parts.next()?.splitn(4, FIELD);
        let hash = fields.next()?.to_owned();
        let at = Timestamp::from_second(fields.next()?.parse().ok()?).ok()?;
        let author = fields.next()?.to_owned();
        let subject = fields.next()?.to_owned();
        let files = parts.filter_map(|path| path.trim_matches('\n').strip_prefix(&self.prefix));
        Some(Committed {
            hash,
            at,
            author,
            subject,
            files: files
                .filter(|path| !path.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}
