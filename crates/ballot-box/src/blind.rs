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
//!
//! The registrar can vote for those who took a token and post nothing, and nobody finds it:
//! whoever has the secret key makes tokens that are like any other, and the list of takers
//! has room for as many as it names who stay silent. [`VerifiedBoard::unused_tokens`] is the
//! room that is left; what was filled of it, only those know who took a token, did not post,
//! and say so. So take no token that you will not use, use up the one that you have, with a
//! ballot that has no opinion if need be, and keep the registrar's key apart from the box:
//! on another machine, with somebody who does not run the poll.

mod board;
mod factors;
mod rsa;
mod voter;
mod walk;

pub(crate) use board::genesis;
pub use board::{Against, Entry, Fault, Header, VerifiedBoard, verify_board};
pub(crate) use rsa::fill;
pub use rsa::{BlindError, PublicKey, SecretKey};
pub use voter::{BlindAnswer, BlindRequest, Credential, PendingCredential, Post, Token};
