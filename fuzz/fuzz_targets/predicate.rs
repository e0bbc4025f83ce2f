#![no_main]
//! Any text as what is said of an item: each mistake has a place in the text; what is read prints
//! as what reads the same, and can be asked and explained.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;
use predicate::{Field, Item, Predicate, Type, Value, Words};

const TODAY: Date = date(2026, 1, 1);

const fn field(name: &'static str, holds: Type) -> Field {
    Field {
        name,
        holds,
        doc: "",
    }
}

static WORDS: Words = Words {
    noun: "thing",
    fields: &[
        field("name", Type::Text),
        field("on", Type::Truth),
        field("size", Type::Number),
        field("cpu", Type::Quantity),
        field("timeout", Type::Duration),
        field("until", Type::Date),
        field("names", Type::List(&Type::Text)),
        field("labels", Type::Map(&Type::Text)),
        field("parts", Type::List(&Type::Item(&WORDS))),
        field("part", Type::Item(&WORDS)),
    ],
};

#[derive(Default)]
struct Thing {
    names: Vec<String>,
    labels: BTreeMap<String, String>,
    parts: Vec<Thing>,
}

impl Item for Thing {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "name" => Value::Text("name"),
            "on" => Value::Truth(true),
            "size" => self.names.len().into(),
            "cpu" => predicate::quantity("500m").map_or(Value::Missing, Value::Quantity),
            "timeout" => predicate::duration("2h").into(),
            "until" => TODAY.into(),
            "names" => Value::list(&self.names),
            "labels" => Value::Map(&self.labels),
            "parts" => Value::list(&self.parts),
            "part" => self
                .parts
                .first()
                .map_or(Value::Missing, |part| Value::Item(part)),
            _ => Value::Missing,
        }
    }
}

fuzz_target!(|text: &str| {
    let _ = (predicate::quantity(text), predicate::duration(text));
    let read = match Predicate::parse(text, &WORDS) {
        Ok(read) => read,
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                assert!(text.get(mistake.at).is_some(), "{text}");
            }
            return;
        }
    };
    let printed = read.to_string();
    let again = Predicate::parse(&printed, &WORDS).expect("what is printed reads");
    assert_eq!((&again, again.to_string()), (&read, printed));
    let thing = Thing {
        names: vec!["a".to_owned()],
        labels: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
        parts: vec![Thing::default()],
    };
    assert_eq!(read.why(&thing, TODAY).holds, read.holds(&thing, TODAY));
    let _ = read.why(&Thing::default(), TODAY).to_string();
});
