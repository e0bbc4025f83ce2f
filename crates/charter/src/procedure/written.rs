//! Procedures as the charter writes them.

use base::Spanned;
use estate::kinds::Group;
use estate::{Period, Ref};
use yaml::{choice, record};

use super::portion::{Comparison, Portion};
use crate::requirement::{ConsultRule, LazyRule, NoticeRule, Parties, ReviewRule};
use crate::{Count, Share};

choice! {
    /// What is decided.
    pub enum ItemKind {
        /// A rule that the community gives itself.
        Policy = "policy",
        /// A design that others are asked to comment on; numbered.
        Rfc = "rfc",
        /// The charter of a body, or the community's.
        Charter = "charter",
        /// That somebody may use what belongs to all.
        ResourceRequest = "resource-request",
        /// That money is spent.
        SpendingRequest = "spending-request",
        /// That somebody takes, leaves or loses a role.
        Role = "role",
        /// That something is stable, or no more.
        Graduation = "graduation",
        /// What money may be spent on.
        FundingScope = "funding-scope",
        /// Whether what was done in an emergency stays.
        EmergencyReview = "emergency-review",
    }
}

impl<'de> serde::Deserialize<'de> for ItemKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <String as serde::Deserialize>::deserialize(deserializer)?;
        let known = Self::ALL.iter().copied().find(|known| known.word() == word);
        known.ok_or_else(|| serde::de::Error::custom(format!("`{word}` is no kind of item")))
    }
}

record! {
    /// Who decides on one kind of item, and how.
    pub struct KindRule {
        /// The body that decides; the body that an item names if not said.
        pub body: Option<Ref<Group>>,
        /// The procedure, by its name; the body's own if not said.
        pub procedure: Option<Spanned<String>>,
    }
}

record! {
    /// How something is decided. All that is written here must be met; with `lazy` the `vote`
    /// is held only if it is called for, by somebody or by an objection that still stands at the end.
    pub struct Procedure {
        /// Who is told before anything else. The time runs from when all of them were.
        pub notice: Option<NoticeRule>,
        /// Others who must support the proposal before it is voted on.
        pub second: Option<SecondRule>,
        /// Approvals.
        pub review: Option<ReviewRule>,
        /// Who is asked, and must answer or may keep silent.
        pub consult: Option<ConsultRule>,
        /// The body's members sign off before the time of silence begins.
        pub sign_off: Option<SignOffRule>,
        /// Agreement by silence.
        pub lazy: Option<LazyRule>,
        /// A vote of the body.
        pub vote: Option<VoteRule>,
        /// Whose objections hold it, and how long.
        pub objection: Option<ObjectionRule>,
        /// How it may be changed while it is open. Without this it is withdrawn and proposed anew.
        pub amend: Option<AmendRule>,
        /// Who may stop what was accepted.
        pub veto: Option<VetoRule>,
        /// Who affirms what was accepted.
        pub ratify: Option<RatifyRule>,
        /// Who may have what was accepted looked at again.
        pub appeal: Option<AppealRule>,
        /// After this time without an outcome it is over.
        pub expires: Option<Period>,
        /// Who takes over what finds no outcome.
        pub escalate: Option<EscalateRule>,
    }
}

record! {
    /// Others who must support the proposal before it is voted on.
    pub struct SecondRule {
        /// How many.
        pub count: Count,
        /// The groups whose people may; the body if not said.
        pub by: Option<Parties>,
        /// Within this time, or it is over.
        pub within: Period,
    }
}

record! {
    /// Sign-offs of a body's members, after which silence is agreement.
    pub struct SignOffRule {
        /// How many of the members.
        pub share: Share,
        /// Whether exactly the share is enough.
        pub relation: Comparison,
        /// At most so many members may be missing, if said.
        pub outstanding: Option<u32>,
    }
}

choice! {
    /// What the votes in favour are a share of.
    pub enum Base {
        /// The body's seats, the vacant ones too.
        Seats = "seats",
        /// The body's members.
        Members = "members",
        /// The members who did not recuse themselves.
        Eligible = "eligible",
        /// Those who took part, without a vote too.
        Present = "present",
        /// The votes cast, abstentions too.
        Cast = "cast",
        /// The votes for and against.
        NonAbstaining = "non-abstaining",
    }
}

choice! {
    /// When a vote ends.
    pub enum Close {
        /// When its time is over.
        AtEnd = "at-end",
        /// As soon as no vote that is missing could change the outcome.
        Decided = "decided",
    }
}

record! {
    /// A vote of a body's members.
    pub struct VoteRule {
        /// The share that must be in favour.
        pub threshold: Share,
        /// Whether exactly the share is enough: `>` or `>=`.
        pub relation: Comparison,
        /// What it is a share of.
        pub base: Base,
        /// How many seats the body has; needed where `base` is `seats`.
        pub seats: Option<Count>,
        /// How many must take part, abstaining or not: a number, or a share of the seats, of the members, or else of those who may vote.
        pub quorum: Option<Portion>,
        /// It is open at least so long.
        pub min_open: Option<Period>,
        /// It ends after this time.
        pub max_open: Period,
        /// Whether it may end before.
        pub close: Close = Close::AtEnd,
        /// The weight that the people of one employer have together, at most: a share of the members, or so many votes.
        pub employer_cap: Option<Portion>,
    }
}

record! {
    /// Whose objections hold an item, and how long.
    pub struct ObjectionRule {
        /// The groups whose people may; the body if not said. Others advise.
        pub by: Option<Parties>,
        /// An objection that was answered ends after this time without a word of who made it.
        pub ttl: Option<Period>,
        /// When the last objection has ended, the time of silence starts anew.
        pub restarts: bool = false,
    }
}

record! {
    /// How something may be changed while it is open.
    pub struct AmendRule {
        /// After an amendment it stays open at least so long.
        pub period: Period,
        /// All amendments together keep it open no longer than this.
        pub max: Period,
    }
}

record! {
    /// Who may stop what was accepted.
    pub struct VetoRule {
        /// The groups whose people may.
        pub by: Parties,
        /// How many of them it takes; 1 if not said.
        pub count: Option<Count>,
        /// Within this time.
        pub within: Period,
        /// Who may set a veto aside.
        pub overridden: Option<OverrideRule>,
    }
}

record! {
    /// Who may set a veto aside.
    pub struct OverrideRule {
        /// The groups whose people may.
        pub by: Parties,
        /// How many of them it takes: a number, or a share of them.
        pub count: Portion,
        /// Within this time of the veto.
        pub within: Period,
    }
}

choice! {
    /// From when on what is to be affirmed holds.
    pub enum RatifyMode {
        /// Once it is affirmed.
        Before = "before",
        /// At once, until it is not affirmed.
        After = "after",
    }
}

record! {
    /// Who affirms what was accepted, by silence.
    pub struct RatifyRule {
        /// The groups whose people may object.
        pub by: Parties,
        /// Within this time.
        pub within: Period,
        /// So many objections refuse it, or bring it to a vote.
        pub objections: Portion,
        /// From when on it holds.
        pub mode: RatifyMode = RatifyMode::Before,
        /// The vote of those people that decides then; refused without one.
        pub vote: Option<VoteRule>,
    }
}

record! {
    /// Who may have what was accepted looked at again.
    pub struct AppealRule {
        /// The groups whose people may.
        pub by: Parties,
        /// How many of them it takes.
        pub count: Count,
        /// Within this time.
        pub within: Period,
        /// The body that hears it.
        pub to: Ref<Group>,
        /// After this time without a word of that body what was accepted stands.
        pub decide_within: Option<Period>,
        /// Whether what was accepted rests meanwhile.
        pub stays: bool = true,
    }
}

record! {
    /// Who takes over what finds no outcome.
    pub struct EscalateRule {
        /// The body.
        pub to: Ref<Group>,
        /// After this time.
        pub after: Period,
    }
}
