//! `commonhold check`

mod begin;
mod diff;
mod fix;

use base::{Diagnostic, Severity, SourceMap};
use estate::KindId;
use policy::Shrunk;

use crate::Exit;
use crate::cli::{CheckArguments, CheckOutput};
use crate::lists;
use crate::pages;
use crate::project::{Checked, Project, Unusable};
use crate::render::findings::{self, Tally};
use crate::render::machine;
use crate::surroundings::Outcome;

pub(crate) fn run(mut project: Project<'_>, arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    if let Some(path) = &arguments.path
        && project.given.replace(path.clone()).is_some()
    {
        return Ok(Outcome::usage(
            "the estate's folder is given twice, by -C and as an argument",
        ));
    }
    // The community's own rules, which have a `/`, are known when the estate has been read.
    let of_code = |id: &&String| !id.contains('/') && pages::code(id).is_none();
    if let Some(id) = arguments.rule.iter().find(of_code) {
        return Ok(Outcome::usage(&pages::unknown(id)));
    }
    let mut checked = project.check()?;
    let mut notes = String::new();
    if let Ok(checked) = &mut checked {
        match act(&project, checked, arguments)? {
            Ok(said) => notes = said,
            Err(instead) => return Ok(instead),
        }
    }
    let (sources, name, found) = match checked {
        Ok(checked) => (
            checked.estate.sources,
            checked.estate.manifest.name,
            checked.findings,
        ),
        Err(Unusable { sources, findings }) => (sources, String::new(), findings),
    };
    // A file that could not be read may hold what was asked for.
    let unread = [
        &yaml::codes::SYNTAX,
        &yaml::codes::TAB,
        &yaml::codes::LIMIT,
        &yaml::codes::DOCUMENTS,
        &estate::codes::UNREADABLE,
    ];
    let asked = |finding: &Diagnostic| {
        let of_rule =
            arguments.rule.is_empty() || arguments.rule.iter().any(|id| is_of(finding, id));
        let about = arguments.about.is_none() || finding.subject == arguments.about;
        (of_rule && about) || unread.iter().any(|code| std::ptr::eq(*code, finding.code))
    };
    let found: Vec<Diagnostic> = found.into_iter().filter(asked).collect();
    let all = Tally::of(&found);
    let least: Severity = arguments.severity.into();
    let (shown, hidden): (Vec<_>, Vec<_>) = found
        .iter()
        .cloned()
        .partition(|finding| finding.severity >= least);
    let data = match arguments.output {
        CheckOutput::Text => {
            findings::text(&shown, &sources, project.surroundings)
                + &summary(all, Tally::of(&hidden), &shown, &name, &sources)
        }
        CheckOutput::Markdown => {
            findings::markdown(&shown, &sources) + &format!("\n**{}**\n", all.words())
        }
        CheckOutput::Json => machine::json(&shown, all, &sources, &name, &project.day.to_string()),
        CheckOutput::Sarif => machine::sarif(&shown, &sources),
        CheckOutput::Github => machine::github(&shown, &sources),
    };
    let fails: Severity = arguments.fail_on.into();
    let failed = found.iter().any(|finding| finding.severity >= fails);
    let exit = if failed { Exit::Findings } else { Exit::Well };
    Ok(Outcome { data, notes, exit })
}

/// Writes what is asked for, and gives what is said of it; or what is said instead of the findings.
fn act(
    project: &Project<'_>,
    checked: &mut Checked,
    arguments: &CheckArguments,
) -> anyhow::Result<Result<String, Outcome>> {
    if let Some(refused) = not_asked_well(checked, arguments) {
        return Ok(Err(refused));
    }
    if let Some(id) = &arguments.start {
        return begin::run(project, checked, id).map(Err);
    }
    let mut notes = String::new();
    if arguments.fix {
        let asked =
            |id: &str| arguments.rule.is_empty() || arguments.rule.iter().any(|one| one == id);
        let fixed = fix::run(project, checked, &asked, arguments.dry_run)?;
        if let Some(diff) = fixed.diff {
            return Ok(Err(fix::shown(diff, fixed.notes)));
        }
        notes = fixed.notes;
    }
    notes += &shorten(project, checked, arguments.locked)?;
    Ok(Ok(notes))
}

/// Writes the lists that became shorter, and says so; where nothing is to be written, or another day
/// than today is judged, they are findings.
fn shorten(project: &Project<'_>, checked: &mut Checked, locked: bool) -> anyhow::Result<String> {
    let shrunk = std::mem::take(&mut checked.shrunk);
    let (said, unwritten) = if locked || project.day != project.surroundings.today {
        (String::new(), shrunk)
    } else {
        lists::write(shrunk, &project.root()?)
    };
    checked.add(unwritten.iter().map(Shrunk::finding));
    Ok(said)
}

/// Whether a finding is of a kind, or of a rule of the community's own.
fn is_of(finding: &Diagnostic, id: &str) -> bool {
    id == finding.code.id || id == finding.id()
}

/// What is asked for and the estate does not have, if anything.
fn not_asked_well(checked: &Checked, arguments: &CheckArguments) -> Option<Outcome> {
    let rules: Vec<String> = policy::ids(&checked.estate).collect();
    let unknown = |id: &&String| id.contains('/') && !rules.contains(id);
    if let Some(id) = arguments.rule.iter().find(unknown) {
        return Some(Outcome::usage(&pages::unknown_rule(id, &rules)));
    }
    let item = arguments.about.as_ref()?;
    let known = item.split_once('/').is_some_and(|(kind, name)| match kind {
        "job" => {
            let jobs = checked.ci.catalogue.iter().flat_map(|all| &all.jobs);
            jobs.into_iter().any(|job| job.name.value == name)
        }
        "preset" | "tab" => true,
        kind => KindId::named(kind).is_some_and(|kind| checked.estate.tables.knows(kind, name)),
    });
    (!known).then(|| {
        Outcome::usage(&format!(
            "the estate has no item `{item}`; write it as kind/name"
        ))
    })
}

fn summary(
    all: Tally,
    hidden: Tally,
    shown: &[Diagnostic],
    name: &str,
    sources: &SourceMap,
) -> String {
    let files = sources.files().count();
    let name = if name.is_empty() { "the estate" } else { name };
    let mut text = format!("{}: {} in {files} files", base::visible(name), all.words());
    if hidden.warnings + hidden.notes + hidden.errors > 0 {
        let least = if hidden.notes > 0 { "note" } else { "warning" };
        text += &format!(
            " ({} hidden; --severity {least} shows them)",
            hidden.words()
        );
    }
    if let Some(first) = shown.first() {
        text += &format!(
            "\n`commonhold explain {}` says more about the first of them",
            first.id()
        );
    }
    text + "\n"
}
