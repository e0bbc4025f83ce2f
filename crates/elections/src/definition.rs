//! What an election is held under: our own file.
//!
//! ```yaml
//! key: steering/2026
//! body: steering
//! seats: 3
//! method: {name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}
//! tie: lottery
//! nominations: {open: 2026-07-01 00:00 UTC, close: 2026-08-10 23:59:59 AoE}
//! open: 2026-08-14 00:00 UTC
//! close: 2026-10-01 23:59:59 AoE
//! exceptions_close: 2026-09-29 23:59:59 AoE
//! privacy: sealed
//! publish: pairwise
//! officers: [ada, grace, katherine]
//! ```

mod check;
mod fields;
mod method;
mod phase;
mod time;

pub use fields::{Commitment, Key, Privacy, Publish, Tie};
pub use method::{Counting, Transferable};
pub use phase::{Phase, Timing, Window};
pub use time::{Clocks, Grace, NotATime, ZonedTime};

use base::{Diagnostic, Digest, FileId, Spanned};
use charter::Count;
use estate::Ref;
use estate::kinds::{Group, Person};
use serde_json::Value as Json;
use yaml::{Decoding, Map, Profile, record};

use crate::candidacy::CandidacyRules;
use crate::officers::OfficerRules;
use crate::seats::{Cap, Limits, Reserved, TermLength};
use crate::voters::VoterRule;

record! {
    /// What an election is held under. Nothing in it changes once the vote has opened.
    pub struct Definition {
        /// What the election is called, as a path: `steering/2026`.
        pub key: Spanned<Key>,
        /// What people call it.
        pub title: Option<String>,
        /// The group whose seats are filled.
        pub body: Ref<Group>,
        /// How many seats are filled.
        pub seats: Spanned<Count>,
        /// How many seats the body has in all; as `cap` says if not said here.
        pub body_seats: Option<Spanned<Count>>,
        /// Which of the seats are for holders of a role.
        pub reserved: Vec<Reserved>,
        /// How ballots become an order of the candidates.
        pub method: Spanned<Counting>,
        /// What decides where the method leaves candidates equal over the last seat or a longer term.
        pub tie: Spanned<Tie>,
        /// What each officer has committed to for the lottery: the SHA-256 digest of a secret that is told after the close.
        pub commitments: Map<Spanned<Commitment>>,
        /// When people may be nominated.
        pub nominations: Option<Nominations>,
        /// The first moment at which a ballot counts.
        pub open: Spanned<ZonedTime>,
        /// The first moment at which none counts any more, but for the grace.
        pub close: Spanned<ZonedTime>,
        /// How long after the close ballots count that were under way, such as `2m`.
        pub grace: Grace = Grace::NONE,
        /// The first moment at which no request for an exception is taken; the opening if not said.
        pub exceptions_close: Option<Spanned<ZonedTime>>,
        /// Who can know how somebody voted.
        pub privacy: Spanned<Privacy>,
        /// What is published of the ballots.
        pub publish: Spanned<Publish>,
        /// Whether a ballot may leave candidates without a rank.
        pub no_opinion: bool = true,
        /// How many seats of the body the people of one employer may hold.
        pub cap: Option<Spanned<Cap>>,
        /// How long each seat is held, by the rank that takes it; one for each seat.
        pub terms: Vec<Spanned<TermLength>>,
        /// How many terms somebody may serve.
        pub limits: Option<Limits>,
        /// Who decides on exceptions and answers for the count.
        pub officers: Vec<Ref<Person>>,
        /// What the officers must be.
        pub officer_rules: OfficerRules = OfficerRules::default(),
        /// Who may vote.
        pub voters: Option<VoterRule>,
        /// What it takes to stand.
        pub candidacy: CandidacyRules = CandidacyRules::default(),
    }
}

record! {
    /// When people may be nominated.
    pub struct Nominations {
        /// The first moment at which a nomination counts.
        pub open: Spanned<ZonedTime>,
        /// The first moment at which none counts any more.
        pub close: Spanned<ZonedTime>,
    }
}

impl Definition {
    /// Reads an election file and finds what is missing in it or contradicts itself.
    ///
    /// An election is returned with its findings; nobody opens one that has errors.
    pub fn read(text: &str, file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        let (definition, mut findings) = Decoding::read_text::<Self>(text, file, Profile::NATIVE);
        if let Some(definition) = &definition {
            definition.check(&mut findings);
        }
        (definition, findings)
    }

    /// Its canonical JSON (RFC 8785), in which what is not said is left out. As an election
    /// file it reads as the same election.
    ///
    /// # Errors
    /// None: every value has a canonical form.
    pub fn canonical(&self) -> Result<String, serde_json::Error> {
        let mut json = serde_json::to_value(self)?;
        leave_out_unsaid(&mut json);
        base::canonical(&json)
    }

    /// The SHA-256 digest of [`Definition::canonical`]. It names the election in receipts, and is
    /// part of the lottery.
    ///
    /// # Errors
    /// None, as for the text.
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(self.canonical()?.as_bytes()))
    }
}

/// So that a key that comes to be known later changes no digest of an election without it.
fn leave_out_unsaid(json: &mut Json) {
    if let Json::Object(entries) = json {
        entries.values_mut().for_each(leave_out_unsaid);
        entries.retain(|_, value| match value {
            Json::Null => false,
            Json::Array(items) => !items.is_empty(),
            Json::Object(entries) => !entries.is_empty(),
            _ => true,
        });
    } else if let Json::Array(items) = json {
        items.iter_mut().for_each(leave_out_unsaid);
    }
}
