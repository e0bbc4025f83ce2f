//! Ways to gain, or to take away, that look like something else.

use charter::risk::{Assessor, Risk, RiskSettings};
use serde_json::json;

use super::*;

/// The risk of one change of a plan.
fn risk_of(was: &Estate, is: &Estate, word: &str) -> Risk {
    let all = risks(was, is);
    let found = all.iter().find(|(other, _)| other == word);
    found.unwrap_or_else(|| panic!("no {word} in {all:?}")).1
}

const ADMINS: &str = "organisation: acme\nowner: infra\nmembers: [cleo]\ngrants: [{repository: acme/site, permission: admin}]\n";

#[test]
fn a_team_that_comes_below_another_gets_what_that_may_do() {
    let alone = "organisation: acme\nowner: infra\nmembers: [dan]\n";
    let below = format!("{alone}parent: acme/admins\n");
    let with = |text: &str| community(&[("teams/acme/admins.yaml", ADMINS), (WRITERS, text)]);
    let (was, is) = (with(alone), with(&below));
    assert_eq!(risk_of(&was, &is, "~ team writers"), Risk::High);
    let changes = difference(&was, &is).changes;
    assert_eq!(changes[0].effect.gives_to, ["dan"]);
    // Who comes into it then may do everything too.
    let more = with(&below.replace("dan", "dan, eve"));
    assert_eq!(
        risk_of(&is, &more, "+ team writers > member eve"),
        Risk::High
    );
    // And what the one above is granted, those below get.
    let granted = ADMINS.replace(
        "grants: [",
        "grants: [{repository: acme/tools, permission: write}, ",
    );
    let granted = community(&[("teams/acme/admins.yaml", &granted), (WRITERS, &below)]);
    let changes = difference(&is, &granted).changes;
    assert_eq!(changes[0].effect.gives_to, ["cleo", "dan"]);
}

#[test]
fn a_team_that_goes_does_not_take_a_foreign_one_with_it() {
    let was = community(&[
        (WRITERS, &team("cleo")),
        (
            "teams/acme/kid.yaml",
            "organisation: acme\nparent: acme/writers\n",
        ),
    ]);
    let declared = community(&[(WRITERS, &team("cleo"))]);
    let is = community(&[]);
    let access = access(&is);
    let current = self::access(&was).desired(&scope()).unwrap();
    let base = self::access(&declared).desired(&scope()).unwrap();
    let desired = access.desired(&scope()).unwrap();
    let found = access.diff(&scope(), &current, &desired, Some(&base));
    assert!(found.changes.is_empty(), "{:?}", words(&found.changes));
    let kept: Vec<&str> = found.kept.iter().map(|one| one.resource.as_str()).collect();
    assert_eq!(kept, ["team kid", "team writers"]);
}

#[test]
fn many_short_lists_are_one_long_one() {
    let file = |at: usize| format!("teams/acme/team-{at}.yaml");
    let teams = |members: &str| -> Vec<(String, String)> {
        (0..20).map(|at| (file(at), team(members))).collect()
    };
    let with = |teams: &[(String, String)]| {
        let files = teams
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        community(&files.collect::<Vec<_>>())
    };
    let (was, is) = (with(&teams("cleo")), with(&teams("")));
    let told = "20 of 20 members of any team would be taken away; 5 may be (25 %)";
    assert_eq!(over(&was, &is), [told]);
}

#[test]
fn to_be_let_do_less_is_to_lose_something() {
    let grants = |permission: &str| {
        let grant = |at: usize| format!("{{repository: acme/r{at}, permission: {permission}}}");
        let all: Vec<String> = (0..8).map(grant).collect();
        let text = format!("organisation: acme\ngrants: [{}]\n", all.join(", "));
        community(&[(WRITERS, &text)])
    };
    let told = "8 of 8 repositories of the team `writers` would be taken away; 2 may be (25 %)";
    assert_eq!(over(&grants("admin"), &grants("read")), [told]);
    assert!(over(&grants("read"), &grants("admin")).is_empty());
}

#[test]
fn both_owners_of_a_list_at_once_are_the_last() {
    let list = |owners: &str| {
        let text = format!(
            "email: root@lists.example.org\nowner: infra\n{owners}members: [x@example.net]\n"
        );
        estate(&[
            ("people/ada.yaml", "name: Ada\nemail: ada@example.org\n"),
            ("groups/infra.yaml", "members: [ada]\n"),
            (
                "access-systems/lists.yaml",
                "kind: mailman\nowner: infra\naddress: http://127.0.0.1:8001/3.1\nuser: u\nsecret: env/P\nmail_domains: [lists.example.org]\n",
            ),
            ("mailing-groups/root.yaml", &text),
        ])
    };
    let scope = Scope {
        domain: "access".to_owned(),
        name: "lists.example.org".to_owned(),
        at: "lists".to_owned(),
    };
    let (was, is) = (list("owners: [ada@example.org, b@example.net]\n"), list(""));
    let (before, after) = (access(&was), access(&is));
    let current = before.desired(&scope).unwrap();
    let desired = after.desired(&scope).unwrap();
    let changes = after
        .diff(&scope, &current, &desired, Some(&current))
        .changes;
    let mut assessor = Assessor::new(&is, RiskSettings::default());
    let all: Vec<Risk> = changes
        .iter()
        .map(|one| assessor.assess(&one.effect).risk)
        .collect();
    assert_eq!(all, [Risk::High, Risk::High]);
}

#[test]
fn who_has_not_accepted_is_no_administrator_yet() {
    let admins = |list: &str, members: &str| {
        let text = format!("admins: [{list}]\nmembers: [{members}]\n");
        community(&[("organisations/acme.yaml", &text)])
    };
    let was = admins("ada, bob", "cleo");
    let is = admins("ida, jon", "ada, bob, cleo");
    let mut current = access(&was).desired(&scope()).unwrap();
    let after = access(&is);
    for name in ["ida", "jon"] {
        let key = access::Key::new(access::Sort::Member, name);
        current.insert(key.clone(), json!({"role": "admin"}));
        current.pending.insert(key);
    }
    let desired = after.desired(&scope()).unwrap();
    let changes = after
        .diff(&scope(), &current, &desired, Some(&current))
        .changes;
    let changes: Vec<&Change> = changes.iter().collect();
    let over = after.exceeded(&scope(), &current, &changes, &[]);
    let told = "2 of 2 administrators of the organisation would be taken away; 1 may be (25 %)";
    let texts: Vec<String> = over.iter().map(change::Exceeded::text).collect();
    assert!(texts.contains(&told.to_owned()), "{texts:?}");
}

#[test]
fn who_has_left_is_no_collaborator_and_pushes_nowhere() {
    let organisation = "admins: [ada, bob]\nmembers: [cleo]\nrepositories:\n  site: {collaborators: {zoe: admin}, branches: {main: {push_people: [zoe, ada]}}}\n";
    let with = |left: &str| {
        let zoe = format!("name: zoe\n{left}");
        community(&[
            ("organisations/acme.yaml", organisation),
            ("people/zoe.yaml", &zoe),
        ])
    };
    let changes = difference(&with(""), &with("left: 2026-02-01\n")).changes;
    let all = [
        "- repository site > collaborator zoe",
        "~ repository site > branch main",
    ];
    assert_eq!(words(&changes), all);
}

#[test]
fn a_grant_to_a_repository_of_another_organisation_is_granted_nowhere() {
    let text = "organisation: acme\ngrants: [{repository: other/site, permission: admin}]\n";
    let tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
        .with(SYSTEM.0, SYSTEM.1)
        .with("people/ada.yaml", "name: Ada\n")
        .with("groups/infra.yaml", "members: [ada]\n")
        .with("organisations/acme.yaml", "admins: [ada]\n")
        .with(WRITERS, text);
    let (estate, _) = formats::load(&tree).unwrap();
    let wanted = access(&estate).desired(&scope()).unwrap();
    assert!(
        !wanted
            .entries
            .keys()
            .any(|key| key.sort == access::Sort::TeamGrant)
    );
}

#[test]
fn an_account_or_address_that_is_another_now_is_judged_by_people() {
    let with = |cleo: &str, members: &str| {
        let people = people(&NAMES);
        let mut files: Vec<(&str, &str)> = people
            .iter()
            .filter(|(path, _)| path != "people/cleo.yaml")
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let text = team(members);
        files.extend([
            SYSTEM,
            ("people/cleo.yaml", cleo),
            ("groups/infra.yaml", "members: [ada, bob]\n"),
            (
                "organisations/acme.yaml",
                "admins: [ada, bob]\nmembers: [cleo, dan, eve, fay, gus, hal, ida, jon, kim, leo]\n",
            ),
            (WRITERS, &text),
        ]);
        estate(&files)
    };
    let was = with("name: cleo\nhandles: {github: cleo, github_id: 5}\n", "dan");
    let is = with(
        "name: cleo\nhandles: {github: cleo, github_id: 666}\n",
        "dan, cleo",
    );
    let after = Access::new(&is, DAY, OUTSIDE).since(&was);
    let current = access(&was).desired(&scope()).unwrap();
    let desired = after.desired(&scope()).unwrap();
    let changes = after
        .diff(&scope(), &current, &desired, Some(&current))
        .changes;
    let mut assessor = Assessor::new(&is, RiskSettings::default());
    assert_eq!(words(&changes), ["+ team writers > member cleo"]);
    assert_eq!(assessor.assess(&changes[0].effect).risk, Risk::High);
}

#[test]
fn a_team_taken_over_by_its_old_name_is_judged_by_people() {
    let was = community(&[]);
    let is = community(&[(WRITERS, &format!("{}previously: [root]\n", team("cleo")))]);
    // What a provider says: the foreign team, under the name that takes it over.
    let mut current = access(&is).desired(&scope()).unwrap();
    let key = access::Key::new(access::Sort::Team, "writers");
    current.entries.get_mut(&key).unwrap().value["name"] = json!("root");
    let after = Access::new(&is, DAY, OUTSIDE).since(&was);
    let desired = after.desired(&scope()).unwrap();
    let base = access(&was).desired(&scope()).unwrap();
    let changes = after
        .diff(&scope(), &current, &desired, Some(&base))
        .changes;
    let mut assessor = Assessor::new(&is, RiskSettings::default());
    assert_eq!(words(&changes), ["~ team writers"]);
    assert_eq!(assessor.assess(&changes[0].effect).risk, Risk::High);
}

#[test]
fn what_is_in_a_team_that_goes_counts_as_taken_away() {
    let was = community(&[
        (WRITERS, &team(EIGHT)),
        ("teams/acme/cooks.yaml", &team("kim")),
    ]);
    let is = community(&[("teams/acme/cooks.yaml", &team("kim"))]);
    let told = "8 of 9 members of any team would be taken away; 2 may be (25 %)";
    let texts = over(&was, &is);
    assert!(texts.iter().any(|text| text == told), "{texts:?}");
}

#[test]
fn who_may_push_alone_is_judged_by_people_and_so_is_a_rule_that_is_new() {
    let with = |branches: &str| {
        let text = format!(
            "admins: [ada, bob]\nmembers: [cleo]\nrepositories:\n  site: {{branches: {branches}}}\n"
        );
        community(&[("organisations/acme.yaml", &text)])
    };
    let none = with("{}");
    let mallory = with("{main: {required_approvals: 6, push_people: [mallory]}}");
    let cleo = with("{main: {push_people: [cleo]}}");
    let word = "+ repository site > branch main";
    assert_eq!(risk_of(&none, &mallory, word), Risk::High);
    assert_eq!(
        difference(&none, &cleo).changes[0].effect.gives_to,
        ["cleo"]
    );
    let plain = with("{main: {required_approvals: 1}}");
    assert_eq!(risk_of(&none, &plain, word), Risk::Medium);
}

#[test]
fn what_a_team_may_do_to_repositories_is_for_whoever_answers_for_the_system() {
    let owned = team("cleo").replace("owner: infra", "owner: web");
    let with = |text: &str| community(&[(WRITERS, text), ("groups/web.yaml", "members: [dan]\n")]);
    let more = owned
        .replace("write", "maintain")
        .replace("cleo", "cleo, dan");
    let changes = difference(&with(&owned), &with(&more)).changes;
    let owners: Vec<(&str, &[String])> = changes
        .iter()
        .map(|one| (one.resource.as_str(), one.owners.as_slice()))
        .collect();
    let (infra, web) = (["infra".to_owned()], ["web".to_owned()]);
    let expected = [
        ("team writers > repository site", infra.as_slice()),
        ("team writers > member dan", web.as_slice()),
    ];
    assert_eq!(owners, expected);
}

#[test]
fn a_foreign_team_that_a_file_declares_is_judged_by_people() {
    let was = community(&[]);
    let is = community(&[(WRITERS, &team("cleo, dan"))]);
    let foreign = community(&[(WRITERS, &team("cleo"))]);
    let current = access(&foreign).desired(&scope()).unwrap();
    let after = Access::new(&is, DAY, OUTSIDE).since(&was);
    let desired = after.desired(&scope()).unwrap();
    let base = access(&was).desired(&scope()).unwrap();
    let changes = after
        .diff(&scope(), &current, &desired, Some(&base))
        .changes;
    let mut assessor = Assessor::new(&is, RiskSettings::default());
    assert_eq!(words(&changes), ["+ team writers > member dan"]);
    assert_eq!(assessor.assess(&changes[0].effect).risk, Risk::High);
}
