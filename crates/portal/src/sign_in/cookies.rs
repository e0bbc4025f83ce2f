//! Cookies: three of them, none of which any script can read.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use super::secret;

/// What the cookie of a session is called where the portal is reached over TLS.
pub const SESSION: &str = "__Host-session";

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Who is signed in.
    Session,
    /// Who is about to sign in.
    SignIn,
    /// What was just done, to be said once.
    Notice,
}

impl Cookie {
    /// What it is called. A browser takes one with the prefix from this host alone, over TLS alone, and for all paths
    /// (RFC 6265bis §4.1.3.2).
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => SESSION,
            (Self::Session, false) => "session",
            (Self::SignIn, true) => "__Host-sign-in",
            (Self::SignIn, false) => "sign-in",
            (Self::Notice, true) => "__Host-notice",
            (Self::Notice, false) => "notice",
        }
    }

    /// What the browser sent of it: random bits, and what stands behind a dot after them. One that came twice is none:
    /// nobody knows which of them is ours.
    pub(crate) fn read(self, headers: &HeaderMap, url: &str) -> Option<Held> {
        let value = self.value(headers, url)?;
        let (id, rest) = value.split_once('.').unwrap_or((value, ""));
        secret::is_random(id).then(|| Held {
            id: id.to_owned(),
            rest: rest.to_owned(),
        })
    }

    /// All that the browser sent of it.
    pub(crate) fn value<'h>(self, headers: &'h HeaderMap, url: &str) -> Option<&'h str> {
        let name = self.name(is_secure(url));
        let all = headers.get_all(COOKIE).iter();
        let pairs = all
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let mut found = pairs.filter(|(found, _)| *found == name);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    /// The header that sets it for so many seconds; none for a value that no header can have.
    pub(crate) fn set(self, url: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = is_secure(url);
        let name = self.name(secure);
        let only = if secure { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}");
        HeaderValue::try_from(text).ok()
    }

    /// The header that takes it back.
    pub(crate) fn clear(self, url: &str) -> Option<HeaderValue> {
        self.set(url, "", 0)
    }
}

/// What a cookie held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) rest: String,
}

fn is_secure(url: &str) -> bool {
    url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://infra.example.org";

    fn sent(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn over_tls_it_is_of_this_host_alone() {
        let set = Cookie::Session.set(HERE, "x", 60).unwrap();
        assert_eq!(
            set,
            "__Host-session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        let set = Cookie::Session.set("http://127.0.0.1:1", "x", 60).unwrap();
        assert_eq!(set, "session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    }

    #[test]
    fn one_that_another_site_could_have_set_is_not_read() {
        let id = secret::random().unwrap();
        let read = |value: &str| Cookie::Session.read(&sent(value), HERE);
        assert_eq!(read(&format!("a=b; __Host-session={id}")).unwrap().id, id);
        assert_eq!(read(&format!("session={id}")), None);
        assert_eq!(
            read(&format!("__Host-session={id}; __Host-session={id}")),
            None
        );
        assert_eq!(read("__Host-session=short"), None);
    }

    #[test]
    fn a_value_cannot_end_the_header() {
        assert_eq!(Cookie::Session.set(HERE, "x\r\nSet-Cookie: a=b", 1), None);
    }
}
