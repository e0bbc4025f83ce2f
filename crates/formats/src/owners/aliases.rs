//! The `OWNERS_ALIASES` file.

use base::{Diagnostic, FileId, Spanned};
use estate::Aliases;
use yaml::{Decoding, Entries, FromYaml, Node, Reading, Shape, Value, reads_as};

use super::names::key;
use super::text::{self, Word, report_twins};

/// The aliases and the places of their names.
#[derive(Default)]
pub(super) struct AliasesFile {
    pub(super) aliases: Aliases,
    pub(super) names: Vec<Spanned<String>>,
}

impl AliasesFile {
    /// Reads a file; `None` where anything in it is an error.
    pub(super) fn read(text: &str, file: FileId) -> (Option<Self>, Vec<Diagnostic>) {
        let (mut read, findings) = text::read::<Self>(text, file);
        if let Some(read) = &mut read {
            read.aliases.file = Some(file);
        }
        (read, findings)
    }
}

impl FromYaml for AliasesFile {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let entries = Entries::open(node, &["aliases"], cx)?;
        let mut file = Self::default();
        for (name, members) in entries.read_or("aliases", Pairs::default(), cx).0 {
            file.aliases.names.insert(key(&name), members);
            file.names.push(name);
        }
        Some(file)
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

#[derive(Default)]
struct Pairs(Vec<(Spanned<String>, Vec<Spanned<String>>)>);

impl FromYaml for Pairs {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        report_twins(node, cx);
        let mut pairs = Vec::new();
        for (name, value) in cx.pairs(node, "a mapping")? {
            let name = Spanned::<Word>::from_yaml(name, cx);
            let members = members(value, cx);
            let pair = name.zip(members);
            pairs.extend(
                pair.map(|(name, members)| (Spanned::new(name.value.0, name.span), members)),
            );
        }
        Some(Self(pairs))
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

fn members(node: &Node, cx: &mut Decoding) -> Option<Vec<Spanned<String>>> {
    // `{ada, bob}` is a mapping to YAML, a slip for a list to everybody else.
    if let Value::Mapping(entries) = &node.value {
        let members = entries
            .iter()
            .filter_map(|(login, _)| FromYaml::from_yaml(login, cx));
        return Some(Word::list(members.collect()));
    }
    let mut members = Vec::new();
    for item in cx.items(node, "a list of logins")? {
        match &item.value {
            // Only here, not in OWNERS, does Prow refuse a number in a list.
            Value::Scalar { text, plain: true } if reads_as(text) == Reading::Whole => {
                let message =
                    format!("Prow takes unquoted `{text}` for a number and gives up on the file");
                let finding = Diagnostic::new(&yaml::codes::AMBIGUOUS, item.span, message);
                cx.report(finding.help(format!("write \"{text}\"")));
            }
            _ => members.extend(FromYaml::from_yaml(item, cx)),
        }
    }
    Some(Word::list(members))
}
