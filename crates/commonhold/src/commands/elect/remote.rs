//! A blind election whose voters are elsewhere: what they send, and what is answered.
//!
//! ```text
//! voter                         registrar            board
//! ask ──request──────────────► issue
//! accept ◄────────────answer──┘
//! vote --poll ──post───────────────────────────────► post
//! ```

use std::path::Path;

use anyhow::{Context, bail};
use ballot_box::Poll;
use ballot_box::blind::{BlindAnswer, BlindRequest, PendingCredential, Post, PublicKey};
use base::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::polling::Opened;
use super::{ballots, identity, polling, secret, token};
use crate::cli::{
    ElectAcceptArguments, ElectAskArguments, ElectIssueArguments, ElectPostArguments,
};
use crate::project::Project;
use crate::surroundings::Outcome;

/// What a voter asks for, without their name: that is told by the signature.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    poll: Digest,
    request: BlindRequest,
}

/// The same, signed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signed {
    asks: Request,
    signature: String,
}

/// The poll of a blind election, and the key that signs its tokens, as `elect status` prints
/// them.
pub(super) fn public(project: &Project<'_>, path: &Path) -> anyhow::Result<(Poll, PublicKey)> {
    let status: Value = read(project, path, "what `elect status --output json` prints")?;
    let part = |name: &str| status.get(name).cloned().unwrap_or_default();
    let poll: Poll = serde_json::from_value(part("poll"))
        .with_context(|| format!("{} has no poll", path.display()))?;
    let registrar: PublicKey = serde_json::from_value(part("registrar"))
        .with_context(|| format!("{} has no key of a registrar", path.display()))?;
    Ok((poll, registrar))
}

fn read<T: for<'de> Deserialize<'de>>(
    project: &Project<'_>,
    path: &Path,
    what: &str,
) -> anyhow::Result<T> {
    let bytes = ballots::bytes(project, path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not {what}", path.display()))
}

fn line<T: Serialize>(value: &T) -> anyhow::Result<String> {
    Ok(base::canonical(value)? + "\n")
}

pub(super) fn ask(project: &Project<'_>, arguments: &ElectAskArguments) -> anyhow::Result<Outcome> {
    let (poll, registrar) = public(project, &arguments.poll)?;
    let out = project.surroundings.folder.join(&arguments.out);
    let shown = arguments.out.display();
    let pending = match secret::kept(&out).with_context(|| format!("{shown} cannot be read"))? {
        // The registrar answers one request of each voter: the same is sent again.
        Some(text) => serde_json::from_str(&text)
            .map_err(|_| anyhow::anyhow!("{shown} is something else: name another file"))?,
        None => PendingCredential::new(&poll, &registrar)?,
    };
    secret::keep(&out, &(serde_json::to_string(&pending)? + "\n"))
        .with_context(|| format!("{shown} cannot be written"))?;
    let asks = Request {
        poll: poll.fingerprint(),
        request: pending.request().clone(),
    };
    let signature = identity::sign(project, arguments.key.as_deref(), &line(&asks)?)?;
    let notes = format!(
        "this is for the poll {}: compare it with what the officers announced\n\
         send what is printed to the registrar, and keep {shown}, which is secret\n",
        poll.fingerprint()
    );
    Ok(Outcome {
        notes,
        ..Outcome::data(line(&Signed { asks, signature })?)
    })
}

pub(super) fn issue(
    project: &Project<'_>,
    arguments: &ElectIssueArguments,
) -> anyhow::Result<Outcome> {
    polling::refuse_other_time(project)?;
    let mut opened = polling::named(project, &arguments.of)?;
    let signed: Signed = read(project, &arguments.request, "a request for a token")?;
    let mut notes = String::new();
    let registrar = arguments.registrar.as_deref();
    let data = answer(project, &mut opened, &signed, registrar, |voter| {
        notes = format!("this is for {voter}, and of use to nobody else\n");
        Ok(())
    })?;
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}

/// Answers a request for a token, if the voter who signed it may have it.
pub(super) fn answer(
    project: &Project<'_>,
    opened: &mut Opened,
    signed: &Signed,
    registrar: Option<&Path>,
    may: impl FnOnce(&str) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    if signed.asks.poll != opened.ballot_box.poll().fingerprint() {
        bail!("the request asks for a token of another poll");
    }
    let asks = line(&signed.asks)?;
    let voter = identity::sender(project, &opened.opening()?, &asks, &signed.signature)?;
    may(&voter)?;
    let registrar = token::registrar(project, opened, registrar)?;
    let now = (project.surroundings.clock)();
    let ballot_box = &mut opened.ballot_box;
    line(&ballot_box.issue_token(&voter, &signed.asks.request, &registrar, now)?)
}

pub(super) fn accept(
    project: &Project<'_>,
    arguments: &ElectAcceptArguments,
) -> anyhow::Result<Outcome> {
    let shown = arguments.token.display();
    let path = project.surroundings.folder.join(&arguments.token);
    let pending: PendingCredential = read(project, &arguments.token, "what `elect ask` has kept")?;
    let answer: BlindAnswer = read(project, &arguments.answer, "an answer of the registrar")?;
    let credential = pending.unblind(&answer)?;
    secret::keep(&path, &(serde_json::to_string(&credential)? + "\n"))
        .with_context(|| format!("{shown} cannot be written"))?;
    Ok(Outcome::data(format!(
        "your token is in {shown}\nwhoever has it votes with it\n"
    )))
}

pub(super) fn post(
    project: &Project<'_>,
    arguments: &ElectPostArguments,
) -> anyhow::Result<Outcome> {
    polling::refuse_other_time(project)?;
    let mut opened = polling::named(project, &arguments.of)?;
    let post: Post = read(
        project,
        &arguments.post,
        "a ballot that `elect vote --poll` printed",
    )?;
    let receipt = opened
        .ballot_box
        .post(&post, (project.surroundings.clock)())?;
    Ok(Outcome::data(format!(
        "the ballot is on the board; its receipt: {receipt}\n"
    )))
}
