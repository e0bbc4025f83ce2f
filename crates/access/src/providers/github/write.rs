//! Changes an organisation, one step at a time.
//!
//! What is refused because it is so already is done; what goes and is gone already is gone. A
//! step of several requests that fails after the first of them has been done says that it is
//! not known how things are, so that they are looked at again.

mod apps;
mod branches;
mod collaborators;
mod members;
mod repositories;
mod settings;
mod teams;

use change::WriteFailure;
use http_client::segment;
use serde::Deserialize;
use serde_json::Value;

use super::answers::Trouble;
use super::people::{Person, TeamName, note, noted};
use super::{Account, GitHub, names};
use crate::{Key, Known, Sort, Step};

/// What comes of a step.
type Outcome = Result<(), WriteFailure>;

/// Does one step.
pub(super) fn one(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    match step.key.sort {
        Sort::Settings => settings::write(hub, step),
        Sort::Member => members::write(hub, step, known),
        Sort::Team => teams::write(hub, step, known),
        Sort::TeamMember => teams::write_member(hub, step, known),
        Sort::TeamGrant => teams::write_grant(hub, step, known),
        Sort::Repository => repositories::write(hub, step, known),
        Sort::Collaborator => collaborators::write(hub, step, known),
        Sort::Branch => branches::write(hub, step, known),
        Sort::App => apps::write(hub, step, known),
        Sort::MailingGroup
        | Sort::MailingSettings
        | Sort::MailingMember
        | Sort::Person
        | Sort::DirectoryGroup
        | Sort::DirectoryMember => Err(refused(format!("GitHub holds no {}", step.key))),
    }
}

fn refused(what: impl Into<String>) -> WriteFailure {
    WriteFailure::Refused(what.into())
}

/// What a value says by a name that it must have.
fn text<'v>(key: &Key, value: &'v Value, name: &str) -> Result<&'v str, WriteFailure> {
    let text = value[name].as_str();
    text.ok_or_else(|| refused(format!("the {key} is to be `{value}`, which has no {name}")))
}

/// What is left to do after something was done: a failure of it leaves things half done.
fn after(done: &str, rest: Outcome) -> Outcome {
    rest.map_err(|failure| WriteFailure::Unknown(format!("{done}, but not all of it: {failure}")))
}

/// The outcome of taking something away: if it is gone already, that is done.
fn gone(result: Result<Value, Trouble>) -> Outcome {
    match result {
        Ok(_) | Err(Trouble::Missing(_)) => Ok(()),
        Err(trouble) => Err(trouble.into()),
    }
}

/// The outcome of a change: if it is rejected, and things are so already, that is done.
fn unless_so(
    result: Result<Value, Trouble>,
    is_so: impl FnOnce() -> Result<bool, WriteFailure>,
) -> Outcome {
    match result {
        Ok(_) => Ok(()),
        Err(rejection @ Trouble::Rejected(_)) => match is_so() {
            Ok(true) => Ok(()),
            // What was said first says more than that it could not be looked at.
            Ok(false) | Err(_) => Err(rejection.into()),
        },
        Err(trouble) => Err(trouble.into()),
    }
}

/// The values of `after` that `before` has not, without those that only matter when a thing is made.
fn changed(before: Option<&Value>, after: &Value) -> serde_json::Map<String, Value> {
    let same = |name: &str, value: &Value| before.and_then(|b| b.get(name)) == Some(value);
    let all = after.as_object().into_iter().flatten();
    all.filter(|(name, value)| name.as_str() != "create" && !same(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A team as REST tells it.
#[derive(Deserialize)]
struct Existing {
    id: u64,
    slug: String,
    name: String,
}

impl GitHub {
    /// The login, as it is now, of somebody who is to be given something.
    ///
    /// A login whose account has another number than the estate says is somebody else's.
    fn login(&self, key: &Key, known: &Known) -> Result<String, WriteFailure> {
        let name = key.name.as_str();
        let declared = self.people.number(name);
        let seen = [key.clone(), Key::new(Sort::Member, name)];
        let seen = seen.iter().filter_map(|key| noted::<Person>(known, key));
        let mut seen = seen.filter(|person| !person.login.is_empty());
        let Some(declared) = declared else {
            return Ok(seen
                .next()
                .map_or_else(|| name.to_owned(), |person| person.login));
        };
        if let Some(person) = seen.find(|person| person.number == Some(declared)) {
            return Ok(person.login);
        }
        if let Some(login) = self.verified(name) {
            return Ok(login);
        }
        let Some(account) = self.account_of(name)? else {
            return Err(no_account(name));
        };
        if account.id != declared {
            return Err(refused(format!(
                "the account `{name}` is number {} and not {declared}, as the estate says: \
                 somebody else has that login now, so correct the login or the number",
                account.id
            )));
        }
        self.set_verified(name, &account.login);
        Ok(account.login)
    }

    fn account_of(&self, login: &str) -> Result<Option<Account>, WriteFailure> {
        self.api.look(&format!("/users/{}", segment(login)))
    }

    /// Why somebody was not found: there is no such account, or it was something else.
    fn not_found(&self, login: &str, said: String) -> WriteFailure {
        match self.account_of(login) {
            Ok(None) => no_account(login),
            Ok(Some(_)) => Trouble::Missing(said).into(),
            Err(failure) => failure,
        }
    }

    /// What GitHub calls a team that has to be there.
    fn team(&self, name: &str, known: &Known) -> Result<TeamName, WriteFailure> {
        let team = self.find_team(name, known)?;
        team.ok_or_else(|| refused(format!("there is no team `{name}` at GitHub")))
    }

    /// What GitHub calls a team: as it was read or made, or by looking for it.
    fn find_team(&self, name: &str, known: &Known) -> Result<Option<TeamName>, WriteFailure> {
        let key = Key::new(Sort::Team, name);
        if let Some(team) = noted(known, &key) {
            return Ok(Some(team));
        }
        let slug = names::slug(name);
        let found: Option<Existing> = self.api.look(&self.below(&format!("/teams/{slug}")))?;
        // The slug was a guess, and other names have the same.
        let found = found.filter(|team| team.name.to_lowercase() == key.name);
        let team = found.map(|Existing { slug, id, .. }| TeamName { slug, id });
        if let Some(team) = &team {
            note(known, &key, team);
        }
        Ok(team)
    }
}

fn no_account(login: &str) -> WriteFailure {
    refused(format!(
        "GitHub has no account `{login}`: it was renamed or deleted"
    ))
}

/// The login of somebody who is to be taken something: as it was seen.
fn seen_login(key: &Key, known: &Known) -> String {
    let seen = [key.clone(), Key::new(Sort::Member, &key.name)];
    let seen = seen.iter().find_map(|key| noted::<Person>(known, key));
    let seen = seen.filter(|person| !person.login.is_empty());
    seen.map_or_else(
        // A stranger's number is not a part of the login.
        || {
            let stranger = key.name.rsplit_once('#');
            let login = stranger.map_or(key.name.as_str(), |(login, _)| login);
            login.to_owned()
        },
        |person| person.login,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_sent() {
        let before = json!({"description": "a", "has_wiki": true});
        let after = json!({"description": "b", "has_wiki": true, "create": {"auto_init": true}});
        let changed = Value::Object(changed(Some(&before), &after));
        assert_eq!(changed, json!({"description": "b"}));
    }

    #[test]
    fn half_a_step_is_not_known_to_be_done() {
        let later = WriteFailure::Later(std::time::Duration::from_secs(1));
        let outcome = after("the team was made", Err(later));
        assert!(matches!(outcome, Err(WriteFailure::Unknown(_))));
    }

    #[test]
    fn a_stranger_is_removed_by_the_login() {
        let key = Key::new(Sort::Member, "alice#7");
        assert_eq!(seen_login(&key, &Known::default()), "alice");
    }
}
