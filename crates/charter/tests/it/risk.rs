//! The risk of changes, case by case.

use charter::risk::{
    Assessor, Breaks, Cause, Effect, Extent, Reach, Risk, RiskSettings, Rollback, assess,
};
use estate::{Draft, Estate, KindId, MemoryTree};

use crate::support::{estate, service};

/// `dns` has all groups behind it, `mail` one service, `web` none, `shop` five services of one group.
fn small_world() -> Estate {
    let files = [
        ("groups/infra.yaml", "title: Infra\n".to_owned()),
        ("groups/post.yaml", "title: Post\n".to_owned()),
        ("groups/site.yaml", "title: Site\n".to_owned()),
        ("groups/trade.yaml", "title: Trade\n".to_owned()),
        ("services/dns.yaml", service("infra", &[])),
        ("services/mail.yaml", service("post", &["dns"])),
        ("services/lists.yaml", service("post", &["mail"])),
        ("services/web.yaml", service("site", &["dns"])),
        ("services/shop.yaml", service("trade", &["dns"])),
        ("services/till-1.yaml", service("trade", &["shop"])),
        ("services/till-2.yaml", service("trade", &["shop"])),
        ("services/till-3.yaml", service("trade", &["shop"])),
        ("people/ada.yaml", "name: Ada\n".to_owned()),
        (
            "teams/web-admins.yaml",
            "owner: site\nmembers: [ada]\ngrants:\n- {repository: lab/a, permission: admin}\n\
             - {repository: lab/b, permission: admin}\n- {repository: lab/c, permission: admin}\n\
             - {repository: lab/d, permission: admin}\n"
                .to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    estate(&files)
}

fn aliases(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("alias-{n}.example.org."))
        .collect()
}

/// A change of a record in a zone with nothing else behind it.
fn record(breaks: Breaks, rollback: Rollback) -> Effect {
    Effect::new(breaks, rollback).touching(KindId::Service, "web")
}

/// Records by what they are for.
fn records() -> Vec<(&'static str, Effect, Risk)> {
    use Breaks::{Likely, May, No};
    use Risk::{High, Low, Medium};
    use Rollback::{Easy, Hard};
    let why = "resolvers find the zone by it";
    vec![
        (
            "a plain new record",
            Effect {
                only_adds: true,
                ..record(No, Easy)
            },
            Low,
        ),
        ("a record of which nobody hangs goes", record(No, Easy), Low),
        ("a lower TTL", record(No, Easy), Low),
        ("a TTL raised to a day", record(No, Hard), Medium),
        ("the apex NS", record(No, Easy).breaking(Likely, why), High),
        (
            "the NS of a delegation",
            record(No, Hard).breaking(May, why),
            Medium,
        ),
        ("a delegation goes", record(Likely, Hard), High),
        ("the DS record goes", record(Likely, Hard), High),
        (
            "another MX is added",
            Effect {
                only_adds: true,
                ..record(May, Hard)
            },
            Medium,
        ),
        ("the only MX goes", record(Likely, Hard), High),
        (
            "a wildcard that covers names in use",
            record(May, Hard),
            Medium,
        ),
        (
            "a CAA that forbids the issuer in use",
            record(Likely, Easy),
            High,
        ),
    ]
}

/// Names by what hangs on them.
fn names() -> Vec<(&'static str, Effect, Risk)> {
    use Breaks::{Likely, May, No};
    use Risk::{High, Low, Medium};
    use Rollback::{Easy, Hard, Impossible};
    vec![
        (
            "a name with 35 that point to it moves",
            Effect {
                dependents: aliases(35),
                ..record(May, Hard)
            },
            Medium,
        ),
        (
            "a name with 35 that point to it goes",
            Effect {
                dependents: aliases(35),
                ..record(Likely, Hard)
            },
            High,
        ),
        (
            "a TTL of a name with 35 that point to it",
            Effect {
                dependents: aliases(35),
                ..record(No, Easy)
            },
            Medium,
        ),
        (
            "a TTL of a name with 3 that point to it",
            Effect {
                dependents: aliases(3),
                ..record(No, Easy)
            },
            Low,
        ),
        (
            "a TTL of a name with 4 that point to it",
            Effect {
                dependents: aliases(4),
                ..record(No, Easy)
            },
            Medium,
        ),
        ("a zone is deleted", record(No, Impossible), High),
    ]
}

/// Changes of other things.
fn others() -> Vec<(&'static str, Effect, Risk)> {
    use Breaks::{Likely, May, No};
    use Risk::{High, Low, Medium};
    use Rollback::{Easy, Hard, Impossible};
    let on_dns = |breaks, rollback| Effect::new(breaks, rollback).touching(KindId::Service, "dns");
    vec![
        (
            "a zone option is restored at will, and all hang on the zone",
            on_dns(No, Easy),
            Medium,
        ),
        (
            "a zone option stays in caches, and all hang on the zone",
            on_dns(No, Hard),
            High,
        ),
        (
            "a field that the domain does not know",
            Effect::unknown("the option `geo`"),
            High,
        ),
        (
            "an unknown change that calls itself harmless",
            Effect {
                known: false,
                ..record(No, Easy)
            },
            High,
        ),
        (
            "a change of the charter",
            Effect {
                governs: true,
                ..Effect::new(No, Easy)
            },
            High,
        ),
        (
            "somebody joins a team without rights",
            Effect {
                grows_access: true,
                only_adds: true,
                ..Effect::new(No, Easy)
            },
            Medium,
        ),
        (
            "the description of a team with rights on 4 repositories",
            Effect::new(No, Easy).touching(KindId::Team, "web-admins"),
            Medium,
        ),
        ("active people lose access", Effect::new(Likely, Easy), High),
        ("a quota is narrowed", Effect::new(May, Easy), Medium),
        (
            "a label of a service with one behind it",
            Effect::new(No, Easy).touching(KindId::Service, "mail"),
            Low,
        ),
        (
            "a label of a service with three behind it",
            Effect::new(No, Easy).touching(KindId::Service, "shop"),
            Medium,
        ),
        (
            "a service that the estate does not know",
            Effect::new(No, Easy).touching(KindId::Service, "gone"),
            Medium,
        ),
        (
            "a change of nothing in the estate",
            Effect::new(No, Easy),
            Low,
        ),
        (
            "a bucket with data goes",
            Effect::new(May, Impossible),
            High,
        ),
    ]
}

#[test]
fn each_change_has_its_risk_and_says_why() {
    let estate = small_world();
    let settings = RiskSettings::default();
    let mut assessor = Assessor::new(&estate, settings);
    for (what, effect, risk) in [records(), names(), others()].concat() {
        let verdict = assess(&effect, &estate, &settings);
        assert_eq!(verdict.risk, risk, "{what}: {:#?}", verdict.explain());
        assert_eq!(verdict.reasons.is_empty(), risk == Risk::Low, "{what}");
        assert_eq!(
            verdict
                .explain()
                .last()
                .is_some_and(|l| l.starts_with("not higher")),
            risk < Risk::High,
            "{what}"
        );
        assert_eq!(assessor.assess(&effect), verdict, "{what}: looked up");
        let text = serde_json::to_string(&(&effect, &verdict)).expect("JSON");
        let read = serde_json::from_str(&text).expect("what was written");
        assert_eq!((effect, verdict), read, "{what}");
    }
}

#[test]
fn a_harmless_change_says_that_nothing_depends_on_it() {
    let effect = record(Breaks::No, Rollback::Easy);
    let verdict = assess(&effect, &small_world(), &RiskSettings::default());
    assert_eq!(
        verdict.explain(),
        [
            "the risk is low",
            "nothing else depends on it: 0 groups, 0 services",
            "not higher: it breaks nothing, can be undone at once, has few things behind it, and lets nobody do more",
        ]
    );
}

#[test]
fn a_reach_tells_the_ways_that_lead_to_it() {
    let effect = Effect::new(Breaks::No, Rollback::Hard).touching(KindId::Service, "dns");
    let verdict = assess(&effect, &small_world(), &RiskSettings::default());
    assert_eq!(
        verdict.explain(),
        [
            "the risk is high",
            "high: it reaches every group that owns a service, and cannot be undone at once",
            "medium: it is hard to undo",
            "behind it: 3 groups (post, site, trade), 7 services",
            "service: mail → dns",
            "service: shop → dns",
            "service: web → dns",
            "service: lists → mail → dns",
            "service: till-1 → shop → dns",
            "service: ... and 2 more",
        ]
    );
    assert_eq!(verdict.reasons[0].cause, Cause::ReachesAll);
}

#[test]
fn what_is_left_out_of_a_plan_file_is_not_harmless() {
    let effect = serde_json::to_value(Effect::new(Breaks::No, Rollback::Easy)).expect("JSON");
    for key in [
        "known",
        "governs",
        "grows_access",
        "gives_to",
        "breaks",
        "rollback",
        "touches",
        "dependents",
        "only_adds",
    ] {
        let mut less = effect.clone();
        less.as_object_mut()
            .expect("an object")
            .remove(key)
            .expect(key);
        assert!(serde_json::from_value::<Effect>(less).is_err(), "{key}");
    }
    let mut odd = effect.clone();
    odd["rollback"] = "simple".into();
    let refused = serde_json::from_value::<Effect>(odd).expect_err("no such word");
    assert_eq!(
        refused.to_string(),
        "`simple` is not one of: easy, hard, impossible"
    );
}

#[test]
fn five_low_removals_by_one_author_are_medium_and_five_additions_are_not() {
    let (estate, settings) = (small_world(), RiskSettings::default());
    let removal = record(Breaks::No, Rollback::Easy);
    let addition = Effect {
        only_adds: true,
        ..removal.clone()
    };
    let mut verdict = assess(&removal, &estate, &settings);
    verdict.accumulate(&[Risk::Low; 4], &settings);
    assert_eq!(verdict.risk, Risk::Medium);
    assert_eq!(
        verdict.explain()[1],
        "medium: it is one of 5 changes by its author within 7 days that add up"
    );
    let mut verdict = assess(&addition, &estate, &settings);
    verdict.accumulate(&[Risk::Low; 9], &settings);
    assert_eq!(verdict.risk, Risk::Low);
}

#[test]
fn a_person_may_raise_a_risk_and_never_lower_it() {
    let mut verdict = assess(
        &record(Breaks::May, Rollback::Easy),
        &small_world(),
        &RiskSettings::default(),
    );
    verdict.raise(Risk::Low, "it is nothing");
    assert_eq!((verdict.risk, verdict.reasons.len()), (Risk::Medium, 1));
    verdict.raise(Risk::High, "the release is tomorrow");
    assert_eq!(
        (verdict.risk, verdict.reasons[0].cause),
        (Risk::High, Cause::Raised)
    );
}

/// Services that hang on the first, directly or along a chain of half of them.
fn behind_one(length: usize) -> Estate {
    let mut tree = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Chain\n")
        .with("groups/infra.yaml", "title: Infra\n");
    for n in 0..length {
        let before = if n % 2 == 0 { 0 } else { n.saturating_sub(2) };
        let on = format!("s{before}");
        let on = if n == 0 { vec![] } else { vec![on.as_str()] };
        tree = tree.with(&format!("services/s{n}.yaml"), service("infra", &on));
    }
    Draft::read(&tree).expect("a root file").resolve().0
}

#[test]
fn the_reach_of_a_service_with_ten_thousand_behind_it_is_counted_and_stays_short() {
    let estate = behind_one(10_000);
    let touches = vec![
        (KindId::Service, "s0".to_owned()),
        (KindId::Service, "s1".to_owned()),
    ];
    let started = std::time::Instant::now();
    let reach = Reach::of(&touches, &estate, &RiskSettings::default());
    eprintln!(
        "assessed {} items in {:?}",
        estate.graph.len(),
        started.elapsed()
    );
    assert_eq!(reach.extent, Extent::Many);
    assert_eq!(reach.services.count, 9_999);
    assert!(serde_json::to_string(&reach).expect("JSON").len() < 4_000);
}
