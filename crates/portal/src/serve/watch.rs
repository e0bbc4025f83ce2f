//! What goes around every request: an end to waiting, headers for safety, a line in the log, a count.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header::{
    HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;

use super::guard::Client;
use super::house::{House, Log};
use super::measures::Class;
use super::refuse::refuse;

const ID: HeaderName = HeaderName::from_static("x-request-id");

const CSP: (HeaderName, &str) = (
    axum::http::header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const SAFETY: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Two years, as browsers' lists want it.
const TLS_ONLY: &str = "max-age=63072000; includeSubDomains";

/// Has a request answered, and tells of it.
pub(super) async fn watch(
    State(house): State<Arc<House>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = request
        .extensions()
        .get::<Client>()
        .copied()
        .unwrap_or_default();
    let id = id(&house);
    house.measures.begun();
    // On a task of its own, so that a panic is an answer too, and an act that was begun comes to its end
    // when whoever asked does not wait for it.
    let mut answering = tokio::spawn(next.run(request));
    let answer = tokio::time::timeout(house.rules.longest, &mut answering).await;
    let mut response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            let text = format!(
                "This is a mistake in the program. Tell whoever runs this portal that it was request {id}."
            );
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            refuse(&house, &path, status, "This page could not be made", &text)
        }
        Err(_) => {
            answering.abort();
            let text =
                "It took too long. Look whether what you sent was done before you send it again.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            refuse(&house, &path, status, "No answer in time", text)
        }
    };
    protect(&mut response, &house, &id);
    let took = started.elapsed();
    let class = Class::of(&path);
    house.measures.ended(class, response.status(), took);
    if class != Class::Health {
        let line = Line {
            at: (house.shared.clock)(),
            id: &id,
            client: &client,
            method: &method,
            path: &path,
            status: response.status(),
            bytes: response.body().size_hint().exact().unwrap_or(0),
            took,
        };
        line.tell(house.rules.log);
    }
    response
}

/// One that no other request has; where the program began is part of it, so that it is none of an earlier run.
fn id(house: &House) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:08x}-{number:06x}", house.measures.run())
}

fn protect(response: &mut Response, house: &House, id: &str) {
    let headers = response.headers_mut();
    for (name, value) in SAFETY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page may be stricter or name a place that its form leads to.
    headers
        .entry(CSP.0)
        .or_insert(HeaderValue::from_static(CSP.1));
    if house.shared.url.starts_with("https://") {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(TLS_ONLY),
        );
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(ID, id);
    }
}

/// What is told of a request. Neither queries nor bodies nor headers are: some of them are secrets.
struct Line<'r> {
    at: Timestamp,
    id: &'r str,
    client: &'r Client,
    method: &'r Method,
    path: &'r str,
    status: StatusCode,
    bytes: u64,
    took: Duration,
}

impl Line<'_> {
    fn tell(&self, log: Log) {
        let Some(line) = self.text(log) else { return };
        // Nobody is there to be told that nobody listens.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    fn text(&self, log: Log) -> Option<String> {
        let took = self.took.as_micros();
        let status = self.status.as_u16();
        let Self {
            at,
            id,
            client,
            method,
            path,
            bytes,
            ..
        } = self;
        // Whoever votes blind is not to be found by when they asked for what.
        let client = if is_of_a_ballot(path) {
            "-".to_owned()
        } else {
            client.address.to_string()
        };
        match log {
            Log::Off => None,
            Log::Text => Some(format!(
                "{at:.3} {client} {method} {} {status} {bytes} B {took} us {id}\n",
                base::visible(path),
            )),
            Log::Json => {
                let line = json!({
                    "time": format!("{at:.3}"),
                    "event": "request",
                    "id": id,
                    "client": client,
                    "method": method.as_str(),
                    "path": path,
                    "status": status,
                    "bytes": bytes,
                    "microseconds": u64::try_from(took).unwrap_or(u64::MAX),
                });
                Some(format!("{line}\n"))
            }
        }
    }
}

fn is_of_a_ballot(path: &str) -> bool {
    path.contains("/elections/") && ["/ballot", "/token"].iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(path: &str, log: Log) -> Option<String> {
        let line = Line {
            at: Timestamp::UNIX_EPOCH,
            id: "1-2",
            client: &Client::default(),
            method: &Method::GET,
            path,
            status: StatusCode::OK,
            bytes: 12,
            took: Duration::from_micros(34),
        };
        line.text(log)
    }

    #[test]
    fn a_line_of_the_log_is_one_line_of_json() {
        let line = line("/a\"b\n", Log::Json).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["path"], "/a\"b\n");
        assert_eq!(read["microseconds"], 34);
        assert_eq!(read["time"], "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn who_votes_is_not_told() {
        for path in [
            "/elections/2026/steering/ballot",
            "/api/v1/elections/a/ballot/token",
        ] {
            assert!(
                !line(path, Log::Text).unwrap().contains("127.0.0.1"),
                "{path}"
            );
        }
        assert!(
            line("/elections/a", Log::Text)
                .unwrap()
                .contains("127.0.0.1")
        );
    }

    #[test]
    fn nothing_is_told_where_nobody_wants_it() {
        assert_eq!(line("/", Log::Off), None);
    }
}
