//! What is said about each mistake: the place, what is wrong, and what to write instead.

use std::fmt::Display;

use base::{Diagnostic, Severity, Span};

use crate::{Decoding, Dialect, Node, Reading, UnknownKeys, Value, codes, reads_as};

impl Decoding {
    /// Reports a value of the wrong type, and gives `None`.
    pub fn wrong_type<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        let found = node.describe();
        if node.is_null() {
            let message = format!("expected {wanted}, found nothing");
            self.report(
                Diagnostic::new(&codes::EMPTY, node.span, message)
                    .help(format!("give {wanted}, or remove it")),
            );
        } else {
            let message = format!("expected {wanted}, found {found}");
            self.report(
                Diagnostic::new(&codes::TYPE, node.span, message).help(instead(node, wanted)),
            );
        }
        None
    }

    /// The text of a scalar that is meant as text.
    pub fn text<'n>(&mut self, node: &'n Node, wanted: impl Display) -> Option<&'n str> {
        let Value::Scalar { text, plain } = &node.value else {
            return self.wrong_type(node, &wanted.to_string());
        };
        let reading = if *plain {
            reads_as(text)
        } else {
            Reading::Text
        };
        match (self.dialect(), reading) {
            (_, Reading::Text) => Some(text),
            (_, Reading::Null) => self.wrong_type(node, &wanted.to_string()),
            (Dialect::Go | Dialect::Octodns, Reading::Boolean | Reading::OldBoolean) => {
                let message = format!("unquoted `{text}` is a boolean to some readers");
                let mut finding = Diagnostic::new(&codes::AMBIGUOUS, node.span, message);
                finding.severity = Severity::Warning;
                self.report(finding.help(format!("write \"{text}\"")));
                Some(text)
            }
            (Dialect::Go | Dialect::Octodns, _) => Some(text),
            (Dialect::Native, Reading::Boolean | Reading::Whole | Reading::OtherNumber) => {
                let message = format!("expected {wanted}, found {}", node.describe());
                let finding = Diagnostic::new(&codes::TYPE, node.span, message);
                self.report(finding.help(format!("if it is text, write \"{text}\"")));
                None
            }
            (Dialect::Native, _) => {
                self.ambiguous(node, text, reading, format!("write \"{text}\""))
            }
        }
    }

    /// Reports an unquoted value on which readers disagree, and gives `None`.
    pub(crate) fn ambiguous<T>(
        &mut self,
        node: &Node,
        text: &str,
        reading: Reading,
        help: impl Into<String>,
    ) -> Option<T> {
        let taken = match reading {
            Reading::OldBoolean => "a boolean",
            Reading::OldOctal => "an octal number",
            Reading::Sexagesimal => "a number in base 60",
            _ => "a number",
        };
        let message = format!("unquoted `{text}` is {taken} to some readers");
        self.report(Diagnostic::new(&codes::AMBIGUOUS, node.span, message).help(help));
        None
    }
}

/// What to write in place of a value of the wrong type.
fn instead(node: &Node, wanted: &str) -> String {
    let unquoted = |text: &str| reads_as(text) != Reading::Text;
    match (&node.value, wanted) {
        (Value::Scalar { text, .. }, "a list") => {
            format!("put it in brackets: [{}]", shortened(text))
        }
        (Value::Mapping(_), "a list") => "put `- ` before each item of the list".to_owned(),
        (Value::Scalar { text, plain: false }, "a whole number" | "true or false")
            if unquoted(text) =>
        {
            "remove the quotes".to_owned()
        }
        (Value::Sequence(_), "a mapping") => {
            "remove the `- `; the keys stand under each other".to_owned()
        }
        (Value::Scalar { .. }, "a mapping") => "give it keys: `{key: value}`".to_owned(),
        (Value::Sequence(items), _) if items.len() == 1 => {
            "give the one value, without brackets or `- `".to_owned()
        }
        _ => format!("give {wanted}"),
    }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(30).collect();
    if short.len() < text.len() {
        format!("{short}...")
    } else {
        short
    }
}

pub(crate) fn unknown_key(
    key: &Node,
    near: Option<&str>,
    keys: &[&str],
    policy: UnknownKeys,
) -> Diagnostic {
    let text = key.text().unwrap_or("");
    let mut finding = Diagnostic::new(
        &codes::UNKNOWN_KEY,
        key.span,
        format!("the key `{text}` is not known here"),
    );
    if policy == UnknownKeys::Warn {
        finding.severity = Severity::Warning;
    }
    finding.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if keys.is_empty() => "nothing can be set here".to_owned(),
        None => format!("known keys: {}", keys.join(", ")),
    })
}

pub(crate) fn twin_key(key: &Node, twin: &Node) -> Diagnostic {
    let text = key.text().unwrap_or("");
    let message = format!(
        "`{text}` is the same key as one before it, to a program that reads keys without case"
    );
    let finding = Diagnostic::new(&codes::DUPLICATE_KEY, key.span, message);
    finding
        .related(twin.span, "first here")
        .help("keep one of the two")
}

pub(crate) fn missing_key(key: &str, record: Span) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::MISSING_KEY,
        record,
        format!("the key `{key}` is missing"),
    );
    finding.help(format!("add `{key}:`"))
}

pub(crate) fn empty_key(key: &Node, optional: bool) -> Diagnostic {
    let text = key.text().unwrap_or("");
    let help = if optional {
        "give it one, or remove the key"
    } else {
        "give it one"
    };
    Diagnostic::new(&codes::EMPTY, key.span, format!("`{text}` has no value")).help(help)
}
