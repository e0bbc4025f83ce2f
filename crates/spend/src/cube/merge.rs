//! The sums of all bills as one cube.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use base::{Currency, Decimal, Month};

use super::HOTSPOTS;
use super::kept::Kept;
use crate::cells::{Attribution, Cube, Hotspot, Name, Names};
use crate::store::Key;

/// Puts bills together; they come in the order of their keys.
pub(super) fn merge(bills: Vec<(&Key, Kept)>) -> Cube {
    let mut cube = Cube {
        names: names(&bills),
        ..Cube::default()
    };
    let counts = bills.iter().map(|(_, kept)| kept.counts());
    let (days, months) = counts.fold((0, 0), |(d, m), (days, months)| (d + days, m + months));
    cube.days.reserve_exact(days);
    cube.months.reserve_exact(months);
    let mut hotspots = Hotspots::new();
    for (key, kept) in bills {
        let name = |text: &str| cube.names.find(text).unwrap_or_default();
        let names: Vec<Name> = kept.texts.iter().map(|text| name(text)).collect();
        let bill = [name(&key.provider), name(&key.account)];
        for (local, currency, gross) in kept.hotspots() {
            let what = local.map(|name| names[name.0 as usize]);
            let of = hotspots.entry((key.period, bill[0], currency)).or_default();
            *of.entry(what).or_default() += gross;
        }
        cube.days.extend(kept.days(key, bill, &names));
        cube.months.extend(kept.months(key, bill, &names));
    }
    cube.hotspots = largest(hotspots);
    cube
}

/// All names, numbered in the order of their texts.
fn names(bills: &[(&Key, Kept)]) -> Names {
    let mut texts: Vec<&str> = Vec::new();
    for (key, kept) in bills {
        texts.extend([key.provider.as_str(), key.account.as_str()]);
        texts.extend(kept.texts.iter().map(String::as_str));
    }
    texts.sort_unstable();
    texts.dedup();
    let mut names = Names::default();
    for text in texts {
        names.name(text);
    }
    names
}

/// What is the largest of: a month, a provider, a currency.
type Of = (Month, Name, Currency);

/// The hotspots of all bills, by their names. What is in the bills of two accounts counts once, as
/// far as it is among the largest of both.
type Hotspots = BTreeMap<Of, BTreeMap<[Name; 7], Decimal>>;

fn largest(hotspots: Hotspots) -> Vec<Hotspot> {
    let mut largest = Vec::new();
    for ((billed_in, provider, currency), costs) in hotspots {
        let mut costs: Vec<([Name; 7], Decimal)> = costs.into_iter().collect();
        // Sorted by names already, and equal ones stay so.
        costs.sort_by_key(|(_, gross)| Reverse(*gross));
        largest.extend(costs.into_iter().take(HOTSPOTS).map(|(names, gross)| {
            let [
                sub_account,
                vendor_service,
                sku,
                resource,
                owner,
                service,
                funding,
            ] = names;
            Hotspot {
                billed_in,
                provider,
                sub_account,
                vendor_service,
                sku,
                resource,
                whose: Attribution {
                    owner,
                    service,
                    funding,
                },
                currency,
                gross,
            }
        }));
    }
    largest
}
