//! What only the keeper of the ledger can say: how far each journal goes, and that the intake was down.

use super::assembly::{Assembly, git_in};

#[test]
fn what_the_keeper_signed_tells_a_forged_journal_from_a_received_one() {
    let it = Assembly::new();
    it.drops_notice();
    let keeper = it.new_key("keeper");
    let item = it.proposes("ada", "policy", "Sealed");
    it.runs(&format!("decide tick --key {}", keeper.display()))
        .ends(0, "wrote decisions/heads.json");
    it.commit("Decisions");
    let clone = it.beside("clone");
    git_in(
        &it.estate(),
        &["clone", "--quiet", ".", &clone.display().to_string()],
    );
    let verify = format!("decide verify --keeper {}.pub", keeper.display());
    it.runs_in(&clone, "decide verify").ends(0, "fit together");
    it.runs_in(&clone, &verify).ends(0, "as they were received");

    let other = it.new_key("other");
    let by_another = format!("decide verify --keeper {}.pub", other.display());
    it.runs_in(&clone, &by_another)
        .ends(1, "not signed by the keeper");

    // A journal that fits together, and that the keeper has never seen.
    let journal = clone.join("decisions").join(&item).join("events.jsonl");
    let text = std::fs::read_to_string(&journal).expect("a journal");
    let first = text.lines().next().expect("a line");
    crate::support::write(
        &journal,
        &format!("{}\n", first.replace("03-02T10:00", "03-01T10:00")),
    );
    it.runs_in(&clone, &verify)
        .ends(1, "the keeper signed another one");
}

#[test]
fn an_outage_moves_deadlines_if_it_is_written_down_before_anything_else_is() {
    let it = Assembly::new();
    it.drops_notice();
    let item = it.proposes("ada", "policy", "Down");
    it.ticks();
    // Silence would end on the fifth at ten; nothing could be received for its last day.
    it.at("2026-03-05T12:00:00Z");
    let outage =
        "decide outage 2026-03-04T12:00:00Z 2026-03-05T12:00:00Z --reason 'the host was down'";
    it.runs(outage).ends(0, "deadlines move");
    it.by("bob", "object 1 --reason 'I could not say so before'");
    it.ticks();
    assert_eq!(it.state(&item).0, "blocked");

    it.at("2026-03-05T18:00:00Z");
    let late = "decide outage 2026-03-05T11:00:00Z 2026-03-05T13:00:00Z --reason 'another'";
    it.runs(late).ends(1, "the intake worked then");
    let to_come = "decide outage 2026-03-05T17:00:00Z 2026-03-06T13:00:00Z --reason 'later'";
    it.runs(to_come).ends(2, "is over when it is written down");
}
