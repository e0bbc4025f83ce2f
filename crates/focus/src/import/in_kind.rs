//! Contributions in kind, which nobody bills: written down by people, with evidence.
//!
//! Each day of a contribution is two charges: its worth as usage, and the same taken away again
//! as a credit by the giver. So the gross cost shows what is given, and the net cost is nothing.

mod written;

use std::borrow::Cow;

use base::{Diagnostic, Month, SourceMap};
use yaml::{Decoding, FromYaml as _, Profile};

use self::written::Share;
pub use self::written::{Contribution, InKind};
use super::columns::set_costs;
use super::{Charges, Format, Importer, Input, Options, Record, period};
use crate::{Cell, Column, Place, Problem, Row, codes};

impl InKind {
    /// What the description of a credit begins with by which a giver pays for a gift; the giver's
    /// name follows.
    pub const CREDIT: &'static str = "in kind: ";

    /// The form of the file, for its schema and its page.
    pub fn form() -> yaml::Shape {
        Self::shape()
    }
}

/// Reads contributions, of which the whole file is one record.
struct Given {
    contributions: Vec<(u64, Contribution)>,
    extra: Vec<String>,
}

/// What is kept beside the charges.
const BESIDE: [&str; 4] = ["x_Giver", "x_Valued", "x_Evidence", "x_Note"];

/// Reads and looks over the whole file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    _options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let name = input.name().to_owned();
    let text = document(input).map_err(|problem| vec![problem])?;
    let mut sources = SourceMap::default();
    let file = sources.add(&name, text);
    let text = &sources.file(file).text;
    let (found, findings) = Decoding::read_text::<InKind>(text, file, Profile::NATIVE);
    let mut problems: Vec<Problem> = findings
        .into_iter()
        .map(|finding| problem(&sources, &finding))
        .collect();
    let mut contributions = Vec::new();
    for contribution in found.map(|found| found.contributions).unwrap_or_default() {
        match contribution.value.shares() {
            Ok(_) => {
                let line = sources.position(contribution.span).line;
                contributions.push((line as u64, contribution.value));
            }
            Err(finding) => problems.push(problem(&sources, &finding)),
        }
    }
    if !problems.is_empty() {
        problems.truncate(super::PROBLEMS);
        return Err(problems);
    }
    let extra = BESIDE.map(str::to_owned).to_vec();
    Ok(Box::new(Given {
        contributions,
        extra,
    }))
}

/// The text of the file.
fn document(input: &mut Input) -> Result<String, Problem> {
    let no_yaml = |input: &Input| {
        input.problem(
            &codes::BILL_CONTAINER,
            None,
            "contributions in kind are written as YAML, which this is not",
            "write a list `contributions`, each with its giver, its worth and its evidence",
        )
    };
    let Some(column) = input.column(Input::DOCUMENT) else {
        return Err(no_yaml(input));
    };
    if input.container() != super::Container::Yaml {
        return Err(no_yaml(input));
    }
    let text = match input.next_record()? {
        Some(record) => record.text(column).unwrap_or_default().to_owned(),
        None => String::new(),
    };
    input.rewind()?;
    Ok(text)
}

/// A finding as a problem of a bill.
fn problem(sources: &SourceMap, finding: &Diagnostic) -> Problem {
    let position = sources.position(finding.span);
    Problem {
        code: finding.code,
        place: Place {
            file: sources.file(finding.span.file).path.clone(),
            line: Some(position.line as u64),
            column: Some(position.column.to_string()),
        },
        message: finding.message.clone(),
        help: finding.help.clone().unwrap_or_default(),
    }
}

impl Importer for Given {
    fn extra(&self) -> &[String] {
        &self.extra
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        for (line, contribution) in &self.contributions {
            let here = record.at(*line);
            let shares = contribution.shares().map_err(|finding| {
                // They were looked at when the file was opened.
                let help = finding.help.unwrap_or_default();
                here.problem(None, finding.code, finding.message, help)
            })?;
            let common = common(contribution);
            for share in shares {
                let mut usage = common.clone();
                usage_of(contribution, share, &mut usage);
                charges.give(&here, &mut usage)?;
                let mut credit = common.clone();
                credit_of(contribution, share, &mut credit);
                charges.give(&here, &mut credit)?;
            }
        }
        Ok(())
    }
}

/// What all charges of a contribution have in common.
fn common(contribution: &Contribution) -> Row<'_> {
    let mut row = Row::default();
    let mut set = |column, text: &str| row.set_text(column, text.to_owned());
    set(Column::ProviderName, &contribution.provider.value);
    set(Column::PublisherName, &contribution.provider.value);
    set(Column::InvoiceIssuerName, &contribution.giver.value);
    set(Column::BillingAccountId, &contribution.account.value);
    set(Column::ServiceName, &contribution.service.value);
    let category = contribution
        .category
        .as_ref()
        .map(|category| category.value.as_str());
    set(Column::ServiceCategory, category.unwrap_or("Other"));
    set(Column::BillingCurrency, &contribution.currency.to_string());
    for (column, text) in [
        (Column::SubAccountId, &contribution.sub_account),
        (Column::ResourceId, &contribution.resource),
        (Column::RegionId, &contribution.region),
    ] {
        set(column, text.as_deref().unwrap_or_default());
    }
    if !contribution.tags.is_empty() {
        let entries = contribution.tags.entries.iter();
        let tags: std::collections::BTreeMap<&str, &str> = entries
            .map(|(key, value)| (key.value.as_str(), value.as_str()))
            .collect();
        set(Column::Tags, &serde_json::json!(tags).to_string());
    }
    let evidence = contribution
        .evidence
        .iter()
        .map(|evidence| evidence.value.as_str());
    let evidence: Vec<&str> = evidence.collect();
    row.extra = vec![
        Cow::Borrowed(contribution.giver.value.as_str()),
        Cow::Borrowed(contribution.valued.value.as_str()),
        Cow::Owned(serde_json::json!(evidence).to_string()),
        Cow::Borrowed(contribution.note.as_deref().unwrap_or_default()),
    ];
    row
}

fn set_day(row: &mut Row<'_>, share: Share) {
    row.set(
        Column::ChargePeriodStart,
        Cell::Instant(period::midnight(share.day)),
    );
    row.set(
        Column::ChargePeriodEnd,
        Cell::Instant(period::next_midnight(share.day)),
    );
    period::set_month(row, Month::of(share.day));
}

fn usage_of(contribution: &Contribution, share: Share, row: &mut Row<'_>) {
    set_day(row, share);
    set_costs(row, share.worth);
    row.set_text(Column::ChargeCategory, "Usage");
    row.set_text(Column::ChargeFrequency, "Usage-Based");
    let description = contribution.description.as_deref();
    let description = description.unwrap_or(&contribution.service.value);
    row.set_text(Column::ChargeDescription, description.to_owned());
    let Some(quantity) = share.quantity else {
        return;
    };
    let unit = contribution.unit.as_deref().unwrap_or_default();
    for (number, text) in [
        (Column::PricingQuantity, Column::PricingUnit),
        (Column::ConsumedQuantity, Column::ConsumedUnit),
    ] {
        row.set(number, Cell::Number(quantity));
        row.set_text(text, unit.to_owned());
    }
}

fn credit_of(contribution: &Contribution, share: Share, row: &mut Row<'_>) {
    set_day(row, share);
    set_costs(row, -share.worth);
    row.set_text(Column::ChargeCategory, "Credit");
    let name = format!("{}{}", InKind::CREDIT, contribution.giver.value);
    row.set_text(Column::ChargeDescription, name);
}
