use std::fmt;
use std::net::{Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::rdata::tsig::Time48;
use domain::tsig;
use estate::kinds::{DnsServer, Tsig, TsigAlgorithm};
use estate::records::DomainName;
use jiff::Timestamp;

use super::Failure;

/// Tells the time. Asked for every message that is signed or whose signature is checked, and
/// for nothing else.
pub type Clock = fn() -> Timestamp;

/// How long to wait for a name server, and how much to take from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one message, from the moment that the last one came or the question was sent.
    pub answer: Duration,
    /// For one UDP datagram, before it is asked again: datagrams get lost.
    pub datagram: Duration,
    /// The most octets of one zone transfer.
    pub transfer_octets: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            datagram: Duration::from_secs(2),
            transfer_octets: 1 << 30,
        }
    }
}

/// A name server, and how it is spoken to.
#[derive(Debug, Clone)]
pub struct Server {
    address: String,
    key: Option<Key>,
    clock: Clock,
    patience: Patience,
}

impl Server {
    /// A server at `host`, `host:port`, an IPv4 address, or an IPv6 address (in brackets if a
    /// port follows). Without a port it is 53.
    pub fn new(address: impl Into<String>, key: Option<Key>, clock: Clock) -> Self {
        Self {
            address: address.into(),
            key,
            clock,
            patience: Patience::default(),
        }
    }

    /// A server as an estate declares it. `secrets` finds the value of a variable that the
    /// declaration names; nothing here reads the environment.
    ///
    /// # Errors
    /// [`Failure::Setup`]: it has no address, the secret is not there, or is of no use.
    pub fn of(
        item: &DnsServer,
        secrets: &dyn Fn(&str) -> Option<String>,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let address = item.address.as_ref().ok_or_else(|| {
            Failure::Setup("it has no address; write `address: host:port`".to_owned())
        })?;
        let key = item.tsig.as_ref().map(|tsig| Key::of(tsig, secrets));
        Ok(Self::new(address.value.clone(), key.transpose()?, clock))
    }

    /// The same with other patience.
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The address, as it was written.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// How long it is waited for.
    pub fn patience(&self) -> Patience {
        self.patience
    }

    pub(super) fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    pub(super) fn now(&self) -> Time48 {
        Time48::from_u64(u64::try_from((self.clock)().as_second()).unwrap_or_default())
    }

    /// Its addresses, as the system resolves them.
    pub(super) fn resolve(&self) -> Result<Vec<SocketAddr>, Failure> {
        let (host, port) = host_and_port(&self.address)?;
        let found = (host, port).to_socket_addrs().map_err(|error| {
            Failure::Unreachable(format!("`{host}` cannot be resolved: {error}"))
        })?;
        let found: Vec<_> = found.collect();
        if found.is_empty() {
            return Err(Failure::Unreachable(format!("`{host}` has no address")));
        }
        Ok(found)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.address)
    }
}

/// A key that both sides share (RFC 8945). Shows its name, never its secret.
#[derive(Clone)]
pub struct Key {
    name: DomainName,
    algorithm: TsigAlgorithm,
    shared: Arc<tsig::Key>,
}

impl Key {
    /// A key of this name, of the octets of its secret.
    ///
    /// # Errors
    /// [`Failure::Setup`]: the secret is empty.
    pub fn new(
        name: &DomainName,
        algorithm: TsigAlgorithm,
        secret: &[u8],
    ) -> Result<Self, Failure> {
        let setup = |what: &str| Failure::Setup(format!("the key `{name}` {what}"));
        if secret.is_empty() {
            return Err(setup("has an empty secret"));
        }
        let how = match algorithm {
            TsigAlgorithm::Sha256 => tsig::Algorithm::Sha256,
            TsigAlgorithm::Sha384 => tsig::Algorithm::Sha384,
            TsigAlgorithm::Sha512 => tsig::Algorithm::Sha512,
        };
        let key_name = name
            .as_str()
            .parse()
            .map_err(|_| setup("has a name that is none"))?;
        let key =
            tsig::Key::new(how, secret, key_name, None, None).map_err(|_| setup("is of no use"))?;
        Ok(Self {
            name: name.clone(),
            algorithm,
            shared: Arc::new(key),
        })
    }

    /// A key as an estate declares it.
    fn of(item: &Tsig, secrets: &dyn Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let dotted = format!("{}.", item.name.trim_end_matches('.'));
        let name = DomainName::absolute(&dotted)
            .map_err(|error| Failure::Setup(format!("its key has no good name: {error}")))?;
        let variable = item.secret.variable();
        let written = secrets(variable).ok_or_else(|| {
            Failure::Setup(format!(
                "the secret of its key is not there: set {variable}"
            ))
        })?;
        // The reason would quote the secret.
        let secret = STANDARD
            .decode(written.trim())
            .map_err(|_| Failure::Setup(format!("what {variable} holds is not base64")))?;
        Self::new(&name, item.algorithm, &secret)
    }

    pub(super) fn shared(&self) -> Arc<tsig::Key> {
        Arc::clone(&self.shared)
    }

    /// Name and algorithm, for people.
    pub(super) fn shown(&self) -> String {
        let how = match self.algorithm {
            TsigAlgorithm::Sha256 => "hmac-sha256",
            TsigAlgorithm::Sha384 => "hmac-sha384",
            TsigAlgorithm::Sha512 => "hmac-sha512",
        };
        format!("`{}` ({how})", self.name.undotted())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.shown())
    }
}

/// Takes an address apart; the port is 53 where none is written.
fn host_and_port(address: &str) -> Result<(&str, u16), Failure> {
    let wrong = || {
        Failure::Setup(format!(
            "`{address}` is not an address; write `host:port`, or `[address]:port` for IPv6"
        ))
    };
    if address.parse::<Ipv6Addr>().is_ok() {
        return Ok((address, 53));
    }
    let (host, port) = match address.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or_else(wrong)?;
            host.parse::<Ipv6Addr>().map_err(|_| wrong())?;
            let port = match port {
                "" => None,
                _ => Some(port.strip_prefix(':').ok_or_else(wrong)?),
            };
            (host, port)
        }
        None => match address.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        },
    };
    let port = match port {
        Some(port) => port.parse().map_err(|_| wrong())?,
        None => 53,
    };
    let sound = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c == '/');
    sound.then_some((host, port)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_port() {
        for (address, host, port) in [
            ("ns1.example.org", "ns1.example.org", 53),
            ("ns1.example.org:5353", "ns1.example.org", 5353),
            ("192.0.2.1:54", "192.0.2.1", 54),
            ("2001:db8::1", "2001:db8::1", 53),
            ("[2001:db8::1]", "2001:db8::1", 53),
            ("[2001:db8::1]:54", "2001:db8::1", 54),
        ] {
            assert_eq!(host_and_port(address), Ok((host, port)));
        }
        for address in [
            "", ":53", "a:b", "a:70000", "[::1", "[x]:1", "[::1]53", "http://a", "a b",
        ] {
            assert!(
                matches!(host_and_port(address), Err(Failure::Setup(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn a_key_never_shows_its_secret() {
        let name = DomainName::absolute("update.").unwrap();
        let key = Key::new(&name, TsigAlgorithm::Sha256, b"sesame").unwrap();
        let server = Server::new("192.0.2.1", Some(key), || Timestamp::UNIX_EPOCH);
        let shown = format!("{server:?} {server}");
        assert!(shown.contains("update") && !shown.contains("sesame") && !shown.contains("115"));
    }
}
