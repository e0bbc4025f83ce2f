//! Blind polls: tokens given, ballots posted, the board shown.

use std::collections::BTreeMap;

use base::Digest;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::acts::already_voted;
use super::admit::electors;
use super::{BallotBox, check_not_closed, check_voter, closed, names, of_json};
use crate::blind::{
    Against, BlindAnswer, BlindError, BlindRequest, Entry, Header, Post, PublicKey, SecretKey,
    genesis, verify_board,
};
use crate::closing::{Standing, count};
use crate::electors::Electors;
use crate::store::Undone;
use crate::{BoxError, Closing, Poll, Privacy, Reason, Refusal, canonical_voter};

const TAKERS: &str = "SELECT voter FROM takers ORDER BY voter";

impl BallotBox {
    /// Gives a voter their one token, signed unseen; the same request again gets the same
    /// answer. Tokens are given from the moment the box is made, and voters do well to take
    /// theirs before the poll opens: whoever takes one and posts at once shows which it is.
    pub fn issue_token(
        &mut self,
        voter: &str,
        request: &BlindRequest,
        registrar: &SecretKey,
        now: Timestamp,
    ) -> Result<BlindAnswer, BoxError> {
        let done = self.issue(voter, request, registrar, now);
        self.noted(now, done)
    }

    fn issue(
        &mut self,
        voter: &str,
        request: &BlindRequest,
        registrar: &SecretKey,
        now: Timestamp,
    ) -> Result<BlindAnswer, BoxError> {
        self.check_mode(Privacy::Blind)?;
        if self.registrar.as_ref() != Some(registrar.public()) {
            return Err(BlindError::Key("it is the key of another poll").into());
        }
        let (poll, voter) = (&self.poll, canonical_voter(voter));
        let asked = Digest::of(&request.blinded);
        let signature = self.store.write(|transaction| {
            check_not_closed(transaction, poll)?;
            poll.check_before_close(now)?;
            check_voter(transaction, &voter)?;
            let query = "SELECT request FROM takers WHERE voter = ?1";
            let before: Option<[u8; 32]> = transaction
                .query_row(query, [&voter], |row| row.get(0))
                .optional()?;
            if before.is_some_and(|before| before != *asked.as_bytes()) {
                let what = "you have taken your token: unblind the answer you got, or send the same request again";
                return Err(Refusal::new(Reason::Duplicate, what).into());
            }
            let signature = registrar.sign(&request.blinded)?;
            if before.is_none() {
                let insert = "INSERT INTO takers (voter, request) VALUES (?1, ?2)";
                transaction.execute(insert, (&voter, asked.as_bytes()))?;
            }
            Ok(signature)
        })?;
        self.forget_order()?;
        Ok(BlindAnswer { signature })
    }

    /// Puts a ballot on the board and gives its receipt; the same again gives the same. Who
    /// posts it is not asked. Each sound token is taken, also when there come to be more than
    /// voters took: [`verify_board`] shows that to everybody, and a voter who is turned away
    /// would show it to nobody.
    pub fn post(&mut self, post: &Post, now: Timestamp) -> Result<Digest, BoxError> {
        let done = self.pin(post, now);
        self.noted(now, done)
    }

    fn pin(&mut self, post: &Post, now: Timestamp) -> Result<Digest, BoxError> {
        self.check_mode(Privacy::Blind)?;
        let (poll, registrar) = (&self.poll, self.registrar.as_ref().ok_or_else(no_key)?);
        // What needs no look into the file is not done while others wait for it.
        poll.check_window(now)?;
        post.check(poll, registrar)?;
        self.store.write(|transaction| {
            check_not_closed(transaction, poll)?;
            if let Some(receipt) = standing_for(transaction, poll, post)? {
                return Ok(receipt);
            }
            let query = "SELECT seq, entry FROM board ORDER BY seq DESC LIMIT 1";
            let last: Option<(i64, String)> = transaction
                .query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let (seq, prev) = match last {
                None => (1, genesis(poll, registrar)),
                Some((seq, entry)) => (seq + 1, of_json::<Entry>(&entry)?.digest),
            };
            let entry = Entry::after(prev, seq.unsigned_abs(), post.clone());
            let insert = "INSERT INTO board (seq, token, entry) VALUES (?1, ?2, ?3)";
            transaction.execute(insert, (seq, post.token.key, entry.line()))?;
            Ok(post.receipt())
        })
    }

    /// The receipts of all ballots posted, in their order; everybody may see them while the
    /// poll is open, and keep them to hold the board against. They tell nothing of a ballot.
    pub fn receipts(&self) -> Result<Vec<Digest>, BoxError> {
        self.check_mode(Privacy::Blind)?;
        let entries = self.store.read(entries)?;
        Ok(entries.iter().map(|entry| entry.post.receipt()).collect())
    }

    /// The board, as lines for everybody: see [`verify_board`].
    ///
    /// # Errors
    /// `E_EARLY`: the poll is not closed.
    pub fn board(&self) -> Result<String, BoxError> {
        self.check_mode(Privacy::Blind)?;
        self.store.read(|connection| {
            closed(connection)?;
            self.lines(connection)
        })
    }

    fn lines(&self, connection: &Connection) -> Result<String, Undone> {
        let registrar = self.registrar.clone().ok_or_else(no_key)?;
        let (takers, electors) = (names(connection, TAKERS)?, electors(connection)?);
        let header = Header::new(self.poll.clone(), registrar, takers, electors);
        let mut lines = header.line() + "\n";
        for line in names(connection, "SELECT entry FROM board ORDER BY seq")? {
            lines += &line;
            lines.push('\n');
        }
        Ok(lines)
    }

    pub(super) fn verify_board(&self, closing: Option<&Closing>) -> Result<(), BoxError> {
        let lines = self.store.read(|connection| self.lines(connection))?;
        let against = Against {
            closing,
            receipts: &[],
        };
        verify_board(&lines, against).map_err(BoxError::Board)?;
        Ok(())
    }
}

/// The receipt of the ballot that already says the same; `None` where the post comes to
/// stand on the board.
fn standing_for(
    transaction: &Transaction<'_>,
    poll: &Poll,
    post: &Post,
) -> Result<Option<Digest>, Undone> {
    let query = "SELECT entry FROM board WHERE token = ?1 ORDER BY seq DESC LIMIT 1";
    let last: Option<String> = transaction
        .query_row(query, [post.token.key], |row| row.get(0))
        .optional()?;
    let Some(last) = last else {
        if post.ballot.is_some() {
            return Ok(None);
        }
        let what = "there is no ballot to take back";
        return Err(Refusal::new(Reason::NoBallot, what).into());
    };
    let last = of_json::<Entry>(&last)?.post;
    if last == *post || (!poll.revote && last.ballot == post.ballot) {
        return Ok(Some(last.receipt()));
    }
    if !poll.revote {
        return Err(already_voted().into());
    }
    if post.turn > last.turn {
        return Ok(None);
    }
    let what = format!(
        "this ballot is number {} of its token, and number {} is posted already",
        post.turn, last.turn
    );
    Err(Refusal::new(Reason::Duplicate, what).into())
}

fn entries(connection: &Connection) -> Result<Vec<Entry>, Undone> {
    let lines = names(connection, "SELECT entry FROM board ORDER BY seq")?;
    lines.iter().map(|line| of_json(line)).collect()
}

/// The last ballot of each token, and where the board ends.
pub(super) fn stand(
    connection: &Connection,
    poll: &Poll,
    registrar: Option<&PublicKey>,
    electors: Electors,
    standing: &mut Standing,
) -> Result<(), Undone> {
    let registrar = registrar.ok_or_else(no_key)?;
    let takers = names(connection, TAKERS)?;
    let entries = entries(connection)?;
    standing.takers = Some(count(takers.len()));
    standing.entries = Some(count(entries.len()));
    let last = entries.last().map(|entry| entry.digest);
    let last = last.unwrap_or_else(|| genesis(poll, registrar));
    standing.head = Header::new(poll.clone(), registrar.clone(), takers, electors).head(&last);
    let by_token: BTreeMap<_, _> = entries
        .into_iter()
        .map(|entry| (entry.post.token.key, entry.post.ballot))
        .collect();
    standing.ballots = by_token.into_values().collect();
    Ok(())
}

fn no_key() -> BoxError {
    BoxError::Damaged {
        what: "the key of the registrar is missing".to_owned(),
    }
}
