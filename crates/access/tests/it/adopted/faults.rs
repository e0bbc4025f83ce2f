//! Whatever goes wrong at any request of an apply: the next run ends in the right state, and nothing
//! is done twice.

use std::time::Duration;

use change::Domain;
use change::apply::Ending;
use estate::{Estate, MemoryTree};
use proptest::prelude::*;
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::github::{GitHub, Role};

use crate::adopted::spine::*;

const EACH: [Misfortune; 8] = [
    Misfortune::Status(500),
    Misfortune::TimeoutBefore,
    Misfortune::TimeoutAfter,
    Misfortune::TruncatedBody,
    Misfortune::SecondaryLimit {
        retry_after: Duration::from_secs(9),
    },
    Misfortune::Status(502),
    Misfortune::Status(503),
    Misfortune::RateLimit {
        retry_after: Duration::from_secs(9),
    },
];

/// An organisation at a stand-in.
struct Acme {
    hub: GitHub,
}

const PEOPLE: [&str; 8] = ["ada", "bob", "cleo", "dan", "eve", "fay", "gus", "hal"];

impl Acme {
    fn new() -> Self {
        let hub = GitHub::start();
        hub.with(|world| {
            for (at, login) in PEOPLE.iter().enumerate() {
                world.add_account(login, 100 + at as u64);
            }
            world.add_org("acme");
            for repository in ["site", "tools", "old"] {
                world.add_repo("acme", repository);
            }
            world.add_member("acme", "hal", Role::Member);
            world.add_team("acme", "gone");
            world.add_team("acme", "writers");
            world.add_team_member(
                "acme",
                "writers",
                "hal",
                testkit::fakes::github::TeamRole::Member,
            );
        });
        Self { hub }
    }

    fn estate(&self, files: &[(&str, &str)]) -> Estate {
        let system = format!(
            "kind: github\naddress: {}\nsecret: env/HUB\norganisations: [acme]\nmin_admins: 1\nlimits: {{percent: 100}}\n",
            self.hub.url()
        );
        let start = MemoryTree::default()
            .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
            .with("access-systems/hub.yaml", system);
        let tree = files
            .iter()
            .fold(start, |tree, (path, text)| tree.with(path, *text));
        let tree = PEOPLE
            .iter()
            .chain(&[GitHub::BOT])
            .fold(tree, |tree, name| {
                tree.with(&format!("people/{name}.yaml"), format!("name: {name}\n"))
            });
        let (estate, findings) = formats::load(&tree).unwrap();
        let wrong = findings
            .iter()
            .find(|one| one.severity == base::Severity::Error);
        assert!(wrong.is_none(), "{wrong:?}");
        estate
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "HUB").then(|| self.hub.token().to_owned())
    }
}

/// What the community wants: something of every sort.
const WANTED: [(&str, &str); 3] = [
    (
        "organisations/acme.yaml",
        "title: Acme\ndescription: \"\"\nadmins: [commonhold-bot, ada]\nmembers: [bob, cleo, dan]\n\
         settings: {default_repository_permission: read}\n\
         repositories:\n  site: {description: The site, has_wiki: false, collaborators: {fay: triage}, branches: {main: {required_approvals: 2}}}\n  \
           new: {description: A new one}\n",
    ),
    (
        "teams/acme/writers.yaml",
        "organisation: acme\ndescription: Who writes\nmembers: [bob]\nmaintainers: [cleo]\ngrants: [{repository: acme/site, permission: write}, {repository: acme/tools, permission: admin}]\n",
    ),
    (
        "teams/acme/editors.yaml",
        "organisation: acme\nparent: acme/writers\nmembers: [dan]\ngrants: [{repository: acme/old, permission: triage}]\n",
    ),
];

#[test]
fn a_misfortune_at_any_request_of_an_apply_leaves_nothing_that_the_next_run_does_not_mend() {
    let calm = Acme::new();
    let estate = calm.estate(&WANTED);
    let secrets = |name: &str| calm.secret(name);
    let is = access(&estate, &secrets);
    let acme = scope("acme", "hub");
    let planned = plan(&is, None, &acme).unwrap();
    let (_folder, mut ledger_of_calm) = ledger();
    calm.hub.forget_requests();
    assert_eq!(
        run(&is, planned, &mut ledger_of_calm).ending,
        Ending::Applied
    );
    let requests = calm.hub.requests().len();
    let there = calm.hub.snapshot();
    for (which, misfortune) in EACH.into_iter().enumerate() {
        // Those after the fifth go the same way as one before them.
        let step = if which < 5 { 1 } else { 7 };
        for n in (1..=requests).step_by(step) {
            let at = format!("{misfortune:?} at request {n} of {requests}");
            let acme_now = Acme::new();
            let estate = acme_now.estate(&WANTED);
            let secrets = |name: &str| acme_now.secret(name);
            let is = access(&estate, &secrets);
            let planned = plan(&is, None, &acme).unwrap();
            let (_folder, mut ledger) = ledger();
            acme_now.hub.forget_requests();
            acme_now.hub.faults().add(Fault::nth(n, misfortune));
            let report = run(&is, planned.clone(), &mut ledger);
            acme_now.hub.faults().clear();
            if report.ending != Ending::Applied {
                let again = run(&access(&estate, &secrets), planned, &mut ledger);
                assert_eq!(again.ending, Ending::Applied, "{at}: {:?}", report.ending);
            }
            // What the system did beside, as to put us into a team that we made, the next plan sees.
            let rest = plan(&access(&estate, &secrets), None, &acme).unwrap();
            let strays = words(&rest);
            assert!(
                strays.iter().all(|one| one.ends_with(GitHub::BOT)),
                "{at}: {strays:?}"
            );
            if !rest.changes.is_empty() {
                assert_eq!(run(&is, rest, &mut ledger).ending, Ending::Applied, "{at}");
            }
            let rest = plan(&access(&estate, &secrets), None, &acme).unwrap();
            assert!(rest.changes.is_empty(), "{at}: {:?}", words(&rest));
            let differences = acme_now.hub.snapshot().differences(&there);
            assert!(differences.is_empty(), "{at}: {differences:#?}");
            let invited = acme_now.hub.requests();
            let invited = invited.iter().filter(|one| {
                one.method == "POST"
                    && one.path.ends_with("/invitations")
                    && one.status == Some(201)
            });
            assert!(invited.count() <= 4, "{at}");
            assert_eq!(acme_now.hub.violations(), Vec::<String>::new(), "{at}");
        }
    }
}

#[test]
fn an_account_that_vanished_stops_nobody_else() {
    let acme = Acme::new();
    acme.hub.with(|world| world.delete_account("cleo"));
    let estate = acme.estate(&WANTED);
    let secrets = |name: &str| acme.secret(name);
    let is = access(&estate, &secrets);
    let name = scope("acme", "hub");
    let (_folder, mut ledger) = ledger();
    let planned = plan(&is, None, &name).unwrap();
    let all = planned.changes.len();
    let report = run(&is, planned, &mut ledger);
    let Ending::Partly { failed, left } = report.ending else {
        panic!("{:?}", report.ending)
    };
    assert!(failed.iter().all(|one| one.contains("cleo")), "{failed:#?}");
    assert_eq!(report.done + left, all);
    let rest = plan(&is, None, &name).unwrap();
    let rest = words(&rest);
    assert!(rest.iter().all(|one| one.contains("cleo")), "{rest:?}");
}

#[test]
fn a_program_that_would_lock_itself_out_stops_before_anything() {
    let acme = Acme::new();
    let files = [(
        "organisations/acme.yaml",
        "admins: [ada]\nmembers: [bob, cleo, dan]\n",
    )];
    let estate = acme.estate(&files);
    let secrets = |name: &str| acme.secret(name);
    let stopped = plan(&access(&estate, &secrets), None, &scope("acme", "hub")).unwrap_err();
    assert!(stopped.what.contains(GitHub::BOT), "{stopped}");
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let some = proptest::sample::subsequence(PEOPLE[1..].to_vec(), 0..=PEOPLE.len() - 1);
    some.prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

/// Members of the organisation, and for each of up to three teams who is in it and what it may do.
fn wishes() -> impl Strategy<Value = Vec<(String, String)>> {
    let permission = proptest::sample::select(vec!["read", "triage", "write", "maintain", "admin"]);
    let repository = proptest::sample::select(vec!["site", "tools", "old"]);
    let team = (
        names(),
        proptest::option::of((repository, permission)),
        any::<bool>(),
    );
    let teams = proptest::collection::btree_map(
        proptest::sample::select(vec!["writers", "cooks", "k/odd.name"]),
        team,
        0..=3,
    );
    teams.prop_map(|teams| {
        let list = |names: &[String]| names.join(", ");
        let mut files = vec![(
            "organisations/acme.yaml".to_owned(),
            format!(
                "admins: [commonhold-bot, ada]\nmembers: [{}]\n",
                PEOPLE[1..].join(", ")
            ),
        )];
        for (name, (members, grant, secret)) in teams {
            let grant = grant.map(|(repository, permission)| {
                format!("{{repository: acme/{repository}, permission: {permission}}}")
            });
            let text = format!(
                "title: {name}\norganisation: acme\nmembers: [{}]\ngrants: [{}]\nprivacy: {}\n",
                list(&members),
                grant.unwrap_or_default(),
                if secret { "secret" } else { "visible" },
            );
            let file = name.replace('/', "-");
            files.push((format!("teams/{file}.yaml"), text));
        }
        files
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_wanted_next_is_there_after_its_plan_and_then_nothing_is_left(
        first in wishes(),
        second in wishes(),
    ) {
        let acme = Acme::new();
        let secrets = |name: &str| acme.secret(name);
        let name = scope("acme", "hub");
        let (_folder, mut ledger) = ledger();
        let mut base: Option<Estate> = None;
        for wishes in [first, second] {
            let files: Vec<(&str, &str)> = wishes
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .collect();
            let estate = acme.estate(&files);
            {
                let is = access(&estate, &secrets);
                let before = base.as_ref().map(|base| access(base, &secrets));
                let planned = plan(&is, before.as_ref(), &name).unwrap();
                let report = run(&is, planned, &mut ledger);
                prop_assert_eq!(&report.ending, &Ending::Applied);
                let rest = plan(&is, before.as_ref(), &name).unwrap();
                prop_assert!(rest.changes.is_empty(), "{:?}", words(&rest));
                let desired = is.desired(&name).unwrap();
                prop_assert!(!desired.entries.is_empty());
            }
            base = Some(estate);
        }
        prop_assert_eq!(acme.hub.violations(), Vec::<String>::new());
    }
}
