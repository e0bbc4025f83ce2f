//! Copeland's method.

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};

use super::layers::by_score;
use super::{Evidence, Layers, Matrix, Unranked, Version};

/// Copeland's method: a point for each victory and half a point for each tie; a pair that no
/// ballot compares is a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copeland {
    /// Of these rules.
    pub version: Version,
    /// What no rank means.
    pub pairs: Unranked,
}

pub(super) fn rank(matrix: &Matrix) -> (Layers, Evidence) {
    let size = matrix.size();
    let half_points: Vec<u64> = (0..size)
        .map(|one| {
            let others = (0..size).filter(|other| *other != one);
            let points =
                others.map(
                    |other| match matrix.over(one, other).cmp(&matrix.over(other, one)) {
                        Ordering::Greater => 2,
                        Ordering::Equal => 1,
                        Ordering::Less => 0,
                    },
                );
            points.sum()
        })
        .collect();
    let layers = by_score(size, |one| Reverse(half_points[one]));
    (layers, Evidence::Copeland { half_points })
}
