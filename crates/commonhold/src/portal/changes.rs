//! What is to be done to real systems, and what was.

mod months;
mod page;

use change::gate::Verdict;
use charter::risk::Risk;
use portal::Found;
use portal::model::{
    Cell, Collection, Column, ColumnKind, Feed, Link, Listing, Mood, Part, Row, Section, Value,
};

use super::affairs::{PlanSeen, Stage};
use super::decisions::{group, people};
use super::shown::{Known, to};

static COLLECTION: Collection = Collection {
    id: "changes",
    title: "Changes",
    one: "plan",
    about: "What brings real systems to what the estate says: each plan with its risk, what it requires, what it has, whose turn it is, and what was applied.",
    section: Section::Changes,
    columns: COLUMNS,
    feed: Some(Feed {
        when: "since",
        what: "state",
    }),
    has_pages: true,
    sort: "",
};

const COLUMNS: &[Column] = &[
    Column::new("title", "Plan", ColumnKind::Text, "What it changes, and where."),
    Column::new("state", "State", ColumnKind::State, "`blocked` where something is missing or somebody objects, `waiting` where only time is missing, `passed` where it may be applied, `applied`, `stale` where it has to be made anew, `not judged`, or how apply ended.").choice(),
    Column::new("since", "Since", ColumnKind::Instant, "When it was applied; when its commit was made, before that."),
    Column::new("risk", "Risk", ColumnKind::State, "The highest risk in it: `low`, `medium` or `high`.").choice(),
    Column::new("changes", "Changes", ColumnKind::Number, "How many changes it has."),
    Column::new("waits_for", "Waits for", ColumnKind::Text, "What is missing, in a few words; nothing where nothing is."),
    Column::new("until", "Until", ColumnKind::Instant, "When nothing but time is missing, until when."),
    Column::new("turn", "Whose turn", ColumnKind::List, "Whose approval is missing and would count."),
    Column::new("owners", "Owners", ColumnKind::List, "The groups that answer for what it changes.").choice(),
    Column::new("scopes", "Where", ColumnKind::List, "The parts of real systems that it changes.").choice().data_only(),
    Column::new("missing", "Missing", ColumnKind::List, "What is missing, each thing in a sentence.").data_only(),
    Column::new("authors", "Authors", ColumnKind::List, "Whose commits it is of, as far as the estate knows them.").data_only(),
    Column::new("digest", "Digest", ColumnKind::Text, "The digest of the plan, to which what passes a limit binds.").data_only(),
    Column::new("commit", "Commit", ColumnKind::Text, "The commit of the estate that it is of.").data_only(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let planned = &known.affairs.planned;
    let rows = planned.plans.iter().map(|plan| row(known, plan)).collect();
    let mut listing = Listing::new(&COLLECTION, rows);
    if let Some(why) = &planned.why {
        listing
            .above
            .push(Part::Notice(Mood::Plain, why.clone(), None));
    }
    for (file, why) in &planned.refused {
        let text = format!("{file} is no plan that can be shown: {why}.");
        listing.above.push(Part::Notice(Mood::Warn, text, None));
    }
    if let Some(chart) = months::risks(&planned.plans) {
        let chart = vec![Part::Chart(Box::new(chart))];
        let title = "Risk of what was applied, by month".to_owned();
        listing.above.push(Part::Folded(title, chart));
    }
    vec![listing]
}

pub(super) fn page(known: &Known, rest: &str, reader: &portal::Reader) -> Found {
    let (key, number) = rest
        .split_once('/')
        .map_or((rest, None), |(key, number)| (key, Some(number)));
    let Some(plan) = known.affairs.planned.plan(key) else {
        return Found::Nothing;
    };
    if key != plan.key() {
        let more = number.map_or(String::new(), |number| format!("/{number}"));
        return Found::Moved(to("changes", &plan.key()) + &more);
    }
    let Some(number) = number else {
        return Found::Page(Box::new(page::of(known, plan, reader)));
    };
    let at = number
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    let change = at.and_then(|at| plan.changes.get(at));
    change.map_or(Found::Nothing, |change| {
        Found::Page(Box::new(page::of_change(
            known, plan, number, change, reader,
        )))
    })
}

/// The paths of the pages of single changes.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let plans = known.affairs.planned.plans.iter();
    let of = |plan: &PlanSeen| {
        let key = plan.key();
        let all = 1..=plan.changes.len();
        all.map(|number| format!("/changes/{key}/{number}"))
            .collect::<Vec<_>>()
    };
    plans.flat_map(of).collect()
}

fn row(known: &Known, plan: &PlanSeen) -> Row {
    let code = |text: String| Cell::new(Value::Code(text));
    let mut scopes: Vec<String> = plan
        .changes
        .iter()
        .map(|one| one.scope.to_string())
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    Row {
        key: plan.key(),
        cells: vec![
            Cell::text(plan.title()),
            state(plan),
            Cell::instant(plan.since),
            plan.risk().map_or(Cell::none(), risk),
            Cell::count(plan.changes.len()),
            Cell::text(waits_for(plan)),
            Cell::instant(plan.until()),
            people(known, plan.asked()),
            groups(known, plan.owners()),
            Cell::links(scopes.into_iter().map(Link::text).collect()),
            Cell::links(missing(plan).into_iter().map(Link::text).collect()),
            people(known, plan.authors.iter().map(String::as_str)),
            code(plan.digest.to_string()),
            plan.commit.clone().map_or(Cell::none(), code),
        ],
        ..Row::default()
    }
}

/// How far a plan is, and how good that is.
fn stage(plan: &PlanSeen) -> (Mood, String) {
    let (mood, word) = match &plan.stage {
        Stage::Blocked => (Mood::Waiting, "blocked"),
        Stage::Waiting(_) => (Mood::Waiting, "waiting"),
        Stage::Passed => (Mood::Good, "passed"),
        Stage::Applied => (Mood::Good, "applied"),
        Stage::Ended(word) => (Mood::Warn, word.as_str()),
        Stage::Stale(_) => (Mood::Quiet, "stale"),
        Stage::Empty => (Mood::Quiet, "nothing to do"),
        Stage::Unjudged(_) => (Mood::Plain, "not judged"),
    };
    let objected = plan.is_open() && plan.changes.iter().any(|one| !one.objections.is_empty());
    (if objected { Mood::Warn } else { mood }, word.to_owned())
}

fn state(plan: &PlanSeen) -> Cell {
    let (mood, word) = stage(plan);
    Cell::state(mood, word)
}

fn risk(risk: Risk) -> Cell {
    let mood = match risk {
        Risk::Low => Mood::Good,
        Risk::Medium => Mood::Warn,
        Risk::High => Mood::Bad,
    };
    Cell::state(mood, risk.word())
}

fn groups<'n>(known: &Known, names: impl IntoIterator<Item = &'n str>) -> Cell {
    let link = |name: &str| {
        let cell = group(known, name);
        Link {
            text: name.to_owned(),
            to: cell.to,
        }
    };
    Cell::links(names.into_iter().map(link).collect())
}

/// What is missing of a plan, each thing once.
fn missing(plan: &PlanSeen) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if let Stage::Stale(why) | Stage::Unjudged(why) = &plan.stage {
        all.push(why.clone());
    }
    let verdicts = plan
        .changes
        .iter()
        .filter_map(|change| change.verdict.as_ref());
    for (_, text, _) in verdicts.flat_map(missing_of) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// The same in a few words.
fn waits_for(plan: &PlanSeen) -> String {
    if matches!(plan.stage, Stage::Stale(_)) {
        return "a new plan".to_owned();
    }
    let mut all: Vec<&str> = Vec::new();
    let verdicts = plan
        .changes
        .iter()
        .filter_map(|change| change.verdict.as_ref());
    for (what, ..) in verdicts.flat_map(missing_of) {
        if !all.contains(&what) {
            all.push(what);
        }
    }
    all.join(", ").to_lowercase()
}

/// What is missing by a verdict: in a word, in a sentence, and its code.
fn missing_of(verdict: &Verdict) -> Vec<(&'static str, String, &'static str)> {
    match verdict {
        Verdict::Passed { .. } => Vec::new(),
        Verdict::Waiting { for_, .. } => vec![("Time", for_.clone(), "waiting")],
        Verdict::Blocked { because } => because
            .iter()
            .map(|one| (word(one.code), one.text.clone(), one.code))
            .collect(),
    }
}

/// What a code of the gate asks for.
fn word(code: &str) -> &'static str {
    match code {
        "approval-missing" | "employers" => "Approval",
        "support-missing" => "Support",
        "consultation-missing" => "Consultation",
        "notice-missing" => "Notice",
        "not-proposed" => "Proposal",
        "objection" | "vanished" => "Objection",
        "not-received" => "Receipt by the ledger",
        "limit-exceeded" | "limit-not-eligible" => "Leave to pass a limit",
        "own-access" => "Another author",
        "impossible" | "no-deadline" => "Another rule",
        _ => "Something else",
    }
}
