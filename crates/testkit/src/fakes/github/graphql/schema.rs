//! GitHub's GraphQL types, as far as we have them.

use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The extract that `vendor/trim.py` makes.
const GRAPHQL: &str = include_str!("../../../../vendor/github-graphql.json");

/// All types, by name.
#[derive(Debug)]
pub(super) struct Types {
    named: Map<String, Value>,
}

/// The types, read once.
pub(super) fn types() -> &'static Types {
    static READ: OnceLock<Types> = OnceLock::new();
    READ.get_or_init(|| Types {
        named: serde_json::from_str(GRAPHQL).expect("the extract is an object"),
    })
}

/// A type without what is around its name: `[User!]!` is `User`.
pub(super) fn bare(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}

impl Types {
    /// The field of a type: its `type` and `args`.
    pub(super) fn field(&'static self, of: &str, name: &str) -> Option<&'static Value> {
        self.named.get(of)?["fields"].get(name)
    }

    /// Whether there is such a type.
    pub(super) fn has(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// `OBJECT`, `ENUM`, `SCALAR`, `INTERFACE`, `UNION` or `INPUT_OBJECT`.
    pub(super) fn kind(&self, name: &str) -> &str {
        let found = self.named.get(name);
        found
            .and_then(|found| found["kind"].as_str())
            .unwrap_or_default()
    }

    /// Whether a type has no fields to select.
    pub(super) fn is_leaf(&self, name: &str) -> bool {
        matches!(self.kind(name), "ENUM" | "SCALAR")
    }

    /// The values of an enumeration.
    pub(super) fn values(&self, name: &str) -> Vec<&str> {
        let found = self
            .named
            .get(name)
            .and_then(|found| found["values"].as_array());
        found
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The members of an input object.
    pub(super) fn inputs(&'static self, name: &str) -> Option<&'static Map<String, Value>> {
        self.named.get(name)?["inputs"].as_object()
    }

    /// Whether a thing of one type can be one of another.
    pub(super) fn overlap(&self, one: &str, other: &str) -> bool {
        let possible = |name: &str| -> Vec<String> {
            let found = self
                .named
                .get(name)
                .and_then(|found| found["possible"].as_array());
            match found {
                Some(all) => all
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                None => vec![name.to_owned()],
            }
        };
        let others = possible(other);
        one == other || possible(one).iter().any(|name| others.contains(name))
    }
}
