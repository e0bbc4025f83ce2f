//! One record of a zone file: the mapping with its type, data and options.

use base::{Diagnostic, Severity, Span, Spanned};
use estate::records::{DomainName, RecordData, RecordSet, RecordType};
use yaml::{Node, Value};

use super::options::{self, Options};
use super::reader::{Reader, value_validator};
use super::{DeclaredSet, LeftAlone, dynamic, values};
use crate::codes;

/// What a record turned out to be.
pub(super) enum Declared {
    Set(RecordType, DeclaredSet),
    LeftAlone(LeftAlone),
}

/// The types that octoDNS knows of itself.
const TYPES: [RecordType; 22] = [
    RecordType::A,
    RecordType::AAAA,
    RecordType::ALIAS,
    RecordType::CAA,
    RecordType::CNAME,
    RecordType::DNAME,
    RecordType::DS,
    RecordType::HTTPS,
    RecordType::LOC,
    RecordType::MX,
    RecordType::NAPTR,
    RecordType::NS,
    RecordType::OPENPGPKEY,
    RecordType::PTR,
    RecordType::SPF,
    RecordType::SRV,
    RecordType::SSHFP,
    RecordType::SVCB,
    RecordType::TLSA,
    RecordType::TXT,
    RecordType::URI,
    RecordType::URLFWD,
];

const KEYS: [&str; 8] = [
    "type",
    "ttl",
    "value",
    "values",
    "octodns",
    "dynamic",
    "geo",
    "commonhold",
];

/// The parts of a record.
#[derive(Default)]
struct Parts<'n> {
    nodes: [Option<(&'n Node, &'n Node)>; KEYS.len()],
}

impl<'n> Parts<'n> {
    fn of(node: &'n Node, reader: &mut Reader<'_>) -> Self {
        let mut parts = Self::default();
        let Value::Mapping(entries) = &node.value else {
            return parts;
        };
        for (key, value) in entries {
            match KEYS.iter().position(|known| key.text() == Some(known)) {
                Some(at) => parts.nodes[at] = Some((key, value)),
                None => options::unknown(key, &KEYS, reader),
            }
        }
        parts
    }

    fn get(&self, key: &str) -> Option<(&'n Node, &'n Node)> {
        let at = KEYS.iter().position(|known| *known == key)?;
        self.nodes[at]
    }

    fn value(&self, key: &str) -> Option<&'n Node> {
        self.get(key).map(|(_, value)| value)
    }
}

pub(super) fn read(
    name: Option<&DomainName>,
    node: &Node,
    span: Span,
    reader: &mut Reader<'_>,
) -> Option<Declared> {
    let parts = Parts::of(node, reader);
    let mut options = parts
        .value("octodns")
        .map_or_else(Options::default, |node| options::read(node, reader));
    reader.lenient = options.lenient;
    read_notes(&parts, &mut options, reader);
    let rtype = match record_type(&parts, node, reader)? {
        Kind::Known(rtype) => rtype,
        Kind::OfProvider(rtype) => {
            return Some(Declared::LeftAlone(LeftAlone {
                name: name?.clone(),
                rtype,
                known: None,
                span,
            }));
        }
    };
    if let Some(name) = name {
        check_name(name, rtype, node, reader);
    }
    let ttl = ttl(&parts, reader);
    let data = data(rtype, &parts, node, reader);
    needs(rtype, &parts, &mut options, reader);
    let (name, ttl, data) = (name?, ttl?, data?);
    if options.ignored {
        return Some(Declared::LeftAlone(LeftAlone {
            name: name.clone(),
            rtype: rtype.to_string(),
            known: Some(rtype),
            span,
        }));
    }
    let set = DeclaredSet {
        set: RecordSet::new(ttl, data),
        span,
        notes: options.notes.unwrap_or_default(),
        lenient: options.lenient,
        included: options.included,
        excluded: options.excluded,
        needs: options.needs,
    };
    Some(Declared::Set(rtype, set))
}

fn read_notes(parts: &Parts<'_>, options: &mut Options, reader: &mut Reader<'_>) {
    let Some((key, node)) = parts.get("commonhold") else {
        return;
    };
    if options.notes.is_some() {
        let message = "`commonhold` stands here and under `octodns`";
        let finding = Diagnostic::new(&codes::ZONE_RECORD, key.span, message);
        return reader.findings.push(finding.help("keep one of the two"));
    }
    options.notes = options::notes(node, reader);
}

enum Kind {
    Known(RecordType),
    /// `Class/TYPE`.
    OfProvider(String),
}

fn record_type(parts: &Parts<'_>, node: &Node, reader: &mut Reader<'_>) -> Option<Kind> {
    let first_line = match &node.value {
        Value::Mapping(entries) => entries.first().map(|(key, _)| key.span),
        _ => None,
    };
    let Some(written) = parts.value("type") else {
        let span = first_line.unwrap_or(node.span);
        let finding = Diagnostic::new(&codes::ZONE_RECORD, span, "the record has no type");
        reader.findings.push(finding.help("say which: `type: A`"));
        return None;
    };
    let text = written.text().unwrap_or_default();
    let known = |text: &str| {
        TYPES
            .into_iter()
            .find(|rtype| rtype.info().is_some_and(|info| info.name == text))
    };
    if let Some(rtype) = known(text) {
        return Some(Kind::Known(rtype));
    }
    if text
        .split_once('/')
        .is_some_and(|(class, rtype)| !class.is_empty() && !rtype.is_empty())
    {
        return Some(Kind::OfProvider(text.to_owned()));
    }
    let message = format!("`{text}` is not a type of record that octoDNS knows");
    let help = match known(&text.to_ascii_uppercase()) {
        Some(rtype) => format!("write {rtype}, in capitals"),
        None => similar_type(text),
    };
    let finding = Diagnostic::new(&codes::ZONE_RECORD, written.span, message);
    reader.findings.push(finding.help(help));
    None
}

fn similar_type(text: &str) -> String {
    let names = TYPES.iter().filter_map(|rtype| rtype.info());
    match base::nearest(text, names.map(|info| info.name)) {
        Some(near) => format!("did you mean {near}?"),
        None => "the types are listed in the reference of octoDNS files".to_owned(),
    }
}

/// What the type asks of the name.
fn check_name(name: &DomainName, rtype: RecordType, node: &Node, reader: &mut Reader<'_>) {
    let apex = *name == reader.origin;
    let head = match &node.value {
        Value::Mapping(entries) => entries.first().map(|(key, value)| Span {
            end: value.span.end,
            ..key.span
        }),
        _ => None,
    };
    let span = head.unwrap_or(node.span);
    match rtype {
        RecordType::CNAME if apex => {
            let help =
                "the zone itself has NS and SOA, beside which a CNAME cannot stand; use A and AAAA";
            reader.mind(span, "root CNAME not allowed", "cname-root-rfc", help);
        }
        RecordType::ALIAS if !apex => {
            let help = "use CNAME, or move it to the zone itself";
            reader.mind(span, "non-root ALIAS not allowed", "alias-root", help);
        }
        RecordType::SRV | RecordType::URI => {
            let relative = name.below(&reader.origin).unwrap_or_default();
            let mut labels = relative.split('.');
            let service = labels.next().unwrap_or_default();
            let named = service == "*" || (service.starts_with('_') && service.len() > 1);
            if !named || labels.next().is_none() {
                let via = if rtype == RecordType::SRV {
                    "srv-name"
                } else {
                    "uri-name"
                };
                let message = format!("invalid name for {rtype} record");
                reader.mind(
                    span,
                    message,
                    via,
                    "call it after service and protocol: `_sip._tcp`",
                );
            }
        }
        _ => {}
    }
}

fn ttl(parts: &Parts<'_>, reader: &mut Reader<'_>) -> Option<u32> {
    const VIA: &str = "ttl-rfc";
    let Some(node) = parts.value("ttl") else {
        return Some(reader.settings.default_ttl);
    };
    let Some(seconds) = options::decimals(node) else {
        let message = format!(
            "a TTL is a whole number of seconds, and this is {}",
            node.describe()
        );
        reader.refuse(node.span, message, VIA, "an hour is 3600");
        return None;
    };
    let ttl = u32::try_from(seconds)
        .ok()
        .filter(|ttl| *ttl <= RecordSet::LONGEST_TTL);
    if ttl.is_none() {
        let message = format!("a TTL of {seconds} seconds is longer than any");
        let help = format!(
            "at most {} (RFC 2181 §8); an hour is 3600",
            RecordSet::LONGEST_TTL
        );
        reader.refuse(node.span, message, VIA, &help);
    }
    ttl
}

fn data(
    rtype: RecordType,
    parts: &Parts<'_>,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<Vec<RecordData>> {
    let via = value_validator(rtype);
    let (one, several) = (parts.get("value"), parts.get("values"));
    let (key, given) = match (one, several) {
        (Some((first, _)), Some((second, _))) => {
            let finding = Diagnostic::new(
                &codes::ZONE_RECORD,
                second.span,
                "both `value` and `values` are given",
            )
            .related(first.span, "also here")
            .help("octoDNS would drop one of the two; keep one");
            reader.findings.push(finding);
            return None;
        }
        (Some(pair), None) | (None, Some(pair)) => pair,
        (None, None) => {
            let span = parts.value("type").map_or(node.span, |node| node.span);
            reader.refuse(
                span,
                "missing value(s)",
                via,
                "give `value`, or `values` with a list",
            );
            return None;
        }
    };
    if rtype.is_single() && (several.is_some() || matches!(given.value, Value::Sequence(_))) {
        let message = format!("{rtype} has one value, under `value`");
        reader.refuse(
            key.span,
            message,
            via,
            "a name cannot be an alias of several others",
        );
        return None;
    }
    let items = match &given.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(given),
    };
    if items.is_empty() {
        reader.refuse(
            given.span,
            "missing value(s)",
            via,
            "give a value, or remove the record",
        );
        return None;
    }
    let mut data: Vec<RecordData> = Vec::with_capacity(items.len());
    let mut whole = true;
    for item in items {
        match values::encode(rtype, item, reader) {
            None => whole = false,
            Some(read) if data.contains(&read) => twice(item.span, reader),
            Some(read) => data.push(read),
        }
    }
    whole.then_some(data)
}

fn twice(span: Span, reader: &mut Reader<'_>) {
    let mut finding = Diagnostic::new(&codes::ZONE_RECORD_TWICE, span, "the value stands twice");
    if reader.lenient {
        finding.severity = Severity::Warning;
    }
    reader
        .findings
        .push(finding.help("a set has each value once; remove this one"));
}

/// What the record asks of its servers.
fn needs(rtype: RecordType, parts: &Parts<'_>, options: &mut Options, reader: &mut Reader<'_>) {
    let mut need = |key: &Node, what| options.needs.push(Spanned::new(what, key.span));
    if let Some((key, node)) = parts.get("dynamic") {
        need(key, "dynamic");
        dynamic::check(rtype, key, node, reader);
        if parts.get("geo").is_some() {
            reader.mind(
                key.span,
                "\"dynamic\" record with \"geo\" content",
                "dynamic",
                "keep `dynamic`",
            );
        }
    }
    if let Some((key, node)) = parts.get("geo") {
        need(key, "geo");
        dynamic::check_geo(rtype, key, node, reader);
    }
}
