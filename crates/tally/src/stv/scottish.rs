//! The Scottish Local Government Elections Order 2007, Schedule 1, Part III, rules 45 to 52.

use std::collections::BTreeMap;

use super::papers::Papers;
use super::record::{Act, Choice, Count, Elected, LotNeeded, Rule, Seat, Stage, Tie, Transfer};
use super::tie::choose;
use super::{Decimal, Lot, Race, StvError};
use crate::Candidate;

/// Rule 48(3): transfer values have five decimal places.
const PLACES: u8 = 5;
/// A whole vote in the smallest part.
const VOTE: u32 = 100_000;

/// Counts by the Scottish Local Government Elections Order 2007.
///
/// - The quota is ⌊valid papers ÷ (seats + 1)⌋ + 1 (rule 46); who has as many votes is
///   elected (47).
/// - While a vacancy remains, the largest surplus is transferred, each paper at
///   ⌊surplus × its value ÷ the candidate's votes⌋, cut to five decimal places (48, 49).
/// - Without a surplus the candidate with the fewest votes is excluded, and their papers go
///   on at the values at which they came (50).
/// - Equal votes are told apart by the most recent stage at which they differed, else by
///   lot (49, 51). Where three or more are tied and that stage tells only some of them
///   apart, those left are told apart by the stages before it.
/// - When no more candidates continue than there are vacancies, all are elected, and nothing
///   more is transferred (52).
///
/// The Order's own reading of papers is [`super::Preferences::Consecutive`].
pub fn scottish(race: &Race<'_>, lot: Option<&Lot>) -> Result<Count, StvError> {
    if race.seats == 0 {
        return Err(StvError::NoSeats);
    }
    let papers = Papers::of(race)?;
    let mut counting = Counting::first_stage(race, &papers)?;
    let lot_needed = counting.run(lot)?;
    let stages = counting.stages;
    Ok(Count {
        rule: Rule::Scottish,
        candidates: race.profile.candidates().to_vec(),
        seats: race.seats,
        valid: papers.valid,
        blank: papers.blank,
        elected: elected(&stages),
        stages,
        lot_needed,
    })
}

/// Everybody elected at these stages, in order.
pub(super) fn elected(stages: &[Stage]) -> Vec<Candidate> {
    let seats = stages.iter().flat_map(|stage| &stage.elected);
    seats.map(|elected| elected.candidate).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Continuing,
    Elected,
    Out,
}

/// A paper in the pile of a candidate.
#[derive(Clone, Copy)]
struct Held {
    paper: usize,
    /// Which of its preferences is this candidate.
    at: usize,
    /// What it was worth when it arrived.
    value: u32,
}

struct Counting<'p> {
    papers: &'p Papers,
    seats: usize,
    quota: i128,
    states: Vec<State>,
    votes: Vec<i128>,
    piles: Vec<Vec<Held>>,
    non_transferable: i128,
    lost: i128,
    stages: Vec<Stage>,
}

impl<'p> Counting<'p> {
    /// Rules 45 and 46.
    fn first_stage(race: &Race<'_>, papers: &'p Papers) -> Result<Self, StvError> {
        let candidates = race.profile.candidates().len();
        let mut states = vec![State::Continuing; candidates];
        for withdrawn in race.withdrawn {
            states[*withdrawn] = State::Out;
        }
        let quota = papers.valid / (u64::from(race.seats) + 1) + 1;
        let mut counting = Self {
            papers,
            seats: usize::try_from(race.seats).unwrap_or(usize::MAX),
            quota: whole(quota)?,
            states,
            votes: vec![0; candidates],
            piles: vec![Vec::new(); candidates],
            non_transferable: 0,
            lost: 0,
            stages: Vec::new(),
        };
        let mut piles = vec![Vec::new(); candidates];
        for paper in 0..papers.len() {
            let first = papers.preferences(paper)[0];
            counting.votes[first] = add(counting.votes[first], whole(papers.weight(paper))?)?;
            piles[first].push(Held {
                paper,
                at: 0,
                value: VOTE,
            });
        }
        counting.piles = piles;
        counting.record(Act::FirstPreferences, None, None);
        Ok(counting)
    }

    fn run(&mut self, lot: Option<&Lot>) -> Result<Option<LotNeeded>, StvError> {
        loop {
            self.elect_by_quota();
            if self.vacancies() == 0 || self.fill_last_vacancies() {
                return Ok(None);
            }
            let (choice, among) = self.next();
            let (chosen, tie) = match choose(&among, choice, &self.stages, lot) {
                Ok(chosen) => chosen,
                Err(needed) => return Ok(Some(needed)),
            };
            match choice {
                Choice::Surplus => self.transfer_surplus(chosen, tie)?,
                Choice::Exclusion => self.exclude(chosen, tie)?,
            }
        }
    }

    fn vacancies(&self) -> usize {
        let filled: usize = self.stages.iter().map(|stage| stage.elected.len()).sum();
        self.seats.saturating_sub(filled)
    }

    fn continuing(&self) -> Vec<Candidate> {
        let all = 0..self.states.len();
        all.filter(|candidate| self.states[*candidate] == State::Continuing)
            .collect()
    }

    /// Rule 47.
    fn elect_by_quota(&mut self) {
        let mut reached = self.continuing();
        reached.retain(|candidate| self.votes[*candidate] >= self.quota);
        self.elect(reached, Seat::Quota);
    }

    /// Rule 52.
    fn fill_last_vacancies(&mut self) -> bool {
        let continuing = self.continuing();
        let last = continuing.len() <= self.vacancies();
        if last {
            self.elect(continuing, Seat::LastVacancy);
        }
        last
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

    /// Whose papers are to be transferred next, if votes alone decide: the largest surplus
    /// (rule 49), else the fewest votes (rule 50).
    fn next(&self) -> (Choice, Vec<Candidate>) {
        let elected = (0..self.states.len())
            .filter(|candidate| self.states[*candidate] == State::Elected)
            .filter(|candidate| self.votes[*candidate] > self.quota);
        let largest = elected.clone().map(|candidate| self.votes[candidate]).max();
        if let Some(largest) = largest {
            let among = elected.filter(|candidate| self.votes[*candidate] == largest);
            return (Choice::Surplus, among.collect());
        }
        let mut among = self.continuing();
        let fewest = among.iter().map(|candidate| self.votes[*candidate]).min();
        among.retain(|candidate| Some(self.votes[*candidate]) == fewest);
        (Choice::Exclusion, among)
    }

    /// Rule 48.
    fn transfer_surplus(&mut self, of: Candidate, tie: Option<Tie>) -> Result<(), StvError> {
        let had = self.votes[of];
        let surplus = had - self.quota;
        self.votes[of] = self.quota;
        let transfers = self.pass_on(of, |value| {
            let share = surplus
                .checked_mul(value.into())
                .ok_or(StvError::Overflow)?
                / had;
            u32::try_from(share).map_err(|_| StvError::Overflow)
        })?;
        let passed: i128 = transfers.iter().map(|transfer| transfer.votes.raw()).sum();
        self.lost = add(self.lost, surplus - passed)?;
        let act = Act::Surplus {
            of,
            had: decimal(had),
            surplus: decimal(surplus),
            transfers,
        };
        self.record(act, tie, None);
        Ok(())
    }

    /// Rules 50(2) to 50(4).
    fn exclude(&mut self, of: Candidate, tie: Option<Tie>) -> Result<(), StvError> {
        let had = self.votes[of];
        self.votes[of] = 0;
        self.states[of] = State::Out;
        let transfers = self.pass_on(of, Ok)?;
        let act = Act::Exclusion {
            of,
            had: decimal(had),
            transfers,
        };
        self.record(act, tie, Some(of));
        Ok(())
    }

    /// Sorts a candidate's papers by their next preference, and gives each its new value.
    fn pass_on(
        &mut self,
        of: Candidate,
        revalue: impl Fn(u32) -> Result<u32, StvError>,
    ) -> Result<Vec<Transfer>, StvError> {
        // The values of a pile are few; its papers are many.
        let mut values: BTreeMap<u32, u32> = BTreeMap::new();
        let mut parcels: BTreeMap<(Option<Candidate>, u32), u64> = BTreeMap::new();
        for held in std::mem::take(&mut self.piles[of]) {
            let value = match values.get(&held.value) {
                Some(value) => *value,
                None => *values.entry(held.value).or_insert(revalue(held.value)?),
            };
            let after = held.at + 1;
            let rest = &self.papers.preferences(held.paper)[after..];
            let next = rest
                .iter()
                .position(|other| self.states[*other] == State::Continuing);
            let to = next.map(|skipped| rest[skipped]);
            let parcel = parcels.entry((to, value)).or_default();
            let weight = self.papers.weight(held.paper);
            *parcel = parcel.checked_add(weight).ok_or(StvError::Overflow)?;
            if let (Some(to), Some(skipped)) = (to, next) {
                self.piles[to].push(Held {
                    paper: held.paper,
                    at: after + skipped,
                    value,
                });
            }
        }
        let mut transfers = Vec::with_capacity(parcels.len());
        for ((to, value), papers) in parcels {
            let votes = i128::from(papers)
                .checked_mul(value.into())
                .ok_or(StvError::Overflow)?;
            let side = match to {
                Some(to) => &mut self.votes[to],
                None => &mut self.non_transferable,
            };
            *side = add(*side, votes)?;
            transfers.push(Transfer {
                to,
                papers,
                value: decimal(value.into()),
                votes: decimal(votes),
            });
        }
        // Nobody comes last, and the greater value first.
        transfers.sort_by_key(|transfer| {
            (
                transfer.to.is_none(),
                transfer.to,
                std::cmp::Reverse(transfer.value.raw()),
            )
        });
        Ok(transfers)
    }

    fn record(&mut self, act: Act, tie: Option<Tie>, excluded: Option<Candidate>) {
        let number = self.stages.last().map_or(1, |stage| stage.number + 1);
        self.stages.push(Stage {
            number,
            act,
            quota: decimal(self.quota),
            votes: self.votes.iter().map(|votes| decimal(*votes)).collect(),
            non_transferable: decimal(self.non_transferable),
            lost: decimal(self.lost),
            tie,
            elected: Vec::new(),
            excluded,
        });
    }
}

fn decimal(raw: i128) -> Decimal {
    Decimal::new(raw, PLACES)
}

fn whole(votes: u64) -> Result<i128, StvError> {
    i128::from(votes)
        .checked_mul(VOTE.into())
        .ok_or(StvError::Overflow)
}

fn add(one: i128, other: i128) -> Result<i128, StvError> {
    one.checked_add(other).ok_or(StvError::Overflow)
}
