//! Whose vote it is: whoever signs with a key that the estate lists for a person.

use std::path::Path;

use anyhow::bail;
use ballot_box::Poll;
use decisions::sshsig::{SshSignature, VerifyingKey};
use estate::Estate;

use super::held::login_of;
use crate::governed::Place;
use crate::keys::{NoIdentity, SigningKey};
use crate::project::Project;

/// What a voter signs is for nothing else.
const NAMESPACE: &str = "commonhold-elect";

/// The login of whoever holds a key of somebody in the estate, proved by a signature.
pub(super) fn signed_in(
    project: &Project<'_>,
    poll: &Poll,
    key: Option<&Path>,
) -> anyhow::Result<String> {
    let place = Place::of(project)?;
    let key = SigningKey::find(&place, key)?;
    let estate = trusted(project, &place)?;
    let name = key.holder(&estate)?;
    let now = place.now();
    let text = format!("vote in {} as {name} at {now}\n", poll.fingerprint());
    signer(&estate, &text, &key.sign(NAMESPACE, &text)?)
}

/// The armored signature of a text, to be sent.
pub(super) fn sign(
    project: &Project<'_>,
    key: Option<&Path>,
    text: &str,
) -> anyhow::Result<String> {
    let place = Place::of(project)?;
    SigningKey::find(&place, key)?.sign(NAMESPACE, text)
}

/// The login of whoever signed a text that was sent.
pub(super) fn sender(project: &Project<'_>, text: &str, signature: &str) -> anyhow::Result<String> {
    let place = Place::of(project)?;
    signer(&trusted(project, &place)?, text, signature)
}

fn signer(estate: &Estate, text: &str, signature: &str) -> anyhow::Result<String> {
    let signature = SshSignature::parse(signature)?;
    let signed_with = |line: &str| {
        let key = VerifyingKey::of_line(line);
        key.is_ok_and(|key| signature.verify(text.as_bytes(), NAMESPACE, &key).is_ok())
    };
    let people = estate.tables.people.items();
    let mut signers = people.filter(|person| {
        let mut keys = person.value.keys.iter();
        keys.any(|key| signed_with(key.as_str()))
    });
    match (signers.next(), signers.next()) {
        (Some(person), None) => Ok(login_of(person)),
        (Some(one), Some(other)) => bail!(NoIdentity(format!(
            "the key is listed for {} and for {}; each person needs a key of their own",
            one.name, other.name
        ))),
        (None, _) => bail!(NoIdentity(
            "it is not signed with a key that the estate lists for anybody, or was altered"
                .to_owned()
        )),
    }
}

/// The people as they are trusted: those of the last commit that the ledger knows, of the
/// last one where there is no ledger, or of the files where there is no repository.
fn trusted(project: &Project<'_>, place: &Place<'_>) -> anyhow::Result<Estate> {
    if place.repository.is_none() {
        return Ok(project.ask()?.0);
    }
    let mut ledger = place.existing_ledger_here(project)?;
    let commit = place.trusted_now(ledger.as_mut())?;
    Ok(place.at(&commit)?.estate)
}
