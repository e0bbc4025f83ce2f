//! The pages of a budget and of a grant of money.

use portal::model::{Cell, ColumnKind, Mood, Page, Part, Row, Section};
use spend::budgets::Crossing;
use spend::outlook::words;
use spend::report::burn_down;

use super::lists;
use crate::portal::parts::{column, fact, row, table};
use crate::portal::shown::{Known, to};

pub(super) fn budget(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.budgets.get(name)?;
    let budget = &item.value;
    let currency = budget.currency.value;
    let standing = known.money.budget(&item.name);
    let mut page = Page::new(Section::Spend, to("budgets", &item.name), item.title());
    page.kind = String::from("Budget");
    page.audience = known.money.of_budget(item);
    page.source = known.source(item.span);
    let (mood, word) = lists::state(standing);
    page.state = Some((mood, word.to_owned()));
    let mut facts = vec![
        fact("of", "Of what", Cell::text(lists::scope(budget))),
        fact(
            "cost",
            "Which cost counts",
            Cell::text(budget.metric.to_string()),
        ),
        fact(
            "amount",
            "Amount",
            lists::money(budget.amount.value, currency),
        ),
        fact("owner", "Owner", lists::owner(known, &budget.owner.name)),
    ];
    if let Some(decision) = &budget.decision {
        facts.push(fact(
            "decision",
            "Decided in",
            Cell::text(decision.as_str()),
        ));
    }
    if let Some(parent) = &budget.parent {
        let cell = Cell::link(parent.name.as_str(), to("budgets", &parent.name));
        facts.push(fact("parent", "Part of", cell));
    }
    if let Some(one) = standing {
        let expected = words::amount(one.expected, currency);
        let runs_out = words::day_if(one.runs_out, "not in this period");
        facts.extend([
            fact("period", "Period", Cell::text(one.period.to_string())),
            fact("spent", "Spent", lists::money(one.spent, currency)),
            fact("used", "Of it", lists::share(one.used)),
            fact("expected", "Expected at its end", Cell::text(expected)),
            fact("runs_out", "Runs out", Cell::text(runs_out)),
        ]);
    } else {
        let period = spend::budgets::period(&budget.period, &known.checked.estate, known.day);
        facts.extend(period.map(|days| fact("period", "Period", Cell::text(days.to_string()))));
        page.say("No bills are kept here that would say what was spent.");
    }
    page.add(Part::Facts(facts));
    page.heading("thresholds", "What happens when it is spent");
    page.add(thresholds(known, item, standing));
    for note in standing.iter().flat_map(|one| &one.notes) {
        page.say(note.as_str());
    }
    Some(page)
}

fn thresholds(
    known: &Known,
    item: &estate::Item<estate::kinds::Budget>,
    standing: Option<&spend::budgets::Standing>,
) -> Part {
    let currency = item.value.currency.value;
    let columns = vec![
        column("at", "At", ColumnKind::Text),
        column("basis", "Of what", ColumnKind::Text),
        column("limit", "Limit", ColumnKind::Money),
        column("now", "Now", ColumnKind::Money),
        column("state", "State", ColumnKind::State),
        column("action", "What is done then", ColumnKind::Text),
    ];
    let basis = |word: &str| match word {
        "actual" => "what was spent".to_owned(),
        chance => format!("what is expected ({})", chance.to_uppercase()),
    };
    let rows: Vec<Row> = if let Some(standing) = standing {
        let each = standing.thresholds.iter().map(|one| {
            let (mood, word) = match one.crossing {
                Crossing::Crossed(Some(since)) => (Mood::Warn, format!("crossed on {since}")),
                Crossing::Crossed(None) => (Mood::Warn, "crossed".to_owned()),
                Crossing::Near => (Mood::Waiting, "near".to_owned()),
                Crossing::Below => (Mood::Good, "below".to_owned()),
                Crossing::Unknown => (Mood::Plain, "not known".to_owned()),
            };
            let cells = vec![
                Cell::text(format!("{} %", one.at)),
                Cell::text(basis(&one.basis)),
                lists::money(one.limit, currency),
                lists::money_if(one.value, currency),
                Cell::state(mood, word),
                Cell::text(one.action.as_str()),
            ];
            row(cells, None)
        });
        each.collect()
    } else {
        let declared = item.value.thresholds.iter().map(|one| {
            let cells = vec![
                Cell::text(format!("{} %", one.at.value)),
                Cell::text(basis(&one.basis.to_string())),
                Cell::none(),
                Cell::none(),
                Cell::state(Mood::Plain, "not known"),
                Cell::text(one.action.as_str()),
            ];
            row(cells, known.source(one.at.span))
        });
        declared.collect()
    };
    let none = "Nothing is to happen at any share of it.";
    table("thresholds", "Thresholds", columns, rows, none)
}

pub(super) fn credit(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.grants.get(name)?;
    let grant = &item.value;
    let currency = grant.currency.value;
    let mut page = Page::new(Section::Spend, to("credits", &item.name), item.title());
    page.kind = String::from("Grant of money");
    page.audience = known.money.of_grant(item);
    page.source = known.source(item.span);
    let (mood, word) = lists::paying(known, item);
    page.state = Some((mood, word.to_owned()));
    let lapses = if grant.lapses { "is lost" } else { "stays" };
    let mut facts = vec![
        fact("giver", "Given by", Cell::text(grant.giver.as_str())),
        fact(
            "provider",
            "Pays the bills of",
            Cell::text(grant.provider.as_str()),
        ),
        fact(
            "amount",
            "Given",
            lists::money(grant.amount.value, currency),
        ),
        fact("from", "First day", Cell::day(Some(grant.start))),
        fact("until", "Last day", Cell::day(Some(grant.end.value))),
        fact("lapses", "What is left then", Cell::text(lapses)),
        fact("owner", "Owner", lists::owner(known, &grant.owner.name)),
    ];
    let said = [
        ("decision", "Decided in", grant.decision.as_ref()),
        ("evidence", "Said by the giver in", grant.evidence.as_ref()),
    ];
    for (id, label, text) in said {
        facts.extend(text.map(|text| fact(id, label, Cell::text(text.as_str()))));
    }
    let Some(standing) = known.money.grant(&item.name) else {
        page.add(Part::Facts(facts));
        page.say("No bills are kept here that would say what is left of it.");
        return Some(page);
    };
    facts.extend([
        fact("drawn", "Drawn", lists::money(standing.drawn, currency)),
        fact("left", "Left", lists::money(standing.left, currency)),
        fact("ends", "Ends", Cell::text(words::day(standing.ends))),
        fact(
            "unused",
            "Unused at its end",
            Cell::text(words::amount(standing.unused, currency)),
        ),
        fact(
            "ask_from",
            "Ask for another from",
            Cell::day(standing.ask_from),
        ),
    ]);
    if let Some(next) = &standing.followed_by {
        facts.push(fact(
            "next",
            "Goes on with",
            Cell::link(next.as_str(), to("credits", next)),
        ));
    }
    page.add(Part::Facts(facts));
    if !standing.months.is_empty() || !standing.ahead.is_empty() {
        let until = known.money.bills.as_ref();
        let until = until.and_then(|bills| bills.members.data.until);
        let (chart, _) = burn_down(standing, until.unwrap_or(known.day));
        page.heading("burn", "What is left, and until when it lasts");
        page.add(Part::Chart(Box::new(chart)));
        let trust = standing.trust.as_ref().map(words::trust);
        page.say(trust.unwrap_or_default());
    }
    for note in &standing.notes {
        page.say(note.as_str());
    }
    Some(page)
}
