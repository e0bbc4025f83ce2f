//! The HTTP interface of `PowerDNS` (version 4.7 and later).
//!
//! # What guards a change
//! `PowerDNS` compares nothing before it changes: there is no entity tag, no prerequisite, and its
//! serial grows only where `SOA-EDIT-API` is set. So the mark is a digest of the whole zone but for
//! the serial of its SOA; a writer reads the zone again right before its request and compares. A
//! request is one transaction in `PowerDNS`. What somebody else changes between that last look and
//! the request, some milliseconds, is not seen; only record sets that both change can suffer,
//! and the mark given back is that of the zone as it should be now, so that the next look
//! finds the difference. Who needs more speaks RFC 2136 to the same server, which does compare.
//!
//! # What is left alone
//! Types that only `PowerDNS` knows, such as `LUA`; records that are switched off, also within a set
//! whose other records change. Comments beside records stay with their sets.

mod read;
mod write;
mod zone;

use std::fmt;

use estate::records::DomainName;
use ureq::http::request::Builder;
use ureq::http::{Method, Request};

use crate::http::reading;
use crate::providers::ReadError;
use http_client::{Answer, Client, Failure, Hidden, address};

pub use read::Reader;
pub use write::Writer;
use zone::Zone;

/// Which server, and the key that opens it.
#[derive(Clone)]
pub struct Access {
    server: String,
    address: String,
    key: Hidden,
}

impl Access {
    /// The server that the estate calls `server`, at this URL, without the path `/api/v1`. Plain
    /// HTTP is for this machine alone.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: the address is no URL, or the key can be no key.
    pub fn new(server: &str, url: &str, api_key: &str) -> Result<Self, ReadError> {
        let setup = |what: String| ReadError::Setup {
            server: server.to_owned(),
            what,
        };
        let address = address(url).map_err(setup)?;
        if api_key.is_empty() || !api_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let what = "its API key is empty or has characters that no key has";
            return Err(setup(what.to_owned()));
        }
        Ok(Self {
            server: server.to_owned(),
            address,
            key: Hidden(api_key.to_owned()),
        })
    }

    fn request(&self, method: Method, zone: &DomainName) -> Builder {
        let url = format!(
            "{}/api/v1/servers/localhost/zones/{}",
            self.address,
            id(zone)
        );
        Request::builder()
            .method(method)
            .uri(url)
            .header("x-api-key", &self.key.0)
            .header("accept", "application/json")
    }

    fn get(&self, client: &Client, zone: &DomainName) -> Result<Zone, ReadError> {
        let request = self.request(Method::GET, zone).body(Vec::new());
        let answer = request
            .map_err(|error| Failure::Unreachable(error.to_string()))
            .and_then(|request| client.send(request))
            .map_err(|failure| reading(failure, &self.server))?;
        let server = self.server.clone();
        match answer.status {
            200 => {
                Zone::read(&answer.body, zone).map_err(|what| ReadError::Untrusted { server, what })
            }
            404 => Err(ReadError::NoSuchZone {
                server,
                zone: zone.clone(),
            }),
            429 | 503 => Err(ReadError::Unreachable {
                server,
                what: format!("it asks to wait {} seconds", answer.pause().as_secs()),
            }),
            500.. => Err(ReadError::Unreachable {
                server,
                what: said(&answer),
            }),
            _ => Err(ReadError::Refused {
                server,
                what: said(&answer),
            }),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("server", &self.server)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// What an answer that is no success says.
fn said(answer: &Answer) -> String {
    let error = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
    let error = error.and_then(|error| Some(error.get("error")?.as_str()?.to_owned()));
    let text = error.unwrap_or_else(|| answer.text());
    match answer.status {
        401 | 403 => "it does not take the API key".to_owned(),
        300..=399 => "it sends us to another address; write that one in the estate".to_owned(),
        413 => "the request is larger than it takes; raise its `webserver-max-bodysize`".to_owned(),
        status if text.is_empty() => format!("it answers with status {status}"),
        status => format!("{text} (status {status})"),
    }
}

/// A zone's name as a part of a URL: what is not plain is `=` and two hexadecimal digits.
fn id(zone: &DomainName) -> String {
    if zone.is_root() {
        return "=2E".to_owned();
    }
    let each = zone.as_str().bytes().map(|byte| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => char::from(byte).to_string(),
        _ => format!("={byte:02X}"),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_an_id_that_fits_a_url() {
        for (zone, wanted) in [
            ("example.org.", "example.org."),
            ("0/25.2.0.192.in-addr.arpa.", "0=2F25.2.0.192.in-addr.arpa."),
            (".", "=2E"),
            ("_tcp.example.org.", "=5Ftcp.example.org."),
        ] {
            assert_eq!(id(&DomainName::absolute(zone).unwrap()), wanted);
        }
    }

    #[test]
    fn the_key_shows_nowhere() {
        let access = Access::new("here", "http://127.0.0.1:1", "open-sesame").unwrap();
        let reader = Reader::new(access.clone());
        assert!(!format!("{access:?}{reader:?}").contains("sesame"));
        let error = Access::new("here", "http://127.0.0.1:1", "open\nsesame").unwrap_err();
        assert!(!error.to_string().contains("sesame"));
    }
}
