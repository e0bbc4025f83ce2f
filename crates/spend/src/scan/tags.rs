//! One value out of a flat JSON object, without building the object.

use std::borrow::Cow;

/// The value of a tag in `Tags`; nothing where there is no such tag, or it is null.
///
/// FOCUS's tags are a flat object (§2.8 Key-Value Format). A text comes without its quotes, all
/// else as it stands. Of a key that occurs twice, the first counts. What is no object has no tags.
pub fn value<'a>(tags: &'a str, key: &str) -> Option<Cow<'a, str>> {
    let mut at = Cursor {
        bytes: tags.as_bytes(),
        text: tags,
        at: 0,
    };
    at.take(b'{')?;
    loop {
        let name = at.string()?;
        at.take(b':')?;
        let found = at.value()?;
        if is_key(name, key) {
            return plain(found);
        }
        at.take(b',')?;
    }
}

/// Whether a key as it stands between its quotes is the one asked for.
fn is_key(raw: &str, key: &str) -> bool {
    raw == key || (raw.contains('\\') && unescaped(raw).is_some_and(|name| name == key))
}

fn unescaped(raw: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{raw}\"")).ok()
}

fn plain(found: &str) -> Option<Cow<'_, str>> {
    if found == "null" {
        return None;
    }
    let Some(raw) = found
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return Some(Cow::Borrowed(found));
    };
    if raw.contains('\\') {
        unescaped(raw).map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(raw))
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.bytes.get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    /// What stands between the quotes of a string, with its escapes.
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let from = self.at;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(from..self.at - 1)
    }

    /// A value as it stands, quotes and all.
    fn value(&mut self) -> Option<&'a str> {
        self.space();
        let from = self.at;
        match self.bytes.get(self.at)? {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.nested()?,
            _ => {
                let ends =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                while !ends(self.bytes.get(self.at)?) {
                    self.at += 1;
                }
            }
        }
        self.text.get(from..self.at)
    }

    /// Passes over an object or array: FOCUS has none in tags, vendors do.
    fn nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_whatever_stands_around_it() {
        let tags = r#" { "a" : "x,}\"", "b":true,"n": -1.50 , "deep": {"c": ["}"]}, "z": null, "c\u0061t": "m\u00e9" } "#;
        let found = |key: &str| value(tags, key).map(Cow::into_owned);
        assert_eq!(found("a").as_deref(), Some("x,}\""));
        assert_eq!(found("b").as_deref(), Some("true"));
        assert_eq!(found("n").as_deref(), Some("-1.50"));
        assert_eq!(found("deep").as_deref(), Some(r#"{"c": ["}"]}"#));
        assert_eq!(found("cat").as_deref(), Some("mé"));
        assert_eq!((found("z"), found("c"), found("")), (None, None, None));
    }

    #[test]
    fn what_is_no_object_has_no_tags() {
        for text in [
            "",
            "{",
            "{}",
            "[]",
            "null",
            r#"{"a"#,
            r#"{"a":"#,
            r#"{"a":"b\"#,
            r#"{"a":[1}"#,
            "{\"a\":\"é\\",
            "\"a\":1",
        ] {
            assert_eq!(value(text, "b"), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_agrees_with_a_whole_parser(pairs in proptest::collection::vec((".{0,6}", proptest::option::of(".{0,9}")), 0..5)) {
            let mut object = serde_json::Map::new();
            for (key, text) in pairs {
                object.insert(key, text.map_or(serde_json::Value::Null, Into::into));
            }
            let tags = serde_json::Value::Object(object.clone()).to_string();
            for (key, text) in &object {
                let found = value(&tags, key);
                proptest::prop_assert_eq!(found.as_deref(), text.as_str());
            }
        }

        #[test]
        fn no_text_stops_it(text in r#"[{}\[\]",:\\ a-c0é]{0,24}"#, key in "[a-c]?") {
            let _ = value(&text, &key);
        }
    }
}
