//! Tokens of programs: somebody makes them for what runs in their name.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::secret;
use super::sessions::{Failed, keys_of, owner};
use crate::model::Identity;
use crate::store::{Store, StoreError};

const KIND: &str = "token";
/// Which tokens somebody has.
const OF: &str = "token-of";
/// What a token begins with, so that whoever finds one knows what it opens.
const PREFIX: &str = "commonhold_";
/// The longest that one holds, in days.
pub(crate) const LONGEST_DAYS: i64 = 366;

/// A token, as it is kept under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) identity: Identity,
    /// What whoever made it calls it.
    pub(crate) name: String,
    /// Whether it may do what its maker may; it reads only, otherwise.
    pub(crate) acts: bool,
    pub(crate) made: Timestamp,
    pub(crate) ends: Timestamp,
}

/// All tokens, at an instant.
pub(crate) struct Tokens<'s> {
    pub(crate) store: &'s dyn Store,
    pub(crate) now: Timestamp,
}

impl Tokens<'_> {
    /// Makes one, which is shown once and never again.
    pub(crate) fn make(
        &self,
        identity: &Identity,
        name: &str,
        acts: bool,
        days: i64,
    ) -> Result<String, Failed> {
        let token = format!("{PREFIX}{}", secret::random()?);
        let key = secret::kept(&token);
        let lasts = SignedDuration::from_hours(24 * days.clamp(1, LONGEST_DAYS));
        let kept = Kept {
            identity: identity.clone(),
            name: name.to_owned(),
            acts,
            made: self.now,
            ends: self.now.checked_add(lasts).unwrap_or(self.now),
        };
        let index = format!("{}/{key}", owner(identity));
        self.store.put(OF, &index, &json!({}), Some(kept.ends))?;
        let value = serde_json::to_value(&kept).unwrap_or_default();
        self.store.put(KIND, &key, &value, Some(kept.ends))?;
        Ok(token)
    }

    /// The token, if it holds.
    pub(crate) fn find(&self, token: &str) -> Result<Option<Kept>, StoreError> {
        let bare = token.strip_prefix(PREFIX);
        if !bare.is_some_and(secret::is_random) {
            return Ok(None);
        }
        self.get(&secret::kept(token))
    }

    fn get(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        let found = self.store.get(KIND, key, self.now)?;
        let read = found.and_then(|value| serde_json::from_value::<Kept>(value).ok());
        Ok(read.filter(|token| token.ends > self.now))
    }

    /// Somebody's tokens by their keys, the newest first.
    pub(crate) fn of(&self, identity: &Identity) -> Result<Vec<(String, Kept)>, StoreError> {
        let mut tokens = Vec::new();
        for key in keys_of(self.store, OF, identity, self.now)? {
            tokens.extend(self.get(&key)?.map(|token| (key, token)));
        }
        tokens.sort_by_key(|(_, token)| std::cmp::Reverse(token.made));
        Ok(tokens)
    }

    /// Takes one of somebody's own back; says whether there was one.
    pub(crate) fn end(&self, identity: &Identity, key: &str) -> Result<bool, StoreError> {
        let index = format!("{}/{key}", owner(identity));
        let owned = self.store.take(OF, &index, self.now)?.is_some();
        if owned {
            self.store.take(KIND, key, self.now)?;
        }
        Ok(owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[test]
    fn a_token_holds_until_its_end_or_until_it_is_taken_back() {
        let store = store::open("sqlite::memory:").unwrap();
        let ada = Identity {
            issuer: "ssh".to_owned(),
            subject: "SHA256:a".to_owned(),
            name: "ada".to_owned(),
            handle: None,
        };
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let at = |days: i64| Tokens {
            store: &store,
            now: start + SignedDuration::from_hours(24 * days),
        };
        let one = at(0).make(&ada, "backup", false, 30).unwrap();
        let other = at(0).make(&ada, "deploy", true, 10_000).unwrap();
        assert!(!at(1).find(&one).unwrap().unwrap().acts);
        assert!(at(1).find(&other).unwrap().unwrap().acts);
        assert!(at(30).find(&one).unwrap().is_none());
        assert!(at(LONGEST_DAYS).find(&other).unwrap().is_none());
        let key = at(1).of(&ada).unwrap()[0].0.clone();
        assert!(at(1).end(&ada, &key).unwrap());
        assert_eq!(at(1).of(&ada).unwrap().len(), 1);
        for forged in ["", PREFIX, &one[PREFIX.len()..], &format!("{one}a")] {
            assert!(at(1).find(forged).unwrap().is_none(), "{forged}");
        }
    }
}
