//! The rules of an estate as SQL.

use focus::Column;

use super::{Columns, Dialect, Gives, Ownership, UNALLOCATED, matches};
use crate::ownership::Rule;
use crate::scan::{Dimension, category_word};
use crate::settings::{OneOrMore, Pattern};

/// Whose a charge is.
pub(super) struct Whose {
    /// Which rule matches, counted from 1; 0 for none.
    pub(super) rule: String,
    /// What that rule says.
    pub(super) owner: String,
    pub(super) service: String,
    pub(super) funding: String,
}

/// Compiles the rules.
pub(super) fn whose(columns: &mut Columns, ownership: &Ownership) -> Whose {
    let dialect = columns.dialect();
    let (mut rule, mut owner, mut service, mut funding) = (
        Cases::default(),
        Cases::default(),
        Cases::default(),
        Cases::default(),
    );
    for (at, one) in ownership.rules().iter().enumerate() {
        let number = (at + 1).to_string();
        rule.add(&condition(columns, one), &number);
        owner.add(&number, &given(columns, &one.gives));
        if !one.service.is_empty() {
            service.add(&number, &dialect.literal(&one.service));
        }
        if !one.funding.is_empty() {
            funding.add(&number, &dialect.literal(&one.funding));
        }
    }
    Whose {
        rule: rule.of("", "0"),
        owner: owner.of(" rule", &dialect.literal(UNALLOCATED)),
        service: service.of(" rule", "''"),
        funding: funding.of(" rule", "''"),
    }
}

/// The cases of a CASE.
#[derive(Default)]
struct Cases(String);

impl Cases {
    fn add(&mut self, when: &str, then: &str) {
        self.0.push_str(&format!("\n      WHEN {when} THEN {then}"));
    }

    fn of(&self, what: &str, otherwise: &str) -> String {
        if self.0.is_empty() {
            return otherwise.to_owned();
        }
        format!("CASE{what}{}\n      ELSE {otherwise}\n    END", self.0)
    }
}

/// The owner that a rule gives.
fn given(columns: &mut Columns, gives: &Gives) -> String {
    let dialect = columns.dialect();
    match gives {
        Gives::Owner(owner) => dialect.literal(owner),
        Gives::Tag { key, owners } => {
            let tag = columns.tag(key);
            if owners.is_empty() {
                return dialect.literal(UNALLOCATED);
            }
            let cases = owners.iter().map(|(value, owner)| {
                format!(
                    "WHEN {} THEN {}",
                    dialect.literal(value),
                    dialect.literal(owner)
                )
            });
            format!(
                "CASE lower({tag}) {} END",
                cases.collect::<Vec<_>>().join(" ")
            )
        }
    }
}

/// That a rule matches and holds. What is null does not match.
fn condition(columns: &mut Columns, rule: &Rule) -> String {
    let dialect = columns.dialect();
    let when = &rule.when;
    let mut all: Vec<String> = Vec::new();
    for (patterns, column) in [
        (&when.provider, Column::ProviderName),
        (&when.account, Column::BillingAccountId),
        (&when.sub_account, Column::SubAccountId),
        (&when.service, Column::ServiceName),
        (&when.sku, Column::SkuId),
        (&when.resource, Column::ResourceId),
    ] {
        if let Some(patterns) = patterns {
            let text = columns.text(column);
            all.push(any(dialect, &text, patterns));
        }
    }
    if let Some(categories) = &when.category {
        let text = columns.text(Column::ChargeCategory);
        let words = categories.each.iter();
        let words = words.map(|category| dialect.literal(category_word((*category).into())));
        all.push(format!(
            "{text} IN ({})",
            words.collect::<Vec<_>>().join(", ")
        ));
    }
    for (key, patterns) in &when.tag.entries {
        let text = columns.tag(key);
        all.push(any(dialect, &text, patterns));
    }
    if let Gives::Tag { key, owners } = &rule.gives {
        let tag = columns.tag(key);
        let values: Vec<String> = owners.keys().map(|value| dialect.literal(value)).collect();
        all.push(if values.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("lower({tag}) IN ({})", values.join(", "))
        });
    }
    for (day, sign) in [(rule.from, ">="), (rule.until, "<")] {
        if let Some(day) = day {
            let text = columns.time(&Dimension::Day);
            all.push(format!(
                "{text} {sign} {}",
                dialect.literal(&day.to_string())
            ));
        }
    }
    if all.is_empty() {
        return "1 = 1".to_owned();
    }
    all.join(" AND ")
}

/// That one of some patterns matches.
fn any(dialect: Dialect, text: &str, patterns: &OneOrMore<Pattern>) -> String {
    let each = patterns
        .each
        .iter()
        .map(|pattern| matches::rule(dialect, text, pattern));
    let each: Vec<String> = each.collect();
    match each.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(" OR ")),
    }
}
