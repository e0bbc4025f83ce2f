//! Bills and estates made up for a test.

use base::{Currency, Decimal, Month};
use estate::{Draft, Estate, MemoryTree};
use jiff::civil::Date;
use spend::cells::{
    Amounts, Attribution, Category, Commitment, Cube, DayCell, Kind, MonthCell, Pricing,
    UNALLOCATED,
};
use spend::outlook::{Days, after};

/// An estate of some files, with a group `infra`, which answers for all.
pub(crate) fn estate(files: &[(&str, &str)]) -> Estate {
    let (estate, findings) = draft(files);
    assert!(findings.is_empty(), "{findings:#?}");
    estate
}

/// The same, with what is found wrong with it.
pub(crate) fn draft(files: &[(&str, &str)]) -> (Estate, Vec<base::Diagnostic>) {
    let root = MemoryTree::default()
        .with("commonhold.yaml", "commonhold: 1\nname: Test\n")
        .with("groups/infra.yaml", "title: Infra\nkind: committee\n");
    let tree = files
        .iter()
        .fold(root, |tree, (path, text)| tree.with(path, *text));
    Draft::read(&tree).expect("a root file").resolve()
}

pub(crate) fn amount(text: &str) -> Decimal {
    text.parse().expect("an amount")
}

pub(crate) fn days(from: Date, until: Date) -> Days {
    Days { from, until }
}

/// Charges that are added one after the other.
#[derive(Default)]
pub(crate) struct Bills {
    cube: Cube,
}

/// What a charge is, besides its day and its amount.
#[derive(Clone, Copy)]
pub(crate) struct Sort<'a> {
    pub provider: &'a str,
    pub account: &'a str,
    pub owner: &'a str,
    pub category: Category,
    pub credit: &'a str,
    pub currency: Currency,
}

pub(crate) const USAGE: Sort<'static> = Sort {
    provider: "AWS",
    account: "42",
    owner: UNALLOCATED,
    category: Category::Usage,
    credit: "",
    currency: Currency::USD,
};

pub(crate) const CREDIT: Sort<'static> = Sort {
    category: Category::Credit,
    credit: "AWS Promotional Credit",
    ..USAGE
};

impl Bills {
    /// One charge; what a credit takes away is written as it is on a bill, below nothing.
    pub(crate) fn charge(&mut self, sort: Sort<'_>, day: Date, effective: Decimal) -> &mut Self {
        let names = &mut self.cube.names;
        let cell = DayCell {
            day,
            billed_in: Month::of(day),
            provider: names.name(sort.provider),
            account: names.name(sort.account),
            sub_account: names.name("project"),
            credit: names.name(sort.credit),
            whose: Attribution {
                owner: names.name(sort.owner),
                ..Attribution::default()
            },
            kind: Kind {
                category: sort.category,
                correction: false,
                pricing: Pricing::Standard,
                commitment: Commitment::None,
            },
            currency: sort.currency,
            amounts: Amounts {
                billed: effective,
                effective,
                listed: effective,
                contracted: effective,
            },
            rows: 1,
        };
        let month = MonthCell {
            month: Month::of(day),
            billed_in: Month::of(day),
            provider: cell.provider,
            account: cell.account,
            sub_account: cell.sub_account,
            vendor_service: names.name("Compute"),
            whose: cell.whose,
            kind: cell.kind,
            currency: cell.currency,
            amounts: cell.amounts,
            rows: 1,
        };
        self.cube.days.push(cell);
        self.cube.months.push(month);
        self
    }

    /// The same charge on each of some days.
    pub(crate) fn daily(&mut self, sort: Sort<'_>, days: Days, effective: &str) -> &mut Self {
        let effective = amount(effective);
        for count in 0..days.count() {
            self.charge(sort, after(days.from, count), effective);
        }
        self
    }

    /// The last charge, changed.
    pub(crate) fn but(&mut self, change: impl FnOnce(&mut DayCell)) -> &mut Self {
        change(self.cube.days.last_mut().expect("a charge"));
        self
    }

    pub(crate) fn cube(&mut self) -> Cube {
        let mut cube = self.cube.clone();
        cube.days.sort_by_key(|cell| cell.day);
        cube
    }
}
