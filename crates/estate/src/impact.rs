//! What breaks when something goes.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::draft::Estate;
use crate::graph::{Link, NodeId};
use crate::kinds::{Kind, KindId};
use crate::reference::{Relation, Strength};

/// An item that feels the loss.
#[derive(Debug, Clone)]
pub struct Affected<'e> {
    /// The item.
    pub node: NodeId,
    /// Whether it stops.
    pub strength: Strength,
    /// The reasons, from this item to the one that goes.
    pub way: Vec<&'e Link>,
}

/// All that feels the loss of an item.
#[derive(Debug)]
pub struct Impact<'e> {
    /// The items, those that stop first, then the nearest first.
    pub affected: Vec<Affected<'e>>,
    /// The groups to warn, with the items for which each answers.
    pub warn: BTreeMap<String, Vec<NodeId>>,
}

impl Estate {
    /// What breaks or is weakened if an item goes: everything that breaks
    /// without it, without what breaks then, and so on; and what each of those
    /// weakens.
    pub fn impact(&self, gone: NodeId) -> Impact<'_> {
        let mut affected = self.closure(gone);
        let mut warn: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for each in &affected {
            for owner in self.answering(each.node) {
                let items = warn.entry(owner).or_default();
                if !items.contains(&each.node) {
                    items.push(each.node);
                }
            }
        }
        affected.sort_by_key(|each| (std::cmp::Reverse(each.strength), each.way.len(), each.node));
        Impact { affected, warn }
    }

    fn closure(&self, gone: NodeId) -> Vec<Affected<'_>> {
        let mut ways: HashMap<NodeId, (Strength, Vec<&Link>)> = HashMap::new();
        let mut queue = VecDeque::from([(gone, Vec::new())]);
        while let Some((node, way)) = queue.pop_front() {
            for link in self.graph.incoming(node) {
                let strength = link.relation.strength();
                let stronger = ways
                    .get(&link.from)
                    .is_none_or(|(known, _)| *known < strength);
                if link.from == gone || strength == Strength::Nothing || !stronger {
                    continue;
                }
                let mut longer = vec![link];
                longer.extend(&way);
                ways.insert(link.from, (strength, longer.clone()));
                if strength == Strength::Breaks {
                    queue.push_back((link.from, longer));
                }
            }
        }
        ways.into_iter()
            .map(|(node, (strength, way))| Affected {
                node,
                strength,
                way,
            })
            .collect()
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
        owners
            .map(|link| self.graph.item(link.to).1.to_owned())
            .collect()
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
