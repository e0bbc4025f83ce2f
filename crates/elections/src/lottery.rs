//! Chance that anybody can check, and chance that is only written down.
//!
//! Before the vote opens, each officer draws 32 random bytes, the nonce, keeps them secret
//! and publishes their SHA-256 digest, the commitment. After the close all tell their
//! nonces, and the order of the candidates is that of
//!
//! ```text
//! SHA-256(nonces, sorted, one after the other ‖ digest of the election ‖ name of the candidate)
//! ```
//!
//! the nonces and the digest as 32 bytes each, the name in UTF-8 (after RFC 3797, with
//! commitments in place of a public lottery). No officer can choose the order: each has
//! committed before the ballots were cast, and one honest nonce makes the whole random.
//!
//! What it does not prevent: the officer who tells last sees the order before all others,
//! and may keep the nonce back when it does not please. So a nonce that is missing is an
//! error that names its officer, and never left out in silence. A charter has two answers.
//! The officer is excluded: the nonce falls out, which is recorded with the reason, and the
//! order is that of the others; with one dishonest officer that is a choice between two
//! orders. Or a coin is thrown. To leave no choice at all, officers give their nonces to
//! each other sealed, or tell them at one moment in a meeting.

mod coin;

pub use coin::{CastingVote, Coin, CoinError};

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::str::FromStr;

use base::Digest;
use serde::{Serialize, Serializer};

/// What an officer keeps secret until the close: 32 random bytes, written as 64
/// hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nonce([u8; 32]);

impl Nonce {
    /// Of random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What is published before the vote opens.
    pub fn commitment(&self) -> Digest {
        Digest::of(&self.0)
    }
}

/// A text that is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not 64 lower-case hexadecimal digits")]
pub struct NotANonce;

impl FromStr for Nonce {
    type Err = NotANonce;

    fn from_str(text: &str) -> Result<Self, NotANonce> {
        let half = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(NotANonce),
        };
        if text.len() != 64 {
            return Err(NotANonce);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = half(pair[0])? << 4 | half(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Nonce {
    /// Does not show the bytes: they are secret until the close, and this is for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What came of the lottery, with all that it takes to do it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draw {
    /// The digest of the election.
    pub election: Digest,
    /// The nonces that went into it, by officer.
    pub nonces: BTreeMap<String, Nonce>,
    /// The officers whose nonces fell out, each with the reason.
    pub excluded: BTreeMap<String, String>,
    /// The candidates, the luckiest first.
    pub order: Vec<String>,
}

/// What goes into a lottery.
#[derive(Debug, Clone, Copy)]
pub struct Lottery<'a> {
    /// The digest of the election, as it was when the vote opened.
    pub election: &'a Digest,
    /// What each officer published before the vote opened.
    pub commitments: &'a BTreeMap<String, Digest>,
    /// What each officer told after the close.
    pub revealed: &'a BTreeMap<String, Nonce>,
    /// Officers whom the charter excludes since they did not tell what they committed to,
    /// each with the reason.
    pub excluded: &'a BTreeMap<String, String>,
    /// All candidates, or the tied ones: their order among themselves is the same.
    pub candidates: &'a [String],
}

/// What is wrong with a lottery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LotteryError {
    /// An officer has not told.
    #[error("{officer} has committed to a nonce and has not revealed it")]
    Missing {
        /// Who.
        officer: String,
    },
    /// An officer has told another nonce than committed to.
    #[error("{officer} has revealed a nonce that does not fit the commitment {commitment}")]
    False {
        /// Who.
        officer: String,
        /// What was published before.
        commitment: Digest,
    },
    /// Somebody told who had not committed.
    #[error("{officer} has revealed a nonce without a commitment to it, which cannot count")]
    Uncommitted {
        /// Who.
        officer: String,
    },
    /// Two officers committed to one nonce: one has copied the other.
    #[error("{officer} and {other} have published the same commitment; one of them has copied it")]
    Copied {
        /// Who.
        officer: String,
        /// And who.
        other: String,
    },
    /// An officer is to be excluded who told the truth; that would be a choice of the order.
    #[error("{officer} has revealed the nonce committed to and cannot be excluded")]
    Faithful {
        /// Who.
        officer: String,
    },
    /// Somebody is to be excluded who had not committed.
    #[error("{officer} is to be excluded, but has committed to nothing")]
    NoOfficer {
        /// Who.
        officer: String,
    },
    /// No nonce is left.
    #[error("no officer is left whose nonce counts; the tie needs a coin")]
    NoNonce,
    /// A candidate is there twice.
    #[error("{candidate} is twice among the candidates of the lottery")]
    CandidateTwice {
        /// Who.
        candidate: String,
    },
}

impl Lottery<'_> {
    /// Checks what was revealed and draws the order.
    ///
    /// # Errors
    /// All that is wrong, each naming the officer.
    pub fn draw(&self) -> Result<Draw, Vec<LotteryError>> {
        let mut errors = Vec::new();
        let mut nonces = BTreeMap::new();
        for (officer, commitment) in self.commitments {
            let excluded = self.excluded.contains_key(officer);
            match self.faithful(officer, commitment) {
                Ok(nonce) if !excluded => {
                    nonces.insert(officer.clone(), nonce.clone());
                }
                Ok(_) => {
                    let officer = officer.clone();
                    errors.push(LotteryError::Faithful { officer });
                }
                Err(error) if !excluded => errors.push(error),
                Err(_) => {}
            }
        }
        errors.extend(self.out_of_place());
        if errors.is_empty() && nonces.is_empty() {
            errors.push(LotteryError::NoNonce);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Draw {
            election: *self.election,
            order: order(nonces.values(), self.election, self.candidates),
            nonces,
            excluded: self.excluded.clone(),
        })
    }

    /// What an officer told, if it is what was committed to.
    fn faithful(&self, officer: &str, commitment: &Digest) -> Result<&Nonce, LotteryError> {
        match self.revealed.get(officer) {
            Some(nonce) if nonce.commitment() == *commitment => Ok(nonce),
            Some(_) => Err(LotteryError::False {
                officer: officer.to_owned(),
                commitment: *commitment,
            }),
            None => Err(LotteryError::Missing {
                officer: officer.to_owned(),
            }),
        }
    }

    /// Whoever is there twice, or without having committed.
    fn out_of_place(&self) -> Vec<LotteryError> {
        let mut errors = Vec::new();
        let mut first: BTreeMap<&Digest, &String> = BTreeMap::new();
        for (officer, commitment) in self.commitments {
            if let Some(other) = first.insert(commitment, officer) {
                let (officer, other) = (other.clone(), officer.clone());
                errors.push(LotteryError::Copied { officer, other });
            }
        }
        let stranger = |officer: &&String| !self.commitments.contains_key(*officer);
        let told = self.revealed.keys().filter(stranger).cloned();
        errors.extend(told.map(|officer| LotteryError::Uncommitted { officer }));
        let excluded = self.excluded.keys().filter(stranger).cloned();
        errors.extend(excluded.map(|officer| LotteryError::NoOfficer { officer }));
        let mut seen = HashSet::new();
        for candidate in self.candidates {
            if !seen.insert(candidate) {
                let candidate = candidate.clone();
                errors.push(LotteryError::CandidateTwice { candidate });
            }
        }
        errors
    }
}

/// The candidates by the digest of everything and their name.
fn order<'n>(
    nonces: impl Iterator<Item = &'n Nonce>,
    election: &Digest,
    candidates: &[String],
) -> Vec<String> {
    let mut nonces: Vec<&Nonce> = nonces.collect();
    nonces.sort_unstable();
    let mut seed: Vec<u8> = nonces.iter().flat_map(|nonce| nonce.0).collect();
    seed.extend(election.as_bytes());
    let mut order = candidates.to_vec();
    order.sort_by_cached_key(|candidate| {
        let mut text = seed.clone();
        text.extend(candidate.as_bytes());
        Digest::of(&text)
    });
    order
}
