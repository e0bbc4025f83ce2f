//! Minimax, the method of Simpson and Kramer.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::outcome::WorstDefeat;
use super::{Evidence, Layers, Matrix, Strength, Unranked, Version};
use crate::Candidate;

/// Minimax: for each place, of those who have none yet, whoever no other of them beats, and if
/// they all are beaten, whose worst defeat is the weakest. Equally weak ones share the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minimax {
    /// Of these rules.
    pub version: Version,
    /// What no rank means.
    pub pairs: Unranked,
    /// What makes a defeat bad.
    pub strength: Strength,
}

impl Minimax {
    pub(super) fn rank(self, matrix: &Matrix) -> (Layers, Evidence) {
        let mut left: Vec<Candidate> = (0..matrix.size()).collect();
        let mut worst = vec![None; matrix.size()];
        let mut layers = Layers::new();
        while !left.is_empty() {
            let defeats: Vec<Option<WorstDefeat>> = left
                .iter()
                .map(|one| self.worst(matrix, *one, &left))
                .collect();
            let compare = |one: &Option<WorstDefeat>, other: &Option<WorstDefeat>| {
                let victory = |defeat: &Option<WorstDefeat>| defeat.map(|defeat| defeat.victory);
                self.strength.compare_any(victory(one), victory(other))
            };
            let Some(least) = defeats.iter().copied().min_by(compare) else {
                break;
            };
            let mut layer = Vec::new();
            for (one, defeat) in left.iter().zip(&defeats) {
                if compare(defeat, &least) == Ordering::Equal {
                    worst[*one] = *defeat;
                    layer.push(*one);
                }
            }
            left.retain(|one| !layer.contains(one));
            layers.push(layer);
        }
        (layers, Evidence::Minimax { worst })
    }

    pub(crate) fn worst(
        self,
        matrix: &Matrix,
        one: Candidate,
        among: &[Candidate],
    ) -> Option<WorstDefeat> {
        among
            .iter()
            .filter_map(|by| {
                let victory = matrix.victory(*by, one)?;
                Some(WorstDefeat { by: *by, victory })
            })
            .max_by(|one, other| {
                let stronger = self.strength.compare(one.victory, other.victory);
                // Of equals, the first on the ballot is named; the result is the same.
                stronger.then(other.by.cmp(&one.by))
            })
    }
}
