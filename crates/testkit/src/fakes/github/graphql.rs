//! The GraphQL interface: a query is read, held against the schema and walked.

mod check;
mod parse;
mod resolve;
mod run;
mod schema;

use serde_json::{Map, Value, json};

use super::limits::Left;
use super::world::World;
use crate::fakes::serving::{Answer, Request};

/// What a query is answered from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    /// Who asks, by account.
    pub(super) actor: u64,
    /// What is left of the budget, before this query.
    pub(super) left: Left,
}

/// Answers a query, adds what does not fit the schema to the faults, and says what it cost.
pub(super) fn answer(
    asked: &Asked<'_>,
    request: &Request,
    faults: &mut Vec<String>,
) -> (Answer, u64) {
    if request.method != "POST" {
        faults.push("graphql: is asked with POST".to_owned());
        return (Answer::json(404, &json!({"message": "Not Found"})), 1);
    }
    let (text, variables) = match read(request, faults) {
        Ok(read) => read,
        Err(message) => {
            faults.push(format!("graphql: {message}"));
            let body = json!({"message": message, "documentation_url":
                "https://docs.github.com/graphql"});
            return (Answer::json(400, &body), 1);
        }
    };
    let document = match parse::document(&text) {
        Ok(document) => document,
        Err(message) => {
            faults.push(format!("graphql: {message}"));
            return (refused(&[message]), 1);
        }
    };
    let wanted = request.json().ok().flatten().unwrap_or_default();
    let wanted = wanted["operationName"].as_str();
    match check::checked(&document, wanted, &variables) {
        Err(messages) => {
            faults.extend(messages.iter().map(|message| format!("graphql: {message}")));
            (refused(&messages), 1)
        }
        Ok(query) => {
            let cost = query.cost();
            let body = run::run(asked, &query, faults);
            (Answer::json(200, &body), cost)
        }
    }
}

fn read(
    request: &Request,
    faults: &mut Vec<String>,
) -> Result<(String, Map<String, Value>), String> {
    let body = request.json().map_err(|_| "Problems parsing JSON")?;
    let body = body.unwrap_or_default();
    let Some(members) = body.as_object() else {
        return Err("A query attribute must be specified and must be a string.".to_owned());
    };
    let known = ["query", "variables", "operationName"];
    for name in members
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
    {
        faults.push(format!("graphql: body/{name}: is not described"));
    }
    let kind = request.header("content-type").unwrap_or("nothing");
    if !kind.starts_with("application/json") {
        faults.push(format!("content-type: {kind} is not application/json"));
    }
    let Some(query) = body["query"].as_str() else {
        return Err("A query attribute must be specified and must be a string.".to_owned());
    };
    let variables = match &body["variables"] {
        Value::Null => Map::new(),
        Value::Object(map) => map.clone(),
        _ => return Err("Variables must be an object.".to_owned()),
    };
    Ok((query.to_owned(), variables))
}

/// GitHub answers 200 to a query that it refuses.
fn refused(messages: &[String]) -> Answer {
    let errors: Vec<Value> = messages
        .iter()
        .map(|message| json!({"message": message}))
        .collect();
    Answer::json(200, &json!({"errors": errors}))
}

/// The answer with every next page being the one that was asked for.
pub(super) fn repeat_page(request: &Request, mut answer: Answer) -> Answer {
    let asked = request.json().ok().flatten().unwrap_or_default();
    let mut cursors: Vec<&str> = asked["variables"]
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_str)
        .filter(|text| run::is_cursor(text))
        .collect();
    let first = run::cursor(0);
    let cursor = cursors.pop().unwrap_or(&first);
    let mut body = answer.value();
    point_back(&mut body, cursor);
    answer.body = body.to_string().into_bytes();
    answer
}

fn point_back(value: &mut Value, cursor: &str) {
    match value {
        Value::Object(map) => {
            let more = map.get("hasNextPage") == Some(&Value::Bool(true));
            if more && map.contains_key("endCursor") {
                map.insert("endCursor".to_owned(), json!(cursor));
            }
            map.values_mut().for_each(|inner| point_back(inner, cursor));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| point_back(inner, cursor)),
        _ => {}
    }
}
