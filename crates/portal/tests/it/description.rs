//! The description of the API, held against what is answered.

use serde_json::{Map, Value};

/// The description with the answers that it promises.
pub(crate) struct Description(pub(crate) Value);

impl Description {
    /// What it says of a request; the template with the fewest parameters is meant.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.strip_prefix("/api/v1")?;
        let path = path.split('?').next()?;
        let path = if path.is_empty() { "/" } else { path };
        let paths = self.0["paths"].as_object()?.iter();
        let fitting = paths.filter(|(template, _)| fits(template, path));
        let best = fitting.min_by_key(|(template, _)| template.matches('{').count());
        best.and_then(|(_, item)| item.get(method.to_lowercase()))
    }

    /// What of an answer is not as the description says.
    pub(crate) fn wrongs(
        &self,
        operation: &Value,
        status: u16,
        kind: &str,
        body: &[u8],
    ) -> Vec<String> {
        let Some(said) = operation["responses"].get(status.to_string()) else {
            return vec![format!("{status} is not described")];
        };
        let said = said["$ref"].as_str().map_or(said, |name| {
            let name = name.strip_prefix("#").expect("a reference of its own");
            self.0.pointer(name).expect("what is referred to")
        });
        let Some(content) = said["content"].as_object() else {
            return match body {
                [] => Vec::new(),
                _ => vec![format!("{status} has a body")],
            };
        };
        let Some(media) = content.get(kind) else {
            return vec![format!("{status} as {kind} is not described")];
        };
        let body = match serde_json::from_slice(body) {
            Ok(body) => body,
            Err(error) => return vec![error.to_string()],
        };
        let mut wrongs = Vec::new();
        self.hold(&media["schema"], &body, "", &mut wrongs);
        wrongs
    }

    /// As much of JSON Schema as we use; what we answer has no name that is not described.
    pub(crate) fn hold(&self, schema: &Value, value: &Value, at: &str, wrongs: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.strip_prefix("#").expect("a reference of its own");
            let named = self.0.pointer(name).expect("what is referred to");
            return self.hold(named, value, at, wrongs);
        }
        if let Some(any) = schema["anyOf"].as_array() {
            let fits = |one: &Value| {
                let mut wrongs = Vec::new();
                self.hold(one, value, at, &mut wrongs);
                wrongs.is_empty()
            };
            if !any.iter().any(fits) {
                wrongs.push(format!("{at} is none of what it may be: {value}"));
            }
            return;
        }
        if let Some(choices) = schema["enum"].as_array()
            && !choices.contains(value)
        {
            wrongs.push(format!("{at} is {value}"));
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = match &schema["type"] {
            Value::String(one) => one == kind,
            Value::Array(some) => some.iter().any(|one| one == kind),
            _ => false,
        };
        if !fits {
            wrongs.push(format!("{at} is {kind} and should be {}", schema["type"]));
        }
        match value {
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.hold(&schema["items"], item, &format!("{at}/{place}"), wrongs);
                }
            }
            Value::Object(held) => self.hold_object(schema, held, at, wrongs),
            _ => {}
        }
    }

    fn hold_object(
        &self,
        schema: &Value,
        held: &Map<String, Value>,
        at: &str,
        wrongs: &mut Vec<String>,
    ) {
        let none = Map::new();
        let known = schema["properties"].as_object().unwrap_or(&none);
        let rest = &schema["additionalProperties"];
        for (name, value) in held {
            let below = format!("{at}/{name}");
            match known.get(name) {
                Some(schema) => self.hold(schema, value, &below, wrongs),
                None if rest.is_object() => self.hold(rest, value, &below, wrongs),
                None if known.is_empty() => {}
                None => wrongs.push(format!("{below} is not described")),
            }
        }
        let needed = schema["required"].as_array().into_iter().flatten();
        let missing = needed.filter(|name| !held.contains_key(name.as_str().unwrap_or_default()));
        wrongs.extend(missing.map(|name| format!("{at}/{name} is missing")));
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let each = template.iter().zip(&path);
    let same = |(said, found): (&&str, &&str)| said.starts_with('{') || said == found;
    template.len() == path.len() && each.into_iter().all(same)
}
