//! Mailing groups: circles, owners, domains, people without an address.

use std::collections::{HashMap, HashSet};

use base::{Diagnostic, Spanned};
use estate::kinds::{AccessSystemKind, MailingGroup};
use estate::{Addressee, Email, Estate, Item, KindId, Link, Relation};

use super::Inclusion;
use super::circles::Circles;
use crate::codes;
use crate::model::Matrix;

pub(super) fn check(estate: &Estate, matrix: &Matrix<'_>, findings: &mut Vec<Diagnostic>) {
    circles(estate, findings);
    let domains = domains(estate, None);
    for list in estate.tables.mailing_groups.items() {
        twice(list, findings);
        for inclusion in &list.value.include {
            let inclusion = Inclusion {
                group: inclusion.group.as_ref(),
                team: inclusion.team.as_ref().map(|team| team.span),
                roles: inclusion.roles().collect(),
                span: list.span,
            };
            findings.extend(inclusion.wrong(estate).map(|(message, span, help)| {
                let finding = Diagnostic::new(&codes::INCLUSION, span, message);
                finding.help(help).about(list.subject())
            }));
        }
        let domain = domain_of(list);
        if !domains.is_empty() && !domains.contains(&domain) {
            let message = format!("no system holds the domain of {}", list.value.email);
            let span = list.value.email.span;
            let finding = Diagnostic::new(&codes::MAIL_DOMAIN, span, message);
            let near = base::nearest(&domain, domains.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean {near}?"),
                None => format!("add {domain} to the `mail_domains` of the system that has it"),
            };
            findings.push(finding.help(help).about(list.subject()));
        }
        owners(list, estate, findings);
    }
    for (person, list, span) in matrix.unreachable() {
        let message = format!(
            "{} should be in mailing-group/{list} and has no address",
            person.subject()
        );
        let finding = Diagnostic::new(&codes::NO_ADDRESS, span, message);
        let help = format!("add `email` to {}", person.subject());
        findings.push(finding.help(help).about(format!("mailing-group/{list}")));
    }
}

fn domain_of(list: &Item<MailingGroup>) -> String {
    let email = list.value.email.as_str();
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.to_lowercase()
}

/// The domains that systems hold, of one kind or of all.
pub(super) fn domains(estate: &Estate, kind: Option<AccessSystemKind>) -> HashSet<String> {
    let systems = estate.tables.access_systems.items();
    let systems = systems.filter(|system| kind.is_none_or(|kind| system.value.kind == kind));
    let domains = systems.flat_map(|system| &system.value.mail_domains);
    domains.map(|domain| domain.to_lowercase()).collect()
}

/// Whether a system of a kind holds a mailing group.
pub(super) fn is_held(list: &Item<MailingGroup>, domains: &HashSet<String>) -> bool {
    domains.contains(&domain_of(list))
}

fn owners(list: &Item<MailingGroup>, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    for owner in &list.value.owners {
        let Some(Addressee::MailingGroup(name)) = estate.address_book.whose(owner) else {
            continue;
        };
        let message = format!("{} is owned by mailing-group/{name}", list.subject());
        let finding = Diagnostic::new(&codes::OWNING_GROUP, owner.span, message);
        let help = "name the people who own it, or make the group a manager";
        findings.push(finding.help(help).about(list.subject()));
    }
}

/// Addresses of a list that differ in case alone: no system tells them apart.
fn twice(list: &Item<MailingGroup>, findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, (&str, &Spanned<Email>)> = HashMap::new();
    for (role, address) in list.value.addresses() {
        let Some((other, first)) = seen.insert(address.mailbox().to_lowercase(), (role, address))
        else {
            continue;
        };
        // That one spelling, or one mailbox, stands twice is said by whoever reads the file.
        let mailbox = first.mailbox() == address.mailbox();
        if mailbox && !is_native(list, address) {
            continue;
        }
        let subject = list.subject();
        let message = format!("{address} is {role} of {subject}, and as {first}, {other}");
        let finding = Diagnostic::new(&codes::TWICE, address.span, message);
        let finding = finding.related(first.span, "first here").about(subject);
        findings.push(finding.help("keep the one with the role that is meant"));
    }
}

/// Whether a list stands in a file of its own, and its addresses with it.
fn is_native(list: &Item<MailingGroup>, address: &Spanned<Email>) -> bool {
    list.name != list.value.email.as_str().to_lowercase() && list.span.file == address.span.file
}

fn circles(estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let within =
        |link: &Link| matches!(link.relation, Relation::HasMember | Relation::HasMaintainer);
    let sort = Circles {
        kind: KindId::MailingGroup,
        code: &codes::MAILING_CYCLE,
        itself: "is in",
        step: "holds",
    };
    sort.find(estate, &within, findings);
}
