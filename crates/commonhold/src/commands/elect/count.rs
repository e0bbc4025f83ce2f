//! Counting files of ballots, and saying why it came out so.

use std::path::Path;

use elections::definition::{Counting, Transferable};
use serde_json::{Value, json};
use tally::explain::{compare, explain as in_words};
use tally::method::{Method, Outcome as Count};
use tally::sensitivity::sensitivity as sensitive;
use tally::stv::{Count as Transfers, Race};

use super::ballots::{self, Ballots, NotCounted};
use super::{Usage, method};
use crate::Exit;
use crate::cli::{
    CountArguments, DataOutput, ElectExplainArguments, ElectSensitivityArguments,
    ElectTallyArguments, Output,
};
use crate::project::Project;
use crate::render::elect::{self as render, Line};
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

/// A count of either kind.
pub(super) enum Counted {
    Order(Box<Count>),
    Transfers(Box<Transfers>),
}

/// A file that was counted.
struct Tallied {
    ballots: Ballots,
    counted: Counted,
}

/// Counts ballots by their method.
pub(super) fn counted(ballots: &Ballots) -> anyhow::Result<Counted> {
    let file = &ballots.file;
    Ok(match &ballots.counting {
        Counting::Order(method) => {
            let count = method.tally(&ballots.poll.profile);
            let count = count.map_err(|error| Usage(format!("{file}: {error}")))?;
            Counted::Order(Box::new(count))
        }
        Counting::Transferable(rule) => {
            Counted::Transfers(Box::new(transferred(ballots, *rule, None)?))
        }
    })
}

/// Counts transferable votes, with a lot if one was drawn.
pub(super) fn transferred(
    ballots: &Ballots,
    rule: Transferable,
    lot: Option<&tally::stv::Lot>,
) -> anyhow::Result<Transfers> {
    let file = &ballots.file;
    let seats = ballots.seats.ok_or_else(|| {
        Usage(format!(
            "{file} does not say how many are to be elected: give --seats"
        ))
    })?;
    let race = Race {
        withdrawn: &ballots.poll.withdrawn,
        ..Race::new(&ballots.poll.profile, seats)
    };
    let count = method::transfer(rule, race, lot);
    Ok(count.map_err(|error| Usage(format!("{file}: {error}")))?)
}

pub(super) fn tally(
    project: &Project<'_>,
    arguments: &ElectTallyArguments,
) -> anyhow::Result<Outcome> {
    let mut tallied = Vec::new();
    let mut refused = Vec::new();
    for file in &arguments.files {
        match ballots::read(project, file, &arguments.count)? {
            Err(error) => refused.push(error),
            Ok(ballots) => tallied.push(Tallied {
                counted: counted(&ballots)?,
                ballots,
            }),
        }
    }
    let data = match arguments.question.output {
        Output::Json => {
            let tallies: Vec<Value> = tallied.iter().map(Tallied::json).collect();
            let refused: Vec<Value> = refused.iter().map(refusal_json).collect();
            let json = json!({"version": JSON_VERSION, "tallies": tallies, "refused": refused});
            format!("{json:#}\n")
        }
        Output::Text => {
            let texts = tallied.iter().map(|one| {
                render::head(&one.title(), &one.facts())
                    + &render::lines(&one.lines(), None).print(
                        Output::Text,
                        "places",
                        project.surroundings,
                    )
            });
            texts.collect::<Vec<_>>().join("\n")
        }
        output => {
            let mut table = render::table(true);
            for one in &tallied {
                render::rows(&mut table, &one.lines(), Some(&one.ballots.file));
            }
            table.print(output, "places", project.surroundings)
        }
    };
    let mut notes = String::new();
    for one in &tallied {
        notes += &one.tie();
    }
    notes += &refusals(&refused);
    let waits = tallied.iter().any(|one| !one.tie().is_empty());
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    }
    .exit(match (refused.is_empty(), waits) {
        (false, _) => Exit::Findings,
        (true, true) => Exit::Waits,
        (true, false) => Exit::Well,
    }))
}

/// All refusals, a line a fault: `file:line:column: CODE: what`.
fn refusals(refused: &[NotCounted]) -> String {
    let text = |one: &NotCounted| {
        let said = one.to_string();
        let lines = said.lines();
        lines
            .map(|line| format!("error: {}\n", base::visible(line)))
            .collect::<String>()
    };
    refused.iter().map(text).collect()
}

fn refusal_json(refused: &NotCounted) -> Value {
    match refused {
        NotCounted::Refused(refusal) => json!(refusal),
        NotCounted::Unreadable { file, why } => json!({"file": file, "unreadable": why}),
    }
}

impl Tallied {
    fn title(&self) -> String {
        match &self.ballots.poll.title {
            Some(title) => format!("{}: {title}", self.ballots.file),
            None => self.ballots.file.clone(),
        }
    }

    fn facts(&self) -> String {
        match &self.counted {
            Counted::Order(count) => {
                let cast = base::counted(whole(count.turnout), "ballot", "ballots");
                format!("{cast}, {} of them blank; {}", count.blank, count.method)
            }
            Counted::Transfers(count) => {
                let cast = base::counted(whole(count.valid), "valid paper", "valid papers");
                let quota = count.stages.first().map(|stage| stage.quota.short());
                format!(
                    "{cast}, {} blank; {} seats, quota {}; {}",
                    count.blank,
                    count.seats,
                    quota.unwrap_or_else(|| "none".to_owned()),
                    render::rule(count.rule)
                )
            }
        }
    }

    fn lines(&self) -> Vec<Line> {
        match &self.counted {
            Counted::Order(count) => render::order(count, self.ballots.seats),
            Counted::Transfers(count) => render::transfers(count),
        }
    }

    /// What only a lot can decide, for the notes.
    fn tie(&self) -> String {
        let file = &self.ballots.file;
        match &self.counted {
            Counted::Transfers(count) if count.lot_needed.is_some() => {
                format!(
                    "{}: {}\n",
                    base::visible(file),
                    base::visible(&count.ending())
                )
            }
            Counted::Order(count) => {
                let tied = render::tied(count, self.ballots.seats);
                if tied.is_empty() {
                    return String::new();
                }
                let names: Vec<&str> = tied.iter().map(|one| count.name(*one)).collect();
                format!(
                    "{}: {} are tied for the last of the seats; a lot decides, see `commonhold elect seats`\n",
                    base::visible(file),
                    base::visible(&names.join(", "))
                )
            }
            Counted::Transfers(_) => String::new(),
        }
    }

    fn json(&self) -> Value {
        let ballots = &self.ballots;
        let mut json = match &self.counted {
            Counted::Order(count) => json!({
                "method": count.method,
                "turnout": count.turnout,
                "blank": count.blank,
                "places": count.named_layers(),
                "condorcet_winner": count.condorcet_winner.map(|one| count.name(one)),
                "tied_for_seats": render::tied(count, ballots.seats)
                    .into_iter()
                    .map(|one| count.name(one))
                    .collect::<Vec<_>>(),
            }),
            Counted::Transfers(count) => {
                let name = |one: &usize| count.candidates[*one].as_str();
                json!({
                    "method": ballots.counting,
                    "turnout": count.valid + count.blank,
                    "blank": count.blank,
                    "quota": count.stages.first().map(|stage| stage.quota.to_string()),
                    "elected": count.elected.iter().map(name).collect::<Vec<_>>(),
                    "candidates": count.elected.iter().map(|one| one + 1).collect::<Vec<_>>(),
                    "stages": count.stages.len(),
                    "lot_needed": count.lot_needed.as_ref().map(|lot| {
                        lot.tied.iter().map(name).collect::<Vec<_>>()
                    }),
                })
            }
        };
        json["file"] = json!(ballots.file);
        json["title"] = json!(ballots.poll.title);
        json["seats"] = json!(ballots.seats);
        json
    }
}

/// A number of voters, which is below a million millions wherever it comes from.
fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// One file, or why it is refused.
fn one(
    project: &Project<'_>,
    file: &Path,
    count: &CountArguments,
) -> anyhow::Result<Result<Ballots, Outcome>> {
    Ok(ballots::read(project, file, count)?.map_err(|refused| refusal(&refused)))
}

/// A run that ends with a file that is refused.
pub(super) fn refusal(refused: &NotCounted) -> Outcome {
    Outcome {
        data: String::new(),
        notes: refusals(std::slice::from_ref(refused)),
        exit: Exit::Findings,
    }
}

pub(super) fn explain(
    project: &Project<'_>,
    arguments: &ElectExplainArguments,
) -> anyhow::Result<Outcome> {
    let ballots = match one(project, &arguments.file, &arguments.count)? {
        Ok(ballots) => ballots,
        Err(outcome) => return Ok(outcome),
    };
    let pair = arguments.one.as_deref().zip(arguments.other.as_deref());
    let data = match (counted(&ballots)?, pair) {
        (Counted::Order(count), Some((one, other))) => {
            let sentences = compare(&count, candidate(&count, one)?, candidate(&count, other)?);
            render::sentences(&sentences, arguments.output)
        }
        (Counted::Order(count), None) => {
            let explanation = in_words(&count);
            match arguments.output {
                Output::Json => {
                    let json = json!({"version": JSON_VERSION, "explanation": explanation, "outcome": count});
                    format!("{json:#}\n")
                }
                output => render::explanation(&explanation, output),
            }
        }
        (Counted::Transfers(_), Some(_)) => {
            let message = "transferable votes give no order of two candidates; leave them out to see the stages";
            return Err(Usage(message.to_owned()).into());
        }
        (Counted::Transfers(count), None) => match arguments.output {
            Output::Json => {
                let json = json!({"version": JSON_VERSION, "words": count.words(), "ending": count.ending(), "count": count});
                format!("{json:#}\n")
            }
            output => render::stages(&count, output, project.surroundings),
        },
    };
    Ok(Outcome::data(data))
}

fn candidate(count: &Count, name: &str) -> anyhow::Result<usize> {
    let names = || count.candidates.iter().map(String::as_str);
    count.candidate(name).ok_or_else(|| {
        let near = base::nearest(name, names());
        let near = near.map_or_else(
            || {
                format!(
                    "the candidates are {}",
                    names().collect::<Vec<_>>().join(", ")
                )
            },
            |near| format!("did you mean {near}?"),
        );
        Usage(format!("nobody stands as {name}; {near}")).into()
    })
}

pub(super) fn sensitivity(
    project: &Project<'_>,
    arguments: &ElectSensitivityArguments,
) -> anyhow::Result<Outcome> {
    let ballots = match one(project, &arguments.file, &arguments.count)? {
        Ok(ballots) => ballots,
        Err(outcome) => return Ok(outcome),
    };
    let base = order_method(&ballots.counting)?;
    let seats = ballots.seats.ok_or_else(|| {
        Usage("which seats depend on the method? say how many there are with --seats".to_owned())
    })?;
    let profile = &ballots.poll.profile;
    let found = sensitive(profile, seats as usize, base);
    let found = found.map_err(|error| Usage(format!("{}: {error}", ballots.file)))?;
    let names = profile.candidates();
    let data = match arguments.output {
        DataOutput::Json => {
            let json = json!({
                "version": JSON_VERSION,
                "file": ballots.file,
                "candidates": names,
                "method": base,
                "sensitivity": found,
                "words": found.words(names),
            });
            format!("{json:#}\n")
        }
        DataOutput::Text => render::sentences(&found.words(names), Output::Text),
    };
    Ok(Outcome::data(data))
}

fn order_method(counting: &Counting) -> anyhow::Result<&Method> {
    match counting {
        Counting::Order(method) => Ok(method),
        Counting::Transferable(_) => {
            let message = "methods that compare candidates in pairs are compared with each other; transferable votes are not one of them";
            Err(Usage(message.to_owned()).into())
        }
    }
}
