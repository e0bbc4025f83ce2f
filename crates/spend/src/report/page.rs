//! The report as sections: what is said of its values, and in which order.

mod data;
mod draw;
mod due;
mod means;
mod outcome;
mod since;
mod spent;

use document::{Cell, Column, Section, Table};

pub use draw::burn_down;

use super::model::Report;
use crate::outlook::{Days, Trust, words};

/// The sections, those first that a meeting begins with.
pub(super) fn sections(report: &Report) -> Vec<Section> {
    let mut sections = vec![due::due(report)];
    match &report.figures {
        Some(figures) => sections.extend([
            outcome::figures(report, figures),
            since::changes(report),
            spent::owners(report, figures),
            spent::providers(report, figures),
            spent::months(report),
            spent::hotspots(report),
        ]),
        None => sections.push(data::no_bills(report)),
    }
    sections.extend([means::grants(report), means::budgets(report)]);
    if report.figures.is_some() {
        sections.extend([
            outcome::forecast(report),
            outcome::events(report),
            means::commitments(report),
        ]);
    }
    sections.extend([means::quotas(report), means::scope(report)]);
    sections.push(data::data(report));
    if let Some(left_out) = &report.left_out {
        let mut section = Section::new("left-out", "What this version leaves out");
        section.list(left_out.clone());
        sections.push(section);
    }
    sections
}

/// What a sub-account is called that has no name: charges of the account itself.
const ACCOUNT: &str = "(the account itself)";

/// Days as the tidy table writes a period (ISO 8601).
fn period(days: Days) -> String {
    format!("{}/{}", days.from, days.until)
}

/// A table of one column of names and others.
fn named(caption: impl Into<String>, name: &str, columns: Vec<Column>) -> Table {
    let first = std::iter::once(Column::text(name));
    Table::new(caption, first.chain(columns).collect())
}

/// A name, or what stands for none.
fn name(text: &str, none: &str) -> Cell {
    Cell::name(if text.is_empty() { none } else { text })
}

/// How a forecast was made and how good such forecasts were; under 60 days, that there is none.
fn trusted(trust: Option<&Trust>) -> String {
    let said = trust.map(words::trust);
    said.unwrap_or_else(|| "No complete day is known, so nothing is expected.".to_owned())
}
