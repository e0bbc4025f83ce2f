//! Numbers of which none makes no sense.

use yaml::{Decoding, FromYaml, Node, Shape};

/// A whole number, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Count(u32);

impl Count {
    /// 1.
    pub const ONE: Self = Self(1);

    /// A number, if it is at least 1.
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl FromYaml for Count {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let number = u32::from_yaml(node, cx)?;
        Self::new(number).or_else(|| {
            cx.bad_value(
                node.span,
                "0 is too few here",
                "write 1 or more, or remove the key",
            )
        })
    }

    fn shape() -> Shape {
        Shape::Whole
    }
}
