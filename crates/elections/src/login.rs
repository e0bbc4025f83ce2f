//! Logins: how people are called where they vote.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use base::Diagnostic;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Reading, Shape, Value, reads_as};

use crate::codes;

/// A login, as written. Two that differ in case alone are equal.
#[derive(Debug, Clone)]
pub struct Login(String);

/// A text that cannot be a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a login holds letters, digits, `-` and `_`, and at most {MAX} of them")]
pub struct NotALogin;

/// Forges give out at most 39 letters, and longer ones for accounts that a company manages.
const MAX: usize = 64;

impl Login {
    /// A login, if the text can be one. `@` before it is decoration.
    ///
    /// # Errors
    /// It is empty, too long, or holds something else than letters, digits, `-` and `_`.
    pub fn new(text: &str) -> Result<Self, NotALogin> {
        let text = text.strip_prefix('@').unwrap_or(text);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.is_empty() || text.len() > MAX || !text.bytes().all(plain) {
            return Err(NotALogin);
        }
        Ok(Self(text.to_owned()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

impl PartialEq for Login {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Login {}

impl Ord for Login {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl PartialOrd for Login {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Login {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|byte| state.write_u8(byte));
        state.write_u8(0);
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Login {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Login {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

impl FromYaml for Login {
    /// Every login is text, whatever a reader with a schema would make of it.
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "a login");
        };
        let Ok(login) = Self::new(text.trim()) else {
            let message = format!("{} cannot be a login", node.describe());
            let help = "write the login alone: letters, digits, `-` and `_`";
            cx.report(Diagnostic::new(&codes::LOGIN_FORM, node.span, message).help(help));
            return None;
        };
        if let Some(kind) = plain.then(|| not_text(text)).flatten() {
            let message = format!("the login `{login}` is {kind} to some readers");
            let finding = Diagnostic::new(&codes::LOGIN_NOT_TEXT, node.span, message);
            cx.report(finding.help(format!("write '{login}'")));
        }
        Some(login)
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a login",
            pattern: "^@?[A-Za-z0-9_-]+$",
        }
    }
}

/// What an unquoted text is to a reader with a schema, if not text.
pub(crate) fn not_text(text: &str) -> Option<&'static str> {
    let day = || text.len() == 10 && text.parse::<Date>().is_ok();
    match reads_as(text) {
        Reading::Text if day() => Some("a day"),
        Reading::Text => None,
        Reading::Null => Some("nothing"),
        Reading::Boolean | Reading::OldBoolean => Some("a truth value"),
        _ => Some("a number"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::Login;

    #[test]
    fn logins_that_differ_in_case_are_one_in_every_set() {
        let [a, b] = ["Serenity611", "@serenity611"].map(|text| Login::new(text).unwrap());
        assert_eq!(a, b);
        assert_eq!(HashSet::from([a.clone(), b.clone()]).len(), 1);
        assert_eq!(BTreeSet::from([a, b]).len(), 1);
    }

    #[test]
    fn what_is_no_login_is_refused() {
        for text in [
            "",
            "@",
            "a b",
            "ada@example.org",
            "ö",
            "a\0",
            &"x".repeat(65),
        ] {
            assert!(Login::new(text).is_err(), "{text}");
        }
    }
}
