//! Ballot boxes: made, looked at, closed.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ballot_box::blind::SecretKey;
use ballot_box::{BallotBox, BoxError, Poll, Privacy, Publication};
use base::SourceMap;
use elections::Definition;
use elections::definition::{self, Key, Phase};
use serde_json::json;

use super::held::{Community, Held};
use super::opening::{self, Opening};
use super::{Usage, check, secret};
use crate::Exit;
use crate::cli::{
    DataOutput, ElectOpenArguments, ElectStatusArguments, ElectionArguments, PublishChoice,
};
use crate::files;
use crate::git::Repository;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

/// Where ballot boxes are, in the folder of the estate.
const FOLDER: &str = ".commonhold/elections";

/// Where the ballot box of an election is.
pub(super) fn place(
    project: &Project<'_>,
    key: &Key,
    given: Option<&Path>,
) -> anyhow::Result<PathBuf> {
    if let Some(given) = given {
        return Ok(project.surroundings.folder.join(given));
    }
    let root = project.root().context(
        "the ballot box of an election is beside the estate; name the box itself with --box otherwise",
    )?;
    Ok(root.join(FOLDER).join(format!("{}.sqlite", key.flat())))
}

/// Where the key is that signs the tokens of a blind election: where it was said, so that
/// it can be kept apart, or beside the box.
pub(super) fn registrar_file(
    project: &Project<'_>,
    ballot_box: &Path,
    given: Option<&Path>,
) -> PathBuf {
    match given {
        Some(given) => project.surroundings.folder.join(given),
        None => ballot_box.with_extension("registrar"),
    }
}

/// An election that was opened.
pub(super) struct Opened {
    pub(super) key: Key,
    /// Where its ballot box is.
    pub(super) path: PathBuf,
    pub(super) ballot_box: BallotBox,
}

impl Opened {
    /// What it was opened with.
    pub(super) fn opening(&self) -> anyhow::Result<Opening> {
        Opening::of_box(&self.path, &self.ballot_box)
    }
}

/// What an election was opened with, if its ballot box is here.
pub(super) fn opening_of(project: &Project<'_>, key: &Key) -> anyhow::Result<Option<Opening>> {
    let Some(path) = place(project, key, None).ok().filter(|path| path.is_file()) else {
        return Ok(None);
    };
    let ballot_box = existing(project, key, None)?;
    Opening::of_box(&path, &ballot_box).map(Some)
}

/// The ballot box of an election, which is there.
pub(super) fn existing(
    project: &Project<'_>,
    key: &Key,
    given: Option<&Path>,
) -> anyhow::Result<BallotBox> {
    let path = place(project, key, given)?;
    untracked(&path)?;
    Ok(BallotBox::open(&path)?)
}

/// The election that a word means, and its ballot box.
pub(super) fn named(project: &Project<'_>, of: &ElectionArguments) -> anyhow::Result<Opened> {
    let key = key(project, &of.election)?;
    let given = of.ballot_box.as_deref();
    Ok(Opened {
        ballot_box: existing(project, &key, given)?,
        path: place(project, &key, given)?,
        key,
    })
}

/// The key of an election: of its folder, or as written.
pub(super) fn key(project: &Project<'_>, word: &str) -> anyhow::Result<Key> {
    let folder = project.surroundings.folder.join(word);
    if folder.join(elections::elekto::ELECTION).is_file() {
        return Ok(Held::read_loosely(project, Path::new(word), None, SourceMap::default())?.key);
    }
    Key::new(word).ok_or_else(|| {
        Usage(format!(
            "`{word}` is neither the folder of an election nor the key of one, such as steering/2026"
        ))
        .into()
    })
}

/// Nobody may have written a ballot box by a commit.
fn untracked(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let tracked = Repository::of(folder).is_some_and(|git| git.is_tracked(path));
    if tracked {
        bail!(
            "{} is a file of a repository, so anybody could have written it: a ballot box is kept where commits cannot change it",
            path.display()
        );
    }
    Ok(())
}

/// The time of an act is that of the clock, whatever day is asked about.
pub(super) fn refuse_other_time(project: &Project<'_>) -> anyhow::Result<()> {
    if project.instant.is_some() {
        let message = "votes are taken at the time it is: leave --at out";
        return Err(Usage(message.to_owned()).into());
    }
    Ok(())
}

pub(super) fn open(
    project: &Project<'_>,
    arguments: &ElectOpenArguments,
) -> anyhow::Result<Outcome> {
    refuse_other_time(project)?;
    let mut held = Held::read(project, &arguments.folder)?;
    let path = place(project, &held.key, arguments.ballot_box.as_deref())?;
    // Who opens again what is open means the same people, whatever came since.
    let before = Opening::kept(&path)?.filter(|_| path.is_file());
    let is_new = before.is_none();
    let commit = match before {
        Some(before) => before.commit,
        None => opening::trusted_commit(project)?,
    };
    let community = Community::at(project, commit.as_deref())?;
    held.no_error(&check::of_people(project, &community, &held))?;
    let roll = held.roll(project, &community, arguments.contributions.as_deref())?;
    let voters = opening::ids(&roll, &community.estate)?;
    let (candidates, said) =
        super::candidates::on_ballot(project, &community, &held, &roll, arguments)?;
    let opening = Opening::new(held.definition()?.digest()?, commit);
    let mut poll = poll(
        held.definition()?,
        &opening,
        candidates,
        !arguments.no_revote,
    )?;
    match (arguments.publish, &held.elekto) {
        (Some(choice), Some(_)) => poll.publication = publication(choice),
        (Some(_), None) => {
            let message = "the election's file says what is published: leave --publish out";
            return Err(Usage(message.to_owned()).into());
        }
        (None, _) => {}
    }
    poll.check()?;
    make_folder(&path, arguments.ballot_box.is_none())?;
    untracked(&path)?;
    let registrar = match poll.privacy {
        Privacy::Blind => Some(registrar(&registrar_file(
            project,
            &path,
            arguments.registrar.as_deref(),
        ))?),
        Privacy::Open | Privacy::Sealed => None,
    };
    // Before the box, which is of no use without it; a box that is there says first whether
    // it is this one.
    if !path.is_file() {
        opening.keep(&path)?;
    }
    let public = registrar.as_ref().map(SecretKey::public);
    let ballot_box = BallotBox::create(&path, &poll, &voters, public)?;
    if is_new {
        opening.keep(&path)?;
    }
    let data = said_of(&held.key, &ballot_box, &opening)?;
    Ok(Outcome {
        notes: community.note + &said + &without_key(&voters),
        ..Outcome::data(data + &format!("the ballot box is {}\n", path.display()))
    })
}

/// Who stands.
pub(super) fn candidates(
    held: &Held,
    arguments: &ElectOpenArguments,
) -> anyhow::Result<Vec<String>> {
    let mut candidates = arguments.candidate.clone();
    if candidates.is_empty() {
        let files = held.candidates.iter();
        candidates.extend(files.map(|one| one.id.value.to_string()));
    }
    if candidates.is_empty() {
        return Err(Usage(format!(
            "nobody stands: add a candidate-ID.md for each candidate to {}, or name them with --candidate",
            arguments.folder.display()
        ))
        .into());
    }
    Ok(candidates)
}

/// What is announced of an opening, for whoever holds the close against it.
fn said_of(key: &Key, ballot_box: &BallotBox, opening: &Opening) -> anyhow::Result<String> {
    let poll = ballot_box.poll();
    let people = match &opening.commit {
        Some(commit) => format!("as the estate has them at commit {commit}"),
        None => "as the estate has them; it is in no repository".to_owned(),
    };
    Ok(format!(
        "{key}: {}, {}; ballots are taken from {} to just before {}\n\
         the election is {}\nthe poll is {}\nthe voters are {}, {people}\n",
        base::counted(ballot_box.voters()?.len(), "voter", "voters"),
        base::counted(poll.candidates.len(), "candidate", "candidates"),
        poll.opens_at,
        poll.closes_at,
        opening.election,
        poll.fingerprint(),
        ballot_box.electorate()?,
    ))
}

/// A note where voters have no file, so that no key can be theirs.
fn without_key(voters: &[String]) -> String {
    let logins = voters.iter().filter(|voter| !voter.contains('/')).count();
    if logins == 0 {
        return String::new();
    }
    format!(
        "note: {} no file in the estate, and cannot sign in with a key\n",
        base::counted(logins, "voter has", "voters have")
    )
}

/// The poll of an election.
fn poll(
    definition: &Definition,
    opening: &Opening,
    candidates: Vec<String>,
    revote: bool,
) -> anyhow::Result<Poll> {
    let window = definition.voting();
    Ok(Poll {
        id: definition.key.value.to_string(),
        digest: opening.digest()?,
        opens_at: window.open,
        closes_at: window.close,
        candidates,
        no_opinion_allowed: definition.no_opinion,
        revote,
        privacy: match definition.privacy.value {
            definition::Privacy::Open => Privacy::Open,
            definition::Privacy::Sealed => Privacy::Sealed,
            definition::Privacy::Blind => Privacy::Blind,
        },
        publication: match definition.publish.value {
            definition::Publish::Full => Publication::Full,
            definition::Publish::Pairwise => Publication::Pairwise,
            definition::Publish::None => Publication::None,
        },
    })
}

fn publication(choice: PublishChoice) -> Publication {
    match choice {
        PublishChoice::Full => Publication::Full,
        PublishChoice::Pairwise => Publication::Pairwise,
        PublishChoice::None => Publication::None,
    }
}

fn make_folder(ballot_box: &Path, ours: bool) -> anyhow::Result<()> {
    let folder = ballot_box.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let ignore = folder.join(".gitignore");
    if ours && !ignore.exists() {
        // A ballot box is no file of the estate.
        files::replace(&ignore, "*\n")
            .with_context(|| format!("{} cannot be written", ignore.display()))?;
    }
    Ok(())
}

/// The key that signs tokens, made once.
fn registrar(path: &Path) -> anyhow::Result<SecretKey> {
    let kept = secret::kept(path).with_context(|| format!("{} cannot be read", path.display()))?;
    if let Some(text) = kept {
        return SecretKey::of_text(&text).with_context(|| path.display().to_string());
    }
    let key = SecretKey::generate()?;
    secret::keep(path, &key.to_text())
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(key)
}

pub(super) fn status(
    project: &Project<'_>,
    arguments: &ElectStatusArguments,
) -> anyhow::Result<Outcome> {
    let opened = named(project, &arguments.of)?;
    let (key, ballot_box) = (&opened.key, &opened.ballot_box);
    let poll = ballot_box.poll();
    let now = project.instant.unwrap_or_else(project.surroundings.clock);
    let closing = ballot_box.closing()?;
    let phase = match () {
        () if closing.is_some() || now >= poll.closes_at => Phase::Closed,
        () if now >= poll.opens_at => Phase::Voting,
        () => Phase::Upcoming,
    };
    let voters = ballot_box.voters()?.len();
    let took_part = ballot_box.turnout()?.len();
    let data = match arguments.output {
        DataOutput::Json => {
            let json = json!({
                "version": JSON_VERSION,
                "election": key,
                "phase": phase,
                "poll": poll,
                "fingerprint": poll.fingerprint(),
                "opening": opened.opening().ok(),
                "registrar": ballot_box.registrar(),
                "electorate": ballot_box.electorate()?,
                "voters": voters,
                "admitted": ballot_box.exceptions()?,
                "took_part": took_part,
                "refusals": refusals(ballot_box)?,
                "closing": closing,
            });
            format!("{json:#}\n")
        }
        DataOutput::Text => {
            let did = if poll.privacy == Privacy::Blind {
                "took a token"
            } else {
                "voted"
            };
            let said = match (&closing, phase) {
                (Some(_), _) => format!("closed at {}", poll.closes_at),
                (None, Phase::Closed) => format!(
                    "over since {}, and not closed: run `commonhold elect close {key}`",
                    poll.closes_at
                ),
                (None, Phase::Voting) => format!("open until just before {}", poll.closes_at),
                (None, _) => format!("opens at {}", poll.opens_at),
            };
            let mut text = format!("{key}: {said}\n  {took_part} of {voters} {did}\n");
            text += &format!(
                "  candidates: {}\n",
                base::visible(&poll.candidates.join(", "))
            );
            for exception in ballot_box.exceptions()? {
                let (voter, decision) = (exception.voter, exception.decision);
                let line = format!("  admitted: {voter}, by the decision {decision}");
                text += &(base::visible(&line) + "\n");
            }
            for ((day, code), times) in ballot_box.refusals()? {
                text += &format!("  refused on {day}: {code}, {times} times\n");
            }
            text
        }
    };
    Ok(Outcome::data(data))
}

fn refusals(ballot_box: &BallotBox) -> Result<Vec<serde_json::Value>, BoxError> {
    let found = ballot_box.refusals()?.into_iter();
    let found = found.map(|((day, code), times)| json!({"day": day, "code": code, "times": times}));
    Ok(found.collect())
}

pub(super) fn close(project: &Project<'_>, of: &ElectionArguments) -> anyhow::Result<Outcome> {
    refuse_other_time(project)?;
    let mut opened = named(project, of)?;
    let closing = opened.ballot_box.close((project.surroundings.clock)())?;
    Ok(Outcome::data(format!("{:#}\n", json!(closing))).exit(Exit::Well))
}
