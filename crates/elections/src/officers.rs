//! Who answers for an election.

use std::collections::BTreeSet;

use base::{Diagnostic, Span, counted};
use charter::{Affiliation, Employers};
use estate::kinds::Person;
use estate::{Estate, Item, Ref};
use jiff::civil::Date;
use yaml::record;

use crate::directory::login_of;
use crate::{Definition, Login, codes};

record! {
    /// What the officers of an election must be.
    #[derive(PartialEq, Eq)]
    pub struct OfficerRules {
        /// How many there are, at least.
        pub count: u32 = 3,
        /// Whether no two may work for one employer.
        pub distinct_employers: bool = true,
        /// How many have done it before, at least.
        pub served_before: u32 = 1,
        /// How many do it for the first time, at least.
        pub first_time: u32 = 1,
    }
}

impl Default for OfficerRules {
    fn default() -> Self {
        Self {
            count: 3,
            distinct_employers: true,
            served_before: 1,
            first_time: 1,
        }
    }
}

/// What is known besides the election's file and the estate.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Employers under the names they are counted by.
    pub employers: &'a Employers,
    /// The day as of which people work for somebody.
    pub day: Date,
    /// Who was an officer of an earlier election; see [`served`].
    pub served: &'a BTreeSet<Login>,
    /// Who stands.
    pub candidates: &'a [Login],
}

/// Who was an officer of earlier elections.
pub fn served<'d>(
    earlier: impl IntoIterator<Item = &'d Definition>,
    estate: &Estate,
) -> BTreeSet<Login> {
    let officers = earlier.into_iter().flat_map(|election| &election.officers);
    officers
        .filter_map(|officer| login(officer, estate))
        .collect()
}

/// The logins of the officers of an election.
pub fn logins(definition: &Definition, estate: &Estate) -> Vec<Login> {
    let officers = definition.officers.iter();
    officers
        .filter_map(|officer| login(officer, estate))
        .collect()
}

pub(crate) fn login(officer: &Ref<Person>, estate: &Estate) -> Option<Login> {
    let known = estate.find(officer).and_then(login_of);
    known.or_else(|| Login::new(&officer.name).ok())
}

/// Reports where the officers of an election are not as its rules want them.
pub fn check(definition: &Definition, estate: &Estate, known: Known<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let rules = &definition.officer_rules;
    let whole = definition
        .officers
        .first()
        .map_or(definition.key.span, |first| first.span);
    let found = definition.officers.len();
    if found < rules.count as usize {
        let there_are = counted(found, "officer", "officers");
        let message = format!("{there_are}, and the rules want {}", rules.count);
        findings.push(flawed(whole, message).help("name more people in `officers`"));
    }
    let officers: Vec<Officer<'_>> = definition
        .officers
        .iter()
        .map(|one| Officer::of(one, estate, known))
        .collect();
    candidates_among(&officers, known.candidates, &mut findings);
    robots_among(&officers, &mut findings);
    if rules.distinct_employers {
        same_employers(&officers, &mut findings);
    }
    let again = officers.iter().filter(|one| one.served).count();
    let (before, first) = (rules.served_before as usize, rules.first_time as usize);
    if again < before {
        let message =
            format!("{again} of the officers have done it before, and the rules want {before}");
        findings.push(flawed(whole, message).help("name somebody who knows how it is done"));
    }
    if officers.len() - again < first {
        let new = officers.len() - again;
        let message =
            format!("{new} of the officers do it for the first time, and the rules want {first}");
        findings.push(flawed(whole, message).help("name somebody who learns how it is done"));
    }
    for finding in &mut findings {
        finding.subject = Some(format!("election/{}", definition.key));
    }
    findings
}

struct Officer<'a> {
    written: &'a Ref<Person>,
    person: Option<&'a Item<Person>>,
    login: Option<Login>,
    employer: Affiliation,
    served: bool,
}

impl<'a> Officer<'a> {
    fn of(written: &'a Ref<Person>, estate: &'a Estate, known: Known<'_>) -> Self {
        let person = estate.find(written);
        let employer =
            |person: &Item<Person>| known.employers.employer_of(&person.value, known.day);
        let login = login(written, estate);
        Self {
            written,
            person,
            served: login
                .as_ref()
                .is_some_and(|login| known.served.contains(login)),
            login,
            employer: person.map_or(Affiliation::Unknown, employer),
        }
    }
}

fn candidates_among(
    officers: &[Officer<'_>],
    candidates: &[Login],
    findings: &mut Vec<Diagnostic>,
) {
    for officer in officers {
        if officer
            .login
            .as_ref()
            .is_some_and(|login| candidates.contains(login))
        {
            let message = format!("the officer `{}` stands in this election", officer.written);
            let help = "somebody else takes the place of the officer, or the candidate withdraws";
            findings.push(flawed(officer.written.span, message).help(help));
        }
    }
}

fn robots_among(officers: &[Officer<'_>], findings: &mut Vec<Diagnostic>) {
    for officer in officers {
        if officer.person.is_some_and(|person| person.value.robot) {
            let message = format!("the officer `{}` is a robot", officer.written);
            findings.push(flawed(officer.written.span, message).help("name a person"));
        }
    }
}

fn same_employers(officers: &[Officer<'_>], findings: &mut Vec<Diagnostic>) {
    for (at, officer) in officers.iter().enumerate() {
        match &officer.employer {
            Affiliation::Independent => {}
            Affiliation::Unknown => {
                let message = format!(
                    "nobody knows for whom the officer `{}` works",
                    officer.written
                );
                let finding =
                    Diagnostic::new(&codes::UNKNOWN_AFFILIATION, officer.written.span, message);
                findings.push(finding.help("add the employer to the person's file"));
            }
            Affiliation::Company(company) => {
                let earlier = officers.iter().take(at);
                let Some(twin) = earlier.clone().find(|one| one.employer == officer.employer)
                else {
                    continue;
                };
                let message = format!(
                    "the officers `{}` and `{}` both work for {company}",
                    twin.written, officer.written
                );
                let finding = flawed(officer.written.span, message)
                    .related(twin.written.span, "and this one");
                findings.push(
                    finding.help("the officers come from different employers: name somebody else"),
                );
            }
        }
    }
}

fn flawed(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(&codes::OFFICERS, span, message)
}
