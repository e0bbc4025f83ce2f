//! What holds for the risk of any change to any estate.

use charter::risk::{Breaks, Effect, Risk, RiskSettings, Rollback, accumulate, assess};
use estate::{Draft, Estate, KindId, MemoryTree};
use proptest::prelude::*;

use crate::support::service;

const SERVICES: usize = 12;

/// Services that hang on any others, even in a circle.
fn estates() -> impl Strategy<Value = Estate> {
    let edges = prop::collection::vec((0..SERVICES, 0..SERVICES), 0..24);
    let owners = prop::collection::vec(0..5_usize, SERVICES);
    (edges, owners).prop_map(|(edges, owners)| {
        let mut tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: Any\n");
        for group in 0..5 {
            tree = tree.with(&format!("groups/g{group}.yaml"), "title: A group\n");
        }
        for (n, owner) in owners.iter().enumerate() {
            let on = edges.iter().filter(|(from, to)| *from == n && to != from);
            let on: Vec<String> = on.map(|(_, to)| format!("s{to}")).collect();
            let on: Vec<&str> = on.iter().map(String::as_str).collect();
            let text = service(&format!("g{owner}"), &on);
            tree = tree.with(&format!("services/s{n}.yaml"), text);
        }
        Draft::read(&tree).expect("a root file").resolve().0
    })
}

fn effects() -> impl Strategy<Value = Effect> {
    let names = prop::collection::vec("[a-h]", 0..6);
    let touches = prop::collection::vec(0..SERVICES + 1, 0..4);
    let degrees = (0..3_usize, 0..3_usize);
    (
        degrees,
        names,
        touches,
        any::<[bool; 4]>(),
        prop::bool::weighted(0.9),
    )
        .prop_map(
            |(
                (breaks, rollback),
                dependents,
                touches,
                [governs, grows_access, only_adds, _],
                known,
            )| Effect {
                dependents,
                touches: touches
                    .iter()
                    .map(|n| (KindId::Service, format!("s{n}")))
                    .collect(),
                governs: governs && known,
                grows_access,
                only_adds,
                known,
                ..Effect::new(Breaks::ALL[breaks], Rollback::ALL[rollback])
            },
        )
}

/// The same change with one fact more against it.
fn worse(effect: &Effect) -> Vec<(&'static str, Effect)> {
    let with = |change: &dyn Fn(&mut Effect)| {
        let mut effect = effect.clone();
        change(&mut effect);
        effect
    };
    vec![
        ("breaks", effect.clone().breaking(Breaks::May, "a reason")),
        (
            "is likely to break",
            effect.clone().breaking(Breaks::Likely, "a reason"),
        ),
        (
            "is hard to undo",
            effect.clone().undone(Rollback::Hard, "a reason"),
        ),
        (
            "cannot be undone",
            effect.clone().undone(Rollback::Impossible, "a reason"),
        ),
        (
            "has a dependent more",
            with(&|e| e.dependents.push("one-more".to_owned())),
        ),
        (
            "touches one more",
            with(&|e| e.touches.push((KindId::Service, "s0".to_owned()))),
        ),
        (
            "touches what is unknown",
            with(&|e| e.touches.push((KindId::Team, "gone".to_owned()))),
        ),
        ("governs", with(&|e| e.governs = true)),
        ("grows access", with(&|e| e.grows_access = true)),
        ("is not known", with(&|e| e.known = false)),
        ("does not only add", with(&|e| e.only_adds = false)),
    ]
}

fn risks() -> impl Strategy<Value = Risk> {
    (0..3_usize).prop_map(|n| Risk::ALL[n])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_fact_more_never_lowers_a_risk(estate in estates(), effect in effects()) {
        let settings = RiskSettings::default();
        let before = assess(&effect, &estate, &settings);
        for (what, worse) in worse(&effect) {
            let after = assess(&worse, &estate, &settings);
            prop_assert!(after.risk >= before.risk, "{what}: {:?}", before.explain());
            prop_assert!(after.reach.extent >= before.reach.extent, "{what}");
            prop_assert!(after.accumulates || !before.accumulates, "{what}");
        }
    }

    #[test]
    fn what_is_not_known_is_high(estate in estates(), effect in effects()) {
        let unknown = Effect { known: false, ..effect };
        prop_assert_eq!(assess(&unknown, &estate, &RiskSettings::default()).risk, Risk::High);
    }

    #[test]
    fn access_that_grows_is_never_low(estate in estates(), effect in effects()) {
        let grows = Effect { grows_access: true, ..effect };
        prop_assert!(assess(&grows, &estate, &RiskSettings::default()).risk >= Risk::Medium);
    }

    #[test]
    fn a_verdict_is_that_of_its_reasons_and_the_same_each_time(estate in estates(), effect in effects()) {
        let settings = RiskSettings::default();
        let verdict = assess(&effect, &estate, &settings);
        let highest = verdict.reasons.iter().map(|reason| reason.raises_to).max();
        prop_assert_eq!(verdict.risk, highest.unwrap_or(Risk::Low));
        let again = assess(&effect, &estate, &settings);
        prop_assert_eq!(base::canonical(&verdict).expect("JSON"), base::canonical(&again).expect("JSON"));
        prop_assert_eq!(verdict.explain(), again.explain());
    }

    #[test]
    fn neither_a_riskier_change_nor_one_more_makes_less_of_a_sum(
        own in risks(), recent in prop::collection::vec(risks(), 0..8), more in risks(), at in any::<prop::sample::Index>(),
    ) {
        let settings = RiskSettings::default();
        let sum = |own: Risk, recent: &[Risk]| {
            accumulate(own, recent, &settings).map_or(own, |reason| reason.raises_to)
        };
        let before = sum(own, &recent);
        prop_assert!(before >= own);
        prop_assert!(sum(own.max(more), &recent) >= before);
        let mut longer = recent.clone();
        longer.push(more);
        prop_assert!(sum(own, &longer) >= before);
        if !recent.is_empty() {
            let mut riskier = recent.clone();
            let at = at.index(recent.len());
            riskier[at] = riskier[at].max(more);
            prop_assert!(sum(own, &riskier) >= before);
        }
    }
}
