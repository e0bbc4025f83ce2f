//! Whose vote it is: whoever signs with a key that the estate lists for a person.
//!
//! A voter is the person of the estate as it was when the election was opened. What people
//! change in their files later, a login above all, makes nobody another voter. A key that
//! came later signs for the person in whose file of the same name it is; one that was taken
//! out of the file signs for nobody.

use std::path::Path;

use anyhow::bail;
use ballot_box::Poll;
use decisions::sshsig::{SshSignature, VerifyingKey};
use estate::kinds::Person;
use estate::{Estate, Item};

use super::opening::{self, Opening};
use crate::governed::Place;
use crate::keys::{NoIdentity, SigningKey, holder};
use crate::project::Project;

/// What a voter signs is for nothing else.
const NAMESPACE: &str = "commonhold-elect";

/// The id of whoever holds a key of somebody in the estate, proved by a signature.
pub(super) fn signed_in(
    project: &Project<'_>,
    poll: &Poll,
    opening: &Opening,
    key: Option<&Path>,
) -> anyhow::Result<String> {
    let place = Place::of(project)?;
    let key = SigningKey::find(&place, key)?;
    let people = People::of(project, &place, opening)?;
    let then = people.then.as_ref().map(|then| key.holder(then));
    let name = match then {
        Some(Ok(name)) => name,
        _ => key.holder(&people.now)?,
    };
    let now = place.now();
    let text = format!("vote in {} as {name} at {now}\n", poll.fingerprint());
    people.signer(&text, &key.sign(NAMESPACE, &text)?)
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

/// The id of whoever signed a text that was sent.
pub(super) fn sender(
    project: &Project<'_>,
    opening: &Opening,
    text: &str,
    signature: &str,
) -> anyhow::Result<String> {
    let place = Place::of(project)?;
    People::of(project, &place, opening)?.signer(text, signature)
}

/// The people as they are trusted: those of the last commit that the ledger knows, of the
/// last one where there is no ledger, or of the files where there is no repository.
pub(super) fn trusted(project: &Project<'_>) -> anyhow::Result<Estate> {
    match opening::trusted_commit(project)? {
        Some(commit) => Ok(Place::of(project)?.at(&commit)?.estate),
        None => Ok(project.ask()?.0),
    }
}

/// Those who can sign.
struct People {
    /// As the election was opened; none where the estate was in no repository.
    then: Option<Estate>,
    now: Estate,
}

impl People {
    fn of(project: &Project<'_>, place: &Place<'_>, opening: &Opening) -> anyhow::Result<Self> {
        let then = opening.commit.as_ref().map(|commit| place.at(commit));
        Ok(Self {
            then: then.transpose()?.map(|side| side.estate),
            now: trusted(project)?,
        })
    }

    fn signer(&self, text: &str, signature: &str) -> anyhow::Result<String> {
        let signature = SshSignature::parse(signature)?;
        let signed_with = |line: &str| {
            let key = VerifyingKey::of_line(line);
            key.is_ok_and(|key| signature.verify(text.as_bytes(), NAMESPACE, &key).is_ok())
        };
        let then = self.then.as_ref().map(|then| holder(then, signed_with));
        let name = match then.transpose()?.flatten() {
            Some(name) => {
                let mut people = self.now.tables.people.items();
                let today = people.find(|person| person.name == name);
                let has = |person: &Item<Person>| {
                    let mut keys = person.value.keys.iter();
                    keys.any(|key| signed_with(key.as_str()))
                };
                if today.is_some_and(|person| !has(person)) {
                    bail!(NoIdentity(format!(
                        "the key was taken out of the file of person/{name} after the election was opened"
                    )));
                }
                Some(name)
            }
            None => holder(&self.now, signed_with)?,
        };
        match name {
            Some(name) => Ok(opening::id_of(&name)),
            None => bail!(NoIdentity(
                "it is not signed with a key that the estate lists for anybody, or was altered"
                    .to_owned()
            )),
        }
    }
}
