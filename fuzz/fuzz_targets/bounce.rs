#![no_main]
//! Any octets as a mail that came back, and as the report in one.

use libfuzzer_sys::fuzz_target;
use notice::bounce::{Bounce, read};

fuzz_target!(|octets: &[u8]| {
    sound(read(octets));
    let mut report = b"Content-Type: multipart/report; boundary=b\n\n--b\n\
        Content-Type: message/delivery-status\n\n"
        .to_vec();
    report.extend_from_slice(octets);
    sound(read(&report));
});

/// A bounce names somebody, in one line of bounded length.
fn sound(bounce: Option<Bounce>) {
    let Some(bounce) = bounce else { return };
    assert!(!bounce.failed.is_empty());
    let _ = bounce.message();
    for failed in bounce.failed {
        assert!(!failed.to_string().contains(char::is_control));
        assert!(failed.to_string().chars().count() < 1300);
    }
}
