//! Findings for programs: JSON, SARIF, and GitHub's workflow commands.

use std::collections::BTreeMap;
use std::fmt::Write;

use base::{Diagnostic, Severity, SourceMap, Span};
use serde_json::{Value, json};

use super::findings::Tally;

/// The version of everything printed as JSON; it grows when a key changes its meaning or goes.
pub(crate) const JSON_VERSION: u32 = 1;

fn place(span: Span, sources: &SourceMap) -> Value {
    let start = sources.position(span);
    let end = sources.position(Span {
        start: span.end,
        ..span
    });
    json!({
        "path": sources.file(span.file).path,
        "line": start.line, "column": start.column,
        "end_line": end.line, "end_column": end.column,
    })
}

/// Everything a finding says.
pub(crate) fn json(
    shown: &[Diagnostic],
    all: Tally,
    sources: &SourceMap,
    estate: &str,
    day: &str,
) -> String {
    let findings: Vec<Value> = shown
        .iter()
        .map(|finding| {
            let related = finding.related.iter();
            let related: Vec<Value> = related
                .map(|label| json!({"place": place(label.span, sources), "text": label.text}))
                .collect();
            json!({
                "id": finding.id(),
                "kind": finding.code.id,
                "severity": finding.severity,
                "message": finding.message,
                "place": place(finding.span, sources),
                "help": finding.help,
                "about": finding.subject,
                "owner": finding.owner,
                "related": related,
            })
        })
        .collect();
    let report = json!({
        "version": JSON_VERSION,
        "estate": estate,
        "day": day,
        "counts": {"errors": all.errors, "warnings": all.warnings, "notes": all.notes},
        "findings": findings,
    });
    format!("{report:#}\n")
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
