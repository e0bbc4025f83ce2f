//! `candidate-ID.md`: data between two lines of dashes, then what the candidate says.

use base::{Diagnostic, FileId, Span, Spanned};
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape, Value, record};

use super::decode;
use crate::{Login, codes};

/// The line before the data and behind it.
pub(super) const DASHES: &str = "-------------------------------------------------------------";

record! {
    /// What stands between the lines of dashes.
    pub struct Front {
        /// The name of the candidate.
        pub name: String,
        /// The login, which the name of the file ends with.
        pub id as "ID": Spanned<Login>,
        /// What else is said of the candidate.
        pub info: Info,
    }
}

/// The file of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateFile {
    /// The login, which the name of the file ends with.
    pub id: Spanned<Login>,
    /// The name.
    pub name: String,
    /// What else is said, such as the employer.
    pub info: Info,
    /// What the candidate says, in Markdown: everything behind the data.
    pub statement: String,
}

/// Names and values in the order of the file, written as a mapping or as a list of mappings
/// of one key each. What has no value is an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Info(pub Vec<(String, String)>);

impl Info {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl FromYaml for Info {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let mut info = Self::default();
        let mut pairs = Vec::new();
        match &node.value {
            Value::Sequence(items) => {
                for item in items {
                    pairs.extend(cx.pairs(item, "a mapping")?);
                }
            }
            _ => pairs.extend(cx.pairs(node, "a list of mappings")?),
        }
        for (key, value) in pairs {
            let name = key.text().unwrap_or("").to_owned();
            if info.get(&name).is_some() {
                let message = format!("`{name}` stands twice");
                cx.report(
                    Diagnostic::new(&yaml::codes::DUPLICATE_KEY, key.span, message)
                        .help("keep one of the two"),
                );
                continue;
            }
            let text = match &value.value {
                _ if value.is_null() => String::new(),
                Value::Scalar { text, .. } => text.clone(),
                _ => cx.wrong_type(value, "text")?,
            };
            info.0.push((name, text));
        }
        Some(info)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

impl CandidateFile {
    /// Reads the text of `candidate-SUFFIX.md`.
    pub fn read(text: &str, file: FileId, suffix: &str) -> (Option<Self>, Vec<Diagnostic>) {
        let Some(parts) = Parts::of(text) else {
            let message = "the file does not begin with data between two lines of dashes";
            let finding = Diagnostic::new(&codes::ELEKTO_CANDIDATE, Span::start_of(file), message);
            let help = "write `name:` and `ID:` between two lines of 61 dashes, then the statement";
            return (None, vec![finding.help(help)]);
        };
        let mut findings = parts.odd_dashes(text, file);
        let (front, more) = decode::<Front>(&parts.alone(text), file);
        findings.extend(more);
        let Some(front) = front else {
            return (None, findings);
        };
        if front.id.value.as_str() != suffix {
            let message = format!(
                "the ID is `{}`, and the file is called after `{suffix}`",
                front.id
            );
            let finding = Diagnostic::new(&codes::ELEKTO_CANDIDATE, front.id.span, message);
            let help = format!(
                "Elekto opens candidate-{}.md: correct the ID or rename the file",
                front.id
            );
            findings.push(finding.help(help));
        }
        let candidate = Self {
            id: front.id,
            name: front.name,
            info: front.info,
            statement: text.get(parts.statement..).unwrap_or("").to_owned(),
        };
        (Some(candidate), findings)
    }
}

/// Where the parts of the file are, in bytes.
struct Parts {
    /// The first line of dashes, without its end.
    open: (usize, usize),
    /// The second.
    close: (usize, usize),
    /// What the candidate says, from here to the end.
    statement: usize,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let mut open = None;
        let mut at = 0;
        for whole in text.split_inclusive('\n') {
            let start = at;
            at += whole.len();
            let line = whole.trim_end();
            let dashes = line.len() >= 3 && line.bytes().all(|byte| byte == b'-');
            match (open, dashes) {
                (None, true) => open = Some((start, start + line.len())),
                (None, false) if line.trim_start_matches('\u{feff}').is_empty() => {}
                // Something stands before the data.
                (None, false) => return None,
                (Some(_), false) => {}
                (Some(open), true) => {
                    let close = (start, start + line.len());
                    return Some(Self {
                        open,
                        close,
                        statement: at,
                    });
                }
            }
        }
        None
    }

    /// The data and nothing else, at its place in the file.
    fn alone(&self, text: &str) -> String {
        let before = text.get(..self.open.1).unwrap_or("");
        let blank = |c: char| if c == '-' { ' ' } else { c };
        let data = text.get(self.open.1..self.close.0).unwrap_or("");
        before.chars().map(blank).collect::<String>() + data
    }

    fn odd_dashes(&self, text: &str, file: FileId) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (start, end) in [self.open, self.close] {
            if end - start != DASHES.len() {
                let message = format!(
                    "the line has {} dashes, and Elekto looks for {}",
                    end - start,
                    DASHES.len()
                );
                let finding =
                    Diagnostic::new(&codes::ELEKTO_DASHES, Span::new(file, start, end), message);
                findings.push(finding.help(format!("write {DASHES}")));
            }
        }
        let statement = text.get(self.statement..).unwrap_or("");
        if let Some(at) = statement.find(DASHES) {
            let start = self.statement + at;
            let span = Span::new(file, start, start + DASHES.len());
            let message = "Elekto takes this line for the end of the data";
            let finding = Diagnostic::new(&codes::ELEKTO_DASHES, span, message);
            findings.push(finding.help("use fewer dashes, or another sign"));
        }
        findings
    }
}
