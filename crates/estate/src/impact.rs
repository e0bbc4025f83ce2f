//! What breaks when something goes.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::draft::Estate;
use crate::graph::{Link, NodeId};
use crate::kinds::{Kind, KindId};
use crate::reference::{Relation, Strength};

/// An item that feels the loss.
#[derive(Debug, Clone, Copy)]
pub struct Affected<'e> {
    /// The item.
    pub node: NodeId,
    /// Whether it stops.
    pub strength: Strength,
    /// Why: it names the item that goes, or one that stops for that.
    pub because: &'e Link,
    /// How many references lie between it and the item that goes.
    pub steps: usize,
}

/// All that feels the loss of an item.
#[derive(Debug)]
pub struct Impact<'e> {
    /// The items, those that stop first, then the nearest first.
    pub affected: Vec<Affected<'e>>,
    /// The groups to warn, with the items for which each answers.
    pub warn: BTreeMap<String, Vec<NodeId>>,
    gone: NodeId,
    places: HashMap<NodeId, usize>,
}

impl<'e> Impact<'e> {
    /// The reasons of an item, one after another, from it to the one that goes.
    pub fn way(&self, from: NodeId) -> impl Iterator<Item = &'e Link> {
        let mut at = from;
        std::iter::from_fn(move || {
            let place = self.places.get(&at).filter(|_| at != self.gone)?;
            let because = self.affected.get(*place)?.because;
            at = because.to;
            Some(because)
        })
    }
}

impl Estate {
    /// What breaks or is weakened if an item goes: everything that breaks
    /// without it, without what breaks then, and so on; and what each of those
    /// weakens.
    pub fn impact(&self, gone: NodeId) -> Impact<'_> {
        let mut affected = self.closure(gone);
        affected.sort_by_key(|each| (std::cmp::Reverse(each.strength), each.steps, each.node));
        let mut warn: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for each in &affected {
            for owner in self.answering(each.node) {
                warn.entry(owner).or_default().push(each.node);
            }
        }
        let places = affected
            .iter()
            .enumerate()
            .map(|(place, each)| (each.node, place));
        let places = places.collect();
        Impact {
            affected,
            warn,
            gone,
            places,
        }
    }

    fn closure(&self, gone: NodeId) -> Vec<Affected<'_>> {
        let mut found: HashMap<NodeId, Affected<'_>> = HashMap::new();
        let mut queue = VecDeque::from([(gone, 1)]);
        while let Some((node, steps)) = queue.pop_front() {
            for because in self.graph.incoming(node) {
                let strength = because.relation.strength();
                let known = found.get(&because.from);
                let stronger = known.is_none_or(|known| known.strength < strength);
                if because.from == gone || strength == Strength::Nothing || !stronger {
                    continue;
                }
                let affected = Affected {
                    node: because.from,
                    strength,
                    because,
                    steps,
                };
                found.insert(because.from, affected);
                if strength == Strength::Breaks {
                    queue.push_back((because.from, steps + 1));
                }
            }
        }
        found.into_values().collect()
    }

    /// The groups that answer for an item: its owners, or itself if it is one.
    pub fn answering(&self, node: NodeId) -> Vec<String> {
        let (kind, name) = self.graph.item(node);
        if kind == KindId::Group {
            return vec![name.to_owned()];
        }
        let owners = self
            .graph
            .outgoing(node)
            .filter(|link| link.relation == Relation::OwnedBy);
        let mut names: Vec<String> = owners
            .map(|link| self.graph.item(link.to).1.to_owned())
            .collect();
        names.dedup();
        names
    }
}

/// The node of an item in the graph of its estate.
impl Estate {
    /// The node of an item by kind and name or alias.
    pub fn node(&self, kind: KindId, name: &str) -> Option<NodeId> {
        let item = self.item(kind, name)?;
        self.graph.node(item.kind, item.name)
    }

    /// The node of an item of a known type.
    pub fn node_of<K: Kind>(&self, item: &crate::Item<K>) -> Option<NodeId> {
        self.graph.node(K::ID, &item.name)
    }
}
