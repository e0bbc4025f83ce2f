//! What it costs.

pub(super) mod costs;
mod lists;
mod money;
mod one;
mod overview;
mod printed;

use portal::Found;
use portal::model::Listing;

pub(crate) use money::Money;

use super::shown::Known;

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    lists::all(known)
}

pub(super) fn page(known: &Known, area: &str, rest: &str) -> Found {
    let page = match (area, rest) {
        ("spend", "") => {
            let made = known.money.page.get_or_init(|| overview::page(known));
            Some(made.clone())
        }
        ("spend", "members") => {
            let made = known.money.members.get_or_init(|| overview::members(known));
            made.clone()
        }
        ("budgets", name) => one::budget(known, name),
        ("credits", name) => one::credit(known, name),
        _ => None,
    };
    page.map_or(Found::Nothing, |page| Found::Page(Box::new(page)))
}
