//! Pools that do not say how they are shared out.

use std::collections::{BTreeMap, BTreeSet};

use base::{Decimal, Diagnostic, Span, Spanned};

use super::Asked;
use crate::codes;
use crate::pools::bearer;
use crate::settings::{POOL, SharedPool, Sharing, Weight};

pub(super) fn check(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let pools = &asked.settings.pools;
    let used = used(asked);
    let mut told = BTreeSet::new();
    for (at, pool) in pools.iter().enumerate() {
        findings.extend(name(&pool.value));
        findings.extend(parts(pool));
        findings.extend(months(&pool.value, &pools[..at]));
        for text in &pool.value.to {
            findings.extend(asked.bearer(text, text.span));
        }
        for (text, _) in &pool.value.weights.entries {
            findings.extend(asked.bearer(text, text.span));
        }
        let driver = pool.value.driver.as_ref();
        findings.extend(driver.and_then(|driver| asked.driver(driver, driver.span)));
        findings.extend(twice(asked, &pool.value));
        findings.extend(weights(&pool.value));
        let name = &pool.value.name;
        if !used.contains(name.as_str()) && told.insert(name.as_str()) {
            let message = format!("nothing is in the pool `{name}`");
            let finding = Diagnostic::new(&codes::UNUSED, name.span, message);
            findings.push(finding.help(format!(
                "write `pool: {name}` in a rule, or remove the pool"
            )));
        }
    }
}

/// The names of pools that something is put into.
fn used<'a>(asked: &Asked<'a>) -> BTreeSet<&'a str> {
    let rules = asked.settings.rules.iter();
    let by_rules = rules.filter_map(|rule| Some(rule.value.pool.as_ref()?.as_str()));
    let pools = || asked.settings.pools.iter().map(|pool| &pool.value);
    let named = pools().flat_map(|pool| {
        let weighted = pool.weights.entries.iter().map(|(text, _)| text.as_str());
        pool.to.iter().map(|text| text.as_str()).chain(weighted)
    });
    let drivers = pools().filter_map(|pool| asked.drivers.get(pool.driver.as_ref()?));
    let by_use = drivers.flat_map(crate::pools::Driver::owners);
    let passed_on = named
        .chain(by_use)
        .filter_map(|text| text.strip_prefix(POOL));
    by_rules.chain(passed_on).collect()
}

fn name(pool: &SharedPool) -> Option<Diagnostic> {
    let name = &pool.name;
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '/';
    if !name.is_empty() && !name.contains(odd) {
        return None;
    }
    let message = format!("\"{name}\" cannot be the name of a pool");
    let finding = Diagnostic::new(&codes::POOL, name.span, message);
    Some(match name.strip_prefix(POOL) {
        Some(plain) => finding.help(format!("the kind is plain here: write `{plain}`")),
        None => finding.help("names hold no white space and no `/`, and are not empty"),
    })
}

/// Whether it has what its way of sharing needs, and nothing that another needs.
fn parts(pool: &Spanned<SharedPool>) -> Vec<Diagnostic> {
    let SharedPool {
        name,
        by,
        to,
        weights,
        driver,
        ..
    } = &pool.value;
    let first_to = to.first().map(|text| text.span);
    let first_weight = weights.entries.first().map(|(text, _)| text.span);
    let there = [
        ("to", first_to),
        ("weights", first_weight),
        ("driver", driver.as_ref().map(|driver| driver.span)),
    ];
    let (needs, may) = match by {
        Sharing::Even => (Some("to"), "to"),
        Sharing::Weights => (Some("weights"), "weights"),
        Sharing::Proportional => (None, "to"),
        Sharing::Usage => (Some("driver"), "driver"),
    };
    let mut findings = Vec::new();
    for (key, span) in there {
        match span {
            None if needs == Some(key) => {
                let message = format!("the pool `{name}` has `by: {by}` and no `{key}`");
                let finding = Diagnostic::new(&codes::POOL, name.span, message);
                let what = match *by {
                    Sharing::Even => "those who bear it",
                    Sharing::Weights => "those who bear it, each with what part",
                    Sharing::Proportional | Sharing::Usage => {
                        "the driver that says who used how much"
                    }
                };
                findings.push(finding.help(format!("add `{key}:`, {what}")));
            }
            Some(span) if key != may => {
                let message = format!("the pool `{name}` has `by: {by}`, and `{key}` as well");
                let finding = Diagnostic::new(&codes::POOL, span, message);
                findings.push(finding.help("remove it, or share by what it is for"));
            }
            _ => {}
        }
    }
    findings
}

/// Whether there is a month of which it is shared out so, and no other way for that month.
fn months(pool: &SharedPool, before: &[Spanned<SharedPool>]) -> Option<Diagnostic> {
    let name = &pool.name;
    if let (Some(from), Some(until)) = (pool.from, pool.until)
        && until.value <= from
    {
        let message =
            format!("the pool `{name}` is shared out from {from} on, and from {until} on no more");
        let finding = Diagnostic::new(&codes::POOL, until.span, message);
        return Some(
            finding.help("`until` is the first month of which it is not shared out so any more"),
        );
    }
    let starts_before = |one: &SharedPool, other: &SharedPool| {
        one.from
            .is_none_or(|from| other.until.is_none_or(|until| from < until.value))
    };
    let both = |other: &&Spanned<SharedPool>| {
        other.value.name == *name
            && starts_before(pool, &other.value)
            && starts_before(&other.value, pool)
    };
    let other = before.iter().find(both)?;
    let message = format!("the pool `{name}` is there twice for the same months");
    let finding = Diagnostic::new(&codes::POOL, name.span, message);
    let finding = finding.related(other.value.name.span, "first here");
    Some(finding.help("rename one, or let one end (`until`) where the other begins (`from`)"))
}

/// Somebody who bears it twice, by one name or by two.
fn twice(asked: &Asked<'_>, pool: &SharedPool) -> Vec<Diagnostic> {
    let named: Vec<&Spanned<String>> = pool.to.iter().collect();
    let weighted: Vec<_> = pool.weights.entries.iter().map(|(text, _)| text).collect();
    let mut findings = Vec::new();
    for texts in [named, weighted] {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for text in texts {
            let owner = bearer(text, asked.estate).unwrap_or_else(|| text.value.clone());
            let message = format!("{owner} bears the pool `{}` twice", pool.name);
            if let Some(first) = seen.insert(owner, text.span) {
                let finding = Diagnostic::new(&codes::POOL, text.span, message);
                findings.push(finding.related(first, "first here").help("name it once"));
            }
        }
    }
    findings
}

fn weights(pool: &SharedPool) -> Option<Diagnostic> {
    let weights = &pool.weights.entries;
    let (first, one) = weights.first()?;
    let name = &pool.name;
    let wrong = |span: Span, message: String, help: &str| {
        Some(Diagnostic::new(&codes::WEIGHTS, span, message).help(help))
    };
    let negative = |(_, weight): &&(_, Spanned<Weight>)| weight.value.value.is_negative();
    if let Some((who, weight)) = weights.iter().find(negative) {
        let message = format!("the weight of {who} in the pool `{name}` is below zero");
        return wrong(
            weight.span,
            message,
            "nobody is paid for what others use: write zero, or leave it out",
        );
    }
    let mixed = weights
        .iter()
        .find(|(_, weight)| weight.value.percent != one.value.percent);
    if let Some((_, weight)) = mixed {
        let message = format!("the weights of the pool `{name}` are percentages and other numbers");
        return wrong(weight.span, message, "write all of them with `%`, or none");
    }
    let sum = weights.iter().try_fold(Decimal::ZERO, |sum, (_, weight)| {
        sum.plus(weight.value.value)
    });
    let Some(sum) = sum else {
        let message = format!("the weights of the pool `{name}` add up to 10^20 or more");
        return wrong(
            first.span,
            message,
            "write smaller numbers; only the proportions count",
        );
    };
    let fractions = weights
        .iter()
        .all(|(_, weight)| weight.value.value < Decimal::ONE);
    if sum.is_zero() {
        let message = format!("nobody has a weight above zero in the pool `{name}`");
        wrong(
            first.span,
            message,
            "give those who bear it a weight; nothing is shared out until then",
        )
    } else if one.value.percent && sum != Decimal::whole(100) {
        let message = format!("the weights of the pool `{name}` make {sum}%, not 100%");
        wrong(
            first.span,
            message,
            "correct them; without `%` any numbers will do, and only their proportions count",
        )
    } else if !one.value.percent && fractions && sum != Decimal::ONE {
        let message = format!("the weights of the pool `{name}` make {sum}, not 1");
        wrong(
            first.span,
            message,
            "correct them; or write whole numbers, of which only the proportions count",
        )
    } else {
        None
    }
}
