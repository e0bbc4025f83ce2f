//! `commonhold spend periods`, `close`, `snapshots`

use jiff::ToSpan;
use serde_json::json;
use spend::store::{Key, NotKept, Partition, Status};

use super::books::Books;
use crate::Exit;
use crate::cli::{ClosePeriodArguments, Output, QuestionArguments, SnapshotsArguments};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(super) fn periods(
    project: &Project<'_>,
    arguments: &QuestionArguments,
) -> anyhow::Result<Outcome> {
    let books = Books::open(project)?;
    let snapshot = books.store.current()?;
    let closed_after = Some(books.settings.closed_after_days);
    let status = |bill: &Partition| {
        let closed = bill.is_closed(project.day, closed_after);
        super::status(if closed { Status::Closed } else { bill.status })
    };
    let data = if arguments.output == Output::Json {
        let periods: Vec<_> = snapshot
            .partitions
            .iter()
            .map(|bill| {
                json!({
                    "provider": bill.key.provider,
                    "account": bill.key.account,
                    "period": bill.key.period,
                    "status": status(bill),
                    "charges": bill.totals.rows,
                    "days": bill.totals.days.0.len(),
                    "first_day": bill.totals.days.0.first(),
                    "last_day": bill.totals.days.0.last(),
                    "sums": bill.totals.sums,
                    "content": bill.totals.content,
                })
            })
            .collect();
        format!(
            "{:#}\n",
            json!({ "version": JSON_VERSION, "periods": periods })
        )
    } else {
        let mut table = Table::new(&[
            "provider", "account", "month", "status", "charges", "days", "until", "currency",
            "billed",
        ]);
        for bill in &snapshot.partitions {
            for (currency, sums) in &bill.totals.sums {
                table.row([
                    Cell::from(bill.key.provider.as_str()),
                    Cell::from(bill.key.account.as_str()),
                    Cell::from(bill.key.period.to_string()),
                    Cell::from(status(bill)),
                    Cell::from(usize::try_from(bill.totals.rows).unwrap_or(usize::MAX)),
                    Cell::from(bill.totals.days.0.len()),
                    Cell::from(bill.last_day().map(|day| day.to_string())),
                    Cell::from(currency.to_string()),
                    Cell::from(sums.billed),
                ]);
            }
        }
        if table.is_empty() && arguments.output == Output::Text {
            "no bills are kept yet; `commonhold spend import FILE` takes them in\n".to_owned()
        } else {
            table.print(arguments.output, "periods", project.surroundings)
        }
    };
    Ok(Outcome {
        notes: books.notes,
        ..Outcome::data(data)
    })
}

pub(super) fn close(
    project: &Project<'_>,
    arguments: &ClosePeriodArguments,
) -> anyhow::Result<Outcome> {
    let books = Books::open(project)?;
    let key = Key {
        provider: arguments.provider.clone(),
        account: arguments.account.clone(),
        period: arguments.period,
    };
    match books.store.close(std::slice::from_ref(&key), books.now()) {
        Ok(closed) if closed.is_empty() => Ok(Outcome::data(format!("{key} was closed before\n"))),
        Ok(_) => Ok(Outcome::data(format!(
            "{key} is closed: from now on it changes by a decision alone\n"
        ))),
        Err(NotKept::Refused(problems)) => Ok(Outcome {
            data: String::new(),
            notes: super::lines(&problems),
            exit: Exit::Findings,
        }),
        Err(NotKept::Store(error)) => Err(error.into()),
    }
}

pub(super) fn snapshots(
    project: &Project<'_>,
    arguments: &SnapshotsArguments,
) -> anyhow::Result<Outcome> {
    let books = Books::open(project)?;
    let mut notes = books.notes.clone();
    if let Some(days) = arguments.prune {
        // Files of a delivery that is on its way are told by their age: only the real clock will do.
        let now = (project.surroundings.clock)();
        let pruned = books
            .store
            .prune(now - (i64::from(days) * 24).hours(), now)?;
        notes += &format!(
            "{} deleted, {} bytes; versions from {} on are whole\n",
            base::counted(
                usize::try_from(pruned.files).unwrap_or(usize::MAX),
                "file",
                "files"
            ),
            pruned.bytes,
            pruned.first_kept
        );
        if pruned.young > 0 {
            notes += &format!("{} more are younger than a day, and stay\n", pruned.young);
        }
    }
    let versions = books.store.versions()?;
    let output = arguments.question.output;
    let data = if output == Output::Json {
        let versions: Vec<_> = versions
            .iter()
            .map(|(version, whole)| {
                json!({ "number": version.number, "at": version.at, "what": version.what,
                    "manifest": version.manifest, "whole": whole })
            })
            .collect();
        format!(
            "{:#}\n",
            json!({ "version": JSON_VERSION, "snapshots": versions })
        )
    } else {
        let mut table = Table::new(&["version", "at", "what", ""]);
        for (version, whole) in &versions {
            table.row([
                Cell::from(version.number.to_string()),
                Cell::from(version.at.to_string()),
                Cell::from(version.what.as_str()),
                Cell::from(if *whole { "" } else { "pruned" }),
            ]);
        }
        table.print(output, "snapshots", project.surroundings)
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}
