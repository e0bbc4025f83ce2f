//! What is wrong with budgets as they are written.

use std::collections::BTreeMap;

use base::{Decimal, Diagnostic, nearest};
use estate::kinds::{Basis, Budget, BudgetPeriod};
use estate::{Estate, Item};

use crate::alerts::Channels;
use crate::budgets::codes;
use crate::outlook::{Money, pattern};
use crate::settings::Settings;

/// The highest share that a threshold may be at, in per cent: ten times the budget.
const HIGHEST: u32 = 1000;

/// Looks at the budgets of an estate, and whom they tell by the channels of its settings.
pub fn check(estate: &Estate, settings: &Settings) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let channels = Channels::of(&settings.alerts, estate);
    for item in estate.tables.budgets.items() {
        amount_and_period(item, &mut findings);
        scope(item, &mut findings);
        thresholds(item, &mut findings);
        notify(item, &channels, &mut findings);
        whole(item, estate, &mut findings);
    }
    parts(estate, &mut findings);
    findings
}

fn amount_and_period(item: &Item<Budget>, findings: &mut Vec<Diagnostic>) {
    let budget = &item.value;
    if budget.amount.value <= Decimal::ZERO {
        let amount = Money::new(budget.amount.value, budget.currency.value);
        let message = format!("{} allows {amount}", item.subject());
        let finding = Diagnostic::new(&codes::AMOUNT, budget.amount.span, message);
        findings.push(finding.help("write what may be spent in each period, more than nothing"));
    }
    if let BudgetPeriod::Custom { from, until } = &budget.period
        && until.value < from.value
    {
        let message = format!(
            "{} is from {} until {}",
            item.subject(),
            from.value,
            until.value
        );
        let finding = Diagnostic::new(&codes::PERIOD, until.span, message);
        findings.push(finding.help("write its first and its last day"));
    }
}

fn scope(item: &Item<Budget>, findings: &mut Vec<Diagnostic>) {
    let scope = &item.value.scope;
    for text in [&scope.account, &scope.sub_account].into_iter().flatten() {
        if let Err(why) = pattern(&text.value) {
            let message = format!("{}: `{}` is no pattern: {why}", item.subject(), text.value);
            let finding = Diagnostic::new(&codes::SCOPE, text.span, message);
            findings
                .push(finding.help("write the id as bills have it; `*` stands for any characters"));
        }
    }
}

fn thresholds(item: &Item<Budget>, findings: &mut Vec<Diagnostic>) {
    let mut last: BTreeMap<Basis, u32> = BTreeMap::new();
    for threshold in &item.value.thresholds {
        let at = threshold.at.value;
        let before = last.insert(threshold.basis, at);
        let wrong = if at == 0 || at > HIGHEST {
            let message = format!("{} has a threshold at {at}%", item.subject());
            Some((message, format!("write a share from 1 to {HIGHEST}")))
        } else {
            before.filter(|before| *before >= at).map(|before| {
                let message = format!(
                    "{} has a threshold at {at}% ({}) after one at {before}%",
                    item.subject(),
                    threshold.basis
                );
                let help = "let the shares of one basis rise, and name each once";
                (message, help.to_owned())
            })
        };
        if let Some((message, help)) = wrong {
            let finding = Diagnostic::new(&codes::THRESHOLD, threshold.at.span, message);
            findings.push(finding.help(help));
        }
        if threshold.action.value.trim().is_empty() {
            let message = format!("{}: nothing is done at {at}%", item.subject());
            let finding = Diagnostic::new(&codes::THRESHOLD, threshold.action.span, message);
            findings.push(
                finding.help("write what is done then, for example `turn off the 5000-node tests`"),
            );
        }
    }
}

fn notify(item: &Item<Budget>, channels: &Channels<'_>, findings: &mut Vec<Diagnostic>) {
    for word in item.value.thresholds.iter().flat_map(|one| &one.notify) {
        if channels.named(word).is_some_and(|told| !told.is_empty()) {
            continue;
        }
        let message = format!(
            "{} tells \"{}\", which is no channel, no group and no address",
            item.subject(),
            word.value
        );
        let like = nearest(&word.value, channels.words());
        let help = match like {
            Some(like) => format!("did you mean {like}?"),
            None => "add it to `alerts.channels` in spend.yaml, or name a group".to_owned(),
        };
        findings.push(Diagnostic::new(&codes::NOTIFY, word.span, message).help(help));
    }
}

/// The budget that one is a part of.
fn parent<'e>(estate: &'e Estate, item: &Item<Budget>) -> Option<&'e Item<Budget>> {
    estate.find(item.value.parent.as_ref()?)
}

fn whole(item: &Item<Budget>, estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let Some((named, whole)) = item.value.parent.as_ref().zip(parent(estate, item)) else {
        return;
    };
    if let Some(circle) = circle(estate, item) {
        // Once for all of them, at the one that comes first.
        if circle.iter().min().is_some_and(|first| *first == item.name) {
            let message = format!(
                "{} is a part of itself: {} > {}",
                item.subject(),
                circle.join(" > "),
                item.name
            );
            let finding = Diagnostic::new(&codes::PARENT, named.span, message);
            findings.push(finding.help("remove one of the steps"));
        }
        return;
    }
    let (part, of) = (item.value.currency.value, whole.value.currency.value);
    if part != of {
        let message = format!(
            "{} is in {part}, and a part of {}, which is in {of}",
            item.subject(),
            whole.subject()
        );
        let finding = Diagnostic::new(&codes::PARENT, item.value.currency.span, message);
        let finding = finding.related(whole.value.currency.span, "the whole");
        findings.push(finding.help(format!("write both in {of}, or let it stand by itself")));
    }
}

/// The budgets from one up to itself; nothing if it is no part of itself.
fn circle<'e>(estate: &'e Estate, item: &'e Item<Budget>) -> Option<Vec<&'e str>> {
    let mut path = vec![item.name.as_str()];
    let mut at = item;
    while let Some(next) = parent(estate, at) {
        if next.name == item.name {
            return Some(path);
        }
        if path.contains(&next.name.as_str()) {
            return None;
        }
        path.push(&next.name);
        at = next;
    }
    None
}

/// Whether the parts of each budget allow more than it does. Amounts for other times, costs and
/// currencies cannot be compared.
fn parts(estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let period = |budget: &Budget| serde_json::to_string(&budget.period).unwrap_or_default();
    for whole in estate.tables.budgets.items() {
        let like = |part: &&Item<Budget>| {
            parent(estate, part).is_some_and(|of| of.name == whole.name)
                && part.name != whole.name
                && part.value.currency.value == whole.value.currency.value
                && part.value.metric == whole.value.metric
                && period(&part.value) == period(&whole.value)
        };
        let parts: Vec<&Item<Budget>> = estate.tables.budgets.items().filter(like).collect();
        let mut sum = Some(Decimal::ZERO);
        for part in &parts {
            sum = sum.and_then(|sum| sum.plus(part.value.amount.value));
        }
        let Some(sum) = sum.filter(|sum| *sum > whole.value.amount.value) else {
            continue;
        };
        let money = |amount| Money::new(amount, whole.value.currency.value);
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        let message = format!(
            "{} allows {}, and its parts {} allow {} together",
            whole.subject(),
            money(whole.value.amount.value),
            names.join(", "),
            money(sum)
        );
        let mut finding = Diagnostic::new(&codes::PARTS, whole.value.amount.span, message);
        for part in parts {
            finding = finding.related(part.value.amount.span, "a part");
        }
        findings.push(finding.help("lower the parts, or raise the whole where that was decided"));
    }
}
