//! What is wanted, what it takes to get there, how risky that is and what stops it: without any system.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod guarded;

use access::{Access, Outside};
use change::{Action, Change, Difference, Domain, Scope, Stopped};
use charter::risk::{Assessor, Risk, RiskSettings};
use estate::{Estate, MemoryTree};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::json;

const DAY: Date = date(2026, 3, 1);

const OUTSIDE: Outside<'static> = Outside {
    secrets: &|_| None,
    clock: || Timestamp::UNIX_EPOCH,
    wait: |_| {},
};

const SYSTEM: (&str, &str) = (
    "access-systems/hub.yaml",
    "kind: github\nowner: infra\nsecret: env/TOKEN\norganisations: [acme]\nmin_admins: 1\n",
);

fn estate(files: &[(&str, &str)]) -> Estate {
    let start = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Test\n");
    let tree = files
        .iter()
        .fold(start, |tree, (path, text)| tree.with(path, *text));
    let (estate, findings) = formats::load(&tree).unwrap();
    let wrong = findings
        .iter()
        .filter(|one| one.severity == base::Severity::Error);
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    estate
}

fn people(names: &[&str]) -> Vec<(String, String)> {
    let file = |name: &&str| (format!("people/{name}.yaml"), format!("name: {name}\n"));
    names.iter().map(file).collect()
}

const NAMES: [&str; 12] = [
    "ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "leo",
];

/// Twelve people, a group that owns, an organisation that they are in, and more.
fn community(more: &[(&str, &str)]) -> Estate {
    let people = people(&NAMES);
    let mut files: Vec<(&str, &str)> = people
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let has = |path: &str| more.iter().any(|(other, _)| *other == path);
    for (path, text) in [
        SYSTEM,
        ("groups/infra.yaml", "members: [ada, bob]\n"),
        (
            "organisations/acme.yaml",
            "admins: [ada, bob]\nmembers: [cleo, dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
        ),
    ] {
        if !has(path) {
            files.push((path, text));
        }
    }
    files.extend(more);
    estate(&files)
}

fn scope() -> Scope {
    Scope {
        domain: "access".to_owned(),
        name: "acme".to_owned(),
        at: "hub".to_owned(),
    }
}

fn access(estate: &Estate) -> Access<'_> {
    Access::new(estate, DAY, OUTSIDE)
}

/// What it takes from all that one estate wants to all that another wants.
fn difference(was: &Estate, is: &Estate) -> Difference {
    let (before, after) = (access(was), access(is));
    let current = before.desired(&scope()).unwrap();
    let desired = after.desired(&scope()).unwrap();
    after.diff(&scope(), &current, &desired, Some(&current))
}

fn words(changes: &[Change]) -> Vec<String> {
    let word = |one: &Change| format!("{} {}", one.action.mark(), one.resource);
    changes.iter().map(word).collect()
}

fn over(was: &Estate, is: &Estate) -> Vec<String> {
    let after = access(is);
    let current = access(was).desired(&scope()).unwrap();
    let difference = difference(was, is);
    let changes: Vec<&Change> = difference.changes.iter().collect();
    let over = after.exceeded(&scope(), &current, &changes, &[]);
    over.iter().map(change::Exceeded::text).collect()
}

fn risks(was: &Estate, is: &Estate) -> Vec<(String, Risk)> {
    let mut assessor = Assessor::new(is, RiskSettings::default());
    let changes = difference(was, is).changes;
    let judged = changes.iter().map(|one| {
        let word = format!("{} {}", one.action.mark(), one.resource);
        (word, assessor.assess(&one.effect).risk)
    });
    judged.collect()
}

fn stopped(estate: &Estate) -> Stopped {
    access(estate).desired(&scope()).unwrap_err()
}

/// A team file with these members.
fn team(members: &str) -> String {
    format!(
        "organisation: acme\nowner: infra\nmembers: [{members}]\ngrants: [{{repository: acme/site, permission: write}}]\n"
    )
}

const WRITERS: &str = "teams/acme/writers.yaml";
const EIGHT: &str = "cleo, dan, eve, fay, gus, hal, ida, jon";

#[test]
fn who_is_wanted_where_is_told_with_the_place_that_says_so() {
    let estate = community(&[(WRITERS, &team("cleo"))]);
    let wanted = access(&estate).desired(&scope()).unwrap();
    let entry = |text: &str| {
        let found = wanted
            .entries
            .iter()
            .find(|(key, _)| key.to_string() == text);
        let (_, entry) = found.unwrap_or_else(|| panic!("no {text}"));
        (entry.value.clone(), entry.declared_at.clone().unwrap())
    };
    assert_eq!(
        entry("member ada"),
        (
            json!({"role": "admin"}),
            "organisations/acme.yaml:1".to_owned()
        )
    );
    assert_eq!(
        entry("team writers > member cleo"),
        (json!({"role": "member"}), format!("{WRITERS}:3"))
    );
    assert_eq!(
        entry("team writers > repository site"),
        (json!({"permission": "write"}), format!("{WRITERS}:4"))
    );
    assert_eq!(
        entry("team writers").0,
        json!({"name": "writers", "description": "", "privacy": "closed", "parent": null})
    );
}

#[test]
fn a_new_chair_gets_the_access_and_the_old_one_loses_it_in_one_plan() {
    let group = |chair: &str| format!("leads: [{{person: {chair}, role: chair}}]\n");
    let team =
        "organisation: acme\nowner: infra\ninclude: [{group: docs, role: chair, as: maintainer}]\n";
    let docs = |chair: &str| {
        community(&[
            ("groups/docs.yaml", &group(chair)),
            ("teams/acme/docs.yaml", team),
        ])
    };
    let difference = difference(&docs("cleo"), &docs("dan"));
    let all = ["- team docs > member cleo", "+ team docs > member dan"];
    assert_eq!(words(&difference.changes), all);
    assert_eq!(difference.changes[1].owners, ["infra"]);
    assert_eq!(
        difference.changes[1].declared_at.as_deref(),
        Some("groups/docs.yaml:1")
    );
    assert_eq!(difference.changes[1].effect.gives_to, ["dan"]);
}

#[test]
fn who_leaves_loses_everything_at_once_wherever_they_still_stand() {
    let left = "name: cleo\nleft: 2026-03-01\n";
    let team = team("cleo, dan");
    let was = community(&[(WRITERS, &team)]);
    let mut files = people(&NAMES);
    files.retain(|(path, _)| path != "people/cleo.yaml");
    let mut files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    files.extend([
        SYSTEM,
        ("groups/infra.yaml", "members: [ada, bob]\n"),
        (
            "organisations/acme.yaml",
            "admins: [ada, bob]\nmembers: [cleo, dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
        ),
        (WRITERS, &team),
        ("people/cleo.yaml", left),
    ]);
    let is = estate(&files);
    let all = ["- member cleo", "- team writers > member cleo"];
    assert_eq!(words(&difference(&was, &is).changes), all);
}

#[test]
fn a_grant_that_has_run_out_is_wanted_no_more() {
    let grants = |until: &str| {
        format!(
            "organisation: acme\ngrants: [{{repository: acme/site, permission: write, until: {until}}}]\n"
        )
    };
    let was = community(&[(WRITERS, &grants("2026-03-01"))]);
    let is = community(&[(WRITERS, &grants("2026-02-28"))]);
    let all = ["- team writers > repository site"];
    assert_eq!(words(&difference(&was, &is).changes), all);
}

#[test]
fn seven_of_eight_members_do_not_go_unnoticed() {
    let was = community(&[(WRITERS, &team(EIGHT))]);
    let is = community(&[(WRITERS, &team("cleo"))]);
    let told = "7 of 8 members of the team `writers` would be taken away; 2 may be (25 %)";
    assert_eq!(over(&was, &is), [told]);
    let two = community(&[(WRITERS, &team("cleo, dan, eve, fay, gus, hal"))]);
    assert!(over(&was, &two).is_empty());
}

#[test]
fn three_of_ten_in_an_organisation_do_not_go_unnoticed() {
    let members = |list: &str| format!("admins: [ada, bob]\nmembers: [{list}]\n");
    let is = members("cleo, dan, eve, fay, gus, hal");
    let is = community(&[("organisations/acme.yaml", &is)]);
    let told = "4 of 12 members of the organisation would be taken away; 3 may be (25 %)";
    assert_eq!(over(&community(&[]), &is), [told]);
}

#[test]
fn a_plan_that_is_done_in_part_is_held_to_the_limit_of_the_whole() {
    let was = community(&[(WRITERS, &team(EIGHT))]);
    let is = community(&[(WRITERS, &team("cleo"))]);
    let changes = difference(&was, &is).changes;
    let (done, pending) = changes.split_at(6);
    let mut current = access(&was).desired(&scope()).unwrap();
    for one in done {
        current
            .entries
            .retain(|key, _| key.to_string() != one.resource);
    }
    let pending: Vec<&Change> = pending.iter().collect();
    let over = access(&is).exceeded(&scope(), &current, &pending, done);
    assert_eq!((over[0].count, over[0].of), (7, 8));
}

#[test]
fn a_team_that_was_renamed_without_saying_so_stops() {
    let was = community(&[(WRITERS, &team(EIGHT))]);
    let is = community(&[("teams/acme/authors.yaml", &team(EIGHT))]);
    let over = over(&was, &is);
    assert!(
        over.iter()
            .any(|text| text.contains("write `previously: [writers]` there")),
        "{over:?}"
    );
    let other = community(&[("teams/acme/cooks.yaml", &team("kim, leo"))]);
    let texts = self::over(&was, &other);
    assert!(
        !texts.iter().any(|text| text.contains("previously")),
        "{texts:?}"
    );
}

#[test]
fn the_last_administrators_stay() {
    let none = community(&[(
        "organisations/acme.yaml",
        "members: [ada, bob, cleo, dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
    )]);
    assert!(stopped(&none).what.contains("`min_admins` asks for 1"));
    let free =
        "kind: github\nowner: infra\nsecret: env/TOKEN\norganisations: [acme]\nmin_admins: 0\n";
    let none = community(&[
        (
            "organisations/acme.yaml",
            "members: [ada, bob, cleo, dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
        ),
        (SYSTEM.0, free),
    ]);
    let told = "2 of 2 administrators of the organisation would be taken away; 1 may be (25 %)";
    assert_eq!(over(&community(&[]), &none), [told]);
}

#[test]
fn who_must_be_an_administrator_is_one() {
    let system = format!("{}required_admins: [fay]\n", SYSTEM.1);
    let stopped = stopped(&community(&[(SYSTEM.0, &system)]));
    assert!(stopped.what.contains("`fay` has to be an administrator"));
}

#[test]
fn more_access_is_never_low_and_what_lets_others_in_is_high() {
    let was = community(&[(WRITERS, &team("cleo"))]);
    let admin = team("cleo, dan").replace("write", "admin");
    let is = community(&[
        (WRITERS, &admin),
        (
            "organisations/acme.yaml",
            "admins: [ada, bob, cleo]\nmembers: [dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
        ),
    ]);
    let expected = [
        ("~ member cleo", Risk::High),
        // Who administers an organisation maintains their teams.
        ("~ team writers > member cleo", Risk::High),
        ("~ team writers > repository site", Risk::High),
        // The team may do everything once the plan is done.
        ("+ team writers > member dan", Risk::High),
    ];
    let expected: Vec<(String, Risk)> = expected
        .into_iter()
        .map(|(word, risk)| (word.to_owned(), risk))
        .collect();
    assert_eq!(risks(&was, &is), expected);
    // Once the team may do everything, whoever comes into it may too.
    let one_more = community(&[(WRITERS, &admin.replace("cleo, dan", "cleo, dan, eve"))]);
    let was = community(&[(WRITERS, &admin)]);
    let joined = ("+ team writers > member eve".to_owned(), Risk::High);
    assert_eq!(risks(&was, &one_more), [joined]);
}

#[test]
fn what_was_never_declared_is_told_and_not_taken_away() {
    let was = community(&[(WRITERS, &team("cleo"))]);
    let is = community(&[]);
    let (before, after) = (access(&was), access(&is));
    let current = before.desired(&scope()).unwrap();
    let desired = after.desired(&scope()).unwrap();
    let difference = after.diff(&scope(), &current, &desired, Some(&desired));
    assert!(
        difference.changes.is_empty(),
        "{:?}",
        words(&difference.changes)
    );
    assert_eq!(difference.kept.len(), 1);
    assert_eq!(difference.kept[0].resource, "team writers");
}

#[test]
fn who_stands_on_a_declared_list_without_being_declared_goes() {
    let was = community(&[(WRITERS, &team("cleo, dan"))]);
    let is = community(&[(WRITERS, &team("cleo"))]);
    let (before, after) = (access(&was), access(&is));
    let current = before.desired(&scope()).unwrap();
    let desired = after.desired(&scope()).unwrap();
    let difference = after.diff(&scope(), &current, &desired, Some(&desired));
    assert_eq!(words(&difference.changes), ["- team writers > member dan"]);
}

#[test]
fn while_a_tree_is_adopted_nothing_is_taken_away() {
    let additive = format!("{}additive: [team-members, members]\n", SYSTEM.1);
    let was = community(&[(WRITERS, &team(EIGHT))]);
    let is = community(&[(WRITERS, &team("cleo, kim")), (SYSTEM.0, &additive)]);
    let difference = difference(&was, &is);
    assert_eq!(words(&difference.changes), ["+ team writers > member kim"]);
    assert_eq!(difference.kept.len(), 7);
}

#[test]
fn names_have_no_case() {
    let was = community(&[(WRITERS, &team("cleo"))]);
    let is = community(&[(WRITERS, &team("cleo").replace("acme/site", "acme/Site"))]);
    assert!(difference(&was, &is).changes.is_empty());
    let is = community(&[(
        WRITERS,
        &team("cleo").replace("organisation: acme", "organisation: Acme"),
    )]);
    assert!(difference(&was, &is).changes.is_empty());
}

#[test]
fn a_rename_is_one_change_of_the_name() {
    // What a provider says of a team that still has its old name.
    let was = community(&[("teams/acme/authors.yaml", &team("cleo"))]);
    let mut current = access(&was).desired(&scope()).unwrap();
    for (key, entry) in &mut current.entries {
        if key.to_string() == "team authors" {
            entry.value["name"] = json!("writers");
        }
    }
    let access = access(&was);
    let desired = access.desired(&scope()).unwrap();
    let changes = access
        .diff(&scope(), &current, &desired, Some(&desired))
        .changes;
    assert_eq!(words(&changes), ["~ team authors"]);
    assert_eq!(changes[0].action, Action::Update);
}

#[test]
fn mailing_groups_that_people_join_by_themselves_keep_who_just_receives() {
    let list = |more: &str| {
        format!("email: docs@lists.example.org\nowner: infra\nowners: [ada@example.org]\n{more}")
    };
    let files = |text: &str| {
        estate(&[
            ("people/ada.yaml", "name: Ada\nemail: ada@example.org\n"),
            ("groups/infra.yaml", "members: [ada]\n"),
            (
                "access-systems/lists.yaml",
                "kind: mailman\nowner: infra\naddress: http://127.0.0.1:8001/3.1\nuser: u\nsecret: env/P\nmail_domains: [lists.example.org]\n",
            ),
            ("mailing-groups/docs.yaml", text),
        ])
    };
    let scope = Scope {
        domain: "access".to_owned(),
        name: "lists.example.org".to_owned(),
        at: "lists".to_owned(),
    };
    let crowd = list("managers: [bob@example.net]\nmembers: [cleo@example.net, dan@example.net]\n");
    let crowded = files(&crowd);
    for (more, gone) in [
        ("joined_freely: true\n", vec!["bob@example.net"]),
        (
            "",
            vec!["bob@example.net", "cleo@example.net", "dan@example.net"],
        ),
    ] {
        let is = files(&list(more));
        let access = access(&is);
        let current = self::access(&crowded).desired(&scope).unwrap();
        let desired = access.desired(&scope).unwrap();
        let changes = access
            .diff(&scope, &current, &desired, Some(&desired))
            .changes;
        let expected = gone
            .iter()
            .map(|one| format!("- mailing group docs@lists.example.org > member {one}"));
        assert_eq!(words(&changes), expected.collect::<Vec<_>>());
    }
}

#[test]
fn a_plan_for_the_same_is_empty_and_every_plan_leads_where_it_says() {
    let was = community(&[(WRITERS, &team(EIGHT))]);
    let is = community(&[
        (WRITERS, &team("kim, leo")),
        ("teams/acme/cooks.yaml", &team("ada")),
    ]);
    assert!(difference(&was, &was).changes.is_empty());
    let mut state = access(&was).desired(&scope()).unwrap();
    for one in difference(&was, &is).changes {
        state
            .entries
            .retain(|key, _| key.to_string() != one.resource);
        if let Some(after) = one.after {
            let key = access::Key::parse(&one.resource).unwrap();
            state.insert(key, after);
        }
    }
    // What is in a team that goes, goes with it.
    let desired = access(&is).desired(&scope()).unwrap();
    let values = |state: &access::State| {
        let all = state.entries.iter();
        let all = all.map(|(key, entry)| (key.to_string(), entry.value.clone()));
        all.collect::<Vec<_>>()
    };
    assert_eq!(values(&state), values(&desired));
}
