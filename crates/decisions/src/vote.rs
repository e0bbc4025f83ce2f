//! Votes of a body, counted exactly.
//!
//! A vote passes if the votes in favour are more than (or as many as) the threshold's share of
//! its base, and at least one is in favour. The base and the quorum are named apart: who
//! abstains takes part, and whoever is absent does not.
//!
//! Where the charter caps employers, everybody's vote weighs `min(1, cap / n)`, with `n`
//! the people of their employer, in the base as in the votes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use charter::Affiliation;
use charter::procedure::{Base, Comparison, Portion, VoteRule};
use charter::requirement::Eligible;
use serde::Serialize;

use crate::act::Choice;
use crate::fraction::{Fraction, TooFine};

/// How everybody voted, by their names.
pub type Votes = BTreeMap<String, Choice>;

/// The count of a vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The weight in favour.
    pub yes: Fraction,
    /// The weight against.
    pub no: Fraction,
    /// The weight of those who abstained.
    pub abstain: Fraction,
    /// What the weight in favour is a share of.
    pub base: Fraction,
    /// How many people took part.
    pub took_part: usize,
    /// How many have to.
    pub quorum: Option<usize>,
    /// Whether it passes as it stands.
    pub passes: bool,
    /// What the outcome will be whoever else votes how; none while that is open.
    pub decided: Option<bool>,
}

/// The members of a body, and those of them who have no vote in this.
#[derive(Debug, Clone, Copy)]
pub struct Electorate<'r> {
    /// All members.
    pub members: &'r [Eligible],
    /// Those without a vote, by their names.
    pub recused: &'r BTreeSet<String>,
}

impl<'r> Electorate<'r> {
    /// Those who may vote.
    pub fn eligible(self) -> impl Iterator<Item = &'r Eligible> {
        let recused = self.recused;
        self.members
            .iter()
            .filter(move |member| !recused.contains(&member.person))
    }
}

/// Counts the votes of those who may; others' are passed over.
///
/// # Errors
/// The weights of employers are too many different fractions to be added exactly; nothing passes then.
pub fn count(rule: &VoteRule, electorate: Electorate<'_>, votes: &Votes) -> Result<Count, TooFine> {
    let poll = Poll::of(rule, electorate)?;
    let (took_part, sums) = poll.sums(votes, None)?;
    let now = poll.passes(took_part, sums)?;
    let worst = poll.sums(votes, Some(Choice::No))?;
    let best = poll.sums(votes, Some(Choice::Yes))?;
    // Nobody can undo that a quorum was reached; that others vote against is the worst.
    let cannot_fail = poll.is_quorate(took_part) && poll.passes(worst.0, worst.1)?;
    let cannot_pass = !poll.passes(best.0, best.1)?;
    Ok(Count {
        yes: sums.yes,
        no: sums.no,
        abstain: sums.abstain,
        base: poll.base(sums)?,
        took_part,
        quorum: poll.quorum,
        passes: now,
        decided: match (cannot_fail, cannot_pass) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
    })
}

/// Sums of weights.
#[derive(Debug, Clone, Copy)]
struct Sums {
    yes: Fraction,
    no: Fraction,
    abstain: Fraction,
    present: Fraction,
}

struct Poll<'r> {
    rule: &'r VoteRule,
    voters: Vec<(&'r Eligible, Fraction)>,
    /// The base, where it does not follow from the votes.
    fixed: Fraction,
    quorum: Option<usize>,
}

impl<'r> Poll<'r> {
    fn of(rule: &'r VoteRule, electorate: Electorate<'r>) -> Result<Self, TooFine> {
        let members = electorate.members;
        let eligible: Vec<&Eligible> = electorate.eligible().collect();
        let seats = rule.seats.map_or(0, |seats| seats.get() as usize);
        let seats = seats.max(members.len());
        let whole = match rule.base {
            Base::Seats => seats,
            Base::Members => members.len(),
            Base::Eligible | Base::Present | Base::Cast | Base::NonAbstaining => eligible.len(),
        };
        let among: Vec<&Eligible> = match rule.base {
            Base::Seats | Base::Members => members.iter().collect(),
            _ => eligible.clone(),
        };
        let weights = Weights::of(rule.employer_cap, &among, members.len());
        let mut fixed = match rule.base {
            Base::Seats => Fraction::whole(seats - members.len()),
            _ => Fraction::ZERO,
        };
        for member in &among {
            fixed = fixed.plus(weights.of_one(member))?;
        }
        let weigh = |member: &'r Eligible| (member, weights.of_one(member));
        Ok(Self {
            rule,
            voters: eligible.into_iter().map(weigh).collect(),
            fixed,
            quorum: rule.quorum.map(|quorum| quorum.of(whole)),
        })
    }

    /// How many took part, and how; as if everybody who has not voted did so, if said.
    fn sums(&self, votes: &Votes, rest: Option<Choice>) -> Result<(usize, Sums), TooFine> {
        let zero = Fraction::ZERO;
        let mut sums = Sums {
            yes: zero,
            no: zero,
            abstain: zero,
            present: zero,
        };
        let mut took_part = 0;
        for (voter, weight) in &self.voters {
            let said = votes.get(&voter.person).copied();
            // Who is only there may vote yet.
            let counts = match said {
                Some(Choice::Present) | None => rest.or(said),
                voted => voted,
            };
            let Some(choice) = counts else { continue };
            took_part += 1;
            let sum = match choice {
                Choice::Yes => &mut sums.yes,
                Choice::No => &mut sums.no,
                Choice::Abstain => &mut sums.abstain,
                Choice::Present => &mut sums.present,
            };
            *sum = sum.plus(*weight)?;
        }
        Ok((took_part, sums))
    }

    fn base(&self, sums: Sums) -> Result<Fraction, TooFine> {
        let non_abstaining = sums.yes.plus(sums.no)?;
        match self.rule.base {
            Base::Seats | Base::Members | Base::Eligible => Ok(self.fixed),
            Base::NonAbstaining => Ok(non_abstaining),
            Base::Cast => non_abstaining.plus(sums.abstain),
            Base::Present => non_abstaining.plus(sums.abstain)?.plus(sums.present),
        }
    }

    fn is_quorate(&self, took_part: usize) -> bool {
        self.quorum.is_none_or(|quorum| took_part >= quorum)
    }

    fn passes(&self, took_part: usize, sums: Sums) -> Result<bool, TooFine> {
        let threshold = self.rule.threshold;
        let share = Fraction::new(threshold.numerator.into(), threshold.denominator.into());
        let needed = share.ok_or(TooFine)?.times(self.base(sums)?)?;
        let enough = match (sums.yes.compare(needed)?, self.rule.relation) {
            (Ordering::Greater, _) => true,
            (Ordering::Equal, relation) => relation == Comparison::AtLeast,
            (Ordering::Less, _) => false,
        };
        Ok(enough && !sums.yes.is_zero() && self.is_quorate(took_part))
    }
}

/// What the vote of each employer's people weighs.
struct Weights<'r> {
    /// None where nothing is capped.
    cap: Option<Fraction>,
    people: HashMap<&'r Affiliation, usize>,
}

impl<'r> Weights<'r> {
    fn of(cap: Option<Portion>, among: &[&'r Eligible], members: usize) -> Self {
        let cap = cap.and_then(|cap| match cap {
            Portion::Number(votes) => Some(Fraction::whole(votes as usize)),
            Portion::Share(share) => Fraction::new(
                members as u128 * u128::from(share.numerator),
                share.denominator.into(),
            ),
        });
        let mut people = HashMap::new();
        for member in among {
            if let Some(employer) = counted_as(member) {
                *people.entry(employer).or_default() += 1;
            }
        }
        Self { cap, people }
    }

    fn of_one(&self, member: &Eligible) -> Fraction {
        let colleagues = counted_as(member).and_then(|employer| self.people.get(employer));
        let share = self.cap.zip(colleagues).and_then(|(cap, colleagues)| {
            let each = Fraction::new(1, *colleagues as u128)?;
            cap.times(each).ok()
        });
        match share {
            Some(share) if share.compare(Fraction::ONE) == Ok(Ordering::Less) => share,
            _ => Fraction::ONE,
        }
    }
}

/// Under which employer somebody is counted. Those whose employer nobody knows may all
/// have the same; the independent have none.
fn counted_as(member: &Eligible) -> Option<&Affiliation> {
    let own = &member.employer;
    (*own != Affiliation::Independent).then_some(own)
}

/// The rule and the count in a sentence without a full stop.
pub fn in_words(rule: &VoteRule, count: &Count) -> String {
    let of = match rule.base {
        Base::Seats => "seats",
        Base::Members => "members",
        Base::Eligible => "members who may vote",
        Base::Present => "who took part",
        Base::Cast => "votes cast",
        Base::NonAbstaining => "votes for and against",
    };
    let more = match rule.relation {
        Comparison::Above => "more than",
        Comparison::AtLeast => "at least",
    };
    let quorum = match count.quorum {
        Some(quorum) if count.took_part < quorum => format!(
            "; {} took part, and {quorum} must",
            base::counted(count.took_part, "person", "people")
        ),
        _ => String::new(),
    };
    format!(
        "{} for, {} against, {} abstaining; {more} {} of {} {of} must be in favour{quorum}",
        count.yes, count.no, count.abstain, rule.threshold, count.base
    )
}
