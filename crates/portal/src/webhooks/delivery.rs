//! What is to be sent, kept until it arrived.
//!
//! A delivery's own document says how it stands. Beside it stands an index by when it is due, which is made of the
//! documents and can be made again; so a crash between two writes loses nothing and sends nothing twice that
//! was known to have arrived.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::hook::{Hook, Hooks, Paused};
use crate::store::{Store, StoreError};

const KIND: &str = "webhook-delivery";
const DUE: &str = "webhook-due";
const LEASE: &str = "webhook-lease";
/// How long a delivery is kept after it was made, so that the owner can see what became of it.
const KEPT: SignedDuration = SignedDuration::from_hours(72);
/// How long whoever sends one has for it before another may.
const LEASED: SignedDuration = SignedDuration::from_secs(60);
/// How long it is tried.
const TRIED: SignedDuration = SignedDuration::from_hours(24);
/// How many seconds after a try the next one is.
const PAUSES: [i64; 10] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 36_000];

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stands {
    /// It is going to be sent.
    Waiting,
    /// It arrived.
    Delivered,
    /// It is not tried any more.
    Failed,
}

impl Stands {
    /// All words for it.
    pub(crate) const WORDS: [&str; 3] = ["waiting", "delivered", "failed"];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => Self::WORDS[0],
            Self::Delivered => Self::WORDS[1],
            Self::Failed => Self::WORDS[2],
        }
    }
}

/// A message to one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// What it is called wherever it is sent, however often.
    pub(crate) id: String,
    pub(crate) hook: String,
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) at: Timestamp,
    pub(crate) due: Timestamp,
    pub(crate) tries: usize,
    pub(crate) stands: Stands,
    /// What came of the last try.
    pub(crate) said: Option<String>,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It arrived.
    Arrived(u16),
    /// It did not; how long the place asks to wait.
    Refused(String, Option<SignedDuration>),
    /// The place says that it wants no more.
    Unwanted(String),
}

/// All deliveries, at an instant.
pub(crate) struct Outbox<'s> {
    pub(crate) store: &'s dyn Store,
    pub(crate) now: Timestamp,
}

impl Delivery {
    /// A message that is to be sent at once.
    pub(crate) fn new(hook: &Hook, id: String, kind: &str, body: String, at: Timestamp) -> Self {
        Self {
            id,
            hook: hook.id.clone(),
            kind: kind.to_owned(),
            body,
            at,
            due: at,
            tries: 0,
            stands: Stands::Waiting,
            said: None,
        }
    }

    fn key(&self) -> String {
        format!("{}/{}", self.hook, self.id)
    }

    fn due_key(&self) -> String {
        format!("{:012}/{}", self.due.as_second().max(0), self.key())
    }

    fn expires(&self) -> Option<Timestamp> {
        self.at.checked_add(KEPT).ok()
    }

    /// When it is tried next; no more after a day. The pauses differ a little from message to message, so that
    /// a place that comes back is not met by all of them at once.
    fn next(&self, now: Timestamp, asked: Option<SignedDuration>) -> Option<Timestamp> {
        let usual = *PAUSES.get(self.tries.saturating_sub(1))?;
        let odd = self
            .id
            .bytes()
            .fold(0_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 21);
        let pause = SignedDuration::from_secs(usual + usual * (odd - 10) / 100);
        let pause = asked.map_or(pause, |asked| asked.max(pause));
        let next = now.checked_add(pause).ok()?;
        (next.duration_since(self.at) <= TRIED).then_some(next)
    }
}

impl Outbox<'_> {
    /// Keeps a message that is to be sent; says whether it was not there before.
    pub(crate) fn put(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let value = serde_json::to_value(delivery).unwrap_or_default();
        let kept =
            self.store
                .put_new(KIND, &delivery.key(), &value, delivery.expires(), self.now)?;
        if kept {
            self.index(delivery)?;
        }
        Ok(kept)
    }

    fn index(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let value = json!({"key": delivery.key()});
        self.store
            .put(DUE, &delivery.due_key(), &value, delivery.expires())
    }

    /// Makes the index of what waits anew, as far as it is missing.
    pub(crate) fn mend(&self) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let kept = self.store.list(KIND, &after, 500, self.now)?;
            let Some((last, _)) = kept.last() else {
                return Ok(());
            };
            after.clone_from(last);
            for delivery in kept.into_iter().filter_map(|(_, value)| read(value)) {
                if delivery.stands == Stands::Waiting {
                    self.index(&delivery)?;
                }
            }
        }
    }

    /// What is due behind an entry of the index: the names of entries and of deliveries, the earliest first.
    pub(crate) fn due(
        &self,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let listed = self.store.list(DUE, after, limit, self.now)?;
        let until = format!("{:012}/\u{7f}", self.now.as_second().max(0));
        let due = listed.into_iter().take_while(|(name, _)| *name <= until);
        Ok(due
            .map(|(name, value)| (name, value["key"].as_str().unwrap_or_default().to_owned()))
            .collect())
    }

    /// Takes a delivery for itself, if it is due and nobody else has it. An entry of the index that is of nothing is
    /// taken away.
    pub(crate) fn lease(&self, entry: &str, key: &str) -> Result<Option<Delivery>, StoreError> {
        let until = self.now.checked_add(LEASED).ok();
        if !self
            .store
            .put_new(LEASE, key, &json!({}), until, self.now)?
        {
            return Ok(None);
        }
        // Somebody else may have sent it before the lease was ours.
        let found = self.store.get(KIND, key, self.now)?.and_then(read);
        let due = found.filter(|found| found.stands == Stands::Waiting && found.due_key() == entry);
        if due.is_none() {
            self.store.take(DUE, entry, self.now)?;
            self.store.take(LEASE, key, self.now)?;
        }
        Ok(due)
    }

    /// Keeps what came of a try; gives why the place is not to be sent to any more, if it is not.
    pub(crate) fn settle(
        &self,
        mut delivery: Delivery,
        outcome: &Outcome,
    ) -> Result<Option<String>, StoreError> {
        let entry = delivery.due_key();
        delivery.tries += 1;
        let pause = match outcome {
            Outcome::Arrived(status) => {
                delivery.stands = Stands::Delivered;
                delivery.said = Some(format!("answered {status}"));
                None
            }
            Outcome::Unwanted(what) => {
                delivery.stands = Stands::Failed;
                delivery.said = Some(what.clone());
                Some(what.clone())
            }
            Outcome::Refused(what, asked) => {
                delivery.said = Some(what.clone());
                if let Some(next) = delivery.next(self.now, *asked) {
                    delivery.due = next;
                    None
                } else {
                    delivery.stands = Stands::Failed;
                    Some(format!("it could not be reached for a day: {what}"))
                }
            }
        };
        let value = serde_json::to_value(&delivery).unwrap_or_default();
        self.store
            .put(KIND, &delivery.key(), &value, delivery.expires())?;
        if delivery.stands == Stands::Waiting {
            self.index(&delivery)?;
        }
        self.store.take(DUE, &entry, self.now)?;
        self.store.take(LEASE, &delivery.key(), self.now)?;
        Ok(pause)
    }

    /// Sends nothing more to a place.
    pub(crate) fn pause(&self, hook: &str, why: &str) -> Result<(), StoreError> {
        let (store, now) = (self.store, self.now);
        let hooks = Hooks { store, now };
        let Some(mut hook) = hooks.get(hook)? else {
            return Ok(());
        };
        let why = why.to_owned();
        hook.paused = Some(Paused { since: now, why });
        hooks.put(&hook)
    }

    /// What was and is to be sent to a place, the newest first.
    pub(crate) fn of(&self, hook: &str, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let prefix = format!("{hook}/");
        let kept = self.store.list(KIND, &prefix, 1_000, self.now)?;
        let own = kept
            .into_iter()
            .take_while(|(key, _)| key.starts_with(&prefix));
        let mut found: Vec<Delivery> = own.filter_map(|(_, value)| read(value)).collect();
        found.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        found.truncate(limit);
        Ok(found)
    }
}

fn read(value: Value) -> Option<Delivery> {
    serde_json::from_value(value).ok()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Delivery, Outbox, Outcome, Stands};
    use crate::store::{self, Opened};
    use crate::webhooks::{Hook, Hooks};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_600_000_000 + second).unwrap()
    }

    fn outbox(store: &Opened, second: i64) -> Outbox<'_> {
        let now = at(second);
        Outbox { store, now }
    }

    fn hook(store: &Opened) -> Hook {
        let now = at(0);
        let hooks = Hooks { store, now };
        let events = ["*".to_owned()];
        hooks
            .make("ada", "https://a.example/", &events)
            .expect("a webhook")
    }

    fn kept() -> (Opened, Hook) {
        let store = store::open("sqlite::memory:").unwrap();
        let hook = hook(&store);
        (store, hook)
    }

    fn message(hook: &Hook, id: &str) -> Delivery {
        Delivery::new(hook, id.to_owned(), "x.new", "{}".to_owned(), at(0))
    }

    #[test]
    fn one_event_is_kept_once_and_taken_by_one() {
        let (store, hook) = kept();
        let outbox = outbox(&store, 0);
        assert!(outbox.put(&message(&hook, "msg_1")).unwrap());
        assert!(!outbox.put(&message(&hook, "msg_1")).unwrap());
        let due = outbox.due("", 10).unwrap();
        assert_eq!(due.len(), 1);
        let (entry, key) = &due[0];
        let taken = outbox.lease(entry, key).unwrap().expect("it is due");
        assert_eq!(outbox.lease(entry, key).unwrap(), None);
        assert_eq!(outbox.settle(taken, &Outcome::Arrived(204)).unwrap(), None);
        assert_eq!(outbox.due("", 10).unwrap(), []);
        // Whoever saw it in the index before finds it sent.
        assert_eq!(outbox.lease(entry, key).unwrap(), None);
        let of = outbox.of(&hook.id, 10).unwrap();
        assert_eq!((of[0].stands, of[0].tries), (Stands::Delivered, 1));
    }

    #[test]
    fn what_does_not_arrive_is_tried_for_a_day_and_then_the_place_is_left_alone() {
        let (store, hook) = kept();
        outbox(&store, 0).put(&message(&hook, "msg_1")).unwrap();
        let (mut second, mut tries) = (0, 0);
        let why = loop {
            let now = outbox(&store, second);
            let Some((entry, key)) = now.due("", 10).unwrap().pop() else {
                second += 1;
                continue;
            };
            let taken = now.lease(&entry, &key).unwrap().expect("it is due");
            tries += 1;
            let refused = Outcome::Refused("answered 500".to_owned(), None);
            if let Some(why) = now.settle(taken, &refused).unwrap() {
                break why;
            }
        };
        assert!((8..=11).contains(&tries), "{tries}");
        assert!(second > 40_000 && second <= 86_400, "{second}");
        assert!(why.contains("answered 500"));
        outbox(&store, second).pause(&hook.id, &why).unwrap();
        let now = at(second);
        let paused = Hooks { store: &store, now }.get(&hook.id).unwrap().unwrap();
        assert_eq!(paused.paused.unwrap().why, why);
    }

    #[test]
    fn a_place_that_asks_for_time_gets_it() {
        let (store, hook) = kept();
        let mut delivery = message(&hook, "msg_1");
        delivery.tries = 1;
        let asked = SignedDuration::from_secs(900);
        assert_eq!(delivery.next(at(0), Some(asked)), Some(at(900)));
        let usual = delivery.next(at(0), None).unwrap();
        assert!((at(4)..=at(6)).contains(&usual));
        drop(store);
    }

    #[test]
    fn a_crash_before_the_index_was_written_loses_nothing() {
        let (store, hook) = kept();
        let now = outbox(&store, 0);
        let delivery = message(&hook, "msg_1");
        now.put(&delivery).unwrap();
        let (entry, _) = now.due("", 10).unwrap().pop().unwrap();
        crate::store::Store::take(&store, super::DUE, &entry, at(0)).unwrap();
        assert_eq!(now.due("", 10).unwrap(), []);
        now.mend().unwrap();
        assert_eq!(now.due("", 10).unwrap().len(), 1);
    }
}
