//! Rules that do not say whose charges are, or are never asked.

use std::collections::BTreeMap;

use base::{Diagnostic, Span, Spanned};

use super::Asked;
use crate::codes;
use crate::settings::{Lookup, OneOrMore, OwnerRule, Pattern, RuleOwner, TagOwner, When};

pub(super) fn check(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let rules = &asked.settings.rules;
    for (at, rule) in rules.iter().enumerate() {
        let before = findings.len();
        findings.extend(whose(rule));
        findings.extend(days(rule));
        names(asked, &rule.value, findings);
        // What is wrong in itself need not be in the right place as well.
        if findings.len() == before {
            findings.extend(shadowed(&rules[..at], rule));
        }
    }
}

/// Whether it names an owner or a pool.
fn whose(rule: &Spanned<OwnerRule>) -> Option<Diagnostic> {
    let (span, message, help) = match (&rule.value.owner, &rule.value.pool) {
        (Some(_), None) | (None, Some(_)) => return None,
        (Some(_), Some(pool)) => (
            pool.span,
            "a rule names an owner and a pool",
            "charges are somebody's or shared out: keep one of the two",
        ),
        (None, None) => (
            rule.span,
            "a rule names no owner and no pool",
            "add `owner:` with a group, `owner: {tag: KEY}`, or `pool:`",
        ),
    };
    Some(Diagnostic::new(&codes::RULE, span, message).help(help))
}

/// Whether there is a day on which it holds.
fn days(rule: &Spanned<OwnerRule>) -> Option<Diagnostic> {
    let (from, until) = (rule.value.from?, rule.value.until?);
    if from.value < until.value {
        return None;
    }
    let message = format!("a rule holds from {from} on, and from {until} on no more");
    let finding = Diagnostic::new(&codes::RULE, until.span, message);
    Some(finding.help("`until` is the first day on which it holds no more: write one after `from`"))
}

fn names(asked: &Asked<'_>, rule: &OwnerRule, findings: &mut Vec<Diagnostic>) {
    match &rule.owner {
        Some(RuleOwner::Group(group)) => findings.extend(asked.reference(group)),
        Some(RuleOwner::Tag(tag)) => {
            let groups = tag.names.entries.iter();
            findings.extend(groups.filter_map(|(_, group)| asked.reference(group)));
            findings.extend(same_value(tag));
        }
        None => {}
    }
    let pool = rule.pool.as_ref();
    findings.extend(pool.and_then(|pool| asked.pool(pool, pool.span)));
    let service = rule.service.as_ref();
    findings.extend(service.and_then(|service| asked.reference(service)));
    let funding = rule.funding.as_ref();
    findings.extend(funding.and_then(|funding| asked.reference(funding)));
}

/// Two values of a tag that are one, as values are compared without case.
fn same_value(tag: &TagOwner) -> Option<Diagnostic> {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    tag.names.entries.iter().find_map(|(value, _)| {
        let first = seen.insert(value.to_lowercase(), value.span)?;
        let message = format!(
            "the value `{value}` of the tag `{}` is there twice",
            tag.tag
        );
        let finding = Diagnostic::new(&codes::RULE, value.span, message);
        let finding = finding.related(first, "first here");
        Some(finding.help("values are compared without case: keep the one that is meant"))
    })
}

/// Whether a rule above it takes all that it would match.
fn shadowed(above: &[Spanned<OwnerRule>], rule: &Spanned<OwnerRule>) -> Option<Diagnostic> {
    let first = above
        .iter()
        .find(|one| takes_all(&one.value, &rule.value))?;
    let message = "all that this rule matches is matched by one above it";
    let finding = Diagnostic::new(&codes::SHADOWED, rule.span, message);
    let finding = finding.related(first.span, "this one is asked first");
    Some(finding.help("put it before that one, or remove it"))
}

/// Whether one rule matches whatever the other does, on all of its days. A rule whose owner comes
/// from a tag does not match where the tag names nobody.
fn takes_all(one: &OwnerRule, other: &OwnerRule) -> bool {
    let from = one
        .from
        .is_none_or(|from| other.from.is_some_and(|other| from.value <= other.value));
    let until = one
        .until
        .is_none_or(|until| other.until.is_some_and(|other| other.value <= until.value));
    let by_tag = matches!(one.owner, Some(RuleOwner::Tag(_)));
    from && until && !by_tag && covers(&one.when, &other.when)
}

fn covers(wide: &When, narrow: &When) -> bool {
    let fields = [
        (&wide.provider, &narrow.provider),
        (&wide.account, &narrow.account),
        (&wide.sub_account, &narrow.sub_account),
        (&wide.service, &narrow.service),
        (&wide.sku, &narrow.sku),
        (&wide.resource, &narrow.resource),
    ];
    let named = fields
        .into_iter()
        .all(|(wide, narrow)| match (wide, narrow) {
            (None, _) => true,
            (Some(wide), Some(narrow)) => all_covered(wide, narrow),
            (Some(wide), None) => wide.each.iter().any(|one| one.lookup() == Lookup::Any),
        });
    let sorts = match (&wide.category, &narrow.category) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wide), Some(narrow)) => narrow.each.iter().all(|one| wide.each.contains(one)),
    };
    let tags = wide.tag.entries.iter().all(|(key, wide)| {
        let narrow = narrow.tag.get(key);
        narrow.is_some_and(|narrow| all_covered(wide, narrow))
    });
    named && sorts && tags
}

fn all_covered(wide: &OneOrMore<Pattern>, narrow: &OneOrMore<Pattern>) -> bool {
    let covered = |one: &Pattern| wide.each.iter().any(|wide| wide.covers(one));
    narrow.each.iter().all(covered)
}
