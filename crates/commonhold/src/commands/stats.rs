//! `commonhold stats`

use crate::cli::QuestionArguments;
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &QuestionArguments) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let mut table = Table::new(&["what", "count"]);
    for count in estate::counts(&estate) {
        table.row([Cell::from(count.what), Cell::from(count.count)]);
    }
    let data = table.print(arguments.output, "counts", project.surroundings);
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}
