//! What is paid to some accounts, for those who want to be rid of them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Month};
use migration::completeness::Paid;

use super::books::Books;
use crate::project::Project;

/// What each of these accounts cost by month, before grants; nothing if no bills are kept.
pub(crate) fn paid(
    project: &Project<'_>,
    accounts: &BTreeSet<&str>,
) -> anyhow::Result<Option<Vec<Paid>>> {
    let mut books = Books::open(project)?;
    if books.store.current()?.parts().next().is_none() {
        return Ok(None);
    }
    let sums = books.sums()?;
    let cube = sums.own();
    let mut paid: BTreeMap<(&str, Month, Currency), Decimal> = BTreeMap::new();
    for &name in accounts {
        let Some(account) = books.estate.tables.accounts.get(name) else {
            continue;
        };
        // What the estate calls an account may be a bill's account, or a project under one.
        let Some(id) = cube.names.find(&account.value.id) else {
            continue;
        };
        let of_it = |cell: &&spend::cells::DayCell| cell.account == id || cell.sub_account == id;
        for cell in cube.days.iter().filter(of_it) {
            let key = (name, Month::of(cell.day), cell.currency);
            *paid.entry(key).or_default() += cell.gross();
        }
    }
    let paid = paid
        .into_iter()
        .map(|((account, month, currency), gross)| Paid {
            account: account.to_owned(),
            month,
            gross,
            currency,
        });
    Ok(Some(paid.collect()))
}
