//! What is never written down, wherever it stands.

use serde_json::Value;

/// What stands where a secret would.
pub(crate) const HIDDEN: &str = "(hidden)";

/// Words in names of what is kept secret.
const WORDS: [&str; 8] = [
    "secret",
    "password",
    "passwd",
    "passphrase",
    "token",
    "credential",
    "apikey",
    "privatekey",
];
/// Conditions of policies that are used as a shared secret between two services.
const CONDITIONS: [&str; 2] = ["aws:referer", "aws:useragent"];

/// Whether what has this name is kept secret by those who write it.
pub(crate) fn is_kept(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    CONDITIONS.contains(&name.as_str()) || WORDS.iter().any(|word| letters.contains(word))
}

/// Whether a text is a secret by its look: a private key.
fn looks_so(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

/// A text, unless it is a secret.
pub(crate) fn hidden(name: &str, text: &str) -> Value {
    let hides = is_kept(name) || looks_so(text);
    Value::from(if hides { HIDDEN } else { text })
}

/// A document without its secrets.
pub(crate) fn without(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let value = match value {
                    Value::String(_) | Value::Array(_)
                        if CONDITIONS.contains(&key.to_ascii_lowercase().as_str()) =>
                    {
                        Value::from(HIDDEN)
                    }
                    value => without(value),
                };
                (key, value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.into_iter().map(without).collect(),
        Value::String(text) if looks_so(&text) => Value::from(HIDDEN),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_and_conditions_that_hold_secrets_are_hidden() {
        for name in ["DB_PASSWORD", "api-key", "Session Token", "aws:Referer"] {
            assert_eq!(hidden(name, "sesame"), HIDDEN, "{name}");
        }
        assert_eq!(hidden("team", "web"), "web");
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMII";
        assert_eq!(hidden("note", key), HIDDEN);
        let policy = json!({"Condition": {"StringEquals": {"aws:Referer": ["sesame"], "aws:PrincipalTag/secret": "no"}}});
        let shown = without(policy).to_string();
        assert!(!shown.contains("sesame") && shown.contains("PrincipalTag"));
    }
}
