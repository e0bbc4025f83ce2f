//! `commonhold spend report`

use std::path::Path;

use anyhow::Context;
use facts::StoreError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use spend::alerts::Fact;
use spend::cells::Cube;
use spend::outlook::{Measure, Outlook, Scope, after};
use spend::report::{Audience, Inputs, Previous, Report, compose};
use spend::store::Snapshot;

use super::books::{Books, Sums};
use super::standing::Standing;
use crate::cli::{SpendOutput, SpendReportArguments};
use crate::files;
use crate::project::Project;
use crate::surroundings::Outcome;

/// So many days before the report is the last meeting, where nothing is said.
const MEETINGS: i64 = 14;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &SpendReportArguments,
) -> anyhow::Result<Outcome> {
    let output = match form(arguments) {
        Ok(output) => output,
        Err(why) => return Ok(Outcome::usage(&why)),
    };
    let mut books = Books::open(project)?;
    let report = made(&mut books, arguments)?;
    let bytes = match output {
        SpendOutput::Html => report.html().into_bytes(),
        SpendOutput::Markdown => report.markdown().into_bytes(),
        SpendOutput::Csv => report.csv().into_bytes(),
        SpendOutput::Json => report.json()?.into_bytes(),
        SpendOutput::Parquet => report.parquet()?,
    };
    let Some(out) = &arguments.out else {
        let data = String::from_utf8(bytes).context("this form needs --out")?;
        return Ok(Outcome {
            notes: books.notes,
            ..Outcome::data(data)
        });
    };
    let path = project.surroundings.folder.join(out);
    files::replace(&path, &bytes)
        .with_context(|| format!("{} cannot be written", out.display()))?;
    Ok(Outcome {
        notes: books.notes + &format!("{} is written\n", out.display()),
        ..Outcome::data("")
    })
}

/// In which form: as asked for, else as the file is called.
fn form(arguments: &SpendReportArguments) -> Result<SpendOutput, String> {
    let called = arguments.out.as_deref().and_then(Path::extension);
    let called = called.and_then(|extension| extension.to_str());
    let output = arguments.output.unwrap_or(match called {
        Some("md") => SpendOutput::Markdown,
        Some("csv") => SpendOutput::Csv,
        Some("json") => SpendOutput::Json,
        Some("parquet") => SpendOutput::Parquet,
        _ => SpendOutput::Html,
    });
    if output == SpendOutput::Parquet && arguments.out.is_none() {
        return Err("Parquet is not for a terminal; name a file with --out".to_owned());
    }
    Ok(output)
}

fn made(books: &mut Books<'_>, arguments: &SpendReportArguments) -> anyhow::Result<Report> {
    let gathered = Gathered::of(books, arguments.since)?;
    Ok(gathered.report(
        books,
        if arguments.public {
            Audience::Everybody
        } else {
            Audience::Members
        },
    ))
}

/// All that reports of a day are made from.
pub(super) struct Gathered {
    pub(super) sums: Sums,
    standing: Standing,
    facts: Vec<Fact>,
    outlook: Option<Outlook>,
    since: Date,
    previous: Option<(Cube, Snapshot)>,
    notes: Vec<String>,
}

impl Gathered {
    /// Adds up what is kept, and looks at what was known at the last meeting.
    pub(super) fn of(books: &mut Books<'_>, since: Option<Date>) -> anyhow::Result<Self> {
        let sums = books.sums()?;
        let standing = Standing::of(books, &sums)?;
        let since = since.unwrap_or_else(|| after(books.project.day, -MEETINGS));
        let mut notes = Vec::new();
        let previous = match books.store.at(end_of(since)?) {
            Ok(then) if then.version == 0 => None,
            Ok(then) => Some((books.own_of(&then)?, then)),
            // Whoever prunes wants a report all the same.
            Err(StoreError::Missing { .. }) => {
                notes.push(format!(
                    "What was kept on {since} was pruned: what changed since then cannot be said."
                ));
                None
            }
            Err(error) => return Err(error.into()),
        };
        let known = books.known(&sums.shared.cube);
        let currency = books.settings.currency;
        Ok(Self {
            outlook: Outlook::of(&known, &Scope::everything(), Measure::Gross, currency),
            facts: standing.facts(books),
            sums,
            standing,
            since,
            previous,
            notes,
        })
    }

    /// The report for some.
    pub(super) fn report(&self, books: &Books<'_>, audience: Audience) -> Report {
        let (sums, standing) = (&self.sums, &self.standing);
        compose(&Inputs {
            day: books.project.day,
            audience,
            estate: &books.estate,
            settings: &books.settings,
            own: sums.own(),
            shared: &sums.shared.cube,
            bills: &sums.snapshot,
            outlook: self.outlook.as_ref(),
            grants: &standing.grants,
            budgets: &standing.budgets,
            facts: &self.facts,
            events: &standing.events,
            quotas: &standing.quotas,
            unshared: &sums.shared.unshared,
            notes: &self.notes,
            previous: self.previous.as_ref().map(|(cube, bills)| Previous {
                day: self.since,
                cube,
                bills,
            }),
        })
    }
}

/// The instant at which a day is over, in UTC.
fn end_of(day: Date) -> anyhow::Result<jiff::Timestamp> {
    let next = day
        .tomorrow()
        .context("the day of the last meeting is no day")?;
    Ok(next.to_zoned(TimeZone::UTC)?.timestamp())
}
