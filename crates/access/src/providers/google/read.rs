//! Reads the groups of a domain.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use estate::Email;
use http_client::http::Method;
use http_client::{Failure, segment};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::token::NoToken;
use super::{GoogleGroups, Group, Reply, Trouble, doubled, settings};
use crate::abreast::abreast;
use crate::{Key, Known, ReadError, Reading, Sort, State};

/// So many requests at once. Google counts requests by the minute and takes 2,400 of one user.
const AT_ONCE: usize = 8;
/// How often a question is asked before we give up.
const ATTEMPTS: u32 = 5;
/// A longer wait than this is nothing for somebody who waits for a plan.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The most that Google gives on one page.
const PAGE: usize = 200;

/// One page of a list.
#[derive(Deserialize)]
struct Page<T> {
    /// A list that is empty has this none the less, so it is never taken for another answer.
    kind: String,
    #[serde(rename = "nextPageToken")]
    next: Option<String>,
    #[serde(alias = "groups", alias = "members", default = "Vec::new")]
    items: Vec<T>,
}

/// Somebody in a group.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) role: String,
}

/// The key of an address in a group.
pub(super) fn member_key(group: &str, address: &str) -> Key {
    let mailbox = Email::new(address).map(|email| email.mailbox());
    Key::of(
        Sort::MailingMember,
        group,
        mailbox.as_deref().unwrap_or(address),
    )
}

/// Reads all groups, and of those that are wanted what is in them.
pub(super) fn read(google: &GoogleGroups, wanted: &State) -> Result<Reading, ReadError> {
    let mut reading = Reading::default();
    let mut questions = Vec::new();
    for (address, group) in groups(google)? {
        let key = Key::new(Sort::MailingGroup, &address);
        if wanted.entries.contains_key(&key) {
            questions.push(Question::Members(address.clone()));
        }
        if let Some(settings) = wanted.value(&Key::of(Sort::MailingSettings, &address, "")) {
            questions.push(Question::Settings(address, settings));
        }
        let value = json!({"name": group.name, "description": group.description});
        reading.known.set(key.clone(), group.id);
        reading.state.insert(key, value);
    }
    let answers = abreast(AT_ONCE, &questions, |question| match question {
        Question::Members(group) => Ok::<_, ReadError>(Told::Members(members(google, group)?)),
        Question::Settings(group, wanted) => {
            let real = settings_of(google, group)?;
            Ok(Told::Settings(settings::values(wanted, &real)))
        }
    })?;
    for (question, answer) in questions.iter().zip(answers) {
        let (Question::Members(group) | Question::Settings(group, _)) = question;
        match answer {
            Told::Members(members) => {
                enter_members(&mut reading.state, &reading.known, wanted, group, members)?;
            }
            Told::Settings(values) => {
                let key = Key::of(Sort::MailingSettings, group, "");
                reading.state.insert(key, Value::Object(values));
            }
        }
    }
    Ok(reading)
}

/// What is asked of one group, by its address.
enum Question<'w> {
    Members(String),
    Settings(String, &'w Value),
}

enum Told {
    Members(Vec<Member>),
    Settings(Map<String, Value>),
}

/// All groups of the domain, by address in lower case.
fn groups(google: &GoogleGroups) -> Result<BTreeMap<String, Group>, ReadError> {
    let url = format!(
        "{}?domain={}&maxResults={PAGE}",
        google.directory,
        segment(&google.domain)
    );
    let all: Option<Vec<Group>> = pages(google, &url, "admin#directory#groups")?;
    let Some(all) = all else {
        let what = format!("Google knows no domain {} of this account", google.domain);
        return Err(ReadError::Absent(what));
    };
    let by_address = all
        .into_iter()
        .map(|group| (group.email.to_lowercase(), group));
    let ours = by_address.filter(|(address, _)| {
        address
            .rsplit_once('@')
            .is_some_and(|(_, domain)| domain == google.domain)
    });
    Ok(ours.collect())
}

fn members(google: &GoogleGroups, group: &str) -> Result<Vec<Member>, ReadError> {
    let url = format!("{}/members?maxResults={PAGE}", google.group_url(group));
    for attempt in 0..ATTEMPTS {
        if let Some(members) = pages(google, &url, "admin#directory#members")? {
            return Ok(members);
        }
        (google.wait)(doubled(attempt));
    }
    Err(lost(group))
}

fn settings_of(google: &GoogleGroups, group: &str) -> Result<Map<String, Value>, ReadError> {
    let url = google.settings_url(group);
    for attempt in 0..ATTEMPTS {
        let Some(body) = fetch(google, &url)? else {
            (google.wait)(doubled(attempt));
            continue;
        };
        let settings: Map<String, Value> = parsed(&body, "settings")?;
        let text = |key: &str| {
            settings
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        if text("kind") != "groupsSettings#groups" || text("email").to_lowercase() != group {
            let what = format!("it gives something else than the settings of {group}");
            return Err(ReadError::Untrusted(what));
        }
        return Ok(settings);
    }
    Err(lost(group))
}

/// A group that was listed and cannot be asked about, also after some time.
fn lost(group: &str) -> ReadError {
    ReadError::Untrusted(format!(
        "it lists the group {group} and then does not find it; read again when it is settled"
    ))
}

fn enter_members(
    state: &mut State,
    known: &Known,
    wanted: &State,
    group: &str,
    members: Vec<Member>,
) -> Result<(), ReadError> {
    let mut ranks: BTreeMap<Key, u8> = BTreeMap::new();
    for member in members {
        let (role, rank) = match member.role.as_str() {
            "OWNER" => ("owner", 3),
            "MANAGER" => ("manager", 2),
            "MEMBER" => ("member", 1),
            other => {
                let what = format!("a role `{other}` in {group}, which is none that we know");
                return Err(ReadError::Untrusted(what));
            }
        };
        let (id, email) = (
            member.id.unwrap_or_default(),
            member.email.unwrap_or_default(),
        );
        if email.is_empty() {
            let why = "it is everybody of the domain, who has no address";
            let key = Key::of(Sort::MailingMember, group, &id);
            state.left_alone.insert(key, why.to_owned());
            continue;
        }
        let key = member_key(group, &email);
        // Two addresses of one mailbox: that it may do more must not be hidden by the other.
        let before = ranks.entry(key.clone()).or_default();
        if *before >= rank {
            continue;
        }
        *before = rank;
        let declared = wanted
            .value(&key)
            .and_then(|value| value["address"].as_str());
        let value = json!({"address": declared.unwrap_or(&email), "role": role});
        known.set(key.clone(), if id.is_empty() { email } else { id });
        state.insert(key, value);
    }
    Ok(())
}

/// All pages of a list; nothing if Google knows nothing of whose list it is.
fn pages<T: DeserializeOwned>(
    google: &GoogleGroups,
    url: &str,
    kind: &str,
) -> Result<Option<Vec<T>>, ReadError> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let mut page = url.to_owned();
    loop {
        let Some(body) = fetch(google, &page)? else {
            return Ok(None);
        };
        let read: Page<T> = parsed(&body, "a page of a list")?;
        if read.kind != kind {
            let what = format!("it gives `{}` where `{kind}` was asked for", read.kind);
            return Err(ReadError::Untrusted(what));
        }
        all.extend(read.items);
        let Some(next) = read.next.filter(|next| !next.is_empty()) else {
            return Ok(Some(all));
        };
        page = format!("{url}&pageToken={}", segment(&next));
        if !seen.insert(next) {
            let what = "it gives the same page of a list again and again";
            return Err(ReadError::Untrusted(what.to_owned()));
        }
    }
}

fn parsed<T: DeserializeOwned>(body: &[u8], what: &str) -> Result<T, ReadError> {
    serde_json::from_slice(body).map_err(|error| {
        ReadError::Untrusted(format!("{what} is not as Google describes it ({error})"))
    })
}

/// Asks until there is an answer; nothing if there is no such thing.
fn fetch(google: &GoogleGroups, url: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let mut last = String::new();
    let mut pause = Duration::ZERO;
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            (google.wait)(pause);
        }
        pause = doubled(attempt);
        match google.ask(&google.reading, &Method::GET, url, None) {
            Ok(Reply::Done(body)) => return Ok(Some(body)),
            Ok(Reply::Missing(_)) => return Ok(None),
            Ok(Reply::Refused(what) | Reply::Exists(what)) => {
                return Err(ReadError::Refused(what));
            }
            Ok(Reply::Limited(asked)) | Err(Trouble::NoToken(NoToken::Later(asked))) => {
                pause = asked.filter(|asked| !asked.is_zero()).unwrap_or(pause);
                last = format!(
                    "Google is asked too often, and is to be asked again in {} seconds",
                    pause.as_secs()
                );
                if pause > LONGEST_WAIT {
                    break;
                }
            }
            Ok(Reply::Broken(what))
            | Err(
                Trouble::Failure(Failure::Unreachable(what) | Failure::Unanswered(what))
                | Trouble::NoToken(NoToken::Unreachable(what)),
            ) => last = what,
            Err(Trouble::NoToken(NoToken::Refused(what))) => {
                return Err(ReadError::Refused(what));
            }
        }
    }
    Err(ReadError::Unreachable(last))
}
