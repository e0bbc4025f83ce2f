//! Sums without what everybody must not see.

use std::collections::BTreeSet;

use super::{SEVERAL, Veil};
use crate::cells::{Attribution, Cube, DayCell, Hotspot, MonthCell, Name};

impl Veil<'_> {
    /// The cube without accounts, sub-accounts, credits, prices and resources, and with providers
    /// that are not shown by themselves as one.
    pub(in crate::report) fn cube(&self, cube: &Cube) -> Cube {
        let mut names = cube.names.clone();
        let several = names.name(SEVERAL);
        let days = cube.days.iter().map(|cell| cell.provider);
        let months = cube.months.iter().map(|cell| cell.provider);
        let spots = cube.hotspots.iter().map(|spot| spot.provider);
        let providers: BTreeSet<Name> = days.chain(months).chain(spots).collect();
        let hidden = |name: &Name| self.hides(cube.names.text(*name));
        let over = Over {
            hidden: providers.into_iter().filter(hidden).collect(),
            several,
        };
        let (days, months) = (cube.days.iter(), cube.months.iter());
        Cube {
            days: days.map(|cell| over.day(cell)).collect(),
            months: months.map(|cell| over.month(cell)).collect(),
            hotspots: cube
                .hotspots
                .iter()
                .map(|spot| over.hotspot(spot))
                .collect(),
            names,
        }
    }
}

/// The names that are put in the place of others.
struct Over {
    hidden: BTreeSet<Name>,
    several: Name,
}

impl Over {
    fn provider(&self, provider: Name) -> Name {
        if self.hidden.contains(&provider) {
            return self.several;
        }
        provider
    }

    /// The vendor's service, unless that would tell which vendor.
    fn service(&self, service: Name, provider: Name) -> Name {
        if self.hidden.contains(&provider) {
            return Name::NONE;
        }
        service
    }

    fn day(&self, cell: &DayCell) -> DayCell {
        DayCell {
            day: cell.day,
            billed_in: cell.billed_in,
            provider: self.provider(cell.provider),
            account: Name::NONE,
            sub_account: Name::NONE,
            credit: Name::NONE,
            whose: whose(cell.whose),
            kind: cell.kind,
            currency: cell.currency,
            amounts: cell.amounts,
            rows: cell.rows,
        }
    }

    fn month(&self, cell: &MonthCell) -> MonthCell {
        MonthCell {
            month: cell.month,
            billed_in: cell.billed_in,
            provider: self.provider(cell.provider),
            account: Name::NONE,
            sub_account: Name::NONE,
            vendor_service: self.service(cell.vendor_service, cell.provider),
            whose: whose(cell.whose),
            kind: cell.kind,
            currency: cell.currency,
            amounts: cell.amounts,
            rows: cell.rows,
        }
    }

    fn hotspot(&self, spot: &Hotspot) -> Hotspot {
        Hotspot {
            billed_in: spot.billed_in,
            provider: self.provider(spot.provider),
            sub_account: Name::NONE,
            vendor_service: self.service(spot.vendor_service, spot.provider),
            sku: Name::NONE,
            resource: Name::NONE,
            whose: whose(spot.whose),
            currency: spot.currency,
            gross: spot.gross,
        }
    }
}

fn whose(whose: Attribution) -> Attribution {
    Attribution {
        owner: whose.owner,
        service: whose.service,
        funding: whose.funding,
    }
}
