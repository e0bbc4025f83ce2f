//! Documents of policies, which come as JSON, often with percent signs.

use serde_json::Value;

use crate::secret;

/// Fields of a statement that hold one text or several, which is the same.
const SETS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// The document of a policy: what is one text in a set is a list of one, and no secret is in it.
///
/// # Errors
/// It is not JSON, or no object.
pub fn document(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let plain = if text.starts_with('%') {
        decoded(text)?
    } else {
        text.to_owned()
    };
    let read: Value =
        serde_json::from_str(&plain).map_err(|error| format!("a policy is not JSON: {error}"))?;
    if !read.is_object() {
        return Err("a policy is no object of JSON".to_owned());
    }
    Ok(secret::without(sets(read)))
}

fn sets(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let value = match value {
                    Value::String(_) if SETS.contains(&key.as_str()) => Value::Array(vec![value]),
                    Value::Object(_) if key == "Statement" => Value::Array(vec![sets(value)]),
                    Value::Object(principals) if key == "Principal" || key == "NotPrincipal" => {
                        let each = principals.into_iter().map(|(kind, who)| match who {
                            Value::String(_) => (kind, Value::Array(vec![who])),
                            who => (kind, who),
                        });
                        Value::Object(each.collect())
                    }
                    value => sets(value),
                };
                (key, value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.into_iter().map(sets).collect(),
        other => other,
    }
}

/// A text without percent signs (RFC 3986 §2.1).
fn decoded(text: &str) -> Result<String, String> {
    let wrong = || "a policy has a broken percent sign".to_owned();
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            octets.push(first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2).ok_or_else(wrong)?;
        let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
        octets.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = after;
    }
    String::from_utf8(octets).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;
    use crate::normal;

    #[test]
    fn two_spellings_of_a_policy_are_one() {
        let plain = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":["b","a"],"Principal":{"AWS":"1"}}}"#;
        let other = r#"{"Statement":[{"Principal":{"AWS":["1"]},"Resource":["a","b"],"Action":["s3:*"],"Effect":"Allow"}]}"#;
        let read = |text| normal(document(text).unwrap()).to_string();
        assert_eq!(read(plain), read(other));
        assert_eq!(
            read("%7B%22a%22%3A%22%25%22%7D"),
            json!({"a": "%"}).to_string()
        );
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in ["", "[]", "7", "{", "%7", "%zz", "%ff", "%7B"] {
            assert!(document(text).is_err(), "{text}");
        }
    }
}
