//! What this program knows of FOCUS 1.2 by itself: presence, nulls, types and allowed values.

use base::Severity;

use super::rule::{Check, Rule, Subject};
use crate::{Column, ColumnType, Presence};

/// The values that a column may have (the specification's own, in their order).
fn allowed(column: Column) -> &'static [&'static str] {
    match column {
        Column::ChargeCategory => &["Usage", "Purchase", "Tax", "Credit", "Adjustment"],
        Column::ChargeClass => &["Correction"],
        Column::ChargeFrequency => &["One-Time", "Recurring", "Usage-Based"],
        Column::PricingCategory => &["Standard", "Dynamic", "Committed", "Other"],
        Column::CommitmentDiscountCategory => &["Spend", "Usage"],
        Column::CommitmentDiscountStatus | Column::CapacityReservationStatus => &["Used", "Unused"],
        Column::ServiceCategory => &[
            "AI and Machine Learning",
            "Analytics",
            "Business Applications",
            "Compute",
            "Databases",
            "Developer Tools",
            "Multicloud",
            "Identity",
            "Integration",
            "Internet of Things",
            "Management and Governance",
            "Media",
            "Migration",
            "Mobile",
            "Networking",
            "Security",
            "Storage",
            "Web",
            "Other",
        ],
        _ => &[],
    }
}

/// The rules for a file with these columns.
pub(super) fn rules(columns: &[String]) -> Vec<Rule> {
    let has = |column: Column| columns.iter().any(|name| name == column.name());
    // Since 1.3 providers are named by what they do, and 1.4 no longer has the older names.
    let newer = has(Column::ServiceProviderName);
    let older = |column: Column| matches!(column, Column::ProviderName | Column::PublisherName);
    let gone = |column: Column| newer && older(column) && !has(column);
    Column::ALL
        .iter()
        .filter(|column| column.since() <= 2 && !gone(**column))
        .flat_map(|column| of(*column))
        .collect()
}

fn of(column: Column) -> Vec<Rule> {
    let name = column.name();
    let rule = |what: &str, words: String, severity, subject| Rule {
        id: format!("{name}-{what}"),
        column: name.to_owned(),
        words,
        severity: Some(severity),
        conditional: column.presence() == Presence::Conditional,
        conditions: Vec::new(),
        subject,
    };
    let presence = match column.presence() {
        Presence::Recommended => Severity::Warning,
        Presence::Mandatory | Presence::Conditional => Severity::Error,
    };
    let mut rules = vec![rule(
        "present",
        format!("{name} is there"),
        presence,
        Subject::Presence,
    )];
    if !column.is_nullable() {
        let check = Check::Null(name.to_owned(), false);
        rules.push(rule(
            "null",
            format!("{name} is not null"),
            Severity::Error,
            Subject::Rows(check),
        ));
    }
    let form = match column.holds() {
        ColumnType::Decimal => Some((Check::Number(name.to_owned()), "a number")),
        ColumnType::Instant => Some((
            Check::Instant(name.to_owned()),
            "an instant in UTC, like 2025-01-02T03:04:05Z",
        )),
        ColumnType::Json => Some((Check::KeyValues(name.to_owned()), "one flat JSON object")),
        ColumnType::Text => None,
    };
    if let Some((check, words)) = form {
        rules.push(rule(
            "form",
            format!("{name} is {words}"),
            Severity::Error,
            Subject::Rows(check),
        ));
    }
    if column == Column::BillingCurrency {
        let check = Check::NationalCurrency(name.to_owned());
        rules.push(rule(
            "form",
            format!("{name} is a currency of ISO 4217"),
            Severity::Error,
            Subject::Rows(check),
        ));
    }
    if let Some(check) = values(column) {
        let words = format!("{name} is one of {}", allowed(column).join(", "));
        rules.push(rule("values", words, Severity::Error, Subject::Rows(check)));
    }
    rules
}

/// That a column is null or has one of the values it may have; nothing for one that may have any.
pub(super) fn values(column: Column) -> Option<Check> {
    let name = column.name().to_owned();
    let is = |value: &&str| Check::Is(name.clone(), (*value).to_owned(), true);
    let mut any: Vec<Check> = allowed(column).iter().map(is).collect();
    if any.is_empty() {
        return None;
    }
    any.push(Check::Null(name.clone(), true));
    Some(Check::Any(any))
}
