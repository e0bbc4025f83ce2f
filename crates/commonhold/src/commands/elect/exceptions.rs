//! Exceptions: how many people asked for one, and whom the officers let in.

use elections::nominations::ExceptionsFile;
use elections::voters::{Decision, ExceptionCounts, ExceptionRequest, Roll, decide};
use elections::{Directory, officers};

use super::held::{Community, Held};
use crate::cli::ElectExceptionsArguments;
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// Who asked for an exception.
pub(super) const FILE: &str = "exceptions.yaml";

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectExceptionsArguments,
) -> anyhow::Result<Outcome> {
    let held = Held::read(project, &arguments.folder)?;
    let community = Community::of(project)?;
    let mut notes = community.note.clone();
    let decided = if let Some(file) = &held.exceptions {
        decided(project, &community, &held, file)?
    } else {
        let path = held.folder.join(FILE);
        notes += &format!("note: there is no {}\n", path.display());
        Vec::new()
    };
    let table = if arguments.names {
        notes += "note: the names are for the officers; publish the counts alone\n";
        by_name(&decided)
    } else {
        counts(&decided)
    };
    let output = arguments.question.output;
    Ok(Outcome {
        notes,
        ..Outcome::data(table.print(output, "exceptions", project.surroundings))
    })
}

type Decided = (ExceptionRequest, Decision);

fn counts(decided: &[Decided]) -> Table {
    let counts = ExceptionCounts::of(decided.iter().map(|(_, decision)| *decision));
    let numbers = [
        counts.requested,
        counts.granted,
        counts.refused,
        counts.pending,
    ];
    let mut table = Table::new(&["requested", "granted", "refused", "open"]);
    table.row(numbers.map(|count| Cell::from(count as usize)));
    table
}

fn by_name(decided: &[Decided]) -> Table {
    let mut table = Table::new(&["voter", "asked", "outcome", "officers"]);
    for (request, decision) in decided {
        let outcome = match decision {
            Decision::Granted => "granted",
            Decision::Refused => "refused",
            Decision::Pending => "open",
            Decision::OutOfTime => "refused: not asked in time",
            Decision::Orphaned => "open: no officer is left to decide",
        };
        let votes = request.votes.iter().map(|vote| {
            let said = if vote.grant { "grants" } else { "refuses" };
            format!("{}:{said}", vote.officer)
        });
        table.row([
            Cell::from(request.login.as_str()),
            Cell::from(request.received_at.to_string()),
            Cell::from(outcome),
            Cell::from(votes.collect::<Vec<_>>()),
        ]);
    }
    table
}

/// What became of each request, by what the officers have said so far.
fn decided(
    project: &Project<'_>,
    community: &Community,
    held: &Held,
    file: &ExceptionsFile,
) -> anyhow::Result<Vec<Decided>> {
    let (definition, estate) = (held.definition()?, &community.estate);
    held.no_error(&file.check(definition, estate))?;
    let officers = officers::logins(definition, estate);
    let now = project.instant.unwrap_or_else(project.surroundings.clock);
    let requests = file.requests(estate, now).into_iter();
    let decided = requests.map(|request| {
        let decision = decide(&request, &officers, definition.requesting());
        (request, decision)
    });
    Ok(decided.collect())
}

/// Adds those to a roll whose exceptions the officers granted.
pub(super) fn grant(
    project: &Project<'_>,
    community: &Community,
    held: &Held,
    roll: &mut Roll,
) -> anyhow::Result<()> {
    let Some(file) = &held.exceptions else {
        return Ok(());
    };
    let people = Directory::of(&community.estate);
    for (request, decision) in decided(project, community, held, file)? {
        // A roll that was written down may have the same person under an older login.
        let person = people.whose(&request.login).map(|person| &person.name);
        let mut voters = roll.voters().iter();
        let is_voter = person.is_some() && voters.any(|voter| voter.person.as_ref() == person);
        if decision == Decision::Granted && !is_voter {
            roll.grant(&request.login, &people);
        }
    }
    Ok(())
}
