//! `commonhold who`

use crate::Exit;
use crate::cli::{WhoArguments, WhoQuestion};
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &WhoArguments) -> anyhow::Result<Outcome> {
    let (what, question) = match &arguments.question {
        WhoQuestion::Owns { what, question } => (what, question),
        WhoQuestion::Can { words, question } => {
            return super::what::who(project, words, question);
        }
    };
    let (estate, notes) = project.ask()?;
    let mut table = Table::new(&["what", "how", "who", "says"]);
    for answer in estate::who_owns(&estate, what) {
        let says = answer.span.map(|span| estate.sources.line_of(span));
        table.row([
            Cell::from(answer.what),
            Cell::from(answer.how),
            Cell::from(answer.who),
            Cell::from(says),
        ]);
    }
    if table.is_empty() {
        let notes = format!("{notes}nobody the estate knows owns `{what}`\n");
        return Ok(Outcome {
            notes,
            ..Outcome::data(String::new())
        }
        .exit(Exit::Findings));
    }
    let data = table.print(question.output, "answers", project.surroundings);
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}
