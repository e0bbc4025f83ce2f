//! The file of an approval: its entries, as they are written and as they are read.
//!
//! It is written by this program alone, so it is compared by its lines: a line at the margin begins
//! an entry, and what stands further in belongs to it. Comments and empty lines say nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use base::Decimal;
use predicate::{List, Value};

/// How the first line of every such file begins, so that no other file is ever written over.
pub const HEAD: &str = "# Approved: ";

/// The entries of an approval, by the names that things are listed under.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    by_name: BTreeMap<String, BTreeSet<Vec<String>>>,
}

/// An entry as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<'t> {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Its first line up to the colon.
    pub name: &'t str,
    /// All of its lines, without blanks at their ends.
    pub lines: Vec<&'t str>,
}

impl Entries {
    /// Adds a thing: what it is listed under, and what is written of it.
    pub fn add(&mut self, name: &str, fields: Vec<String>) {
        self.by_name.entry(scalar(name)).or_default().insert(fields);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Each with the name as it is written and its lines.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        self.by_name
            .iter()
            .map(|(name, said)| (name.as_str(), lines(name, said)))
    }

    /// The lines of one, by the name as it is written.
    pub fn get(&self, name: &str) -> Option<Vec<String>> {
        self.by_name.get(name).map(|said| lines(name, said))
    }

    /// The whole file: whose it is, why it is kept, the entries.
    pub fn text(&self, whose: &str, why: Option<&str>) -> String {
        let mut text = format!("{HEAD}{whose}\n");
        for line in why.into_iter().flat_map(str::lines) {
            let _ = writeln!(text, "# {}", base::visible(line.trim()));
        }
        text.push_str("# Written by `commonhold check --fix`. The owners of this folder agree to each change of it.\n\n");
        if self.is_empty() {
            text.push_str("{}\n");
        }
        for (_, lines) in self.iter() {
            text.push_str(&lines.join("\n"));
            text.push('\n');
        }
        text
    }
}

/// The name under which a file has a thing.
pub fn listed(name: &str) -> String {
    scalar(name)
}

/// A field and its value as a line says them; nothing where there is nothing to say.
pub fn field(name: &str, value: &Value<'_>) -> Option<String> {
    let said = shown(value)?;
    Some(format!("{name}: {said}"))
}

fn shown(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Truth(true) => Some("true".to_owned()),
        Value::Missing | Value::Truth(false) | Value::Map(_) | Value::Item(_) => None,
        Value::Number(number) | Value::Quantity(number) => Some(decimal(*number)),
        Value::Duration(duration) => Some(scalar(&format!("{duration:#}"))),
        Value::Date(date) => Some(date.to_string()),
        Value::Text(text) => Some(scalar(text)),
        Value::List(list) => list_of(list),
    }
}

fn list_of(list: &List<'_>) -> Option<String> {
    let mut all = Vec::new();
    list.elements().find(&mut |element| {
        all.extend(shown(&element));
        false
    });
    all.sort();
    (!all.is_empty()).then(|| format!("[{}]", all.join(", ")))
}

fn decimal(number: Decimal) -> String {
    number.to_string()
}

fn lines(name: &str, said: &BTreeSet<Vec<String>>) -> Vec<String> {
    let one = said.iter().next().filter(|_| said.len() == 1);
    match one {
        Some(fields) if fields.is_empty() => vec![format!("{name}: {{}}")],
        Some(fields) => {
            let fields = fields.iter().map(|field| format!("  {field}"));
            std::iter::once(format!("{name}:")).chain(fields).collect()
        }
        None => {
            let mut lines = vec![format!("{name}:")];
            for fields in said {
                let mut dash = "- ";
                if fields.is_empty() {
                    lines.push("  - {}".to_owned());
                }
                for field in fields {
                    lines.push(format!("  {dash}{field}"));
                    dash = "  ";
                }
            }
            lines
        }
    }
}

/// The entries of a file, in its order.
pub fn read(text: &str) -> Vec<Kept<'_>> {
    let mut kept: Vec<Kept<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = at;
        at += line.len();
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.is_empty() || line.trim_start().starts_with('#') || line == "{}" {
            continue;
        }
        if !line.starts_with([' ', '\t']) || kept.is_empty() {
            kept.push(Kept {
                at: begins,
                name: name_of(line),
                lines: vec![line],
            });
        } else if let Some(last) = kept.last_mut() {
            last.lines.push(line);
        }
    }
    kept
}

/// What stands before the colon that ends a name: one at the end, or before a blank.
fn name_of(line: &str) -> &str {
    if let Some(quoted) = line.strip_prefix('"') {
        let mut escaped = false;
        let end = quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        return end.map_or(line, |end| &line[..end + 2]);
    }
    line.split_once(": ")
        .map_or_else(|| line.strip_suffix(':').unwrap_or(line), |(name, _)| name)
}

/// A text as YAML reads it for the same: in double quotes where it might be taken for something else.
fn scalar(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '+');
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    if begins && text.chars().all(plain) && yaml::reads_as(text) == yaml::Reading::Text {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use base::SourceMap;
    use predicate::Value;
    use proptest::prelude::*;

    use super::{Entries, field, read};

    fn entries(things: &[(&str, &[&str])]) -> Entries {
        let mut entries = Entries::default();
        for (name, fields) in things {
            entries.add(
                name,
                fields.iter().map(|field| (*field).to_owned()).collect(),
            );
        }
        entries
    }

    #[test]
    fn things_that_agree_are_one_entry() {
        let all = entries(&[
            ("b", &["optional: true"]),
            ("a", &[]),
            ("a", &[]),
            ("c", &["x: 1"]),
            ("c", &["x: 2", "y: 3"]),
        ]);
        let text = all.text("jobs/always", Some("It costs."));
        let expected = "# Approved: jobs/always\n# It costs.\n# Written by `commonhold check --fix`. The owners of this \
                        folder agree to each change of it.\n\na: {}\nb:\n  optional: true\nc:\n  - x: 1\n  - x: 2\n    y: 3\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_field_says_only_what_there_is() {
        assert_eq!(field("x", &Value::Truth(false)), None);
        assert_eq!(field("x", &Value::Missing), None);
        assert_eq!(field("x", &Value::Text("on")).as_deref(), Some("x: \"on\""));
        let list: Value<'_> = ["b", "^a$"].into_iter().map(Value::Text).collect();
        assert_eq!(field("x", &list).as_deref(), Some("x: [\"^a$\", b]"));
    }

    #[test]
    fn comments_say_nothing_and_order_does_not_matter() {
        let kept = read("\u{feff}# head\r\nb:\r\n  x: 1 \r\n\r\n# more\na: {}\n");
        let names: Vec<&str> = kept.iter().map(|kept| kept.name).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(kept[0].lines, ["b:", "  x: 1"]);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(names in prop::collection::btree_set("[a-zA-Z0-9 :#@\"\\\\/é\n'{-]{0,9}", 0..6), value in "\\PC{0,8}") {
            let mut entries = Entries::default();
            for (at, name) in names.iter().enumerate() {
                let fields = field("said", &Value::Text(&value)).into_iter().take(at % 2);
                entries.add(name, fields.collect());
            }
            let text = entries.text("p/a", Some("Because."));
            let kept = read(&text);
            prop_assert_eq!(kept.len(), entries.len());
            for kept in kept {
                let lines = entries.get(kept.name);
                prop_assert_eq!(lines.as_deref().unwrap_or_default(), &kept.lines[..]);
            }
            // And it is what YAML reads as well.
            let file = SourceMap::default().add("approved", "");
            let (documents, findings) = yaml::parse(&text, file, yaml::Dialect::Native);
            prop_assert!(findings.is_empty(), "{:?} in {}", findings, text);
            if let yaml::Value::Mapping(read) = &documents[0].value {
                let read: std::collections::BTreeSet<String> =
                    read.iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect();
                prop_assert_eq!(read, names);
            }
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,40}", lines in prop::collection::vec("[ \"\\\\:a#{}]{0,8}", 0..8)) {
            for kept in read(&(text + "\n" + &lines.join("\n"))) {
                prop_assert!(!kept.lines.is_empty());
            }
        }
    }
}
