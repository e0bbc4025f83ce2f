//! Who is told.

use std::fmt;

use base::Spanned;
use estate::Estate;
use serde::{Deserialize, Serialize};

use crate::settings::{AlertSettings, Recipient};

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// A group of the estate, by name: through its list or chat, or its leads.
    Group(String),
    /// A mail address, or the https address of a webhook.
    Address(String),
}

impl fmt::Display for Told {
    /// `group infra`, a mail address, or `a webhook`: whose address may hold a secret, and says
    /// nothing to people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => write!(f, "group {name}"),
            Self::Address(address) if address.contains("://") => f.write_str("a webhook"),
            Self::Address(address) => f.write_str(address),
        }
    }
}

/// The channels of an estate.
#[derive(Debug, Clone, Copy)]
pub struct Channels<'e> {
    settings: &'e AlertSettings,
    estate: &'e Estate,
}

impl<'e> Channels<'e> {
    /// As `spend.yaml` has them.
    pub fn of(settings: &'e AlertSettings, estate: &'e Estate) -> Self {
        Self { settings, estate }
    }

    /// Those whom a word means: a channel, else the name of a group, else an address. Nothing if
    /// it means nobody.
    pub fn named(&self, word: &Spanned<String>) -> Option<Vec<Told>> {
        if let Some(channel) = self.settings.channels.get(&word.value) {
            return Some(
                channel
                    .each
                    .iter()
                    .filter_map(|one| self.told(one))
                    .collect(),
            );
        }
        let recipient = Recipient::parse(&word.value, word.span)?;
        self.told(&recipient).map(|told| vec![told])
    }

    /// The words that mean somebody, but for addresses.
    pub fn words(&self) -> impl Iterator<Item = &'e str> {
        let channels = self.settings.channels.entries.iter();
        let channels = channels.map(|(name, _)| name.value.as_str());
        channels.chain(
            self.estate
                .tables
                .groups
                .items()
                .map(|group| group.name.as_str()),
        )
    }

    /// Those whom some words mean; those who are told of what names nobody, if they mean none;
    /// else the group that answers for it. Sorted.
    pub(super) fn or_usual(&self, words: &[Spanned<String>], owner: &str) -> Vec<Told> {
        let mean = |words: &[Spanned<String>]| {
            let each = words.iter().filter_map(|word| self.named(word));
            let mut told: Vec<Told> = each.flatten().collect();
            told.sort();
            told.dedup();
            told
        };
        let mut told = mean(words);
        if told.is_empty() {
            told = mean(&self.settings.to);
        }
        if told.is_empty() && !owner.is_empty() {
            told.push(Told::Group(owner.to_owned()));
        }
        told
    }

    fn told(&self, recipient: &Recipient) -> Option<Told> {
        match recipient {
            Recipient::Address(address) => Some(Told::Address(address.clone())),
            Recipient::Group(group) => {
                let found = self.estate.find(group)?;
                Some(Told::Group(found.name.clone()))
            }
        }
    }
}
