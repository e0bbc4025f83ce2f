//! Paths and queries as they come in URLs.

/// Why a path is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Odd {
    /// Its encoding is broken, or it has what no path of ours has.
    Broken,
    /// It climbs, or has an empty part: nothing is there.
    Nowhere,
}

/// A path in plain words: `/services/dns`. It has no `.` or `..`, no empty part, no control character and
/// no backslash, however they were encoded; a key may have slashes, encoded or not.
pub(crate) fn plain(path: &str) -> Result<String, Odd> {
    let bytes = decode(path).ok_or(Odd::Broken)?;
    let path = String::from_utf8(bytes).map_err(|_| Odd::Broken)?;
    if !path.starts_with('/') || path.chars().any(|c| c.is_control() || c == '\\') {
        return Err(Odd::Broken);
    }
    let odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.len() > 1 && path[1..].split('/').any(odd) {
        return Err(Odd::Nowhere);
    }
    Ok(path)
}

/// What stands behind the percent signs; nothing where one is not followed by two digits.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            plain.push(byte);
            continue;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
        plain.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(plain)
}

/// A path as it stands in a URL.
pub(crate) fn encoded(path: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/@:+,=!$'()*;".contains(&byte);
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if kept(byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// The names and values of a query, as they came.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// What a page can be had as beside being read, by the end of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// For readers of feeds.
    Atom,
}

impl Form {
    const ENDS: [(&'static str, Self); 3] = [
        (".json", Self::Json),
        (".csv", Self::Csv),
        (".atom", Self::Atom),
    ];

    /// The end of its path.
    pub(crate) fn end(self) -> &'static str {
        let known = Self::ENDS.iter().find(|(_, form)| *form == self);
        known.map_or("", |(end, _)| end)
    }

    /// What is sent.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Atom => "application/atom+xml; charset=utf-8",
        }
    }

    /// The path without its end, if it has one.
    pub(crate) fn of(path: &str) -> Option<(&str, Self)> {
        let ends = Self::ENDS.iter();
        let mut found = ends.filter_map(|(end, form)| Some((path.strip_suffix(end)?, *form)));
        found.next().map(|(bare, form)| match bare {
            // The home page's data are at `/index.json`.
            "/index" => ("/", form),
            bare => (bare, form),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_that_climbs_leads_nowhere_however_it_is_written() {
        for path in [
            "/../etc/passwd",
            "/services/%2e%2e/x",
            "/services/%2E%2e%2Fx",
            "/services/./x",
            "/services//x",
            "/services/x/",
        ] {
            assert_eq!(plain(path), Err(Odd::Nowhere), "{path}");
        }
    }

    #[test]
    fn a_path_that_is_none_is_broken() {
        for path in [
            "/a%00b", "/a%", "/a%2", "/a%zz", "/a%5cb", "/a\\b", "/%ff", "a", "", "/%0d%0a",
        ] {
            assert_eq!(plain(path), Err(Odd::Broken), "{path}");
        }
    }

    #[test]
    fn what_was_encoded_twice_is_decoded_once() {
        assert_eq!(plain("/a%252e%252e/b").as_deref(), Ok("/a%2e%2e/b"));
    }

    #[test]
    fn the_end_of_a_path_says_its_form() {
        assert_eq!(Form::of("/services.json"), Some(("/services", Form::Json)));
        assert_eq!(
            Form::of("/services/a.b.csv"),
            Some(("/services/a.b", Form::Csv))
        );
        assert_eq!(Form::of("/index.atom"), Some(("/", Form::Atom)));
        assert_eq!(Form::of("/services/a.b"), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_again(parts in prop::collection::vec("[^/\\\\\\p{Cc}]{1,9}", 1..4)) {
            let path = format!("/{}", parts.join("/"));
            prop_assume!(parts.iter().all(|part| part != "." && part != ".."));
            prop_assert_eq!(plain(&encoded(&path)), Ok(path));
        }

        #[test]
        fn no_path_breaks_it(path in "\\PC*") {
            let _ = plain(&path);
        }
    }
}
