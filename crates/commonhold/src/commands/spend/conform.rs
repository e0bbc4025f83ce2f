//! `commonhold spend check`

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, bail};
use base::{Severity, visible};
use focus::conformance::{Cause, Conformance, Criteria, Model, Outcome as Found, Verdict};
use focus::import::{Field, Input};
use serde_json::{Value, json};

use crate::Exit;
use crate::cli::{CheckBillsArguments, Output};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::{Outcome, Surroundings};

pub(crate) fn run(
    project: &Project<'_>,
    arguments: &CheckBillsArguments,
) -> anyhow::Result<Outcome> {
    let model = match &arguments.model {
        None => None,
        Some(path) => Some(model(&project.surroundings.folder.join(path), path)?),
    };
    let mut checked = Vec::new();
    for file in &arguments.files {
        let found = one(project.surroundings, file, model.as_ref())?;
        checked.push((file.to_string_lossy().into_owned(), found));
    }
    if arguments.files.is_empty() {
        checked.push((
            "what is kept".to_owned(),
            super::books::Books::open(project)?.conform(model.as_ref())?,
        ));
    }
    let broken = |(_, found): &(String, Found)| {
        found
            .causes
            .iter()
            .any(|cause| cause.severity == Severity::Error)
    };
    let exit = if checked.iter().any(broken) {
        Exit::Findings
    } else {
        Exit::Well
    };
    let against = model.as_ref().map_or_else(
        || "what FOCUS 1.2 asks of the columns that are there".to_owned(),
        |model| format!("the requirements of FOCUS {}", model.version),
    );
    let data = match arguments.output {
        Output::Text => checked
            .iter()
            .map(|(name, found)| text(name, found, &against))
            .collect(),
        Output::Json => machine(&checked, model.as_ref()),
        form => table(&checked).print(form, "causes", project.surroundings),
    };
    Ok(Outcome::data(data).exit(exit))
}

/// A model is held against as it is published. Without one nobody says what the provider has, so
/// what is asked of some providers only is asked where there is a column for it.
pub(super) fn criteria(model: Option<&Model>) -> Criteria {
    match model {
        Some(_) => Criteria::All,
        None => Criteria::Inferred,
    }
}

fn model(path: &Path, shown: &Path) -> anyhow::Result<Model> {
    let shown = shown.display();
    let text = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    Model::read(&text).map_err(|error| anyhow::anyhow!("{shown}: {error}"))
}

/// Reads a file through once, and keeps none of it.
fn one(surroundings: &Surroundings, path: &Path, model: Option<&Model>) -> anyhow::Result<Found> {
    let shown = path.to_string_lossy();
    let file = File::open(surroundings.folder.join(path));
    let file = file.with_context(|| format!("{shown} cannot be read"))?;
    let mut input = Input::open(&shown, file).map_err(|problem| super::said(&problem))?;
    input
        .find_all_columns()
        .map_err(|problem| super::said(&problem))?;
    let columns = input.columns().to_vec();
    let places: Vec<_> = columns.iter().map(|name| input.column(name)).collect();
    let mut conformance = Conformance::new(&columns, model, criteria(model));
    let mut rows = 0_u64;
    loop {
        let record = match input.next_record() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(problem) => bail!(super::said(&problem)),
        };
        let cell = |place: &Option<_>| match record.get((*place)?) {
            Field::Null | Field::Text("") => None,
            Field::Text(text) => Some(text),
        };
        let cells: Vec<Option<&str>> = places.iter().map(cell).collect();
        conformance.row(record.number(), &cells);
        rows += 1;
        if rows.is_multiple_of(super::EVERY) {
            (surroundings.progress)(&format!("{shown}: {rows} rows"));
        }
    }
    (surroundings.progress)("");
    Ok(conformance.finish())
}

fn count(found: &Found, is: impl Fn(&Verdict) -> bool) -> usize {
    found.rules.iter().filter(|one| is(&one.verdict)).count()
}

fn text(name: &str, found: &Found, against: &str) -> String {
    let rows = base::counted(
        usize::try_from(found.rows).unwrap_or(usize::MAX),
        "row",
        "rows",
    );
    let causes = match found.causes.len() {
        0 => "nothing wrong".to_owned(),
        several => base::counted(several, "thing is wrong", "things are wrong"),
    };
    let mut text = format!("{}: {rows}, against {against}: {causes}\n", visible(name));
    for cause in &found.causes {
        text += &format!("\n{}: {}\n", cause.severity, visible(&cause.what));
        if let Some((row, value)) = cause.found.examples.first() {
            let many = usize::try_from(cause.found.rows).unwrap_or(usize::MAX);
            let many = base::counted(many, "row", "rows");
            text += &format!(
                "  {many}, first {}:{row}{}\n",
                visible(name),
                match value.as_str() {
                    "" => String::new(),
                    value => format!(": {}", visible(value)),
                }
            );
        }
        for note in &cause.found.notes {
            text += &format!("  {}\n", visible(note));
        }
        text += &format!("  {}\n", rules(cause));
    }
    let passed = count(found, |verdict| *verdict == Verdict::Passed);
    let failed = count(found, |verdict| matches!(verdict, Verdict::Failed(_)));
    let skipped = count(found, |verdict| matches!(verdict, Verdict::Skipped(_)));
    text + &format!(
        "\n{passed} rules hold, {failed} do not, {skipped} could not be looked at; --output json says of each why\n"
    )
}

/// The rules of a cause; of many, the first.
fn rules(cause: &Cause) -> String {
    let first: Vec<&str> = cause.rules.iter().take(3).map(String::as_str).collect();
    match cause.rules.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn table(checked: &[(String, Found)]) -> Table {
    let mut table = Table::new(&[
        "file",
        "severity",
        "column",
        "what",
        "rows",
        "first row",
        "value",
        "rules",
    ]);
    for (name, found) in checked {
        for cause in &found.causes {
            let first = cause.found.examples.first();
            table.row([
                Cell::from(name.as_str()),
                Cell::from(cause.severity.to_string()),
                Cell::from(cause.column.clone()),
                Cell::from(cause.what.as_str()),
                Cell::from(usize::try_from(cause.found.rows).unwrap_or(usize::MAX)),
                Cell::from(first.map(|(row, _)| row.to_string())),
                Cell::from(first.map(|(_, value)| value.clone())),
                Cell::from(cause.rules.clone()),
            ]);
        }
    }
    table
}

fn machine(checked: &[(String, Found)], model: Option<&Model>) -> String {
    let files: Vec<Value> = checked
        .iter()
        .map(|(name, found)| {
            json!({ "file": name, "rows": found.rows, "causes": found.causes, "rules": found.rules })
        })
        .collect();
    let json = json!({ "version": JSON_VERSION, "model": model.map(|model| &model.version), "files": files });
    format!("{json:#}\n")
}
