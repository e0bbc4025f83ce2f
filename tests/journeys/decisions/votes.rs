//! Votes of a body: who may, when, to what, and what is said of those who may not.

use testkit::servers::or_skip;
use testkit::servers::postgres::Postgres;

use super::assembly::Assembly;

fn ignored(it: &Assembly, item: &str) -> Vec<String> {
    let all = it.ignored(item).into_iter();
    all.map(|(by, act, reason)| format!("{by} {act} {reason}"))
        .collect()
}

/// Three of five, each way at the fence post.
#[test]
fn more_than_half_of_the_members_is_three_of_five() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "More seats");
    it.ticks();
    it.runs("decide status 1").ends(5, "open");
    it.by("bob", "vote 1 yes");
    it.by("cy", "vote 1 yes");
    it.ticks_at("2026-03-02T11:00:00Z");
    let status = it.status("1");
    assert_eq!(status["record"]["count"]["yes"], "2/1", "{status:#}");
    assert_eq!(
        status["record"]["count"]["decided"],
        serde_json::Value::Null
    );
    it.by("dora", "vote 1 yes");
    it.ticks_at("2026-03-02T12:00:00Z");
    // Decided, but it is open for a day at least.
    assert_eq!(it.state("1").0, "open");
    it.ticks_at("2026-03-04T00:00:00Z");
    it.runs("decide status 1")
        .ends(0, "accepted since 2026-03-03T10:00:00Z");
    it.runs("decide explain 1").ends(0, "3 for, 0 against");
}

#[test]
fn a_vote_that_cannot_pass_any_more_is_rejected_early() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "Fewer seats");
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 no");
    }
    it.ticks();
    it.ticks_at("2026-03-05T00:00:00Z");
    it.runs("decide status 1")
        .ends(1, "rejected since 2026-03-03T10:00:00Z");
}

#[test]
fn without_a_quorum_it_is_rejected_when_its_time_is_over() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "Nobody cares");
    it.ticks();
    it.by("bob", "vote 1 yes");
    it.by("cy", "vote 1 yes");
    it.ticks();
    it.ticks_at("2026-04-01T00:00:00Z");
    let said = it
        .runs("decide explain 1")
        .ends(1, "rejected since 2026-03-09T10:00:00Z");
    assert!(
        said.out.contains("2 people took part, and 3 must"),
        "{}",
        said.out
    );
}

#[test]
fn strangers_late_votes_and_old_texts_do_not_count_and_are_shown_with_their_codes() {
    let it = Assembly::new();
    let folder = it.drops_notice();
    let hidden = folder.with_file_name("away");
    std::fs::rename(&folder, &hidden).expect("a folder");
    let item = it.proposes("ada", "graduation", "It is stable");
    it.ticks();
    assert_eq!(it.state("1").0, "noticed");
    // Before it is open. The program says so before it is received.
    it.by("bob", "vote 1 yes").ends(0, "E_EARLY");
    it.at("2026-03-02T10:01:00Z");
    it.ticks();
    std::fs::rename(&hidden, &folder).expect("a folder");
    it.ticks_at("2026-03-02T11:00:00Z");
    assert_eq!(it.state("1").0, "open");
    it.by("gus", "vote 1 no").ends(0, "E_NOT_ELIGIBLE");
    it.by("eve", "recuse 1 --reason 'I wrote it'");
    it.ticks();
    it.at("2026-03-02T12:00:00Z");
    it.by("eve", "vote 1 yes").ends(0, "E_RECUSED");
    // The last vote of a person counts.
    it.by("bob", "vote 1 no");
    it.ticks();
    it.at("2026-03-02T13:00:00Z");
    it.by("bob", "vote 1 yes");
    for person in ["cy", "dora"] {
        it.by(person, "vote 1 yes");
    }
    it.ticks();
    // Two thirds of four are three; the fourth is too late to matter.
    it.at("2026-03-07T11:00:00Z");
    it.by("fay", "vote 1 no").ends(0, "E_LATE");
    it.ticks();
    it.runs("decide status 1")
        .ends(0, "accepted since 2026-03-07T11:00:00Z");
    assert_eq!(
        ignored(&it, "1"),
        [
            "bob vote E_EARLY",
            "gus vote E_NOT_ELIGIBLE",
            "eve vote E_RECUSED",
            "fay vote E_LATE",
        ]
    );
    let shown = it.runs("decide status 1");
    for code in ["(E_EARLY)", "(E_NOT_ELIGIBLE)", "(E_RECUSED)", "(E_LATE)"] {
        assert!(shown.out.contains(code), "{code}:\n{}", shown.out);
    }
    assert!(
        shown.out.contains("no vote: eve, recused: I wrote it"),
        "{}",
        shown.out
    );
    let page = it.text(&format!("decisions/{item}/README.md"));
    assert!(page.contains("## What does not count"), "{page}");
}

#[test]
fn votes_for_a_text_that_was_amended_fall() {
    let it = Assembly::new();
    let item = it.proposes("ada", "charter", "A new preamble");
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 yes");
    }
    it.ticks();
    // Eve votes on a branch, and does not see the amendment.
    it.at("2026-03-02T11:00:00Z");
    it.by("eve", "vote 1 yes");
    let vote = format!("decisions/{item}/{}.json", it.event(&item, "vote"));
    let text = it.text(&vote);
    std::fs::remove_file(it.estate().join(&vote)).expect("a vote");
    let draft = it.beside("other.md");
    crate::support::write(&draft, "# A new preamble\n\nWe, all of us.\n");
    let amend = format!("amend 1 --summary 'all of us' --text {}", draft.display());
    it.by("ada", &amend);
    it.ticks();
    it.write(&vote, &text);
    it.ticks_at("2026-03-02T12:00:00Z");
    assert_eq!(ignored(&it, "1"), ["eve vote E_DIGEST"]);
    let votes = &it.status("1")["record"]["votes"];
    assert_eq!(*votes, serde_json::json!({}), "the others fell");
    let text = it.text(&format!("decisions/{item}/proposal.md"));
    assert_eq!(text, "# A new preamble\n\nWe, all of us.\n");
    // Only whoever proposed it may amend it.
    it.by("bob", &amend.replace("other.md", "draft.md"))
        .ends(0, "E_NOT_ELIGIBLE");
}

#[test]
fn a_second_event_of_the_same_kind_is_refused_where_one_is_enough() {
    let charter = "\
decisions:
  procedures:
    seconded:
      second: {count: 2, within: 5d}
      vote: {threshold: 1/2, relation: \">\", base: non-abstaining, max_open: 2d}
  kinds:
    policy: {body: steering, procedure: seconded}
";
    let it = Assembly::with(charter);
    it.proposes("bob", "policy", "Twice");
    it.ticks();
    it.by("bob", "second 1").ends(0, "E_AUTHOR");
    it.by("cy", "second 1");
    it.ticks();
    it.at("2026-03-02T10:01:00Z");
    it.by("cy", "second 1").ends(0, "E_DUP");
    it.ticks();
    it.runs("decide status 1").ends(5, "1 seconded it; 2 must");
    assert_eq!(
        ignored(&it, "1"),
        ["bob second E_AUTHOR", "cy second E_DUP"]
    );
    it.ticks_at("2026-03-10T00:00:00Z");
    it.runs("decide status 1")
        .ends(1, "expired since 2026-03-07T10:00:00Z");
}

#[test]
fn whom_it_is_about_has_no_vote_in_it() {
    let it = Assembly::new();
    let draft = it.beside("case.md");
    crate::support::write(&draft, "# Fay\n");
    let new = "new --kind role --title 'Of Fay' --party person/fay --text";
    it.by("ada", &format!("{new} {}", draft.display()));
    it.ticks();
    it.by("fay", "vote 1 no").ends(0, "E_RECUSED");
    it.ticks();
    it.runs("decide status 1")
        .ends(5, "no vote: fay, it is about them");
    assert_eq!(ignored(&it, "1"), ["fay vote E_RECUSED"]);
}

#[test]
fn a_vote_is_written_to_postgresql_as_to_a_file() {
    let Some(postgres) = or_skip(Postgres::start()) else {
        return;
    };
    let it = Assembly::new();
    it.set("COMMONHOLD_LEDGER", &postgres.url());
    it.runs("decide tick").ends(1, "there is no ledger yet");
    it.runs("ledger init").ends(0, "");
    it.proposes("ada", "charter", "More seats");
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 yes");
    }
    it.ticks();
    it.ticks_at("2026-03-04T00:00:00Z");
    it.runs("decide status 1")
        .ends(0, "accepted since 2026-03-03T10:00:00Z");
    it.commit("Decisions");
    it.runs("decide verify")
        .ends(0, "1 item with 4 entries are as they were received");
    it.runs("ledger verify").ends(0, "the ledger is whole");
}
