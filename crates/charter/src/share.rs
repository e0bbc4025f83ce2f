//! Shares of a whole, exactly.

use yaml::{Decoding, FromYaml, Node, Shape, choice};

/// A fraction of whole numbers, at most one, as `1/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Above the line.
    pub numerator: u32,
    /// Below the line, not zero.
    pub denominator: u32,
}

choice! {
    /// How a share is compared: the fence post is part of the rule.
    pub enum Relation {
        /// Exactly the share is allowed.
        AtMost = "at-most",
        /// Exactly the share is too much.
        LessThan = "less-than",
    }
}

impl Share {
    /// Whether `part` of `whole` is allowed.
    pub fn allows(self, part: usize, whole: usize, relation: Relation) -> bool {
        let left = part as u128 * u128::from(self.denominator);
        let right = whole as u128 * u128::from(self.numerator);
        match relation {
            Relation::AtMost => left <= right,
            Relation::LessThan => left < right,
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl serde::Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Share {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Some(text) = node.text() else {
            return cx.wrong_type(node, "a share such as 1/3");
        };
        let parts = text
            .split_once('/')
            .and_then(|(n, d)| Some((n.parse().ok()?, d.parse().ok()?)));
        match parts {
            Some((numerator, denominator)) if denominator > 0 && numerator <= denominator => {
                Some(Self {
                    numerator,
                    denominator,
                })
            }
            _ => cx.bad_value(
                node.span,
                format!("\"{text}\" is not a share"),
                "write two whole numbers, at most one whole, such as 1/3",
            ),
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a share such as 1/3",
            pattern: "^[0-9]+/[1-9][0-9]*$",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Relation, Share};

    #[test]
    fn the_fence_post_is_where_the_relation_says() {
        let third = Share {
            numerator: 1,
            denominator: 3,
        };
        for (part, whole, at_most, less_than) in [
            (1, 3, true, false),
            (2, 6, true, false),
            (2, 5, false, false),
            (1, 4, true, true),
            (0, 0, true, false),
            (3, 7, false, false),
            (2, 7, true, true),
        ] {
            assert_eq!(
                third.allows(part, whole, Relation::AtMost),
                at_most,
                "{part}/{whole}"
            );
            assert_eq!(
                third.allows(part, whole, Relation::LessThan),
                less_than,
                "{part}/{whole}"
            );
        }
    }
}
