//! One employer, one spelling.

use std::collections::BTreeMap;

use base::{Code, Severity, Spanned};

use crate::employers::fold;
use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "employer-spelling",
        title: "An employer is spelled in several ways",
        severity: Severity::Note,
        page: "Spellings that differ in case, spaces or punctuation are counted as one employer, but lists and \
               searches show two. Use one, or name the others under `employers` in the charter.",
    },
    &[
        ("people/ada.yaml", "employers: [{company: Blue Bell}]\n"),
        ("people/bob.yaml", "employers: [{company: BlueBell}]\n"),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let declared = |company: &str| {
        case.charter.employers.iter().any(|employer| {
            employer.name == company || employer.also.iter().any(|also| also == company)
        })
    };
    let mut first: BTreeMap<String, &Spanned<String>> = BTreeMap::new();
    let mut reported = Vec::new();
    let mut findings = Vec::new();
    for person in case.estate.tables.people.items() {
        for company in person.value.employers.iter().map(|job| &job.company) {
            let known = *first.entry(fold(company)).or_insert(company);
            if known == company || declared(company) || reported.contains(&company.value) {
                continue;
            }
            reported.push(company.value.clone());
            let message = format!("\"{company}\" is also spelled \"{known}\"");
            findings.push(
                case.finding(company.span, message)
                    .related(known.span, "first spelled here")
                    .help("use one spelling"),
            );
        }
    }
    case.findings.extend(findings);
}
