//! Who may vote, and why.

use anyhow::{Context, bail};
use elections::Login;
use elections::voters::{Roll, Standing, Voter};

use super::Usage;
use super::held::{Community, Held};
use crate::Exit;
use crate::cli::ElectVotersArguments;
use crate::files;
use crate::project::Project;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectVotersArguments,
) -> anyhow::Result<Outcome> {
    let mut held = Held::read(project, &arguments.folder)?;
    let community = Community::of(project)?;
    let roll = held.roll(project, &community, arguments.contributions.as_deref())?;
    if let Some(path) = &arguments.lock {
        return lock(project, path, &roll);
    }
    if let Some(login) = &arguments.why {
        return why(&roll, login);
    }
    let mut table = Table::new(&["login", "person", "why"]);
    for voter in roll.voters() {
        table.row([
            Cell::from(voter.login.as_str()),
            Cell::from(voter.person.clone()),
            Cell::from(grounds(voter)),
        ]);
    }
    let mut notes = community.note;
    notes += &format!(
        "{} may vote; {} came near and may not, see --why\n",
        base::counted(roll.voters().len(), "person", "people"),
        roll.left_out().len()
    );
    Ok(Outcome {
        notes,
        ..Outcome::data(table.print(arguments.question.output, "voters", project.surroundings))
    })
}

fn grounds(voter: &Voter) -> String {
    let grounds: Vec<String> = voter.why.iter().map(ToString::to_string).collect();
    grounds.join(" and ")
}

fn why(roll: &Roll, login: &str) -> anyhow::Result<Outcome> {
    let known = Login::new(login).map_err(|error| Usage(format!("`{login}`: {error}")))?;
    let (said, exit) = match roll.why(&known) {
        Standing::Voter(voter) => (format!("may vote: {}", grounds(voter)), Exit::Well),
        Standing::LeftOut(left) => (format!("may not vote: {}", left.why), Exit::Findings),
        Standing::Unknown => (
            "may not vote: no condition is met, or nobody is known by this login".to_owned(),
            Exit::Findings,
        ),
    };
    let said = base::visible(&format!("{known} {said}"));
    Ok(Outcome::data(said + "\n").exit(exit))
}

/// Writes the roll down, once.
fn lock(project: &Project<'_>, path: &std::path::Path, roll: &Roll) -> anyhow::Result<Outcome> {
    let text = roll.to_lock().context("the roll cannot be written")?;
    let full = project.surroundings.folder.join(path);
    if std::fs::read_to_string(&full).is_ok_and(|there| there == text) {
        return Ok(Outcome::data(format!(
            "{} says so already\n",
            path.display()
        )));
    }
    if full.exists() {
        bail!(
            "{} says something else, and people may have relied on it; an exception is granted by the officers, and a new roll is written to another file",
            path.display()
        );
    }
    files::create(&full, &text).with_context(|| format!("{} cannot be written", path.display()))?;
    let people = base::counted(roll.voters().len(), "voter", "voters");
    let digest = roll.digest().context("the roll cannot be written")?;
    Ok(Outcome::data(format!(
        "wrote {}: {people}, {digest}\n",
        path.display()
    )))
}
