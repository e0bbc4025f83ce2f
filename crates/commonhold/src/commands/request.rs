//! `commonhold request`

use anyhow::Context;
use base::SourceMap;
use dns::request::{self, Candidate, Problem, Resolved, ZoneText};
use formats::octodns::{self, DeclaredZone};
use serde_json::json;

use crate::Exit;
use crate::cli::{DataOutput, RequestArguments, RequestCommand};
use crate::files::{self, DiskTree};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &RequestArguments) -> anyhow::Result<Outcome> {
    let RequestCommand::Dns {
        from,
        write,
        output,
    } = &arguments.command;
    let (estate, mut notes) = project.ask()?;
    let root = project.root()?;
    let tree = DiskTree::new(&root, "");
    let text = std::fs::read_to_string(project.surroundings.folder.join(from))
        .with_context(|| format!("{} cannot be read", from.display()))?;
    let mut zones: Vec<(
        &estate::Item<estate::kinds::Zone>,
        DeclaredZone,
        Vec<ZoneText>,
    )> = Vec::new();
    for item in estate
        .tables
        .zones
        .items()
        .filter(|item| !item.value.records.is_empty())
    {
        let mut sources = SourceMap::default();
        let Some(zone) = octodns::read_zone(item, &tree, &mut sources).zone else {
            notes += &format!(
                "warning: zone {} has errors and was left out; see `commonhold check`\n",
                item.name
            );
            continue;
        };
        let files = sources.files().map(|file| ZoneText {
            path: file.path.clone(),
            text: file.text.clone(),
        });
        zones.push((item, zone, files.collect()));
    }
    let candidates: Vec<Candidate<'_>> = zones
        .iter()
        .map(|(item, declared, files)| Candidate {
            item,
            declared,
            files,
        })
        .collect();
    let resolved =
        request::parse(&text).and_then(|request| request::resolve(&request, &candidates));
    let resolved = match resolved {
        Ok(resolved) => resolved,
        Err(problems) => {
            return Ok(refusal(
                &from.display().to_string(),
                &problems,
                *output,
                notes,
            ));
        }
    };
    if *write {
        for file in &resolved.files {
            files::replace(&root.join(&file.path), &file.text)
                .with_context(|| format!("{} cannot be written", file.path))?;
        }
    }
    let texts = zones.iter().flat_map(|(_, _, files)| files);
    let data = match output {
        DataOutput::Text => told(&resolved, texts, *write),
        DataOutput::Json => {
            let files: Vec<_> = resolved
                .files
                .iter()
                .map(|file| json!({ "path": file.path, "text": file.text }))
                .collect();
            let json = json!({
                "version": JSON_VERSION,
                "zone": resolved.zone.undotted(),
                "files": files,
                "reviewers": resolved.reviewers,
                "written": write,
            });
            format!("{json:#}\n")
        }
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}

fn told<'t>(
    resolved: &Resolved,
    texts: impl Iterator<Item = &'t ZoneText>,
    written: bool,
) -> String {
    let texts: Vec<&ZoneText> = texts.collect();
    let mut said = String::new();
    for file in &resolved.files {
        let before = texts
            .iter()
            .find(|text| text.path == file.path)
            .map_or("", |text| text.text.as_str());
        said += &format!("{}\n{}", file.path, lines_that_differ(before, &file.text));
    }
    for reviewer in &resolved.reviewers {
        said += &format!(
            "reviewed by {}, for {}\n",
            reviewer.group,
            reviewer.owns.join(", ")
        );
    }
    if resolved.reviewers.is_empty() {
        said += "nobody owns what changes: give the zone an owner\n";
    }
    said += if written {
        "written; commit it, and ask for review\n"
    } else {
        "nothing is written yet; --write does\n"
    };
    said
}

/// The lines that go and those that come, between the equal head and tail of both texts.
fn lines_that_differ(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    let head = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let rest = before.len().min(after.len()) - head;
    let tails = before.iter().rev().zip(after.iter().rev()).take(rest);
    let tail = tails.take_while(|(a, b)| a == b).count();
    let mut said = format!("  line {}\n", head + 1);
    for line in &before[head..before.len() - tail] {
        said += &format!("  - {}\n", base::visible(line));
    }
    for line in &after[head..after.len() - tail] {
        said += &format!("  + {}\n", base::visible(line));
    }
    said
}

fn refusal(from: &str, problems: &[Problem], output: DataOutput, notes: String) -> Outcome {
    if output == DataOutput::Json {
        let problems: Vec<_> = problems
            .iter()
            .map(|one| json!({ "line": one.line, "column": one.column, "what": one.what, "help": one.help }))
            .collect();
        let json = json!({ "version": JSON_VERSION, "refused": problems });
        return Outcome {
            data: format!("{json:#}\n"),
            notes,
            exit: Exit::Findings,
        };
    }
    let mut said = notes;
    for one in problems {
        said += &format!(
            "error: {from}:{}:{}: {}\n  help: {}\n",
            one.line, one.column, one.what, one.help
        );
    }
    Outcome {
        data: String::new(),
        notes: said,
        exit: Exit::Findings,
    }
}
