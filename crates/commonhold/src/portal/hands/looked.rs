//! What was found out lately, so that many who look cost little more than one. Nothing here is
//! more than a picture: without it everything is found out anew.

use std::collections::BTreeMap;

use base::Digest;
use jiff::{SignedDuration, Timestamp};
use portal::Page;

/// How long a judgement is taken for what it would be now, if nothing happened in the repository.
const JUDGED: SignedDuration = SignedDuration::from_mins(10);
/// How long a page is shown that changes with the time alone.
const SHOWN: SignedDuration = SignedDuration::from_secs(30);
/// How many are kept of each.
const MOST: usize = 1000;

/// Pictures of requests, by their ids.
#[derive(Debug, Default)]
pub(super) struct Looked {
    judged: BTreeMap<String, Judged>,
    shown: BTreeMap<String, Judged>,
    pages: BTreeMap<String, (String, Timestamp, Page)>,
    applied: BTreeMap<Digest, Timestamp>,
}

#[derive(Debug)]
struct Judged {
    stamp: String,
    at: Timestamp,
    until: Option<Timestamp>,
    lacks: String,
}

impl Judged {
    fn holds(&self, stamp: &str, now: Timestamp) -> bool {
        let in_time = self.until.is_none_or(|until| now < until);
        self.stamp == stamp && in_time && now.duration_since(self.at) < JUDGED
    }
}

impl Looked {
    /// What a request lacked when it was judged, if that is still so.
    pub(super) fn lacking(&self, id: &str, stamp: &str, now: Timestamp) -> Option<String> {
        let judged = self.judged.get(id)?;
        judged.holds(stamp, now).then(|| judged.lacks.clone())
    }

    /// The same as whoever only looked has found it.
    pub(super) fn lacking_as_shown(&self, id: &str, stamp: &str, now: Timestamp) -> Option<String> {
        let judged = self.lacking(id, stamp, now);
        let shown = || self.shown.get(id).filter(|shown| shown.holds(stamp, now));
        judged.or_else(|| shown().map(|shown| shown.lacks.clone()))
    }

    pub(super) fn keep(
        &mut self,
        id: &str,
        stamp: String,
        at: Timestamp,
        until: Option<Timestamp>,
        lacks: String,
    ) {
        let judged = Judged {
            stamp,
            at,
            until,
            lacks,
        };
        bounded(&mut self.judged).insert(id.to_owned(), judged);
    }

    pub(super) fn keep_shown(
        &mut self,
        id: &str,
        stamp: String,
        at: Timestamp,
        until: Option<Timestamp>,
        lacks: String,
    ) {
        let judged = Judged {
            stamp,
            at,
            until,
            lacks,
        };
        bounded(&mut self.shown).insert(id.to_owned(), judged);
    }

    /// A page that was made lately of the same.
    pub(super) fn page(&self, id: &str, stamp: &str, now: Timestamp) -> Option<Page> {
        let (of, at, page) = self.pages.get(id)?;
        let is_fresh = of == stamp && now.duration_since(*at) < SHOWN;
        is_fresh.then(|| page.clone())
    }

    pub(super) fn keep_page(&mut self, id: &str, stamp: String, at: Timestamp, page: &Page) {
        bounded(&mut self.pages).insert(id.to_owned(), (stamp, at, page.clone()));
    }

    /// When the changes of a plan were made: once they are, they stay so.
    pub(super) fn applied(&self, plan: &Digest) -> Option<Timestamp> {
        self.applied.get(plan).copied()
    }

    pub(super) fn was_applied(&mut self, plan: Digest, at: Option<Timestamp>) {
        if let Some(at) = at {
            bounded(&mut self.applied).insert(plan, at);
        }
    }
}

/// The same, emptied where it has become large.
fn bounded<K, V>(of: &mut BTreeMap<K, V>) -> &mut BTreeMap<K, V> {
    if of.len() >= MOST {
        of.clear();
    }
    of
}
