//! How items stand.

use decisions::ItemId;
use decisions::item::{Record, State};
use serde_json::json;

use crate::Exit;
use crate::cli::{DataOutput, ExplainItemArguments, ListArguments, StatusArguments};
use crate::docket::{Case, Docket, Standing, state, superseded};
use crate::governed::Place;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// All that is asked of the docket, read once.
struct Stand {
    all: Vec<Standing>,
    /// The item that was asked about, if one was.
    wanted: Option<ItemId>,
    notes: String,
}

impl Stand {
    fn read(project: &Project<'_>, word: Option<&str>) -> anyhow::Result<Self> {
        let place = Place::of_any_clone(project)?;
        let mut ledger = place.existing_ledger_here(project)?;
        let trusted = place.trusted_now(ledger.as_mut())?;
        let docket = Docket::read(&place, ledger.as_mut())?;
        let wanted = word.map(|word| docket.item(word)).transpose()?;
        let now = project.instant.unwrap_or_else(|| place.now());
        let (all, unjudged) = docket.stand(&trusted, now)?;
        let mut notes = String::new();
        for refused in &docket.refused {
            notes += &format!("warning: {}\n", base::visible(&refused.to_string()));
        }
        for one in unjudged {
            notes += &format!("warning: {}: {}\n", one.item, base::visible(&one.why));
        }
        Ok(Self { all, wanted, notes })
    }

    fn one(&self) -> anyhow::Result<&Standing> {
        let mut all = self.all.iter();
        let found = all.find(|(case, _)| Some(&case.item) == self.wanted.as_ref());
        let item = self.wanted.as_ref().map_or("", ItemId::as_str);
        found.ok_or_else(|| anyhow::anyhow!("{item}: {}", self.notes.trim()))
    }
}

pub(super) fn status(
    project: &Project<'_>,
    arguments: &StatusArguments,
) -> anyhow::Result<Outcome> {
    told(project, &arguments.item, arguments.output, false)
}

pub(super) fn explain(
    project: &Project<'_>,
    arguments: &ExplainItemArguments,
) -> anyhow::Result<Outcome> {
    told(project, &arguments.item, arguments.output, true)
}

fn told(
    project: &Project<'_>,
    word: &str,
    output: DataOutput,
    all: bool,
) -> anyhow::Result<Outcome> {
    let stand = Stand::read(project, Some(word))?;
    let (case, record) = stand.one()?;
    let superseded = superseded(&stand.all);
    let state = state(case, record, &superseded);
    let data = match output {
        DataOutput::Json => {
            let unreceived: Vec<_> = case
                .unreceived
                .iter()
                .map(|(event, whose)| {
                    json!({
                        "event": event.digest(),
                        "act": event.act().name(),
                        "by": event.actor(),
                        "wrong": whose.as_ref().err(),
                    })
                })
                .collect();
            let json = json!({
                "version": JSON_VERSION,
                "item": case.item,
                "number": case.number,
                "state": state,
                "superseded_by": superseded.get(&case.item),
                "charter": case.charter,
                "rules": case.basis.rules,
                "record": record,
                "not_received": unreceived,
            });
            format!("{json:#}\n")
        }
        DataOutput::Text => text(case, record, state, all),
    };
    let exit = match state {
        _ if record.in_effect && state != State::Superseded => Exit::Well,
        state if state.is_over() => Exit::Findings,
        _ => Exit::Waits,
    };
    Ok(Outcome {
        notes: stand.notes,
        ..Outcome::data(data)
    }
    .exit(exit))
}

fn text(case: &Case, record: &Record, state: State, all: bool) -> String {
    let number = case
        .number
        .map_or_else(String::new, |number| format!("{number}. "));
    let mut text = format!("{number}{}\n", base::visible(&case.title(record)));
    let since = record
        .since
        .map_or_else(String::new, |at| format!(" since {at}"));
    text += &format!("  {}{since}\n", state.word());
    let rules = &case.basis.rules;
    let kind = record
        .matter
        .as_ref()
        .map_or("item", |matter| matter.kind.word());
    text += &format!(
        "  {kind}, decided by {} by `{}`; item {}\n",
        base::visible(&rules.body),
        base::visible(&rules.name),
        case.item
    );
    if let Some(next) = record.next.filter(|_| !state.is_over()) {
        text += &format!("  next by itself: {next}\n");
    }
    if !state.is_over() && !record.conditions.is_empty() {
        text += "needs:\n";
        for one in &record.conditions {
            let mark = if one.met { "yes" } else { " no" };
            text += &format!("  {mark}  {}\n", base::visible(&one.text));
        }
    }
    for (who, choice) in &record.votes {
        text += &format!("vote: {} {choice}\n", base::visible(who));
    }
    for one in &record.objections {
        let how = one.ended.as_ref().map_or_else(
            || {
                if one.binding {
                    "stands".to_owned()
                } else {
                    "advises".to_owned()
                }
            },
            |(_, how)| how.clone(),
        );
        let (by, reason) = (base::visible(&one.by), base::visible(&one.reason));
        text += &format!("objection {}: {by}: {reason} ({how})\n", one.event.short());
    }
    for (who, why) in &record.recused {
        text += &format!("no vote: {}, {}\n", base::visible(who), base::visible(why));
    }
    for (event, whose) in &case.unreceived {
        let wrong = whose
            .as_ref()
            .err()
            .map_or_else(String::new, |why| format!(", and would not count: {why}"));
        let wrong = base::visible(&wrong);
        text += &format!(
            "not received yet: {} by {}{wrong}\n",
            event.act().name(),
            event.actor()
        );
    }
    if all {
        text += "history:\n";
        for step in &record.history {
            text += &format!(
                "  {}  {}: {}\n",
                step.at,
                step.state.word(),
                base::visible(&step.why)
            );
        }
    }
    for one in &record.ignored {
        let what = base::visible(&one.what);
        text += &format!(
            "does not count: {} by {} at {}: {what} ({})\n",
            one.act, one.by, one.at, one.reason
        );
    }
    text
}

pub(super) fn list(project: &Project<'_>, arguments: &ListArguments) -> anyhow::Result<Outcome> {
    let stand = Stand::read(project, None)?;
    let superseded = superseded(&stand.all);
    let mut table = Table::new(&[
        "number", "item", "state", "since", "next", "kind", "body", "title",
    ]);
    for (case, record) in &stand.all {
        let state = state(case, record, &superseded);
        let word = state.word().replace(' ', "-");
        let body = &case.basis.rules.body;
        let wanted = arguments
            .state
            .as_ref()
            .is_none_or(|wanted| *wanted == word)
            && arguments
                .body
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(body));
        if !wanted {
            continue;
        }
        let matter = record.matter.as_ref();
        let next = record.next.filter(|_| !state.is_over());
        table.row([
            Cell::from(case.number.map(|number| number.to_string())),
            Cell::from(case.item.as_str()),
            Cell::from(word),
            Cell::from(record.since.map(|at| at.to_string())),
            Cell::from(next.map(|at| at.to_string())),
            Cell::from(matter.map(|matter| matter.kind.word().to_owned())),
            Cell::from(body.as_str()),
            Cell::from(case.title(record)),
        ]);
    }
    Ok(Outcome {
        notes: stand.notes,
        ..Outcome::data(table.print(arguments.question.output, "items", project.surroundings))
    })
}
