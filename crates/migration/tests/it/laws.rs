//! What holds of every estate.

use std::collections::BTreeSet;
use std::fmt::Write;

use estate::Estate;
use migration::{List, Stage, Standing};
use policy::Baseline;
use proptest::prelude::*;

use crate::support::{away, estate, service, standing};

/// A service that may be anywhere, owned by anybody, needed by any.
#[derive(Debug, Clone)]
struct Made {
    old: bool,
    new: bool,
    owner: Option<bool>,
    criticality: usize,
    needs: Vec<usize>,
}

const LEVELS: [&str; 3] = ["critical", "important", "useful"];
const BLOCKERS: [&str; 4] = [
    "{id: critical, where: 'criticality == \"critical\"'}",
    "{id: needs, each: depends_on}",
    "{id: soft, where: 'criticality == \"useful\"', hold: soft}",
    "{id: web, where: 'owner == \"web\"', each: depends_on, matching: ['s*']}",
];
const EXCEPTIONS: [&str; 3] = [
    "{where: 'criticality == \"important\"', reason: r, decision: d, until: 2026-01-01}",
    "{where: 'owner is missing', reason: r, decision: d, until: 2025-12-31}",
    "{where: 'name == \"s0\"', reason: r, decision: d}",
];

fn made() -> impl Strategy<Value = Vec<Made>> {
    let one = (
        any::<bool>(),
        any::<bool>(),
        any::<Option<bool>>(),
        0..3_usize,
        prop::collection::vec(0..6_usize, 0..3),
    );
    let one = one.prop_map(|(old, new, owner, criticality, needs)| Made {
        old,
        new,
        owner,
        criticality,
        needs,
    });
    prop::collection::vec(one, 1..7)
}

fn built(services: &[Made], blockers: &BTreeSet<usize>, exceptions: &BTreeSet<usize>) -> Estate {
    let mut more = String::from("ready: 'criticality != \"important\" or owner == \"infra\"'\n");
    let list = |more: &mut String, key: &str, all: &[&str], chosen: &BTreeSet<usize>| {
        if !chosen.is_empty() {
            let _ = writeln!(more, "{key}:");
        }
        for at in chosen {
            let _ = writeln!(more, "  - {}", all[*at]);
        }
    };
    list(&mut more, "blockers", &BLOCKERS, blockers);
    list(&mut more, "exceptions", &EXCEPTIONS, exceptions);
    let mut files = vec![("migrations/away.yaml".to_owned(), away(&more))];
    for (at, one) in services.iter().enumerate() {
        let places: Vec<&str> = [("old", one.old), ("new", one.new)]
            .iter()
            .filter_map(|(name, there)| there.then_some(*name))
            .collect();
        let owner = match one.owner {
            None => "",
            Some(true) => "infra",
            Some(false) => "web",
        };
        let needs: BTreeSet<usize> = one.needs.iter().map(|need| need % services.len()).collect();
        let needs: Vec<String> = needs
            .iter()
            .filter(|need| **need != at)
            .map(|need| format!("{{service: s{need}, how: calls}}"))
            .collect();
        let more = format!(
            "criticality: {}\ndepends_on: [{}]\n",
            LEVELS[one.criticality],
            needs.join(", ")
        );
        files.push((
            format!("services/s{at}.yaml"),
            service(owner, &places, &more),
        ));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    estate(&files)
}

fn of(standing: &Standing, stage: Stage) -> BTreeSet<&str> {
    let assets = standing.assets.iter();
    let of = assets.filter(|asset| asset.state.stage() == stage);
    of.map(|asset| asset.id.as_str()).collect()
}

fn chosen(of: usize) -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(0..of, 0..=of)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn each_thing_is_in_exactly_one_state_and_moved_if_the_goal_holds(
        services in made(), blockers in chosen(4), exceptions in chosen(3)
    ) {
        let estate = built(&services, &blockers, &exceptions);
        let standing = standing(&estate, None);
        let ids: Vec<String> = standing.assets.iter().map(|asset| asset.id.clone()).collect();
        let names: Vec<String> = (0..services.len()).map(|at| format!("s{at}")).collect();
        prop_assert_eq!(&ids, &names);
        let by_state: usize = Stage::ALL.iter().map(|stage| of(&standing, *stage).len()).sum();
        prop_assert_eq!(by_state, services.len());
        prop_assert_eq!(standing.counts().all(), services.len());
        let moved: BTreeSet<String> = services
            .iter()
            .enumerate()
            .filter(|(_, one)| !one.old)
            .map(|(at, _)| format!("s{at}"))
            .collect();
        let found: BTreeSet<String> = of(&standing, Stage::Moved).into_iter().map(str::to_owned).collect();
        prop_assert_eq!(found, moved);
    }

    #[test]
    fn a_blocker_more_never_makes_anything_ready(
        services in made(), blockers in chosen(4), more in 0..4_usize, exceptions in chosen(3)
    ) {
        let before = built(&services, &blockers, &exceptions);
        let mut with = blockers.clone();
        with.insert(more);
        let after = built(&services, &with, &exceptions);
        let (before, after) = (standing(&before, None), standing(&after, None));
        prop_assert!(of(&after, Stage::Ready).is_subset(&of(&before, Stage::Ready)));
        prop_assert!(of(&before, Stage::Blocked).is_subset(&of(&after, Stage::Blocked)));
        for stage in [Stage::Moved, Stage::Excepted, Stage::InFlight] {
            prop_assert_eq!(of(&after, stage), of(&before, stage));
        }
    }

    #[test]
    fn what_a_lock_holds_and_what_holds_a_thing_are_the_same(
        services in made(), blockers in chosen(4), exceptions in chosen(3)
    ) {
        let estate = built(&services, &blockers, &exceptions);
        let standing = standing(&estate, None);
        for (at, asset) in standing.assets.iter().enumerate() {
            for (lock, held) in standing.locks.iter().enumerate() {
                prop_assert_eq!(asset.locks.contains(&lock), held.holds.contains(&at));
            }
            if !asset.state.is_left() {
                prop_assert!(asset.locks.is_empty());
            }
        }
    }

    #[test]
    fn a_list_that_was_begun_today_lets_everything_be_and_only_becomes_shorter(
        services in made(), exceptions in chosen(3), listed in prop::collection::btree_set(0..9_usize, 0..9)
    ) {
        let estate = built(&services, &BTreeSet::new(), &exceptions);
        let plain = standing(&estate, None);
        let mut sources = base::SourceMap::default();
        let text = List::begin(&plain);
        let file = sources.add("list", text.clone());
        let begun = Baseline::parse(&text, file).unwrap();
        let first = standing(&estate, Some(&begun)).listed.unwrap();
        prop_assert!(first.new.is_empty() && first.done.is_empty());

        let any = Baseline::of(listed.iter().map(|at| format!("s{at}")));
        let then = standing(&estate, Some(&any)).listed.unwrap();
        let shorter = Baseline::of(any.ids().filter(|id| !then.done.iter().any(|gone| gone == id)));
        prop_assert!(shorter.ids().all(|id| any.holds(id)));
        let after = standing(&estate, Some(&shorter)).listed.unwrap();
        prop_assert!(after.done.is_empty());
        prop_assert_eq!(after.new, then.new);
    }
}
