//! Questions as SQL, for engines that read the same files.
//!
//! The text has the columns of [`crate::query::Table`], in its order, and gives the same lines:
//! the rules of the estate are written into it. It reads the files of one snapshot and no others,
//! as older ones lie beside them.

mod dialect;
mod patterns;
mod rules;
mod text;

pub use dialect::Dialect;

use jiff::civil::Date;

use crate::cells::UNALLOCATED;
use crate::ownership::{Gives, Ownership};
use crate::query::{Metric, Question};
use crate::scan::{Cost, Dimension, Span, Test};
use patterns::matches;
use text::{Columns, list};

/// Where the charges are that SQL reads.
#[derive(Debug, Clone)]
pub struct Charges {
    /// Where the store is: a folder, or `gs://bucket/prefix` or `s3://bucket/prefix`.
    pub place: String,
    /// The files in it, by their paths.
    pub parts: Vec<String>,
    /// The table over the store, where an engine needs one; its parts have dots between.
    pub table: String,
}

impl Charges {
    /// What a table over a store is called if nothing else is said.
    pub const TABLE: &'static str = "spend.charges";
}

/// A question as SQL. [`Question::top`] is no part of it: the text gives all lines.
pub fn sql(
    question: &Question,
    ownership: &Ownership,
    charges: &Charges,
    dialect: Dialect,
) -> String {
    let mut columns = Columns::new(dialect);
    let conditions: Vec<String> = question
        .conditions()
        .iter()
        .map(|filter| {
            let value = value(&mut columns, &filter.dimension);
            condition(dialect, &value, &filter.dimension, &filter.test)
        })
        .collect();
    let mut selected: Vec<(String, String)> = Vec::new();
    for by in &question.by {
        selected.push((value(&mut columns, by), by.to_string()));
    }
    if !question.by.contains(&Dimension::Currency) {
        let currency = value(&mut columns, &Dimension::Currency);
        selected.push((currency, "currency".to_owned()));
    }
    let groups = selected.len();
    for metric in &question.metrics {
        selected.push((sum(&mut columns, *metric), metric.to_string()));
    }
    let whose = columns
        .asks_whose()
        .then(|| rules::whose(&mut columns, ownership));

    let mut said = String::from(
        "-- Made by `commonhold spend sql` from the rules and the files of this day.\n",
    );
    said.push_str(&dialect.before(charges));
    said.push_str("WITH charges AS (\n  SELECT\n");
    said.push_str(&list("    ", &columns.read()));
    said.push_str(&format!("  FROM {}\n)", dialect.from(charges)));
    let mut from = "charges";
    if let Some(whose) = whose {
        said.push_str(&format!(
            ",\nruled AS (\n  SELECT\n    charges.*,\n    {} AS rule\n  FROM charges\n)",
            whose.rule
        ));
        let named = [
            format!("{} AS owner", whose.owner),
            format!("{} AS service", whose.service),
            format!("{} AS funding", whose.funding),
        ];
        said.push_str(",\nnamed AS (\n  SELECT\n    ruled.*,\n");
        said.push_str(&list("    ", &named));
        said.push_str("  FROM ruled\n)");
        from = "named";
    }
    said.push_str("\nSELECT\n");
    let aliases = aliases(selected.iter().map(|(_, word)| word.as_str()));
    let selected: Vec<String> = selected
        .iter()
        .zip(&aliases)
        .map(|((expression, _), alias)| format!("{expression} AS {}", dialect.identifier(alias)))
        .collect();
    said.push_str(&list("  ", &selected));
    said.push_str(&format!("FROM {from}\n"));
    if !conditions.is_empty() {
        said.push_str(&format!("WHERE {}\n", conditions.join("\n  AND ")));
    }
    let places: Vec<String> = (1..=groups).map(|at| at.to_string()).collect();
    said.push_str(&format!(
        "GROUP BY {}\nORDER BY {};\n",
        places.join(", "),
        order(question)
    ));
    said
}

/// The order of a table: currency, days and months, the first sum, names.
fn order(question: &Question) -> String {
    let by = question.by.iter().enumerate();
    let currency = question.by.iter().position(|by| *by == Dimension::Currency);
    let currency = currency.unwrap_or(question.by.len());
    let groups = question.by.len().max(currency + 1);
    let times = by.clone().filter(|(_, by)| by.is_time()).map(|(at, _)| at);
    let names = by
        .filter(|(at, by)| !by.is_time() && *at != currency)
        .map(|(at, _)| at);
    let place = |at: usize| (at + 1).to_string();
    let mut order: Vec<String> = std::iter::once(currency).chain(times).map(place).collect();
    order.push(format!("{} DESC", groups + 1));
    order.extend(names.map(place));
    order.join(", ")
}

/// Names of columns that all engines take, none twice.
fn aliases<'w>(words: impl Iterator<Item = &'w str>) -> Vec<String> {
    let mut aliases: Vec<String> = Vec::new();
    for word in words {
        let plain = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '_'
            }
        };
        let base: String = word.chars().map(plain).collect();
        let (mut alias, mut nth) = (base.clone(), 1);
        while aliases.contains(&alias) {
            nth += 1;
            alias = format!("{base}_{nth}");
        }
        aliases.push(alias);
    }
    aliases
}

/// What a dimension is, of the columns that were read.
fn value(columns: &mut Columns, dimension: &Dimension) -> String {
    match dimension {
        Dimension::Owner | Dimension::Service | Dimension::Funding => {
            columns.ask_whose();
            dimension.to_string()
        }
        Dimension::Tag(key) => format!("coalesce({}, '')", columns.tag(key)),
        Dimension::Extra(name) => columns.extra(name),
        Dimension::Day | Dimension::Month | Dimension::BilledMonth => columns.time(dimension),
        Dimension::Meter => {
            use focus::Column::{ChargeDescription, SkuId, SkuMeter};
            let first = [SkuMeter, ChargeDescription, SkuId]
                .map(|column| format!("nullif({}, '')", columns.text(column)));
            format!("coalesce({}, '')", first.join(", "))
        }
        Dimension::Credit => {
            let category = columns.text(focus::Column::ChargeCategory);
            let description = columns.text(focus::Column::ChargeDescription);
            format!("CASE WHEN {category} = 'Credit' THEN {description} ELSE '' END")
        }
        plain => match plain.column() {
            Some(column) => columns.text(column),
            None => "''".to_owned(),
        },
    }
}

fn condition(dialect: Dialect, value: &str, dimension: &Dimension, test: &Test) -> String {
    let literal = |text: &str| dialect.literal(text);
    match test {
        Test::Is(text) => format!("{value} = {}", literal(text)),
        Test::IsNot(text) => format!("{value} <> {}", literal(text)),
        Test::Like(pattern) => matches::filter(dialect, value, pattern),
        Test::Unlike(pattern) => format!("NOT ({})", matches::filter(dialect, value, pattern)),
        Test::Within(span) => within(dialect, value, dimension, *span),
        Test::Outside(span) => format!("NOT ({})", within(dialect, value, dimension, *span)),
    }
}

/// Whether a day, or the first day of a month, is within days.
fn within(dialect: Dialect, value: &str, dimension: &Dimension, span: Span) -> String {
    let day = match dimension {
        Dimension::Day => value.to_owned(),
        _ => format!("concat({value}, '-01')"),
    };
    let mut bounds = Vec::new();
    if span.from > Date::MIN {
        bounds.push(format!(
            "{day} >= {}",
            dialect.literal(&span.from.to_string())
        ));
    }
    if span.until < Date::MAX {
        bounds.push(format!(
            "{day} <= {}",
            dialect.literal(&span.until.to_string())
        ));
    }
    if bounds.is_empty() {
        return "1 = 1".to_owned();
    }
    bounds.join(" AND ")
}

fn sum(columns: &mut Columns, metric: Metric) -> String {
    let mut cost = |cost: Cost| {
        let number = columns.number(cost.column());
        if cost != Cost::Gross {
            return format!("sum({number})");
        }
        let category = columns.text(focus::Column::ChargeCategory);
        let zero = columns.dialect().zero();
        format!("sum(CASE WHEN {category} <> 'Credit' THEN {number} ELSE {zero} END)")
    };
    match metric.costs() {
        (Some(all), Some(less)) => {
            let (all, less) = (cost(all), cost(less));
            format!("{all} - {less}")
        }
        (Some(all), None) => cost(all),
        (None, _) => "count(*)".to_owned(),
    }
}
