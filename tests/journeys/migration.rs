//! Migrations from the first list to the end: status, next, report, ratchet, done.

use std::fs;
use std::path::Path;
use std::process::Command;

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, run_in, write};

/// A job of the clock, owned by the folder it stands in.
fn job(name: &str, cluster: &str, more: &str) -> String {
    format!(
        "- name: {name}\n  interval: 1h\n  cluster: {cluster}\n  spec:\n    {more}\n    containers:\n    - {{image: reg.giant.example/i, command: [bake]}}\n"
    )
}

const MIGRATION: &str = "title: Jobs leave the giant's cluster
about: job
goal: 'cluster == \"ours\"'
owner: movers
from: [giant]
started: 2025-06-01
due: 2026-06-30
batch: path
ratchet: true
guidance: 'Set `cluster: ours`, then look at three runs.'
vendor_names: [giant.example]
blockers:
  - {id: key, each: service_account, owner: bakers, effort: 2, about: Make the key anew in our cluster.}
";

/// Five jobs of two groups: two can move, one waits for a key, one has moved, one is nobody's.
fn estate() -> Folder {
    let periodics = |jobs: &[String]| format!("periodics:\n{}", jobs.concat());
    Folder::new()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: Bakery\nsources:\n  - {format: prow-jobs, path: jobs}\n",
        )
        .with(
            "charter.yaml",
            "rules: {}\ndisband: {group: movers, held_for_days: 30}\n",
        )
        .with("groups/movers.yaml", "title: Movers\nstanding: active\n")
        .with("groups/bakers.yaml", "title: Bakers\n")
        .with("groups/millers.yaml", "title: Millers\n")
        .with(
            "accounts/giant.yaml",
            "provider: cloud\nid: giant-1\nholder: vendor\nvendor: Giant\nowner: bakers\n",
        )
        .with("migrations/jobs.yaml", MIGRATION)
        .with(
            "jobs/bakers/bread.yaml",
            &periodics(&[
                job("bread", "theirs", ""),
                job("rolls", "theirs", "serviceAccountName: oven"),
            ]),
        )
        .with(
            "jobs/millers/flour.yaml",
            &periodics(&[job("flour", "theirs", ""), job("rye", "ours", "")]),
        )
        .with(
            "jobs/lost/cake.yaml",
            &periodics(&[job("cake", "theirs", "")]),
        )
}

fn json(folder: &Folder, arguments: &str) -> Value {
    let said = run_in(&folder.0, arguments);
    serde_json::from_str(&said.data).unwrap_or_else(|error| panic!("{error}: {said:?}"))
}

#[test]
fn status_says_what_is_left_and_what_is_new() {
    let folder = estate();
    let said = run_in(&folder.0, "migration status").data;
    assert!(
        said.contains("4 of 5 are left. Nobody knows what is new: no list was written"),
        "{said}"
    );
    assert!(!said.contains('%'), "no bare percentage: {said}");
    let status = &json(&folder, "migration status jobs --output json")["migrations"][0];
    let states = &status["states"];
    for (state, count) in [
        ("ready", 2),
        ("todo", 1),
        ("blocked", 1),
        ("moved", 1),
        ("retired", 0),
    ] {
        assert_eq!(states[state], count, "{state}: {status:#}");
    }
    assert_eq!(status["new"], Value::Null);
    assert_eq!(status["by_owner"]["bakers"]["blocked"], 1);
    assert_eq!(status["locks"][0]["name"], "key: oven");

    let assets = run_in(
        &folder.0,
        "migration status --assets --state blocked --output csv",
    )
    .data;
    let lines: Vec<&str> = assets.lines().collect();
    assert_eq!(
        lines,
        [
            "migration,id,kind,owner,state,because,place",
            "jobs,periodic/rolls,periodic,bakers,blocked,waits for key: oven,jobs/bakers/bread.yaml:9",
        ]
    );
    let nobodys = run_in(
        &folder.0,
        "migration status --assets --owner - --output csv",
    )
    .data;
    assert!(
        nobodys.contains("periodic/cake,periodic,'-,todo,nobody owns it"),
        "{nobodys}"
    );
}

#[test]
fn next_names_small_batches_their_files_and_the_lock_to_free() {
    let folder = estate();
    let said = run_in(&folder.0, "migration next").data;
    let flour = said.find("jobs/millers/flour.yaml (millers): 1 thing, about 1 day");
    let bread = said.find("jobs/bakers/bread.yaml (bakers): 1 thing");
    assert!(
        flour < bread && flour.is_some(),
        "whole batches first: {said}"
    );
    assert!(
        said.contains("periodic/bread  jobs/bakers/bread.yaml:2"),
        "{said}"
    );
    assert!(said.contains("1 more of it cannot move yet"), "{said}");
    assert!(
        said.contains("Set `cluster: ours`, then look at three runs."),
        "{said}"
    );
    assert!(
        said.contains("1. key: oven (bakers, about 2 days): holds 1, frees 1"),
        "{said}"
    );
    let millers = run_in(&folder.0, "migration next jobs --owner millers").data;
    assert!(
        !millers.contains("bread") && !millers.contains("oven"),
        "{millers}"
    );
    let next = json(&folder, "migration next --count 1 --output json");
    let moves = next["migrations"][0]["move"].as_array().unwrap();
    assert_eq!(moves.len(), 1);
    assert_eq!(moves[0]["things"][0]["id"], "periodic/flour");
}

#[test]
fn the_list_is_written_once_and_only_becomes_shorter() {
    let folder = estate();
    let list = folder.0.join("migrations/jobs.baseline");
    let check = run_in(&folder.0, "check --rule ratchet-baseline");
    assert_eq!(check.exit, Exit::Findings, "{check:?}");
    let started = run_in(&folder.0, "migration ratchet jobs --start");
    assert_eq!(started.exit, Exit::Well, "{started:?}");
    let ids = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    let begun = fs::read_to_string(&list).unwrap();
    assert_eq!(
        ids(&begun),
        [
            "periodic/bread",
            "periodic/cake",
            "periodic/flour",
            "periodic/rolls"
        ]
    );
    let again = run_in(&folder.0, "migration ratchet jobs --start");
    assert_eq!(again.exit, Exit::Findings);
    assert!(again.notes.contains("nothing makes it longer"), "{again:?}");

    // One is new, one moves, one goes.
    let path = folder.0.join("jobs/millers/flour.yaml");
    let jobs = [job("flour", "ours", ""), job("rye", "theirs", "")].concat();
    write(&path, &format!("periodics:\n{jobs}"));
    fs::remove_file(folder.0.join("jobs/lost/cake.yaml")).unwrap();
    let status = &json(&folder, "migration status jobs --output json")["migrations"][0];
    assert_eq!(status["new"], 1);
    assert_eq!(status["states"]["retired"], 1);
    let check = run_in(&folder.0, "check --rule ratchet-grown --locked");
    assert_eq!(check.exit, Exit::Findings);
    assert!(
        check.data.contains("jobs/millers/flour.yaml:9"),
        "{}",
        check.data
    );
    let shown = run_in(&folder.0, "migration ratchet jobs");
    assert_eq!(shown.exit, Exit::Findings, "something is new");
    assert!(
        shown.data.contains("New, and not allowed:\n  periodic/rye"),
        "{}",
        shown.data
    );
    let lowered = run_in(&folder.0, "migration ratchet jobs --lower");
    assert!(
        lowered.data.contains("2 things taken off, 2 left"),
        "{lowered:?}"
    );
    let shorter = fs::read_to_string(&list).unwrap();
    assert_eq!(ids(&shorter), ["periodic/bread", "periodic/rolls"]);
    assert!(
        shorter.starts_with("# What jobs had left on 2026-01-01."),
        "{shorter}"
    );
    let same = run_in(&folder.0, "migration ratchet jobs --lower").data;
    assert!(same.contains("as short as it can be"), "{same}");
}

#[test]
fn nothing_is_taken_off_a_list_while_jobs_cannot_be_read() {
    let folder = estate();
    run_in(&folder.0, "migration ratchet jobs --start");
    write(&folder.0.join("jobs/millers/flour.yaml"), "periodics: [\n");
    let said = run_in(&folder.0, "migration ratchet jobs --lower");
    assert_eq!(said.exit, Exit::Findings);
    assert!(said.notes.contains("nobody knows what is left"), "{said:?}");
    let status = &json(&folder, "migration status --output json")["migrations"][0];
    assert_eq!(
        status["states"]["retired"], 0,
        "what cannot be read is not gone"
    );
    run_in(&folder.0, "check");
    let list = fs::read_to_string(folder.0.join("migrations/jobs.baseline")).unwrap();
    assert!(list.contains("periodic/flour"), "{list}");
}

#[test]
fn the_report_is_one_page_without_script_and_says_where_there_are_no_bills() {
    let folder = estate();
    let text = run_in(&folder.0, "migration report");
    assert_eq!(text.exit, Exit::Well, "{text:?}");
    assert!(
        text.data.contains("There are no bills, so nobody knows."),
        "{}",
        text.data
    );
    assert!(text.data.contains("oven"), "{}", text.data);
    assert!(
        text.data.contains("jobs/bakers/bread.yaml:8"),
        "{}",
        text.data
    );
    let written = run_in(&folder.0, "migration report --out report.html");
    assert_eq!(written.notes, "report.html is written\n");
    let page = fs::read_to_string(folder.0.join("report.html")).unwrap();
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
    assert!(!page.contains("<script"));
    assert_eq!(
        page.matches("<caption>").count(),
        page.matches("<table>").count()
    );
    let report = json(&folder, "migration report --output json");
    assert_eq!(report["paid"], Value::Null);
    assert_eq!(report["left"][0]["left"], 4);
    assert_eq!(report["credentials"][0]["name"], "oven");
}

/// Runs Git as of a day.
fn git(folder: &Path, day: &str, words: &[&str]) {
    let date = format!("{day}T12:00:00Z");
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@club.example",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(words)
        .current_dir(folder)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .expect("git");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn commit(folder: &Path, day: &str) {
    git(folder, day, &["add", "--all"]);
    git(folder, day, &["commit", "--quiet", "-m", "x"]);
}

/// Nothing is left: all jobs run at our place, and have owners.
fn moved(folder: &Folder) {
    let bread = [job("bread", "ours", ""), job("rolls", "ours", "")].concat();
    write(
        &folder.0.join("jobs/bakers/bread.yaml"),
        &format!("periodics:\n{bread}"),
    );
    let flour = [job("flour", "ours", ""), job("rye", "ours", "")].concat();
    write(
        &folder.0.join("jobs/millers/flour.yaml"),
        &format!("periodics:\n{flour}"),
    );
    let _ = fs::remove_file(folder.0.join("jobs/lost/cake.yaml"));
}

#[test]
fn done_says_no_with_the_shortest_list_of_what_would_make_it_yes() {
    let folder = estate();
    let said = run_in(&folder.0, "migration done?");
    assert_eq!(said.exit, Exit::Findings);
    let data = &said.data;
    assert!(
        data.starts_with("No: before movers may end, 3 of 6"),
        "{data}"
    );
    assert!(
        data.contains("bakers   move or retire 2 things of jobs: periodic/bread, periodic/rolls"),
        "{data}"
    );
    assert!(
        data.contains("movers   find owners for 1 thing of jobs that nobody owns"),
        "{data}"
    );
    assert!(data.contains("then wait 30 days"), "{data}");
    let answer = json(&folder, "migration done --output json");
    assert_eq!(answer["done"], false);
}

#[test]
fn done_counts_the_days_by_the_commits_of_the_estate() {
    let folder = estate();
    git(&folder.0, "2025-10-01", &["init", "--quiet", "-b", "main"]);
    commit(&folder.0, "2025-10-01");
    moved(&folder);
    let uncommitted = run_in(&folder.0, "migration done jobs");
    assert!(
        uncommitted
            .data
            .contains("what moved last is not committed yet"),
        "{uncommitted:?}"
    );
    commit(&folder.0, "2025-11-01");
    // What has nothing to do with it is no reason to look.
    write(&folder.0.join("NOTES.md"), "x\n");
    commit(&folder.0, "2025-11-02");
    let early = run_in(&folder.0, "migration done jobs --at 2025-11-20");
    assert_eq!(early.exit, Exit::Findings);
    assert!(
        early.data.contains(
            "wait until 2025-12-01: then nothing of jobs will have been left for 30 days"
        ),
        "{}",
        early.data
    );
    assert!(
        early.data.contains(" of 2025-11-01; in commit ")
            && early.data.contains("4 things were left"),
        "{}",
        early.data
    );
    let late = run_in(&folder.0, "migration done --at 2025-12-15");
    assert_eq!(late.exit, Exit::Well, "{late:?}");
    assert!(
        late.data.starts_with("Yes: movers may end.\n"),
        "{}",
        late.data
    );
    // It comes back for a week, and the days begin anew.
    let path = folder.0.join("jobs/millers/flour.yaml");
    let fine = fs::read_to_string(&path).unwrap();
    write(&path, &fine.replace("cluster: ours", "cluster: theirs"));
    commit(&folder.0, "2025-12-01");
    write(&path, &fine);
    commit(&folder.0, "2025-12-08");
    let again = run_in(&folder.0, "migration done jobs --at 2025-12-15");
    assert_eq!(again.exit, Exit::Findings, "{}", again.data);
    assert!(
        again.data.contains("wait until 2026-01-07"),
        "{}",
        again.data
    );
}

#[test]
fn a_history_that_is_too_short_says_so() {
    let folder = estate();
    moved(&folder);
    git(&folder.0, "2025-12-20", &["init", "--quiet", "-b", "main"]);
    commit(&folder.0, "2025-12-20");
    let said = run_in(&folder.0, "migration done jobs");
    assert_eq!(said.exit, Exit::Findings);
    assert!(
        said.data.contains("the history is too short to say more"),
        "{}",
        said.data
    );
    assert!(said.data.contains("wait until 2026-01-19"), "{}", said.data);
}

#[test]
fn what_cannot_be_answered_is_refused_with_what_to_do() {
    let folder = estate();
    let refused = |arguments: &str, says: &str| {
        let said = run_in(&folder.0, arguments);
        assert_eq!(said.exit, Exit::Findings, "{said:?}");
        assert!(said.notes.contains(says), "{arguments}: {}", said.notes);
    };
    refused("migration status job", "did you mean jobs?");
    refused("migration next --owner baker", "did you mean bakers?");
    refused("migration ratchet jobs --lower", "--start writes it");
    let usage = run_in(&folder.0, "migration status --assets --state moves");
    assert_eq!(usage.exit, Exit::Usage);
    assert!(
        usage.notes.contains("did you mean `moved`?"),
        "{}",
        usage.notes
    );
    assert_eq!(
        run_in(&folder.0, "migration status --state moved").exit,
        Exit::Usage
    );
    let broken = MIGRATION.replace("cluster ==", "clutser ==");
    write(&folder.0.join("migrations/jobs.yaml"), &broken);
    refused(
        "migration status",
        "migrations/jobs.yaml:3:8: a job has no field `clutser`",
    );
    write(&folder.0.join("migrations/jobs.yaml"), "goal: [\n");
    refused(
        "migration status",
        "the files of all migrations have mistakes",
    );
    refused(
        "migration next jobs",
        "the file of migration `jobs` has mistakes",
    );
    let empty = Folder::new().with("commonhold.yaml", "commonhold: 1\nname: Empty\n");
    let said = run_in(&empty.0, "migration status");
    assert!(
        said.notes.contains("the estate has no migrations"),
        "{said:?}"
    );
}
