//! Which repositories the programs that are declared may reach.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;

use super::Found;
use crate::abreast::abreast;
use crate::providers::github::AT_ONCE;
use crate::providers::github::people::{RepositoryName, note};
use crate::providers::github::{GitHub, people};
use crate::{Key, Known, ReadError, Sort, State};

/// A page of the installations of an organisation.
#[derive(Deserialize)]
pub(in super::super) struct Installations {
    pub(in super::super) total_count: usize,
    pub(in super::super) installations: Vec<Installation>,
}

/// A program installed in an organisation.
#[derive(Deserialize)]
pub(in super::super) struct Installation {
    pub(in super::super) id: u64,
    pub(in super::super) app_slug: String,
    pub(in super::super) repository_selection: String,
}

#[derive(Deserialize)]
struct Repositories {
    total_count: usize,
    repositories: Vec<RepositoryName>,
}

pub(super) fn read(hub: &GitHub, wanted: &State, known: &Known) -> Result<Found, ReadError> {
    let mut found = Found::default();
    let keys = wanted.entries.keys().filter(|key| key.sort == Sort::App);
    let declared: BTreeSet<&str> = keys.clone().map(|key| key.of.as_str()).collect();
    let mut installed: Vec<Installation> = installations(hub)?;
    installed.retain(|one| declared.contains(one.app_slug.to_lowercase().as_str()));
    let reached = abreast(AT_ONCE, &installed, |one| {
        match one.repository_selection.as_str() {
            "all" => Ok(None),
            _ => reach(hub, one.id).map(Some),
        }
    })?;
    for (one, reached) in installed.iter().zip(reached) {
        people::note(known, &Key::of(Sort::App, &one.app_slug, ""), &one.id);
        let Some(reached) = reached else {
            everything(&one.app_slug, wanted, &mut found)?;
            continue;
        };
        for repository in reached {
            let key = Key::of(Sort::App, &one.app_slug, &repository.name);
            note(known, &key, &repository);
            found.add(key, json!({}))?;
        }
    }
    Ok(found)
}

/// A program that reaches every repository reaches those that are wanted too. That it does can
/// only be changed by hand.
fn everything(app: &str, wanted: &State, found: &mut Found) -> Result<(), ReadError> {
    let why = "it was installed for all repositories, which an owner has to change by hand";
    found.leave(Key::of(Sort::App, app, "*"), why);
    found.notes.push(format!(
        "the app {app} reaches all repositories; declared are some"
    ));
    let keys = wanted.entries.keys();
    for key in keys.filter(|key| key.sort == Sort::App && key.of == app.to_lowercase()) {
        found.add(key.clone(), json!({}))?;
    }
    Ok(())
}

fn installations(hub: &GitHub) -> Result<Vec<Installation>, ReadError> {
    let pages: Vec<Installations> = hub.api.pages(&hub.below("/installations"))?;
    let total = pages.last().map_or(0, |page| page.total_count);
    let all: Vec<_> = pages
        .into_iter()
        .flat_map(|page| page.installations)
        .collect();
    complete(all, total, "installed apps")
}

fn reach(hub: &GitHub, installation: u64) -> Result<Vec<RepositoryName>, ReadError> {
    let path = format!("/user/installations/{installation}/repositories");
    let pages: Vec<Repositories> = hub.api.pages(&path)?;
    let total = pages.last().map_or(0, |page| page.total_count);
    let all: Vec<_> = pages
        .into_iter()
        .flat_map(|page| page.repositories)
        .collect();
    complete(all, total, "repositories of an app")
}

fn complete<T>(all: Vec<T>, total: usize, what: &str) -> Result<Vec<T>, ReadError> {
    if all.len() == total {
        return Ok(all);
    }
    Err(ReadError::Untrusted(format!(
        "it says that there are {total} {what}, and lists {}",
        all.len()
    )))
}
