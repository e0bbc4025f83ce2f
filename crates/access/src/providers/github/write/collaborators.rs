//! Gives people something to do in a repository without a team, and takes it.

use http_client::http::Method;
use http_client::segment;
use serde_json::json;

use super::{Outcome, gone, refused, seen_login, text};
use crate::providers::github::answers::Trouble;
use crate::providers::github::people::{Person, RepositoryName, noted};
use crate::providers::github::read::Invitation;
use crate::providers::github::{GitHub, names};
use crate::{Key, Known, Sort, Step};

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    let key = step.key;
    let repository = Key::new(Sort::Repository, &key.of);
    let repository: Option<RepositoryName> = noted(known, &repository);
    let repository = repository.map_or_else(|| key.of.clone(), |noted| noted.name);
    let Some(value) = step.after else {
        return remove(hub, key, &repository, known);
    };
    let permission = text(key, value, "permission")?;
    let Some(rest) = names::rest(permission) else {
        return Err(refused(format!(
            "GitHub knows no permission `{permission}`"
        )));
    };
    let login = hub.login(key, known)?;
    // Who is invited is not invited again: what the invitation offers is changed.
    let invitations: Vec<Invitation> = hub
        .api
        .look_through(&hub.repository(&repository, "/invitations"))?;
    let own = invitations.into_iter().filter(|one| {
        let invitee = one.invitee.as_ref();
        invitee.is_some_and(|invitee| invitee.login.eq_ignore_ascii_case(&login))
    });
    for invitation in own {
        let path = hub.repository(&repository, &format!("/invitations/{}", invitation.id));
        if invitation.expired {
            gone(hub.api.change(Method::DELETE, &path, None))?;
        } else if names::permission(&invitation.permissions) == names::permission(permission) {
            return Ok(());
        } else {
            let body = json!({"permissions": names::permission(permission)});
            hub.api.change(Method::PATCH, &path, Some(&body))?;
            return Ok(());
        }
    }
    let path = path(hub, &repository, &login);
    match hub
        .api
        .change(Method::PUT, &path, Some(&json!({"permission": rest})))
    {
        Err(Trouble::Missing(said)) => Err(hub.not_found(&login, said)),
        other => Ok(other.map(|_| ())?),
    }
}

fn path(hub: &GitHub, repository: &str, login: &str) -> String {
    hub.repository(repository, &format!("/collaborators/{}", segment(login)))
}

fn remove(hub: &GitHub, key: &Key, repository: &str, known: &Known) -> Outcome {
    let person: Option<Person> = noted(known, key);
    if let Some(id) = person.and_then(|person| person.invitation) {
        let path = hub.repository(repository, &format!("/invitations/{id}"));
        match hub.api.change(Method::DELETE, &path, None) {
            // It was answered meanwhile.
            Err(Trouble::Missing(_)) => {}
            other => return Ok(other.map(|_| ())?),
        }
    }
    let path = path(hub, repository, &seen_login(key, known));
    gone(hub.api.change(Method::DELETE, &path, None))
}
