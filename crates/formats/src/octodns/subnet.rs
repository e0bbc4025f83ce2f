//! Networks of addresses, as `192.0.2.0/24`.

use std::net::IpAddr;

/// A network; the bits behind its length are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subnet {
    /// The address in the high bits.
    bits: u128,
    length: u32,
    v4: bool,
}

impl Subnet {
    /// Reads one; an address alone is a network of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let (bits, most, v4) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32, true),
            IpAddr::V6(address) => (u128::from(address), 128, false),
        };
        let length = match length {
            None => most,
            Some(length) => length.parse().ok().filter(|length| *length <= most)?,
        };
        let behind = u128::MAX.checked_shr(length).unwrap_or(0);
        (bits & behind == 0 || length == most).then_some(Self { bits, length, v4 })
    }

    /// Whether all its addresses are in another.
    pub(super) fn is_in(&self, other: &Self) -> bool {
        let behind = u128::MAX.checked_shr(other.length).unwrap_or(0);
        self.v4 == other.v4 && self.length >= other.length && self.bits & !behind == other.bits
    }
}

#[cfg(test)]
mod tests {
    use super::Subnet;

    #[test]
    fn networks_contain_one_another() {
        let subnet = |text| Subnet::parse(text).unwrap();
        assert!(subnet("192.0.2.128/25").is_in(&subnet("192.0.2.0/24")));
        assert!(!subnet("192.0.2.0/24").is_in(&subnet("192.0.2.128/25")));
        assert!(subnet("192.0.2.1").is_in(&subnet("0.0.0.0/0")));
        assert!(!subnet("192.0.2.1").is_in(&subnet("::/0")));
        assert!(subnet("2001:db8::1").is_in(&subnet("2001:db8::/32")));
        for wrong in ["192.0.2.1/24", "192.0.2.0/33", "x", "192.0.2.0/", "::1/64"] {
            assert_eq!(Subnet::parse(wrong), None, "{wrong}");
        }
    }
}
