//! How long decisions took.

use std::collections::BTreeMap;

use chart::{About, Chart, Item as Bar, Series, Value, ranking, stacked};
use jiff::tz::TimeZone;
use portal::model::Part;

use super::super::affairs::Item;
use super::words;

/// How many months are drawn.
const MONTHS: usize = 24;

/// Days from the proposal to the outcome: what stands above the list.
pub(super) fn charts(items: &[Item]) -> Vec<Part> {
    let all: Vec<i64> = items.iter().filter_map(Item::days).collect();
    let Some(median_of_all) = median(&all) else {
        return Vec::new();
    };
    let count = portal::model::counted(all.len(), "decision", "decisions");
    let said = format!(
        "{count} had an outcome, half of them within {} of the proposal.",
        days(median_of_all)
    );
    let mut parts = vec![Part::Text(said)];
    if all.len() > 1 {
        let charts = [by_kind(items), by_month(items)].into_iter().flatten();
        let charts = charts.map(|chart| Part::Chart(Box::new(chart))).collect();
        parts.push(Part::Folded("How long decisions took".to_owned(), charts));
    }
    parts
}

fn by_kind(items: &[Item]) -> Option<Chart> {
    let mut kinds: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for item in items {
        if let Some(days) = item.days() {
            kinds.entry(item.kind).or_default().push(days);
        }
    }
    let mut medians: Vec<(i64, &str, usize)> = kinds
        .iter()
        .filter_map(|(kind, all)| Some((median(all)?, *kind, all.len())))
        .collect();
    medians.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    let bars = medians.into_iter().map(|(median, kind, count)| Bar {
        name: words(kind),
        value: Value::new(
            number(median),
            format!("{} (median of {count})", days(median)),
        ),
        marked: false,
    });
    let bars: Vec<Bar> = bars.collect();
    let about = About {
        id: "decision-times-by-kind",
        title: "Days from the proposal to the outcome, by kind",
        desc: "The median of each kind of decision.",
        heading: "Kind",
        axis: &|value| format!("{value:.0}"),
    };
    (!bars.is_empty()).then(|| ranking(&about, &bars, None))
}

fn by_month(items: &[Item]) -> Option<Chart> {
    let mut months: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for item in items {
        if let (Some(days), Some(decided)) = (item.days(), item.decided()) {
            let month = decided
                .to_zoned(TimeZone::UTC)
                .strftime("%Y-%m")
                .to_string();
            months.entry(month).or_default().push(days);
        }
    }
    if months.len() < 2 {
        return None;
    }
    let last: Vec<(String, Vec<i64>)> = months.into_iter().rev().take(MONTHS).collect();
    let (periods, all): (Vec<String>, Vec<Vec<i64>>) = last.into_iter().rev().unzip();
    let values = all.iter().map(|all| {
        let median = median(all).unwrap_or_default();
        Value::new(number(median), days(median))
    });
    let series = Series {
        name: "Median".to_owned(),
        values: values.collect(),
    };
    let about = About {
        id: "decision-times-by-month",
        title: "Days from the proposal to the outcome, by the month of the outcome",
        desc: "The median of each month in which anything was decided.",
        heading: "Month",
        axis: &|value| format!("{value:.0}"),
    };
    Some(stacked(&about, &periods, &[series]))
}

/// The middle one; the lower of two middle ones.
fn median(all: &[i64]) -> Option<i64> {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

fn days(count: i64) -> String {
    portal::model::counted(usize::try_from(count).unwrap_or_default(), "day", "days")
}

fn number(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn half_of_all_are_no_longer_than_the_median() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[9, 1, 5]), Some(5));
        assert_eq!(median(&[9, 1, 5, 3]), Some(3));
    }
}
