//! Against a web server.

use std::time::{Duration, Instant};

use base::Digest;
use notice::{Channel, Evidence, IDEMPOTENCY_KEY, NotDelivered, SIGNATURE, Webhook, deliver};

use crate::listener::{Listener, drain};
use crate::message;

const SECRET: &str = "a secret of some length";

fn webhook(port: u16) -> Webhook {
    Webhook::of(&format!("http://127.0.0.1:{port}/t0ken"), SECRET).unwrap()
}

/// What comes of it when a server answers so.
fn outcome(answer: &'static str) -> Result<Evidence, NotDelivered> {
    let listener = Listener::answering(answer);
    let channel = Channel::Webhook(webhook(listener.port));
    let outcome = deliver(&channel, &message(&[]));
    listener.heard();
    outcome.map(|confirmation| confirmation.evidence)
}

#[test]
fn a_signed_message_arrives_with_its_digest() {
    let listener = Listener::answering(
        "HTTP/1.1 201 Created\r\nLocation: /inbox/7\r\nContent-Length: 0\r\n\r\n",
    );
    let webhook = webhook(listener.port);
    let message = message(&[]);
    let confirmation = deliver(&Channel::Webhook(webhook.clone()), &message).unwrap();
    let request = listener.heard();
    assert!(request.head.starts_with("POST /t0ken HTTP/1.1\r\n"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    let key = format!("\"{}\"", message.digest());
    assert_eq!(request.header(IDEMPOTENCY_KEY), Some(key.as_str()));
    let signature = webhook.signature(request.body.as_bytes());
    assert_eq!(request.header(SIGNATURE), Some(signature.as_str()));
    let other = Webhook::of("https://a.example", "another secret, as long").unwrap();
    assert_ne!(other.signature(request.body.as_bytes()), signature);
    assert_eq!(request.body, message.json());
    let body = request.body.split_once("\"message\":").unwrap().1;
    let content = body.strip_suffix('}').unwrap();
    assert_eq!(Digest::of(content.as_bytes()), message.digest());
    assert_eq!(confirmation.message, message.digest());
    assert_eq!(
        confirmation.evidence,
        Evidence::Webhook {
            status: 201,
            location: Some("/inbox/7".to_owned())
        }
    );
    assert!(!confirmation.to_string().contains("t0ken"));
}

#[test]
fn a_busy_server_says_how_long_to_wait() {
    let NotDelivered::Later { after, what, .. } = outcome(
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 90\r\nContent-Length: 4\r\n\r\nslow",
    )
    .unwrap_err() else {
        panic!("not to be tried later")
    };
    assert_eq!(after, Some(Duration::from_secs(90)));
    assert_eq!(what, "it answered 429 slow");
}

#[test]
fn a_fault_of_the_server_may_pass() {
    let error = outcome("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").unwrap_err();
    assert!(
        matches!(error, NotDelivered::Later { after: None, .. }),
        "{error}"
    );
    let error = outcome("").unwrap_err();
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
}

#[test]
fn a_redirect_is_not_followed() {
    let error = outcome(
        "HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/new\r\nContent-Length: 0\r\n\r\n",
    )
    .unwrap_err();
    let NotDelivered::Misconfigured { what, .. } = &error else {
        panic!("{error}")
    };
    assert!(what.contains("now at http://127.0.0.1:1/new"), "{what}");
}

#[test]
fn a_refusal_is_told_without_the_secret() {
    let error = outcome(
        "HTTP/1.1 422 No\r\nContent-Length: 41\r\n\r\nI know: a secret of some length, be gone\n",
    )
    .unwrap_err();
    assert!(matches!(error, NotDelivered::Refused { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.ends_with("it answered 422 I know: (hidden), be gone"),
        "{text}"
    );
    let error = outcome("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n").unwrap_err();
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_long() {
    let listener = Listener::serving(drain);
    let webhook = webhook(listener.port).with_timeout(Duration::from_millis(300));
    let started = Instant::now();
    let error = deliver(&Channel::Webhook(webhook), &message(&[])).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    assert!(
        error.to_string().contains("no answer within 0.3 s"),
        "{error}"
    );
    listener.heard();
}

#[test]
fn a_server_that_is_away_may_come_back() {
    let webhook = webhook(testkit::servers::free_port());
    let error = deliver(&Channel::Webhook(webhook), &message(&[])).unwrap_err();
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
}
