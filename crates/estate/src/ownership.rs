//! Who may approve a change to a file: per-folder lists of owners with
//! inheritance, filters and aliases.

use std::collections::{BTreeMap, BTreeSet};

use base::{FileId, Spanned};
use regex::Regex;

/// The owners of one repository's files.
#[derive(Debug)]
pub struct OwnersTree {
    /// The repository, as `organisation/name`, or the path it was read from.
    pub repository: String,
    /// Where its root is in the estate's tree.
    pub root: String,
    /// What each folder says, by its path in the repository; the root is empty.
    pub folders: BTreeMap<String, OwnersFile>,
    /// Names for several people.
    pub aliases: Aliases,
}

/// What one folder says of its owners.
#[derive(Debug)]
pub struct OwnersFile {
    /// The file it stands in.
    pub file: FileId,
    /// Whether the owners of the folders above count too.
    pub inherits: bool,
    /// The owners of everything below.
    pub owners: Owners,
    /// The owners of some files below, by pattern.
    pub filters: Vec<Filter>,
    /// The file could not be read: nobody below it may approve, rather than anybody above.
    pub broken: bool,
}

/// Lists of people in one place, logins as written.
#[derive(Debug, Default)]
pub struct Owners {
    /// Who may approve.
    pub approvers: Vec<Spanned<String>>,
    /// Who may review.
    pub reviewers: Vec<Spanned<String>>,
    /// Who must review.
    pub required_reviewers: Vec<Spanned<String>>,
    /// Labels that a change gets.
    pub labels: Vec<Spanned<String>>,
}

/// Owners of the files whose path below the folder matches.
#[derive(Debug)]
pub struct Filter {
    /// The pattern as written.
    pub pattern: Spanned<String>,
    /// The pattern, unanchored; `None` where it is malformed, which has been reported.
    pub regex: Option<Regex>,
    /// The owners.
    pub owners: Owners,
}

/// Names for several people.
#[derive(Debug, Default)]
pub struct Aliases {
    /// The logins behind each name, in lower case.
    pub names: BTreeMap<String, Vec<Spanned<String>>>,
}

/// Who may do what to one file; logins in lower case.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Resolution {
    /// Who may approve.
    pub approvers: BTreeSet<String>,
    /// Who may approve by the nearest folder that names anybody.
    pub leaf_approvers: BTreeSet<String>,
    /// Who may review.
    pub reviewers: BTreeSet<String>,
    /// Who must review.
    pub required_reviewers: BTreeSet<String>,
    /// Labels that a change gets.
    pub labels: BTreeSet<String>,
    /// The folder that names the leaf approvers.
    pub approver_folder: String,
    /// The folder whose file could not be read, if that is why nobody may approve.
    pub broken_at: Option<String>,
}

impl OwnersTree {
    /// Who may do what to a file, by its path in the repository.
    pub fn resolve(&self, _path: &str) -> Resolution {
        Resolution::default()
    }
}
