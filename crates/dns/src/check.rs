//! What is wrong with the zones of an estate.

use base::{Diagnostic, SourceMap};
use estate::kinds::{DnsServer, DnsServerKind, Zone};
use estate::records::DomainName;
use estate::{Estate, Item, KindId, Tree};
use formats::octodns::{self, DeclaredZone};
use jiff::civil::Date;

use crate::{codes, desired};

/// Reads every zone and judges it by the validators that it names. The files that
/// are read are added to `sources`, for the findings are about places in them.
pub fn check(
    estate: &Estate,
    tree: &dyn Tree,
    sources: &mut SourceMap,
    day: Date,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for server in estate.tables.dns_servers.items() {
        findings.extend(incomplete(server));
    }
    let names: Vec<DomainName> = estate.tables.zones.items().filter_map(name).collect();
    for item in estate.tables.zones.items() {
        let read = desired::desired(item, estate, tree, sources);
        // What is wrong in the files of another zone is said there.
        let subject = item.subject();
        let own = |finding: &Diagnostic| finding.subject.as_ref() == Some(&subject);
        findings.extend(read.findings.into_iter().filter(own));
        let Some(desired) = read.desired else {
            continue;
        };
        let below: Vec<DomainName> = names
            .iter()
            .filter(|name| **name != desired.zone && name.is_in(&desired.zone))
            .cloned()
            .collect();
        let zone = DeclaredZone {
            name: desired.zone.clone(),
            sets: desired.sets,
        };
        if !item.value.records.is_empty() {
            findings.extend(octodns::validate(&zone, &item.value, &below));
            findings.extend(notes(&zone, item, estate, day));
        }
    }
    findings
}

fn name(item: &Item<Zone>) -> Option<DomainName> {
    DomainName::absolute(&format!("{}.", item.name.to_lowercase())).ok()
}

fn notes(zone: &DeclaredZone, item: &Item<Zone>, estate: &Estate, day: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (key, set) in &zone.sets {
        if let Some(owner) = &set.notes.owner
            && !estate.tables.knows(KindId::Group, &owner.name)
        {
            let tables = &estate.tables;
            findings.push(estate::unknown(
                tables,
                &estate.address_book,
                KindId::Group,
                &owner.name,
                owner.span,
            ));
        }
        if let Some(expires) = set
            .notes
            .expires
            .as_ref()
            .filter(|expires| expires.value <= day)
        {
            let message = format!("{key} was asked for until {}", expires.value);
            let owner = set.notes.owner.as_ref().or(item.value.owner.as_ref());
            let mut finding = Diagnostic::new(&codes::EXPIRED, expires.span, message)
                .help("ask its owner, and remove the record or set another day");
            finding.subject = Some(item.subject());
            finding.owner = owner.map(|owner| owner.name.clone());
            findings.push(finding);
        }
    }
    findings
}

fn incomplete(item: &Item<DnsServer>) -> Option<Diagnostic> {
    let server = &item.value;
    let lacks = match server.kind {
        DnsServerKind::Rfc2136 if server.address.is_none() => "an `address`, as host:port",
        DnsServerKind::ZoneFiles if server.address.is_none() => {
            "an `address`, the path of its folder"
        }
        DnsServerKind::Powerdns if server.address.is_none() => {
            "an `address`, the URL of its interface"
        }
        DnsServerKind::Powerdns | DnsServerKind::Route53 if server.api_key.is_none() => {
            "an `api_key`"
        }
        _ => return None,
    };
    let message = format!("DNS server {} lacks {lacks}", item.name);
    let finding = Diagnostic::new(&codes::SERVER, item.span, message);
    Some(finding.help(format!("add {lacks}; a secret as `env/NAME`")))
}
