//! What stands behind a change in the dependency graph.

use std::collections::{BTreeMap, BTreeSet};

use estate::{Estate, Impact, KindId, NodeId, Relation};
use serde::{Deserialize, Serialize};
use yaml::choice;

use super::RiskSettings;

choice! {
    /// How far a change reaches.
    pub enum Extent {
        /// No more things are behind it than the charter calls few.
        Few = "few",
        /// More than few, or nobody can tell how many.
        Many = "many",
        /// Every group that owns a service.
        All = "all",
    }
}

/// What stands behind a change: all that would feel the loss of what it
/// touches, directly or by way of others.
///
/// What is touched is not behind itself, but is counted where something else
/// that is touched leads to it: so touching more never reaches less. Counts are
/// of distinct things, each kind for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// How far that is.
    pub extent: Extent,
    /// The groups that answer for what is behind it, by name; all of them, for they may have to be told.
    pub groups: Vec<Behind>,
    /// The services behind it.
    pub services: Sample,
    /// The repositories behind it: those that services come from and teams have rights on.
    pub repositories: Sample,
    /// Items of other kinds behind it, as `kind/name`: teams, mailing groups, accounts.
    pub others: Sample,
    /// The names inside the real system that hang on it, as its domain says.
    pub dependents: Sample,
    /// What kept the rest from being known, each a short sentence; then it counts as many.
    pub unknown: Vec<String>,
}

/// One thing behind a change, and the way from it to what is touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Behind {
    /// Its name.
    pub name: String,
    /// The names on the way, from its own item to the one touched, of a long way the first and the last; empty for a name in the real system.
    pub way: Vec<String>,
}

/// How many there are, and the nearest of them by name.
///
/// A service may have thousands behind it, and a plan thousands of changes: the
/// plan file holds no more names than a person reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many there are.
    pub count: usize,
    /// The nearest, at most [`Sample::MOST`].
    pub nearest: Vec<Behind>,
}

impl Sample {
    /// The most that are named.
    pub const MOST: usize = 20;

    /// Of names in the real system, to which no way leads.
    fn of_names(names: &[String]) -> Self {
        let distinct: BTreeSet<&String> = names.iter().collect();
        let count = distinct.len();
        let first = distinct.into_iter().take(Self::MOST);
        let nearest = first.map(|name| Behind {
            name: name.clone(),
            way: Vec::new(),
        });
        Self {
            count,
            nearest: nearest.collect(),
        }
    }
}

impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.way.is_empty() {
            return f.write_str(&self.name);
        }
        f.write_str(&self.way.join(" → "))
    }
}

impl Reach {
    /// The fewest groups that can be all: in a community of three, reaching all is nothing special.
    pub const FEWEST_FOR_ALL: usize = 4;

    /// What stands behind these items of an estate.
    pub fn of(touches: &[(KindId, String)], estate: &Estate, settings: &RiskSettings) -> Self {
        let mut closure = Closure::new(estate);
        for (kind, name) in touches {
            closure.add(*kind, name);
        }
        closure.reach(settings)
    }

    /// How many distinct things are behind the change.
    pub fn count(&self) -> usize {
        let samples = [
            &self.services,
            &self.repositories,
            &self.others,
            &self.dependents,
        ];
        samples
            .iter()
            .map(|sample| sample.count)
            .fold(self.groups.len(), usize::saturating_add)
    }

    /// With the names inside the real system that hang on the change.
    pub fn with_dependents(mut self, names: &[String], settings: &RiskSettings) -> Self {
        self.dependents = Sample::of_names(names);
        if self.count() > settings.few {
            self.extent = self.extent.max(Extent::Many);
        }
        self
    }
}

/// Where something behind a change was found: so many steps from one of the items
/// touched. Ways are told for few, so they are walked for few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    steps: usize,
    node: NodeId,
    /// The place among the items touched.
    touched: usize,
}

/// The union of what stands behind several items.
struct Closure<'e> {
    estate: &'e Estate,
    touched: Vec<(NodeId, Impact<'e>)>,
    services: BTreeMap<&'e str, Place>,
    others: BTreeMap<String, Place>,
    groups: BTreeMap<String, Place>,
    repositories: BTreeMap<&'e str, Place>,
    /// The groups that answer for what is touched.
    answering: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

impl<'e> Closure<'e> {
    fn new(estate: &'e Estate) -> Self {
        let tables = &estate.tables;
        let incomplete = [
            ("services", tables.services.is_incomplete()),
            ("groups", tables.groups.is_incomplete()),
            ("teams", tables.teams.is_incomplete()),
            ("mailing groups", tables.mailing_groups.is_incomplete()),
        ];
        let unread = incomplete.into_iter().filter(|(_, incomplete)| *incomplete);
        Self {
            estate,
            touched: Vec::new(),
            services: BTreeMap::new(),
            others: BTreeMap::new(),
            groups: BTreeMap::new(),
            repositories: BTreeMap::new(),
            answering: BTreeSet::new(),
            unknown: unread
                .map(|(kind, _)| format!("a file that declares {kind} could not be read"))
                .collect(),
        }
    }

    fn add(&mut self, kind: KindId, name: &str) {
        let Some(node) = self.estate.node(kind, name) else {
            let unknown = format!("the estate does not know {}/{name}", kind.name());
            self.unknown.insert(unknown);
            return;
        };
        self.answering.extend(self.estate.answering(node));
        let touched = self.touched.len();
        let impact = self.estate.impact(node);
        self.add_rights(Place {
            steps: 0,
            node,
            touched,
        });
        for affected in &impact.affected {
            self.add_affected(Place {
                steps: affected.steps,
                node: affected.node,
                touched,
            });
        }
        self.touched.push((node, impact));
    }

    fn add_affected(&mut self, place: Place) {
        let (kind, name) = self.estate.graph.item(place.node);
        match kind {
            KindId::Service => keep(&mut self.services, name, place),
            KindId::Group => {}
            _ => keep(&mut self.others, format!("{}/{name}", kind.name()), place),
        }
        for group in self.estate.answering(place.node) {
            keep(&mut self.groups, group, place);
        }
        if let (KindId::Service, Some(service)) = (kind, self.estate.tables.services.get(name)) {
            for source in &service.value.source {
                keep(&mut self.repositories, &source.repository.value, place);
            }
        }
        self.add_rights(place);
    }

    /// Who changes a team changes who may do what to its repositories.
    fn add_rights(&mut self, place: Place) {
        let (kind, name) = self.estate.graph.item(place.node);
        if let (KindId::Team, Some(team)) = (kind, self.estate.tables.teams.get(name)) {
            for grant in &team.value.grants {
                keep(&mut self.repositories, &grant.repository.value, place);
            }
        }
    }

    fn reach(&self, settings: &RiskSettings) -> Reach {
        let mut reach = Reach {
            extent: Extent::Few,
            groups: self.behind(&self.groups, usize::MAX),
            services: self.sample(&self.services),
            repositories: self.sample(&self.repositories),
            others: self.sample(&self.others),
            dependents: Sample::default(),
            unknown: self.unknown.iter().cloned().collect(),
        };
        reach.groups.sort_by(|a, b| a.name.cmp(&b.name));
        let owners = owners_of_services(self.estate);
        let reached = |owner: &&str| {
            self.answering.contains(*owner)
                || reach
                    .groups
                    .binary_search_by(|group| group.name.as_str().cmp(owner))
                    .is_ok()
        };
        let all = !reach.groups.is_empty()
            && owners.len() >= Reach::FEWEST_FOR_ALL
            && owners.iter().all(reached);
        if all {
            reach.extent = Extent::All;
        } else if reach.count() > settings.few || !reach.unknown.is_empty() {
            reach.extent = Extent::Many;
        }
        reach
    }

    fn sample<K: AsRef<str>>(&self, found: &BTreeMap<K, Place>) -> Sample {
        Sample {
            count: found.len(),
            nearest: self.behind(found, Sample::MOST),
        }
    }

    /// The nearest with their ways; of those equally near, the first by name.
    fn behind<K: AsRef<str>>(&self, found: &BTreeMap<K, Place>, most: usize) -> Vec<Behind> {
        let mut nearest: Vec<(usize, &str, Place)> = found
            .iter()
            .map(|(name, place)| (place.steps, name.as_ref(), *place))
            .collect();
        nearest.sort_unstable();
        nearest.truncate(most);
        let behind = nearest.into_iter().map(|(_, name, place)| Behind {
            name: name.to_owned(),
            way: self.way(place),
        });
        behind.collect()
    }

    /// The most names of a way before what lies between is left out: a chain of
    /// thousands of services must not make a plan file of millions of names.
    const LONGEST_WAY: usize = 8;

    fn way(&self, place: Place) -> Vec<String> {
        let name = |node: NodeId| self.estate.graph.item(node).1.to_owned();
        let mut names = vec![name(place.node)];
        if let Some((touched, impact)) = self.touched.get(place.touched) {
            let mut steps = impact.way(place.node).map(|link| link.to);
            names.extend(steps.by_ref().take(Self::LONGEST_WAY - 1).map(name));
            if steps.next().is_some() {
                names.extend(["...".to_owned(), name(*touched)]);
            }
        }
        names
    }
}

/// Keeps the shortest way to each; of those equally short, the first in the estate.
fn keep<K: Ord>(into: &mut BTreeMap<K, Place>, name: K, place: Place) {
    into.entry(name)
        .and_modify(|known| *known = place.min(*known))
        .or_insert(place);
}

/// The groups that own a service.
fn owners_of_services(estate: &Estate) -> BTreeSet<&str> {
    let owned = estate.graph.links().iter().filter(|link| {
        link.relation == Relation::OwnedBy && estate.graph.item(link.from).0 == KindId::Service
    });
    owned.map(|link| estate.graph.item(link.to).1).collect()
}
