//! Signatures of requests to Amazon: Signature Version 4.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html>
//!
//! The secret half of a key is in no request: whoever receives one can do nothing with it but
//! ask the same again, of the same host, for some minutes.

pub mod xml;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ring::{digest, hmac};

use crate::Hidden;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What proves who asks.
#[derive(Clone)]
pub struct Credentials {
    id: String,
    secret: Hidden,
    token: Option<Hidden>,
}

impl Credentials {
    /// Of `KEYID:SECRET` or `KEYID:SECRET:TOKEN`; none if it is neither.
    pub fn read(text: &str) -> Option<Self> {
        let sound = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic());
        let mut parts = text.splitn(3, ':');
        let id = parts.next().filter(sound)?.to_owned();
        let secret = Hidden(parts.next().filter(sound)?.to_owned());
        let token = match parts.next() {
            Some(token) => Some(Hidden(Some(token).filter(sound)?.to_owned())),
            None => None,
        };
        Some(Self { id, secret, token })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(hidden)")
    }
}

/// The parts of a request that are signed.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path, without what must be escaped.
    pub path: &'a str,
    /// What follows the path, as it is before it is escaped.
    pub query: &'a [(&'a str, &'a str)],
    /// In lower case; those of the signature come to them.
    pub headers: &'a [(&'a str, &'a str)],
    /// What it carries.
    pub body: &'a [u8],
}

/// For what a key of the day is good.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The region that is asked.
    pub region: &'a str,
    /// The service, as signatures call it: `route53`, `s3`, `iam`.
    pub service: &'a str,
}

/// The headers that a request needs beside its own.
pub fn sign(
    credentials: &Credentials,
    asked: &Asked<'_>,
    place: &Place<'_>,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let time = now
        .to_zoned(TimeZone::UTC)
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string();
    let day = &time[..8];
    let mut added = vec![("x-amz-date", time.clone())];
    if let Some(token) = &credentials.token {
        added.push(("x-amz-security-token", token.0.clone()));
    }
    let own = asked.headers.iter().map(|(name, value)| (*name, *value));
    let mut headers: Vec<(&str, &str)> = own
        .chain(added.iter().map(|(name, value)| (*name, value.as_str())))
        .collect();
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{}",
        asked.method,
        asked.path,
        query(asked.query),
        digest_of(asked.body)
    );
    let scope = format!("{day}/{}/{}/aws4_request", place.region, place.service);
    let canonical = digest_of(canonical.as_bytes());
    let text = format!("{ALGORITHM}\n{time}\n{scope}\n{canonical}");
    let signature = signature(&credentials.secret, day, place, &text);
    added.push((
        "authorization",
        format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            credentials.id
        ),
    ));
    added
}

fn signature(secret: &Hidden, day: &str, place: &Place<'_>, text: &str) -> String {
    let first = format!("AWS4{}", secret.0).into_bytes();
    let key = [day, place.region, place.service, "aws4_request"]
        .into_iter()
        .fold(first, |key, part| mac(&key, part));
    hex(&mac(&key, text))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

/// The digest of a body, as one service wants it in a header: `x-amz-content-sha256`.
pub fn digest_of(body: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, body).as_ref())
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A query as it is signed and sent: sorted and escaped.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut parts: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (escaped(name), escaped(value)))
        .collect();
    parts.sort_unstable();
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}

/// All but what RFC 3986 §2.3 leaves as it is.
fn escaped(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Credentials {
        Credentials::read("AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap()
    }

    fn authorization(asked: &Asked<'_>, service: &str) -> String {
        let place = Place {
            region: "us-east-1",
            service,
        };
        let now: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        sign(&example(), asked, &place, now).pop().unwrap().1
    }

    /// The cases get-vanilla, get-vanilla-query-order-key-case and post-vanilla of the test suite
    /// that Amazon publishes, and the request of its guide to the signature.
    #[test]
    fn the_published_examples_are_signed_alike() {
        let plain = Asked {
            method: "GET",
            path: "/",
            query: &[],
            headers: &[("host", "example.amazonaws.com")],
            body: b"",
        };
        let start = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=";
        let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
        assert_eq!(
            authorization(&plain, "service"),
            format!("{start}{vanilla}")
        );

        let query = [("Param2", "value2"), ("Param1", "value1")];
        let ordered = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
        let asked = Asked {
            query: &query,
            ..plain
        };
        assert_eq!(
            authorization(&asked, "service"),
            format!("{start}{ordered}")
        );

        let post = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
        let asked = Asked {
            method: "POST",
            query: &[],
            ..asked
        };
        assert_eq!(authorization(&asked, "service"), format!("{start}{post}"));

        let guide = Asked {
            method: "GET",
            path: "/",
            query: &[("Action", "ListUsers"), ("Version", "2010-05-08")],
            headers: &[
                (
                    "content-type",
                    "application/x-www-form-urlencoded; charset=utf-8",
                ),
                ("host", "iam.amazonaws.com"),
            ],
            body: b"",
        };
        assert_eq!(
            authorization(&guide, "iam"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn keys_have_two_or_three_parts_and_show_nowhere() {
        for text in ["", "A", "A:", ":B", "A:B:", "A:B C", "A:B\n"] {
            assert!(Credentials::read(text).is_none(), "{text:?}");
        }
        let credentials = Credentials::read("A:swordfish:pike").unwrap();
        let shown = format!("{credentials:?}");
        assert!(!shown.contains("swordfish") && !shown.contains("pike"));
    }
}
