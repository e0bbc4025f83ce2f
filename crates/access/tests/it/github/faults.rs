//! Whatever happens to any request of a reading: it recovers or fails, and never shows less.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use access::providers::github::{GitHub, Renames};
use access::{ReadError, State, System as _};
use http_client::Hidden;
use serde_json::json;
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::serving::Request;

use crate::github::lab::*;

const EACH: [Misfortune; 8] = [
    Misfortune::Status(500),
    Misfortune::Status(502),
    Misfortune::Status(403),
    Misfortune::Status(404),
    Misfortune::TimeoutBefore,
    Misfortune::TruncatedBody,
    Misfortune::RateLimit {
        retry_after: Duration::from_secs(9),
    },
    Misfortune::SecondaryLimit {
        retry_after: Duration::from_secs(9),
    },
];

/// Every how manieth request this one happens to: those that are each of its own kind to all.
fn steps(misfortune: Misfortune) -> usize {
    match misfortune {
        Misfortune::Status(500)
        | Misfortune::TimeoutBefore
        | Misfortune::TimeoutAfter
        | Misfortune::TruncatedBody
        | Misfortune::SecondaryLimit { .. } => 1,
        _ => 7,
    }
}

/// What passes by itself, so that a reading has to get over it.
fn passes(misfortune: Misfortune) -> bool {
    !matches!(misfortune, Misfortune::Status(403 | 404))
}

#[test]
fn a_misfortune_at_any_request_makes_no_state_smaller() {
    let lab = Lab::furnished();
    lab.fake.with(|world| {
        world.invite(ORG, "dave", testkit::fakes::github::Role::Member);
    });
    let wanted = furnished();
    let whole = lab.read(&wanted).state;
    lab.fake.forget_requests();
    lab.read(&wanted);
    let requests = lab.fake.requests().len();
    assert!(requests >= 8, "{requests}");
    for misfortune in EACH {
        for n in (1..=requests).step_by(steps(misfortune)) {
            lab.fake.faults().add(Fault::nth(n, misfortune));
            match lab.hub().read(&wanted) {
                Ok(reading) => assert_eq!(reading.state, whole, "{misfortune:?} at {n}"),
                Err(error) => assert!(!passes(misfortune), "{misfortune:?} at {n}: {error}"),
            }
            lab.fake.faults().clear();
        }
    }
}

#[test]
fn what_does_not_pass_is_an_error_after_a_bounded_number_of_attempts() {
    let lab = Lab::new();
    for misfortune in EACH {
        lab.fake.faults().clear();
        lab.fake.forget_requests();
        let on = |request: &Request| request.path == "/user";
        lab.fake
            .faults()
            .add(Fault::on(on, 1, misfortune).for_ever());
        let error = lab.hub().read(&wanted([])).unwrap_err();
        let expected = match misfortune {
            Misfortune::Status(403) => matches!(error, ReadError::Refused(_)),
            Misfortune::Status(404) => matches!(error, ReadError::Absent(_)),
            _ => matches!(error, ReadError::Unreachable(_)),
        };
        assert!(expected, "{misfortune:?}: {error}");
        let asked = lab.fake.requests();
        let asked = asked
            .iter()
            .filter(|request| request.path == "/user")
            .count();
        assert!(asked <= 5, "{misfortune:?}: {asked} times");
    }
}

/// What a founder wants: people to invite, a team, something to do.
fn founded() -> State {
    let mut all = wanted([
        (member("commonhold-bot"), role("admin")),
        (member("boss"), role("admin")),
        (member("alice"), role("member")),
        (member("carol"), role("member")),
        (member("dave"), role("admin")),
        (team("core"), team_value("Core", "", None)),
        (team("docs"), team_value("docs", "", Some("core"))),
        (team_member("core", "alice"), role("maintainer")),
        (team_member("docs", "carol"), role("member")),
        (repository("app"), json!({"name": "app", "has_wiki": false})),
        (grant("core", "app"), may("write")),
        (collaborator("app", "erin"), may("triage")),
    ]);
    all.insert(settings(), json!({"description": "Acme"}));
    all
}

fn found(numbered: bool) -> Lab {
    let mut lab = Lab::new();
    if numbered {
        lab.ids = [(13, "carol".to_owned()), (14, "dave".to_owned())].into();
    }
    lab
}

#[test]
fn a_misfortune_at_any_change_is_made_good_by_the_next_run_and_nothing_is_done_twice() {
    let changes = |request: &Request| request.method != "GET" && request.path != "/graphql";
    for numbered in [false, true] {
        let lab = found(numbered);
        lab.bring(&founded());
        let whole = lab.fake.snapshot();
        let count = |lab: &Lab| {
            let invited = lab
                .fake
                .with(|world| world.org(ORG).unwrap().invitations.len());
            let asked = lab.fake.requests();
            let asked = asked
                .iter()
                .filter(|one| (one.method != "GET") && one.path != "/graphql");
            (invited, asked.count())
        };
        let (invited, changed) = count(&lab);
        for misfortune in [
            Misfortune::Status(500),
            Misfortune::TimeoutAfter,
            Misfortune::TruncatedBody,
            EACH[7],
        ] {
            for n in 1..=changed {
                let lab = found(numbered);
                lab.fake.faults().add(Fault::on(changes, n, misfortune));
                lab.attempt(&founded());
                lab.fake.faults().clear();
                lab.bring(&founded());
                let differences = whole.differences(&lab.fake.snapshot());
                assert!(
                    differences.is_empty(),
                    "{misfortune:?} at {n}: {differences:#?}"
                );
                assert_eq!(count(&lab).0, invited, "{misfortune:?} at {n}");
            }
        }
    }
}

/// How long was waited, in seconds.
static WAITED: AtomicU64 = AtomicU64::new(0);

fn count(pause: Duration) {
    WAITED.fetch_add(pause.as_secs(), Ordering::Relaxed);
}

#[test]
fn a_limit_that_is_reached_is_waited_for_as_long_as_github_says() {
    let lab = Lab::furnished();
    let token = Hidden(lab.fake.token().to_owned());
    let (ids, renames) = (BTreeMap::new(), Renames::default());
    let hub = GitHub::new(ORG, &lab.system(), token, ids, renames, count).unwrap();
    let retry_after = Duration::from_secs(9);
    for path in ["/graphql", "/orgs/acme"] {
        let on = move |request: &Request| request.path == path;
        let limit = Misfortune::SecondaryLimit { retry_after };
        lab.fake.faults().add(Fault::on(on, 1, limit));
    }
    let state = hub.read(&furnished()).unwrap().state;
    assert_eq!(state.entries, furnished().entries);
    assert_eq!(WAITED.load(Ordering::Relaxed), 18);
}

#[test]
fn a_limit_that_does_not_end_is_an_error() {
    let lab = Lab::furnished();
    lab.fake.set_graphql_limit(0, Duration::from_secs(3600));
    let error = lab.hub().read(&furnished()).unwrap_err();
    let is_right = matches!(&error, ReadError::Unreachable(what) if what.contains("to wait"));
    assert!(is_right, "{error}");
}

#[test]
fn a_token_that_is_not_known_is_refused_and_not_shown() {
    let lab = Lab::new();
    let token = Hidden("ghp_canary".to_owned());
    let (none, renames) = (BTreeMap::new(), Renames::default());
    let hub = GitHub::new(ORG, &lab.system(), token, none, renames, |_| {});
    let hub = hub.unwrap();
    let error = hub.read(&wanted([])).unwrap_err();
    assert!(matches!(error, ReadError::Refused(_)), "{error}");
    assert!(!format!("{error}{hub:?}").contains("canary"));
}
