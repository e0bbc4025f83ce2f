//! Annual reports, through the program, over Git histories made here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use commonhold::Exit;
use serde_json::Value;

use crate::decisions::assembly::Assembly;
use crate::support::{Folder, peer, python, run_in, shared, write};

fn git(folder: &Path, at: &str, words: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(words)
        .current_dir(folder)
        .env("GIT_COMMITTER_DATE", at)
        .env("GIT_AUTHOR_DATE", at)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {words:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Commits all files of a folder at a time.
pub(crate) fn commit(folder: &Path, at: &str) {
    if !folder.join(".git").exists() {
        git(folder, at, &["init", "--quiet"]);
    }
    git(folder, at, &["add", "--all"]);
    git(folder, at, &["commit", "--quiet", "-m", "as it is"]);
}

fn report(folder: &Path, arguments: &str) -> Value {
    let found = run_in(folder, &format!("report annual {arguments} --output json"));
    assert_eq!(found.exit, Exit::Well, "{}", found.notes);
    let json: Value = serde_json::from_str(&found.data).expect("JSON");
    json["report"].clone()
}

fn names(of: &Value, key: &str) -> Vec<String> {
    let rows = of.as_array().expect("rows").iter();
    rows.map(|row| row[key].as_str().expect("a name").to_owned())
        .collect()
}

const BEFORE: &str = "\
title: Oven
leads:
  - {person: ada, role: chair}
  - {person: ben, role: chair}
  - {person: cy, role: tech-lead, since: 2022-05-01}
subprojects:
  - {name: door, owners: [https://git.example.org/kitchen/oven/blob/main/door/OWNERS]}
  - {name: tray}
  - {name: clock, owners: [https://git.example.org/kitchen/clock/blob/main/OWNERS]}
";

const AFTER: &str = r#"
title: Oven
leads:
  - {person: ada, role: chair}
  - {person: dora, role: chair}
  - {person: cy, role: tech-lead, since: 2022-05-01, until: 2025-06-30}
  - {person: eve, role: tech-lead, since: 2025-07-01}
  - {person: ben, role: chair, emeritus: true}
members: [ada, dora, eve, robo]
meetings:
  - {description: Regular, day: Tuesday, time: "23:30", time_zone: PT, frequency: weekly, notes: "https://example.org/notes"}
  - {description: Crumbs, day: Monday, time: "10:00", time_zone: IST, frequency: weekly}
seats: {count: 4, selection: election, term: 1y, roles: [tech-lead]}
commitments: [{employer: Aurora, people: 2, until: 2026-06-30}, {employer: Cedar, people: 1, until: 2025-03-31}]
policies: [{title: How hot, url: "https://example.org/hot", review: 2026-03-01}]
subprojects:
  - {name: door, owners: [https://git.example.org/kitchen/oven/blob/main/door/OWNERS]}
  - {name: lamp}
  - {name: timer, owners: [https://git.example.org/kitchen/clock/blob/main/OWNERS]}
"#;

fn community() -> Folder {
    let person = |company: &str| format!("employers: [{{company: {company}}}]\n");
    Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Kitchen\n")
        .with(
            "charter.yaml",
            "employers: [{name: Aurora, also: [Aurora Inc]}]\n",
        )
        .with("people/ada.yaml", &person("Aurora"))
        .with("people/ben.yaml", &person("Bluebell"))
        .with("people/cy.yaml", &person("Cedar"))
        .with("people/dora.yaml", &person("Aurora Inc"))
        .with("people/eve.yaml", "name: Eve\n")
        .with("people/robo.yaml", "robot: true\n")
        .with("groups/oven.yaml", BEFORE)
        .with(
            "services/bell.yaml",
            "name: Bell\nsummary: Rings.\nkind: custom\nowner: oven\nstaff: [ben]\n",
        )
}

/// Told before 2025, changed within it, and changed again after its end.
fn history() -> Folder {
    let folder = community();
    commit(&folder.0, "2024-12-31T23:59:59Z");
    write(&folder.0.join("groups/oven.yaml"), AFTER);
    commit(&folder.0, "2025-01-01T00:00:00Z");
    fs::remove_file(folder.0.join("services/bell.yaml")).unwrap();
    let light = "name: Light\nsummary: Shines.\nkind: custom\nowner: oven\nstaff: [eve, robo]\nsource: [{repository: kitchen/light}]\n";
    let folder = folder.with("services/light.yaml", light);
    commit(&folder.0, "2025-12-31T23:59:59Z");
    write(&folder.0.join("groups/oven.yaml"), "title: Another\n");
    commit(&folder.0, "2026-01-01T00:00:00Z");
    folder
}

#[test]
fn a_year_is_told_from_the_last_commit_before_it_and_the_last_one_in_it() {
    let folder = history();
    let told = report(&folder.0, "oven 2025");
    assert_eq!(told["sources"]["before"]["at"], "2024-12-31T23:59:59Z");
    assert_eq!(told["sources"]["end"]["at"], "2025-12-31T23:59:59Z");
    assert_eq!(told["title"], "Oven");

    let parts = &told["subprojects"];
    assert_eq!(names(&parts["new"], "name"), ["lamp", "timer"]);
    assert_eq!(parts["new"][1]["like"], "clock");
    assert_eq!(parts["continuing"], serde_json::json!(["door"]));
    assert_eq!(parts["retired"], serde_json::json!(["tray", "clock"]));

    assert_eq!(names(&told["services"]["owned"], "name"), ["light"]);
    assert_eq!(
        told["services"]["changed"],
        serde_json::json!({"new": ["light"], "gone": ["bell"]})
    );
    assert_eq!(
        told["services"]["owned"][0]["staff"],
        serde_json::json!(["eve"])
    );
    assert_eq!(
        told["repositories"]["names"],
        serde_json::json!(["kitchen/clock", "kitchen/light", "kitchen/oven"])
    );
    assert_eq!(
        told["repositories"]["parts_without"],
        serde_json::json!(["lamp"])
    );
}

#[test]
fn changes_of_leads_are_told_by_their_dates_and_else_by_comparison() {
    let folder = history();
    let told = report(&folder.0, "oven 2025");
    let rows = |key: &str| -> Vec<String> {
        let rows = told["leads"][key].as_array().unwrap().iter();
        rows.map(|row| {
            format!("{} {} {}", row["person"], row["role"], row["change"]).replace('"', "")
        })
        .collect()
    };
    assert_eq!(
        rows("in_office"),
        ["ada chair stayed", "dora chair came", "eve tech-lead came"]
    );
    assert_eq!(rows("left"), ["cy tech-lead left", "ben chair left"]);
    assert_eq!(told["leads"]["emeriti"], 1);
    // Two spellings of one employer, and one who says nothing.
    let shares = &told["shares"];
    assert_eq!(shares["employers"], serde_json::json!([["Aurora", 2]]));
    assert_eq!(
        (&shares["leads"], &shares["unknown"]),
        (&3.into(), &1.into())
    );
    assert_eq!(told["people"]["members"], 3);
    assert_eq!(told["people"]["all"], 3);
}

#[test]
fn meetings_are_counted_on_their_own_clocks() {
    let folder = history();
    let told = report(&folder.0, "oven 2025");
    let [regular, crumbs] = told["meetings"]["regular"].as_array().unwrap().as_slice() else {
        panic!("{:#}", told["meetings"]);
    };
    // 52 Tuesdays; the last of them, at half past eleven in California, is over when it is 2026 in UTC.
    assert_eq!(
        (&regular["planned"], &told["meetings"]["planned"]),
        (&52.into(), &52.into())
    );
    assert_eq!(regular["notes"], "https://example.org/notes");
    assert_eq!(regular["recordings"], Value::Null);
    let why = crumbs["planned"]["unknown"].as_str().unwrap();
    assert!(why.contains("\"IST\" may be"), "{why}");
}

#[test]
fn what_comes_due_is_listed() {
    let folder = history();
    let told = report(&folder.0, "oven 2025");
    assert_eq!(
        told["elections"],
        serde_json::json!({
            "selection": "election", "seats": 4, "vacant": 3,
            "due": [{"person": "eve", "role": "tech-lead", "over": "2026-07-01", "overdue": false}],
        })
    );
    assert_eq!(names(&told["commitments"]["open"], "employer"), ["Aurora"]);
    assert_eq!(names(&told["commitments"]["ended"], "employer"), ["Cedar"]);
    assert_eq!(told["reviews"][0]["by"], "2026-03-01");
}

#[test]
fn the_draft_says_what_is_computed_and_asks_for_the_rest() {
    let folder = history();
    let found = run_in(&folder.0, "report annual oven 2025");
    assert_eq!(
        found.data,
        run_in(&folder.0, "report annual group/oven 2025").data
    );
    for line in [
        "# Oven: annual report 2025\n",
        "3 roles in office at the end; 2 came and 2 left in the year. 1 role kept in honour.\n",
        "| chair | dora | Aurora Inc |  |  | came |\n",
        "- Aurora: 2 of 3\n- not known: 1 of 3\n",
        "2 regular meetings at the end of the year, by which 52 were planned in it. Notes are linked for 1 of them, recordings for 0.\n",
        "- New: 2 (lamp, timer, with the owners of clock, which is no more)\n- Continuing: 1 (door)\n- Retired: 2 (tray, clock)\n",
        "The group owned 1 service at the end. New in the year: light. No longer its own: bell.\n",
        "- Election due: the term of eve, tech-lead, is over on 2026-07-01.\n",
        "- Open commitment: 2 people of Aurora, until 2026-06-30.\n",
    ] {
        assert!(found.data.contains(line), "{line}:\n{}", found.data);
    }
    let questions = found.data.matches("> **To write.**").count();
    assert!(questions > 5);
    let said = format!("{questions} questions, marked \"To write\"");
    assert!(found.data.contains(&said), "{}", found.data);
}

#[test]
fn a_draft_never_takes_the_place_of_what_people_wrote() {
    let folder = history();
    let first = run_in(&folder.0, "report annual oven 2025 --out reports/2025.md");
    assert_eq!(
        (first.exit, first.notes.as_str()),
        (Exit::Well, "wrote reports/2025.md\n")
    );
    let path = folder.0.join("reports/2025.md");
    write(&path, "what people wrote\n");
    let second = run_in(&folder.0, "report annual oven 2025 --out reports/2025.md");
    assert_eq!(second.exit, Exit::Findings);
    assert!(
        second.notes.contains("people may have written in it"),
        "{}",
        second.notes
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "what people wrote\n");
}

#[test]
fn where_there_is_no_history_the_draft_says_so_instead_of_a_number() {
    let bare = community();
    let found = run_in(&bare.0, "report annual oven 2025").data;
    let why = "the estate is in no Git repository";
    assert!(
        found.contains(&format!("There is no history of the end of 2025: {why}")),
        "{found}"
    );
    assert!(
        found.contains("Which of them are new and which were retired is not known"),
        "{found}"
    );
    let told = report(&bare.0, "oven 2025");
    for part in ["subprojects", "decisions", "was_there"] {
        let unknown = told[part]["unknown"]
            .as_str()
            .unwrap_or_else(|| panic!("{part}"));
        assert!(unknown.contains(why), "{part}: {unknown}");
    }
    assert!(told["services"]["changed"]["unknown"].is_string());

    let young = community();
    commit(&young.0, "2025-03-01T00:00:00Z");
    let told = report(&young.0, "oven 2025");
    let unknown = told["subprojects"]["unknown"].as_str().unwrap();
    assert_eq!(
        unknown,
        "the repository has no commit from before 2025-01-01"
    );
    assert_eq!(told["sources"]["instead"], Value::Null);
}

#[test]
fn a_shallow_clone_does_not_pass_for_a_whole_one() {
    let folder = history();
    let beside = Folder::new();
    let url = format!("file://{}", folder.0.display());
    git(
        &beside.0,
        "2026-01-01T00:00:00Z",
        &["clone", "--quiet", "--depth", "2", &url, "clone"],
    );
    let told = report(&beside.0.join("clone"), "oven 2025");
    let unknown = told["subprojects"]["unknown"].as_str().unwrap();
    assert!(unknown.contains("shallow"), "{unknown}");
    // The end of the year is within the clone.
    assert_eq!(told["sources"]["end"]["at"], "2025-12-31T23:59:59Z");
    assert_eq!(told["title"], "Oven");
}

#[test]
fn a_branch_that_was_merged_later_was_not_there_before() {
    let folder = community();
    commit(&folder.0, "2024-06-01T00:00:00Z");
    git(
        &folder.0,
        "2024-06-01T00:00:00Z",
        &["checkout", "--quiet", "-b", "work"],
    );
    write(&folder.0.join("groups/oven.yaml"), AFTER);
    commit(&folder.0, "2024-09-01T00:00:00Z");
    git(
        &folder.0,
        "2024-09-01T00:00:00Z",
        &["checkout", "--quiet", "main"],
    );
    git(
        &folder.0,
        "2025-02-01T00:00:00Z",
        &["merge", "--quiet", "--no-ff", "-m", "merge", "work"],
    );
    let told = report(&folder.0, "oven 2025");
    assert_eq!(told["sources"]["before"]["at"], "2024-06-01T00:00:00Z");
    assert_eq!(
        names(&told["subprojects"]["new"], "name"),
        ["lamp", "timer"]
    );
}

#[test]
fn an_estate_that_came_into_its_repository_in_the_year_has_no_numbers_of_before() {
    let folder = Folder::new().with("README", "the site\n");
    commit(&folder.0, "2024-06-01T00:00:00Z");
    let folder = folder
        .with("estate/commonhold.yaml", "commonhold: 1\nname: T\n")
        .with("estate/groups/oven.yaml", BEFORE);
    commit(&folder.0, "2025-06-01T00:00:00Z");
    let told = report(&folder.0.join("estate"), "oven 2025");
    let unknown = told["subprojects"]["unknown"].as_str().unwrap();
    assert!(
        unknown.starts_with("the estate was not there at commit"),
        "{unknown}"
    );
    assert_eq!(told["sources"]["end"]["at"], "2025-06-01T00:00:00Z");
}

/// What lies beside the repository is not in its commits: nothing is concluded from its absence.
#[test]
fn a_group_told_of_outside_the_repository_is_told_as_it_is_now() {
    let sigs = "sigs: [{dir: sig-oven, name: Oven, subprojects: [{name: door, owners: []}]}]\n";
    let folder = Folder::new().with("sigs.yaml", sigs).with(
        "estate/commonhold.yaml",
        "commonhold: 1\nname: T\nsources: [{format: sigs.yaml, path: ../sigs.yaml}]\n",
    );
    commit(&folder.0.join("estate"), "2024-06-01T00:00:00Z");
    let told = report(&folder.0.join("estate"), "sig-oven 2025");
    assert_eq!(told["sources"]["end"]["from"], "files");
    let instead = told["sources"]["instead"].as_str().unwrap();
    assert!(
        instead.starts_with("a file that may tell of the group cannot be read"),
        "{instead}"
    );
    let unknown = told["subprojects"]["unknown"].as_str().unwrap();
    assert!(
        unknown.starts_with("the group cannot be read in full"),
        "{unknown}"
    );
    assert_eq!(names(&told["parts"], "name"), ["door"]);
}

#[test]
fn a_year_that_lasts_is_told_so_far_and_one_to_come_not_at_all() {
    let folder = history();
    let told = report(&folder.0, "oven 2026");
    assert_eq!(told["period"]["over"], false);
    assert_eq!(told["period"]["last"], "2026-01-01");
    assert_eq!(told["title"], "Another");
    let later = run_in(&folder.0, "report annual oven 2027");
    assert_eq!(later.exit, Exit::Usage);
    assert!(
        later.notes.contains("2027 has not begun"),
        "{}",
        later.notes
    );
    let slip = run_in(&folder.0, "report annual ovne 2025");
    assert!(slip.notes.contains("did you mean oven?"), "{}", slip.notes);
}

#[test]
fn decisions_of_the_year_are_counted_by_how_they_stood_at_its_end() {
    let it = Assembly::new();
    it.proposes("ada", "charter", "More seats");
    it.ticks();
    for person in ["bob", "cy", "dora"] {
        it.by(person, "vote 1 yes");
    }
    it.ticks_at("2026-03-02T12:00:00Z");
    it.proposes("ada", "charter", "Fewer | seats");
    it.ticks_at("2026-03-02T13:00:00Z");
    it.at("2026-03-04T00:00:00Z");
    let told = it.runs("report annual steering 2026 --output json").json();
    let decisions = &told["report"]["decisions"];
    assert_eq!(
        decisions["by_state"],
        serde_json::json!({"accepted": 1, "open": 1})
    );
    assert_eq!(
        names(&decisions["items"], "title"),
        ["More seats", "Fewer | seats"]
    );
    assert_eq!(decisions["items"][0]["since"], "2026-03-03T10:00:00Z");
    it.runs("report annual steering 2026")
        .ends(0, "2 items proposed or gone on with in the year, as they stood at its end: 1 accepted, 1 open.");
    // Another body's.
    let other = it.runs("report annual infra 2026 --output json").json();
    assert_eq!(other["report"]["decisions"]["items"], serde_json::json!([]));
}

/// The numbers of each group, counted by a program that knows nothing of ours.
const COUNT: &str = r#"
import json, sys, yaml
community = yaml.safe_load(open(sys.argv[1]))
fold = lambda text: "".join(c for c in text if c.isalnum()).lower()
groups = [group for sort in community.values() if isinstance(sort, list) for group in sort]
company = {}
def people(node):
    if isinstance(node, dict):
        if node.get("github") and node.get("company"):
            company.setdefault(node["github"].strip().lower(), fold(node["company"]))
        node = node.values()
    if not isinstance(node, str) and hasattr(node, "__iter__"):
        for below in node:
            people(below)
people(groups)
counted = {}
for group in groups:
    leaders = group.get("leadership", {})
    leads = (leaders.get("chairs") or []) + (leaders.get("tech_leads") or [])
    logins = {lead["github"].strip().lower() for lead in leads}
    shares = {}
    for login in logins:
        shares[company.get(login, "")] = shares.get(company.get(login, ""), 0) + 1
    unknown, independent = shares.pop("", 0), shares.pop("independent", 0)
    parts = group.get("subprojects") or []
    meetings = (group.get("meetings") or []) + [m for part in parts for m in part.get("meetings") or []]
    counted[group["dir"]] = {
        "roles": len(leads), "emeriti": len(leaders.get("emeritus_leads") or []), "leads": len(logins),
        "shares": sorted(shares.values(), reverse=True), "unknown": unknown, "independent": independent,
        "parts": sorted(part["name"] for part in parts),
        "links": sum(len(part.get("owners") or []) for part in parts),
        "notes": len({m["archive_url"] for m in meetings if m.get("archive_url")}),
    }
print(json.dumps(counted))
"#;

#[test]
fn the_numbers_of_all_real_groups_are_those_that_python_counts() {
    let python = python();
    let there = peer(&python, &["-c", "import yaml"]);
    let (Some(path), true) = (shared("kubernetes/community/sigs.yaml"), there) else {
        return;
    };
    let output = Command::new(python)
        .args(["-c", COUNT])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let counted: Value = serde_json::from_slice(&output.stdout).unwrap();
    let manifest = "commonhold: 1\nname: T\nsources: [{format: sigs.yaml, path: sigs.yaml}]\n";
    let text = fs::read_to_string(path).unwrap();
    let folder = Folder::new()
        .with("commonhold.yaml", manifest)
        .with("sigs.yaml", &text);
    commit(&folder.0, "2024-07-01T00:00:00Z");
    let groups = counted.as_object().unwrap();
    assert!(groups.len() > 30);
    for (group, counted) in groups {
        let told = report(&folder.0, &format!("{group} 2025"));
        let length = |of: &Value| of.as_array().map_or(0, Vec::len);
        let shares = told["shares"]["employers"].as_array().unwrap().iter();
        let mut parts: Vec<String> = told["subprojects"]["continuing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        parts.sort();
        let regular = told["meetings"]["regular"].as_array().unwrap().iter();
        let notes: BTreeSet<&str> = regular.filter_map(|one| one["notes"].as_str()).collect();
        let ours = serde_json::json!({
            "roles": length(&told["leads"]["in_office"]),
            "emeriti": told["leads"]["emeriti"],
            "leads": told["shares"]["leads"],
            "shares": shares.map(|row| row[1].clone()).collect::<Vec<_>>(),
            "unknown": told["shares"]["unknown"],
            "independent": told["shares"]["independent"],
            "parts": parts,
            "links": told["repositories"]["links"],
            "notes": notes.len(),
        });
        assert_eq!(ours, *counted, "{group}");
        assert_eq!(
            (
                length(&told["leads"]["left"]),
                length(&told["subprojects"]["new"])
            ),
            (0, 0)
        );
    }
}

/// One part of a real group was called otherwise, and one of its leads was another, a year before.
#[test]
fn what_changed_in_a_real_group_is_what_was_changed_in_the_file() {
    let Some(path) = shared("kubernetes/community/sigs.yaml") else {
        return;
    };
    let text = fs::read_to_string(path).unwrap();
    let earlier = text
        .replace("      - name: kubetest2\n", "      - name: kubetest\n")
        .replace(
            "        - github: pohly\n          name: Patrick Ohly\n",
            "        - github: somebody-else\n          name: Somebody Else\n",
        );
    let manifest = "commonhold: 1\nname: T\nsources: [{format: sigs.yaml, path: sigs.yaml}]\n";
    let folder = Folder::new()
        .with("commonhold.yaml", manifest)
        .with("sigs.yaml", &earlier);
    commit(&folder.0, "2024-07-01T00:00:00Z");
    write(&folder.0.join("sigs.yaml"), &text);
    commit(&folder.0, "2025-07-01T00:00:00Z");
    let told = report(&folder.0, "sig-testing 2025");
    assert_eq!(
        told["subprojects"]["new"],
        serde_json::json!([{"name": "kubetest2", "like": "kubetest"}])
    );
    assert_eq!(
        told["subprojects"]["retired"],
        serde_json::json!(["kubetest"])
    );
    assert_eq!(names(&told["leads"]["left"], "person"), ["somebody-else"]);
    let in_office = told["leads"]["in_office"].as_array().unwrap().iter();
    let came = in_office
        .filter(|row| row["change"] == "came")
        .map(|row| &row["name"]);
    assert_eq!(came.collect::<Vec<_>>(), ["Patrick Ohly"]);
}
