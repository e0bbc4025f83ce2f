//! The files of a zone to its record sets.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use base::{Diagnostic, Severity, SourceMap, Span};
use estate::kinds::Zone;
use estate::records::{DomainName, RecordKey, RecordType};
use estate::{Item, Tree};
use yaml::{Dialect, Node, Value};

use super::files::{self, Part};
use super::include::Includes;
use super::record::Declared;
use super::{DeclaredSet, DeclaredZone, LeftAlone, Reading, names, order, record};
use crate::codes;

/// The state of reading a zone.
pub(super) struct Reader<'z> {
    pub(super) origin: DomainName,
    pub(super) settings: &'z Zone,
    pub(super) findings: Vec<Diagnostic>,
    /// Whether the record that is being read asks for leniency.
    pub(super) lenient: bool,
    sets: BTreeMap<RecordKey, DeclaredSet>,
    left_alone: Vec<LeftAlone>,
    /// Entries of the files, readable or not.
    entries: usize,
}

pub(super) fn read(zone: &Item<Zone>, tree: &dyn Tree, sources: &mut SourceMap) -> Reading {
    let full = format!("{}.", zone.name.trim_end_matches('.'));
    let origin = match DomainName::absolute(&names::idna(&full)) {
        Ok(origin) => origin,
        Err(wrong) => {
            let finding = Diagnostic::new(&codes::ZONE_FILES, zone.span, wrong.to_string());
            return Reading {
                zone: None,
                left_alone: Vec::new(),
                findings: vec![finding.help("call the zone, and its file, by a domain name")],
            };
        }
    };
    let mut reader = Reader {
        origin,
        settings: &zone.value,
        findings: Vec::new(),
        lenient: false,
        sets: BTreeMap::new(),
        left_alone: Vec::new(),
        entries: 0,
    };
    if zone.value.records.is_empty() && zone.value.copy.is_none() {
        let message = "the zone names no files, so nobody knows its records";
        let help = "name its zone files under `records`, or the zone it copies under `copy`";
        let finding = Diagnostic::new(&codes::ZONE_FILES, zone.span, message);
        reader.findings.push(finding.help(help));
    }
    let parts = files::parts(&zone.value.records, tree, &mut reader.findings);
    reader.read_parts(&parts, tree, sources);
    if reader.entries == 0 && !parts.is_empty() && reader.findings.is_empty() {
        let span = parts[0].asked_at;
        let message = "the files of the zone declare no record";
        let help = "if that is meant, nothing needs doing; plans that delete much are stopped by the zone's limits";
        let finding = Diagnostic::new(&codes::ZONE_EMPTY, span, message);
        reader.findings.push(finding.help(help));
    }
    Reading {
        zone: Some(DeclaredZone {
            name: reader.origin,
            sets: reader.sets,
        }),
        left_alone: reader.left_alone,
        findings: reader.findings,
    }
}

impl Reader<'_> {
    fn read_parts(&mut self, parts: &[Part], tree: &dyn Tree, sources: &mut SourceMap) {
        let paths: Vec<String> = parts.iter().map(|part| part.path.clone()).collect();
        for (part, text) in parts.iter().zip(tree.read_all(&paths)) {
            match text {
                Ok(text) => self.read_part(part, text, tree, sources),
                Err(refused) => self
                    .findings
                    .push(files::unreadable(&refused, part.asked_at)),
            }
        }
    }

    fn read_part(&mut self, part: &Part, text: String, tree: &dyn Tree, sources: &mut SourceMap) {
        let file = sources.add(tree.display(&part.path), text);
        let text = &sources.file(file).text;
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            let message = "the file is empty, as one that was cut off while it was written";
            let help = "if it declares no record, say so: write `{}`";
            let finding = Diagnostic::new(&codes::ZONE_FILES, Span::start_of(file), message);
            return self.findings.push(finding.help(help));
        }
        let (mut documents, findings) = yaml::parse(text, file, Dialect::Octodns);
        let resolves = Includes::wanted(text);
        self.findings.extend(findings);
        if let Some(second) = documents.get(1) {
            let message = "a second document begins here; octoDNS refuses the file";
            let finding = Diagnostic::new(&yaml::codes::DOCUMENTS, second.span, message);
            return self
                .findings
                .push(finding.help("remove the `---` between the two"));
        }
        let Some(mut document) = documents.pop() else {
            return;
        };
        if resolves {
            let mut includes = Includes::of(&part.path, tree, sources, &mut self.findings);
            let Some(resolved) = includes.resolve(document) else {
                return;
            };
            document = resolved;
        }
        if self.settings.reading.enforce_order {
            order::check(&document, &mut self.findings);
        }
        self.read_document(&document);
    }

    fn read_document(&mut self, document: &Node) {
        match &document.value {
            Value::Mapping(entries) => {
                for (name, value) in entries {
                    self.entries += 1;
                    self.read_entry(name, value);
                }
            }
            _ if document.is_null() => {}
            _ => {
                let (message, help) = match document.text() {
                    Some(text)
                        if text.ends_with(".yaml") && !text.contains(char::is_whitespace) =>
                    {
                        (
                            format!(
                                "the file holds nothing but the name `{text}`: it was a link to it"
                            ),
                            format!(
                                "name {text} under the zone's `records` instead, or make the file a link again"
                            ),
                        )
                    }
                    _ => (
                        "a zone file maps names to records, and this one does not".to_owned(),
                        "write `NAME: {type: A, value: 192.0.2.1}`".to_owned(),
                    ),
                };
                let finding = Diagnostic::new(&codes::ZONE_FILES, document.span, message);
                self.findings.push(finding.help(help));
            }
        }
    }

    fn read_entry(&mut self, name_node: &Node, value: &Node) {
        let name = names::record_name(name_node, self);
        if let Value::Sequence(items) = &value.value {
            for item in items {
                self.read_record(name.as_ref(), item, item.span);
            }
        } else {
            let span = Span {
                end: value.span.end.max(name_node.span.end),
                ..name_node.span
            };
            self.read_record(name.as_ref(), value, span);
        }
    }

    fn read_record(&mut self, name: Option<&DomainName>, node: &Node, span: Span) {
        let Value::Mapping(_) = &node.value else {
            let message = format!("a record is a mapping, and this is {}", node.describe());
            let finding = Diagnostic::new(&codes::ZONE_RECORD, node.span, message);
            return self
                .findings
                .push(finding.help("write `type:` and `value:` below the name"));
        };
        // What is wrong inside is reported even where the name is wrong already.
        let declared = record::read(name, node, span, self);
        self.lenient = false;
        let (Some(name), Some(declared)) = (name, declared) else {
            return;
        };
        match declared {
            Declared::Set(rtype, set) => self.add(RecordKey::new(name.clone(), rtype), set),
            Declared::LeftAlone(left) => self.left_alone.push(left),
        }
    }

    fn add(&mut self, key: RecordKey, set: DeclaredSet) {
        match self.sets.entry(key) {
            Entry::Vacant(free) => {
                free.insert(set);
            }
            Entry::Occupied(taken) => {
                let message = format!("{} is declared twice", taken.key());
                let finding = Diagnostic::new(&codes::ZONE_RECORD_TWICE, set.span, message)
                    .related(taken.get().span, "first here")
                    .help("put all values under one of the two, and remove the other");
                self.findings.push(finding);
            }
        }
    }

    /// Reports what cannot be a record, whatever anybody allows.
    pub(super) fn refuse(&mut self, span: Span, message: impl Into<String>, via: &str, help: &str) {
        let finding = about(span, message.into(), via);
        self.findings.push(with_help(finding, help));
    }

    /// Reports what is read as it was meant: an error only where the zone asks for it.
    pub(super) fn advise(&mut self, span: Span, message: impl Into<String>, via: &str, help: &str) {
        let asked = |id: &base::Spanned<String>| id.value == "best-practice" || id.value == via;
        let asked = self.settings.validators.iter().any(asked);
        let lenient = self.lenient;
        self.lenient |= !asked;
        self.mind(span, message, via, help);
        self.lenient = lenient;
    }

    /// Reports what could be served and should not; leniency makes it a warning, and the
    /// zone can do without a validator.
    pub(super) fn mind(&mut self, span: Span, message: impl Into<String>, via: &str, help: &str) {
        let disabled = &self.settings.without_validators;
        if disabled.iter().any(|id| id.value == via) {
            return;
        }
        let mut finding = about(span, message.into(), via);
        if self.lenient {
            finding.severity = Severity::Warning;
        }
        self.findings.push(with_help(finding, help));
    }
}

fn about(span: Span, mut message: String, via: &str) -> Diagnostic {
    message += ", via: ";
    message += via;
    Diagnostic::new(&codes::ZONE_RECORD, span, message)
}

fn with_help(finding: Diagnostic, help: &str) -> Diagnostic {
    if help.is_empty() {
        finding
    } else {
        finding.help(help)
    }
}

/// octoDNS's id for what makes the values of a type sound.
pub(super) fn value_validator(rtype: RecordType) -> &'static str {
    match rtype {
        RecordType::A | RecordType::AAAA => "ip-value-rfc",
        RecordType::ALIAS | RecordType::CNAME | RecordType::DNAME => "target-value-rfc",
        RecordType::NS | RecordType::PTR => "targets-value-rfc",
        RecordType::TXT | RecordType::SPF => "chunked-value-rfc",
        RecordType::OPENPGPKEY => "openpgpkey-value-rfc",
        RecordType::LOC => "loc-value-rfc",
        RecordType::HTTPS => "https-value-rfc",
        RecordType::SVCB => "svcb-value-rfc",
        RecordType::CAA => "caa-value",
        RecordType::DS => "ds-value",
        RecordType::MX => "mx-value",
        RecordType::NAPTR => "naptr-value",
        RecordType::SRV => "srv-value",
        RecordType::SSHFP => "sshfp-value",
        RecordType::TLSA => "tlsa-value",
        RecordType::URI => "uri-value",
        RecordType::URLFWD => "urlfwd-value",
        _ => "record",
    }
}
