//! Files of ballots that are sound.

use std::fs;
use std::path::{Path, PathBuf};

use tally::format::{Format, Poll, Standing, Unsayable, read, write};
use tally::{Profile, Rank};

use crate::stv::data;

pub(crate) fn sound(format: Format, bytes: &[u8]) -> Poll {
    read(format, "file", bytes).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn ranks(poll: &Poll) -> Vec<Vec<Rank>> {
    poll.profile
        .ballots()
        .map(|(ranks, _)| ranks.to_vec())
        .collect()
}

fn weights(poll: &Poll) -> Vec<u64> {
    poll.profile.ballots().map(|(_, weight)| weight).collect()
}

fn parties(poll: &Poll) -> Vec<Option<&str>> {
    poll.standing
        .iter()
        .map(|one| one.party.as_deref())
        .collect()
}

/// All files of that name below a folder, or of any name that ends so.
fn below(folder: &Path, end: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, end, into);
        } else if path.to_str().is_some_and(|path| path.ends_with(end)) {
            into.push(path);
        }
    }
}

fn same_bytes(format: Format, folder: &str, end: &str) -> usize {
    let Some(folder) = data(folder) else {
        return 0;
    };
    let mut files = Vec::new();
    below(&folder, end, &mut files);
    for file in &files {
        let bytes = fs::read(file).unwrap();
        assert_eq!(Format::guess(file.to_str().unwrap(), &bytes), Some(format));
        let poll = sound(format, &bytes);
        let written = write(format, &poll).unwrap();
        assert!(
            written.as_bytes() == bytes,
            "{} is written otherwise",
            file.display()
        );
    }
    files.len()
}

#[test]
fn real_ballots_csv_are_written_byte_for_byte_as_they_were() {
    let found = same_bytes(
        Format::Elekto,
        "kubernetes/community/elections",
        "/ballots.csv",
    );
    assert!(found == 3 || found == 0, "{found}");
    for file in [
        "code-of-conduct-2023",
        "steering-2018",
        "steering-2020",
        "steering-2022",
        "steering-2024",
    ] {
        same_bytes(Format::Elekto, "elections", &format!("{file}.csv"));
    }
}

#[test]
fn real_wards_of_scotland_are_written_byte_for_byte_as_they_were() {
    let found = same_bytes(Format::Scottish, "elections/scotland-2012", ".csv");
    assert!(found == 353 || found == 0, "{found}");
}

#[test]
fn the_debian_election_of_2010_is_read_from_preflib() {
    let Some(path) = data("elections/debian-2010-leader.toc") else {
        return;
    };
    let poll = sound(Format::PrefLib, &fs::read(path).unwrap());
    assert_eq!(poll.title.as_deref(), Some("Debian 2010 Leader"));
    assert_eq!(
        (poll.profile.turnout(), poll.profile.ballots().count()),
        (436, 82)
    );
    assert_eq!(poll.standing[4].name, "None Of The Above");
    assert_eq!(
        sound(
            Format::PrefLib,
            write(Format::PrefLib, &poll).unwrap().as_bytes()
        ),
        poll
    );
}

#[test]
fn ballots_csv_keeps_its_mark_and_its_line_ends() {
    for file in [
        "a,b\n1,2\nNo opinion,1\n",
        "a,b\n1,2",
        "a,b\r\n1,2\r\n",
        "a,b\r\n1,2",
        "\u{feff}a,b\r\n1,2\r\n",
        "a,b\n",
        "a\nNo opinion\n1000000\n",
        "\"Lee, Ann\",\"The \"\"Duke\"\"\"\n3,3\n",
    ] {
        for format in [Format::Elekto, Format::Civs] {
            let poll = sound(format, file.as_bytes());
            assert_eq!(write(format, &poll).unwrap(), file);
        }
    }
}

#[test]
fn ranks_may_be_equal_and_have_gaps_and_no_opinion_is_none() {
    let poll = sound(Format::Elekto, b"a,b,c\n7,7,No opinion\n1000000,2,1\n");
    assert_eq!(ranks(&poll), [[7, 7, 0], [1_000_000, 2, 1]]);
    assert_eq!(poll.profile.candidates(), ["a", "b", "c"]);
}

#[test]
fn civs_tells_names_apart_that_differ_in_capitals() {
    let poll = sound(Format::Civs, b"Ann Lee,ann lee\n1,2\n");
    assert_eq!(poll.profile.candidates(), ["Ann Lee", "ann lee"]);
}

#[test]
fn blt_is_read_with_names_in_quotation_marks_or_without() {
    let marked = "# a comment\n4 2 # candidates and seats\n-2\n3 1 3=4 0\n(7) 1 - 2 0 # third\n2 0\n0\n\"Ann\"\n\"Ben # 2\" # in\n\"Cy \"\n\"Di\" \"Title\"\n\"Source\"\n";
    let bare = "4 2\r\n-2\r\n3 1 3=4 0\r\n1 - 2 0\r\n2 0\r\n0\r\nAnn\r\nBen # 2\r\nCy\r\n\r\nDi\r\nTitle\r\n";
    for (file, second) in [(marked, "Ben # 2"), (bare, "Ben")] {
        let poll = read(Format::Blt, "file", file.as_bytes());
        let Ok(poll) = poll else {
            panic!("{}", poll.unwrap_err());
        };
        assert_eq!((poll.seats, &poll.withdrawn[..]), (Some(2), &[1][..]));
        assert_eq!(poll.title.as_deref(), Some("Title"));
        assert_eq!(poll.profile.candidates(), ["Ann", second, "Cy", "Di"]);
        assert_eq!(ranks(&poll)[0], [1, 0, 2, 2]);
        assert_eq!(ranks(&poll)[2], [0, 0, 0, 0]);
        assert_eq!(weights(&poll)[0], 3);
    }
}

#[test]
fn blt_skips_ranks_and_knows_the_options_of_droop() {
    let file = b"3 1\n[withdrawn 3]\n[tie 3 2 1]\n2 - 1 - 2 0\n0\n\"A\" \"B\" \"C\"\n";
    let poll = sound(Format::Blt, file);
    assert_eq!(ranks(&poll), [[2, 4, 0]]);
    assert_eq!(
        (poll.withdrawn.as_slice(), poll.title.as_ref()),
        (&[2][..], None)
    );
    let written = write(Format::Blt, &poll).unwrap();
    assert_eq!(written, "3 1\n-3\n2 - 1 - 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n");
}

#[test]
fn two_candidates_of_one_name_are_told_apart_by_their_number() {
    let poll = sound(Format::Blt, b"3 1\n1 2 0\n0\nAnn\nBen\nAnn\n");
    assert_eq!(poll.profile.candidates(), ["Ann", "Ben", "Ann (3)"]);
    assert_eq!(poll.standing[2].name, "Ann");
    assert_eq!(
        sound(Format::Blt, write(Format::Blt, &poll).unwrap().as_bytes()),
        poll
    );
}

#[test]
fn the_scottish_csv_has_parties_and_a_ward_with_or_without_a_comma() {
    let file = "\u{feff}3,2,\r\n5,1,3,\r\n2,\r\n\"Candidate 1\",\"Ann\",\"Green (Gr)\",\r\n\"Candidate 2\",\"Ben\",\"\",\r\n\"Candidate 3\",\"Cy\",\"Labour (Lab)\",\r\n\"\"East, West\"\",";
    let poll = sound(Format::Scottish, file.as_bytes());
    assert_eq!(
        (poll.seats, poll.title.as_deref()),
        (Some(2), Some("East, West"))
    );
    assert_eq!(
        parties(&poll),
        [Some("Green (Gr)"), None, Some("Labour (Lab)")]
    );
    assert_eq!(
        (ranks(&poll), weights(&poll)),
        (vec![vec![1, 0, 2], vec![0, 0, 0]], vec![5, 2])
    );
    assert_eq!(write(Format::Scottish, &poll).unwrap(), file);
    let without = sound(
        Format::Scottish,
        b"2,1\n5,1\n\"Candidate 1\",\"Ann\",\"\"\n\"Candidate 2\",\"Ben\"\n",
    );
    assert_eq!((without.title, without.seats), (None, Some(1)));
}

#[test]
fn preflib_knows_equals_and_says_the_type_of_what_it_writes() {
    let file = "# TITLE: T\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 6\n# NUMBER UNIQUE ORDERS: 2\n# ALTERNATIVE NAME 1: Ann\n# ALTERNATIVE NAME 2: Ben\n# ALTERNATIVE NAME 3: Cy: the third\n4: {1,3},2\n2: 3\n";
    let poll = sound(Format::PrefLib, file.as_bytes());
    assert_eq!(ranks(&poll), [[1, 2, 1], [0, 0, 1]]);
    assert_eq!(write(Format::PrefLib, &poll).unwrap(), file);
    let spaced = file
        .replace("4: {1,3},2", "4:{ 1 , 3 } , 2")
        .replace("toi", "toi ");
    assert_eq!(sound(Format::PrefLib, spaced.as_bytes()), poll);
    let order =
        "# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n1: 2,1\n";
    let order = write(Format::PrefLib, &sound(Format::PrefLib, order.as_bytes())).unwrap();
    assert!(order.starts_with("# DATA TYPE: soc\n"), "{order}");
}

#[test]
fn a_tally_sheet_of_debian_is_read_with_its_names_and_hashes() {
    let sheet = "\n        Tally Sheet for the votes cast.\n   The format is:\n       \"V: vote \tLogin\tName\"\n\n     Option 1 --------->: Ann\n   /  Option 2 --------->: Ben\n   |/  Option 3 --------->: None of the above\n   ||/\nV: 1-3\tann\tAnn Lee\nV: 213\t5f4dcc3b\n";
    let poll = sound(Format::Debian, sheet.as_bytes());
    assert_eq!(ranks(&poll), [[1, 0, 3], [2, 1, 3]]);
    assert_eq!(poll.labels, ["ann\tAnn Lee", "5f4dcc3b"]);
    assert_eq!(poll.profile.candidates()[2], "None of the above");
    let bare = sound(Format::Debian, b"V: 1-23  x\n\nV: ----\n");
    assert_eq!(bare.standing[3].name, "Option 4");
    assert_eq!(bare.labels, ["x", ""]);
    assert_eq!(bare.profile.turnout(), 2);
}

#[test]
fn a_file_tells_its_format_by_its_name_and_how_it_begins() {
    let guess = |file, text: &str| Format::guess(file, text.as_bytes());
    assert_eq!(guess("x.BLT", ""), Some(Format::Blt));
    assert_eq!(guess("x.soi", ""), Some(Format::PrefLib));
    assert_eq!(
        guess("ward.csv", "\u{feff}9,4,\r\n1,2,\r\n"),
        Some(Format::Scottish)
    );
    assert_eq!(
        guess("ballots.csv", "ada,grace\n1,2\n"),
        Some(Format::Elekto)
    );
    assert_eq!(guess("tally.txt", "prose\nV: 12 x\n"), Some(Format::Debian));
    assert_eq!(guess("results.md", "prose"), None);
    for format in Format::ALL {
        assert_eq!(Format::named(format.as_str()), Some(format));
    }
}

fn poll_of(ranks: &[Rank], weight: u64) -> Poll {
    let names = (1..=ranks.len()).map(|at| format!("c{at}")).collect();
    let mut profile = Profile::new(names).unwrap();
    profile.push(ranks, weight).unwrap();
    let mut poll = Poll::new(profile);
    poll.seats = Some(1);
    poll
}

#[test]
fn what_a_format_cannot_hold_is_said() {
    let refused = |format, poll: &Poll| write(format, poll).unwrap_err();
    let mut poll = poll_of(&[1, 1, 0], 1);
    assert_eq!(refused(Format::Scottish, &poll), Unsayable::Equal(1));
    poll.seats = None;
    assert_eq!(refused(Format::Blt, &poll), Unsayable::Seats);
    assert_eq!(refused(Format::Scottish, &poll), Unsayable::Seats);
    assert_eq!(
        refused(Format::PrefLib, &poll_of(&[0, 0], 1)),
        Unsayable::Blank(1)
    );
    assert_eq!(
        refused(Format::PrefLib, &poll_of(&[1, 3], 1)),
        Unsayable::Gap(1)
    );
    assert_eq!(
        refused(Format::Scottish, &poll_of(&[1, 3], 1)),
        Unsayable::Gap(1)
    );
    assert_eq!(
        refused(Format::Blt, &poll_of(&[1, 500], 1)),
        Unsayable::Gap(1)
    );
    assert_eq!(
        refused(Format::Debian, &poll_of(&[1, 10], 1)),
        Unsayable::Rank(1, 10, 9)
    );
    for format in Format::ALL {
        assert_eq!(
            refused(format, &poll_of(&[1, 2], 0)),
            Unsayable::Weight(1, 0)
        );
        assert_eq!(refused(format, &poll_of(&[], 1)), Unsayable::Nobody);
        let mut torn = poll_of(&[1, 2], 1);
        torn.withdrawn = vec![2];
        assert!(matches!(refused(format, &torn), Unsayable::Torn(_)));
    }
    assert_eq!(
        refused(Format::Elekto, &poll_of(&[1, 2], u64::MAX)),
        Unsayable::Weight(1, u64::MAX)
    );
    let mut poll = poll_of(&[1], 1);
    poll.standing[0] = Standing {
        name: "A \"B\" C".to_owned(),
        party: None,
    };
    assert_eq!(
        refused(Format::Blt, &poll),
        Unsayable::Name("A \"B\" C".to_owned())
    );
    assert!(write(Format::Scottish, &poll).is_ok());
    poll.standing[0].name = "two\nlines".to_owned();
    assert!(write(Format::Scottish, &poll).is_err());
}

#[test]
fn gaps_are_closed_for_formats_that_hold_an_order() {
    let poll = poll_of(&[40, 7, 0, 7], 2).without_gaps();
    assert_eq!(ranks(&poll), [[2, 1, 0, 1]]);
    assert!(
        write(Format::PrefLib, &poll)
            .unwrap()
            .ends_with("2: {2,4},1\n")
    );
    assert_eq!(
        write(Format::Elekto, &poll).unwrap(),
        "c1,c2,c3,c4\n2,1,No opinion,1\n2,1,No opinion,1\n"
    );
}
