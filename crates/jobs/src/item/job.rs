//! What predicates can say of a job.

use std::sync::OnceLock;

use base::{Decimal, Span, Spanned};
use jiff::SignedDuration;
use predicate::{Item, Value};

use super::checkout::Checkouts;
use super::container::{Containers, Given, Named, text, texts};
use super::twin::Twins;
use super::volume::Volumes;
use super::{Subjects, addresses};
use crate::job::{DecorationSettings, Job, Kind, Run, Schedule};
use crate::references::asked_pools;
use crate::workload::{EnvVar, Volume, Workload};
use crate::{Cron, Duration};

/// A job as it runs, as predicates see it.
#[derive(Debug)]
pub struct JobItem<'c> {
    pub(super) subjects: &'c Subjects<'c>,
    pub(super) at: usize,
    pub(super) job: &'c Job,
    pub(super) given: Given<'c>,
    labels: Named<'c>,
    annotations: Named<'c>,
    node_selector: Option<Named<'c>>,
    containers: Containers<'c>,
    init_containers: Containers<'c>,
    pub(super) volumes: Volumes<'c>,
    extra_refs: Checkouts<'c>,
    twins: Twins<'c>,
    decoration: OnceLock<Box<DecorationSettings>>,
    trigger: OnceLock<String>,
    command: OnceLock<String>,
    about: OnceLock<Option<String>>,
    pools: OnceLock<Vec<String>>,
}

impl<'c> JobItem<'c> {
    pub(super) fn new(subjects: &'c Subjects<'c>, at: usize) -> Self {
        let catalogue = subjects.catalogue;
        let job: &Job = &catalogue.jobs[at];
        let given = Given {
            all: catalogue.presets.all(),
            at: catalogue.given(at),
        };
        let workload = job.workload.as_ref();
        Self {
            subjects,
            at,
            job,
            given,
            labels: Named(&job.labels),
            annotations: Named(&job.annotations),
            node_selector: workload.map(|workload| Named(&workload.node_selector)),
            containers: Containers {
                own: workload.map_or(&[], |workload| &workload.containers),
                given,
            },
            init_containers: Containers {
                own: workload.map_or(&[], |workload| &workload.init_containers),
                given: Given { at: &[], ..given },
            },
            volumes: Volumes {
                own: workload.map_or(&[], |workload| &workload.volumes),
                // Without a workload there is nothing that presets could add to.
                given: Given {
                    at: workload.map_or(&[], |_| given.at),
                    ..given
                },
            },
            extra_refs: Checkouts(&job.extra_refs),
            twins: Twins { subjects, at },
            decoration: OnceLock::new(),
            trigger: OnceLock::new(),
            command: OnceLock::new(),
            about: OnceLock::new(),
            pools: OnceLock::new(),
        }
    }

    /// What it is called here, for ever.
    pub fn id(&self) -> &'c str {
        &self.subjects.ids[self.at]
    }

    /// The job, as it is written.
    pub fn job(&self) -> &'c Job {
        self.job
    }

    /// Its place in the catalogue.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The id of the job that it is a release's copy of.
    pub fn parent(&self) -> Option<&'c str> {
        let parent = self.subjects.parents.get(self.at).copied().flatten()?;
        self.subjects.id(parent)
    }

    /// The group it belongs to, by its dashboards or its folder; none if no groups are known.
    pub fn owner(&self) -> Option<&'c str> {
        self.subjects.owner_of(self.at)
    }

    /// Whether part of it, or of what it is given, could not be read: what it lacks is not held
    /// against it.
    pub fn is_flawed(&self) -> bool {
        self.job.flawed || self.subjects.unsure.contains(&self.at)
    }

    pub(super) fn decoration(&self) -> &DecorationSettings {
        self.decoration.get_or_init(|| {
            let catalogue = self.subjects.catalogue;
            Box::new(if catalogue.is_decorated(self.job) {
                catalogue.decoration_of(self.job)
            } else {
                DecorationSettings::default()
            })
        })
    }

    fn note(&self, key: &str) -> Value<'_> {
        text(self.job.annotation(key))
    }

    /// What sets it off and when.
    fn trigger(&self, field: &str) -> Value<'_> {
        match (&self.job.kind, field) {
            (Kind::Presubmit(job), "always_run") => {
                job.always_run.is_some_and(|always| always.value).into()
            }
            (Kind::Presubmit(job), "optional") => job.optional.into(),
            (Kind::Presubmit(job), "required") => job.is_required().into(),
            (Kind::Presubmit(job), "before_merge") => job.before_merge.into(),
            (Kind::Presubmit(job), "skip_report") => job.skip_report.into(),
            (Kind::Presubmit(job), "trigger") => match &job.trigger {
                Some(trigger) => (&trigger.pattern.value).into(),
                None => self
                    .trigger
                    .get_or_init(|| self.conventions().trigger_for(&self.job.name))
                    .into(),
            },
            (Kind::Presubmit(job), "rerun_command") => match &job.trigger {
                Some(trigger) => (&trigger.command.value).into(),
                None => self
                    .command
                    .get_or_init(|| self.conventions().command_for(&self.job.name))
                    .into(),
            },
            (Kind::Postsubmit(job), "always_run") => {
                let otherwise = matches!(job.run, Run::Any);
                job.always_run
                    .map_or(otherwise, |always| always.value)
                    .into()
            }
            (Kind::Postsubmit(job), "skip_report") => job.skip_report.into(),
            (Kind::Presubmit(_) | Kind::Postsubmit(_), "context") => text(self.job.context()),
            (Kind::Presubmit(job), _) => paths(&job.run, field),
            (Kind::Postsubmit(job), _) => paths(&job.run, field),
            (Kind::Periodic(job), "tags") => job.tags.iter().map(|tag| Value::Text(tag)).collect(),
            (Kind::Periodic(job), _) => schedule(job.schedule.as_ref(), field),
        }
    }

    fn conventions(&self) -> &'static crate::Conventions {
        self.subjects.catalogue.conventions
    }

    /// What it runs, and what it is given for it.
    fn workload(&self, field: &str) -> Value<'_> {
        let workload = self.job.workload.as_ref();
        match field {
            "image" => {
                let first = self.containers.own.first();
                text(first.and_then(|container| container.image.as_ref()))
            }
            "images" => {
                let images = self
                    .containers
                    .own
                    .iter()
                    .filter_map(|one| one.image.as_ref());
                images.map(|image| Value::Text(&image.value)).collect()
            }
            "containers" => Value::list(&self.containers),
            "init_containers" => Value::list(&self.init_containers),
            "volumes" => Value::list(&self.volumes),
            "secrets" => self
                .secrets()
                .into_iter()
                .map(|name| Value::Text(&name.value))
                .collect(),
            "service_account" => {
                let own = workload.and_then(Workload::identity);
                text(own.or_else(|| self.decoration().service_account.as_ref()))
            }
            "error_on_eviction" => {
                let error = self.job.error_on_eviction;
                error.is_some_and(|error| error.value).into()
            }
            "host_network" => {
                let shares = workload.and_then(|workload| workload.host_network);
                shares.is_some_and(|shares| shares.value).into()
            }
            "node_selector" => self
                .node_selector
                .as_ref()
                .map_or(Value::Missing, |map| Value::Map(map)),
            "tolerations" => {
                let own = workload
                    .into_iter()
                    .flat_map(|workload| &workload.tolerations);
                let added = self
                    .volumes
                    .given
                    .iter()
                    .flat_map(|preset| &preset.tolerations);
                let keys = own.chain(added).filter_map(|one| one.key.as_ref());
                keys.map(|key| Value::Text(&key.value)).collect()
            }
            "priority_class" => {
                text(workload.and_then(|workload| workload.priority_class_name.as_ref()))
            }
            "pools" => {
                let asked = || {
                    self.asked_pools()
                        .into_iter()
                        .map(|(pool, _)| pool)
                        .collect()
                };
                Value::list(self.pools.get_or_init(asked))
            }
            _ => Value::Missing,
        }
    }

    /// Every secret that it is given, each once, where it is first said.
    pub(super) fn secrets(&self) -> Vec<&Spanned<String>> {
        let own = self.job.workload.iter().flat_map(Workload::secrets);
        let given = self.volumes.given.iter().flat_map(|preset| {
            let variables = preset.env.iter().filter_map(EnvVar::secret);
            preset
                .volumes
                .iter()
                .flat_map(Volume::secrets)
                .chain(variables)
        });
        let decoration = self.decoration().secrets.iter().map(|(_, name)| name);
        let mut secrets: Vec<&Spanned<String>> = Vec::new();
        for name in own
            .chain(given)
            .chain(decoration.filter(|name| !name.is_empty()))
        {
            if !secrets.contains(&name) {
                secrets.push(name);
            }
        }
        secrets
    }

    /// The types of resources that it asks pools for, each once with its first place.
    pub(super) fn asked_pools(&self) -> Vec<(String, Span)> {
        let mut asked: Vec<(String, Span)> = Vec::new();
        if let Some(workload) = &self.job.workload {
            let presets = self.volumes.given.iter();
            asked_pools(workload, presets, self.conventions(), &mut |pool, span| {
                if asked.iter().all(|(known, _)| known != pool) {
                    asked.push((pool.to_owned(), span));
                }
            });
        }
        asked
    }

    /// Where its results are seen, and who is told.
    fn results(&self, field: &str) -> Value<'_> {
        let shown = &self.subjects.shown[self.at];
        match field {
            "dashboards" => shown
                .iter()
                .map(|one| Value::Text(&one.dashboard.value))
                .collect(),
            "tab" => shown.first().map(|one| one.tab).into(),
            "tabs" => shown.iter().map(|one| Value::Text(one.tab)).collect(),
            "alert_email" => self.note(self.conventions().notes.alert),
            "alert_addresses" => {
                let own = self.job.annotation(self.conventions().notes.alert);
                let of_tabs = shown.iter().filter_map(|one| one.alert);
                let all = own.into_iter().chain(of_tabs);
                all.flat_map(|alert| addresses(&alert.value))
                    .map(Value::Text)
                    .collect()
            }
            "channel" => text(self.job.channel.as_ref()),
            "description" => self.note(self.conventions().notes.description),
            _ => Value::Missing,
        }
    }

    /// Whose it is and who may run it.
    fn people(&self, field: &str) -> Value<'_> {
        let nearest = || self.subjects.approvers?.nearest(&self.job.path);
        let rerun = &self.job.rerun;
        match field {
            "approvers" => match nearest() {
                Some((_, people)) => people.iter().map(|one| Value::Text(one)).collect(),
                None => Value::Missing,
            },
            "owners_folder" => nearest().map(|(folder, _)| folder).into(),
            "owner" => self.owner().into(),
            "rerun_anyone" => rerun.anyone.into(),
            "rerun_users" => texts(&rerun.users),
            "rerun_teams" => texts(&rerun.teams),
            "rerun_team_ids" => {
                let numbers = rerun.team_ids.iter();
                numbers
                    .map(|id| Value::Number(Decimal::whole(id.value.into())))
                    .collect()
            }
            "rerun_organisations" => texts(&rerun.organisations),
            "hidden" => self.job.hidden.into(),
            _ => Value::Missing,
        }
    }

    /// What it has to do with presets, annotations and other jobs.
    fn relations(&self, field: &str) -> Value<'_> {
        let subjects = self.subjects;
        let listed = |known: Option<&'c Vec<&'c str>>| -> Value<'_> {
            known
                .into_iter()
                .flatten()
                .map(|one| Value::Text(one))
                .collect()
        };
        match field {
            "presets" => {
                let titles = self
                    .given
                    .at
                    .iter()
                    .filter_map(|at| subjects.titles.get(*at));
                titles.map(Value::from).collect()
            }
            "dead_presets" => {
                let dead = subjects.dead_presets.get(&self.at).into_iter().flatten();
                dead.map(Value::from).collect()
            }
            "dead_labels" => listed(subjects.dead_labels.get(&self.at)),
            "unknown_annotations" => listed(subjects.unknown_annotations.get(&self.at)),
            "extra_refs" => Value::list(&self.extra_refs),
            "path_alias" => text(self.job.clone.path_alias.as_ref()),
            "clone_depth" => number(self.job.clone.depth),
            "twins" => Value::list(&self.twins),
            "fork" => {
                let said = self.job.annotation(self.conventions().notes.fork);
                said.is_some_and(|said| said.value == "true").into()
            }
            "parent" => self.parent().into(),
            _ => Value::Missing,
        }
    }
}

impl Item for JobItem<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let (job, catalogue) = (self.job, self.subjects.catalogue);
        match field {
            "id" => self.id().into(),
            "name" => (&job.name.value).into(),
            "name_length" => job.name.chars().count().into(),
            "kind" => job.kind.name().as_str().into(),
            "path" => job.path.as_ref().into(),
            "folder" => job
                .path
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .into(),
            "repository" => text(job.repository()),
            "organisation" => {
                let repository = job.repository().and_then(|name| name.split_once('/'));
                repository.map(|(organisation, _)| organisation).into()
            }
            "about" => self.about.get_or_init(|| job.about()).as_ref().into(),
            "cluster" => catalogue.cluster_of(job).into(),
            "agent" => {
                let said = job.agent.as_ref().filter(|agent| !agent.is_empty());
                said.map_or(catalogue.conventions.agent, |agent| agent.value.as_str())
                    .into()
            }
            "namespace" => text(job.namespace.as_ref()),
            "decorated" => catalogue.is_decorated(job).into(),
            "timeout" => duration(self.decoration().timeout),
            "grace_period" => duration(self.decoration().grace_period),
            "max_concurrency" => number(job.max_concurrency),
            "queue" => text(job.queue.as_ref()),
            "automatic" => job.is_automatic().into(),
            "rerun_name" => self.rerun_name(),
            "also_started" => self.also_started(),
            "bot_branches" => self.bot_branches(),
            "branches" => texts(job.branches().map_or(&[], |branches| &branches.only)),
            "skip_branches" => texts(job.branches().map_or(&[], |branches| &branches.skip)),
            "labels" => Value::Map(&self.labels),
            "annotations" => Value::Map(&self.annotations),
            "image" | "images" | "containers" | "init_containers" | "volumes" | "secrets"
            | "service_account" | "host_network" | "node_selector" | "tolerations"
            | "priority_class" | "error_on_eviction" | "pools" => self.workload(field),
            "dashboards" | "tab" | "tabs" | "alert_email" | "alert_addresses" | "channel"
            | "description" => self.results(field),
            "approvers"
            | "owners_folder"
            | "owner"
            | "rerun_anyone"
            | "rerun_users"
            | "rerun_teams"
            | "rerun_team_ids"
            | "rerun_organisations"
            | "hidden" => self.people(field),
            "presets"
            | "dead_presets"
            | "dead_labels"
            | "unknown_annotations"
            | "extra_refs"
            | "path_alias"
            | "clone_depth"
            | "twins"
            | "fork"
            | "parent" => self.relations(field),
            _ => self.trigger(field),
        }
    }
}

fn paths<'r>(run: &'r Run, field: &str) -> Value<'r> {
    match (run, field) {
        (Run::IfChanged(pattern), "run_if_changed")
        | (Run::UnlessOnlyChanged(pattern), "skip_if_only_changed") => (&pattern.text.value).into(),
        _ => Value::Missing,
    }
}

fn schedule<'s>(schedule: Option<&'s Schedule>, field: &str) -> Value<'s> {
    match (schedule, field) {
        (Some(Schedule::Cron(text, _)), "cron") => (&text.value).into(),
        (Some(Schedule::Cron(_, cron)), "longest_gap") => longest_gap(cron).into(),
        (Some(Schedule::Interval(length)), "interval" | "longest_gap")
        | (Some(Schedule::MinimumInterval(length)), "minimum_interval") => duration(Some(*length)),
        _ => Value::Missing,
    }
}

fn longest_gap(cron: &Cron) -> Option<SignedDuration> {
    match cron {
        Cron::Every(length) => Some(SignedDuration::from_nanos(length.as_nanoseconds())),
        Cron::At(fields) => {
            let minutes = fields.longest_gap()?;
            Some(SignedDuration::from_mins(i64::from(minutes)))
        }
    }
}

fn duration(said: Option<Spanned<Duration>>) -> Value<'static> {
    let length = said.map(|said| SignedDuration::from_nanos(said.as_nanoseconds()));
    length.into()
}

fn number(number: u32) -> Value<'static> {
    Value::Number(Decimal::whole(number.into()))
}
