//! What JSON looks like: said once, printed into the description of the API and held against what comes in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a value looks like.
#[derive(Debug, Clone)]
pub(crate) enum Schema {
    /// An object of which nothing more is said.
    Any,
    /// Yes or no.
    Truth,
    /// A whole number, from one to another.
    Whole(i64, i64),
    /// A string.
    Text(Text),
    /// A list, so long at most.
    List(Box<Self>, usize),
    /// Any names, each with such a value.
    Map(Box<Self>),
    /// These names and no others; whether the description forbids others, too. What we answer may
    /// gain names, and whoever reads it must bear that.
    Record(Vec<Member>, Others),
    /// Such a value, or null.
    OrNull(Box<Self>),
    /// Any of these.
    Either(Vec<Self>),
    /// One that has a name.
    Named(Cow<'static, str>),
}

/// Whether a record may have names that it does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// They are refused.
    Refused,
    /// They may come with a later version.
    Later,
}

/// What a string looks like.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// What is in it.
    pub(crate) form: &'static Form,
    /// The fewest characters.
    pub(crate) least: usize,
    /// The most characters.
    pub(crate) most: usize,
    /// The only ones, if there are but a few.
    pub(crate) choices: Vec<Cow<'static, str>>,
}

/// What is in a string: as JSON Schema says it, and as it is held against one.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) format: Option<&'static str>,
    pub(crate) pattern: Option<&'static str>,
    pub(crate) is: fn(&str) -> bool,
    /// What it has to be, at the end of `must be`.
    pub(crate) words: &'static str,
}

/// A name in a record.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: Cow<'static, str>,
    pub(crate) about: Cow<'static, str>,
    pub(crate) schema: Schema,
    pub(crate) required: bool,
}

/// The schemas that have names.
pub(crate) type Names = BTreeMap<Cow<'static, str>, Schema>;

/// What is wrong with a value, and where: a JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) pointer: String,
    pub(crate) what: String,
}

/// The longest string that is taken where nothing else is said.
const LONGEST: usize = 20_000;

/// Any characters.
pub(crate) static ANY: Form = Form {
    format: None,
    pattern: None,
    is: |_| true,
    words: "a text",
};
/// A day.
pub(crate) static DAY: Form = Form {
    format: Some("date"),
    pattern: None,
    is: |text| text.parse::<jiff::civil::Date>().is_ok(),
    words: "a day, as `2026-11-22`",
};
/// An instant.
pub(crate) static INSTANT: Form = Form {
    format: Some("date-time"),
    pattern: None,
    is: |text| text.parse::<jiff::Timestamp>().is_ok(),
    words: "an instant, as `2026-11-22T10:00:00Z`",
};
/// An exact number.
pub(crate) static DECIMAL: Form = Form {
    format: None,
    pattern: Some("^-?[0-9]+(\\.[0-9]+)?$"),
    is: |text| text.parse::<base::Decimal>().is_ok(),
    words: "a number, as `12.50`",
};
/// What another request answered, to be brought back as it is.
pub(crate) static CURSOR: Form = Form {
    format: None,
    pattern: Some("^[A-Za-z0-9_-]+$"),
    is: |text| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    },
    words: "the `next` of an earlier answer",
};

/// What stands in a header as it is.
pub(crate) static TOKEN: Form = Form {
    format: None,
    pattern: Some("^[!-~]+$"),
    is: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
    words: "letters, digits and signs of ASCII without spaces",
};
/// A place that is told what happens.
pub(crate) static URL: Form = Form {
    format: Some("uri"),
    pattern: Some("^https?://[!-~]+$"),
    is: |text| {
        let rest = text
            .strip_prefix("https://")
            .or(text.strip_prefix("http://"));
        rest.is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
        })
    },
    words: "a URL, as `https://host.example/path`",
};

impl Schema {
    /// A string that may be long.
    pub(crate) fn text() -> Self {
        Self::of(&ANY)
    }

    /// A string of a form.
    pub(crate) fn of(form: &'static Form) -> Self {
        Self::Text(Text {
            form,
            least: 0,
            most: LONGEST,
            choices: Vec::new(),
        })
    }

    /// A string of so many characters.
    pub(crate) fn sized(form: &'static Form, least: usize, most: usize) -> Self {
        Self::Text(Text {
            form,
            least,
            most,
            choices: Vec::new(),
        })
    }

    /// One of these strings.
    pub(crate) fn choice<T: Into<Cow<'static, str>>>(choices: impl IntoIterator<Item = T>) -> Self {
        Self::Text(Text {
            form: &ANY,
            least: 0,
            most: LONGEST,
            choices: choices.into_iter().map(Into::into).collect(),
        })
    }

    /// A list, however long.
    pub(crate) fn list(of: Self) -> Self {
        Self::List(Box::new(of), usize::MAX)
    }

    /// The same, or null.
    pub(crate) fn or_null(self) -> Self {
        Self::OrNull(Box::new(self))
    }

    /// A schema that has a name.
    pub(crate) fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self::Named(name.into())
    }

    /// What we answer: each name is always there.
    pub(crate) fn answer(members: Vec<Member>) -> Self {
        Self::Record(members, Others::Later)
    }

    /// What is sent to us.
    pub(crate) fn sent(members: Vec<Member>) -> Self {
        Self::Record(members, Others::Refused)
    }

    /// As JSON Schema 2020-12 has it.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Any => json!({"type": "object"}),
            Self::Truth => json!({"type": "boolean"}),
            Self::Whole(least, most) => {
                let mut said = json!({"type": "integer"});
                if *least != i64::MIN {
                    said["minimum"] = json!(least);
                }
                if *most != i64::MAX {
                    said["maximum"] = json!(most);
                }
                said
            }
            Self::Text(text) => text.json(),
            Self::List(of, most) => {
                let mut said = json!({"type": "array", "items": of.json()});
                if *most != usize::MAX {
                    said["maxItems"] = json!(most);
                }
                said
            }
            Self::Map(of) => json!({"type": "object", "additionalProperties": of.json()}),
            Self::Record(members, others) => record(members, *others),
            Self::OrNull(of) => or_null(of),
            Self::Either(schemas) => {
                json!({"anyOf": schemas.iter().map(Self::json).collect::<Vec<_>>()})
            }
            Self::Named(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
        }
    }

    /// What is wrong with a value.
    pub(crate) fn check(&self, value: &Value, names: &Names) -> Vec<Wrong> {
        let mut found = Vec::new();
        self.hold(value, names, String::new(), &mut found);
        found
    }

    fn hold(&self, value: &Value, names: &Names, at: String, found: &mut Vec<Wrong>) {
        let mut wrong = |what: String| {
            let pointer = at.clone();
            found.push(Wrong { pointer, what });
        };
        match (self, value) {
            (Self::Truth, Value::Bool(_))
            | (Self::OrNull(_), Value::Null)
            | (Self::Any, Value::Object(_)) => {}
            (Self::Whole(least, most), Value::Number(number)) => match number.as_i64() {
                Some(number) if (*least..=*most).contains(&number) => {}
                Some(_) => wrong(format!("must be from {least} to {most}")),
                None => wrong("must be a whole number".to_owned()),
            },
            (Self::Text(text), Value::String(held)) => {
                if let Err(what) = text.hold(held) {
                    wrong(what);
                }
            }
            (Self::List(of, most), Value::Array(items)) => {
                if items.len() > *most {
                    wrong(format!("must have {most} at most"));
                }
                for (place, item) in items.iter().enumerate() {
                    of.hold(item, names, format!("{at}/{place}"), found);
                }
            }
            (Self::Map(of), Value::Object(held)) => {
                for (name, value) in held {
                    of.hold(value, names, below(&at, name), found);
                }
            }
            (Self::Record(members, _), Value::Object(held)) => {
                hold_record(members, held, names, &at, found);
            }
            (Self::OrNull(of), value) => of.hold(value, names, at, found),
            (Self::Either(schemas), value) => {
                if !schemas.iter().any(|one| one.check(value, names).is_empty()) {
                    wrong("is none of what it may be".to_owned());
                }
            }
            (Self::Named(name), value) => match names.get(name.as_ref()) {
                Some(schema) => schema.hold(value, names, at, found),
                None => wrong(format!("nothing is called {name}")),
            },
            (schema, _) => wrong(format!("must be {}", schema.words())),
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Whole(..) => "a whole number",
            Self::Text(text) => text.form.words,
            Self::List(..) => "a list",
            Self::Any | Self::Map(_) | Self::Record(..) => "an object",
            Self::OrNull(_) | Self::Either(_) | Self::Named(_) => "something else",
        }
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn hold_record(
    members: &[Member],
    held: &serde_json::Map<String, Value>,
    names: &Names,
    at: &str,
    found: &mut Vec<Wrong>,
) {
    for member in members {
        match held.get(member.name.as_ref()) {
            Some(value) => member
                .schema
                .hold(value, names, below(at, &member.name), found),
            None if member.required => found.push(Wrong {
                pointer: below(at, &member.name),
                what: "is missing".to_owned(),
            }),
            None => {}
        }
    }
    for name in held.keys() {
        if !members.iter().any(|member| member.name == name.as_str()) {
            let known = members.iter().map(|member| member.name.as_ref());
            let near = base::nearest(name, known);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            found.push(Wrong {
                pointer: below(at, name),
                what: format!("is not known here{hint}"),
            });
        }
    }
}

fn record(members: &[Member], others: Others) -> Value {
    let mut properties = serde_json::Map::new();
    for member in members {
        let mut said = member.schema.json();
        // What stands beside a reference counts since JSON Schema 2019-09.
        if !member.about.is_empty() {
            said["description"] = json!(member.about);
        }
        properties.insert(member.name.to_string(), said);
    }
    let needed = members.iter().filter(|member| member.required);
    let needed: Vec<&str> = needed.map(|member| member.name.as_ref()).collect();
    let mut said = json!({"type": "object", "properties": properties});
    if !needed.is_empty() {
        said["required"] = json!(needed);
    }
    if others == Others::Refused {
        said["additionalProperties"] = json!(false);
    }
    said
}

fn or_null(of: &Schema) -> Value {
    let mut said = of.json();
    match said.get("type").and_then(Value::as_str) {
        Some(kind) if said.get("enum").is_none() => {
            said["type"] = json!([kind, "null"]);
            said
        }
        _ => json!({"anyOf": [said, {"type": "null"}]}),
    }
}

impl Text {
    fn json(&self) -> Value {
        let mut said = json!({"type": "string"});
        if !self.choices.is_empty() {
            said["enum"] = json!(self.choices);
            return said;
        }
        if let Some(format) = self.form.format {
            said["format"] = json!(format);
        }
        if let Some(pattern) = self.form.pattern {
            said["pattern"] = json!(pattern);
        }
        if self.least > 0 {
            said["minLength"] = json!(self.least);
        }
        if self.most != LONGEST {
            said["maxLength"] = json!(self.most);
        }
        said
    }

    fn hold(&self, held: &str) -> Result<(), String> {
        if !self.choices.is_empty() {
            if self.choices.iter().any(|choice| choice == held) {
                return Ok(());
            }
            let known = self.choices.iter().map(AsRef::as_ref);
            return Err(match base::nearest(held, known) {
                Some(near) => format!("must be one of a few; did you mean `{near}`?"),
                None => format!("must be one of: {}", self.choices.join(", ")),
            });
        }
        let length = held.chars().count();
        if length < self.least {
            return Err(format!("must have {} characters at least", self.least));
        }
        if length > self.most {
            return Err(format!("must have {} characters at most", self.most));
        }
        if !(self.form.is)(held) {
            return Err(format!("must be {}", self.form.words));
        }
        Ok(())
    }
}

impl Member {
    /// A name that is always there.
    pub(crate) fn new(
        name: impl Into<Cow<'static, str>>,
        schema: Schema,
        about: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            name: name.into(),
            about: about.into(),
            schema,
            required: true,
        }
    }

    /// The same, which may be left out.
    pub(crate) fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DAY, Member, Names, Schema};

    fn wrongs(schema: &Schema, value: &serde_json::Value) -> Vec<String> {
        let found = schema.check(value, &Names::new());
        let each = found
            .into_iter()
            .map(|wrong| format!("{} {}", wrong.pointer, wrong.what));
        each.collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_with_its_place() {
        let schema = Schema::sent(vec![
            Member::new("day", Schema::of(&DAY), "When"),
            Member::new("size", Schema::Whole(1, 5), "How many"),
            Member::new("who", Schema::list(Schema::text()), "Who").optional(),
        ]);
        assert!(wrongs(&schema, &json!({"day": "2026-11-22", "size": 5})).is_empty());
        let bad = json!({"day": "22.11.2026", "size": 9, "who": ["a", 1], "sise": 1});
        assert_eq!(
            wrongs(&schema, &bad),
            [
                "/day must be a day, as `2026-11-22`",
                "/size must be from 1 to 5",
                "/who/1 must be a text",
                "/sise is not known here; did you mean `size`?",
            ]
        );
        assert_eq!(wrongs(&schema, &json!([])), [" must be an object"]);
        assert_eq!(
            wrongs(&schema, &json!({})),
            ["/day is missing", "/size is missing"]
        );
    }

    #[test]
    fn null_is_said_as_json_schema_says_it() {
        let number = Schema::Whole(0, i64::MAX).or_null();
        assert_eq!(
            number.json(),
            json!({"type": ["integer", "null"], "minimum": 0})
        );
        assert_eq!(
            Schema::named("Source").or_null().json(),
            json!({"anyOf": [{"$ref": "#/components/schemas/Source"}, {"type": "null"}]})
        );
    }
}
