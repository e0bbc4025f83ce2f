//! Those who can vote: of the opening, and admitted since.

use base::Digest;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{BallotBox, check_not_closed, has, names};
use crate::electors::Electors;
use crate::store::Undone;
use crate::{Admission, BoxError, Exception, Reason, Refusal, canonical_voter};

/// The longest name of a decision, in characters.
const DECISION_MAX: usize = 500;

impl BallotBox {
    /// Lets somebody vote who was no voter when the poll was opened, by a decision that
    /// anybody can look up: its number, or its address. Again is `Already`, and changes
    /// nothing. The poll's record counts those admitted; what they vote is kept as that of
    /// any other voter, and nothing tells when they came.
    ///
    /// # Errors
    /// `E_LATE`: the poll is over. `E_NOT_ELIGIBLE`: there is no decision, or no voter.
    pub fn admit(
        &mut self,
        voter: &str,
        decision: &str,
        now: Timestamp,
    ) -> Result<Admission, BoxError> {
        let done = self.let_in(voter, decision, now);
        self.noted(now, done)
    }

    fn let_in(
        &mut self,
        voter: &str,
        decision: &str,
        now: Timestamp,
    ) -> Result<Admission, BoxError> {
        let (poll, voter, decision) = (&self.poll, canonical_voter(voter), decision.trim());
        check_exception(&voter, decision)?;
        let done = self.store.write(|transaction| {
            check_not_closed(transaction, poll)?;
            poll.check_before_close(now)?;
            let known = "SELECT 1 FROM voters WHERE voter = ?1";
            if has(transaction, known, [&voter])? {
                return Ok(Admission::Already);
            }
            transaction.execute("INSERT INTO voters (voter) VALUES (?1)", [&voter])?;
            let insert = "INSERT INTO granted (voter, decision) VALUES (?1, ?2)";
            transaction.execute(insert, (&voter, decision))?;
            Ok(Admission::Admitted)
        })?;
        self.forget_order()?;
        Ok(done)
    }

    /// Those who can vote, sorted: of the opening, and admitted since.
    pub fn voters(&self) -> Result<Vec<String>, BoxError> {
        self.names("SELECT voter FROM voters ORDER BY voter")
    }

    /// Those who were admitted after the opening, sorted by voter.
    pub fn exceptions(&self) -> Result<Vec<Exception>, BoxError> {
        self.store
            .read(|connection| Ok(electors(connection)?.granted))
    }

    /// The digest of those who could vote at the [opening](crate::electorate). Publish it
    /// with them when the poll is opened: the record of the close has it again, so that
    /// nobody can later say that others could vote.
    pub fn electorate(&self) -> Result<Digest, BoxError> {
        let query = "SELECT electorate FROM box";
        let text: String = self
            .store
            .read(|connection| Ok(connection.query_row(query, [], |row| row.get(0))?))?;
        text.parse().map_err(|_| BoxError::Damaged {
            what: "the digest of its voters cannot be read".to_owned(),
        })
    }
}

fn check_exception(voter: &str, decision: &str) -> Result<(), Refusal> {
    let wrong = |what: &str| Err(Refusal::new(Reason::NotEligible, what));
    if voter.is_empty() {
        return wrong("nobody is named who is to be admitted");
    }
    if decision.is_empty() || decision.chars().any(char::is_control) {
        return wrong("name the decision that admits this voter, on one line");
    }
    if decision.chars().count() > DECISION_MAX {
        return wrong("the decision is to be named, not told: its number or its address is enough");
    }
    Ok(())
}

/// All who can vote.
pub(super) fn electors(connection: &Connection) -> Result<Electors, Undone> {
    let of_opening = "SELECT voter FROM voters
         WHERE voter NOT IN (SELECT voter FROM granted) ORDER BY voter";
    let voters = names(connection, of_opening)?;
    let mut query = connection.prepare("SELECT decision, voter FROM granted ORDER BY voter")?;
    let rows = query.query_map([], |row| {
        let (decision, voter) = (row.get(0)?, row.get(1)?);
        Ok(Exception { decision, voter })
    })?;
    let granted = rows.collect::<Result<_, _>>()?;
    Ok(Electors { voters, granted })
}
