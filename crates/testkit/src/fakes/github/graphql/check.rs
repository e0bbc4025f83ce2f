//! Whether a query fits the schema, and how much it may walk.
//!
//! The rules are those of GraphQL October 2021 §5 for queries, with GitHub's own: connections
//! are asked for with `first` or `last` of 1 to 100, and a query may walk 500,000 nodes at most
//! ("Rate limits and query limits for the GraphQL API").

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::parse::{
    Arguments, Directive, Document, Field, Fragment, Literal, Operation, Selection, Variable,
    literal,
};
use super::schema::{bare, types};

/// How many nodes a query may walk.
const MOST_NODES: u64 = 500_000;
/// How many a connection gives at once.
const LONGEST_PAGE: i64 = 100;

/// A query that fits.
#[derive(Debug)]
pub(super) struct Query<'a> {
    pub(super) operation: &'a Operation,
    pub(super) fragments: &'a [Fragment],
    /// All variables with their values, defaults too.
    pub(super) variables: Map<String, Value>,
    /// How many nodes it may walk.
    pub(super) nodes: u64,
    requests: u64,
}

impl Query<'_> {
    /// What it costs: a point for each hundred requests that it stands for, one at least.
    pub(super) fn cost(&self) -> u64 {
        ((self.requests + 50) / 100).max(1)
    }
}

struct Checker<'a> {
    fragments: &'a [Fragment],
    declared: &'a [Variable],
    variables: Map<String, Value>,
    used_variables: BTreeSet<String>,
    used_fragments: BTreeSet<String>,
    open: Vec<String>,
    nodes: u64,
    requests: u64,
    errors: Vec<String>,
}

/// Checks the operation of this name, or the only one.
pub(super) fn checked<'a>(
    document: &'a Document,
    name: Option<&str>,
    given: &Map<String, Value>,
) -> Result<Query<'a>, Vec<String>> {
    let operation = chosen(document, name).map_err(|message| vec![message])?;
    let mut checker = Checker {
        fragments: &document.fragments,
        declared: &operation.variables,
        variables: Map::new(),
        used_variables: BTreeSet::new(),
        used_fragments: BTreeSet::new(),
        open: Vec::new(),
        nodes: 0,
        requests: 0,
        errors: Vec::new(),
    };
    checker.take_variables(given);
    checker.selection(&operation.selection, "Query", 1);
    checker.unused();
    if checker.nodes > MOST_NODES {
        let nodes = checker.nodes;
        checker.errors.push(format!(
            "This query requests up to {nodes} possible nodes which exceeds the maximum limit \
             of {MOST_NODES}."
        ));
    }
    if checker.errors.is_empty() {
        Ok(Query {
            operation,
            fragments: &document.fragments,
            variables: checker.variables,
            nodes: checker.nodes,
            requests: checker.requests,
        })
    } else {
        Err(checker.errors)
    }
}

fn chosen<'a>(document: &'a Document, name: Option<&str>) -> Result<&'a Operation, String> {
    let mut all = document.operations.iter();
    let operation = match name {
        Some(name) => all.find(|one| one.name.as_deref() == Some(name)),
        None if document.operations.len() > 1 => {
            return Err("An operation name is required".to_owned());
        }
        None => all.next(),
    };
    let operation = operation.ok_or("No operation named that way, or none at all")?;
    if operation.kind != "query" {
        let kind = &operation.kind;
        return Err(format!(
            "Schema is not configured for {kind}s: use REST to write"
        ));
    }
    Ok(operation)
}

impl<'a> Checker<'a> {
    fn wrong(&mut self, message: impl Into<String>) {
        let message = message.into();
        if !self.errors.contains(&message) {
            self.errors.push(message);
        }
    }

    fn take_variables(&mut self, given: &Map<String, Value>) {
        for name in given.keys() {
            // GraphQL passes these over; whoever sends one meant something.
            if !self.declared.iter().any(|variable| variable.name == *name) {
                self.wrong(format!("Variable ${name} is provided but not declared"));
            }
        }
        for variable in self.declared {
            let (name, kind) = (&variable.name, &variable.kind);
            if !types().has(bare(kind)) {
                self.wrong(format!("{kind} isn't a defined input type (on ${name})"));
                continue;
            }
            let default = variable
                .default
                .as_ref()
                .map(|value| plain(value, &self.variables));
            let value = given.get(name).cloned().or(default);
            if value.is_none() && !kind.ends_with('!') {
                continue;
            }
            let value = value.unwrap_or_default();
            if let Err(why) = fits(kind, &value) {
                self.wrong(format!(
                    "Variable ${name} of type {kind} was provided invalid value: {why}"
                ));
            }
            self.variables.insert(name.clone(), value);
        }
    }

    fn unused(&mut self) {
        for variable in self.declared {
            if !self.used_variables.contains(&variable.name) {
                self.wrong(format!(
                    "Variable ${} is declared by the operation but not used",
                    variable.name
                ));
            }
        }
        for fragment in self.fragments {
            if !self.used_fragments.contains(&fragment.name) {
                self.wrong(format!(
                    "Fragment {} was defined, but not used",
                    fragment.name
                ));
            }
        }
    }

    /// `times` is how many things of this type there may be.
    fn selection(&mut self, selection: &'a [Selection], on: &str, times: u64) {
        let mut fields = Vec::new();
        self.gather(selection, on, times, &mut fields);
        for (at, one) in fields.iter().enumerate() {
            let clash = fields[..at].iter().find(|other: &&&Field| {
                other.key == one.key && (other.name != one.name || other.arguments != one.arguments)
            });
            if clash.is_some() {
                let key = &one.key;
                self.wrong(format!("Field '{key}' has a field conflict: use an alias"));
            }
        }
    }

    fn gather(
        &mut self,
        selection: &'a [Selection],
        on: &str,
        times: u64,
        fields: &mut Vec<&'a Field>,
    ) {
        for part in selection {
            match part {
                Selection::Field(field) => {
                    self.directives(&field.directives);
                    self.field(field, on, times);
                    fields.push(field);
                }
                Selection::Inline(condition, directives, inner) => {
                    self.directives(directives);
                    let to = condition.as_deref().unwrap_or(on);
                    // Fields of different types do not meet in one answer.
                    let mut apart = Vec::new();
                    if self.applies(to, on) {
                        let fields = if to == on { &mut *fields } else { &mut apart };
                        self.gather(inner, to, times, fields);
                    }
                }
                Selection::Spread(name, directives) => {
                    self.directives(directives);
                    self.used_fragments.insert(name.clone());
                    let fragment = self.fragments.iter().find(|one| one.name == *name);
                    let Some(fragment) = fragment else {
                        self.wrong(format!("Fragment {name} was used, but not defined"));
                        continue;
                    };
                    if self.open.contains(name) {
                        self.wrong(format!("Fragment {name} contains an infinite loop"));
                    } else if self.applies(&fragment.on, on) {
                        self.open.push(name.clone());
                        self.gather(&fragment.selection, &fragment.on, times, fields);
                        self.open.pop();
                    }
                }
            }
        }
    }

    fn applies(&mut self, to: &str, on: &str) -> bool {
        if !types().has(to) {
            self.wrong(format!(
                "No such type {to}, so it can't be a fragment condition"
            ));
            return false;
        }
        let overlap = types().overlap(to, on);
        if !overlap {
            self.wrong(format!("Fragment on {to} can't be spread inside {on}"));
        }
        overlap
    }

    fn directives(&mut self, directives: &[Directive]) {
        for directive in directives {
            let known = ["include", "skip"].contains(&directive.name.as_str());
            if !known {
                self.wrong(format!("Directive @{} is not defined", directive.name));
            }
            let described = json!({"if": {"type": "Boolean!"}});
            let place = format!("Directive '{}'", directive.name);
            self.arguments(&directive.arguments, &described, &place);
        }
    }

    fn field(&mut self, field: &'a Field, on: &str, times: u64) {
        let name = &field.name;
        if name == "__typename" {
            return;
        }
        let Some(described) = types().field(on, name) else {
            self.wrong(format!("Field '{name}' doesn't exist on type '{on}'"));
            return;
        };
        let kind = described["type"].as_str().unwrap_or_default();
        let target = bare(kind);
        self.arguments(
            &field.arguments,
            &described["args"],
            &format!("Field '{name}'"),
        );
        let leaf = types().is_leaf(target);
        if leaf && !field.selection.is_empty() {
            self.wrong(format!(
                "Selections can't be made on scalars (field '{name}' returns {target} but has \
                 selections)"
            ));
        }
        if !leaf && field.selection.is_empty() {
            self.wrong(format!(
                "Field must have selections (field '{name}' returns {target} but has no \
                 selections. Did you mean '{name} {{ ... }}'?)"
            ));
        }
        let mut within = times;
        if target.ends_with("Connection") {
            let size = self.page_size(field);
            within = times.saturating_mul(size);
            self.nodes = self.nodes.saturating_add(within);
            self.requests = self.requests.saturating_add(times);
        }
        self.selection(&field.selection, target, within);
    }

    /// How many a connection is asked for.
    fn page_size(&mut self, field: &Field) -> u64 {
        let name = &field.name;
        let mut sizes = Vec::new();
        for (key, value) in &field.arguments {
            if key == "first" || key == "last" {
                let size = plain(value, &self.variables).as_i64();
                sizes.extend(size.map(|size| (key, size)));
            }
        }
        let [(key, size)] = sizes[..] else {
            self.wrong(if sizes.is_empty() {
                format!(
                    "You must provide a `first` or `last` value to properly paginate the \
                     `{name}` connection."
                )
            } else {
                format!(
                    "Passing both `first` and `last` to paginate the `{name}` connection \
                     is not supported."
                )
            });
            return 1;
        };
        if size > LONGEST_PAGE {
            self.wrong(format!(
                "Requesting {size} records on the `{name}` connection exceeds the `{key}` limit \
                 of {LONGEST_PAGE} records."
            ));
        }
        if size < 1 {
            self.wrong(format!(
                "`{key}` on the `{name}` connection cannot be less than 1."
            ));
        }
        u64::try_from(size).unwrap_or(1)
    }

    fn arguments(&mut self, given: &Arguments, described: &Value, place: &str) {
        for (name, value) in given {
            let Some(argument) = described.get(name) else {
                self.wrong(format!("{place} doesn't accept argument '{name}'"));
                continue;
            };
            let kind = argument["type"].as_str().unwrap_or_default();
            let default = argument.get("default").is_some();
            if let Err(why) = self.literal(value, kind, default) {
                self.wrong(format!(
                    "Argument '{name}' on {place} has an invalid value: {why}. Expected type \
                     '{kind}'."
                ));
            }
        }
        for (name, argument) in described.as_object().into_iter().flatten() {
            let kind = argument["type"].as_str().unwrap_or_default();
            let must = kind.ends_with('!') && argument.get("default").is_none();
            if must && !given.iter().any(|(given, _)| given == name) {
                self.wrong(format!("{place} is missing required arguments: {name}"));
            }
        }
    }

    /// Whether a written value fits a type; variables by the type they are declared with.
    fn literal(&mut self, value: &Literal, kind: &str, has_default: bool) -> Result<(), String> {
        let inner = kind.trim_end_matches('!');
        match value {
            Literal::Variable(name) => {
                self.used_variables.insert(name.clone());
                let declared = self.declared.iter().find(|one| one.name == *name);
                let declared =
                    declared.ok_or_else(|| format!("Variable ${name} is not declared"))?;
                let sure = declared.default.is_some() || has_default;
                let wanted = if sure { inner } else { kind };
                if assignable(&declared.kind, wanted) {
                    Ok(())
                } else {
                    Err(format!(
                        "Type mismatch on variable ${name} ({})",
                        declared.kind
                    ))
                }
            }
            Literal::Null if kind.ends_with('!') => Err("null".to_owned()),
            Literal::Null => Ok(()),
            Literal::List(items) if inner.starts_with('[') => {
                let item = &inner[1..inner.len() - 1];
                items
                    .iter()
                    .try_for_each(|one| self.literal(one, item, false))
            }
            // One item stands for a list of it (§3.11).
            one if inner.starts_with('[') => self.literal(one, &inner[1..inner.len() - 1], false),
            Literal::Object(members) if types().inputs(inner).is_some() => {
                let inputs = types().inputs(inner).cloned().unwrap_or_default();
                self.arguments(
                    members,
                    &Value::Object(inputs),
                    &format!("InputObject '{inner}'"),
                );
                Ok(())
            }
            Literal::Enum(name) if types().kind(inner) == "ENUM" => fits(kind, &json!(name)),
            Literal::Enum(name) => Err(name.clone()),
            Literal::Text(text) if types().kind(inner) == "ENUM" => Err(format!("\"{text}\"")),
            other => fits(kind, &plain(other, &self.variables)),
        }
    }
}

/// Whether a variable of one type can stand where another is wanted.
fn assignable(declared: &str, wanted: &str) -> bool {
    if let Some(wanted) = wanted.strip_suffix('!') {
        return declared
            .strip_suffix('!')
            .is_some_and(|declared| assignable(declared, wanted));
    }
    let declared = declared.trim_end_matches('!');
    match (declared.strip_prefix('['), wanted.strip_prefix('[')) {
        (Some(declared), Some(wanted)) => assignable(
            declared.strip_suffix(']').unwrap_or(declared),
            wanted.strip_suffix(']').unwrap_or(wanted),
        ),
        (None, None) => declared == wanted,
        _ => false,
    }
}

/// Whether a value, as JSON has it, is of a type.
fn fits(kind: &str, value: &Value) -> Result<(), String> {
    let wrong = || Err(value.to_string());
    if value.is_null() {
        return if kind.ends_with('!') { wrong() } else { Ok(()) };
    }
    let kind = kind.trim_end_matches('!');
    if let Some(inner) = kind.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or(inner);
        return match value {
            Value::Array(items) => items.iter().try_for_each(|item| fits(inner, item)),
            one => fits(inner, one),
        };
    }
    let right = match (types().kind(kind), kind) {
        ("ENUM", _) => value
            .as_str()
            .is_some_and(|name| types().values(kind).contains(&name)),
        ("INPUT_OBJECT", _) => value.is_object(),
        (_, "Int") => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        (_, "Boolean") => value.is_boolean(),
        (_, "ID") => value.is_string() || value.is_i64(),
        _ => value.is_string(),
    };
    if right { Ok(()) } else { wrong() }
}

/// A written value as JSON has it, with the variables filled in.
pub(super) fn plain(value: &Literal, variables: &Map<String, Value>) -> Value {
    match value {
        Literal::Variable(name) => variables.get(name).cloned().unwrap_or_default(),
        Literal::Int(number) => json!(number),
        Literal::Float(number) => json!(number),
        Literal::Text(text) | Literal::Enum(text) => json!(text),
        Literal::Bool(yes) => json!(yes),
        Literal::Null => Value::Null,
        Literal::List(items) => items.iter().map(|item| plain(item, variables)).collect(),
        Literal::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), plain(value, variables)))
            .collect(),
    }
}

/// The arguments of a field with the schema's defaults, as JSON has them.
pub(super) fn arguments(
    field: &Field,
    on: &str,
    variables: &Map<String, Value>,
) -> Map<String, Value> {
    let described = types().field(on, &field.name).map(|one| &one["args"]);
    let described = described.and_then(Value::as_object).into_iter().flatten();
    let defaults = described.filter_map(|(name, argument)| {
        let text = argument.get("default")?.as_str()?;
        let value = literal(text).ok()?;
        Some((name.clone(), plain(&value, &Map::new())))
    });
    let mut all: Map<String, Value> = defaults.collect();
    for (name, value) in &field.arguments {
        // A variable that was not provided leaves the default.
        let absent = matches!(value, Literal::Variable(name) if !variables.contains_key(name));
        if !absent {
            all.insert(name.clone(), plain(value, variables));
        }
    }
    all
}
