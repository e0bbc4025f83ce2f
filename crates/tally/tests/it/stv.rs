//! Counts by single transferable vote.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tally::Profile;
use tally::format::{Format, read};
use tally::stv::{
    Act, Choice, Count, Ended, Lot, Meek, Preferences, Race, Seat, StvError, TieBreak, meek,
    scottish,
};

/// The shared data, or a word that it is not here.
pub(crate) fn data(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: there is no {}", path.display());
    None
}

/// Ballots as lists of candidates, `"ab 3"` for three papers that prefer a, then b.
fn profile(candidates: &str, papers: &[&str]) -> Profile {
    let names: Vec<String> = candidates.chars().map(String::from).collect();
    let mut profile = Profile::new(names).unwrap();
    for paper in papers {
        let (order, weight) = paper.split_once(' ').unwrap_or((paper, "1"));
        let mut ranks = vec![0; candidates.len()];
        for (rank, name) in (1..).zip(order.chars()) {
            ranks[candidates.find(name).unwrap()] = rank;
        }
        profile.push(&ranks, weight.parse().unwrap()).unwrap();
    }
    profile
}

fn count(profile: &Profile, seats: u32) -> Count {
    scottish(&Race::new(profile, seats), None).unwrap()
}

fn names(count: &Count) -> String {
    let names = count
        .elected
        .iter()
        .map(|one| count.candidates[*one].as_str());
    names.collect()
}

fn votes(count: &Count, stage: usize) -> Vec<String> {
    let votes = count.stages[stage - 1].votes.iter();
    votes.map(|votes| votes.short()).collect()
}

fn poll(path: &Path) -> tally::format::Poll {
    let bytes = fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    read(Format::Scottish, name, &bytes).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn all_wards_of_scotland_in_2012_elect_whom_they_elected() {
    let Some(expected) = data("elections/scotland-2012.expected.json") else {
        return;
    };
    let expected: Value = serde_json::from_slice(&fs::read(&expected).unwrap()).unwrap();
    let wards = expected.as_object().unwrap();
    assert_eq!(wards.len(), 353);
    let mut ties = 0;
    for (ward, expected) in wards {
        let path = data(&format!("elections/scotland-2012/{ward}.csv")).unwrap();
        let poll = poll(&path);
        let race = Race {
            preferences: Preferences::Consecutive,
            ..Race::new(&poll.profile, poll.seats.unwrap())
        };
        let count = scottish(&race, None).unwrap();
        let mut elected: Vec<usize> = count.elected.iter().map(|one| one + 1).collect();
        elected.sort_unstable();
        assert_eq!(serde_json::json!(elected), expected["elected"], "{ward}");
        assert_eq!(
            count.stages[0].quota.to_string(),
            expected["quota"],
            "{ward}"
        );
        assert_eq!(serde_json::json!(count.seats), expected["seats"], "{ward}");
        assert_eq!(
            serde_json::json!(count.valid),
            expected["ballots"],
            "{ward}"
        );
        assert_eq!(count.lot_needed, None, "{ward}");
        ties += count
            .stages
            .iter()
            .filter(|stage| stage.tie.is_some())
            .count();
        // The reference makes a stage of the surplus of who has just the quota.
        let nothing = |stage: &&tally::stv::Stage| {
            stage
                .elected
                .iter()
                .any(|one| one.by == Seat::Quota && stage.votes[one.candidate] == stage.quota)
        };
        let exact = count.stages.iter().filter(nothing).count();
        let rounds = count.stages.len() - 1;
        let reference = usize::try_from(expected["rounds"].as_u64().unwrap()).unwrap();
        assert!(
            (rounds..=rounds + exact).contains(&reference),
            "{ward}: {rounds}"
        );
    }
    assert_eq!(ties, 0, "the reference broke no tie");
}

#[test]
fn every_stage_of_every_ward_conserves_the_votes() {
    let Some(wards) = data("elections/scotland-2012") else {
        return;
    };
    for path in fs::read_dir(wards).unwrap() {
        let poll = poll(&path.unwrap().path());
        let count = count(&poll.profile, poll.seats.unwrap());
        for stage in &count.stages {
            let votes: i128 = stage.votes.iter().map(|votes| votes.raw()).sum();
            let rest = stage.non_transferable.raw() + stage.lost.raw();
            assert_eq!(votes + rest, i128::from(count.valid) * 100_000);
        }
    }
}

#[test]
fn a_surplus_goes_on_at_a_value_cut_to_five_places() {
    // 10 papers, quota 10/3 + 1 = 4; a has 7: 3 × 1 / 7 = 0.42857.
    let profile = profile("abc", &["ab 6", "a", "c 3"]);
    let count = count(&profile, 2);
    let Act::Surplus {
        had,
        surplus,
        transfers,
        ..
    } = &count.stages[1].act
    else {
        panic!("{:?}", count.stages[1]);
    };
    assert_eq!(
        (had.short(), surplus.short()),
        ("7".to_owned(), "3".to_owned())
    );
    let of: Vec<_> = transfers
        .iter()
        .map(|one| {
            (
                one.to,
                one.papers,
                one.value.to_string(),
                one.votes.to_string(),
            )
        })
        .collect();
    assert_eq!(
        of,
        [
            (Some(1), 6, "0.42857".to_owned(), "2.57142".to_owned()),
            (None, 1, "0.42857".to_owned(), "0.42857".to_owned()),
        ]
    );
    assert_eq!(count.stages[1].lost.to_string(), "0.00001");
    assert_eq!(names(&count), "ac");
}

#[test]
fn a_paper_that_came_at_less_than_a_vote_goes_on_at_a_share_of_that() {
    // Quota 100/4 + 1 = 26. a's surplus of 26 of 52 goes to b at 0.5; b then has 20 + 26 = 46,
    // and passes on 20/46 of a whole vote, and of the halves.
    let profile = profile("abcd", &["abc 52", "bd 20", "c 15", "d 13"]);
    let count = count(&profile, 3);
    let Act::Surplus {
        of: 1, transfers, ..
    } = &count.stages[2].act
    else {
        panic!("{:?}", count.stages[2]);
    };
    let values: Vec<_> = transfers
        .iter()
        .map(|one| (one.to, one.value.to_string()))
        .collect();
    assert_eq!(
        values,
        [
            (Some(2), "0.21739".to_owned()),
            (Some(3), "0.43478".to_owned())
        ]
    );
}

#[test]
fn a_tie_for_exclusion_is_broken_by_the_most_recent_stage_that_differs() {
    let profile = profile("abcd", &["ab", "b 2", "c 3", "d 5"]);
    let count = count(&profile, 1);
    let tie = count.stages[2].tie.as_ref().unwrap();
    assert_eq!(
        (tie.choice, &tie.tied[..], tie.chosen),
        (Choice::Exclusion, &[1, 2][..], 1)
    );
    assert_eq!(tie.steps[0].by, TieBreak::Stage(1));
    assert_eq!(names(&count), "d");
}

#[test]
fn a_tie_of_three_is_narrowed_stage_by_stage() {
    let papers = [
        "x 110", "y 200", "z 295", "px 90", "sx 95", "sy 95", "d 800",
    ];
    let profile = profile("xyzpsd", &papers);
    let count = count(&profile, 1);
    let tie = count.stages[3].tie.as_ref().unwrap();
    assert_eq!(tie.tied, [0, 1, 2]);
    assert_eq!(
        (tie.steps[0].by, &tie.steps[0].left[..]),
        (TieBreak::Stage(2), &[0, 1][..])
    );
    assert_eq!(
        (tie.steps[1].by, &tie.steps[1].left[..]),
        (TieBreak::Stage(1), &[0][..])
    );
    let words = count.words();
    assert_eq!(
        words[3].sentences[0],
        "x, y and z are tied for the fewest votes; x and y had fewer at the end of stage 2; x had fewer at the end of stage 1."
    );
}

#[test]
fn of_two_equal_surpluses_that_of_the_one_who_had_more_goes_first() {
    let profile = profile("abcde", &["a 10", "b 9", "c 9", "d 8", "ea 2", "eb 3"]);
    let count = count(&profile, 3);
    let Act::Surplus { of: 0, .. } = &count.stages[2].act else {
        panic!("{:?}", count.stages[2]);
    };
    let tie = count.stages[2].tie.as_ref().unwrap();
    assert_eq!(
        (tie.choice, tie.steps[0].by),
        (Choice::Surplus, TieBreak::Stage(1))
    );
    assert_eq!(names(&count), "abc");
}

#[test]
fn candidates_equal_at_all_stages_need_a_lot_and_nothing_is_invented() {
    let profile = profile("abc", &["a 3", "b 3", "c 4"]);
    let race = Race::new(&profile, 2);
    let open = scottish(&race, None).unwrap();
    let needed = open.lot_needed.as_ref().unwrap();
    assert_eq!(
        (needed.stage, needed.choice, &needed.tied[..]),
        (2, Choice::Exclusion, &[0, 1][..])
    );
    assert_eq!(names(&open), "c", "what is certain is told");
    assert_eq!(
        open.ending(),
        "Stage 2 needs a lot: nothing else tells a and b apart. Draw between them who is excluded, and count again with the lot."
    );
    // A lot that does not speak of both is no lot.
    let half = scottish(&race, Some(&Lot::new(vec![0, 2]))).unwrap();
    assert_eq!(half, open);
    for (lot, winner) in [(vec![0, 1, 2], "ca"), (vec![1, 0], "cb")] {
        let count = scottish(&race, Some(&Lot::new(lot))).unwrap();
        assert_eq!(names(&count), winner);
        assert_eq!(
            count.stages[1].tie.as_ref().unwrap().steps[0].by,
            TieBreak::Lot
        );
    }
}

#[test]
fn equal_surpluses_that_never_differed_go_by_lot() {
    let profile = profile("abcd", &["ac 6", "bd 6", "c 2", "d 3"]);
    let race = Race::new(&profile, 3);
    let needed = scottish(&race, None).unwrap().lot_needed.unwrap();
    assert_eq!((needed.choice, needed.tied), (Choice::Surplus, vec![0, 1]));
    let count = scottish(&race, Some(&Lot::new(vec![1, 0, 2, 3]))).unwrap();
    assert!(matches!(count.stages[1].act, Act::Surplus { of: 1, .. }));
}

#[test]
fn the_last_vacancies_are_filled_without_a_transfer() {
    let profile = profile("abc", &["ab 9", "b 1"]);
    let count = count(&profile, 3);
    assert_eq!(count.stages.len(), 1);
    let by: Vec<Seat> = count.stages[0].elected.iter().map(|one| one.by).collect();
    assert_eq!(by, [Seat::Quota, Seat::LastVacancy, Seat::LastVacancy]);
    let few = count_of_many_seats();
    assert_eq!(
        few.ending(),
        "Elected: a; 4 of 5 seats stay empty, as there were too few candidates."
    );
}

fn count_of_many_seats() -> Count {
    count(&profile("a", &["a 2"]), 5)
}

#[test]
fn who_withdrew_gets_nothing_and_their_papers_count_for_the_next() {
    let profile = profile("abc", &["ab 5", "c 4"]);
    let race = Race {
        withdrawn: &[0],
        preferences: Preferences::Consecutive,
        ..Race::new(&profile, 1)
    };
    let count = scottish(&race, None).unwrap();
    assert_eq!(votes(&count, 1), ["0", "5", "4"]);
    assert_eq!(names(&count), "b");
    let wrong = Race {
        withdrawn: &[3],
        ..race
    };
    assert_eq!(scottish(&wrong, None), Err(StvError::UnknownCandidate(3)));
}

#[test]
fn a_stage_is_told_in_words() {
    let profile = profile("abc", &["ab 6", "a", "c 3"]);
    let text = count(&profile, 2).text();
    assert_eq!(
        text,
        "Stage 1: 10 papers count; the quota for 2 is 10 / 3, without the fraction, plus 1: 4. \
         First preferences: a 7, c 3, b 0. a has 7.00000 votes, above the quota of 4, and is \
         elected; the surplus of 3 is passed on at stage 2.\n\
         Stage 2: The surplus of a, 3 of 7.00000 votes, is passed on at 0.42857 a vote: b \
         +2.57142, 0.42857 name no one who is left, 0.00001 is lost as values have five places.\n\
         Stage 3: b has the fewest votes, 2.57142, and is excluded: 2.57142 name no one who is \
         left. c has 3.00000 votes and is elected: no more candidates are left than vacancies.\n\
         Elected: a and c.\n"
    );
}

#[test]
fn a_count_is_data_with_decimals_as_text() {
    let count = count(&profile("ab", &["a 2", "b 1"]), 1);
    let json = serde_json::to_value(&count).unwrap();
    assert_eq!(json["rule"], "scottish");
    assert_eq!(json["stages"][0]["act"]["act"], "first-preferences");
    assert_eq!(json["stages"][0]["votes"][0], "2.00000");
}

#[test]
fn an_election_of_nobody_by_nobody_ends() {
    assert_eq!(
        scottish(&Race::new(&profile("a", &[]), 0), None),
        Err(StvError::NoSeats)
    );
    assert_eq!(
        count(&profile("", &[]), 1).ending(),
        "Nobody is elected: nobody stands."
    );
    assert_eq!(names(&count(&profile("a", &[]), 1)), "a");
    assert!(count(&profile("ab", &[]), 1).lot_needed.is_some());
}

#[test]
fn meek_keeps_what_the_quota_needs_of_each_vote() {
    // Woodall's example of 4 and 2 papers: half of each of the first keeps the quota.
    let profile = profile("cph", &["cp 4", "h 2"]);
    let count = meek(&Race::new(&profile, 2), Meek::REFERENCE, None).unwrap();
    assert_eq!(names(&count), "ch");
    let Act::Round {
        iterations,
        keep,
        ended,
        ..
    } = &count.stages[2].act
    else {
        panic!("{:?}", count.stages[2]);
    };
    assert_eq!((*iterations, *ended), (2, Ended::Omega));
    assert_eq!(keep[0].to_string(), "0.500000001");
    assert_eq!(count.stages[2].votes[0].to_string(), "2.000000004");
    assert_eq!(count.stages[2].quota.to_string(), "2.000000001");
    assert_eq!(count.stages[2].excluded, Some(1));
}

#[test]
fn meek_elects_as_the_reference_does_in_scotland() {
    // As Droop's rule `meek-prf` of the same papers, to the last place of the quota.
    let expected = [
        ("aberdeen_2012_ward1", "1 3 5 8", "859.854750924"),
        ("argyll_bute_2012_ward4", "2 3 6 9", "597.038554272"),
        ("east_dunbartonshire_2012_ward5", "2 4 5", "1284.414065194"),
        ("falkirk_2012_ward3", "1 5 6 7", "970.867664792"),
        ("glasgow_2012_ward4", "1 2 9 10", "1399.711799841"),
        ("moray_2012_ward6", "2 3 5", "596.553389940"),
        ("perth_kinross_2012_ward6", "1 2 6", "866.291895749"),
        ("south_lanarkshire_2012_ward13", "2 4 6", "1120.589172787"),
    ];
    for (ward, elected, quota) in expected {
        let Some(path) = data(&format!("elections/scotland-2012/{ward}.csv")) else {
            return;
        };
        let poll = poll(&path);
        let race = Race::new(&poll.profile, poll.seats.unwrap());
        let count = meek(&race, Meek::REFERENCE, None).unwrap();
        let mut those: Vec<usize> = count.elected.iter().map(|one| one + 1).collect();
        those.sort_unstable();
        let those: Vec<String> = those.iter().map(usize::to_string).collect();
        assert_eq!(those.join(" "), elected, "{ward}");
        assert_eq!(
            count.stages.last().unwrap().quota.to_string(),
            quota,
            "{ward}"
        );
    }
}

#[test]
fn meek_with_eighteen_places_elects_the_same() {
    let profile = profile("abcd", &["abc 520", "bd 200", "c 151", "d 133"]);
    let race = Race::new(&profile, 3);
    let coarse = meek(&race, Meek::REFERENCE, None).unwrap();
    let fine = Meek {
        places: 18,
        omega: 12,
    };
    let fine = meek(&race, fine, None).unwrap();
    assert_eq!(coarse.elected, fine.elected);
    assert_eq!(fine.stages[0].votes[0].places(), 18);
}

#[test]
fn meek_says_when_it_needs_a_lot_or_other_parameters() {
    let tied = profile("abc", &["a 3", "b 3", "c 4"]);
    let count = meek(&Race::new(&tied, 2), Meek::REFERENCE, None).unwrap();
    let needed = count.lot_needed.unwrap();
    assert_eq!((needed.stage, needed.tied), (3, vec![0, 1]));

    let race = Race::new(&tied, 2);
    let places = Meek {
        places: 8,
        omega: 6,
    };
    assert_eq!(meek(&race, places, None), Err(StvError::Places(8)));
    let omega = Meek {
        places: 9,
        omega: 9,
    };
    let wrong = StvError::Omega {
        omega: 9,
        places: 9,
    };
    assert_eq!(meek(&race, omega, None), Err(wrong));
}

#[test]
fn as_many_voters_as_a_profile_holds_are_counted_exactly() {
    let huge = profile("abc", &["ab 18446744073709551000", "b 600", "c 15"]);
    let race = Race::new(&huge, 2);
    let fine = Meek {
        places: 18,
        omega: 12,
    };
    for count in [
        scottish(&race, None).unwrap(),
        meek(&race, fine, None).unwrap(),
    ] {
        assert_eq!(names(&count), "ab");
        let first = &count.stages[0].votes;
        assert_eq!(first[0].short(), "18,446,744,073,709,551,000");
    }
}
