//! What holds of all pools and all costs.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::{Currency, Decimal, Month};
use estate::Estate;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use spend::cells::{Amounts, Category, Cube, DayCell, UNALLOCATED};
use spend::pools::{Divisible, Driver, Drivers, Shared, Sharing};
use spend::settings::POOL;

use super::add;
use crate::estates::{settings, with_groups};

const OWNERS: [&str; 10] = [
    "infra",
    "docs",
    "release",
    UNALLOCATED,
    "pool/a",
    "pool/b",
    "pool/c",
    "pool/d",
    "pool/e",
    "pool/lost",
];
const BEARERS: [&str; 9] = [
    "infra",
    "docs",
    "release",
    "pool/a",
    "pool/b",
    "pool/c",
    "pool/d",
    "pool/e",
    "pool/lost",
];
const POOLS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn estate() -> &'static Estate {
    static ESTATE: OnceLock<Estate> = OnceLock::new();
    ESTATE.get_or_init(|| with_groups(&["infra", "docs", "release"]))
}

#[derive(Debug, Clone)]
struct Cost {
    owner: &'static str,
    provider: &'static str,
    day: Date,
    currency: &'static str,
    category: Category,
    amounts: Amounts,
}

fn amount() -> impl Strategy<Value = Decimal> {
    let units = prop_oneof![
        Just(0),
        -5_i128..6,
        -10_i128.pow(18)..10_i128.pow(18),
        -10_i128.pow(30)..10_i128.pow(30),
    ];
    units.prop_map(|units| Decimal::from_units(units).expect("in range"))
}

fn cost() -> impl Strategy<Value = Cost> {
    let amounts = prop_oneof![
        amount().prop_map(|all| Amounts {
            billed: all,
            effective: all,
            listed: all,
            contracted: all
        }),
        (amount(), amount(), amount(), amount()).prop_map(
            |(billed, effective, listed, contracted)| {
                Amounts {
                    billed,
                    effective,
                    listed,
                    contracted,
                }
            }
        ),
    ];
    let categories = vec![
        Category::Usage,
        Category::Purchase,
        Category::Tax,
        Category::Credit,
    ];
    (
        proptest::sample::select(&OWNERS[..]),
        proptest::sample::select(vec!["one", "two"]),
        (1..4_i8, 1..29_i8),
        proptest::sample::select(vec!["USD", "EUR"]),
        proptest::sample::select(categories),
        amounts,
    )
        .prop_map(
            |(owner, provider, (month, day), currency, category, amounts)| Cost {
                owner,
                provider,
                day: date(2026, month, day),
                currency,
                category,
                amounts,
            },
        )
}

/// A pool, shared into any other one or into itself: circles must not lose anything either.
fn pool() -> impl Strategy<Value = String> {
    let some = || proptest::sample::subsequence(&BEARERS[..], 1..5);
    let weight = prop_oneof![
        Just("0"),
        Just("1"),
        Just("2.5"),
        Just("0.000000000000000001"),
        Just("7000000")
    ];
    let months = proptest::sample::select(vec!["", "", "", ", from: 2026-02", ", until: 2026-03"]);
    let by = prop_oneof![
        some().prop_map(|to| format!("by: even, to: [{}]", to.join(", "))),
        (some(), proptest::collection::vec(weight, 5)).prop_map(|(to, weights)| {
            let each = to
                .iter()
                .zip(weights)
                .map(|(owner, weight)| format!("{owner}: {weight}"));
            format!(
                "by: weights, weights: {{{}}}",
                each.collect::<Vec<_>>().join(", ")
            )
        }),
        proptest::option::of(some()).prop_map(|to| match to {
            Some(to) => format!("by: proportional, to: [{}]", to.join(", ")),
            None => "by: proportional".to_owned(),
        }),
        Just("by: usage, driver: minutes".to_owned()),
    ];
    (by, months).prop_map(|(by, months)| by + months)
}

fn drivers() -> impl Strategy<Value = Drivers> {
    let used = (
        1..4_i8,
        proptest::sample::select(&BEARERS[..]),
        0..1_000_000_i64,
    );
    proptest::collection::vec(used, 0..6).prop_map(|used| {
        let mut driver = Driver::new("minutes");
        for (month, owner, quantity) in used {
            let month = Month::new(2026, month).expect("a month");
            driver
                .add(month, owner, "", Decimal::whole(quantity))
                .expect("a quantity");
        }
        Drivers::default().with("minutes", driver)
    })
}

fn cube(costs: &[Cost]) -> Cube {
    let mut cube = Cube::default();
    for cost in costs {
        add(
            &mut cube,
            cost.owner,
            cost.provider,
            cost.day,
            cost.category,
            cost.amounts,
        );
        let currency: Currency = cost.currency.parse().expect("a currency");
        cube.days.last_mut().expect("the cell").currency = currency;
        cube.months.last_mut().expect("the cell").currency = currency;
    }
    cube
}

/// The pools as they are written, in an order.
fn written<'p>(pools: impl Iterator<Item = (usize, &'p String)>) -> String {
    let each = pools.map(|(at, pool)| format!("- {{name: {}, {pool}}}\n", POOLS[at]));
    format!("pools:\n{}", each.collect::<String>())
}

type Key = (String, Month, Month, Currency);

/// All four costs, gross and net by provider, period and currency; of owners that are wanted.
fn totals<C: Divisible>(
    cells: &[C],
    wanted: impl Fn(&C) -> bool,
    key: impl Fn(&C) -> Key,
    category: impl Fn(&C) -> Category,
) -> BTreeMap<Key, (Amounts, Decimal)> {
    let mut sums: BTreeMap<Key, (Amounts, Decimal)> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| wanted(cell)) {
        let sum = sums.entry(key(cell)).or_default();
        sum.0 += cell.amounts();
        if category(cell) != Category::Credit {
            sum.1 += cell.amounts().effective;
        }
    }
    sums
}

fn of_days(cube: &Cube, wanted: impl Fn(&DayCell) -> bool) -> BTreeMap<Key, (Amounts, Decimal)> {
    let key = |cell: &DayCell| {
        let provider = cube.names.text(cell.provider).to_owned();
        (provider, Month::of(cell.day), cell.billed_in, cell.currency)
    };
    totals(&cube.days, wanted, key, |cell| cell.kind.category)
}

fn of_months(cube: &Cube) -> BTreeMap<Key, (Amounts, Decimal)> {
    let key = |cell: &spend::cells::MonthCell| {
        let provider = cube.names.text(cell.provider).to_owned();
        (provider, cell.month, cell.billed_in, cell.currency)
    };
    totals(&cube.months, |_| true, key, |cell| cell.kind.category)
}

/// What each owner has on each day, whatever the order of the cells.
fn by_owner(shared: &Shared) -> BTreeMap<(String, String, Date, Currency), Amounts> {
    let mut sums: BTreeMap<_, Amounts> = BTreeMap::new();
    let names = &shared.cube.names;
    for cell in &shared.cube.days {
        let owner = names.text(cell.whose.owner).to_owned();
        let provider = names.text(cell.provider).to_owned();
        *sums
            .entry((owner, provider, cell.day, cell.currency))
            .or_default() += cell.amounts;
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn nothing_is_lost_and_nothing_is_there_twice(
        costs in proptest::collection::vec(cost(), 0..12),
        pools in proptest::collection::vec(pool(), 1..6),
        drivers in drivers(),
    ) {
        let cube = cube(&costs);
        let declared = settings(&written(pools.iter().enumerate()));
        let sharing = Sharing::of(&declared, estate(), &drivers, &cube);
        let shared = sharing.cube(&cube);

        prop_assert_eq!(of_days(&cube, |_| true), of_days(&shared.cube, |_| true));
        prop_assert_eq!(of_months(&cube), of_months(&shared.cube));
        // By any filter on what sharing leaves as it is.
        let some = |cube: &Cube| {
            let one = cube.names.find("one");
            of_days(cube, |cell| Some(cell.provider) == one || cell.day.day() > 14 || cell.kind.category == Category::Tax)
        };
        prop_assert_eq!(some(&cube), some(&shared.cube));

        // What is still in pools is what is told to be.
        let told: Decimal = shared.unshared.iter().map(|one| one.amounts.effective).sum();
        let names = &shared.cube.names;
        let in_pools = shared.cube.days.iter().filter(|cell| names.text(cell.whose.owner).starts_with(POOL));
        prop_assert_eq!(told, in_pools.map(DayCell::net).sum::<Decimal>());

        // Nobody's costs that were not shared have become others.
        prop_assert_eq!(shared.of_days.len(), shared.cube.days.len());
        for (cell, place) in shared.cube.days.iter().zip(&shared.of_days) {
            prop_assert!(place.is_some() || cube.days.contains(cell));
        }

        let mut ratios: BTreeMap<_, Decimal> = BTreeMap::new();
        for one in &shared.allocations {
            *ratios.entry((&one.pool, one.month, one.currency)).or_default() += one.ratio;
        }
        prop_assert!(ratios.values().all(|sum| *sum == Decimal::ONE));

        let backwards = settings(&written(pools.iter().enumerate().rev()));
        let again = Sharing::of(&backwards, estate(), &drivers, &cube).cube(&cube);
        prop_assert_eq!(by_owner(&shared), by_owner(&again));
        prop_assert_eq!(&shared.unshared, &again.unshared);
        prop_assert_eq!(&shared.allocations, &again.allocations);
    }
}
