//! Taking the token of a blind election.

use std::path::Path;

use anyhow::{Context, bail};
use ballot_box::Privacy;
use ballot_box::blind::{Credential, PendingCredential, SecretKey};

use super::polling::Opened;
use super::{Usage, identity, polling, secret};
use crate::cli::ElectTokenArguments;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &ElectTokenArguments,
) -> anyhow::Result<Outcome> {
    polling::refuse_other_time(project)?;
    let mut opened = polling::named(project, &arguments.of)?;
    let ballot_box = &opened.ballot_box;
    let poll = ballot_box.poll().clone();
    if poll.privacy != Privacy::Blind {
        let message = "this election is not blind: vote without a token";
        return Err(Usage(message.to_owned()).into());
    }
    let shown = arguments.out.display();
    let out = project.surroundings.folder.join(&arguments.out);
    let kept = secret::kept(&out).with_context(|| format!("{shown} cannot be read"))?;
    let pending = match kept {
        None => {
            let registrar = ballot_box.registrar();
            let registrar = registrar.context("the ballot box has no key of a registrar")?;
            let pending = PendingCredential::new(&poll, registrar)?;
            // Before it is sent: the registrar answers one request of each voter.
            let text = serde_json::to_string(&pending)? + "\n";
            secret::keep(&out, &text).with_context(|| format!("{shown} cannot be written"))?;
            pending
        }
        Some(text) if serde_json::from_str::<Credential>(&text).is_ok() => {
            return Ok(Outcome::data(format!("your token is in {shown} already\n")));
        }
        Some(text) => match serde_json::from_str(&text) {
            Ok(pending) => pending,
            Err(_) => bail!("{shown} is something else than a token: name another file with --out"),
        },
    };
    let opening = opened.opening()?;
    let voter = identity::signed_in(project, &poll, &opening, arguments.key.as_deref())?;
    let registrar = registrar(project, &opened, arguments.registrar.as_deref())?;
    let now = (project.surroundings.clock)();
    let ballot_box = &mut opened.ballot_box;
    let answer = ballot_box.issue_token(&voter, pending.request(), &registrar, now)?;
    let credential = pending.unblind(&answer)?;
    let text = serde_json::to_string(&credential)? + "\n";
    secret::keep(&out, &text).with_context(|| format!("{shown} cannot be written"))?;
    Ok(Outcome::data(format!(
        "{voter}: your token is in {shown}\nwhoever has it votes with it; vote at another time than you took it\n"
    )))
}

/// The key that signs the tokens of an election.
pub(super) fn registrar(
    project: &Project<'_>,
    opened: &Opened,
    given: Option<&Path>,
) -> anyhow::Result<SecretKey> {
    let file = polling::registrar_file(project, &opened.path, given);
    let text = secret::kept(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?
        .with_context(|| {
            format!(
                "the key of the registrar is not in {}; name its file with --registrar",
                file.display()
            )
        })?;
    SecretKey::of_text(&text).with_context(|| file.display().to_string())
}
