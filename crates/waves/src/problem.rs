//! What is to be moved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, Weekday};

/// What is to be moved, what holds it together, and who moves it when.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Who moves things.
    pub owners: Vec<Owner>,
    /// What is moved.
    pub nodes: Vec<Node>,
    /// What must move together, or in order.
    pub hard: Vec<Hard>,
    /// What needs a bridge while one end has moved and the other has not.
    pub soft: Vec<Soft>,
    /// When nothing is moved.
    pub freezes: Vec<Freeze>,
    /// Days of the week on which nobody works.
    pub off: Vec<Weekday>,
    /// The first day of the first wave.
    pub start: Date,
    /// How much a wave may take.
    pub limits: Limits,
    /// Nodes that have moved before the first wave: what holds others is free of them, and their
    /// bridges stand until the other end has moved too.
    pub moved: BTreeSet<usize>,
    /// What if: nodes that are left where they are, with everything that hangs on them let go.
    pub without: BTreeSet<usize>,
    /// What if: nodes that no wave moves before a day.
    pub after: BTreeMap<usize, Date>,
}

/// Somebody who moves things.
#[derive(Debug, Clone, PartialEq)]
pub struct Owner {
    /// What they are called.
    pub name: String,
    /// How much effort they have for it on a day that is not frozen, in the unit of efforts.
    pub capacity: f64,
}

/// Something that is moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is called.
    pub name: String,
    /// What the move takes, in days of one person or any other unit, at least 0.
    pub effort: f64,
    /// Who moves it: a place in [`Problem::owners`].
    pub owner: usize,
    /// What it takes each working day until its wave begins, at least 0: the old place is kept up.
    pub rent: f64,
}

/// A hard edge between two places in [`Problem::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hard {
    /// Both move in one wave.
    Together(usize, usize),
    /// The first moves in an earlier wave; in a cycle of such edges, all move together.
    Before(usize, usize),
}

/// A soft edge between two places in [`Problem::nodes`]; its direction does not matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soft {
    /// One end.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// The effort that a bridge between them takes a working day, at least 0.
    pub per_day: f64,
}

/// Days on which nothing is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freeze {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// For whom; nothing for all.
    pub owner: Option<usize>,
}

/// How much a wave may take. A group that alone takes longer is the only one of its owners' then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many working days a wave may take each owner, at least 1.
    pub days: u32,
    /// How many groups may move in a wave, at least 1.
    pub groups: usize,
}

impl Default for Limits {
    /// Four weeks of twenty working days, and any number of groups.
    fn default() -> Self {
        Self {
            days: 20,
            groups: usize::MAX,
        }
    }
}

impl Problem {
    /// The same without some nodes.
    pub fn without(mut self, nodes: impl IntoIterator<Item = usize>) -> Self {
        self.without.extend(nodes);
        self
    }

    /// The same where some nodes are not moved before a day.
    pub fn after(mut self, day: Date, nodes: impl IntoIterator<Item = usize>) -> Self {
        for node in nodes {
            let known = self.after.entry(node).or_insert(day);
            *known = day.max(*known);
        }
        self
    }

    /// Whether a wave moves a node.
    pub(crate) fn moves(&self, node: usize) -> bool {
        !self.without.contains(&node) && !self.has_moved(node)
    }

    /// Whether a node has moved before the first wave.
    pub(crate) fn has_moved(&self, node: usize) -> bool {
        self.moved.contains(&node) && !self.without.contains(&node)
    }

    /// Everything in it that makes no sense, in the order of its fields.
    pub(crate) fn flaws(&self) -> Vec<Flaw> {
        let amount = |number: f64| number.is_finite() && number >= 0.0;
        let mut flaws = Vec::new();
        for (place, owner) in self.owners.iter().enumerate() {
            if !amount(owner.capacity) || owner.capacity == 0.0 {
                flaws.push(Flaw::Capacity(place));
            }
        }
        for (place, node) in self.nodes.iter().enumerate() {
            if !amount(node.effort) || !amount(node.rent) {
                flaws.push(Flaw::Effort(place));
            }
            if node.owner >= self.owners.len() {
                flaws.push(Flaw::NoOwner(place));
            }
        }
        let known = |node: usize| node < self.nodes.len();
        for (place, hard) in self.hard.iter().enumerate() {
            let (Hard::Together(one, other) | Hard::Before(one, other)) = *hard;
            if !known(one) || !known(other) {
                flaws.push(Flaw::HardEnd(place));
            }
        }
        for (place, soft) in self.soft.iter().enumerate() {
            if !known(soft.one) || !known(soft.other) {
                flaws.push(Flaw::SoftEnd(place));
            }
            if !amount(soft.per_day) {
                flaws.push(Flaw::Weight(place));
            }
        }
        for (place, freeze) in self.freezes.iter().enumerate() {
            let nobody = freeze.owner.is_some_and(|owner| owner >= self.owners.len());
            if freeze.until < freeze.from || nobody {
                flaws.push(Flaw::Freeze(place));
            }
        }
        if self.limits.days == 0 || self.limits.groups == 0 {
            flaws.push(Flaw::Limits);
        }
        flaws
    }
}

/// Something in a [`Problem`] that makes no sense; places are those in its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// An owner's capacity is not above 0.
    Capacity(usize),
    /// A node's effort or rent is below 0 or no number.
    Effort(usize),
    /// A node's owner is none of the owners.
    NoOwner(usize),
    /// An end of a hard edge is none of the nodes.
    HardEnd(usize),
    /// An end of a soft edge is none of the nodes.
    SoftEnd(usize),
    /// What a bridge takes is below 0 or no number.
    Weight(usize),
    /// A freeze ends before it begins, or is of nobody.
    Freeze(usize),
    /// A wave may take nothing.
    Limits,
    /// Freezes leave no end to a plan within a century.
    Endless,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capacity(place) => write!(f, "owner {place} has a capacity that is not above 0"),
            Self::Effort(place) => write!(f, "node {place} takes an effort that is below 0"),
            Self::NoOwner(place) => write!(f, "node {place} has an owner who is not listed"),
            Self::HardEnd(place) => {
                write!(f, "hard edge {place} ends at a node that is not listed")
            }
            Self::SoftEnd(place) => {
                write!(f, "soft edge {place} ends at a node that is not listed")
            }
            Self::Weight(place) => write!(f, "soft edge {place} takes an effort that is below 0"),
            Self::Freeze(place) => write!(
                f,
                "freeze {place} ends before it begins, or is of an owner who is not listed"
            ),
            Self::Limits => f.write_str("a wave must be allowed a day and a group"),
            Self::Endless => f.write_str("freezes leave no end to the plan within a century"),
        }
    }
}

impl std::error::Error for Flaw {}
