//! What every format of ballots keeps to.

use proptest::prelude::*;
use tally::format::{Format, Poll, Standing, read, write};
use tally::{Profile, Rank};

use crate::formats::sound;

/// Names with what makes trouble in one format or another, but differing ones.
fn names(candidates: usize) -> impl Strategy<Value = Vec<String>> {
    let name = "[a-zé#,:{}()\\-=][a-z0-9 ,é#:]{0,6}[a-z]";
    prop::collection::btree_set(name, candidates).prop_map(|names| names.into_iter().collect())
}

/// Polls that a format can hold: ranks up to `most`, each ballot made an order if `dense`.
fn polls(most: Rank, heavy: bool) -> impl Strategy<Value = Poll> {
    (1..6_usize).prop_flat_map(move |candidates| {
        let ranks = prop::collection::vec(0..=most, candidates);
        let weight = if heavy { 1..500_u64 } else { 1..2 };
        let ballots = prop::collection::vec((ranks, weight), 1..20);
        let withdrawn =
            prop::sample::subsequence((0..candidates).collect::<Vec<_>>(), 0..=candidates);
        let title = prop::option::of("[a-z][a-z, ]{0,6}[a-z]");
        (names(candidates), ballots, title, 1..9_u32, withdrawn).prop_map(
            |(names, ballots, title, seats, withdrawn)| {
                let mut profile = Profile::new(names).unwrap();
                for (ranks, weight) in &ballots {
                    profile.push(ranks, *weight).unwrap();
                }
                let mut poll = Poll::new(profile);
                poll.title = title;
                poll.seats = Some(seats);
                poll.withdrawn = withdrawn;
                poll
            },
        )
    })
}

fn again(format: Format, poll: &Poll) -> Poll {
    let text = write(format, poll).unwrap_or_else(|wrong| panic!("{wrong}: {poll:?}"));
    sound(format, text.as_bytes())
}

/// The poll with only those ballots, all of whose ranks are as the format has them.
fn keep(mut poll: Poll, sound: impl Fn(&[Rank]) -> bool) -> Poll {
    let mut profile = Profile::new(poll.profile.candidates().to_vec()).unwrap();
    for (ranks, weight) in poll.profile.ballots().filter(|(ranks, _)| sound(ranks)) {
        profile.push(ranks, weight).unwrap();
    }
    poll.profile = profile;
    poll
}

fn strict(ranks: &[Rank]) -> bool {
    let mut ranked: Vec<Rank> = ranks.iter().copied().filter(|rank| *rank > 0).collect();
    ranked.sort_unstable();
    ranked.windows(2).all(|pair| pair[0] < pair[1])
}

proptest! {
    #[test]
    fn rows_of_ranks_read_as_they_were_written(poll in polls(1_000_000, false)) {
        let poll = Poll { title: None, seats: None, withdrawn: Vec::new(), ..poll };
        for format in [Format::Elekto, Format::Civs] {
            prop_assert_eq!(&again(format, &poll), &poll);
        }
    }

    #[test]
    fn blt_reads_as_it_was_written(poll in polls(12, true)) {
        prop_assert_eq!(again(Format::Blt, &poll), poll);
    }

    #[test]
    fn the_scottish_csv_reads_as_it_was_written(
        poll in polls(6, true),
        party in prop::option::of("[a-z\"(][a-z ,\"]{0,6}[a-z)]"),
    ) {
        let mut poll = keep(poll, strict).without_gaps();
        poll.withdrawn.clear();
        let name = poll.standing[0].name.clone();
        poll.standing[0] = Standing { name, party };
        prop_assert_eq!(again(Format::Scottish, &poll), poll);
    }

    #[test]
    fn preflib_reads_as_it_was_written(poll in polls(4, true)) {
        let mut poll = keep(poll, |ranks| ranks.iter().any(|rank| *rank > 0)).without_gaps();
        (poll.seats, poll.withdrawn) = (None, Vec::new());
        prop_assert_eq!(again(Format::PrefLib, &poll), poll);
    }

    #[test]
    fn tally_sheets_read_as_they_were_written(poll in polls(9, false), named in any::<bool>()) {
        let mut poll = Poll { title: None, seats: None, withdrawn: Vec::new(), ..poll };
        if named {
            poll.labels = (0..poll.profile.turnout()).map(|at| format!("{at:x} {at}")).collect();
        }
        prop_assert_eq!(again(Format::Debian, &poll), poll);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in Format::ALL {
            let _ = read(format, "x", &bytes);
            let _ = Format::guess("x.csv", &bytes);
        }
    }

    #[test]
    fn no_text_that_is_almost_right_makes_a_reader_panic(
        head in prop::sample::select(vec![
            "", "a,b\n", "2 1\n", "2,1,\n", "\u{feff}2,1\r\n", "# NUMBER ALTERNATIVES: 2\n",
            "2 1\n1 1 0\n0\n", "2,1\n\"Candidate 1\",\"A\",\n", "Option 1 ->: a\n",
        ]),
        tail in "[0-9a-cV:,{}=\"# \\n\\r()\\[\\]oOpinNé-]{0,80}",
    ) {
        let text = format!("{head}{tail}");
        for format in Format::ALL {
            match read(format, "x", text.as_bytes()) {
                Ok(poll) => prop_assert_eq!(poll.standing.len(), poll.profile.candidates().len()),
                Err(refusal) => {
                    prop_assert!(!refusal.faults.is_empty());
                    for fault in &refusal.faults {
                        prop_assert!(fault.line >= 1 && fault.column >= 1);
                    }
                }
            }
        }
    }
}
