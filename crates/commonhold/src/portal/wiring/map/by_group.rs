//! The map where there are too many services for one drawing: their groups alone.

use std::collections::BTreeMap;

use diagram::{Diagram, Edge, Emphasis, Node, Shape};
use estate::kinds::Service;
use estate::{Item, KindId};
use portal::model::{Cell, Column, ColumnKind, Picture, Table};

use super::NOBODY;
use crate::portal::items;
use crate::portal::shown::{Known, to};

/// As many groups.
const GROUPS: usize = 40;

/// How many services of one owner depend on services of another.
fn between(
    known: &Known,
    owners: &BTreeMap<String, Vec<&Item<Service>>>,
) -> BTreeMap<(String, String), usize> {
    let estate = &known.checked.estate;
    let mut between: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (owner, services) in owners {
        for one in services
            .iter()
            .flat_map(|service| &service.value.depends_on)
        {
            let Some(other) = estate.find(&one.service) else {
                continue;
            };
            let of = other
                .value
                .owner
                .as_ref()
                .and_then(|owner| estate.find(owner));
            let of = of.map_or(NOBODY, |of| of.name.as_str());
            if of != owner {
                *between.entry((owner.clone(), of.to_owned())).or_default() += 1;
            }
        }
    }
    between
}

const BETWEEN: &[Column] = &[
    Column::new(
        "from",
        "From",
        ColumnKind::Text,
        "The group whose services depend.",
    ),
    Column::new(
        "to",
        "To",
        ColumnKind::Text,
        "The group on whose services they depend.",
    ),
    Column::new(
        "count",
        "Dependencies",
        ColumnKind::Number,
        "How many dependencies there are.",
    ),
];

/// The groups alone, those with the most dependencies.
pub(super) fn by_group(known: &Known, owners: &BTreeMap<String, Vec<&Item<Service>>>) -> Picture {
    let between = between(known, owners);
    let weight = |name: &str| -> usize {
        let touching = between
            .iter()
            .filter(|((from, to), _)| from == name || to == name);
        touching.map(|(_, count)| count).sum()
    };
    let mut names: Vec<&str> = owners.keys().map(String::as_str).collect();
    names.sort_by_key(|name| (std::cmp::Reverse(weight(name)), *name));
    let left = names.len().saturating_sub(GROUPS);
    names.truncate(GROUPS);
    names.sort_unstable();
    let place = |name: &str| names.binary_search(&name).ok();
    // The least that is drawn is such that the arrows can still be followed.
    let mut counts: Vec<usize> = between.values().copied().collect();
    counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
    let least = counts.get(3 * GROUPS).map_or(1, |count| count + 1);
    let drawn = between.iter().filter(|(_, count)| **count >= least);
    let svg = known.index.drawings.get("all", || {
        let edges = drawn.filter_map(|((from, to), _)| {
            Some(Edge {
                from: place(from)?,
                to: place(to)?,
                label: "depends on".to_owned(),
                dashed: false,
            })
        });
        let edges: Vec<Edge> = edges.collect();
        let nodes = names.iter().map(|name| {
            let own = &owners[*name];
            Node {
                id: (*name).to_owned(),
                label: (*name).to_owned(),
                detail: items::counted(own.len(), "service"),
                cluster: None,
                shape: Shape::Group,
                emphasis: worst(known, own),
                link: Some(to("wiring/groups", name)),
            }
        });
        let title = format!(
            "Groups of {} and their services",
            known.checked.estate.manifest.name
        );
        Diagram {
            title,
            clusters: Vec::new(),
            nodes: nodes.collect(),
            edges,
            ..Diagram::default()
        }
        .drawing()
    });
    Picture {
        svg,
        caption: caption(owners, left, least),
        figures: figures(known, &between),
    }
}

/// What is drawn, and what is not.
fn caption(owners: &BTreeMap<String, Vec<&Item<Service>>>, left: usize, least: usize) -> String {
    let services: usize = owners.values().map(Vec::len).sum();
    let mut caption = format!(
        "{services} services are too many for one drawing: these are their groups. An arrow leads from a group to one on whose services its own depend."
    );
    if left > 0 {
        caption += &format!(" {left} groups with fewer dependencies are only in the table.");
    }
    if least > 1 {
        caption += &format!(
            " Arrows that stand for fewer than {least} dependencies are only in the table."
        );
    }
    caption
}

fn figures(known: &Known, between: &BTreeMap<(String, String), usize>) -> Table {
    let link = |name: &str| Cell::link(name, to("wiring/groups", name));
    let rows = between.iter().map(|((from, to), count)| {
        items::row(known, None, vec![link(from), link(to), Cell::count(*count)])
    });
    let caption = "Dependencies between groups";
    items::table("between", caption, BETWEEN, rows.collect(), "")
}

fn worst(known: &Known, services: &[&Item<Service>]) -> Emphasis {
    let counts = services
        .iter()
        .map(|one| known.index.wrong_with(KindId::Service, &one.name));
    counts.fold(Emphasis::None, |worst, counts| match counts {
        (0, 0) => worst,
        (0, _) if worst == Emphasis::None => Emphasis::Warning,
        (0, _) => worst,
        _ => Emphasis::Error,
    })
}

const BY_GROUP: &[Column] = &[
    Column::new("group", "Group", ColumnKind::Text, "The group; its map."),
    Column::new(
        "services",
        "Services",
        ColumnKind::Number,
        "How many services it owns.",
    ),
    Column::new(
        "needs",
        "Depends on others",
        ColumnKind::Number,
        "How many dependencies lead to services of other groups.",
    ),
    Column::new(
        "needed",
        "Others depend on it",
        ColumnKind::Number,
        "How many dependencies lead from services of other groups to its own.",
    ),
];

pub(super) fn groups(known: &Known, owners: &BTreeMap<String, Vec<&Item<Service>>>) -> Table {
    let between = between(known, owners);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((from, to), count) in &between {
        counts.entry(from).or_default().0 += count;
        counts.entry(to).or_default().1 += count;
    }
    let rows = owners.iter().map(|(name, services)| {
        let (needs, needed) = counts.get(name.as_str()).copied().unwrap_or_default();
        let cells = vec![
            Cell::link(name.clone(), to("wiring/groups", name)),
            Cell::count(services.len()),
            Cell::count(needs),
            Cell::count(needed),
        ];
        items::row(known, None, cells)
    });
    items::table(
        "groups",
        "Groups that own services",
        BY_GROUP,
        rows.collect(),
        "",
    )
}
