//! The connections of an estate's items.

use std::collections::{HashMap, HashSet, VecDeque};

use base::Span;

use crate::kinds::{KindId, Tables};
use crate::people::{AddressBook, Addressee};
use crate::reference::Relation;

/// An item in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// One item naming another.
#[derive(Debug, Clone)]
pub struct Link {
    /// The item that names.
    pub from: NodeId,
    /// The item named.
    pub to: NodeId,
    /// How they are related.
    pub relation: Relation,
    /// Where that is written.
    pub span: Span,
    /// Why, in the writer's words.
    pub why: Option<String>,
}

/// Every item and every reference between two of them.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<(KindId, String)>,
    /// A map a kind, so that a name is looked up without a copy of it.
    places: HashMap<KindId, HashMap<String, NodeId>>,
    links: Vec<Link>,
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
}

impl Graph {
    pub(crate) fn of(tables: &Tables, book: &AddressBook) -> Self {
        let mut graph = Self::default();
        // Nodes stand in the order of the tables: an item's is that of its kind's first, and its place.
        let mut starts: HashMap<KindId, usize> = HashMap::new();
        tables.each(&mut |item| {
            let node = NodeId(graph.nodes.len());
            starts.entry(item.kind).or_insert(node.0);
            graph.nodes.push((item.kind, item.name.to_owned()));
            let places = graph.places.entry(item.kind).or_default();
            places.insert(item.name.to_owned(), node);
        });
        graph.outgoing.resize(graph.nodes.len(), Vec::new());
        graph.incoming.resize(graph.nodes.len(), Vec::new());
        let mut next = 0;
        tables.each(&mut |item| {
            let from = NodeId(next);
            next += 1;
            item.references(&mut |reference| {
                let place = tables.place(reference.kind, reference.name);
                let start = starts.get(&reference.kind);
                let Some((place, start)) = place.zip(start) else {
                    return;
                };
                let to = NodeId(start + place);
                let why = reference.why.map(str::to_owned);
                graph.link(Link {
                    from,
                    to,
                    relation: reference.relation,
                    span: reference.span,
                    why,
                });
            });
        });
        graph.link_addresses(tables, book);
        graph
    }

    fn link_addresses(&mut self, tables: &Tables, book: &AddressBook) {
        for group in tables.mailing_groups.items() {
            let Some(from) = self.node(KindId::MailingGroup, &group.name) else {
                continue;
            };
            for (role, email) in group.value.addresses() {
                let to = match book.whose(email) {
                    Some(Addressee::Person(name)) => self.node(KindId::Person, name),
                    Some(Addressee::MailingGroup(name)) => self.node(KindId::MailingGroup, name),
                    None => None,
                };
                let relation = if role == "member" {
                    Relation::HasMember
                } else {
                    Relation::HasMaintainer
                };
                if let Some(to) = to {
                    self.link(Link {
                        from,
                        to,
                        relation,
                        span: email.span,
                        why: None,
                    });
                }
            }
        }
    }

    fn link(&mut self, link: Link) {
        let at = self.links.len();
        if let Some(out) = self.outgoing.get_mut(link.from.0) {
            out.push(at);
        }
        if let Some(into) = self.incoming.get_mut(link.to.0) {
            into.push(at);
        }
        self.links.push(link);
    }

    /// The node of an item, by its own name.
    pub fn node(&self, kind: KindId, name: &str) -> Option<NodeId> {
        self.places.get(&kind)?.get(name).copied()
    }

    /// The kind and name of a node.
    pub fn item(&self, node: NodeId) -> (KindId, &str) {
        self.nodes
            .get(node.0)
            .map_or((KindId::Service, ""), |(kind, name)| (*kind, name))
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All references between two items.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What an item names.
    pub fn outgoing(&self, node: NodeId) -> impl Iterator<Item = &Link> {
        self.outgoing
            .get(node.0)
            .into_iter()
            .flatten()
            .filter_map(|&at| self.links.get(at))
    }

    /// What names an item.
    pub fn incoming(&self, node: NodeId) -> impl Iterator<Item = &Link> {
        self.incoming
            .get(node.0)
            .into_iter()
            .flatten()
            .filter_map(|&at| self.links.get(at))
    }

    /// The shortest way from one item to another along references; empty from
    /// an item to itself, `None` where there is none.
    pub fn path(&self, from: NodeId, to: NodeId) -> Option<Vec<&Link>> {
        self.path_along(from, to, &|_| true)
    }

    /// The shortest way along the references that count.
    pub fn path_along(
        &self,
        from: NodeId,
        to: NodeId,
        counts: &dyn Fn(&Link) -> bool,
    ) -> Option<Vec<&Link>> {
        let mut reached_by: HashMap<NodeId, &Link> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            if node == to {
                break;
            }
            for link in self.outgoing(node).filter(|link| counts(link)) {
                if link.to != from && !reached_by.contains_key(&link.to) {
                    reached_by.insert(link.to, link);
                    queue.push_back(link.to);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = to;
        while at != from {
            let link = reached_by.get(&at)?;
            way.push(*link);
            at = link.from;
        }
        way.reverse();
        Some(way)
    }

    /// Groups of items that reach each other along the links that count, each
    /// of more than one item or with a link to itself. Tarjan's algorithm
    /// (SIAM J. Comput. 1972), without recursion.
    pub fn cycles(&self, counts: &dyn Fn(&Link) -> bool) -> Vec<Vec<NodeId>> {
        let mut search = Components {
            graph: self,
            counts,
            index: vec![None; self.nodes.len()],
            low: vec![0; self.nodes.len()],
            on_stack: HashSet::new(),
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        };
        for start in 0..self.nodes.len() {
            if search.index.get(start).is_some_and(Option::is_none) {
                search.from(NodeId(start));
            }
        }
        search.found.sort();
        search.found
    }
}

struct Components<'g> {
    graph: &'g Graph,
    counts: &'g dyn Fn(&Link) -> bool,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: HashSet<NodeId>,
    stack: Vec<NodeId>,
    next: usize,
    found: Vec<Vec<NodeId>>,
}

impl Components<'_> {
    fn targets(&self, node: NodeId) -> Vec<NodeId> {
        self.graph
            .outgoing(node)
            .filter(|link| (self.counts)(link))
            .map(|link| link.to)
            .collect()
    }

    fn open(&mut self, node: NodeId) -> (NodeId, Vec<NodeId>) {
        self.index[node.0] = Some(self.next);
        self.low[node.0] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack.insert(node);
        (node, self.targets(node))
    }

    fn from(&mut self, start: NodeId) {
        let mut work = vec![self.open(start)];
        while let Some((node, targets)) = work.last_mut() {
            let node = *node;
            if let Some(target) = targets.pop() {
                match self.index[target.0] {
                    None => work.push(self.open(target)),
                    Some(index) if self.on_stack.contains(&target) => {
                        self.low[node.0] = self.low[node.0].min(index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            work.pop();
            if let Some((parent, _)) = work.last() {
                self.low[parent.0] = self.low[parent.0].min(self.low[node.0]);
            }
            if self.index[node.0] == Some(self.low[node.0]) {
                self.close(node);
            }
        }
    }

    fn close(&mut self, root: NodeId) {
        let mut component = Vec::new();
        while let Some(node) = self.stack.pop() {
            self.on_stack.remove(&node);
            component.push(node);
            if node == root {
                break;
            }
        }
        if component.len() > 1 || self.targets(root).contains(&root) {
            component.sort();
            self.found.push(component);
        }
    }
}
