//! Checking the files of elections.

use std::path::{Path, PathBuf};

use base::{Diagnostic, Severity, SourceMap};
use elections::definition::Key;
use elections::{candidacy, codes, elekto, officers};

use super::held::{Community, Held};
use crate::Exit;
use crate::cli::{CheckOutput, ElectCheckArguments};
use crate::files::DiskTree;
use crate::project::Project;
use crate::render::findings::{self, Tally};
use crate::render::machine;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectCheckArguments,
) -> anyhow::Result<Outcome> {
    let folders = elections_below(project, &arguments.folder)?;
    let community = Community::of(project)?;
    let mut sources = SourceMap::default();
    let mut findings = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    let mut notes = String::new();
    for (folder, key) in folders {
        let held = Held::read_loosely(project, &folder, key, sources)?;
        findings.extend(held.findings.iter().cloned());
        findings.extend(of_people(project, &community, &held));
        keys.push(held.key.to_string());
        if held.elekto.is_none() {
            notes.clone_from(&community.note);
        }
        sources = held.sources;
    }
    let said = said(project, arguments.output, &sources, &findings, &keys);
    let error = |finding: &Diagnostic| finding.severity == Severity::Error;
    let exit = if findings.iter().any(error) {
        Exit::Findings
    } else {
        Exit::Well
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(said)
    }
    .exit(exit))
}

/// What is wrong with the officers and candidates of an election of ours. Elekto has no
/// rules for them.
pub(super) fn of_people(
    project: &Project<'_>,
    community: &Community,
    held: &Held,
) -> Vec<Diagnostic> {
    let Some(definition) = held.definition.as_ref().filter(|_| held.elekto.is_none()) else {
        return Vec::new();
    };
    let candidates = held.candidates.iter();
    let candidates: Vec<_> = candidates.map(|one| one.id.value.clone()).collect();
    let known = officers::Known {
        employers: &community.employers,
        day: project.day,
        served: &community.served_before(definition),
        candidates: &candidates,
    };
    let mut findings = officers::check(definition, &community.estate, known);
    findings.extend(held.of_files_beside(definition, &community.estate));
    let limit = definition.candidacy.words.map(charter::Count::get);
    for candidate in &held.candidates {
        let words = candidacy::words(&candidate.statement);
        let Some(limit) = limit.filter(|limit| words > *limit as usize) else {
            continue;
        };
        let message = format!(
            "the statement of {} has {words} words, and {limit} are the limit",
            candidate.name
        );
        let finding = Diagnostic::new(&codes::WORDS, candidate.id.span, message);
        let finding = finding.help("shorten the statement");
        findings.push(finding.about(format!("election/{}", held.key)));
    }
    findings
}

/// The elections of a folder: itself, or all below it.
fn elections_below(
    project: &Project<'_>,
    folder: &Path,
) -> anyhow::Result<Vec<(PathBuf, Option<Key>)>> {
    let root = project.surroundings.folder.join(folder);
    if root.join(elekto::ELECTION).is_file() || !root.is_dir() {
        return Ok(vec![(folder.to_owned(), None)]);
    }
    let tree = DiskTree::new(&root, &folder.to_string_lossy());
    let found = elekto::folders(&tree, "")
        .map_err(|refused| anyhow::anyhow!("{}: {}", refused.path, refused.reason))?;
    if found.is_empty() {
        anyhow::bail!("there is no election in {} or below it", folder.display());
    }
    let with_key = |path: String| (folder.join(&path), Key::new(&path));
    Ok(found.into_iter().map(with_key).collect())
}

fn said(
    project: &Project<'_>,
    output: CheckOutput,
    sources: &SourceMap,
    findings: &[Diagnostic],
    keys: &[String],
) -> String {
    let tally = Tally::of(findings);
    match output {
        CheckOutput::Text => {
            let of = base::counted(keys.len(), "election", "elections");
            findings::text(findings, sources, project.surroundings)
                + &format!("{of}: {}\n", tally.words())
        }
        CheckOutput::Markdown => {
            findings::markdown(findings, sources) + &format!("\n**{}**\n", tally.words())
        }
        CheckOutput::Json => {
            let day = project.day.to_string();
            machine::json(findings, tally, sources, &keys.join(", "), &day)
        }
        CheckOutput::Sarif => machine::sarif(findings, sources),
        CheckOutput::Github => machine::github(findings, sources),
    }
}
