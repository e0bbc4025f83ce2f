//! What there is to look at, and looking at it.

use std::collections::{BTreeMap, BTreeSet};

use access::{Key, Sort};
use anyhow::bail;
use audit::aws::{self, Part};
use audit::{Against, Export, Failed, Field, Seen, Thing, fields};
use change::{Action, Change, Difference, Domain, Domains, Scope, Stopped};
use estate::Estate;
use serde_json::{Value, json};

use super::evidence::Evidence;
use crate::governed::Place;

/// Why a system could not be seen.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) why: &'static str,
    pub(super) what: String,
    pub(super) help: String,
}

impl From<Failed> for Refusal {
    fn from(failed: Failed) -> Self {
        Self {
            why: failed.why.word(),
            help: failed.why.help().to_owned(),
            what: failed.what,
        }
    }
}

impl From<Stopped> for Refusal {
    fn from(stopped: Stopped) -> Self {
        Self {
            why: "stopped",
            what: stopped.what,
            help: stopped.help,
        }
    }
}

/// A system of the estate.
pub(super) enum Source<'e> {
    /// A scope of a domain.
    Scope(Scope),
    /// A service of an account.
    Account(Part<'e>),
}

/// What the audit calls a scope.
pub(super) fn system_of(scope: &Scope) -> String {
    format!("{}/{}/{}", scope.domain, scope.at, scope.name)
}

/// All systems that there are to look at, by their names.
pub(super) fn sources<'e>(estate: &'e Estate, domains: &Domains<'_>) -> Vec<Source<'e>> {
    let scopes = domains.scopes().into_iter().map(Source::Scope);
    let accounts = aws::parts(estate).into_iter().map(Source::Account);
    let mut sources: Vec<Source<'e>> = scopes.chain(accounts).collect();
    sources.sort_by_cached_key(Source::system);
    sources
}

/// Those whose names begin as one of these does; all where none is said.
pub(super) fn chosen<'s, 'e>(
    sources: &'s [Source<'e>],
    names: &[String],
) -> anyhow::Result<Vec<&'s Source<'e>>> {
    let begins = |system: &str, name: &str| {
        let rest = system.strip_prefix(name.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let known: Vec<String> = sources.iter().map(Source::system).collect();
    for name in names {
        if !known.iter().any(|system| begins(system, name)) {
            let near = base::nearest(name, known.iter().map(String::as_str));
            let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            bail!("there is no system `{name}` to look at{help}");
        }
    }
    let wanted = |system: &str| names.is_empty() || names.iter().any(|name| begins(system, name));
    let both = sources.iter().zip(&known);
    Ok(both
        .filter(|(_, system)| wanted(system))
        .map(|(source, _)| source)
        .collect())
}

impl Source<'_> {
    pub(super) fn system(&self) -> String {
        match self {
            Self::Scope(scope) => system_of(scope),
            Self::Account(part) => part.system(),
        }
    }

    /// Sees all of it.
    pub(super) fn see(
        &self,
        estate: &Estate,
        domains: &Domains<'_>,
        place: &Place<'_>,
        evidence: &Evidence,
    ) -> Result<Seen, Refusal> {
        match self {
            Self::Scope(scope) => Ok(of_scope(domains, scope, evidence)?),
            Self::Account(part) => {
                let outside = aws::Outside {
                    secrets: &place.surroundings.environment,
                    clock: place.surroundings.clock,
                    wait: std::thread::sleep,
                    patience: aws::Patience::default(),
                };
                Ok(part.collect(estate, outside)?)
            }
        }
    }
}

fn of_scope(domains: &Domains<'_>, scope: &Scope, evidence: &Evidence) -> Result<Seen, Stopped> {
    let desired = domains.desired(scope)?;
    let observation = domains.observe(scope)?;
    let current = &observation.state;
    // What was declared is what is declared: whatever differs was done by others.
    let difference = domains.diff(scope, current, &desired, Some(&desired));
    let owners = |name: &str| domains.owners(scope, name, &desired, None);
    let undeclared: BTreeSet<&str> = undeclared(&difference).collect();
    let mut there = BTreeMap::new();
    let mut things = BTreeMap::new();
    let mut strangers: BTreeMap<String, usize> = BTreeMap::new();
    for name in domains.resources(current) {
        let is_declared = domains.resource(&desired, &name).is_some();
        match list_of(&name).filter(|_| !is_declared) {
            // Who may join by themselves comes and goes, and is on nobody's account.
            Some(list) if undeclared.contains(name.as_str()) => {
                *strangers.entry(list).or_default() += 1;
                continue;
            }
            Some(_) => continue,
            None if !is_declared && is_passing(&name) && !undeclared.contains(name.as_str()) => {
                continue;
            }
            None => {}
        }
        let against = if is_declared {
            Against::Declared
        } else {
            Against::Beside
        };
        things.insert(name.clone(), Thing::new(against, owners(&name)));
        there.extend(domains.resource(current, &name).map(|value| (name, value)));
    }
    for (list, count) in strangers {
        let name = format!("{list} > others");
        let why = "the estate does not say who they are, and an audit shows no addresses that it does not";
        let thing = Thing::new(Against::Unmanaged(why.to_owned()), owners(&list));
        things.insert(name.clone(), thing);
        there.insert(name, json!({ "count": count }));
    }
    differ(&difference, scope, evidence, &mut things);
    for kept in difference.kept {
        if list_of(&kept.resource).is_some() {
            continue;
        }
        // What the domain has no form for is there all the same.
        there
            .entry(kept.resource.clone())
            .or_insert_with(|| json!({ "is": kept.why.as_str() }));
        let owners = owners(&kept.resource);
        things.insert(
            kept.resource,
            Thing::new(Against::Unmanaged(kept.why), owners),
        );
    }
    Ok(Seen {
        export: Export::new(system_of(scope), there),
        things,
    })
}

/// Whether programs put something there and take it away again, all the time.
fn is_passing(name: &str) -> bool {
    dns::parse_resource(name).is_some_and(|key| dns::is_challenge(&key))
}

/// What is there and not declared, by what the domain says.
fn undeclared(difference: &Difference) -> impl Iterator<Item = &str> {
    let goes = difference.changes.iter();
    let goes = goes.filter(|change| change.action == Action::Delete);
    let stays = difference.kept.iter().map(|kept| kept.resource.as_str());
    goes.map(|change| change.resource.as_str()).chain(stays)
}

/// The list that an address is in, if the thing is one: who is on a list is nobody's business
/// unless the estate says it itself.
fn list_of(name: &str) -> Option<String> {
    let key = Key::parse(name).filter(|key| key.sort == Sort::MailingMember)?;
    Some(key.container()?.to_string())
}

/// How the things of a difference stand to what is declared.
fn differ(
    difference: &Difference,
    scope: &Scope,
    evidence: &Evidence,
    things: &mut BTreeMap<String, Thing>,
) {
    for change in &difference.changes {
        let against = match change.action {
            Action::Create => Against::Missing,
            Action::Update => Against::Changed(otherwise(change)),
            Action::Delete if list_of(&change.resource).is_some() => continue,
            Action::Delete => Against::Unmanaged("it would be removed".to_owned()),
        };
        let mut thing = Thing::new(against, change.owners.clone());
        thing.planned_by = evidence.plans(change, scope);
        things.insert(change.resource.clone(), thing);
    }
}

/// What is declared of a resource, and what is there.
fn otherwise(change: &Change) -> Vec<Field> {
    let value = |value: &Option<Value>| audit::normal(value.clone().unwrap_or_default());
    fields(&value(&change.after), &value(&change.before))
}
