//! An answer: its bytes, what they are called, and whether they must be sent at all.

use std::io::{Read, Write};

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Shorter ones fit into one packet as they are.
const WORTH_PACKING: usize = 1_200;
/// A year: the name of such an answer has a hash of what is in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Who may keep an answer, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Nobody: it is for one reader.
    No,
    /// Anybody who asks each time whether it is still so.
    Asking,
    /// Anybody, for ever.
    ForEver,
}

/// Bytes with all that is said of them.
#[derive(Debug)]
pub(crate) struct Answer {
    kind: HeaderValue,
    keep: Keep,
    bytes: Bytes,
    /// Whether the bytes are in gzip.
    is_packed: bool,
    tag: String,
}

impl Answer {
    /// One that is as it should be.
    pub(crate) fn new(kind: HeaderValue, bytes: impl Into<Bytes>, keep: Keep) -> Self {
        let bytes = bytes.into();
        Self {
            kind,
            keep,
            tag: tag(&bytes),
            bytes,
            is_packed: false,
        }
    }

    /// How much memory it takes.
    pub(crate) fn weight(&self) -> usize {
        self.bytes.len() + 400
    }

    /// The same in gzip, where that is shorter: so it is kept, and nearly everybody wants it so.
    pub(super) fn packed(self) -> Self {
        match pack(&self.bytes) {
            Some(bytes) if !self.is_packed => Self {
                bytes,
                is_packed: true,
                ..self
            },
            _ => self,
        }
    }

    /// The same, for one reader only; what is kept for ever is for nobody in particular.
    pub(crate) fn for_one(self) -> Self {
        let keep = match self.keep {
            Keep::ForEver => Keep::ForEver,
            Keep::Asking | Keep::No => Keep::No,
        };
        Self { keep, ..self }
    }

    /// Whether others may be given the same.
    pub(crate) fn is_for_all(&self) -> bool {
        self.keep != Keep::No
    }

    /// What is sent to whoever asks with these headers.
    pub(crate) fn respond(&self, asked: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static(match self.keep {
                Keep::No => "private, no-store",
                Keep::Asking => "public, no-cache",
                Keep::ForEver => FOR_EVER,
            }),
        );
        headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
        headers.insert(CONTENT_TYPE, self.kind.clone());
        let packed = self.is_packed && accepts_gzip(asked);
        if self.is_for_all() {
            let end = if packed { "-gz" } else { "" };
            if let Ok(tag) = HeaderValue::try_from(format!("\"{}{end}\"", self.tag)) {
                headers.insert(ETAG, tag);
            }
            if has(asked, &self.tag) {
                headers.remove(CONTENT_TYPE);
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
        }
        if packed {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let bytes = if self.is_packed && !packed {
            unpack(&self.bytes)
        } else {
            self.bytes.clone()
        };
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        *response.body_mut() = Body::from(bytes);
        response
    }
}

/// What tells these bytes from all others.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let first = &digest.as_ref()[..12];
    first.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes in gzip, where that is shorter.
fn pack(bytes: &[u8]) -> Option<Bytes> {
    if bytes.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(3));
    encoder.write_all(bytes).ok()?;
    let mut packed = encoder.finish().ok()?;
    // What is kept is no more than what is counted.
    packed.shrink_to_fit();
    (packed.len() < bytes.len()).then(|| Bytes::from(packed))
}

/// The bytes that were packed.
fn unpack(packed: &[u8]) -> Bytes {
    let mut bytes = Vec::with_capacity(packed.len() * 6);
    // What was packed here comes out again.
    let _ = GzDecoder::new(packed).read_to_end(&mut bytes);
    Bytes::from(bytes)
}

/// Whether gzip is welcome: named, and not with a weight of nought.
pub(super) fn accepts_gzip(asked: &HeaderMap) -> bool {
    let said = asked.get_all(ACCEPT_ENCODING).iter();
    let words = said
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut found = words.filter_map(|word| {
        let (name, weight) = word.split_once(';').unwrap_or((word, ""));
        let nought = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
        matches!(name.trim(), "gzip" | "x-gzip" | "*").then_some(!nought)
    });
    found.next().unwrap_or(false)
}

/// Whether who asks has these bytes already, packed or not.
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let said = asked.get_all(IF_NONE_MATCH).iter();
    let mut words = said
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    words.any(|word| {
        let word = word.trim();
        let word = word.strip_prefix("W/").unwrap_or(word).trim_matches('"');
        word == "*" || word.strip_suffix("-gz").unwrap_or(word) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn long() -> Answer {
        let kind = HeaderValue::from_static("text/plain");
        Answer::new(kind, "again and ".repeat(500), Keep::Asking)
    }

    #[test]
    fn what_is_known_already_is_not_sent() {
        let answer = long();
        for tag in [
            format!("\"{}\"", answer.tag),
            format!("W/\"{}-gz\"", answer.tag),
            format!("\"other\", \"{}\"", answer.tag),
            "*".to_owned(),
        ] {
            let response = answer.respond(&asked(IF_NONE_MATCH, &tag));
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{tag}");
        }
        let response = answer.respond(&asked(IF_NONE_MATCH, "\"other\""));
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[test]
    fn packed_bytes_are_the_same_and_have_another_tag() {
        let answer = long().packed();
        let plain = answer.respond(&HeaderMap::new());
        let packed = answer.respond(&asked(ACCEPT_ENCODING, "br, gzip"));
        assert_ne!(plain.headers()[ETAG], packed.headers()[ETAG]);
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
        assert_eq!(plain.headers()[CONTENT_LENGTH], "5000");
        assert!(answer.weight() < 1_000);
        assert_eq!(unpack(&answer.bytes), "again and ".repeat(500));
    }

    #[test]
    fn what_is_for_one_reader_is_neither_kept_nor_packed() {
        let response = long().for_one().respond(&asked(ACCEPT_ENCODING, "gzip"));
        assert_eq!(response.headers()[CACHE_CONTROL], "private, no-store");
        assert!(!response.headers().contains_key(ETAG));
        assert!(!response.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn gzip_with_a_weight_of_nought_is_not_welcome() {
        for (said, welcome) in [
            ("gzip", true),
            ("deflate, gzip;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip;q=0.0, br", false),
            ("identity", false),
            ("*", true),
        ] {
            assert_eq!(
                accepts_gzip(&asked(ACCEPT_ENCODING, said)),
                welcome,
                "{said}"
            );
        }
    }
}
