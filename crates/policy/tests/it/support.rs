//! A small estate with jobs, and what policies make of it.

use base::{Diagnostic, SourceMap};
use estate::{MemoryTree, Tree};
use formats::Ci;
use jiff::civil::{Date, date};
use policy::{Report, Things};

/// The day on which everything is judged.
pub(crate) const TODAY: Date = date(2026, 1, 1);

/// An estate with a group, and jobs below `jobs/`.
pub(crate) fn bakery() -> MemoryTree {
    MemoryTree::default()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: x\nsources:\n- {format: prow-jobs, path: jobs}\n",
        )
        .with("charter.yaml", "rules: {}\n")
        .with("groups/bakers.yaml", "title: Bakers\n")
}

/// A policy `p` of some kind of thing with rules.
pub(crate) fn policy(about: &str, rules: &str) -> String {
    format!("about: {about}\nowner: bakers\nrules:\n{rules}")
}

/// A job of the clock in a cluster.
pub(crate) fn job(name: &str, cluster: &str) -> String {
    format!(
        "- name: {name}\n  interval: 1h\n  cluster: {cluster}\n  spec:\n    containers:\n    - {{image: i, command: [bake]}}\n"
    )
}

/// What is wrong with an estate by its policies, and what is wrong with its files.
pub(crate) struct Judged {
    pub(crate) sources: SourceMap,
    pub(crate) files: Vec<Diagnostic>,
    pub(crate) report: Report,
}

pub(crate) fn judge(tree: &dyn Tree) -> Judged {
    judge_on(tree, TODAY)
}

pub(crate) fn judge_on(tree: &dyn Tree, day: Date) -> Judged {
    let (mut estate, mut files) = formats::load(tree).expect("an estate");
    let mut sources = std::mem::take(&mut estate.sources);
    let ci = Ci::load(&estate, tree, &mut sources);
    files.extend(ci.findings.iter().cloned());
    let subjects = ci.subjects(&estate);
    let things = Things::of(&estate, subjects.as_ref()).on(day);
    let report = policy::check(&estate, &things, &mut sources, tree, day);
    Judged {
        sources,
        files,
        report,
    }
}

impl Judged {
    /// The findings as `id place: message`.
    pub(crate) fn said(&self) -> Vec<String> {
        let said = self.report.findings.iter().map(|finding| {
            let place = self.sources.locate(finding.span);
            format!("{} {place}: {}", finding.id(), finding.message)
        });
        said.collect()
    }

    /// The ids of the findings.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.report.findings.iter().map(Diagnostic::id).collect()
    }
}
