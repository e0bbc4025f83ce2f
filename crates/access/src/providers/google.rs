//! Google Groups: the Directory API and the Groups Settings API.
//!
//! <https://developers.google.com/workspace/admin/directory/v1/guides/manage-groups>,
//! <https://developers.google.com/workspace/admin/groups-settings/v1/reference/groups>
//!
//! # What is read
//! All groups of one domain, on all pages; of those that are wanted also who is in them and, where
//! settings are wanted, those settings: two requests a group, several at once.
//!
//! # What guards a change
//! Google changes one thing a request and compares nothing before. Whatever a request finds
//! done already is done. A group is changed under the number that it was read or made with,
//! since an address may be one more address of another group. Google's parts learn of a new group
//! with some delay: for a minute, one that is not found is asked for again.

mod read;
mod settings;
mod token;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use change::WriteFailure;
use estate::kinds::AccessSystem;
use http_client::http::{Method, Request};
use http_client::{Answer, Client, Connections, Failure, Hidden, address, segment};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{Known, ReadError, Reading, State, Step, System};
pub use settings::unknown_settings;
use token::{NoToken, Tokens};

/// Where the Directory API is.
const DIRECTORY: &str = "https://admin.googleapis.com";
/// Where the Groups Settings API is.
const SETTINGS: &str = "https://www.googleapis.com";
/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);
/// The reasons of a 403 that means "not so fast".
const TOO_FAST: [&str; 3] = [
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
];
/// How long a new group may be unknown to parts of Google, in seconds.
const SETTLES: i64 = 60;
/// The longest wait that we choose ourselves, as a power of two, in seconds.
const LONGEST_DOUBLING: u32 = 6;

/// The mailing groups of one domain at Google.
pub struct GoogleGroups {
    domain: String,
    directory: String,
    settings: String,
    tokens: Tokens,
    reading: Client,
    writing: Client,
    clock: fn() -> Timestamp,
    wait: fn(Duration),
    /// The groups that we made, and when.
    made: Mutex<BTreeMap<String, Timestamp>>,
    /// How often in a row Google said that we ask too often.
    limited: AtomicU32,
}

impl GoogleGroups {
    /// The groups of `domain`, as `system` says how they are reached.
    ///
    /// `secret` is the key of a service account as Google gives it out, a JSON file; the account
    /// acts as the administrator `user` of the system, or as itself where there is none. What is no
    /// JSON is a token that is used as it is. An `address` of the system stands for both
    /// APIs of Google; the token is fetched from where the key says.
    ///
    /// # Errors
    /// [`ReadError::Setup`]: the address is no URL that keeps the secret safe, or the secret is no
    /// key and can be no token.
    pub fn new(
        domain: &str,
        system: &AccessSystem,
        secret: Hidden,
        clock: fn() -> Timestamp,
        wait: fn(Duration),
    ) -> Result<Self, ReadError> {
        let root = match &system.address {
            Some(written) => Some(address(written).map_err(ReadError::Setup)?),
            None => None,
        };
        let root = |own: &str| root.clone().unwrap_or_else(|| own.to_owned());
        Ok(Self {
            domain: domain.to_lowercase(),
            directory: format!("{}/admin/directory/v1/groups", root(DIRECTORY)),
            settings: format!("{}/groups/v1/groups", root(SETTINGS)),
            tokens: Tokens::new(secret, system.user.as_deref()).map_err(ReadError::Setup)?,
            reading: Client::patient_for(Connections::Kept, PATIENCE),
            writing: Client::patient_for(Connections::Fresh, PATIENCE),
            clock,
            wait,
            made: Mutex::default(),
            limited: AtomicU32::new(0),
        })
    }

    /// The URL of a group, by its number or address.
    fn group_url(&self, key: &str) -> String {
        format!("{}/{}", self.directory, segment(key))
    }

    /// The URL of a member of a group, each by number or address.
    fn member_url(&self, group: &str, member: &str) -> String {
        format!("{}/members/{}", self.group_url(group), segment(member))
    }

    /// The URL of a group's settings, by its address alone.
    fn settings_url(&self, address: &str) -> String {
        // It would answer in Atom.
        format!("{}/{}?alt=json", self.settings, segment(address))
    }

    /// Asks once; twice where a token has ended before its time.
    fn ask(
        &self,
        client: &Client,
        method: &Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<Reply, Trouble> {
        let mut again = true;
        loop {
            let token = self
                .tokens
                .bearer((self.clock)())
                .map_err(Trouble::NoToken)?;
            let mut request = Request::builder()
                .method(method)
                .uri(url)
                .header("authorization", format!("Bearer {}", token.0))
                .header("accept", "application/json");
            if body.is_some() {
                request = request.header("content-type", "application/json");
            }
            let body = body.map(|body| body.to_string().into_bytes());
            let answer = request
                .body(body.unwrap_or_default())
                .map_err(|error| Failure::Unreachable(error.to_string()))
                .and_then(|request| client.send(request))
                .map_err(Trouble::Failure)?;
            if answer.status == 401 && again && self.tokens.forget(&token) {
                again = false;
                continue;
            }
            return Ok(Reply::of(answer));
        }
    }

    /// How long to wait when Google says that it is asked too often.
    fn pause(&self, asked: Option<Duration>) -> Duration {
        let before = self.limited.fetch_add(1, Ordering::Relaxed);
        asked.unwrap_or_else(|| doubled(before))
    }

    /// Takes note of a group that was made just now.
    fn made(&self, group: &str) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(group.to_owned(), (self.clock)());
    }

    /// Whether a group is so new that parts of Google may not know it.
    fn is_new(&self, group: &str) -> bool {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let now = (self.clock)();
        made.get(group)
            .is_some_and(|made| now.as_second() - made.as_second() < SETTLES)
    }
}

impl System for GoogleGroups {
    fn read(&self, wanted: &State) -> Result<Reading, ReadError> {
        read::read(self, wanted)
    }

    fn write(&self, step: &Step<'_>, known: &Known) -> Result<(), WriteFailure> {
        write::write(self, step, known)
    }
}

impl fmt::Debug for GoogleGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleGroups")
            .field("domain", &self.domain)
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}

/// A group as Google tells of it.
#[derive(Deserialize)]
struct Group {
    id: String,
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
}

/// Why there is no answer.
#[derive(Debug)]
enum Trouble {
    NoToken(NoToken),
    Failure(Failure),
}

/// An answer, as far as it makes us do something different.
#[derive(Debug)]
enum Reply {
    /// It is done, and this is told.
    Done(Vec<u8>),
    /// It is not there, and which.
    Missing(String),
    /// It is there already.
    Exists(String),
    /// Nothing is wrong, but it is too early.
    Limited(Option<Duration>),
    /// It will not be done, and why.
    Refused(String),
    /// Google is in trouble itself.
    Broken(String),
}

impl Reply {
    fn of(answer: Answer) -> Self {
        let error: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let error = &error["error"];
        let reason = error["errors"][0]["reason"].as_str().unwrap_or_default();
        let message = error["message"].as_str().map(str::to_owned);
        let message = message.unwrap_or_else(|| answer.text());
        let said = format!("Google says: {message} (status {})", answer.status);
        match answer.status {
            200..=299 => Self::Done(answer.body),
            300..=399 => Self::Refused(
                "it sends us to another address; write that one in the estate".to_owned(),
            ),
            401 => Self::Refused(format!("{said}; its token has ended or is none")),
            429 => Self::Limited(answer.pause),
            403 if TOO_FAST.contains(&reason) => Self::Limited(answer.pause),
            403 if reason == "insufficientPermissions" => {
                Self::Refused(format!("{said}; its token must be for {}", token::SCOPES))
            }
            404 => Self::Missing(message),
            409 => Self::Exists(message),
            500.. => Self::Broken(said),
            _ => Self::Refused(said),
        }
    }
}

/// How long to wait for the so-manieth time.
fn doubled(before: u32) -> Duration {
    Duration::from_secs(1 << before.min(LONGEST_DOUBLING))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply::of(Answer {
            status,
            headers: http_client::http::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            pause: None,
        })
    }

    #[test]
    fn a_refusal_for_speed_is_told_from_one_for_good() {
        let fast = r#"{"error":{"message":"m","errors":[{"reason":"userRateLimitExceeded"}]}}"#;
        assert!(matches!(reply(403, fast), Reply::Limited(None)));
        let never = r#"{"error":{"message":"m","errors":[{"reason":"forbidden"}]}}"#;
        assert!(matches!(reply(403, never), Reply::Refused(_)));
        assert!(matches!(reply(429, ""), Reply::Limited(None)));
        assert!(matches!(reply(500, "<html>"), Reply::Broken(_)));
    }

    #[test]
    fn waits_double_to_about_a_minute() {
        let waits: Vec<u64> = (0..9).map(|before| doubled(before).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
    }
}
