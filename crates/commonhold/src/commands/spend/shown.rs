//! What of the bills the portal shows, read once for each state of it.

use std::collections::BTreeMap;

use base::{Decimal, Month};
use estate::Estate;
use spend::outlook::{Days, Expected, Measure, Prospect, Scope, Series};
use spend::report::{Audience, Report};

use super::books::{Books, Cover};
use super::report::Gathered;
use crate::project::Project;

/// So many months to come are expected.
const MONTHS_AHEAD: usize = 6;

/// What the bills say.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The report for those who may see all of it.
    pub(crate) members: Report,
    /// The report for everybody.
    pub(crate) everybody: Report,
    /// The gross cost of each owner in each month, by month and owner.
    pub(crate) owners: Vec<OwnerMonth>,
    /// The gross cost of each service in each month, by month and service.
    pub(crate) services: Vec<ServiceMonth>,
    /// Whether some prices are private: who spends how much would tell them.
    pub(crate) private_prices: bool,
    /// What the next months will cost, gross.
    pub(crate) ahead: Vec<(Month, Expected<Decimal>)>,
    /// What is to be said of the reading.
    pub(crate) notes: String,
}

/// What one owner costs in a month.
#[derive(Debug)]
pub(crate) struct OwnerMonth {
    /// The month in which it was incurred.
    pub(crate) month: Month,
    /// Who.
    pub(crate) owner: String,
    /// Before what is used together is shared out.
    pub(crate) own: Decimal,
    /// After it.
    pub(crate) gross: Decimal,
}

/// What one service costs in a month.
#[derive(Debug)]
pub(crate) struct ServiceMonth {
    /// The month in which it was incurred.
    pub(crate) month: Month,
    /// Which.
    pub(crate) service: String,
    /// What is its own.
    pub(crate) own: Decimal,
}

/// What the bills of an estate say; nothing where none are kept. The estate comes back.
pub(crate) fn shown(
    project: &Project<'_>,
    mut estate: Estate,
) -> (Estate, anyhow::Result<Option<Shown>>) {
    let cover = Cover::of(project, &mut estate).and_then(|cover| {
        let kept = cover.store.current()?.parts().next().is_some();
        Ok(kept.then_some(cover))
    });
    let cover = match cover {
        Ok(Some(cover)) => cover,
        Ok(None) => return (estate, Ok(None)),
        Err(error) => return (estate, Err(error)),
    };
    let mut books = Books::over(project, estate, cover, String::new());
    let shown = read(&mut books);
    (books.estate, shown.map(Some))
}

fn read(books: &mut Books<'_>) -> anyhow::Result<Shown> {
    let gathered = Gathered::of(books, None)?;
    Ok(Shown {
        members: gathered.report(books, Audience::Members),
        everybody: gathered.report(books, Audience::Everybody),
        owners: owners(books, &gathered),
        services: services(books, &gathered),
        private_prices: !books.settings.public.private_prices.is_empty(),
        ahead: ahead(books, &gathered),
        notes: std::mem::take(&mut books.notes),
    })
}

fn owners(books: &Books<'_>, gathered: &Gathered) -> Vec<OwnerMonth> {
    let currency = books.settings.currency;
    let mut sums: BTreeMap<(Month, &str), [Decimal; 2]> = BTreeMap::new();
    let cubes = [gathered.sums.own(), &gathered.sums.shared.cube];
    for (at, cube) in cubes.into_iter().enumerate() {
        let cells = cube.days.iter().filter(|cell| cell.currency == currency);
        for cell in cells {
            let owner = cube.names.text(cell.whose.owner);
            let sum = sums.entry((Month::of(cell.day), owner)).or_default();
            sum[at] += cell.gross();
        }
    }
    let some = sums
        .into_iter()
        .filter(|(_, [own, gross])| !own.is_zero() || !gross.is_zero());
    some.map(|((month, owner), [own, gross])| OwnerMonth {
        month,
        owner: owner.to_owned(),
        own,
        gross,
    })
    .collect()
}

fn services(books: &Books<'_>, gathered: &Gathered) -> Vec<ServiceMonth> {
    let currency = books.settings.currency;
    let cube = gathered.sums.own();
    let mut sums: BTreeMap<(Month, &str), Decimal> = BTreeMap::new();
    for cell in cube.days.iter().filter(|cell| cell.currency == currency) {
        let service = cube.names.text(cell.whose.service);
        if !service.is_empty() {
            *sums.entry((Month::of(cell.day), service)).or_default() += cell.gross();
        }
    }
    let some = sums.into_iter().filter(|(_, own)| !own.is_zero());
    some.map(|((month, service), own)| ServiceMonth {
        month,
        service: service.to_owned(),
        own,
    })
    .collect()
}

/// What the months from the first that is not complete will cost; of that one, what is known is in it.
fn ahead(books: &Books<'_>, gathered: &Gathered) -> Vec<(Month, Expected<Decimal>)> {
    let known = books.known(&gathered.sums.shared.cube);
    let currency = books.settings.currency;
    let series = Series::of(&known, &Scope::everything(), Measure::Gross, currency);
    let Some(first) = series.days.and_then(|days| days.until.tomorrow().ok()) else {
        return Vec::new();
    };
    let months = std::iter::successors(Some(Month::of(first)), |month| month.next());
    let months: Vec<Month> = months.take(MONTHS_AHEAD).collect();
    let Some(last) = months.last() else {
        return Vec::new();
    };
    let prospect = Prospect::of(&series, last.last_day());
    let expected = |month: &Month| {
        let from = month.first_day().max(first);
        let until = month.last_day();
        let expected = prospect.total(Days { from, until });
        let before = from
            .yesterday()
            .ok()
            .filter(|day| *day >= month.first_day());
        let spent = before.map(|until| {
            let from = month.first_day();
            series.sum(Days { from, until })
        });
        (*month, expected.plus(spent.unwrap_or_default()))
    };
    months.iter().map(expected).collect()
}
