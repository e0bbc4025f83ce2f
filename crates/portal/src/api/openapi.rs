//! The description of the API for programs: OpenAPI 3.1, from the table that the answers come from.

use serde_json::{Map, Value as Json, json};

use super::operation::{Needs, Operation, Parameter, Place};
use super::problem::{KINDS, Kind, MEDIA_TYPE, Problem};
use super::schema::Schema;
use super::{hooks, table};
use crate::model::Listing;

/// What kinds of operations there are.
pub(crate) const TAGS: [(&str, &str); 7] = [
    ("about", "How things stand here, and who asks."),
    (
        "collections",
        "What there are many of: rows with typed values, links, and the line of the file where each is said.",
    ),
    ("pages", "Pages as their parts, and search."),
    (
        "acts",
        "What people do to items and changes, signed with their own SSH keys.",
    ),
    (
        "requests",
        "The front desk: what one can ask for, and how it stands.",
    ),
    ("ballots", "Votes."),
    ("webhooks", "Being told what happens."),
];

/// What is answered to a request of which not even the head could be read.
const UNREAD: [u16; 2] = [414, 431];

/// The description of a community's API.
pub(crate) fn document(community: &str, listings: &[Listing]) -> Json {
    let collections = table::of_collections(listings);
    let mut paths = Map::new();
    for operation in table::all(&collections) {
        let path = paths
            .entry(operation.path.to_string())
            .or_insert_with(|| json!({}));
        path[operation.method.as_str().to_lowercase()] = of(operation);
    }
    let names = table::names(listings);
    let schemas: Map<String, Json> = names
        .iter()
        .map(|(name, schema)| (name.to_string(), schema.json()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{community}: the API of the portal"),
            "version": "1",
            "summary": "All that the portal's pages show and do.",
            "description": "Everything shown comes from one state of the community's files; `/state` says which. Problems are told as RFC 9457 has it. `/api` explains it all to people.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/api/v1"}],
        "tags": TAGS.map(|(name, about)| json!({"name": name, "description": about})),
        "paths": paths,
        "webhooks": hooks::described(),
        "components": {
            "schemas": schemas,
            "responses": problems(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A token that you make on your account's page."},
                "session": {"type": "apiKey", "in": "cookie", "name": crate::sign_in::COOKIE, "description": "The session of a browser."},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-Csrf-Token", "description": "With a session, where something is changed: what `/me` tells."},
            },
        },
    })
}

fn of(operation: &Operation) -> Json {
    let mut said = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
    });
    if !operation.about.is_empty() {
        said["description"] = json!(operation.about);
    }
    if !operation.parameters.is_empty() {
        let each = operation.parameters.iter().map(parameter);
        said["parameters"] = each.collect();
    }
    if let Some(body) = &operation.body {
        said["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {
                "schema": body.schema.json(),
                "examples": {"one": {"value": body.example}},
            }},
        });
    }
    said["responses"] = answers(operation);
    said["security"] = security(operation);
    said
}

fn parameter(parameter: &Parameter) -> Json {
    let mut said = json!({
        "name": parameter.name,
        "in": parameter.place.word(),
        "required": parameter.place == Place::Path,
        "description": parameter.about,
        "schema": parameter.schema.json(),
    });
    if matches!(parameter.schema, Schema::List(..)) {
        said["style"] = json!("form");
        said["explode"] = json!(true);
    }
    if !parameter.example.is_null() {
        said["example"] = parameter.example.clone();
    }
    said
}

fn answers(operation: &Operation) -> Json {
    let answer = &operation.answer;
    let mut good = json!({"description": answer.about});
    if let Some(schema) = &answer.schema {
        good["content"] = json!({"application/json": {"schema": schema.json()}});
    }
    for (name, about) in answer.headers {
        good["headers"][*name] =
            json!({"required": true, "description": about, "schema": {"type": "string"}});
    }
    let mut all = Map::new();
    all.insert(answer.status.to_string(), good);
    if operation.method == axum::http::Method::GET {
        let about = "It is as `If-None-Match` has it.";
        all.insert("304".to_owned(), json!({"description": about}));
    }
    for status in UNREAD {
        let named = format!("#/components/responses/{}", named(status));
        all.insert(status.to_string(), json!({"$ref": named}));
    }
    for kind in operation.all_problems() {
        let named = format!("#/components/responses/{}", named(kind.status));
        all.insert(kind.status.to_string(), json!({"$ref": named}));
    }
    Json::Object(all)
}

/// What the problems of a status are called.
fn named(status: u16) -> String {
    format!("Problem{status}")
}

/// The problems, by their status.
fn problems() -> Json {
    let mut all = Map::new();
    for status in UNREAD {
        let about = "The address or the headers are too long to be read; nothing more is said.";
        all.insert(named(status), json!({"description": about}));
    }
    for kind in KINDS {
        let said = all
            .entry(named(kind.status))
            .or_insert_with(|| problem(kind));
        said["content"][MEDIA_TYPE]["examples"][kind.id] = json!({"summary": kind.about, "value": Problem::new(kind, kind.title).json("/api/v1/services")});
    }
    Json::Object(all)
}

fn problem(kind: &Kind) -> Json {
    let schema = json!({"$ref": "#/components/schemas/Problem"});
    let mut said = json!({
        "description": kind.title,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}},
    });
    let header = match kind.status {
        401 => Some(("WWW-Authenticate", "How to sign in.")),
        405 => Some(("Allow", "What is done to it.")),
        429 | 503 => Some(("Retry-After", "How many seconds to wait.")),
        _ => None,
    };
    if let Some((name, about)) = header {
        said["headers"][name] =
            json!({"required": true, "description": about, "schema": {"type": "string"}});
    }
    said
}

fn security(operation: &Operation) -> Json {
    let read = operation.method == axum::http::Method::GET;
    let session = if read {
        json!({"session": []})
    } else {
        json!({"session": [], "csrf": []})
    };
    match operation.needs {
        Needs::Nobody => json!([{}, {"bearer": []}, session]),
        Needs::SignedIn => json!([{"bearer": []}, session]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::document;
    use crate::api::guide;
    use crate::model::{Collection, Column, ColumnKind, Listing, Part, Section};

    static THINGS: Collection = Collection {
        id: "things",
        title: "Things",
        one: "odd thing",
        about: "Things.",
        section: Section::Services,
        columns: &[Column::new("name", "Name", ColumnKind::Text, "Its name.").choice()],
        feed: None,
        has_pages: true,
        sort: "name",
    };

    fn references<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
        match json {
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            Json::Object(held) => {
                found.extend(held.get("$ref").and_then(Json::as_str));
                held.values().for_each(|value| references(value, found));
            }
            _ => {}
        }
    }

    #[test]
    fn all_that_is_referred_to_is_there_and_nothing_else() {
        let document = document("Example", &[Listing::new(&THINGS, Vec::new())]);
        let mut found = Vec::new();
        references(&document, &mut found);
        for name in &found {
            let pointer = name.strip_prefix('#').expect("a reference of its own");
            assert!(document.pointer(pointer).is_some(), "{name}");
        }
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in schemas.keys() {
            let name = format!("#/components/schemas/{name}");
            assert!(found.contains(&name.as_str()), "nothing names {name}");
        }
        assert!(schemas.contains_key("OddThingRow") && schemas.contains_key("OddThingWithPage"));
    }

    #[test]
    fn the_guide_lists_each_operation_once_by_the_name_that_programs_use() {
        let listings = [Listing::new(&THINGS, Vec::new())];
        let document = document("Example", &listings);
        let page = guide::page(&listings);
        let tables = page.parts.iter().filter_map(|part| match part {
            Part::Table(table) => Some(table),
            _ => None,
        });
        let shown = format!("{:?}", tables.collect::<Vec<_>>());
        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let request = format!("\"{} /api/v1{path}\"", method.to_uppercase());
                assert_eq!(shown.matches(&request).count(), 1, "{request}");
                assert!(ids.insert(operation["operationId"].as_str().unwrap()));
                assert!(!operation["summary"].as_str().unwrap().is_empty());
            }
        }
        let markdown = guide::reference(&listings);
        assert!(markdown.contains("`GET /api/v1/things/{key}`"));
    }
}
