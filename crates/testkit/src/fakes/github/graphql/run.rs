//! Walking a query: exactly what was selected is answered, in the order it was selected.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::Asked;
use super::check::{Query, arguments, plain};
use super::parse::{Directive, Field, Selection};
use super::resolve::{Got, Thing, resolve};
use super::schema::{bare, types};
use crate::fakes::github::limits::Left;
use crate::fakes::github::world::World;

/// What every cursor starts with. It is opaque to clients.
const CURSOR: &str = "Y3Vyc29yOnYyOpK";

/// The cursor of the thing with this number.
pub(super) fn cursor(id: u64) -> String {
    format!("{CURSOR}{id:012}")
}

/// Whether a text is a cursor of ours.
pub(super) fn is_cursor(text: &str) -> bool {
    number(text).is_some()
}

fn number(cursor: &str) -> Option<u64> {
    cursor.strip_prefix(CURSOR)?.parse().ok()
}

/// A list that is asked for in pages.
#[derive(Debug, Clone)]
pub(super) struct Connection<'a> {
    pub(super) edges: Vec<Edge<'a>>,
}

/// One of a list, with what is true of it there.
#[derive(Debug, Clone)]
pub(super) struct Edge<'a> {
    /// What its place in the list is known by.
    pub(super) id: u64,
    pub(super) node: Thing<'a>,
    pub(super) more: Vec<(&'static str, Got<'a>)>,
}

/// A part of a connection.
#[derive(Debug)]
pub(super) struct Part<'a> {
    edges: Vec<Edge<'a>>,
    total: usize,
    before: bool,
    after: bool,
}

/// What all fields are answered from.
pub(super) struct Runner<'a, 'q> {
    pub(super) world: &'a World,
    pub(super) actor: u64,
    pub(super) left: Left,
    pub(super) query: &'q Query<'q>,
    /// What GitHub says beside the data.
    pub(super) errors: Vec<Value>,
    /// Where our own answer does not fit the schema.
    faults: Vec<String>,
    path: Vec<String>,
}

/// Answers a query that fits the schema.
pub(super) fn run(asked: &Asked<'_>, query: &Query<'_>, faults: &mut Vec<String>) -> Value {
    let mut runner = Runner {
        world: asked.world,
        actor: asked.actor,
        left: asked.left,
        query,
        errors: Vec::new(),
        faults: Vec::new(),
        path: Vec::new(),
    };
    let data = runner.thing(&query.operation.selection, "Query", &Thing::Query);
    faults.append(&mut runner.faults);
    let mut body = json!({"data": data});
    if !runner.errors.is_empty() {
        body["errors"] = Value::Array(runner.errors);
    }
    body
}

impl<'a, 'q> Runner<'a, 'q> {
    /// Adds an error about the field that is being answered.
    pub(super) fn not_found(&mut self, message: &str) {
        let path = &self.path;
        let error = json!({"type": "NOT_FOUND", "path": path, "message": message});
        self.errors.push(error);
    }

    fn thing(&mut self, selection: &'q [Selection], on: &str, thing: &Thing<'a>) -> Value {
        let mut fields: Vec<(&'q str, Vec<&'q Field>)> = Vec::new();
        self.gather(selection, on, &mut fields);
        let mut answered = Map::new();
        for (key, same) in fields {
            let Some(first) = same.first() else { continue };
            let value = if first.name == "__typename" {
                json!(on)
            } else {
                self.path.push(key.to_owned());
                let value = self.field(&same, on, thing);
                self.path.pop();
                value
            };
            answered.insert(key.to_owned(), value);
        }
        Value::Object(answered)
    }

    /// The fields of a selection in their order, those with the same key together.
    fn gather(
        &self,
        selection: &'q [Selection],
        on: &str,
        fields: &mut Vec<(&'q str, Vec<&'q Field>)>,
    ) {
        for part in selection {
            match part {
                Selection::Field(field) if self.included(&field.directives) => {
                    let known = fields.iter_mut().find(|(key, _)| *key == field.key);
                    match known {
                        Some((_, same)) => same.push(field),
                        None => fields.push((&field.key, vec![field])),
                    }
                }
                Selection::Inline(to, directives, inner)
                    if self.included(directives)
                        && to.as_deref().is_none_or(|to| types().overlap(to, on)) =>
                {
                    self.gather(inner, on, fields);
                }
                Selection::Spread(name, directives) if self.included(directives) => {
                    let mut all = self.query.fragments.iter();
                    let fragment = all.find(|fragment| fragment.name == *name);
                    if let Some(fragment) = fragment.filter(|one| types().overlap(&one.on, on)) {
                        self.gather(&fragment.selection, on, fields);
                    }
                }
                _ => {}
            }
        }
    }

    fn included(&self, directives: &[Directive]) -> bool {
        directives.iter().all(|directive| {
            let said = directive.arguments.first();
            let said = said.map(|(_, value)| plain(value, &self.query.variables));
            said == Some(json!(directive.name == "include"))
        })
    }

    fn field(&mut self, same: &[&'q Field], on: &str, thing: &Thing<'a>) -> Value {
        let field = same[0];
        let described = types().field(on, &field.name);
        let kind = described
            .and_then(|one| one["type"].as_str())
            .unwrap_or_default();
        let given = arguments(field, on, &self.query.variables);
        let got = self.got(thing, &field.name, &given);
        let errors = self.errors.len();
        let value = self.value(got, kind, same, &given);
        if value.is_null() && kind.ends_with('!') && errors == self.errors.len() {
            let fault = format!("graphql: our own answer: {on}.{} is null", field.name);
            self.faults.push(fault);
        }
        value
    }

    fn got(&mut self, thing: &Thing<'a>, name: &str, given: &Map<String, Value>) -> Got<'a> {
        match thing {
            Thing::Part(part) => match name {
                "totalCount" => Got::Value(json!(part.total)),
                "pageInfo" => Got::Thing(Thing::PageInfo(Rc::clone(part))),
                "nodes" => Got::List(part.edges.iter().map(|edge| edge.node.clone()).collect()),
                _ => {
                    let edge = |at| Thing::Edge(Rc::clone(part), at);
                    Got::List((0..part.edges.len()).map(edge).collect())
                }
            },
            Thing::Edge(part, at) => {
                let edge = &part.edges[*at];
                let more = edge.more.iter().find(|(key, _)| *key == name);
                match (name, more) {
                    ("cursor", _) => Got::Value(json!(cursor(edge.id))),
                    ("node", _) => Got::Thing(edge.node.clone()),
                    (_, Some((_, got))) => got.clone(),
                    _ => Got::Value(Value::Null),
                }
            }
            Thing::PageInfo(part) => {
                let edge = |edge: Option<&Edge<'_>>| json!(edge.map(|edge| cursor(edge.id)));
                Got::Value(match name {
                    "hasNextPage" => json!(part.after),
                    "hasPreviousPage" => json!(part.before),
                    "startCursor" => edge(part.edges.first()),
                    _ => edge(part.edges.last()),
                })
            }
            other => resolve(self, other, name, given),
        }
    }

    fn value(
        &mut self,
        got: Got<'a>,
        kind: &str,
        same: &[&'q Field],
        given: &Map<String, Value>,
    ) -> Value {
        match got {
            Got::Value(value) => {
                self.leaf(&value, kind);
                value
            }
            Got::Nothing => Value::Null,
            Got::Thing(thing) => self.selected(&thing, kind, same),
            Got::List(things) => {
                let things = things.iter();
                things
                    .map(|thing| self.selected(thing, kind, same))
                    .collect()
            }
            Got::Connection(connection) => {
                let part = Thing::Part(Rc::new(self.part(connection, given)));
                self.selected(&part, kind, same)
            }
        }
    }

    fn selected(&mut self, thing: &Thing<'a>, kind: &str, same: &[&'q Field]) -> Value {
        let on = thing.type_name().unwrap_or(bare(kind)).to_owned();
        let mut all = Map::new();
        for field in same {
            if let Value::Object(more) = self.thing(&field.selection, &on, thing) {
                all.extend(more);
            }
        }
        Value::Object(all)
    }

    /// Our own answers are held against the schema too.
    fn leaf(&mut self, value: &Value, kind: &str) {
        let name = bare(kind);
        let right = |value: &Value| match (types().kind(name), name) {
            ("ENUM", _) => value
                .as_str()
                .is_some_and(|one| types().values(name).contains(&one)),
            (_, "Int") => value.is_i64() || value.is_u64(),
            (_, "Boolean") => value.is_boolean(),
            _ => value.is_string(),
        };
        let fine = match value {
            Value::Null => true,
            Value::Array(items) => kind.starts_with('[') && items.iter().all(right),
            one => right(one),
        };
        if !fine {
            let place = self.path.join(".");
            let fault = format!("graphql: our own answer: {place}: {value} is no {kind}");
            self.faults.push(fault);
        }
    }

    /// The part that `first`, `last`, `after` and `before` ask for.
    fn part(&mut self, connection: Connection<'a>, given: &Map<String, Value>) -> Part<'a> {
        let mut edges = connection.edges;
        let total = edges.len();
        // The thing of a cursor may be gone by now: then its place is where it would be.
        let place = |edges: &[Edge<'_>], id: u64| {
            let found = edges.iter().position(|edge| edge.id == id);
            let gone = || edges.partition_point(|edge| edge.id < id);
            (found.unwrap_or_else(gone), found.is_some())
        };
        let (mut start, mut end) = (0, total);
        for name in ["after", "before"] {
            let Some(cursor) = given.get(name).and_then(Value::as_str) else {
                continue;
            };
            let Some(id) = number(cursor) else {
                let message = format!("`{cursor}` does not appear to be a valid cursor.");
                let kind = "INVALID_CURSOR_ARGUMENTS";
                self.errors.push(json!({"type": kind, "message": message}));
                continue;
            };
            let (at, found) = place(&edges, id);
            if name == "after" {
                start = at + usize::from(found);
            } else {
                end = at;
            }
        }
        let size = |name: &str| {
            let size = given.get(name).and_then(Value::as_u64)?;
            usize::try_from(size).ok()
        };
        let (mut from, mut to) = (start.min(end), end);
        if let Some(first) = size("first") {
            to = to.min(from + first);
        } else if let Some(last) = size("last") {
            from = from.max(to.saturating_sub(last));
        }
        edges.truncate(to);
        edges.drain(..from);
        Part {
            edges,
            total,
            before: from > 0,
            after: to < total,
        }
    }
}
