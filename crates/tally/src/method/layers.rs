//! From comparisons to places.

use crate::Candidate;
use crate::method::Layers;

/// Places those whom none of the others beats, then the same among the rest. If all that are
/// left are beaten, they share the place.
pub(super) fn by_layers(size: usize, beats: impl Fn(Candidate, Candidate) -> bool) -> Layers {
    let mut left: Vec<Candidate> = (0..size).collect();
    let mut layers = Layers::new();
    while !left.is_empty() {
        let unbeaten = |one: &Candidate| !left.iter().any(|other| beats(*other, *one));
        let mut layer: Vec<Candidate> = left.iter().copied().filter(unbeaten).collect();
        if layer.is_empty() {
            layer.clone_from(&left);
        }
        left.retain(|one| !layer.contains(one));
        layers.push(layer);
    }
    layers
}

/// Places by a score, the least first.
pub(super) fn by_score<S: Ord>(size: usize, score: impl Fn(Candidate) -> S) -> Layers {
    let mut order: Vec<Candidate> = (0..size).collect();
    order.sort_by_key(|one| score(*one));
    order
        .chunk_by(|one, other| score(*one) == score(*other))
        .map(<[Candidate]>::to_vec)
        .collect()
}
