//! `commonhold spend import`

use std::fs::{self, File};
use std::path::Path;

use anyhow::Context;
use base::{Digest, visible};
use focus::import::{DateOrder, Format, Input, Options, Summary, detect, import};
use focus::{Column, Place, Problem, Row, Sink};
use serde_json::json;
use spend::settings::StorePlace;
use spend::store::{BillOutcome, Delivery, Mode, NotKept, Outcome as Kept, Source};

use super::books::Books;
use crate::Exit;
use crate::cli::{ImportBillsArguments, Output};
use crate::files;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::{Outcome, Surroundings};

/// What was read of one file.
struct Taken {
    file: String,
    digest: Digest,
    summary: Summary,
}

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ImportBillsArguments,
) -> anyhow::Result<Outcome> {
    let format = match &arguments.format {
        None => None,
        Some(word) => match Format::named(word) {
            Some(format) => Some(format),
            None => return Ok(Outcome::usage(&unknown(word))),
        },
    };
    let books = Books::open(project)?;
    let mut delivery = Delivery::new(books.now());
    delivery.mode = match (arguments.append, arguments.replace) {
        (true, _) => Mode::Part,
        (_, true) => Mode::Forced,
        _ => Mode::Whole,
    };
    delivery.allow_shrink = arguments.allow_shrink;
    delivery.reopen.clone_from(&arguments.reopen);
    delivery.closed_after_days = Some(books.settings.closed_after_days);
    let options = options(arguments);
    unversioned(project, &books.settings.store())?;
    let mut importing = books.store.begin(delivery)?;
    let mut taken = Vec::new();
    for path in &arguments.files {
        let shown = path.to_string_lossy().into_owned();
        let full = project.surroundings.folder.join(path);
        let mut opened = open(&full, &shown)?;
        let format = match format.map_or_else(|| detect(&mut opened), Ok) {
            Ok(format) => format,
            Err(problem) => return Ok(refused(&[problem])),
        };
        let bytes = File::open(&full).with_context(|| format!("{shown} cannot be read"))?;
        let source = Source::of(&shown, format.name(), bytes)
            .with_context(|| format!("{shown} cannot be read"))?;
        let digest = source.digest;
        let read = importing.read(source, |sink| {
            let mut watched = Watched {
                sink,
                file: &shown,
                rows: 0,
                surroundings: project.surroundings,
            };
            opened.read_as(options.dates, options.numbers);
            import(opened, Some(format), &options, &mut watched)
        });
        (project.surroundings.progress)("");
        match read {
            Ok(summary) => taken.push(Taken {
                file: shown,
                digest,
                summary,
            }),
            Err(problems) => return Ok(refused(&problems)),
        }
    }
    match importing.commit() {
        Ok(kept) => {
            let doubts = taken.iter().flat_map(|one| &one.summary.doubts);
            let notes = doubts.map(|doubt| super::line("warning", doubt)).collect();
            Ok(Outcome {
                notes,
                ..said(project, arguments.output, &taken, &kept)
            })
        }
        Err(NotKept::Refused(problems)) => Ok(refused(&problems)),
        Err(NotKept::Store(error)) => Err(error).context("nothing was kept"),
    }
}

fn open(path: &Path, shown: &str) -> anyhow::Result<Input> {
    let file = File::open(path).with_context(|| format!("{shown} cannot be read"))?;
    Input::open(shown, file).map_err(|problem| super::said(&problem))
}

/// Bills are no files of the estate: where nobody chose their folder, Git is told so.
fn unversioned(project: &Project<'_>, store: &StorePlace) -> anyhow::Result<()> {
    let StorePlace::Folder(folder) = store else {
        return Ok(());
    };
    if !folder.starts_with(".commonhold/") {
        return Ok(());
    }
    let folder = project.root()?.join(folder);
    let ignore = folder.join(".gitignore");
    if ignore.exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    files::replace(&ignore, "*\n")
        .with_context(|| format!("{} cannot be written", ignore.display()))
}

fn unknown(word: &str) -> String {
    let names = || Format::ALL.iter().map(|format| format.name());
    if let Some(near) = base::nearest(word, names()) {
        return format!("no format is called `{word}`; did you mean `{near}`?");
    }
    let all: Vec<&str> = names().collect();
    format!("no format is called `{word}`; there are {}", all.join(", "))
}

/// What the files leave out, as whoever imports them says it.
fn options(arguments: &ImportBillsArguments) -> Options {
    let mut given = Vec::new();
    let mut give = |column: Column, text: Option<String>| {
        given.extend(text.map(|text| (column, text)));
    };
    give(Column::ProviderName, arguments.provider.clone());
    give(Column::BillingAccountId, arguments.account.clone());
    give(
        Column::BillingCurrency,
        arguments.currency.map(|code| code.to_string()),
    );
    let midnight = |day: jiff::civil::Date| format!("{day}T00:00:00Z");
    if let Some(month) = arguments.period {
        let after = month.last_day().tomorrow().unwrap_or(month.last_day());
        give(
            Column::BillingPeriodStart,
            Some(midnight(month.first_day())),
        );
        give(Column::BillingPeriodEnd, Some(midnight(after)));
    }
    Options {
        dates: arguments.day_first.then_some(DateOrder::DayFirst),
        given,
        ..Options::default()
    }
}

/// Says how far it is while charges pass through.
struct Watched<'w> {
    sink: &'w mut dyn Sink,
    file: &'w str,
    rows: u64,
    surroundings: &'w Surroundings,
}

impl Sink for Watched<'_> {
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem> {
        self.sink.begin(extra)
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        self.rows += 1;
        if self.rows.is_multiple_of(super::EVERY) {
            (self.surroundings.progress)(&format!("{}: {} charges", self.file, self.rows));
        }
        self.sink.charge(row)
    }
}

/// The option that gives a column of the whole delivery.
fn option(place: &Place) -> Option<&'static str> {
    match place.column.as_deref()? {
        "ProviderName" => Some("--provider"),
        "BillingAccountId" => Some("--account"),
        "BillingCurrency" => Some("--currency"),
        "BillingPeriodStart" => Some("--period"),
        _ => None,
    }
}

fn refused(problems: &[Problem]) -> Outcome {
    let missing = |problem: &&Problem| problem.code.id == focus::codes::BILL_COLUMN.id;
    let missing = problems.iter().filter(missing);
    let options: Vec<&str> = missing.filter_map(|one| option(&one.place)).collect();
    let given = match options.as_slice() {
        [] => String::new(),
        some => format!(
            "values for whole files are given with {}\n",
            some.join(", ")
        ),
    };
    Outcome {
        data: String::new(),
        notes: super::lines(problems) + &given + "nothing was kept\n",
        exit: Exit::Findings,
    }
}

fn said(project: &Project<'_>, output: Output, taken: &[Taken], kept: &Kept) -> Outcome {
    let data = match output {
        Output::Json => machine(taken, kept),
        form => {
            let text = bills(kept).print(form, "bills", project.surroundings);
            match form {
                Output::Text => text + &summary(taken, kept),
                _ => text,
            }
        }
    };
    Outcome::data(data)
}

fn bills(kept: &Kept) -> Table {
    let mut table = Table::new(&[
        "provider", "account", "month", "what", "status", "charges", "currency", "billed", "before",
    ]);
    for bill in &kept.bills {
        let mut currencies: Vec<_> = bill
            .after
            .sums
            .keys()
            .chain(bill.before.sums.keys())
            .collect();
        currencies.sort_unstable();
        currencies.dedup();
        for currency in currencies {
            let billed =
                |totals: &spend::store::Totals| totals.sums.get(currency).map(|sums| sums.billed);
            table.row([
                Cell::from(bill.key.provider.as_str()),
                Cell::from(bill.key.account.as_str()),
                Cell::from(bill.key.period.to_string()),
                Cell::from(word(bill)),
                Cell::from(super::status(bill.status)),
                Cell::from(usize::try_from(bill.after.rows).unwrap_or(usize::MAX)),
                Cell::from(currency.to_string()),
                Cell::from(billed(&bill.after)),
                Cell::from(billed(&bill.before)),
            ]);
        }
    }
    table
}

fn word(bill: &BillOutcome) -> String {
    let word = bill.change.word().to_owned();
    if bill.reopened {
        word + ", reopened"
    } else {
        word
    }
}

/// What was put right on the way, and what is kept now.
fn summary(taken: &[Taken], kept: &Kept) -> String {
    let mut text = String::new();
    for Taken { file, summary, .. } in taken {
        let given = usize::try_from(summary.given).unwrap_or(usize::MAX);
        text += &format!(
            "{}: {}, {}\n",
            visible(file),
            summary.format,
            base::counted(given, "charge", "charges")
        );
        for (what, count) in &summary.mended {
            let count = usize::try_from(*count).unwrap_or(usize::MAX);
            text += &format!(
                "  {what}: put right in {}\n",
                base::counted(count, "record", "records")
            );
        }
        if summary.rounded > 0 {
            text += &format!(
                "  {} numbers had more than 18 digits after the point\n",
                summary.rounded
            );
        }
    }
    for key in &kept.closed {
        text += &format!("closed: {key}\n");
    }
    text + &if kept.is_new {
        format!("version {} is kept\n", kept.version)
    } else {
        "nothing is new\n".to_owned()
    }
}

fn machine(taken: &[Taken], kept: &Kept) -> String {
    let files: Vec<_> = taken
        .iter()
        .map(
            |Taken {
                 file,
                 digest,
                 summary,
             }| {
                json!({
                    "file": file,
                    "digest": digest,
                    "format": summary.format.name(),
                    "records": summary.read,
                    "charges": summary.given,
                    "put_right": summary.mended,
                    "rounded": summary.rounded,
                })
            },
        )
        .collect();
    let bills: Vec<_> = kept
        .bills
        .iter()
        .map(|bill| {
            json!({
                "provider": bill.key.provider,
                "account": bill.key.account,
                "period": bill.key.period,
                "change": bill.change.word(),
                "reopened": bill.reopened,
                "status": super::status(bill.status),
                "charges": bill.after.rows,
                "before": bill.before.sums,
                "after": bill.after.sums,
            })
        })
        .collect();
    let json = json!({
        "version": JSON_VERSION,
        "snapshot": kept.version,
        "changed": kept.is_new,
        "files": files,
        "bills": bills,
        "closed": kept.closed,
    });
    format!("{json:#}\n")
}
