//! Volumes of a job and where its containers see them, with what its presets add.

use predicate::{Elements, Item, Value};

use super::container::{Given, text};
use crate::workload::{Mount, Volume};

/// The volumes of a job, or of a preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Volumes<'c> {
    pub(super) own: &'c [Volume],
    pub(super) given: Given<'c>,
}

impl<'c> Volumes<'c> {
    /// Its own, then what presets add; what clashes is left out.
    pub(super) fn all(&self) -> impl Iterator<Item = &'c Volume> {
        let (own, given) = (self.own, self.given);
        let added = given.iter().enumerate().flat_map(move |(nth, preset)| {
            let earlier = move |name: &str| {
                let before = given.iter().take(nth).flat_map(|preset| &preset.volumes);
                own.iter()
                    .chain(before)
                    .any(|other| other.name.value == name)
            };
            preset
                .volumes
                .iter()
                .filter(move |volume| !earlier(&volume.name.value))
        });
        own.iter().chain(added)
    }
}

impl Elements for Volumes<'_> {
    fn count(&self) -> usize {
        self.all().count()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.all()
            .position(|volume| wanted(Value::Item(&VolumeItem(volume))))
    }
}

struct VolumeItem<'c>(&'c Volume);

impl Item for VolumeItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let volume = self.0;
        match field {
            "name" => (&volume.name.value).into(),
            "host_path" => volume
                .host_path
                .as_ref()
                .map(|host| &host.path.value)
                .into(),
            "secret" => text(
                volume
                    .secret
                    .as_ref()
                    .and_then(|secret| secret.secret_name.as_ref()),
            ),
            "secrets" => volume
                .secrets()
                .map(|secret| Value::from(&secret.value))
                .collect(),
            "config_map" => text(volume.config_map.as_ref().and_then(|map| map.name.as_ref())),
            "empty_dir" => volume.empty_dir.is_some().into(),
            _ => Value::Missing,
        }
    }
}

/// The mounts of a container, or of a preset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mounts<'c> {
    pub(super) own: &'c [Mount],
    pub(super) given: Given<'c>,
}

impl<'c> Mounts<'c> {
    /// Its own, then what presets add; what clashes is left out.
    pub(super) fn all(&self) -> impl Iterator<Item = &'c Mount> {
        let (own, given) = (self.own, self.given);
        let added = given.iter().enumerate().flat_map(move |(nth, preset)| {
            let earlier = move |name: &str| {
                let before = given
                    .iter()
                    .take(nth)
                    .flat_map(|preset| &preset.volume_mounts);
                own.iter()
                    .chain(before)
                    .any(|other| other.name.value == name)
            };
            preset
                .volume_mounts
                .iter()
                .filter(move |mount| !earlier(&mount.name.value))
        });
        own.iter().chain(added)
    }
}

impl Elements for Mounts<'_> {
    fn count(&self) -> usize {
        self.all().count()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.all()
            .position(|mount| wanted(Value::Item(&MountItem(mount))))
    }
}

struct MountItem<'c>(&'c Mount);

impl Item for MountItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let mount = self.0;
        match field {
            "name" => (&mount.name.value).into(),
            "path" => text(mount.mount_path.as_ref()),
            "read_only" => mount.read_only.unwrap_or(false).into(),
            _ => Value::Missing,
        }
    }
}
