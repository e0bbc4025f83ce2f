//! Mailing groups: circles, owners, domains, people without an address.

use std::collections::HashSet;

use base::Diagnostic;
use estate::kinds::{AccessSystemKind, MailingGroup};
use estate::{Addressee, Estate, Item, KindId, Link, NodeId, Relation};

use super::Inclusion;
use crate::codes;
use crate::model::Matrix;

pub(super) fn check(estate: &Estate, matrix: &Matrix<'_>, findings: &mut Vec<Diagnostic>) {
    circles(estate, findings);
    let domains = domains(estate, None);
    for list in estate.tables.mailing_groups.items() {
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

fn circles(estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let graph = &estate.graph;
    let is_list = |node: NodeId| graph.item(node).0 == KindId::MailingGroup;
    let counts = |link: &Link| {
        let within = matches!(link.relation, Relation::HasMember | Relation::HasMaintainer);
        within && is_list(link.from) && is_list(link.to)
    };
    for cycle in graph.cycles(&counts) {
        let Some(&start) = cycle.first() else {
            continue;
        };
        let within = graph.outgoing(start);
        let within = within.filter(|link| counts(link) && cycle.contains(&link.to));
        let ways =
            within.filter_map(|link| Some((link, graph.path_along(link.to, start, &counts)?)));
        let Some((first, back)) = ways.min_by_key(|(_, back)| back.len()) else {
            continue;
        };
        let mut names = vec![graph.item(start).1, graph.item(first.to).1];
        names.extend(back.iter().map(|link| graph.item(link.to).1));
        let message = match names.as_slice() {
            [one, _] => format!("mailing-group/{one} is in itself"),
            _ => format!("a circle of mailing groups: {}", names.join(" → ")),
        };
        let mut finding = Diagnostic::new(&codes::MAILING_CYCLE, first.span, message)
            .about(format!("mailing-group/{}", names[0]))
            .help("remove one of the steps");
        for link in back {
            let (from, to) = (graph.item(link.from).1, graph.item(link.to).1);
            finding = finding.related(link.span, format!("{from} holds {to}"));
        }
        findings.push(finding);
    }
}
