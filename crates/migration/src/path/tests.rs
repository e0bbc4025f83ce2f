//! Plans of what is left, computed again from the things.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::Hold;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{
    Ask, Common, Course, Fate, Grip, Left, Link, NoPath, Obstacle, Pace, Path, Pause, Thing, WhatIf,
};

const START: Date = date(2026, 1, 5);

fn ask() -> Ask {
    Ask {
        start: START,
        days: 20,
        groups: None,
    }
}

fn thing(id: &str, owner: &str, batch: &str) -> Thing {
    Thing {
        id: id.to_owned(),
        owner: Some(owner)
            .filter(|owner| !owner.is_empty())
            .map(str::to_owned),
        batch: batch.to_owned(),
        fate: Fate::Moves,
        due: None,
        held_by: Vec::new(),
    }
}

fn link(from: usize, to: usize, grip: Grip) -> Link {
    Link {
        from,
        to,
        how: if grip == Grip::Hard {
            "runs on"
        } else {
            "calls"
        },
        grip,
        share: 1.0,
        why: None,
    }
}

fn lock(name: &str, hold: Hold) -> Obstacle {
    Obstacle {
        name: name.to_owned(),
        blocker: name.split(':').next().unwrap_or(name).to_owned(),
        hold,
        owner: Some("ops".to_owned()),
        effort: Some(2.0),
        about: None,
    }
}

fn left(things: Vec<Thing>) -> Left {
    Left {
        migration: Some("house".to_owned()),
        title: "House".to_owned(),
        about: "services".to_owned(),
        due: None,
        things,
        obstacles: Vec::new(),
        links: Vec::new(),
        commons: Vec::new(),
        pace: Pace {
            bridge: 0.1,
            bridge_said: true,
            ..Pace::default()
        },
        notes: Vec::new(),
    }
}

fn course(left: Left) -> Course {
    let path = Path::of(left, &ask());
    path.course(&WhatIf::default()).expect("a plan")
}

/// Each alone, all of one owner.
fn row(count: usize) -> Vec<Thing> {
    let names = (0..count).map(|place| format!("s{place:02}"));
    names.map(|name| thing(&name, "ops", &name)).collect()
}

#[test]
fn a_batch_is_apart_by_locks_and_by_owners_who_move_it_together() {
    let mut things = vec![
        thing("a", "ops", "file"),
        thing("b", "ops", "file"),
        thing("c", "ops", "file"),
        thing("d", "web", "file"),
        thing("e", "", "e"),
    ];
    things[1].held_by = vec![0];
    let mut left = left(things);
    left.obstacles = vec![lock("key", Hold::Hard)];
    let told = course(left);
    let ids: Vec<&str> = told.parts.iter().map(|part| part.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "e",
            "file (ops)",
            "file (web)",
            "file (ops; waits for key)",
            "free key"
        ]
    );
    let of = |id: &str| {
        told.parts
            .iter()
            .find(|part| part.id == id)
            .expect("a part")
    };
    assert_eq!(of("file (ops)").things, ["a", "c"]);
    assert_eq!(of("file (ops)").wave, of("file (web)").wave);
    // What a batch takes is shared among its owners.
    assert!((of("file (web)").effort - 0.5).abs() < 1e-9);
    assert!(of("free key").wave < of("file (ops; waits for key)").wave);
    assert_eq!(of("free key").things, ["b"]);
    assert!(
        told.notes
            .iter()
            .any(|note| note.starts_with("nobody owns e:"))
    );
    assert_eq!(
        told.owners.last().map(|owner| owner.name.clone()),
        Some(None)
    );
}

#[test]
fn what_cannot_be_bridged_on_a_way_round_moves_as_one_and_is_named() {
    let mut left = left(row(4));
    left.links = vec![
        link(0, 1, Grip::Hard),
        link(1, 0, Grip::Hard),
        link(2, 3, Grip::Soft),
        link(3, 2, Grip::Soft),
    ];
    left.pace.capacity.insert("ops".to_owned(), 0.5);
    let told = course(left);
    let says: Vec<&str> = told
        .cycles
        .iter()
        .map(|cycle| cycle.says.as_str())
        .collect();
    assert_eq!(
        says[0],
        "s00 runs on s01, which runs on s00: they move as one"
    );
    assert_eq!(told.parts[0].wave, told.parts[1].wave);
    if told.parts[2].wave != told.parts[3].wave {
        assert!(
            says[1].starts_with("s02 calls s03, which calls s02: whichever"),
            "{says:?}"
        );
    }
}

#[test]
fn what_many_use_is_at_both_places_and_a_pair_has_one_bridge_for_all() {
    let mut left = left(row(12));
    let common = |name: &str, users: Vec<usize>| Common {
        kind: "secret",
        name: name.to_owned(),
        share: 1.0,
        users,
    };
    left.commons = vec![
        common("all", (0..12).collect()),
        common("one", vec![0, 1]),
        common("two", vec![0, 1]),
    ];
    let told = course(left);
    assert_eq!(told.throughout, ["the secret all"]);
    assert_eq!(told.bridges.len(), 1);
    assert_eq!(told.bridges[0].shares, ["secret one", "secret two"]);
    assert!((told.bridges[0].per_day - 0.2).abs() < 1e-9);
    assert_eq!(
        told.bridges[0].says,
        "s00 and s01 share the secret one and the secret two"
    );
}

#[test]
fn what_has_moved_pulls_and_what_stays_keeps_its_bridges() {
    let mut things = row(4);
    things[0].fate = Fate::Moved;
    things[3].fate = Fate::Stays;
    let mut left = left(things);
    left.links = vec![link(1, 0, Grip::Soft), link(2, 3, Grip::Hard)];
    let told = course(left);
    assert_eq!(told.today, [0]);
    assert_eq!(told.waves[0].dropped, [0]);
    assert_eq!(told.lasting, [1]);
    let warned = told
        .notes
        .iter()
        .any(|note| note.starts_with("s02 runs on s03, which stays"));
    assert!(warned, "{:?}", told.notes);
    assert_eq!(
        (told.counts.left, told.counts.moved, told.counts.stays),
        (2, 1, 1)
    );
}

#[test]
fn without_a_thing_what_hangs_on_it_stays_too() {
    let mut left = left(row(5));
    left.links = vec![
        link(1, 0, Grip::Hard),
        link(2, 1, Grip::Hard),
        link(3, 0, Grip::Soft),
    ];
    let path = Path::of(left, &ask());
    let what_if = WhatIf {
        without: vec!["service/s00".to_owned()],
        after: vec![("s04".to_owned(), date(2026, 6, 1))],
    };
    let told = path.course(&what_if).expect("a plan");
    let against = told.against.as_ref().expect("a comparison");
    let held: Vec<&str> = against.held.iter().map(|held| held.part.as_str()).collect();
    assert_eq!(held, ["s00", "s01", "s02"]);
    assert_eq!(against.held[2].because.as_deref(), Some("s02 runs on s01"));
    assert_eq!(told.lasting, [2]);
    assert!(
        against.days_later.is_some_and(|days| days > 100),
        "{against:?}"
    );
    assert!(told.waves.last().expect("waves").first >= date(2026, 6, 1));
    assert!(
        told.text().contains("s01 stays too: s01 runs on s00"),
        "{}",
        told.text()
    );
    assert!(told.markdown().contains("## What is otherwise"));
}

#[test]
fn a_word_that_means_nothing_is_told_with_what_was_meant() {
    let mut things = row(3);
    things[1].fate = Fate::Moved;
    things[2].fate = Fate::Stays;
    let mut left = left(things);
    left.things[0].held_by = vec![0, 1];
    left.obstacles = vec![lock("key: one", Hold::Hard), lock("key: two", Hold::Hard)];
    let path = Path::of(left, &ask());
    let without = |word: &str| {
        let what_if = WhatIf {
            without: vec![word.to_owned()],
            after: Vec::new(),
        };
        path.course(&what_if)
    };
    for (word, says) in [
        ("s001", "did you mean `s00`?"),
        (
            "pear",
            "nothing that is left to move is called `pear`; the plan",
        ),
        ("s01", "`s01` has moved already"),
        ("s02", "`s02` stays where it is already"),
        ("\u{1b}[31m", "called `\\u{1b}[31m`"),
    ] {
        let error = without(word).expect_err(word);
        assert!(error.to_string().contains(says), "{error}");
    }
    // A blocker means all its locks, and a lock holds what waits for it.
    let told = without("key").expect("a plan");
    assert_eq!(told.against.expect("a comparison").held.len(), 3);
}

#[test]
fn numbers_that_make_no_sense_are_told_in_words() {
    let wrong = |change: &dyn Fn(&mut Pace)| {
        let mut left = left(row(2));
        left.links = vec![link(0, 1, Grip::Soft)];
        change(&mut left.pace);
        let path = Path::of(left, &ask());
        match path.course(&WhatIf::default()) {
            Err(NoPath::Senseless(words)) => words.join("; "),
            other => panic!("{other:?}"),
        }
    };
    let idle = wrong(&|pace| {
        pace.capacity.insert("ops".to_owned(), 0.0);
    });
    assert!(
        idle.starts_with("`capacity` gives ops no days a week"),
        "{idle}"
    );
    assert!(wrong(&|pace| pace.batch = -1.0).starts_with("moving s00 would take"));
    assert!(wrong(&|pace| pace.bridge = -1.0).starts_with("a bridge would take"));
    let pause = Pause {
        from: date(2026, 2, 2),
        until: date(2026, 2, 1),
        group: None,
        why: None,
    };
    let ends = wrong(&|pace| pace.pauses = vec![pause.clone()]);
    assert_eq!(
        ends,
        "the freeze from 2026-02-02 until 2026-02-01 ends before it begins"
    );
    let endless = Pause {
        until: date(9000, 1, 1),
        from: START,
        ..pause.clone()
    };
    assert!(wrong(&|pace| pace.pauses = vec![endless.clone()]).contains("within a century"));
}

#[test]
fn nothing_left_is_said() {
    let mut things = row(2);
    things[0].fate = Fate::Moved;
    things[1].fate = Fate::Stays;
    let told = course(left(things));
    assert_eq!(
        told.text(),
        "House: nothing is left to move, 1 stays by exceptions, 1 has moved\n"
    );
    assert!(told.waves.is_empty() && told.ends.is_none());
    assert_eq!(
        course(left(Vec::new())).text(),
        "House: nothing is left to move\n"
    );
}

fn some_left() -> impl Strategy<Value = Left> {
    let things = proptest::collection::vec((0..4_usize, 0..6_usize, 0..8_usize, 0..5_usize), 1..24);
    let links = proptest::collection::vec((0..24_usize, 0..24_usize, 0..4_usize), 0..40);
    let commons =
        proptest::collection::vec(proptest::collection::btree_set(0..24_usize, 2..14), 0..5);
    (things, links, commons).prop_map(|(of, links, commons)| {
        let things = of
            .iter()
            .enumerate()
            .map(|(place, &(owner, batch, fate, locks))| {
                let owner = ["ops", "web", "mail", ""][owner];
                let batch = if batch < 3 {
                    format!("b{batch}")
                } else {
                    format!("t{place:02}")
                };
                let mut thing = thing(&format!("t{place:02}"), owner, &batch);
                thing.fate = match fate {
                    0 => Fate::Moved,
                    1 => Fate::Stays,
                    _ => Fate::Moves,
                };
                if thing.fate == Fate::Moves {
                    thing.held_by = [vec![], vec![0], vec![1], vec![0, 1], vec![2]][locks].clone();
                }
                thing
            });
        let mut left = left(things.collect());
        let count = left.things.len();
        left.obstacles = vec![
            lock("key: one", Hold::Hard),
            lock("key: two", Hold::Hard),
            lock("name", Hold::Soft),
        ];
        let within = links
            .into_iter()
            .filter(|link| link.0 < count && link.1 < count);
        let apart = within.filter(|link| link.0 != link.1);
        let grip = |hard| if hard == 0 { Grip::Hard } else { Grip::Soft };
        left.links = apart
            .map(|(from, to, hard)| link(from, to, grip(hard)))
            .collect();
        left.commons = commons
            .into_iter()
            .enumerate()
            .map(|(place, users)| Common {
                kind: "secret",
                name: format!("c{place}"),
                share: 1.0,
                users: users.into_iter().filter(|&user| user < count).collect(),
            })
            .collect();
        left
    })
}

/// The wave after which each thing is there: 0 if it has moved, nothing if it stays.
fn there(left: &Left, told: &Course) -> BTreeMap<String, Option<usize>> {
    let mut there: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for part in told.parts.iter().filter(|part| !part.lock) {
        for thing in &part.things {
            assert!(
                there.insert(thing.clone(), part.wave).is_none(),
                "{thing} moves twice"
            );
        }
    }
    for thing in &left.things {
        let wave = match thing.fate {
            Fate::Moves => there.get(&thing.id).copied().flatten().map(Some),
            Fate::Moved => Some(Some(0)),
            Fate::Stays => Some(None),
        };
        let wave = wave.unwrap_or_else(|| panic!("{} is in no wave", thing.id));
        there.insert(thing.id.clone(), wave);
    }
    there
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn bridges_are_the_references_that_cross_and_nothing_moves_before_what_it_needs(left in some_left()) {
        // Short waves, so that there are many.
        let path = Path::of(left.clone(), &Ask { days: 5, ..ask() });
        let told = path.course(&WhatIf::default()).expect("a plan");
        let there = there(&left, &told);
        let mut parts: BTreeMap<&str, &str> = BTreeMap::new();
        for part in told.parts.iter().filter(|part| !part.lock) {
            parts.extend(part.things.iter().map(|thing| (thing.as_str(), part.id.as_str())));
        }
        let id = |thing: usize| left.things[thing].id.as_str();
        let crosses = |link: &&Link, wave: usize| {
            let one_part = parts.get(id(link.from)).is_some_and(|part| parts.get(id(link.to)) == Some(part));
            let moved = |thing: usize| there[id(thing)].is_some_and(|at| at <= wave);
            let stays = |thing: usize| there[id(thing)].is_none();
            !one_part && moved(link.from) != moved(link.to) && !stays(link.from) && !stays(link.to)
        };
        let linked = |bridges: &mut dyn Iterator<Item = usize>| -> Vec<(String, String, String)> {
            let links = bridges.filter_map(|at| told.bridges[at].link.clone());
            let mut links: Vec<_> = links.map(|link| (link.from, link.how, link.to)).collect();
            links.sort();
            links
        };
        for (wave, bridges) in std::iter::once(told.today.clone())
            .chain(told.waves.iter().map(|wave| wave.bridges.iter().map(|of| of.bridge).collect()))
            .enumerate()
        {
            let crossing = left.links.iter().filter(|link| crosses(link, wave));
            let mut crossing: Vec<_> = crossing
                .map(|link| (id(link.from).to_owned(), link.how.to_owned(), id(link.to).to_owned()))
                .collect();
            crossing.sort();
            prop_assert_eq!(linked(&mut bridges.iter().copied()), crossing, "after wave {}", wave);
        }
        // A hard reference and a lock come first, but where they go round.
        for order in &told.orders {
            let wave = |part: &str| told.parts.iter().find(|of| of.id == part).and_then(|of| of.wave);
            let (first, then) = (wave(&order.first), wave(&order.then));
            prop_assert!(if order.together { first == then } else { first < then }, "{order:?}");
        }
        let waits: BTreeSet<(&str, &str)> = told.orders.iter().map(|of| (of.first.as_str(), of.then.as_str())).collect();
        for part in &told.parts {
            for lock in &part.waits_for {
                let free = format!("free {lock}");
                prop_assert!(waits.contains(&(free.as_str(), part.id.as_str())));
            }
        }
        // What it takes is what its waves take.
        let mut taken = 0.0;
        for wave in &told.waves {
            let per_day: f64 = wave.bridges.iter().map(|of| told.bridges[of.bridge].per_day).sum();
            taken += per_day * wave.days;
        }
        prop_assert!((taken - told.bridging).abs() < 1e-3, "{taken} {}", told.bridging);
        prop_assert!(told.least <= told.cost + 1e-5 && told.order_least <= told.bridging + told.waiting + 1e-5);
        prop_assert!(!told.text().is_empty() && !told.markdown().is_empty());
    }
}
