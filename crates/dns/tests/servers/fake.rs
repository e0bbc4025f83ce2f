//! A name server that answers one transfer with whatever a test wants, signed by hand.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use jiff::Timestamp;
use ring::hmac;

use crate::cases::zone;

pub(crate) const SECRET: &[u8] = b"open-sesame-open-sesame";
const KEY: &[u8] = b"\x06update\0";
const ALGORITHM: &[u8] = b"\x0bhmac-sha256\0";
const FUDGE: [u8; 2] = [1, 44];

/// One message of the answer.
#[derive(Clone)]
pub(crate) struct Part {
    /// Names, types and data of its records.
    pub(crate) records: Vec<(Vec<u8>, u16, Vec<u8>)>,
    pub(crate) signed: bool,
    /// Whether an octet is changed after it was signed.
    pub(crate) tampered: bool,
}

impl Part {
    pub(crate) fn of(records: Vec<(Vec<u8>, u16, Vec<u8>)>, signed: bool) -> Self {
        Self {
            records,
            signed,
            tampered: false,
        }
    }
}

pub(crate) fn soa(serial: u32) -> (Vec<u8>, u16, Vec<u8>) {
    let mut data = b"\x02ns\0\x04host\0".to_vec();
    for number in [serial, 1, 2, 3, 4] {
        data.extend(number.to_be_bytes());
    }
    (zone().wire(), 6, data)
}

pub(crate) fn address(number: u8) -> (Vec<u8>, u16, Vec<u8>) {
    let mut name = format!("\x04a{number:03}").into_bytes();
    name.extend(zone().wire());
    (name, 1, vec![192, 0, 2, number])
}

/// A message without its length and signature.
pub(crate) fn message(id: [u8; 2], records: &[(Vec<u8>, u16, Vec<u8>)]) -> Vec<u8> {
    let mut octets = id.to_vec();
    octets.extend(b"\x84\0\0\0");
    octets.extend(u16::try_from(records.len()).unwrap().to_be_bytes());
    octets.extend(b"\0\0\0\0");
    for (name, rtype, data) in records {
        octets.extend(name);
        octets.extend(rtype.to_be_bytes());
        octets.extend(b"\0\x01\0\0\0\x3c");
        octets.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        octets.extend(data);
    }
    octets
}

/// Serves these parts to one who asks, and then closes; says the address.
pub(crate) fn serve(parts: Vec<Part>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut length = [0; 2];
        stream.read_exact(&mut length).unwrap();
        let mut request = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut request).unwrap();
        let id = [request[0], request[1]];
        // The signature stands before the id, the error and the length of nothing.
        let mut before = request[request.len() - 38..request.len() - 6].to_vec();
        let mut unsigned = Vec::new();
        for (at, part) in parts.into_iter().enumerate() {
            let mut octets = message(id, &part.records);
            if part.signed {
                let mut digested = 32u16.to_be_bytes().to_vec();
                digested.extend(&before);
                digested.append(&mut unsigned);
                before = sign(&mut octets, digested, at == 0);
            } else {
                unsigned.extend(&octets);
            }
            if part.tampered {
                // In the data of the first record.
                let place = 12 + part.records[0].0.len() + 10;
                octets[place] ^= 1;
            }
            let framed = u16::try_from(octets.len()).unwrap().to_be_bytes();
            // The client may have gone for good reasons.
            if stream.write_all(&[&framed[..], &octets].concat()).is_err() {
                return;
            }
        }
    });
    address
}

/// Adds a signature (RFC 8945 §4.2, §5.3), and gives it.
fn sign(octets: &mut Vec<u8>, mut digested: Vec<u8>, first: bool) -> Vec<u8> {
    let time = u64::try_from(Timestamp::now().as_second())
        .unwrap()
        .to_be_bytes();
    digested.extend(&*octets);
    if first {
        digested.extend(KEY);
        digested.extend(b"\0\xff\0\0\0\0");
        digested.extend(ALGORITHM);
    }
    digested.extend(&time[2..]);
    digested.extend(FUDGE);
    if first {
        digested.extend(b"\0\0\0\0");
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let signature = hmac::sign(&key, &digested).as_ref().to_vec();
    let mut data = ALGORITHM.to_vec();
    data.extend(&time[2..]);
    data.extend(FUDGE);
    data.extend(b"\0\x20");
    data.extend(&signature);
    data.extend([octets[0], octets[1], 0, 0, 0, 0]);
    octets.extend(KEY);
    octets.extend(b"\0\xfa\0\xff\0\0\0\0");
    octets.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
    octets.extend(data);
    octets[11] = 1;
    signature
}
