//! The pages of a part of the navigation beside one another: its overview, and its collections.

use std::collections::BTreeMap;

use portal::model::{Cell, Link, Listing, Page, Part, Section};

use super::parts::fact;

/// Overviews that are no collections themselves: the section, its path, and what it is called among the others.
pub(super) const OVERVIEWS: [(Section, &str, &str); 5] = [
    (Section::Wiring, "/wiring", "Map"),
    (Section::Access, "/access", "Overview"),
    (Section::Spend, "/spend", "Overview"),
    (Section::Calendar, "/calendar", "Calendar"),
    (Section::Ledger, "/ledger", "Overview"),
];

/// What lies beside the pages of each section.
#[derive(Debug, Default)]
pub(super) struct Beside(BTreeMap<Section, Vec<Link>>);

impl Beside {
    /// What lies beside one another among collections, each of which is then told above it.
    pub(super) fn of(listings: &mut [Listing]) -> Self {
        let mut all = Self::default();
        for (section, path, title) in OVERVIEWS {
            all.0
                .entry(section)
                .or_default()
                .push(Link::new(title, path));
        }
        for listing in &*listings {
            let of = listing.of;
            let link = Link::new(of.title, format!("/{}", of.id));
            all.0.entry(of.section).or_default().push(link);
        }
        for listing in listings {
            let ways = all.ways(listing.of.section);
            listing.above.splice(..0, ways);
        }
        all
    }

    /// Puts the ways to the collections above the overview of a section.
    pub(super) fn add(&self, page: &mut Page) {
        if OVERVIEWS.iter().any(|(_, path, _)| *path == page.path) {
            page.parts.splice(..0, self.ways(page.section));
        }
    }

    fn ways(&self, section: Section) -> Option<Part> {
        let links = self.0.get(&section).filter(|links| links.len() > 1)?;
        Some(Part::Ways(links.clone()))
    }
}

/// Links to further collections, by their titles and ids.
pub(super) fn see_lists(lists: &[(&str, &str)]) -> Option<Part> {
    if lists.is_empty() {
        return None;
    }
    let links = lists
        .iter()
        .map(|(title, id)| Link::new(*title, format!("/{id}")));
    let links = Cell::links(links.collect());
    Some(Part::Facts(vec![fact("see_also", "See also", links)]))
}

#[cfg(test)]
mod tests {
    use portal::model::{Collection, Column, ColumnKind};

    use super::*;

    const COLUMNS: &[Column] = &[Column::new("name", "Name", ColumnKind::Text, "")];

    const fn collection(id: &'static str, section: Section) -> Collection {
        Collection {
            id,
            title: id,
            one: id,
            about: "",
            section,
            columns: COLUMNS,
            feed: None,
            has_pages: false,
            sort: "",
        }
    }

    static JOBS: Collection = collection("jobs", Section::Services);
    static SERVICES: Collection = collection("services", Section::Services);
    static GROUPS: Collection = collection("groups", Section::Groups);
    static BUDGETS: Collection = collection("budgets", Section::Spend);

    fn told(parts: &[Part]) -> Vec<&str> {
        match parts {
            [Part::Ways(links), ..] => {
                let paths = links.iter().filter_map(|link| link.to.as_deref());
                paths.collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn collections_of_a_section_and_its_overview_lead_to_one_another() {
        let all = [&SERVICES, &GROUPS, &JOBS, &BUDGETS];
        let mut listings: Vec<Listing> = all
            .map(|of| Listing::new(of, Vec::new()))
            .into_iter()
            .collect();
        listings[0].above.push(Part::Text("A note.".to_owned()));
        let beside = Beside::of(&mut listings);
        assert_eq!(told(&listings[0].above), ["/services", "/jobs"]);
        assert_eq!(listings[0].above.len(), 2);
        assert_eq!(told(&listings[2].above), ["/services", "/jobs"]);
        assert_eq!(told(&listings[1].above), [""; 0]);
        let mut page = Page::new(Section::Spend, "/spend", "Spend");
        beside.add(&mut page);
        assert_eq!(told(&page.parts), ["/spend", "/budgets"]);
        let mut below = Page::new(Section::Spend, "/budgets/a", "A");
        beside.add(&mut below);
        assert!(below.parts.is_empty());
    }
}
