#![no_main]
//! Any bytes as a file of ballots in every format; what was read is written, reads the same,
//! and is counted.

use libfuzzer_sys::fuzz_target;
use tally::format::{FAULTS_TOLD, Format, Poll, read, write};
use tally::stv::{Lot, Meek, Race, meek, scottish};

fuzz_target!(|input: &[u8]| {
    let _ = Format::guess("ballots.csv", input);
    for format in Format::ALL {
        match read(format, "ballots", input) {
            Ok(poll) => sound(format, input, &poll),
            Err(refusal) => {
                assert!((1..=FAULTS_TOLD).contains(&refusal.faults.len()));
                assert!(
                    refusal
                        .faults
                        .iter()
                        .all(|fault| fault.line > 0 && fault.column > 0)
                );
                let _ = refusal.to_string();
            }
        }
    }
});

fn sound(format: Format, input: &[u8], poll: &Poll) {
    if let Ok(text) = write(format, poll) {
        let again = read(format, "ballots", text.as_bytes());
        assert_eq!(
            again.as_ref().map(|poll| &poll.profile),
            Ok(&poll.profile),
            "{text}"
        );
        if format == Format::Elekto && !input.contains(&b'"') && !input.contains(&b'\r') {
            assert_eq!(text.as_bytes(), input);
        }
    }
    let candidates = poll.profile.candidates().len();
    let lot = Lot::new((0..candidates).collect());
    let race = Race {
        withdrawn: &poll.withdrawn,
        ..Race::new(&poll.profile, poll.seats.unwrap_or(2))
    };
    let seats = usize::try_from(race.seats).unwrap_or(usize::MAX);
    let standing = candidates - poll.withdrawn.len();
    let counts = [
        scottish(&race, Some(&lot)),
        meek(&race, Meek::REFERENCE, Some(&lot)),
    ];
    for count in counts.into_iter().flatten() {
        assert_eq!(count.elected.len(), standing.min(seats));
        let _ = count.text();
    }
}
