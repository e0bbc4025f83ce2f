//! `commonhold owners`

mod generate;
mod say;

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use base::{Severity, SourceMap};
use estate::{OwnersTree, join};

use crate::Exit;
use crate::cli::{OwnersArguments, OwnersCommand, OwnersOutput, OwnersPlace, OwnersQuestion};
use crate::files::DiskTree;
use crate::project::Project;
use crate::surroundings::Outcome;
use say::Answer;

pub(crate) fn run(project: &Project<'_>, arguments: &OwnersArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        Some(OwnersCommand::Generate(arguments)) => generate::run(project, arguments),
        None => ask(project, &arguments.question),
    }
}

/// Trees of owners, and the texts that they were read from.
struct Found {
    trees: Vec<OwnersTree>,
    sources: SourceMap,
    notes: String,
}

fn ask(project: &Project<'_>, question: &OwnersQuestion) -> anyhow::Result<Outcome> {
    let paths = paths(project, question)?;
    if paths.is_empty() {
        return Ok(Outcome::usage(
            "name a path, or - to read paths from standard input",
        ));
    }
    let mut found = match &question.place.tree {
        Some(folder) => checkout(project, folder, question.place.repository.as_deref())?,
        None => declared(project, &question.place)?,
    };
    if let Some(program) = &question.compat {
        found = compatible(found, program)?;
    }
    if let Some(file) = &question.collaborators {
        let logins = read(project, file)?;
        let logins: Vec<&str> = logins.lines().map(str::trim).collect();
        let only = |tree: OwnersTree| tree.only(logins.iter().copied());
        found.trees = found.trees.into_iter().map(only).collect();
    }
    let in_repository = question.place.repository.is_some() || question.place.tree.is_some();
    let why = question.why || (question.paths.is_none() && !question.path.iter().any(|p| p == "-"));
    let mut answers = Vec::with_capacity(paths.len());
    for path in &paths {
        let (tree, below) = whose(&found.trees, path, in_repository)?;
        answers.push(Answer::of(tree, path, &below, why));
    }
    let data = match question.output {
        OwnersOutput::Text => say::text(&answers, &found.sources, why),
        OwnersOutput::Json => say::json(&answers, &found.sources)?,
    };
    let all_owned = answers.iter().all(Answer::is_owned);
    let exit = if all_owned {
        Exit::Well
    } else {
        Exit::Findings
    };
    let notes = found.notes;
    Ok(Outcome { data, notes, exit })
}

fn paths(project: &Project<'_>, question: &OwnersQuestion) -> anyhow::Result<Vec<String>> {
    let mut paths: Vec<String> = Vec::new();
    for path in &question.path {
        if path == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .context("standard input cannot be read as text")?;
            paths.extend(listed(&text));
        } else {
            paths.push(path.clone());
        }
    }
    if let Some(file) = &question.paths {
        paths.extend(listed(&read(project, file)?));
    }
    Ok(paths)
}

/// The paths of a list: one a line, or each ended by NUL, as `git diff --name-only -z` has it.
fn listed(text: &str) -> impl Iterator<Item = String> {
    let end = if text.contains('\0') { '\0' } else { '\n' };
    let paths = text.split(end).map(move |path| match end {
        '\n' => path.trim_end_matches('\r'),
        _ => path,
    });
    paths.filter(|path| !path.is_empty()).map(str::to_owned)
}

fn read(project: &Project<'_>, file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(project.surroundings.folder.join(file))
        .with_context(|| format!("{} cannot be read", file.display()))
}

/// The owners of a checkout, with no estate around it.
fn checkout(
    project: &Project<'_>,
    folder: &Path,
    repository: Option<&str>,
) -> anyhow::Result<Found> {
    let root = project.surroundings.folder.join(folder);
    if !root.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    let shown = folder.to_string_lossy();
    let disk = DiskTree::new(root, shown.trim_end_matches('/'));
    let read = formats::owners::checkout(&disk, repository.unwrap_or(&shown))?;
    if read.tree.folders.is_empty() {
        bail!("there is no OWNERS file below {}", folder.display());
    }
    let mut notes = String::new();
    for refused in &read.refused {
        notes += &format!("error: {refused}\n");
    }
    let errors = read
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error);
    for error in errors {
        let place = read.sources.locate(error.span);
        notes += &format!("error: {place}: {}\n", error.message);
    }
    Ok(Found {
        trees: vec![read.tree],
        sources: read.sources,
        notes,
    })
}

/// The owners that the estate adopts, of one repository if one is named.
fn declared(project: &Project<'_>, place: &OwnersPlace) -> anyhow::Result<Found> {
    let (estate, notes) = project.ask()?;
    let mut trees = estate.ownership;
    if trees.is_empty() {
        bail!(
            "the estate has no source of the format `owners`; add one, or name a checkout with --tree"
        );
    }
    if let Some(repository) = &place.repository {
        let names: Vec<String> = trees.iter().map(|tree| tree.repository.clone()).collect();
        trees.retain(|tree| tree.repository.eq_ignore_ascii_case(repository));
        if trees.is_empty() {
            bail!(
                "the estate has no OWNERS files of {repository}; it has those of {}",
                names.join(", ")
            );
        }
    }
    let sources = estate.sources;
    Ok(Found {
        trees,
        sources,
        notes,
    })
}

/// The owners as another program takes them, and a warning for each mistake that it passes over.
fn compatible(found: Found, program: &str) -> anyhow::Result<Found> {
    let (sources, mut notes) = (found.sources, found.notes);
    let mut trees = Vec::new();
    for tree in found.trees {
        let read = formats::owners::compatible(tree, &sources, program);
        let (tree, laxities) = read.with_context(|| format!("`{program}` is not known"))?;
        for laxity in laxities {
            let place = sources.line_of(laxity.span);
            notes += &format!("warning: {place}: {}\n", base::visible(&laxity.text));
        }
        trees.push(tree);
    }
    Ok(Found {
        trees,
        sources,
        notes,
    })
}

/// Which repository a path is in, and its path there.
fn whose<'t>(
    trees: &'t [OwnersTree],
    path: &str,
    in_repository: bool,
) -> anyhow::Result<(&'t OwnersTree, String)> {
    if let [tree] = trees
        && in_repository
    {
        return Ok((tree, join("", path)));
    }
    let by_name = trees.iter().find_map(|tree| {
        let (head, rest) = path.split_at_checked(tree.repository.len())?;
        let below = rest.strip_prefix('/')?;
        head.eq_ignore_ascii_case(&tree.repository)
            .then(|| (tree, join("", below)))
    });
    if let Some(found) = by_name {
        return Ok(found);
    }
    let full = join("", path);
    let by_root = trees
        .iter()
        .filter(|tree| !tree.root.is_empty())
        .filter_map(|tree| Some((tree, full.strip_prefix(&tree.root)?.strip_prefix('/')?)));
    // Of a source within another's folder, the inner one owns.
    if let Some((tree, below)) = by_root.max_by_key(|(tree, _)| tree.root.len()) {
        return Ok((tree, below.to_owned()));
    }
    let at_root = trees.iter().find(|tree| tree.root.is_empty());
    let only = (trees.len() == 1).then(|| trees.first()).flatten();
    if let Some(tree) = only.or(at_root) {
        return Ok((tree, full));
    }
    let names: Vec<&str> = trees.iter().map(|tree| tree.repository.as_str()).collect();
    bail!(
        "`{path}` may be in any of {}; say which with --repository",
        names.join(", ")
    )
}
