//! Who wants to be told.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::sign;
use crate::store::{Store, StoreError};

const KIND: &str = "webhook";
/// How many one person may have.
pub(crate) const MOST: usize = 10;
/// How many there are at most in all.
const MOST_IN_ALL: usize = 1_000;

/// A place that is told what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub(crate) id: String,
    /// The person who wants it, by their name in the estate.
    pub(crate) owner: String,
    pub(crate) url: String,
    /// The events that it is told; `finding.*` for all of a kind, `*` for all.
    pub(crate) events: Vec<String>,
    pub(crate) created: Timestamp,
    pub(crate) secret: String,
    pub(crate) paused: Option<Paused>,
}

/// Why nothing is sent to a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Paused {
    pub(crate) since: Timestamp,
    pub(crate) why: String,
}

/// Why there is no new one.
#[derive(Debug)]
pub(crate) enum Refused {
    /// This many are enough.
    TooMany,
    /// The system has no random numbers.
    NoRandom,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// All of them, at an instant.
pub(crate) struct Hooks<'s> {
    pub(crate) store: &'s dyn Store,
    pub(crate) now: Timestamp,
}

impl Hooks<'_> {
    /// All, by their ids.
    pub(crate) fn all(&self) -> Result<Vec<Hook>, StoreError> {
        let kept = self.store.list(KIND, "", MOST_IN_ALL, self.now)?;
        let read = kept
            .into_iter()
            .map(|(_, value)| serde_json::from_value(value));
        Ok(read.filter_map(Result::ok).collect())
    }

    /// Those of a person, the oldest first.
    pub(crate) fn of(&self, owner: &str) -> Result<Vec<Hook>, StoreError> {
        let mut hooks = self.all()?;
        hooks.retain(|hook| hook.owner == owner);
        hooks.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(hooks)
    }

    /// The one of this id.
    pub(crate) fn get(&self, id: &str) -> Result<Option<Hook>, StoreError> {
        if !is_id(id) {
            return Ok(None);
        }
        let found = self.store.get(KIND, id, self.now)?;
        Ok(found.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// A new one.
    pub(crate) fn make(&self, owner: &str, url: &str, events: &[String]) -> Result<Hook, Refused> {
        let all = self.all()?;
        let own = all.iter().filter(|hook| hook.owner == owner).count();
        let (Some(id), Some(secret)) = (sign::random::<12>(), sign::secret()) else {
            return Err(Refused::NoRandom);
        };
        if own >= MOST || all.len() >= MOST_IN_ALL {
            return Err(Refused::TooMany);
        }
        let id: String = id.iter().map(|octet| format!("{octet:02x}")).collect();
        let mut events = events.to_vec();
        events.sort();
        events.dedup();
        let hook = Hook {
            id: format!("wh_{id}"),
            owner: owner.to_owned(),
            url: url.to_owned(),
            events,
            created: self.now,
            secret,
            paused: None,
        };
        self.put(&hook)?;
        Ok(hook)
    }

    /// Keeps it as it is now.
    pub(crate) fn put(&self, hook: &Hook) -> Result<(), StoreError> {
        let value = serde_json::to_value(hook).unwrap_or_default();
        self.store.put(KIND, &hook.id, &value, None)
    }

    /// Forgets it; says whether it was there.
    pub(crate) fn forget(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.store.take(KIND, id, self.now)?.is_some())
    }
}

fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix("wh_").unwrap_or_default();
    digits.len() == 24 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A URL to which may be sent; what is wrong with it, at the end of a sentence about it. Whither its name leads is
/// looked at when something is sent.
pub(crate) fn sound(text: &str) -> Result<String, String> {
    let url =
        Url::parse(text).map_err(|_| "is no URL, as `https://host.example/path`".to_owned())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a name or a password in it; what is sent is signed instead".to_owned());
    }
    if url.fragment().is_some() {
        return Err("has a `#` in it, which is never sent".to_owned());
    }
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err("names no host".to_owned()),
    };
    match url.scheme() {
        "https" => Ok(url.to_string()),
        "http" if here => Ok(url.to_string()),
        _ => Err("must begin with `https://`; `http://` is for this machine alone".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_id, sound};

    #[test]
    fn a_place_is_told_over_tls_or_on_this_machine() {
        for url in [
            "https://a.example/x?y=1",
            "http://127.0.0.1:9/",
            "http://[::1]:9/",
            "http://localhost/",
        ] {
            assert!(sound(url).is_ok(), "{url}");
        }
        for (url, wanted) in [
            ("http://a.example/", "https"),
            ("http://127.0.0.1.example/", "https"),
            ("ftp://a.example/", "https"),
            ("https://u:p@a.example/", "password"),
            ("https://a.example/#x", "#"),
            ("https://", "no URL"),
            ("a.example", "no URL"),
            ("file:///etc/passwd", "no host"),
        ] {
            assert!(
                sound(url).unwrap_err().contains(wanted),
                "{url}: {:?}",
                sound(url)
            );
        }
    }

    #[test]
    fn only_ids_of_ours_are_looked_up() {
        assert!(is_id("wh_0123456789abcdef01234567"));
        for text in [
            "",
            "wh_",
            "wh_0123456789abcdef0123456",
            "wh_0123456789abcdef0123456\n",
            "x",
        ] {
            assert!(!is_id(text), "{text:?}");
        }
    }
}
