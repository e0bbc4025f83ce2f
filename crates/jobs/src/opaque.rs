//! What a file says and this crate has no use for: kept as it stands.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use yaml::{Decoding, FromYaml, Node, Reading, Shape, Value, reads_as};

/// A part of a file that is known and not looked into. Compares by what it says, not by where.
#[derive(Debug, Clone)]
pub struct Opaque(Box<Node>);

impl Opaque {
    /// What was written.
    pub fn node(&self) -> &Node {
        &self.0
    }
}

impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar { text: a, .. }, Value::Scalar { text: b, .. }) => a == b,
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Mapping(entries), Value::Mapping(others)) => {
            let found = |(key, value): &(Node, Node)| {
                let mut others = others.iter();
                others.any(|(name, other)| name.text() == key.text() && same(value, other))
            };
            entries.len() == others.len() && entries.iter().all(found)
        }
        _ => a.is_null() && b.is_null(),
    }
}

impl FromYaml for Opaque {
    fn from_yaml(node: &Node, _: &mut Decoding) -> Option<Self> {
        Some(Self(Box::new(node.clone())))
    }

    fn shape() -> Shape {
        Shape::Map(Box::new(Shape::Text))
    }
}

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(&self.0).serialize(serializer)
    }
}

struct Written<'n>(&'n Node);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            _ if self.0.is_null() => serializer.serialize_none(),
            Value::Empty => serializer.serialize_none(),
            Value::Include(text) => serializer.serialize_str(text),
            Value::Scalar { text, plain } => match (plain, reads_as(text), text.parse::<i64>()) {
                (true, Reading::Boolean, _) => {
                    serializer.serialize_bool(text.eq_ignore_ascii_case("true"))
                }
                (true, Reading::Whole, Ok(number)) => serializer.serialize_i64(number),
                _ => serializer.serialize_str(text),
            },
            Value::Sequence(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(&Written(item))?;
                }
                sequence.end()
            }
            Value::Mapping(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key.text().unwrap_or(""), &Written(value))?;
                }
                map.end()
            }
        }
    }
}
