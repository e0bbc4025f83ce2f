//! One item: where it stands, what it needs, and how it came to stand so.

use decisions::item::State;
use decisions::vote;
use jiff::Timestamp;
use portal::model::{
    Cell, ColumnKind, Entry, Mood, Page, Part, Row, Section, Source, Step, StepState, Value,
};
use portal::{Audience, Reader};

use super::super::affairs::{Item, mood};
use super::super::items;
use super::super::parts::{column, fact, members_of, row, table};
use super::super::shown::{Known, to};
use super::{acts, group, people, person, rules, text_source, words};

pub(super) fn of(known: &Known, item: &Item, reader: &Reader) -> Page {
    let record = &item.record;
    let mut page = Page::new(Section::Decisions, to("decisions", &item.id), item.called());
    page.kind = capitalised(&words(item.kind));
    page.summary = summary(item);
    page.state = Some((mood(item.state), item.state.word().to_owned()));
    page.source = Some(text_source(item));
    if let Some(later) = &item.superseded_by {
        let link = portal::model::Link::new("What took its place", to("decisions", later));
        let text = "A later decision took the place of this one.".to_owned();
        page.add(Part::Notice(Mood::Quiet, text, Some(link)));
    }
    for one in &item.unreceived {
        let wrong = one.wrong.as_ref();
        let wrong = wrong.map_or(String::new(), |why| format!(" It would not count: {why}."));
        let text = format!("Not received yet: {} by {}.{wrong}", one.act, one.by);
        page.add(Part::Notice(Mood::Waiting, text, None));
    }
    page.heading("stands", "Where it stands");
    page.add(Part::Steps(steps(item)));
    needs(known, item, &mut page);
    act(item, reader, &mut page);
    page.heading("proposal", "What is proposed");
    match &item.text {
        Some(text) => page.add(Part::Quote(text.clone())),
        None => page.say("Its text is not in the repository any more."),
    };
    said(known, item, &mut page);
    page.heading("history", "What happened");
    page.add(Part::Entries(history(item)));
    left_out(known, item, &mut page);
    by_which_rules(known, item, &mut page);
    if record.proposed.is_some() {
        verify(item, &mut page);
    }
    page
}

fn summary(item: &Item) -> String {
    let proposer = item.record.proposer.as_deref();
    let proposer = proposer.map_or(String::new(), |name| format!("Proposed by {name}. "));
    let waits = item.waits_for();
    let waits = waits.map_or(String::new(), |what| format!(" It waits for {what}."));
    format!(
        "{proposer}{} decides by “{}”.{waits}",
        item.rules.body, item.rules.name
    )
}

/// From the proposal to the day it holds.
fn steps(item: &Item) -> Vec<Step> {
    let (record, state) = (&item.record, item.state);
    let step = |state, title: &str, text: String, at| Step {
        state,
        title: title.to_owned(),
        text,
        at,
    };
    let mut steps = vec![match record.proposed {
        Some(at) => step(StepState::Done, "Proposed", String::new(), Some(at)),
        None => step(StepState::Now, "Proposed", RECEIVES.to_owned(), None),
    }];
    let told = !item.rules.notice.is_empty() || item.rules.procedure.second.is_some();
    if told {
        let now = match (record.opened, state) {
            (Some(_), _) => StepState::Done,
            (None, State::Noticed) => StepState::Now,
            (None, state) if state.is_over() => StepState::Stopped,
            (None, _) => StepState::Ahead,
        };
        let text = "All who must be told of it are told.".to_owned();
        steps.push(step(now, "Notice", text, record.opened));
    }
    let outcome = item.decided();
    let is_open = matches!(state, State::Open | State::LastCall | State::Blocked);
    let opened = match (record.opened, is_open) {
        (_, true) => StepState::Now,
        (Some(_), false) => StepState::Done,
        (None, false) => StepState::Ahead,
    };
    let text = match (state, record.closes) {
        (State::Blocked, _) => "An objection or a hold stands.".to_owned(),
        (State::LastCall, _) => "It closes within a day.".to_owned(),
        _ => String::new(),
    };
    steps.push(step(opened, "Open", text, record.opened));
    let accepted = state.is_accepted() || state == State::Superseded;
    steps.push(match outcome {
        Some(at) if accepted => step(StepState::Done, "Accepted", String::new(), Some(at)),
        Some(at) => step(
            StepState::Stopped,
            &capitalised(state.word()),
            String::new(),
            Some(at),
        ),
        None => step(
            StepState::Ahead,
            "Outcome",
            String::new(),
            record.closes.or(record.next),
        ),
    });
    let procedure = &item.rules.procedure;
    let affirmed =
        procedure.veto.is_some() || procedure.ratify.is_some() || procedure.appeal.is_some();
    if affirmed && (outcome.is_none() || accepted) {
        let (state, at) = match state {
            State::Affirming => (StepState::Now, record.next),
            State::Stayed => (StepState::Stopped, record.since),
            State::InForce | State::Superseded => (StepState::Done, record.since),
            _ => (StepState::Ahead, None),
        };
        let text = "The time to stop it, or to have it looked at again, is over.".to_owned();
        steps.push(step(state, "In force", text, at));
    }
    steps
}

const RECEIVES: &str = "The ledger has not received it yet.";

fn needs(known: &Known, item: &Item, page: &mut Page) {
    let record = &item.record;
    if item.is_open() && !record.conditions.is_empty() {
        page.heading("needs", "What it needs");
        let condition = |one: &decisions::item::Condition| {
            let (mood, word) = if one.met {
                (Mood::Good, "met")
            } else {
                (Mood::Waiting, "missing")
            };
            row(
                vec![Cell::state(mood, word), Cell::text(one.text.clone())],
                None,
            )
        };
        let rows = record.conditions.iter().map(condition).collect();
        let columns = vec![
            column("state", "State", ColumnKind::State),
            column("condition", "Condition", ColumnKind::Text),
        ];
        page.add(table("needs", "Conditions", columns, rows, ""));
    }
    let asked = item.asked();
    let mut facts = Vec::new();
    if !asked.is_empty() {
        facts.push(fact("turn", "Whose turn it is", people(known, asked)));
    }
    if let Some(next) = item.next() {
        facts.push(fact("next", "Next by itself", Cell::instant(Some(next))));
    }
    if let Some(closes) = record.closes.filter(|_| item.is_open()) {
        facts.push(fact("closes", "Closes", Cell::instant(Some(closes))));
    }
    if !facts.is_empty() {
        page.add(Part::Facts(facts));
    }
}

fn act(item: &Item, reader: &Reader, page: &mut Page) {
    let offers = acts::of(item, reader.person.as_deref());
    if offers.is_empty() || !item.is_open() {
        return;
    }
    page.heading("act", "What you can do");
    page.parts.extend(acts::offers(&item.id, offers, reader));
}

/// Votes, approvals, objections, and who has no vote.
fn said(known: &Known, item: &Item, page: &mut Page) {
    let record = &item.record;
    let who = || column("person", "Who", ColumnKind::Text);
    votes(known, item, page);
    if !record.approvals.is_empty() {
        page.heading("approvals", "Approvals");
        let approval = |(name, at): (&String, &Timestamp)| {
            row(vec![person(known, name), Cell::instant(Some(*at))], None)
        };
        let rows = record.approvals.iter().map(approval).collect();
        let columns = vec![who(), column("at", "Received", ColumnKind::Instant)];
        page.add(table(
            "approvals",
            "Who approved the text as it stands",
            columns,
            rows,
            "",
        ));
    }
    if !record.objections.is_empty() {
        page.heading("objections", "Objections");
        for one in &record.objections {
            objection(one, page);
        }
    }
    if !record.recused.is_empty() {
        page.heading("recused", "Without a vote");
        let recused = |(name, why): (&String, &String)| {
            row(vec![person(known, name), Cell::text(why.clone())], None)
        };
        let rows = record.recused.iter().map(recused).collect();
        let columns = vec![who(), column("why", "Why", ColumnKind::Text)];
        page.add(table(
            "recused",
            "Who has no vote in it, and why",
            columns,
            rows,
            "",
        ));
    }
}

/// How members voted, and who has not.
fn votes(known: &Known, item: &Item, page: &mut Page) {
    let record = &item.record;
    if item.is_voted_on() || !record.votes.is_empty() {
        page.heading("votes", "Votes");
        if let (Some(rule), Some(count)) = (&item.rules.procedure.vote, &record.count) {
            page.say(capitalised(&vote::in_words(rule, count)) + ".");
        }
        let members = item.rules.members.iter();
        let silent = members.map(|one| one.person.as_str()).filter(|name| {
            !record.votes.contains_key(*name) && !record.recused.contains_key(*name)
        });
        let cast = record.votes.iter();
        let cast = cast.map(|(name, choice)| {
            row(
                vec![person(known, name), Cell::text(choice.to_string())],
                None,
            )
        });
        let silent = silent.map(|name| {
            row(
                vec![person(known, name), Cell::state(Mood::Quiet, "no vote yet")],
                None,
            )
        });
        let columns = vec![
            column("person", "Who", ColumnKind::Text),
            column("vote", "Vote", ColumnKind::Text),
        ];
        let rows: Vec<Row> = cast.chain(silent).collect();
        page.add(table(
            "votes",
            "How members voted",
            columns,
            rows,
            "Nobody has voted.",
        ));
    }
}

fn objection(one: &decisions::item::Objection, page: &mut Page) {
    let (mood, how) = match &one.ended {
        Some((at, how)) => (Mood::Quiet, format!("{} at {at}", capitalised(how))),
        None if one.binding => (Mood::Warn, "It stands, and holds the decision".to_owned()),
        None => (Mood::Plain, "It advises".to_owned()),
    };
    let text = format!("{} objected on {}. {how}.", one.by, day(one.at));
    page.add(Part::Notice(mood, text, None));
    page.add(Part::Quote(one.reason.clone()));
    for (at, by, answer) in &one.answers {
        page.say(format!("{by} answered on {}:", day(*at)));
        page.add(Part::Quote(answer.clone()));
    }
}

fn history(item: &Item) -> Vec<Entry> {
    let steps: Vec<(usize, &decisions::item::Step)> = (1..).zip(&item.record.history).collect();
    let entry = |(number, step): (usize, &decisions::item::Step)| Entry {
        id: format!("{}-{number}", item.id),
        at: step.at,
        title: capitalised(step.state.word()),
        text: capitalised(&step.why),
        to: None,
        mood: mood(step.state),
        audience: Audience::Everybody,
    };
    steps.into_iter().rev().map(entry).collect()
}

fn left_out(known: &Known, item: &Item, page: &mut Page) {
    if item.record.ignored.is_empty() {
        return;
    }
    page.heading("ignored", "What does not count");
    let ignored = item.record.ignored.iter().map(|one| {
        let cells = vec![
            Cell::text(one.act.replace('_', " ")),
            person(known, &one.by),
            Cell::instant(Some(one.at)),
            Cell::text(one.what.clone()),
            Cell::new(Value::Code(one.reason.to_string())),
        ];
        row(cells, None)
    });
    let columns = vec![
        column("act", "What", ColumnKind::Text),
        column("by", "Who", ColumnKind::Text),
        column("at", "When", ColumnKind::Instant),
        column("why", "Why it does not count", ColumnKind::Text),
        column("reason", "Reason", ColumnKind::Text),
    ];
    let rows = ignored.collect();
    page.add(table(
        "ignored",
        "What was done and does not count",
        columns,
        rows,
        "",
    ));
}

fn by_which_rules(known: &Known, item: &Item, page: &mut Page) {
    page.heading("rules", "By which rules");
    let members: Vec<&str> = item
        .rules
        .members
        .iter()
        .map(|one| one.person.as_str())
        .collect();
    let mut facts = vec![
        fact("body", "Who decides", group(known, &item.rules.body)),
        fact(
            "members",
            "Its members when it opened",
            people(known, members),
        ),
        fact(
            "procedure",
            "Procedure",
            Cell::text(item.rules.name.clone()),
        ),
        fact(
            "charter",
            "The charter as of commit",
            Cell::new(Value::Code(item.charter.clone())),
        ),
    ];
    facts[2].source = Some(Source {
        path: "charter.yaml".to_owned(),
        line: 1,
    });
    if let Some(matter) = &item.record.matter {
        for secret in [false, true] {
            let audience = members_of(secret);
            let parties = matter.parties.iter();
            let parties = parties.filter(|party| items::naming(known, party) == audience);
            let about: Vec<_> = parties.map(|party| items::subject(known, party)).collect();
            if !about.is_empty() {
                facts.push(fact(
                    "about",
                    "Whom or what it is about",
                    Cell::links(about).only(audience),
                ));
            }
        }
        let earlier = matter.supersedes.iter();
        let earlier = earlier.map(|item| super::super::shown::link("decisions", item.as_str()));
        let earlier: Vec<_> = earlier.collect();
        if !earlier.is_empty() {
            facts.push(fact(
                "supersedes",
                "Takes the place of",
                Cell::links(earlier),
            ));
        }
    }
    page.add(Part::Facts(facts));
    let rows = rules::lines(&item.rules).into_iter();
    let rows =
        rows.map(|(what, line)| row(vec![Cell::text(what), Cell::text(capitalised(&line))], None));
    let columns = vec![
        column("what", "What", ColumnKind::Text),
        column("rule", "Rule", ColumnKind::Text),
    ];
    page.add(table(
        "rules",
        "What the charter asks for",
        columns,
        rows.collect(),
        "Nothing.",
    ));
}

fn verify(item: &Item, page: &mut Page) {
    let folder = format!("{}/{}", decisions::FOLDER, item.id);
    page.heading("verify", "Verify it yourself");
    page.say(
        "Every act is a signed file in the repository, and the journal beside them says when each was received. A clone is enough to judge all of it anew.",
    );
    let text = item
        .record
        .text
        .map_or_else(Cell::none, |text| Cell::new(Value::Code(text.to_string())));
    let mut facts = vec![
        fact(
            "events",
            "Acts and their journal",
            Cell::text(folder.clone()),
        ),
        fact("digest", "Digest of the text", text),
    ];
    facts[0].source = Some(Source {
        path: format!("{folder}/events.jsonl"),
        line: 1,
    });
    page.add(Part::Facts(facts));
    page.add(Part::Command {
        about: "Check that nothing of it was changed, left out or moved".to_owned(),
        text: format!("commonhold decide verify {}", item.id),
    });
    page.add(Part::Command {
        about: "Say how it came to stand so".to_owned(),
        text: format!("commonhold decide explain {}", item.id),
    });
}

/// A sentence's beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
