//! `commonhold graph`

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{Diagnostic, Severity};
use diagram::{Cluster, Diagram, Edge, Emphasis, Node, Shape};
use estate::kinds::{Holder, Service};
use estate::{Estate, Item};

use crate::cli::{GraphArguments, GraphOutput};
use crate::project::{self, Project, Unusable};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &GraphArguments) -> anyhow::Result<Outcome> {
    let checked = match project.check()? {
        Ok(checked) => checked,
        Err(Unusable { sources, findings }) => {
            let first = findings
                .first()
                .map(|f| format!("{}: {}", sources.locate(f.span), f.message));
            anyhow::bail!("the estate cannot be read: {}", first.unwrap_or_default());
        }
    };
    let estate = &checked.estate;
    let services = match (&arguments.owner, &arguments.around) {
        (Some(_), Some(_)) => {
            return Ok(Outcome::usage(
                "--owner and --around cannot be used together",
            ));
        }
        (Some(owner), None) => owned(estate, project::group(estate, owner)?.name),
        (None, Some(service)) => around(estate, service, arguments.depth)?,
        (None, None) => estate.tables.services.items().collect(),
    };
    let diagram = draw(estate, &services, &checked.findings);
    Ok(Outcome::data(match arguments.output {
        GraphOutput::Svg => diagram.svg(),
        GraphOutput::Dot => diagram.dot(),
        GraphOutput::Mermaid => diagram.mermaid(),
    }))
}

/// What a group owns, and the services those depend on or that depend on them.
fn owned<'e>(estate: &'e Estate, group: &str) -> Vec<&'e Item<Service>> {
    let owner = |service: &Item<Service>| {
        service
            .value
            .owner
            .as_ref()
            .and_then(|owner| estate.find(owner))
            .map(|owner| owner.name.clone())
    };
    let own: BTreeSet<&str> = estate
        .tables
        .services
        .items()
        .filter(|service| owner(service).as_deref() == Some(group))
        .map(|service| service.name.as_str())
        .collect();
    neighbours(estate, own, 1)
}

fn around<'e>(
    estate: &'e Estate,
    service: &str,
    depth: usize,
) -> anyhow::Result<Vec<&'e Item<Service>>> {
    let name = service.strip_prefix("service/").unwrap_or(service);
    let found = project::one_item(estate, &format!("service/{name}"))?;
    Ok(neighbours(estate, BTreeSet::from([found.name]), depth))
}

fn neighbours<'e>(
    estate: &'e Estate,
    mut names: BTreeSet<&'e str>,
    depth: usize,
) -> Vec<&'e Item<Service>> {
    let edges: Vec<(&str, &str)> = estate
        .tables
        .services
        .items()
        .flat_map(|service| {
            service
                .value
                .depends_on
                .iter()
                .map(move |dependency| (service, dependency))
        })
        .filter_map(|(service, dependency)| {
            Some((
                service.name.as_str(),
                estate.find(&dependency.service)?.name.as_str(),
            ))
        })
        .collect();
    for _ in 0..depth {
        let before = names.len();
        let touching = edges
            .iter()
            .filter(|(from, to)| names.contains(from) || names.contains(to));
        let further: Vec<&str> = touching.flat_map(|(from, to)| [*from, *to]).collect();
        names.extend(further);
        if names.len() == before {
            break;
        }
    }
    estate
        .tables
        .services
        .items()
        .filter(|service| names.contains(service.name.as_str()))
        .collect()
}

fn draw(estate: &Estate, services: &[&Item<Service>], findings: &[Diagnostic]) -> Diagram {
    let worst = worst_by_subject(findings);
    let owner_of = |service: &Item<Service>| {
        let owner = service
            .value
            .owner
            .as_ref()
            .and_then(|owner| estate.find(owner));
        owner.map_or("nobody".to_owned(), |owner| owner.name.clone())
    };
    let owners: BTreeSet<String> = services.iter().map(|service| owner_of(service)).collect();
    let owners: Vec<String> = owners.into_iter().collect();
    let place: HashMap<&str, usize> = services
        .iter()
        .enumerate()
        .map(|(at, service)| (service.name.as_str(), at))
        .collect();
    let nodes = services
        .iter()
        .map(|service| Node {
            id: service.name.clone(),
            label: service.value.name.clone(),
            detail: service
                .value
                .runs_at
                .first()
                .map_or(String::new(), |place| place.account.name.clone()),
            cluster: owners.binary_search(&owner_of(service)).ok(),
            shape: if held_by_vendor(estate, service) {
                Shape::External
            } else {
                Shape::Service
            },
            emphasis: match worst.get(service.subject().as_str()) {
                Some(Severity::Error) => Emphasis::Error,
                Some(Severity::Warning) => Emphasis::Warning,
                _ => Emphasis::None,
            },
            link: None,
        })
        .collect();
    let edges = services
        .iter()
        .enumerate()
        .flat_map(|(from, service)| {
            service
                .value
                .depends_on
                .iter()
                .map(move |dependency| (from, dependency))
        })
        .filter_map(|(from, dependency)| {
            let to = *place.get(estate.find(&dependency.service)?.name.as_str())?;
            Some(Edge {
                from,
                to,
                label: dependency.how.word().to_owned(),
                dashed: dependency.optional,
            })
        })
        .collect();
    let clusters = owners
        .iter()
        .map(|owner| Cluster {
            name: owner.clone(),
        })
        .collect();
    Diagram {
        title: format!("Services of {}", estate.manifest.name),
        clusters,
        nodes,
        edges,
        broken: "optional".to_owned(),
    }
}

/// Whether it runs in an account that somebody else could close.
fn held_by_vendor(estate: &Estate, service: &Item<Service>) -> bool {
    let mut accounts = service
        .value
        .runs_at
        .iter()
        .filter_map(|place| estate.find(&place.account));
    accounts.any(|account| account.value.holder == Holder::Vendor)
}

fn worst_by_subject(findings: &[Diagnostic]) -> BTreeMap<&str, Severity> {
    let mut worst: BTreeMap<&str, Severity> = BTreeMap::new();
    let of_rules = findings.iter().filter(|finding| {
        // An exception that ran out is the charter's fault, not the service's.
        charter::RULES
            .iter()
            .any(|rule| std::ptr::eq(&raw const rule.code, finding.code))
    });
    for finding in of_rules {
        if let Some(subject) = &finding.subject {
            let known = worst.entry(subject).or_insert(finding.severity);
            *known = (*known).max(finding.severity);
        }
    }
    worst
}
