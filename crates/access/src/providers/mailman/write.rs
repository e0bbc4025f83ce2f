//! Changing lists at Mailman.

use std::collections::BTreeSet;

use change::WriteFailure;
use http_client::http::Method;
use http_client::{Answer, Failure, segment};
use serde_json::{Map, Value, json};

use super::{Known, Mailman, Step, list_id, mailmans, one_line, settings, text};
use crate::{Key, Sort};

/// How a new list is set up where the estate says nothing: Mailman's style for lists that only
/// their members see. What shall be open is opened by a setting.
const STYLE: &str = "private-default";

/// A role that an address has in a list.
struct Held {
    id: String,
    address: String,
    role: String,
}

impl Mailman {
    pub(super) fn write_one(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        match step.key.sort {
            Sort::MailingGroup => self.write_group(step, known),
            Sort::MailingSettings => self.write_settings(step, known),
            Sort::MailingMember => self.write_member(step, known),
            _ => Err(WriteFailure::Refused(format!(
                "Mailman holds mailing groups, and no {}",
                step.key
            ))),
        }
    }

    fn write_group(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        let address = &step.key.name;
        let id = list_id(address, known);
        let path = format!("lists/{}", segment(&id));
        let Some(after) = step.after else {
            return self.delete(&path);
        };
        let made = step.before.is_none();
        if made {
            self.create(address, &path)?;
            known.set(step.key.clone(), id);
        }
        let told = [("display_name", "name"), ("description", "description")];
        let told: Map<String, Value> = told
            .into_iter()
            .filter_map(|(theirs, ours)| {
                let text = one_line(text(after, ours)?);
                Some((theirs.to_owned(), text.into()))
            })
            .collect();
        let configured = self.configure(&path, told);
        if made {
            configured.map_err(half_done)
        } else {
            configured
        }
    }

    /// Makes a list, and its domain where that is missing. One that is there is as good.
    fn create(&self, address: &str, path: &str) -> Result<(), WriteFailure> {
        let body = json!({"fqdn_listname": address, "style_name": STYLE});
        let answer = self.change(Method::POST, "lists", Some(&body))?;
        if answer.status != 400 || self.is_there(path)? {
            return self.done_unless(&answer, 400);
        }
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        if self.is_there(&format!("domains/{}", segment(domain)))? {
            return self.done(&answer);
        }
        let domain = json!({"mail_host": domain});
        let made = self.change(Method::POST, "domains", Some(&domain))?;
        self.done(&made)?;
        let answer = self.change(Method::POST, "lists", Some(&body));
        answer
            .and_then(|answer| self.done(&answer))
            .map_err(half_done)
    }

    fn write_settings(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        // What is not wanted any more stays as it is: a setting has always some value.
        let Some(after) = step.after else {
            return Ok(());
        };
        let wanted = settings::texts(after);
        let pairs = wanted.iter().map(|(name, value)| (&**name, &**value));
        let unknown = settings::unknown_settings(pairs);
        if !unknown.is_empty() {
            return Err(WriteFailure::Refused(format!(
                "Mailman has no counterpart of {}; take that out of the settings of {}",
                unknown.join(", "),
                step.key.of
            )));
        }
        let path = format!("lists/{}", segment(&list_id(&step.key.of, known)));
        self.configure(&path, settings::told(&wanted))
    }

    fn configure(&self, path: &str, told: Map<String, Value>) -> Result<(), WriteFailure> {
        if told.is_empty() {
            return Ok(());
        }
        let path = format!("{path}/config");
        let answer = self.change(Method::PATCH, &path, Some(&Value::Object(told)))?;
        self.done(&answer)
    }

    /// Gives an address the role that it shall have, then takes its other roles and the other
    /// spellings of the mailbox: nobody is out of a list in between.
    fn write_member(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        let id = list_id(&step.key.of, known);
        let wanted = match step.after {
            Some(after) => Some(wanted_member(step.key, after)?),
            None => None,
        };
        let spellings = known.get(step.key).unwrap_or_default();
        let values = [step.before, step.after].into_iter().flatten();
        let said = values.filter_map(|value| text(value, "address"));
        let spellings: BTreeSet<_> = spellings
            .split(' ')
            .chain(said)
            .map(str::to_lowercase)
            .filter(|address| !address.is_empty())
            .collect();
        let mut held = Vec::new();
        for address in &spellings {
            held.extend(self.held(&id, address)?);
        }
        let mut changed = false;
        if let Some((address, role)) = wanted {
            let lower = address.to_lowercase();
            let is_it = |held: &Held| held.address == lower && held.role == role;
            if !held.iter().any(is_it) {
                self.subscribe(&id, address, role)?;
                changed = true;
            }
            held.retain(|held| !is_it(held));
        }
        for Held { id, .. } in held {
            // Whoever keeps the list agrees: else the member or a moderator is asked to.
            let path = format!(
                "members/{}?pre_confirmed=true&pre_approved=true",
                segment(&id)
            );
            let gone = self.delete(&path);
            gone.map_err(|failure| if changed { half_done(failure) } else { failure })?;
            changed = true;
        }
        let left = wanted.map_or_else(String::new, |(address, _)| address.to_lowercase());
        known.set(step.key.clone(), left);
        Ok(())
    }

    /// The roles of an address in a list.
    fn held(&self, list: &str, address: &str) -> Result<Vec<Held>, WriteFailure> {
        let path = format!(
            "members/find?list_id={}&subscriber={}",
            segment(list),
            segment(address)
        );
        let answer = self.look(&path)?;
        self.done(&answer)?;
        let found: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let Some(found) = found.filter(|found| found.get("total_size").is_some()) else {
            let what = self.silent("what it says of a member is not JSON");
            return Err(WriteFailure::Unreachable(what));
        };
        let entries = found.get("entries").and_then(Value::as_array);
        let held = entries.into_iter().flatten().filter_map(|entry| {
            Some(Held {
                id: text(entry, "member_id")?.to_owned(),
                address: text(entry, "email")?.to_owned(),
                role: text(entry, "role")?.to_owned(),
            })
        });
        // A `*` in an address, which may have one, finds others too.
        let exact = held.filter(|held| held.address == address && held.role != "nonmember");
        Ok(exact.collect())
    }

    fn subscribe(&self, list: &str, address: &str, role: &str) -> Result<(), WriteFailure> {
        // The estate was approved: nobody is asked again, and nobody is written to.
        let body = json!({
            "list_id": list,
            "subscriber": address,
            "role": role,
            "pre_verified": true,
            "pre_confirmed": true,
            "pre_approved": true,
            "send_welcome_message": false,
        });
        let answer = self.change(Method::POST, "members", Some(&body))?;
        match answer.status {
            202 => Err(WriteFailure::Unknown(format!(
                "Mailman at {} asks somebody to agree before {address} is in {list}",
                self.root
            ))),
            // Somebody was quicker, or the same change came through before.
            400 | 409 => {
                let held = self.held(list, &address.to_lowercase())?;
                if held.iter().any(|held| held.role == role) {
                    return Ok(());
                }
                self.done(&answer)
            }
            _ => self.done(&answer),
        }
    }

    /// Takes something away; what is gone is as good.
    fn delete(&self, path: &str) -> Result<(), WriteFailure> {
        let answer = self.change(Method::DELETE, path, None)?;
        if answer.status == 202 {
            return Err(WriteFailure::Unknown(format!(
                "Mailman at {} asks somebody to agree before a member goes",
                self.root
            )));
        }
        self.done_unless(&answer, 404)
    }

    fn is_there(&self, path: &str) -> Result<bool, WriteFailure> {
        Ok(self.look(path)?.status == 200)
    }

    /// Asks for what is at a path, before a change: it is there (200) or not (404), or nobody
    /// knows, and nothing was done.
    fn look(&self, path: &str) -> Result<Answer, WriteFailure> {
        let answer = self.ask(&self.reader, Method::GET, path, None);
        let answer = answer.map_err(|failure| match failure {
            Failure::Unreachable(what) | Failure::Unanswered(what) => {
                WriteFailure::Unreachable(self.silent(&what))
            }
        })?;
        match answer.status {
            200 | 404 => Ok(answer),
            429 | 503 => Err(WriteFailure::Later(answer.pause())),
            500.. => Err(WriteFailure::Unreachable(self.said(&answer))),
            _ => Err(WriteFailure::Refused(self.said(&answer))),
        }
    }

    fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, WriteFailure> {
        let answer = self.ask(&self.writer, method, path, body);
        answer.map_err(|failure| match failure {
            Failure::Unreachable(what) => WriteFailure::Unreachable(self.silent(&what)),
            Failure::Unanswered(what) => WriteFailure::Unknown(self.silent(&what)),
        })
    }

    fn done_unless(&self, answer: &Answer, fine: u16) -> Result<(), WriteFailure> {
        if answer.status == fine {
            Ok(())
        } else {
            self.done(answer)
        }
    }

    fn done(&self, answer: &Answer) -> Result<(), WriteFailure> {
        match answer.status {
            200..=299 => Ok(()),
            429 | 503 => Err(WriteFailure::Later(answer.pause())),
            500.. => Err(WriteFailure::Unknown(self.said(answer))),
            _ => {
                let said = self.said(answer);
                // It gives away as a fault of the request what was one of its database, as where
                // two wrote at once: "(sqlite3.OperationalError) database is locked".
                if said.contains("Error) ") && said.contains("says: (") {
                    return Err(WriteFailure::Unknown(said));
                }
                Err(WriteFailure::Refused(said))
            }
        }
    }
}

/// The address and the role at Mailman that a value asks for.
fn wanted_member<'v>(key: &Key, value: &'v Value) -> Result<(&'v str, &'v str), WriteFailure> {
    let address = text(value, "address").filter(|address| !address.is_empty());
    let role = text(value, "role").filter(|role| ["owner", "manager", "member"].contains(role));
    match (address, role) {
        (Some(address), Some(role)) => Ok((address, mailmans(role))),
        _ => Err(WriteFailure::Refused(format!(
            "{key}: it has no address, or a role that Mailman does not have"
        ))),
    }
}

/// What a failure means after something was done before it.
fn half_done(failure: WriteFailure) -> WriteFailure {
    match failure {
        WriteFailure::Refused(what) | WriteFailure::Unreachable(what) => {
            WriteFailure::Unknown(format!("it is half done: {what}"))
        }
        other => other,
    }
}
