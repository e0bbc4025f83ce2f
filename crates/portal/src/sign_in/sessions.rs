//! Sessions: who signed in, with which browser, until when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::secret::{self, NoRandom};
use crate::model::Identity;
use crate::store::{Store, StoreError};

const KIND: &str = "session";
/// Which sessions somebody has: their keys behind that of the person.
const OF: &str = "session-of";
/// It is written down that a session is in use when that was this long ago.
const NOTED: SignedDuration = SignedDuration::from_mins(5);
/// The most sessions and tokens of one person that are looked at.
pub(super) const MOST: usize = 100;

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Random(#[from] NoRandom),
}

/// A session, as it is kept under the digest of its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) identity: Identity,
    pub(crate) made: Timestamp,
    pub(crate) seen: Timestamp,
    /// What the browser calls itself.
    pub(crate) browser: String,
}

/// All sessions, at an instant.
pub(crate) struct Sessions<'s> {
    pub(crate) store: &'s dyn Store,
    pub(crate) now: Timestamp,
    pub(crate) lasts: SignedDuration,
    pub(crate) idle: SignedDuration,
}

impl Sessions<'_> {
    /// Begins one, and gives its id, which nobody else ever knows.
    pub(crate) fn begin(&self, identity: &Identity, browser: &str) -> Result<String, Failed> {
        let id = secret::random()?;
        let key = secret::kept(&id);
        let session = Kept {
            identity: identity.clone(),
            made: self.now,
            seen: self.now,
            browser: browser
                .chars()
                .filter(|c| !c.is_control())
                .take(120)
                .collect(),
        };
        self.write(&key, &session)?;
        let index = format!("{}/{key}", owner(identity));
        let end = self.now.checked_add(self.lasts).ok();
        self.store.put(OF, &index, &json!({}), end)?;
        Ok(id)
    }

    fn write(&self, key: &str, session: &Kept) -> Result<(), StoreError> {
        let ends = [
            session.made.checked_add(self.lasts),
            session.seen.checked_add(self.idle),
        ];
        let end = ends.into_iter().filter_map(Result::ok).min();
        let value = serde_json::to_value(session).unwrap_or_default();
        self.store.put(KIND, key, &value, end)
    }

    /// The session of this id, if it is in force; that it is in use is noted.
    pub(crate) fn find(&self, id: &str) -> Result<Option<Kept>, StoreError> {
        let key = secret::kept(id);
        let Some(mut session) = self.get(&key)? else {
            return Ok(None);
        };
        if self.now.duration_since(session.seen) >= NOTED {
            session.seen = self.now;
            self.write(&key, &session)?;
            // It may have been ended between the two; then it must not come back.
            let index = format!("{}/{key}", owner(&session.identity));
            if self.store.get(OF, &index, self.now)?.is_none() {
                self.store.take(KIND, &key, self.now)?;
                return Ok(None);
            }
        }
        Ok(Some(session))
    }

    fn get(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        let found = self.store.get(KIND, key, self.now)?;
        let read = found.and_then(|value: Value| serde_json::from_value::<Kept>(value).ok());
        // The settings may have become shorter since.
        Ok(read.filter(|session| {
            let age = self.now.duration_since(session.made);
            let idle = self.now.duration_since(session.seen);
            age < self.lasts && idle < self.idle
        }))
    }

    /// Ends the session of this id.
    pub(crate) fn end(&self, id: &str) -> Result<(), StoreError> {
        let key = secret::kept(id);
        if let Some(session) = self.get(&key)? {
            self.end_one(&session.identity, &key)?;
        }
        Ok(())
    }

    /// Somebody's sessions by their keys, the newest first.
    pub(crate) fn of(&self, identity: &Identity) -> Result<Vec<(String, Kept)>, StoreError> {
        let mut sessions = Vec::new();
        for key in keys_of(self.store, OF, identity, self.now)? {
            sessions.extend(self.get(&key)?.map(|session| (key, session)));
        }
        sessions.sort_by_key(|(_, session)| std::cmp::Reverse(session.made));
        Ok(sessions)
    }

    /// Ends one of somebody's own by its key; says whether there was one.
    pub(crate) fn end_one(&self, identity: &Identity, key: &str) -> Result<bool, StoreError> {
        // The index first: a session in use looks there before it lives on.
        let index = format!("{}/{key}", owner(identity));
        let owned = self.store.take(OF, &index, self.now)?.is_some();
        if owned {
            self.store.take(KIND, key, self.now)?;
        }
        Ok(owned)
    }
}

/// What stands for a person in keys: nobody reads from it who they are.
pub(super) fn owner(identity: &Identity) -> String {
    secret::kept(&format!("{}\n{}", identity.issuer, identity.subject))
}

/// The keys that an index has for somebody.
pub(super) fn keys_of(
    store: &dyn Store,
    index: &str,
    identity: &Identity,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let first = format!("{}/", owner(identity));
    let rows = store.list(index, &first, MOST, now)?;
    let keys = rows.into_iter().map(|(key, _)| key);
    let own = keys.map_while(|key| key.strip_prefix(&first).map(str::to_owned));
    Ok(own.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    fn ada() -> Identity {
        Identity {
            issuer: "https://id.example".to_owned(),
            subject: "1".to_owned(),
            name: "Ada".to_owned(),
            handle: None,
        }
    }

    fn at(store: &dyn Store, hours: i64) -> Sessions<'_> {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        Sessions {
            store,
            now: start + SignedDuration::from_hours(hours),
            lasts: SignedDuration::from_hours(12),
            idle: SignedDuration::from_hours(4),
        }
    }

    #[test]
    fn a_session_ends_when_it_is_old_or_idle() {
        let store = store::open("sqlite::memory:").unwrap();
        let id = at(&store, 0).begin(&ada(), "browser").unwrap();
        for hour in [3, 6, 9, 11] {
            assert!(at(&store, hour).find(&id).unwrap().is_some(), "{hour}");
        }
        assert!(at(&store, 12).find(&id).unwrap().is_none());
        let id = at(&store, 20).begin(&ada(), "browser").unwrap();
        assert!(at(&store, 24).find(&id).unwrap().is_none());
    }

    #[test]
    fn a_session_that_was_ended_is_ended() {
        let store = store::open("sqlite::memory:").unwrap();
        let sessions = at(&store, 0);
        let (one, other) = (
            sessions.begin(&ada(), "a").unwrap(),
            sessions.begin(&ada(), "b").unwrap(),
        );
        assert_eq!(sessions.of(&ada()).unwrap().len(), 2);
        sessions.end(&one).unwrap();
        assert!(sessions.find(&one).unwrap().is_none());
        assert!(sessions.find(&other).unwrap().is_some());
        assert!(sessions.end_one(&ada(), &secret::kept(&other)).unwrap());
        assert!(sessions.find(&other).unwrap().is_none());
    }

    #[test]
    fn nobody_ends_the_session_of_another() {
        let store = store::open("sqlite::memory:").unwrap();
        let sessions = at(&store, 0);
        let id = sessions.begin(&ada(), "a").unwrap();
        let bob = Identity {
            subject: "2".to_owned(),
            ..ada()
        };
        assert!(!sessions.end_one(&bob, &secret::kept(&id)).unwrap());
        assert!(sessions.of(&bob).unwrap().is_empty());
        assert!(sessions.find(&id).unwrap().is_some());
    }

    #[test]
    fn the_store_never_holds_the_id() {
        let store = store::open("sqlite::memory:").unwrap();
        let sessions = at(&store, 0);
        let id = sessions.begin(&ada(), "a").unwrap();
        for kind in [KIND, OF] {
            let rows = store.list(kind, "", 10, sessions.now).unwrap();
            assert!(!rows.is_empty() && !format!("{rows:?}").contains(&id));
        }
    }
}
