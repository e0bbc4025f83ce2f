//! Who stands: nomination, acceptance, endorsements, and what each lacks.

use std::collections::BTreeSet;
use std::fmt;

use charter::{Affiliation, Count, Employers};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use yaml::record;

use crate::definition::Timing;
use crate::directory::Directory;
use crate::seats::{PastTerm, TermVerdict, may_serve};
use crate::voters::Roll;
use crate::{Definition, Login};

record! {
    /// What it takes to stand.
    #[derive(PartialEq, Eq)]
    pub struct CandidacyRules {
        /// Whether only those who may vote may stand.
        pub from_roll: bool = true,
        /// How many voters have to endorse somebody, at least.
        pub endorsements: u32 = 0,
        /// From how many employers these voters are, at least.
        pub employers: u32 = 0,
        /// Whether a candidate who may vote is one of those who endorse, by accepting.
        pub self_counts: bool = false,
        /// How many words a statement may have.
        pub words: Option<Count>,
    }
}

impl Default for CandidacyRules {
    fn default() -> Self {
        Self {
            from_roll: true,
            endorsements: 0,
            employers: 0,
            self_counts: false,
            words: None,
        }
    }
}

/// Somebody is put forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nomination {
    /// Who.
    pub candidate: Login,
    /// When that was received.
    pub received_at: Timestamp,
    /// When the candidate accepted; whoever puts themselves forward accepts by it.
    pub accepted_at: Option<Timestamp>,
    /// Who is for it, in the order received.
    pub endorsements: Vec<Endorsement>,
    /// What the candidate says, in Markdown.
    pub statement: Option<String>,
    /// The terms that the candidate has served in the body, or is serving.
    pub terms: Vec<PastTerm>,
}

/// A voter is for a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// Who.
    pub by: Login,
    /// When it was received.
    pub received_at: Timestamp,
}

/// What a nomination is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The election.
    pub definition: &'a Definition,
    /// Who may vote.
    pub roll: &'a Roll,
    /// Whose a login is.
    pub people: &'a Directory<'a>,
    /// Employers under the names they are counted by.
    pub employers: &'a Employers,
    /// The day as of which people work for somebody.
    pub day: Date,
    /// The officers.
    pub officers: &'a [Login],
    /// The first day of the terms that are filled.
    pub terms_from: Date,
}

/// Why somebody does not stand, or an endorsement does not count. The codes are stable;
/// programs may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Reason {
    /// Before nominations are open.
    #[serde(rename = "E_EARLY")]
    Early,
    /// After nominations have closed.
    #[serde(rename = "E_LATE")]
    Late,
    /// May not vote here, and so not stand or endorse.
    #[serde(rename = "E_NOT_ELIGIBLE")]
    NotEligible,
    /// Has not accepted.
    #[serde(rename = "E_NOT_ACCEPTED")]
    NotAccepted,
    /// Is an officer of the election.
    #[serde(rename = "E_OFFICER")]
    Officer,
    /// A candidate's own endorsement, where it does not count.
    #[serde(rename = "E_SELF")]
    OwnEndorsement,
    /// The same voter a second time.
    #[serde(rename = "E_DUP")]
    Duplicate,
    /// Too few endorsements.
    #[serde(rename = "E_ENDORSEMENTS")]
    Endorsements,
    /// Endorsements from too few employers.
    #[serde(rename = "E_EMPLOYERS")]
    Employers,
    /// A limit of terms.
    #[serde(rename = "E_TERM_LIMIT")]
    TermLimit,
    /// The statement is too long.
    #[serde(rename = "E_TOO_LONG")]
    TooLong,
}

impl Reason {
    /// The code, as programs know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Early => "E_EARLY",
            Self::Late => "E_LATE",
            Self::NotEligible => "E_NOT_ELIGIBLE",
            Self::NotAccepted => "E_NOT_ACCEPTED",
            Self::Officer => "E_OFFICER",
            Self::OwnEndorsement => "E_SELF",
            Self::Duplicate => "E_DUP",
            Self::Endorsements => "E_ENDORSEMENTS",
            Self::Employers => "E_EMPLOYERS",
            Self::TermLimit => "E_TERM_LIMIT",
            Self::TooLong => "E_TOO_LONG",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// Something that stands in the way, for the one whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{what} ({reason})")]
pub struct Refusal {
    /// The code.
    pub reason: Reason,
    /// What is wrong, or still missing.
    pub what: String,
}

impl Refusal {
    fn new(reason: Reason, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { reason, what }
    }
}

/// How a nomination stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidacy {
    /// Who.
    pub candidate: Login,
    /// All that stands in the way; whoever has nothing here stands.
    pub refusals: Vec<Refusal>,
    /// Whose endorsements count.
    pub endorsed_by: Vec<Login>,
    /// From how many employers they are, at least.
    pub employers: usize,
    /// Whose do not, and why.
    pub not_counted: Vec<(Login, Refusal)>,
}

impl Candidacy {
    /// Whether the candidate stands.
    pub fn stands(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// How many words a Markdown text has, as people count them: what white space parts and holds
/// a letter or a digit. Signs for lists and headings are no words.
pub fn words(markdown: &str) -> usize {
    let counts = |word: &&str| word.contains(char::is_alphanumeric);
    markdown.split_whitespace().filter(counts).count()
}

impl Field<'_> {
    /// Judges a nomination by all rules at once, so that nobody mends one thing after the other.
    pub fn judge(&self, nomination: &Nomination) -> Candidacy {
        let (endorsed_by, not_counted) = self.endorsers(nomination);
        let affiliations: Vec<Affiliation> =
            endorsed_by.iter().map(|by| self.employer(by)).collect();
        let mut candidacy = Candidacy {
            candidate: nomination.candidate.clone(),
            refusals: Vec::new(),
            employers: Affiliation::distinct(&affiliations),
            endorsed_by,
            not_counted,
        };
        let refusals = [
            self.in_time(nomination.received_at, "the nomination"),
            self.accepted(nomination),
            self.may_stand(&nomination.candidate),
            self.within_limits(&nomination.terms),
            self.endorsed(&candidacy),
            self.short_enough(nomination),
        ];
        candidacy.refusals = refusals.into_iter().flatten().collect();
        candidacy
    }

    fn in_time(&self, received_at: Timestamp, what: &str) -> Option<Refusal> {
        let opening = self.definition.open.value.at();
        let timing = match self.definition.nominating() {
            Some(nominating) => nominating.timing(received_at),
            // Without a time for nominations, whoever is nominated before the vote is.
            None if received_at < opening => Timing::Open,
            None => Timing::Late,
        };
        match timing {
            Timing::Open => None,
            Timing::Early => {
                let what =
                    format!("{what} was received at {received_at}, before nominations opened");
                Some(Refusal::new(Reason::Early, what))
            }
            Timing::Late => {
                let what =
                    format!("{what} was received at {received_at}, when nominations had closed");
                Some(Refusal::new(Reason::Late, what))
            }
        }
    }

    fn accepted(&self, nomination: &Nomination) -> Option<Refusal> {
        match nomination.accepted_at {
            None => Some(Refusal::new(
                Reason::NotAccepted,
                "the nomination is not accepted yet",
            )),
            Some(at) => self.in_time(at, "the acceptance"),
        }
    }

    fn may_stand(&self, candidate: &Login) -> Option<Refusal> {
        if self.officers.contains(candidate) {
            let what = "officers of an election do not stand in it";
            return Some(Refusal::new(Reason::Officer, what));
        }
        let barred = self.definition.candidacy.from_roll && !self.votes(candidate);
        barred.then(|| {
            let what = format!("`{candidate}` is not on the roll, and only voters may stand");
            Refusal::new(Reason::NotEligible, what)
        })
    }

    /// By the longest term that is filled: which one it will be is known after the count.
    fn within_limits(&self, past: &[PastTerm]) -> Option<Refusal> {
        let limits = self.definition.limits.as_ref()?;
        let longest = self.definition.terms.iter().map(|term| term.value).max()?;
        match may_serve(limits, past, self.terms_from, longest) {
            Ok(check) if check.verdict == TermVerdict::May => None,
            Ok(check) => Some(Refusal::new(Reason::TermLimit, check.why)),
            Err(error) => {
                let what = format!("the terms served cannot be counted: {error}");
                Some(Refusal::new(Reason::TermLimit, what))
            }
        }
    }

    fn endorsed(&self, candidacy: &Candidacy) -> Option<Refusal> {
        let rules = &self.definition.candidacy;
        let found = candidacy.endorsed_by.len();
        if found < rules.endorsements as usize {
            let what = format!(
                "{found} endorsements of the {} it takes",
                rules.endorsements
            );
            return Some(Refusal::new(Reason::Endorsements, what));
        }
        (candidacy.employers < rules.employers as usize).then(|| {
            let (found, wanted) = (candidacy.employers, rules.employers);
            let what =
                format!("the endorsements come from {found} employers of the {wanted} it takes");
            Refusal::new(Reason::Employers, what)
        })
    }

    fn short_enough(&self, nomination: &Nomination) -> Option<Refusal> {
        let limit = self.definition.candidacy.words?.get();
        let found = words(nomination.statement.as_deref()?);
        (found > limit as usize).then(|| {
            let what = format!("the statement has {found} words, and {limit} are the limit");
            Refusal::new(Reason::TooLong, what)
        })
    }

    fn endorsers(&self, nomination: &Nomination) -> (Vec<Login>, Vec<(Login, Refusal)>) {
        let mut counted: BTreeSet<&Login> = BTreeSet::new();
        let (mut endorsers, mut refused) = (Vec::new(), Vec::new());
        let candidate = &nomination.candidate;
        let own = self.definition.candidacy.self_counts && nomination.accepted_at.is_some();
        if own && self.votes(candidate) {
            counted.insert(candidate);
            endorsers.push(candidate.clone());
        }
        for Endorsement { by, received_at } in &nomination.endorsements {
            let refusal = self.in_time(*received_at, "the endorsement").or_else(|| {
                if self.officers.contains(by) {
                    let what = "officers of an election endorse nobody in it";
                    Some(Refusal::new(Reason::Officer, what))
                } else if !self.votes(by) {
                    let what = format!("`{by}` is not on the roll");
                    Some(Refusal::new(Reason::NotEligible, what))
                } else if by == candidate && !self.definition.candidacy.self_counts {
                    Some(Refusal::new(
                        Reason::OwnEndorsement,
                        "a candidate's own endorsement does not count",
                    ))
                } else if counted.contains(by) {
                    Some(Refusal::new(
                        Reason::Duplicate,
                        format!("`{by}` has endorsed already"),
                    ))
                } else {
                    None
                }
            });
            if let Some(refusal) = refusal {
                refused.push((by.clone(), refusal));
            } else {
                counted.insert(by);
                endorsers.push(by.clone());
            }
        }
        (endorsers, refused)
    }

    fn votes(&self, login: &Login) -> bool {
        self.roll.admits(login, None).is_ok()
    }

    fn employer(&self, login: &Login) -> Affiliation {
        let person = self.people.whose(login);
        person.map_or(Affiliation::Unknown, |person| {
            self.employers.employer_of(&person.value, self.day)
        })
    }
}
