//! Who stands by the nominations, and who votes by an exception.

use std::fs;

use super::setting::{AFTER, BEFORE, Clock, Community, json};

const FOLDER: &str = "elections/steering/2026";
const NOMINATIONS: &str = "elections/steering/2026/nominations.yaml";
const EXCEPTIONS: &str = "elections/steering/2026/exceptions.yaml";
const WEEK_BEFORE: Clock = || "2026-08-24T00:00:00Z".parse().expect("a time");

const ADA: &str = "- candidate: ada\n  nominated_by: ada\n  nominated: 2026-08-02\n  endorsed_by: [bo, {by: person/di, at: 2026-08-20 23:59 AoE}]\n";
const BO: &str = "- candidate: bo\n  nominated_by: ada\n  nominated: 2026-08-02 10:00 UTC\n  endorsed_by: [person/ed, cy, 'ED']\n";

/// A community whose election asks for two endorsements from two employers.
fn strict() -> Community {
    let community = Community::with(
        "sealed",
        "pairwise",
        "tie: coin\nnominations: {open: 2026-08-01 00:00 UTC, close: 2026-08-20 23:59:59 AoE}\n\
         candidacy: {endorsements: 2, employers: 2}\n",
    );
    let path = format!("{FOLDER}/election.yaml");
    let text = community.text(&path);
    let text = text.replace("officers: [ada, di, cy]", "officers: [cy]");
    community.write(
        &path,
        &text.replace("officer_rules: {", "officer_rules: {count: 1, "),
    );
    for candidate in ["ann", "ben", "cat"] {
        fs::remove_file(community.path(&format!("{FOLDER}/candidate-{candidate}.md"))).unwrap();
    }
    community
}

fn nominate(community: &Community, nominees: &[&str]) {
    let text = format!("candidates:\n{}", nominees.concat());
    community.write(NOMINATIONS, &text);
}

#[test]
fn each_nominee_is_told_whether_they_stand_and_all_that_is_missing() {
    let community = strict();
    nominate(&community, &[ADA, BO]);
    let words = format!("candidates {FOLDER}");
    let told = community.ends(BEFORE, &format!("{words} --output json"), 1, "standing: 1");
    let rows = &json(&told)["candidates"];
    assert_eq!(rows[0]["stands"], "stands", "{rows:#}");
    assert_eq!(rows[0]["endorsed_by"], serde_json::json!(["bo", "di"]));
    assert_eq!(rows[1]["stands"], "does not stand");
    let codes = ["E_NOT_ACCEPTED", "E_ENDORSEMENTS"];
    assert_eq!(rows[1]["codes"], serde_json::json!(codes));
    let not_counted = ["cy:E_OFFICER", "ED:E_NOT_ELIGIBLE"];
    assert_eq!(rows[1]["not_counted"], serde_json::json!(not_counted));
    for output in ["text", "csv", "markdown"] {
        let says = "1 endorsements of the 2 it takes";
        community.ends(BEFORE, &format!("{words} --output {output}"), 1, says);
    }
    nominate(&community, &[ADA]);
    community.ends(BEFORE, &words, 0, "nominated: 1, standing: 1");
}

#[test]
fn limits_count_the_terms_of_the_group_file_unless_others_are_written() {
    let community = strict();
    let path = format!("{FOLDER}/election.yaml");
    let text = community.text(&path);
    community.write(
        &path,
        &(text + "terms: [2y, 2y]\nlimits: {consecutive: 2}\n"),
    );
    let group = community.text("groups/steering.yaml");
    let leads = "leads:\n- {person: ada, role: chair, since: 2022-10-02, until: 2024-10-01}\n- {person: ada, role: chair, since: 2024-10-02}\n";
    community.write("groups/steering.yaml", &(group + leads));
    nominate(&community, &[ADA]);
    let words = format!("candidates {FOLDER}");
    community.ends(BEFORE, &words, 1, "E_TERM_LIMIT");
    nominate(&community, &[ADA, "  past_terms: []\n"]);
    community.ends(BEFORE, &words, 0, "stands");
}

#[test]
fn the_files_beside_an_election_are_checked_with_it() {
    let community = strict();
    let words = format!("candidates {FOLDER}");
    community.ends(BEFORE, &words, 1, "nominations.yaml is not there");
    let check = format!("check {FOLDER}");
    for (nominees, says) in [
        (&[ADA, ADA][..], "`ada` is nominated twice"),
        (
            &["- {candidate: person/adda, nominated_by: bo, nominated: 2026-08-02}\n"],
            "nominations.yaml:2:",
        ),
        (
            &["- {candidate: ada, nominated_by: bo, nominated: 2026-08-02 10:00}\n"],
            "election-time-zone",
        ),
        (
            &["- {candidate: ada, nominated_by: bo, nominated: 2026-08-02, endorsed: [bo]}\n"],
            "endorsed",
        ),
    ] {
        nominate(&community, nominees);
        community.ends(BEFORE, &check, 1, says);
        community.ends(BEFORE, &words, 1, "nominations.yaml:");
        community.ends(BEFORE, &format!("open {FOLDER}"), 1, "nominations.yaml:");
    }
    fs::remove_file(community.path(NOMINATIONS)).unwrap();
    for (request, says) in [
        (
            "{voter: eve, asked: 2026-08-05 00:00 UTC, decided: [{officer: bo, grants: true, at: 2026-08-06 00:00 UTC}]}",
            "is no officer",
        ),
        (
            "{voter: eve, asked: 2026-08-05 00:00 UTC, decided: [{officer: cy, grants: true, at: 2026-08-04 00:00 UTC}]}",
            "before the request",
        ),
        (
            "{voter: eve, asked: 2026-08-05 00:00 UTC, reason: ill}",
            "reason",
        ),
    ] {
        community.write(EXCEPTIONS, &format!("requests:\n- {request}\n"));
        community.ends(BEFORE, &check, 1, says);
        community.ends(BEFORE, &format!("voters {FOLDER}"), 1, "exceptions.yaml:");
    }
    // What is there and cannot be read is not taken as if nobody had written it.
    fs::remove_file(community.path(EXCEPTIONS)).unwrap();
    fs::create_dir(community.path(EXCEPTIONS)).unwrap();
    community.ends(BEFORE, &check, 1, "file-unreadable");
}

#[test]
fn a_ballot_box_takes_exactly_those_who_stand() {
    let community = strict();
    nominate(&community, &[ADA, BO]);
    let open = format!("open {FOLDER}");
    let says = "bo does not stand: the nomination is not accepted yet (E_NOT_ACCEPTED), 1 endorsements of the 2 it takes (E_ENDORSEMENTS)";
    community.ends(
        BEFORE,
        &format!("{open} --candidate ada --candidate bo"),
        1,
        says,
    );
    community.ends(
        BEFORE,
        &format!("{open} --candidate ada --candidate di"),
        1,
        "di is not nominated",
    );
    community.ends(
        BEFORE,
        &format!("{open} --candidate bo"),
        1,
        "ada stands and is not named",
    );
    assert!(!community.path(".commonhold").exists());
    let opened = community.ends(BEFORE, &open, 0, "1 candidate;");
    assert!(
        opened
            .notes
            .contains("not on the ballot: bo does not stand"),
        "{}",
        opened.notes
    );
    // Again, and after the vote: the same box.
    community.ends(AFTER, &open, 0, "1 candidate;");
}

#[test]
fn without_nominations_all_candidates_are_taken_and_that_is_said() {
    let community = Community::new("sealed", "pairwise");
    let opened = community.ends(BEFORE, &format!("open {FOLDER}"), 0, "3 candidates");
    assert!(
        opened.notes.contains("there is no nominations.yaml"),
        "{}",
        opened.notes
    );
}

#[test]
fn whose_exception_is_granted_votes_and_only_counts_are_published() {
    let community = Community::new("sealed", "pairwise");
    let says = |officer: &str, grants: bool, day: u8| {
        format!("{{officer: {officer}, grants: {grants}, at: 2026-08-{day:02} 09:00 UTC}}")
    };
    let request = |voter: &str, answers: &[String]| {
        format!(
            "- {{voter: {voter}, asked: 2026-08-05 09:00 UTC, decided: [{}]}}\n",
            answers.join(", ")
        )
    };
    let requests = [
        // The last word of an officer counts, wherever it stands in the file.
        request(
            "eve",
            &[
                says("ada", true, 8),
                says("ada", false, 7),
                says("di", true, 28),
            ],
        ),
        request("mal", &[says("ada", false, 7), says("di", false, 7)]),
        request("kim", &[says("ada", true, 7)]),
        "- {voter: zoe, asked: 2026-09-28 00:00:01 UTC}\n".to_owned(),
    ];
    community.write(EXCEPTIONS, &format!("requests:\n{}", requests.concat()));
    let counted = |clock: Clock, words: &str| {
        json(&community.elect(clock, &format!("exceptions {FOLDER} {words} --output json")))["exceptions"].clone()
    };
    let counts = |asked: u8, granted: u8, refused: u8, open: u8| serde_json::json!([{"requested": asked, "granted": granted, "refused": refused, "open": open}]);
    assert_eq!(counted(WEEK_BEFORE, ""), counts(3, 0, 1, 2));
    assert_eq!(counted(BEFORE, ""), counts(3, 1, 1, 1));
    assert_eq!(counted(AFTER, ""), counts(4, 1, 2, 1));
    let public = community.elect(BEFORE, &format!("exceptions {FOLDER}"));
    for name in ["eve", "mal", "kim", "ada"] {
        assert!(
            !(public.data.clone() + &public.notes).contains(name),
            "{}",
            public.data
        );
    }
    let named = counted(BEFORE, "--names");
    assert_eq!(named[0]["outcome"], "granted", "{named:#}");
    assert_eq!(named[2]["officers"], serde_json::json!(["ada:grants"]));
    let why = "by an exception that the officers granted";
    community.ends(BEFORE, &format!("voters {FOLDER} --why eve"), 0, why);
    community.ends(
        WEEK_BEFORE,
        &format!("voters {FOLDER} --why eve"),
        1,
        "may not vote",
    );
    community.ends(
        BEFORE,
        &format!("voters {FOLDER} --why mal"),
        1,
        "may not vote",
    );
    community.ends(BEFORE, &format!("open {FOLDER}"), 0, "6 voters");
}

#[test]
fn who_is_on_the_roll_already_gets_no_second_vote_by_an_exception() {
    let community = Community::new("sealed", "pairwise");
    let answers = "[{officer: ada, grants: true, at: 2026-08-06 00:00 UTC}, {officer: di, grants: true, at: 2026-08-06 00:00 UTC}]";
    let request = |voter: &str| {
        format!("- {{voter: {voter}, asked: 2026-08-05 00:00 UTC, decided: {answers}}}\n")
    };
    community.ends(
        BEFORE,
        &format!("voters {FOLDER} --lock {FOLDER}/voters.lock"),
        0,
        "5 voters",
    );
    // The account has another login since the roll was written down.
    let person = community.text("people/bo.yaml");
    community.write("people/bo.yaml", &(person + "handles: {github: bobo}\n"));
    community.write(
        EXCEPTIONS,
        &format!("requests:\n{}{}", request("BO"), request("person/bo")),
    );
    let told = json(&community.elect(BEFORE, &format!("voters {FOLDER} --output json")));
    assert_eq!(told["voters"].as_array().unwrap().len(), 5, "{told:#}");
}
