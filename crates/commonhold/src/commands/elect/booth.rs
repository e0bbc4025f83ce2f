//! A ballot box as the portal stands before it: who is signed in votes, or brings what they blinded.

use anyhow::{Context, bail};
use ballot_box::{BallotBox, Poll};
use elections::definition::Key;
use serde_json::json;

use super::opening::{self, Opening};
use super::polling::{self, Opened};
use super::remote;
use crate::governed::Place;
use crate::keys::NoIdentity;
use crate::project::Project;

/// The ballot box of an election that was opened.
pub(crate) struct Booth {
    opened: Opened,
    opening: Opening,
}

impl Booth {
    /// Of an election, by its key with `/` or, as it stands in URLs, with `---`; nothing if it was
    /// not opened here.
    pub(crate) fn of(project: &Project<'_>, word: &str) -> anyhow::Result<Option<Self>> {
        let Some(key) = Key::new(&word.replace("---", "/")) else {
            return Ok(None);
        };
        let path = polling::place(project, &key, None)?;
        if !path.is_file() {
            return Ok(None);
        }
        let opened = Opened {
            ballot_box: polling::existing(project, &key, None)?,
            path,
            key,
        };
        let opening = opened.opening()?;
        Ok(Some(Self { opened, opening }))
    }

    /// The key of the election.
    pub(crate) fn key(&self) -> String {
        self.opened.key.to_string()
    }

    /// What is asked.
    pub(crate) fn poll(&self) -> &Poll {
        self.opened.ballot_box.poll()
    }

    /// The box.
    pub(crate) fn ballot_box(&mut self) -> &mut BallotBox {
        &mut self.opened.ballot_box
    }

    /// What `elect ask` and `elect vote --poll` take: the poll, and the key that signs its tokens.
    pub(crate) fn public(&self) -> String {
        let registrar = self.opened.ballot_box.registrar();
        json!({ "poll": self.poll(), "registrar": registrar }).to_string()
    }

    /// The id of a person in the box. Who had the name when the election was opened has it still.
    pub(crate) fn voter(&self, project: &Project<'_>, person: &str) -> anyhow::Result<String> {
        let Some(commit) = &self.opening.commit else {
            return Ok(opening::id_of(person));
        };
        let place = Place::of(project)?;
        let then = place.at(commit)?.estate;
        let now = super::identity::trusted(project)?;
        let account = |estate: &estate::Estate| {
            let found = estate.tables.people.get(person);
            found.map(|person| person.value.handles.github_id)
        };
        match (account(&then), account(&now)) {
            (Some(Some(then)), Some(Some(now))) if then != now => bail!(NoIdentity(format!(
                "person/{person} has another account now than when the election was opened: ask the officers"
            ))),
            _ => Ok(opening::id_of(person)),
        }
    }

    /// Signs what a person blinded, once for each; it is they who must have signed the request.
    pub(crate) fn token(
        &mut self,
        project: &Project<'_>,
        person: &str,
        request: &str,
    ) -> anyhow::Result<String> {
        let wanted = self.voter(project, person)?;
        let signed = serde_json::from_str(request.trim())
            .context("this is not what `commonhold elect ask` prints: paste all of it")?;
        remote::answer(project, &mut self.opened, &signed, None, |voter| {
            if voter == wanted {
                return Ok(());
            }
            bail!(NoIdentity(format!(
                "the request is signed by {voter}, and you are signed in as {wanted}"
            )))
        })
    }
}
