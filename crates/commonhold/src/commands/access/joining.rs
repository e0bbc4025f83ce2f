//! `commonhold access onboard`

use access::joining::{Newcomer, Place, onboard};
use anyhow::bail;
use estate::Estate;
use serde_json::json;

use super::shown::{follow, lines, next, section, write};
use crate::cli::{EditOutput, OnboardArguments};
use crate::project::{Checked, Project};
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(project: &Project<'_>, arguments: &OnboardArguments) -> anyhow::Result<Outcome> {
    let tree = project.tree()?;
    let checked = Checked::read(&tree, project.day)
        .map_err(|_| anyhow::anyhow!("the estate cannot be read; `commonhold check` says why"))?;
    let newcomer = Newcomer {
        name: arguments.name.clone(),
        login: arguments
            .github
            .clone()
            .unwrap_or_else(|| arguments.name.clone()),
        github_id: arguments.github_id,
        full_name: arguments.full_name.clone(),
        email: arguments.email.clone(),
        company: arguments.company.clone(),
        time_zone: arguments.time_zone.clone(),
    };
    let place = Place {
        rung: arguments.rung.clone(),
        organisation: Some(organisation(&checked.estate, arguments)?),
        sponsors: arguments.sponsor.clone(),
    };
    let day = arguments.on.unwrap_or(project.day);
    let found = onboard(&checked.estate, &tree, &newcomer, &place, day)?;
    let followed = follow(project, &checked, &tree, &found.edits)?;
    if arguments.write {
        write(&project.root()?, &found.edits)?;
    }
    if arguments.output == EditOutput::Json {
        let json = json!({
            "version": JSON_VERSION,
            "onboarding": found,
            "follows": followed,
            "written": arguments.write,
        });
        return Ok(Outcome::data(format!("{json:#}\n")));
    }
    let mut text = format!("{} joins on {}\n\n", found.person, found.day);
    text += &lines(&found.edits);
    text += &followed.text();
    section(&mut text, "Still asked for", &found.missing);
    section(
        &mut text,
        "To do by hand",
        found
            .by_hand
            .iter()
            .map(|one| format!("{}: {} ({})", one.place, one.what, one.why)),
    );
    text += next(&found.edits, arguments.write);
    Ok(Outcome::data(text))
}

/// The organisation that was named, or the only one.
fn organisation(estate: &Estate, arguments: &OnboardArguments) -> anyhow::Result<String> {
    if let Some(name) = &arguments.organisation {
        return Ok(name.clone());
    }
    let all = estate.tables.organisations.items();
    let names: Vec<&str> = all.map(|one| one.name.as_str()).collect();
    match names.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] => bail!("the estate has no organisation to come into"),
        several => bail!("name one with --organisation: {}", several.join(", ")),
    }
}
