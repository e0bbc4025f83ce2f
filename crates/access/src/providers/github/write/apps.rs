//! Lets an installed program reach a repository, or no longer.

use change::WriteFailure;
use http_client::http::Method;
use serde::Deserialize;

use super::{Outcome, gone, refused};
use crate::providers::github::GitHub;
use crate::providers::github::people::{RepositoryName, note, noted};
use crate::providers::github::read::Installations;
use crate::{Key, Known, Sort, Step};

#[derive(Deserialize)]
struct Plain {
    id: u64,
}

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    let installation = installation(hub, &step.key.of, known)?;
    let Some(installation) = installation else {
        return match step.after {
            None => Ok(()),
            Some(_) => Err(refused(format!(
                "the app `{}` is not installed in the organisation `{}`: an owner has to do that",
                step.key.of, hub.organisation
            ))),
        };
    };
    let Some(repository) = number(hub, step.key, known)? else {
        return match step.after {
            None => Ok(()),
            Some(_) => Err(refused(format!(
                "there is no repository `{}`",
                step.key.name
            ))),
        };
    };
    let path = format!("/user/installations/{installation}/repositories/{repository}");
    if step.after.is_none() {
        return gone(hub.api.change(Method::DELETE, &path, None));
    }
    hub.api.change(Method::PUT, &path, None)?;
    Ok(())
}

/// The number of an app's installation.
fn installation(hub: &GitHub, app: &str, known: &Known) -> Result<Option<u64>, WriteFailure> {
    let key = Key::of(Sort::App, app, "");
    if let Some(id) = noted(known, &key) {
        return Ok(Some(id));
    }
    let pages: Vec<Installations> = hub.api.look_at_pages(&hub.below("/installations"))?;
    let all = pages.into_iter().flat_map(|page| page.installations);
    let mut own = all.filter(|one| one.app_slug.eq_ignore_ascii_case(app));
    let id = own.next().map(|one| one.id);
    if let Some(id) = id {
        note(known, &key, &id);
    }
    Ok(id)
}

/// The number of a repository.
fn number(hub: &GitHub, key: &Key, known: &Known) -> Result<Option<u64>, WriteFailure> {
    let places = [key.clone(), Key::new(Sort::Repository, &key.name)];
    let seen = places
        .iter()
        .find_map(|key| noted::<RepositoryName>(known, key));
    if let Some(seen) = seen {
        return Ok(Some(seen.id));
    }
    let told: Option<Plain> = hub.api.look(&hub.repository(&key.name, ""))?;
    Ok(told.map(|told| told.id))
}
