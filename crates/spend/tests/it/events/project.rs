//! An estate of a few projects, its sums by day known to the cent, from a seed.

use std::ops::Range;

use base::{Currency, Decimal, Month};
use jiff::civil::Weekday;
use spend::cells::{
    Amounts, Attribution, Category, Commitment, Cube, DayCell, Kind, Name, Pricing,
};

use super::{FIRST, day};

/// A sub-account and what it costs.
pub(crate) struct Project {
    pub(crate) provider: &'static str,
    pub(crate) account: &'static str,
    pub(crate) name: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) service: &'static str,
    /// By day, in cents.
    cents: Vec<i64>,
}

/// Some projects.
pub(crate) struct Estate {
    pub(crate) days: usize,
    pub(crate) projects: Vec<Project>,
    /// From which day a grant pays for everything.
    pub(crate) credit_from: Option<usize>,
    /// From which day only a part of the charges is there.
    pub(crate) partial_from: Option<usize>,
}

/// The projects, the larger first, with what a working day costs in dollars.
const PROJECTS: [(&str, &str, &str, &str, f64); 8] = [
    ("cloud", "jobs", "sig-testing", "jobs", 1_500.0),
    ("cloud", "scale", "sig-scale", "scale-tests", 800.0),
    ("other", "images", "sig-release", "images", 700.0),
    ("cloud", "binaries", "sig-release", "downloads", 500.0),
    ("other", "mirror", "sig-release", "downloads", 300.0),
    ("cloud", "clusters", "sig-testing", "jobs", 250.0),
    ("third", "site", "sig-docs", "site", 60.0),
    ("third", "search", "(unallocated)", "", 20.0),
];

fn account(provider: &str) -> &'static str {
    match provider {
        "cloud" => "cloud-billing",
        "other" => "other-billing",
        _ => "third-billing",
    }
}

/// Numbers that look random and are the same on every machine (`SplitMix64`).
struct Dice(u64);

impl Dice {
    #[allow(clippy::cast_precision_loss)] // 53 bits.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}

#[allow(clippy::cast_possible_truncation)] // Dollars of a day.
fn cents(dollars: f64) -> i64 {
    (dollars * 100.0).round() as i64
}

impl Estate {
    /// So many days with 2 to 6 % of noise, cheaper weekends and a little growth.
    #[allow(clippy::cast_precision_loss)] // Days.
    pub(crate) fn of(seed: u64, days: usize) -> Self {
        let project = |(number, &(provider, name, owner, service, size)): (u64, &_)| {
            let mut dice = Dice(seed * 1_000 + number);
            let noise = 0.02 + 0.04 * dice.share();
            let weekend = 0.6 + 0.4 * dice.share();
            let growth = 0.000_8 * dice.share();
            let value = |number: usize| {
                let free = matches!(day(number).weekday(), Weekday::Saturday | Weekday::Sunday);
                let weekday = if free { weekend } else { 1.0 };
                let level: f64 = size * (1.0 + growth * number as f64);
                cents(level * weekday * (1.0 + noise * dice.normal()))
            };
            Project {
                provider,
                account: account(provider),
                name,
                owner,
                service,
                cents: (0..days).map(value).collect(),
            }
        };
        Self {
            days,
            projects: (0..).zip(&PROJECTS).map(project).collect(),
            credit_from: None,
            partial_from: None,
        }
    }

    /// Makes days of a project so many times as expensive.
    #[allow(clippy::cast_precision_loss)] // Cents of a day.
    pub(crate) fn raise(&mut self, project: usize, days: Range<usize>, times: f64) {
        for value in &mut self.projects[project].cents[days] {
            *value = cents(*value as f64 / 100.0 * times);
        }
    }

    /// Makes a day of a project so many dollars more expensive.
    pub(crate) fn add(&mut self, project: usize, day: usize, dollars: i64) {
        self.projects[project].cents[day] += dollars * 100;
    }

    /// The sums by day. Taxes for a month are on its first day.
    pub(crate) fn cube(&self) -> Cube {
        let mut cube = Cube::default();
        let names = &mut cube.names;
        let credit = names.name("Grant");
        let mut days = Vec::new();
        for project in &self.projects {
            let base = DayCell {
                day: FIRST,
                billed_in: Month::of(FIRST),
                provider: names.name(project.provider),
                account: names.name(project.account),
                sub_account: names.name(project.name),
                credit: Name::NONE,
                whose: Attribution {
                    owner: names.name(project.owner),
                    service: names.name(project.service),
                    funding: Name::NONE,
                },
                kind: kind(Category::Usage),
                currency: Currency::USD,
                amounts: Amounts::default(),
                rows: 1,
            };
            for (number, &value) in project.cents.iter().enumerate() {
                let day = day(number);
                let of = |category: Category, cents: i64| DayCell {
                    day,
                    billed_in: Month::of(day),
                    kind: kind(category),
                    amounts: amounts(cents),
                    ..base
                };
                let part = self.partial_from.is_some_and(|from| number >= from);
                let value = if part { value / 3 } else { value };
                if value == 0 {
                    continue;
                }
                days.push(of(Category::Usage, value));
                if day.day() == 1 {
                    days.push(of(Category::Tax, value * 6));
                }
                if self.credit_from.is_some_and(|from| number >= from) {
                    let mut paid = of(Category::Credit, -value);
                    paid.credit = credit;
                    days.push(paid);
                }
            }
        }
        days.sort_by_key(|cell| (cell.day, cell.provider, cell.sub_account));
        cube.days = days;
        cube
    }

    /// What a day of a project cost by price, in cents: cores, memory and disks, where all that
    /// it was raised by is of the cores.
    #[allow(clippy::cast_precision_loss)] // Cents of a day.
    pub(crate) fn prices(
        &self,
        project: usize,
        number: usize,
        raised: &(f64, Range<usize>),
    ) -> [(&'static str, &'static str, i64); 3] {
        let value = self.projects[project].cents[number];
        let usual = if raised.1.contains(&number) {
            cents(value as f64 / 100.0 / raised.0)
        } else {
            value
        };
        let (memory, disks) = (usual / 5, usual / 4);
        [
            ("Compute", "cores", value - memory - disks),
            ("Compute", "memory", memory),
            ("Storage", "disks", disks),
        ]
    }
}

fn kind(category: Category) -> Kind {
    Kind {
        category,
        correction: false,
        pricing: Pricing::Standard,
        commitment: Commitment::None,
    }
}

fn amounts(cents: i64) -> Amounts {
    let cent = Decimal::ONE.units() / 100;
    let amount = Decimal::from_units(i128::from(cents) * cent).expect("a few dollars");
    Amounts {
        billed: amount,
        effective: amount,
        listed: amount,
        contracted: amount,
    }
}
