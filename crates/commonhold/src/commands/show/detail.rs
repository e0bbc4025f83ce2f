//! One item with all that is said of it, and by whom.

use std::fmt::Write;

use estate::{AnyItem, Estate};
use serde_json::{Value, json};

use crate::cli::Output;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};

pub(super) fn print(
    estate: &Estate,
    item: AnyItem<'_>,
    output: Output,
    project: &Project<'_>,
) -> String {
    let named_by = named_by(estate, item);
    match output {
        Output::Json => {
            let named_by: Vec<Value> = named_by
                .iter()
                .map(|[who, how, says]| json!({"item": who, "how": how, "says": says}))
                .collect();
            let shown = json!({
                "version": JSON_VERSION, "item": item.subject(), "title": item.title,
                "says": estate.sources.line_of(item.span), "value": item.json(), "named_by": named_by,
            });
            format!("{shown:#}\n")
        }
        Output::Text => text(estate, item, &named_by, project),
        other => {
            let mut table = Table::new(&["key", "value"]);
            for (key, value) in fields(&item.json()) {
                table.row([Cell::from(key), Cell::from(value)]);
            }
            table.print(other, "fields", project.surroundings)
        }
    }
}

fn text(
    estate: &Estate,
    item: AnyItem<'_>,
    named_by: &[[String; 3]],
    project: &Project<'_>,
) -> String {
    let mut text = format!(
        "{}: {}\n{}\n\n",
        item.subject(),
        base::visible(item.title),
        estate.sources.line_of(item.span)
    );
    let fields = fields(&item.json());
    let width = fields
        .iter()
        .map(|(key, _)| key.chars().count())
        .max()
        .unwrap_or(0);
    for (key, value) in fields {
        let mut lines = value.lines();
        let _ = writeln!(text, "  {key:<width$}  {}", lines.next().unwrap_or(""));
        for line in lines {
            let _ = writeln!(text, "  {:<width$}  {line}", "");
        }
    }
    if !named_by.is_empty() {
        text.push_str("\nNamed by:\n");
        let mut table = Table::new(&["item", "how", "says"]);
        for row in named_by {
            table.row(row.clone().map(Cell::from));
        }
        text += &table.print(Output::Text, "named_by", project.surroundings);
    }
    text
}

fn named_by(estate: &Estate, item: AnyItem<'_>) -> Vec<[String; 3]> {
    let Some(node) = estate.graph.node(item.kind, item.name) else {
        return Vec::new();
    };
    let incoming = estate.graph.incoming(node);
    let mut rows: Vec<[String; 3]> = incoming
        .map(|link| {
            let (kind, name) = estate.graph.item(link.from);
            let how = format!("{} it", link.relation.words());
            [
                format!("{}/{name}", kind.name()),
                how,
                estate.sources.line_of(link.span),
            ]
        })
        .collect();
    rows.sort();
    rows
}

/// Every value that is not empty, with its path: `on_call.rota`.
fn fields(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

fn collect(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Null => {}
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| collect(value, &below(key), found)),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, &format!("{path}[{}]", at + 1), found);
            }
        }
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            found.push((path.to_owned(), items.join(", ")));
        }
        Value::String(text) => {
            let lines: Vec<String> = text.trim_end().lines().map(base::visible).collect();
            found.push((path.to_owned(), lines.join("\n")));
        }
        other => found.push((path.to_owned(), plain(other))),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
