//! From rules that fail to what is wrong: each thing once.

use std::collections::BTreeMap;

use base::Severity;
use serde::Serialize;

use super::laws::Judged;
use super::rule::{Check, Rule, Subject};
use super::verdicts::{Judgement, Tally, Verdict};
use crate::Column;

/// One thing that is wrong with a file, and the rules that fail by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The column it is about, where it is one.
    pub column: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// Where: how many rows, and the first of them.
    pub found: Tally,
    /// The rules of the model and laws of ours that fail by it, or cannot be looked at.
    pub rules: Vec<String>,
}

pub(super) fn of(
    rules: &[Rule],
    judgements: &[Judgement],
    laws: &[Judged],
    columns: &[String],
) -> Vec<Cause> {
    let mut causes = missing(rules, judgements, columns);
    let mut rows = broken(rules, judgements);
    for judged in laws.iter().filter(|judged| judged.tally.rows > 0) {
        let same = rows.iter_mut().find(|cause| same(cause, judged));
        if let Some(cause) = same {
            cause.rules.push(judged.law.id.to_owned());
            continue;
        }
        rows.push(Cause {
            column: match judged.law.columns {
                [column] => Some(column.name().to_owned()),
                _ => None,
            },
            severity: judged.law.severity,
            what: judged.law.words.to_owned(),
            found: judged.tally.clone(),
            rules: std::iter::once(judged.law.id)
                .chain(judged.law.covers.iter().copied())
                .map(str::to_owned)
                .collect(),
        });
    }
    causes.extend(rows);
    causes.sort_by(|a, b| {
        (b.severity, b.found.rows, &a.column, &a.what).cmp(&(
            a.severity,
            a.found.rows,
            &b.column,
            &b.what,
        ))
    });
    causes
}

/// Columns that must be there and are not, with all that cannot be looked at without them.
fn missing(rules: &[Rule], judgements: &[Judgement], columns: &[String]) -> Vec<Cause> {
    let mut causes: BTreeMap<&str, Cause> = BTreeMap::new();
    let unknown = || {
        columns
            .iter()
            .map(String::as_str)
            .filter(|name| Column::named(name).is_none())
    };
    for (rule, judgement) in rules.iter().zip(judgements) {
        let (Subject::Presence, Verdict::Failed(tally)) = (&rule.subject, &judgement.verdict)
        else {
            continue;
        };
        let severity = judgement.severity.unwrap_or(Severity::Error);
        let cause = causes.entry(&rule.column).or_insert_with(|| {
            let near = base::nearest(&rule.column, unknown());
            let near = near.map_or(String::new(), |near| format!("; is {near} meant for it?"));
            Cause {
                column: Some(rule.column.clone()),
                severity,
                what: format!("the column {} is missing{near}", rule.column),
                found: tally.clone(),
                rules: waiting(&rule.column, judgements),
            }
        });
        cause.severity = cause.severity.max(severity);
        cause.rules.insert(0, judgement.rule.clone());
    }
    causes.into_values().collect()
}

/// The rules that cannot be looked at without a column.
fn waiting(column: &str, judgements: &[Judgement]) -> Vec<String> {
    let begins = format!("{column} ");
    let waits = |judgement: &&Judgement| matches!(&judgement.verdict, Verdict::Skipped(why) if why.starts_with(&begins));
    judgements
        .iter()
        .filter(waits)
        .map(|judgement| judgement.rule.clone())
        .collect()
}

/// Rules that rows break; those of one column that the same rows break are one thing.
fn broken(rules: &[Rule], judgements: &[Judgement]) -> Vec<Cause> {
    let mut groups: BTreeMap<(String, u64, Vec<u64>), Cause> = BTreeMap::new();
    for (rule, judgement) in rules.iter().zip(judgements) {
        let Verdict::Failed(tally) = &judgement.verdict else {
            continue;
        };
        let of_rows = matches!(
            rule.subject,
            Subject::Rows(_) | Subject::Parts { any: true, .. }
        );
        let Some(severity) = judgement.severity.filter(|_| of_rows) else {
            continue;
        };
        let first = tally.examples.iter().map(|(row, _)| *row).collect();
        // Of a product, each of its columns has a rule, and the result is what is wrong.
        let column = match &rule.subject {
            Subject::Rows(Check::Product(_, _, result)) => result,
            _ => &rule.column,
        };
        let key = (column.clone(), tally.rows, first);
        let cause = groups.entry(key).or_insert_with(|| Cause {
            column: Some(column.clone()),
            severity,
            what: rule.words.trim_end_matches('.').to_owned(),
            found: tally.clone(),
            rules: Vec::new(),
        });
        if severity > cause.severity {
            cause.severity = severity;
            rule.words.trim_end_matches('.').clone_into(&mut cause.what);
        }
        cause.rules.push(judgement.rule.clone());
    }
    groups.into_values().collect()
}

/// Whether a law says of the same rows what a rule of one of its columns says.
fn same(cause: &Cause, judged: &Judged) -> bool {
    let rows = |tally: &Tally| {
        tally
            .examples
            .iter()
            .map(|(row, _)| *row)
            .collect::<Vec<_>>()
    };
    let about = judged
        .law
        .columns
        .iter()
        .any(|column| cause.column.as_deref() == Some(column.name()));
    about && cause.found.rows == judged.tally.rows && rows(&cause.found) == rows(&judged.tally)
}
