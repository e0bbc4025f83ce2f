//! Polls in which nobody can learn who cast a ballot, and anybody can check the count.
//!
//! A voter makes a key pair for this one poll. The registrar knows the voter, and signs the
//! public key without seeing it: that is the voter's [`Token`]. The voter then posts the
//! ballot, signed with the key, from wherever they like; a [`Post`] proves itself, so that
//! anybody can carry it. The board chains the posts, and is published at the close with the
//! list of those who took a token.
//!
//! Anybody checks with [`verify_board`] that each token is the registrar's, each ballot is
//! signed by the one who has the token, nothing is missing, added or moved, and that there
//! are no more tokens than voters who took one. The voter checks that their receipt stands
//! on the board.
//!
//! What it does not do. It does not protect from somebody who looks over the voter's
//! shoulder or demands their key: the receipt proves how they voted. Times tell: who asks
//! for a token and posts a ballot a second later has told the registrar which one it is;
//! tokens are given before the poll opens so that nobody has to. A voter who votes again
//! leaves the earlier ballot on the board, where it counts no more and can be read. A
//! registrar who gives itself the tokens of voters who took none must name them in the public
//! list, where they can see it; a list shorter than the tokens on the board is found by all.

mod board;
mod rsa;
mod voter;
mod walk;

pub(crate) use board::genesis;
pub use board::{Against, Entry, Fault, Header, VerifiedBoard, verify_board};
pub(crate) use rsa::fill;
pub use rsa::{BlindError, PublicKey, SecretKey};
pub use voter::{BlindAnswer, BlindRequest, Credential, PendingCredential, Post, Token};
