//! `commonhold spend grants`, `renewal`, `budgets`

use base::{Decimal, visible};
use jiff::civil::Date;
use serde_json::json;
use spend::budgets::Crossing;
use spend::grants::Grants;
use spend::outlook::Expected;
use spend::renewal::Request;

use super::books::Books;
use crate::Exit;
use crate::cli::{Output, QuestionArguments};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table, cents};
use crate::surroundings::Outcome;

/// The low, the middle and the high of what is expected; the middle alone at a run rate.
fn three<T: Clone>(expected: &Expected<T>) -> [Option<T>; 3] {
    match expected {
        Expected::Range(range) => {
            [&range.p10, &range.p50, &range.p90].map(|value| Some(value.clone()))
        }
        other => [None, other.clone().middle(), None],
    }
}

fn days(expected: &Expected<Date>) -> [Option<String>; 3] {
    three(expected).map(|day| day.map(|day| day.to_string()))
}

pub(super) fn grants(
    project: &Project<'_>,
    arguments: &QuestionArguments,
) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let known = books.known(&sums.ruled);
    let grants = Grants::of(&known, &books.estate);
    let output = arguments.output;
    if output == Output::Json {
        let each: Vec<_> = grants
            .standings
            .iter()
            .map(|one| {
                let [p10, p50, p90] = days(&one.ends);
                let mut value = json!(one);
                value["grant"] = json!(one.name);
                (value["p10"], value["p50"], value["p90"]) = (json!(p10), json!(p50), json!(p90));
                value
            })
            .collect();
        let json =
            json!({ "version": JSON_VERSION, "grants": each, "unmatched": grants.unmatched });
        return Ok(noted(books.notes, format!("{json:#}\n")));
    }
    let mut table = Table::new(&[
        "grant",
        "provider",
        "currency",
        "given",
        "drawn",
        "left",
        "lapses",
        "last day",
        "ends, early",
        "ends",
        "ends, late",
    ]);
    for one in &grants.standings {
        let [p10, p50, p90] = days(&one.ends);
        let lapses = one.lapses.then(|| one.unused.middle()).flatten();
        table.row([
            Cell::from(one.name.as_str()),
            Cell::from(one.provider.as_str()),
            Cell::from(one.currency.to_string()),
            Cell::from(one.amount),
            Cell::from(one.drawn),
            Cell::from(one.left),
            Cell::from(lapses),
            Cell::from(one.days.until.to_string()),
            Cell::from(p10),
            Cell::from(p50),
            Cell::from(p90),
        ]);
    }
    let mut data = if table.is_empty() && output == Output::Text {
        "the estate has no grant: add one to grants/\n".to_owned()
    } else {
        table.print(output, "grants", project.surroundings)
    };
    if output == Output::Text {
        for one in &grants.standings {
            for note in &one.notes {
                data += &format!("{}: {}\n", visible(&one.name), visible(note));
            }
            if let Some(from) = one.ask_from.filter(|from| *from <= project.day) {
                data += &format!(
                    "{}: ask for the next one, since {from}: `commonhold spend renewal {}`\n",
                    visible(&one.name),
                    visible(&one.name)
                );
            }
        }
        for one in &grants.unmatched {
            let credit = if one.credit.is_empty() {
                "credits"
            } else {
                &one.credit
            };
            let place = format!("{}, account {}: {credit}", one.provider, one.account);
            data += &format!(
                "no grant explains {} {} of {}\n",
                cents(one.drawn),
                one.currency,
                visible(&place)
            );
        }
    }
    Ok(noted(books.notes, data))
}

fn noted(notes: String, data: String) -> Outcome {
    Outcome {
        notes,
        ..Outcome::data(data)
    }
}

pub(super) fn renewal(project: &Project<'_>, grant: &str) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let shared = books.shared_as_billed(&sums);
    let known = books.known(&shared);
    let grants = Grants::of(&books.known(&sums.ruled), &books.estate);
    let name = grant.strip_prefix("grant/").unwrap_or(grant);
    let request = Request::of(&known, &books.estate, &grants, name)?;
    Ok(noted(books.notes, request.to_string()))
}

pub(super) fn budgets(
    project: &Project<'_>,
    arguments: &QuestionArguments,
) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let budgets = books.budgets(&sums, &books.known(&sums.shared.cube));
    let crossed = |one: &spend::budgets::Standing| {
        let mut thresholds = one.thresholds.iter();
        thresholds.any(|threshold| matches!(threshold.crossing, Crossing::Crossed(_)))
    };
    let exit = if budgets.now.iter().any(crossed) {
        Exit::Findings
    } else {
        Exit::Well
    };
    let output = arguments.output;
    if output == Output::Json {
        let json =
            json!({ "version": JSON_VERSION, "budgets": budgets.now, "before": budgets.before });
        return Ok(noted(books.notes, format!("{json:#}\n")).exit(exit));
    }
    let mut table = Table::new(&[
        "budget",
        "scope",
        "from",
        "until",
        "currency",
        "amount",
        "spent",
        "%",
        "expected",
        "at most (P90)",
        "thresholds",
    ]);
    for one in &budgets.now {
        let [_, middle, high]: [Option<Decimal>; 3] = three(&one.expected);
        let said: Vec<String> = one.thresholds.iter().filter_map(crossing).collect();
        table.row([
            Cell::from(one.name.as_str()),
            Cell::from(if one.scope.is_empty() {
                "everything"
            } else {
                one.scope.as_str()
            }),
            Cell::from(one.period.from.to_string()),
            Cell::from(one.period.until.to_string()),
            Cell::from(one.currency.to_string()),
            Cell::from(one.amount),
            Cell::from(one.spent),
            Cell::from(one.used.map(|used| used.rounded(1).to_string())),
            Cell::from(middle),
            Cell::from(high),
            Cell::from(said.join("; ")),
        ]);
    }
    let mut data = if table.is_empty() && output == Output::Text {
        "the estate has no budget: add one to budgets/\n".to_owned()
    } else {
        table.print(output, "budgets", project.surroundings)
    };
    if output == Output::Text {
        for one in &budgets.now {
            for note in &one.notes {
                data += &format!("{}: {}\n", visible(&one.name), visible(note));
            }
        }
    }
    Ok(noted(books.notes, data).exit(exit))
}

/// What is to be said of a threshold.
fn crossing(threshold: &spend::budgets::ThresholdStanding) -> Option<String> {
    let at = match threshold.basis.as_str() {
        "actual" => format!("{} %", threshold.at),
        expected => format!("{} % expected ({})", threshold.at, expected.to_uppercase()),
    };
    match threshold.crossing {
        Crossing::Crossed(Some(day)) => {
            Some(format!("over {at} since {day}: {}", threshold.action))
        }
        Crossing::Crossed(None) => Some(format!("over {at}: {}", threshold.action)),
        Crossing::Near => Some(format!("near {at}")),
        Crossing::Below | Crossing::Unknown => None,
    }
}
