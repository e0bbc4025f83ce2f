//! Transfers of which not all is signed, or whole, or true.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

use dns::providers::rfc2136::Reader;
use dns::providers::{Observed, ReadError, ReadZone as _};
use dns::wire::{Failure, Key, Server, parse_transfer};
use estate::kinds::TsigAlgorithm;
use estate::records::{DomainName, RecordType};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::cases::zone;
use crate::fake::{Part, SECRET, address, message, serve, soa};

fn read(parts: Vec<Part>) -> Result<Observed, ReadError> {
    let name = DomainName::absolute("update.").unwrap();
    let key = Key::new(&name, TsigAlgorithm::Sha256, SECRET).unwrap();
    Reader::new(Server::new(serve(parts), Some(key), Timestamp::now)).observe(&zone())
}

/// A signed start, so many unsigned messages, a signed end.
fn stream(unsigned: u8) -> Vec<Part> {
    let mut parts = vec![Part::of(vec![soa(7)], true)];
    parts.extend((0..unsigned).map(|number| Part::of(vec![address(number)], false)));
    parts.push(Part::of(vec![soa(7)], true));
    parts
}

fn untrusted(parts: Vec<Part>, why: &str) {
    let error = read(parts).unwrap_err();
    assert!(matches!(error, ReadError::Untrusted { .. }), "{error:?}");
    assert!(error.to_string().contains(why), "{error}");
}

#[test]
fn ninety_nine_messages_in_a_row_may_be_unsigned() {
    let seen = read(stream(99)).unwrap();
    assert_eq!(
        (seen.sets.len(), seen.mark.0.as_str()),
        (99, "ns. host. 7 1 2 3 4")
    );
    untrusted(stream(100), "99 messages");
}

#[test]
fn what_was_changed_on_its_way_is_not_believed() {
    for tampered in [0, 1, 5] {
        let mut parts = stream(4);
        parts[tampered].tampered = true;
        let error = read(parts).unwrap_err();
        assert!(matches!(error, ReadError::Untrusted { .. }), "{error:?}");
    }
}

#[test]
fn the_first_and_the_last_message_must_be_signed() {
    let mut parts = stream(3);
    parts[0].signed = false;
    untrusted(parts, "not signed");
    let mut parts = stream(3);
    parts[4].signed = false;
    untrusted(parts, "last message is not signed");
}

#[test]
fn a_zone_cut_short_is_no_zone() {
    let mut parts = stream(3);
    parts.pop();
    untrusted(parts, "cut short after 4 records");
    let error = read(Vec::new()).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error:?}");
}

fn failure(records: &[(Vec<u8>, u16, Vec<u8>)]) -> String {
    match parse_transfer(&zone(), &[message([0, 1], records)]) {
        Err(Failure::Untrusted(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_transfer_that_makes_no_sense_is_no_zone() {
    let outside = (b"\x05other\x04test\0".to_vec(), 1, vec![192, 0, 2, 1]);
    for (records, why) in [
        (vec![], "empty"),
        (vec![soa(1)], "cut short"),
        (vec![soa(1), address(1)], "cut short"),
        (vec![address(1), soa(1)], "before the SOA"),
        (vec![soa(1), address(1), soa(2)], "changed while"),
        (vec![soa(1), soa(1), address(1)], "follows the end"),
        (vec![soa(1), outside, soa(1)], "not in the zone"),
        (
            vec![soa(1), (address(1).0, 6, soa(1).2), soa(1)],
            "not at the top",
        ),
    ] {
        let said = failure(&records);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_record_that_is_not_what_its_type_says_is_left_alone() {
    let name = address(1).0;
    let records = [
        soa(1),
        (name.clone(), 1, vec![1, 2, 3]),
        address(1),
        address(2),
        soa(1),
    ];
    let whole = parse_transfer(&zone(), &[message([0, 1], &records)]).unwrap();
    assert_eq!((whole.sets.len(), whole.unsound.len()), (1, 1));
    assert_eq!(whole.unsound.keys().next().unwrap().rtype, RecordType::A);
}

proptest! {
    #[test]
    fn any_octets_are_a_zone_or_a_failure(
        at in 0..120usize,
        octets in prop::collection::vec(any::<u8>(), 0..12),
        cut in 0..120usize,
    ) {
        let mut whole = message([0, 1], &[soa(1), address(1), soa(1)]);
        let at = at.min(whole.len());
        let end = (at + octets.len()).min(whole.len());
        whole.splice(at..end, octets);
        drop(parse_transfer(&zone(), std::slice::from_ref(&whole)));
        whole.truncate(cut);
        prop_assert!(parse_transfer(&zone(), &[whole]).is_err());
    }
}
