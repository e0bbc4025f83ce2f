//! What it costs, on one page: what the report says, with what is declared where there are no bills.

use base::Currency;
use chart::{About, Band, Chart, Item as Bar, Value as Figure};
use document::amount::{axis, long, percent, share, short};
use portal::model::{
    Audience, Card, Cell, ColumnKind, Link, Mood, Page, Part, Private, Row, Section,
};
use spend::outlook::Expected;
use spend::report::Report;

use super::money::page_of_owner;
use super::{lists, printed};
use crate::commands::spend::Shown;
use crate::portal::parts::{card, column, row, table};
use crate::portal::shown::Known;

/// Sections that few look for: they are folded away.
const FOLDED: [&str; 5] = ["months", "hotspots", "commitments", "data", "left-out"];
/// So many months that are over are drawn.
const MONTHS: usize = 18;
/// So many owners have a bar.
const BARS: usize = 12;

pub(super) fn page(known: &Known) -> Page {
    let mut page = Page::new(Section::Spend, "/spend", "Spend");
    page.summary = String::from(
        "What the community's infrastructure costs, whose the costs are, who pays for them, and for how \
                    long the money lasts.",
    );
    match &known.money.bills {
        Some(bills) => {
            let more = Link::new("Open it", "/spend/members");
            let text =
                "You may see all of it: accounts, resources and private prices too.".to_owned();
            let notice = Part::Notice(Mood::Plain, text, Some(more));
            page.add(Part::Only(Audience::Private(Private::Money), vec![notice]));
            told(known, bills, &bills.everybody, &mut page);
        }
        None => declared(known, &mut page),
    }
    page
}

/// The same for those who may see all of it.
pub(super) fn members(known: &Known) -> Option<Page> {
    let bills = known.money.bills.as_ref()?;
    let mut page = Page::new(Section::Spend, "/spend/members", "Spend, all of it");
    page.audience = Audience::Private(Private::Money);
    page.summary = String::from("With accounts, resources and private prices: not for everybody.");
    for line in bills.notes.lines() {
        page.add(Part::Notice(Mood::Warn, line.to_owned(), None));
    }
    told(known, bills, &bills.members, &mut page);
    Some(page)
}

fn told(known: &Known, bills: &Shown, report: &Report, page: &mut Page) {
    page.add(Part::Cards(cards(report)));
    let headline = report.headline();
    let mood = if headline.now { Mood::Warn } else { Mood::Good };
    page.add(Part::Notice(
        mood,
        headline.text,
        Some(Link::new("What to do", "#due")),
    ));
    if let Some(chart) = course(bills, report) {
        page.heading("course", "What it costs over time");
        page.add(Part::Chart(Box::new(chart)));
    }
    let leads = |name: &str| page_of_owner(&known.checked.estate, name);
    for section in report.sections() {
        if FOLDED.contains(&section.id) {
            let body = printed::body(&section, &leads);
            page.add(Part::Folded(section.title.to_owned(), body));
        } else {
            let mut parts = printed::section(&section, &leads);
            if section.id == "owners" && !parts.is_empty() {
                let chart = owners(report).map(|chart| Part::Chart(Box::new(chart)));
                // Below its heading.
                let rest = parts.split_off(1);
                parts.extend(chart);
                parts.extend(rest);
            }
            page.parts.extend(parts);
        }
    }
}

/// The figures that one remembers.
fn cards(report: &Report) -> Vec<Card> {
    let currency = report.currency;
    let mut cards = Vec::new();
    if let Some(days) = report.act.days_left {
        let mood = if report.act.now {
            Mood::Warn
        } else {
            Mood::Good
        };
        let unit = if days == 1 { "day" } else { "days" };
        let figure = format!("{days} {unit}");
        cards.push(card(
            "Money left for",
            figure,
            report.act.money.as_str(),
            mood,
            Some("#grants"),
        ));
    }
    let Some(figures) = &report.figures else {
        return cards;
    };
    let (now, before) = (figures.total.gross, figures.total_before.gross);
    let change = share(now - before, before).map(|change| {
        let word = if change.is_negative() { "less" } else { "more" };
        format!("{} {word} than before", percent(change.abs()))
    });
    let label = format!("Last {} days", figures.days.count());
    let note = change.unwrap_or_default();
    cards.push(card(
        &label,
        short(now, currency),
        note,
        Mood::Plain,
        Some("#figures"),
    ));
    let of_budget = figures.yearly_budget.and_then(|budget| {
        let of = share(figures.run_rate, budget)?;
        let mood = if of > base::Decimal::whole(1) {
            Mood::Warn
        } else {
            Mood::Good
        };
        Some((
            format!("{} of {}", percent(of), short(budget, currency)),
            mood,
        ))
    });
    let (note, mood) = of_budget.unwrap_or((String::new(), Mood::Plain));
    let year = short(figures.run_rate, currency);
    cards.push(card(
        "A year at this rate",
        year,
        note,
        mood,
        Some("#forecast"),
    ));
    let events = report.events.iter().filter(|event| event.status.is_open());
    let open = events.count();
    let mood = if open == 0 { Mood::Good } else { Mood::Warn };
    cards.push(card(
        "Unusual costs",
        open,
        "not explained yet",
        mood,
        Some("#events"),
    ));
    cards
}

/// The gross cost of the months that are over, and what the next ones will probably cost.
fn course(bills: &Shown, report: &Report) -> Option<Chart> {
    let currency = report.currency;
    let over: Vec<_> = report
        .providers
        .months
        .iter()
        .filter(|one| one.complete)
        .collect();
    let over = &over[over.len().saturating_sub(MONTHS)..];
    let value = |amount| figure(amount, currency);
    let past: Vec<Figure> = over.iter().map(|one| value(one.incurred.gross)).collect();
    if past.is_empty() {
        return None;
    }
    let mut periods: Vec<String> = over.iter().map(|one| one.month.to_string()).collect();
    let mut ahead = Vec::new();
    for (month, expected) in &bills.ahead {
        let (low, middle, high) = match *expected {
            Expected::Range(range) => (range.p10, range.p50, range.p90),
            Expected::RunRate(one) | Expected::Known(one) => (one, one, one),
            Expected::Unknown => continue,
        };
        periods.push(month.to_string());
        ahead.push(Band {
            low: value(low),
            middle: value(middle),
            high: value(high),
        });
    }
    let about = About {
        id: "course",
        title: "Gross cost by month, with what is expected",
        desc: "",
        heading: "Month",
        axis: &|number| axis(number, currency),
    };
    Some(chart::lines(&about, &periods, &past, &ahead))
}

fn figure(amount: base::Decimal, currency: Currency) -> Figure {
    Figure::new(amount.approximate(), long(amount, currency))
}

fn owners(report: &Report) -> Option<Chart> {
    let rows = report.owners.rows.iter().filter(|row| !row.now.is_zero());
    let bars: Vec<Bar> = rows
        .take(BARS)
        .map(|row| Bar {
            name: row.name.clone(),
            value: figure(row.now, report.currency),
            marked: row.name.starts_with('('),
        })
        .collect();
    if bars.is_empty() {
        return None;
    }
    let about = About {
        id: "who",
        title: "Gross cost of the last complete days, by owner",
        desc: "",
        heading: "Owner",
        axis: &|number| axis(number, report.currency),
    };
    Some(chart::ranking(&about, &bars, None))
}

/// What is declared, where no bills say more.
fn declared(known: &Known, page: &mut Page) {
    if let Some(why) = &known.money.unread {
        let text = "The bills cannot be read now, so what is spent is not known.".to_owned();
        page.add(Part::Notice(Mood::Bad, text, None));
        let why = Part::Text(why.clone());
        page.add(Part::Only(Audience::Private(Private::Money), vec![why]));
    } else {
        let text = "No bills are kept here, so what is spent is not known.".to_owned();
        page.add(Part::Notice(Mood::Plain, text, None));
        page.add(Part::Command {
            about: "This takes bills in.".to_owned(),
            text: "commonhold spend import FILE".to_owned(),
        });
    }
    let tables = &known.checked.estate.tables;
    page.heading("budgets", "What may be spent");
    let rows = tables.budgets.items().map(|item| {
        let budget = &item.value;
        let cells = vec![
            Cell::link(
                item.title(),
                crate::portal::shown::to("budgets", &item.name),
            ),
            Cell::text(lists::scope(budget)),
            lists::money(budget.amount.value, budget.currency.value),
            lists::owner(known, &budget.owner.name),
        ];
        Row {
            audience: known.money.of_budget(item),
            ..row(cells, known.source(item.span))
        }
    });
    let columns = vec![
        column("budget", "Budget", ColumnKind::Text),
        column("of", "Of what", ColumnKind::Text),
        column("amount", "In each period", ColumnKind::Money),
        column("owner", "Owner", ColumnKind::Text),
    ];
    let none = "No budget is declared: they are files in budgets/.";
    page.add(table("budgets", "Budgets", columns, rows.collect(), none));
    page.heading("grants", "Who gave money");
    let rows = tables.grants.items().map(|item| {
        let grant = &item.value;
        let (mood, word) = lists::paying(known, item);
        let cells = vec![
            Cell::link(
                item.title(),
                crate::portal::shown::to("credits", &item.name),
            ),
            Cell::text(grant.giver.as_str()),
            lists::money(grant.amount.value, grant.currency.value),
            Cell::day(Some(grant.end.value)),
            Cell::state(mood, word),
        ];
        Row {
            audience: known.money.of_grant(item),
            ..row(cells, known.source(item.span))
        }
    });
    let columns = vec![
        column("grant", "Grant", ColumnKind::Text),
        column("giver", "Given by", ColumnKind::Text),
        column("amount", "Given", ColumnKind::Money),
        column("until", "Last day", ColumnKind::Day),
        column("state", "State", ColumnKind::State),
    ];
    let none = "No grant of money is declared: they are files in grants/.";
    page.add(table(
        "grants",
        "Grants of money",
        columns,
        rows.collect(),
        none,
    ));
}
