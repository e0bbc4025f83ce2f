//! `commonhold audit`

mod earlier;
mod evidence;
mod see;
mod show;

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use audit::{Coverage, Difference, Ignores, Seen, compare, path_of};

use crate::Exit;
use crate::cli::{
    AuditArguments, AuditCollectArguments, AuditCommand, AuditDiffArguments, AuditLooking,
};
use crate::files;
use crate::governed::{Place, Side};
use crate::project::Project;
use crate::surroundings::Outcome;
use earlier::Earlier;
use evidence::Evidence;
use see::Refusal;
use show::{Report, State, SystemReport};

pub(crate) fn run(project: &Project<'_>, arguments: &AuditArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        AuditCommand::Collect(arguments) => collect(project, arguments),
        AuditCommand::Diff(arguments) => diff(project, arguments),
    }
}

fn collect(project: &Project<'_>, arguments: &AuditCollectArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let below = below(&arguments.into)?;
    let folder = place.folder.join(below);
    let swept = sweep(&folder).with_context(|| format!("{below} cannot be read"))?;
    let mut notes: String = swept
        .iter()
        .map(|path| {
            format!("note: {below}/{path} was left by a run that did not end, and is gone\n")
        })
        .collect();
    let earlier = Earlier::here(&folder);
    let mut audit = Audit::of(project, &place, &arguments.looking, &earlier)?;
    notes += &audit.notes;
    for one in &mut audit.systems {
        let path = format!("{below}/{}", path_of(&one.report.system));
        if let Some(seen) = one.seen.take() {
            one.report.state = match seen.export.text(arguments.largest) {
                Ok(text) => keep(&place.folder.join(&path), &text)
                    .with_context(|| format!("{path} cannot be written"))?,
                Err(failed) => State::Failed(Refusal::from(failed)),
            };
        }
        one.report.path = Some(path);
    }
    if arguments.looking.system.is_empty() {
        let known = |path: &str| {
            let mut systems = audit.systems.iter();
            systems.any(|one| path_of(&one.report.system) == path)
        };
        for path in earlier.paths()?.iter().filter(|path| !known(path)) {
            notes += &format!(
                "note: {below}/{path} is of a system that the estate no longer has; remove it once that is meant\n"
            );
        }
    }
    let report = audit.report();
    let exit = if report.failed() {
        Exit::Findings
    } else {
        Exit::Well
    };
    Ok(report.outcome(
        &arguments.looking.question,
        project.surroundings,
        notes,
        exit,
    ))
}

fn diff(project: &Project<'_>, arguments: &AuditDiffArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let below = below(&arguments.folder)?;
    let earlier = match &arguments.since {
        None => Earlier::here(&place.folder.join(below)),
        Some(since) => Earlier::named(&place, below, since)?,
    };
    let audit = Audit::of(project, &place, &arguments.looking, &earlier)?;
    let notes = audit.notes.clone();
    let report = audit.report();
    let exit = match (report.failed(), report.open()) {
        (true, _) => Exit::Findings,
        (false, 0) => Exit::Well,
        (false, _) => Exit::Stale,
    };
    Ok(report.outcome(
        &arguments.looking.question,
        project.surroundings,
        notes,
        exit,
    ))
}

/// A system that was looked at, as long as its file is not written.
struct Looked {
    seen: Option<Seen>,
    report: SystemReport,
}

/// All systems that were looked at.
struct Audit {
    systems: Vec<Looked>,
    differences: Vec<Difference>,
    notes: String,
}

impl Audit {
    fn of(
        project: &Project<'_>,
        place: &Place<'_>,
        looking: &AuditLooking,
        earlier: &Earlier,
    ) -> anyhow::Result<Self> {
        let head = Side::read(Box::new(project.tree()?), "")?;
        let systems = head.systems(place.outside(), None);
        let evidence = Evidence::read(place, &head, &looking.plan)?;
        let ignores = Ignores::of(&head.estate.manifest, project.day);
        let sources = see::sources(&head.estate, &systems.domains);
        let mut audit = Self {
            systems: Vec::new(),
            differences: Vec::new(),
            notes: String::new(),
        };
        for source in see::chosen(&sources, &looking.system)? {
            let system = source.system();
            (project.surroundings.progress)(&system);
            let mut report = SystemReport::new(&system);
            let seen = match source.see(&head.estate, &systems.domains, place, &evidence) {
                Ok(seen) => seen,
                Err(refusal) => {
                    report.state = State::Failed(refusal);
                    audit.systems.push(Looked { seen: None, report });
                    continue;
                }
            };
            let last = match earlier.export(&system) {
                Ok(last) => last,
                Err(why) => {
                    audit.notes += &format!("warning: {why:#}; nothing is compared with it\n");
                    None
                }
            };
            let (found, coverage) = compare(&seen, last.as_ref(), &evidence, &ignores);
            report.things = seen.export.things().len();
            report.coverage = coverage;
            report.state = State::Seen;
            audit.differences.extend(found);
            audit.systems.push(Looked {
                seen: Some(seen),
                report,
            });
        }
        Ok(audit)
    }

    /// What is said in the end: of a system that failed, also late, nothing but that.
    fn report(self) -> Report {
        let mut systems: Vec<SystemReport> =
            self.systems.into_iter().map(|one| one.report).collect();
        for system in systems.iter_mut().filter(|one| one.failure().is_some()) {
            (system.things, system.coverage) = (0, Coverage::default());
        }
        let has_failed = |name: &str| {
            let mut systems = systems.iter();
            systems.any(|one| one.system == name && one.failure().is_some())
        };
        let mut differences = self.differences;
        differences.retain(|one| !has_failed(&one.system));
        Report {
            systems,
            differences,
        }
    }
}

/// A folder below the estate's, as a path with strokes.
fn below(folder: &str) -> anyhow::Result<&str> {
    let folder = folder.trim_end_matches('/');
    let mut parts = folder.split('/');
    if folder.is_empty() || parts.any(|part| matches!(part, "" | "." | "..")) {
        bail!("`{folder}` is no folder below the estate's; write it as `audit`");
    }
    Ok(folder)
}

/// Writes a file, if it is not what it shall be already.
fn keep(path: &Path, text: &str) -> io::Result<State> {
    match fs::read(path) {
        Ok(is) if is == text.as_bytes() => return Ok(State::Unchanged),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    files::replace(path, text)?;
    Ok(State::Written)
}

/// Removes what a run left beside the files when it was ended half way, and says which that was.
fn sweep(folder: &Path) -> io::Result<Vec<String>> {
    let mut swept = Vec::new();
    for path in earlier::below(folder)? {
        let name = path.rsplit('/').next().unwrap_or(&path);
        // As `files::replace` calls what is not whole yet.
        let draft = name
            .strip_prefix('.')
            .and_then(|name| name.rsplit_once(".json."));
        if draft.is_some_and(|(_, run)| !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit()))
        {
            fs::remove_file(folder.join(&path))?;
            swept.push(path);
        }
    }
    Ok(swept)
}
