//! Drawings to test with and to look at.

use crate::{Cluster, Diagram, Edge, Emphasis, Node, Shape};

/// A service: name, detail, shape.
type Sample = (&'static str, &'static str, Shape);

/// Owners and what they run.
const ESTATE: &[(&str, &[Sample])] = &[
    (
        "Infrastructure group",
        &[
            ("DNS zone", "public names", Shape::Service),
            ("Container registry", "images", Shape::Service),
            ("Production cluster", "3 nodes", Shape::Service),
            ("Staging cluster", "1 node", Shape::Service),
            ("Secret store", "sealed secrets", Shape::Service),
            ("Load balancer", "", Shape::Service),
            ("Certificate issuer", "ACME", Shape::Service),
        ],
    ),
    (
        "Build group",
        &[
            ("Source forge", "git hosting", Shape::External),
            ("CI controller", "schedules jobs", Shape::Service),
            ("CI runners", "12 machines", Shape::Service),
            ("Build cache", "", Shape::Service),
            ("Artifact bucket", "objects", Shape::Service),
            ("Merge bot", "", Shape::Service),
            ("Test dashboard", "", Shape::Service),
        ],
    ),
    (
        "Release group",
        &[
            ("Release pipeline", "", Shape::Service),
            ("Signing service", "hardware key", Shape::Service),
            ("Download site", "", Shape::Service),
            ("Mirror network", "14 mirrors", Shape::External),
            ("Package index", "", Shape::Service),
        ],
    ),
    (
        "Documentation group",
        &[
            ("Website", "static pages", Shape::Service),
            ("Documentation site", "versioned", Shape::Service),
            ("Translation platform", "hosted", Shape::External),
            ("Search index", "", Shape::Service),
            ("Blog", "", Shape::Service),
        ],
    ),
    (
        "Community group",
        &[
            ("Member portal", "", Shape::Service),
            ("Forum", "", Shape::Service),
            ("Mailing lists", "42 lists", Shape::Service),
            ("Chat bridge", "", Shape::Service),
            ("Event calendar", "", Shape::Service),
            ("Survey tool", "", Shape::Service),
            ("Video meetings", "hosted", Shape::External),
            ("Wiki", "", Shape::Service),
        ],
    ),
    (
        "Security group",
        &[
            ("Identity provider", "single sign-on", Shape::Service),
            ("Vulnerability scanner", "", Shape::Service),
            ("Advisory database", "", Shape::Service),
            ("Audit log", "", Shape::Service),
            ("Report inbox", "private", Shape::Service),
        ],
    ),
    (
        "Observability group",
        &[
            ("Metrics", "13 months", Shape::Service),
            ("Log store", "", Shape::Service),
            ("Alert manager", "", Shape::Service),
            ("Status page", "", Shape::Service),
            ("Uptime probe", "", Shape::Service),
            ("Dashboards", "", Shape::Service),
        ],
    ),
    (
        "Data and backup group",
        &[
            ("Main database", "PostgreSQL", Shape::Service),
            ("Replica database", "read only", Shape::Service),
            ("Backup vault", "off-site", Shape::Place),
            ("Object storage", "provider", Shape::External),
            ("Message queue", "", Shape::Service),
            ("Statistics warehouse", "", Shape::Service),
            ("Archive", "cold", Shape::Place),
        ],
    ),
];

/// Dependencies: a service, the verb, and what it needs.
const NEEDS: &[(&str, &str, &[&str])] = &[
    ("Source forge", "signs in with", &["Identity provider"]),
    ("CI controller", "reads", &["Source forge", "Secret store"]),
    ("CI controller", "runs on", &["Production cluster"]),
    ("CI controller", "starts", &["CI runners"]),
    ("CI runners", "reads", &["Build cache"]),
    (
        "CI runners",
        "writes",
        &["Artifact bucket", "Container registry", "Build cache"],
    ),
    ("Artifact bucket", "stored in", &["Object storage"]),
    ("Build cache", "stored in", &["Object storage"]),
    ("Container registry", "stored in", &["Object storage"]),
    ("Merge bot", "reads", &["Source forge"]),
    ("Merge bot", "runs on", &["Production cluster"]),
    (
        "Test dashboard",
        "reads",
        &["Artifact bucket", "CI controller"],
    ),
    ("Test dashboard", "runs on", &["Production cluster"]),
    ("Release pipeline", "starts", &["CI controller"]),
    ("Release pipeline", "reads", &["Artifact bucket"]),
    ("Release pipeline", "signs with", &["Signing service"]),
    (
        "Release pipeline",
        "writes",
        &["Package index", "Download site"],
    ),
    ("Signing service", "reads", &["Secret store"]),
    ("Signing service", "writes", &["Audit log"]),
    ("Mirror network", "reads", &["Download site"]),
    ("Download site", "stored in", &["Object storage"]),
    ("Package index", "reads", &["Main database"]),
    ("Package index", "runs on", &["Production cluster"]),
    ("Website", "runs on", &["Production cluster"]),
    ("Website", "reads", &["Container registry"]),
    ("Documentation site", "runs on", &["Production cluster"]),
    (
        "Documentation site",
        "reads",
        &["Translation platform", "Search index", "Source forge"],
    ),
    ("Blog", "reads", &["Website"]),
    ("Member portal", "signs in with", &["Identity provider"]),
    ("Member portal", "runs on", &["Production cluster"]),
    ("Member portal", "reads", &["Main database"]),
    ("Member portal", "writes", &["Message queue"]),
    ("Forum", "signs in with", &["Identity provider"]),
    ("Forum", "reads", &["Main database"]),
    ("Forum", "runs on", &["Production cluster"]),
    ("Mailing lists", "reads", &["Main database"]),
    ("Mailing lists", "runs on", &["Production cluster"]),
    ("Chat bridge", "writes", &["Message queue"]),
    ("Wiki", "signs in with", &["Identity provider"]),
    ("Wiki", "reads", &["Main database"]),
    ("Wiki", "runs on", &["Production cluster"]),
    (
        "Identity provider",
        "reads",
        &["Main database", "Secret store"],
    ),
    ("Identity provider", "writes", &["Audit log"]),
    (
        "Vulnerability scanner",
        "reads",
        &["Container registry", "Advisory database"],
    ),
    ("Metrics", "runs on", &["Production cluster"]),
    ("Alert manager", "reads", &["Metrics", "Log store"]),
    ("Alert manager", "writes", &["Status page", "Mailing lists"]),
    ("Dashboards", "reads", &["Metrics", "Log store"]),
    ("Dashboards", "signs in with", &["Identity provider"]),
    ("Uptime probe", "writes", &["Metrics"]),
    ("Log store", "stored in", &["Object storage"]),
    ("Replica database", "reads", &["Main database"]),
    (
        "Statistics warehouse",
        "reads",
        &["Replica database", "Message queue"],
    ),
    ("Main database", "backed up to", &["Backup vault"]),
    ("Forum", "backed up to", &["Backup vault"]),
    ("Wiki", "backed up to", &["Backup vault"]),
    ("Backup vault", "backed up to", &["Archive"]),
    ("Load balancer", "reads", &["Certificate issuer"]),
    (
        "Production cluster",
        "reads",
        &["Container registry", "Secret store"],
    ),
    ("Production cluster", "runs on", &["Load balancer"]),
    ("Staging cluster", "reads", &["Container registry"]),
    ("Certificate issuer", "writes", &["DNS zone"]),
];

/// Fifty services of eight groups; thirty of them need the DNS zone.
pub(crate) fn community() -> Diagram {
    let mut diagram = Diagram {
        title: "Services and what they depend on".to_owned(),
        ..Diagram::default()
    };
    for (cluster, (group, services)) in ESTATE.iter().enumerate() {
        diagram.clusters.push(Cluster {
            name: (*group).to_owned(),
        });
        for (name, detail, shape) in *services {
            diagram.nodes.push(Node {
                id: name.to_lowercase().replace(' ', "-"),
                label: (*name).to_owned(),
                detail: (*detail).to_owned(),
                cluster: Some(cluster),
                shape: *shape,
                emphasis: match *name {
                    "Survey tool" => Emphasis::Warning,
                    "Backup vault" => Emphasis::Error,
                    _ => Emphasis::None,
                },
                link: Some(format!("services/{}.html", name.replace(' ', "-"))),
            });
        }
    }
    let find = |name: &str| {
        let position = diagram.nodes.iter().position(|node| node.label == name);
        position.unwrap_or_else(|| panic!("no service {name}"))
    };
    let mut edges = Vec::new();
    for (from, verb, targets) in NEEDS {
        edges.extend(targets.iter().map(|to| Edge {
            from: find(from),
            to: find(to),
            label: (*verb).to_owned(),
            dashed: *verb == "backed up to",
        }));
    }
    let named = (1..diagram.nodes.len()).filter(|index| index % 5 != 3 && index % 7 != 4);
    edges.extend(named.take(30).map(|from| Edge {
        from,
        to: 0,
        label: "is named by".to_owned(),
        dashed: true,
    }));
    diagram.edges = edges;
    diagram
}

/// One line of dependencies.
pub(crate) fn chain(length: usize) -> Diagram {
    let mut diagram = scattered(length, 0, 0);
    diagram.title = "A chain".to_owned();
    diagram.edges = (1..length).map(|to| edge(to - 1, to, "needs")).collect();
    diagram
}

/// One circle of dependencies, with a loop.
pub(crate) fn cycle(length: usize) -> Diagram {
    let mut diagram = chain(length);
    diagram.title = "A cycle".to_owned();
    diagram.edges.push(edge(length - 1, 0, "needs"));
    diagram.edges.push(edge(0, 0, "watches"));
    diagram
}

/// Pseudo-random nodes and edges in so many clusters; without clusters when that is 0.
pub(crate) fn scattered(nodes: usize, edges: usize, clusters: usize) -> Diagram {
    let mut state = 12345_u64;
    let mut next = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound.max(1)
    };
    Diagram {
        title: format!("{nodes} nodes, {edges} edges"),
        clusters: (0..clusters)
            .map(|index| Cluster {
                name: format!("Owner {index}"),
            })
            .collect(),
        nodes: (0..nodes)
            .map(|index| Node {
                id: format!("service-{index}"),
                label: format!("Service {index}"),
                cluster: (clusters > 0).then(|| next(clusters)),
                ..Node::default()
            })
            .collect(),
        edges: (0..edges)
            .map(|_| {
                edge(
                    next(nodes),
                    next(nodes),
                    ["reads", "writes", "runs on"][next(3)],
                )
            })
            .collect(),
        broken: String::new(),
    }
}

fn edge(from: usize, to: usize, label: &str) -> Edge {
    Edge {
        from,
        to,
        label: label.to_owned(),
        dashed: false,
    }
}
