//! JSON Schema, as `OpenAPI` 3.0 uses it in the descriptions that we have: enough to check a
//! value, and to make one complete.
//!
//! Kept here and small because a general validator does neither of the two things that a fake
//! needs: to find members that an open schema says nothing of, and to fill in what is required.

use serde_json::{Map, Number, Value, json};

/// Whether members that a schema does not name are faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// Only where the schema says so.
    AsDescribed,
    /// Always: what is not described does nothing, which the sender did not mean.
    OnlyDescribed,
}

/// Named schemas, and what is checked against them. A `$ref` holds the bare name.
#[derive(Debug, Clone, Copy)]
pub struct Schemas<'a> {
    named: &'a Map<String, Value>,
}

impl<'a> Schemas<'a> {
    /// These, by name.
    pub fn of(named: &'a Map<String, Value>) -> Self {
        Self { named }
    }

    /// What is wrong with a value, each with its path. Nothing, if it fits.
    pub fn faults(self, schema: &Value, value: &Value, members: Members) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, value, members, "", &mut faults);
        faults
    }

    fn resolved(self, mut schema: &'a Value) -> &'a Value {
        while let Some(name) = schema["$ref"].as_str() {
            schema = self.named.get(name).unwrap_or(&Value::Null);
        }
        schema
    }

    fn check(
        self,
        schema: &Value,
        value: &Value,
        members: Members,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        if let Some(name) = schema["$ref"].as_str() {
            if let Some(target) = self.named.get(name) {
                self.check(target, value, members, path, faults);
            } else {
                faults.push(format!("{path}: the schema {name} is not described"));
            }
            return;
        }
        if value.is_null() && schema["nullable"] == json!(true) {
            return;
        }
        for part in array(&schema["allOf"]) {
            self.check(part, value, Members::AsDescribed, path, faults);
        }
        // GitHub writes `oneOf` where more than one branch fits, so it is read as `anyOf`.
        for key in ["anyOf", "oneOf"] {
            let branches = array(&schema[key]);
            let fit = |branch: &Value| self.faults(branch, value, members).is_empty();
            if !branches.is_empty() && !branches.iter().any(fit) {
                let first = self.faults(&branches[0], value, members);
                faults.push(format!("{path}: fits none of {key}: {}", first.join(", ")));
            }
        }
        if !of_type(schema, value) {
            let wanted = schema["type"].as_str().unwrap_or_default();
            faults.push(format!("{path}: {} is not of type {wanted}", short(value)));
            return;
        }
        let choices = array(&schema["enum"]);
        if !choices.is_empty() && !choices.contains(value) {
            faults.push(format!(
                "{path}: {} is none of {}",
                short(value),
                schema["enum"]
            ));
        }
        match value {
            Value::Object(map) => self.check_object(schema, map, members, path, faults),
            Value::Array(items) => {
                check_range(schema, ["minItems", "maxItems"], items.len(), path, faults);
                for (at, item) in items.iter().enumerate() {
                    let path = format!("{path}/{at}");
                    self.check(&schema["items"], item, members, &path, faults);
                }
            }
            Value::String(text) => {
                let length = text.chars().count();
                check_range(schema, ["minLength", "maxLength"], length, path, faults);
                if !of_format(schema, text) {
                    let format = schema["format"].as_str().unwrap_or_default();
                    faults.push(format!("{path}: {} is not a {format}", short(value)));
                }
            }
            Value::Number(number) => check_number(schema, number, path, faults),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn check_object(
        self,
        schema: &Value,
        map: &Map<String, Value>,
        members: Members,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        for name in array(&schema["required"]).iter().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                faults.push(format!("{path}/{name}: is missing"));
            }
        }
        let combined = ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|key| schema.get(key).is_some());
        for (name, member) in map {
            let path = format!("{path}/{name}");
            if let Some(described) = schema["properties"].get(name) {
                self.check(described, member, members, &path, faults);
                continue;
            }
            match &schema["additionalProperties"] {
                described @ Value::Object(_) => {
                    self.check(described, member, members, &path, faults);
                }
                Value::Bool(false) => faults.push(format!("{path}: is not described")),
                Value::Bool(true) => {}
                _ if members == Members::OnlyDescribed && !combined => {
                    faults.push(format!("{path}: is not described"));
                }
                _ => {}
            }
        }
    }

    /// The value with only the members that are described, and all that are required: those
    /// that are missing become the emptiest value of their type.
    pub fn shaped(self, schema: &Value, value: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let target = self.named.get(name).unwrap_or(&Value::Null);
            return self.shaped(target, value);
        }
        if value.is_null() && schema["nullable"] == json!(true) {
            return Value::Null;
        }
        for key in ["anyOf", "oneOf"] {
            let branches = array(&schema[key]);
            let missing = |branch: &&Value| self.missing(branch, value);
            if let Some(best) = branches.iter().min_by_key(missing) {
                return self.shaped(best, value);
            }
        }
        match value {
            Value::Object(map) => self.shaped_object(schema, map),
            Value::Array(items) => {
                let items = items.iter();
                Value::Array(
                    items
                        .map(|item| self.shaped(&schema["items"], item))
                        .collect(),
                )
            }
            other => other.clone(),
        }
    }

    fn shaped_object(self, schema: &Value, map: &Map<String, Value>) -> Value {
        let parts = array(&schema["allOf"]);
        if !parts.is_empty() {
            let shaped = parts.iter().map(|part| self.shaped_object(part, map));
            let members = shaped
                .filter_map(|part| part.as_object().cloned())
                .flatten();
            return Value::Object(members.collect());
        }
        if schema.get("$ref").is_some() {
            return self.shaped(schema, &Value::Object(map.clone()));
        }
        let Some(described) = schema["properties"].as_object() else {
            return Value::Object(map.clone());
        };
        let required: Vec<&str> = array(&schema["required"])
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut shaped = Map::new();
        for (name, member) in described {
            if let Some(value) = map.get(name) {
                shaped.insert(name.clone(), self.shaped(member, value));
            } else if required.contains(&name.as_str()) {
                shaped.insert(name.clone(), self.emptiest(member));
            }
        }
        // What is open by declaration (a map of anything) stays as it is.
        if schema["additionalProperties"].is_object() {
            for (name, value) in map {
                if !described.contains_key(name) {
                    shaped.insert(name.clone(), value.clone());
                }
            }
        }
        Value::Object(shaped)
    }

    /// How badly a branch suits a value: how many of its members the branch does not describe,
    /// and how many required ones it does not have.
    fn missing(self, branch: &Value, value: &Value) -> (usize, usize) {
        let branch = match branch["$ref"].as_str() {
            Some(name) => self.named.get(name).unwrap_or(&Value::Null),
            None => branch,
        };
        if !of_type(branch, value) {
            return (usize::MAX, usize::MAX);
        }
        let known = value.as_object().into_iter().flat_map(Map::keys);
        let lost = known.filter(|name| branch["properties"].get(name.as_str()).is_none());
        let required = array(&branch["required"]).iter().filter_map(Value::as_str);
        let absent = required.filter(|name| value.get(name).is_none());
        (lost.count(), absent.count())
    }

    fn emptiest(self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.emptiest(self.named.get(name).unwrap_or(&Value::Null));
        }
        if schema["nullable"] == json!(true) {
            return Value::Null;
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(first) = array(&schema[key]).first() {
                return self.emptiest(first);
            }
        }
        if let Some(default) = schema.get("default") {
            return default.clone();
        }
        if let Some(first) = array(&schema["enum"]).first() {
            return first.clone();
        }
        match schema["type"].as_str() {
            Some("object") => self.shaped_object(schema, &Map::new()),
            Some("array") => json!([]),
            Some("integer" | "number") => json!(0),
            Some("boolean") => json!(false),
            _ => match schema["format"].as_str() {
                Some("uri") => json!("https://github.example/"),
                Some("date-time") => json!("2026-01-05T09:00:00Z"),
                _ => json!(""),
            },
        }
    }

    /// A schema by its name, for those who look into it.
    pub fn named(self, name: &str) -> Option<&'a Value> {
        self.named.get(name).map(|schema| self.resolved(schema))
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

fn of_type(schema: &Value, value: &Value) -> bool {
    match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    }
}

fn of_format(schema: &Value, text: &str) -> bool {
    match schema["format"].as_str() {
        Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
        Some("uri") => text.is_empty() || text.contains(':') && !text.contains(char::is_whitespace),
        _ => true,
    }
}

fn check_number(schema: &Value, number: &Number, path: &str, faults: &mut Vec<String>) {
    let number = number.as_f64().unwrap_or_default();
    let least = schema["minimum"].as_f64();
    let most = schema["maximum"].as_f64();
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        faults.push(format!("{path}: {number} is out of range"));
    }
}

fn check_range(
    schema: &Value,
    [least, most]: [&str; 2],
    length: usize,
    path: &str,
    faults: &mut Vec<String>,
) {
    let length = length as u64;
    let bound = |key: &str| schema[key].as_u64();
    if bound(least).is_some_and(|least| length < least)
        || bound(most).is_some_and(|most| length > most)
    {
        faults.push(format!("{path}: its length, {length}, is out of range"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Map<String, Value> {
        let named = json!({
            "team": {
                "type": "object",
                "required": ["slug", "parent", "url"],
                "properties": {
                    "slug": {"type": "string"},
                    "parent": {"$ref": "nullable-team"},
                    "url": {"type": "string", "format": "uri"},
                    "size": {"type": "integer", "minimum": 0},
                },
            },
            "nullable-team": {"type": "object", "nullable": true},
        });
        named.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn an_open_schema_hides_a_misspelled_member_unless_told_otherwise() {
        let named = schemas();
        let schemas = Schemas::of(&named);
        let value = json!({"slug": "a", "parent": null, "url": "http://x/", "sise": 1});
        let team = json!({"$ref": "team"});
        assert!(
            schemas
                .faults(&team, &value, Members::AsDescribed)
                .is_empty()
        );
        assert_eq!(
            schemas.faults(&team, &value, Members::OnlyDescribed),
            ["/sise: is not described"]
        );
    }

    #[test]
    fn types_ranges_and_required_members_are_checked() {
        let named = schemas();
        let value = json!({"slug": 1, "url": "nowhere", "size": -1});
        let faults =
            Schemas::of(&named).faults(&json!({"$ref": "team"}), &value, Members::OnlyDescribed);
        assert_eq!(
            faults,
            [
                "/parent: is missing",
                "/slug: 1 is not of type string",
                "/url: \"nowhere\" is not a uri",
                "/size: -1 is out of range",
            ]
        );
    }

    #[test]
    fn what_is_required_is_filled_in_and_what_is_not_described_goes() {
        let named = schemas();
        let team = json!({"$ref": "team"});
        let shaped = Schemas::of(&named).shaped(&team, &json!({"slug": "a", "secret": 1}));
        assert_eq!(
            shaped,
            json!({"slug": "a", "parent": null, "url": "https://github.example/"})
        );
        let faults = Schemas::of(&named).faults(&team, &shaped, Members::OnlyDescribed);
        assert!(faults.is_empty());
    }
}
