//! What predicates can say of a preset.

use base::Span;
use predicate::{Item, Value};

use super::container::{Given, Named, Variables};
use super::volume::{Mounts, Volumes};
use super::{Subjects, Way};
use crate::preset::Preset;
use crate::workload::{EnvVar, Volume};

/// A preset, as predicates see it.
#[derive(Debug)]
pub struct PresetItem<'c> {
    id: &'c str,
    preset: &'c Preset,
    jobs: usize,
    labels: Named<'c>,
    env: Variables<'c>,
    volumes: Volumes<'c>,
    mounts: Mounts<'c>,
}

impl<'c> PresetItem<'c> {
    pub(super) fn new(subjects: &'c Subjects<'c>, at: usize) -> Self {
        let preset: &Preset = &subjects.catalogue.presets.all()[at];
        let given = Given { all: &[], at: &[] };
        Self {
            id: &subjects.titles[at],
            preset,
            jobs: subjects.given[at],
            labels: Named(&preset.labels),
            env: Variables {
                own: &preset.env,
                given,
            },
            volumes: Volumes {
                own: &preset.volumes,
                given,
            },
            mounts: Mounts {
                own: &preset.volume_mounts,
                given,
            },
        }
    }

    /// Its labels, as `key: value`.
    pub fn id(&self) -> &'c str {
        self.id
    }

    /// The preset.
    pub fn preset(&self) -> &'c Preset {
        self.preset
    }

    /// Where a field is written, or what is within it; `None` where it says nothing.
    pub fn place(&self, field: &str) -> Option<Span> {
        let way = Way::of(field);
        let preset = self.preset;
        match way.field {
            "id" | "labels" => Some(preset.labels.entries.first()?.0.span),
            "env" => Some(way.among(&preset.env).or(preset.env.first())?.name.span),
            "volumes" => Some(
                way.among(&preset.volumes)
                    .or(preset.volumes.first())?
                    .name
                    .span,
            ),
            "mounts" => {
                let mounts = &preset.volume_mounts;
                Some(way.among(mounts).or(mounts.first())?.name.span)
            }
            _ => None,
        }
    }
}

impl Item for PresetItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        match field {
            "id" => self.id.into(),
            "labels" => Value::Map(&self.labels),
            "env" => Value::Map(&self.env),
            "volumes" => Value::list(&self.volumes),
            "mounts" => Value::list(&self.mounts),
            "secrets" => {
                let variables = self.preset.env.iter().filter_map(EnvVar::secret);
                let mounted = self.preset.volumes.iter().flat_map(Volume::secrets);
                mounted
                    .chain(variables)
                    .map(|name| Value::from(&name.value))
                    .collect()
            }
            "tolerations" => {
                let keys = self
                    .preset
                    .tolerations
                    .iter()
                    .filter_map(|one| one.key.as_ref());
                keys.map(|key| Value::from(&key.value)).collect()
            }
            "jobs" => self.jobs.into(),
            _ => Value::Missing,
        }
    }
}
