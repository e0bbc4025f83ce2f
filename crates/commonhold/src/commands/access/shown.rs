//! What follows from edits: the lines of files, what changes in the real systems, and what the
//! charter says then.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use access::leaving::{EditedTree, FileEdit};
use anyhow::Context;
use change::{Change, Domain, Scope};
use charter::risk::{Assessor, Risk};
use estate::Tree;
use serde::Serialize;
use yaml::edit::Sign;

use crate::files;
use crate::governed::Place;
use crate::project::{Checked, Project};
use crate::systems::Systems;

/// What follows from edits.
#[derive(Serialize)]
pub(super) struct Followed {
    /// What the next plan holds for it, as far as the files tell.
    changes: Vec<Following>,
    /// The parts of real systems of which it cannot be told, each with why.
    untold: Vec<String>,
    /// What is found then and was not before.
    findings: Vec<String>,
}

/// One change that follows.
#[derive(Serialize)]
struct Following {
    scope: Scope,
    resource: String,
    action: &'static str,
    risk: Risk,
    #[serde(skip)]
    mark: char,
}

/// What follows from edits to the files of an estate that was just read.
pub(super) fn follow(
    project: &Project<'_>,
    before: &Checked,
    tree: &dyn Tree,
    edits: &[FileEdit],
) -> anyhow::Result<Followed> {
    let edited = EditedTree::new(tree, edits);
    let after = Checked::read(&edited, project.day)
        .map_err(|_| anyhow::anyhow!("the files could not be read after the edit"))?;
    let said = |checked: &Checked| -> Vec<String> {
        let all = checked.findings.iter();
        all.map(|one| format!("{}[{}]: {}", one.severity, one.code.id, one.message))
            .collect()
    };
    let known: BTreeSet<String> = said(before).into_iter().collect();
    let place = Place::of(project)?;
    let outside = place.outside();
    let was = Systems::new(&before.estate, tree, &Rc::default(), outside, None).domains;
    let is = Systems::new(&after.estate, &edited, &Rc::default(), outside, None).domains;
    let mut assessor = Assessor::new(&after.estate, before.charter.risk.settings());
    let (mut changes, mut untold) = (Vec::new(), Vec::new());
    let there = was.scopes();
    for scope in is.scopes().into_iter().filter(|one| there.contains(one)) {
        let wanted = was
            .desired(&scope)
            .and_then(|was| Ok((was, is.desired(&scope)?)));
        match wanted {
            Ok((current, desired)) => {
                let found = is.diff(&scope, &current, &desired, Some(&current)).changes;
                changes.extend(found.iter().map(|one: &Change| Following {
                    scope: scope.clone(),
                    resource: one.resource.clone(),
                    action: one.action.word(),
                    risk: assessor.assess(&one.effect).risk,
                    mark: one.action.mark(),
                }));
            }
            Err(stopped) => untold.push(stopped.to_string()),
        }
    }
    Ok(Followed {
        changes,
        untold,
        findings: said(&after)
            .into_iter()
            .filter(|one| !known.contains(one))
            .collect(),
    })
}

impl Followed {
    /// For people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        section(
            &mut text,
            "What the next plan holds for it",
            self.changes.iter().map(|one| {
                format!(
                    "{} {} {} ({} risk)",
                    one.mark, one.scope, one.resource, one.risk
                )
            }),
        );
        section(&mut text, "Where it could not be told", &self.untold);
        section(&mut text, "What the charter says then", &self.findings);
        text
    }
}

/// A heading and its lines, if there are any.
pub(super) fn section<T: ToString>(
    text: &mut String,
    heading: &str,
    lines: impl IntoIterator<Item = T>,
) {
    let lines: Vec<String> = lines.into_iter().map(|line| line.to_string()).collect();
    if lines.is_empty() {
        return;
    }
    *text += &format!("{heading}:\n");
    for line in lines {
        *text += &format!("  {}\n", base::visible(&line));
    }
    text.push('\n');
}

/// The lines that change, file by file.
pub(super) fn lines(edits: &[FileEdit]) -> String {
    let mut text = String::new();
    for edit in edits {
        let new = if edit.before.is_none() { " (new)" } else { "" };
        text += &format!("{}{new}\n", edit.path);
        for line in &edit.lines {
            let sign = match line.sign {
                Sign::Removed => '-',
                Sign::Added => '+',
            };
            text += &format!("  {:>5} {sign} {}\n", line.line, base::visible(&line.text));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Writes what was edited.
pub(super) fn write(root: &Path, edits: &[FileEdit]) -> anyhow::Result<()> {
    for edit in edits {
        files::replace(&root.join(&edit.path), &edit.after)
            .with_context(|| format!("{} cannot be written", edit.path))?;
    }
    Ok(())
}

/// What comes next.
pub(super) fn next(edits: &[FileEdit], written: bool) -> &'static str {
    match (edits.is_empty(), written) {
        (true, _) => "no file has to change\n",
        (false, true) => "written; commit it, and `commonhold plan` says what it takes\n",
        (false, false) => "nothing is written yet; --write does\n",
    }
}
