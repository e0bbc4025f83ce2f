//! The box of one poll: what it takes, refuses and shows.

mod acts;
mod admit;
mod board;

use std::collections::BTreeMap;
use std::path::Path;

use base::Digest;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use tally::{Profile, Rank};

use crate::blind::PublicKey;
use crate::closing::{Standing, count, profile};
use crate::electors::Electors;
use crate::store::{Store, Undone};
use crate::{
    BoxError, Closing, Poll, Privacy, Published, Reason, Refusal, RollEntry, canonical_voter,
    electorate,
};

/// What an act did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The voter's first ballot is kept.
    Cast,
    /// It takes the place of their earlier one.
    Replaced,
    /// Their ballot was taken back; it does not count, they took part all the same.
    Withdrawn,
    /// It was so already: the same act came twice.
    Unchanged,
}

/// The ballot box of one poll. Open it once a thread; the file puts their acts in order.
pub struct BallotBox {
    store: Store,
    poll: Poll,
    registrar: Option<PublicKey>,
}

impl BallotBox {
    /// Makes the box of a poll; the same again opens the one that is there. The registrar's
    /// key is that of a blind poll, and of no other.
    ///
    /// Voters are ids that stay: whatever names a person for good, and never what they can
    /// change or another can take, such as `person/ada` or the number of an account. They are
    /// compared by their [`canonical_voter`] spelling, and two that differ in nothing else
    /// are refused.
    pub fn create<V: AsRef<str>>(
        path: &Path,
        poll: &Poll,
        voters: impl IntoIterator<Item = V>,
        registrar: Option<&PublicKey>,
    ) -> Result<Self, BoxError> {
        poll.check()?;
        if registrar.is_some() != (poll.privacy == Privacy::Blind) {
            let what = "a blind poll has the key of a registrar, and no other poll has one";
            let what = what.to_owned();
            return Err(BoxError::Poll { what });
        }
        let list = voter_list(voters)?;
        let store = Store::create(path, |transaction| {
            let (poll, key) = (json(poll), registrar.map(json));
            let insert =
                "INSERT INTO box (one, poll, registrar, electorate) VALUES (1, ?1, ?2, ?3)";
            transaction.execute(insert, (poll, key, electorate(&list).to_string()))?;
            let mut insert = transaction.prepare("INSERT INTO voters (voter) VALUES (?1)")?;
            for voter in &list {
                insert.execute([voter])?;
            }
            Ok(())
        })?;
        let found = Self::of_store(store)?;
        let other = |what| {
            let at = found.store.shown();
            Err(BoxError::OtherPoll { at, what })
        };
        if found.poll != *poll {
            return other("its definition is another");
        }
        if found.registrar.as_ref() != registrar {
            return other("its registrar has another key");
        }
        let electors = found.store.read(admit::electors)?;
        if electors.voters != list && electors.all() != list {
            return other("its voters are others; admit those who may vote by a later decision");
        }
        Ok(found)
    }

    /// Opens the box that is there.
    pub fn open(path: &Path) -> Result<Self, BoxError> {
        Self::of_store(Store::open(path)?)
    }

    /// Opens the box that is there to look at it: no act is taken, and nothing is written.
    pub fn open_read_only(path: &Path) -> Result<Self, BoxError> {
        Self::read_poll(Store::open_read_only(path)?)
    }

    fn of_store(store: Store) -> Result<Self, BoxError> {
        let found = Self::read_poll(store)?;
        // A crash may have come between an act and the forgetting of when it was.
        found.forget_order()?;
        Ok(found)
    }

    fn read_poll(store: Store) -> Result<Self, BoxError> {
        let (poll, registrar) = store.read(|connection| {
            let query = "SELECT poll, registrar FROM box";
            let row: (String, Option<String>) =
                connection.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((of_json(&row.0)?, row.1.as_deref().map(of_json).transpose()?))
        })?;
        Ok(Self {
            store,
            poll,
            registrar,
        })
    }

    /// The poll.
    pub fn poll(&self) -> &Poll {
        &self.poll
    }

    /// The key that signs the tokens of a blind poll.
    pub fn registrar(&self) -> Option<&PublicKey> {
        self.registrar.as_ref()
    }

    /// Those who voted, or took a token in a blind poll, sorted: to remind the others.
    pub fn turnout(&self) -> Result<Vec<String>, BoxError> {
        self.names(match self.poll.privacy {
            Privacy::Open => "SELECT voter FROM roll ORDER BY voter",
            Privacy::Sealed => "SELECT voter FROM turnout ORDER BY voter",
            Privacy::Blind => "SELECT voter FROM takers ORDER BY voter",
        })
    }

    /// How often each reason refused an act, by day of UTC. Nothing else is kept of them.
    pub fn refusals(&self) -> Result<BTreeMap<(String, String), u64>, BoxError> {
        self.store.read(|connection| {
            let mut query = connection.prepare("SELECT day, code, times FROM refusals")?;
            let rows = query.query_map([], |row| {
                let times: i64 = row.get(2)?;
                Ok(((row.get(0)?, row.get(1)?), times.unsigned_abs()))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Closes the poll, as of its time; again gives the same record.
    ///
    /// # Errors
    /// `E_EARLY`: it is not over yet.
    pub fn close(&mut self, now: Timestamp) -> Result<Closing, BoxError> {
        let poll = &self.poll;
        if now < poll.closes_at {
            let what = format!("the poll closes at {}; it is {now}", poll.closes_at);
            return Err(Refusal::new(Reason::Early, what).into());
        }
        let registrar = self.registrar.as_ref();
        let closing = self.store.write(|transaction| {
            if let Some(closing) = closing(transaction)? {
                return Ok(closing);
            }
            let closing = standing(transaction, poll, registrar)?.closing(poll);
            transaction.execute("UPDATE box SET closing = ?1", [json(&closing)])?;
            Ok(closing)
        })?;
        self.store.forget_order()?;
        Ok(closing)
    }

    /// The record of the closed poll, if it is closed.
    pub fn closing(&self) -> Result<Option<Closing>, BoxError> {
        self.store.read(closing)
    }

    /// The ballots that count, for the tally; their order says nothing about when they came.
    ///
    /// # Errors
    /// `E_EARLY`: the poll is not closed.
    pub fn profile(&self) -> Result<Profile, BoxError> {
        let standing = self.store.read(|connection| {
            closed(connection)?;
            standing(connection, &self.poll, self.registrar.as_ref())
        })?;
        profile(&self.poll, &standing.ballots)
    }

    /// What the poll publishes, when it is closed.
    ///
    /// # Errors
    /// `E_EARLY`: the poll is not closed.
    pub fn publish(&self) -> Result<Published, BoxError> {
        let open = self.poll.privacy == Privacy::Open;
        let (closing, roll) = self.store.read(|connection| {
            let roll = || roll(connection);
            Ok((closed(connection)?, open.then(roll).transpose()?))
        })?;
        Ok(Published::new(&self.poll, closing, roll, &self.profile()?))
    }

    /// Checks the file, every ballot in it and, when the poll is closed, that they are those
    /// that it was closed with.
    ///
    /// # Errors
    /// [`BoxError::Damaged`] or [`BoxError::Board`].
    pub fn verify(&self) -> Result<(), BoxError> {
        self.store.integrity()?;
        self.poll.check()?;
        let (standing, closing) = self.store.read(|connection| {
            let standing = standing(connection, &self.poll, self.registrar.as_ref())?;
            Ok((standing, closing(connection)?))
        })?;
        let damaged = |what: String| Err(BoxError::Damaged { what });
        if self.electorate()? != standing.electorate {
            return damaged("its voters are not those that it was opened with".to_owned());
        }
        for ballot in standing.ballots.iter().flatten() {
            if let Err(refusal) = self.poll.check_ranks(ballot) {
                return damaged(format!("a ballot in it is none: {refusal}"));
            }
        }
        let took_part = count(self.turnout()?.len());
        let ballots = count(standing.ballots.len());
        if self.poll.privacy == Privacy::Sealed && took_part != ballots {
            return damaged(format!("{took_part} voted, but it holds {ballots} ballots"));
        }
        if self.poll.privacy == Privacy::Blind {
            self.verify_board(closing.as_ref())?;
        }
        match closing {
            Some(closing) if closing != standing.closing(&self.poll) => {
                damaged("it was changed after the poll was closed".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn names(&self, query: &str) -> Result<Vec<String>, BoxError> {
        self.store.read(|connection| names(connection, query))
    }

    /// Where the order of acts tells something, it is not kept.
    fn forget_order(&self) -> Result<(), BoxError> {
        if self.poll.privacy == Privacy::Open {
            return Ok(());
        }
        match self.store.forget_order() {
            // Whoever holds the file is voting, and will do it.
            Err(BoxError::Busy { .. }) => Ok(()),
            done => done,
        }
    }

    /// Notes a refusal, and hands it on. That it could not be noted is not worth another error.
    fn noted<T>(&mut self, now: Timestamp, done: Result<T, BoxError>) -> Result<T, BoxError> {
        if let Err(BoxError::Refused(refusal)) = &done {
            let day = now.strftime("%Y-%m-%d").to_string();
            let _ = self.store.write(|transaction| {
                transaction.execute(
                    "INSERT INTO refusals (day, code, times) VALUES (?1, ?2, 1)
                     ON CONFLICT DO UPDATE SET times = times + 1",
                    (day, refusal.reason.code()),
                )?;
                Ok(())
            });
        }
        done
    }
}

/// The voters of an opening, sorted.
fn voter_list<V: AsRef<str>>(voters: impl IntoIterator<Item = V>) -> Result<Vec<String>, BoxError> {
    let wrong = |what: String| Err(BoxError::Poll { what });
    let mut spelled = BTreeMap::new();
    for voter in voters {
        let voter = voter.as_ref().trim();
        let before = spelled.insert(canonical_voter(voter), voter.to_owned());
        if let Some(before) = before.filter(|before| before != voter) {
            let (one, other) = (base::visible(&before), base::visible(voter));
            return wrong(format!(
                "the voters {one} and {other} differ in case alone: if they are one, name them once"
            ));
        }
    }
    let list: Vec<String> = spelled.into_keys().collect();
    if list.first().is_none_or(String::is_empty) {
        return wrong("it has no voters, or one without an id".to_owned());
    }
    Ok(list)
}

/// All ballots as they stand.
fn standing(
    connection: &Connection,
    poll: &Poll,
    registrar: Option<&PublicKey>,
) -> Result<Standing, Undone> {
    let electors = admit::electors(connection)?;
    let mut standing = Standing {
        voters: count(electors.all().len()),
        electorate: electorate(&electors.voters),
        admitted: count(electors.granted.len()),
        takers: None,
        entries: None,
        ballots: Vec::new(),
        head: Digest::of(b""),
    };
    match poll.privacy {
        Privacy::Open => {
            let roll = roll(connection)?;
            standing.head = head(poll, &electors, "roll", &roll);
            standing.ballots = roll.into_iter().map(|entry| entry.ballot).collect();
        }
        Privacy::Sealed => {
            let mut query =
                connection.prepare("SELECT hex(lock), ballot FROM sealed ORDER BY lock")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let rows: Vec<(String, Option<String>)> = rows.collect::<Result<_, _>>()?;
            standing.head = head(poll, &electors, "sealed", &rows);
            for (_, ballot) in rows {
                standing.ballots.push(ranks_of(ballot.as_deref())?);
            }
        }
        Privacy::Blind => board::stand(connection, poll, registrar, electors, &mut standing)?,
    }
    Ok(standing)
}

/// The poll, who could vote and every ballot, as one digest.
fn head(poll: &Poll, electors: &Electors, name: &str, ballots: impl serde::Serialize) -> Digest {
    let text = serde_json::json!({
        "granted": electors.granted,
        "poll": poll.fingerprint(),
        "voters": electors.voters,
        name: ballots,
    });
    Digest::of(crate::canonical_text(&text).as_bytes())
}

fn roll(connection: &Connection) -> Result<Vec<RollEntry>, Undone> {
    let mut query = connection.prepare("SELECT voter, ballot FROM roll ORDER BY voter")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut roll = Vec::new();
    for row in rows {
        let (voter, ballot): (String, Option<String>) = row?;
        let ballot = ranks_of(ballot.as_deref())?;
        roll.push(RollEntry { voter, ballot });
    }
    Ok(roll)
}

fn ranks_of(text: Option<&str>) -> Result<Option<Vec<Rank>>, Undone> {
    text.map(of_json).transpose()
}

fn names(connection: &Connection, query: &str) -> Result<Vec<String>, Undone> {
    let mut query = connection.prepare(query)?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn closing(connection: &Connection) -> Result<Option<Closing>, Undone> {
    let text: Option<String> =
        connection.query_row("SELECT closing FROM box", [], |row| row.get(0))?;
    text.as_deref().map(of_json).transpose()
}

fn closed(connection: &Connection) -> Result<Closing, Undone> {
    closing(connection)?.ok_or_else(|| {
        let what = "the ballots are shown to nobody before the poll is closed";
        Refusal::new(Reason::Early, what).into()
    })
}

/// Closed for good: a clock that was set back opens nothing.
fn check_not_closed(transaction: &Transaction<'_>, poll: &Poll) -> Result<(), Undone> {
    if closing(transaction)?.is_none() {
        return Ok(());
    }
    let what = format!("the poll closed at {}", poll.closes_at);
    Err(Refusal::new(Reason::Late, what).into())
}

fn check_voter(transaction: &Transaction<'_>, voter: &str) -> Result<(), Undone> {
    if has(
        transaction,
        "SELECT 1 FROM voters WHERE voter = ?1",
        [voter],
    )? {
        return Ok(());
    }
    let shown: String = voter.chars().take(80).collect();
    let what = format!("\"{}\" is no voter of this poll", base::visible(&shown));
    Err(Refusal::new(Reason::NotEligible, what).into())
}

fn has(
    connection: &Connection,
    query: &str,
    values: impl rusqlite::Params,
) -> Result<bool, Undone> {
    let row = connection.query_row(query, values, |_| Ok(()));
    Ok(row.optional()?.is_some())
}

/// What we keep is always JSON.
fn json<T: serde::Serialize>(value: &T) -> String {
    crate::canonical_text(value)
}

fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Undone> {
    serde_json::from_str(text).map_err(|error| {
        let what = format!("something in it cannot be read: {error}");
        BoxError::Damaged { what }.into()
    })
}
