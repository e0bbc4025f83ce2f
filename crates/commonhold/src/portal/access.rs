//! Who may do what.

mod grants;
mod lists;
mod mailing;
mod overview;
mod resolved;
mod secrets;
mod team;
mod things;
mod ways;

use portal::Found;
use portal::model::Listing;

pub(crate) use resolved::Resolved;
pub(super) use ways::person;

use super::shown::{Known, to};

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    vec![
        lists::teams(known),
        lists::mailing_groups(known),
        grants::listing(known),
    ]
}

pub(super) fn page(known: &Known, area: &str, rest: &str) -> Found {
    let page = match (area, rest.split_once('/')) {
        ("teams", _) => team::page(known, rest),
        ("mailing-groups", _) => mailing::page(known, rest),
        ("access", None) if rest.is_empty() => {
            let made = known.access.overview.get_or_init(|| overview::page(known));
            Some(made.clone())
        }
        ("access", Some(("people", name))) => ways::of_person(known, name),
        ("access", Some(("resources", key))) => ways::of_thing(known, key),
        _ => None,
    };
    page.map_or(Found::Nothing, |page| Found::Page(Box::new(page)))
}

/// The pages that no collection has: what each person may do, and who may do something with each thing that
/// everybody may know of.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let tables = &known.checked.estate.tables;
    let people = tables.people.items();
    let people = people.map(|person| to("access/people", &person.name));
    let things = things::open(&known.checked.estate);
    people.chain(things.iter().map(things::page_of)).collect()
}
