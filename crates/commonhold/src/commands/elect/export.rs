//! What may be published of a closed election, in our files and in Elekto's.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use ballot_box::{BallotBox, Privacy, Publication, canonical_voter};
use elections::Login;
use elections::definition::Counting;
use elections::elekto::{self, ElectionFile, write};
use elections::officers;
use serde_json::json;
use tally::explain::explain;
use tally::format::{Format, Poll as Ballots};

use super::ballots::Ballots as ToCount;
use super::count::{Counted, counted};
use super::held::{Community, Held, login_of};
use super::opening::Opening;
use super::{Usage, polling};
use crate::cli::{ElectExportArguments, Output};
use crate::files;
use crate::project::Project;
use crate::render::elect as render;
use crate::surroundings::Outcome;

/// Files to be written, by name.
type Files = BTreeMap<String, String>;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectExportArguments,
) -> anyhow::Result<Outcome> {
    let opened = polling::named(project, &arguments.of)?;
    let (ballot_box, opening) = (&opened.ballot_box, opened.opening()?);
    let folder = Path::new(&arguments.of.election);
    let is_folder = project.surroundings.folder.join(folder).is_dir();
    let held = is_folder.then(|| Held::read(project, folder)).transpose()?;
    if let Some(held) = &held {
        opening.check(held)?;
    }
    let published = ballot_box.publish()?;
    let mut notes = String::new();
    let result = held.as_ref().map(|held| result(held, ballot_box));
    let result = result.transpose()?;
    if result.is_none() {
        notes += "note: name the election by its folder, which says how to count, for results.md\n";
    }
    let mut data = String::new();
    if let Some(out) = &arguments.out {
        let mut all = Files::new();
        all.insert(
            "closing.json".to_owned(),
            format!("{:#}\n", json!(published.closing)),
        );
        all.insert("opening.json".to_owned(), opening.to_text()?);
        all.insert(
            "published.json".to_owned(),
            format!("{:#}\n", json!(published)),
        );
        if ballot_box.poll().privacy == Privacy::Blind {
            all.insert("board.jsonl".to_owned(), ballot_box.board()?);
        }
        all.extend(ballots(ballot_box)?.map(|text| (elekto::BALLOTS.to_owned(), text)));
        all.extend(
            result
                .clone()
                .map(|text| (elekto::RESULTS.to_owned(), text)),
        );
        data += &write_all(project, out, &all)?;
    }
    if let Some(out) = &arguments.elekto {
        let Some((held, result)) = held.as_ref().zip(result) else {
            let message =
                "Elekto's files are made of the election's: name the election by its folder";
            return Err(Usage(message.to_owned()).into());
        };
        let mut all = of_elekto(project, held, ballot_box, &opening)?;
        all.insert(elekto::RESULTS.to_owned(), result);
        match ballots(ballot_box)? {
            Some(text) => {
                all.insert(elekto::BALLOTS.to_owned(), text);
            }
            None => {
                notes +=
                    "note: the election does not publish its ballots, so there is no ballots.csv\n";
            }
        }
        data += &write_all(project, out, &all)?;
    }
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}

/// The ballots as Elekto publishes them, where the poll publishes them; sorted, so that
/// their order says nothing.
fn ballots(ballot_box: &BallotBox) -> anyhow::Result<Option<String>> {
    if ballot_box.poll().publication != Publication::Full {
        return Ok(None);
    }
    let poll = Ballots::new(ballot_box.profile()?);
    Ok(Some(tally::format::write(Format::Elekto, &poll)?))
}

/// The result in Markdown, with no more than the election publishes.
fn result(held: &Held, ballot_box: &BallotBox) -> anyhow::Result<String> {
    let definition = held.definition()?;
    let poll = ballot_box.poll();
    let closing = ballot_box.closing()?;
    let to_count = ToCount {
        file: held.folder.display().to_string(),
        poll: Ballots::new(ballot_box.profile()?),
        counting: definition.method.value.clone(),
        seats: Some(definition.seats.value.get()),
    };
    let title = definition.title.as_deref().unwrap_or(&poll.id);
    let mut text = format!("# {}\n\n", base::visible(title));
    if let Some(closing) = &closing {
        text += &format!(
            "{} of {} voters took part. The vote closed at {}.\n\n",
            closing.took_part, closing.voters, closing.effect_at
        );
    }
    text += &match (counted(&to_count)?, poll.publication) {
        (Counted::Order(count), Publication::None) => {
            format!("Counted by {}.\n\n", count.method)
                + &explain(&count)
                    .places
                    .iter()
                    .map(|line| base::visible(line) + "\n")
                    .collect::<String>()
        }
        (Counted::Order(count), _) => render::explanation(&explain(&count), Output::Markdown),
        (Counted::Transfers(count), Publication::Full) => {
            let stages = count.words();
            let stage = |stage: &tally::stv::StageWords| {
                let said = base::visible(&stage.sentences.join(" "));
                format!("{}. {said}\n", stage.number)
            };
            stages.iter().map(stage).collect::<String>() + "\n" + &count.ending() + "\n"
        }
        (Counted::Transfers(count), _) => base::visible(&count.ending()) + "\n",
    };
    if let Counting::Order(_) = &to_count.counting {
        let places = "A tie over a seat is not broken here; see `commonhold elect seats`.";
        text += &format!("\n{places}\n");
    }
    Ok(text)
}

/// The folder of an election in Elekto's form. What is Elekto's already stays byte for byte.
fn of_elekto(
    project: &Project<'_>,
    held: &Held,
    ballot_box: &BallotBox,
    opening: &Opening,
) -> anyhow::Result<Files> {
    if let Some(folder) = &held.elekto {
        return Ok(folder.files().clone());
    }
    let community = Community::at(project, opening.commit.as_deref())?;
    let definition = held.definition()?;
    let officers = officers::logins(definition, &community.estate);
    let organization = &community.estate.manifest.name;
    let election = ElectionFile::of(definition, organization, &officers);
    let voters = ballot_box.voters()?;
    let mut logins: Vec<Login> = voters
        .iter()
        .filter_map(|voter| login(voter, &community))
        .collect();
    logins.sort_unstable();
    let mut all = Files::new();
    all.insert(elekto::ELECTION.to_owned(), election.to_text());
    all.insert(elekto::VOTERS.to_owned(), write::voters(&logins));
    for candidate in &held.candidates {
        let name = format!("candidate-{}.md", candidate.id.value);
        all.insert(name, write::candidate(candidate));
    }
    let description = held.folder.join(elekto::DESCRIPTION);
    let description = std::fs::read_to_string(project.surroundings.folder.join(description));
    all.insert(
        elekto::DESCRIPTION.to_owned(),
        description.unwrap_or_default(),
    );
    Ok(all)
}

/// The login of a voter, by which Elekto knows people.
fn login(voter: &str, community: &Community) -> Option<Login> {
    let Some(name) = voter.strip_prefix("person/") else {
        return Login::new(voter).ok();
    };
    let mut people = community.estate.tables.people.items();
    let person = people.find(|person| canonical_voter(&person.name) == name);
    Login::new(&person.map_or_else(|| name.to_owned(), login_of)).ok()
}

/// Writes files into a folder; none if one of them is there and says something else.
fn write_all(project: &Project<'_>, folder: &Path, all: &Files) -> anyhow::Result<String> {
    let root = project.surroundings.folder.join(folder);
    let there = |name: &String| std::fs::read_to_string(root.join(name)).ok();
    let other = all
        .iter()
        .find(|(name, text)| there(name).is_some_and(|there| there != **text));
    if let Some((name, _)) = other {
        bail!(
            "{} is there and says something else: name another folder, or remove it; nothing was written",
            folder.join(name).display()
        );
    }
    let mut said = String::new();
    for (name, text) in all {
        let path = root.join(name);
        files::replace(&path, text)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        said += &format!("wrote {}\n", folder.join(name).display());
    }
    Ok(said)
}
