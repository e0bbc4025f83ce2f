//! Which bills are kept, and which are kept otherwise than before.

use std::collections::{BTreeMap, BTreeSet};

use base::Month;
use jiff::civil::Date;

use super::model::{Bill, Happened, Reach};
use crate::store::{Key, Partition, Snapshot};

/// Bills as they were kept on a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bills<'a> {
    pub kept: &'a Snapshot,
    pub day: Date,
    /// How many days after its end a month is closed.
    pub closed_after_days: u32,
}

impl Bills<'_> {
    fn has_closed(&self, bill: &Partition) -> bool {
        bill.is_closed(self.day, Some(self.closed_after_days))
    }
}

/// How far what each account sent reaches.
pub(super) fn reach(of: Bills<'_>) -> Vec<Reach> {
    let mut accounts: BTreeMap<(&str, &str), Vec<&Partition>> = BTreeMap::new();
    for bill in &of.kept.partitions {
        let account = (bill.key.provider.as_str(), bill.key.account.as_str());
        accounts.entry(account).or_default().push(bill);
    }
    let row = |((provider, account), bills): ((&str, &str), Vec<&Partition>)| {
        let months: BTreeSet<Month> = bills.iter().map(|bill| bill.key.period).collect();
        let (first, last) = (*months.first()?, *months.last()?);
        let all = std::iter::successors(Some(first), |month| month.next());
        let all = all.take_while(|month| *month <= last);
        let closed = bills.iter().filter(|bill| of.has_closed(bill));
        let closed = count(closed.count());
        Some(Reach {
            provider: provider.to_owned(),
            account: account.to_owned(),
            first,
            last,
            until: bills.iter().filter_map(|bill| bill.last_day()).max(),
            closed,
            open: count(bills.len()) - closed,
            rows: bills.iter().map(|bill| bill.totals.rows).sum(),
            missing: all.filter(|month| !months.contains(month)).collect(),
        })
    };
    accounts.into_iter().filter_map(row).collect()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The bills that are kept otherwise, in the order of their keys.
pub(super) fn changed(then: Bills<'_>, now: Bills<'_>) -> Vec<Bill> {
    let keys = |of: &Bills<'_>| -> BTreeSet<Key> {
        let bills = of.kept.partitions.iter();
        bills.map(|bill| bill.key.clone()).collect()
    };
    let all: BTreeSet<Key> = keys(&then).union(&keys(&now)).cloned().collect();
    let row = |key: &Key| {
        let (old, new) = (then.kept.partition(key), now.kept.partition(key));
        let rows = |bill: Option<&Partition>| bill.map_or(0, |bill| bill.totals.rows);
        Some(Bill {
            provider: key.provider.clone(),
            account: key.account.clone(),
            month: key.period,
            what: happened((&then, old), (&now, new))?,
            rows_then: rows(old),
            rows_now: rows(new),
        })
    };
    all.iter().filter_map(row).collect()
}

fn happened(
    (then, old): (&Bills<'_>, Option<&Partition>),
    (now, new): (&Bills<'_>, Option<&Partition>),
) -> Option<Happened> {
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (None, Some(_)) => return Some(Happened::New),
        (Some(_), None) => return Some(Happened::Gone),
        (None, None) => return None,
    };
    let same = old.totals.content == new.totals.content;
    match (then.has_closed(old), now.has_closed(new)) {
        (false, true) if same => Some(Happened::Closed),
        (false, true) => Some(Happened::ReplacedAndClosed),
        (true, false) => Some(Happened::Reopened),
        _ if same => None,
        _ => Some(Happened::Replaced),
    }
}
