//! Ties, by an earlier stage or by lot.

use super::record::{Choice, LotNeeded, Stage, Tie, TieBreak, TieStep};
use crate::Candidate;

/// An order of candidates drawn by lot before the count, the luckiest first.
///
/// Of candidates whom nothing else tells apart, the first has their surplus transferred
/// first, and the last is excluded. It may leave out candidates; a tie with one of those
/// still needs a lot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lot {
    order: Vec<Candidate>,
}

impl Lot {
    /// An order, the luckiest first; where a candidate stands twice, the first place counts.
    pub fn new(order: Vec<Candidate>) -> Self {
        Self { order }
    }

    /// The order as given.
    pub fn order(&self) -> &[Candidate] {
        &self.order
    }

    fn place(&self, candidate: Candidate) -> Option<usize> {
        self.order.iter().position(|other| *other == candidate)
    }

    fn draw(&self, among: &[Candidate], choice: Choice) -> Option<Candidate> {
        let places: Option<Vec<(usize, Candidate)>> = among
            .iter()
            .map(|candidate| Some((self.place(*candidate)?, *candidate)))
            .collect();
        let places = places?.into_iter();
        let drawn = match choice {
            Choice::Surplus => places.min(),
            Choice::Exclusion => places.max(),
        };
        drawn.map(|(_, candidate)| candidate)
    }
}

/// Chooses one of the candidates, who now have equally many votes, by the stages so far and
/// then by lot; no tie if there is but one.
pub(super) fn choose(
    tied: &[Candidate],
    choice: Choice,
    stages: &[Stage],
    lot: Option<&Lot>,
) -> Result<(Candidate, Option<Tie>), LotNeeded> {
    let mut left = tied.to_vec();
    if let [only] = left[..] {
        return Ok((only, None));
    }
    let mut steps = Vec::new();
    for stage in stages.iter().rev() {
        let votes = |candidate: &Candidate| stage.votes[*candidate].raw();
        let extreme = match choice {
            Choice::Surplus => left.iter().map(votes).max(),
            Choice::Exclusion => left.iter().map(votes).min(),
        };
        let before = left.len();
        left.retain(|candidate| Some(votes(candidate)) == extreme);
        if left.len() < before {
            let by = TieBreak::Stage(stage.number);
            let left = left.clone();
            steps.push(TieStep { by, left });
        }
        if left.len() == 1 {
            break;
        }
    }
    if left.len() > 1 {
        let Some(drawn) = lot.and_then(|lot| lot.draw(&left, choice)) else {
            let stage = stages.last().map_or(1, |stage| stage.number + 1);
            return Err(LotNeeded {
                stage,
                choice,
                tied: left,
            });
        };
        left = vec![drawn];
        steps.push(TieStep {
            by: TieBreak::Lot,
            left: left.clone(),
        });
    }
    let tie = Tie {
        choice,
        tied: tied.to_vec(),
        steps,
        chosen: left[0],
    };
    Ok((left[0], Some(tie)))
}
