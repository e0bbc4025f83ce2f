//! Runs the rules.

use base::{Diagnostic, Severity, Span};
use estate::{Estate, KindId};
use jiff::civil::Date;
use yaml::{Node, Value};

use crate::rule::{Case, Told};
use crate::{Charter, Employers, Exception, Level, RULES, RuleSettings, codes};

/// What the charter makes of an estate on a day.
pub fn check(estate: &Estate, charter: &Charter, today: Date) -> Vec<Diagnostic> {
    check_told(estate, charter, today, &Told::default())
}

/// The same, told what follows from more than the estate.
pub fn check_told(estate: &Estate, charter: &Charter, today: Date, told: &Told) -> Vec<Diagnostic> {
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
            told,
            employers: &employers,
            code: &rule.code,
            findings: Vec::new(),
        };
        (rule.run)(&mut case, &with);
        let mut found = case.findings;
        // What may be private is reported whatever else is wrong with the file.
        found.retain(|finding| finding.withheld || !is_flawed(estate, finding));
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
            excuse(
                &mut found,
                settings,
                rule.code.id,
                today,
                &mut findings,
                estate,
            );
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
    estate: &Estate,
) {
    for exception in &settings.exceptions {
        let excused =
            |finding: &Diagnostic| finding.subject.as_deref() == Some(exception.subject.as_str());
        let count = found.iter().filter(|finding| excused(finding)).count();
        if exception.until.value < today {
            findings.push(expired(exception, rule, count));
        } else if count == 0 {
            findings.push(unused(exception, rule, estate));
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

/// An exception that excuses nothing: its item is sound, or is not there.
fn unused(exception: &Exception, rule: &str, estate: &Estate) -> Diagnostic {
    let subject = &exception.subject;
    let about = |message: String, help: String| {
        let finding = Diagnostic::new(&codes::EXCEPTION_UNUSED, subject.span, message);
        finding.help(help).about(subject.value.clone())
    };
    let item = subject
        .split_once('/')
        .and_then(|(kind, name)| Some((KindId::named(kind)?, name)));
    let Some((kind, name)) = item else {
        let help = match estate.named(subject).first() {
            Some(meant) => format!("write `{}`", meant.subject()),
            None => "write the item as kind/name, for example service/mail".to_owned(),
        };
        return about(format!("`{subject}` is not an item"), help);
    };
    if estate.tables.knows(kind, name) {
        return about(
            format!("{subject} does not break {rule}"),
            "remove the exception".to_owned(),
        );
    }
    let items = estate.tables.of_kind(kind);
    let help = match base::nearest(name, items.iter().map(|item| item.name)) {
        Some(near) => format!("did you mean {}/{near}?", kind.name()),
        None => "remove the exception".to_owned(),
    };
    about(format!("there is no {subject}"), help)
}
