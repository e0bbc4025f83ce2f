//! What a type accepts, said once: for JSON Schema and for the reference pages.

use serde_json::{Map, Value as Json, json};

use crate::{Decoding, Node};

/// What a type accepts.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Any text.
    Text,
    /// Text of a form that the words describe, with a pattern for editors.
    Form {
        /// What it is, for people: `an e-mail address`.
        name: &'static str,
        /// An ECMA 262 pattern that every accepted text matches.
        pattern: &'static str,
    },
    /// The name of an item of a kind.
    Reference(&'static str),
    /// `true` or `false`.
    Flag,
    /// A whole number that is not negative.
    Whole,
    /// A number, exactly as its digits say; with quotes or without.
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Anything; its own rules are said elsewhere.
    Anything,
    /// A list.
    List(Box<Shape>),
    /// A mapping from free names.
    Map(Box<Shape>),
    /// One of some words.
    Choice(Vec<Choice>),
    /// A mapping with known keys.
    Record(Record),
    /// One of several.
    Either(Vec<Shape>),
}

/// One word of a choice.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// What it means.
    pub doc: &'static str,
}

impl Choice {
    /// The place of the word that a node holds; reports any other.
    pub fn pick(node: &Node, words: &[&'static str], cx: &mut Decoding) -> Option<usize> {
        let one_of = || format!("one of: {}", words.join(", "));
        // A word of the list is meant, even where YAML 1.1 reads another thing: `off`.
        let Some(text) = node.text() else {
            return cx.wrong_type(node, &format!("one of {}", words.join(", ")));
        };
        words.iter().position(|word| *word == text).or_else(|| {
            let help = match base::nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => one_of(),
            };
            cx.bad_value(
                node.span,
                format!("`{text}` is not one of the words allowed here"),
                help,
            )
        })
    }
}

/// A mapping with known keys.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// The name of its type.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its keys; a function, because records may hold themselves.
    pub fields: fn() -> Vec<Field>,
}

impl Record {
    /// `OnCall` as people say it: `on call`.
    pub fn readable_name(name: &str) -> String {
        let mut readable = String::with_capacity(name.len() + 4);
        for c in name.chars() {
            if c.is_ascii_uppercase() && !readable.is_empty() {
                readable.push(' ');
            }
            readable.push(c.to_ascii_lowercase());
        }
        readable
    }
}

/// A key of a record.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it holds.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its default, as written in code.
    pub default: Option<&'static str>,
    /// What it accepts.
    pub shape: Shape,
}

impl Shape {
    /// In words, for tables: `list of person names`.
    pub fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Form { name, .. } => (*name).to_owned(),
            Self::Reference(kind) => format!("name of {}", base::article(&kind.replace('-', " "))),
            Self::Flag => "true or false".to_owned(),
            Self::Whole => "whole number".to_owned(),
            Self::Number => "number".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Anything => "see its own page".to_owned(),
            Self::List(item) => format!("list: {}", item.words()),
            Self::Map(value) => format!("names to: {}", value.words()),
            Self::Choice(words) => words
                .iter()
                .map(|c| format!("`{}`", c.word))
                .collect::<Vec<_>>()
                .join(", "),
            Self::Record(record) => Record::readable_name(record.name),
            Self::Either(shapes) => {
                let each: Vec<String> = shapes.iter().map(Self::words).collect();
                each.join(", or ")
            }
        }
    }

    /// The records it is made of, itself first, each once.
    pub fn records(&self) -> Vec<Record> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<Record>) {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.collect(found),
            Self::Either(shapes) => shapes.iter().for_each(|shape| shape.collect(found)),
            Self::Record(record) if found.iter().all(|known| known.name != record.name) => {
                found.push(*record);
                for field in (record.fields)() {
                    field.shape.collect(found);
                }
            }
            _ => {}
        }
    }

    fn schema(&self) -> Json {
        match self {
            Self::Text => json!({"type": "string"}),
            Self::Form { name, pattern } => {
                json!({"type": "string", "description": name, "pattern": pattern})
            }
            Self::Reference(_) => {
                json!({"type": "string", "description": self.words()})
            }
            Self::Flag => json!({"type": "boolean"}),
            Self::Whole => json!({"type": "integer", "minimum": 0}),
            Self::Number => json!({
                "type": ["number", "string"],
                "pattern": "^-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE]-?[0-9]+)?$",
            }),
            Self::Date => json!({"type": "string", "format": "date"}),
            Self::Anything => json!({}),
            Self::List(item) => json!({"type": "array", "items": item.schema()}),
            Self::Map(value) => json!({"type": "object", "additionalProperties": value.schema()}),
            Self::Choice(words) => {
                let each = words
                    .iter()
                    .map(|c| json!({"const": c.word, "description": tidy(c.doc)}));
                json!({"oneOf": each.collect::<Vec<_>>()})
            }
            Self::Record(record) => json!({"$ref": format!("#/$defs/{}", record.name)}),
            Self::Either(shapes) => {
                let each: Vec<Json> = shapes.iter().map(Self::schema).collect();
                json!({"anyOf": each})
            }
        }
    }
}

fn record_schema(record: &Record) -> Json {
    let fields = (record.fields)();
    let mut properties = Map::new();
    for field in &fields {
        let mut schema = field.shape.schema();
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), tidy(field.doc).into());
            if let Some(Ok(default)) = field.default.map(serde_json::from_str::<Json>) {
                object.insert("default".to_owned(), default);
            }
        }
        properties.insert(field.key.to_owned(), schema);
    }
    let required: Vec<&str> = fields
        .iter()
        .filter(|f| f.required)
        .map(|f| f.key)
        .collect();
    json!({
        "type": "object",
        "description": tidy(record.doc),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The JSON Schema (draft 2020-12) of a type, for editors.
pub fn json_schema(shape: &Shape, title: &str) -> Json {
    let definitions: Map<String, Json> = shape
        .records()
        .iter()
        .map(|record| (record.name.to_owned(), record_schema(record)))
        .collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
    });
    if let (Some(object), Some(top)) = (schema.as_object_mut(), shape.schema().as_object()) {
        object.extend(top.clone());
        object.insert("$defs".to_owned(), definitions.into());
    }
    schema
}

/// A doc comment as running text.
fn tidy(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
