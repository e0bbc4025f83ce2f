//! Systems that hold access: what they lack, and what two of them hold.

use std::collections::HashMap;

use base::{Diagnostic, Span};
use estate::kinds::{AccessSystem, AccessSystemKind, Organisation};
use estate::{Estate, Item, KindId};

use crate::codes;
use crate::model::Matrix;

pub(super) fn check(estate: &Estate, matrix: &Matrix<'_>, findings: &mut Vec<Diagnostic>) {
    let mut held: HashMap<String, (&Item<AccessSystem>, Span)> = HashMap::new();
    for system in estate.tables.access_systems.items() {
        findings.extend(incomplete(system));
        for (what, span) in holds(system, estate) {
            let Some((other, first)) = held.get(&what) else {
                held.insert(what, (system, span));
                continue;
            };
            let message = if other.name == system.name {
                format!("{} holds {what} twice", system.subject())
            } else {
                format!(
                    "{} holds {what}, as {} does",
                    system.subject(),
                    other.subject()
                )
            };
            let finding = Diagnostic::new(&codes::OVERLAP, span, message);
            let finding = finding.related(*first, "held here").about(system.subject());
            findings.push(finding.help("name it in one of them"));
        }
        if system.value.kind == AccessSystemKind::Github {
            for reference in &system.value.organisations {
                if let Some(organisation) = estate.find(reference) {
                    admins(
                        system,
                        organisation,
                        reference.span,
                        estate,
                        matrix,
                        findings,
                    );
                }
            }
        }
    }
}

/// What a system of its kind must have and this has not.
fn incomplete(item: &Item<AccessSystem>) -> Vec<Diagnostic> {
    let system = &item.value;
    let address = (system.address.is_none(), "an `address`, its URL");
    let user = (system.user.is_none(), "a `user` that it is spoken to as");
    let secret = (system.secret.is_none(), "a `secret`, as `env/NAME`");
    let domains = (
        system.mail_domains.is_empty(),
        "`mail_domains`, those of the mailing groups it holds",
    );
    let organisations = (
        system.organisations.is_empty(),
        "`organisations`, those it holds",
    );
    let base = (
        system.base.is_none(),
        "a `base`, the entry that people and groups are below",
    );
    let needs = match system.kind {
        AccessSystemKind::Github => vec![secret, organisations],
        AccessSystemKind::GoogleGroups => vec![secret, domains],
        AccessSystemKind::Mailman => vec![address, user, secret, domains],
        AccessSystemKind::Ldap => vec![address, user, secret, base],
        AccessSystemKind::Other => Vec::new(),
    };
    let lacks = needs.into_iter().filter(|(lacks, _)| *lacks);
    lacks
        .map(|(_, what)| {
            let message = format!("{} lacks {what}", item.subject());
            let finding = Diagnostic::new(&codes::SYSTEM, item.span, message);
            finding.about(item.subject()).help(format!("add {what}"))
        })
        .collect()
}

/// What a system holds, in words that are the same for two that hold the same.
fn holds(item: &Item<AccessSystem>, estate: &Estate) -> Vec<(String, Span)> {
    let system = &item.value;
    let organisations = system.organisations.iter().map(|reference| {
        let name = estate.find(reference).map(|found| found.name.as_str());
        let name = name.unwrap_or(&reference.name).to_lowercase();
        (format!("organisation/{name}"), reference.span)
    });
    let domains = system.mail_domains.iter();
    let domains = domains.map(|name| (format!("the domain {}", name.to_lowercase()), name.span));
    let address = system
        .address
        .as_ref()
        .map_or("", |address| address.as_str());
    let base = system.base.iter().map(|base| {
        let what = format!("{} of {}", base.to_lowercase(), address.to_lowercase());
        (what, base.span)
    });
    organisations.chain(domains).chain(base).collect()
}

/// Whether an organisation has the administrators that its system asks for.
fn admins(
    system: &Item<AccessSystem>,
    organisation: &Item<Organisation>,
    span: Span,
    estate: &Estate,
    matrix: &Matrix<'_>,
    findings: &mut Vec<Diagnostic>,
) {
    let tables = &estate.tables;
    if tables.is_flawed(KindId::Organisation, &organisation.name) {
        return;
    }
    let belonging = matrix.organisation(&organisation.name);
    let admins: Vec<_> = belonging.iter().filter(|one| one.admin).collect();
    let asked = system.value.min_admins as usize;
    let subject = organisation.subject();
    if admins.len() < asked {
        let has = base::counted(admins.len(), "administrator", "administrators");
        let message = format!(
            "{subject} has {has}, and {} asks for {asked}",
            system.subject()
        );
        let finding = Diagnostic::new(&codes::ADMINS, span, message);
        let finding = finding
            .related(organisation.span, "declared here")
            .about(subject.clone());
        findings.push(finding.help("add administrators, or lower `min_admins`"));
    }
    for required in &system.value.required_admins {
        let person = tables
            .people
            .get(required)
            .map(|person| person.name.as_str());
        let is = |one: &&&crate::model::Belonging| {
            person == Some(one.person.as_str()) || one.login.eq_ignore_ascii_case(required)
        };
        if admins.iter().find(is).is_none() {
            let message = format!("{required} must be an administrator of {subject} and is not");
            let finding = Diagnostic::new(&codes::ADMINS, required.span, message);
            let finding = finding.related(organisation.span, "declared here");
            findings.push(
                finding
                    .about(subject.clone())
                    .help("add them to its `admins`"),
            );
        }
    }
}
