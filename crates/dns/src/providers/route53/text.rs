//! Texts as Route 53 writes them: octets that are not plain are `\` and three octal digits.

/// From octal escapes to the decimal ones of master files.
pub(super) fn from_octal(text: &str) -> String {
    convert(
        text,
        8,
        |octet| format!("\\{octet:03}"),
        |c| format!("\\{c}"),
    )
}

/// From the decimal escapes of master files to octal ones. Quotes and backslashes keep theirs;
/// other characters that a master file escapes become octal.
pub(super) fn to_octal(text: &str) -> String {
    let single = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        _ if c.is_ascii() => octal(u32::from(c)),
        _ => c.to_string(),
    };
    convert(text, 10, octal, single)
}

fn octal(octet: u32) -> String {
    format!("\\{octet:03o}")
}

/// Rewrites `\` with three digits of this base, and `\` with another character.
fn convert(
    text: &str,
    base: u32,
    number: impl Fn(u32) -> String,
    single: impl Fn(char) -> String,
) -> String {
    let mut converted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        converted += &rest[..at];
        rest = &rest[at + 1..];
        let digits = rest
            .get(..3)
            .filter(|digits| digits.chars().all(|c| c.is_digit(base)));
        let octet = digits.and_then(|digits| u32::from_str_radix(digits, base).ok());
        if let Some(octet) = octet.filter(|octet| *octet < 256) {
            converted += &number(octet);
            rest = &rest[3..];
        } else if let Some(c) = rest.chars().next() {
            converted += &single(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    converted + rest
}

#[cfg(test)]
mod tests {
    use estate::records::{DomainName, RecordData, RecordType};
    use proptest::prelude::*;

    use super::{from_octal, to_octal};

    #[test]
    fn escapes_change_their_base() {
        for (octal, decimal) in [
            ("\\052.example.org.", "\\042.example.org."),
            ("\"caf\\303\\251\"", "\"caf\\195\\169\""),
            ("\"say \\\"\\\\\"", "\"say \\\"\\\\\""),
        ] {
            assert_eq!(from_octal(octal), decimal);
            assert_eq!(to_octal(decimal), octal);
        }
        assert_eq!(to_octal("a\\.b."), "a\\056b.");
        assert_eq!(from_octal("\\999\\"), "\\999");
    }

    proptest! {
        #[test]
        fn names_and_texts_come_back(octets in prop::collection::vec(any::<u8>(), 1..60)) {
            let length = u8::try_from(octets.len()).unwrap();
            let wire = [&[length][..], &octets, &[0]].concat();
            let (name, _) = DomainName::from_wire(&wire).unwrap();
            let again = from_octal(&to_octal(name.as_str()));
            prop_assert_eq!(DomainName::absolute(&again).unwrap(), name);

            let data = RecordData::from_wire(RecordType::TXT, &wire[..wire.len() - 1]).unwrap();
            let again = from_octal(&to_octal(&data.text(RecordType::TXT)));
            let origin = DomainName::root();
            prop_assert_eq!(RecordData::parse(RecordType::TXT, &again, &origin).unwrap(), data);
        }
    }
}
