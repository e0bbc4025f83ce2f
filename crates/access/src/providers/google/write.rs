//! Changes one thing of the groups of a domain.

use std::sync::atomic::Ordering;
use std::time::Duration;

use change::WriteFailure;
use http_client::Failure;
use http_client::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::read::{Member, member_key};
use super::token::NoToken;
use super::{GoogleGroups, Group, Reply, Trouble, settings};
use crate::{Key, Known, Sort, Step};

/// How long parts of Google take at least to learn of a new group.
const SETTLING: Duration = Duration::from_secs(2);

type Done = Result<(), WriteFailure>;

/// Does one step.
pub(super) fn write(google: &GoogleGroups, step: &Step<'_>, known: &Known) -> Done {
    let (key, before) = (step.key, step.before);
    let work = Work { google, known, key };
    match (key.sort, before, step.after) {
        (Sort::MailingGroup, None, Some(after)) => work.make_group(after),
        (Sort::MailingGroup, Some(before), Some(after)) => work.change_group(Some(before), after),
        (Sort::MailingGroup, _, None) => work.delete_group(),
        (Sort::MailingSettings, before, Some(after)) => work.set(before, after),
        // What nobody wants of the settings stays as it is.
        (Sort::MailingSettings, _, None) => Ok(()),
        (Sort::MailingMember, None, Some(after)) => work.add_member(after),
        (Sort::MailingMember, Some(before), Some(after)) if before["role"] == after["role"] => {
            Ok(())
        }
        (Sort::MailingMember, Some(_), Some(after)) => work.change_role(after),
        (Sort::MailingMember, _, None) => work.remove_member(),
        _ => Err(WriteFailure::Refused(format!(
            "Google Groups holds no {key}"
        ))),
    }
}

/// What one step is done with.
struct Work<'w> {
    google: &'w GoogleGroups,
    known: &'w Known,
    key: &'w Key,
}

impl Work<'_> {
    fn make_group(&self, after: &Value) -> Done {
        let address = self.key.name.as_str();
        let body = json!({
            "email": address,
            "name": after["name"],
            "description": after["description"],
        });
        match self.ask(&Method::POST, &self.google.directory, Some(&body))? {
            Reply::Done(body) => {
                self.google.made(address);
                let group: Option<Group> = serde_json::from_slice(&body).ok();
                // Without its number, it is looked up where that is needed.
                if let Some(group) = group {
                    self.known.set(self.key.clone(), group.id);
                }
                Ok(())
            }
            Reply::Exists(_) => match self.look_up(address)? {
                Some(group) => {
                    self.known.set(self.key.clone(), group.id);
                    let before = json!({"name": group.name, "description": group.description});
                    self.change_group(Some(&before), after)
                }
                None => Err(WriteFailure::Refused(format!(
                    "{address} is in use as the address of a user or one more address of another group; free it, or choose another"
                ))),
            },
            other => Err(refused(other)),
        }
    }

    fn change_group(&self, before: Option<&Value>, after: &Value) -> Done {
        let mut body = Map::new();
        for field in ["name", "description"] {
            if before.and_then(|before| before.get(field)) != after.get(field) {
                body.insert(field.to_owned(), after[field].clone());
            }
        }
        if body.is_empty() {
            return Ok(());
        }
        let address = self.key.name.as_str();
        let group = self.group(address)?;
        let url = self.google.group_url(&group);
        match self.ask(&Method::PATCH, &url, Some(&Value::Object(body)))? {
            Reply::Done(_) => Ok(()),
            Reply::Missing(_) => Err(self.not_found(address)),
            other => Err(refused(other)),
        }
    }

    fn delete_group(&self) -> Done {
        let group = match self.known.get(self.key) {
            Some(group) => group,
            None => match self.look_up(&self.key.name)? {
                Some(group) => group.id,
                None => return Ok(()),
            },
        };
        match self.ask(&Method::DELETE, &self.google.group_url(&group), None)? {
            Reply::Done(_) | Reply::Missing(_) => Ok(()),
            other => Err(refused(other)),
        }
    }

    fn set(&self, before: Option<&Value>, after: &Value) -> Done {
        let body = settings::changes(before, after).map_err(WriteFailure::Refused)?;
        if body.is_empty() {
            return Ok(());
        }
        let address = self.key.of.as_str();
        // The settings know addresses alone, which may be those of another group.
        self.group(address)?;
        let url = self.google.settings_url(address);
        match self.ask(&Method::PATCH, &url, Some(&Value::Object(body)))? {
            Reply::Done(_) => Ok(()),
            Reply::Missing(_) => Err(self.not_found(address)),
            other => Err(refused(other)),
        }
    }

    fn add_member(&self, after: &Value) -> Done {
        let role = role(after)?;
        let Some(address) = after["address"].as_str() else {
            return Err(WriteFailure::Refused("it has no address".to_owned()));
        };
        let group = self.group(&self.key.of)?;
        let url = format!("{}/members", self.google.group_url(&group));
        let body = json!({"email": address, "role": role});
        match self.ask(&Method::POST, &url, Some(&body))? {
            Reply::Done(body) => {
                let member: Option<Member> = serde_json::from_slice(&body).ok();
                if let Some(id) = member.and_then(|member| member.id) {
                    self.known.set(self.key.clone(), id);
                }
                Ok(())
            }
            Reply::Exists(_) => self.is_member(&group, address, role),
            Reply::Missing(what) if is_about_group(&what) => Err(self.not_found(&self.key.of)),
            Reply::Missing(what) => Err(WriteFailure::Refused(format!(
                "Google knows no account {address} ({what})"
            ))),
            Reply::Refused(what) if role == "OWNER" => Err(WriteFailure::Refused(format!(
                "{what}; is {address} a group? A group cannot own another"
            ))),
            other => Err(refused(other)),
        }
    }

    /// Sees to it that somebody who is in the group already is there as wanted.
    fn is_member(&self, group: &str, address: &str, role: &str) -> Done {
        let url = self.google.member_url(group, address);
        let body = match self.ask(&Method::GET, &url, None)? {
            Reply::Done(body) => body,
            Reply::Missing(_) => {
                return Err(WriteFailure::Refused(format!(
                    "Google says that {address} is in the group, and does not find it there; plan again later"
                )));
            }
            other => return Err(refused(other)),
        };
        let member: Member = parsed(&body)?;
        let email = member.email.unwrap_or_default();
        if member_key(&self.key.of, &email) != *self.key {
            return Err(WriteFailure::Refused(format!(
                "{address} is one more address of {email}, which is in the group; write that one"
            )));
        }
        self.known.set(self.key.clone(), member.id.unwrap_or(email));
        if member.role == role {
            return Ok(());
        }
        self.give_role(group, role)
    }

    fn change_role(&self, after: &Value) -> Done {
        let group = self.group(&self.key.of)?;
        self.give_role(&group, role(after)?)
    }

    fn give_role(&self, group: &str, role: &str) -> Done {
        let url = self.google.member_url(group, &self.member());
        match self.ask(&Method::PATCH, &url, Some(&json!({"role": role})))? {
            Reply::Done(_) => Ok(()),
            Reply::Missing(what) if is_about_group(&what) => Err(self.not_found(&self.key.of)),
            Reply::Missing(_) => Err(WriteFailure::Refused(format!(
                "{} is no longer in the group; plan again",
                self.key.name
            ))),
            Reply::Refused(what) if role == "OWNER" => Err(WriteFailure::Refused(format!(
                "{what}; is {} a group? A group cannot own another",
                self.key.name
            ))),
            other => Err(refused(other)),
        }
    }

    fn remove_member(&self) -> Done {
        let container = Key::new(Sort::MailingGroup, &self.key.of);
        let group = match self.known.get(&container) {
            Some(group) => group,
            None => match self.look_up(&self.key.of)? {
                Some(group) => group.id,
                None => return Ok(()),
            },
        };
        let url = self.google.member_url(&group, &self.member());
        match self.ask(&Method::DELETE, &url, None)? {
            Reply::Done(_) => Ok(()),
            Reply::Missing(what) if is_about_group(&what) && self.google.is_new(&self.key.of) => {
                Err(WriteFailure::Later(SETTLING))
            }
            Reply::Missing(_) => Ok(()),
            // Google has been seen to say so of somebody who is in no group any more.
            Reply::Refused(what) => match self.ask(&Method::GET, &url, None)? {
                Reply::Missing(_) => Ok(()),
                _ => Err(WriteFailure::Refused(what)),
            },
            other => Err(refused(other)),
        }
    }

    /// How Google calls the member.
    fn member(&self) -> String {
        let known = self.known.get(self.key);
        known.unwrap_or_else(|| self.key.name.clone())
    }

    /// How Google calls a group.
    fn group(&self, address: &str) -> Result<String, WriteFailure> {
        let key = Key::new(Sort::MailingGroup, address);
        if let Some(group) = self.known.get(&key) {
            return Ok(group);
        }
        match self.look_up(address)? {
            Some(group) => {
                self.known.set(key, group.id.clone());
                Ok(group.id)
            }
            None => Err(self.not_found(address)),
        }
    }

    /// The group with this address, and not one that has it as one more.
    fn look_up(&self, address: &str) -> Result<Option<Group>, WriteFailure> {
        let url = self.google.group_url(address);
        match self.ask(&Method::GET, &url, None)? {
            Reply::Done(body) => {
                let group: Group = parsed(&body)?;
                let same = group.email.to_lowercase() == address;
                Ok(same.then_some(group))
            }
            Reply::Missing(_) => Ok(None),
            other => Err(refused(other)),
        }
    }

    fn not_found(&self, group: &str) -> WriteFailure {
        if self.google.is_new(group) {
            return WriteFailure::Later(SETTLING);
        }
        WriteFailure::Refused(format!("there is no group {group}; plan again"))
    }

    /// Asks once. What did not arrive, what is too early and what nobody knows of is a failure.
    fn ask(&self, method: &Method, url: &str, body: Option<&Value>) -> Result<Reply, WriteFailure> {
        let google = self.google;
        let reply = google.ask(&google.writing, method, url, body);
        match reply {
            Ok(Reply::Limited(pause)) | Err(Trouble::NoToken(NoToken::Later(pause))) => {
                Err(WriteFailure::Later(google.pause(pause)))
            }
            Ok(Reply::Broken(what)) => Err(WriteFailure::Unknown(what)),
            Ok(reply) => {
                google.limited.store(0, Ordering::Relaxed);
                Ok(reply)
            }
            Err(Trouble::NoToken(NoToken::Refused(what))) => Err(WriteFailure::Refused(what)),
            Err(
                Trouble::NoToken(NoToken::Unreachable(what))
                | Trouble::Failure(Failure::Unreachable(what)),
            ) => Err(WriteFailure::Unreachable(what)),
            Err(Trouble::Failure(Failure::Unanswered(what))) => Err(WriteFailure::Unknown(what)),
        }
    }
}

/// Whether it is the group that is not found, and not who is in it.
fn is_about_group(message: &str) -> bool {
    !message.contains("memberKey")
}

/// The role of a member, as Google writes it.
fn role(value: &Value) -> Result<&'static str, WriteFailure> {
    match value["role"].as_str() {
        Some("owner") => Ok("OWNER"),
        Some("manager") => Ok("MANAGER"),
        Some("member") => Ok("MEMBER"),
        _ => Err(WriteFailure::Refused(
            "it has no role that Google Groups knows".to_owned(),
        )),
    }
}

fn parsed<T: for<'b> Deserialize<'b>>(body: &[u8]) -> Result<T, WriteFailure> {
    serde_json::from_slice(body).map_err(|error| {
        WriteFailure::Unknown(format!("an answer is not as Google describes it ({error})"))
    })
}

/// A reply that is no success.
fn refused(reply: Reply) -> WriteFailure {
    match reply {
        Reply::Refused(what) => WriteFailure::Refused(what),
        Reply::Missing(what) | Reply::Exists(what) => {
            WriteFailure::Refused(format!("Google says: {what}"))
        }
        Reply::Broken(what) => WriteFailure::Unknown(what),
        Reply::Limited(pause) => WriteFailure::Later(pause.unwrap_or(SETTLING)),
        Reply::Done(_) => WriteFailure::Unknown("an answer that nobody expects".to_owned()),
    }
}
