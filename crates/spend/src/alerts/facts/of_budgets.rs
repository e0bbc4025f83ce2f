//! Thresholds of budgets.

use base::Spanned;
use estate::kinds::Budget;

use crate::alerts::facts::{Circumstances, Fact, Holding};
use crate::alerts::told::Channels;
use crate::budgets::{Crossing, Standing, ThresholdStanding};
use crate::outlook::{Money, between, percent, words};

/// For how many days after its end a period can still raise something: charges of its last days
/// come late. After that it is only looked at to take back what was told.
const STILL_RAISES: i64 = 15;

pub(super) fn facts(circumstances: &Circumstances<'_>, channels: &Channels<'_>) -> Vec<Fact> {
    let budgets = circumstances.budgets;
    let mut facts = Vec::new();
    for standing in budgets.now.iter().chain(&budgets.before) {
        let Some(item) = circumstances.estate.tables.budgets.get(&standing.name) else {
            continue;
        };
        let old = between(standing.period.until, circumstances.today) > STILL_RAISES;
        let thresholds = standing.thresholds.iter().zip(&item.value.thresholds);
        facts.extend(thresholds.map(|(threshold, written)| {
            let mut fact = fact(standing, threshold, &item.value, &written.notify, channels);
            if old && fact.holds == Holding::Yes {
                fact.holds = Holding::Nearly;
            }
            fact
        }));
    }
    facts
}

fn fact(
    standing: &Standing,
    threshold: &ThresholdStanding,
    budget: &Budget,
    notify: &[Spanned<String>],
    channels: &Channels<'_>,
) -> Fact {
    let period = standing.period;
    let what = match threshold.basis.as_str() {
        // What is spent already is no matter of what is to come.
        _ if threshold.basis == "actual" || standing.spent >= threshold.limit => {
            format!("{}% is spent", threshold.at)
        }
        "p90" => format!("{}% may be spent by {} (P90)", threshold.at, period.until),
        _ => format!("{}% will be spent by {}", threshold.at, period.until),
    };
    let scope = match standing.scope.as_str() {
        "" => "everything",
        scope => scope,
    };
    let whole = Money::new(standing.amount, standing.currency);
    let mut details = details(standing, threshold);
    details.extend(
        budget
            .decision
            .iter()
            .map(|link| format!("Decided: {link}")),
    );
    Fact {
        id: format!(
            "budget/{}/{}..{}/{}-{}",
            standing.name, period.from, period.until, threshold.basis, threshold.at
        ),
        holds: match threshold.crossing {
            Crossing::Crossed(_) => Holding::Yes,
            Crossing::Near => Holding::Nearly,
            Crossing::Below => Holding::No,
            Crossing::Unknown => Holding::Unknown,
        },
        subject: format!("Budget {}: {what}", standing.name),
        title: format!("Budget {}: {whole} for {scope}, {period}", standing.title),
        now: now(standing, threshold),
        details,
        action: threshold.action.clone(),
        owner: standing.owner.clone(),
        to: channels.or_usual(notify, &standing.owner),
    }
}

fn now(standing: &Standing, threshold: &ThresholdStanding) -> String {
    let money = |amount| Money::new(amount, standing.currency);
    let limit = money(threshold.limit);
    let Some(value) = threshold.value else {
        return format!(
            "{}% is {limit}. It is not known what stands against it.",
            threshold.at
        );
    };
    let share = percent(value, standing.amount).unwrap_or_default();
    match (threshold.basis.as_str(), standing.complete_until) {
        ("actual", Some(last)) => {
            let since = match threshold.crossing {
                Crossing::Crossed(Some(day)) => format!(" That was reached on {day}."),
                _ => String::new(),
            };
            format!(
                "{}% is {limit}. {} was spent up to {last}: {share:.1}%.{since}",
                threshold.at,
                money(value)
            )
        }
        ("p90", _) => format!(
            "{}% is {limit}. In nine of ten cases at most {:.0} is spent by {}: {share:.1}%.",
            threshold.at,
            money(value),
            standing.period.until
        ),
        _ => format!(
            "{}% is {limit}. {:.0} is expected to be spent by {}: {share:.1}%.",
            threshold.at,
            money(value),
            standing.period.until
        ),
    }
}

fn details(standing: &Standing, threshold: &ThresholdStanding) -> Vec<String> {
    let mut lines = Vec::new();
    if threshold.basis != "actual" {
        let spent = Money::new(standing.spent, standing.currency);
        lines.push(format!("Spent so far: {spent}"));
    }
    lines.push(format!(
        "By {}: {}",
        standing.period.until,
        words::amount(standing.expected, standing.currency)
    ));
    let ends = words::day_if(standing.runs_out, "not in this period");
    lines.push(format!("All of it is spent: {ends}"));
    lines.extend(standing.trust.as_ref().map(words::trust));
    lines.extend(standing.notes.iter().cloned());
    lines
}
