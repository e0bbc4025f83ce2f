//! Why a predicate holds, or does not.

use std::fmt;

use crate::node::{Leaf, Node, Operand, Scope, find};
use crate::syntax::Quantifier;
use crate::value::Value;

/// Why a predicate holds for an item, or does not: the parts that alone decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether it holds.
    pub holds: bool,
    /// The parts that make it so. Had each of them come out otherwise, so would the whole.
    pub reasons: Vec<Reason>,
}

/// A part of a predicate that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The part, as it is written.
    pub said: String,
    /// Whether this part holds.
    pub holds: bool,
    /// The fields in it and what they hold.
    pub found: Vec<(String, String)>,
    /// Of `any`, `all` and `none`: elements that decide, by their place from 1, the first few.
    pub elements: Vec<(usize, Explanation)>,
}

/// How many elements are named.
const NAMED: usize = 3;

pub(crate) fn explain(node: &Node, scope: &Scope<'_>) -> Explanation {
    match node {
        Node::Not(inner) => {
            let inner = explain(inner, scope);
            Explanation {
                holds: !inner.holds,
                reasons: inner.reasons,
            }
        }
        Node::And(parts) => several(parts, false, scope),
        Node::Or(parts) => several(parts, true, scope),
        Node::Leaf(leaf) => {
            let reason = reason(leaf, scope);
            Explanation {
                holds: reason.holds,
                reasons: vec![reason],
            }
        }
    }
}

/// Parts of which one that comes out `alone` decides.
fn several(parts: &[Node], alone: bool, scope: &Scope<'_>) -> Explanation {
    let parts: Vec<Explanation> = parts.iter().map(|part| explain(part, scope)).collect();
    let decided = parts.iter().any(|part| part.holds == alone);
    let holds = decided == alone;
    let deciding = parts.into_iter().filter(|part| part.holds == holds);
    Explanation {
        holds,
        reasons: deciding.flat_map(|part| part.reasons).collect(),
    }
}

fn reason(leaf: &Leaf, scope: &Scope<'_>) -> Reason {
    let mut found = Vec::new();
    for operand in leaf.operands() {
        if !matches!(operand, Operand::Constant(_)) {
            found.push((operand.to_string(), operand.value(scope).to_string()));
        }
    }
    Reason {
        said: leaf.to_string(),
        holds: leaf.holds(scope),
        found,
        elements: elements(leaf, scope),
    }
}

/// The first elements that decide: those that hold for `any` and `none`, those that do not for
/// `all`. If there are none, no element decides alone.
fn elements(leaf: &Leaf, scope: &Scope<'_>) -> Vec<(usize, Explanation)> {
    let Leaf::Each(quantifier, list, body) = leaf else {
        return Vec::new();
    };
    let deciding = !matches!(quantifier, Quantifier::All);
    let list: Value<'_> = list.value(scope);
    let (mut named, mut place) = (Vec::new(), 0);
    find(&list, scope, &mut |inner| {
        place += 1;
        if body.holds(inner) == deciding {
            named.push((place, explain(body, inner)));
        }
        named.len() == NAMED
    });
    named
}

impl Explanation {
    fn lines(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        for (place, reason) in self.reasons.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            reason.lines(f, indent)?;
        }
        Ok(())
    }
}

impl Reason {
    fn lines(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let holds = if self.holds { "holds" } else { "does not hold" };
        write!(f, "{:indent$}`{}` {holds}", "", self.said)?;
        for (place, (field, value)) in self.found.iter().enumerate() {
            let sign = if place == 0 { ": " } else { ", " };
            write!(f, "{sign}`{field}` is {value}")?;
        }
        for (place, element) in &self.elements {
            write!(f, "\n{:indent$}  element {place}:\n", "")?;
            element.lines(f, indent + 4)?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    /// A line a reason, those of elements below it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, 0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, 0)
    }
}
