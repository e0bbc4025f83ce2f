//! Ballots, kept so that nobody can vote twice, late or for another.
//!
//! A [`BallotBox`] is one file of `SQLite` for one [`Poll`]. It enforces the window, the
//! voters, the candidates, the ranks and one ballot a voter itself, whatever the page or the
//! program in front of it does, and refuses with a [`Reason`] whose code is stable. An act is
//! on the disk whole when it is answered, and is done again without harm: who was not
//! answered asks once more.
//!
//! | [`Privacy`] | the file knows | how one votes |
//! | --- | --- | --- |
//! | `open` | who voted how | [`BallotBox::cast`] |
//! | `sealed` | who voted, and every ballot; not whose it is, nor what came when | [`BallotBox::cast_sealed`] |
//! | `blind` | who took a token, and every ballot; no more | [`BallotBox::issue_token`], [`BallotBox::post`] |
//!
//! Nobody sees a ballot before the poll is closed. Of what is refused, the day and the code
//! are kept, and nothing else.
//!
//! A voter is an id that stays theirs, and never a name that another can take later. Who can
//! vote is settled at the opening, and its digest, the [`electorate`], stands in the record
//! of the close: nobody can say afterwards that others could. Whom a later decision lets vote
//! is [admitted](BallotBox::admit), and counted.
//!
//! What sealing does not do: whoever runs the machine and watches it while people vote, or
//! copies its file after each ballot, sees who votes how; so does one who can read what a
//! disk keeps of overwritten blocks, and whoever has the voter's receipt secret can change
//! the ballot, though not read it. Neither protects a voter from somebody who forces them to
//! show what they do.
//!
//! Blind polls need no trust in the machine for the secret of a ballot, nor for its count.
//! But the registrar can vote for those who took a token and post nothing, and no board shows
//! it: keep the registrar's key apart from the box, take no token that you will not use, and
//! see [`blind`] for what bounds it.
//!
//! This crate must never know a clock, an estate or a network: time and voters are arguments,
//! and who a voter is has been found out before.

mod ballot_box;
pub mod blind;
mod closing;
mod electors;
mod octets;
mod poll;
mod refusal;
mod secret;
mod store;

pub use ballot_box::{BallotBox, Effect};
pub use closing::{Closing, Published, RollEntry};
pub use electors::{Admission, Exception, electorate};
pub use poll::{CANDIDATES_MAX, Poll, Privacy, Publication, canonical_voter};
pub use refusal::{BoxError, Reason, Refusal};
pub use secret::ReceiptSecret;

/// What is signed and chained.
fn canonical_text<T: serde::Serialize + ?Sized>(value: &T) -> String {
    // Nothing of ours has a key that is no text or a number that is not finite, which is all
    // that can fail here.
    base::canonical(value).unwrap_or_default()
}
