//! One form for all that says the same.

use serde_json::{Map, Value};

/// The normal form of a value: keys are sorted, and so are lists, which hold each value once.
///
/// Everything that is exported is a set where it is a list: the statements of a policy, the
/// values of a record set, the rules of a bucket. A system may tell them in any order.
pub fn normal(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .map(|(key, value)| (key, normal(value)))
                .collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let mut items: Vec<(String, Value)> = items
                .into_iter()
                .map(normal)
                .map(|item| (item.to_string(), item))
                .collect();
            items.sort_by(|(one, _), (other, _)| one.cmp(other));
            items.dedup_by(|(one, _), (other, _)| one == other);
            items.into_iter().map(|(_, item)| item).collect()
        }
        other => other,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Any value, not too deep.
    pub(crate) fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-c\"\\\\\n]{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-d]", inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// The same value with all keys and lists in another order.
    fn turned(value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().rev();
                Value::Object(
                    fields
                        .map(|(key, value)| (key.clone(), turned(value)))
                        .collect(),
                )
            }
            Value::Array(items) => items.iter().rev().map(turned).collect(),
            other => other.clone(),
        }
    }

    #[test]
    fn keys_and_lists_are_sorted() {
        let value = json!({"b": [3, 1, {"y": 1, "x": 2}, 1], "a": null});
        assert_eq!(
            normal(value).to_string(),
            r#"{"a":null,"b":[1,3,{"x":2,"y":1}]}"#
        );
    }

    proptest! {
        #[test]
        fn the_order_of_what_was_answered_does_not_matter(value in values()) {
            let form = normal(value.clone());
            prop_assert_eq!(normal(turned(&value)).to_string(), form.to_string());
        }

        #[test]
        fn what_is_normal_stays_as_it_is(value in values()) {
            let form = normal(value);
            prop_assert_eq!(normal(form.clone()).to_string(), form.to_string());
        }
    }
}
