//! What a scope holds, wanted or real.

use std::collections::{BTreeMap, BTreeSet};

use base::Digest;
use serde_json::Value;

use crate::{Key, Sort};

/// What a scope holds, wanted or real.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Everything, by its name.
    pub entries: BTreeMap<Key, Entry>,
    /// What is there, is not ours, and is never touched: each with why.
    pub left_alone: BTreeMap<Key, String>,
    /// Mailing groups that people join by themselves: who just receives there is not removed.
    pub open: BTreeSet<Key>,
    /// Members of an organisation who were invited and have not answered.
    pub pending: BTreeSet<Key>,
    /// What people should know beside, for example how old an invitation is.
    pub notes: Vec<String>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it is, in the form that its [`crate::Sort`] says.
    pub value: Value,
    /// Where the estate declares it, as `path:line`; none of what is real.
    pub declared_at: Option<String>,
    /// The group that answers for it, as far as the estate says; none of what is real.
    pub owner: Option<String>,
}

impl Entry {
    /// Something real.
    pub fn real(value: Value) -> Self {
        Self {
            value,
            declared_at: None,
            owner: None,
        }
    }
}

impl State {
    /// Adds something real.
    pub fn insert(&mut self, key: Key, value: Value) {
        self.entries.insert(key, Entry::real(value));
    }

    /// Adds what is wanted.
    pub(crate) fn want(&mut self, key: Key, value: Value, declared_at: &str, owner: Option<&str>) {
        let entry = Entry {
            value,
            declared_at: Some(declared_at.to_owned()),
            owner: owner.map(str::to_owned),
        };
        // Of two declarations the first counts; that there are two is a finding.
        self.entries.entry(key).or_insert(entry);
    }

    /// All of one sort in or of something, by their names.
    pub(crate) fn within<'s>(
        &'s self,
        sort: Sort,
        of: &'s str,
    ) -> impl Iterator<Item = (&'s Key, &'s Entry)> {
        let first = Key {
            sort,
            of: of.to_owned(),
            name: String::new(),
        };
        let all = self.entries.range(first..);
        all.take_while(move |(key, _)| key.sort == sort && key.of == of)
    }

    /// The digest of all that is there.
    pub(crate) fn digest(&self) -> Digest {
        let values: BTreeMap<String, &Value> = self
            .entries
            .iter()
            .map(|(key, entry)| (key.to_string(), &entry.value))
            .collect();
        // Values came from JSON, so they can be written as JSON.
        Digest::of_json(&values).unwrap_or_else(|_| Digest::of(b""))
    }

    /// The value of a resource.
    pub fn value(&self, key: &Key) -> Option<&Value> {
        self.entries.get(key).map(|entry| &entry.value)
    }
}
