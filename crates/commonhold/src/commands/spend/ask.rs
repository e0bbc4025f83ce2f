//! `commonhold spend query`, `sql`

use std::borrow::Cow;

use anyhow::bail;
use serde_json::{Map, Value, json};
use spend::query::{self, Metric, Question, Table as Answer};
use spend::scan;
use spend::sql::{self, Charges};

use super::books::Books;
use crate::Exit;
use crate::cli::{AskedArguments, Dialect, Output, QueryArguments, SqlArguments};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

fn question(asked: &AskedArguments, top: Option<usize>) -> Result<Question, String> {
    let days = (asked.from, asked.until);
    Question::parse(&asked.by, &asked.filters, &asked.metric, days, top)
        .map_err(|error| error.to_string())
}

pub(super) fn query(project: &Project<'_>, arguments: &QueryArguments) -> anyhow::Result<Outcome> {
    let question = match question(&arguments.asked, arguments.top) {
        Ok(question) => question,
        Err(why) => return Ok(Outcome::usage(&why)),
    };
    let mut books = Books::open(project)?;
    let answer = if !arguments.files.is_empty() {
        let files = arguments.files.iter();
        let files: Vec<scan::Input> = files
            .map(|path| scan::Input::file(project.surroundings.folder.join(path)))
            .collect();
        query::from_files(&question, &files, &books.ownership)?
    } else if arguments.shared {
        let sums = books.sums()?;
        match query::from_cube(&question, &sums.shared.cube) {
            Some(answer) => answer,
            None => {
                return Ok(Outcome::usage(
                    "what is shared out is known by day, account and sub-account, or by month and the vendor's service; ask by these, or without --shared",
                ));
            }
        }
    } else {
        let snapshot = books.store.current()?;
        let cube = spend::cube::cube(&books.store, &snapshot, &books.ownership)?;
        query::answer(
            &question,
            &cube,
            || books.files(&snapshot, |_| true),
            &books.ownership,
        )?
    };
    let data = match arguments.question.output {
        Output::Json => machine(&answer),
        Output::Text if answer.lines.is_empty() => {
            "no charge is like that; `commonhold spend periods` lists what is kept\n".to_owned()
        }
        form => table(&answer, form).print(form, "rows", project.surroundings),
    };
    let empty = answer.lines.is_empty();
    Ok(Outcome {
        notes: books.notes,
        ..Outcome::data(data)
    }
    .exit(if empty { Exit::Findings } else { Exit::Well }))
}

/// What stands for a name that a charge does not have.
fn named(name: &str) -> &str {
    if name.is_empty() { "-" } else { name }
}

fn table(answer: &Answer, form: Output) -> Table {
    let mut table = Table::headed(answer.heads().into_iter().map(Cow::Owned));
    let with_currency = answer.heads().len() > answer.by.len() + answer.metrics.len();
    let lines = answer.lines.iter().map(|line| (line, false));
    // A program adds up by itself.
    let totals = answer.totals.iter().map(|line| (line, true));
    let totals = totals.filter(|_| matches!(form, Output::Text | Output::Markdown));
    for (line, total) in lines.chain(totals) {
        let mut cells: Vec<Cell> = match (line.names.is_empty(), total) {
            (true, true) => (0..answer.by.len())
                .map(|at| Cell::from(if at == 0 { "total" } else { "" }))
                .collect(),
            _ => line
                .names
                .iter()
                .map(|name| Cell::from(named(name)))
                .collect(),
        };
        if with_currency {
            cells.push(Cell::from(line.currency.to_string()));
        }
        for (metric, sum) in answer.metrics.iter().zip(&line.sums) {
            cells.push(match metric {
                Metric::Rows => Cell::from(sum.rounded(0).to_string()),
                _ => Cell::from(*sum),
            });
        }
        table.row(cells);
    }
    table
}

fn machine(answer: &Answer) -> String {
    let key = |word: &str| word.replace([' ', '-'], "_");
    let row = |line: &query::Line| {
        let mut row = Map::new();
        for (by, name) in answer.by.iter().zip(&line.names) {
            row.insert(key(&by.to_string()), json!(name));
        }
        row.insert("currency".to_owned(), json!(line.currency));
        for (metric, sum) in answer.metrics.iter().zip(&line.sums) {
            row.insert(key(&metric.to_string()), json!(sum.to_string()));
        }
        if let Some(others) = line.others {
            row.insert("others".to_owned(), json!(others));
        }
        Value::Object(row)
    };
    let rows: Vec<Value> = answer.lines.iter().map(row).collect();
    let totals: Vec<Value> = answer.totals.iter().map(row).collect();
    format!(
        "{:#}\n",
        json!({ "version": JSON_VERSION, "rows": rows, "totals": totals })
    )
}

pub(super) fn sql(project: &Project<'_>, arguments: &SqlArguments) -> anyhow::Result<Outcome> {
    let question = match question(&arguments.asked, None) {
        Ok(question) => question,
        Err(why) => return Ok(Outcome::usage(&why)),
    };
    let books = Books::open(project)?;
    let snapshot = books.store.current()?;
    if snapshot.parts().next().is_none() {
        bail!("no bills are kept yet; `commonhold spend import FILE` takes them in");
    }
    let charges = Charges {
        place: books.store.files().place().to_owned(),
        parts: snapshot
            .parts()
            .map(|(_, part)| part.path.clone())
            .collect(),
        table: Charges::TABLE.to_owned(),
    };
    let dialect = match arguments.dialect {
        Dialect::Duckdb => sql::Dialect::DuckDb,
        Dialect::Bigquery => sql::Dialect::BigQuery,
        Dialect::Trino => sql::Dialect::Trino,
        Dialect::Spark => sql::Dialect::Spark,
    };
    let data = sql::sql(&question, &books.ownership, &charges, dialect);
    Ok(Outcome {
        notes: books.notes,
        ..Outcome::data(data)
    })
}
