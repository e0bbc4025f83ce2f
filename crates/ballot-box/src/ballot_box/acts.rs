//! Casting, replacing and taking back, where the box knows the voter.

use base::Digest;
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction};
use tally::Rank;

use super::{BallotBox, Effect, check_not_closed, check_voter, has, json};
use crate::store::Undone;
use crate::{BoxError, Poll, Privacy, Reason, ReceiptSecret, Refusal, canonical_voter};

impl BallotBox {
    /// Casts a voter's ballot in an open poll, or replaces it where the poll allows that:
    /// candidates with their ranks, 1 the best.
    pub fn cast<C: AsRef<str>>(
        &mut self,
        voter: &str,
        choices: &[(C, i64)],
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        let done = self.enroll(voter, |poll| poll.ranks(choices).map(Some), now);
        self.noted(now, done)
    }

    /// Takes a voter's ballot in an open poll back. They took part all the same.
    pub fn withdraw(&mut self, voter: &str, now: Timestamp) -> Result<Effect, BoxError> {
        let done = self.enroll(voter, |_| Ok(None), now);
        self.noted(now, done)
    }

    fn enroll(
        &mut self,
        voter: &str,
        ballot: impl FnOnce(&Poll) -> Result<Option<Vec<Rank>>, Refusal>,
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        self.check_mode(Privacy::Open)?;
        let (poll, voter) = (&self.poll, canonical_voter(voter));
        self.store.write(|transaction| {
            check_not_closed(transaction, poll)?;
            poll.check_window(now)?;
            check_voter(transaction, &voter)?;
            let ballot = ballot(poll)?.as_ref().map(json);
            let query = "SELECT ballot FROM roll WHERE voter = ?1";
            let before = transaction
                .query_row(query, [&voter], |row| Ok(Kept(row.get(0)?)))
                .optional()?;
            let effect = effect(poll, before.as_ref(), ballot.as_ref())?;
            if effect != Effect::Unchanged {
                transaction.execute(
                    "INSERT INTO roll (voter, ballot) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET ballot = excluded.ballot",
                    (&voter, ballot),
                )?;
            }
            Ok(effect)
        })
    }

    /// Casts a voter's ballot in a sealed poll. The secret is theirs: show it to them before
    /// this is called, and keep it nowhere.
    ///
    /// The same voter with the same secret replaces the ballot, where the poll allows that.
    pub fn cast_sealed<C: AsRef<str>>(
        &mut self,
        voter: &str,
        secret: &ReceiptSecret,
        choices: &[(C, i64)],
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        let done = self.seal(
            Some(voter),
            secret,
            |poll| poll.ranks(choices).map(Some),
            now,
        );
        self.noted(now, done)
    }

    /// Replaces a ballot in a sealed poll. Who does it is not asked: the secret is enough.
    pub fn replace_sealed<C: AsRef<str>>(
        &mut self,
        secret: &ReceiptSecret,
        choices: &[(C, i64)],
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        let done = self.seal(None, secret, |poll| poll.ranks(choices).map(Some), now);
        self.noted(now, done)
    }

    /// Takes a ballot in a sealed poll back; it can be replaced until the close. Its voter
    /// took part all the same: the box does not know who that is.
    pub fn withdraw_sealed(
        &mut self,
        secret: &ReceiptSecret,
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        let done = self.seal(None, secret, |_| Ok(None), now);
        self.noted(now, done)
    }

    fn seal(
        &mut self,
        voter: Option<&str>,
        secret: &ReceiptSecret,
        ballot: impl FnOnce(&Poll) -> Result<Option<Vec<Rank>>, Refusal>,
        now: Timestamp,
    ) -> Result<Effect, BoxError> {
        self.check_mode(Privacy::Sealed)?;
        let (poll, lock) = (&self.poll, secret.lock(&self.poll));
        let voter = voter.map(canonical_voter);
        let effect = self.store.write(|transaction| {
            check_not_closed(transaction, poll)?;
            poll.check_window(now)?;
            if let Some(voter) = &voter {
                check_voter(transaction, voter)?;
            }
            let ballot = ballot(poll)?.as_ref().map(json);
            let before = sealed(transaction, &lock)?;
            check_secret(transaction, voter.as_deref(), before.is_some())?;
            let effect = effect(poll, before.as_ref(), ballot.as_ref())?;
            if let (Effect::Cast, Some(voter)) = (effect, &voter) {
                transaction.execute("INSERT INTO turnout (voter) VALUES (?1)", [voter])?;
            }
            if effect != Effect::Unchanged {
                transaction.execute(
                    "INSERT INTO sealed (lock, ballot) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET ballot = excluded.ballot",
                    (lock.as_bytes(), ballot),
                )?;
            }
            Ok(effect)
        })?;
        self.forget_order()?;
        Ok(effect)
    }

    pub(super) fn check_mode(&self, mode: Privacy) -> Result<(), Refusal> {
        if self.poll.privacy == mode {
            return Ok(());
        }
        let what = match self.poll.privacy {
            Privacy::Open => "this poll is a roll call: cast the ballot by name",
            Privacy::Sealed => "this poll is sealed: cast the ballot with a receipt secret",
            Privacy::Blind => "this poll is blind: take a token and post the ballot with it",
        };
        Err(Refusal::new(Reason::Mode, what))
    }
}

/// What is kept of a voter who took part: a ballot, or that it was taken back.
struct Kept(Option<String>);

fn sealed(transaction: &Transaction<'_>, lock: &Digest) -> Result<Option<Kept>, Undone> {
    let query = "SELECT ballot FROM sealed WHERE lock = ?1";
    let row = transaction.query_row(query, [lock.as_bytes()], |row| Ok(Kept(row.get(0)?)));
    Ok(row.optional()?)
}

/// Whether the secret may do this: a new ballot needs a voter who has none and a new secret,
/// any other act a secret that is known.
fn check_secret(
    transaction: &Transaction<'_>,
    voter: Option<&str>,
    known: bool,
) -> Result<(), Undone> {
    let Some(voter) = voter else {
        if known {
            return Ok(());
        }
        let what = "there is no ballot with this receipt secret: cast one first";
        return Err(Refusal::new(Reason::Token, what).into());
    };
    let voted = has(
        transaction,
        "SELECT 1 FROM turnout WHERE voter = ?1",
        [voter],
    )?;
    match (voted, known) {
        (false, false) | (true, true) => Ok(()),
        (true, false) => {
            let what = "you have voted: change your ballot with the receipt secret you were shown then; nobody else knows which ballot is yours";
            Err(Refusal::new(Reason::Duplicate, what).into())
        }
        (false, true) => {
            let what = "this receipt secret is that of another ballot: take a new one";
            Err(Refusal::new(Reason::Token, what).into())
        }
    }
}

/// What writing a ballot over what was there does.
fn effect(poll: &Poll, before: Option<&Kept>, ballot: Option<&String>) -> Result<Effect, Refusal> {
    match (before, ballot) {
        (None, Some(_)) => Ok(Effect::Cast),
        (None, None) => {
            let what = "there is no ballot to take back";
            Err(Refusal::new(Reason::NoBallot, what))
        }
        (Some(Kept(before)), ballot) if before.as_ref() == ballot => Ok(Effect::Unchanged),
        _ if !poll.revote => Err(already_voted()),
        (Some(_), Some(_)) => Ok(Effect::Replaced),
        (Some(_), None) => Ok(Effect::Withdrawn),
    }
}

pub(super) fn already_voted() -> Refusal {
    let what = "a ballot was cast already, and this poll lets nobody change it";
    Refusal::new(Reason::Duplicate, what)
}
