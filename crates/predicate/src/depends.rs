//! What a predicate looks at.

use std::collections::BTreeSet;

use crate::node::{Leaf, Node, Operand};
use crate::syntax::Step;

impl Node {
    /// The fields of the outermost item that are looked at from so many elements within.
    pub(crate) fn fields<'n>(&'n self, depth: usize, fields: &mut BTreeSet<&'n str>) {
        self.each_operand(depth, &mut |operand, depth| {
            if let Operand::Path { out, steps, .. } = operand
                && *out == depth
                && let Some(Step::Field(name)) = steps.first()
            {
                fields.insert(name);
            }
        });
    }

    pub(crate) fn depends_on_day(&self) -> bool {
        let mut depends = false;
        self.each_operand(0, &mut |operand, _| {
            depends |= matches!(operand, Operand::Today(..));
        });
        depends
    }

    fn each_operand<'n>(&'n self, depth: usize, seen: &mut dyn FnMut(&'n Operand, usize)) {
        match self {
            Self::Not(inner) => inner.each_operand(depth, seen),
            Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.each_operand(depth, seen);
                }
            }
            Self::Leaf(leaf) => {
                for operand in leaf.operands() {
                    operand.each(depth, seen);
                }
                if let Leaf::Each(_, _, body) = leaf {
                    body.each_operand(depth + 1, seen);
                }
            }
        }
    }
}

impl Operand {
    fn each<'n>(&'n self, depth: usize, seen: &mut dyn FnMut(&'n Operand, usize)) {
        seen(self, depth);
        if let Self::Count(list, body) = self {
            list.each(depth, seen);
            if let Some(body) = body {
                body.each_operand(depth + 1, seen);
            }
        }
    }
}

impl Leaf {
    /// What it asks the values of.
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Truth(one)
            | Self::There(one)
            | Self::Among(one, ..)
            | Self::Like(one, ..)
            | Self::Is(one, ..)
            | Self::Each(_, one, _) => vec![one],
            Self::Compare(one, _, two) | Self::Part(one, two, _) => vec![one, two],
            Self::Within { element, whole, .. } => vec![element, whole],
        }
    }
}
