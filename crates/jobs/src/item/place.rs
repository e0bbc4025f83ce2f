//! Where a job says something: in its own text, or in that of a preset it is given.

use base::{Span, Spanned};

use super::container::Variables;
use super::volume::Mounts;
use super::{Element, JobItem, Way};
use crate::job::{Kind, Run, Schedule};
use crate::workload::{Container, Volume};

fn span<T>(said: Option<&Spanned<T>>) -> Option<Span> {
    said.map(|said| said.span)
}

/// The element that a way leads to, or else the first.
fn listed<T>(way: &Way<'_>, list: &[Spanned<T>]) -> Option<Span> {
    span(way.among(list).or(list.first()))
}

fn entry(way: &Way<'_>, map: &yaml::Map<Spanned<String>>) -> Option<Span> {
    match way.element {
        Some(Element::Key(key)) => span(map.get(key)),
        Some(Element::At(_)) => way.among(&map.entries).map(|(key, _)| key.span),
        None => map.entries.first().map(|(key, _)| key.span),
    }
}

impl JobItem<'_> {
    /// Where a field is written, or what is within it: `cluster`, `labels["team"]`,
    /// `containers[2].memory_limit`. Of what is not there, where it would stand as near as can be
    /// said; `None` where that is the job as a whole.
    pub fn place(&self, field: &str) -> Option<Span> {
        let way = Way::of(field);
        let job = self.job;
        let clone = &job.clone;
        match way.field {
            "id" | "name" | "name_length" | "twins" | "parent" => Some(job.name.span),
            "repository" | "organisation" | "about" => span(job.repository()),
            "cluster" => span(job.cluster.as_ref()),
            "agent" => span(job.agent.as_ref()),
            "namespace" => span(job.namespace.as_ref()),
            "queue" => span(job.queue.as_ref()),
            "timeout" => span(self.decoration().timeout.as_ref()),
            "grace_period" => span(self.decoration().grace_period.as_ref()),
            "decorated" => job.decoration.span,
            "labels" => entry(&way, &job.labels),
            "annotations" => entry(&way, &job.annotations),
            "path_alias" => span(clone.path_alias.as_ref()),
            "channel" => span(job.channel.as_ref()),
            "error_on_eviction" => span(job.error_on_eviction.as_ref()),
            "dashboards" => job
                .placements
                .first()
                .map(|placement| placement.dashboard.span),
            "extra_refs" => self.checkout(&way),
            "dead_presets" | "dead_labels" | "unknown_annotations" => self.dead(&way),
            "rerun_anyone" => job.rerun.span,
            "rerun_users" => listed(&way, &job.rerun.users).or(job.rerun.span),
            "rerun_teams" => listed(&way, &job.rerun.teams).or(job.rerun.span),
            "rerun_team_ids" => job.rerun.team_ids.first().map(|id| id.span),
            "rerun_organisations" => listed(&way, &job.rerun.organisations).or(job.rerun.span),
            "description" | "alert_email" | "alert_addresses" | "tab" | "tabs" | "fork" => {
                self.noted(&way)
            }
            "presets" => {
                let preset = way.among(self.given.at).or(self.given.at.first())?;
                span(Some(self.given.all.get(*preset)?.as_ref()))
            }
            _ => self
                .place_of_trigger(&way)
                .or_else(|| self.place_in_workload(&way)),
        }
    }

    /// Where it says what other programs do with it.
    fn noted(&self, way: &Way<'_>) -> Option<Span> {
        let notes = &self.subjects.catalogue.conventions.notes;
        let key = match way.field {
            "description" => notes.description,
            "fork" => notes.fork,
            "tab" | "tabs" => notes.tab,
            _ => notes.alert,
        };
        let own = span(self.job.annotation(key));
        own.or_else(|| {
            let mut shown = self.subjects.shown[self.at].iter();
            let of_tab = shown.find_map(|one| one.alert);
            span(of_tab.filter(|_| way.field == "alert_addresses"))
        })
    }

    fn checkout(&self, way: &Way<'_>) -> Option<Span> {
        let checkouts = &self.job.extra_refs;
        let checkout = way.among(checkouts).or(checkouts.first())?;
        let rest = Way::of(way.rest).field;
        let branch = checkout.base.as_ref().filter(|_| rest == "branch");
        let alias = checkout
            .clone
            .path_alias
            .as_ref()
            .filter(|_| rest == "path_alias");
        span(branch.or(alias)).or(Some(checkout.repository.span))
    }

    /// The key of the label or annotation that leads nowhere.
    fn dead(&self, way: &Way<'_>) -> Option<Span> {
        let subjects = self.subjects;
        let of = |known: Option<&Vec<&str>>| -> Option<String> {
            let known = known?;
            way.among(known)
                .or(known.first())
                .map(|key| (*key).to_owned())
        };
        let (key, entries) = match way.field {
            "unknown_annotations" => {
                let key = of(subjects.unknown_annotations.get(&self.at));
                (key, &self.job.annotations.entries)
            }
            "dead_labels" => (
                of(subjects.dead_labels.get(&self.at)),
                &self.job.labels.entries,
            ),
            _ => {
                let dead = subjects.dead_presets.get(&self.at)?;
                let said = way.among(dead).or(dead.first())?;
                let key = said.split_once(": ").map(|(key, _)| key.to_owned());
                (key, &self.job.labels.entries)
            }
        };
        let key = key?;
        let found = entries.iter().find(|(known, _)| known.value == key);
        found.map(|(known, _)| known.span)
    }

    fn place_of_trigger(&self, way: &Way<'_>) -> Option<Span> {
        let (run, always, branches, context, trigger) = match &self.job.kind {
            Kind::Presubmit(job) => (
                &job.run,
                job.always_run,
                &job.branches,
                &job.context,
                job.trigger.as_ref(),
            ),
            Kind::Postsubmit(job) => (&job.run, job.always_run, &job.branches, &job.context, None),
            Kind::Periodic(job) => {
                return match (job.schedule.as_ref()?, way.field) {
                    (Schedule::Cron(text, _), "cron" | "longest_gap") => Some(text.span),
                    (Schedule::Interval(length), "interval" | "longest_gap")
                    | (Schedule::MinimumInterval(length), "minimum_interval") => Some(length.span),
                    _ => None,
                };
            }
        };
        match way.field {
            "always_run" => span(always.as_ref()),
            "run_if_changed" | "skip_if_only_changed" => match run {
                Run::IfChanged(pattern) | Run::UnlessOnlyChanged(pattern) => {
                    Some(pattern.text.span)
                }
                Run::Any => None,
            },
            "branches" | "bot_branches" => listed(way, &branches.only),
            "skip_branches" => listed(way, &branches.skip),
            "context" => span(context.as_ref()),
            "trigger" => trigger.map(|trigger| trigger.pattern.span),
            "rerun_command" | "rerun_name" | "also_started" => {
                trigger.map(|trigger| trigger.command.span)
            }
            _ => None,
        }
    }

    fn place_in_workload(&self, way: &Way<'_>) -> Option<Span> {
        let workload = self.job.workload.as_ref()?;
        match way.field {
            "containers" => self.place_in_container(way, &workload.containers),
            "init_containers" => self.place_in_container(way, &workload.init_containers),
            "image" => span(workload.containers.first()?.image.as_ref()),
            "images" => {
                let container = way
                    .among(&workload.containers)
                    .or(workload.containers.first())?;
                span(container.image.as_ref())
            }
            "volumes" => {
                let volumes: Vec<&Volume> = self.volumes.all().collect();
                let volume = way.among(&volumes).or(volumes.first())?;
                Some(place_in_volume(volume, way.rest))
            }
            "secrets" => {
                let secrets = self.secrets();
                let secret = way.among(&secrets).or(secrets.first())?;
                Some(secret.span)
            }
            "service_account" => span(
                workload
                    .identity()
                    .or(self.decoration().service_account.as_ref()),
            ),
            "host_network" => span(workload.host_network.as_ref()),
            "node_selector" => entry(way, &workload.node_selector),
            "priority_class" => span(workload.priority_class_name.as_ref()),
            "tolerations" => {
                let own = workload.tolerations.iter();
                let added = self
                    .volumes
                    .given
                    .iter()
                    .flat_map(|preset| &preset.tolerations);
                own.chain(added).find_map(|one| span(one.key.as_ref()))
            }
            "pools" => {
                let asked = self.asked_pools();
                way.among(&asked).or(asked.first()).map(|(_, span)| *span)
            }
            _ => None,
        }
    }

    fn place_in_container(&self, way: &Way<'_>, containers: &[Container]) -> Option<Span> {
        let container = way.among(containers).or(containers.first())?;
        let within = Way::of(way.rest);
        let resources = &container.resources;
        let rights = container.security_context.as_ref();
        let found = match within.field {
            "name" => span(container.name.as_ref()),
            "command" => listed(&within, &container.command),
            "args" => listed(&within, &container.args),
            "pull_policy" => span(container.image_pull_policy.as_ref()),
            "cpu_request" => span(resources.requests.get("cpu")),
            "cpu_limit" => span(resources.limits.get("cpu")),
            "memory_request" => span(resources.requests.get("memory")),
            "memory_limit" => span(resources.limits.get("memory")),
            "privileged" => rights.and_then(|rights| span(rights.privileged.as_ref())),
            "escalation" => rights.and_then(|rights| span(rights.escalation.as_ref())),
            "capabilities" => {
                let added = rights.and_then(|rights| rights.capabilities.as_ref());
                added.and_then(|capabilities| listed(&within, &capabilities.add))
            }
            "restart_policy" => span(container.restart_policy.as_ref()),
            "env" => self.variable(&within, container),
            "mounts" => {
                let mounts = Mounts {
                    own: &container.volume_mounts,
                    given: self.volumes.given,
                };
                let mounts: Vec<_> = mounts.all().collect();
                let mount = way_or_first(&within, &mounts);
                mount.map(|mount| span(mount.mount_path.as_ref()).unwrap_or(mount.name.span))
            }
            _ => None,
        };
        let named = container.image.as_ref().or(container.name.as_ref());
        found.or_else(|| span(named))
    }

    fn variable(&self, way: &Way<'_>, container: &Container) -> Option<Span> {
        let variables = Variables {
            own: &container.env,
            given: self.volumes.given,
        };
        let mut all = variables.all();
        let found = match way.element {
            Some(Element::Key(key)) => all.find(|variable| variable.name.value == key),
            Some(Element::At(place)) => all.nth(place.saturating_sub(1)),
            None => all.next(),
        };
        found.map(|variable| {
            variable
                .value
                .as_ref()
                .map_or(variable.name.span, |value| value.span)
        })
    }
}

fn way_or_first<'l, T>(way: &Way<'_>, list: &'l [T]) -> Option<&'l T> {
    way.among(list).or(list.first())
}

fn place_in_volume(volume: &Volume, field: &str) -> Span {
    let found = match Way::of(field).field {
        "host_path" => volume.host_path.as_ref().map(|host| host.path.span),
        "secret" | "secrets" => volume.secrets().next().map(|secret| secret.span),
        "config_map" => volume
            .config_map
            .as_ref()
            .and_then(|map| span(map.name.as_ref())),
        _ => None,
    };
    found.unwrap_or(volume.name.span)
}
