//! Chance and choice that are only written down: a coin, a casting vote.

use yaml::record;

record! {
    /// A coin, or any other lot drawn by hand, as it is recorded.
    pub struct Coin {
        /// Who threw it: nobody who stood for election.
        pub by: String,
        /// Who watched: somebody else who did not stand either.
        pub witness: String,
        /// The tied candidates, the luckiest first.
        pub order: Vec<String>,
    }
}

record! {
    /// A casting vote, as it is recorded.
    pub struct CastingVote {
        /// Whose vote: nobody who stood for election.
        pub by: String,
        /// The tied candidates, the preferred first.
        pub order: Vec<String>,
        /// Why, for those who lose by it.
        pub reason: String,
    }
}

/// What is wrong with a coin or a casting vote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoinError {
    /// Somebody who stood decided.
    #[error("{who} is a candidate and can neither decide the tie nor witness it")]
    Involved {
        /// Who.
        who: String,
    },
    /// Nobody is named.
    #[error("`{role}` names nobody; write who it was")]
    Nobody {
        /// In which role.
        role: &'static str,
    },
    /// A casting vote without a reason.
    #[error("`reason` is empty; write why, for those who lose by it")]
    NoReason,
    /// One person did both.
    #[error("{who} threw the coin and witnessed it; name somebody else who saw it")]
    OwnWitness {
        /// Who.
        who: String,
    },
    /// The order is not one of the tied.
    #[error("the order has to name each of the tied once: {}", .tied.join(", "))]
    OtherOrder {
        /// The tied.
        tied: Vec<String>,
    },
}

impl Coin {
    /// The order of the tied, if it came about as it should.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn order(
        &self,
        tied: &[String],
        candidates: &[String],
    ) -> Result<&[String], Vec<CoinError>> {
        let people = [("by", &self.by), ("witness", &self.witness)];
        let mut errors = involved(&people, tied, candidates);
        if same(&self.by, &self.witness) && !self.by.trim().is_empty() {
            let who = self.by.clone();
            errors.push(CoinError::OwnWitness { who });
        }
        checked(&self.order, tied, errors)
    }
}

impl CastingVote {
    /// The order of the tied, if it came about as it should.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn order(
        &self,
        tied: &[String],
        candidates: &[String],
    ) -> Result<&[String], Vec<CoinError>> {
        let mut errors = involved(&[("by", &self.by)], tied, candidates);
        if self.reason.trim().is_empty() {
            errors.push(CoinError::NoReason);
        }
        checked(&self.order, tied, errors)
    }
}

/// Logins are the same in whatever case, with or without `@`.
fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim().trim_start_matches('@').to_lowercase();
    plain(one) == plain(other)
}

fn involved(
    people: &[(&'static str, &String)],
    tied: &[String],
    candidates: &[String],
) -> Vec<CoinError> {
    let mut errors = Vec::new();
    for (role, who) in people {
        if who.trim().is_empty() {
            errors.push(CoinError::Nobody { role });
        } else if tied.iter().chain(candidates).any(|one| same(one, who)) {
            let who = (*who).clone();
            errors.push(CoinError::Involved { who });
        }
    }
    errors
}

fn checked<'o>(
    order: &'o [String],
    tied: &[String],
    mut errors: Vec<CoinError>,
) -> Result<&'o [String], Vec<CoinError>> {
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    if sorted(order) != sorted(tied) {
        let tied = tied.to_vec();
        errors.push(CoinError::OtherOrder { tied });
    }
    if errors.is_empty() {
        Ok(order)
    } else {
        Err(errors)
    }
}
