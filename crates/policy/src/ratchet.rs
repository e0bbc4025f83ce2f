//! What may only become less.

use base::{Diagnostic, SourceMap, Span};
use estate::Tree;
use estate::kinds::About;

use crate::{Baseline, Shrunk, Subject, Things, codes};

/// A rule or a migration that lets be what is listed, and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Ratchet<'r> {
    /// What it is of, as people name it: `POLICY/RULE`, or the name of a migration.
    pub of: &'r str,
    /// The item it stands in, as `kind/name`.
    pub subject: &'r str,
    /// Where it stands.
    pub span: Span,
    /// What it is said of.
    pub about: About,
    /// Where its list is, in the tree of the estate.
    pub path: &'r str,
}

/// What a ratchet makes of what is there.
#[derive(Debug, Default)]
pub struct Turned<'t> {
    /// What is wrong with its list.
    pub findings: Vec<Diagnostic>,
    /// Things that are not listed and should not be there.
    pub new: Vec<&'t dyn Subject>,
    /// Its list, if that became smaller.
    pub shrunk: Option<Shrunk>,
    /// Its list, as it is in its file.
    pub baseline: Option<Baseline>,
}

impl std::fmt::Debug for dyn Subject + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.subject())
    }
}

impl Ratchet<'_> {
    /// Holds its list against the things that are there and should not be. The list becomes
    /// smaller only where everything could be read.
    pub fn turn<'t>(
        &self,
        found: &[&'t dyn Subject],
        things: &Things<'_>,
        sources: &mut SourceMap,
        tree: &dyn Tree,
    ) -> Turned<'t> {
        let text = match tree.read(self.path) {
            Ok(text) => text,
            Err(refused) if refused.missing && found.is_empty() => return Turned::default(),
            Err(refused) => {
                let (message, help) = if refused.missing {
                    let count = base::counted(found.len(), "thing breaks", "things break");
                    (
                        format!("there is no {} yet, and {count} `{}`", self.path, self.of),
                        format!("`commonhold check --start {}` lists them", self.of),
                    )
                } else {
                    (
                        format!("{} cannot be read: {}", self.path, refused.reason),
                        "what cannot be read is not taken for empty; mend the file".to_owned(),
                    )
                };
                return self
                    .wrong(Diagnostic::new(&codes::BASELINE, self.span, message).help(help));
            }
        };
        let file = sources.add(tree.display(self.path), text.clone());
        let baseline = match Baseline::parse(&text, file) {
            Ok(baseline) => baseline,
            Err(findings) => {
                let about = |finding: Diagnostic| finding.about(self.subject);
                return Turned {
                    findings: findings.into_iter().map(about).collect(),
                    ..Turned::default()
                };
            }
        };
        let compared = baseline.compare(found.iter().map(|thing| (thing.id(), thing.parent())));
        let mut turned = Turned::default();
        // A copy of something that cannot be read would look as if it were a copy of nothing.
        if !things.parents_may_be_unread(self.about) {
            turned.new = compared
                .new
                .iter()
                .filter_map(|at| found.get(*at).copied())
                .collect();
        }
        let gone = self.really_gone(compared.gone, things);
        if !gone.is_empty() {
            let first = text.find(&gone[0]).unwrap_or(0);
            turned.shrunk = Some(Shrunk {
                of: self.of.to_owned(),
                path: self.path.to_owned(),
                text: Baseline::text_without(&text, &gone),
                left: baseline.len() - gone.len(),
                span: Span::new(file, first, first + gone[0].len()),
                before: text,
                gone,
            });
        }
        turned.baseline = Some(baseline);
        turned
    }

    fn wrong<'t>(&self, finding: Diagnostic) -> Turned<'t> {
        Turned {
            findings: vec![finding.about(self.subject)],
            ..Turned::default()
        }
    }

    /// Those that are gone, and not only out of sight because something cannot be read.
    fn really_gone(&self, mut gone: Vec<String>, things: &Things<'_>) -> Vec<String> {
        if gone.is_empty() || !things.are_complete(self.about) {
            return Vec::new();
        }
        let there = things.of_kind(self.about);
        let flawed: Vec<&&dyn Subject> = there.iter().filter(|thing| thing.is_flawed()).collect();
        gone.retain(|id| {
            let known = there.iter().any(|thing| thing.id() == id);
            let needed = flawed
                .iter()
                .any(|thing| thing.id() == id || thing.parent() == Some(id.as_str()));
            !needed && (known || !things.may_be_unread(self.about, id))
        });
        gone
    }
}
