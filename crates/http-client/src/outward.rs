//! Requests to places that somebody outside named: never into our own network.

use std::fmt;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{HeaderMap, Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::Failure;

/// How much of an answer is read, in octets; nobody needs more of it.
const LONGEST_ANSWER: u64 = 16 * 1024;

/// Whither requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// To addresses of the public internet.
    #[default]
    Public,
    /// To this machine and its networks too: for tests, and where whoever names places may reach them anyway.
    Anywhere,
}

/// Sends to places that somebody outside named. It follows no redirect, goes through no proxy, which would look
/// names up for itself, and holds each address against its reach after the name was looked up, so that
/// a name cannot change between the look and the connection.
#[derive(Debug, Clone)]
pub struct Outward {
    agent: Agent,
}

/// What a stranger answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its status.
    pub status: u16,
    /// How long it asks to wait.
    pub pause: Option<Duration>,
}

impl Outward {
    /// One that waits so long for all of a request and its answer.
    pub fn new(reach: Reach, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("commonhold")
            .proxy(None)
            .max_idle_connections(0)
            .timeout_global(Some(patience))
            .timeout_resolve(Some(patience))
            .build();
        let resolver = Guarded {
            reach,
            names: DefaultResolver::default(),
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::new(), resolver),
        }
    }

    /// Sends a request and reads a little of the answer.
    ///
    /// # Errors
    /// There is no answer, or the place may not be asked.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Told, Failure> {
        let mut response = self.agent.run(request).map_err(failure)?;
        let mut some = Vec::new();
        // The status is all that counts; an answer that breaks off was one.
        let _ = response
            .body_mut()
            .as_reader()
            .take(LONGEST_ANSWER)
            .read_to_end(&mut some);
        Ok(Told {
            status: response.status().as_u16(),
            pause: pause(response.headers()),
        })
    }
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Other(what) if what.is::<NotPublic>() => Failure::Unreachable(what.to_string()),
        other => Failure::of(other),
    }
}

fn pause(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get("retry-after")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(crate::LONGEST_PAUSE)))
}

/// Looks names up, and passes on what is within reach.
struct Guarded {
    reach: Reach,
    names: DefaultResolver,
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guarded({:?})", self.reach)
    }
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        if self.reach == Reach::Anywhere {
            return Ok(found);
        }
        let mut within = self.empty();
        let public = found.iter().filter(|address| is_public(address.ip()));
        for address in public {
            within.push(*address);
        }
        if within.is_empty() {
            return Err(Error::Other(Box::new(NotPublic)));
        }
        Ok(within)
    }
}

/// Why a place is not asked.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its address is none of the public internet")
    }
}

impl std::error::Error for NotPublic {}

/// Whether an address is one of the public internet (RFC 6890 and its registries).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // A network's own translator to IPv4, and 6to4: they lead where the address within leads.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => embedded(high, low),
        // Teredo and others of protocols, benchmarks, ORCHID; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use ureq::http::Request;

    use super::{Outward, Reach, is_public};
    use crate::Failure;

    #[test]
    fn addresses_of_our_own_networks_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:db8::1",
            "fec0::1",
            "::127.0.0.1",
            "2001::1",
            "64:ff9b:1::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "172.15.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn nothing_within_is_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = Outward::new(Reach::Public, Duration::from_secs(5));
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            let request = Request::post(format!("http://{host}:{port}/")).body(b"x".to_vec());
            let failure = client.send(request.unwrap()).unwrap_err();
            assert!(
                matches!(failure, Failure::Unreachable(_)),
                "{host}: {failure:?}"
            );
        }
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }

    #[test]
    fn a_redirect_is_an_answer_and_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap();
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut octets = [0; 4096];
            let _ = stream.read(&mut octets).unwrap();
            let answer = format!(
                "HTTP/1.1 302 Found\r\nLocation: http://{place}/\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).unwrap();
            drop(stream);
            listener.set_nonblocking(true).unwrap();
            listener.accept().map(|_| ()).unwrap_err().kind()
        });
        let client = Outward::new(Reach::Anywhere, Duration::from_secs(5));
        let request = Request::post(format!("http://{place}/")).body(b"x".to_vec());
        let told = client.send(request.unwrap()).unwrap();
        assert_eq!(
            (told.status, told.pause),
            (302, Some(Duration::from_secs(7)))
        );
        assert_eq!(served.join().unwrap(), ErrorKind::WouldBlock);
    }
}
