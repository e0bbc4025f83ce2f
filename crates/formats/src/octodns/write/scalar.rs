//! One scalar as every reader of YAML takes it for the same text.

use yaml::{Reading, reads_as};

/// A text as a scalar, quoted wherever a reader of YAML 1.1 or 1.2 could take it for something else.
pub(in crate::octodns) fn scalar(text: &str) -> String {
    if is_safe_plain(text) {
        text.to_owned()
    } else if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// A text in double quotes.
pub(in crate::octodns) fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            ' '..='~' => quoted.push(c),
            c if (c as u32) < 0x100 => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x1_0000 => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    quoted.push('"');
    quoted
}

fn is_safe_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let starts = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'/' | b'.' | b'$' | b'(');
    // Brackets and commas are signs inside brackets.
    let ordinary = |byte: &u8| matches!(byte, b' '..=b'~' if !b"[]{},".contains(byte));
    starts
        && !matches!(last, b':' | b' ')
        && bytes.iter().all(ordinary)
        && !text.contains(": ")
        && !text.contains(" #")
        && reads_as(text) == Reading::Text
        && !is_number_with_colons_or_dashes(text)
}

/// IPv6 addresses, base-60 numbers, days and moments: better quoted than argued about.
fn is_number_with_colons_or_dashes(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_hexdigit();
    let numeric = |sign: u8| {
        text.bytes().any(|byte| byte == sign)
            && text
                .bytes()
                .all(|byte| digit(byte) || matches!(byte, b':' | b'.' | b'_'))
    };
    let bytes = text.as_bytes();
    let year = bytes.len() >= 8 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-';
    numeric(b':') || year
}

#[cfg(test)]
mod tests {
    use base::SourceMap;
    use proptest::prelude::*;

    use super::{double_quoted, scalar};

    #[test]
    fn what_a_reader_could_mistake_is_quoted() {
        for plain in [
            "a",
            "v=spf1 include:_spf.google.com ~all",
            ".",
            "1.2.3.4",
            "k8s.io.",
            "v=x\\; y",
        ] {
            assert_eq!(scalar(plain), plain);
        }
        for quoted in [
            "",
            "*",
            "@",
            "no",
            "Yes",
            "y",
            "null",
            "~",
            "true",
            "1",
            "0777",
            "1.5",
            "1e3",
            "12:30",
            "2600:1901:0:26f3::",
            "::1",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "-a",
            "?",
            "a:",
            " a",
            "a ",
            "2020-01-01",
            "<<",
            "=",
            "a,b",
            "[a",
            "{a",
            "!a",
            "&a",
            "%a",
            "`a",
            "|",
            ">",
            "---",
        ] {
            assert_eq!(scalar(quoted), format!("'{quoted}'"));
        }
        assert_eq!(scalar("it's"), "it's");
        assert_eq!(scalar("'x"), "'''x'");
        assert_eq!(scalar("é\n"), "\"\\xe9\\x0a\"");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "(?s).{0,40}|[ -~]{0,12}") {
            for written in [scalar(&text), double_quoted(&text)] {
                let file = format!("{written}: [{written}, {{a: {written}}}]\n");
                let id = SourceMap::default().add("f", "");
                let (node, findings) = yaml::parse_single(&file, id, yaml::Dialect::Octodns);
                prop_assert!(findings.is_empty(), "{}: {:?}", file, findings);
                let node = node.unwrap();
                let yaml::Value::Mapping(entries) = &node.value else { panic!() };
                prop_assert_eq!(entries[0].0.text(), Some(text.as_str()));
                let yaml::Value::Sequence(items) = &entries[0].1.value else { panic!() };
                prop_assert_eq!(items[0].text(), Some(text.as_str()));
                prop_assert_eq!(items[1].get("a").unwrap().text(), Some(text.as_str()));
            }
        }
    }
}
