//! Bills that come in parts.

use spend::store::Change;

use super::{Bench, change, charge, deliver, march, only, part, refusal};

#[test]
fn halves_in_either_order_are_the_whole() {
    let charges = march(30);
    let (one, other) = charges.split_at(40);
    let (whole, forth, back) = (Bench::new(), Bench::new(), Bench::new());
    whole.whole(&charges).unwrap();
    assert_eq!(change(forth.part("1.csv", one)), Change::New);
    let second = only(forth.part("2.csv", other));
    assert_eq!(
        (second.change, second.before.rows, second.after.rows),
        (Change::Appended, 40, 90)
    );
    back.part("2.csv", other).unwrap();
    back.part("1.csv", one).unwrap();
    let content = |bench: &Bench| bench.store.current().unwrap().content();
    for halves in [&forth, &back] {
        assert_eq!(halves.march().totals, whole.march().totals);
        assert_eq!(content(halves), content(&whole));
    }
    // Even the list of parts does not tell which came first.
    assert_eq!(forth.march().parts, back.march().parts);
    assert_eq!(change(forth.whole(&charges)), Change::Unchanged);
}

#[test]
fn a_part_that_is_there_is_not_added_again() {
    let charges = march(30);
    let (one, other) = charges.split_at(40);
    let bench = Bench::new();
    bench.part("1.csv", one).unwrap();
    bench.part("2.csv", other).unwrap();
    let before = bench.bytes();
    for (file, charges) in [
        ("1.csv", one),
        ("2.csv", other),
        ("other-name.csv", one),
        ("all.csv", &charges),
    ] {
        assert_eq!(
            change(bench.part(file, charges)),
            Change::Unchanged,
            "{file}"
        );
    }
    let both = deliver(&bench.store, part(), &[("1.csv", one), ("2.csv", other)]);
    assert_eq!(change(both), Change::Unchanged);
    assert_eq!(bench.bytes(), before);
}

#[test]
fn of_a_delivery_in_parts_what_is_new_is_added() {
    let charges = march(30);
    let (one, rest) = charges.split_at(30);
    let (two, three) = rest.split_at(30);
    let bench = Bench::new();
    bench.part("1.csv", one).unwrap();
    let outcome = deliver(
        &bench.store,
        part(),
        &[("1.csv", one), ("2.csv", two), ("3.csv", three)],
    );
    let bill = only(outcome);
    assert_eq!((bill.change, bill.after.rows), (Change::Appended, 90));
    assert_eq!(bench.march().parts.len(), 3);
}

#[test]
fn a_part_with_charges_that_are_kept_is_refused() {
    let charges = march(30);
    let bench = Bench::new();
    bench.part("1.csv", &charges[..60]).unwrap();
    let refused = refusal(bench.part("2.csv", &charges[54..]));
    assert_eq!(
        refused,
        (
            "spend-overlap",
            "2.csv: Cloud, account A-1, 2026-03: of 36 charges of 2.csv that were compared, 6 are kept already".to_owned()
        )
    );
    // A tenth may be chance: charges of the same machine on the same day for the same amount.
    assert_eq!(
        change(bench.part("2.csv", &charges[57..])),
        Change::Appended
    );
}

#[test]
fn a_month_that_is_exported_again_is_not_added_to_itself() {
    let bench = Bench::new();
    bench.whole(&march(20)).unwrap();
    assert_eq!(
        refusal(bench.part("month.csv", &march(31))).0,
        "spend-overlap"
    );
    assert_eq!(bench.march().totals.rows, 60);
}

#[test]
fn files_of_one_delivery_with_the_same_charges_are_refused() {
    let charges = march(30);
    let bench = Bench::new();
    for delivery in [super::delivery(), part()] {
        let outcome = deliver(
            &bench.store,
            delivery,
            &[("daily.csv", &charges[..30]), ("monthly.csv", &charges)],
        );
        let refused = refusal(outcome);
        assert_eq!(
            refused,
            (
                "spend-overlap",
                "daily.csv: Cloud, account A-1, 2026-03: daily.csv and monthly.csv have charges in common: 30 of 90 that were compared".to_owned()
            )
        );
    }
    assert_eq!(bench.files(), 0);
}

#[test]
fn a_part_of_another_form_is_refused() {
    let charges = march(30);
    let bench = Bench::new();
    bench.part("1.csv", &charges[..40]).unwrap();
    let refused = refusal(bench.part("2.cur", &charges[40..]));
    assert_eq!(
        refused,
        (
            "spend-two-sources",
            "2.cur: Cloud, account A-1, 2026-03: what is kept of it came in the form focus, and 2.cur is of the form aws-cur".to_owned()
        )
    );
    let both = deliver(
        &Bench::new().store,
        part(),
        &[("1.csv", &charges[..40]), ("2.cur", &charges[40..])],
    );
    assert_eq!(refusal(both).0, "spend-two-sources");
}

#[test]
fn a_file_that_is_given_twice_is_refused_even_if_its_charges_are_all_alike() {
    let bench = Bench::new();
    let alike = vec![charge("2026-03-02", "vm-1", 1000); 30];
    let (code, _) = refusal(deliver(
        &bench.store,
        part(),
        &[("1.csv", &alike), ("copy.csv", &alike)],
    ));
    assert_eq!(code, "spend-overlap");
    assert_eq!(bench.files(), 0);
}
