//! Checking boxes, boards and published results.

use std::path::Path;

use anyhow::Context;
use ballot_box::blind::{Against, verify_board};
use ballot_box::{Closing, Poll};
use base::Digest;
use serde_json::Value;
use tally::Rank;

use super::{Usage, ballots, polling};
use crate::Exit;
use crate::cli::ElectVerifyArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

/// What a file turned out to be.
enum Verdict {
    Sound(String),
    Bad(Vec<String>),
}

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectVerifyArguments,
) -> anyhow::Result<Outcome> {
    let receipts = arguments.receipt.iter().map(|text| {
        let receipt = text.parse::<Digest>();
        receipt.map_err(|error| Usage(format!("`{text}` is no receipt: {error}")))
    });
    let receipts: Vec<Digest> = receipts.collect::<Result<_, _>>()?;
    let closing = match &arguments.closing {
        None => None,
        Some(path) => {
            let bytes = ballots::bytes(project, path)?;
            let closing: Closing = serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is no record of a close", path.display()))?;
            Some(closing)
        }
    };
    let mut data = String::new();
    let mut bad = false;
    for word in &arguments.files {
        let is_file = project.surroundings.folder.join(word).is_file();
        let verdict = if is_file {
            let against = Against {
                closing: closing.as_ref(),
                receipts: &receipts,
            };
            published(project, word, against)?
        } else {
            of_box(project, word, arguments.ballot_box.as_deref())?
        };
        match verdict {
            Verdict::Sound(said) => data += &format!("{word}: {said}\n"),
            Verdict::Bad(faults) => {
                bad = true;
                for fault in faults {
                    data += &format!("{word}: {fault}\n");
                }
            }
        }
    }
    let data = data.lines().map(|line| base::visible(line) + "\n");
    let exit = if bad { Exit::Findings } else { Exit::Well };
    Ok(Outcome::data(data.collect::<String>()).exit(exit))
}

fn of_box(project: &Project<'_>, word: &str, given: Option<&Path>) -> anyhow::Result<Verdict> {
    let key = polling::key(project, word)?;
    let ballot_box = polling::existing(project, &key, given)?;
    Ok(match ballot_box.verify() {
        Ok(()) => Verdict::Sound("the ballot box is as it was written".to_owned()),
        Err(error) => Verdict::Bad(vec![error.to_string()]),
    })
}

/// A published file: its text says which.
fn published(project: &Project<'_>, file: &str, against: Against<'_>) -> anyhow::Result<Verdict> {
    let bytes = ballots::bytes(project, Path::new(file))?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| anyhow::anyhow!("{file} is not UTF-8 text"))?;
    if text.starts_with(r#"{"form":"commonhold-board/"#) {
        return Ok(board(&text, against));
    }
    let whole: Option<Value> = serde_json::from_str(&text).ok();
    match whole {
        Some(value) if value.get("poll").is_some() && value.get("closing").is_some() => {
            closed(file, &value, against)
        }
        _ => anyhow::bail!(
            "{file} is neither a board nor a published poll, such as `commonhold elect export` writes"
        ),
    }
}

fn board(text: &str, against: Against<'_>) -> Verdict {
    match verify_board(text, against) {
        Err(faults) => Verdict::Bad(faults.iter().map(ToString::to_string).collect()),
        Ok(board) => {
            let closing = &board.closing;
            let mut said = format!(
                "sound: {} of {} voters took part, {} count, {} on the board; {}",
                closing.took_part,
                closing.voters,
                ballots_of(closing),
                base::counted(board.receipts.len(), "entry", "entries"),
                closing.head
            );
            said += &admitted(closing);
            said += &format!(
                "; {} taken and not voted with, which does not show whether the registrar, who can make tokens, voted in place of somebody who took one and stayed silent: each of them has to say so",
                base::counted(
                    usize::try_from(board.unused_tokens).unwrap_or(usize::MAX),
                    "token was",
                    "tokens were"
                )
            );
            if against.closing.is_none() {
                said += "; hold it against the record of the close with --closing, for a board that was cut at its end looks whole";
            }
            Verdict::Sound(said)
        }
    }
}

/// Whom a later decision let vote, where there is anybody.
fn admitted(closing: &Closing) -> String {
    match usize::try_from(closing.admitted).unwrap_or(usize::MAX) {
        0 => String::new(),
        count => format!(
            "; {} admitted after the opening",
            base::counted(count, "voter was", "voters were")
        ),
    }
}

fn ballots_of(closing: &Closing) -> String {
    let count = usize::try_from(closing.ballots).unwrap_or(usize::MAX);
    base::counted(count, "ballot", "ballots")
}

/// A published poll: whether its parts belong together. Only a board lets anybody check that
/// no ballot was added or left out.
fn closed(file: &str, value: &Value, against: Against<'_>) -> anyhow::Result<Verdict> {
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    let context = || format!("{file} is not as `commonhold elect export` writes it");
    let poll: Poll = serde_json::from_value(part("poll")).with_context(context)?;
    let closing: Closing = serde_json::from_value(part("closing")).with_context(context)?;
    let mut faults = Vec::new();
    if closing.poll != poll.fingerprint() {
        faults.push("the record of the close is that of another poll".to_owned());
    }
    if against.closing.is_some_and(|other| *other != closing) {
        faults.push("the record of the close is not the one it is held against".to_owned());
    }
    let lists = match (value.get("ballots"), value.get("roll")) {
        (Some(ballots), _) => Some(serde_json::from_value(ballots.clone())),
        (None, Some(Value::Array(roll))) => {
            let cast = roll.iter().map(|entry| entry["ballot"].clone());
            let cast: Vec<Value> = cast.filter(|ballot| !ballot.is_null()).collect();
            Some(serde_json::from_value(Value::Array(cast)))
        }
        _ => None,
    };
    let ballots: Option<Vec<Vec<Rank>>> = lists.transpose().with_context(context)?;
    for (number, ballot) in (1..).zip(ballots.iter().flatten()) {
        if let Err(refusal) = poll.check_ranks(ballot) {
            faults.push(format!("ballot {number}: {refusal}"));
        }
    }
    if let Some(ballots) = &ballots
        && ballots.len() as u64 != closing.ballots
    {
        faults.push(format!(
            "it holds {}, and the record of the close says {}",
            base::counted(ballots.len(), "ballot", "ballots"),
            closing.ballots
        ));
    }
    if !faults.is_empty() {
        return Ok(Verdict::Bad(faults));
    }
    Ok(Verdict::Sound(format!(
        "its parts belong together: {} of {} voters took part, {} count{}",
        closing.took_part,
        closing.voters,
        ballots_of(&closing),
        admitted(&closing)
    )))
}
