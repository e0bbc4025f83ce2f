use std::fmt;

use super::Malformed;

/// A domain name: absolute, with its final dot, in lower case (RFC 4343).
///
/// Octets that are not printable ASCII, and dots inside a label, are written as
/// in RFC 1035 §5.1: `\046`, `\.`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

/// The octets of labels, and where each label ends.
struct Labels {
    octets: Vec<u8>,
    ends: Vec<usize>,
}

impl DomainName {
    const LONGEST_LABEL: usize = 63;
    /// Of the wire form (RFC 1035 §3.1); 253 characters of text.
    const LONGEST: usize = 255;

    /// The root.
    pub fn root() -> Self {
        Self(".".to_owned())
    }

    /// A name that ends in a dot.
    pub fn absolute(text: &str) -> Result<Self, Malformed> {
        if text == "." {
            return Ok(Self::root());
        }
        if plain(text) {
            return Ok(Self(text.to_owned()));
        }
        let labels = labels(text)?;
        if !text.ends_with('.') || labels.octets.len() != *labels.ends.last().unwrap_or(&0) {
            return Err(Malformed::new(format!(
                "`{text}` does not end in a dot, so it is not a full name"
            )));
        }
        Self::of_labels(&labels, text)
    }

    /// A name below `zone`; nothing at all is the zone itself.
    pub fn relative(text: &str, zone: &Self) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Ok(zone.clone());
        }
        let tail = if zone.is_root() { "" } else { zone.as_str() };
        Self::absolute(&format!("{text}.{tail}"))
    }

    /// A name as it stands in a zone file: relative to `origin` unless it ends in a dot; `@` is the origin.
    pub fn in_file(text: &str, origin: &Self) -> Result<Self, Malformed> {
        match text {
            "@" => Ok(origin.clone()),
            _ if ends_in_dot(text) => Self::absolute(text),
            _ => Self::relative(text, origin),
        }
    }

    fn of_labels(labels: &Labels, written: &str) -> Result<Self, Malformed> {
        let mut text = String::with_capacity(labels.octets.len() + 8);
        let mut start = 0;
        for &end in &labels.ends {
            let label = &labels.octets[start..end];
            if label.is_empty() {
                return Err(Malformed::new(format!("`{written}` has an empty label")));
            }
            if label.len() > Self::LONGEST_LABEL {
                return Err(Malformed::new(format!(
                    "`{written}` has a label of {} octets; a label has at most {}",
                    label.len(),
                    Self::LONGEST_LABEL
                )));
            }
            for &octet in label {
                push_octet(&mut text, octet.to_ascii_lowercase(), true);
            }
            text.push('.');
            start = end;
        }
        let wire = labels.octets.len() + labels.ends.len() + 1;
        if wire > Self::LONGEST {
            return Err(Malformed::new(format!(
                "`{written}` is {} octets long; a name has at most {}",
                wire - 2,
                Self::LONGEST - 2
            )));
        }
        Ok(Self(text))
    }

    /// As text, with its final dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As text without the final dot, as people and files call zones.
    pub fn undotted(&self) -> &str {
        self.0.strip_suffix('.').unwrap_or(&self.0)
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.0 == "."
    }

    /// Whether it stands for all names below its parent (RFC 4592).
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// Its labels as text, the leftmost first.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let mut rest = if self.is_root() { "" } else { self.0.as_str() };
        std::iter::from_fn(move || {
            let (label, after) = first_label(rest)?;
            rest = after;
            Some(label)
        })
    }

    /// The name without its leftmost label; none for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let (_, rest) = first_label(&self.0)?;
        Some(Self(if rest.is_empty() { "." } else { rest }.to_owned()))
    }

    /// Whether it is `zone` or below it.
    pub fn is_in(&self, zone: &Self) -> bool {
        self.below(zone).is_some()
    }

    /// What stands before `zone`: nothing for the zone itself, none for a name outside it.
    pub fn below(&self, zone: &Self) -> Option<&str> {
        if zone.is_root() {
            return Some(self.undotted());
        }
        let before = self.0.strip_suffix(zone.as_str())?;
        if before.is_empty() {
            return Some(before);
        }
        let before = before.strip_suffix('.')?;
        // An escaped dot does not end a label.
        let escapes = before
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\\')
            .count();
        (escapes % 2 == 0).then_some(before)
    }

    /// The octets a server sends, not compressed.
    pub fn wire(&self) -> Vec<u8> {
        let mut wire = Vec::with_capacity(self.0.len() + 1);
        for label in self.labels() {
            let at = wire.len();
            wire.push(0);
            unescape(label, &mut wire);
            wire[at] = u8::try_from(wire.len() - at - 1).unwrap_or(u8::MAX);
        }
        wire.push(0);
        wire
    }

    /// Reads a name that is not compressed; also says how many octets it took.
    pub fn from_wire(wire: &[u8]) -> Option<(Self, usize)> {
        let mut text = String::new();
        let mut at = 0;
        loop {
            let length = usize::from(*wire.get(at)?);
            at += 1;
            if length == 0 {
                break;
            }
            if length > Self::LONGEST_LABEL {
                return None;
            }
            for &octet in wire.get(at..at + length)? {
                push_octet(&mut text, octet.to_ascii_lowercase(), true);
            }
            text.push('.');
            at += length;
        }
        if text.is_empty() {
            text.push('.');
        }
        (at <= Self::LONGEST).then_some((Self(text), at))
    }
}

/// Whether a text is a canonical name already: the common case, without a detour.
fn plain(text: &str) -> bool {
    let mut label = 0;
    for byte in text.bytes() {
        match byte {
            b'.' if label == 0 => return false,
            b'.' => label = 0,
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'*' => label += 1,
            _ => return false,
        }
        if label > DomainName::LONGEST_LABEL {
            return false;
        }
    }
    label == 0 && text.len() < DomainName::LONGEST
}

fn ends_in_dot(text: &str) -> bool {
    let Some(before) = text.strip_suffix('.') else {
        return false;
    };
    before
        .bytes()
        .rev()
        .take_while(|byte| *byte == b'\\')
        .count()
        % 2
        == 0
}

/// The first label of a canonical text and what follows its dot.
fn first_label(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'.' if !escaped => return Some((&text[..at], &text[at + 1..])),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn labels(text: &str) -> Result<Labels, Malformed> {
    let mut labels = Labels {
        octets: Vec::with_capacity(text.len()),
        ends: Vec::new(),
    };
    let mut rest = text;
    while !rest.is_empty() {
        let (label, after) = first_label(rest).unwrap_or((rest, ""));
        if label.contains(|c: char| c.is_whitespace()) {
            return Err(Malformed::new(format!("`{text}` has white space in it")));
        }
        if !label.is_ascii() {
            return Err(Malformed::new(format!(
                "`{text}` has characters that are not ASCII; write it as `xn--...`"
            )));
        }
        if rest.len() > label.len() {
            unescape(label, &mut labels.octets);
            labels.ends.push(labels.octets.len());
        } else {
            // No dot at the end: what is left over shows that the name is not absolute.
            unescape(label, &mut labels.octets);
        }
        rest = after;
    }
    Ok(labels)
}

/// `\.` and `\046` to octets (RFC 1035 §5.1).
pub(super) fn unescape(text: &str, octets: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' || at + 1 == bytes.len() {
            octets.push(bytes[at]);
            at += 1;
            continue;
        }
        let digits = bytes.get(at + 1..at + 4);
        let value = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_digit))
            .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        if let Some(value) = value {
            octets.push(value);
            at += 4;
        } else {
            octets.push(bytes[at + 1]);
            at += 2;
        }
    }
}

/// One octet as it stands in a name or a quoted text.
pub(super) fn push_octet(text: &mut String, octet: u8, in_name: bool) {
    let special = if in_name {
        matches!(
            octet,
            b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$'
        )
    } else {
        matches!(octet, b'"' | b'\\')
    };
    match octet {
        _ if special => {
            text.push('\\');
            text.push(char::from(octet));
        }
        b' ' if !in_name => text.push(' '),
        b'!'..=b'~' => text.push(char::from(octet)),
        _ => text.push_str(&format!("\\{octet:03}")),
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DomainName;

    fn name(text: &str) -> DomainName {
        DomainName::absolute(text).unwrap()
    }

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(name("WWW.Example.ORG.").as_str(), "www.example.org.");
        assert_eq!(name("\\119ww.example.org.").as_str(), "www.example.org.");
        assert_eq!(name("a\\.b.example.org.").as_str(), "a\\.b.example.org.");
        assert_eq!(name("a\\046b.example.org.").labels().count(), 3);
    }

    #[test]
    fn what_is_no_name_is_refused_with_a_reason() {
        for (text, reason) in [
            ("www.example.org", "does not end in a dot"),
            ("a..b.", "empty label"),
            ("a b.", "white space"),
            ("bücher.", "not ASCII"),
            ("a\\.", "does not end in a dot"),
            (&format!("{}.", "a".repeat(64)), "64 octets"),
            (&"abcdefg.".repeat(32), "255 octets long"),
        ] {
            let error = DomainName::absolute(text).unwrap_err().0;
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_is_below_its_zone_at_whole_labels_only() {
        let zone = name("example.org.");
        assert_eq!(name("a.b.example.org.").below(&zone), Some("a.b"));
        assert_eq!(zone.below(&zone), Some(""));
        assert_eq!(name("an-example.org.").below(&zone), None);
        assert_eq!(name("a\\.example.org.").below(&zone), None);
        assert_eq!(DomainName::relative("", &zone).unwrap(), zone);
        assert_eq!(zone.parent().unwrap().parent().unwrap(), DomainName::root());
    }

    proptest! {
        #[test]
        fn octets_come_back(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8)) {
            let mut wire = Vec::new();
            for label in &labels {
                wire.push(u8::try_from(label.len()).unwrap());
                wire.extend(label.iter().map(u8::to_ascii_lowercase));
            }
            wire.push(0);
            let (name, read) = DomainName::from_wire(&wire).unwrap();
            prop_assert_eq!(read, wire.len());
            prop_assert_eq!(name.wire(), wire);
            prop_assert_eq!(DomainName::absolute(name.as_str()).unwrap(), name);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,80}") {
            if let Ok(name) = DomainName::absolute(&text) {
                prop_assert_eq!(DomainName::absolute(name.as_str()).unwrap(), name);
            }
        }
    }
}
