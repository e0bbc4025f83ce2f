//! Letting somebody vote who was no voter when the election was opened.

use ballot_box::Admission;
use elections::{Directory, Login};
use estate::Estate;

use super::{Usage, identity, opening, polling};
use crate::cli::ElectAdmitArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectAdmitArguments,
) -> anyhow::Result<Outcome> {
    polling::refuse_other_time(project)?;
    let mut opened = polling::named(project, &arguments.of)?;
    let voter = voter(&identity::trusted(project)?, &arguments.voter)?;
    let now = (project.surroundings.clock)();
    let done = opened.ballot_box.admit(&voter, &arguments.decision, now)?;
    let said = match done {
        Admission::Admitted => format!("{voter} may vote, by the decision {}", arguments.decision),
        Admission::Already => format!("{voter} could vote already; nothing is changed"),
    };
    Ok(Outcome::data(base::visible(&said) + "\n"))
}

/// The id that stays of whoever is meant.
fn voter(estate: &Estate, word: &str) -> anyhow::Result<String> {
    if let Some(name) = word.strip_prefix("person/") {
        let mut people = estate.tables.people.items();
        if people.any(|person| person.name == name) {
            return Ok(opening::id_of(name));
        }
        let message = format!("the estate has no person/{name}: add the file first");
        return Err(Usage(message).into());
    }
    let login = Login::new(word).map_err(|error| Usage(format!("`{word}`: {error}")))?;
    match Directory::of(estate).whose(&login) {
        None => Ok(login.to_string()),
        Some(person) => Err(Usage(format!(
            "`{login}` is in the file of person/{}; name the person, for a login can change hands",
            person.name
        ))
        .into()),
    }
}
