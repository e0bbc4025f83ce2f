//! GitHub's description of its REST interface, and whether requests and answers fit it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::fakes::schema::{Members, Schemas};
use crate::fakes::serving::{Answer, Request};

/// The extract that `vendor/trim.py` makes.
const REST: &str = include_str!("../../../vendor/github-rest.json");

/// The most that a page holds, for every list: "Using pagination in the REST API".
pub(super) const LONGEST_PAGE: usize = 100;
/// What it holds when nothing is said.
pub(super) const USUAL_PAGE: usize = 30;

/// Statuses that the reference documents for the interface as a whole ("Troubleshooting the
/// REST API", "Best practices": redirects, conditional requests, limits), and so does not
/// repeat at each operation.
const EVERYWHERE: [u16; 11] = [301, 304, 307, 400, 401, 403, 404, 422, 429, 500, 503];

/// The whole description.
#[derive(Debug)]
pub(super) struct Description {
    paths: Vec<(Vec<String>, String, Value)>,
    schemas: Map<String, Value>,
}

/// An operation, and what a request's path says for it.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    /// The path as the description has it: `/orgs/{org}`.
    pub(super) template: String,
    /// The method, in capitals.
    pub(super) method: String,
    /// What stands in the place of each name in braces.
    pub(super) path: Vec<(String, String)>,
    described: &'static Value,
}

/// What is wrong with a request.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// What GitHub refuses.
    pub(super) refused: Vec<String>,
    /// What GitHub passes over in silence.
    pub(super) ignored: Vec<String>,
}

/// The description, read once.
pub(super) fn description() -> &'static Description {
    static READ: OnceLock<Description> = OnceLock::new();
    READ.get_or_init(|| {
        let mut all: Value = serde_json::from_str(REST).expect("the extract is JSON");
        let object = |value: &mut Value| value.as_object_mut().map(std::mem::take);
        let paths = object(&mut all["paths"]).unwrap_or_default();
        let split = |path: &str| path[1..].split('/').map(str::to_owned).collect();
        Description {
            paths: paths
                .into_iter()
                .map(|(path, methods)| (split(&path), path, methods))
                .collect(),
            schemas: object(&mut all["schemas"]).unwrap_or_default(),
        }
    })
}

impl Description {
    /// All operations: method in capitals, and path.
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, &str)> {
        self.paths.iter().flat_map(|(_, path, methods)| {
            let methods = methods.as_object().into_iter().flat_map(Map::keys);
            methods.map(move |method| (method.to_ascii_uppercase(), path.as_str()))
        })
    }

    /// The operation that a request asks for.
    pub(super) fn operation(&'static self, request: &Request) -> Result<Operation, String> {
        let segments = request.segments();
        let literal = |part: &str| !part.starts_with('{');
        let fits = |template: &&(Vec<String>, String, Value)| {
            let parts = template.0.iter().zip(&segments);
            template.0.len() == segments.len()
                && parts
                    .into_iter()
                    .all(|(part, given)| !literal(part) || part == given)
        };
        let found = self.paths.iter().filter(fits);
        // `/user/installations` is not the account `installations`.
        let found = found.max_by_key(|(parts, _, _)| parts.iter().filter(|p| literal(p)).count());
        let Some((parts, template, methods)) = found else {
            return Err(format!("{}: no such path is described", request.path));
        };
        let Some(described) = methods.get(request.method.to_ascii_lowercase()) else {
            let method = &request.method;
            return Err(format!("{method} {template}: no such method is described"));
        };
        let named = parts
            .iter()
            .zip(segments)
            .filter(|(part, _)| !literal(part));
        Ok(Operation {
            template: template.clone(),
            method: request.method.clone(),
            path: named
                .map(|(part, given)| (part.trim_matches(['{', '}']).to_owned(), given))
                .collect(),
            described,
        })
    }

    /// What is wrong with a request, but for its authorisation.
    pub(super) fn faults(&self, operation: &Operation, request: &Request) -> Faults {
        let mut faults = Faults::default();
        let parameters = &operation.described["parameters"];
        for (name, given) in &operation.path {
            let schema = &parameters[name]["schema"];
            let found = self.parameter_faults(schema, given);
            faults.refused.extend(prefixed("path", name, found));
        }
        let mut seen = BTreeSet::new();
        for (name, given) in request.parameters() {
            let parameter = &parameters[&name];
            if parameter["in"] != json!("query") {
                faults
                    .ignored
                    .push(format!("query {name}: is not described"));
                continue;
            }
            let found = self.parameter_faults(&parameter["schema"], &given);
            faults.refused.extend(prefixed("query", &name, found));
            let longest =
                name == "per_page" && given.parse().is_ok_and(|n: usize| n > LONGEST_PAGE);
            if longest {
                let text = format!("query per_page: {given} is more than {LONGEST_PAGE}");
                faults.ignored.push(text);
            }
            if !seen.insert(name.clone()) {
                faults.ignored.push(format!("query {name}: is there twice"));
            }
        }
        if let Some(accepted) = request.header("accept") {
            let known = ["application/vnd.github", "application/json", "*/*"];
            if !known.iter().any(|one| accepted.contains(one)) {
                faults
                    .ignored
                    .push(format!("accept: {accepted} is not offered"));
            }
        }
        self.body_faults(operation, request, &mut faults);
        faults
    }

    fn parameter_faults(&self, schema: &Value, given: &str) -> Vec<String> {
        let value = match schema["type"].as_str() {
            Some("integer") => given.parse().map_or(json!(given), |n: i64| json!(n)),
            Some("boolean") => given.parse().map_or(json!(given), |b: bool| json!(b)),
            _ => json!(given),
        };
        self.schemas()
            .faults(schema, &value, Members::OnlyDescribed)
    }

    fn body_faults(&self, operation: &Operation, request: &Request, faults: &mut Faults) {
        let Some(body) = operation.described.get("body") else {
            if !request.body.is_empty() {
                let text = "body: none is described for this operation";
                faults.ignored.push(text.to_owned());
            }
            return;
        };
        let Ok(value) = request.json() else {
            return;
        };
        let Some(value) = value else {
            if body["required"] == json!(true) {
                faults.refused.push("body: is missing".to_owned());
            }
            return;
        };
        let kind = request.header("content-type").unwrap_or("nothing");
        if !kind.starts_with("application/json") {
            let text = format!("content-type: {kind} is not application/json");
            faults.ignored.push(text);
        }
        let schema = &body["content"]["application/json"];
        let refused = self.schemas().faults(schema, &value, Members::AsDescribed);
        let strict = self
            .schemas()
            .faults(schema, &value, Members::OnlyDescribed);
        let ignored = strict.into_iter().filter(|fault| !refused.contains(fault));
        faults.ignored.extend(prefixed("body", "", ignored));
        faults.refused.extend(prefixed("body", "", refused));
    }

    /// The body that this operation answers with this status, made complete.
    pub(super) fn shaped(&self, operation: &Operation, status: u16, value: &Value) -> Value {
        match Self::answer_schema(operation, status) {
            Some(schema) => self.schemas().shaped(schema, value),
            None => value.clone(),
        }
    }

    /// What is wrong with an answer of ours.
    pub(super) fn answer_faults(&self, operation: &Operation, answer: &Answer) -> Vec<String> {
        let status = answer.status;
        let declared = operation.described["responses"]
            .get(status.to_string())
            .is_some();
        if !declared && !EVERYWHERE.contains(&status) {
            return vec![format!("the status {status} is not described")];
        }
        if matches!(status, 204 | 304) {
            let empty = answer.body.is_empty();
            return (!empty)
                .then(|| format!("{status} has a body"))
                .into_iter()
                .collect();
        }
        let error = json!({"$ref": "basic-error"});
        match Self::answer_schema(operation, status) {
            Some(schema) => {
                let value = answer.value();
                self.schemas().faults(schema, &value, Members::AsDescribed)
            }
            None if status >= 300 && !answer.body.is_empty() => {
                let value = answer.value();
                self.schemas().faults(&error, &value, Members::AsDescribed)
            }
            None => Vec::new(),
        }
    }

    fn answer_schema(operation: &Operation, status: u16) -> Option<&Value> {
        let answers = operation.described["responses"].get(status.to_string())?;
        answers["content"].get("application/json")
    }

    fn schemas(&self) -> Schemas<'_> {
        Schemas::of(&self.schemas)
    }
}

fn prefixed(
    place: &str,
    name: &str,
    faults: impl IntoIterator<Item = String>,
) -> impl Iterator<Item = String> {
    let head = if name.is_empty() {
        place.to_owned()
    } else {
        format!("{place} {name}")
    };
    faults
        .into_iter()
        .map(move |fault| format!("{head}{fault}"))
}
