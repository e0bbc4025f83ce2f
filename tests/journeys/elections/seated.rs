//! Who sits, and who has to draw the lot.

use super::setting::{AFTER, BEFORE, Community, json};

/// Ann is first; ben and cat are tied for the second of two seats.
const TIED: &str = "ann,ben,cat\n1,2,3\n1,3,2\n";
const SEATS: &str = "seats elections/steering/2026 --ballots ballots.csv";

fn committed() -> (String, String) {
    let nonce = "11".repeat(32);
    let digest = base_digest(&[0x11; 32]);
    (
        nonce,
        format!("tie: lottery\ncommitments:\n  ada: {digest}\n"),
    )
}

/// The digest as `sha256sum` computes it.
fn base_digest(bytes: &[u8]) -> String {
    base::Digest::of(bytes).to_string()
}

#[test]
fn a_tie_over_a_seat_waits_for_whoever_must_draw_and_the_order_settles_it() {
    let community = Community::new("sealed", "pairwise");
    community.write("ballots.csv", TIED);
    let waits = community.ends(AFTER, SEATS, 5, "a tie waits for a coin");
    assert!(
        waits.data.contains("Tied for 1 seat: ben, cat."),
        "{}",
        waits.data
    );
    let drawn = community.elect(AFTER, &format!("{SEATS} --lot cat,ben --output json"));
    assert_eq!(drawn.exit as i32, 0, "{}", drawn.notes);
    let places = json(&drawn)["seating"]["places"].clone();
    let seated: Vec<&str> = places
        .as_array()
        .unwrap()
        .iter()
        .filter(|place| place["fate"] == "seated")
        .map(|place| place["candidate"].as_str().unwrap())
        .collect();
    assert_eq!(seated, ["ann", "cat"]);
    community.ends(
        AFTER,
        &format!("{SEATS} --lot mallory"),
        2,
        "who does not stand",
    );
}

#[test]
fn a_lottery_names_the_officer_who_has_not_told_and_refuses_another_secret() {
    let (nonce, lines) = committed();
    let community = Community::with("sealed", "pairwise", &lines);
    community.write("ballots.csv", TIED);
    community.open();
    community.ends(AFTER, SEATS, 5, "the lottery: ada tell");
    let other = "22".repeat(32);
    community.ends(
        AFTER,
        &format!("{SEATS} --nonce ada={other}"),
        1,
        "does not fit",
    );
    let drawn = community.ends(
        AFTER,
        &format!("{SEATS} --nonce ada={nonce} --output json"),
        0,
        "",
    );
    let draw = json(&drawn)["draw"]["order"].clone();
    assert_eq!(draw.as_array().unwrap().len(), 3);
    let again = community.elect(AFTER, &format!("{SEATS} --nonce ada={nonce} --output json"));
    assert_eq!(drawn.data, again.data);
}

/// Two officers who have committed, with what they tell, and ballots that are tied.
fn two_officers() -> (Community, [String; 2]) {
    let lines = format!(
        "tie: lottery\ncommitments:\n  ada: {}\n  cy: {}\n",
        base_digest(&[0x11; 32]),
        base_digest(&[0x22; 32])
    );
    let community = Community::with("sealed", "pairwise", &lines);
    community.write("ballots.csv", TIED);
    let told = [("ada", "11"), ("cy", "22")];
    let told = told.map(|(who, byte)| format!("--nonce {who}={}", byte.repeat(32)));
    (community, told)
}

#[test]
fn an_election_that_is_reworded_after_it_opened_draws_no_other_lot() {
    let (community, told) = two_officers();
    let words = format!("{SEATS} {} --output json", told.join(" "));
    // Nothing says yet how the election was when it was opened.
    community.ends(AFTER, &words, 1, "for the election as it was opened");
    community.open();
    let drawn = community.ends(AFTER, &words, 0, "");
    let path = "elections/steering/2026/election.yaml";
    let text = community.text(path);
    for title in ["Steering", "steering."] {
        community.write(path, &format!("{text}title: {title}\n"));
        let changed = "was changed after the election was opened";
        community.ends(AFTER, &words, 1, changed);
        community.ends(AFTER, SEATS, 1, changed);
    }
    community.write(path, &text);
    assert_eq!(community.ends(AFTER, &words, 0, "").data, drawn.data);
    // Elsewhere it is drawn by what was published.
    community.ends(AFTER, "close steering/2026", 0, "");
    community.ends(AFTER, "export steering/2026 --out out", 0, "opening.json");
    std::fs::remove_dir_all(community.path(".commonhold")).unwrap();
    community.ends(AFTER, &words, 1, "--opening");
    let published = format!("{words} --opening out/opening.json");
    assert_eq!(community.ends(AFTER, &published, 0, "").data, drawn.data);
    community.write(path, &format!("{text}title: Steering\n"));
    community.ends(AFTER, &published, 1, "was changed after");
}

#[test]
fn no_officer_falls_out_of_the_lottery_but_by_a_decision_that_the_result_names() {
    let (community, [ada, cy]) = two_officers();
    community.open();
    let missing = "cy has committed to a nonce and has not revealed it";
    community.ends(AFTER, &format!("{SEATS} {ada}"), 1, missing);
    let without = format!("{SEATS} {ada} --exclude cy");
    community.ends(AFTER, &without, 2, "--decision");
    let decided = format!("{without} --decision 2026-031");
    let named = "excluded from the lottery: cy, by the decision 2026-031";
    community.ends(AFTER, &decided, 0, named);
    let told = json(&community.elect(AFTER, &format!("{decided} --output json")));
    assert_eq!(told["draw"]["excluded"]["cy"], "2026-031");
    // Who told the truth stays in.
    community.ends(AFTER, &format!("{decided} {cy}"), 1, "cannot be excluded");
}

#[test]
fn an_employer_that_holds_enough_is_left_out_with_those_who_stay() {
    let community = Community::with(
        "sealed",
        "pairwise",
        "tie: coin\nbody_seats: 4\ncap: {number: 2}\nterms: [2y, 1y]\n",
    );
    // Ada and bo work for one company; di for another.
    community.write("ballots.csv", "ada,di,ben\n1,2,3\n");
    let words = format!("{SEATS} --continuing bo --continuing cy --output json");
    let told = json(&community.ends(AFTER, &words, 0, ""));
    let places = &told["seating"]["places"];
    assert_eq!(places[0]["fate"], "excluded");
    assert_eq!(places[0]["employer"], "aurora");
    assert_eq!(places[1]["fate"], "seated");
    assert_eq!(places[1]["term"]["until"], "2028-10-02");
    assert_eq!(places[2]["term"]["until"], "2027-10-02");
    community.ends(
        AFTER,
        SEATS,
        0,
        "name the members who stay with --continuing",
    );
}

#[test]
fn before_anything_is_counted_there_is_nothing_to_sit_on() {
    let community = Community::new("sealed", "pairwise");
    community.ends(
        BEFORE,
        "seats elections/steering/2026",
        1,
        "open the poll first",
    );
    community.open();
    community.ends(
        BEFORE,
        "seats elections/steering/2026",
        5,
        "the ballots are shown to nobody before the poll is closed (E_EARLY)",
    );
}

#[test]
fn transferable_votes_that_need_a_lot_wait_for_it() {
    let community = Community::new("sealed", "pairwise");
    let path = "elections/steering/2026/election.yaml";
    let text = community.text(path);
    let start = text.find("method:").unwrap();
    let end = start + text[start..].find('\n').unwrap();
    let method = "method: {name: scottish, version: v1, preferences: consecutive}";
    community.write(path, &format!("{}{method}{}", &text[..start], &text[end..]));
    // Ann has the quota and nothing above it; ben and cat are equal at every stage.
    community.write(
        "ballots.csv",
        "ann,ben,cat\n1,No opinion,No opinion\n1,No opinion,No opinion\nNo opinion,1,No opinion\nNo opinion,No opinion,1\n",
    );
    community.ends(AFTER, SEATS, 5, "a tie waits for a coin");
    let drawn = community.ends(AFTER, &format!("{SEATS} --lot ben,cat"), 0, "ben");
    assert!(!drawn.data.contains("cat  "), "{}", drawn.data);
}
