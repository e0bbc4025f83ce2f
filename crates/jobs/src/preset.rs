//! Presets: what a label on a job adds to what the job runs.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Diagnostic, Span, Spanned};
use yaml::{Map, record};

use crate::codes;
use crate::workload::{Container, EnvVar, Mount, Toleration, Volume, Workload};

record! {
    /// What every job with certain labels is given.
    pub struct PresetEntry {
        /// The labels, all of which a job must have; a preset without any is for every job.
        pub labels: Map<Spanned<String>>,
        /// Variables of each container.
        pub env: Vec<EnvVar>,
        /// Volumes.
        pub volumes: Vec<Volume>,
        /// What each container mounts.
        pub volume_mounts as "volumeMounts": Vec<Mount>,
        /// Taints that do not keep the job away.
        pub tolerations: Vec<Toleration>,
    }
}

/// A preset and where it stands.
pub type Preset = Spanned<PresetEntry>;

impl PresetEntry {
    /// Whether a job with these labels is given it.
    pub fn is_for(&self, labels: &Map<Spanned<String>>) -> bool {
        let has = |(key, value): &(Spanned<String>, Spanned<String>)| {
            labels
                .get(&key.value)
                .is_some_and(|given| given.value == value.value)
        };
        self.labels.entries.iter().all(has)
    }

    /// Its labels as a reader would say them: `key: value`, sorted; of none, `every job`.
    pub fn title(&self) -> String {
        let pair = |(key, value): &(Spanned<String>, Spanned<String>)| format!("{key}: {value}");
        let mut pairs: Vec<String> = self.labels.entries.iter().map(pair).collect();
        pairs.sort_unstable();
        if pairs.is_empty() {
            return "every job".to_owned();
        }
        pairs.join(", ")
    }
}

/// All presets, ready to be asked which are for a job.
#[derive(Debug, Default)]
pub struct Presets {
    /// In the order in which they are merged.
    all: Vec<Arc<Preset>>,
    /// Those with labels, by the key and the value of their first.
    by_label: HashMap<String, HashMap<String, Vec<usize>>>,
    /// Those for every job.
    unlabelled: Vec<usize>,
}

impl Presets {
    /// Takes them up; reports a pair of label and value that two of them have.
    pub fn of(presets: Vec<Arc<Preset>>, found: &mut Vec<Diagnostic>) -> Self {
        let mut first: HashMap<(&str, &str), Span> = HashMap::new();
        let mut by_label: HashMap<String, HashMap<String, Vec<usize>>> = HashMap::new();
        let mut unlabelled = Vec::new();
        for (at, preset) in presets.iter().enumerate() {
            for (key, value) in &preset.labels.entries {
                let pair = (key.value.as_str(), value.value.as_str());
                if let Some(earlier) = first.get(&pair) {
                    let message = format!("a second preset has the label `{key}: {value}`");
                    let finding = Diagnostic::new(&codes::PRESET_TWICE, key.span, message);
                    found.push(
                        finding
                            .related(*earlier, "the first")
                            .help("give it another label, or make one of the two"),
                    );
                } else {
                    first.insert(pair, key.span);
                }
            }
            match preset.labels.entries.first() {
                Some((key, value)) => {
                    let values = by_label.entry(key.value.clone()).or_default();
                    values.entry(value.value.clone()).or_default().push(at);
                }
                None => unlabelled.push(at),
            }
        }
        Self {
            all: presets,
            by_label,
            unlabelled,
        }
    }

    /// All of them, in the order in which they are merged.
    pub fn all(&self) -> &[Arc<Preset>] {
        &self.all
    }

    /// Those for a job with these labels, by their places in [`Self::all`], in order.
    pub fn matching(&self, labels: &Map<Spanned<String>>) -> Vec<usize> {
        let mut matching = self.unlabelled.clone();
        for (key, value) in &labels.entries {
            let values = self.by_label.get(&key.value);
            let with_it = values.and_then(|values| values.get(&value.value));
            let with_it = with_it.into_iter().flatten().copied();
            matching.extend(with_it.filter(|at| self.all[*at].is_for(labels)));
        }
        matching.sort_unstable();
        matching
    }

    /// Whether any preset has this label with this value.
    pub fn knows(&self, key: &str, value: &str) -> bool {
        let first = self
            .by_label
            .get(key)
            .is_some_and(|values| values.contains_key(value));
        let mut pairs = self.all.iter().flat_map(|preset| &preset.labels.entries);
        first || pairs.any(|(known, given)| known.value == key && given.value == value)
    }
}

/// What a preset adds and something before it has already.
#[derive(Debug, Clone, Copy)]
pub struct Clash<'p> {
    /// What it is: `the variable`, `the volume`, ...
    pub what: &'static str,
    /// What it is called.
    pub name: &'p str,
    /// Where the preset adds it.
    pub span: Span,
    /// Where it stood before.
    pub earlier: Span,
}

/// What presets add that the workload, or a preset before them, has already: the merge would stop
/// there, and the job would never be loaded.
pub fn clashes<'p>(workload: &'p Workload, presets: &[&'p Preset]) -> Vec<Clash<'p>> {
    let mut found = Vec::new();
    for (at, preset) in presets.iter().enumerate() {
        let before = &presets[..at];
        for (nth, added) in preset.env.iter().enumerate() {
            let own = workload
                .containers
                .iter()
                .flat_map(|container| &container.env);
            let earlier = before.iter().flat_map(|preset| &preset.env);
            let earlier = earlier.chain(preset.env.iter().take(nth));
            let twin = own.chain(earlier).find(|other| other.name == added.name);
            found.extend(twin.map(|twin| clash("the variable", &added.name, &twin.name)));
        }
        for (nth, added) in preset.volumes.iter().enumerate() {
            let earlier = before.iter().flat_map(|preset| &preset.volumes);
            let earlier = earlier.chain(preset.volumes.iter().take(nth));
            let mut all = workload.volumes.iter().chain(earlier);
            let twin = all.find(|other| other.name == added.name);
            found.extend(twin.map(|twin| clash("the volume", &added.name, &twin.name)));
        }
        for (nth, added) in preset.volume_mounts.iter().enumerate() {
            let own = workload
                .containers
                .iter()
                .flat_map(|container| &container.volume_mounts);
            let earlier = before.iter().flat_map(|preset| &preset.volume_mounts);
            let earlier = earlier.chain(preset.volume_mounts.iter().take(nth));
            let twin = own.chain(earlier).find(|other| other.name == added.name);
            found.extend(twin.map(|twin| clash("the mount of volume", &added.name, &twin.name)));
        }
        for (nth, added) in preset.tolerations.iter().enumerate() {
            let earlier = before.iter().flat_map(|preset| &preset.tolerations);
            let earlier = earlier.chain(preset.tolerations.iter().take(nth));
            let mut all = workload.tolerations.iter().chain(earlier);
            if all.any(|other| other == added) {
                let key = added.key.as_ref();
                found.push(Clash {
                    what: "the toleration",
                    name: key.map_or("of everything", |key| key.value.as_str()),
                    span: key.map_or(preset.span, |key| key.span),
                    earlier: preset.span,
                });
            }
        }
    }
    found
}

fn clash<'p>(
    what: &'static str,
    added: &'p Spanned<String>,
    twin: &'p Spanned<String>,
) -> Clash<'p> {
    Clash {
        what,
        name: &added.value,
        span: added.span,
        earlier: twin.span,
    }
}

/// The workload with what the presets add. What clashes is left out; [`clashes`] reports it.
pub fn merged(workload: &Workload, presets: &[&Preset]) -> Workload {
    let mut merged = workload.clone();
    for preset in presets {
        for container in &mut merged.containers {
            add_to(container, preset);
        }
        for volume in &preset.volumes {
            if merged.volumes.iter().all(|other| other.name != volume.name) {
                merged.volumes.push(volume.clone());
            }
        }
        for toleration in &preset.tolerations {
            if !merged.tolerations.contains(toleration) {
                merged.tolerations.push(toleration.clone());
            }
        }
    }
    merged
}

fn add_to(container: &mut Container, preset: &Preset) {
    for variable in &preset.env {
        if container
            .env
            .iter()
            .all(|other| other.name != variable.name)
        {
            container.env.push(variable.clone());
        }
    }
    for mount in &preset.volume_mounts {
        if container
            .volume_mounts
            .iter()
            .all(|other| other.name != mount.name)
        {
            container.volume_mounts.push(mount.clone());
        }
    }
}
