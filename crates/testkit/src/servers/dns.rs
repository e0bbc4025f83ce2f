//! What the name servers for tests have in common.

use std::fs;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

use super::{Folder, listens};

/// The name of the key that may transfer and update every zone of a test's name servers.
pub const KEY_NAME: &str = "update";
/// How it signs.
pub const KEY_ALGORITHM: &str = "hmac-sha256";
/// Its secret, in base64.
pub const KEY_SECRET: &str = "b3Blbi1zZXNhbWUtb3Blbi1zZXNhbWUtb3Blbi0xMjM=";

/// A zone that a server shall serve.
#[derive(Debug, Clone, Copy)]
pub struct ZoneText<'a> {
    /// Its name, without the final dot.
    pub name: &'a str,
    /// Its file, with its SOA and NS (RFC 1035 §5).
    pub text: &'a str,
}

/// Where a zone's file is, in the folder of its server.
pub(super) fn file_name(zone: &str) -> String {
    format!("zones/{}.zone", zone.replace('/', "_"))
}

/// Writes the files of all zones.
pub(super) fn write_zones(folder: &Folder, zones: &[ZoneText<'_>]) {
    for zone in zones {
        folder.write(&file_name(zone.name), zone.text);
    }
}

/// Removes what a killed server left to mark that it runs, so that it can start again.
pub(super) fn forget_lock(folder: &Folder, name: &str) {
    // None is there after a clean end.
    let _ = fs::remove_file(folder.path().join(name));
}

/// Whether the server answers for all of the zones, over TCP and UDP.
pub(super) fn serves(port: u16, zones: &[String]) -> bool {
    listens(port) && zones.iter().all(|zone| answers_soa(port, zone))
}

/// Asks for the SOA of a zone in the few octets that takes.
fn answers_soa(port: u16, zone: &str) -> bool {
    let mut question = b"\x12\x34\0\0\0\x01\0\0\0\0\0\0".to_vec();
    for label in zone.split('.').filter(|label| !label.is_empty()) {
        question.push(u8::try_from(label.len()).expect("a label of a test's zone"));
        question.extend(label.as_bytes());
    }
    question.extend(b"\0\0\x06\0\x01");
    let answer = || {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
        socket
            .set_read_timeout(Some(Duration::from_millis(500)))
            .ok()?;
        socket
            .send_to(&question, (Ipv4Addr::LOCALHOST, port))
            .ok()?;
        let mut buffer = [0; 1500];
        let read = socket.recv(&mut buffer).ok()?;
        // Authority, no error, at least one answer.
        let header: [u8; 8] = buffer[..read].first_chunk().copied()?;
        Some(header[2] & 4 != 0 && header[3].is_multiple_of(16) && header[7] != 0)
    };
    answer().unwrap_or(false)
}
