//! `commonhold check`

use base::{Diagnostic, Severity, SourceMap};
use estate::KindId;

use crate::Exit;
use crate::cli::{CheckArguments, CheckOutput};
use crate::pages;
use crate::project::{Project, Unusable};
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
    if let Some(id) = arguments.rule.iter().find(|id| pages::code(id).is_none()) {
        return Ok(Outcome::usage(&pages::unknown(id)));
    }
    let checked = project.check()?;
    if let (Ok(checked), Some(item)) = (&checked, &arguments.about) {
        let known = item
            .split_once('/')
            .and_then(|(kind, name)| Some((KindId::named(kind)?, name)));
        if !known.is_some_and(|(kind, name)| checked.estate.tables.knows(kind, name)) {
            return Ok(Outcome::usage(&format!(
                "the estate has no item `{item}`; write it as kind/name"
            )));
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
            arguments.rule.is_empty() || arguments.rule.iter().any(|id| id == finding.code.id);
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
    Ok(Outcome::data(data).exit(if failed { Exit::Findings } else { Exit::Well }))
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
            first.code.id
        );
    }
    text + "\n"
}
