//! `commonhold spend forecast`, `events`

use anyhow::bail;
use base::{Decimal, visible};
use serde_json::json;
use spend::events::{self, Event};
use spend::fx::Rates;
use spend::outlook::{Days, Expected, Known, Measure, Prospect, Scope, Series, Trust, after};
use spend::scan;

use super::books::{Books, Sums};
use crate::Exit;
use crate::cli::{ForecastArguments, Output, QuestionArguments};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table, cents};
use crate::surroundings::Outcome;

/// What explains so many of the newest events is looked up in the charges.
const EXPLAINED: usize = 20;

pub(super) fn forecast(
    project: &Project<'_>,
    arguments: &ForecastArguments,
) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let known = books.known(&sums.shared.cube);
    let scope = Scope {
        provider: arguments.provider.clone(),
        owner: arguments.owner.clone(),
        service: arguments.service.clone(),
        ..Scope::everything()
    };
    let currency = books.settings.currency;
    let series = Series::of(&known, &scope, Measure::Gross, currency);
    let Some(days) = series.days.filter(|_| series.matched) else {
        bail!(
            "nothing is known of that in {currency}: import its bills, or look at `commonhold spend query --by provider,owner,service`"
        );
    };
    let ahead = Days {
        from: after(days.until, 1),
        until: after(days.until, i64::from(arguments.days)),
    };
    let prospect = Prospect::of(&series, ahead.until);
    let total = prospect.total(ahead);
    let a_year = prospect.at_run_rate(365);
    if arguments.question.output == Output::Json {
        let json = json!({
            "version": JSON_VERSION,
            "currency": currency,
            "known": days,
            "ahead": ahead,
            "total": total,
            "run_rate": a_year,
            "trust": prospect.trust(),
            "late": series.late,
        });
        return Ok(noted(books.notes, format!("{json:#}\n")));
    }
    let mut table = Table::new(&["what", "from", "until", "amount"]);
    let mut row = |what: &str, days: Days, amount: Option<Decimal>| {
        table.row([
            Cell::from(what),
            Cell::from(days.from.to_string()),
            Cell::from(days.until.to_string()),
            Cell::from(amount),
        ]);
    };
    if let Some((window, spent)) = prospect.window() {
        row("spent", window, Some(spent));
    }
    match &total {
        Expected::Range(range) => {
            row("expected, low (P10)", ahead, Some(range.p10));
            row("expected, middle (P50)", ahead, Some(range.p50));
            row("expected, high (P90)", ahead, Some(range.p90));
        }
        other => row("expected at the run rate", ahead, other.middle()),
    }
    let mut data = table.print(arguments.question.output, "figures", project.surroundings);
    if arguments.question.output == Output::Text {
        data += &format!("\nall amounts are gross, in {currency}\n");
        data += &a_year.map_or(String::new(), |amount| {
            format!(
                "at the rate of these days, a year comes to {}\n",
                cents(amount)
            )
        });
        data += &trust(prospect.trust());
        for late in &series.late {
            data += &format!(
                "{}: no charges after {}\n",
                visible(&late.provider),
                late.last
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

/// How far what is said of the future can be trusted, in a line.
fn trust(trust: Option<Trust>) -> String {
    match trust {
        None => String::new(),
        Some(Trust::TooShort { days, needed }) => format!(
            "{days} days are known, and {needed} are needed to say how far off a forecast may be: this is the run rate\n"
        ),
        Some(Trust::Measured {
            model,
            error_percent,
            coverage_percent,
        }) => {
            let held = coverage_percent.map_or(String::new(), |held| {
                format!("; {held:.0} % of the totals were between P10 and P90")
            });
            format!(
                "model: {model}; in the past its totals of 28 days were {error_percent:.1} % off{held}\n"
            )
        }
    }
}

pub(super) fn events(
    project: &Project<'_>,
    arguments: &QuestionArguments,
) -> anyhow::Result<Outcome> {
    let mut books = Books::open(project)?;
    let sums = books.sums()?;
    let known = books.known(&sums.shared.cube);
    let events = explained(&books, &sums, &known)?;
    for vain in events::acknowledged_in_vain(&events, &books.settings) {
        let place = books.estate.sources.locate(vain.span);
        let help = vain.help.unwrap_or_default();
        books.notes += &format!(
            "warning[{}]: {place}: {}; {help}\n",
            vain.code.id, vain.message
        );
    }
    let open = events.iter().any(|event| event.status.is_open());
    let exit = if open { Exit::Findings } else { Exit::Well };
    if arguments.output == Output::Json {
        let json = json!({ "version": JSON_VERSION, "events": events });
        return Ok(noted(books.notes, format!("{json:#}\n")).exit(exit));
    }
    if arguments.output == Output::Text {
        if events.is_empty() {
            return Ok(noted(books.notes, "nothing unusual is known\n".to_owned()));
        }
        let mut data = String::new();
        for event in &events {
            data += &format!("{}  {}\n", event.id, visible(&event.to_string()));
            let status = event.status.to_string();
            if !status.is_empty() {
                data += &format!("  {}\n", visible(&status));
            }
            for contributor in &event.contributors {
                data += &format!("  {}\n", visible(&contributor.to_string()));
            }
        }
        if open {
            data +=
                "\n`commonhold spend acknowledge ID --reason ...` writes down that one is known\n";
        }
        return Ok(noted(books.notes, data).exit(exit));
    }
    let mut table = Table::new(&[
        "id", "from", "until", "what", "currency", "spent", "expected", "status", "largest",
    ]);
    for event in &events {
        table.row([
            Cell::from(event.id.as_str()),
            Cell::from(event.days.from.to_string()),
            Cell::from(event.days.until.to_string()),
            Cell::from(event.place.to_string()),
            Cell::from(event.currency.to_string()),
            Cell::from(event.actual),
            Cell::from(event.expected),
            Cell::from(event.status.to_string()),
            Cell::from(event.contributors.first().map(ToString::to_string)),
        ]);
    }
    let data = table.print(arguments.output, "events", project.surroundings);
    Ok(noted(books.notes, data).exit(exit))
}

/// The events, the newest of them with what in the charges explains them.
pub(super) fn explained(
    books: &Books<'_>,
    sums: &Sums,
    known: &Known<'_>,
) -> anyhow::Result<Vec<Event>> {
    let mut events = events::find(known, &books.settings);
    let rates = Rates::of(books.settings.fx.as_ref());
    for event in events
        .iter_mut()
        .filter(|event| event.status.is_open())
        .take(EXPLAINED)
    {
        let question = event.question();
        let place = &question.place;
        let wanted = |key: &spend::store::Key| {
            place
                .provider
                .as_ref()
                .is_none_or(|provider| *provider == key.provider)
                && place
                    .account
                    .as_ref()
                    .is_none_or(|account| *account == key.account)
        };
        let near = |key: &spend::store::Key| {
            let months = base::Month::of(question.days.from)..=after_next(question.days.until);
            wanted(key) && months.contains(&key.period)
        };
        let files = books.files(&sums.snapshot, near);
        let scanned = scan::scan(&files, &question.scan(&books.ownership))?;
        let details: Vec<_> = scanned
            .iter()
            .flat_map(|sums| question.details(sums, &rates))
            .collect();
        event.explain(&details, &books.settings);
    }
    Ok(events)
}

/// The last month in whose bills a charge of a day is looked for: late ones come a month later.
fn after_next(day: jiff::civil::Date) -> base::Month {
    base::Month::of(after(day, 62))
}
