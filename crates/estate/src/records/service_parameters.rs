//! The parameters of SVCB and HTTPS (RFC 9460 §2.1, §7, appendix A).

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::name::push_octet;
use super::text::{base64, to_base64};
use super::{Malformed, Token};

const MANDATORY: u16 = 0;
const ALPN: u16 = 1;
const NO_DEFAULT_ALPN: u16 = 2;
const PORT: u16 = 3;
const IPV4: u16 = 4;
const ECH: u16 = 5;
const IPV6: u16 = 6;

const NAMES: [(u16, &str); 7] = [
    (MANDATORY, "mandatory"),
    (ALPN, "alpn"),
    (NO_DEFAULT_ALPN, "no-default-alpn"),
    (PORT, "port"),
    (IPV4, "ipv4hint"),
    (ECH, "ech"),
    (IPV6, "ipv6hint"),
];

pub(super) fn encode(words: &[Token]) -> Result<Vec<u8>, Malformed> {
    let mut parameters: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, mut value) = match word.written().split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.written(), None),
        };
        // `key="value"` is two words to the tokenizer: the quote starts the second.
        if value == Some("") {
            value = words.next().map(Token::written);
        }
        let key = key(name)?;
        if parameters
            .insert(key, encode_value(key, name, value)?)
            .is_some()
        {
            return Err(Malformed::new(format!("`{name}` is given twice")));
        }
    }
    check(&parameters)?;
    let mut octets = Vec::new();
    for (key, value) in parameters {
        let length =
            u16::try_from(value.len()).map_err(|_| Malformed::new("a parameter is too long"))?;
        octets.extend(key.to_be_bytes());
        octets.extend(length.to_be_bytes());
        octets.extend(value);
    }
    Ok(octets)
}

fn check(parameters: &BTreeMap<u16, Vec<u8>>) -> Result<(), Malformed> {
    if parameters.contains_key(&NO_DEFAULT_ALPN) && !parameters.contains_key(&ALPN) {
        return Err(Malformed::new("`no-default-alpn` needs `alpn` beside it"));
    }
    let mandatory = parameters.get(&MANDATORY).map_or(&[][..], Vec::as_slice);
    for pair in mandatory.chunks_exact(2) {
        let wanted = u16::from_be_bytes([pair[0], pair[1]]);
        if wanted == MANDATORY || !parameters.contains_key(&wanted) {
            return Err(Malformed::new(format!(
                "`mandatory` names `{}`, which is not there",
                name(wanted)
            )));
        }
    }
    Ok(())
}

pub(super) fn decode(octets: &[u8]) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = octets;
    let mut before = None;
    while !rest.is_empty() {
        let key = u16::from_be_bytes(rest.get(..2)?.try_into().ok()?);
        let length = usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?));
        let value = rest.get(4..4 + length)?;
        // RFC 9460 §2.2: in order, each once.
        if before.is_some_and(|before| before >= key) {
            return None;
        }
        before = Some(key);
        words.push(match decode_value(key, value)? {
            text if text.is_empty() => name(key),
            text => format!("{}={text}", name(key)),
        });
        rest = &rest[4 + length..];
    }
    Some(words)
}

fn key(written: &str) -> Result<u16, Malformed> {
    let known = NAMES
        .iter()
        .find(|(_, name)| *name == written)
        .map(|(key, _)| *key);
    let number = || {
        let digits = written.strip_prefix("key")?;
        let sound = !digits.is_empty() && (digits == "0" || !digits.starts_with('0'));
        digits.parse().ok().filter(|key| sound && *key != u16::MAX)
    };
    known
        .or_else(number)
        .ok_or_else(|| Malformed::new(format!("`{written}` is not a parameter of a service")))
}

fn name(key: u16) -> String {
    let known = NAMES.iter().find(|(number, _)| *number == key);
    known.map_or_else(|| format!("key{key}"), |(_, name)| (*name).to_owned())
}

fn encode_value(key: u16, name: &str, value: Option<&str>) -> Result<Vec<u8>, Malformed> {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let bare = key == NO_DEFAULT_ALPN || usize::from(key) >= NAMES.len();
        let wrong = || Malformed::new(format!("`{name}` needs a value"));
        return bare.then(Vec::new).ok_or_else(wrong);
    };
    let wrong = |what: &str| Malformed::new(format!("`{name}={value}`: {what}"));
    let mut octets = Vec::new();
    match key {
        MANDATORY => {
            let mut keys = value
                .split(',')
                .map(self::key)
                .collect::<Result<Vec<_>, _>>()?;
            keys.sort_unstable();
            for key in keys {
                octets.extend(key.to_be_bytes());
            }
        }
        ALPN => {
            for protocol in Token::new(value, false)
                .octets()
                .split(|octet| *octet == b',')
            {
                let length = u8::try_from(protocol.len())
                    .ok()
                    .filter(|length| *length > 0);
                octets.push(length.ok_or_else(|| wrong("a protocol has 1 to 255 characters"))?);
                if !protocol.iter().copied().all(is_plain) {
                    return Err(wrong(
                        "a protocol has no spaces, commas, quotes, backslashes or letters beyond ASCII",
                    ));
                }
                octets.extend_from_slice(protocol);
            }
        }
        NO_DEFAULT_ALPN => return Err(wrong("it takes no value")),
        PORT => {
            let port: u16 = value
                .parse()
                .map_err(|_| wrong("a port is a number from 0 to 65535"))?;
            octets.extend(port.to_be_bytes());
        }
        IPV4 => {
            for address in value.split(',') {
                let address: Ipv4Addr = address
                    .parse()
                    .map_err(|_| wrong("these are not IPv4 addresses"))?;
                octets.extend(address.octets());
            }
        }
        IPV6 => {
            for address in value.split(',') {
                let address: Ipv6Addr = address
                    .parse()
                    .map_err(|_| wrong("these are not IPv6 addresses"))?;
                octets.extend(address.octets());
            }
        }
        ECH => octets.extend(base64(value)?),
        _ => octets.extend(Token::new(value, false).octets()),
    }
    Ok(octets)
}

/// Whether an octet of a protocol is what people write: a comma or backslash would need escapes
/// in escapes, and nobody has one.
fn is_plain(octet: u8) -> bool {
    octet.is_ascii_graphic() && !matches!(octet, b',' | b'\\' | b'"')
}

fn decode_value(key: u16, value: &[u8]) -> Option<String> {
    match key {
        MANDATORY if value.is_empty() || !value.len().is_multiple_of(2) => None,
        MANDATORY => {
            let keys = value
                .chunks_exact(2)
                .map(|pair| name(u16::from_be_bytes([pair[0], pair[1]])));
            Some(keys.collect::<Vec<_>>().join(","))
        }
        ALPN => {
            let mut protocols = Vec::new();
            let mut rest = value;
            while let Some((&length, after)) = rest.split_first() {
                let protocol = after.get(..usize::from(length)).filter(|_| length > 0)?;
                if !protocol.iter().copied().all(is_plain) {
                    return None;
                }
                protocols.push(std::str::from_utf8(protocol).ok()?.to_owned());
                rest = &after[usize::from(length)..];
            }
            (!protocols.is_empty()).then(|| protocols.join(","))
        }
        NO_DEFAULT_ALPN => value.is_empty().then(String::new),
        PORT => Some(u16::from_be_bytes(value.try_into().ok()?).to_string()),
        IPV4 | IPV6 if value.is_empty() => None,
        IPV4 => {
            let addresses = value
                .chunks(4)
                .map(|four| Some(Ipv4Addr::from(<[u8; 4]>::try_from(four).ok()?).to_string()));
            Some(addresses.collect::<Option<Vec<_>>>()?.join(","))
        }
        IPV6 => {
            let addresses = value
                .chunks(16)
                .map(|part| Some(Ipv6Addr::from(<[u8; 16]>::try_from(part).ok()?).to_string()));
            Some(addresses.collect::<Option<Vec<_>>>()?.join(","))
        }
        ECH => (!value.is_empty()).then(|| to_base64(value)),
        _ => {
            let mut text = String::new();
            for &octet in value {
                match octet {
                    b' ' | b';' | b'(' | b')' => text.push_str(&format!("\\{octet:03}")),
                    _ => push_octet(&mut text, octet, false),
                }
            }
            Some(text)
        }
    }
}
