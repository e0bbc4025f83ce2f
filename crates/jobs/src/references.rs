//! What jobs refer to, both ways.

use std::collections::BTreeMap;

use base::{Span, Spanned};
use serde::Serialize;

use crate::boards::Boards;
use crate::job::Job;
use crate::preset::Preset;
use crate::workload::{EnvVar, Volume, Workload};
use crate::{Approvers, Catalogue, Conventions};

/// Something that jobs refer to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "kebab-case")]
pub enum Target {
    /// The cluster that it runs on.
    Cluster(String),
    /// A preset, by its labels as [`crate::PresetEntry::title`] says them.
    Preset(String),
    /// A secret that its containers see. Each cluster has its own of that name.
    Secret(String),
    /// The identity that it runs under. Each cluster has its own of that name.
    ServiceAccount(String),
    /// A dashboard that shows it.
    Dashboard(String),
    /// An image that it runs.
    Image(String),
    /// A pool that it asks for a resource, by the type of the resource.
    Pool(String),
    /// A repository that sets it off or that it checks out.
    Repository(String),
    /// A queue whose limit it shares.
    Queue(String),
    /// The folder whose owners answer for it.
    Owners(String),
}

/// A job that refers to something, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The job's place in the catalogue.
    pub job: usize,
    /// Where it says so: in the job, or in a preset that it is given.
    pub span: Span,
}

/// All that jobs refer to.
#[derive(Debug, Default)]
pub struct References {
    targets: BTreeMap<Target, Vec<Mention>>,
}

impl References {
    /// Collects them from effective jobs, with what their presets and their decoration add.
    pub fn of(
        catalogue: &Catalogue,
        boards: Option<&Boards>,
        approvers: Option<&Approvers>,
    ) -> Self {
        let mut references = Self::default();
        let mut tabs: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
        for (dashboard, tab) in boards.into_iter().flat_map(Boards::tabs) {
            let shown = tabs.entry(tab.results.value.as_str()).or_default();
            shown.push((dashboard.name.value.as_str(), tab.results.span));
        }
        for (at, job) in catalogue.jobs.iter().enumerate() {
            let mut note =
                |target: Target, span: Span| references.note(target, Mention { job: at, span });
            itself(catalogue, job, &mut note);
            if let Some(workload) = &job.workload {
                runs(workload, catalogue.conventions, &mut note);
            }
            for preset in catalogue.presets_of(at) {
                note(Target::Preset(preset.title()), preset.span);
                variables(&preset.env, catalogue.conventions, &mut note);
                for secret in preset.volumes.iter().flat_map(Volume::secrets) {
                    note(Target::Secret(secret.value.clone()), secret.span);
                }
            }
            if catalogue.is_decorated(job) {
                let decoration = catalogue.decoration_of(job);
                for (_, secret) in decoration
                    .secrets
                    .iter()
                    .filter(|(_, name)| !name.is_empty())
                {
                    note(Target::Secret(secret.value.clone()), secret.span);
                }
                let named = job.workload.as_ref().and_then(Workload::identity);
                if let (None, Some(account)) = (named, &decoration.service_account) {
                    note(Target::ServiceAccount(account.value.clone()), account.span);
                }
            }
            for (dashboard, span) in tabs.get(job.name.value.as_str()).into_iter().flatten() {
                note(Target::Dashboard((*dashboard).to_owned()), *span);
            }
            if let Some((folder, _)) = approvers.and_then(|approvers| approvers.nearest(&job.path))
            {
                note(Target::Owners(folder.to_owned()), job.name.span);
            }
        }
        references
    }

    fn note(&mut self, target: Target, mention: Mention) {
        let mentions = self.targets.entry(target).or_default();
        // Two containers with one image, or one secret mounted twice, are one reference.
        if mentions.last().is_none_or(|last| last.job != mention.job) {
            mentions.push(mention);
        }
    }

    /// All targets with the jobs that refer to each, sorted; of a job, the first place is kept.
    pub fn all(&self) -> impl Iterator<Item = (&Target, &[Mention])> {
        self.targets
            .iter()
            .map(|(target, mentions)| (target, mentions.as_slice()))
    }

    /// The jobs that refer to something, in order.
    pub fn jobs(&self, target: &Target) -> &[Mention] {
        self.targets.get(target).map_or(&[], Vec::as_slice)
    }

    /// What a job refers to, by its place in the catalogue, sorted.
    pub fn of_job(&self, job: usize) -> Vec<(&Target, Span)> {
        let found = self.targets.iter().filter_map(|(target, mentions)| {
            let at = mentions
                .binary_search_by_key(&job, |mention| mention.job)
                .ok()?;
            Some((target, mentions[at].span))
        });
        found.collect()
    }
}

/// What a job says beside what it runs.
fn itself(catalogue: &Catalogue, job: &Job, note: &mut impl FnMut(Target, Span)) {
    let cluster = job
        .cluster
        .as_ref()
        .map_or(job.name.span, |cluster| cluster.span);
    note(
        Target::Cluster(catalogue.cluster_of(job).to_owned()),
        cluster,
    );
    if let Some(repository) = job.repository() {
        note(
            Target::Repository(repository.value.clone()),
            repository.span,
        );
    }
    for checkout in &job.extra_refs {
        let name = format!("{}/{}", checkout.organisation, checkout.repository);
        note(Target::Repository(name), checkout.repository.span);
    }
    if let Some(queue) = job.queue.as_ref().filter(|queue| !queue.is_empty()) {
        note(Target::Queue(queue.value.clone()), queue.span);
    }
    for placement in &job.placements {
        let dashboard = &placement.dashboard;
        note(Target::Dashboard(dashboard.value.clone()), dashboard.span);
    }
}

/// What a workload needs.
fn runs(workload: &Workload, conventions: &Conventions, note: &mut impl FnMut(Target, Span)) {
    for secret in workload.secrets() {
        note(Target::Secret(secret.value.clone()), secret.span);
    }
    if let Some(account) = workload.identity() {
        note(Target::ServiceAccount(account.value.clone()), account.span);
    }
    for container in workload.all_containers() {
        if let Some(image) = &container.image {
            note(Target::Image(image.value.clone()), image.span);
        }
        pools(&container.env, conventions, note);
        for word in container.command.iter().chain(&container.args) {
            let asked = conventions.pool_arguments.iter();
            let asked = asked.filter_map(|argument| after(word, argument));
            for pool in asked {
                note(Target::Pool(pool.to_owned()), word.span);
            }
        }
    }
}

/// The word behind an argument, wherever it stands in a line of a script.
fn after<'w>(text: &'w str, argument: &str) -> Option<&'w str> {
    let (_, behind) = text.split_once(argument)?;
    let behind = behind.trim_start_matches(['"', '\'']);
    let end = behind.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '\\'));
    let word = &behind[..end.unwrap_or(behind.len())];
    (!word.is_empty() && !word.contains('$')).then_some(word)
}

fn pools(variables: &[EnvVar], conventions: &Conventions, note: &mut impl FnMut(Target, Span)) {
    for pool in asked_by_variables(variables, conventions) {
        note(Target::Pool(pool.value.clone()), pool.span);
    }
}

/// The types of resources that variables ask a pool for.
fn asked_by_variables<'v>(
    variables: &'v [EnvVar],
    conventions: &'v Conventions,
) -> impl Iterator<Item = &'v Spanned<String>> {
    let asking = |variable: &&EnvVar| conventions.pool_variables.contains(&variable.name.as_str());
    let named = variables.iter().filter(asking);
    let values = named.filter_map(|variable| variable.value.as_ref());
    values.filter(|pool| !pool.is_empty())
}

/// Every type of resource that a workload with some presets asks a pool for, each place.
pub(crate) fn asked_pools<'p>(
    workload: &Workload,
    presets: impl Iterator<Item = &'p Preset>,
    conventions: &Conventions,
    asked: &mut impl FnMut(&str, Span),
) {
    let mut by_variables = |variables: &[EnvVar]| {
        for pool in asked_by_variables(variables, conventions) {
            asked(pool, pool.span);
        }
    };
    for container in workload.all_containers() {
        by_variables(&container.env);
    }
    for preset in presets {
        by_variables(&preset.env);
    }
    for container in workload.all_containers() {
        for word in container.command.iter().chain(&container.args) {
            let arguments = conventions.pool_arguments.iter();
            for pool in arguments.filter_map(|argument| after(word, argument)) {
                asked(pool, word.span);
            }
        }
    }
}

fn variables(variables: &[EnvVar], conventions: &Conventions, note: &mut impl FnMut(Target, Span)) {
    for secret in variables.iter().filter_map(EnvVar::secret) {
        note(Target::Secret(secret.value.clone()), secret.span);
    }
    pools(variables, conventions, note);
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn the_type_behind_an_argument_ends_with_the_word() {
        let flag = "--resource-type=";
        assert_eq!(after("--resource-type=gpu", flag), Some("gpu"));
        assert_eq!(after("run --resource-type=\"gpu\" --x", flag), Some("gpu"));
        assert_eq!(after("run --resource-type=${KIND}", flag), None);
        assert_eq!(after("--resource-type=", flag), None);
    }
}
