//! Exit codes, once.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well, or whoever read the output had enough.
    Well = 0,
    /// There are findings, or something could not be read.
    Findings = 1,
    /// The command line was wrong.
    Usage = 2,
    /// There are changes, and `plan` was asked to say so.
    Changes = 3,
    /// Nobody can tell who is acting.
    Identity = 4,
    /// The community has to do something first.
    Waits = 5,
    /// What a plan was made from has changed, or a real system is not as declared.
    Stale = 6,
    /// A bug of ours.
    Bug = 70,
}

impl Exit {
    /// All of them with what they mean, for the help page and its test.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (
            Self::Well,
            "all is well; also when whoever read the output closed it early",
        ),
        (
            Self::Findings,
            "there are findings at or above --fail-on, the answer is empty, something cannot be read, or an apply failed",
        ),
        (Self::Usage, "the command line is wrong"),
        (
            Self::Changes,
            "there are changes; only `plan --detailed-exitcode` says so",
        ),
        (
            Self::Identity,
            "nobody can tell who is acting: there is no key to sign with, or one that the estate does not know",
        ),
        (
            Self::Waits,
            "the gate is shut until the community has done something, or until a time",
        ),
        (
            Self::Stale,
            "the plan is stale: what it was made from has changed; or a real system is not as declared",
        ),
        (Self::Bug, "a bug of commonhold; please report it"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
