use std::fmt;

use super::{
    DomainName, FieldKind, Malformed, RecordType, Token, location, service_parameters, text, tokens,
};

/// The data of one record, as octets a server sends, in canonical form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordData(Box<[u8]>);

/// A part of a record's data, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// A number, name or word.
    Word(String),
    /// Octets that people read as text; quoted in zone files.
    Text(Vec<u8>),
}

impl RecordData {
    /// The most octets a record can hold.
    pub const LONGEST: usize = 65_535;

    /// Reads octets as a server sends them, names not compressed.
    ///
    /// # Errors
    /// They are not the data of such a record.
    pub fn from_wire(rtype: RecordType, octets: &[u8]) -> Result<Self, Malformed> {
        let fields = rtype.info().map_or(&[][..], |info| info.fields);
        if octets.len() > Self::LONGEST {
            return Err(Malformed::new("is longer than a record can be"));
        }
        if fields.is_empty() {
            return Ok(Self(octets.into()));
        }
        let mut canonical = Vec::with_capacity(octets.len());
        let mut rest = octets;
        for field in fields {
            let (taken, _) = field.kind.decode(rest).ok_or_else(|| {
                Malformed::new(format!("is cut short or not the data of {rtype}"))
            })?;
            match field.kind {
                FieldKind::Name => {
                    canonical.extend(rest[..taken].iter().map(u8::to_ascii_lowercase));
                }
                FieldKind::Strings => push_strings(&joined(rest), &mut canonical),
                _ => canonical.extend_from_slice(&rest[..taken]),
            }
            rest = &rest[taken..];
        }
        if !rest.is_empty() {
            return Err(Malformed::new(format!(
                "is longer than the data of {rtype}"
            )));
        }
        Ok(Self(canonical.into()))
    }

    /// Reads the data of a record as a zone file has it, names relative to `origin`.
    ///
    /// # Errors
    /// It is not the data of such a record.
    pub fn parse(rtype: RecordType, text: &str, origin: &DomainName) -> Result<Self, Malformed> {
        Self::of_tokens(rtype, &tokens(text)?, origin)
    }

    /// The same, of words that are taken apart already.
    pub fn of_tokens(
        rtype: RecordType,
        tokens: &[Token],
        origin: &DomainName,
    ) -> Result<Self, Malformed> {
        if tokens.first().is_some_and(|token| token.is_bare("\\#")) {
            return Self::from_wire(rtype, &text::unknown_data(&tokens[1..])?);
        }
        let Some(info) = rtype.info().filter(|info| !info.fields.is_empty()) else {
            return Err(Malformed::new(format!(
                "the data of {rtype} are written as `\\# LENGTH HEX` (RFC 3597)"
            )));
        };
        let mut octets = Vec::new();
        let mut rest = tokens;
        for field in info.fields {
            let takes = if field.kind.takes_the_rest() {
                rest.len()
            } else {
                1
            };
            let lacks = takes > rest.len() || (takes == 0 && field.kind.needs_something());
            if lacks {
                return Err(Malformed::new(format!(
                    "the data of {rtype} lack something at the end"
                )));
            }
            field.kind.encode(&rest[..takes], origin, &mut octets)?;
            rest = &rest[takes..];
        }
        if let Some(more) = rest.first() {
            return Err(Malformed::new(format!(
                "`{}` is too much for the data of {rtype}",
                more.shown()
            )));
        }
        if octets.len() > Self::LONGEST {
            return Err(Malformed::new("is longer than a record can be"));
        }
        Ok(Self(octets.into()))
    }

    /// The octets.
    pub fn octets(&self) -> &[u8] {
        &self.0
    }

    /// Its fields decoded, in the order of the type's table; none for types without one.
    pub fn fields(&self, rtype: RecordType) -> Option<Vec<Vec<Atom>>> {
        let info = rtype.info().filter(|info| !info.fields.is_empty())?;
        let mut rest = &self.0[..];
        let mut atoms = Vec::with_capacity(info.fields.len());
        for field in info.fields {
            let (taken, decoded) = field.kind.decode(rest)?;
            atoms.push(decoded);
            rest = &rest[taken..];
        }
        Some(atoms)
    }

    /// The first name in it: what an NS, MX, SRV, CNAME... points to.
    pub fn target(&self, rtype: RecordType) -> Option<DomainName> {
        let mut rest = &self.0[..];
        for field in rtype.info()?.fields {
            if field.kind == FieldKind::Name {
                return DomainName::from_wire(rest).map(|(name, _)| name);
            }
            let (taken, _) = field.kind.decode(rest)?;
            rest = &rest[taken..];
        }
        None
    }

    /// As a zone file has it, names absolute.
    pub fn text(&self, rtype: RecordType) -> String {
        let Some(fields) = self.fields(rtype) else {
            return text::unknown_text(&self.0);
        };
        let words = fields.iter().flatten().map(Atom::in_file);
        words.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::unknown_text(&self.0))
    }
}

impl Atom {
    /// As a zone file has it.
    pub fn in_file(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Text(octets) => text::quoted(octets),
        }
    }
}

impl FieldKind {
    fn takes_the_rest(self) -> bool {
        matches!(
            self,
            Self::Hex | Self::Base64 | Self::Strings | Self::Location | Self::ServiceParameters
        )
    }

    fn needs_something(self) -> bool {
        self != Self::ServiceParameters
    }

    /// Appends what the words say; see [`Token::new`] for words from elsewhere than a zone file.
    ///
    /// # Errors
    /// The words are not of this kind.
    pub fn encode(
        self,
        words: &[Token],
        origin: &DomainName,
        octets: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        match (self, words) {
            (Self::Hex, _) => octets.extend(text::hex(&text::joined(words))?),
            (Self::Base64, _) => octets.extend(text::base64(&text::joined(words))?),
            (Self::Strings, _) => {
                let text: Vec<u8> = words.iter().flat_map(Token::octets).collect();
                push_strings(&text, octets);
            }
            (Self::Location, _) => octets.extend(location::encode(words)?),
            (Self::ServiceParameters, _) => octets.extend(service_parameters::encode(words)?),
            (_, [word]) => self.encode_one(word, origin, octets)?,
            _ => return Err(Malformed::new("one word is wanted here")),
        }
        Ok(())
    }

    fn encode_one(
        self,
        word: &Token,
        origin: &DomainName,
        octets: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let written = word.written();
        match self {
            Self::Ipv4 => {
                let address: std::net::Ipv4Addr = written
                    .parse()
                    .map_err(|_| Malformed::new(format!("`{written}` is not an IPv4 address")))?;
                octets.extend(address.octets());
            }
            Self::Ipv6 => {
                let address: std::net::Ipv6Addr = written
                    .parse()
                    .map_err(|_| Malformed::new(format!("`{written}` is not an IPv6 address")))?;
                octets.extend(address.octets());
            }
            Self::Name => octets.extend(DomainName::in_file(written, origin)?.wire()),
            Self::U8 => octets.push(number(written, "255")?),
            Self::U16 => octets.extend(number::<u16>(written, "65535")?.to_be_bytes()),
            Self::U32 => octets.extend(number::<u32>(written, "4294967295")?.to_be_bytes()),
            Self::Word => {
                let sound =
                    !written.is_empty() && written.bytes().all(|b| b.is_ascii_alphanumeric());
                if !sound {
                    return Err(Malformed::new(format!(
                        "`{written}` is not a word of letters and digits"
                    )));
                }
                push_string(written.to_ascii_lowercase().as_bytes(), octets)?;
            }
            Self::Rest => octets.extend(word.octets()),
            _ => push_string(&word.octets(), octets)?,
        }
        Ok(())
    }

    /// Decodes a field at the start of `octets`: how many it takes and what it says.
    fn decode(self, octets: &[u8]) -> Option<(usize, Vec<Atom>)> {
        let word = |taken: usize, text: String| Some((taken, vec![Atom::Word(text)]));
        match self {
            Self::Ipv4 => {
                let address: [u8; 4] = octets.get(..4)?.try_into().ok()?;
                word(4, std::net::Ipv4Addr::from(address).to_string())
            }
            Self::Ipv6 => {
                let address: [u8; 16] = octets.get(..16)?.try_into().ok()?;
                word(16, std::net::Ipv6Addr::from(address).to_string())
            }
            Self::Name => {
                let (name, taken) = DomainName::from_wire(octets)?;
                word(taken, name.to_string())
            }
            Self::U8 => word(1, octets.first()?.to_string()),
            Self::U16 => word(
                2,
                u16::from_be_bytes(octets.get(..2)?.try_into().ok()?).to_string(),
            ),
            Self::U32 => word(
                4,
                u32::from_be_bytes(octets.get(..4)?.try_into().ok()?).to_string(),
            ),
            Self::Hex if octets.is_empty() => None,
            Self::Hex => word(
                octets.len(),
                octets.iter().map(|b| format!("{b:02x}")).collect(),
            ),
            Self::Base64 if octets.is_empty() => None,
            Self::Base64 => word(octets.len(), text::to_base64(octets)),
            Self::Rest => Some((octets.len(), vec![Atom::Text(octets.to_vec())])),
            Self::String => {
                let string = first_string(octets)?;
                Some((1 + string.len(), vec![Atom::Text(string.to_vec())]))
            }
            Self::Word => {
                let string = first_string(octets)?;
                let sound = !string.is_empty() && string.iter().all(u8::is_ascii_alphanumeric);
                let text = std::str::from_utf8(string).ok().filter(|_| sound)?;
                word(1 + string.len(), text.to_owned())
            }
            Self::Strings => {
                let mut atoms = Vec::new();
                let mut rest = octets;
                while !rest.is_empty() {
                    let string = first_string(rest)?;
                    atoms.push(Atom::Text(string.to_vec()));
                    rest = &rest[1 + string.len()..];
                }
                (!atoms.is_empty()).then_some((octets.len(), atoms))
            }
            Self::Location => word(location::LENGTH, location::decode(octets)?),
            Self::ServiceParameters => {
                let words = service_parameters::decode(octets)?;
                Some((octets.len(), words.into_iter().map(Atom::Word).collect()))
            }
        }
    }
}

/// The text that strings are pieces of.
fn joined(mut strings: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(strings.len());
    while let Some(string) = first_string(strings) {
        text.extend_from_slice(string);
        strings = &strings[1 + string.len()..];
    }
    text
}

/// A text in pieces as long as they can be: where it was cut before means nothing to its readers.
fn push_strings(text: &[u8], octets: &mut Vec<u8>) {
    if text.is_empty() {
        octets.push(0);
    }
    for piece in text.chunks(255) {
        octets.push(u8::try_from(piece.len()).unwrap_or(u8::MAX));
        octets.extend_from_slice(piece);
    }
}

fn first_string(octets: &[u8]) -> Option<&[u8]> {
    let length = usize::from(*octets.first()?);
    octets.get(1..=length)
}

fn push_string(string: &[u8], octets: &mut Vec<u8>) -> Result<(), Malformed> {
    let length = u8::try_from(string.len()).map_err(|_| {
        Malformed::new(format!(
            "a string of {} octets is too long; one has at most 255",
            string.len()
        ))
    })?;
    octets.push(length);
    octets.extend_from_slice(string);
    Ok(())
}

fn number<N: std::str::FromStr>(written: &str, most: &str) -> Result<N, Malformed> {
    let digits = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    let value = written.parse().ok().filter(|_| digits);
    value.ok_or_else(|| {
        Malformed::new(format!(
            "`{written}` is not a whole number from 0 to {most}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(rtype: &str, text: &str) -> Result<String, Malformed> {
        let rtype: RecordType = rtype.parse()?;
        let origin = DomainName::absolute("example.org.")?;
        Ok(RecordData::parse(rtype, text, &origin)?.text(rtype))
    }

    #[test]
    fn data_have_one_canonical_text() {
        for (rtype, written, canonical) in [
            ("A", "192.0.2.1", "192.0.2.1"),
            ("AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("CNAME", "WWW", "www.example.org."),
            ("MX", "10 @", "10 example.org."),
            ("MX", "0 .", "0 ."),
            ("TXT", "one \"two\\; \\\"3\" ", "\"onetwo; \\\"3\""),
            ("TXT", "\"\"", "\"\""),
            ("TXT", "caf\\195\\169", "\"caf\\195\\169\""),
            ("SRV", "1 2 443 a.", "1 2 443 a."),
            ("CAA", "0 ISSUE \"ca.example\"", "0 issue \"ca.example\""),
            ("CAA", "0 issue ca.example", "0 issue \"ca.example\""),
            (
                "NAPTR",
                "1 2 U SIP+D2U \"!^.*$!a!\" .",
                "1 2 \"U\" \"SIP+D2U\" \"!^.*$!a!\" .",
            ),
            ("DS", "1 8 2 ABCD EF", "1 8 2 abcdef"),
            ("SSHFP", "4 2 AB", "4 2 ab"),
            ("TLSA", "3 1 1 00ff", "3 1 1 00ff"),
            ("OPENPGPKEY", "AQ ID", "AQID"),
            ("URI", "10 1 \"https://a/\"", "10 1 \"https://a/\""),
            (
                "LOC",
                "52 14 05 N 00 08 50 E 10m",
                "52 14 5.000 N 0 8 50.000 E 10.00m 1.00m 10000.00m 10.00m",
            ),
            ("LOC", "31 S 115.5 W -5m 0m 2m 3m", ""),
            (
                "LOC",
                "31 59 10.12 S 115 49 58.1 W -5m 0m 2m 3m",
                "31 59 10.120 S 115 49 58.100 W -5.00m 0.00m 2.00m 3.00m",
            ),
            (
                "HTTPS",
                "1 . port=443 alpn=\"h2,h3\"",
                "1 . alpn=h2,h3 port=443",
            ),
            ("SVCB", "0 other.", "0 other."),
            (
                "SVCB",
                "1 . mandatory=ipv4hint ipv4hint=192.0.2.1,192.0.2.2 key667=hi ipv6hint=2001:db8::1",
                "1 . mandatory=ipv4hint ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 key667=hi",
            ),
            ("TYPE300", "\\# 2 0AFF", "\\# 2 0aff"),
            ("A", "\\# 4 c0000201", "192.0.2.1"),
        ] {
            let read = parse(rtype, written);
            if canonical.is_empty() {
                assert!(read.is_err(), "{rtype} {written}: {read:?}");
                continue;
            }
            assert_eq!(read.as_deref(), Ok(canonical), "{rtype} {written}");
            assert_eq!(
                parse(rtype, canonical).as_deref(),
                Ok(canonical),
                "again: {rtype} {canonical}"
            );
        }
    }

    #[test]
    fn what_is_no_data_is_refused_with_a_reason() {
        for (rtype, written, reason) in [
            ("A", "", "lack something"),
            ("A", "1.2.3", "not an IPv4 address"),
            ("A", "192.0.2.1 192.0.2.2", "too much"),
            ("AAAA", "2600:1901:0:26f3:", "not an IPv6 address"),
            ("MX", "65536 a.", "not a whole number from 0 to 65535"),
            ("MX", "+1 a.", "not a whole number"),
            ("CNAME", "a..b.", "empty label"),
            ("TXT", "\"open", "not closed"),
            ("CAA", "0 is-sue x", "letters and digits"),
            ("DS", "1 8 2 abc", "hexadecimal"),
            ("SSHFP", "1 2", "lack something"),
            ("HTTPS", "1 . alpn=h2 alpn=h3", "given twice"),
            ("HTTPS", "1 . mandatory=port", "is not there"),
            ("HTTPS", "1 . alpn=h2,\\005", "a protocol has no"),
            ("HTTPS", "1 . alpn=h\\\\,h3", "a protocol has no"),
            ("HTTPS", "1 . no-default-alpn", "needs `alpn`"),
            ("HTTPS", "1 . colour=red", "not a parameter"),
            ("LOC", "91 0 0 N 0 0 0 E 0m", "no angle"),
            ("TYPE300", "whatever", "RFC 3597"),
            ("TYPE300", "\\# 3 0aff", "2 follow"),
        ] {
            let error = parse(rtype, written).unwrap_err().0;
            assert!(error.contains(reason), "{rtype} {written}: {error}");
        }
    }

    #[test]
    fn where_a_long_text_was_cut_means_nothing() {
        let cut = |at: usize| {
            let text = "x".repeat(600);
            let (one, other) = text.split_at(at);
            RecordData::parse(
                RecordType::TXT,
                &format!("\"{one}\" \"{other}\""),
                &DomainName::root(),
            )
            .unwrap()
        };
        assert_eq!(cut(200), cut(255));
        assert_eq!(cut(200).octets().len(), 603);
    }

    proptest! {
        #[test]
        fn octets_from_a_server_are_refused_or_survive_as_text(
            at in 0..RecordType::all().len(),
            octets in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let rtype = RecordType::all()[at].rtype;
            if let Ok(data) = RecordData::from_wire(rtype, &octets) {
                let text = data.text(rtype);
                let again = RecordData::parse(rtype, &text, &DomainName::root());
                prop_assert_eq!(again, Ok(data), "{} {}", rtype, text);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(at in 0..RecordType::all().len(), text in ".{0,60}") {
            let rtype = RecordType::all()[at].rtype;
            if let Ok(data) = RecordData::parse(rtype, &text, &DomainName::root()) {
                prop_assert_eq!(RecordData::from_wire(rtype, data.octets()), Ok(data));
            }
        }

        #[test]
        fn a_text_of_any_octets_survives(octets in prop::collection::vec(any::<u8>(), 0..600)) {
            let mut wire = Vec::new();
            push_strings(&octets, &mut wire);
            let data = RecordData::from_wire(RecordType::TXT, &wire).unwrap();
            prop_assert_eq!(RecordData::parse(RecordType::TXT, &data.text(RecordType::TXT), &DomainName::root()), Ok(data));
        }
    }
}
