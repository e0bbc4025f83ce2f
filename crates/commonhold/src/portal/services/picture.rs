//! A few services and how they depend on each other, as a drawing that leads on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diagram::{Cluster, Diagram, Edge, Emphasis, Node, Shape};
use estate::kinds::{Holder, Service};
use estate::{Item, KindId};

use crate::portal::shown::{Known, to};

/// What is drawn.
pub(crate) struct Drawn<'a> {
    /// What the drawing is called.
    pub(crate) title: String,
    /// What tells it from all other drawings: the path of its page.
    pub(crate) page: String,
    /// The services in it.
    pub(crate) services: Vec<&'a Item<Service>>,
    /// The one that it is about.
    pub(crate) about: Option<&'a str>,
    /// Whether services stand in boxes of their owners.
    pub(crate) by_owner: bool,
}

/// The drawing of services, and of the dependencies between any two of them.
pub(crate) fn draw(known: &Known, drawn: &Drawn<'_>) -> String {
    let drawings = &known.index.drawings;
    drawings.get(&drawn.page, || diagram(known, drawn).drawing())
}

fn diagram(known: &Known, drawn: &Drawn<'_>) -> Diagram {
    let estate = &known.checked.estate;
    let owner_of = |service: &Item<Service>| -> String {
        let owner = service.value.owner.as_ref();
        let owner = owner.and_then(|owner| estate.find(owner));
        owner.map_or_else(|| "nobody".to_owned(), |owner| owner.name.clone())
    };
    let owners: BTreeSet<String> = if drawn.by_owner {
        drawn
            .services
            .iter()
            .map(|service| owner_of(service))
            .collect()
    } else {
        BTreeSet::new()
    };
    let owners: Vec<String> = owners.into_iter().collect();
    let places: HashMap<&str, usize> = drawn
        .services
        .iter()
        .enumerate()
        .map(|(at, service)| (service.name.as_str(), at))
        .collect();
    let nodes = drawn.services.iter().map(|service| Node {
        id: service.name.clone(),
        label: service.value.name.clone(),
        detail: if drawn.by_owner {
            service.value.criticality.word().to_owned()
        } else {
            owner_of(service)
        },
        cluster: owners.binary_search(&owner_of(service)).ok(),
        shape: shape(known, service),
        emphasis: emphasis(known, service),
        // What one is looking at leads nowhere.
        link: (drawn.about != Some(&service.name)).then(|| to("services", &service.name)),
    });
    let nodes = nodes.collect();
    let mut edges: BTreeMap<(usize, usize, &str), bool> = BTreeMap::new();
    for (from, service) in drawn.services.iter().enumerate() {
        for dependency in &service.value.depends_on {
            let found = estate.find(&dependency.service);
            if let Some(&to) = found.and_then(|found| places.get(found.name.as_str())) {
                let edge = (from, to, dependency.how.word());
                *edges.entry(edge).or_insert(true) &= dependency.optional;
            }
        }
    }
    let edges = edges.into_iter().map(|((from, to, label), dashed)| Edge {
        from,
        to,
        label: label.to_owned(),
        dashed,
    });
    Diagram {
        title: drawn.title.clone(),
        clusters: owners
            .iter()
            .map(|name| Cluster { name: name.clone() })
            .collect(),
        nodes,
        edges: edges.collect(),
        broken: "optional".to_owned(),
    }
}

fn emphasis(known: &Known, service: &Item<Service>) -> Emphasis {
    match known.index.wrong_with(KindId::Service, &service.name) {
        (0, 0) => Emphasis::None,
        (0, _) => Emphasis::Warning,
        _ => Emphasis::Error,
    }
}

/// What runs in an account that somebody else could close is drawn as external.
fn shape(known: &Known, service: &Item<Service>) -> Shape {
    let accounts = service.value.runs_at.iter();
    let mut accounts = accounts.filter_map(|place| known.checked.estate.find(&place.account));
    if accounts.any(|account| account.value.holder == Holder::Vendor) {
        Shape::External
    } else {
        Shape::Service
    }
}
