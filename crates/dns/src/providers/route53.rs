//! Amazon Route 53, by its interface of 2013-04-01.
//!
//! # What guards a change
//! A request changes all of its sets or none. Every set that goes or changes is named with exactly
//! what it held (`DELETE`), every one that comes must not be there yet (`CREATE`), so Route 53
//! itself refuses a change of a set that somebody else has touched. It has no mark of a whole
//! zone; ours is a digest of all sets. A writer reads the zone before its first request and
//! compares; in the requests that follow it goes on from what it wrote, guarded set by set,
//! because reading a large zone again for each takes thousands of requests, and an account has
//! five a second.
//!
//! # What is left alone
//! Aliases, sets of which one name and type has several (weighted, by place, latency, failover),
//! and types this program does not know. They are named as beyond us, and a change of one is refused.
//!
//! # Texts
//! Route 53 escapes octets in octal where master files use decimal: `\052` is `*`.

mod read;
mod text;
mod write;

use std::fmt;
use std::time::Duration;

use estate::records::DomainName;
use ureq::http::{Method, Request, Uri};

use crate::http::reading;
use crate::providers::{Mark, ReadError};
use crate::wire::Clock;
use http_client::aws::{self, Credentials, xml};
use http_client::{Answer, Client, Failure, address};

pub use read::Reader;
pub use write::Writer;

/// The service, where the estate names no other address.
pub const ADDRESS: &str = "https://route53.amazonaws.com";
const VERSION: &str = "/2013-04-01";

/// Which service, whose account, and when it is.
#[derive(Clone)]
pub struct Access {
    server: String,
    address: String,
    credentials: Credentials,
    clock: Clock,
}

/// Why Route 53 did not do what it was asked.
#[derive(Debug)]
enum Trouble {
    Failure(Failure),
    /// Too many requests, or another change of the zone is not done yet.
    Later(Duration),
    /// It said no: its code and its words.
    Refused {
        code: String,
        what: String,
    },
    /// It failed, and does not say whether before or after.
    Broken(String),
    Untrusted(String),
}

impl Access {
    /// The server that the estate calls `server`, at this URL ([`ADDRESS`] for all but the regions
    /// that stand apart); the key is `KEYID:SECRET` or `KEYID:SECRET:TOKEN`.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: the address is no URL, or the key is not of that form.
    pub fn new(server: &str, url: &str, key: &str, clock: Clock) -> Result<Self, ReadError> {
        let setup = |what: String| ReadError::Setup {
            server: server.to_owned(),
            what,
        };
        let address = address(url).map_err(setup)?;
        let credentials = Credentials::read(key).ok_or_else(|| {
            setup("its key is not `KEYID:SECRET` or `KEYID:SECRET:TOKEN`".to_owned())
        })?;
        Ok(Self {
            server: server.to_owned(),
            address,
            credentials,
            clock,
        })
    }

    /// Sends a signed request, and gives the XML of its success.
    fn ask(
        &self,
        client: &Client,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<String, Trouble> {
        let request = self.request(method, path, query, body);
        let request = request.map_err(|what| Trouble::Failure(Failure::Unreachable(what)))?;
        let answer = client.send(request).map_err(Trouble::Failure)?;
        judge(answer)
    }

    fn request(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Request<Vec<u8>>, String> {
        let uri: Uri = self.address.parse().map_err(|_| "no address".to_owned())?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let base = uri.path().trim_end_matches('/');
        let path = format!("{base}{VERSION}{path}");
        let asked = aws::Asked {
            method: method.as_str(),
            path: &path,
            query,
            headers: &[("host", host)],
            body: &body,
        };
        let place = aws::Place {
            region: region(host),
            service: "route53",
        };
        let now = (self.clock)();
        let headers = aws::sign(&self.credentials, &asked, &place, now);
        let origin = format!("{}://{host}", uri.scheme_str().unwrap_or("https"));
        let query = aws::query(query);
        let mark = if query.is_empty() { "" } else { "?" };
        let mut builder = Request::builder()
            .method(method.clone())
            .uri(format!("{origin}{path}{mark}{query}"));
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        if !body.is_empty() {
            builder = builder.header("content-type", "text/xml");
        }
        builder.body(body).map_err(|error| error.to_string())
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

/// The region whose name goes into signatures: the service is one for the world, but for two.
fn region(host: &str) -> &'static str {
    if host.ends_with(".amazonaws.com.cn") {
        "cn-northwest-1"
    } else if host.contains("us-gov") {
        "us-gov-west-1"
    } else {
        "us-east-1"
    }
}

fn judge(answer: Answer) -> Result<String, Trouble> {
    if answer.status == 200 {
        let text = String::from_utf8(answer.body);
        return text.map_err(|_| Trouble::Untrusted("it is not UTF-8 text".to_owned()));
    }
    let said = xml::error(&answer.body);
    let code = said.as_ref().map_or("", |(code, _)| code.as_str());
    let busy = matches!(
        code,
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "PriorRequestNotComplete"
    );
    match answer.status {
        _ if busy => Err(Trouble::Later(answer.pause())),
        429 | 503 => Err(Trouble::Later(answer.pause())),
        300..=399 => Err(Trouble::Refused {
            code: String::new(),
            what: "it sends us to another address; write that one in the estate".to_owned(),
        }),
        500.. => Err(Trouble::Broken(format!(
            "status {}: {}",
            answer.status,
            answer.text()
        ))),
        status => {
            let text = || (String::new(), format!("status {status}: {}", answer.text()));
            let (code, what) = said.unwrap_or_else(text);
            Err(Trouble::Refused { code, what })
        }
    }
}

impl Trouble {
    fn reading(self, server: &str, zone: &DomainName) -> ReadError {
        let server = server.to_owned();
        match self {
            Self::Failure(failure) => reading(failure, &server),
            Self::Later(after) => ReadError::Unreachable {
                server,
                what: format!("it asks to wait {} seconds", after.as_secs()),
            },
            Self::Refused { code, .. } if code == "NoSuchHostedZone" => ReadError::NoSuchZone {
                server,
                zone: zone.clone(),
            },
            Self::Refused { what, .. } => ReadError::Refused { server, what },
            Self::Broken(what) => ReadError::Unreachable { server, what },
            Self::Untrusted(what) => ReadError::Untrusted { server, what },
        }
    }
}

fn mark(sets: &read::Contents) -> Mark {
    Mark(base::Digest::of(sets.text().as_bytes()).to_string())
}
