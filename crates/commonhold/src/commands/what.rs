//! `commonhold what`, and `commonhold who can`

use access::model::{Access, Matrix};
use jiff::civil::Date;

use crate::Exit;
use crate::cli::{QuestionArguments, WhatArguments, WhatQuestion};
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &WhatArguments) -> anyhow::Result<Outcome> {
    let WhatQuestion::Can {
        person, question, ..
    } = &arguments.question;
    let (estate, notes) = project.ask()?;
    let (charter, _) = charter::Charter::of(&estate);
    let matrix = matrix(&estate, &charter, project.day);
    let principal = matrix.principal(person)?;
    let answers = matrix.what_can(&principal);
    let nothing = format!("{principal} may do nothing that the estate knows of\n");
    Ok(told(project, question, &answers, notes, &nothing))
}

/// Who may do something.
pub(super) fn who(
    project: &Project<'_>,
    words: &[String],
    question: &QuestionArguments,
) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let (charter, _) = charter::Charter::of(&estate);
    let matrix = matrix(&estate, &charter, project.day);
    let asked = matrix.question(&words.join(" "))?;
    let answers = matrix.who_can(&asked);
    Ok(told(project, question, &answers, notes, "nobody\n"))
}

/// Who may do what on a day, the readers of private contacts among them.
pub(crate) fn matrix<'e>(
    estate: &'e estate::Estate,
    charter: &'e charter::Charter,
    day: Date,
) -> Matrix<'e> {
    let matrix = Matrix::of(estate, day);
    match &charter.private_contacts {
        Some(policy) => matrix.with_readers_of_contacts(&policy.readable_by),
        None => matrix,
    }
}

fn told(
    project: &Project<'_>,
    question: &QuestionArguments,
    answers: &[Access],
    notes: String,
    nothing: &str,
) -> Outcome {
    let mut table = Table::new(&["who", "may", "what", "until", "by"]);
    for answer in answers {
        let ways: Vec<String> = answer.why.iter().map(ToString::to_string).collect();
        table.row([
            Cell::from(answer.who.to_string()),
            Cell::from(answer.level.word()),
            Cell::from(answer.what.to_string()),
            Cell::from(answer.until.map(|day| day.to_string())),
            Cell::from(ways),
        ]);
    }
    if table.is_empty() {
        let notes = format!("{notes}{nothing}");
        return Outcome {
            notes,
            ..Outcome::data(String::new())
        }
        .exit(Exit::Findings);
    }
    let data = table.print(question.output, "access", project.surroundings);
    Outcome {
        notes,
        ..Outcome::data(data)
    }
}
