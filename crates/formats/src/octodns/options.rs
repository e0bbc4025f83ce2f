//! What stands beside the data of a record: octoDNS's options, and our notes.

use base::{Diagnostic, Span, Spanned};
use estate::Ref;
use estate::kinds::Group;
use jiff::civil::Date;
use yaml::{Decoding, Node, Profile, Value};

use super::Notes;
use super::python::{Taken, taken};
use super::reader::Reader;
use crate::codes;

yaml::record! {
    /// What people say about a record set.
    pub struct Metadata {
        /// The group that answers for it.
        pub owner: Option<Ref<Group>>,
        /// What it is for.
        pub purpose: Option<String>,
        /// The first day on which nobody needs it any more.
        pub expires: Option<Spanned<Date>>,
        /// Where it was asked for.
        pub request: Option<String>,
    }
}

/// The options of a record.
#[derive(Default)]
pub(super) struct Options {
    pub(super) lenient: bool,
    pub(super) ignored: bool,
    pub(super) included: Vec<String>,
    pub(super) excluded: Vec<String>,
    pub(super) needs: Vec<Spanned<&'static str>>,
    pub(super) notes: Option<Notes>,
}

const KEYS: [&str; 7] = [
    "lenient",
    "ignored",
    "included",
    "excluded",
    "healthcheck",
    "auto_arpa_priority",
    "commonhold",
];
const PROTOCOLS: [&str; 5] = ["HTTP", "HTTPS", "ICMP", "TCP", "UDP"];

/// The value of `octodns:`.
pub(super) fn read(node: &Node, reader: &mut Reader<'_>) -> Options {
    let mut options = Options::default();
    let Some(entries) = mapping(node, "octodns", reader) else {
        return options;
    };
    for (key, value) in entries {
        match key.text().unwrap_or_default() {
            "lenient" => options.lenient = flag(value, reader),
            "ignored" => options.ignored = flag(value, reader),
            "included" => options.included = words(value, reader),
            "excluded" => options.excluded = words(value, reader),
            "commonhold" => options.notes = notes(value, reader),
            "healthcheck" => {
                options.needs.push(Spanned::new("healthcheck", key.span));
                healthcheck(value, reader);
            }
            "auto_arpa_priority" => {
                number(value, "auto_arpa_priority", reader);
            }
            // What a provider alone understands is a mapping under its name.
            _ if matches!(value.value, Value::Mapping(_)) => {}
            _ => unknown(key, &KEYS, reader),
        }
    }
    options
}

/// What people say about a record.
pub(super) fn notes(node: &Node, reader: &mut Reader<'_>) -> Option<Notes> {
    let (read, findings) = Decoding::read::<Metadata>(node, Profile::NATIVE);
    reader.findings.extend(findings);
    read.map(|read| Notes {
        owner: read.owner,
        purpose: read.purpose,
        expires: read.expires,
        request: read.request,
    })
}

/// Reports a key that nobody reads.
pub(super) fn unknown(key: &Node, known: &[&'static str], reader: &mut Reader<'_>) {
    let written = key.text().unwrap_or_default();
    let help = match base::nearest(written, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? octoDNS ignores the key"),
        None => format!("octoDNS ignores it; the keys are {}", known.join(", ")),
    };
    let message = format!("`{written}` is not a key that is known here");
    let finding = Diagnostic::new(&yaml::codes::UNKNOWN_KEY, key.span, message);
    reader.findings.push(finding.help(help));
}

/// The entries of what must be a mapping.
pub(super) fn mapping<'n>(
    node: &'n Node,
    what: &str,
    reader: &mut Reader<'_>,
) -> Option<&'n [(Node, Node)]> {
    if let Value::Mapping(entries) = &node.value {
        return Some(entries);
    }
    let message = format!("`{what}` is a mapping, and this is {}", node.describe());
    wrong(node.span, message, reader);
    None
}

fn wrong(span: Span, message: String, reader: &mut Reader<'_>) {
    let finding = Diagnostic::new(&codes::ZONE_RECORD, span, message);
    reader.findings.push(finding);
}

fn flag(node: &Node, reader: &mut Reader<'_>) -> bool {
    if let Taken::Boolean(truth) = taken(node) {
        return truth;
    }
    let message = format!("true or false is wanted, and this is {}", node.describe());
    wrong(node.span, message, reader);
    false
}

fn words(node: &Node, reader: &mut Reader<'_>) -> Vec<String> {
    let Value::Sequence(items) = &node.value else {
        wrong(
            node.span,
            format!(
                "a list of providers is wanted, and this is {}",
                node.describe()
            ),
            reader,
        );
        return Vec::new();
    };
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        match item.text().filter(|_| taken(item) == Taken::Text) {
            Some(word) => words.push(word.to_owned()),
            None => wrong(
                item.span,
                format!(
                    "the id of a provider is wanted, and this is {}",
                    item.describe()
                ),
                reader,
            ),
        }
    }
    words
}

/// A whole number in plain decimals.
pub(super) fn decimals(node: &Node) -> Option<u64> {
    let plain = |text: &&str| {
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
        digits && (*text == "0" || !text.starts_with('0'))
    };
    node.text().filter(plain)?.parse().ok()
}

/// The same; reports what is none.
pub(super) fn number(node: &Node, what: &str, reader: &mut Reader<'_>) -> Option<u64> {
    let read = decimals(node);
    if read.is_none() {
        let message = format!(
            "`{what}` is a whole number in plain decimals, and this is {}",
            node.describe()
        );
        wrong(node.span, message, reader);
    }
    read
}

fn healthcheck(node: &Node, reader: &mut Reader<'_>) {
    const VIA: &str = "healthcheck";
    const CHECK_KEYS: [&str; 4] = ["host", "path", "port", "protocol"];
    let Some(entries) = mapping(node, "healthcheck", reader) else {
        return;
    };
    for (key, value) in entries {
        match key.text().unwrap_or_default() {
            "protocol" if !value.text().is_some_and(|text| PROTOCOLS.contains(&text)) => {
                let help = "one of HTTP, HTTPS, ICMP, TCP, UDP";
                reader.mind(value.span, "invalid healthcheck protocol", VIA, help);
            }
            "port" => {
                if number(value, "port", reader).is_some_and(|port| !(1..=65_535).contains(&port)) {
                    reader.mind(
                        value.span,
                        "invalid healthcheck port",
                        VIA,
                        "a port is from 1 to 65535",
                    );
                }
            }
            "host" | "path" if value.text().is_none() && !value.is_null() => {
                reader.mind(value.span, "a text is wanted here", VIA, "");
            }
            "host" | "path" | "protocol" => {}
            _ => unknown(key, &CHECK_KEYS, reader),
        }
    }
}
