//! Values of several parts: each under its key, most of them numbers in a range.

use estate::records::{FieldKind, RecordType, Token};
use yaml::{Node, Value};

use super::options::unknown;
use super::reader::{Reader, value_validator};
use super::values::{parts, target, text};

const LOCATION_KEYS: [&str; 12] = [
    "lat_degrees",
    "lat_minutes",
    "lat_seconds",
    "lat_direction",
    "long_degrees",
    "long_minutes",
    "long_seconds",
    "long_direction",
    "altitude",
    "size",
    "precision_horz",
    "precision_vert",
];

/// The parts of one value while they are read.
struct Parts<'n, 'r, 'z> {
    rtype: RecordType,
    node: &'n Node,
    entries: &'n [(Node, Node)],
    via: &'static str,
    reader: &'r mut Reader<'z>,
    sound: bool,
}

impl<'n> Parts<'n, '_, '_> {
    /// The node under the first of these keys that is there.
    fn find(&self, keys: &[&str]) -> Option<&'n Node> {
        let of = |wanted: &&str| {
            self.entries
                .iter()
                .find(|(key, _)| key.text() == Some(wanted))
        };
        keys.iter().find_map(of).map(|(_, value)| value)
    }

    /// The same; reports if none is there.
    fn want(&mut self, keys: &[&str]) -> Option<&'n Node> {
        let found = self.find(keys).filter(|node| !node.is_null());
        if found.is_none() {
            let message = format!("missing {}", keys[0]);
            self.refuse(self.node, message, "");
        }
        found
    }

    fn refuse(&mut self, node: &Node, message: String, help: &str) {
        self.sound = false;
        self.reader.refuse(node.span, message, self.via, help);
    }

    fn number(&mut self, node: &Node, key: &str, most: u64) -> Option<u64> {
        let written = node.text().unwrap_or_default();
        let plain = written.bytes().all(|b| b.is_ascii_digit())
            && (written == "0" || !written.starts_with('0'));
        let number = written
            .parse()
            .ok()
            .filter(|number| plain && *number <= most);
        if number.is_none() {
            let message = format!(
                "invalid {key}: {} is not a whole number from 0 to {most}",
                node.describe()
            );
            self.refuse(node, message, "");
        }
        number
    }

    /// Reports keys that are not among these.
    fn only(&mut self, known: &[&'static str]) {
        for (key, _) in self.entries {
            if !known.iter().any(|known| key.text() == Some(known)) {
                unknown(key, known, self.reader);
                self.sound = false;
            }
        }
    }

    /// One field of the type's table.
    fn field(&mut self, key: &'static str, kind: FieldKind) -> Option<Token> {
        let keys: &[&str] = match (self.rtype, key) {
            (RecordType::MX, "preference") => &["preference", "priority"],
            (RecordType::MX, "exchange") => &["exchange", "value"],
            (RecordType::CAA, "flags") if self.find(&["flags"]).is_none() => {
                return Some(Token::new("0", false));
            }
            _ => std::slice::from_ref(&key),
        };
        let node = self.want(keys)?;
        if (self.rtype, key) == (RecordType::URI, "target") && node.text() == Some("") {
            self.refuse(node, "missing target".to_owned(), "say where it leads");
            return None;
        }
        let token = match kind {
            FieldKind::U8 => Token::new(self.ranged(node, key, 255)?, false),
            FieldKind::U16 => Token::new(self.ranged(node, key, 65_535)?, false),
            FieldKind::Name => target(self.rtype, key, node, self.reader)?,
            FieldKind::Hex | FieldKind::Word => {
                Token::new(text(node, self.via, self.reader)?.to_owned(), false)
            }
            _ => {
                let written = text(node, self.via, self.reader)?;
                if key == "flags" {
                    Token::of_octets(written.to_ascii_uppercase().as_bytes())
                } else {
                    Token::of_octets(written.as_bytes())
                }
            }
        };
        self.judge(key, &token, node);
        Some(token)
    }

    fn ranged(&mut self, node: &Node, key: &str, most: u64) -> Option<String> {
        self.number(node, key, most)
            .map(|number| number.to_string())
    }

    /// What octoDNS asks beyond what fits into the octets.
    fn judge(&mut self, key: &str, token: &Token, node: &Node) {
        let written = token.written();
        let allowed: &[&str] = match (self.rtype, key) {
            (RecordType::SSHFP, "algorithm") => &["1", "2", "3", "4"],
            (RecordType::SSHFP, "fingerprint_type") => &["1", "2"],
            (RecordType::TLSA, "certificate_usage") => &["0", "1", "2", "3"],
            (RecordType::TLSA, "selector") => &["0", "1"],
            (RecordType::TLSA, "matching_type") => &["0", "1", "2"],
            (RecordType::NAPTR, "flags") => &["S", "A", "U", "P"],
            (RecordType::URLFWD, "code") => &["301", "302"],
            (RecordType::URLFWD, "masking") => &["0", "1", "2"],
            (RecordType::URLFWD, "query") => &["0", "1"],
            _ => return,
        };
        if !allowed.contains(&written) {
            let message = format!("unrecognized {key} \"{written}\"");
            let help = format!("one of {}", allowed.join(", "));
            self.reader.mind(node.span, message, self.via, &help);
        }
    }
}

/// The words of a value that has several parts.
pub(super) fn tokens(
    rtype: RecordType,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<Vec<Token>> {
    let via = value_validator(rtype);
    let entries = parts(node, via, reader)?;
    let mut value = Parts {
        rtype,
        node,
        entries,
        via,
        reader,
        sound: true,
    };
    let tokens = match rtype {
        RecordType::LOC => location(&mut value),
        RecordType::SVCB | RecordType::HTTPS => service(&mut value),
        RecordType::DS if value.find(&["public_key", "flags"]).is_some() => old_ds(&mut value),
        _ => fields(&mut value),
    };
    let sound = value.sound;
    tokens.filter(|_| sound)
}

fn fields(value: &mut Parts<'_, '_, '_>) -> Option<Vec<Token>> {
    let fields = value.rtype.info().map_or(&[][..], |info| info.fields);
    let mut known: Vec<&'static str> = fields.iter().map(|field| field.key).collect();
    if value.rtype == RecordType::MX {
        known.extend(["priority", "value"]);
        for (new, old) in [("preference", "priority"), ("exchange", "value")] {
            if let (Some(_), Some(node)) = (value.find(&[new]), value.find(&[old])) {
                value.refuse(
                    node,
                    format!("both `{new}` and `{old}` are given"),
                    "keep one",
                );
            }
        }
    }
    value.only(&known);
    let tokens: Vec<Option<Token>> = fields
        .iter()
        .map(|field| value.field(field.key, field.kind))
        .collect();
    let tokens: Option<Vec<Token>> = tokens.into_iter().collect();
    if value.rtype == RecordType::SSHFP
        && let Some([_, kind, fingerprint]) = tokens.as_deref()
    {
        fingerprint_length(kind.written(), fingerprint.written().len(), value);
    }
    tokens
}

/// A fingerprint is as long as its kind makes it: SHA-1 or SHA-256.
fn fingerprint_length(kind: &str, length: usize, value: &mut Parts<'_, '_, '_>) {
    let expected = match kind {
        "1" => 40,
        "2" => 64,
        _ => length,
    };
    if length != expected {
        let message = format!(
            "fingerprint length {length} does not match fingerprint_type {kind} (expected {expected})"
        );
        let (span, via) = (value.node.span, value.via);
        value.reader.mind(span, message, via, "");
    }
}

/// The spelling that octoDNS gave up: the four numbers under the names of a DNSKEY.
fn old_ds(value: &mut Parts<'_, '_, '_>) -> Option<Vec<Token>> {
    value.only(&["flags", "protocol", "algorithm", "public_key"]);
    let mut tokens = Vec::with_capacity(4);
    for (key, most) in [("flags", 65_535), ("protocol", 255), ("algorithm", 255)] {
        let number = value
            .want(&[key])
            .and_then(|node| value.ranged(node, key, most));
        tokens.push(number.map(|number| Token::new(number, false)));
    }
    let digest = value
        .want(&["public_key"])
        .and_then(|node| text(node, value.via, value.reader));
    tokens.push(digest.map(|digest| Token::new(digest, false)));
    tokens.into_iter().collect()
}

fn location(value: &mut Parts<'_, '_, '_>) -> Option<Vec<Token>> {
    value.only(&LOCATION_KEYS);
    let mut tokens = Vec::with_capacity(LOCATION_KEYS.len());
    for key in LOCATION_KEYS {
        let token = value.want(&[key]).and_then(|node| {
            let written = node.text().unwrap_or_default();
            let directions = match key {
                "lat_direction" => Some(["N", "S"]),
                "long_direction" => Some(["E", "W"]),
                _ => None,
            };
            let plain = written
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
            let sound = match directions {
                Some(directions) => directions.contains(&written),
                None => plain && !written.is_empty(),
            };
            if !sound || is_too_large(key, written) {
                let message = format!("invalid {key}: {}", node.describe());
                value.refuse(node, message, "");
                return None;
            }
            let metres = matches!(
                key,
                "altitude" | "size" | "precision_horz" | "precision_vert"
            );
            let unit = if metres { "m" } else { "" };
            Some(Token::new(format!("{written}{unit}"), false))
        });
        tokens.push(token);
    }
    tokens.into_iter().collect()
}

/// Octets would do for more than octoDNS lets sizes be, in metres.
fn is_too_large(key: &str, written: &str) -> bool {
    let is_size = matches!(key, "size" | "precision_horz" | "precision_vert");
    is_size && written.parse::<f64>().is_ok_and(|size| size > 90_000_000.0)
}

fn service(value: &mut Parts<'_, '_, '_>) -> Option<Vec<Token>> {
    value.only(&["svcpriority", "targetname", "svcparams"]);
    let priority = value
        .want(&["svcpriority"])
        .and_then(|node| value.number(node, "svcpriority", 65_535));
    let name = value
        .want(&["targetname"])
        .and_then(|node| target(value.rtype, "targetname", node, value.reader));
    let mut tokens = vec![Token::new(priority?.to_string(), false), name?];
    let Some(node) = value.find(&["svcparams"]).filter(|node| !node.is_null()) else {
        return Some(tokens);
    };
    let Value::Mapping(entries) = &node.value else {
        value.refuse(
            node,
            format!("`svcparams` is a mapping, and this is {}", node.describe()),
            "",
        );
        return None;
    };
    if priority == Some(0) && !entries.is_empty() {
        let message = "svcparams set on AliasMode SVCB record";
        let help = "priority 0 makes an alias, which has no parameters (RFC 9460 §2.4.2)";
        value.reader.mind(node.span, message, value.via, help);
    }
    for (key, given) in entries {
        tokens.push(parameter(value, key, given)?);
    }
    Some(tokens)
}

fn parameter(value: &mut Parts<'_, '_, '_>, key: &Node, given: &Node) -> Option<Token> {
    let name = key.text().unwrap_or_default();
    let listed = matches!(name, "alpn" | "ipv4hint" | "ipv6hint" | "mandatory");
    let written = match &given.value {
        Value::Sequence(items) if listed => {
            let words = items.iter().map(|item| text(item, value.via, value.reader));
            let words: Option<Vec<&str>> = words.collect();
            words?.join(",")
        }
        _ if listed => {
            value.refuse(given, format!("{name} is not a list"), "write `[...]`");
            return None;
        }
        _ if given.is_null() => return Some(Token::new(name, false)),
        _ if name == "no-default-alpn" => {
            let message = "SvcParam no-default-alpn has value when it should not".to_owned();
            value.refuse(given, message, "write the key alone, with `null`");
            return None;
        }
        _ => text(given, value.via, value.reader)?.to_owned(),
    };
    if written.is_empty() {
        value.refuse(
            given,
            format!("{name} has no value"),
            "give one, or remove the key",
        );
        return None;
    }
    Some(Token::new(format!("{name}={written}"), false))
}
