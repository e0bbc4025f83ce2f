//! Who may vote is settled when the election is opened, and nobody becomes another.

use super::setting::{AFTER, BEFORE, Community, DURING, json};

const OPEN: &str = "open elections/steering/2026";

/// Says what a vote was answered with.
#[track_caller]
fn says(outcome: &commonhold::Outcome, exit: i32, says: &str) {
    assert!(
        outcome.exit as i32 == exit
            && (outcome.data.contains(says) || outcome.notes.contains(says)),
        "expected exit {exit} and `{says}`, found {:?}:\n{}\n{}",
        outcome.exit,
        outcome.data,
        outcome.notes
    );
}

/// Somebody changes the login of their file, in a commit.
fn takes_login(community: &Community, who: &str, login: &str) {
    let path = format!("people/{who}.yaml");
    let text = community.text(&path);
    let lines = text.lines().filter(|line| !line.starts_with("handles:"));
    let kept: Vec<&str> = lines.collect();
    let text = format!("{}\nhandles: {{github: {login}}}\n", kept.join("\n"));
    community.write(&path, &text);
    community.commit();
}

/// The public half of a key, as a file of a person has it.
fn public(community: &Community, name: &str) -> String {
    let line = community.text(&format!("keys/{name}.pub"));
    let words: Vec<&str> = line.split(' ').take(2).collect();
    words.join(" ")
}

/// The file of a person with another key.
fn with_key(community: &Community, who: &str, key: &str) -> String {
    let text = community.text(&format!("people/{who}.yaml"));
    let at = text.find("keys:").expect("keys");
    format!("{}keys: ['{}']\n", &text[..at], public(community, key))
}

#[test]
fn a_login_that_somebody_takes_after_the_opening_votes_for_nobody() {
    let community = Community::new("open", "full");
    community.write(
        "elections/steering/2026/voters.yaml",
        "eligible_voters:\n- liggitt\n- dims\n- ada\n",
    );
    community.commit();
    let opened = community.ends(BEFORE, OPEN, 0, "3 voters");
    says(&opened, 0, "2 voters have no file in the estate");
    says(&opened, 0, "the voters are sha256:");
    for login in ["liggitt", "dims"] {
        takes_login(&community, "bo", login);
        says(&community.vote("bo", DURING, "ann"), 1, "E_NOT_ELIGIBLE");
    }
    // Whoever is a voter stays that one, and has one ballot.
    says(
        &community.vote("ada", DURING, "ann"),
        0,
        "person/ada: your ballot is cast",
    );
    takes_login(&community, "ada", "liggitt");
    says(
        &community.vote("ada", DURING, "ben"),
        0,
        "instead of the one before",
    );
    let closing = json(&community.ends(AFTER, "close steering/2026", 0, ""));
    assert_eq!(closing["took_part"], 1);
}

#[test]
fn opening_again_means_the_people_of_the_first_time() {
    let community = Community::new("open", "full");
    community.commit();
    let first = community.ends(BEFORE, OPEN, 0, "5 voters");
    community.write(
        "groups/steering.yaml",
        "title: Steering\nkind: committee\nmembers: [ada]\n",
    );
    community.commit();
    assert_eq!(community.ends(BEFORE, OPEN, 0, "5 voters").data, first.data);
}

#[test]
fn a_new_key_signs_for_its_person_and_one_that_was_taken_out_for_nobody() {
    let community = Community::new("open", "full");
    community.commit();
    community.open();
    let text = with_key(&community, "ada", "stranger");
    community.write("people/ada.yaml", &text);
    community.commit();
    says(
        &community.vote("ada", DURING, "ann"),
        4,
        "was taken out of the file of person/ada",
    );
    says(
        &community.vote("stranger", DURING, "ann"),
        0,
        "person/ada: your ballot is cast",
    );
}

#[test]
fn a_record_of_the_opening_that_was_changed_opens_nothing() {
    let community = Community::new("open", "full");
    community.commit();
    community.open();
    let path = ".commonhold/elections/steering---2026.opening";
    let text = community.text(path);
    let at = text.find("\"commit\":\"").expect("a commit") + 10;
    let other = format!("{}{}{}", &text[..at], "0".repeat(40), &text[at + 40..]);
    community.write(path, &other);
    says(
        &community.vote("ada", DURING, "ann"),
        1,
        "is not what the ballot box was opened with",
    );
    std::fs::remove_file(community.path(path)).expect("removed");
    says(&community.vote("ada", DURING, "ann"), 1, "is not there");
    // Whoever opens the same again has it back.
    community.open();
    says(&community.vote("ada", DURING, "ann"), 0, "cast");
}

#[test]
fn whom_a_decision_admits_votes_and_is_counted_in_the_record() {
    let community = Community::new("open", "full");
    community.commit();
    community.open();
    let text = with_key(&community, "ada", "stranger").replace("ada", "eve");
    community.write("people/eve.yaml", &text);
    community.commit();
    says(
        &community.vote("stranger", DURING, "ann"),
        1,
        "E_NOT_ELIGIBLE",
    );
    let admit = "admit steering/2026 person/eve --decision 2026-031";
    community.ends(
        DURING,
        "admit steering/2026 eve --decision 2026-031",
        2,
        "name the person",
    );
    community.ends(
        DURING,
        "admit steering/2026 person/eva --decision 1",
        2,
        "has no person/eva",
    );
    community.ends(
        DURING,
        admit,
        0,
        "person/eve may vote, by the decision 2026-031",
    );
    community.ends(DURING, admit, 0, "could vote already");
    says(
        &community.vote("stranger", DURING, "ann"),
        0,
        "person/eve: your ballot is cast",
    );
    community.ends(
        DURING,
        "status steering/2026",
        0,
        "admitted: person/eve, by the decision 2026-031",
    );
    community.ends(
        AFTER,
        "admit steering/2026 person/eve --decision 1",
        1,
        "E_LATE",
    );
    let closing = json(&community.ends(AFTER, "close steering/2026", 0, ""));
    assert_eq!(
        (closing["voters"].as_u64(), closing["admitted"].as_u64()),
        (Some(6), Some(1))
    );
    let export = "export elections/steering/2026 --out out --elekto meta";
    community.ends(AFTER, export, 0, "");
    assert!(community.text("meta/voters.yaml").contains("- eve\n"));
    community.ends(
        AFTER,
        "verify out/published.json",
        0,
        "1 voter was admitted after the opening",
    );
}

#[test]
fn the_key_of_the_registrar_is_kept_apart_and_unused_tokens_are_told() {
    let community = Community::new("blind", "full");
    community.ends(
        BEFORE,
        &format!("{OPEN} --registrar apart/key"),
        0,
        "5 voters",
    );
    let beside = community.path(".commonhold/elections/steering---2026.registrar");
    assert!(!beside.exists() && community.path("apart/key").exists());
    let token = |who: &str| format!("token steering/2026 --out {who}.token --key keys/{who}");
    community.ends(BEFORE, &token("ada"), 1, "name its file with --registrar");
    for who in ["ada", "bo"] {
        let words = format!("{} --registrar apart/key", token(who));
        community.ends(BEFORE, &words, 0, "your token is in");
    }
    community.ends(DURING, "vote steering/2026 ann --token ada.token", 0, "");
    community.ends(AFTER, "close steering/2026", 0, "");
    community.ends(AFTER, "export steering/2026 --out out", 0, "board.jsonl");
    let verify = "verify out/board.jsonl --closing out/closing.json";
    let told = community.ends(AFTER, verify, 0, "1 token was taken and not voted with");
    assert!(
        told.data.contains("does not show whether the registrar"),
        "{}",
        told.data
    );
}

#[test]
fn an_election_that_would_hide_the_ballots_of_its_board_is_found_by_its_file() {
    let community = Community::new("blind", "pairwise");
    community.ends(BEFORE, "check elections", 1, "election-contradiction");
}

#[test]
fn the_files_of_an_election_are_claimed_and_what_lies_beside_them_is_not() {
    let community = Community::new("sealed", "pairwise");
    community.write(
        "elections/steering/2026/voters.yaml",
        "eligible_voters: [ada]\n",
    );
    community.write(
        "elections/steering/2026/voter.yaml",
        "eligible_voters: [bo]\n",
    );
    let checked = super::setting::run_at(community.folder(), BEFORE, &["check"]);
    let unclaimed: Vec<&str> = checked.data.split("[file-unclaimed]").skip(1).collect();
    assert_eq!(unclaimed.len(), 1, "{}", checked.data);
    assert!(unclaimed[0].contains("2026/voter.yaml"), "{}", checked.data);
}
