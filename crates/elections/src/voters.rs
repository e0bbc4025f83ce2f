//! Who may vote: a rule over the estate, and the roll that follows from it, with reasons.
//!
//! ```text
//! rule, estate, contributions, exceptions ──roll──► who may vote, and why
//!                                            └────► who may not, and what they lack
//! ```

mod contributions;
mod exceptions;
mod reasons;
mod roll;
mod rule;

pub use contributions::Contributions;
pub use exceptions::{Decision, ExceptionCounts, ExceptionRequest, OfficerVote, decide};
pub use reasons::{Ground, Lack, LeftOutBecause};
pub use roll::{LeftOut, NotOnTheRoll, Roll, Standing, Voter, roll};
pub use rule::{VoterRule, Way};
