//! Voting from a command line.

use anyhow::{Context, bail};
use ballot_box::blind::{Credential, Post};
use ballot_box::{BallotBox, BoxError, Effect, Poll, Privacy, ReceiptSecret};

use super::polling::Opened;
use super::{Usage, identity, polling, remote, secret};
use crate::cli::ElectVoteArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
) -> anyhow::Result<Outcome> {
    polling::refuse_other_time(project)?;
    let choices = choices(arguments)?;
    if let Some(path) = &arguments.poll {
        let (poll, _) = remote::public(project, path)?;
        return elsewhere(project, arguments, choices, &poll);
    }
    let mut opened = polling::named(project, &arguments.of)?;
    match opened.ballot_box.poll().privacy {
        Privacy::Open => by_name(project, arguments, choices, &mut opened),
        Privacy::Sealed => sealed(project, arguments, choices, &mut opened),
        Privacy::Blind => blind(project, arguments, choices, &mut opened.ballot_box),
    }
}

/// The candidates with their ranks; `None` takes the ballot back.
fn choices(arguments: &ElectVoteArguments) -> anyhow::Result<Option<Vec<(String, i64)>>> {
    if arguments.withdraw {
        return Ok(None);
    }
    let Some(order) = &arguments.ballot else {
        let ranked = arguments.rank.iter().map(|text| ranked(text));
        return ranked.collect::<anyhow::Result<_>>().map(Some);
    };
    let mut choices = Vec::new();
    for (rank, equals) in (1..).zip(order.split([',', '>'])) {
        for name in equals.split('=').map(str::trim) {
            if name.is_empty() {
                let message = format!(
                    "`{order}` is no order: write candidates with `,` between ranks and `=` between equals"
                );
                return Err(Usage(message).into());
            }
            choices.push((name.to_owned(), rank));
        }
    }
    Ok(Some(choices))
}

fn ranked(text: &str) -> anyhow::Result<(String, i64)> {
    let found = text
        .rsplit_once('=')
        .and_then(|(name, rank)| Some((name.trim().to_owned(), rank.trim().parse().ok()?)));
    found.ok_or_else(|| Usage(format!("`{text}` gives no rank: write LOGIN=1")).into())
}

fn by_name(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    choices: Option<Vec<(String, i64)>>,
    opened: &mut Opened,
) -> anyhow::Result<Outcome> {
    if arguments.receipt.is_some() || arguments.token.is_some() {
        return Err(of_another_mode(
            "a roll call: leave --receipt and --token out",
        ));
    }
    let voter = signed_in(project, arguments, opened)?;
    let ballot_box = &mut opened.ballot_box;
    let now = (project.surroundings.clock)();
    let effect = match choices {
        Some(choices) => ballot_box.cast(&voter, &choices, now)?,
        None => ballot_box.withdraw(&voter, now)?,
    };
    Ok(Outcome::data(format!("{voter}: {}\n", done(effect))))
}

fn sealed(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    choices: Option<Vec<(String, i64)>>,
    opened: &mut Opened,
) -> anyhow::Result<Outcome> {
    if arguments.token.is_some() {
        return Err(of_another_mode("sealed: leave --token out"));
    }
    let path = arguments.receipt.as_ref();
    let path = path.map(|path| project.surroundings.folder.join(path));
    let kept = match &path {
        Some(path) => {
            let text = secret::kept(path);
            let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
            text.map(|text| ReceiptSecret::of_text(&text)).transpose()
        }
        None => Ok(None),
    };
    let kept = kept.map_err(BoxError::from)?;
    let Some(choices) = choices else {
        let mine = kept.context(
            "a sealed ballot is found by its receipt alone: name the file with --receipt",
        )?;
        let effect = opened
            .ballot_box
            .withdraw_sealed(&mine, (project.surroundings.clock)())?;
        return Ok(Outcome::data(format!("{}\n", done(effect))));
    };
    let voter = signed_in(project, arguments, opened)?;
    let is_new = kept.is_none();
    let mine = kept.map_or_else(ReceiptSecret::new, Ok)?;
    // Before the ballot is cast: who never learns the secret can never change the ballot.
    if let (Some(path), true) = (&path, is_new) {
        secret::keep(path, &(mine.text() + "\n"))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let now = (project.surroundings.clock)();
    let cast = opened.ballot_box.cast_sealed(&voter, &mine, &choices, now);
    if let (Err(BoxError::Refused(_)), Some(path), true) = (&cast, &path, is_new) {
        // A secret of no ballot would only be taken for one.
        let _ = std::fs::remove_file(path);
    }
    let effect = match cast {
        Ok(effect) => effect,
        Err(refused @ BoxError::Refused(_)) => return Err(refused.into()),
        // The ballot may be there, and is changed or cast again with this secret only.
        Err(failed) => {
            let receipt = format!(
                "nobody knows whether it is cast; your receipt is {}",
                mine.text()
            );
            return Err(anyhow::Error::new(failed).context(receipt));
        }
    };
    let mut said = format!("{voter}: {}\n", done(effect));
    said += &match &path {
        Some(path) => format!("your receipt is in {}\n", path.display()),
        None => format!(
            "your receipt: {}\nkeep it secret; only with it you can change your ballot until the close\n",
            mine.text()
        ),
    };
    Ok(Outcome::data(said))
}

fn blind(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    choices: Option<Vec<(String, i64)>>,
    ballot_box: &mut BallotBox,
) -> anyhow::Result<Outcome> {
    let poll = ballot_box.poll().clone();
    let post = posted(project, arguments, choices, &poll)?;
    let receipt = ballot_box.post(&post, (project.surroundings.clock)())?;
    Ok(Outcome::data(format!(
        "your ballot is on the board\nyour receipt: {receipt}\nit must be on the board that is published after the close; it tells your vote to nobody who does not have the board\n"
    )))
}

/// A ballot for a board that is elsewhere, to be carried there by anybody.
fn elsewhere(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    choices: Option<Vec<(String, i64)>>,
    poll: &Poll,
) -> anyhow::Result<Outcome> {
    if poll.id != arguments.of.election {
        bail!("the poll is that of {}", poll.id);
    }
    let post = posted(project, arguments, choices, poll)?;
    let notes = format!(
        "send what is printed to the keeper of the board, by a way that does not tell who you are\nyour receipt: {}\n",
        post.receipt()
    );
    Ok(Outcome {
        notes,
        ..Outcome::data(base::canonical(&post)? + "\n")
    })
}

/// The ballot, signed with the token.
fn posted(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    choices: Option<Vec<(String, i64)>>,
    poll: &Poll,
) -> anyhow::Result<Post> {
    let Some(path) = &arguments.token else {
        return Err(of_another_mode(
            "blind: take a token with `commonhold elect token`, and vote with --token",
        ));
    };
    let full = project.surroundings.folder.join(path);
    let text = secret::kept(&full)
        .with_context(|| format!("{} cannot be read", path.display()))?
        .with_context(|| format!("there is no token in {}", path.display()))?;
    let mut credential: Credential = serde_json::from_str(&text)
        .map_err(|_| anyhow::anyhow!("{} is no token", path.display()))?;
    let ranks = choices
        .map(|choices| poll.ranks(&choices))
        .transpose()
        .map_err(BoxError::from)?;
    let post = credential.post(poll, ranks)?;
    // Before the ballot is sent: its number is used up whether it arrives or not.
    let used = serde_json::to_string(&credential)?;
    secret::keep(&full, &(used + "\n"))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(post)
}

fn signed_in(
    project: &Project<'_>,
    arguments: &ElectVoteArguments,
    opened: &Opened,
) -> anyhow::Result<String> {
    let key = arguments.key.as_deref();
    identity::signed_in(project, opened.ballot_box.poll(), &opened.opening()?, key)
}

fn of_another_mode(what: &str) -> anyhow::Error {
    Usage(format!("this election is {what}")).into()
}

fn done(effect: Effect) -> &'static str {
    match effect {
        Effect::Cast => "your ballot is cast",
        Effect::Replaced => "your ballot is cast instead of the one before",
        Effect::Withdrawn => "your ballot is taken back",
        Effect::Unchanged => "your ballot was cast so already",
    }
}
