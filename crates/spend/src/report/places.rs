//! Where it is spent: providers, vendors' services, months, resources.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Decimal, Month};
use jiff::civil::Date;

use super::model::{Hotspot, Hotspots, MonthRow, Provider, Providers, VendorService};
use super::spenders::Named;

use crate::cells::{self, Cube};
use crate::outlook::Costs;

/// How many services are named; the rest of each provider is one row.
const SERVICES: usize = 15;
/// How many months are shown.
const MONTHS: usize = 24;
/// How many hotspots and movers among them are named.
const HOTSPOTS: usize = 20;
const MOVERS: usize = 10;

/// The last month of which every day is known.
fn last_whole_month(until: Date) -> Month {
    let month = Month::of(until);
    if until == month.last_day() {
        return month;
    }
    month.previous().unwrap_or(month)
}

pub(super) fn providers(of: Named<'_>, cube: &Cube, currency: Currency, until: Date) -> Providers {
    let text = |name| of.names.text(name);
    let mut rows: BTreeMap<&str, Provider> = BTreeMap::new();
    for time in of.pass.times.keys() {
        let name = text(time.provider);
        rows.entry(name).or_insert_with(|| Provider {
            name: name.to_owned(),
            now: Costs::default().into(),
            before: Costs::default().into(),
        });
    }
    for (name, sums) in of.pass.by(|line| text(line.provider)) {
        if let Some(row) = rows.get_mut(name) {
            row.now = sums.now.into();
            row.before = sums.before.into();
        }
    }
    let mut rows: Vec<Provider> = rows.into_values().collect();
    // Sorting is stable: what is alike stays in the order of its names.
    rows.sort_by_key(|row| -row.now.gross);
    let month = last_whole_month(until);
    Providers {
        month: Some(month),
        services: services(cube, currency, month),
        months: months(of, &rows, until),
        rows,
    }
}

/// The last months with charges, by when they were incurred and by when they are billed.
fn months(of: Named<'_>, rows: &[Provider], until: Date) -> Vec<MonthRow> {
    let incurred = of.pass.over_time(|time| time.incurred);
    let billed = of.pass.over_time(|time| time.billed);
    let by_provider = of
        .pass
        .over_time(|time| (time.incurred, of.names.text(time.provider)));
    let months: BTreeSet<Month> = incurred.keys().chain(billed.keys()).copied().collect();
    let skipped = months.len().saturating_sub(MONTHS);
    let row = |month: Month| MonthRow {
        month,
        complete: month.last_day() <= until,
        gross: rows
            .iter()
            .map(|row| {
                let sums = by_provider.get(&(month, row.name.as_str()));
                sums.map_or(Decimal::ZERO, |sums| sums.gross)
            })
            .collect(),
        incurred: incurred.get(&month).copied().unwrap_or_default().into(),
        billed: billed.get(&month).copied().unwrap_or_default().into(),
    };
    months.into_iter().skip(skipped).map(row).collect()
}

fn services(cube: &Cube, currency: Currency, month: Month) -> Vec<VendorService> {
    let before = month.previous();
    let mut sums: BTreeMap<(&str, &str), (Decimal, Decimal)> = BTreeMap::new();
    for cell in &cube.months {
        if cell.currency != currency {
            continue;
        }
        let (now, earlier) = (cell.month == month, Some(cell.month) == before);
        if !(now || earlier) {
            continue;
        }
        let key = (
            cube.names.text(cell.provider),
            cube.names.text(cell.vendor_service),
        );
        let entry = sums.entry(key).or_default();
        *(if now { &mut entry.0 } else { &mut entry.1 }) += cell.gross();
    }
    let mut rows: Vec<VendorService> = sums
        .into_iter()
        .filter(|(_, (now, before))| !(now.is_zero() && before.is_zero()))
        .map(|((provider, service), (now, before))| VendorService {
            provider: provider.to_owned(),
            service: if service.is_empty() {
                "(none)"
            } else {
                service
            }
            .to_owned(),
            now,
            before,
        })
        .collect();
    rows.sort_by_key(|row| -row.now);
    let mut rest: BTreeMap<String, VendorService> = BTreeMap::new();
    for row in rows.drain(SERVICES.min(rows.len())..) {
        let of = rest
            .entry(row.provider.clone())
            .or_insert_with(|| VendorService {
                provider: row.provider,
                service: String::new(),
                now: Decimal::ZERO,
                before: Decimal::ZERO,
            });
        of.now += row.now;
        of.before += row.before;
    }
    rows.extend(rest.into_values());
    rows
}

pub(super) fn hotspots(cube: &Cube, currency: Currency, until: Date) -> Hotspots {
    let month = last_whole_month(until);
    let before = of_month(cube, currency, month.previous());
    let mut rows: Vec<Hotspot> = of_month(cube, currency, Some(month))
        .into_iter()
        .map(|(key, now)| {
            let [provider, sub_account, service, sku, resource, owner] = key.map(str::to_owned);
            Hotspot {
                provider,
                sub_account,
                service,
                sku,
                resource,
                owner,
                now,
                before: before.get(&key).copied(),
            }
        })
        .collect();
    let change = |row: &Hotspot| row.before.map_or(Decimal::ZERO, |before| row.now - before);
    let moved = |row: &&Hotspot| !change(row).is_zero();
    let mut movers: Vec<Hotspot> = rows.iter().filter(moved).cloned().collect();
    // Sorting is stable: what is alike stays in the order of its names.
    movers.sort_by_key(|row| -change(row).abs());
    movers.truncate(MOVERS);
    rows.sort_by_key(|row| -row.now);
    rows.truncate(HOTSPOTS);
    Hotspots {
        month: Some(month),
        rows,
        movers,
    }
}

/// The hotspots of a month: provider, sub-account, service, price, resource and owner.
fn of_month(cube: &Cube, currency: Currency, month: Option<Month>) -> BTreeMap<[&str; 6], Decimal> {
    let mut sums: BTreeMap<[&str; 6], Decimal> = BTreeMap::new();
    let mine = |spot: &&cells::Hotspot| Some(spot.billed_in) == month && spot.currency == currency;
    for spot in cube.hotspots.iter().filter(mine) {
        let key = [
            spot.provider,
            spot.sub_account,
            spot.vendor_service,
            spot.sku,
            spot.resource,
            spot.whose.owner,
        ];
        *sums
            .entry(key.map(|name| cube.names.text(name)))
            .or_default() += spot.gross;
    }
    sums
}
