//! Paths of pages. Keys are whatever people called things; in links they are told apart from what
//! follows a path.

use std::borrow::Cow;

/// The link to the page of one of a collection.
pub fn to(collection: &str, key: &str) -> String {
    format!("/{collection}/{}", encoded(key))
}

/// A path as it stands in a link: what would end it or encode something is encoded.
pub fn encoded(path: &str) -> Cow<'_, str> {
    if !path.contains(['%', '?', '#', '\\']) {
        return Cow::Borrowed(path);
    }
    let path = path.replace('%', "%25").replace('?', "%3F");
    Cow::Owned(path.replace('#', "%23").replace('\\', "%5C"))
}

/// The path that a link or a request names. What is not encoded as it should be stays as it is.
pub fn decoded(path: &str) -> String {
    if !path.contains('%') {
        return path.to_owned();
    }
    let bytes = path.as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let code = code.filter(|two| two.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|two| str::from_utf8(two).ok());
        if let Some(code) = code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            text.push(code);
            at += 3;
        } else {
            text.push(byte);
            at += 1;
        }
    }
    String::from_utf8(text).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_a_link_is_the_key_again() {
        for key in ["dns", "a/b", "50%", "what?", "c#", "%41", "\u{fc} \\", ""] {
            assert_eq!(decoded(&to("services", key)), format!("/services/{key}"));
        }
        assert_eq!(decoded("/a%2"), "/a%2");
        assert_eq!(decoded("/a%+1"), "/a%+1");
        assert_eq!(decoded("/%ff"), "/%ff");
    }
}
