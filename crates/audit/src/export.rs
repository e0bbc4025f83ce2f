//! What was seen of one system, and the file that holds it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Failed, Why, normal};

/// The version of the form of the files.
const FORMAT: u32 = 1;

/// All that was seen of one system, in normal form. The same system gives the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    system: String,
    things: BTreeMap<String, Value>,
}

/// A file that is no export of a system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no file of an audit: {0}")]
pub struct NotAnExport(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    system: String,
    things: BTreeMap<String, Value>,
}

impl Export {
    /// Of a system, by its name: `dns/primary/example.org`.
    pub fn new(
        system: impl Into<String>,
        things: impl IntoIterator<Item = (String, Value)>,
    ) -> Self {
        let things = things.into_iter();
        Self {
            system: system.into(),
            things: things.map(|(name, value)| (name, normal(value))).collect(),
        }
    }

    /// The name of the system.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// What there is, by name.
    pub fn things(&self) -> &BTreeMap<String, Value> {
        &self.things
    }

    /// The text of its file.
    ///
    /// # Errors
    /// [`Why::TooLarge`]: it is longer than that many bytes.
    pub fn text(&self, largest: usize) -> Result<String, Failed> {
        let things = self.things.iter();
        let things: Map<String, Value> = things
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mut all = Map::with_capacity(3);
        all.insert("format".to_owned(), Value::from(FORMAT));
        all.insert("system".to_owned(), Value::from(self.system.as_str()));
        all.insert("things".to_owned(), Value::Object(things));
        let text = format!("{:#}\n", Value::Object(all));
        if text.len() <= largest {
            return Ok(text);
        }
        let what = format!(
            "its {} things take {} bytes, and a file of the audit holds {largest}",
            self.things.len(),
            text.len()
        );
        Err(Failed::new(Why::TooLarge, what))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// It is no export, or one of a later version.
    pub fn parse(text: &str) -> Result<Self, NotAnExport> {
        let written: Written =
            serde_json::from_str(text).map_err(|error| NotAnExport(error.to_string()))?;
        if written.format != FORMAT {
            let what = format!("it is of format {}, and {FORMAT} is known", written.format);
            return Err(NotAnExport(what));
        }
        Ok(Self::new(written.system, written.things))
    }
}

/// The path of a system's file below the folder of the audit: each part of its name by itself,
/// in characters that every file system has.
pub fn path_of(system: &str) -> String {
    let part = |part: &str| {
        if part.is_empty() {
            // No other part is written so: a percent sign has two digits after it.
            return "%".to_owned();
        }
        let first = part.starts_with('.');
        let each = part.bytes().enumerate().map(|(at, byte)| match byte {
            b'.' if first && at == 0 => "%2E".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'@' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        });
        each.collect::<String>()
    };
    let parts: Vec<String> = system.split('/').map(part).collect();
    format!("{}.json", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::normal::tests::values;

    #[test]
    fn a_file_shows_one_field_a_line() {
        let export = Export::new(
            "aws/main/s3",
            [("bucket/b".to_owned(), json!({"z": ["2", "1"], "a": {}}))],
        );
        let text = export.text(1000).unwrap();
        assert_eq!(
            text,
            "{\n  \"format\": 1,\n  \"system\": \"aws/main/s3\",\n  \"things\": {\n    \"bucket/b\": {\n      \"a\": {},\n      \"z\": [\n        \"1\",\n        \"2\"\n      ]\n    }\n  }\n}\n"
        );
        let refused = export.text(100).unwrap_err();
        assert_eq!(refused.why, Why::TooLarge);
        assert!(refused.to_string().contains("1 things take"), "{refused}");
    }

    #[test]
    fn what_is_no_export_is_refused() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"format":2,"system":"a","things":{}}"#,
            r#"{"format":1,"system":"a","things":{},"more":1}"#,
            r#"{"format":1,"system":"a","things":{}"#,
        ] {
            assert!(Export::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_name_of_a_system_leaves_the_folder() {
        for (system, path) in [
            ("dns/primary/example.org", "dns/primary/example.org.json"),
            ("aws/../s3", "aws/%2E./s3.json"),
            ("access/ldap/dc=a,dc=b", "access/ldap/dc%3Da%2Cdc%3Db.json"),
            ("/etc", "%/etc.json"),
            ("a//b", "a/%/b.json"),
        ] {
            assert_eq!(path_of(system), path);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(
            things in prop::collection::btree_map("[a-z/. ]{1,6}", values(), 0..5),
        ) {
            let export = Export::new("a/b", things);
            let text = export.text(usize::MAX).unwrap();
            let again = Export::parse(&text).unwrap();
            prop_assert_eq!(&again, &export);
            prop_assert_eq!(again.text(usize::MAX).unwrap(), text);
        }
    }
}
