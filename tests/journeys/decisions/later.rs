//! What becomes of an item after, or instead of, its decision; and how items are listed.

use super::assembly::{Assembly, item_of};

/// An RFC of infra that is accepted: number 1.
fn accepted(it: &Assembly, title: &str) -> String {
    let item = it.proposes("ada", "rfc", title);
    it.ticks();
    it.by("bob", &format!("approve {item}"));
    it.ticks();
    item
}

#[test]
fn a_later_item_takes_the_place_of_an_earlier_one_when_it_is_accepted() {
    let it = Assembly::new();
    let old = accepted(&it, "Names of hosts");
    it.at("2026-03-03T10:00:00Z");
    let draft = it.beside("new.md");
    crate::support::write(&draft, "# Names of hosts, shorter\n");
    let new = format!(
        "new --kind rfc --title Names --supersedes 1 --text {}",
        draft.display()
    );
    let new = item_of(&it.by("cy", &new));
    it.ticks();
    assert_eq!(it.state("1").0, "accepted", "not yet");
    it.by("bob", "approve 2");
    it.ticks();
    it.runs("decide status 1").ends(1, "superseded");
    assert_eq!(it.status("1")["superseded_by"], new.as_str());
    let page = it.text(&format!("decisions/{old}/README.md"));
    assert!(page.starts_with("---\nstatus: superseded\n"), "{page}");
    assert!(page.contains(&format!("superseded-by: {new}\n")), "{page}");
}

#[test]
fn another_body_cannot_take_the_place_of_what_it_did_not_decide() {
    let it = Assembly::new();
    accepted(&it, "Ours");
    let draft = it.beside("new.md");
    crate::support::write(&draft, "# Theirs\n");
    let new = "new --kind graduation --title Theirs --supersedes 1 --text";
    it.drops_notice();
    it.by("ada", &format!("{new} {}", draft.display()));
    it.ticks();
    for person in ["bob", "cy", "dora", "eve"] {
        it.by(person, "vote 2 yes");
    }
    it.ticks();
    it.ticks_at("2026-03-20T00:00:00Z");
    // The RFC's procedure names steering for what finds no outcome, so steering may; infra may not the other way round.
    it.runs("decide status 1").ends(1, "superseded");
    crate::support::write(&draft, "# Back\n");
    let new = "new --kind rfc --title Back --supersedes 2 --text";
    it.by("ada", &format!("{new} {}", draft.display()));
    it.ticks();
    it.by("bob", "approve 3");
    it.ticks();
    it.runs("decide status 3").ends(0, "accepted");
    it.runs("decide status 2").ends(0, "accepted");
}

#[test]
fn an_appeal_lets_it_rest_until_it_is_taken_back() {
    let it = Assembly::new();
    it.drops_notice();
    let item = it.proposes("ada", "policy", "Contested");
    it.ticks();
    it.ticks_at("2026-03-05T11:00:00Z");
    // It holds already, and somebody may still stop it.
    it.runs("decide status 1").ends(0, "affirming");
    it.by("ada", "appeal 1 --reason 'not me'")
        .ends(0, "E_NOT_ELIGIBLE");
    it.by("dora", "appeal 1 --reason 'nobody was asked'");
    it.ticks();
    assert_eq!(it.state("1").0, "affirming", "one is not enough");
    it.at("2026-03-05T12:00:00Z");
    it.by("eve", "appeal 1 --reason 'so it was'");
    it.ticks();
    it.runs("decide status 1")
        .ends(5, "stayed since 2026-03-05T12:00:00Z");
    it.ticks_at("2026-03-30T00:00:00Z");
    assert_eq!(it.state("1").0, "stayed");
    let appeal = it.event(&item, "appeal");
    let status = it.status("1");
    assert_eq!(status["record"]["in_effect"], false);
    it.by("dora", &format!("withdraw 1 {appeal}"))
        .ends(0, "dora cannot take back what eve did (E_NOT_ELIGIBLE)");
    it.by("eve", &format!("withdraw 1 {appeal}"));
    it.ticks_at("2026-03-30T10:00:00Z");
    assert_eq!(it.state("1").0, "in_force");
}

#[test]
fn what_is_handed_on_taken_back_or_forgotten_is_over() {
    let it = Assembly::new();
    it.drops_notice();
    for title in ["Handed on", "Late", "Taken back"] {
        it.proposes("ada", "rfc", title);
        it.ticks();
    }
    it.proposes("ada", "policy", "Forgotten");
    it.ticks();
    it.by("bob", "object 4 --reason 'never answered'");
    it.by("gus", "escalate 1 --reason 'I want to'")
        .ends(0, "E_NOT_ELIGIBLE");
    it.by("bob", "retract 3 --reason 'not mine'")
        .ends(0, "E_NOT_ELIGIBLE");
    it.ticks_at("2026-03-03T10:00:00Z");
    it.by("ada", "escalate 1 --reason 'we do not agree'");
    it.by("ada", "retract 3 --reason 'a bad idea'");
    it.ticks();
    it.runs("decide status 1").ends(1, "escalated");
    it.runs("decide status 3").ends(1, "withdrawn");
    let said = it.by("bob", "approve 3");
    assert!(
        said.err
            .contains("the item is withdrawn, so this will hardly count"),
        "{}",
        said.err
    );
    it.ticks_at("2026-06-01T00:00:00Z");
    it.runs("decide status 2")
        .ends(1, "escalated since 2026-03-22T10:00:00Z");
    it.runs("decide status 4")
        .ends(1, "expired since 2026-04-01T10:00:00Z");
    it.commit("Decisions");
    it.runs("decide verify").ends(0, "as they were received");
}

#[test]
fn items_are_listed_by_state_and_body_for_people_and_programs() {
    let it = Assembly::new();
    accepted(&it, "=HYPERLINK(\"x\"), once");
    it.proposes("ada", "charter", "To vote on");
    it.proposes("ada", "rfc", "Not received, a draft");
    it.ticks();
    let all = it
        .runs("decide list --output csv")
        .ends(0, "number,item,state");
    assert_eq!(all.out.lines().count(), 4, "{}", all.out);
    assert!(all.out.contains("\"'=HYPERLINK("), "{}", all.out);
    let accepted = it.runs("decide list --state accepted --output json").json();
    assert_eq!(accepted["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(accepted["items"][0]["number"], "1");
    let steering = it.runs("decide list --body STEERING --output json").json();
    assert_eq!(steering["items"][0]["title"], "To vote on");
    it.runs("decide list --state opne").ends(2, "opne");
    it.runs("decide list --state in-force").ends(0, "");
    let status = it.status("1");
    assert_eq!(status["version"], 1);
}

#[test]
fn a_page_that_somebody_wrote_into_is_found_and_written_anew() {
    let it = Assembly::new();
    let item = accepted(&it, "A page");
    it.runs("decide render --check").ends(0, "");
    let page = format!("decisions/{item}/README.md");
    it.edit(&page, "status: accepted", "status: rejected");
    it.edit(
        &format!("decisions/{item}/record.json"),
        "\"in_effect\": true",
        "\"in_effect\": false",
    );
    let said = it.runs("decide render --check").ends(1, &page);
    assert!(said.out.contains("record.json"), "{}", said.out);
    it.runs("decide status 1").ends(0, "accepted");
    it.runs("decide render 1").ends(0, &format!("wrote {page}"));
    it.runs("decide render --check").ends(0, "");
    assert_eq!(it.runs("decide render").ends(0, "").out, "");
}

#[test]
fn what_people_write_stays_text_in_the_page() {
    let it = Assembly::new();
    let title = "| a <b>bold</b> [link](x) `code`";
    let item = it.proposes("ada", "rfc", title);
    it.ticks();
    it.by(
        "bob",
        "object 1 --reason '| x\n\n# A heading\n---\nstatus: accepted'",
    );
    it.ticks();
    let page = it.text(&format!("decisions/{item}/README.md"));
    assert!(
        page.contains("# 1. \\| a \\<b\\>bold\\</b\\> \\[link\\](x) \\`code\\`"),
        "{page}"
    );
    assert!(!page.contains("\n# A heading"), "{page}");
    assert_eq!(page.matches("\n---\n").count(), 1, "{page}");
    let status = it.runs("decide status 1");
    assert!(!status.out.contains("\n# A heading"), "{}", status.out);
}
