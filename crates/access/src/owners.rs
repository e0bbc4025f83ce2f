//! Who may review and approve which files: written for forges and bots from what the estate
//! declares, and judged.
//!
//! ```text
//! OWNERS tree ─┐
//! estate ──────┴► files for a forge (CODEOWNERS) or a bot (OWNERS, OWNERS_ALIASES)
//! ```
//!
//! How a path resolves is said by [`estate::OwnersTree`]. What has no counterpart in another
//! format is never left out in silence: it is in [`Made::notes`], and in the file.

mod aliases;
mod check;
mod claims;
mod codeowners;
pub mod codes;
mod folders;
mod teams;

pub use aliases::{custom_part, owners_aliases};
pub use check::check;
pub use claims::{Claim, claims};
pub use codeowners::{codeowners_of_claims, codeowners_of_tree};
pub use folders::owners_files;
pub use teams::Teams;

/// The words by which a made file is known, in its first line.
pub const MARK: &str = "Made by `commonhold owners generate";

/// Files that were made, and what they cannot say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Made {
    /// The files.
    pub files: Vec<MadeFile>,
    /// What has no counterpart in the format, one sentence each without a full stop.
    pub notes: Vec<String>,
}

/// One file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeFile {
    /// Its path in the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why nothing was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody knows who owns a folder, and a made file would say it as if somebody did.
    #[error(
        "the owners of {} cannot be told: {place}: {reason}",
        folder_words(folder)
    )]
    Broken {
        /// The folder; the root is empty.
        folder: String,
        /// The file and line of the first mistake.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// Nothing in the estate says who owns anything in the repository.
    #[error("no service and no subproject of the estate is in {0}, so nobody owns anything there")]
    Nothing(String),
    /// The forge would not read the file.
    #[error("the file would have {0} bytes, and GitHub reads {most} at the most", most = codeowners::LARGEST)]
    TooLarge(usize),
}

fn folder_words(folder: &str) -> String {
    match folder {
        "" => "the repository's root".to_owned(),
        folder => format!("{folder}/"),
    }
}

#[cfg(test)]
mod tests;
