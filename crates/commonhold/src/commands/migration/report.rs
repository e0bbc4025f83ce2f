//! `commonhold migration report`

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use base::SourceMap;
use charter::Charter;
use estate::kinds::{About, Migration};
use estate::{Estate, Item};
use jiff::civil::Date;
use migration::completeness::{Completeness, Ground as Basis, Left, LeftThen, Paid};
use serde_json::{Value, json};

use super::ground::Ground;
use super::history;
use super::status::states;
use crate::cli::{MigrationReportArguments, MigrationReportOutput};
use crate::commands::spend;
use crate::files;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationReportArguments,
) -> anyhow::Result<Outcome> {
    let mut ground = Ground::read(project)?;
    zones(&mut ground);
    let (charter, _) = Charter::of(&ground.estate);
    let (paid, mut notes) = {
        let chosen = ground.chosen(arguments.name.as_deref())?;
        paid(project, &ground.estate, &chosen)
    };
    notes.insert_str(0, &ground.notes);
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let chosen = ground.chosen(arguments.name.as_deref())?;
    let standings = ground.standings(&things, &chosen)?;
    let months = match arguments.since {
        Some(since) => months(project, &chosen, since)?,
        None => Vec::new(),
    };
    let told = migration::check::told(&standings);
    let findings = charter::check_told(&ground.estate, &charter, ground.day, &told);
    let found = Completeness::of(&Basis {
        estate: &ground.estate,
        charter: &charter,
        things: &things,
        standings: &standings,
        findings: &findings,
        paid: paid.as_deref(),
        months: &months,
        today: ground.day,
    });
    let sources = &ground.estate.sources;
    let (title, headline) = (found.title(), found.headline());
    let data = match form(arguments) {
        MigrationReportOutput::Text => document::text(&title, &headline, &found.sections(sources)),
        MigrationReportOutput::Markdown => {
            document::markdown(&title, &headline, &found.sections(sources))
        }
        MigrationReportOutput::Html => document::html(&title, &headline, &found.sections(sources)),
        MigrationReportOutput::Json => machine(&found, sources),
    };
    let Some(out) = &arguments.out else {
        return Ok(Outcome {
            notes,
            ..Outcome::data(data)
        });
    };
    let path = project.surroundings.folder.join(out);
    files::replace(&path, data.as_bytes())
        .with_context(|| format!("{} cannot be written", out.display()))?;
    Ok(Outcome {
        notes: notes + &format!("{} is written\n", out.display()),
        ..Outcome::data("")
    })
}

/// In which form: as asked for, else as the file is called.
fn form(arguments: &MigrationReportArguments) -> MigrationReportOutput {
    let called = arguments.out.as_deref().and_then(Path::extension);
    let called = called.and_then(|extension| extension.to_str());
    arguments.output.unwrap_or(match called {
        Some("html" | "htm") => MigrationReportOutput::Html,
        Some("md") => MigrationReportOutput::Markdown,
        Some("json") => MigrationReportOutput::Json,
        _ => MigrationReportOutput::Text,
    })
}

/// Reads the files of zones, so that names are looked for in them too; what is wrong with them is
/// told by the check.
fn zones(ground: &mut Ground) {
    let mut sources = std::mem::take(&mut ground.estate.sources);
    dns::check(&ground.estate, &ground.tree, &mut sources, ground.day);
    ground.estate.sources = sources;
}

/// What was left of the migrations of jobs as each month began.
fn months(
    project: &Project<'_>,
    chosen: &[&Item<Migration>],
    since: Date,
) -> anyhow::Result<Vec<LeftThen>> {
    let mut months = Vec::new();
    for item in chosen.iter().filter(|item| item.value.about == About::Job) {
        let left = history::by_month(project, &item.name, since)?;
        months.extend(left.into_iter().map(|(day, left)| LeftThen {
            migration: item.name.clone(),
            day,
            left,
        }));
    }
    Ok(months)
}

/// What is paid to the accounts that are left, as far as bills are kept.
fn paid(
    project: &Project<'_>,
    estate: &Estate,
    chosen: &[&Item<Migration>],
) -> (Option<Vec<Paid>>, String) {
    let accounts: BTreeSet<&str> = chosen
        .iter()
        .flat_map(|item| &item.value.from)
        .filter_map(|account| estate.find(account))
        .map(|account| account.name.as_str())
        .collect();
    if accounts.is_empty() {
        return (None, String::new());
    }
    match spend::paid(project, &accounts) {
        Ok(paid) => (paid, String::new()),
        Err(error) => (
            None,
            format!(
                "warning: the bills cannot be read: {}\n",
                base::visible(&format!("{error:#}"))
            ),
        ),
    }
}

fn machine(found: &Completeness, sources: &SourceMap) -> String {
    let left = |left: &Left| {
        let groups = |groups: &std::collections::BTreeMap<String, migration::Counts>| {
            let groups = groups.iter();
            let of = groups.map(|(name, counts)| (name.clone(), states(counts)));
            Value::Object(of.collect())
        };
        json!({
            "name": left.migration,
            "title": left.title,
            "owner": left.owner,
            "due": left.due,
            "left": left.counts.left(),
            "new": left.new,
            "listed": left.listed,
            "states": states(&left.counts),
            "by_kind": groups(&left.by_kind),
            "by_owner": groups(&left.by_owner),
        })
    };
    let months = found
        .months
        .iter()
        .map(|then| json!({"migration": then.migration, "day": then.day, "left": then.left}));
    let paid = found.paid.as_ref().map(|paid| {
        let paid = paid.iter().map(|one| {
            json!({
                "account": one.account,
                "month": one.month.to_string(),
                "gross": one.gross.to_string(),
                "currency": one.currency,
            })
        });
        paid.collect::<Vec<Value>>()
    });
    let credentials = found.credentials.iter().map(|one| {
        json!({"migration": one.migration, "kind": one.kind, "name": one.name, "users": one.users})
    });
    let identities = found.identities.iter().map(|one| {
        json!({"address": one.address, "is": one.place_in, "place": sources.line_of(one.place)})
    });
    let names = found.names.iter().map(|one| {
        let places = one.places.iter().map(|span| sources.position(*span).line);
        json!({
            "name": one.name,
            "in": one.area,
            "path": one.path,
            "lines": places.collect::<Vec<usize>>(),
        })
    });
    let fragile = found.fragile.iter().map(|one| {
        json!({
            "service": one.service,
            "owner": one.owner,
            "rules": one.rules,
            "why": one.why,
            "place": sources.line_of(one.place),
        })
    });
    let stuck = found.stuck.iter().map(|one| {
        json!({
            "kind": one.kind,
            "name": one.name,
            "why": one.why,
            "things": one.things,
            "place": sources.line_of(one.place),
        })
    });
    let report = json!({
        "version": JSON_VERSION,
        "day": found.day,
        "left": found.left.iter().map(left).collect::<Vec<Value>>(),
        "months": months.collect::<Vec<Value>>(),
        "paid": paid,
        "credentials": credentials.collect::<Vec<Value>>(),
        "identities": identities.collect::<Vec<Value>>(),
        "names": names.collect::<Vec<Value>>(),
        "fragile": fragile.collect::<Vec<Value>>(),
        "vendor": stuck.collect::<Vec<Value>>(),
    });
    format!("{report:#}\n")
}
