//! What is wrong with grants as they are written.

use base::{Decimal, Diagnostic, Span};
use estate::kinds::CreditGrant;
use estate::{Estate, Item};

use crate::grants::codes;
use crate::grants::terms::expression;
use crate::outlook::{Money, Patterns, pattern, same_provider};

/// Looks at the grants of an estate.
pub fn check(estate: &Estate) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut before: Vec<&Item<CreditGrant>> = Vec::new();
    for item in estate.tables.grants.items() {
        amounts(item, &mut findings);
        days(item, &mut findings);
        credits(item, &mut findings);
        let like = before.iter().find(|other| alike(item, other));
        findings.extend(like.map(|other| overlap(item, other)));
        before.push(item);
    }
    findings
}

fn amounts(item: &Item<CreditGrant>, findings: &mut Vec<Diagnostic>) {
    let grant = &item.value;
    let money = |amount| Money::new(amount, grant.currency.value);
    let given = grant.amount.value;
    if given <= Decimal::ZERO {
        let message = format!("{} gives {}", item.subject(), money(given));
        let finding = Diagnostic::new(&codes::AMOUNT, grant.amount.span, message);
        findings.push(finding.help("write how much was given, more than nothing"));
        return;
    }
    let Some(opening) = &grant.opening_balance else {
        return;
    };
    if opening.amount.value.is_negative() || opening.amount.value > given {
        let left = money(opening.amount.value);
        let message = format!(
            "{} was given {}, and had {left} left on {}",
            item.subject(),
            money(given),
            opening.date.value
        );
        let finding = Diagnostic::new(&codes::AMOUNT, opening.amount.span, message);
        let finding = finding.related(grant.amount.span, "what was given");
        findings.push(finding.help("write a balance between nothing and what was given"));
    }
}

fn days(item: &Item<CreditGrant>, findings: &mut Vec<Diagnostic>) {
    let grant = &item.value;
    let (start, end) = (grant.start, grant.end.value);
    if end < start {
        let message = format!("{} starts on {start} and ends on {end}", item.subject());
        let finding = Diagnostic::new(&codes::DAYS, grant.end.span, message);
        findings.push(finding.help("both are days that it pays: the end is not before the start"));
        return;
    }
    let Some(opening) = &grant.opening_balance else {
        return;
    };
    let day = opening.date.value;
    if day < start || day > end {
        let message = format!(
            "{} has an opening balance of {day}, and lasts from {start} to {end}",
            item.subject()
        );
        let finding = Diagnostic::new(&codes::DAYS, opening.date.span, message);
        findings.push(finding.help("write what was left on one of its days"));
    }
}

fn credits(item: &Item<CreditGrant>, findings: &mut Vec<Diagnostic>) {
    let grant = &item.value;
    let mut refuse = |span: Span, message: String, help: &str| {
        findings.push(Diagnostic::new(&codes::CREDITS, span, message).help(help));
    };
    if let Some(text) = &grant.credits
        && let Err(error) = expression(&text.value)
    {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default();
        let why = why.trim_start_matches("error: ");
        let message = format!(
            "{}: `{}` is no regular expression: {why}",
            item.subject(),
            text.value
        );
        let help = "write a part of the credits' name; characters such as `(` and `+` need a `\\` before them";
        refuse(text.span, message, help);
    }
    for text in &grant.accounts {
        if let Err(why) = pattern(&text.value) {
            let message = format!(
                "{}: `{}` is no pattern of accounts: {why}",
                item.subject(),
                text.value
            );
            let help = "write the account's id; `*` stands for any characters";
            refuse(text.span, message, help);
        }
    }
}

/// Whether a credit could be of both, for all that they say.
fn alike(one: &Item<CreditGrant>, other: &Item<CreditGrant>) -> bool {
    let (a, b) = (&one.value, &other.value);
    let credits = |grant: &CreditGrant| grant.credits.as_ref().map(|text| text.value.clone());
    same_provider(&a.provider.value, &b.provider.value)
        && a.currency.value == b.currency.value
        && a.start <= b.end.value
        && b.start <= a.end.value
        && credits(a) == credits(b)
        && (meet(a, b) || meet(b, a))
}

/// Whether an account of one is among those of the other.
fn meet(one: &CreditGrant, other: &CreditGrant) -> bool {
    if one.accounts.is_empty() || other.accounts.is_empty() {
        return one.accounts.is_empty() && other.accounts.is_empty();
    }
    let of_other = Patterns::of(other.accounts.iter().map(|text| text.value.as_str()));
    let mut each = one.accounts.iter();
    each.any(|text| of_other.matches(&text.value))
}

fn overlap(item: &Item<CreditGrant>, other: &Item<CreditGrant>) -> Diagnostic {
    let (a, b) = (&item.value, &other.value);
    let from = a.start.max(b.start);
    let until = a.end.value.min(b.end.value);
    let message = format!(
        "{} and {} both pay {} from {from} to {until}, and no credit tells which",
        other.subject(),
        item.subject(),
        a.provider.value,
    );
    let finding = Diagnostic::new(&codes::OVERLAP, a.provider.span, message);
    let finding = finding.related(b.provider.span, "the other one");
    finding.help("write what the bills call the credits of each, under `credits`")
}
