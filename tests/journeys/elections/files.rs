//! The files of elections: checked, and the voters that follow from them.

use std::fs;

use super::setting::{AFTER, BEFORE, Community, DIGITS, DURING, json, run_at};
use crate::support::{Folder, root, shared, write};

#[test]
fn an_election_is_checked_as_an_estate_is() {
    let community = Community::new("sealed", "pairwise");
    let path = "elections/steering/2026/election.yaml";
    community.ends(BEFORE, "check elections --output json", 0, "\"errors\": 0");
    let text = community.text(path);
    // The three officers come from two employers.
    community.write(
        path,
        &text.replace("distinct_employers: false", "distinct_employers: true"),
    );
    community.ends(BEFORE, "check elections", 1, "election-officers");
    community.ends(BEFORE, "open elections/steering/2026", 1, "work for");
    community.write(path, &(text.clone() + "candidacy: {words: 1}\n"));
    community.ends(BEFORE, "check elections", 0, "candidate-words");
    let vague = text.replace("00:00 UTC", "00:00 PT");
    community.write(path, &vague);
    community.ends(BEFORE, "check elections", 1, "election-time-zone");
    let refused = community.elect(BEFORE, "open elections/steering/2026");
    assert_eq!(refused.exit as i32, 1);
    assert!(
        refused
            .notes
            .contains("elections/steering/2026/election.yaml:5:"),
        "{}",
        refused.notes
    );
}

#[test]
fn a_login_that_yaml_reads_as_a_number_is_flagged_and_votes() {
    let folder = Folder::new()
        .with(
            "steering/2026/election.yaml",
            "name: Steering\norganization: Example\nstart_datetime: 2026-09-01 00:00:00\n\
             end_datetime: 2026-10-02 11:59:59\nno_winners: 2\nallow_no_opinion: True\n\
             election_officers:\n  - ada\n",
        )
        .with(
            "steering/2026/voters.yaml",
            &format!("eligible_voters:\n- Ada\n- {DIGITS}\n- no\n"),
        );
    let elect = |words: &str| {
        let words: Vec<&str> = std::iter::once("elect")
            .chain(words.split_whitespace())
            .collect();
        run_at(&folder.0, DURING, &words)
    };
    let checked = elect("check steering/2026");
    assert_eq!(checked.exit as i32, 0, "{}", checked.data);
    assert!(
        checked.data.contains(&format!("write '{DIGITS}'")),
        "{}",
        checked.data
    );
    assert!(checked.data.contains("write 'no'"), "{}", checked.data);
    let why = elect(&format!("voters steering/2026 --why {DIGITS}"));
    assert_eq!(
        why.data,
        format!("{DIGITS} may vote: on the list of voters\n")
    );
    // Logins have no case.
    let why = elect("voters steering/2026 --why ADA");
    assert!(why.data.starts_with("ADA may vote"), "{}", why.data);
    let why = elect("voters steering/2026 --why mallory");
    assert_eq!(why.exit as i32, 1);
}

#[test]
fn the_rule_over_the_estate_says_who_may_vote_with_reasons() {
    let community = Community::new("sealed", "pairwise");
    let voters = "voters elections/steering/2026";
    let told = json(&community.elect(BEFORE, &format!("{voters} --output json")));
    let rows = told["voters"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0]["login"], DIGITS);
    assert_eq!(rows[0]["person"], "ed");
    assert_eq!(rows[1]["why"], "member of steering");
    community.ends(BEFORE, &format!("{voters} --why ada"), 0, "may vote");
    community.ends(
        BEFORE,
        &format!("{voters} --why stranger"),
        1,
        "may not vote",
    );
    let lock = format!("{voters} --lock elections/steering/2026/voters.lock");
    community.ends(BEFORE, &lock, 0, "5 voters");
    community.ends(BEFORE, &lock, 0, "says so already");
    // Who leaves later stays on the roll that was written down.
    community.write(
        "groups/steering.yaml",
        "title: Steering\nkind: committee\nmembers: [ada]\n",
    );
    let told = json(&community.elect(AFTER, &format!("{voters} --output json")));
    assert_eq!(told["voters"].as_array().unwrap().len(), 5);
}

#[test]
fn the_real_folders_of_elekto_have_no_errors() {
    let Some(folder) = shared("kubernetes/community/elections") else {
        return;
    };
    let words = format!("check {} --output json", folder.display());
    let words: Vec<&str> = std::iter::once("elect").chain(words.split(' ')).collect();
    let checked = json(&run_at(&root(), DURING, &words));
    assert_eq!(checked["counts"]["errors"], 0, "{checked:#}");
    assert_eq!(checked["estate"].as_str().unwrap().split(", ").count(), 3);
}

#[test]
fn the_files_of_elekto_come_back_byte_for_byte() {
    let Some(real) = shared("kubernetes/community/elections/steering/2024") else {
        return;
    };
    let folder = Folder::new();
    let mut names = Vec::new();
    for entry in fs::read_dir(real).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let kept = ["election.yaml", "voters.yaml", "election_desc.md"].contains(&name.as_str())
            || name.starts_with("candidate-");
        if kept {
            let text = fs::read_to_string(entry.path()).unwrap();
            write(&folder.0.join(format!("{name}.tmp")), &text);
            fs::create_dir_all(folder.0.join("2024")).unwrap();
            fs::rename(
                folder.0.join(format!("{name}.tmp")),
                folder.0.join("2024").join(&name),
            )
            .unwrap();
            names.push(name);
        }
    }
    let ends = |words: &str| {
        let words: Vec<&str> = std::iter::once("elect").chain(words.split(' ')).collect();
        let outcome = run_at(&folder.0, AFTER, &words);
        assert_eq!(outcome.exit as i32, 0, "{words:?}: {}", outcome.notes);
    };
    ends("open 2024 --box box.sqlite --publish full");
    ends("close 2024 --box box.sqlite");
    ends("export 2024 --box box.sqlite --elekto meta");
    assert!(names.len() > 9, "{names:?}");
    for name in names {
        let read = |below: &str| fs::read(folder.0.join(below).join(&name)).unwrap();
        assert!(read("meta") == read("2024"), "{name}");
    }
    assert!(folder.0.join("meta/ballots.csv").exists());
    assert!(folder.0.join("meta/results.md").exists());
}
