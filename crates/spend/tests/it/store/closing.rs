//! Bills that are closed.

use spend::store::{Change, Delivery, NotKept, Status};

use super::{
    Bench, billed_in, change, charge, day, deliver, delivery, key, march, noon, only, refusal,
};

/// On a day, with bills closed after 15 days.
fn on(date: &str) -> Delivery {
    Delivery {
        closed_after_days: Some(15),
        ..Delivery::new(noon(date))
    }
}

#[test]
fn a_closed_bill_changes_only_by_a_decision() {
    let bench = Bench::new();
    bench.whole(&march(30)).unwrap();
    let closed = bench
        .store
        .close(&[key("2026-03")], noon("2026-04-10"))
        .unwrap();
    assert_eq!(closed, [key("2026-03")]);
    assert_eq!(bench.march().status, Status::Closed);
    assert_eq!(change(bench.whole(&march(30))), Change::Unchanged);
    let late = vec![charge("2026-03-31", "late", 100)];
    for refused in [bench.whole(&march(31)), bench.part("late.csv", &late)] {
        let (code, said) = refusal(refused);
        assert_eq!(code, "spend-closed");
        assert!(said.ends_with(
            "Cloud, account A-1, 2026-03: the bill is closed, and what is delivered differs from it"
        ));
    }
    let by_decision = Delivery {
        reopen: Some("decisions/2026-017".to_owned()),
        ..delivery()
    };
    let bill = only(deliver(
        &bench.store,
        by_decision,
        &[("bill.csv", &march(31))],
    ));
    assert_eq!(
        (bill.change, bill.reopened, bill.status),
        (Change::Replaced, true, Status::Open)
    );
    let said: Vec<String> = bench
        .store
        .versions()
        .unwrap()
        .into_iter()
        .map(|(version, _)| version.what)
        .collect();
    assert_eq!(
        said,
        [
            "import of bill.csv: 1 bill",
            "close Cloud, account A-1, 2026-03",
            "import of bill.csv: 1 bill, reopened by decisions/2026-017"
        ]
    );
}

#[test]
fn a_correction_comes_as_a_charge_of_a_later_bill() {
    let bench = Bench::new();
    bench.whole(&march(31)).unwrap();
    bench
        .store
        .close(&[key("2026-03")], noon("2026-04-10"))
        .unwrap();
    let mut correction = charge("2026-03-07", "vm-1", -400);
    correction.billed_in = "2026-04";
    let bill = only(bench.whole(&[correction]));
    assert_eq!((bill.key, bill.change), (key("2026-04"), Change::New));
    assert_eq!(bill.after.days.to_string(), "2026-03-07");
    assert_eq!(bench.march().status, Status::Closed);
}

#[test]
fn who_closes_what_is_not_kept_is_told_and_nothing_is_closed() {
    let bench = Bench::new();
    bench.whole(&march(31)).unwrap();
    let outcome = bench
        .store
        .close(&[key("2026-03"), key("2026-04")], noon("2026-04-10"));
    let Err(NotKept::Refused(problems)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(problems[0].code.id, "spend-no-such-bill");
    assert_eq!(bench.march().status, Status::Open);
    bench
        .store
        .close(&[key("2026-03")], noon("2026-04-10"))
        .unwrap();
    assert_eq!(
        bench
            .store
            .close(&[key("2026-03")], noon("2026-04-11"))
            .unwrap(),
        []
    );
    assert_eq!(bench.store.current().unwrap().version, 2);
}

#[test]
fn a_bill_closes_some_days_after_its_month_and_its_last_change() {
    let bench = Bench::new();
    let take =
        |date: &str, last: i8| deliver(&bench.store, on(date), &[("bill.csv", &march(last))]);
    take("2026-03-21", 20).unwrap();
    // Nobody looked at it since, so the rest of it is still to come.
    take("2026-04-16", 30).unwrap();
    // It changed on the day before.
    take("2026-04-17", 31).unwrap();
    assert_eq!(bench.march().changed, day("2026-04-17"));
    let mut more = march(31);
    more.push(charge("2026-03-31", "late", 1));
    let late = |date: &str| deliver(&bench.store, on(date), &[("bill.csv", &more)]);
    assert_eq!(refusal(late("2026-05-03")).0, "spend-closed");
    assert!(bench.march().is_closed(day("2026-05-03"), Some(15)));
    assert!(!bench.march().is_closed(day("2026-05-03"), None));
    assert_eq!(change(late("2026-05-02")), Change::Replaced);
}

#[test]
fn bills_that_are_old_enough_are_closed_with_the_next_delivery_that_is_kept() {
    let bench = Bench::new();
    let may = billed_in("2026-05", march(10));
    deliver(&bench.store, on("2026-04-02"), &[("bill.csv", &march(31))]).unwrap();
    let again = deliver(&bench.store, on("2026-06-01"), &[("bill.csv", &march(31))]).unwrap();
    assert!(!again.is_new, "nothing is written for a bill's age alone");
    assert_eq!(bench.march().status, Status::Open);
    let outcome = deliver(&bench.store, on("2026-06-01"), &[("may.csv", &may)]).unwrap();
    assert_eq!(outcome.closed, [key("2026-03")]);
    assert_eq!(bench.march().status, Status::Closed);
}

#[test]
fn a_bill_of_long_ago_may_come_in_parts() {
    let bench = Bench::new();
    let charges = march(31);
    let take = |file: &str, charges: &[super::Charge]| {
        let delivery = Delivery {
            mode: spend::store::Mode::Part,
            ..on("2026-11-21")
        };
        change(deliver(&bench.store, delivery, &[(file, charges)]))
    };
    assert_eq!(take("1.csv", &charges[..40]), Change::New);
    assert_eq!(take("2.csv", &charges[40..]), Change::Appended);
}

#[test]
fn of_what_is_remembered_only_the_newest_is_kept_when_versions_are_pruned() {
    let bench = Bench::new();
    let log = bench.store.state::<String>("alerts");
    for (number, said) in (0..).zip(["one", "two", "three"]) {
        let now = noon("2026-04-02");
        log.commit(number, &said.to_owned(), now, "tell").unwrap();
    }
    let (now, later) = (jiff::Timestamp::now(), noon("2099-01-01"));
    assert_eq!(bench.store.prune(now, now).unwrap().manifests, 0, "young");
    assert_eq!(bench.store.prune(later, later).unwrap().manifests, 2);
    assert_eq!(log.current().unwrap().unwrap().manifest, "three");
}
