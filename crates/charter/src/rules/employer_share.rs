//! No employer too many.

use std::collections::BTreeMap;

use base::{Code, Severity, Span};
use yaml::record;

use crate::bodies::{Body, bodies};
use crate::rule::rule;
use crate::{Case, Relation, Rule, Share};

record! {
    /// The share, how it is compared, and for how long more may do.
    pub struct Parameters {
        /// The largest share of one employer.
        pub share: Share = Share { numerator: 1, denominator: 3 },
        /// Whether exactly that share is allowed.
        pub relation: Relation = Relation::AtMost,
        /// Days from a service's start or a group's formation during which more is allowed.
        pub grace_days: u32 = 0,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "employer-share",
        title: "One employer has too large a share of a service or group",
        severity: Severity::Error,
        page: "If one company's change of plan can empty a service or outvote a group, the community does not own \
               it. Distinct people are counted, each once, by their employer on the day; people of employers that \
               the charter calls independent are not counted together. Spellings and subsidiaries are united by \
               `employers` in the charter. Two people of one company in a body of two are more than a third: the \
               rule has no lower bound.\n\n\
               Find people from elsewhere, or have an exception decided for the time that takes.",
    },
    &[
        ("people/ada.yaml", "employers: [{company: Aurora}]\n"),
        ("people/bob.yaml", "employers: [{company: Aurora}]\n"),
        ("people/cy.yaml", "employers: [{company: Bluebell}]\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\nstaff: [ada, bob, cy]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for body in bodies(case) {
        if case.in_grace(body.since, with.grace_days) {
            continue;
        }
        for (employer, people) in by_employer(case, &body) {
            if !with
                .share
                .allows(people.len(), body.people.len(), with.relation)
            {
                report(case, &body, &employer, &people, with);
            }
        }
    }
}

/// The people of each employer, by the name it is counted under.
fn by_employer(case: &Case<'_>, body: &Body<'_>) -> BTreeMap<String, Vec<(String, Span)>> {
    let mut shares: BTreeMap<String, Vec<(String, Span)>> = BTreeMap::new();
    for (person, span) in &body.people {
        let company = person.value.employer_on(case.today);
        if let Some(counted_as) = company.and_then(|company| case.employers.counted_as(company)) {
            shares
                .entry(counted_as)
                .or_default()
                .push((person.name.clone(), *span));
        }
    }
    shares
}

fn report(
    case: &mut Case<'_>,
    body: &Body<'_>,
    employer: &str,
    people: &[(String, Span)],
    with: &Parameters,
) {
    let [(first, at), others @ ..] = people else {
        return;
    };
    let spelled = case
        .estate
        .tables
        .people
        .get(first)
        .and_then(|person| person.value.employer_on(case.today));
    let declared = case
        .charter
        .employers
        .iter()
        .any(|known| known.name == employer);
    let employer = spelled
        .filter(|_| !declared)
        .map_or(employer, |company| company.value.as_str());
    let bound = match with.relation {
        Relation::AtMost => format!("more than {}", with.share),
        Relation::LessThan => format!("not less than {}", with.share),
    };
    let (part, whole) = (people.len(), body.people.len());
    let message = format!(
        "{part} of {whole} {} of {} work for {employer}: {bound}",
        body.called, body.subject
    );
    let mut finding = case
        .finding(*at, message)
        .label(employer)
        .about(body.subject.clone());
    for (_, span) in others {
        finding = finding.related(*span, employer);
    }
    case.report(
        finding.help("find people from elsewhere, or have an exception decided for a time"),
    );
}
