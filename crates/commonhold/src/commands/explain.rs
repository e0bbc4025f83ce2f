//! `commonhold explain`

use policy::Rules;

use crate::cli::{ExplainArguments, Output};
use crate::pages;
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &ExplainArguments) -> anyhow::Result<Outcome> {
    let Some(id) = &arguments.id else {
        let mut table = Table::new(&["id", "severity", "what it says"]);
        for code in pages::codes() {
            table.row([
                Cell::from(code.id),
                Cell::from(code.severity.to_string()),
                Cell::from(code.title),
            ]);
        }
        let list = table.print(Output::Text, "findings", project.surroundings);
        return Ok(Outcome::data(list));
    };
    if id.contains('/') {
        return of_policy(project, id);
    }
    Ok(match pages::code(id) {
        Some(code) => Outcome::data(pages::page(code)),
        None => Outcome::usage(&pages::unknown(id)),
    })
}

/// The page of a rule that the community wrote itself.
fn of_policy(project: &Project<'_>, id: &str) -> anyhow::Result<Outcome> {
    let (estate, note) = project.ask()?;
    let rules = Rules::read(&estate, &estate.sources);
    let Some(rule) = rules.named(id) else {
        let known: Vec<String> = policy::ids(&estate).collect();
        return Ok(Outcome::usage(&pages::unknown_rule(id, &known)));
    };
    Ok(Outcome {
        notes: note,
        ..Outcome::data(rule.house.page.clone())
    })
}
