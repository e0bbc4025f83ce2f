//! The sums of one bill, from its charges.

use std::cmp::Reverse;

use base::Decimal;
use jiff::civil::Date;

use super::HOTSPOTS;
use crate::cells::{
    Amounts, Attribution, Commitment, DayCell, Hotspot, Kind, MonthCell, Name, Pricing,
};
use crate::ownership::Ownership;
use crate::scan::{self, Cost, Dimension, Input, Scan, ScanError, Sums, Value};
use crate::store::Key;

/// The sums of one bill. Its names are places in its own texts, and say neither the provider nor
/// the account, which are the bill's.
#[derive(Debug, Default)]
pub(super) struct Bill {
    /// Sorted; the first is the empty one.
    pub(super) texts: Vec<String>,
    pub(super) days: Vec<DayCell>,
    pub(super) months: Vec<MonthCell>,
    /// The largest of each currency.
    pub(super) hotspots: Vec<Hotspot>,
}

/// What every charge of a bill has alike.
const BILL: [Dimension; 3] = [
    Dimension::Provider,
    Dimension::Account,
    Dimension::BilledMonth,
];

/// What days and months begin with: whose, then what sort.
const KINDS: [Dimension; 7] = [
    Dimension::Owner,
    Dimension::Service,
    Dimension::Funding,
    Dimension::Category,
    Dimension::Class,
    Dimension::Pricing,
    Dimension::Commitment,
];
/// What days have beside it; their texts are at 8 and 9.
const DAYS: [Dimension; 3] = [Dimension::Day, Dimension::SubAccount, Dimension::Credit];
/// What months have beside it; their texts are at 8 and 9.
const MONTHS: [Dimension; 3] = [
    Dimension::Month,
    Dimension::SubAccount,
    Dimension::VendorService,
];
const LEVEL_TEXTS: [usize; 5] = [0, 1, 2, 8, 9];
const HOTSPOT: [Dimension; 7] = [
    Dimension::Owner,
    Dimension::Service,
    Dimension::Funding,
    Dimension::SubAccount,
    Dimension::VendorService,
    Dimension::Meter,
    Dimension::Resource,
];
/// Where the gross cost stands among the sums.
const GROSS: usize = 4;

impl Bill {
    /// Adds up the charges of a bill.
    pub(super) fn add_up(
        key: &Key,
        inputs: &[Input],
        ownership: &Ownership,
    ) -> Result<Self, ScanError> {
        let level = |own: &[Dimension]| KINDS.iter().chain(own).cloned().collect();
        let sums = scan::scan(
            inputs,
            &Scan {
                groupings: vec![
                    BILL.to_vec(),
                    level(&DAYS),
                    level(&MONTHS),
                    HOTSPOT.to_vec(),
                ],
                costs: Cost::FOUR.into_iter().chain([Cost::Gross]).collect(),
                filters: Vec::new(),
                ownership,
            },
        )?;
        let [bills, days, months, hotspots] = sums.as_slice() else {
            unreachable!("a table for each grouping")
        };
        belong(key, bills)?;
        let largest = largest(hotspots);
        let mut local = Local::default();
        for (table, groups) in [(days, days.len()), (months, months.len())] {
            (0..groups).for_each(|group| local.use_texts(table, group, &LEVEL_TEXTS));
        }
        for &group in &largest {
            local.use_texts(hotspots, group, &[0, 1, 2, 3, 4, 5, 6]);
        }
        local.sort(days);
        let mut bill = Self {
            days: (0..days.len())
                .map(|group| local.day(key, days, group))
                .collect::<Result<_, _>>()?,
            months: (0..months.len())
                .map(|group| local.month(key, months, group))
                .collect::<Result<_, _>>()?,
            hotspots: largest
                .iter()
                .map(|&group| local.hotspot(key, hotspots, group))
                .collect::<Result<_, _>>()?,
            texts: local.texts,
        };
        bill.days.sort_unstable_by_key(|cell| {
            (
                cell.day,
                cell.sub_account,
                cell.credit,
                cell.whose,
                cell.kind,
                cell.currency,
            )
        });
        bill.months.sort_unstable_by_key(|cell| {
            (
                cell.month,
                cell.sub_account,
                cell.vendor_service,
                cell.whose,
                cell.kind,
                cell.currency,
            )
        });
        Ok(bill.folded())
    }

    /// With equal cells as one: what no word of FOCUS is may have told them apart.
    fn folded(mut self) -> Self {
        self.days.dedup_by(|cell, kept| {
            let same = (
                kept.day,
                kept.sub_account,
                kept.credit,
                kept.whose,
                kept.kind,
                kept.currency,
            ) == (
                cell.day,
                cell.sub_account,
                cell.credit,
                cell.whose,
                cell.kind,
                cell.currency,
            );
            if same {
                kept.amounts += cell.amounts;
                kept.rows += cell.rows;
            }
            same
        });
        self.months.dedup_by(|cell, kept| {
            let same = (
                kept.month,
                kept.sub_account,
                kept.vendor_service,
                kept.whose,
                kept.kind,
                kept.currency,
            ) == (
                cell.month,
                cell.sub_account,
                cell.vendor_service,
                cell.whose,
                cell.kind,
                cell.currency,
            );
            if same {
                kept.amounts += cell.amounts;
                kept.rows += cell.rows;
            }
            same
        });
        self
    }
}

/// Whether all charges are of this bill.
fn belong(key: &Key, bills: &Sums) -> Result<(), ScanError> {
    for group in 0..bills.len() {
        let [provider, account, month] = [0, 1, 2].map(|at| bills.value(group, at));
        let own = provider == Value::Text(&key.provider)
            && account == Value::Text(&key.account)
            && month == Value::Month(key.period);
        if !own {
            let (provider, account) = (provider.to_string(), account.to_string());
            return Err(ScanError::Charge(format!(
                "there is a charge of {}, account {}, {month} in its files",
                base::visible(&provider),
                base::visible(&account),
            )));
        }
    }
    Ok(())
}

/// The groups with the largest gross cost of each currency, the largest first.
fn largest(sums: &Sums) -> Vec<usize> {
    let gross = |group: usize| sums.cost(group, GROSS);
    let mut groups: Vec<usize> = (0..sums.len())
        .filter(|&group| gross(group) > Decimal::ZERO)
        .collect();
    let texts = |group: usize| [0, 1, 2, 3, 4, 5, 6].map(|at| sums.text(sums.number(group, at)));
    groups.sort_unstable_by(|&a, &b| {
        let first = sums.currency(a).cmp(sums.currency(b));
        let largest = Reverse(gross(a)).cmp(&Reverse(gross(b)));
        first.then(largest).then_with(|| texts(a).cmp(&texts(b)))
    });
    let mut taken: Vec<usize> = Vec::new();
    let mut count = 0;
    for group in groups {
        let other = taken
            .last()
            .is_none_or(|&last| sums.currency(last) != sums.currency(group));
        count = if other { 1 } else { count + 1 };
        if count <= HOTSPOTS || other {
            taken.push(group);
        }
    }
    taken
}

/// The texts of a bill, and their names by the numbers of a scan.
#[derive(Debug, Default)]
struct Local {
    texts: Vec<String>,
    used: Vec<bool>,
    names: Vec<Name>,
}

impl Local {
    fn use_texts(&mut self, sums: &Sums, group: usize, places: &[usize]) {
        for &place in places {
            let number = sums.number(group, place) as usize;
            if self.used.len() <= number {
                self.used.resize(number + 1, false);
            }
            self.used[number] = true;
        }
    }

    /// Names the texts that are used, in their order. All tables of a scan have the same texts.
    fn sort(&mut self, sums: &Sums) {
        // Fewer than 2^32: they were numbered so.
        #[allow(clippy::cast_possible_truncation)]
        let used = self
            .used
            .iter()
            .enumerate()
            .filter(|(_, used)| **used)
            .map(|(at, _)| at as u32);
        let mut texts: Vec<(&str, u32)> = used.map(|number| (sums.text(number), number)).collect();
        texts.retain(|(text, _)| !text.is_empty());
        texts.sort_unstable();
        self.names = vec![Name::NONE; self.used.len()];
        self.texts = vec![String::new()];
        for (text, number) in texts {
            #[allow(clippy::cast_possible_truncation)]
            let name = Name(self.texts.len() as u32);
            self.names[number as usize] = name;
            self.texts.push(text.to_owned());
        }
    }

    fn name(&self, sums: &Sums, group: usize, at: usize) -> Name {
        self.names[sums.number(group, at) as usize]
    }

    fn whose(&self, sums: &Sums, group: usize) -> Attribution {
        Attribution {
            owner: self.name(sums, group, 0),
            service: self.name(sums, group, 1),
            funding: self.name(sums, group, 2),
        }
    }

    fn day(&self, key: &Key, sums: &Sums, group: usize) -> Result<DayCell, ScanError> {
        Ok(DayCell {
            day: match sums.value(group, 7) {
                Value::Day(day) => day,
                _ => Date::MAX,
            },
            billed_in: key.period,
            provider: Name::NONE,
            account: Name::NONE,
            sub_account: self.name(sums, group, 8),
            credit: self.name(sums, group, 9),
            whose: self.whose(sums, group),
            kind: kind(sums, group)?,
            currency: scan::currency(sums.currency(group))?,
            amounts: amounts(sums, group),
            rows: sums.rows(group),
        })
    }

    fn month(&self, key: &Key, sums: &Sums, group: usize) -> Result<MonthCell, ScanError> {
        Ok(MonthCell {
            month: match sums.value(group, 7) {
                Value::Month(month) => month,
                _ => key.period,
            },
            billed_in: key.period,
            provider: Name::NONE,
            account: Name::NONE,
            sub_account: self.name(sums, group, 8),
            vendor_service: self.name(sums, group, 9),
            whose: self.whose(sums, group),
            kind: kind(sums, group)?,
            currency: scan::currency(sums.currency(group))?,
            amounts: amounts(sums, group),
            rows: sums.rows(group),
        })
    }

    fn hotspot(&self, key: &Key, sums: &Sums, group: usize) -> Result<Hotspot, ScanError> {
        Ok(Hotspot {
            billed_in: key.period,
            provider: Name::NONE,
            sub_account: self.name(sums, group, 3),
            vendor_service: self.name(sums, group, 4),
            sku: self.name(sums, group, 5),
            resource: self.name(sums, group, 6),
            whose: self.whose(sums, group),
            currency: scan::currency(sums.currency(group))?,
            gross: sums.cost(group, GROSS),
        })
    }
}

fn amounts(sums: &Sums, group: usize) -> Amounts {
    Amounts {
        billed: sums.cost(group, 0),
        effective: sums.cost(group, 1),
        listed: sums.cost(group, 2),
        contracted: sums.cost(group, 3),
    }
}

/// What sort of charge, by FOCUS's words. Credits must be known, for all else they are only told
/// apart: an unknown word is `Other` or none.
fn kind(sums: &Sums, group: usize) -> Result<Kind, ScanError> {
    let text = |at: usize| sums.text(sums.number(group, at));
    Ok(Kind {
        category: scan::category(text(3)).map_err(ScanError::Charge)?,
        correction: text(4) == "Correction",
        pricing: match text(5) {
            "" => Pricing::None,
            "Standard" => Pricing::Standard,
            "Dynamic" => Pricing::Dynamic,
            "Committed" => Pricing::Committed,
            _ => Pricing::Other,
        },
        commitment: match text(6) {
            "Used" => Commitment::Used,
            "Unused" => Commitment::Unused,
            _ => Commitment::None,
        },
    })
}
