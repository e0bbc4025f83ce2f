//! What is used together, shared out.

mod laws;

use base::{Currency, Decimal, Month};
use estate::Estate;
use jiff::civil::{Date, date};
use spend::cells::{
    Amounts, Attribution, Category, Commitment, Cube, DayCell, Kind, MonthCell, Pricing,
};
use spend::pools::{Drivers, Reason, Shared, Sharing};
use spend::settings::Settings;

use crate::estates::{settings, with_groups};

pub(crate) const MARCH: Date = date(2026, 3, 5);

/// A cube of usage on the fifth of March, in dollars: whose, at which provider, how much.
fn cube(cells: &[(&str, &str, &str)]) -> Cube {
    let mut cube = Cube::default();
    for (owner, provider, amount) in cells {
        add(
            &mut cube,
            owner,
            provider,
            MARCH,
            Category::Usage,
            amounts(amount),
        );
    }
    cube
}

fn amounts(all: &str) -> Amounts {
    Amounts {
        billed: of(all),
        effective: of(all),
        listed: of(all),
        contracted: of(all),
    }
}

fn of(text: &str) -> Decimal {
    text.parse().expect("a number")
}

/// Adds a cell by day, and the same by month.
pub(crate) fn add(
    cube: &mut Cube,
    owner: &str,
    provider: &str,
    day: Date,
    category: Category,
    amounts: Amounts,
) {
    let kind = Kind {
        category,
        correction: false,
        pricing: Pricing::None,
        commitment: Commitment::None,
    };
    let whose = Attribution {
        owner: cube.names.name(owner),
        service: cube.names.name(""),
        funding: cube.names.name(""),
    };
    let cell = DayCell {
        day,
        billed_in: Month::of(day),
        provider: cube.names.name(provider),
        account: cube.names.name("1"),
        sub_account: cube.names.name("x"),
        credit: cube.names.name(""),
        whose,
        kind,
        currency: Currency::USD,
        amounts,
        rows: 3,
    };
    cube.days.push(cell);
    cube.months.push(MonthCell {
        month: Month::of(day),
        billed_in: cell.billed_in,
        provider: cell.provider,
        account: cell.account,
        sub_account: cell.sub_account,
        vendor_service: cube.names.name("Compute"),
        whose,
        kind,
        currency: cell.currency,
        amounts,
        rows: 3,
    });
}

fn groups() -> Estate {
    with_groups(&["infra", "docs", "release"])
}

/// A driver `minutes` with what each used in March.
fn minutes(used: &[(&str, &str, &str)]) -> Drivers {
    let mut driver = spend::pools::Driver::new("minutes");
    for (owner, service, quantity) in used {
        driver
            .add(Month::of(MARCH), owner, service, of(quantity))
            .expect("a quantity");
    }
    Drivers::default().with("minutes", driver)
}

fn share(settings: &Settings, drivers: &Drivers, cube: &Cube) -> Shared {
    Sharing::of(settings, &groups(), drivers, cube).cube(cube)
}

/// What each has at each provider, gross.
fn by_owner(cube: &Cube) -> Vec<(String, String)> {
    let mut sums = std::collections::BTreeMap::new();
    for cell in &cube.days {
        let owner = cube.names.text(cell.whose.owner).to_owned();
        *sums.entry(owner).or_insert(Decimal::ZERO) += cell.gross();
    }
    sums.into_iter()
        .map(|(owner, sum)| (owner, sum.to_string()))
        .collect()
}

fn shared(text: &str, cells: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    by_owner(&share(&settings(text), &Drivers::default(), &cube(cells)).cube)
}

fn table(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn a_pool_is_shared_evenly_or_by_weights_to_the_last_digit() {
    assert_eq!(
        shared(
            "pools: [{name: ci, by: even, to: [infra, docs, release]}]",
            &[("pool/ci", "a", "100"), ("docs", "a", "1")],
        ),
        table(&[
            ("docs", "34.333333333333333334"),
            ("infra", "33.333333333333333333"),
            ("release", "33.333333333333333333"),
        ]),
    );
    assert_eq!(
        shared(
            "pools: [{name: ci, by: weights, weights: {infra: 70%, docs: 30%}}]",
            &[("pool/ci", "a", "100"), ("pool/ci", "a", "-10")],
        ),
        table(&[("docs", "27"), ("infra", "63")]),
    );
}

/// Totals rose when sharing was switched on: a shared cost was handed out to those who are looked
/// at, and counted as its own row as well.
#[test]
fn a_total_is_the_same_with_sharing_and_without() {
    let cells = [
        ("infra", "a", "60"),
        ("docs", "a", "40"),
        ("pool/ci", "a", "30"),
    ];
    let total = |rows: &[(String, String)]| rows.iter().map(|(_, sum)| of(sum)).sum::<Decimal>();
    let alone = by_owner(&cube(&cells));
    let together = shared("pools: [{name: ci, by: proportional}]", &cells);
    assert_eq!(together, table(&[("docs", "52"), ("infra", "78")]));
    assert_eq!((total(&alone), total(&together)), (of("130"), of("130")));
}

/// A filter after sharing over-counted: the whole shared cost was handed out among those who were
/// left. What somebody bears does not depend on who else is looked at.
#[test]
fn a_filter_leaves_out_what_does_not_match_and_changes_nothing_else() {
    let cells = [
        ("infra", "a", "60"),
        ("docs", "a", "40"),
        ("pool/ci", "a", "30"),
        ("infra", "b", "0"),
        ("pool/ci", "b", "10"),
    ];
    let all = share(
        &settings("pools: [{name: ci, by: proportional}]"),
        &Drivers::default(),
        &cube(&cells),
    );
    let at = |provider: &str, owner: &str| -> Decimal {
        let names = &all.cube.names;
        let meant = |cell: &&DayCell| {
            names.text(cell.provider) == provider && names.text(cell.whose.owner) == owner
        };
        all.cube.days.iter().filter(meant).map(DayCell::gross).sum()
    };
    assert_eq!((at("a", "docs"), at("b", "docs")), (of("52"), of("4")));
    assert_eq!((at("a", "infra"), at("b", "infra")), (of("78"), of("6")));
}

#[test]
fn what_costs_nothing_bears_nothing_and_without_any_costs_the_pool_keeps_all() {
    let pools = "pools: [{name: ci, by: proportional, to: [docs, infra]}]";
    let cells = [
        ("docs", "a", "0"),
        ("infra", "a", "-5"),
        ("pool/ci", "a", "30"),
    ];
    let left = share(&settings(pools), &Drivers::default(), &cube(&cells));
    let expected = [("docs", "0"), ("infra", "-5"), ("pool/ci", "30")];
    assert_eq!(by_owner(&left.cube), table(&expected));
    let [unshared] = left.unshared.as_slice() else {
        panic!("{:?}", left.unshared);
    };
    assert_eq!(
        (&*unshared.pool, unshared.amounts),
        ("pool/ci", amounts("30"))
    );
    assert_eq!(unshared.reason, Reason::NoCosts);
}

#[test]
fn each_reason_why_a_pool_keeps_its_costs_is_told() {
    let pools = settings(
        "pools:\n\
         - {name: none, by: weights, weights: {docs: 0}}\n\
         - {name: later, by: even, to: [docs], from: 2026-04}\n\
         - {name: used, by: usage, driver: minutes}\n\
         - {name: lost, by: usage, driver: seconds}\n\
         - {name: one, by: even, to: [pool/two, docs]}\n\
         - {name: two, by: even, to: [pool/one]}\n\
         - {name: before, by: even, to: [pool/one]}\n",
    );
    let names = [
        "none", "later", "used", "lost", "one", "two", "before", "unknown",
    ];
    let cells: Vec<(String, &str, &str)> = names
        .iter()
        .map(|name| (format!("pool/{name}"), "a", "8"))
        .collect();
    let cells: Vec<(&str, &str, &str)> = cells.iter().map(|(a, b, c)| (&**a, *b, *c)).collect();
    let left = share(&pools, &minutes(&[("docs", "", "0")]), &cube(&cells));
    let told: Vec<(String, String)> = left
        .unshared
        .iter()
        .map(|one| {
            (
                format!("{} {}", one.pool, one.amounts.effective),
                one.reason.to_string(),
            )
        })
        .collect();
    assert_eq!(
        told,
        table(&[
            ("pool/later 8", "the pool is declared for other months"),
            ("pool/lost 8", "no driver is called `seconds`"),
            ("pool/none 8", "nobody has a weight above zero"),
            (
                "pool/one 16",
                "it comes back to itself: pool/one → pool/two → pool/one"
            ),
            (
                "pool/two 8",
                "it comes back to itself: pool/two → pool/one → pool/two"
            ),
            ("pool/unknown 8", "no pool of that name is declared"),
            (
                "pool/used 8",
                "the driver `minutes` has no quantities of the month"
            ),
        ]),
    );
}

#[test]
fn a_pool_is_shared_in_stages_and_the_last_owners_say_how_it_came_to_them() {
    let pools = settings(
        "pools:\n\
         - {name: power, by: weights, weights: {pool/rooms: 0.75, docs: 0.25}}\n\
         - {name: rooms, by: even, to: [pool/ci, infra]}\n\
         - {name: ci, by: usage, driver: minutes}\n",
    );
    let drivers = minutes(&[
        ("docs", "site", "300"),
        ("infra", "", "100"),
        ("(unallocated)", "", "400"),
    ]);
    let cells = [("pool/power", "a", "64"), ("pool/rooms", "a", "16")];
    let all = share(&pools, &drivers, &cube(&cells));
    assert_eq!(
        by_owner(&all.cube),
        table(&[("(unallocated)", "16"), ("docs", "28"), ("infra", "36")]),
    );
    let of_power = all
        .allocations
        .iter()
        .filter(|one| one.pool == "pool/power");
    let told: Vec<(String, String)> = of_power
        .map(|one| {
            (
                format!("{} {} {}", one.owner, one.service, one.method_id()),
                one.details(),
            )
        })
        .collect();
    let minutes = "pool/power > pool/rooms > pool/ci by usage";
    assert_eq!(
        told,
        table(&[
            (
                "docs  pool/power by weights",
                r#"{"Elements":[{"AllocatedRatio":0.25}]}"#
            ),
            (
                "infra  pool/power > pool/rooms by even",
                r#"{"Elements":[{"AllocatedRatio":0.375}]}"#
            ),
            (
                &format!("(unallocated)  {minutes}"),
                r#"{"Elements":[{"AllocatedRatio":0.1875,"UsageUnit":"minutes","UsageQuantity":400}]}"#,
            ),
            (
                &format!("docs site {minutes}"),
                r#"{"Elements":[{"AllocatedRatio":0.140625,"UsageUnit":"minutes","UsageQuantity":300}]}"#,
            ),
            (
                &format!("infra  {minutes}"),
                r#"{"Elements":[{"AllocatedRatio":0.046875,"UsageUnit":"minutes","UsageQuantity":100}]}"#,
            ),
        ]),
    );
    let of_site = all
        .cube
        .days
        .iter()
        .filter(|cell| all.cube.names.text(cell.whose.service) == "site");
    assert_eq!(of_site.map(DayCell::gross).sum::<Decimal>(), of("12"));
    let described = all.cube.days.iter().zip(&all.of_days).all(|(cell, place)| {
        place.is_some_and(|place| {
            all.allocations[place].owner == all.cube.names.text(cell.whose.owner)
        })
    });
    assert!(described);
}

#[test]
fn credits_that_cover_a_pool_cover_every_share_of_it() {
    let mut cube = Cube::default();
    add(
        &mut cube,
        "pool/ci",
        "a",
        MARCH,
        Category::Usage,
        amounts("100"),
    );
    add(
        &mut cube,
        "pool/ci",
        "a",
        MARCH,
        Category::Credit,
        amounts("-100"),
    );
    let pools = settings("pools: [{name: ci, by: even, to: [infra, docs, release]}]");
    let all = share(&pools, &Drivers::default(), &cube);
    let mut net = std::collections::BTreeMap::new();
    for cell in &all.cube.days {
        *net.entry(cell.whose.owner).or_insert(Decimal::ZERO) += cell.net();
    }
    assert_eq!(net.len(), 3);
    assert!(net.values().all(|net| net.is_zero()), "{net:?}");
}

#[test]
fn a_pool_is_shared_in_each_month_as_it_was_declared_then() {
    let pools = settings(
        "pools:\n\
         - {name: ci, by: even, to: [infra], until: 2026-03}\n\
         - {name: ci, by: even, to: [docs], from: 2026-03}\n",
    );
    let mut cube = Cube::default();
    add(
        &mut cube,
        "pool/ci",
        "a",
        date(2026, 2, 28),
        Category::Usage,
        amounts("1"),
    );
    add(
        &mut cube,
        "pool/ci",
        "a",
        date(2026, 3, 1),
        Category::Usage,
        amounts("2"),
    );
    let all = share(&pools, &Drivers::default(), &cube);
    assert_eq!(by_owner(&all.cube), table(&[("docs", "2"), ("infra", "1")]));
}

#[test]
fn charges_are_counted_once_however_many_bear_them() {
    let pools = settings("pools: [{name: ci, by: even, to: [infra, docs]}]");
    let cube = cube(&[("pool/ci", "a", "9"), ("docs", "a", "1")]);
    let all = share(&pools, &Drivers::default(), &cube).cube;
    let rows = |cube: &Cube| cube.days.iter().map(|cell| cell.rows).sum::<u64>();
    assert_eq!((rows(&cube), rows(&all), all.days.len()), (6, 6, 3));
}
