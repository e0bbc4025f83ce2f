//! The value of a record to the octets that servers send.

use base::Diagnostic;
use estate::records::{DomainName, RecordData, RecordType, Token};
use yaml::{Node, Value};

use super::names::idna;
use super::python::{self, Taken, taken};
use super::reader::{Reader, value_validator};
use super::structured;

/// One value of a record.
pub(super) fn encode(
    rtype: RecordType,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<RecordData> {
    let via = value_validator(rtype);
    if node.is_null() {
        reader.refuse(
            node.span,
            "missing value(s)",
            via,
            "give a value, or remove the line",
        );
        return None;
    }
    let tokens = match rtype {
        RecordType::A | RecordType::AAAA => vec![address(rtype, node, reader)?],
        RecordType::TXT | RecordType::SPF => vec![chunked(node, reader)?],
        RecordType::OPENPGPKEY => {
            vec![Token::new(text(node, via, reader)?.replace(' ', ""), false)]
        }
        RecordType::ALIAS
        | RecordType::CNAME
        | RecordType::DNAME
        | RecordType::NS
        | RecordType::PTR => vec![target(rtype, "value", node, reader)?],
        _ => structured::tokens(rtype, node, reader)?,
    };
    finish(rtype, &tokens, node, reader)
}

fn finish(
    rtype: RecordType,
    tokens: &[Token],
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<RecordData> {
    let data = RecordData::of_tokens(rtype, tokens, &reader.origin);
    data.map_err(|wrong| {
        let via = value_validator(rtype);
        reader.refuse(node.span, wrong.to_string(), via, "");
    })
    .ok()
}

/// A text that octoDNS sees as it is written.
pub(super) fn text<'n>(node: &'n Node, via: &str, reader: &mut Reader<'_>) -> Option<&'n str> {
    let Some(text) = node.text() else {
        let message = format!("a text is wanted here, and this is {}", node.describe());
        reader.refuse(node.span, message, via, "");
        return None;
    };
    if !python::survives(node) {
        return ambiguous(node, text, reader);
    }
    Some(text)
}

fn ambiguous<T>(node: &Node, text: &str, reader: &mut Reader<'_>) -> Option<T> {
    let message = format!("octoDNS takes `{text}` for {}", taken(node).name());
    let finding = Diagnostic::new(&yaml::codes::AMBIGUOUS, node.span, message);
    reader
        .findings
        .push(finding.help(format!("put quotes around it: \"{text}\"")));
    None
}

fn address(rtype: RecordType, node: &Node, reader: &mut Reader<'_>) -> Option<Token> {
    let via = value_validator(rtype);
    let written = text(node, via, reader)?;
    let (family, sound) = match rtype {
        RecordType::A => ("IPv4", written.parse::<std::net::Ipv4Addr>().is_ok()),
        _ => ("IPv6", written.parse::<std::net::Ipv6Addr>().is_ok()),
    };
    if !sound {
        let help = match (written.is_empty(), rtype) {
            (true, _) => "give an address, or remove it",
            (_, RecordType::A) => {
                "four numbers up to 255: 192.0.2.1; an IPv6 address belongs under AAAA"
            }
            _ => "groups of hexadecimal digits: 2001:db8::1; an IPv4 address belongs under A",
        };
        reader.refuse(
            node.span,
            format!("invalid {family} address \"{written}\""),
            via,
            help,
        );
        return None;
    }
    Some(Token::new(written, false))
}

/// The text of a TXT, in one piece.
fn chunked(node: &Node, reader: &mut Reader<'_>) -> Option<Token> {
    const VIA: &str = "chunked-value-rfc";
    let written = text(node, VIA, reader)?;
    if taken(node) != Taken::Text {
        // octoDNS itself breaks down over a number.
        return ambiguous(node, written, reader);
    }
    let escaped = reader.settings.reading.escaped_semicolons;
    if escaped && unescaped_semicolon(written) {
        let help = "write `\\;`, or set `reading: {escaped_semicolons: false}` on the zone";
        reader.mind(
            node.span,
            format!("unescaped ; in \"{written}\""),
            VIA,
            help,
        );
    }
    let doubled = if escaped { "\\\\;" } else { "\\;" };
    if written.contains(doubled) {
        let help = if escaped { "write `\\;`" } else { "write `;`" };
        reader.mind(
            node.span,
            format!("double escaped ; in \"{written}\""),
            VIA,
            help,
        );
    }
    if !written.is_ascii() {
        let message = format!("non ASCII character in \"{written}\"");
        reader.mind(
            node.span,
            message,
            VIA,
            "write it in ASCII, or mark the record `octodns: {lenient: true}`",
        );
    }
    // Pieces as a zone file has them are put together again.
    let inner = match written.strip_prefix('"') {
        Some(rest) => {
            let mut rest = rest.to_owned();
            rest.pop();
            rest.replace("\" \"", "")
        }
        None => written.replace("\" \"", ""),
    };
    let octets = if escaped {
        inner.replace("\\;", ";")
    } else {
        inner
    };
    Some(Token::of_octets(octets.as_bytes()))
}

/// Whether a `;` follows a letter, digit or `_`, which is how octoDNS looks for them.
fn unescaped_semicolon(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let found = c == ';' && (before.is_alphanumeric() || before == '_');
        before = c;
        found
    })
}

/// The name that a record points to; it must be a full one.
pub(super) fn target(
    rtype: RecordType,
    key: &str,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<Token> {
    let via = value_validator(rtype);
    let written = text(node, via, reader)?;
    if written.is_empty() {
        reader.refuse(
            node.span,
            format!("missing {key}"),
            via,
            "give the name it points to, with a final dot",
        );
        return None;
    }
    let nothing = matches!(
        rtype,
        RecordType::HTTPS | RecordType::MX | RecordType::SVCB | RecordType::SRV | RecordType::NAPTR
    );
    if written == "." && nothing {
        return Some(Token::new(".", false));
    }
    let name = idna(written);
    if !is_full_name(&name) && rtype != RecordType::NAPTR {
        let message = format!("{rtype} {key} \"{written}\" is not a valid FQDN");
        let help = "labels of letters, digits, `-` and `_`, at least two, with dots between them and one at the end";
        reader.mind(node.span, message, via, help);
    } else if !name.ends_with('.') {
        let message = format!("{rtype} {key} \"{written}\" missing trailing .");
        let help = format!("write {written}. with a dot at the end; names here are full ones");
        // Real files lack it here and there, and octoDNS's legacy set lets them pass.
        reader.advise(node.span, message, best_practice(rtype), &help);
    }
    let absolute = format!("{}.", name.trim_end_matches('.'));
    match DomainName::absolute(&absolute) {
        Ok(_) => Some(Token::new(absolute, false)),
        Err(wrong) => {
            reader.refuse(node.span, wrong.to_string(), via, "");
            None
        }
    }
}

/// octoDNS's id for the final dot of a target.
fn best_practice(rtype: RecordType) -> &'static str {
    match rtype {
        RecordType::NS | RecordType::PTR => "targets-value-best-practice",
        RecordType::MX => "mx-value-best-practice",
        RecordType::SRV => "srv-value-best-practice",
        RecordType::NAPTR => "naptr-value-best-practice",
        RecordType::SVCB => "svcb-value-best-practice",
        RecordType::HTTPS => "https-value-best-practice",
        _ => "target-value-best-practice",
    }
}

/// What octoDNS takes for the name of a host: two labels or more, of letters, digits, `-`
/// and `_`, none with `-` at an end.
fn is_full_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

/// The entries of a value that has several parts.
pub(super) fn parts<'n>(
    node: &'n Node,
    via: &str,
    reader: &mut Reader<'_>,
) -> Option<&'n [(Node, Node)]> {
    if let Value::Mapping(entries) = &node.value {
        return Some(entries);
    }
    let message = format!(
        "the value has several parts, and this is {}",
        node.describe()
    );
    reader.refuse(node.span, message, via, "write each part under its key");
    None
}
