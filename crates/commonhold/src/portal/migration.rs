//! What moves.

mod lists;
mod moves;
mod pace;
mod page;
mod steps;
mod waves;

use portal::Found;
use portal::model::Listing;

pub(super) use lists::mood;
pub(crate) use moves::Moves;

use super::shown::{Known, to};

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    vec![lists::migrations(known), lists::assets(known)]
}

pub(super) fn page(known: &Known, area: &str, rest: &str) -> Found {
    if area == "migration" && rest.is_empty() {
        return Found::Moved("/migrations".to_owned());
    }
    let (name, plan) = match rest.strip_suffix("/waves") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let tables = &known.checked.estate.tables;
    let found = tables.migrations.get(name);
    let Some((item, one)) = found.and_then(|item| Some((item, known.moves.named(&item.name)?)))
    else {
        return Found::Nothing;
    };
    let page = if plan {
        let waves = one
            .waves
            .get_or_init(|| waves::page(known, item, &one.standing));
        waves.clone()
    } else {
        let page = one
            .page
            .get_or_init(|| page::page(known, item, &one.standing));
        Some(page.clone())
    };
    match page {
        Some(page) => Found::Page(Box::new(page)),
        None => Found::Failed(
            "What this migration says makes no plan; `commonhold migration waves` says why."
                .to_owned(),
        ),
    }
}

/// The pages of plans.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let standings = known.moves.standings();
    standings
        .map(|standing| format!("{}/waves", to("migrations", &standing.migration)))
        .collect()
}
