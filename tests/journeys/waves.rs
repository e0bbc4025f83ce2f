//! The path of least resistance, through the program; what it says is computed again from the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, example, root, run_in, write};

/// A service: its name, its owner, where it runs, and what it depends on.
fn service(owner: &str, at: &str, depends: &[&str]) -> String {
    let owner = match owner {
        "" => String::new(),
        owner => format!("owner: {owner}\n"),
    };
    let mut text = format!(
        "name: It\nsummary: Serves.\nkind: custom\n{owner}runs_at:\n  - {{account: {at}}}\ndepends_on:\n"
    );
    if depends.is_empty() {
        text = text.replace("depends_on:\n", "");
    }
    for dependency in depends {
        let (how, service) = dependency.split_once(' ').expect("how and what");
        let optional = if let Some(service) = service.strip_suffix('?') {
            format!("service: {service}, how: {how}, optional: true")
        } else {
            format!("service: {service}, how: {how}")
        };
        text += &format!("  - {{{optional}}}\n");
    }
    text
}

const HOUSE: &str = r#"
title: Out of the old house
about: service
goal: '"old" not in accounts'
owner: ops
from: [old]
to: [new]
started: 2025-10-01
due: 2026-02-01
blockers:
  - {id: keys, where: name == "till", about: Have keys of our own., owner: web, effort: 3}
  - {id: quota, where: name == "mail"}
  - {id: links, where: name == "shop", owner: web, hold: soft}
exceptions:
  - {where: name == "archive", reason: Nobody may touch it before the audit., decision: "12"}
effort: {batch: 2, bridge: 0.05}
capacity: {ops: 3}
freezes:
  - {from: 2026-01-19, until: 2026-01-30, why: The fair}
  - {from: 2026-01-01, until: 2026-01-09, group: web}
"#;

/// What each service of the house depends on.
const SERVICES: [(&str, &str, &str, &[&str]); 9] = [
    ("cluster", "ops", "old", &["dns names", "image registry"]),
    ("names", "ops", "old", &["runs-on cluster"]),
    ("registry", "ops", "old", &["runs-on cluster"]),
    (
        "shop",
        "web",
        "old",
        &["runs-on cluster", "calls till", "reads archive"],
    ),
    (
        "till",
        "web",
        "old",
        &["runs-on cluster", "deploys-by robot"],
    ),
    ("robot", "ops", "old", &["calls till", "image registry"]),
    ("mail", "", "old", &["reads till?"]),
    ("site", "web", "new", &["reads till", "dns names"]),
    ("archive", "ops", "old", &[]),
];

fn house() -> Folder {
    let mut folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: House\n")
        .with("groups/ops.yaml", "title: Ops\n")
        .with("groups/web.yaml", "title: Web\n")
        .with(
            "accounts/old.yaml",
            "provider: host\nid: o\nholder: vendor\nvendor: Host\n",
        )
        .with(
            "accounts/new.yaml",
            "provider: host\nid: n\nholder: community\n",
        )
        .with("migrations/house.yaml", HOUSE);
    for (name, owner, at, depends) in SERVICES {
        folder = folder.with(
            &format!("services/{name}.yaml"),
            &service(owner, at, depends),
        );
    }
    folder
}

fn json(folder: &Path, arguments: &str) -> Value {
    let said = run_in(
        folder,
        &format!("migration waves {arguments} --output json"),
    );
    assert_eq!(said.exit, Exit::Well, "{}", said.notes);
    serde_json::from_str(&said.data).expect("JSON")
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} of {value}"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// The wave of each part's things; 0 for what has moved.
fn waves_of(plan: &Value, moved: &[&str]) -> BTreeMap<String, u64> {
    let mut waves: BTreeMap<String, u64> = BTreeMap::new();
    for part in list(&plan["parts"]) {
        let Some(wave) = part["wave"].as_u64() else {
            continue;
        };
        if !part["lock"].as_bool().expect("a truth") {
            for thing in list(&part["things"]) {
                waves.insert(thing.as_str().expect("a name").to_owned(), wave);
            }
        }
    }
    waves.extend(moved.iter().map(|name| ((*name).to_owned(), 0)));
    waves
}

/// Holds the bridges of a plan against the references that cross, computed from the dependencies
/// (from, to), whose ends are told apart by their waves.
fn verify(plan: &Value, waves: &BTreeMap<String, u64>, depends: &[(String, String)]) {
    let pair = |bridge: &Value| {
        let link = &bridge["link"];
        (text(link, "from").to_owned(), text(link, "to").to_owned())
    };
    let all: Vec<(String, String)> = list(&plan["bridges"]).iter().map(pair).collect();
    let crossing = |after: u64| -> Vec<(String, String)> {
        let crosses = |ends: &&(String, String)| {
            let moved = |name: &str| waves.get(name).map(|wave| *wave <= after);
            let (one, other) = (moved(&ends.0), moved(&ends.1));
            one.is_some() && other.is_some() && one != other
        };
        let mut crossing: Vec<_> = depends.iter().filter(crosses).cloned().collect();
        crossing.sort();
        crossing
    };
    let places = |of: &Value| -> BTreeSet<usize> {
        let places = list(of)
            .iter()
            .map(|place| place.as_u64().expect("a place"));
        places
            .map(|place| usize::try_from(place).expect("small"))
            .collect()
    };
    let named = |places: &BTreeSet<usize>| {
        let mut named: Vec<_> = places.iter().map(|&place| all[place].clone()).collect();
        named.sort();
        named
    };
    let mut before = places(&plan["today"]);
    assert_eq!(named(&before), crossing(0), "today");
    let mut taken = 0.0;
    for wave in list(&plan["waves"]) {
        let number = wave["number"].as_u64().expect("a number");
        let bridges: BTreeSet<usize> = list(&wave["bridges"])
            .iter()
            .map(|of| usize::try_from(of["bridge"].as_u64().expect("a place")).expect("small"))
            .collect();
        assert_eq!(named(&bridges), crossing(number), "after wave {number}");
        for of in list(&wave["bridges"]) {
            let place = usize::try_from(of["bridge"].as_u64().expect("a place")).expect("small");
            assert_eq!(
                of["built"].as_bool(),
                Some(!before.contains(&place)),
                "{of}"
            );
            let (from, to) = &all[place];
            let at = |name: &str| {
                if waves[name] <= number {
                    "there"
                } else {
                    "here"
                }
            };
            let says = text(of, "says");
            let (from, to) = (format!("{from} {}", at(from)), format!("{to} {}", at(to)));
            assert!(says.starts_with(&from) && says.ends_with(&to), "{says}");
            let per_day = plan["bridges"][place]["per_day"]
                .as_f64()
                .expect("a number");
            taken += per_day * wave["days"].as_f64().expect("a number");
        }
        let dropped: BTreeSet<usize> = before.difference(&bridges).copied().collect();
        assert_eq!(places(&wave["dropped"]), dropped);
        before = bridges;
    }
    assert!(before.is_empty(), "bridges stand in the end");
    assert!((taken - plan["bridging"].as_f64().expect("a number")).abs() < 1e-3);
    in_order(plan);
}

/// What must come first does.
fn in_order(plan: &Value) {
    for order in list(&plan["orders"]) {
        let wave = |key: &str| {
            let id = text(order, key);
            let part = list(&plan["parts"])
                .iter()
                .find(|part| text(part, "id") == id);
            part.expect("a part")["wave"].as_u64()
        };
        let (first, then) = (wave("first"), wave("then"));
        if order["together"].as_bool().expect("a truth") {
            assert_eq!(first, then, "{order}");
        } else {
            assert!(first < then, "{order}");
        }
    }
}

fn dependencies() -> Vec<(String, String)> {
    let pairs = SERVICES.iter().flat_map(|(name, _, _, depends)| {
        depends.iter().map(|dependency| {
            let (_, other) = dependency.split_once(' ').expect("how and what");
            ((*name).to_owned(), other.trim_end_matches('?').to_owned())
        })
    });
    pairs.collect()
}

#[test]
fn each_wave_has_the_bridges_that_cross_and_nobody_works_more_than_he_can() {
    let folder = house();
    for limits in [
        "",
        "--days 10",
        "--groups 1",
        "--days 5 --groups 2 --start 2026-01-14",
    ] {
        let plan = json(&folder.0, &format!("house {limits}"));
        verify(&plan, &waves_of(&plan, &["site"]), &dependencies());
        assert_eq!(plan["gap"].as_f64(), Some(0.0), "{limits}");
        for wave in list(&plan["waves"]) {
            for share in list(&wave["work"]) {
                let (effort, capacity) = (share["effort"].as_f64(), share["capacity"].as_f64());
                assert!(effort <= capacity.map(|days| days + 1e-6), "{share}");
            }
            for day in [text(wave, "first"), text(wave, "last")] {
                assert!(!("2026-01-19"..="2026-01-30").contains(&day), "{wave}");
            }
        }
    }
}

#[test]
fn what_goes_round_is_named_and_moves_as_one_where_no_bridge_helps() {
    let folder = house();
    let said = run_in(&folder.0, "migration waves house --days 5");
    assert_eq!(said.exit, Exit::Well, "{}", said.notes);
    for line in [
        "Out of the old house: 7 are left, 1 stays by exceptions, 1 has moved",
        "cluster is found through names, which runs on cluster: they move as one",
        "robot calls till, which is deployed by robot",
        "no plan within these limits takes less",
        "Out of the old house is due 2026-02-01 and ends 2026-",
        "  = shop reads from archive",
        "keys (web, 3 days): holds 1; frees 1, and then",
        "links (web, 2 days): holds 1, with a bridge meanwhile",
    ] {
        let flat = said.data.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(&line), "{line}:\n{}", said.data);
    }
    assert!(
        said.notes.contains("warning: nobody owns"),
        "{}",
        said.notes
    );
    let again = run_in(&folder.0, "migration waves house --days 5");
    assert_eq!((said.data, said.notes), (again.data, again.notes));
}

#[test]
fn a_what_if_says_what_it_changes() {
    let folder = house();
    let plan = json(&folder.0, "house --without keys --after robot=2026-09-01");
    let held = list(&plan["against"]["held"]);
    let held: Vec<&str> = held.iter().map(|held| text(held, "part")).collect();
    assert_eq!(held, ["free keys", "till"]);
    assert!(
        plan["against"]["days_later"].as_i64() > Some(100),
        "{}",
        plan["against"]
    );
    let robot = list(&plan["parts"])
        .iter()
        .find(|part| text(part, "id") == "robot");
    let wave = robot.expect("robot")["wave"].as_u64().expect("a wave");
    let wave = &plan["waves"][usize::try_from(wave - 1).expect("small")];
    assert!(text(wave, "first") >= "2026-09-01", "{wave}");
    // What refers to till has a bridge for good.
    let lasting: Vec<&str> = list(&plan["lasting"])
        .iter()
        .map(|at| {
            let at = usize::try_from(at.as_u64().expect("a place")).expect("small");
            text(&plan["bridges"][at], "says")
        })
        .collect();
    for says in [
        "robot calls till",
        "site reads from till",
        "till runs on cluster",
    ] {
        assert!(lasting.contains(&says), "{says}: {lasting:?}");
    }
}

#[test]
fn what_is_wrongly_named_or_written_is_told() {
    let folder = house();
    for (arguments, exit, says) in [
        (
            "hose",
            Exit::Findings,
            "has no migration `hose`; did you mean house?",
        ),
        (
            "house --without cluter",
            Exit::Findings,
            "did you mean `cluster`?",
        ),
        (
            "house --without site",
            Exit::Findings,
            "`site` has moved already",
        ),
        ("house --without archive", Exit::Findings, "by an exception"),
        ("house --after till", Exit::Usage, "like mail=2026-11-20"),
        (
            "house --after till=soon",
            Exit::Usage,
            "write a day like 2026-11-20",
        ),
        (
            "house --after tall=2026-03-01",
            Exit::Findings,
            "did you mean `till`?",
        ),
        (
            "house --start 2026-02-30",
            Exit::Usage,
            "write a day like 2026-11-20",
        ),
        ("house --days 0", Exit::Usage, "--days"),
        ("house --groups 0", Exit::Usage, "--groups"),
        ("house --output pdf", Exit::Usage, "svg"),
    ] {
        let said = run_in(&folder.0, &format!("migration waves {arguments}"));
        assert_eq!(said.exit, exit, "{arguments}: {}", said.notes);
        assert!(said.notes.contains(says), "{arguments}: {}", said.notes);
        assert!(said.data.is_empty(), "{arguments}: {}", said.data);
    }
    let with = |from: &str, to: &str, says: &str| {
        let text = HOUSE.replace(from, to);
        assert_ne!(text, HOUSE);
        write(&folder.0.join("migrations/house.yaml"), &text);
        let said = run_in(&folder.0, "migration waves");
        assert_eq!(said.exit, Exit::Findings, "{}", said.data);
        assert!(said.notes.contains(says), "{}", said.notes);
    };
    with("ops: 3", "ops: 0", "`capacity` gives ops no days a week");
    with("batch: 2", "batch: -2", "would take fewer days than none");
    with(
        "until: 2026-01-30",
        "until: 2026-01-12",
        "ends before it begins",
    );
    with("until: 2026-01-30", "until: 2926-01-30", "within a century");
    with("not in accounts", "not in acounts", "acounts");
}

#[test]
fn without_migrations_services_say_themselves_that_they_move() {
    let folder = house();
    fs::remove_file(folder.0.join("migrations/house.yaml")).unwrap();
    let said = run_in(&folder.0, "migration waves");
    assert_eq!(said.exit, Exit::Well, "{}", said.notes);
    assert_eq!(
        said.data,
        "Services of House that move: nothing is left to move\n"
    );
    let till = format!(
        "{}migration: {{from: old, to: new, due: 2026-01-02}}\n",
        service("web", "old", &["runs-on cluster"])
    );
    write(&folder.0.join("services/till.yaml"), &till);
    let said = run_in(&folder.0, "migration waves");
    assert!(
        said.data.contains("web, 1 of 1.2 days: till"),
        "{}",
        said.data
    );
    assert!(
        said.data.contains("till is due 2026-01-02 and ends 2026-"),
        "{}",
        said.data
    );
    assert!(
        said.notes
            .contains("a day for each service and 2 days a week"),
        "{}",
        said.notes
    );
}

#[test]
fn the_services_of_the_example_move_after_what_they_run_on_with_the_bridges_that_cross() {
    let said = example("migration waves services --output json");
    assert_eq!(said.exit, Exit::Well, "{}", said.notes);
    let plan: Value = serde_json::from_str(&said.data).expect("JSON");
    let folder = root().join("examples/kubernetes/services");
    let mut depends: Vec<(String, String)> = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some((_, rest)) = line.split_once("- {service: ")
                && line.contains("how: ")
            {
                let other = rest.split([',', '}']).next().expect("a service");
                depends.push((name.clone(), other.to_owned()));
            }
        }
    }
    assert!(depends.len() > 60, "{}", depends.len());
    // What has moved is what bridges name and no wave moves; none stays in the example.
    assert_eq!(plan["counts"]["stays"].as_u64(), Some(0));
    let moving = waves_of(&plan, &[]);
    let ends = list(&plan["bridges"]).iter().flat_map(|bridge| {
        let link = &bridge["link"];
        [text(link, "from"), text(link, "to")]
    });
    let moved: BTreeSet<&str> = ends.filter(|name| !moving.contains_key(*name)).collect();
    let moved: Vec<&str> = moved.into_iter().collect();
    let waves = waves_of(&plan, &moved);
    verify(&plan, &waves, &depends);
    for part in ["prow-deck", "prow-hook", "prow-plank", "prow-tide"] {
        assert!(waves["prow"] < waves[part], "{part}");
    }
    let cycles = plan["cycles"].to_string();
    assert!(cycles.contains("is deployed by prow-autobump"), "{cycles}");
    assert!(plan["gap"].as_f64() <= Some(0.15), "{}", plan["gap"]);
    for output in ["text", "markdown", "svg", "dot", "mermaid"] {
        let said = example(&format!("migration waves services --output {output}"));
        assert!(
            said.exit == Exit::Well && said.data.contains("prow-deck"),
            "{output}"
        );
    }
}

#[test]
fn several_migrations_are_named_where_none_is_asked_for() {
    let said = example("migration waves");
    assert_eq!(said.exit, Exit::Findings);
    assert!(
        said.notes.contains("say which: ci-jobs, services"),
        "{}",
        said.notes
    );
}
