//! Voting: when, by whom, how often, and what is kept and published of it.

use super::setting::{AFTER, BEFORE, Community, DIGITS, DURING, LAST, holds, json};

const CLOSE: &str = "close steering/2026";

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

#[test]
fn votes_count_from_the_opening_to_just_before_the_close() {
    let community = Community::new("open", "full");
    community.ends(
        DURING,
        "vote steering/2026 ann --key keys/ada",
        1,
        "open the poll first",
    );
    community.open();
    says(&community.vote("ada", BEFORE, "ann,ben"), 5, "E_EARLY");
    community.ends(BEFORE, CLOSE, 5, "E_EARLY");
    says(
        &community.vote("ada", DURING, "ann,ben"),
        0,
        "ada: your ballot is cast",
    );
    says(
        &community.vote("bo", LAST, "ben"),
        0,
        "bo: your ballot is cast",
    );
    says(&community.vote("cy", AFTER, "ben"), 1, "E_LATE");
    // The time is that of the clock, whatever the command line says.
    let other = community.vote("cy", AFTER, "ben --at 2026-09-15");
    says(&other, 2, "leave --at out");
    let closing = json(&community.ends(AFTER, CLOSE, 0, "commonhold-closing/1"));
    assert_eq!(
        (closing["took_part"].as_u64(), closing["voters"].as_u64()),
        (Some(2), Some(5))
    );
    assert_eq!(closing["effect_at"], "2026-10-02T11:59:59Z");
    let again = json(&community.ends(AFTER, CLOSE, 0, ""));
    assert_eq!(again, closing);
    // A clock that is set back opens nothing.
    says(&community.vote("cy", DURING, "ben"), 1, "E_LATE");
    let status = json(&community.elect(AFTER, "status steering/2026 --output json"));
    let refused = status["refusals"].as_array().unwrap();
    let late = refused.iter().filter(|one| one["code"] == "E_LATE");
    assert_eq!(late.count(), 2, "{status:#}");
}

#[test]
fn strangers_and_unknown_candidates_are_refused_with_their_code() {
    let community = Community::new("open", "full");
    community.open();
    says(&community.vote("stranger", DURING, "ann"), 4, "is nobody's");
    says(&community.vote("missing", DURING, "ann"), 4, "no SSH key");
    says(
        &community.vote("ada", DURING, "ann,mallory"),
        1,
        "E_UNKNOWN_CANDIDATE",
    );
    says(&community.vote("ada", DURING, "ann,ann"), 1, "E_TWICE");
    says(&community.vote("ada", DURING, "--rank ann=0"), 1, "E_RANK");
    says(&community.vote("ada", DURING, "--rank ann=-5"), 1, "E_RANK");
    says(
        &community.vote("ada", DURING, "--rank ann=1000000000"),
        1,
        "E_RANK",
    );
    says(
        &community.vote("ada", DURING, "--rank ann"),
        2,
        "gives no rank",
    );
    says(&community.vote("ada", DURING, "ann,,ben"), 2, "is no order");
    let status = json(&community.elect(DURING, "status steering/2026 --output json"));
    assert_eq!(status["took_part"], 0);
    // Who joins the estate after the opening is no voter of this election.
    let file = community.text("people/ada.yaml");
    let key = community.text("keys/stranger.pub");
    let key: Vec<&str> = key.split(' ').take(2).collect();
    let at = file.find("keys:").unwrap();
    let joined = format!("{}keys: ['{}']\n", &file[..at], key.join(" "));
    community.write("people/eve.yaml", &joined.replace("ada", "eve"));
    says(
        &community.vote("stranger", DURING, "ann"),
        1,
        "E_NOT_ELIGIBLE",
    );
}

#[test]
fn a_login_of_digits_has_one_vote_and_the_last_counts() {
    let community = Community::new("open", "full");
    community.open();
    says(
        &community.vote("ed", DURING, "ann"),
        0,
        "person/ed: your ballot is cast",
    );
    says(&community.vote("ed", DURING, "ann"), 0, "cast so already");
    says(
        &community.vote("ed", DURING, "ben"),
        0,
        "instead of the one before",
    );
    community.ends(AFTER, CLOSE, 0, "\"took_part\": 1");
    let tally = json(&community.elect(AFTER, "tally elections/steering/2026 --output json"));
    assert_eq!(tally["tallies"][0]["turnout"], 1);
}

#[test]
fn an_election_without_a_second_ballot_refuses_one() {
    let community = Community::new("open", "full");
    community.ends(BEFORE, "open elections/steering/2026 --no-revote", 0, "");
    says(&community.vote("ada", DURING, "ann"), 0, "cast");
    says(&community.vote("ada", DURING, "ben"), 1, "E_DUP");
}

#[test]
fn a_sealed_ballot_is_changed_by_its_receipt_alone() {
    let community = Community::new("sealed", "pairwise");
    community.open();
    says(
        &community.vote("ada", DURING, "ann --receipt ada.receipt"),
        0,
        "ada.receipt",
    );
    says(&community.vote("ada", DURING, "ben"), 1, "E_DUP");
    says(
        &community.vote("ada", DURING, "ben --receipt ada.receipt"),
        0,
        "instead of",
    );
    says(
        &community.vote("bo", DURING, "ben --receipt ada.receipt"),
        1,
        "E_TOKEN",
    );
    let taken_back = "vote steering/2026 --withdraw --receipt ada.receipt";
    community.ends(DURING, taken_back, 0, "taken back");
    says(&community.vote("cy", DURING, "cat"), 0, "your receipt: ");
    // A refused ballot leaves no receipt behind that would be taken for one.
    says(
        &community.vote("di", BEFORE, "cat --receipt di.receipt"),
        5,
        "E_EARLY",
    );
    assert!(!community.path("di.receipt").exists());
    let closing = json(&community.ends(AFTER, CLOSE, 0, ""));
    assert_eq!(
        (closing["took_part"].as_u64(), closing["ballots"].as_u64()),
        (Some(2), Some(1))
    );
}

#[test]
fn a_hundred_votes_of_one_person_at_once_are_one() {
    let community = Community::new("sealed", "pairwise");
    community.open();
    let gate = std::sync::Barrier::new(100);
    let done: Vec<commonhold::Outcome> = std::thread::scope(|scope| {
        let vote = || {
            gate.wait();
            community.vote("ada", DURING, "ann,ben")
        };
        let all: Vec<_> = (0..100).map(|_| scope.spawn(vote)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (cast, refused): (Vec<_>, Vec<_>) = done.iter().partition(|one| one.exit as i32 == 0);
    assert_eq!((cast.len(), refused.len()), (1, 99));
    for one in refused {
        says(one, 1, "E_DUP");
    }
    let closing = json(&community.ends(AFTER, CLOSE, 0, ""));
    assert_eq!(closing["took_part"], 1);
    community.ends(AFTER, "verify steering/2026", 0, "as it was written");
}

/// The files of a closed sealed election, and all its exports, where people voted in an order.
fn sealed(order: [&str; 4], publish: &str) -> (Community, Vec<u8>) {
    let community = Community::new("sealed", publish);
    community.open();
    for who in order {
        let ballot = match who {
            "ada" => "ann,ben,cat",
            "bo" => "ben,cat,ann",
            "cy" => "cat,ann,ben",
            _ => "ann=ben,cat",
        };
        says(&community.vote(who, DURING, ballot), 0, "cast");
    }
    community.ends(AFTER, CLOSE, 0, "");
    community.ends(
        AFTER,
        "export elections/steering/2026 --out out --elekto meta",
        0,
        "results.md",
    );
    let bytes = community.bytes("out");
    (community, bytes)
}

#[test]
fn the_export_of_a_sealed_election_neither_orders_nor_links() {
    // The record's head has random keys in it; all else is the same bytes.
    let without_head = |bytes: &[u8]| -> String {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let lines = text.lines().filter(|line| !line.contains("\"head\""));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let (_, one) = sealed(["ada", "bo", "cy", "di"], "full");
    let (community, other) = sealed(["di", "cy", "bo", "ada"], "full");
    assert_eq!(without_head(&one), without_head(&other));
    assert_eq!(
        community.text("out/ballots.csv"),
        "ann,ben,cat\n1,1,2\n1,2,3\n2,3,1\n3,1,2\n"
    );
    for who in ["ada", "\"bo\"", "2026-09-15", "keys/"] {
        assert!(!holds(&other, who), "{who}");
    }
    // The box knows who voted, and nowhere the time or the key.
    let kept = community.bytes(".commonhold");
    assert!(holds(&kept, "ada") && !holds(&kept, "2026-09-15"));
    assert!(!holds(&kept, "SSH SIGNATURE"));
}

#[test]
fn no_more_is_published_than_the_election_says() {
    let (community, bytes) = sealed(["ada", "bo", "cy", "di"], "pairwise");
    assert!(!community.path("out/ballots.csv").exists());
    assert!(!community.path("meta/ballots.csv").exists());
    assert!(holds(&bytes, "\"pairwise\"") && !holds(&bytes, "\"ballots\": ["));
    let results = community.text("out/results.md");
    assert!(
        results.starts_with("# steering/2026\n\n4 of 5 voters took part."),
        "{results}"
    );
    assert!(results.contains("| ann |"), "{results}");
    let verify = "verify out/published.json --closing out/closing.json";
    community.ends(AFTER, verify, 0, "its parts belong together: 4 of 5");
    let (community, bytes) = sealed(["ada", "bo", "cy", "di"], "none");
    assert!(!holds(&bytes, "pairwise\""));
    assert!(!community.text("out/results.md").contains('|'));
}

#[test]
fn elektos_files_of_an_election_read_as_an_election_of_elekto() {
    let (community, _) = sealed(["ada", "bo", "cy", "di"], "full");
    community.ends(AFTER, "check meta --output json", 0, "\"errors\": 0");
    assert_eq!(
        community.text("meta/voters.yaml"),
        format!("eligible_voters:\n- '{DIGITS}'\n- ada\n- bo\n- cy\n- di\n")
    );
    let told = json(&community.elect(AFTER, "tally meta --output json"));
    assert_eq!(told["tallies"][0]["turnout"], 4);
    let published = community.text("out/published.json");
    let added = published.replacen("\"ballots\": [", "\"ballots\": [[1,1,1],", 1);
    assert_ne!(added, published);
    community.write("added.json", &added);
    community.ends(AFTER, "verify added.json", 1, "it holds 5 ballots");
    // What is there and says something else is not written over.
    community.write("meta/results.md", "something else\n");
    community.ends(
        AFTER,
        "export elections/steering/2026 --elekto meta",
        1,
        "nothing was written",
    );
}

#[test]
fn an_election_that_is_changed_after_it_opened_is_not_counted_under_other_rules() {
    let community = Community::new("sealed", "full");
    community.open();
    says(&community.vote("ada", DURING, "ann"), 0, "cast");
    community.ends(AFTER, CLOSE, 0, "");
    let path = "elections/steering/2026/election.yaml";
    let text = community.text(path).replace("seats: 2", "seats: 3");
    community.write(path, &text);
    community.ends(AFTER, "open elections/steering/2026", 1, "another poll");
    community.ends(
        AFTER,
        "export elections/steering/2026 --out out",
        1,
        "was changed after the election was opened",
    );
}

#[test]
fn anybody_finds_a_ballot_that_was_dropped_added_or_changed_on_a_blind_board() {
    let community = Community::new("blind", "full");
    community.open();
    for who in ["ada", "bo", "cy"] {
        let words = format!("token steering/2026 --out {who}.token --key keys/{who}");
        community.ends(BEFORE, &words, 0, "your token is in");
        community.ends(BEFORE, &words, 0, "already");
    }
    let second = "token steering/2026 --out second.token --key keys/ada";
    community.ends(BEFORE, second, 1, "E_DUP");
    let stranger = "token steering/2026 --out no.token --key keys/stranger";
    community.ends(BEFORE, stranger, 4, "nobody's");
    says(&community.vote("ada", DURING, "ann"), 2, "take a token");
    let cast = |who: &str, ballot: &str| {
        let words = format!("vote steering/2026 {ballot} --token {who}.token");
        let said = community
            .ends(DURING, &words, 0, "your receipt: sha256:")
            .data;
        let receipt = said.split("your receipt: ").nth(1).unwrap();
        receipt.lines().next().unwrap().to_owned()
    };
    let receipt = cast("ada", "ann,ben");
    cast("bo", "ben");
    cast("cy", "cat,ann");
    community.ends(
        AFTER,
        "vote steering/2026 ann --token ada.token",
        1,
        "E_LATE",
    );
    community.ends(AFTER, CLOSE, 0, "");
    community.ends(AFTER, "verify steering/2026", 0, "as it was written");
    community.ends(
        AFTER,
        "export elections/steering/2026 --out out",
        0,
        "board.jsonl",
    );
    let verify = |file: &str| {
        let words = format!("verify {file} --closing out/closing.json --receipt {receipt}");
        community.elect(AFTER, &words)
    };
    says(
        &verify("out/board.jsonl"),
        0,
        "sound: 3 of 5 voters took part, 3 ballots count",
    );
    let board = community.text("out/board.jsonl");
    let lines: Vec<&str> = board.lines().collect();
    let without = |at: usize| {
        let kept = lines.iter().enumerate().filter(|(line, _)| *line != at);
        kept.map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    for at in 1..lines.len() {
        community.write("bad.jsonl", &without(at));
        says(&verify("bad.jsonl"), 1, "bad.jsonl: ");
    }
    community.write("bad.jsonl", &format!("{board}{}\n", lines[3]));
    says(&verify("bad.jsonl"), 1, "entry");
    let changed = board.replacen("\"ballot\":[1,2,0]", "\"ballot\":[2,1,0]", 1);
    assert_ne!(changed, board);
    community.write("bad.jsonl", &changed);
    says(&verify("bad.jsonl"), 1, "entry");
    // Nothing that the registrar keeps is on the board.
    assert!(!holds(board.as_bytes(), "\"request\""));
}

#[test]
fn voters_who_are_elsewhere_send_a_request_and_a_ballot() {
    let community = Community::new("blind", "full");
    community.open();
    let keep = |file: &str, words: &str, clock| {
        let outcome = community.ends(clock, words, 0, "");
        community.write(file, &outcome.data);
        outcome.notes
    };
    keep("poll.json", "status steering/2026 --output json", BEFORE);
    let ask = "ask poll.json --out ada.token --key keys/ada";
    keep("request.json", ask, BEFORE);
    // The same is asked again, and answered again, until it arrives.
    keep("request.json", ask, BEFORE);
    keep("answer.json", "issue steering/2026 request.json", BEFORE);
    keep("answer.json", "issue steering/2026 request.json", BEFORE);
    let altered =
        community
            .text("request.json")
            .replacen("\"blinded\":\"", "\"blinded\":\"AAAA", 1);
    community.write("altered.json", &altered);
    community.ends(
        BEFORE,
        "issue steering/2026 altered.json",
        4,
        "or was altered",
    );
    let stranger = "ask poll.json --out no.token --key keys/stranger";
    keep("stranger.json", stranger, BEFORE);
    community.ends(
        BEFORE,
        "issue steering/2026 stranger.json",
        4,
        "not signed with a key",
    );
    community.ends(
        BEFORE,
        "accept ada.token answer.json",
        0,
        "your token is in",
    );
    let vote = "vote steering/2026 ben,ann --token ada.token --poll poll.json";
    let notes = keep("ballot.json", vote, DURING);
    let receipt = notes
        .split("your receipt: ")
        .nth(1)
        .unwrap()
        .trim()
        .to_owned();
    community.ends(BEFORE, "post steering/2026 ballot.json", 5, "E_EARLY");
    community.ends(DURING, "post steering/2026 ballot.json", 0, &receipt);
    community.ends(AFTER, "post steering/2026 ballot.json", 1, "E_LATE");
    // Neither what the registrar saw nor the ballot leads from one to the other.
    let ballot: serde_json::Value = serde_json::from_str(&community.text("ballot.json")).unwrap();
    for part in ["key", "nonce", "signature"] {
        let part = ballot["token"][part]
            .as_str()
            .unwrap()
            .get(8..24)
            .unwrap()
            .to_owned();
        for seen in ["request.json", "answer.json"] {
            assert!(!community.text(seen).contains(&part), "{seen}");
        }
    }
    community.ends(AFTER, CLOSE, 0, "\"ballots\": 1");
}

#[test]
fn a_ballot_box_that_a_commit_brought_is_not_trusted() {
    let community = Community::new("open", "full");
    community.open();
    community.commit();
    // What Git ignores stays out; who forces it in has made it anybody's.
    says(&community.vote("ada", DURING, "ann"), 0, "cast");
    community.git("add --force .commonhold/elections/steering---2026.sqlite");
    community.git("commit --quiet -m box");
    says(
        &community.vote("bo", DURING, "ann"),
        1,
        "anybody could have written it",
    );
}

#[test]
fn a_key_of_the_working_copy_alone_votes_for_nobody() {
    let community = Community::new("open", "full");
    community.open();
    community.commit();
    let file = community.text("people/ada.yaml");
    let at = file.find("keys:").unwrap();
    let key = community.text("keys/stranger.pub");
    let key: Vec<&str> = key.split(' ').take(2).collect();
    let taken_over = format!("{}keys: ['{}']\n", &file[..at], key.join(" "));
    community.write("people/ada.yaml", &taken_over);
    says(&community.vote("stranger", DURING, "ann"), 4, "is nobody's");
}
