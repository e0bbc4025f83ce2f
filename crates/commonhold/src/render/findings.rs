//! Findings for people: excerpts, and a table for a pull request.

use base::{Diagnostic, Severity, SourceMap};

use super::snippet::Snippets;
use super::table::{Cell, Table};
use crate::Surroundings;

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
}

impl Tally {
    pub(crate) fn of<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>) -> Self {
        findings
            .into_iter()
            .fold(Self::default(), |mut tally, finding| {
                match finding.severity {
                    Severity::Error => tally.errors += 1,
                    Severity::Warning => tally.warnings += 1,
                    Severity::Note => tally.notes += 1,
                }
                tally
            })
    }

    /// In words: `2 errors, 1 warning`.
    pub(crate) fn words(self) -> String {
        let word = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            several => format!("{several} {one}s"),
        };
        let parts = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, one)| word(count, one))
            .collect();
        if parts.is_empty() {
            "no findings".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

pub(crate) fn text(
    shown: &[Diagnostic],
    sources: &SourceMap,
    surroundings: &Surroundings,
) -> String {
    let snippets = Snippets::new(sources, surroundings);
    let mut out = String::new();
    for finding in shown {
        out.push_str(&snippets.render(finding));
        out.push_str("\n\n");
    }
    out
}

pub(crate) fn markdown(shown: &[Diagnostic], sources: &SourceMap) -> String {
    let mut table = Table::new(&["severity", "finding", "where", "what to do"]);
    for finding in shown {
        table.row([
            Cell::from(finding.severity.to_string()),
            Cell::from(format!("{} ({})", finding.message, finding.id())),
            Cell::from(sources.line_of(finding.span)),
            Cell::from(finding.help.clone().unwrap_or_default()),
        ]);
    }
    if shown.is_empty() {
        String::new()
    } else {
        table.markdown()
    }
}
