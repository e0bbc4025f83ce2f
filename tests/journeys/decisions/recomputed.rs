//! `docs/tools/recompute.py`: others recompute a decision from a clone, without the program.

use std::path::Path;
use std::process::Command;

use super::assembly::{Assembly, git_in};
use crate::support::{peer, python, root, text};

/// What the script says of an item of a clone, and its exit code.
fn recompute(it: &Assembly, clone: &Path, item: &str) -> (i32, String) {
    let done = Command::new(python())
        .arg(root().join("docs/tools/recompute.py"))
        .arg(clone.join("decisions").join(item))
        .env("HOME", it.estate())
        .output()
        .expect("Python");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(wrong.is_empty(), "{wrong}");
    (done.status.code().expect("it ends"), said)
}

fn clone(it: &Assembly) -> std::path::PathBuf {
    it.commit("Decisions");
    let clone = it.beside("clone");
    let _ = std::fs::remove_dir_all(&clone);
    let to = clone.display().to_string();
    git_in(&it.estate(), &["clone", "--quiet", ".", &to]);
    clone
}

#[track_caller]
fn recomputes(it: &Assembly, item: &str, says: &str) -> String {
    let clone = clone(it);
    let (exit, said) = recompute(it, &clone, item);
    assert!(exit == 0 && said.contains(says), "{exit}: {said}");
    said
}

fn is_there() -> bool {
    peer(
        &python(),
        &[
            "-c",
            "import sys, zoneinfo; sys.exit(sys.version_info < (3, 11))",
        ],
    )
}

#[test]
fn the_script_is_short_enough_to_be_read() {
    let lines = text("docs/tools/recompute.py").lines().count();
    assert!(lines <= 100, "{lines} lines");
}

#[test]
fn a_policy_by_silence_is_recomputed() {
    if !is_there() {
        return;
    }
    let it = Assembly::new();
    it.drops_notice();
    let item = it.proposes("ada", "policy", "By silence");
    it.ticks();
    it.at("2026-03-03T10:00:00Z");
    it.by("bob", "object 1 --reason 'too short'");
    it.ticks();
    recomputes(
        &it,
        &item,
        "recomputed: not accepted; the record says: blocked",
    );
    let objection = it.event(&item, "object");
    it.by("ada", &format!("answer 1 {objection} --text 'longer now'"));
    it.by("bob", &format!("withdraw 1 {objection}"));
    it.ticks();
    it.ticks_at("2026-03-20T00:00:00Z");
    it.runs("decide status 1").ends(0, "in force");
    recomputes(
        &it,
        &item,
        "recomputed: accepted; the record says: in_force",
    );
}

#[test]
fn votes_are_recomputed_and_one_that_was_flipped_is_refused() {
    if !is_there() {
        return;
    }
    let it = Assembly::new();
    let passes = it.proposes("ada", "charter", "It passes");
    let fails = it.proposes("ada", "charter", "It does not");
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, &format!("vote {passes} yes"));
        it.by(person, &format!("vote {fails} no"));
    }
    it.by("gus", &format!("vote {passes} no"));
    it.ticks();
    it.ticks_at("2026-03-20T00:00:00Z");
    it.runs(&format!("decide status {passes}"))
        .ends(0, "accepted");
    it.runs(&format!("decide status {fails}"))
        .ends(1, "rejected");
    recomputes(
        &it,
        &passes,
        "recomputed: accepted; the record says: accepted",
    );
    let said = recomputes(
        &it,
        &fails,
        "recomputed: not accepted; the record says: rejected",
    );
    assert!(said.contains("bob no, cy no, dora no"), "{said}");

    let clone = clone(&it);
    let vote = it.event(&fails, "vote");
    let path = clone.join(format!("decisions/{fails}/{vote}.json"));
    let text = std::fs::read_to_string(&path).expect("a vote");
    let flipped = text.replace(r#""choice":"no""#, r#""choice":"yes""#);
    assert_ne!(flipped, text);
    crate::support::write(&path, &flipped);
    let (exit, said) = recompute(&it, &clone, &fails);
    assert!(exit == 1 && said.contains("or changed"), "{exit}: {said}");
    // A record that claims something else is caught too.
    let record = clone.join(format!("decisions/{passes}/record.json"));
    let text = std::fs::read_to_string(&record).expect("a record");
    crate::support::write(
        &record,
        &text.replace("\"in_effect\": true", "\"in_effect\": false"),
    );
    assert_eq!(recompute(&it, &clone, &passes).0, 1);
    // And so is a journal that lost a line.
    let journal = clone.join(format!("decisions/{passes}/events.jsonl"));
    let text = std::fs::read_to_string(&journal).expect("a journal");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    crate::support::write(&journal, &[&lines[..1], &lines[2..]].concat().concat());
    let (exit, said) = recompute(&it, &clone, &passes);
    assert!(
        exit == 1 && said.contains("events.jsonl:2"),
        "{exit}: {said}"
    );
}

#[test]
fn what_the_script_does_not_know_it_does_not_judge() {
    if !is_there() {
        return;
    }
    let charter = "\
decisions:
  procedures:
    capped:
      vote: {threshold: 1/2, relation: \">\", base: members, max_open: 1d, employer_cap: 1/3}
  kinds:
    charter: {body: steering, procedure: capped}
";
    let it = Assembly::with(charter);
    let item = it.proposes("ada", "charter", "Capped");
    it.ticks();
    it.ticks_at("2026-03-20T00:00:00Z");
    let clone = clone(&it);
    let (exit, said) = recompute(&it, &clone, &item);
    assert!(
        exit == 2 && said.contains("not known here"),
        "{exit}: {said}"
    );
}
