//! What is wrong with what it was decided to pay for.

use base::{Decimal, Diagnostic};
use estate::Estate;
use jiff::civil::Date;

use crate::budgets::codes;
use crate::outlook::Money;

/// Looks at what it was decided to pay for, as on a day.
pub fn check(estate: &Estate, day: Date) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for item in estate.tables.funding.items() {
        let funding = &item.value;
        if let Some(monthly) = &funding.monthly
            && monthly.amount.value <= Decimal::ZERO
        {
            let cost = Money::new(monthly.amount.value, monthly.currency);
            let message = format!("{} was said to cost {cost} in a month", item.subject());
            let finding = Diagnostic::new(&codes::FUNDING_AMOUNT, monthly.amount.span, message);
            findings.push(finding.help("write what it was said to cost, or leave `monthly` out"));
        }
        let review = funding.review_by;
        if review.value < day {
            let message = format!(
                "{} was to be looked at again by {}",
                item.subject(),
                review.value
            );
            let finding = Diagnostic::new(&codes::FUNDING_REVIEW, review.span, message);
            let asked: Vec<&str> = funding
                .renewed_by
                .iter()
                .map(|person| person.name.as_str())
                .collect();
            let asked = if asked.is_empty() {
                funding.owner.name.clone()
            } else {
                asked.join(", ")
            };
            let help =
                format!("ask {asked} whether it is still needed; then set another day, or end it");
            findings.push(finding.help(help));
        }
    }
    findings
}
