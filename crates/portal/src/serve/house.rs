//! What answering shares beside the parts: what is kept, counted and allowed.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::Shared;
use super::answer::Answer;
use super::kept::Kept;
use super::measures::Measures;
use super::rates::Rates;

/// How many pages are rendered at once for each processor. Some are quick and few are not; one that is not holds
/// nobody up but those behind it.
const RENDERS_A_CORE: usize = 4;

/// What the server allows and how it tells of it.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long a request may take in all; its body is part of it.
    pub longest: Duration,
    /// The largest body that a page takes, in bytes.
    pub page_body: usize,
    /// The largest body that the API takes, in bytes.
    pub api_body: usize,
    /// How many bytes of rendered pages are kept in memory.
    pub kept: usize,
    /// How many acts a minute one client may try; as many at once. Nought for any number.
    pub acts_a_minute: u32,
    /// How many steps of signing in a minute one client may try; nought for any number.
    pub sign_ins_a_minute: u32,
    /// What is told of each request on standard error.
    pub log: Log,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            longest: Duration::from_secs(30),
            page_body: 64 << 10,
            api_body: crate::api::LONGEST,
            kept: 64 << 20,
            acts_a_minute: 120,
            sign_ins_a_minute: 30,
            log: Log::Off,
        }
    }
}

/// How requests are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Not at all.
    Off,
    /// In a line of words.
    Text,
    /// In a line of JSON.
    Json,
}

impl Log {
    /// Tells of something that is no request.
    pub fn event(self, at: Timestamp, event: &str, with: &[(&str, &str)]) {
        let Some(line) = self.line(at, event, with) else {
            return;
        };
        // Nobody is there to be told that nobody listens.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    fn line(self, at: Timestamp, event: &str, with: &[(&str, &str)]) -> Option<String> {
        let with = with.iter().filter(|(_, value)| !value.is_empty());
        match self {
            Self::Off => None,
            Self::Text => {
                let with: String = with
                    .map(|(name, value)| format!(" {name}={value:?}"))
                    .collect();
                Some(format!("{at:.3} {event}{with}\n"))
            }
            Self::Json => {
                let mut line = serde_json::Map::new();
                line.insert("time".to_owned(), format!("{at:.3}").into());
                line.insert("event".to_owned(), event.into());
                line.extend(with.map(|(name, value)| ((*name).to_owned(), (*value).into())));
                Some(format!("{}\n", serde_json::Value::Object(line)))
            }
        }
    }
}

/// All of it.
pub(crate) struct House {
    pub(crate) shared: Shared,
    pub(crate) rules: Rules,
    pub(crate) measures: Measures,
    kept: Mutex<Kept<String, Page>>,
    rates: Mutex<Rates>,
    /// How many pages are rendered at once: more of them would only be ready later, all of them.
    pub(crate) renders: Semaphore,
    /// Pages that are being rendered, each with who waits for it.
    under_way: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// A page that was rendered, and as of when, if it is of the time at all.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) answer: Arc<Answer>,
    pub(crate) at: Option<Timestamp>,
}

/// The turn to render a page, until it is dropped.
pub(crate) struct Turn<'h> {
    house: &'h House,
    key: String,
    _held: tokio::sync::OwnedMutexGuard<()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        locked(&self.house.under_way).remove(&self.key);
    }
}

impl House {
    pub(crate) fn new(shared: Shared, rules: Rules) -> Self {
        Self {
            kept: Mutex::new(Kept::new(rules.kept)),
            rates: Mutex::new(Rates::new()),
            renders: Semaphore::new(
                RENDERS_A_CORE * std::thread::available_parallelism().map_or(1, usize::from),
            ),
            under_way: Mutex::default(),
            measures: Measures::default(),
            shared,
            rules,
        }
    }

    /// A page that was rendered before.
    pub(crate) fn kept(&self, key: &str) -> Option<Page> {
        locked(&self.kept).get(key).cloned()
    }

    pub(crate) fn keep(&self, key: String, page: Page) {
        let weight = page.answer.weight() + key.len();
        locked(&self.kept).put(key, page, weight);
    }

    /// Whether somebody renders a page already.
    pub(crate) fn is_under_way(&self, key: &str) -> bool {
        locked(&self.under_way).contains_key(key)
    }

    /// Waits for the turn to render a page. Many come for the same page at once when a minute begins; one of them
    /// renders it, and the others find it kept.
    pub(crate) async fn turn(&self, key: &str) -> Turn<'_> {
        let waited_for = Arc::clone(locked(&self.under_way).entry(key.to_owned()).or_default());
        let held = waited_for.lock_owned().await;
        Turn {
            house: self,
            key: key.to_owned(),
            _held: held,
        }
    }

    /// How many rendered pages are in memory.
    pub(crate) fn pages(&self) -> usize {
        locked(&self.kept).len()
    }

    pub(crate) fn rates(&self) -> MutexGuard<'_, Rates> {
        locked(&self.rates)
    }
}

/// What a lock holds. Nothing that is kept here is left half done by a panic.
pub(crate) fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
