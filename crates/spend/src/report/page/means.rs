//! What there is to spend, and what was decided to be paid for.

use base::{Currency, Decimal};
use document::{Cell, Column, Section, Table};
use jiff::civil::Date;

use super::{draw, named, period, trusted};
use crate::budgets::{self, Crossing};
use crate::grants::{self, State};
use crate::outlook::{Expected, percent};
use crate::report::model::Report;

/// The three columns of something expected.
pub(super) fn expected_columns(what: &str, measures: [&'static str; 3]) -> [Column; 3] {
    let chances = ["P10", "P50", "P90"];
    std::array::from_fn(|at| Column::of(format!("{what}, {}", chances[at]), measures[at], ""))
}

/// The cells of an expected amount: what is only a run rate stands in the middle.
pub(super) fn expected(amount: Expected<Decimal>, currency: Currency) -> [Cell; 3] {
    let money = |amount| Cell::Money(amount, currency);
    spread(amount, money)
}

/// The cells of an expected day.
pub(super) fn expected_day(day: Expected<Option<Date>>) -> [Cell; 3] {
    spread(day, Cell::day)
}

fn spread<T>(expected: Expected<T>, cell: impl Fn(T) -> Cell) -> [Cell; 3] {
    match expected {
        Expected::Range(range) => [cell(range.p10), cell(range.p50), cell(range.p90)],
        Expected::RunRate(one) | Expected::Known(one) => [Cell::None, cell(one), Cell::None],
        Expected::Unknown => [Cell::None, Cell::None, Cell::None],
    }
}

/// Per cent as a share of one.
fn of_hundred(percent: Option<Decimal>) -> Cell {
    let hundred = Decimal::whole(100);
    Cell::share(percent.and_then(|percent| Some(percent.over(hundred)?.value)))
}

pub(super) fn grants(report: &Report) -> Section {
    let mut section = Section::new("grants", "Grants");
    let standings = &report.grants.standings;
    section.table(
        holdings(standings),
        "The estate has no grant: add one to grants/.",
    );
    let columns = [Column::text("State")]
        .into_iter()
        .chain(expected_columns(
            "Used up",
            ["used up P10", "used up P50", "used up P90"],
        ))
        .chain(expected_columns(
            "Unused",
            ["unused P10", "unused P50", "unused P90"],
        ))
        .chain([Column::of("Ask from", "ask from", "")]);
    let caption = "When each grant is used up, and what is left of it when its last day is over";
    let mut table = named(caption, "Grant", columns.collect());
    for one in standings {
        let state = match one.state {
            State::Ahead => "begins later",
            State::Running => "pays",
            State::UsedUp => "used up",
            State::Over => "over",
        };
        let mut cells = vec![Cell::name(&one.title), Cell::text(state)];
        cells.extend(expected_day(one.used_up));
        cells.extend(expected(one.unused, one.currency));
        cells.push(Cell::day(one.ask_from));
        let due = one.ask_from.is_some_and(|from| from <= report.day);
        table.marked_row(cells, due);
    }
    if !table.rows.is_empty() {
        section.table(table, "");
        section.say(
            "P10 is early, where much is spent, and little that is left: one chance in ten that it is less. What \
             lapses is what is unused on the last day.",
        );
    }
    for one in standings {
        one_grant(one, report, &mut section);
    }
    unmatched(report, &mut section);
    section
}

fn holdings(standings: &[grants::Standing]) -> Table {
    let columns = vec![
        Column::text("Provider"),
        Column::text("Given by"),
        Column::of("Given", "given", ""),
        Column::of("Drawn", "drawn", ""),
        Column::of("Left", "left", ""),
        Column::of("Of it", "left share", ""),
        Column::of("Ends", "ends", ""),
        Column::text("What is left then"),
    ];
    let mut table = named("What grants hold", "Grant", columns);
    for one in standings {
        let money = |amount| Cell::Money(amount, one.currency);
        table.row(vec![
            Cell::name(&one.title),
            Cell::text(&one.provider),
            Cell::text(&one.giver),
            money(one.amount),
            money(one.drawn),
            money(one.left),
            of_hundred(percent(one.left, one.amount)),
            Cell::Day(one.days.until),
            Cell::text(if one.lapses { "lapses" } else { "stays" }),
        ]);
    }
    table
}

fn one_grant(one: &grants::Standing, report: &Report, section: &mut Section) {
    let drawn = !one.months.is_empty() || !one.ahead.is_empty();
    let live = matches!(one.state, State::Ahead | State::Running);
    if !live && one.notes.is_empty() {
        return;
    }
    section.heading(one.title.clone());
    if let Some(next) = &one.followed_by {
        section.say(format!("{next} goes on when it ends."));
    }
    if live && drawn {
        let (chart, table) = draw::burn_down(one, report.data.until.unwrap_or(report.day));
        section.drawn(chart, table);
        section.say(trusted(one.trust.as_ref()));
    }
    section.list(one.notes.clone());
}

fn unmatched(report: &Report, section: &mut Section) {
    let columns = vec![
        Column::text("Account"),
        Column::text("Credit"),
        Column::text("Days"),
        Column::of("Drawn", "drawn without a grant", ""),
        Column::text("Why"),
    ];
    let mut table = named("Credits that no grant explains", "Provider", columns);
    for one in &report.grants.unmatched {
        let cells = vec![
            Cell::name(&one.provider),
            Cell::name(&one.account),
            Cell::name(&one.credit),
            Cell::text(one.days.to_string()),
            Cell::Money(one.drawn, one.currency),
            Cell::text(one.why.words()),
        ];
        table.marked_row(cells, true);
    }
    if !table.rows.is_empty() {
        section.table(table, "");
    }
}

pub(super) fn budgets(report: &Report) -> Section {
    let mut section = Section::new("budgets", "Budgets");
    let columns = [
        Column::text("Of"),
        Column::text("Cost"),
        Column::text("Period"),
        Column::of("Amount", "budget", ""),
        Column::of("Spent", "spent", ""),
        Column::of("Of it", "spent share", ""),
    ];
    let columns = columns
        .into_iter()
        .chain(expected_columns(
            "Expected",
            ["expected P10", "expected P50", "expected P90"],
        ))
        .chain([Column::of("Runs out, P50", "runs out P50", "")]);
    let caption = "How budgets stand, and what is expected at the end of their periods";
    let mut table = named(caption, "Budget", columns.collect());
    for one in &report.budgets {
        let money = |amount| Cell::Money(amount, one.currency);
        let everything = if one.scope.is_empty() {
            "everything"
        } else {
            &one.scope
        };
        let mut cells = vec![
            Cell::name(&one.title),
            Cell::text(everything),
            Cell::text(metric(one)),
            Cell::text(one.period.to_string()),
            money(one.amount),
            money(one.spent),
            of_hundred(one.used),
        ];
        cells.extend(expected(one.expected, one.currency));
        let runs_out = one.runs_out.middle().flatten();
        cells.push(Cell::day(runs_out));
        table.marked_row(cells, runs_out.is_some());
    }
    let instead = "The estate has no budget, so nothing is over one: add one to budgets/.";
    section.table(table, instead);
    section.table(thresholds(&report.budgets), "No budget has a threshold.");
    for one in &report.budgets {
        let mut notes = one.notes.clone();
        if let Some(parts) = &one.parts {
            let money = |amount| document::amount::long(amount, one.currency);
            notes.push(format!(
                "Its parts {} may spend {} of it, and spent {}.",
                parts.names.join(", "),
                money(parts.amount),
                money(parts.spent)
            ));
        }
        section.heading(one.title.clone());
        section.say(trusted(one.trust.as_ref()));
        section.list(notes);
    }
    section
}

fn metric(one: &budgets::Standing) -> &'static str {
    use crate::outlook::Measure;
    match one.metric {
        Measure::Gross => "gross",
        Measure::Net => "net",
        Measure::Billed => "billed",
        Measure::Drawn => "drawn",
    }
}

fn thresholds(standings: &[budgets::Standing]) -> Table {
    let columns = vec![
        Column::text("At"),
        Column::text("Held against it"),
        Column::of("Limit", "threshold", ""),
        Column::of("Stands at", "threshold value", ""),
        Column::text("Crossed"),
        Column::text("What is done then"),
    ];
    let mut table = named("Thresholds", "Budget", columns);
    for one in standings {
        for threshold in &one.thresholds {
            let crossed = match threshold.crossing {
                Crossing::Crossed(Some(since)) => format!("since {since}"),
                Crossing::Crossed(None) => "yes".to_owned(),
                Crossing::Near => "nearly".to_owned(),
                Crossing::Below => "no".to_owned(),
                Crossing::Unknown => "not known".to_owned(),
            };
            let cells = vec![
                Cell::name(&one.title),
                Cell::name(format!("{} %", threshold.at)),
                Cell::name(&threshold.basis),
                Cell::Money(threshold.limit, one.currency),
                Cell::money(threshold.value, one.currency),
                Cell::text(crossed),
                Cell::text(&threshold.action),
            ];
            let marked = matches!(threshold.crossing, Crossing::Crossed(_));
            table.marked_row(cells, marked);
        }
    }
    table
}

pub(super) fn quotas(report: &Report) -> Section {
    let mut section = Section::new("quotas", "Quotas");
    let columns = vec![
        Column::text("Provider"),
        Column::of("Used at most", "used at most", ""),
        Column::of("Allowed", "allowed", ""),
        Column::of("Share", "share", ""),
        Column::of("Reached", "reached", ""),
        Column::text("Who asks for more"),
    ];
    let mut table = named(
        "What providers allow, and what is used of it",
        "Quota",
        columns,
    );
    for one in &report.quotas {
        let number = |number: Decimal| Cell::Number(number, one.unit.clone());
        let reached = one.used.reached;
        let cells = vec![
            Cell::name(&one.name),
            Cell::text(&one.provider),
            number(one.used.highest),
            number(one.limit),
            Cell::share(one.used.share),
            Cell::day(reached),
            Cell::text(one.owner.clone().unwrap_or_default()),
        ];
        table.marked_row(cells, reached.is_some());
    }
    section.table(table, "spend.yaml names no quota whose use is known.");
    section
}

pub(super) fn scope(report: &Report) -> Section {
    let mut section = Section::new("scope", "What it was decided to pay for");
    let days = report.figures.as_ref().map(|figures| period(figures.days));
    let days = days.unwrap_or_default();
    let columns = vec![
        Column::text("Who answers for it"),
        Column::of("Gross", "gross", &days),
        Column::of("A month, as it was said", "monthly", ""),
        Column::text("Decided in"),
        Column::of("Look at it by", "review by", ""),
    ];
    let mut table = named("What was decided", "What", columns);
    for one in &report.scope.funding {
        let monthly = one.monthly;
        let cells = vec![
            Cell::name(&one.title),
            Cell::text(&one.owner),
            Cell::money(one.gross, report.currency),
            monthly.map_or(Cell::None, |(amount, of)| Cell::Money(amount, of)),
            Cell::text(&one.decision),
            Cell::Day(one.review_by),
        ];
        table.marked_row(cells, one.overdue);
    }
    section.table(table, "No decision to pay for something is in funding/.");
    if report.scope.funding.is_empty() {
        return section;
    }
    let columns = vec![Column::of("Gross", "gross", days)];
    let mut table = named("What no decision covers", "Owner", columns);
    for one in &report.scope.undecided {
        table.row(vec![
            Cell::name(&one.owner),
            Cell::Money(one.gross, report.currency),
        ]);
    }
    section.table(table, "A decision covers everything.");
    section
}

pub(super) fn commitments(report: &Report) -> Section {
    let mut section = Section::new("commitments", "Commitments and savings");
    if report.left_out.is_some() {
        section.say("What commitments and negotiated prices save is not shown to everybody.");
        return section;
    }
    let days = report.figures.as_ref().map(|figures| period(figures.days));
    let days = days.unwrap_or_default();
    let columns = vec![
        Column::of("Covered", "coverage", &days),
        Column::of("Used", "use", &days),
        Column::of("Paid for and not used", "unused", &days),
        Column::of("Saved by commitments", "saved by commitments", &days),
        Column::of(
            "Saved by negotiated prices",
            "saved by negotiated prices",
            &days,
        ),
        Column::of("Without prices", "without prices", days),
    ];
    let caption = "What commitments cover and save in the last complete days; below nothing where they cost more";
    let mut table = named(caption, "Provider", columns);
    for one in &report.commitments {
        let money = |amount| Cell::Money(amount, one.currency);
        let cells = vec![
            Cell::name(&one.provider),
            Cell::share(one.coverage),
            Cell::share(one.use_share),
            money(one.unused),
            money(one.saved),
            money(one.negotiated),
            money(one.without_prices),
        ];
        table.marked_row(
            cells,
            one.saved.is_negative() || one.negotiated.is_negative(),
        );
    }
    section.table(table, "No use was charged.");
    let without = |one: &crate::commitments::Commitments| !one.without_prices.is_zero();
    if report.commitments.iter().any(without) {
        section.say(
            "Some bills do not say a list price and a negotiated one; what they charge is in no saving.",
        );
    }
    section
}
