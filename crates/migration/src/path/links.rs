//! References between items of an estate, as a move feels them.

use std::collections::BTreeMap;

use estate::kinds::Edge;
use estate::{Estate, KindId, Relation, Strength};

/// One thing that refers to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The thing that refers: its place among the things.
    pub from: usize,
    /// The thing it refers to.
    pub to: usize,
    /// How, as words between the two names.
    pub how: &'static str,
    /// Whether it can be bridged.
    pub grip: Grip,
    /// What a bridge for it takes, as a share of what one usually takes.
    pub share: f64,
    /// Why, in the words of whoever wrote it.
    pub why: Option<String>,
}

/// Whether a reference can be bridged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// It cannot: what is referred to moves first.
    Hard,
    /// It can, for a time.
    Soft,
}

/// What a bridge for a reference takes, as a share of what one usually takes, and whether there can
/// be one; nothing if a move does not feel the reference.
///
/// An app cannot run on a cluster that is not there, nor use a credential that nobody issues there,
/// nor be found under a name that nobody serves. All else reaches across.
fn felt(relation: Relation) -> Option<(Grip, f64)> {
    let optional = matches!(relation, Relation::Depends { optional: true, .. });
    let (grip, share) = match relation {
        Relation::Depends { how, .. } => match how {
            Edge::RunsOn | Edge::Credential | Edge::Dns => (Grip::Hard, 1.0),
            Edge::Calls | Edge::Reads | Edge::Writes => (Grip::Soft, 1.0),
            Edge::Image => (Grip::Soft, 0.5),
            Edge::DeploysBy => (Grip::Soft, 0.25),
        },
        other => match other.strength() {
            Strength::Breaks => (Grip::Hard, 1.0),
            Strength::Weakens => (Grip::Soft, 0.25),
            Strength::Nothing => return None,
        },
    };
    Some(if optional {
        (Grip::Soft, share / 2.0)
    } else {
        (grip, share)
    })
}

/// The references between items of a kind, by their names' places.
pub(super) fn between(
    estate: &Estate,
    kind: KindId,
    places: &BTreeMap<String, usize>,
) -> Vec<Link> {
    let graph = &estate.graph;
    let place = |node: estate::NodeId| {
        let (of, name) = graph.item(node);
        places.get(name).copied().filter(|_| of == kind)
    };
    let mut links: Vec<Link> = Vec::new();
    for link in graph.links() {
        let (Some(from), Some(to)) = (place(link.from), place(link.to)) else {
            continue;
        };
        if let Some((grip, share)) = felt(link.relation).filter(|_| from != to) {
            links.push(Link {
                from,
                to,
                how: link.relation.words(),
                grip,
                share,
                why: link.why.clone(),
            });
        }
    }
    links.sort_by_key(|link| (link.from, link.to));
    links
}

#[cfg(test)]
mod tests {
    use super::{Grip, felt};
    use estate::Relation;
    use estate::kinds::Edge;

    #[test]
    fn only_what_reaches_across_can_be_bridged() {
        let depends = |how, optional| felt(Relation::Depends { how, optional });
        for how in [Edge::RunsOn, Edge::Credential, Edge::Dns] {
            assert_eq!(depends(how, false), Some((Grip::Hard, 1.0)));
            assert_eq!(depends(how, true), Some((Grip::Soft, 0.5)));
        }
        for how in [Edge::Calls, Edge::Reads, Edge::Writes] {
            assert_eq!(depends(how, false), Some((Grip::Soft, 1.0)));
        }
        assert_eq!(depends(Edge::DeploysBy, false), Some((Grip::Soft, 0.25)));
        assert_eq!(felt(Relation::MovesFrom), None);
    }
}
