//! What is kept, by either engine: as a model of it says, whoever else uses it, whatever breaks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::Timestamp;
use portal::store::{Opened, Store, open};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use testkit::servers::postgres::Postgres;
use testkit::servers::{Folder, or_skip};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

/// One server for all tests that run at a time: it ends with the last of them.
fn server() -> Option<Arc<Postgres>> {
    static SERVER: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = server.upgrade() {
        return Some(running);
    }
    let started = Arc::new(or_skip(Postgres::start())?);
    *server = Arc::downgrade(&started);
    Some(started)
}

/// What can be done.
#[derive(Debug, Clone)]
enum Step {
    Put(usize, usize, i64, Option<i64>),
    PutNew(usize, usize, i64, Option<i64>),
    Get(usize, usize),
    Take(usize, usize),
    List(usize, usize, usize),
    Sweep,
    Wait(i64),
}

const KINDS: [&str; 2] = ["session", "session-of"];
const KEYS: [&str; 5] = ["", "a", "a/b", "B", "\u{e9}\u{1f600}'\"%_"];

fn step() -> impl Strategy<Value = Step> {
    let place = || (0..KINDS.len(), 0..KEYS.len());
    let ends = || prop::option::of(0..6_i64);
    prop_oneof![
        (place(), any::<i64>(), ends())
            .prop_map(|((kind, key), value, ends)| Step::Put(kind, key, value, ends)),
        (place(), any::<i64>(), ends())
            .prop_map(|((kind, key), value, ends)| Step::PutNew(kind, key, value, ends)),
        place().prop_map(|(kind, key)| Step::Get(kind, key)),
        place().prop_map(|(kind, key)| Step::Take(kind, key)),
        (place(), 0..4_usize).prop_map(|((kind, key), limit)| Step::List(kind, key, limit)),
        Just(Step::Sweep),
        (1..4_i64).prop_map(Step::Wait),
    ]
}

/// What the store is meant to be.
#[derive(Default)]
struct Model {
    kept: BTreeMap<(usize, &'static str), (Value, Option<i64>)>,
    now: i64,
}

impl Model {
    fn get(&self, kind: usize, key: usize) -> Option<Value> {
        let (value, ends) = self.kept.get(&(kind, KEYS[key]))?;
        ends.is_none_or(|ends| ends > self.now)
            .then(|| value.clone())
    }

    fn agrees(&mut self, store: &dyn Store, step: &Step) {
        let now = at(self.now);
        let value = |value: i64| json!({"v": value, "t": "\u{0}é"});
        let ends = |ends: Option<i64>, model: &Self| ends.map(|ends| model.now + ends);
        match *step {
            Step::Put(kind, key, v, lasts) => {
                let end = ends(lasts, self);
                store
                    .put(KINDS[kind], KEYS[key], &value(v), end.map(at))
                    .unwrap();
                self.kept.insert((kind, KEYS[key]), (value(v), end));
            }
            Step::PutNew(kind, key, v, lasts) => {
                let end = ends(lasts, self);
                let free = self.get(kind, key).is_none();
                let kept = store
                    .put_new(KINDS[kind], KEYS[key], &value(v), end.map(at), now)
                    .unwrap();
                assert_eq!(kept, free, "{step:?}");
                if free {
                    self.kept.insert((kind, KEYS[key]), (value(v), end));
                }
            }
            Step::Get(kind, key) => {
                assert_eq!(
                    store.get(KINDS[kind], KEYS[key], now).unwrap(),
                    self.get(kind, key),
                    "{step:?}"
                );
            }
            Step::Take(kind, key) => {
                assert_eq!(
                    store.take(KINDS[kind], KEYS[key], now).unwrap(),
                    self.get(kind, key),
                    "{step:?}"
                );
                if self.get(kind, key).is_some() {
                    self.kept.remove(&(kind, KEYS[key]));
                }
            }
            Step::List(kind, after, limit) => {
                let mut wanted: Vec<(String, Value)> = Vec::new();
                for ((of, key), (value, ends)) in &self.kept {
                    let lives = ends.is_none_or(|ends| ends > self.now);
                    if *of == kind && *key > KEYS[after] && lives {
                        wanted.push(((*key).to_owned(), value.clone()));
                    }
                }
                wanted.truncate(limit);
                assert_eq!(
                    store.list(KINDS[kind], KEYS[after], limit, now).unwrap(),
                    wanted,
                    "{step:?}"
                );
            }
            Step::Sweep => {
                store.sweep(now).unwrap();
                let now = self.now;
                self.kept
                    .retain(|_, (_, ends)| ends.is_none_or(|ends| ends > now));
            }
            Step::Wait(seconds) => self.now += seconds,
        }
    }
}

/// Both engines do what the model does, from an empty store.
fn agree_with_the_model(cases: u32, store: impl Fn() -> Opened) {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(cases));
    let steps = prop::collection::vec(step(), 1..40);
    let judged = runner.run(&steps, |steps| {
        let (store, mut model) = (store(), Model::default());
        for step in &steps {
            model.agrees(&store, step);
        }
        Ok(())
    });
    judged.unwrap();
}

/// Empties a store: takes out all there is.
fn emptied(store: Opened) -> Opened {
    for kind in KINDS {
        for key in KEYS {
            store.take(kind, key, at(-1_000_000)).unwrap();
        }
    }
    store
}

#[test]
fn sqlite_does_what_the_model_does() {
    agree_with_the_model(128, || open("sqlite::memory:").unwrap());
}

#[test]
fn postgresql_does_what_the_model_does() {
    let Some(server) = server() else { return };
    let url = server.new_database("portal_model");
    agree_with_the_model(24, || emptied(open(&url).unwrap()));
}

/// Of many who take the same document at once, through several stores, one gets it; and one keeps a new one.
fn one_of_many(url: &str) {
    for round in 0..5 {
        let key = format!("k{round}");
        let stores: Vec<Opened> = (0..3).map(|_| open(url).unwrap()).collect();
        let all = |work: &(dyn Fn(&Opened) -> bool + Sync)| -> usize {
            std::thread::scope(|scope| {
                let threads: Vec<_> = (0..9)
                    .map(|at| {
                        let store = &stores[at % 3];
                        scope.spawn(move || work(store))
                    })
                    .collect();
                threads
                    .into_iter()
                    .filter_map(|thread| thread.join().ok())
                    .filter(|won| *won)
                    .count()
            })
        };
        assert_eq!(
            all(&|store| store
                .put_new("form", &key, &json!({}), None, at(0))
                .unwrap()),
            1
        );
        assert_eq!(
            all(&|store| store.take("form", &key, at(0)).unwrap().is_some()),
            1
        );
    }
}

#[test]
fn of_many_who_take_one_gets_it_in_sqlite() {
    let folder = Folder::new();
    one_of_many(&format!(
        "sqlite:{}",
        folder.path().join("portal.db").display()
    ));
}

#[test]
fn of_many_who_take_one_gets_it_in_postgresql() {
    let Some(server) = server() else { return };
    one_of_many(&server.new_database("portal_many"));
}

#[test]
fn a_file_is_there_again_and_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let path = folder.path().join("portal.db");
    let url = format!("sqlite:{}", path.display());
    open(&url)
        .unwrap()
        .put("key", "k", &json!("v"), None)
        .unwrap();
    assert_eq!(
        open(&url).unwrap().get("key", "k", at(0)).unwrap(),
        Some(json!("v"))
    );
    let store = open(&url).unwrap();
    store.put("key", "k", &json!("w"), None).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn a_server_that_went_away_and_came_back_is_used_again() {
    let Some(mut server) = or_skip(Postgres::start()) else {
        return;
    };
    let url = server.url();
    let store = open(&url).unwrap();
    for round in 0..8 {
        store
            .put("key", &round.to_string(), &json!(round), None)
            .unwrap();
    }
    server.crash();
    let refused = store.put("key", "lost", &json!(0), None).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains(Postgres::PASSWORD));
    server.start_again();
    // Every session of the store broke, and what asks whether it is the first is asked as well as what does not.
    for round in 0..8 {
        assert!(
            store
                .put_new("form", &round.to_string(), &json!(0), None, at(0))
                .unwrap()
        );
        assert_eq!(
            store.get("key", &round.to_string(), at(0)).unwrap(),
            Some(json!(round))
        );
    }
}

#[test]
fn what_is_too_large_or_no_place_is_refused() {
    let store = open("sqlite::memory:").unwrap();
    let large = json!("a".repeat(70_000));
    assert!(store.put("k", "a", &large, None).is_err());
    assert!(store.put_new("k", "a", &large, None, at(0)).is_err());
    for odd in ["a\u{0}b", "a\nb", &"a".repeat(513)] {
        assert!(store.put("k", odd, &json!(0), None).is_err());
        assert!(store.get(odd, "k", at(0)).is_err());
        assert!(store.list("k", odd, 1, at(0)).is_err());
    }
    let secret = "postgres://ada:sesame@db.example/portal";
    for url in ["", "mysql://a/b", secret, "sqlite:/nowhere/at/all.db"] {
        let refused = open(url).unwrap_err();
        assert!(
            !format!("{refused} {refused:?}").contains("sesame"),
            "{url}"
        );
    }
}
