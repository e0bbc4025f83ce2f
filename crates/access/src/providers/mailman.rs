//! The REST interface of Mailman 3 (core 3.3.3 and later).
//!
//! # What is what
//! A scope is one mail domain of a Mailman. A list is a mailing group; its `display_name` and
//! `description` are the group's. A description has one line there: what has several in the
//! estate is one line of words. Owners are owners, moderators are managers, members are members.
//!
//! An address may have several roles in one list; the highest is what is read, and where a role
//! changes, the others of the address go. Nonmembers, of which Mailman keeps a note when they
//! write to a list, are in no role and never touched.
//!
//! Mailman keeps addresses in lower case. Where an address is the wanted one but for case, it is
//! read as the estate spells it.
//!
//! # Settings
//! A list is set up in Mailman's own words: the attributes of `lists/ID/config` that can be
//! written. What an adopted tree says in the words of Google Groups is set where Mailman has an
//! exact counterpart:
//!
//! | Google | | Mailman |
//! |---|---|---|
//! | `WhoCanJoin` | `ANYONE_CAN_JOIN` | `subscription_policy: confirm` |
//! | | `CAN_REQUEST_TO_JOIN` | `subscription_policy: moderate` |
//! | | `INVITED_CAN_JOIN` | `subscription_policy: confirm_then_moderate` |
//! | `WhoCanDiscoverGroup` | `ANYONE_CAN_DISCOVER` | `advertised: true` |
//! | | `ALL_MEMBERS_CAN_DISCOVER` | `advertised: false` |
//! | `WhoCanViewGroup` | `ANYONE_CAN_VIEW` | `archive_policy: public` |
//! | | `ALL_MEMBERS_CAN_VIEW` | `archive_policy: private` |
//! | `WhoCanViewMembership` | `ALL_MEMBERS_CAN_VIEW` | `member_roster_visibility: members` |
//! | | `ALL_MANAGERS_CAN_VIEW` | `member_roster_visibility: moderators` |
//! | `WhoCanPostMessage` | `ANYONE_CAN_POST` | `default_nonmember_action: defer` |
//! | | `ALL_MEMBERS_CAN_POST` | `default_nonmember_action: reject` |
//! | `MessageModerationLevel` | `MODERATE_NONE` | `default_member_action: defer` |
//! | | `MODERATE_NON_MEMBERS` | the same, and `default_nonmember_action: hold` |
//! | | `MODERATE_ALL_MESSAGES` | `hold` for both |
//!
//! Where two of them meet in `default_nonmember_action`, the stricter holds. What Mailman does
//! anyway needs no setting: `MembersCanPostAsTheGroup: false`, and `OWNERS_AND_MANAGERS` for
//! `WhoCanModerateContent` and `WhoCanModerateMembers`. Anything else means nothing to Mailman:
//! [`unknown_settings`] names it, it is never read, and to write it is refused. What differs
//! from the wanted is read in a word of the same setting of Google's if one fits, or else in
//! Mailman's, as `archive_policy: never`.
//!
//! A new list has Mailman's style `private-default`: it is not advertised, its archive is for
//! members, and somebody must agree before one joins. What shall be open is opened by a setting.
//!
//! # What is left alone
//! What the users of an address chose: how it gets mail, its password, its other addresses.
//! Somebody who leaves a list stays a user of Mailman.
//!
//! # One change at a time
//! Two requests at once that both bring an address that is new to Mailman contradict each other
//! in its database: one of them fails, or both stay half done. So it is asked for one change after
//! the other, whichever the list: [`System::at_once`] is 1, and domains are changed one after the
//! other anyway. It waits for nobody else's.

mod attributes;
mod read;
mod settings;
mod write;

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use change::WriteFailure;
use estate::kinds::AccessSystem;
use http_client::http::{Method, Request};
use http_client::{Answer, Client, Connections, Failure, Hidden, address};
use serde_json::Value;

use super::{Known, ReadError, Reading, Step, System};
use crate::{Key, Sort, State};

pub use settings::unknown_settings;

/// How many entries a page has. A list of a thousand addresses is one page, and Mailman makes a
/// page of so many in a tenth of a second.
const PAGE: usize = 1_000;

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// The lists of one mail domain at a Mailman.
pub struct Mailman {
    domain: String,
    root: String,
    authorization: Hidden,
    reader: Client,
    writer: Client,
    page: usize,
}

impl Mailman {
    /// The lists of this mail domain at the Mailman that the estate declares: its `address` is
    /// the root of the REST interface, for example `http://127.0.0.1:8001/3.1`, and its `user`
    /// and the password are `admin_user` and `admin_pass` of the section `[webservice]` of its
    /// configuration. Plain HTTP is for this machine alone.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: the address is none or would give the password away, or there is no
    /// user or password.
    pub fn new(domain: &str, system: &AccessSystem, password: Hidden) -> Result<Self, ReadError> {
        let written = system.address.as_ref().map(|address| address.as_str());
        Self::at(
            domain,
            written.unwrap_or_default(),
            system.user.as_deref().unwrap_or_default(),
            password,
        )
    }

    /// The lists of this mail domain at the Mailman with this root of its REST interface.
    ///
    /// # Errors
    /// As of [`Mailman::new`].
    pub fn at(domain: &str, root: &str, user: &str, password: Hidden) -> Result<Self, ReadError> {
        if root.is_empty() {
            let what = "Mailman has no `address`; write the root of its REST interface, as `http://127.0.0.1:8001/3.1`";
            return Err(ReadError::Setup(what.to_owned()));
        }
        let root = address(root).map_err(|what| ReadError::Setup(format!("Mailman: {what}")))?;
        let odd = |text: &str| text.is_empty() || text.chars().any(char::is_control);
        if odd(user) || user.contains(':') {
            let what = format!(
                "Mailman at {root} has no `user`, or one that cannot be; write its `admin_user`"
            );
            return Err(ReadError::Setup(what));
        }
        let Hidden(password) = password;
        if odd(&password) {
            let what = format!(
                "the password of Mailman at {root} is empty or has characters that no password has"
            );
            return Err(ReadError::Setup(what));
        }
        let pair = STANDARD.encode(format!("{user}:{password}"));
        Ok(Self {
            domain: domain.to_lowercase(),
            root,
            authorization: Hidden(format!("Basic {pair}")),
            reader: Client::patient_for(Connections::Kept, PATIENCE),
            writer: Client::patient_for(Connections::Fresh, PATIENCE),
            page: PAGE,
        })
    }

    /// The same, with pages of so many entries; 1 is the least.
    pub fn with_pages_of(mut self, entries: usize) -> Self {
        self.page = entries.max(1);
        self
    }

    /// Sends a request to a path below the root, with a body in JSON if there is one.
    fn ask(
        &self,
        client: &Client,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.root))
            .header("authorization", &self.authorization.0)
            .header("accept", "application/json");
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string().into_bytes()),
            None => request.body(Vec::new()),
        };
        let request = request.map_err(|error| Failure::Unreachable(error.to_string()))?;
        client.send(request)
    }

    /// What an answer that is no success says.
    fn said(&self, answer: &Answer) -> String {
        let root = &self.root;
        let error = serde_json::from_slice::<Value>(&answer.body).ok();
        let text = error.and_then(|error| {
            let text = error.get("description").or_else(|| error.get("title"))?;
            Some(text.as_str()?.to_owned())
        });
        let text = text.unwrap_or_else(|| answer.text());
        match answer.status {
            401 | 403 => format!("Mailman at {root} does not take the user and the password"),
            300..=399 => format!(
                "Mailman at {root} sends us to another address; write that one in the estate"
            ),
            status if text.is_empty() => format!("Mailman at {root} answers with status {status}"),
            status => format!("Mailman at {root} says: {text} (status {status})"),
        }
    }

    fn silent(&self, what: &str) -> String {
        format!("Mailman at {} does not answer: {what}", self.root)
    }
}

impl System for Mailman {
    fn read(&self, wanted: &State) -> Result<Reading, ReadError> {
        self.read_all(wanted)
    }

    fn write(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        self.write_one(step, known)
    }

    fn at_once(&self) -> usize {
        1
    }
}

impl fmt::Debug for Mailman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailman")
            .field("domain", &self.domain)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// What Mailman calls a list in its paths: the List-Id (RFC 2919) that it gave it, if it was
/// read, or the one that it gives to new lists.
fn list_id(list: &str, known: &Known) -> String {
    let known = known.get(&Key::new(Sort::MailingGroup, list));
    known.unwrap_or_else(|| match list.rsplit_once('@') {
        Some((name, host)) => format!("{name}.{host}"),
        None => list.to_owned(),
    })
}

/// A text in one line, as Mailman wants a description.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ")
}

/// A member of an object that is a text.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

/// What a role is called at Mailman.
fn mailmans(role: &str) -> &str {
    match role {
        "manager" => "moderator",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_shows_nowhere() {
        let at = |root, user, password: &str| {
            Mailman::at("a.example", root, user, Hidden(password.to_owned()))
        };
        let mailman = at("http://127.0.0.1:1/3.1", "admin", "sesame").unwrap();
        assert!(!format!("{mailman:?}").contains("sesame"));
        assert!(!format!("{mailman:?}").contains("YWRtaW46"));
        for (root, user, password) in [
            ("http://127.0.0.1:1/3.1", "admin", "sesame\n"),
            ("http://a.example/3.1", "admin", "sesame"),
            ("http://127.0.0.1:1/3.1", "ad:min", "sesame"),
            ("", "admin", "sesame"),
            ("127.0.0.1", "admin", "sesame"),
        ] {
            let error = at(root, user, password).unwrap_err();
            assert!(matches!(&error, ReadError::Setup(text) if !text.contains("sesame")));
        }
    }

    #[test]
    fn a_list_has_the_id_that_was_read_or_that_it_will_get() {
        let known = Known::default();
        assert_eq!(list_id("dev@a.example", &known), "dev.a.example");
        known.set(
            Key::new(Sort::MailingGroup, "dev@a.example"),
            "dev.old.example",
        );
        assert_eq!(list_id("dev@a.example", &known), "dev.old.example");
    }
}
