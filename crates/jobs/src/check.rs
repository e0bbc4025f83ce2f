//! What is wrong with a job: with itself, and with its place among presets and settings.

use std::collections::HashMap;
use std::sync::Arc;

use base::{Code, Diagnostic, Span, Spanned};

use crate::catalogue::Catalogue;
use crate::job::{Job, KindName};
use crate::names::{is_job_name, not_a_label_value, not_a_qualified_name};
use crate::preset::{Preset, clashes};
use crate::workload::{Container, Mount, Workload};
use crate::{Conventions, codes};

/// A finding about a job.
fn about(job: &Job, code: &'static Code, span: Span, message: String) -> Diagnostic {
    Diagnostic::new(code, span, message).about(job.subject())
}

/// What is wrong with a job whatever else there is.
pub fn itself(job: &Job, conventions: &Conventions, findings: &mut Vec<Diagnostic>) {
    if !is_job_name(&job.name) {
        let message = format!("`{}` cannot be the name of a job", job.name);
        let finding = about(job, &codes::JOB_NAME, job.name.span, message);
        findings.push(finding.help("use letters, digits, `-`, `.` and `_`"));
    }
    agent(job, conventions, findings);
    if let Some(workload) = &job.workload {
        init_containers(job, workload, findings);
        container_names(job, workload, conventions, findings);
        for container in &workload.containers {
            variables(job, container, conventions, findings);
            mounts(job, &container.volume_mounts, conventions, findings);
        }
        volumes(job, workload, conventions, findings);
    }
    labels(job, conventions, findings);
    let rerun = &job.rerun;
    let named = [&rerun.users, &rerun.teams, &rerun.organisations];
    let list = named.iter().any(|list| !list.is_empty()) || !rerun.team_ids.is_empty();
    if rerun.anyone && list {
        let message = "anybody may run it again, and a list says who may".to_owned();
        let span = rerun.span.unwrap_or(job.name.span);
        let finding = about(job, &codes::JOB_RERUN, span, message);
        findings.push(finding.help("remove `allow_anyone`, or the list"));
    }
}

fn agent(job: &Job, conventions: &Conventions, findings: &mut Vec<Diagnostic>) {
    let agent = job.agent.as_ref().filter(|agent| !agent.is_empty());
    let name = agent.map_or(conventions.agent, |agent| agent.value.as_str());
    if !conventions.agents.contains(&name) {
        return;
    }
    let span = agent.map_or(job.name.span, |agent| agent.span);
    let (runs_workloads, runs_pipelines) = (
        name == conventions.agent,
        name == conventions.pipeline_agent,
    );
    let evicted = job.error_on_eviction.is_some_and(|error| error.value);
    let faults = [
        (
            job.workload.is_some() && !runs_workloads,
            format!("it has a `spec`, which agent {name} does not run"),
        ),
        (
            job.workload.is_none() && runs_workloads && !job.flawed,
            "it has no `spec`, so there is nothing to run".to_owned(),
        ),
        (
            job.pipeline.is_some() && !runs_pipelines,
            format!("it has a pipeline, which agent {name} does not run"),
        ),
        (
            job.pipeline.is_none() && runs_pipelines && !job.flawed,
            format!("agent {name} runs pipelines, and it has none"),
        ),
        (
            job.decoration.span.is_some() && !runs_workloads,
            format!("agent {name} decorates nothing"),
        ),
        (
            evicted && !runs_workloads,
            format!("`error_on_eviction` means nothing to agent {name}"),
        ),
    ];
    let found = faults.into_iter().filter(|(wrong, _)| *wrong);
    let help = "change `agent`, or what it is to run";
    findings
        .extend(found.map(|(_, message)| about(job, &codes::JOB_AGENT, span, message).help(help)));
}

fn init_containers(job: &Job, workload: &Workload, findings: &mut Vec<Diagnostic>) {
    for container in &workload.init_containers {
        let policy = container.restart_policy.as_ref();
        if policy.is_none_or(|policy| policy.value != "Always") {
            let span = first_span(container).unwrap_or(job.name.span);
            let message = "containers that run before the others are not taken".to_owned();
            let finding = about(job, &codes::JOB_CONTAINERS, span, message);
            let help =
                "let it run beside them with `restartPolicy: Always`, or do its work in them";
            findings.push(finding.help(help));
        }
    }
}

fn first_span(container: &Container) -> Option<Span> {
    let named = container.name.as_ref().or(container.image.as_ref());
    named.map(|text| text.span)
}

fn container_names(
    job: &Job,
    workload: &Workload,
    conventions: &Conventions,
    findings: &mut Vec<Diagnostic>,
) {
    let mut report = |span: Span, message: String, help: &str| {
        let finding = about(job, &codes::JOB_CONTAINERS, span, message);
        findings.push(finding.help(help));
    };
    match workload.containers.len() {
        0 if job.flawed => {}
        0 => report(
            job.name.span,
            "it has no container, so there is nothing to run".to_owned(),
            "give `spec.containers` one",
        ),
        1 => {}
        _ => {
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for container in &workload.containers {
                let Some(name) = container.name.as_ref().filter(|name| !name.is_empty()) else {
                    if job.flawed {
                        continue;
                    }
                    let span = first_span(container).unwrap_or(job.name.span);
                    let message = "one of several containers has no name".to_owned();
                    report(span, message, "give each of them a name");
                    continue;
                };
                if seen.insert(name, name.span).is_some() {
                    let message = format!("two containers are called {name}");
                    report(name.span, message, "give one of them another name");
                }
                if conventions.containers.contains(&name.value.as_str()) {
                    let message = format!("decoration adds a container called {name} itself");
                    report(name.span, message, "give it another name");
                }
            }
        }
    }
}

fn variables(
    job: &Job,
    container: &Container,
    conventions: &Conventions,
    findings: &mut Vec<Diagnostic>,
) {
    let kind = job.kind.name();
    for (at, variable) in container.env.iter().enumerate() {
        let name = &variable.name;
        let mut report = |message: String, help: &str, earlier: Option<Span>| {
            let mut finding = about(job, &codes::JOB_VARIABLE, name.span, message).help(help);
            if let Some(earlier) = earlier {
                finding = finding.related(earlier, "first here");
            }
            findings.push(finding);
        };
        if let Some(twin) = container.env[..at].iter().find(|other| other.name == *name) {
            let message = format!("the variable {name} is set twice");
            report(message, "keep one of the two", Some(twin.name.span));
        }
        if conventions.is_reserved(name, kind) {
            let message = format!("the variable {name} is set by the system");
            report(message, "call it something else", None);
        }
    }
}

fn volumes(
    job: &Job,
    workload: &Workload,
    conventions: &Conventions,
    findings: &mut Vec<Diagnostic>,
) {
    for (at, volume) in workload.volumes.iter().enumerate() {
        let name = &volume.name;
        if let Some(twin) = workload.volumes[..at]
            .iter()
            .find(|other| other.name == *name)
        {
            let message = format!("two volumes are called {name}");
            let finding = about(job, &codes::JOB_VOLUME, name.span, message);
            findings.push(
                finding
                    .related(twin.name.span, "the first")
                    .help("give one of them another name"),
            );
        }
        if conventions.volumes.contains(&name.value.as_str()) {
            let message = format!("decoration adds a volume called {name} itself");
            let finding = about(job, &codes::JOB_VOLUME, name.span, message);
            findings.push(finding.help("give it another name"));
        }
    }
}

fn mounts(job: &Job, mounts: &[Mount], conventions: &Conventions, found: &mut Vec<Diagnostic>) {
    for mount in mounts {
        let (name, path) = (&mount.name, mount.mount_path.as_ref());
        if conventions.mounts.contains(&name.value.as_str()) {
            let message = format!("decoration mounts a volume called {name} itself");
            let finding = about(job, &codes::JOB_VOLUME, name.span, message);
            found.push(finding.help("mount another volume"));
        }
        if let Some(path) = path.filter(|path| conventions.mount_paths.contains(&path.as_str())) {
            let message = format!("decoration mounts something at {path} itself");
            let finding = about(job, &codes::JOB_VOLUME, path.span, message);
            found.push(finding.help("mount it somewhere else"));
        }
    }
}

fn labels(job: &Job, conventions: &Conventions, findings: &mut Vec<Diagnostic>) {
    for (key, value) in &job.labels.entries {
        if conventions.labels.contains(&key.value.as_str()) {
            let message = format!("the label {key} is set by the system");
            let finding = about(job, &codes::JOB_LABEL, key.span, message);
            findings.push(finding.help("remove it"));
        }
        if let Some(why) = not_a_qualified_name(key) {
            let message = format!("`{key}` cannot be the key of a label: {why}");
            findings.push(
                about(job, &codes::JOB_LABEL, key.span, message)
                    .help("name it with letters, digits and `-`"),
            );
        }
        if let Some(why) = not_a_label_value(value) {
            let message = format!("`{value}` cannot be the value of a label: {why}");
            findings.push(
                about(job, &codes::JOB_LABEL, value.span, message)
                    .help("use a word; a sentence belongs into an annotation"),
            );
        }
    }
    for (key, _) in &job.annotations.entries {
        if let Some(why) = not_a_qualified_name(key) {
            let message = format!("`{key}` cannot be the key of an annotation: {why}");
            findings.push(about(job, &codes::JOB_ANNOTATION, key.span, message).help(
                "name it with letters, digits and `-`, with at most one `/` behind a domain",
            ));
        }
    }
}

/// What is wrong with presets whatever jobs they are for.
pub(crate) fn presets(
    presets: &[Arc<Preset>],
    conventions: &Conventions,
    findings: &mut Vec<Diagnostic>,
) {
    let mut report = |name: &Spanned<String>, what: &str| {
        let message = format!("{what} {name} is the system's own");
        let finding = Diagnostic::new(&codes::PRESET_RESERVED, name.span, message);
        findings.push(finding.help("call it something else"));
    };
    for preset in presets {
        let variables = preset.env.iter().map(|variable| &variable.name);
        for name in variables.filter(|name| conventions.is_reserved(name, KindName::Periodic)) {
            report(name, "the variable");
        }
        let volumes = preset.volumes.iter().map(|volume| &volume.name);
        for name in volumes.filter(|name| conventions.volumes.contains(&name.value.as_str())) {
            report(name, "the volume");
        }
        for mount in &preset.volume_mounts {
            if conventions.mounts.contains(&mount.name.value.as_str()) {
                report(&mount.name, "the mount of volume");
            }
            let taken = |path: &&Spanned<String>| conventions.mount_paths.contains(&path.as_str());
            if let Some(path) = mount.mount_path.as_ref().filter(taken) {
                report(path, "the path");
            }
        }
    }
}

/// What is wrong with a job given the presets and the settings of its installation.
pub(crate) fn in_place(catalogue: &Catalogue, at: usize, findings: &mut Vec<Diagnostic>) {
    let job = catalogue.jobs[at].as_ref();
    if let Some(workload) = &job.workload {
        let given = catalogue.presets_of(at);
        for clash in clashes(workload, &given) {
            let message = format!(
                "a preset adds {} {}, which is there already",
                clash.what, clash.name
            );
            findings.push(
                about(job, &codes::JOB_PRESET_CLASH, job.name.span, message)
                    .related(clash.span, "the preset adds it here")
                    .related(clash.earlier, "it was here before")
                    .help("remove it from the job, or the label that asks for the preset"),
            );
        }
        if !job.flawed {
            decoration(catalogue, job, workload, findings);
            if !catalogue.incomplete {
                undefined_mounts(catalogue, job, workload, &given, findings);
            }
        }
    }
    let queues = catalogue.settings.queues.as_ref();
    if let (Some(queue), Some(queues)) = (job.queue.as_ref().filter(|q| !q.is_empty()), queues)
        && !queues.contains(&queue.value)
    {
        let near = base::nearest(queue, queues.iter().map(String::as_str));
        let message = format!("no queue is called {queue}");
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let finding = about(job, &codes::JOB_QUEUE, queue.span, message);
        findings.push(
            finding
                .help_if(help)
                .help_if(Some("declare it, or use one that is".to_owned())),
        );
    }
    let usual = catalogue.settings.namespace.as_ref();
    let asked = job
        .namespace
        .as_ref()
        .filter(|namespace| !namespace.is_empty());
    let conventions = catalogue.conventions;
    let pipelines = job
        .agent
        .as_ref()
        .is_some_and(|agent| agent.value == conventions.pipeline_agent);
    if let (Some(asked), Some(usual), false) = (asked, usual, pipelines)
        && asked.value != *usual
    {
        let message = format!("it asks for namespace {asked}, and jobs run in {usual}");
        let finding = about(job, &codes::JOB_AGENT, asked.span, message);
        findings.push(finding.help("remove `namespace`"));
    }
}

fn decoration(
    catalogue: &Catalogue,
    job: &Job,
    workload: &Workload,
    findings: &mut Vec<Diagnostic>,
) {
    if !catalogue.is_decorated(job) && job.decoration.span.is_none() {
        if workload.containers.len() > 1 {
            let message = "it has several containers and is not decorated".to_owned();
            let finding = about(job, &codes::JOB_CONTAINERS, job.name.span, message);
            findings.push(finding.help("add `decorate: true`"));
        }
        return;
    }
    for container in &workload.containers {
        let mut words = container.command.iter().chain(&container.args);
        if words.next().is_none_or(|word| word.is_empty()) {
            let span = first_span(container).unwrap_or(job.name.span);
            let message = "it is decorated, and does not say what its container runs".to_owned();
            let finding = about(job, &codes::JOB_COMMAND, span, message);
            findings.push(finding.help("give the container `command`, `args` or both"));
        }
    }
}

fn undefined_mounts(
    catalogue: &Catalogue,
    job: &Job,
    workload: &Workload,
    given: &[&Preset],
    findings: &mut Vec<Diagnostic>,
) {
    let of_presets = given.iter().flat_map(|preset| &preset.volumes);
    let volumes: Vec<&str> = workload
        .volumes
        .iter()
        .chain(of_presets)
        .map(|volume| volume.name.value.as_str())
        .collect();
    let decoration = &job.decoration.settings.secrets;
    let known = |name: &str| {
        volumes.contains(&name)
            || catalogue.conventions.volumes.contains(&name)
            || decoration.iter().any(|(_, secret)| secret.value == name)
    };
    let own = workload
        .containers
        .iter()
        .flat_map(|container| &container.volume_mounts);
    let added = given.iter().flat_map(|preset| &preset.volume_mounts);
    let mut last = None;
    for mount in own.chain(added) {
        let name = &mount.name;
        if known(name) || last == Some(name.span) {
            continue;
        }
        last = Some(name.span);
        let near = base::nearest(name, volumes.iter().copied());
        let message = format!("no volume is called {name}");
        let help = near.map_or("declare it under `volumes`".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        findings.push(about(job, &codes::JOB_VOLUME, name.span, message).help(help));
    }
}
