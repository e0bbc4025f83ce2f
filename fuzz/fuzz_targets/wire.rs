#![no_main]
//! Any octets as the messages of a zone transfer, each behind its length as on TCP.

use dns::wire::parse_transfer;
use estate::records::DomainName;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let zone = DomainName::absolute("example.org.").expect("a name");
    let messages = messages(octets);
    for messages in [&messages[..], &[octets.to_vec()]] {
        let Ok(transfer) = parse_transfer(&zone, messages) else {
            continue;
        };
        for (key, set) in &transfer.sets {
            assert!(key.name.is_in(&zone));
            assert!(!set.data().is_empty());
            for data in set.data() {
                assert!(!data.text(key.rtype).contains('\n'));
            }
        }
    }
});

fn messages(mut octets: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while let Some((length, rest)) = octets.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
        let (message, rest) = rest.split_at(length);
        messages.push(message.to_vec());
        octets = rest;
    }
    messages
}
