//! What Google's discovery documents say of requests and answers, and what does not fit them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::fakes::serving::Request;

/// One API as its vendor describes it.
#[derive(Debug)]
pub(super) struct Document {
    name: String,
    parameters: Map<String, Value>,
    methods: Vec<Method>,
    schemas: Map<String, Value>,
}

/// One method of an API.
#[derive(Debug)]
pub(super) struct Method {
    /// As `groups.insert`.
    pub(super) name: String,
    verb: String,
    path: Vec<String>,
    parameters: Map<String, Value>,
    takes: Option<String>,
    gives: Option<String>,
    /// Any of these OAuth scopes will do.
    pub(super) scopes: Vec<String>,
}

/// A request that fits a method.
#[derive(Debug)]
pub(super) struct Call<'d> {
    pub(super) method: &'d Method,
    pub(super) path: BTreeMap<String, String>,
    pub(super) query: BTreeMap<String, String>,
    /// An object; empty where the method takes none.
    pub(super) body: Map<String, Value>,
}

/// What a request has to do with an API.
#[derive(Debug)]
pub(super) enum Fit<'d> {
    /// It is for another.
    Elsewhere,
    /// It fits.
    Call(Call<'d>),
    /// It is for this one and does not fit: the parameter or field, and why.
    Wrong(Vec<String>),
}

impl Document {
    /// Of an extract in the folder `vendor`.
    ///
    /// # Panics
    /// It is none.
    pub(super) fn read(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).expect("JSON");
        let object = |key: &str| document[key].as_object().cloned().unwrap_or_default();
        let folder = text_of(&document["servicePath"]);
        let methods = object("methods");
        Self {
            name: text_of(&document["name"]),
            parameters: object("parameters"),
            methods: methods
                .iter()
                .map(|(name, method)| Method::read(name, &folder, method))
                .collect(),
            schemas: object("schemas"),
        }
    }

    /// The call that a request is.
    pub(super) fn fit(&self, request: &Request) -> Fit<'_> {
        let segments = request.segments();
        let mut wrong_verb = false;
        for method in &self.methods {
            let Some(path) = method.path_of(&segments) else {
                continue;
            };
            if method.verb == request.method {
                return self.call(method, path, request);
            }
            wrong_verb = true;
        }
        if wrong_verb {
            let what = format!("no method {} of {}", request.method, request.path);
            return Fit::Wrong(vec![what]);
        }
        Fit::Elsewhere
    }

    fn call<'d>(
        &'d self,
        method: &'d Method,
        path: BTreeMap<String, String>,
        request: &Request,
    ) -> Fit<'d> {
        let mut wrong = Vec::new();
        let mut query = BTreeMap::new();
        for (name, value) in request.parameters() {
            let own = method.parameters.get(&name);
            let own = own.filter(|spec| spec["location"] == "query");
            match own.or_else(|| self.parameters.get(&name)) {
                None => wrong.push(format!("no parameter `{name}`")),
                Some(spec) => wrong.extend(wrong_text(&name, spec, &value)),
            }
            if query.insert(name.clone(), value).is_some() {
                wrong.push(format!("parameter `{name}` twice"));
            }
        }
        for (name, spec) in &method.parameters {
            let given = path.contains_key(name) || query.contains_key(name);
            if spec["required"] == true && !given {
                wrong.push(format!("parameter `{name}` is missing"));
            }
        }
        let body = self.body(method, request, &mut wrong);
        if wrong.is_empty() {
            return Fit::Call(Call {
                method,
                path,
                query,
                body,
            });
        }
        Fit::Wrong(wrong)
    }

    fn body(
        &self,
        method: &Method,
        request: &Request,
        wrong: &mut Vec<String>,
    ) -> Map<String, Value> {
        let body = match request.json() {
            Ok(body) => body,
            Err(error) => {
                wrong.push(format!("body: {error}"));
                return Map::new();
            }
        };
        match (&method.takes, body) {
            (None, None) => {}
            (None, Some(_)) => wrong.push("a body where none is taken".to_owned()),
            (Some(_), None) => wrong.push("no body".to_owned()),
            (Some(schema), Some(body)) => {
                let kind = request.header("content-type").unwrap_or_default();
                if !kind.starts_with("application/json") {
                    wrong.push(format!("a body of the type `{kind}`"));
                }
                self.wrong_value(schema, &body, Side::Request, wrong);
                self.absent(method, schema, &body, wrong);
                if let Value::Object(body) = body {
                    return body;
                }
            }
        }
        Map::new()
    }

    /// Fields that this method needs.
    fn absent(&self, method: &Method, schema: &str, body: &Value, wrong: &mut Vec<String>) {
        let id = format!("directory.{}", method.name);
        for (name, spec) in self.schemas[schema].as_object().into_iter().flatten() {
            let needed = spec["annotations"]["required"].as_array();
            if needed.is_some_and(|ids| ids.iter().any(|each| *each == *id)) && body[name].is_null()
            {
                wrong.push(format!("field `{name}` is missing"));
            }
        }
    }

    /// What of an answer with success does not fit its method.
    pub(super) fn wrong_answer(&self, method: &Method, answer: Option<&Value>) -> Vec<String> {
        let mut wrong = Vec::new();
        match (&method.gives, answer) {
            (None, None) => {}
            (Some(schema), Some(answer)) => {
                self.wrong_value(schema, answer, Side::Answer, &mut wrong);
            }
            _ => wrong.push("a body more or less than is described".to_owned()),
        }
        let named = wrong.into_iter();
        named
            .map(|what| format!("answer of {} {}: {what}", self.name, method.name))
            .collect()
    }

    fn wrong_value(&self, schema: &str, value: &Value, side: Side, wrong: &mut Vec<String>) {
        let Some(object) = value.as_object() else {
            wrong.push(format!("{schema} is no object"));
            return;
        };
        for (name, value) in object {
            match self.schemas[schema].get(name) {
                None => wrong.push(format!("{schema} has no field `{name}`")),
                Some(spec) => self.wrong_field(name, spec, value, side, wrong),
            }
        }
    }

    fn wrong_field(
        &self,
        name: &str,
        spec: &Value,
        value: &Value,
        side: Side,
        wrong: &mut Vec<String>,
    ) {
        if let Some(schema) = spec["$ref"].as_str() {
            return self.wrong_value(schema, value, side, wrong);
        }
        match (spec["type"].as_str().unwrap_or_default(), value) {
            ("string", Value::String(text)) => {
                // A description that the Directory takes can be longer than the one of the settings.
                let longest = spec["maxLength"].as_u64().filter(|_| side == Side::Request);
                if longest.is_some_and(|longest| text.chars().count() as u64 > longest) {
                    wrong.push(format!("`{name}` is too long"));
                }
                wrong.extend(wrong_text(name, spec, text));
            }
            ("boolean", Value::Bool(_)) => {}
            ("integer", Value::Number(number)) => {
                wrong.extend(wrong_text(name, spec, &number.to_string()));
            }
            ("array", Value::Array(items)) => {
                for item in items {
                    self.wrong_field(name, &spec["items"], item, side, wrong);
                }
            }
            (kind, _) => wrong.push(format!("`{name}` is no {kind}")),
        }
    }

    /// The fields of a schema, each with what is said of it.
    pub(super) fn fields(&self, schema: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.schemas[schema].as_object().into_iter().flatten()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Answer,
}

impl Method {
    fn read(name: &str, folder: &str, method: &Value) -> Self {
        let path = format!("{folder}{}", text_of(&method["path"]));
        let schema = |key: &str| method[key]["$ref"].as_str().map(str::to_owned);
        Self {
            name: name.to_owned(),
            verb: text_of(&method["httpMethod"]),
            path: path.split('/').map(str::to_owned).collect(),
            parameters: method["parameters"]
                .as_object()
                .cloned()
                .unwrap_or_default(),
            takes: schema("request"),
            gives: schema("response"),
            scopes: method["scopes"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text_of)
                .collect(),
        }
    }

    /// The parameters in the path, if it is one of this method.
    fn path_of(&self, segments: &[String]) -> Option<BTreeMap<String, String>> {
        if segments.len() != self.path.len() {
            return None;
        }
        let mut found = BTreeMap::new();
        for (wanted, segment) in self.path.iter().zip(segments) {
            let name = wanted
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'));
            match name {
                Some(name) if !segment.is_empty() => {
                    found.insert(name.to_owned(), segment.clone());
                }
                None if wanted == segment => {}
                _ => return None,
            }
        }
        Some(found)
    }
}

/// What is wrong with a value that is written as a text.
fn wrong_text(name: &str, spec: &Value, text: &str) -> Option<String> {
    let values = spec["enum"].as_array();
    if values.is_some_and(|values| values.iter().all(|value| *value != *text)) {
        return Some(format!("`{name}` cannot be `{text}`"));
    }
    let sound = match (spec["type"].as_str(), spec["format"].as_str()) {
        (Some("integer"), format) => {
            let number: Option<i64> = text.parse().ok();
            let bound = |key: &str| {
                spec[key]
                    .as_str()
                    .and_then(|bound| bound.parse::<i64>().ok())
            };
            number.is_some_and(|number| {
                bound("minimum").is_none_or(|least| number >= least)
                    && bound("maximum").is_none_or(|most| number <= most)
                    && (format != Some("int32") || i32::try_from(number).is_ok())
            })
        }
        (Some("boolean"), _) => matches!(text, "true" | "false"),
        (Some("string"), Some("int64")) => text.parse::<i64>().is_ok(),
        _ => true,
    };
    (!sound).then(|| format!("`{name}` cannot be `{text}`"))
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
