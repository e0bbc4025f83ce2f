//! Names as zone files write them: relative, in any case, in any script.

use std::borrow::Cow;

use base::Diagnostic;
use estate::records::DomainName;
use yaml::Node;

use super::python::{self, taken};
use super::reader::Reader;

const VIA: &str = "name-rfc";

/// The name that a key of a zone file stands for.
pub(super) fn record_name(node: &Node, reader: &mut Reader<'_>) -> Option<DomainName> {
    let text = node.text()?;
    if !python::survives(node) {
        let message = format!("octoDNS takes the name `{text}` for {}", taken(node).name());
        let finding = Diagnostic::new(&yaml::codes::AMBIGUOUS, node.span, message);
        reader
            .findings
            .push(finding.help(format!("put quotes around it: '{text}'")));
        return None;
    }
    let refused = if text == "@" {
        Some((
            "`@` is not a name here".to_owned(),
            "write '' for the zone itself",
        ))
    } else if text.contains(char::is_whitespace) {
        Some((format!("`{text}` has white space in it"), "remove it"))
    } else if text.ends_with('.') {
        let help = "leave out the zone: names are relative to it";
        Some((
            format!("`{text}` is a full name; names here are relative to the zone"),
            help,
        ))
    } else {
        None
    };
    if let Some((message, help)) = refused {
        reader.refuse(node.span, message, VIA, help);
        return None;
    }
    let name = DomainName::relative(&idna(text), &reader.origin);
    name.map_err(|wrong| {
        let help = "a label has at most 63 characters, a name 253";
        reader.refuse(node.span, wrong.to_string(), VIA, help);
    })
    .ok()
}

/// A name with every label as it goes over the wire. What cannot be encoded stays, and is
/// refused by whoever makes a name of it.
pub(super) fn idna(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let lower = text.to_lowercase();
    let labels = lower.split('.').map(|label| {
        if label.is_ascii() {
            label.to_owned()
        } else {
            idna::domain_to_ascii_strict(label).unwrap_or_else(|_| label.to_owned())
        }
    });
    Cow::Owned(labels.collect::<Vec<_>>().join("."))
}
