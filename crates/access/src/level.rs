//! How much a value lets somebody do.

use serde_json::Value;

use crate::{Key, Sort};

/// What somebody may do, from least to most. Comparable within one sort of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing.
    None,
    /// See.
    Read,
    /// Sort what others ask for.
    Triage,
    /// Take part, or change.
    Write,
    /// Set up, or say who else takes part.
    Maintain,
    /// Everything.
    Admin,
    /// Nobody knows: it counts as the most.
    Unknown,
}

/// What the value of a resource lets somebody do there; none where it is not about that.
pub(crate) fn of(key: &Key, value: Option<&Value>) -> Option<Level> {
    let word = match key.sort {
        Sort::Member | Sort::TeamMember | Sort::MailingMember => "role",
        Sort::TeamGrant | Sort::Collaborator => "permission",
        Sort::App | Sort::DirectoryMember => {
            return Some(value.map_or(Level::None, |_| Level::Write));
        }
        _ => return None,
    };
    let Some(value) = value else {
        return Some(Level::None);
    };
    Some(match value[word].as_str() {
        Some("read") => Level::Read,
        Some("triage") => Level::Triage,
        // Members of a team and of a mailing group take part in it.
        Some("member" | "write") => Level::Write,
        Some("maintain" | "maintainer" | "manager") => Level::Maintain,
        Some("admin" | "owner") => Level::Admin,
        _ => Level::Unknown,
    })
}
