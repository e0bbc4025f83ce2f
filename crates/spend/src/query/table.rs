//! The answer to a question.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use base::{Currency, Decimal};
use serde::Serialize;

use super::{Metric, Question};
use crate::scan::Dimension;

/// Sums of charges by what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// By what.
    pub by: Vec<Dimension>,
    /// Which sums.
    pub metrics: Vec<Metric>,
    /// In the order of currencies, then of days and months, then the largest by the first sum
    /// first, then in the order of names. Lines of the rest come last of their day or month.
    pub lines: Vec<Line>,
    /// What all charges that were looked at come to, by currency.
    pub totals: Vec<Line>,
}

/// The sums of charges that are alike, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What they have in [`Table::by`], in its order: `2026-10` for a month, `2026-10-31` for a
    /// day, the empty text for none. None in a line of totals.
    pub names: Vec<String>,
    /// The currency of the sums.
    pub currency: Currency,
    /// The sums in the order of [`Table::metrics`]; of rows, their count.
    pub sums: Vec<Decimal>,
    /// In the line of the rest, how many groups it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<usize>,
}

impl Table {
    /// The heads of the columns: what is grouped by, the currency, the sums.
    pub fn heads(&self) -> Vec<String> {
        let by = self.by.iter().map(ToString::to_string);
        let metrics = self.metrics.iter().map(ToString::to_string);
        let currency = (!self.by.contains(&Dimension::Currency)).then(|| "currency".to_owned());
        by.chain(currency).chain(metrics).collect()
    }

    /// Sorts lines of all groups, and keeps as many as were asked for.
    pub(super) fn of(question: &Question, mut lines: Vec<Line>) -> Self {
        let totals = totals(&lines, question.metrics.len());
        if let Some(top) = question.top {
            lines = largest(question, lines, top);
        }
        let times = times(question);
        lines.sort_by_cached_key(|line| {
            let time: Vec<String> = times.iter().map(|&at| line.names[at].clone()).collect();
            let largest = Reverse(line.sums.first().copied().unwrap_or_default());
            (
                line.currency,
                time,
                line.others.is_some(),
                largest,
                line.names.clone(),
            )
        });
        Self {
            by: question.by.clone(),
            metrics: question.metrics.clone(),
            lines,
            totals,
        }
    }
}

/// The places of days and months.
fn times(question: &Question) -> Vec<usize> {
    let by = question.by.iter().enumerate();
    by.filter(|(_, by)| by.is_time())
        .map(|(at, _)| at)
        .collect()
}

fn add(sums: &mut [Decimal], more: &[Decimal]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += *more;
    }
}

fn totals(lines: &[Line], width: usize) -> Vec<Line> {
    let mut totals: BTreeMap<Currency, Vec<Decimal>> = BTreeMap::new();
    for line in lines {
        let sums = totals
            .entry(line.currency)
            .or_insert_with(|| vec![Decimal::ZERO; width]);
        add(sums, &line.sums);
    }
    let line = |(currency, sums)| Line {
        names: Vec::new(),
        currency,
        sums,
        others: None,
    };
    totals.into_iter().map(line).collect()
}

/// Keeps the largest, by the first sum over all days and months, and adds up the others. Where
/// nothing but days and months is grouped by, those are what is large.
fn largest(question: &Question, lines: Vec<Line>, top: usize) -> Vec<Line> {
    let mut times = times(question);
    if times.len() == question.by.len() {
        times.clear();
    }
    let what = |line: &Line| -> (Currency, Vec<String>) {
        let names = line
            .names
            .iter()
            .enumerate()
            .filter(|(at, _)| !times.contains(at));
        (line.currency, names.map(|(_, name)| name.clone()).collect())
    };
    let mut sums: BTreeMap<(Currency, Vec<String>), Decimal> = BTreeMap::new();
    for line in &lines {
        *sums.entry(what(line)).or_default() += line.sums.first().copied().unwrap_or_default();
    }
    let mut ranked: Vec<((Currency, Vec<String>), Decimal)> = sums.into_iter().collect();
    // Sorted by names already, and equal ones stay so.
    ranked.sort_by_key(|((currency, _), sum)| (*currency, Reverse(*sum)));
    let mut kept: HashSet<(Currency, Vec<String>)> = HashSet::new();
    let (mut currency, mut count) = (None, 0);
    for (what, _) in ranked {
        count = if currency == Some(what.0) {
            count + 1
        } else {
            1
        };
        currency = Some(what.0);
        if count <= top {
            kept.insert(what);
        }
    }
    let (mut lines, rest): (Vec<Line>, Vec<Line>) = lines
        .into_iter()
        .partition(|line| kept.contains(&what(line)));
    lines.extend(others(rest, &times));
    lines
}

/// Adds up lines, by their days and months.
fn others(rest: Vec<Line>, times: &[usize]) -> Vec<Line> {
    let mut others: BTreeMap<(Currency, Vec<String>), Line> = BTreeMap::new();
    for mut line in rest {
        let time = times.iter().map(|&at| line.names[at].clone()).collect();
        for (at, name) in line.names.iter_mut().enumerate() {
            if !times.contains(&at) {
                name.clear();
            }
        }
        match others.entry((line.currency, time)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                line.others = Some(1);
                entry.insert(line);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let kept = entry.get_mut();
                add(&mut kept.sums, &line.sums);
                kept.others = kept.others.map(|count| count + 1);
            }
        }
    }
    let mut lines: Vec<Line> = others.into_values().collect();
    for line in &mut lines {
        let count = line.others.unwrap_or_default();
        let said = format!("({})", base::counted(count, "other", "others"));
        for (at, name) in line.names.iter_mut().enumerate() {
            if !times.contains(&at) {
                name.clone_from(&said);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(names: [&str; 2], currency: Currency, cents: i64) -> Line {
        Line {
            names: names.map(str::to_owned).to_vec(),
            currency,
            sums: vec![Decimal::whole(cents)],
            others: None,
        }
    }

    fn asked(by: &str, top: Option<usize>) -> Question {
        Question::parse(by, &[], "gross", (None, None), top).unwrap()
    }

    fn said(table: &Table) -> Vec<String> {
        let said = |line: &Line| {
            format!(
                "{} {} {}",
                line.names.join(" "),
                line.currency,
                line.sums[0]
            )
        };
        table.lines.iter().map(said).collect()
    }

    #[test]
    fn lines_are_by_month_and_then_the_largest_first() {
        let eur: Currency = "EUR".parse().unwrap();
        let lines = vec![
            line(["b", "2026-02"], Currency::USD, 1),
            line(["c", "2026-01"], Currency::USD, 2),
            line(["a", "2026-01"], Currency::USD, 2),
            line(["d", "2026-01"], Currency::USD, 9),
            line(["d", "2026-03"], eur, -4),
        ];
        let table = Table::of(&asked("owner,month", None), lines);
        assert_eq!(
            said(&table),
            [
                "d 2026-03 EUR -4",
                "d 2026-01 USD 9",
                "a 2026-01 USD 2",
                "c 2026-01 USD 2",
                "b 2026-02 USD 1"
            ]
        );
        assert_eq!(table.heads(), ["owner", "month", "currency", "gross"]);
        let totals = table
            .totals
            .iter()
            .map(|line| (line.currency, line.sums[0]));
        assert!(totals.eq([
            (eur, Decimal::whole(-4)),
            (Currency::USD, Decimal::whole(14))
        ]));
    }

    #[test]
    fn the_largest_are_named_over_all_months_and_the_rest_is_one_line_a_month() {
        let lines = vec![
            line(["a", "2026-01"], Currency::USD, 1),
            line(["a", "2026-02"], Currency::USD, 9),
            line(["b", "2026-01"], Currency::USD, 5),
            line(["c", "2026-01"], Currency::USD, 2),
            line(["c", "2026-02"], Currency::USD, 3),
        ];
        let table = Table::of(&asked("owner,month", Some(1)), lines.clone());
        assert_eq!(
            said(&table),
            [
                "a 2026-01 USD 1",
                "(2 others) 2026-01 USD 7",
                "a 2026-02 USD 9",
                "(1 other) 2026-02 USD 3"
            ]
        );
        let all = Table::of(&asked("owner,month", Some(3)), lines.clone());
        assert_eq!(all, Table::of(&asked("owner,month", None), lines));
    }

    #[test]
    fn where_only_months_are_asked_for_the_largest_months_are_named() {
        let one = |month: &str, cents| Line {
            names: vec![month.to_owned()],
            ..line(["", ""], Currency::USD, cents)
        };
        let lines = vec![one("2026-01", 1), one("2026-02", 3), one("2026-03", 2)];
        let table = Table::of(&asked("month", Some(1)), lines);
        assert_eq!(said(&table), ["(2 others) USD 3", "2026-02 USD 3"]);
    }
}
