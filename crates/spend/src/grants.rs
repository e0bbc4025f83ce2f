//! What is left of grants, what of them will lapse, and when the money ends.
//!
//! ```text
//! Cube ─► Drawing: each credit is drawn from one grant, or from none that is known
//!            │
//!            ▼
//! grants of the same bills ─► Demand: what they pay from now on ─► run: day by day, one after
//!                                                                  the other, until they end
//! ```
//!
//! A balance falls by exactly the credits on the bills. Grants are counted in their own currency,
//! so the cube is to be that of the bills, before amounts are converted.

mod check;
pub mod codes;
mod demand;
mod drawing;
mod run;
mod standing;
mod terms;

use std::collections::BTreeMap;

use estate::Estate;
use jiff::civil::Date;
use serde::Serialize;

pub use check::check;
pub use drawing::{Unmatched, Why};
pub use standing::{Balance, MonthDrawn, Standing, State};

use crate::outlook::{Expected, Known, Range};
use demand::Demand;
use drawing::Drawing;
use run::{Member, Outcome};
use terms::Terms;

/// How all grants of an estate stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grants {
    /// The grants, by name.
    pub standings: Vec<Standing>,
    /// Credits that no grant explains; sorted.
    pub unmatched: Vec<Unmatched>,
}

impl Grants {
    /// Holds the grants of an estate against the credits that are known.
    pub fn of(known: &Known<'_>, estate: &Estate) -> Self {
        let items = estate.tables.grants.items();
        let mut terms: Vec<Terms<'_>> = items.map(|item| Terms::of(item, estate)).collect();
        terms.sort_by(|one, other| one.name().cmp(other.name()));
        let drawing = Drawing::of(known.cube, known.today, &terms);
        let mut placed: BTreeMap<usize, Standing> = BTreeMap::new();
        for family in families(&terms, &drawing) {
            placed.extend(ahead(known, &terms, &drawing, &family));
        }
        Self {
            standings: placed.into_values().collect(),
            unmatched: drawing.unmatched,
        }
    }

    /// A grant by the name of its file.
    pub fn named(&self, name: &str) -> Option<&Standing> {
        self.standings.iter().find(|one| one.name == name)
    }
}

/// Grants that pay the same bills, one after the other. One that was never drawn from takes over
/// from those of its provider and accounts, whatever its credits will be called.
fn families(terms: &[Terms<'_>], drawing: &Drawing) -> Vec<Vec<usize>> {
    let mut families: BTreeMap<(terms::Bills, String), Vec<usize>> = BTreeMap::new();
    let mut never = Vec::new();
    for (place, one) in terms.iter().enumerate() {
        if drawing.of_grant(place).is_empty() {
            never.push(place);
        } else {
            let key = (one.bills(), one.credits().to_owned());
            families.entry(key).or_default().push(place);
        }
    }
    for place in never {
        let (bills, credits) = (terms[place].bills(), terms[place].credits().to_owned());
        let same = families.keys().find(|(of, _)| *of == bills).cloned();
        let key = same.unwrap_or((bills, credits));
        families.entry(key).or_default().push(place);
    }
    let mut families: Vec<Vec<usize>> = families.into_values().collect();
    for family in &mut families {
        family.sort_by(|one, other| terms[*one].order().cmp(&terms[*other].order()));
    }
    families
}

/// How the grants of a family stand, and will.
fn ahead(
    known: &Known<'_>,
    terms: &[Terms<'_>],
    drawing: &Drawing,
    family: &[usize],
) -> Vec<(usize, Standing)> {
    let until = family.iter().map(|&place| terms[place].days.until).max();
    let drawn = family.iter().map(|&place| drawing.of_grant(place));
    let demand = Demand::of(
        known,
        &terms[family[0]],
        drawn,
        until.unwrap_or(known.today),
    );
    let last_known = demand.last_known;
    let members: Vec<Member> = family
        .iter()
        .map(|&place| Member {
            days: terms[place].days,
            left: terms[place].counted.amount - drawing.drawn_until(place, last_known),
        })
        .collect();
    let outcomes: Expected<Vec<Outcome>> = match &demand.paths {
        // Where much is spent, it ends early and little is left.
        Expected::Range(paths) => Expected::Range(Range {
            p10: run::run(&paths.p90, &members),
            p50: run::run(&paths.p50, &members),
            p90: run::run(&paths.p10, &members),
        }),
        Expected::RunRate(path) => Expected::RunRate(run::run(path, &members)),
        Expected::Known(_) | Expected::Unknown => Expected::Unknown,
    };
    let standing = |(at, &place): (usize, &usize)| {
        let outcome = outcomes.clone().map(|each| each[at].clone());
        let next = next_of(&terms[place], terms);
        let drawn = drawing.of_grant(place);
        let standing = Standing::of(known, &terms[place], drawn, &demand, &outcome, next);
        (place, standing)
    };
    family.iter().enumerate().map(standing).collect()
}

/// The grant that goes on when one ends, for the same bills: the first, whatever its credits are
/// called.
fn next_of(one: &Terms<'_>, terms: &[Terms<'_>]) -> Option<String> {
    let follows = |other: &&Terms<'_>| other.bills() == one.bills() && other.follows(one);
    let next = terms.iter().filter(follows);
    let next = next.min_by(|one, other| one.days.from.cmp(&other.days.from));
    next.map(|next| next.name().to_owned())
}

/// When a renewal is to be asked for: so many days before the money ends, which may be early.
fn ask_from(ends: Expected<Date>, days_before: u32) -> Option<Date> {
    let early = ends.low()?;
    Some(crate::outlook::after(early, -i64::from(days_before)))
}
