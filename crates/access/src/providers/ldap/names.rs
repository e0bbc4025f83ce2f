//! Distinguished names: their text (RFC 4514), and when two are the same (RFC 4518).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// The types whose values people write in names, by every name they have (RFC 4519, RFC 4524).
const TYPES: [(&str, &[&str]); 9] = [
    ("cn", &["commonname", "2.5.4.3"]),
    ("uid", &["userid", "0.9.2342.19200300.100.1.1"]),
    ("ou", &["organizationalunitname", "2.5.4.11"]),
    ("o", &["organizationname", "2.5.4.10"]),
    ("dc", &["domaincomponent", "0.9.2342.19200300.100.1.25"]),
    ("c", &["countryname", "2.5.4.6"]),
    ("l", &["localityname", "2.5.4.7"]),
    ("st", &["stateorprovincename", "2.5.4.8"]),
    ("street", &["streetaddress", "2.5.4.9"]),
];

/// A distinguished name: the entry itself first, what it is below after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(Vec<Vec<Part>>);

/// One attribute of a relative name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Its type, in lower case and by its short name.
    attribute: String,
    value: String,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut reader = Reader {
            rest: text.as_bytes(),
        };
        let mut all = Vec::new();
        let mut parts = Vec::new();
        reader.skip_spaces();
        if reader.rest.is_empty() {
            return Ok(Self(all));
        }
        loop {
            parts.push(reader.part()?);
            match reader.take() {
                Some(b'+') => {}
                // RFC 2253 allowed the semicolon.
                Some(b',' | b';') => all.push(std::mem::take(&mut parts)),
                _ => {
                    all.push(parts);
                    return Ok(Self(all));
                }
            }
        }
    }

    /// The name of an entry right below this one.
    pub(super) fn child(&self, attribute: &str, value: &str) -> Self {
        let part = Part {
            attribute: attribute.to_owned(),
            value: value.to_owned(),
        };
        let mut all = vec![vec![part]];
        all.extend_from_slice(&self.0);
        Self(all)
    }

    /// Whether it names nothing: the root of all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value that names the entry, if only an attribute of this type does.
    pub(super) fn named_by(&self, attribute: &str) -> Option<&str> {
        match self.0.first()?.as_slice() {
            [part] if part.attribute == attribute => Some(&part.value),
            _ => None,
        }
    }

    /// The first part of the name, with all its attributes.
    pub(super) fn relative(&self) -> String {
        self.0
            .first()
            .map(|parts| written(parts))
            .unwrap_or_default()
    }

    /// Whether the entry is right below another.
    pub(super) fn is_child_of(&self, above: &Self) -> bool {
        let rest = self.0.get(1..).unwrap_or_default();
        !self.0.is_empty() && Self(rest.to_vec()).folded() == above.folded()
    }

    /// A text that two names share if they name the same entry.
    pub(super) fn folded(&self) -> String {
        let each = self.0.iter().map(|parts| {
            let mut parts: Vec<Part> = parts
                .iter()
                .map(|part| Part {
                    attribute: part.attribute.clone(),
                    value: folded(&part.value),
                })
                .collect();
            parts.sort_by(|a, b| (&a.attribute, &a.value).cmp(&(&b.attribute, &b.value)));
            written(&parts)
        });
        each.collect::<Vec<_>>().join(",")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<_> = self.0.iter().map(|parts| written(parts)).collect();
        f.write_str(&each.join(","))
    }
}

/// A value as `caseIgnoreMatch` compares it: without case, in the compatible composed form, and
/// with no more than one space anywhere (RFC 4518 §2).
pub(super) fn folded(value: &str) -> String {
    let lower: String = value.nfkc().collect::<String>().to_lowercase();
    let again: String = lower.nfkc().collect();
    again.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn written(parts: &[Part]) -> String {
    let each: Vec<_> = parts
        .iter()
        .map(|part| format!("{}={}", part.attribute, escaped(&part.value)))
        .collect();
    each.join("+")
}

/// A value in a name (RFC 4514 §2.4).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len() + 8);
    let last = value.char_indices().next_back().map(|(at, _)| at);
    for (at, letter) in value.char_indices() {
        match letter {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=' => text.extend(['\\', letter]),
            '#' if at == 0 => text += "\\#",
            ' ' if at == 0 || Some(at) == last => text += "\\ ",
            _ if letter.is_control() => {
                let mut octets = [0; 4];
                for octet in letter.encode_utf8(&mut octets).bytes() {
                    text += &format!("\\{octet:02x}");
                }
            }
            _ => text.push(letter),
        }
    }
    text
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip_spaces(&mut self) {
        while let [b' ', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn part(&mut self) -> Result<Part, &'static str> {
        self.skip_spaces();
        let mut attribute = String::new();
        loop {
            match self.take() {
                Some(b'=') => break,
                Some(b @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_')) => {
                    attribute.push(char::from(b.to_ascii_lowercase()));
                }
                Some(b' ') if self.rest.trim_ascii_start().starts_with(b"=") => {}
                _ => return Err("it has a part that is not `type=value`"),
            }
        }
        let attribute = attribute.strip_prefix("oid.").unwrap_or(&attribute);
        if attribute.is_empty() {
            return Err("it has a part without a type");
        }
        let known = TYPES.iter().find(|(_, others)| others.contains(&attribute));
        self.skip_spaces();
        let value = match self.rest.first() {
            Some(b'#') => self.encoded()?,
            _ => self.value()?,
        };
        Ok(Part {
            attribute: known.map_or(attribute, |(short, _)| short).to_owned(),
            value,
        })
    }

    fn value(&mut self) -> Result<String, &'static str> {
        let mut octets = Vec::new();
        // Spaces at the end count only where they are escaped.
        let mut end = 0;
        loop {
            match self.rest.first() {
                None | Some(b',' | b';' | b'+') => break,
                Some(b'\\') => {
                    self.take();
                    octets.push(self.escape()?);
                    end = octets.len();
                }
                Some(b'"' | b'<' | b'>' | 0) => {
                    return Err("it has a character that must be escaped");
                }
                Some(&octet) => {
                    self.take();
                    octets.push(octet);
                    if octet != b' ' {
                        end = octets.len();
                    }
                }
            }
        }
        octets.truncate(end);
        String::from_utf8(octets).map_err(|_| "it has a value that is not UTF-8")
    }

    fn escape(&mut self) -> Result<u8, &'static str> {
        match self.take() {
            Some(b @ (b' ' | b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\')) => {
                Ok(b)
            }
            Some(high) => self.hexadecimal(high),
            None => Err("it ends with a backslash"),
        }
    }

    fn hexadecimal(&mut self, high: u8) -> Result<u8, &'static str> {
        let digit = |octet: u8| char::from(octet).to_digit(16);
        let low = self.take().and_then(digit);
        let both = digit(high).zip(low).map(|(high, low)| high * 16 + low);
        both.and_then(|octet| u8::try_from(octet).ok())
            .ok_or("it has a backslash before what needs none")
    }

    /// A value as `#` and the digits of its BER, as types without a text form have it.
    fn encoded(&mut self) -> Result<String, &'static str> {
        self.take();
        let mut octets = Vec::new();
        while let Some(b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') = self.rest.first() {
            let high = self.take().unwrap_or_default();
            octets.push(self.hexadecimal(high)?);
        }
        self.skip_spaces();
        let mut reader = super::ber::Reader(&octets);
        match reader.any() {
            // OCTET STRING, UTF8String, PrintableString, IA5String.
            Ok((0x04 | 0x0c | 0x13 | 0x16, content)) if reader.is_at_end() => {
                String::from_utf8(content.to_vec()).map_err(|_| "it has a value that is not UTF-8")
            }
            _ => Err("it has a value that is no text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_escaped_as_the_standard_says() {
        let base = Name::parse("dc=example,dc=org").unwrap();
        for (value, wanted) in [
            ("a.b", "uid=a.b"),
            ("a+b@example.org", "uid=a\\+b@example.org"),
            ("#1", "uid=\\#1"),
            ("a#1", "uid=a#1"),
            (" a ", "uid=\\ a\\ "),
            (" ", "uid=\\ "),
            (
                "Smith, \"J\" <x>;=\\",
                "uid=Smith\\, \\\"J\\\" \\<x\\>\\;\\=\\\\",
            ),
            ("Lučić", "uid=Lučić"),
            ("a\nb", "uid=a\\0ab"),
        ] {
            let name = base.child("uid", value);
            assert_eq!(name.to_string(), format!("{wanted},dc=example,dc=org"));
            assert_eq!(Name::parse(&name.to_string()), Ok(name.clone()));
            assert_eq!(name.named_by("uid"), Some(value));
            assert!(name.is_child_of(&base) && !base.is_child_of(&base));
        }
    }

    #[test]
    fn the_same_entry_has_many_spellings() {
        let names = [
            "uid=Ada Lučić+cn=x,ou=people,dc=example,dc=org",
            "UID = ada  lučić + CN=X , OU=People;DC=example,DC=org",
            "cn=x+userid=Ada Lu\\C4\\8Di\\c4\\87,2.5.4.11=people,dc=example,dc=org",
            "cn=#040178+uid=Ada Luc\u{30c}ic\u{301},ou=people,dc=EXAMPLE,dc=org",
        ];
        let folded: Vec<_> = names.map(|name| Name::parse(name).unwrap().folded()).into();
        assert!(folded.iter().all(|name| name == &folded[0]), "{folded:?}");
        assert_ne!(
            Name::parse("uid=a\\,b").unwrap().folded(),
            Name::parse("uid=a,uid=b").unwrap().folded()
        );
    }

    #[test]
    fn what_is_no_name_is_told() {
        for text in [
            "a", "=b", "cn=a,", "cn=a\\", "cn=a\\zz", "cn=\"a\"", "cn=#zz", "cn=#0401", "cn=\\ff",
            "c n=a", "cn=a+",
        ] {
            assert!(Name::parse(text).is_err(), "{text}");
        }
        assert!(Name::parse("").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(values in prop::collection::vec("\\PC*|[ #+,\\\\\"=<>;]{0,4}|.{0,8}", 0..4)) {
            let mut name = Name::parse("dc=org").unwrap();
            for value in &values {
                name = name.child("cn", value);
            }
            prop_assert_eq!(Name::parse(&name.to_string()), Ok(name));
        }

        #[test]
        fn nothing_makes_it_panic(text in "[a-c=,+#\\\\0-9 \\PC]{0,24}") {
            if let Ok(name) = Name::parse(&text) {
                let again = Name::parse(&name.to_string());
                prop_assert_eq!(again.map(|name| name.folded()), Ok(name.folded()));
            }
        }
    }
}
