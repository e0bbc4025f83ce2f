//! A plan of waves as a drawing: a box a wave, and an arrow for each reference between its parts.

use std::collections::BTreeMap;

use diagram::{Cluster, Diagram, Edge, Emphasis, Node, Shape};
use migration::path::{Course, Unit};

/// What moves in which wave, and what refers to what. A reference that needs a bridge for a time is
/// dashed.
pub(crate) fn of(course: &Course) -> Diagram {
    let waves = course.waves.iter().map(|wave| Cluster {
        name: format!("Wave {}: {} to {}", wave.number, wave.first, wave.last),
    });
    let stays = Cluster {
        name: "Stays".to_owned(),
    };
    let nodes = course.parts.iter().map(|part| Node {
        id: part.id.clone(),
        label: part.id.clone(),
        detail: detail(part),
        cluster: Some(part.wave.map_or(course.waves.len(), |wave| wave - 1)),
        shape: if part.lock {
            Shape::External
        } else {
            Shape::Service
        },
        emphasis: if part.owner.is_none() {
            Emphasis::Warning
        } else {
            Emphasis::None
        },
        link: None,
    });
    Diagram {
        title: course.title.clone(),
        clusters: waves.chain([stays]).collect(),
        nodes: nodes.collect(),
        edges: edges(course),
        broken: "needs a bridge".to_owned(),
    }
}

fn detail(part: &Unit) -> String {
    let owner = part.owner.as_deref().unwrap_or("nobody");
    match part.things.len() {
        0 | 1 => owner.to_owned(),
        several => format!("{owner}, {several}"),
    }
}

fn edges(course: &Course) -> Vec<Edge> {
    let places = course.parts.iter().enumerate();
    let places: BTreeMap<&str, usize> = places
        .map(|(place, part)| (part.id.as_str(), place))
        .collect();
    let bridges = course.bridges.iter().filter_map(|bridge| {
        let from = *places.get(bridge.one.as_str())?;
        let to = *places.get(bridge.other.as_str())?;
        let link = bridge.link.as_ref();
        Some(Edge {
            from,
            to,
            label: link.map_or_else(|| "shares with".to_owned(), |link| link.how.clone()),
            dashed: course.parts[from].wave != course.parts[to].wave,
        })
    });
    let locks = course.parts.iter().filter(|part| part.lock);
    let waits = locks.flat_map(|lock| {
        let orders = course.orders.iter().filter(|order| order.first == lock.id);
        orders.filter_map(|order| {
            Some(Edge {
                from: *places.get(order.then.as_str())?,
                to: *places.get(lock.id.as_str())?,
                label: "waits for".to_owned(),
                dashed: false,
            })
        })
    });
    bridges.chain(waits).collect()
}
