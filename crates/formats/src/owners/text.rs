//! What is common to both files: one document, texts that Go reads as they are
//! written, keys that differ by more than their case.

use std::collections::BTreeMap;

use base::{Diagnostic, FileId, Span, Spanned};
use yaml::{Decoding, Dialect, FromYaml, Node, Profile, Reading, Shape, Value, reads_as};

use super::names::key;

/// Reads a text; `None` where anything in it is an error. An empty text is an
/// empty mapping, as Prow has it.
pub(super) fn read<T: FromYaml>(text: &str, file: FileId) -> (Option<T>, Vec<Diagnostic>) {
    let (documents, mut findings) = yaml::parse(text, file, Dialect::Go);
    let mut documents = documents.into_iter();
    let first = documents.next();
    if let Some(second) = documents.find(|document| !matches!(document.value, Value::Empty)) {
        let message = "the file holds several documents; Prow reads the first alone";
        findings.push(Diagnostic::new(
            &yaml::codes::DOCUMENTS,
            second.span,
            message,
        ));
    }
    if !findings.is_empty() {
        return (None, findings);
    }
    let value = Value::Empty;
    let empty = Node {
        value,
        span: Span::start_of(file),
    };
    let (value, findings) = Decoding::read(&first.unwrap_or(empty), Profile::GO_JSON_LENIENT);
    let sound = findings
        .iter()
        .all(|finding| finding.severity != base::Severity::Error);
    (value.filter(|_| sound), findings)
}

/// A text that Go reads as it is written.
pub(super) struct Word(pub(super) String);

impl FromYaml for Word {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain } = &node.value else {
            return cx.wrong_type(node, "text");
        };
        let reading = if *plain {
            reads_as(text)
        } else {
            Reading::Text
        };
        match reading {
            Reading::Text | Reading::Whole => Some(Self(text.clone())),
            Reading::Null => cx.wrong_type(node, "text"),
            _ => {
                let message = format!("Prow takes unquoted `{text}` for something else than text");
                let finding = Diagnostic::new(&yaml::codes::AMBIGUOUS, node.span, message);
                cx.report(finding.help(format!("write \"{text}\"")));
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Word {
    /// A list of them under a key.
    pub(super) fn list(words: Vec<Spanned<Self>>) -> Vec<Spanned<String>> {
        words
            .into_iter()
            .map(|word| Spanned::new(word.value.0, word.span))
            .collect()
    }
}

/// Reports keys that are one key to Go, which leaves open which of them counts.
pub(super) fn report_twins(node: &Node, cx: &mut Decoding) {
    let Value::Mapping(entries) = &node.value else {
        return;
    };
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for (name, _) in entries {
        let text = name.text().unwrap_or("");
        if let Some(first) = seen.insert(key(text), name.span) {
            let message = format!("`{text}` is the same key to Prow as one before it");
            let finding = Diagnostic::new(&yaml::codes::DUPLICATE_KEY, name.span, message);
            cx.report(
                finding
                    .related(first, "first here")
                    .help("keep one of the two"),
            );
        }
    }
}
