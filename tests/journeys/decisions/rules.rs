//! Which charter and which people an item is decided by, when both change meanwhile.

use super::assembly::Assembly;

#[test]
fn a_charter_that_changes_meanwhile_does_not_change_what_is_open() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "By the old rules");
    it.ticks();
    it.edit("charter.yaml", "threshold: 1/2", "threshold: 4/5");
    it.edit("charter.yaml", "quorum: 3", "quorum: 5");
    it.merge("stricter");
    it.proposes("ada", "charter", "By the new rules");
    it.ticks_at("2026-03-02T11:00:00Z");
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 yes");
        it.by(person, "vote 2 yes");
    }
    it.ticks();
    it.ticks_at("2026-03-20T00:00:00Z");
    it.runs("decide status 1").ends(0, "accepted");
    it.runs("decide status 2").ends(1, "rejected");
    let charter = |item: &str| it.status(item)["charter"].clone();
    assert_ne!(charter("1"), charter("2"));
    it.commit("Decisions");
    it.runs("decide verify").ends(0, "as they were received");
}

#[test]
fn a_charter_counts_once_it_is_trusted_and_not_when_it_is_merely_committed() {
    let it = Assembly::new();
    it.edit(
        "charter.yaml",
        "count: 1, by: [infra]",
        "count: 3, by: [infra]",
    );
    it.commit("stricter, and not trusted yet");
    it.proposes("ada", "rfc", "One is enough");
    it.ticks();
    it.by("bob", "approve 1");
    it.ticks();
    it.runs("decide status 1").ends(0, "accepted");
}

#[test]
fn whoever_joins_later_has_no_vote_until_the_body_says_so() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "Newcomers");
    it.ticks();
    it.edit(
        "groups/steering.yaml",
        "{person: bob, role: member}",
        "{person: bob, role: member}, {person: gus, role: member}",
    );
    it.merge("gus joins steering");
    it.at("2026-03-02T11:00:00Z");
    it.by("gus", "vote 1 yes").ends(0, "E_NOT_ELIGIBLE");
    it.ticks();
    let status = it.status("1");
    assert_eq!(status["record"]["ignored"][0]["reason"], "E_NOT_ELIGIBLE");
    assert_eq!(status["record"]["count"]["base"], "5/1");
    // Those who joined cannot let themselves in.
    it.at("2026-03-02T12:00:00Z");
    it.by("gus", "refresh 1").ends(0, "E_NOT_ELIGIBLE");
    it.ticks();
    it.at("2026-03-02T13:00:00Z");
    it.by("cy", "refresh 1");
    it.ticks();
    it.at("2026-03-02T14:00:00Z");
    it.by("gus", "vote 1 yes");
    it.ticks();
    let status = it.status("1");
    assert_eq!(status["record"]["count"]["base"], "6/1", "{status:#}");
    assert_eq!(status["record"]["votes"]["gus"], "yes");
    it.commit("Decisions");
    it.runs("decide verify").ends(0, "as they were received");
}

#[test]
fn who_joined_after_the_proposal_and_before_it_opened_has_a_vote() {
    let it = Assembly::new();
    let folder = it.drops_notice();
    let away = folder.with_file_name("away");
    std::fs::rename(&folder, &away).expect("a folder");
    it.proposes("ada", "graduation", "Not open yet");
    it.ticks();
    it.edit(
        "groups/steering.yaml",
        "{person: bob, role: member}",
        "{person: bob, role: member}, {person: gus, role: member}",
    );
    it.merge("gus joins steering");
    std::fs::rename(&away, &folder).expect("a folder");
    it.ticks_at("2026-03-02T11:00:00Z");
    it.by("gus", "vote 1 yes");
    it.ticks();
    let status = it.status("1");
    assert_eq!(status["record"]["votes"]["gus"], "yes", "{status:#}");
    assert_eq!(status["record"]["count"]["base"], "6/1");
}

#[test]
fn a_key_that_is_taken_away_signs_nothing_more_and_what_it_signed_stands() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "Keys");
    it.ticks();
    it.by("bob", "vote 1 yes");
    it.ticks();
    it.at("2026-03-02T11:00:00Z");
    it.by("cy", "vote 1 yes");
    it.new_key("cy-new");
    for (file, key) in [("cy", "cy-new"), ("bob", "fresh")] {
        if key == "fresh" {
            it.new_key(key);
        }
        let text = it.person(key).replace(key, file);
        it.write(&format!("people/{file}.yaml"), &text);
    }
    it.merge("other keys for bob and cy");
    let said = it.ticks();
    assert!(said.err.contains("is not received"), "{}", said.err);
    let status = it.status("1");
    let votes = serde_json::json!({"bob": "yes"});
    assert_eq!(status["record"]["votes"], votes, "{status:#}");
    it.tries("cy", "vote 1 yes").ends(4, "is nobody's");
    it.by("cy-new", "vote 1 yes");
    it.ticks();
    assert_eq!(it.status("1")["record"]["votes"]["cy"], "yes");
}

#[test]
fn who_left_votes_no_more_and_what_was_cast_before_stands() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "Leaving");
    it.ticks();
    it.by("bob", "vote 1 yes");
    it.by("cy", "vote 1 yes");
    it.ticks();
    let text = it.text("people/bob.yaml");
    it.write("people/bob.yaml", &format!("{text}left: 2026-03-02\n"));
    it.merge("bob leaves");
    it.at("2026-03-03T12:00:00Z");
    it.by("dora", "vote 1 yes");
    it.ticks();
    it.ticks_at("2026-03-04T00:00:00Z");
    it.runs("decide status 1").ends(0, "accepted");
}

#[test]
fn events_are_received_under_a_commit_that_is_part_of_what_is_checked_out() {
    let it = Assembly::new();
    it.git(&["checkout", "--quiet", "--orphan", "elsewhere"]);
    it.commit("a history of its own");
    it.runs("decide tick")
        .ends(1, "what is checked out does not contain");
    it.runs("decide list").ends(1, "does not contain");
}
