//! `commonhold check --fix`

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use access::leaving::{EditedTree, FileEdit};
use anyhow::Context;
use base::{Diagnostic, Severity, SourceMap, counted};
use estate::Tree;
use policy::fix::Mending;
use policy::{Fixes, Rules, Things};

use super::diff;
use crate::Exit;
use crate::files;
use crate::project::{Checked, Project};
use crate::surroundings::Outcome;

/// What `--fix` did, or would do.
pub(super) struct Fixed {
    /// What was written, for people.
    pub(super) notes: String,
    /// How the files differ, where nothing was written.
    pub(super) diff: Option<String>,
}

/// A file that is to be written, and what for.
struct Draft {
    edit: FileEdit,
    /// Rules that were broken, each with what broke it; or what else it is for.
    reasons: Vec<String>,
}

/// Mends what can be mended in one way only: what rules fix by themselves, and the lists of
/// approvals. `wanted` says of a rule or a finding whether it is asked for. What was checked is then
/// the estate as it was written.
pub(super) fn run(
    project: &Project<'_>,
    checked: &mut Checked,
    wanted: &dyn Fn(&str) -> bool,
    dry: bool,
) -> anyhow::Result<Fixed> {
    let tree = project.tree()?;
    let root = project.root()?;
    let mut left: BTreeMap<String, String> = BTreeMap::new();
    let mut drafts = drafts(project, checked, wanted, &mut left);
    drafts.retain(|draft| {
        let why = refusal(draft, checked, &tree, &root);
        let fine = why.is_none();
        left.extend(why.map(|why| (draft.edit.path.clone(), why)));
        fine
    });
    let after = settle(project, checked, &tree, &mut drafts, &mut left);
    let notes = told(&drafts, &left, dry);
    if dry {
        let edits = drafts.iter().map(|draft| {
            let edit = &draft.edit;
            diff::unified(&edit.path, edit.before.as_deref(), &edit.after)
        });
        let diff = Some(edits.collect());
        return Ok(Fixed { notes, diff });
    }
    for draft in &drafts {
        let path = root.join(&draft.edit.path);
        // A link stays one: what it leads to is written.
        let path = fs::canonicalize(&path).unwrap_or(path);
        files::replace(&path, &draft.edit.after)
            .with_context(|| format!("{} cannot be written", draft.edit.path))?;
    }
    if let Some(after) = after {
        *checked = after;
    }
    Ok(Fixed { notes, diff: None })
}

/// What a run says that wrote nothing: how the files would change, as `patch` reads it.
pub(super) fn shown(diff: String, notes: String) -> Outcome {
    let exit = if diff.is_empty() {
        Exit::Well
    } else {
        Exit::Findings
    };
    Outcome {
        data: diff,
        notes,
        exit,
    }
}

/// What is to be written by the rules and approvals of an estate. Files that cannot be mended
/// safely are put into `left`, with why.
fn drafts(
    project: &Project<'_>,
    checked: &Checked,
    wanted: &dyn Fn(&str) -> bool,
    left: &mut BTreeMap<String, String>,
) -> Vec<Draft> {
    let (estate, sources) = (&checked.estate, &checked.estate.sources);
    let subjects = checked.ci.subjects(estate);
    let things = Things::of(estate, subjects.as_ref()).on(project.day);
    let rules = Rules::read(estate, sources);
    let fixes = Fixes::read(&rules, sources);
    let asked = |rule: &str| wanted(rule) || wanted(policy::codes::BROKEN.id);
    let Mending { mended, unmended } = fixes.mend(&rules, &things, sources, &asked, project.day);
    for refused in unmended {
        left.insert(refused.path, refused.why.to_string());
    }
    let mended = mended.into_iter().map(|file| Draft {
        reasons: file
            .mended
            .iter()
            .map(|(rule, name)| format!("{rule}: {name}"))
            .collect(),
        edit: edit(file.path, Some(file.before), file.after),
    });
    let listed = checked.listed.iter();
    let listed = listed.filter(|_| wanted(policy::codes::APPROVAL_DIFFERS.id));
    let listed = listed.map(|file| Draft {
        reasons: vec!["its owners have to agree".to_owned()],
        edit: edit(file.path.clone(), file.before.clone(), file.text.clone()),
    });
    mended.chain(listed).collect()
}

fn edit(path: String, before: Option<String>, after: String) -> FileEdit {
    FileEdit {
        path,
        before,
        after,
        lines: Vec::new(),
    }
}

/// Why a file is not written at all.
fn refusal(
    draft: &Draft,
    checked: &Checked,
    tree: &dyn Tree,
    root: &std::path::Path,
) -> Option<String> {
    let edit = &draft.edit;
    let path = root.join(&edit.path);
    let Some(before) = &edit.before else {
        return path.exists().then(|| "it is there by now".to_owned());
    };
    // What is packed, or was changed meanwhile, is not what was read.
    if !fs::read(path).is_ok_and(|bytes| bytes == before.as_bytes()) {
        return Some("it is kept in another form than it is read in".to_owned());
    }
    let shown = tree.display(&edit.path);
    let ours = [
        &policy::codes::BROKEN,
        &policy::codes::GROWN,
        &policy::codes::APPROVAL_DIFFERS,
    ];
    let errors = checked.findings.iter().filter(|finding| {
        finding.severity == Severity::Error
            && !ours.iter().any(|code| std::ptr::eq(*code, finding.code))
            && checked.estate.sources.file(finding.span.file).path == shown
    });
    let count = errors.count();
    (count > 0).then(|| {
        let errors = counted(count, "other error", "other errors");
        format!("it has {errors}, which people have to mend first")
    })
}

/// Reads the estate as it would be; takes back what brings a new error, file by file. `None` if
/// nothing is left to be written.
fn settle(
    project: &Project<'_>,
    before: &Checked,
    tree: &dyn Tree,
    drafts: &mut Vec<Draft>,
    left: &mut BTreeMap<String, String>,
) -> Option<Checked> {
    let known = errors(&before.findings, &before.estate.sources);
    while !drafts.is_empty() {
        let edits: Vec<FileEdit> = drafts.iter().map(|draft| draft.edit.clone()).collect();
        let edited = EditedTree::new(tree, &edits);
        let Ok(after) = Checked::read(&edited, project.day) else {
            drafts.clear();
            break;
        };
        let mut fresh = errors(&after.findings, &after.estate.sources);
        fresh.retain(|error, _| !known.contains_key(error));
        if fresh.is_empty() {
            return Some(after);
        }
        let places: BTreeSet<&String> = fresh.values().collect();
        let first = fresh
            .keys()
            .next()
            .map_or("", |(_, message)| message.as_str());
        let why = format!("then there would be a new error: {first}");
        let count = drafts.len();
        drafts.retain(|draft| {
            let brings = places.contains(&tree.display(&draft.edit.path));
            if brings {
                left.insert(draft.edit.path.clone(), why.clone());
            }
            !brings
        });
        if drafts.len() == count {
            // It is elsewhere, and nobody can say which of the files brings it.
            let paths = drafts.drain(..).map(|draft| (draft.edit.path, why.clone()));
            left.extend(paths);
        }
    }
    None
}

/// The errors among findings: which, and the file each is in.
fn errors(findings: &[Diagnostic], sources: &SourceMap) -> BTreeMap<(String, String), String> {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let each = errors.map(|finding| {
        let which = (finding.id().to_owned(), finding.message.clone());
        (which, sources.file(finding.span.file).path.clone())
    });
    each.collect()
}

/// What was written and what was not, a line a file and one for each reason.
fn told(drafts: &[Draft], left: &BTreeMap<String, String>, dry: bool) -> String {
    let mut text = String::new();
    for draft in drafts {
        let verb = if dry { "would be written" } else { "written" };
        let _ = writeln!(text, "{}: {verb}", base::visible(&draft.edit.path));
        for reason in &draft.reasons {
            let _ = writeln!(text, "  {}", base::visible(reason));
        }
    }
    for (path, why) in left {
        let _ = writeln!(
            text,
            "{}: not written; {}",
            base::visible(path),
            base::visible(why)
        );
    }
    if drafts.is_empty() && left.is_empty() {
        text.push_str("nothing can be mended without people\n");
    }
    text
}
