//! Answers about who owns paths, for people and for programs.

use std::collections::BTreeSet;
use std::fmt::Write;

use base::{SourceMap, Span};
use estate::{Explanation, Ground, OwnersTree, Resolution};
use serde::Serialize;

use crate::render::machine::JSON_VERSION;

/// Who may do what to one path, and why.
pub(super) struct Answer<'t> {
    tree: &'t OwnersTree,
    /// The path as it was asked about.
    path: &'t str,
    resolution: Resolution,
    /// Why; only where that was asked for.
    explanation: Option<Explanation<'t>>,
}

impl<'t> Answer<'t> {
    /// The answer for a path in a repository.
    pub(super) fn of(tree: &'t OwnersTree, path: &'t str, below: &str, why: bool) -> Self {
        let resolution = tree.resolve(below);
        // What is broken is always said with its place.
        let explained = why || resolution.broken_at.is_some();
        Self {
            tree,
            path,
            resolution,
            explanation: explained.then(|| tree.explain(below)),
        }
    }

    /// Whether anybody may approve.
    pub(super) fn is_owned(&self) -> bool {
        !self.resolution.approvers.is_empty()
    }
}

/// For people: a block a path with the reasons, or a line a path without.
pub(super) fn text(answers: &[Answer<'_>], sources: &SourceMap, why: bool) -> String {
    let mut out = String::new();
    for answer in answers {
        if why {
            block(answer, sources, &mut out);
        } else {
            let path = base::visible(answer.path);
            let who = match fault(answer, sources) {
                Some(fault) => format!("nobody: {fault}"),
                None if answer.is_owned() => names(&answer.resolution.approvers),
                None => "nobody".to_owned(),
            };
            let _ = writeln!(out, "{path}: {who}");
        }
    }
    out
}

fn block(answer: &Answer<'_>, sources: &SourceMap, out: &mut String) {
    let (path, repository) = (base::visible(answer.path), &answer.tree.repository);
    let _ = writeln!(out, "{path} in {}", base::visible(repository));
    let resolution = &answer.resolution;
    if let Some(fault) = fault(answer, sources) {
        let _ = writeln!(out, "  nobody may approve: {fault}");
    } else if !answer.is_owned() {
        out.push_str("  nobody may approve: no OWNERS file on the way names anybody\n");
    }
    let above: BTreeSet<String> = resolution
        .approvers
        .difference(&resolution.leaf_approvers)
        .cloned()
        .collect();
    for (how, people) in [
        ("approve", &resolution.leaf_approvers),
        ("approve from above", &above),
        ("review", &resolution.reviewers),
        ("must review", &resolution.required_reviewers),
        ("labels", &resolution.labels),
    ] {
        if !people.is_empty() {
            let _ = writeln!(out, "  {how}: {}", names(people));
        }
    }
    if let Some(explanation) = &answer.explanation {
        reasons(explanation, sources, out);
    }
}

fn reasons(explanation: &Explanation<'_>, sources: &SourceMap, out: &mut String) {
    if !explanation.grounds.is_empty() {
        out.push_str("  because\n");
    }
    for ground in &explanation.grounds {
        let place = sources.line_of(ground.entry.span);
        let _ = write!(
            out,
            "    {place} has {} in {}",
            base::visible(&ground.who),
            ground.list
        );
        if let Some(member) = ground.member {
            let (alias, place) = (base::visible(ground.entry), sources.line_of(member.span));
            let _ = write!(out, ", through the alias {alias} ({place})");
        }
        if let Some(filter) = ground.filter {
            let _ = write!(out, ", for the filter `{}`", base::visible(filter));
        }
        out.push('\n');
    }
    for stop in &explanation.stops {
        let place = sources.file(stop.file).path.clone();
        let _ = match stop.ends.as_slice() {
            [] => writeln!(
                out,
                "    {place} has no_parent_owners, which does nothing, for nobody was found up to there"
            ),
            lists => writeln!(
                out,
                "    {place} has no_parent_owners, so nobody above adds to {}",
                lists.join(", ")
            ),
        };
    }
    for (list, name) in &explanation.emeriti {
        let place = sources.line_of(name.span);
        let _ = writeln!(
            out,
            "    {place} has {} in {list}, who does not count by that",
            base::visible(name)
        );
    }
}

fn names(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| base::visible(name)).collect();
    names.join(", ")
}

/// Where the mistake is that keeps everybody from approving, and which.
fn fault(answer: &Answer<'_>, sources: &SourceMap) -> Option<String> {
    let fault = answer.explanation.as_ref()?.fault?;
    let place = sources.line_of(fault.span);
    Some(format!("{place}: {}", base::visible(&fault.reason)))
}

/// One path of the JSON.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    repository: &'a str,
    #[serde(flatten)]
    resolution: &'a Resolution,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why<'a>>,
}

#[derive(Serialize)]
struct Fault {
    place: String,
    reason: String,
}

#[derive(Serialize)]
struct Why<'a> {
    grounds: Vec<Reason<'a>>,
    no_parent_owners: Vec<Stop<'a>>,
    emeriti: Vec<Honour<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    list: &'static str,
    who: &'a str,
    folder: &'a str,
    place: String,
    alias: Option<&'a str>,
    alias_place: Option<String>,
    filter: Option<&'a str>,
}

#[derive(Serialize)]
struct Stop<'a> {
    folder: &'a str,
    ends: &'a [&'static str],
}

#[derive(Serialize)]
struct Honour<'a> {
    list: &'static str,
    who: &'a str,
    place: String,
}

/// For programs: each path on a line of its own.
pub(super) fn json(answers: &[Answer<'_>], sources: &SourceMap) -> anyhow::Result<String> {
    let mut out = format!("{{\"version\":{JSON_VERSION},\"paths\":[");
    for (at, answer) in answers.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        let explanation = answer.explanation.as_ref();
        let line = Line {
            path: answer.path,
            repository: &answer.tree.repository,
            resolution: &answer.resolution,
            fault: explanation.and_then(|why| why.fault).map(|fault| Fault {
                place: sources.line_of(fault.span),
                reason: fault.reason.clone(),
            }),
            why: explanation.map(|explanation| why(explanation, sources)),
        };
        out.push_str(&serde_json::to_string(&line)?);
    }
    out.push_str("\n]}\n");
    Ok(out)
}

fn why<'a>(explanation: &'a Explanation<'a>, sources: &SourceMap) -> Why<'a> {
    let place = |span: Span| sources.line_of(span);
    let reason = |ground: &'a Ground<'a>| Reason {
        list: ground.list,
        who: &ground.who,
        folder: ground.folder,
        place: place(ground.entry.span),
        alias: ground.member.map(|_| ground.entry.as_str()),
        alias_place: ground.member.map(|member| place(member.span)),
        filter: ground.filter.map(|filter| filter.as_str()),
    };
    let stops = explanation.stops.iter().map(|stop| Stop {
        folder: stop.folder,
        ends: &stop.ends,
    });
    let emeriti = explanation.emeriti.iter().map(|(list, name)| Honour {
        list,
        who: name.as_str(),
        place: place(name.span),
    });
    Why {
        grounds: explanation.grounds.iter().map(reason).collect(),
        no_parent_owners: stops.collect(),
        emeriti: emeriti.collect(),
    }
}
