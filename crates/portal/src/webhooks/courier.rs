//! Whoever carries messages: looks what happened, keeps it, sends it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use base::Digest;
use http_client::http::Request;
use http_client::{Failure, Outward, Reach};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::delivery::{Delivery, Outbox, Outcome};
use super::event::{self, Event};
use super::hook::{Hook, Hooks};
use super::sign::signature;
use crate::Content;
use crate::serve::Clock;
use crate::store::{Store, StoreError};

/// How long a place may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked whether something is due that another process kept.
const LOOK: Duration = Duration::from_secs(1);
/// How long it rests when what is kept cannot be reached.
const REST: Duration = Duration::from_secs(5);
/// How often the index of what waits is made anew.
const MEND: Duration = Duration::from_secs(600);
/// How long a place that did not answer is left alone, in whatever it is owed.
const RESTS: SignedDuration = SignedDuration::from_secs(5);
/// How many messages are looked at at once.
const ROUND: usize = 200;
/// To how many places is sent at the same time.
const AT_ONCE: usize = 8;
/// The longest message, in octets: it has to fit into what is kept.
const LONGEST: usize = 40_000;

/// What messages are sent with.
#[derive(Clone)]
pub struct Mail {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Clock,
    /// Where the portal is reached, without a slash at the end.
    pub url: String,
    /// Whither they may go.
    pub reach: Reach,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// Carries messages on a thread of its own until it is dropped.
#[derive(Debug)]
pub struct Courier {
    office: Arc<Office>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Office {
    mail: Mail,
    closed: AtomicBool,
    /// Whether something was kept since it was looked.
    news: Mutex<bool>,
    rung: Condvar,
    /// Places that did not answer a moment ago, and until when they are not asked again.
    resting: Mutex<BTreeMap<String, Timestamp>>,
}

impl Courier {
    /// Begins to carry: first what was kept and not sent before.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(mail: Mail) -> std::io::Result<Self> {
        let office = Arc::new(Office {
            mail,
            closed: AtomicBool::new(false),
            news: Mutex::new(false),
            rung: Condvar::new(),
            resting: Mutex::default(),
        });
        let works = Arc::clone(&office);
        let thread = thread::Builder::new()
            .name("webhooks".to_owned())
            .spawn(move || works.work())?;
        Ok(Self {
            office,
            thread: Some(thread),
        })
    }

    /// Keeps what is to be told of a newer state, for each place that wants it; says how many messages that
    /// were. Processes that show the same states keep each message once.
    ///
    /// # Errors
    /// It could not be kept.
    pub fn changed(&self, old: &dyn Content, new: &dyn Content) -> Result<usize, StoreError> {
        let kept = self.office.keep(old, new)?;
        if kept > 0 {
            *self
                .office
                .news
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = true;
            self.office.rung.notify_one();
        }
        Ok(kept)
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.office.closed.store(true, Ordering::Release);
        self.office.rung.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Office {
    fn keep(&self, old: &dyn Content, new: &dyn Content) -> Result<usize, StoreError> {
        let (store, now) = (self.mail.store.as_ref(), (self.mail.clock)());
        let mut hooks = Hooks { store, now }.all()?;
        hooks.retain(|hook| hook.paused.is_none());
        let wanted = |kind: &str| hooks.iter().any(|hook| event::wanted(&hook.events, kind));
        let events = event::between(old, new, &wanted);
        let outbox = Outbox { store, now };
        let mut kept = 0;
        for mut event in events {
            let page = event.data["item"]["page"].as_str();
            event.data["url"] = json!(page.map(|page| format!("{}{page}", self.mail.url)));
            let body = message(&mut event, now);
            for hook in hooks
                .iter()
                .filter(|hook| event::wanted(&hook.events, &event.kind))
            {
                let id = id(hook, &event);
                let delivery = Delivery::new(hook, id, &event.kind, body.clone(), now);
                kept += usize::from(outbox.put(&delivery)?);
            }
        }
        Ok(kept)
    }

    fn work(&self) {
        let mut mended: Option<Instant> = None;
        while !self.closed.load(Ordering::Acquire) {
            let (store, now) = (self.mail.store.as_ref(), (self.mail.clock)());
            // Another process may have ended between its two writes.
            if mended.is_none_or(|at| at.elapsed() >= MEND)
                && (Outbox { store, now }).mend().is_ok()
            {
                mended = Some(Instant::now());
            }
            match self.round() {
                Ok(0) => self.wait(LOOK),
                Ok(_) => {}
                Err(_) => self.wait(REST),
            }
        }
    }

    fn wait(&self, most: Duration) {
        let news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = |news: &mut bool| !*news && !self.closed.load(Ordering::Acquire);
        let waited = self.rung.wait_timeout_while(news, most, is_quiet);
        let (mut news, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *news = false;
    }

    /// Sends what is due, to several places at once and to each in turn; says how many were sent.
    fn round(&self) -> Result<usize, StoreError> {
        let (store, now) = (self.mail.store.as_ref(), (self.mail.clock)());
        let outbox = Outbox { store, now };
        let mut places: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut after = String::new();
        // A place that does not answer may have any number of messages before those of others.
        while places.len() < AT_ONCE {
            let due = outbox.due(&after, ROUND)?;
            let Some((last, _)) = due.last() else { break };
            after.clone_from(last);
            for (entry, key) in due {
                let hook = key.split('/').next().unwrap_or_default().to_owned();
                if !self.rests(&hook, now) {
                    places.entry(hook).or_default().push((entry, key));
                }
            }
        }
        let places: Vec<_> = places.into_iter().take(AT_ONCE).collect();
        let sent = thread::scope(|scope| {
            let begun = places
                .iter()
                .map(|(hook, due)| scope.spawn(|| self.serve(hook, due)));
            let begun: Vec<_> = begun.collect();
            begun
                .into_iter()
                .map(|one| one.join().unwrap_or(Ok(0)))
                .collect::<Vec<_>>()
        });
        sent.into_iter().sum()
    }

    /// Sends one place its messages until one does not arrive.
    fn serve(&self, hook: &str, due: &[(String, String)]) -> Result<usize, StoreError> {
        let client = Outward::new(self.mail.reach, PATIENCE);
        let mut sent = 0;
        for (entry, key) in due {
            if self.closed.load(Ordering::Acquire) {
                break;
            }
            let (store, now) = (self.mail.store.as_ref(), (self.mail.clock)());
            let outbox = Outbox { store, now };
            let Some(delivery) = outbox.lease(entry, key)? else {
                continue;
            };
            let outcome = match (Hooks { store, now }).get(hook)? {
                Some(hook) if hook.paused.is_none() => self.send(&client, &hook, &delivery),
                _ => Outcome::Unwanted("nothing is sent there any more".to_owned()),
            };
            sent += 1;
            let now = (self.mail.clock)();
            let outbox = Outbox { store, now };
            if let Some(why) = outbox.settle(delivery, &outcome)? {
                let known = Hooks { store, now }.get(hook)?;
                if known.is_some_and(|hook| hook.paused.is_none()) {
                    outbox.pause(hook, &why)?;
                }
            }
            if matches!(outcome, Outcome::Refused(..)) {
                let until = now.checked_add(RESTS).unwrap_or(now);
                let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
                resting.insert(hook.to_owned(), until);
                break;
            }
        }
        Ok(sent)
    }

    /// Whether a place did not answer a moment ago.
    fn rests(&self, hook: &str, now: Timestamp) -> bool {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, until| *until > now);
        resting.contains_key(hook)
    }

    fn send(&self, client: &Outward, hook: &Hook, delivery: &Delivery) -> Outcome {
        let now = (self.mail.clock)();
        let signed = signature(&hook.secret, &delivery.id, now, &delivery.body);
        let request = Request::post(&hook.url)
            .header("content-type", "application/json")
            .header("webhook-id", &delivery.id)
            .header("webhook-timestamp", now.as_second().to_string())
            .header("webhook-signature", signed)
            .body(delivery.body.clone().into_bytes());
        let Ok(request) = request else {
            return Outcome::Unwanted("its URL cannot be asked".to_owned());
        };
        match client.send(request) {
            Ok(told) if (200..300).contains(&told.status) => Outcome::Arrived(told.status),
            Ok(told) if told.status == 410 => {
                Outcome::Unwanted("it answered 410: it wants no more".to_owned())
            }
            Ok(told) => {
                let pause = told
                    .pause
                    .and_then(|pause| SignedDuration::try_from(pause).ok());
                Outcome::Refused(format!("it answered {}", told.status), pause)
            }
            Err(Failure::Unreachable(what) | Failure::Unanswered(what)) => {
                Outcome::Refused(what, None)
            }
        }
    }
}

/// The same for the same event, whichever process saw it: a place is told of it once.
fn id(hook: &Hook, event: &Event) -> String {
    let about = json!([hook.id, event.kind, event.about, event.data]).to_string();
    format!("msg_{}", &Digest::of(about.as_bytes()).hex()[..32])
}

/// The message of an event; what makes it too long is left out, and it says so.
fn message(event: &mut Event, now: Timestamp) -> String {
    let body = event::message(event, now);
    if body.len() <= LONGEST {
        return body;
    }
    for name in ["item", "before", "what", "collections"] {
        if event.data.get(name).is_some() {
            event.data[name] = json!(null);
        }
    }
    event.data["shortened"] = json!(true);
    event::message(event, now)
}
