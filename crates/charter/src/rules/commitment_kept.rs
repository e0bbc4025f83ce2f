//! Employers send whom they have promised.

use base::{Code, Severity, Span};
use estate::Item;
use estate::kinds::{Commitment, Group, Person, Standing};
use yaml::record;

use crate::rule::rule;
use crate::{Affiliation, Case, Rule};

record! {
    /// How early the end of a commitment is told.
    pub struct Parameters {
        /// Days before its last day on which it is reported.
        pub notice_days: u32 = 30,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "commitment-kept",
        title: "An employer's commitment to a group has run out, soon will, or is not kept",
        severity: Severity::Warning,
        page: "Groups plan with the people that employers have promised under `commitments`. When a promise ends \
               unnoticed, or nobody came, the work is left to those who are there. Counted are the distinct leads \
               and members of the group, the leads of its subprojects and the staff of the services it owns, by \
               their employer on the day; where there are people whose employer is not known, they get the \
               benefit of the doubt.\n\n\
               Ask the employer, and write the new end, or remove the commitment.",
    },
    &[(
        "groups/infra.yaml",
        "commitments: [{employer: Aurora, people: 2, until: 2020-12-31}]\n"
    )]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for group in case.estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        for commitment in &group.value.commitments {
            if let Some((span, message)) = fault(case, group, commitment, with) {
                let finding = case.finding(span, message).about(group.subject());
                case.report(
                    finding
                        .help("ask the employer, and write the new end, or remove the commitment"),
                );
            }
        }
    }
}

fn fault(
    case: &Case<'_>,
    group: &Item<Group>,
    commitment: &Commitment,
    with: &Parameters,
) -> Option<(Span, String)> {
    let (employer, until) = (&commitment.employer, &commitment.until);
    let subject = group.subject();
    if until.value < case.today {
        let message = format!("the commitment of {employer} to {subject} ran out on {until}");
        return Some((until.span, message));
    }
    let notice = jiff::Span::new().try_days(with.notice_days);
    let early = notice.and_then(|notice| until.value.checked_sub(notice));
    if early.is_ok_and(|early| early <= case.today) {
        let message = format!("the commitment of {employer} to {subject} runs out on {until}");
        return Some((until.span, message));
    }
    let company = case.employers.counted_as(employer)?;
    let people: Vec<Affiliation> = at_work(case, group)
        .iter()
        .map(|person| case.employers.employer_of(&person.value, case.today))
        .collect();
    let sent = |wanted: &Affiliation| people.iter().filter(|of| *of == wanted).count();
    let there = sent(&Affiliation::Company(company));
    let promised = commitment.people as usize;
    (there + sent(&Affiliation::Unknown) < promised).then(|| {
        let message = format!(
            "{employer} has promised {} for {subject}; {there} of them {} there",
            base::counted(promised, "person", "people"),
            if there == 1 { "is" } else { "are" }
        );
        (employer.span, message)
    })
}

/// The distinct people at a group's work.
fn at_work<'e>(case: &Case<'e>, group: &'e Item<Group>) -> Vec<&'e Item<Person>> {
    let value = &group.value;
    let services = case.estate.tables.services.items().filter(|service| {
        let owner = service.value.owner.as_ref();
        let owner = owner.and_then(|owner| case.estate.find(owner));
        owner.is_some_and(|owner| owner.name == group.name)
    });
    let people = value
        .leads_on(case.today)
        .map(|lead| &lead.person)
        .chain(&value.members)
        .chain(value.subprojects.iter().flat_map(|part| &part.leads))
        .chain(services.flat_map(|service| &service.value.staff));
    case.humans(people)
        .into_iter()
        .map(|(person, _)| person)
        .collect()
}
