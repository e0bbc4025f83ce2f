//! What is refused before anybody looks at it: acts from other sites, too many of them, bodies that are too large.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, COOKIE, EXPECT, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, Limited};

use super::answer::tag;
use super::house::House;
use super::refuse::refuse;

/// How much of a body that is too large is read and thrown away, so that its sender gets to read why.
const DRAINED: usize = 16 << 20;
/// And for how long.
const DRAINING: Duration = Duration::from_secs(5);

/// Who asks, as far as the network knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Their address; that of their proxy where that is not trusted.
    pub address: IpAddr,
    /// Whether they came by https.
    pub secure: bool,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: false,
        }
    }
}

impl Client {
    /// What is counted as one: all of a network that one subscriber has.
    fn key(self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).to_string()
            }
        }
    }
}

/// Lets a request pass, or refuses it.
pub(super) async fn guard(
    State(house): State<Arc<House>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let most = if path.starts_with("/api/") {
        house.rules.api_body
    } else {
        house.rules.page_body
    };
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return too_large(&house, request, most).await;
    }
    if !request.method().is_safe() {
        if !is_from_here(request.headers(), &house.shared.url) {
            let text = "This was sent by a page of another site. Open the page here and send it from there.";
            return refuse(
                &house,
                path,
                StatusCode::FORBIDDEN,
                "Sent from elsewhere",
                text,
            );
        }
        if let Err(wait) = may_try(&house, &request) {
            let seconds = wait.as_secs() + 1;
            let text = format!("Wait {seconds} seconds, then try again.");
            let title = "Too many tries in too short a time";
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = refuse(&house, path, status, title, &text);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            return response;
        }
    }
    let request = request.map(|body| Body::new(Limited::new(body, most)));
    next.run(request).await
}

async fn too_large(house: &House, request: Request, most: usize) -> Response {
    let (parts, mut body) = request.into_parts();
    // Whoever waits for leave to send has sent nothing yet.
    if !parts.headers.contains_key(EXPECT) {
        let drain = async {
            let mut left = DRAINED;
            while let Some(Ok(frame)) = body.frame().await {
                let length = frame.data_ref().map_or(0, bytes::Bytes::len);
                left = left.saturating_sub(length);
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DRAINING, drain).await;
    }
    let text = format!("No more than {most} bytes are taken here. Send less.");
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    refuse(house, parts.uri.path(), status, "That is too much", &text)
}

/// Whether a browser sent it from a page of this portal, or it was no browser. A browser says which it was, by
/// `Sec-Fetch-Site` or, an older one, by `Origin`; a page of another site can forge neither.
fn is_from_here(headers: &HeaderMap, url: &str) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = said("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = said(ORIGIN.as_str()) else {
        return true;
    };
    let here = said(HOST.as_str());
    let bare = origin.split_once("://").map(|(_, host)| host);
    origin == url || (bare.is_some() && bare == here)
}

/// Takes a token of the client's, and one of the session's: neither may a client use many sessions nor a session many clients.
fn may_try(house: &House, request: &Request) -> Result<(), Duration> {
    let client = request
        .extensions()
        .get::<Client>()
        .copied()
        .unwrap_or_default();
    let (rules, now) = (&house.rules, Instant::now());
    let mut rates = house.rates();
    if is_sign_in(request.uri().path()) {
        return rates.take(
            &format!("in {}", client.key()),
            rules.sign_ins_a_minute,
            now,
        );
    }
    if let Some(cookie) = request.headers().get(COOKIE) {
        let session = format!("session {}", tag(cookie.as_bytes()));
        rates.take(&session, rules.acts_a_minute, now)?;
    }
    rates.take(&format!("from {}", client.key()), rules.acts_a_minute, now)
}

pub(super) fn is_sign_in(path: &str) -> bool {
    let rest = path.strip_prefix("/sign-in");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(said: &[(&'static str, &'static str)]) -> bool {
        let headers = said.iter().map(|(name, value)| {
            (
                axum::http::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        is_from_here(&headers.collect(), "https://infra.example.org")
    }

    #[test]
    fn what_a_page_of_another_site_sends_is_from_elsewhere() {
        assert!(!from(&[("sec-fetch-site", "cross-site")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://infra.example.org")
        ]));
        assert!(!from(&[
            ("origin", "https://evil.example"),
            ("host", "infra.example.org")
        ]));
        assert!(!from(&[("origin", "null"), ("host", "infra.example.org")]));
        assert!(!from(&[("origin", "null")]));
    }

    #[test]
    fn what_a_page_of_this_portal_or_a_program_sends_is_from_here() {
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[
            ("origin", "https://infra.example.org"),
            ("host", "inner:8080")
        ]));
        assert!(from(&[
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080")
        ]));
        assert!(from(&[("host", "infra.example.org")]));
    }

    #[test]
    fn a_subscriber_is_one_client_in_all_of_their_network() {
        let client = |address: &str| Client {
            address: address.parse().unwrap(),
            secure: true,
        };
        assert_eq!(
            client("2001:db8::1").key(),
            client("2001:db8::ffff:1").key()
        );
        assert_ne!(client("2001:db8::1").key(), client("2001:db8:0:1::1").key());
        assert_ne!(client("192.0.2.1").key(), client("192.0.2.2").key());
    }
}
