//! Meek's rule: Hill, Wichmann & Woodall, "Algorithm 123: Single transferable vote by Meek's
//! method", The Computer Journal 30(3), 1987, in the fixed-point form of the Proportional
//! Representation Foundation's reference rule, which follows Schedule 1A of New Zealand's
//! Local Electoral Regulations 2001.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::decimal::mul_div_up;
use super::papers::Papers;
use super::record::{Act, Choice, Count, Elected, Ended, LotNeeded, Rule, Seat, Stage, Tie};
use super::scottish::elected;
use super::tie::choose;
use super::{Decimal, Lot, Race, StvError};
use crate::Candidate;

/// A round that has not settled by then is given up.
const ITERATIONS: u32 = 100_000;

/// The parameters of Meek's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meek {
    /// To how many decimal places votes and keep factors are counted, 9 to 18.
    pub places: u8,
    /// A round ends when the surplus is below 1 of this decimal place; at least 1, and
    /// fewer than `places`.
    pub omega: u8,
}

impl Meek {
    /// The decimal places that a count may have.
    pub const PLACES: RangeInclusive<u8> = 9..=18;

    /// Nine decimal places and an omega of 0.000001, as the reference rule has it.
    pub const REFERENCE: Self = Self {
        places: 9,
        omega: 6,
    };
}

/// Counts by Meek's rule.
///
/// Each candidate keeps a share of every vote that reaches them, their keep factor, and the
/// rest goes on to the next preference; at first all keep everything. Then, until all seats
/// are filled or no more candidates are left than seats:
///
/// - Votes are shared out, each share rounded up to the last place; the quota is all votes
///   that anybody has, ÷ (seats + 1), cut to the last place, plus 1 in the last place; who
///   has the quota is elected.
/// - If nobody was, and the surplus of all elected is at least omega and less than it was
///   the time before, the keep factor of each elected is multiplied by the quota and
///   divided by their votes, each step rounded up, and votes are shared out again.
/// - Else the candidate with the fewest votes is excluded. All whose votes are within the
///   surplus of the fewest are tied, and only the lot tells them apart.
///
/// A paper counts up to the first two candidates it puts equal.
pub fn meek(race: &Race<'_>, rule: Meek, lot: Option<&Lot>) -> Result<Count, StvError> {
    if race.seats == 0 {
        return Err(StvError::NoSeats);
    }
    if !Meek::PLACES.contains(&rule.places) {
        return Err(StvError::Places(rule.places));
    }
    if rule.omega == 0 || rule.omega >= rule.places {
        return Err(StvError::Omega {
            omega: rule.omega,
            places: rule.places,
        });
    }
    let papers = Papers::of(race)?;
    let mut counting = Counting::begin(race, rule, &papers)?;
    let lot_needed = counting.run(lot)?;
    let stages = counting.stages;
    Ok(Count {
        rule: Rule::Meek(rule),
        candidates: race.profile.candidates().to_vec(),
        seats: race.seats,
        valid: papers.valid,
        blank: papers.blank,
        elected: elected(&stages),
        stages,
        lot_needed,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Hopeful,
    Elected,
    Out,
}

struct Counting<'p> {
    papers: &'p Papers,
    rule: Meek,
    seats: u32,
    /// A whole vote in the smallest part.
    scale: u64,
    states: Vec<State>,
    keep: Vec<u64>,
    votes: Vec<u128>,
    residual: u128,
    quota: u128,
    stages: Vec<Stage>,
}

impl<'p> Counting<'p> {
    fn begin(race: &Race<'_>, rule: Meek, papers: &'p Papers) -> Result<Self, StvError> {
        let scale = 10_u64.pow(rule.places.into());
        let candidates = race.profile.candidates().len();
        let mut counting = Self {
            papers,
            rule,
            seats: race.seats,
            scale,
            states: vec![State::Hopeful; candidates],
            keep: vec![scale; candidates],
            votes: vec![0; candidates],
            residual: 0,
            quota: 0,
            stages: Vec::new(),
        };
        for withdrawn in race.withdrawn {
            counting.states[*withdrawn] = State::Out;
            counting.keep[*withdrawn] = 0;
        }
        counting.share_out()?;
        counting.record(Act::FirstPreferences, None, None);
        Ok(counting)
    }

    fn run(&mut self, lot: Option<&Lot>) -> Result<Option<LotNeeded>, StvError> {
        loop {
            let hopeful = self.those(State::Hopeful);
            let vacancies = self.vacancies();
            if vacancies == 0 {
                return Ok(None);
            }
            if hopeful.len() <= vacancies {
                self.elect(hopeful, Seat::LastVacancy);
                return Ok(None);
            }
            let (iterations, surplus, ended, reached) = self.iterate()?;
            let act = Act::Round {
                iterations,
                surplus: self.decimal(surplus),
                keep: self
                    .keep
                    .iter()
                    .map(|keep| self.decimal((*keep).into()))
                    .collect(),
                ended,
            };
            if ended == Ended::Elected {
                self.record(act, None, None);
                self.elect(reached, Seat::Quota);
                continue;
            }
            let fewest = hopeful
                .iter()
                .map(|one| self.votes[*one])
                .min()
                .unwrap_or(0);
            let mut low = hopeful;
            low.retain(|candidate| self.votes[*candidate] - fewest <= surplus);
            let (out, tie) = match choose(&low, Choice::Exclusion, &[], lot) {
                Ok(chosen) => chosen,
                Err(needed) => {
                    let stage = self.number();
                    return Ok(Some(LotNeeded { stage, ..needed }));
                }
            };
            self.record(act, tie, Some(out));
            self.states[out] = State::Out;
            self.keep[out] = 0;
        }
    }

    fn those(&self, state: State) -> Vec<Candidate> {
        let all = 0..self.states.len();
        all.filter(|candidate| self.states[*candidate] == state)
            .collect()
    }

    fn vacancies(&self) -> usize {
        let seats = usize::try_from(self.seats).unwrap_or(usize::MAX);
        seats.saturating_sub(self.those(State::Elected).len())
    }

    /// Shares out votes until somebody is elected or the surplus has settled; how often, the
    /// surplus, why it ended, and who is to be elected.
    fn iterate(&mut self) -> Result<(u32, u128, Ended, Vec<Candidate>), StvError> {
        let omega = 10_u128.pow(u32::from(self.rule.places - self.rule.omega));
        let mut last = None;
        for iteration in 1..=ITERATIONS {
            self.share_out()?;
            let mut reached = self.those(State::Hopeful);
            reached.retain(|candidate| self.votes[*candidate] >= self.quota);
            let surplus = self.surplus(&reached);
            if !reached.is_empty() {
                return Ok((iteration, surplus, Ended::Elected, reached));
            }
            if surplus < omega {
                return Ok((iteration, surplus, Ended::Omega, reached));
            }
            if last.is_some_and(|last| surplus >= last) {
                return Ok((iteration, surplus, Ended::Stable, reached));
            }
            last = Some(surplus);
            self.update_keep_factors()?;
        }
        Err(StvError::Unsettled {
            round: self.number(),
            iterations: ITERATIONS,
        })
    }

    fn share_out(&mut self) -> Result<(), StvError> {
        self.votes.fill(0);
        self.residual = 0;
        for paper in 0..self.papers.len() {
            let many = u128::from(self.papers.weight(paper));
            let mut left = self.scale;
            for candidate in self.papers.preferences(paper) {
                let kept = self.share(left, self.keep[*candidate]);
                let votes = many.checked_mul(kept.into()).ok_or(StvError::Overflow)?;
                self.votes[*candidate] = add(self.votes[*candidate], votes)?;
                left -= kept;
                if left == 0 {
                    break;
                }
            }
            let rest = many.checked_mul(left.into()).ok_or(StvError::Overflow)?;
            self.residual = add(self.residual, rest)?;
        }
        let all = self
            .votes
            .iter()
            .try_fold(0, |sum, votes| add(sum, *votes))?;
        self.quota = add(all / (u128::from(self.seats) + 1), 1)?;
        Ok(())
    }

    /// `left × keep`, rounded up to the last place; never more than `left`, as `keep` is
    /// never more than a whole.
    fn share(&self, left: u64, keep: u64) -> u64 {
        if keep == self.scale {
            return left;
        }
        if let Some(product) = left.checked_mul(keep) {
            return product.div_ceil(self.scale);
        }
        let product = u128::from(left) * u128::from(keep);
        u64::try_from(product.div_ceil(self.scale.into())).map_or(left, |kept| kept.min(left))
    }

    /// What the elected, and those about to be, have above the quota; together, so that one
    /// who fell below it by rounding counts against it.
    fn surplus(&self, reached: &[Candidate]) -> u128 {
        let elected = self.those(State::Elected);
        let (mut over, mut under) = (0_u128, 0_u128);
        for candidate in elected.iter().chain(reached) {
            let votes = self.votes[*candidate];
            over += votes.saturating_sub(self.quota);
            under = under.saturating_add(self.quota.saturating_sub(votes));
        }
        over.saturating_sub(under)
    }

    fn update_keep_factors(&mut self) -> Result<(), StvError> {
        for candidate in self.those(State::Elected) {
            let keep = mul_div_up(self.keep[candidate].into(), self.quota, self.scale.into())
                .and_then(|kept| mul_div_up(kept, self.scale.into(), self.votes[candidate]))
                .ok_or(StvError::Overflow)?;
            // Rounded up, the share of one at the quota may come out above a whole.
            let keep = u64::try_from(keep).unwrap_or(self.scale);
            self.keep[candidate] = keep.min(self.scale);
        }
        Ok(())
    }

    fn elect(&mut self, mut those: Vec<Candidate>, by: Seat) {
        those.sort_by_key(|candidate| std::cmp::Reverse(self.votes[*candidate]));
        for candidate in those {
            self.states[candidate] = State::Elected;
            if let Some(stage) = self.stages.last_mut() {
                stage.elected.push(Elected { candidate, by });
            }
        }
    }

    fn number(&self) -> u32 {
        self.stages.last().map_or(1, |stage| stage.number + 1)
    }

    fn decimal(&self, raw: u128) -> Decimal {
        // No sum of votes passes this: `share_out` adds in the same smallest part.
        Decimal::new(i128::try_from(raw).unwrap_or(i128::MAX), self.rule.places)
    }

    fn record(&mut self, act: Act, tie: Option<Tie>, excluded: Option<Candidate>) {
        let votes = self
            .votes
            .iter()
            .map(|votes| self.decimal(*votes))
            .collect();
        self.stages.push(Stage {
            number: self.number(),
            act,
            quota: self.decimal(self.quota),
            votes,
            non_transferable: self.decimal(self.residual),
            lost: self.decimal(0),
            tie,
            elected: Vec::new(),
            excluded,
        });
    }
}

fn add(one: u128, other: u128) -> Result<u128, StvError> {
    // Kept below the sign, so that every sum is a `Decimal`.
    match one.checked_add(other) {
        Some(sum) if i128::try_from(sum).is_ok() => Ok(sum),
        _ => Err(StvError::Overflow),
    }
}
