//! The public board of a blind poll: every ballot posted, each entry with the digest of the
//! one before.

use std::fmt;

use base::Digest;
use serde::{Deserialize, Serialize};
use tally::Profile;

use super::rsa::PublicKey;
use super::voter::Post;
use super::walk::Walk;
use crate::closing::{Closing, Standing, count, profile};
use crate::electors::Electors;
use crate::{BoxError, Exception, Poll, canonical_text, canonical_voter, electorate};

/// The form of a board that this version writes.
const FORM: &str = "commonhold-board/1";

/// The first line of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// `commonhold-board/1`.
    pub form: String,
    /// Those who were admitted after the opening, sorted by voter.
    pub granted: Vec<Exception>,
    /// The poll.
    pub poll: Poll,
    /// The key that signed the tokens.
    pub registrar: PublicKey,
    /// Those who took a token, sorted.
    pub takers: Vec<String>,
    /// Those who could at the opening, sorted.
    pub voters: Vec<String>,
}

impl Header {
    pub(crate) fn new(
        poll: Poll,
        registrar: PublicKey,
        takers: Vec<String>,
        electors: Electors,
    ) -> Self {
        Self {
            form: FORM.to_owned(),
            granted: electors.granted,
            poll,
            registrar,
            takers,
            voters: electors.voters,
        }
    }

    /// As a line of the board, without its end.
    pub fn line(&self) -> String {
        canonical_text(self)
    }

    /// The digest of the last entry, and who could vote and took a token, as one digest.
    pub(crate) fn head(&self, last: &Digest) -> Digest {
        let head = serde_json::json!({
            "board": last,
            "granted": self.granted,
            "takers": Digest::of(canonical_text(&self.takers).as_bytes()),
            "voters": Digest::of(canonical_text(&self.voters).as_bytes()),
        });
        Digest::of(canonical_text(&head).as_bytes())
    }
}

/// What the first entry follows: the poll and its key.
pub(crate) fn genesis(poll: &Poll, registrar: &PublicKey) -> Digest {
    let text = serde_json::json!({ "form": FORM, "poll": poll, "registrar": registrar });
    Digest::of(canonical_text(&text).as_bytes())
}

/// A ballot on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The digest of the rest of this entry.
    pub digest: Digest,
    /// The ballot.
    pub post: Post,
    /// The digest of the entry before.
    pub prev: Digest,
    /// Its place on the board, from 1.
    pub seq: u64,
}

impl Entry {
    /// The entry that follows another.
    pub(crate) fn after(prev: Digest, seq: u64, post: Post) -> Self {
        let digest = Self::digest_of(&prev, seq, &post);
        Self {
            digest,
            post,
            prev,
            seq,
        }
    }

    pub(crate) fn digest_of(prev: &Digest, seq: u64, post: &Post) -> Digest {
        #[derive(Serialize)]
        struct Content<'a> {
            post: &'a Post,
            prev: &'a Digest,
            seq: u64,
        }
        Digest::of(canonical_text(&Content { post, prev, seq }).as_bytes())
    }

    /// As a line of the board, without its end.
    pub fn line(&self) -> String {
        canonical_text(self)
    }
}

/// Something that is wrong with a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The number of the entry; `None` is about the board as a whole.
    pub entry: Option<u64>,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// What was published elsewhere, to hold a board against. Without the closing, a board that
/// was written anew from some entry on, or cut at its end, looks whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// The record of the closed poll.
    pub closing: Option<&'a Closing>,
    /// The receipts that could be seen while the poll was open, in their order; or any of
    /// them, as a voter keeps their own. They name the very ballot that is missing.
    pub receipts: &'a [Digest],
}

/// A board that was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBoard {
    /// Its first line.
    pub header: Header,
    /// The record that closing the poll gave, or must have given.
    pub closing: Closing,
    /// The receipt of each entry, in their order.
    pub receipts: Vec<Digest>,
    /// The ballots that count.
    pub profile: Profile,
    /// Tokens that were taken and with which nothing was posted: takers less tokens on the
    /// board. So many ballots more could the registrar have made up without being found, and
    /// did not. How many of those that stand here it made up, no board tells: at most those
    /// that no voter knows as their own by its receipt.
    pub unused_tokens: u64,
}

/// Checks a board, as it is exported, with nothing but itself and what was published.
///
/// # Errors
/// All that is wrong with it, in the order of the board.
pub fn verify_board(lines: &str, against: Against<'_>) -> Result<VerifiedBoard, Vec<Fault>> {
    let mut lines = lines.lines();
    let header = header(lines.next().unwrap_or_default()).map_err(|what| {
        vec![Fault {
            entry: None,
            what: format!("the first line is not that of a board: {what}"),
        }]
    })?;
    let entries: Vec<_> = lines.map(entry).collect();
    let mut walk = Walk::new(&header);
    walk.follow(&entries);
    let standing = Standing {
        voters: count(header.voters.len() + header.granted.len()),
        electorate: electorate(&header.voters),
        admitted: count(header.granted.len()),
        takers: Some(count(header.takers.len())),
        entries: Some(count(entries.len())),
        ballots: walk.ballots(),
        head: header.head(&walk.last()),
    };
    let closing = standing.closing(&header.poll);
    let unused_tokens = walk.unused_tokens();
    let (mut faults, receipts) = walk.end(&closing, &against);
    let profile = match profile(&header.poll, &standing.ballots) {
        Ok(profile) => profile,
        Err(error) => {
            faults.push(Fault {
                entry: None,
                what: error.to_string(),
            });
            Profile::default()
        }
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(VerifiedBoard {
        header,
        closing,
        receipts,
        profile,
        unused_tokens,
    })
}

fn header(line: &str) -> Result<Header, String> {
    let header: Header = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if header.form != FORM {
        return Err(format!("its form is not {FORM}"));
    }
    if header.line() != line {
        return Err("it is not in canonical form".to_owned());
    }
    header
        .poll
        .check()
        .map_err(|error: BoxError| error.to_string())?;
    check_lists(&header)?;
    Ok(header)
}

fn check_lists(header: &Header) -> Result<(), String> {
    let granted: Vec<String> = header
        .granted
        .iter()
        .map(|exception| exception.voter.clone())
        .collect();
    let lists = [
        (&header.takers, "takers"),
        (&header.voters, "voters"),
        (&granted, "voters admitted later"),
    ];
    for (list, name) in lists {
        if let Some(at) = list.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(format!(
                "its {name} are not sorted, or one stands twice: {}",
                base::visible(&list[at])
            ));
        }
        if let Some(id) = list.iter().find(|id| canonical_voter(id) != **id) {
            let id = base::visible(id);
            return Err(format!(
                "its {name} are not spelled as a box spells them: {id}"
            ));
        }
    }
    let of_opening = |voter: &String| header.voters.binary_search(voter).is_ok();
    if let Some(voter) = granted.iter().find(|voter| of_opening(voter)) {
        return Err(format!(
            "{} was admitted, and was a voter already",
            base::visible(voter)
        ));
    }
    let is_voter = |taker: &String| of_opening(taker) || granted.binary_search(taker).is_ok();
    match header.takers.iter().find(|taker| !is_voter(taker)) {
        None => Ok(()),
        Some(taker) => Err(format!(
            "{} took a token and is no voter",
            base::visible(taker)
        )),
    }
}

fn entry(line: &str) -> Result<Entry, String> {
    let entry: Entry = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if entry.line() != line {
        return Err("it is not in canonical form".to_owned());
    }
    Ok(entry)
}
