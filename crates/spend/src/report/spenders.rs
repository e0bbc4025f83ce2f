//! Who spends, and what nobody owns.

use std::collections::{BTreeMap, BTreeSet};

use base::Decimal;

use super::model::{Contributor, Owner, Owners, Undecided};
use super::sums::{InWindows, Line, Pass};
use crate::cells::{Names, UNALLOCATED};
use crate::settings::POOL;

/// How many contributors to what nobody owns are named.
const CONTRIBUTORS: usize = 10;
/// How many who could claim something are named.
const CLAIMANTS: usize = 3;

/// The sums of a cube and the texts of its names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub pass: &'a Pass,
    pub names: &'a Names,
}

/// The rows by owner and by service: `own` before what is used together is shared out, `shared`
/// after.
pub(super) fn owners(own: Named<'_>, shared: Named<'_>) -> Owners {
    let mut rows = rows(own, shared, |line| line.owner);
    // What nobody owns is a row even where it is nothing: that is worth knowing too.
    if !rows.iter().any(|row| row.name == UNALLOCATED) {
        rows.push(Owner {
            name: UNALLOCATED.to_owned(),
            own: Decimal::ZERO,
            shared: Decimal::ZERO,
            now: Decimal::ZERO,
            before: Decimal::ZERO,
        });
    }
    sort(&mut rows);
    let mut services = self::rows(own, shared, |line| line.service);
    sort(&mut services);
    if services.iter().all(|row| row.name.is_empty()) {
        services.clear();
    }
    Owners {
        rows,
        unallocated: contributors(own),
        unshared: Vec::new(),
        services,
    }
}

/// What nobody owns first, then the largest first.
pub(super) fn sort(rows: &mut [Owner]) {
    rows.sort_by(|a, b| {
        let first = |row: &Owner| !row.name.starts_with(UNALLOCATED);
        (first(a), -a.now, &a.name).cmp(&(first(b), -b.now, &b.name))
    });
}

fn rows(own: Named<'_>, shared: Named<'_>, part: fn(&Line) -> crate::cells::Name) -> Vec<Owner> {
    let before_sharing = own.by(part);
    let mut after = shared.by(part);
    for name in before_sharing.keys() {
        after.entry(name).or_default();
    }
    let row = |(name, sums): (&str, InWindows)| {
        let own = before_sharing
            .get(name)
            .map_or(Decimal::ZERO, |sums| sums.now.gross);
        Owner {
            name: name.to_owned(),
            own,
            shared: sums.now.gross - own,
            now: sums.now.gross,
            before: sums.before.gross,
        }
    };
    let some = |row: &Owner| !(row.now.is_zero() && row.before.is_zero() && row.own.is_zero());
    after.into_iter().map(row).filter(some).collect()
}

impl<'a> Named<'a> {
    fn by(self, part: fn(&Line) -> crate::cells::Name) -> BTreeMap<&'a str, InWindows> {
        self.pass.by(|line| self.names.text(part(line)))
    }
}

/// What it was not decided to pay for, by whose it is.
pub(super) fn undecided(of: Named<'_>) -> Vec<Undecided> {
    let name = |line: &Line| of.names.text(line.owner);
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for (line, sum) in &of.pass.lines {
        if of.names.text(line.funding).is_empty() {
            *sums.entry(name(line)).or_default() += sum.now.gross;
        }
    }
    let mut rows: Vec<Undecided> = sums
        .into_iter()
        .filter(|(_, gross)| !gross.is_zero())
        .map(|(owner, gross)| Undecided {
            owner: owner.to_owned(),
            gross,
        })
        .collect();
    // Sorting is stable: what is alike stays in the order of its names.
    rows.sort_by_key(|row| -row.gross);
    rows
}

/// What each decision paid for in the last complete days, gross.
pub(super) fn funded(of: Named<'_>) -> BTreeMap<&str, Decimal> {
    let sums = of.by(|line| line.funding);
    let gross = |(name, sums): (_, InWindows)| (name, sums.now.gross);
    sums.into_iter().map(gross).collect()
}

fn contributors(of: Named<'_>) -> Vec<Contributor> {
    let names = of.names;
    let mut sums: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
    for (line, sum) in &of.pass.lines {
        if names.text(line.owner) == UNALLOCATED {
            let key = (names.text(line.provider), names.text(line.sub_account));
            *sums.entry(key).or_default() += sum.now.gross;
        }
    }
    let some = |(_, gross): &(_, Decimal)| !gross.is_zero();
    let mut largest: Vec<((&str, &str), Decimal)> = sums.into_iter().filter(some).collect();
    largest.sort_by_key(|(_, gross)| -*gross);
    largest.truncate(CONTRIBUTORS);
    let likeness = Likeness::of(of);
    let row = |((provider, sub_account), gross): ((&str, &str), Decimal)| Contributor {
        provider: provider.to_owned(),
        sub_account: sub_account.to_owned(),
        gross,
        claimants: likeness.claimants(sub_account),
    };
    largest.into_iter().map(row).collect()
}

/// Which words the sub-accounts of each owner have in their names.
struct Likeness<'n> {
    owners_of: BTreeMap<&'n str, BTreeSet<&'n str>>,
}

impl<'n> Likeness<'n> {
    fn of(of: Named<'n>) -> Self {
        let mut owners_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for line in of.pass.lines.keys() {
            let owner = of.names.text(line.owner);
            if owner == UNALLOCATED || owner.starts_with(POOL) {
                continue;
            }
            let words = words(of.names.text(line.sub_account)).chain(words(owner));
            for word in words {
                owners_of.entry(word).or_default().insert(owner);
            }
        }
        Self { owners_of }
    }

    /// The owners whose words a name has; a word that few owners have counts more.
    fn claimants(&self, sub_account: &str) -> Vec<String> {
        let mut points: BTreeMap<&str, usize> = BTreeMap::new();
        for word in words(sub_account).collect::<BTreeSet<&str>>() {
            let Some(owners) = self.owners_of.get(word) else {
                continue;
            };
            // A word that everybody has says nothing.
            if owners.len() > CLAIMANTS {
                continue;
            }
            for owner in owners {
                *points.entry(owner).or_default() += 60 / owners.len();
            }
        }
        let mut likely: Vec<(&str, usize)> = points.into_iter().collect();
        likely.sort_by_key(|(owner, points)| (usize::MAX - points, *owner));
        let names = likely.into_iter().take(CLAIMANTS);
        names.map(|(owner, _)| owner.to_owned()).collect()
    }
}

/// The words of a name, without numbers and what is too short to say anything.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.len() > 2 && !word.bytes().all(|byte| byte.is_ascii_digit()))
}
