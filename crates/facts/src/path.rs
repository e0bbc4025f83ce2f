//! Paths in a store: segments with slashes between, the same on a disk and in an object store.

use base::Digest;

use crate::StoreError;

/// How long a segment may be: file systems take 255 bytes, and there is a name before it.
const LONGEST: usize = 180;

/// A text as a part of a path, after `name=`, as Hive and Spark write it: what is special to a
/// path, a URL or a shell is percent-encoded. A long one is cut, with a digest of all of it.
///
/// ```
/// assert_eq!(facts::segment("Amazon Web Services"), "Amazon%20Web%20Services");
/// assert_eq!(facts::segment("../a=b"), "..%2Fa%3Db");
/// ```
pub fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut cut = false;
    for letter in text.chars() {
        if encoded.len() >= LONGEST {
            cut = true;
            break;
        }
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '-' => encoded.push(letter),
            _ if letter.is_ascii() || letter.is_control() || letter.is_whitespace() => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    encoded.push_str(&format!("%{byte:02X}"));
                }
            }
            _ => encoded.push(letter),
        }
    }
    if cut {
        encoded.push('~');
        encoded.push_str(&Digest::of(text.as_bytes()).short());
    }
    encoded
}

/// The path, if all stores can hold it. `place` is where the store is.
pub(crate) fn checked<'a>(place: &str, path: &'a str) -> Result<&'a str, StoreError> {
    let good = |segment: &str| {
        !segment.is_empty()
            && segment.len() <= 255
            && !segment.starts_with("..")
            && segment != "."
            && segment != crate::folder::PARTIAL
            && !segment.chars().any(|c| c.is_control() || c == '\\')
    };
    if path.split('/').all(good) {
        return Ok(path);
    }
    Err(StoreError::NotAPlace {
        place: format!("{place}/{}", base::visible(path)),
        why: "a path has short segments with `/` between, none of them empty, `.` or `..`"
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_makes_a_path_that_stores_take(text in ".{0,300}") {
            let path = format!("provider={}/x", segment(&text));
            prop_assert_eq!(checked("store", &path).ok(), Some(path.as_str()));
        }

        #[test]
        fn different_texts_make_different_paths(one in ".{0,200}", other in ".{0,200}") {
            prop_assert_eq!(one == other, segment(&one) == segment(&other));
        }
    }

    #[test]
    fn a_path_does_not_leave_the_store() {
        for path in [
            "",
            "/a",
            "a//b",
            "a/../b",
            "..",
            "a/.",
            "a\\b",
            "a\nb",
            ".partial/a",
        ] {
            assert!(checked("store", path).is_err(), "{path:?}");
        }
    }
}
