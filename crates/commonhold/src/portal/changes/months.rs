//! The risk of what was applied, month by month.

use std::collections::BTreeMap;

use chart::{About, Chart, Series, Value, stacked};
use charter::risk::Risk;
use jiff::tz::TimeZone;

use super::super::affairs::PlanSeen;

/// How many months are drawn.
const MONTHS: usize = 24;

/// How many changes of each risk were applied in each month in which any were.
pub(super) fn risks(plans: &[PlanSeen]) -> Option<Chart> {
    let mut months: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for run in plans.iter().flat_map(|plan| &plan.runs) {
        let applied = run.result.as_deref() == Some("applied");
        let Some(ended) = run.ended.filter(|_| applied) else {
            continue;
        };
        let month = ended.to_zoned(TimeZone::UTC).strftime("%Y-%m").to_string();
        let counts = months.entry(month).or_default();
        for change in &run.changes {
            counts[place(change.risk)] += 1;
        }
    }
    if months.is_empty() {
        return None;
    }
    let last: Vec<(String, [usize; 3])> = months.into_iter().rev().take(MONTHS).collect();
    let (periods, counts): (Vec<String>, Vec<[usize; 3]>) = last.into_iter().rev().unzip();
    let series: Vec<Series> = [Risk::Low, Risk::Medium, Risk::High]
        .map(|risk| Series {
            name: format!("{} risk", risk.word()),
            values: counts
                .iter()
                .map(|counts| value(counts[place(risk)]))
                .collect(),
        })
        .to_vec();
    let about = About {
        id: "risk-by-month",
        title: "Changes applied, by month and risk",
        desc: "How many changes of each risk were applied to real systems.",
        heading: "Month",
        axis: &|value| format!("{value:.0}"),
    };
    Some(stacked(&about, &periods, &series))
}

fn place(risk: Risk) -> usize {
    match risk {
        Risk::Low => 0,
        Risk::Medium => 1,
        Risk::High => 2,
    }
}

fn value(count: usize) -> Value {
    let number = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    Value::new(number, portal::model::counted(count, "change", "changes"))
}
