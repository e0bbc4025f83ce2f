//! What is watched and who is told: planned times, what was acknowledged, quotas, channels, and
//! what the report for everybody leaves out.

use std::collections::{BTreeMap, BTreeSet};

use base::{Decimal, Diagnostic, Span};
use estate::KindId;

use super::Asked;
use crate::cells::UNALLOCATED;
use crate::codes;
use crate::settings::{Lookup, OneOrMore, Pattern, Quota, Recipient};

pub(super) fn check(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    planned(asked, findings);
    acknowledged(asked, findings);
    for quota in &asked.settings.quotas {
        findings.extend(limit(quota));
        findings.extend(use_of(asked, quota));
        let owner = quota.owner.as_ref();
        findings.extend(owner.and_then(|owner| asked.reference(owner)));
    }
    alerts(asked, findings);
    prices(asked, findings);
}

fn planned(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    for window in &asked.settings.planned {
        if window.until.value <= window.from.value {
            let message = format!(
                "`{}` begins on {}, and is over on {}",
                window.name, window.from, window.until
            );
            let finding = Diagnostic::new(&codes::PLANNED, window.until.span, message);
            findings.push(
                finding
                    .help("`until` is the first day on which it is over: write one after `from`"),
            );
        }
        let owners = window.scope.owner.as_ref().into_iter();
        for pattern in owners.flat_map(|owners| &owners.each) {
            match pattern.lookup() {
                Lookup::Exact(UNALLOCATED) => {}
                Lookup::Exact(owner) => findings.extend(asked.bearer(owner, pattern.span())),
                _ => {}
            }
        }
    }
}

fn acknowledged(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for one in asked.settings.acknowledged.iter().map(|one| &one.value) {
        let event = &one.event;
        let reason = one.reason.as_ref();
        if reason.is_none_or(|reason| reason.trim().is_empty()) {
            let span = reason.map_or(event.span, |reason| reason.span);
            let message = format!("the event `{event}` was acknowledged without a reason");
            let finding = Diagnostic::new(&codes::ACKNOWLEDGED, span, message);
            findings.push(finding.help("add `reason:`, what it was in a sentence"));
        }
        if let Some(first) = seen.insert(event.as_str(), event.span) {
            let message = format!("the event `{event}` was acknowledged twice");
            let finding = Diagnostic::new(&codes::ACKNOWLEDGED, event.span, message);
            findings.push(
                finding
                    .related(first, "first here")
                    .help("keep one of them"),
            );
        }
        let by = one.by.as_ref();
        findings.extend(by.and_then(|by| asked.reference(by)));
    }
}

fn limit(quota: &Quota) -> Option<Diagnostic> {
    if quota.limit.value > Decimal::ZERO {
        return None;
    }
    let message = format!("the quota `{}` has no limit above zero", quota.name);
    let finding = Diagnostic::new(&codes::QUOTA, quota.limit.span, message);
    Some(finding.help("write how much the provider lets be used, or remove the quota"))
}

/// Whether its driver says how much is used each day, in its unit.
fn use_of(asked: &Asked<'_>, quota: &Quota) -> Vec<Diagnostic> {
    let name = &quota.driver;
    let unknown = asked.driver(name, name.span);
    let (None, Some(driver)) = (&unknown, asked.drivers.get(name)) else {
        return unknown.into_iter().collect();
    };
    let mut findings = Vec::new();
    if driver.is_monthly() {
        let message = format!(
            "the quota `{}` is of each day, and the driver `{name}` is by month",
            quota.name
        );
        let finding = Diagnostic::new(&codes::QUOTA, name.span, message);
        findings.push(
            finding.help("give the file of the driver a column `date`, or name another driver"),
        );
    }
    if let Some(unit) = quota
        .unit
        .as_ref()
        .filter(|unit| unit.value != driver.unit())
    {
        let message = format!(
            "the quota `{}` is in {unit}, and the driver `{name}` counts {}",
            quota.name,
            driver.unit()
        );
        let finding = Diagnostic::new(&codes::QUOTA, unit.span, message);
        findings.push(
            finding.help(
                "name a driver that counts the same; without `unit` it is that of the driver",
            ),
        );
    }
    findings
}

fn alerts(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let alerts = &asked.settings.alerts;
    for (_, recipients) in &alerts.channels.entries {
        for recipient in &recipients.each {
            if let Recipient::Group(group) = recipient {
                findings.extend(asked.reference(group));
            }
        }
    }
    let tables = &asked.estate.tables;
    for word in &alerts.to {
        if alerts.channels.get(word).is_some() {
            continue;
        }
        let reached = match Recipient::parse(word, word.span) {
            Some(Recipient::Address(_)) => true,
            Some(Recipient::Group(group)) => tables.knows(KindId::Group, &group.name),
            None => false,
        };
        if reached {
            continue;
        }
        let channels = alerts.channels.entries.iter();
        let channels = channels.map(|(name, _)| name.as_str());
        let groups = tables.groups.items().map(|group| group.name.as_str());
        let help = match base::nearest(word, channels.chain(groups)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a channel, a group, a mail address, or a URL that starts with https://"
                .to_owned(),
        };
        let message = format!("`{word}` is no channel, no group and no address");
        findings.push(Diagnostic::new(&codes::ALERTS, word.span, message).help(help));
    }
}

/// Names of providers that are near to one that is named elsewhere.
fn prices(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let known = providers(asked);
    for pattern in &asked.settings.public.private_prices {
        let Lookup::Exact(name) = pattern.lookup() else {
            continue;
        };
        if known.contains(name) {
            continue;
        }
        if let Some(near) = base::nearest(name, known.iter().copied()) {
            let message =
                format!("no other place names a provider `{name}`, whose prices are to be private");
            let finding = Diagnostic::new(&codes::PRICES, pattern.span(), message);
            findings.push(finding.help(format!("did you mean `{near}`?")));
        }
    }
}

/// The providers that the estate names.
fn providers<'a>(asked: &Asked<'a>) -> BTreeSet<&'a str> {
    let settings = asked.settings;
    let exact = |patterns: &'a Option<OneOrMore<Pattern>>| {
        let each = patterns.iter().flat_map(|patterns| &patterns.each);
        each.filter_map(|pattern| match pattern.lookup() {
            Lookup::Exact(name) => Some(name),
            _ => None,
        })
    };
    let rules = settings.rules.iter();
    let rules = rules.flat_map(|rule| exact(&rule.value.when.provider));
    let planned = settings.planned.iter();
    let planned = planned.flat_map(|window| exact(&window.scope.provider));
    let quotas = settings.quotas.iter().map(|quota| quota.provider.as_str());
    let tables = &asked.estate.tables;
    let grants = tables.grants.items();
    let grants = grants.map(|grant| grant.value.provider.as_str());
    let budgets = tables.budgets.items();
    let budgets = budgets.filter_map(|budget| Some(budget.value.scope.provider.as_ref()?.as_str()));
    let all = rules.chain(planned).chain(quotas).chain(grants);
    all.chain(budgets).collect()
}
