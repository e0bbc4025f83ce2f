//! A community's own rules: found, explained, excused, and lists that only become shorter.

use std::fs;

use serde_json::Value;

use crate::support::{Folder, run_in, write};

const RULES: &str = "about: job\nowner: bakers\nrules:\n\
    - id: oven\n  title: it runs in the old oven\n  must: cluster != \"oven\"\n  ratchet: true\n  help: move it to the stove\n\
    - id: described\n  title: nobody says what it is for\n  must: description is not missing\n  severity: warning\n  why: Whoever mends it at night has to know.\n";
const LIST: &str = "policies/jobs.oven.baseline";

fn job(name: &str, cluster: &str) -> String {
    format!(
        "- name: {name}\n  interval: 1h\n  cluster: {cluster}\n  annotations: {{description: Bakes.}}\n  spec: {{containers: [{{image: i, command: [bake]}}]}}\n"
    )
}

fn bakery(jobs: &[String], listed: &str) -> Folder {
    Folder::new()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: Bakery\nsources:\n- {format: prow-jobs, path: jobs}\n",
        )
        .with("charter.yaml", "rules: {}\n")
        .with("groups/bakers.yaml", "title: Bakers\n")
        .with("policies/jobs.yaml", RULES)
        .with(LIST, listed)
        .with("jobs/a.yaml", &format!("periodics:\n{}", jobs.concat()))
}

fn list(folder: &Folder) -> String {
    fs::read_to_string(folder.0.join(LIST)).unwrap()
}

#[test]
fn one_more_job_in_the_old_oven_fails_and_one_less_shortens_the_list() {
    let start = "# since June\nperiodic/bread\nperiodic/cake\n";
    let folder = bakery(&[job("bread", "oven"), job("cake", "oven")], start);
    let of_oven = "check --rule ratchet-grown --rule ratchet-slack --severity note";
    let sound = run_in(&folder.0, of_oven);
    assert_eq!(
        (sound.exit as i32, sound.notes.as_str()),
        (0, ""),
        "{}",
        sound.data
    );

    let jobs = [
        job("bread", "oven"),
        job("cake", "oven"),
        job("tart", "oven"),
    ]
    .concat();
    write(
        &folder.0.join("jobs/a.yaml"),
        &format!("periodics:\n{jobs}"),
    );
    let grown = run_in(&folder.0, of_oven);
    assert_eq!(grown.exit as i32, 1);
    assert!(
        grown
            .data
            .contains("error[ratchet-grown]: tart: it runs in the old oven;"),
        "{}",
        grown.data
    );
    assert!(grown.data.contains("help: move it to the stove"));
    assert_eq!(list(&folder), start);

    let jobs = [job("bread", "oven"), job("cake", "stove")].concat();
    write(
        &folder.0.join("jobs/a.yaml"),
        &format!("periodics:\n{jobs}"),
    );
    let locked = run_in(&folder.0, &format!("{of_oven} --locked"));
    assert!(
        locked.data.contains("warning[ratchet-slack]"),
        "{}",
        locked.data
    );
    let past = run_in(&folder.0, &format!("--at 2025-12-31 {of_oven}"));
    assert!(
        past.data.contains("warning[ratchet-slack]"),
        "{}",
        past.data
    );
    assert_eq!(list(&folder), start);

    let shorter = run_in(&folder.0, of_oven);
    assert_eq!(shorter.notes, format!("{LIST}: 1 fewer, 1 left\n"));
    assert_eq!(shorter.exit as i32, 0, "{}", shorter.data);
    assert_eq!(list(&folder), "# since June\nperiodic/bread\n");
    assert_eq!(run_in(&folder.0, of_oven).notes, "");
    let files: Vec<_> = fs::read_dir(folder.0.join("policies")).unwrap().collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn a_broken_file_of_jobs_shortens_no_list() {
    let start = "periodic/bread\nperiodic/cake\n";
    let folder = bakery(&[job("bread", "oven")], start).with("jobs/b.yaml", "periodics:\n- [\n");
    let checked = run_in(&folder.0, "check");
    assert_eq!((checked.exit as i32, checked.notes.as_str()), (1, ""));
    assert_eq!(list(&folder), start);
}

#[test]
fn a_broken_rule_is_shown_under_its_own_id_everywhere() {
    let plain =
        "- name: bread\n  interval: 1h\n  spec: {containers: [{image: i, command: [bake]}]}\n";
    let folder = bakery(&[plain.to_owned()], "");
    let run = |output: &str| {
        let arguments = format!("check --rule jobs/described --output {output}");
        run_in(&folder.0, &arguments).data
    };
    assert!(run("text").contains(
        "warning[jobs/described]: bread: nobody says what it is for (`description` is missing)"
    ));
    assert!(run("text").contains("bakers answers for this rule"));
    assert!(run("text").contains("`commonhold explain jobs/described` says more"));
    assert!(run("markdown").contains("(jobs/described)"));
    assert!(run("github").contains("title=jobs/described::bread"));
    let json: Value = serde_json::from_str(&run("json")).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["id"], "jobs/described");
    assert_eq!(finding["kind"], "policy-broken");
    assert_eq!(finding["about"], "job/bread");
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "jobs/described");
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["id"], "jobs/described");
    assert!(
        rule["help"]["text"]
            .as_str()
            .unwrap()
            .contains("Whoever mends it at night")
    );
}

#[test]
fn a_rule_of_a_policy_is_explained() {
    let folder = bakery(&[], "");
    let page = run_in(&folder.0, "explain jobs/described").data;
    for said in [
        "# jobs/described",
        "(warning)",
        "Whoever mends it at night",
        "description is not missing",
        "bakers answers for it",
    ] {
        assert!(page.contains(said), "{said}:\n{page}");
    }
    assert!(run_in(&folder.0, "explain jobs/oven").data.contains(LIST));
    for arguments in ["explain jobs/descrbed", "check --rule jobs/descrbed"] {
        let near = run_in(&folder.0, arguments);
        assert_eq!(near.exit as i32, 2);
        assert!(
            near.notes.contains("did you mean `jobs/described`?"),
            "{}",
            near.notes
        );
    }
}

#[test]
fn the_list_of_a_rule_is_begun_once() {
    let folder = bakery(&[job("bread", "oven"), job("cake", "stove")], "");
    let start = "check --start jobs/oven";
    let again = run_in(&folder.0, start);
    assert_eq!(again.exit as i32, 1);
    assert!(again.notes.contains("is there already"), "{}", again.notes);
    fs::remove_file(folder.0.join(LIST)).unwrap();
    let missing = run_in(&folder.0, "check --rule ratchet-baseline");
    assert!(
        missing
            .data
            .contains("`commonhold check --start jobs/oven` lists them"),
        "{}",
        missing.data
    );
    let begun = run_in(&folder.0, start);
    assert_eq!(
        begun.data,
        format!("{LIST} lists 1 thing; commit it\n"),
        "{}",
        begun.notes
    );
    assert!(
        list(&folder).ends_with("\nperiodic/bread\n"),
        "{}",
        list(&folder)
    );
    assert_eq!(
        run_in(
            &folder.0,
            "check --rule ratchet-grown --rule ratchet-baseline"
        )
        .exit as i32,
        0
    );
    let without = run_in(&folder.0, "check --start jobs/described");
    assert!(
        without.notes.contains("has no ratchet"),
        "{}",
        without.notes
    );
}
