//! Who asks, where a proxy stands between.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

use super::guard::Client;

/// A network: an address and how many of its bits are the network's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// A text that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write an address like 10.0.0.7 or a network like 10.0.0.0/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = text
            .split_once('/')
            .map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse).map_err(|_| NotANetwork)?;
        (bits <= all)
            .then_some(Self { address, bits })
            .ok_or(NotANetwork)
    }
}

impl Network {
    /// Whether an address is in it.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let differs = ours.to_bits() ^ theirs.to_bits();
                self.bits == 0 || differs >> (32 - self.bits) == 0
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let differs = ours.to_bits() ^ theirs.to_bits();
                self.bits == 0 || differs >> (128 - self.bits) == 0
            }
            _ => false,
        }
    }
}

/// Who asks. What a proxy says is believed if it is trusted, and of what it was told by others, only as much as
/// those are: the last address that is not a trusted proxy's.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut client = Client {
        address: peer.to_canonical(),
        secure: false,
    };
    if !is_trusted(peer) {
        return client;
    }
    let said = |name: &str| {
        let lines = headers.get_all(name).iter();
        let words = lines
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        words.map(|word| word.trim().to_owned()).collect::<Vec<_>>()
    };
    for word in said("x-forwarded-for").iter().rev() {
        let Ok(address) = word.parse::<IpAddr>() else {
            break;
        };
        client.address = address.to_canonical();
        if !is_trusted(address) {
            break;
        }
    }
    client.secure = said("x-forwarded-proto")
        .last()
        .is_some_and(|word| word.eq_ignore_ascii_case("https"));
    client
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn asks(peer: &str, forwarded: &str) -> String {
        let headers = HeaderMap::from_iter([(
            axum::http::HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_str(forwarded).unwrap(),
        )]);
        let trusted = ["10.0.0.0/8", "::1"].map(|text| text.parse().unwrap());
        client(peer.parse().unwrap(), &headers, &trusted)
            .address
            .to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(asks("192.0.2.1", "203.0.113.9"), "192.0.2.1");
        assert_eq!(asks("10.1.2.3", "203.0.113.9"), "203.0.113.9");
        assert_eq!(asks("::1", "203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn what_a_client_says_of_itself_before_the_proxy_is_not_believed() {
        assert_eq!(
            asks("10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9"),
            "203.0.113.9"
        );
        assert_eq!(asks("10.1.2.3", "1.1.1.1, nonsense"), "10.1.2.3");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a", "1.2.3.4/x"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_network_holds_its_own_address(bits in 0..=32_u32, address: u32) {
            let address = IpAddr::V4(address.into());
            let network = Network { address, bits };
            prop_assert!(network.holds(address));
        }

        #[test]
        fn no_header_breaks_it(said in "[ -~]{0,60}") {
            asks("10.0.0.1", &said);
        }
    }
}
