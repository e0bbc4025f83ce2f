//! What an election was opened with: the record that lies beside its ballot box.
//!
//! The poll in the box has the digest of this record, so neither can be changed alone. It
//! keeps the digest of the election, which the lottery takes, and the commit whose estate
//! says who a voter is.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ballot_box::BallotBox;
use base::Digest;
use elections::voters::{NotOnTheRoll, Roll};
use elections::{Login, elekto};
use estate::Estate;
use serde::{Deserialize, Serialize};

use super::ballots;
use super::held::{Held, login_of};
use crate::files;
use crate::governed::Place;
use crate::project::Project;

const FORM: &str = "commonhold-opening/1";

/// The record of an opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    form: String,
    /// The digest of the election as it was.
    pub(super) election: Digest,
    /// The commit whose people vote; none where the estate is in no repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<String>,
}

impl Opening {
    pub(super) fn new(election: Digest, commit: Option<String>) -> Self {
        Self {
            form: FORM.to_owned(),
            election,
            commit,
        }
    }

    pub(super) fn digest(&self) -> anyhow::Result<Digest> {
        Ok(Digest::of(base::canonical(self)?.as_bytes()))
    }

    /// Of the ballot box, whose poll says that it is the one.
    pub(super) fn of_box(path: &Path, ballot_box: &BallotBox) -> anyhow::Result<Self> {
        let file = place(path);
        let opening = Self::kept(path)?.with_context(|| {
            format!(
                "{} is not there, which says how the election was opened; it belongs beside the ballot box",
                file.display()
            )
        })?;
        if opening.digest()? != ballot_box.poll().digest {
            bail!(
                "{} is not what the ballot box was opened with: it was changed, or is that of another election",
                file.display()
            );
        }
        Ok(opening)
    }

    /// What lies beside a ballot box, if anything does.
    pub(super) fn kept(ballot_box: &Path) -> anyhow::Result<Option<Self>> {
        let file = place(ballot_box);
        if !file.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Some(Self::of_text(&text, &file)?))
    }

    /// As it was published.
    pub(super) fn read(project: &Project<'_>, path: &Path) -> anyhow::Result<Self> {
        let bytes = ballots::bytes(project, path)?;
        Self::of_text(&String::from_utf8_lossy(&bytes), path)
    }

    fn of_text(text: &str, path: &Path) -> anyhow::Result<Self> {
        let opening: Option<Self> = serde_json::from_str(text).ok();
        opening
            .filter(|opening| opening.form == FORM)
            .with_context(|| format!("{} is no record of an opening", path.display()))
    }

    pub(super) fn to_text(&self) -> anyhow::Result<String> {
        Ok(base::canonical(self)? + "\n")
    }

    /// Puts it beside the ballot box that is made next.
    pub(super) fn keep(&self, ballot_box: &Path) -> anyhow::Result<()> {
        let file = place(ballot_box);
        files::replace(&file, &self.to_text()?)
            .with_context(|| format!("{} cannot be written", file.display()))
    }

    /// That the election of a folder is still the one that was opened.
    pub(super) fn check(&self, held: &Held) -> anyhow::Result<()> {
        let digest = held.definition()?.digest()?;
        if digest != self.election {
            bail!(
                "{} was changed after the election was opened: the box was made for {}, and it is {digest} now; restore the file from Git",
                held.folder.join(elekto::ELECTION).display(),
                self.election
            );
        }
        Ok(())
    }
}

fn place(ballot_box: &Path) -> PathBuf {
    ballot_box.with_extension("opening")
}

/// The commit whose estate is trusted now; none where there is no estate or repository.
pub(super) fn trusted_commit(project: &Project<'_>) -> anyhow::Result<Option<String>> {
    if project.given.is_none() && project.tree().is_err() {
        return Ok(None);
    }
    let place = Place::of(project)?;
    if place.repository.is_none() {
        return Ok(None);
    }
    let mut ledger = place.existing_ledger_here(project)?;
    place.trusted_now(ledger.as_mut()).map(Some)
}

/// The id of a person in a ballot box. A login has no `/`, so the two are never one.
pub(super) fn id_of(name: &str) -> String {
    format!("person/{name}")
}

/// The ids of those on a roll that stay theirs: the person where the estate has one, for
/// whom anybody can look it up at the commit of the opening; otherwise the login, which is
/// nobody's in the estate, whatever a file says later.
pub(super) fn ids(roll: &Roll, estate: &Estate) -> anyhow::Result<Vec<String>> {
    let people = estate.tables.people.items();
    let people: std::collections::HashMap<&str, _> = people
        .map(|person| (person.name.as_str(), person))
        .collect();
    let id = |voter: &elections::voters::Voter| {
        let named = voter.person.as_deref();
        let Some(person) = named.and_then(|name| people.get(name)) else {
            return Ok(voter.login.to_string());
        };
        let account = person.value.handles.github_id;
        let refused = Login::new(&login_of(person)).ok();
        let refused = refused.and_then(|login| roll.admits(&login, account).err());
        if refused == Some(NotOnTheRoll::OtherAccount) {
            bail!(
                "person/{} has another account now than on the roll: the login `{}` has changed hands; correct the file of the person, or the roll",
                person.name,
                voter.login
            );
        }
        Ok(id_of(&person.name))
    };
    roll.voters().iter().map(id).collect()
}
