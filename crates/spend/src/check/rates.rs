//! Rates that cannot be used, or of which there are two.

use std::collections::BTreeMap;

use base::{Currency, Decimal, Diagnostic, Span};
use jiff::civil::Date;

use crate::codes;
use crate::settings::{RatePolicy, Settings};

pub(super) fn check(settings: &Settings, findings: &mut Vec<Diagnostic>) {
    let Some(exchange) = &settings.fx else {
        return;
    };
    let fixed = exchange.policy == RatePolicy::Fixed;
    let mut seen: BTreeMap<(Currency, Currency, Option<Date>), Span> = BTreeMap::new();
    for declared in &exchange.rates {
        let rate = &declared.value;
        let (from, to) = (rate.from, rate.to);
        if from == to {
            let message = format!("a rate from {from} to {to} says nothing");
            let finding = Diagnostic::new(&codes::RATES, declared.span, message);
            findings.push(finding.help("name the other currency, or remove it"));
            continue;
        }
        if rate.rate.value <= Decimal::ZERO {
            let message = format!(
                "the rate from {from} to {to} on {} is not above zero",
                rate.date
            );
            let finding = Diagnostic::new(&codes::RATES, rate.rate.span, message);
            findings.push(finding.help(format!("write how much {to} one {from} is worth")));
            continue;
        }
        let mut pairs = vec![(from, to)];
        pairs.extend(rate.both_ways.then_some((to, from)));
        for (from, to) in pairs {
            let day = (!fixed).then_some(rate.date);
            let Some(first) = seen.get(&(from, to, day)) else {
                seen.insert((from, to, day), declared.span);
                continue;
            };
            let (message, help) = if fixed {
                (
                    format!("there are two rates from {from} to {to}, and the policy is `fixed`"),
                    "keep one, or write `policy: day`",
                )
            } else {
                (
                    format!("there are two rates from {from} to {to} on {}", rate.date),
                    "keep one of them",
                )
            };
            let finding = Diagnostic::new(&codes::RATES, declared.span, message);
            findings.push(finding.related(*first, "first here").help(help));
            break;
        }
    }
}
