//! One person under several spellings is one person; addresses have owners.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use base::{Diagnostic, Span, Spanned};

use crate::codes;
use crate::kinds::{Employment, Handles, Person, Tables};
use crate::reference::{Ref, fold};
use crate::scalars::Email;
use crate::table::{Item, Table};

/// A person met in a file that is not their own, by login.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The login, as written there.
    pub login: Spanned<String>,
    /// The name, if it stands there.
    pub name: Option<Spanned<String>>,
    /// The address, if it stands there.
    pub email: Option<Spanned<Email>>,
    /// The employer, if it stands there.
    pub company: Option<Spanned<String>>,
}

impl Sighting {
    /// A login and nothing else.
    pub fn of(person: &Ref<Person>) -> Self {
        let login = Spanned::new(person.name.clone(), person.span);
        Self {
            login,
            name: None,
            email: None,
            company: None,
        }
    }
}

/// Makes one person of all sightings of a login, and reports where they disagree.
pub(crate) fn unite(
    people: &mut Table<Person>,
    sightings: Vec<Sighting>,
    findings: &mut Vec<Diagnostic>,
) {
    for sighting in sightings {
        if let Some(finding) = other_login(people, &sighting) {
            findings.push(finding);
            continue;
        }
        if people.get(&sighting.login).is_none() {
            people.add(stranger(&sighting), findings);
        }
        if let Some(person) = people.get_mut(&sighting.login) {
            merge(person, sighting, findings);
        }
    }
}

/// Somebody is met under a login that is the name of a person with another login.
fn other_login(people: &Table<Person>, sighting: &Sighting) -> Option<Diagnostic> {
    let person = people.get(&sighting.login)?;
    let own = person.value.handles.github.as_ref()?;
    if fold(own) == fold(&sighting.login) {
        return None;
    }
    let message = format!(
        "the login `{}` is not that of {}, whose login is `{own}`",
        *sighting.login,
        person.subject()
    );
    let mut finding = Diagnostic::new(&codes::PERSON_CONFLICT, sighting.login.span, message);
    finding.severity = base::Severity::Error;
    let finding = finding
        .related(own.span, "declared here")
        .about(person.subject());
    Some(finding.help("give the person's file another name, or correct the login"))
}

fn stranger(sighting: &Sighting) -> Item<Person> {
    let login = sighting.login.value.trim_start_matches('@');
    let handles = Handles {
        github: Some(Spanned::new(login.to_owned(), sighting.login.span)),
        ..Handles::default()
    };
    Item {
        name: fold(login).into_owned(),
        span: sighting.login.span,
        value: Person {
            name: None,
            handles,
            email: None,
            other_emails: Vec::new(),
            employers: Vec::new(),
            time_zone: None,
            private_contacts: None,
            keys: Vec::new(),
            robot: false,
            left: None,
            rungs: Vec::new(),
            facts: yaml::Map::default(),
            mentored_by: Vec::new(),
            interests: None,
        },
    }
}

fn merge(person: &mut Item<Person>, sighting: Sighting, findings: &mut Vec<Diagnostic>) {
    let subject = person.subject();
    let declared = person.span;
    let value = &mut person.value;
    if let Some(name) = sighting.name {
        match &value.name {
            None => value.name = Some(name.value),
            Some(known) if fold(known) == fold(&name) => {}
            Some(known) => {
                let message = format!(
                    "`{}` is called \"{name}\" here and \"{known}\" elsewhere",
                    person.name
                );
                findings.push(conflict(
                    &codes::PERSON_SPELLING,
                    name.span,
                    message,
                    declared,
                    &subject,
                ));
            }
        }
    }
    if let Some(email) = sighting.email {
        let known = value
            .emails()
            .any(|known| known.mailbox() == email.mailbox());
        match &value.email {
            _ if known => {}
            None => value.email = Some(email),
            Some(first) => {
                let message = format!(
                    "`{}` has the address {email} here and {first} elsewhere",
                    person.name
                );
                findings.push(conflict(
                    &codes::PERSON_CONFLICT,
                    email.span,
                    message,
                    first.span,
                    &subject,
                ));
                value.other_emails.push(email);
            }
        }
    }
    if let Some(company) = sighting.company {
        match value.employers.iter().find(|job| job.until.is_none()) {
            None => value.employers.push(Employment {
                company,
                from: None,
                until: None,
            }),
            Some(job) if job.company == company => {}
            Some(job) => {
                let message = format!(
                    "`{}` works for \"{company}\" here and for \"{}\" elsewhere",
                    person.name, job.company
                );
                findings.push(conflict(
                    &codes::PERSON_CONFLICT,
                    company.span,
                    message,
                    job.company.span,
                    &subject,
                ));
            }
        }
    }
}

fn conflict(
    code: &'static base::Code,
    span: Span,
    message: String,
    first: Span,
    subject: &str,
) -> Diagnostic {
    let finding = Diagnostic::new(code, span, message)
        .related(first, "first said here")
        .about(subject);
    finding.help("correct the one that is wrong, or keep the fact in people/ only")
}

/// Whose an address is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// A person, by name.
    Person(String),
    /// A mailing group, by name.
    MailingGroup(String),
}

impl Addressee {
    /// `kind/name`.
    pub fn subject(&self) -> String {
        match self {
            Self::Person(name) => format!("person/{name}"),
            Self::MailingGroup(name) => format!("mailing-group/{name}"),
        }
    }
}

/// Every address the estate knows, by mailbox.
#[derive(Debug, Default)]
pub struct AddressBook {
    by_mailbox: HashMap<String, Addressee>,
}

impl AddressBook {
    pub(crate) fn of(tables: &Tables, findings: &mut Vec<Diagnostic>) -> Self {
        let mut by_mailbox = HashMap::new();
        for group in tables.mailing_groups.items() {
            by_mailbox.insert(
                group.value.email.mailbox(),
                Addressee::MailingGroup(group.name.clone()),
            );
        }
        for person in tables.people.items() {
            for email in person.value.emails() {
                match by_mailbox.entry(email.mailbox()) {
                    Entry::Vacant(free) => {
                        free.insert(Addressee::Person(person.name.clone()));
                    }
                    Entry::Occupied(taken)
                        if *taken.get() == Addressee::Person(person.name.clone()) => {}
                    Entry::Occupied(taken) => {
                        let message = format!(
                            "an address of {} is that of {} too",
                            person.subject(),
                            taken.get().subject()
                        );
                        let finding = Diagnostic::new(&codes::DUPLICATE_ITEM, email.span, message);
                        let help = "an address leads to one of them: remove it from the other";
                        findings.push(finding.help(help).about(person.subject()).withhold());
                    }
                }
            }
        }
        Self { by_mailbox }
    }

    /// Who has an address that differs in case only. It is not taken for the same
    /// (RFC 5321 §2.4), but probably is.
    pub fn differs_in_case(&self, email: &Email) -> Option<String> {
        let mailbox = email.mailbox().to_lowercase();
        let alike = |known: &str| known.len() == mailbox.len() && known.to_lowercase() == mailbox;
        let known = self.by_mailbox.iter().filter(|(known, _)| alike(known));
        // Of several the first by the alphabet, so that every run says the same.
        let (known, addressee) = known.min_by_key(|(known, _)| known.as_str())?;
        Some(match addressee {
            Addressee::Person(name) => {
                format!("{known} is an address of person/{name}: write it in the same case")
            }
            Addressee::MailingGroup(name) => {
                format!("{known} is mailing-group/{name}: write it in the same case")
            }
        })
    }

    /// Whose an address is; never guessed.
    pub fn whose(&self, email: &Email) -> Option<&Addressee> {
        self.by_mailbox.get(&email.mailbox())
    }
}

/// Reports addresses that belong to nobody, each once.
pub(crate) fn unmatched(tables: &Tables, book: &AddressBook, findings: &mut Vec<Diagnostic>) {
    if tables.people.is_incomplete() || tables.mailing_groups.is_incomplete() {
        return;
    }
    let mut strangers: BTreeMap<String, (&Spanned<Email>, usize)> = BTreeMap::new();
    for group in tables.mailing_groups.items() {
        for (_, email) in group.value.addresses() {
            if book.whose(email).is_none() {
                strangers.entry(email.mailbox()).or_insert((email, 0)).1 += 1;
            }
        }
    }
    for (email, count) in strangers.into_values() {
        let places = if count == 1 {
            "one mailing group".to_owned()
        } else {
            format!("{count} mailing groups")
        };
        let message = format!("{email}, in {places}, belongs to nobody the estate knows");
        let alike = book.differs_in_case(email);
        let help =
            alike.unwrap_or_else(|| "add it to a person's `email` or `other_emails`".to_owned());
        findings.push(Diagnostic::new(&codes::UNMATCHED_ADDRESS, email.span, message).help(help));
    }
}
