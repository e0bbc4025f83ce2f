//! A poll of three candidates, and what the tests do with its box.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ballot_box::blind::{Credential, PendingCredential, SecretKey};
use ballot_box::{BallotBox, BoxError, Poll, Privacy, Publication, Reason};
use base::Digest;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

pub(crate) const VOTERS: [&str; 6] = ["249043822", "Ada", "bo", "cy", "di", "no"];

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn poll(privacy: Privacy) -> Poll {
    Poll {
        id: "steering/2026".to_owned(),
        digest: Digest::of(b"the definition"),
        opens_at: at("2026-09-01T00:00:00Z"),
        closes_at: at("2026-10-02T11:59:59Z"),
        candidates: ["ann", "ben", "cat"].map(str::to_owned).to_vec(),
        no_opinion_allowed: true,
        revote: true,
        privacy,
        publication: Publication::Full,
    }
}

pub(crate) fn during() -> Timestamp {
    at("2026-09-15T10:00:00Z")
}

pub(crate) fn millis(count: i64) -> SignedDuration {
    SignedDuration::from_millis(count)
}

/// A box in a folder of its own.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("poll.db")
    }

    pub(crate) fn create(&self, poll: &Poll) -> BallotBox {
        let blind = poll.privacy == Privacy::Blind;
        let registrar = blind.then(|| registrar().public());
        BallotBox::create(&self.path(), poll, VOTERS, registrar).unwrap()
    }

    pub(crate) fn open(&self) -> BallotBox {
        BallotBox::open(&self.path()).unwrap()
    }

    /// All bytes of all files of the box.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut paths: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        paths.iter().flat_map(|path| read(path)).collect()
    }
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

pub(crate) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The code of the refusal.
pub(crate) fn code<T: Debug>(done: Result<T, BoxError>) -> &'static str {
    match done {
        Err(BoxError::Refused(refusal)) => refusal.reason.code(),
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn registrar() -> &'static SecretKey {
    static KEY: OnceLock<SecretKey> = OnceLock::new();
    KEY.get_or_init(|| SecretKey::generate().unwrap())
}

/// A voter's credential, taken before the poll opens.
pub(crate) fn credential(ballots: &mut BallotBox, voter: &str) -> Credential {
    let pending = PendingCredential::new(ballots.poll(), registrar().public()).unwrap();
    let before = at("2026-08-20T00:00:00Z");
    let answer = ballots
        .issue_token(voter, pending.request(), registrar(), before)
        .unwrap();
    pending.unblind(&answer).unwrap()
}

#[test]
fn every_reason_is_written_as_its_code() {
    for reason in [
        Reason::Early,
        Reason::Late,
        Reason::NotEligible,
        Reason::UnknownCandidate,
        Reason::Twice,
        Reason::Rank,
        Reason::Short,
        Reason::Duplicate,
        Reason::NoBallot,
        Reason::Token,
        Reason::Signature,
        Reason::Mode,
    ] {
        let written = serde_json::to_value(reason).unwrap();
        assert_eq!(written, reason.code());
    }
}
