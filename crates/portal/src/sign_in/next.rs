//! Where to go after signing in: a path of ours, never another site.

use url::Url;

/// The longest path that is kept.
const LONGEST: usize = 1024;

/// The path with its query if it is one of this portal, as it can stand in a header; the home page otherwise.
pub(crate) fn safe(next: &str) -> String {
    read(next).unwrap_or_else(|| "/".to_owned())
}

fn read(next: &str) -> Option<String> {
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !plain || next.len() > LONGEST || !next.starts_with('/') || next.starts_with("//") {
        return None;
    }
    // Read as a browser reads it, which may see a host where we see none.
    let here = Url::parse("https://here.invalid/").ok()?;
    let read = here.join(next).ok()?;
    let stays = read.origin() == here.origin() && !read.path().starts_with("//");
    // Signing in would lead to itself, or out at once.
    let own = read.path().starts_with("/sign-");
    (stays && !own).then(|| match read.query() {
        Some(query) => format!("{}?{query}", read.path()),
        None => read.path().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_paths_of_this_portal_are_followed() {
        for (next, wanted) in [
            ("/services/dns", "/services/dns"),
            ("/services?owner=a&page=2", "/services?owner=a&page=2"),
            ("/a/../b", "/b"),
            ("", "/"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("\\\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\n/evil.example", "/"),
            ("/a\r\nSet-Cookie: a=b", "/"),
            ("/..//evil.example", "/"),
            ("/.//evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/sign-out", "/"),
            ("/sign-in?next=/x", "/"),
            ("services", "/"),
        ] {
            assert_eq!(safe(next), wanted, "{next:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_in_a_path_of_ours_goes_out(next in "[/\\\\.:?#@%a-z\\t\\r\\n ]{0,12}|\\PC{0,20}") {
            let path = safe(&next);
            let here = Url::parse("https://infra.example.org").unwrap();
            prop_assert_eq!(here.join(&path).unwrap().origin(), here.origin());
            prop_assert!(path.starts_with('/') && !path.starts_with("//"));
            prop_assert!(HeaderValue::from_str(&path).is_ok());
            prop_assert_eq!(safe(&path), path);
        }
    }
}
