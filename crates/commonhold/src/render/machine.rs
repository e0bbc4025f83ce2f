//! Findings for programs: JSON, SARIF, and GitHub's workflow commands.

use std::collections::BTreeMap;
use std::fmt::Write;

use base::{Diagnostic, Severity, SourceMap, Span};
use serde::Serialize;
use serde_json::{Value, json};

use super::findings::Tally;

/// The version of everything printed as JSON; it grows when a key changes its meaning or goes.
pub(crate) const JSON_VERSION: u32 = 1;

/// A place as programs read it. Keys stand in the order of the alphabet, as everywhere.
#[derive(Serialize)]
struct Place<'s> {
    column: usize,
    end_column: usize,
    end_line: usize,
    line: usize,
    path: &'s str,
}

impl<'s> Place<'s> {
    fn of(span: Span, sources: &'s SourceMap) -> Self {
        let start = sources.position(span);
        let end = sources.position(Span {
            start: span.end,
            ..span
        });
        Self {
            column: start.column,
            end_column: end.column,
            end_line: end.line,
            line: start.line,
            path: &sources.file(span.file).path,
        }
    }
}

/// Everything a finding says, borrowed: there may be ten thousands of them.
#[derive(Serialize)]
struct Finding<'s> {
    about: Option<&'s str>,
    help: Option<&'s str>,
    id: &'s str,
    kind: &'s str,
    message: &'s str,
    owner: Option<&'s str>,
    place: Place<'s>,
    related: Vec<Related<'s>>,
    severity: Severity,
}

#[derive(Serialize)]
struct Related<'s> {
    place: Place<'s>,
    text: &'s str,
}

impl<'s> Finding<'s> {
    fn of(finding: &'s Diagnostic, sources: &'s SourceMap) -> Self {
        let related = finding.related.iter().map(|label| Related {
            place: Place::of(label.span, sources),
            text: &label.text,
        });
        Self {
            about: finding.subject.as_deref(),
            help: finding.help.as_deref(),
            id: finding.id(),
            kind: finding.code.id,
            message: &finding.message,
            owner: finding.owner.as_deref(),
            place: Place::of(finding.span, sources),
            related: related.collect(),
            severity: finding.severity,
        }
    }
}

#[derive(Serialize)]
struct Report<'s> {
    counts: Value,
    day: &'s str,
    estate: &'s str,
    findings: Vec<Finding<'s>>,
    version: u32,
}

/// All findings.
pub(crate) fn json(
    shown: &[Diagnostic],
    all: Tally,
    sources: &SourceMap,
    estate: &str,
    day: &str,
) -> String {
    let report = Report {
        counts: json!({"errors": all.errors, "warnings": all.warnings, "notes": all.notes}),
        day,
        estate,
        findings: shown
            .iter()
            .map(|finding| Finding::of(finding, sources))
            .collect(),
        version: JSON_VERSION,
    };
    // Writing texts and numbers into memory cannot fail.
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

/// SARIF 2.1.0 (OASIS), as code scanning reads it.
pub(crate) fn sarif(shown: &[Diagnostic], sources: &SourceMap) -> String {
    let rules: BTreeMap<&str, Value> = shown
        .iter()
        .map(|finding| (finding.id(), sarif_rule(finding)))
        .collect();
    let rules: Vec<&Value> = rules.values().collect();
    let results: Vec<Value> = shown
        .iter()
        .map(|finding| sarif_result(finding, sources))
        .collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "commonhold",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{report:#}\n")
}

fn sarif_rule(finding: &Diagnostic) -> Value {
    let (title, page, severity) = match &finding.house {
        Some(house) => (house.title.as_str(), house.page.as_str(), finding.severity),
        None => (finding.code.title, finding.code.page, finding.code.severity),
    };
    json!({
        "id": finding.id(),
        "shortDescription": {"text": title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": severity.to_string()},
    })
}

fn sarif_result(finding: &Diagnostic, sources: &SourceMap) -> Value {
    let location = |span: Span| {
        let (start, end) = (
            sources.position(span),
            sources.position(Span {
                start: span.end,
                ..span
            }),
        );
        json!({
            "artifactLocation": {"uri": uri(&sources.file(span.file).path)},
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            },
        })
    };
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|label| json!({"physicalLocation": location(label.span), "message": {"text": label.text}}))
        .collect();
    let help = finding
        .help
        .as_ref()
        .map_or(String::new(), |help| format!(". {help}"));
    json!({
        "ruleId": finding.id(),
        "level": finding.severity.to_string(),
        "message": {"text": format!("{}{help}", finding.message)},
        "locations": [{"physicalLocation": location(finding.span)}],
        "relatedLocations": related,
    })
}

/// A path as a relative reference (RFC 3986): all but unreserved characters and `/` percent-encoded.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded = path.bytes().map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}

/// Workflow commands: `::error file=...::message`.
pub(crate) fn github(shown: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in shown {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let (start, end) = (
            sources.position(finding.span),
            sources.position(Span {
                start: finding.span.end,
                ..finding.span
            }),
        );
        let path = github_property(&sources.file(finding.span.file).path);
        let help = finding
            .help
            .as_ref()
            .map_or(String::new(), |help| format!("\n{help}"));
        let message = github_text(&format!("{}{help}", finding.message));
        let _ = writeln!(
            out,
            "::{command} file={path},line={},endLine={},col={},title={}::{message}",
            start.line,
            end.line,
            start.column,
            github_property(finding.id())
        );
    }
    out
}

fn github_text(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn github_property(text: &str) -> String {
    github_text(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::github_property;

    #[test]
    fn nothing_in_a_path_ends_a_workflow_command_early() {
        assert_eq!(github_property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
