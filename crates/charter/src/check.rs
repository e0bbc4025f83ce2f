//! Runs the rules.

use base::{Diagnostic, Severity, Span};
use estate::{Estate, KindId};
use jiff::civil::Date;
use yaml::{Node, Value};

use crate::rule::Case;
use crate::{Charter, Employers, Exception, Level, RULES, RuleSettings, codes};

/// What the charter makes of an estate on a day.
pub fn check(estate: &Estate, charter: &Charter, today: Date) -> Vec<Diagnostic> {
    let employers = Employers::of(charter);
    let mut findings = Vec::new();
    for rule in RULES {
        let settings = charter.settings(rule);
        let level = settings.and_then(|settings| settings.severity);
        if level == Some(Level::Off) {
            continue;
        }
        let nowhere = Node {
            value: Value::Mapping(Vec::new()),
            span: estate.root,
        };
        let with = settings.map_or(nowhere, |settings| settings.parameters(estate.root));
        let mut case = Case {
            estate,
            charter,
            today,
            employers: &employers,
            code: &rule.code,
            findings: Vec::new(),
        };
        (rule.run)(&mut case, &with);
        let mut found = case.findings;
        found.retain(|finding| !is_flawed(estate, finding));
        for finding in found
            .iter_mut()
            .filter(|finding| std::ptr::eq(finding.code, &raw const rule.code))
        {
            finding.severity = level.map_or(finding.severity, severity);
            finding.owner = settings
                .and_then(|settings| settings.owner.as_ref())
                .map(|owner| owner.name.clone());
        }
        if let Some(settings) = settings {
            excuse(&mut found, settings, rule.code.id, today, &mut findings);
        }
        findings.append(&mut found);
    }
    findings
}

/// Whether the item found wanting has mistakes in its file: those come first,
/// and what they left out is not held against it.
fn is_flawed(estate: &Estate, finding: &Diagnostic) -> bool {
    let subject = finding
        .subject
        .as_deref()
        .and_then(|subject| subject.split_once('/'));
    let item = subject.and_then(|(kind, name)| Some((KindId::named(kind)?, name)));
    item.is_some_and(|(kind, name)| estate.tables.is_flawed(kind, name))
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note | Level::Off => Severity::Note,
    }
}

/// Takes out what is excused, and reports excuses that have run out or excuse nothing.
fn excuse(
    found: &mut Vec<Diagnostic>,
    settings: &RuleSettings,
    rule: &str,
    today: Date,
    findings: &mut Vec<Diagnostic>,
) {
    for exception in &settings.exceptions {
        let excused =
            |finding: &Diagnostic| finding.subject.as_deref() == Some(exception.subject.as_str());
        let count = found.iter().filter(|finding| excused(finding)).count();
        if exception.until.value < today {
            findings.push(expired(exception, rule, count));
        } else if count == 0 {
            let message = format!("{} does not break {rule}", exception.subject);
            let finding =
                Diagnostic::new(&codes::EXCEPTION_UNUSED, exception.subject.span, message);
            findings.push(
                finding
                    .help("remove the exception")
                    .about(exception.subject.value.clone()),
            );
        } else {
            found.retain(|finding| !excused(finding));
        }
    }
}

fn expired(exception: &Exception, rule: &str, count: usize) -> Diagnostic {
    let span: Span = exception.until.span;
    let message = format!(
        "the exception of {} from {rule} ran out on {}",
        exception.subject, exception.until
    );
    let help = match count {
        0 => "nothing needs it any more: remove it",
        _ => "mend what it excused, or have a new end decided",
    };
    let finding = Diagnostic::new(&codes::EXCEPTION_EXPIRED, span, message).help(help);
    finding.about(exception.subject.value.clone())
}
