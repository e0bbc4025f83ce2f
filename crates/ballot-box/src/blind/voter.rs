//! What the voter's own program does in a blind poll.

use std::fmt;

use base::Digest;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use tally::Rank;

use super::rsa::{BlindError, NONCE, PublicKey, fill};
use crate::{Poll, Reason, Refusal, octets};

const TOKEN_PURPOSE: &[u8] = b"commonhold ballot token/1\0";

/// What the registrar sees of a token: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlindRequest {
    /// The blinded message.
    #[serde(with = "octets")]
    pub(crate) blinded: Vec<u8>,
}

/// What the registrar answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlindAnswer {
    /// The signature of the blinded message.
    #[serde(with = "octets")]
    pub(crate) signature: Vec<u8>,
}

/// The right to one ballot: a key that the registrar has signed unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The Ed25519 key that signs the ballots.
    #[serde(with = "octets")]
    pub(crate) key: [u8; 32],
    /// The random prefix of the signed message.
    #[serde(with = "octets")]
    pub(crate) nonce: [u8; NONCE],
    /// The registrar's signature.
    #[serde(with = "octets")]
    pub(crate) signature: Vec<u8>,
}

impl Token {
    /// Whether the registrar signed it, for this poll.
    pub fn stands(&self, poll: &Digest, registrar: &PublicKey) -> bool {
        registrar.verify(&self.nonce, &message(poll, &self.key), &self.signature)
    }
}

fn message(poll: &Digest, key: &[u8]) -> Vec<u8> {
    [TOKEN_PURPOSE, poll.as_bytes(), key].concat()
}

/// A ballot as it is posted: it proves itself, whoever carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// One rank a candidate, 0 for no opinion; `None` takes the earlier ballot back.
    pub(crate) ballot: Option<Vec<Rank>>,
    /// By the token's key.
    #[serde(with = "octets")]
    pub(crate) signature: Vec<u8>,
    pub(crate) token: Token,
    /// Counts the ballots of one token, from 1, so that nobody can post an older one again.
    pub(crate) turn: u32,
}

impl Post {
    /// What the voter keeps, to find the ballot on the board.
    pub fn receipt(&self) -> Digest {
        Digest::of(crate::canonical_text(self).as_bytes())
    }

    /// Whether it is a ballot of this poll, signed by the one who has the token.
    pub(crate) fn check(&self, poll: &Poll, registrar: &PublicKey) -> Result<(), Refusal> {
        let fingerprint = poll.fingerprint();
        if !self.token.stands(&fingerprint, registrar) {
            let what = "the registrar of this poll did not sign the token: it is of another poll, or was altered";
            return Err(Refusal::new(Reason::Token, what));
        }
        let text = signed_text(&fingerprint, self.ballot.as_deref(), self.turn);
        let key = UnparsedPublicKey::new(&ED25519, &self.token.key);
        if self.turn == 0 || key.verify(text.as_bytes(), &self.signature).is_err() {
            let what = "the ballot is not signed with the token's key, or was altered";
            return Err(Refusal::new(Reason::Signature, what));
        }
        match &self.ballot {
            Some(ranks) => poll.check_ranks(ranks),
            None => Ok(()),
        }
    }
}

fn signed_text(poll: &Digest, ballot: Option<&[Rank]>, turn: u32) -> String {
    #[derive(Serialize)]
    struct Signed<'a> {
        ballot: Option<&'a [Rank]>,
        form: &'static str,
        poll: &'a Digest,
        turn: u32,
    }
    crate::canonical_text(&Signed {
        ballot,
        form: "commonhold-ballot/1",
        poll,
        turn,
    })
}

/// What a voter keeps between asking for a token and getting it. Write it down before the
/// request is sent: the registrar answers no other one. It is secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingCredential {
    poll: Digest,
    registrar: PublicKey,
    #[serde(with = "octets")]
    seed: [u8; 32],
    #[serde(with = "octets")]
    nonce: [u8; NONCE],
    #[serde(with = "octets")]
    inverse: Vec<u8>,
    request: BlindRequest,
}

impl fmt::Debug for PendingCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingCredential(for {})", self.poll.short())
    }
}

impl PendingCredential {
    /// A new key pair and the request to sign it.
    pub fn new(poll: &Poll, registrar: &PublicKey) -> Result<Self, BlindError> {
        let poll = poll.fingerprint();
        let (mut seed, mut nonce) = ([0; 32], [0; NONCE]);
        fill(&mut seed)?;
        fill(&mut nonce)?;
        let public = key_pair(&seed)?.public_key().as_ref().to_vec();
        let blinded = registrar.blind(&nonce, &message(&poll, &public))?;
        Ok(Self {
            poll,
            registrar: registrar.clone(),
            seed,
            nonce,
            inverse: blinded.inverse,
            request: BlindRequest {
                blinded: blinded.message,
            },
        })
    }

    /// What the registrar is to be sent.
    pub fn request(&self) -> &BlindRequest {
        &self.request
    }

    /// The credential, from the registrar's answer.
    ///
    /// # Errors
    /// [`BlindError::Answer`]: the registrar did not sign what was asked.
    pub fn unblind(&self, answer: &BlindAnswer) -> Result<Credential, BlindError> {
        let public = key_pair(&self.seed)?.public_key().as_ref().to_vec();
        let signed = message(&self.poll, &public);
        let signature =
            self.registrar
                .finalize(&self.nonce, &signed, &answer.signature, &self.inverse)?;
        let key = public
            .try_into()
            .map_err(|_| BlindError::Failed("a public key of Ed25519 has 32 bytes"))?;
        Ok(Credential {
            poll: self.poll,
            seed: self.seed,
            token: Token {
                key,
                nonce: self.nonce,
                signature,
            },
            turn: 0,
        })
    }
}

/// The voter's right to one ballot in one poll. It is secret; who has it votes.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    poll: Digest,
    #[serde(with = "octets")]
    seed: [u8; 32],
    token: Token,
    /// How many ballots it has signed.
    turn: u32,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential(for {})", self.poll.short())
    }
}

impl Credential {
    /// A signed ballot: ranks from [`Poll::ranks`], or `None` to take the earlier one back.
    /// Keep the credential as it now is before the ballot is sent: the board takes no second
    /// ballot with the same number, and does not mind a number that never came.
    ///
    /// # Errors
    /// [`BlindError::Key`]: the credential is for another poll.
    pub fn post(&mut self, poll: &Poll, ballot: Option<Vec<Rank>>) -> Result<Post, BlindError> {
        if poll.fingerprint() != self.poll {
            return Err(BlindError::Key("the credential is for another poll"));
        }
        let turn = self.turn + 1;
        let text = signed_text(&self.poll, ballot.as_deref(), turn);
        let signature = key_pair(&self.seed)?
            .sign(text.as_bytes())
            .as_ref()
            .to_vec();
        self.turn = turn;
        Ok(Post {
            ballot,
            signature,
            token: self.token.clone(),
            turn,
        })
    }

    /// What the registrar signed.
    pub fn token(&self) -> &Token {
        &self.token
    }
}

fn key_pair(seed: &[u8; 32]) -> Result<Ed25519KeyPair, BlindError> {
    Ed25519KeyPair::from_seed_unchecked(seed)
        .map_err(|_| BlindError::Key("its seed is no key of Ed25519"))
}
