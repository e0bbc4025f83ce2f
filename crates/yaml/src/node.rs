//! The tree of a document, each node with its place.

use base::Span;

/// One value in a document and its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands, without surrounding white space.
    pub span: Span,
}

/// The four things YAML can hold. Scalars are text until a type asks for more.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing at all was written.
    Empty,
    /// One scalar.
    Scalar {
        /// Its text, unescaped.
        text: String,
        /// Whether it stood without quotes, so that readers may take it for something else than text.
        plain: bool,
    },
    /// The file whose value stands here (`!include`), where the dialect knows this.
    Include(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping in the order of the file. Keys are scalars and distinct, but for
    /// merge keys where the dialect knows them.
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Mapping(entries) => entries
                .iter()
                .find(|(name, _)| name.text() == Some(key))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Whether it is `<<`, the key whose value is merged into its mapping.
    pub fn is_merge_key(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if text == "<<")
    }

    /// Whether nothing, `null` or `~` was written.
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Empty => true,
            Value::Scalar { text, plain: true } => {
                matches!(text.as_str(), "null" | "Null" | "NULL" | "~")
            }
            _ => false,
        }
    }

    /// What the node is, for messages: `a list`, `the text "x"`, ...
    pub fn describe(&self) -> String {
        match &self.value {
            _ if self.is_null() => "nothing".to_owned(),
            Value::Empty => "nothing".to_owned(),
            Value::Include(_) => "the value of another file".to_owned(),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
            Value::Scalar { text, plain } => {
                let shown: String = text.chars().take(40).collect();
                let more = if shown.len() < text.len() { "..." } else { "" };
                let kind = if *plain {
                    crate::reads_as(text)
                } else {
                    crate::Reading::Text
                };
                match kind {
                    crate::Reading::Text => format!("the text \"{}{more}\"", shown.escape_debug()),
                    other => format!("{} `{}{more}`", other.name(), shown.escape_debug()),
                }
            }
        }
    }
}
