//! From each collection to the others of its part of the navigation, and from their overview to all.

use portal::model::{Cell, Link, Listing, Part, Section};

use super::parts::fact;

/// Puts links to the other collections of the same section above each collection.
pub(super) fn linked(mut listings: Vec<Listing>) -> Vec<Listing> {
    let all: Vec<(Section, &str, Link)> = listings
        .iter()
        .map(|listing| {
            let of = listing.of;
            let link = Link::new(of.title, format!("/{}", of.id));
            (of.section, of.id, link)
        })
        .collect();
    for listing in &mut listings {
        let of = listing.of;
        let others = all
            .iter()
            .filter(|(section, id, _)| *section == of.section && *id != of.id);
        let others: Vec<Link> = others.map(|(_, _, link)| link.clone()).collect();
        listing.above.extend(see(others));
    }
    listings
}

/// Links to collections, by their titles and ids.
pub(super) fn see_lists(lists: &[(&str, &str)]) -> Option<Part> {
    let links = lists
        .iter()
        .map(|(title, id)| Link::new(*title, format!("/{id}")));
    see(links.collect())
}

fn see(links: Vec<Link>) -> Option<Part> {
    if links.is_empty() {
        return None;
    }
    let links = Cell::links(links);
    Some(Part::Facts(vec![fact("see_also", "See also", links)]))
}
