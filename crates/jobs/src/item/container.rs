//! Containers of a job, with what its presets add.

use std::sync::Arc;

use predicate::{Elements, Item, Map, Value};

use super::volume::Mounts;
use crate::Quantity;
use crate::preset::Preset;
use crate::workload::{Container, EnvVar};

/// The presets that a job is given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'c> {
    pub(super) all: &'c [Arc<Preset>],
    pub(super) at: &'c [usize],
}

impl<'c> Given<'c> {
    pub(super) fn iter(self) -> impl Iterator<Item = &'c Preset> {
        self.at
            .iter()
            .filter_map(move |at| Some(self.all.get(*at)?.as_ref()))
    }
}

/// Some containers of a job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Containers<'c> {
    pub(super) own: &'c [Container],
    /// Presets add to what runs, not to what runs before it.
    pub(super) given: Given<'c>,
}

impl<'c> Containers<'c> {
    fn item(&self, container: &'c Container) -> ContainerItem<'c> {
        ContainerItem {
            container,
            env: Variables {
                own: &container.env,
                given: self.given,
            },
            mounts: Mounts {
                own: &container.volume_mounts,
                given: self.given,
            },
            requests: Amounts(&container.resources.requests),
            limits: Amounts(&container.resources.limits),
        }
    }
}

impl Elements for Containers<'_> {
    fn count(&self) -> usize {
        self.own.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.own
            .iter()
            .position(|container| wanted(Value::Item(&self.item(container))))
    }
}

struct ContainerItem<'c> {
    container: &'c Container,
    env: Variables<'c>,
    mounts: Mounts<'c>,
    requests: Amounts<'c>,
    limits: Amounts<'c>,
}

impl Item for ContainerItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let container = self.container;
        let rights = container.security_context.as_ref();
        match field {
            "name" => text(container.name.as_ref()),
            "image" => text(container.image.as_ref()),
            "command" => texts(&container.command),
            "args" => texts(&container.args),
            "pull_policy" => text(container.image_pull_policy.as_ref()),
            "cpu_request" => self.requests.get("cpu"),
            "cpu_limit" => self.limits.get("cpu"),
            "memory_request" => self.requests.get("memory"),
            "memory_limit" => self.limits.get("memory"),
            "requests" => Value::Map(&self.requests),
            "limits" => Value::Map(&self.limits),
            "privileged" => rights
                .and_then(|rights| rights.privileged)
                .is_some_and(|yes| yes.value)
                .into(),
            "escalation" => rights
                .and_then(|rights| rights.escalation)
                .map(|yes| yes.value)
                .into(),
            "capabilities" => match rights.and_then(|rights| rights.capabilities.as_ref()) {
                Some(capabilities) => texts(&capabilities.add),
                None => texts(&[]),
            },
            "env" => Value::Map(&self.env),
            "secrets" => {
                let all = container
                    .env_from
                    .iter()
                    .filter_map(|from| from.secret_ref.as_ref()?.name.as_ref());
                let single = self.env.all().filter_map(EnvVar::secret);
                single
                    .chain(all)
                    .map(|name| Value::from(&name.value))
                    .collect()
            }
            "mounts" => Value::list(&self.mounts),
            "working_dir" => container.working_dir.as_ref().into(),
            "restart_policy" => text(container.restart_policy.as_ref()),
            _ => Value::Missing,
        }
    }
}

/// Variables of a container, or of a preset that has none of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variables<'c> {
    pub(super) own: &'c [EnvVar],
    pub(super) given: Given<'c>,
}

impl<'c> Variables<'c> {
    /// Its own, then what presets add; what clashes is left out.
    pub(super) fn all(&self) -> impl Iterator<Item = &'c EnvVar> {
        let (own, given) = (self.own, self.given);
        let added = given.iter().enumerate().flat_map(move |(nth, preset)| {
            let earlier = move |name: &str| {
                let before = given.iter().take(nth).flat_map(|preset| &preset.env);
                own.iter()
                    .chain(before)
                    .any(|other| other.name.value == name)
            };
            preset
                .env
                .iter()
                .filter(move |variable| !earlier(&variable.name.value))
        });
        own.iter().chain(added)
    }
}

fn variable(variable: &EnvVar) -> Value<'_> {
    Value::Text(
        variable
            .value
            .as_ref()
            .map_or("", |value| value.value.as_str()),
    )
}

impl Map for Variables<'_> {
    fn get(&self, key: &str) -> Value<'_> {
        let added = self.given.iter().flat_map(|preset| &preset.env);
        let mut all = self.own.iter().chain(added);
        all.find(|known| known.name.value == key)
            .map_or(Value::Missing, variable)
    }

    fn count(&self) -> usize {
        self.all().count()
    }

    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize> {
        self.all()
            .position(|known| wanted(&known.name.value, variable(known)))
    }
}

/// Amounts of resources.
struct Amounts<'c>(&'c yaml::Map<base::Spanned<Quantity>>);

impl Map for Amounts<'_> {
    fn get(&self, key: &str) -> Value<'_> {
        self.0
            .get(key)
            .map_or(Value::Missing, |amount| quantity(amount.value))
    }

    fn count(&self) -> usize {
        self.0.entries.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize> {
        let mut entries = self.0.entries.iter();
        entries.position(|(key, amount)| wanted(&key.value, quantity(amount.value)))
    }
}

/// Texts by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'c>(pub(super) &'c yaml::Map<base::Spanned<String>>);

impl Map for Named<'_> {
    fn get(&self, key: &str) -> Value<'_> {
        text(self.0.get(key))
    }

    fn count(&self) -> usize {
        self.0.entries.len()
    }

    fn find(&self, wanted: &mut dyn FnMut(&str, Value<'_>) -> bool) -> Option<usize> {
        let mut entries = self.0.entries.iter();
        entries.position(|(key, value)| wanted(&key.value, Value::Text(&value.value)))
    }
}

/// A text, if it is there.
pub(super) fn text(said: Option<&base::Spanned<String>>) -> Value<'_> {
    said.map_or(Value::Missing, |said| Value::Text(&said.value))
}

/// Several texts.
pub(super) fn texts(said: &[base::Spanned<String>]) -> Value<'_> {
    said.iter().map(|one| Value::Text(&one.value)).collect()
}

/// An amount of a resource: its billionths, as the numbers of predicates have more digits.
fn quantity(amount: Quantity) -> Value<'static> {
    let units = amount.nano().checked_mul(1_000_000_000);
    units
        .and_then(base::Decimal::from_units)
        .map_or(Value::Missing, Value::Quantity)
}
