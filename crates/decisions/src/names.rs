//! What items and people are called in events.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use base::Digest;

use crate::event::Content;

/// What a decision is called before it has a number: words of its title and the first
/// eight hexadecimal digits of the digest of what it first proposed.
///
/// Two branches cannot give one name to two proposals, and give the same name to the
/// same one. The name stays when the proposal is amended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(String);

impl ItemId {
    /// How many hexadecimal digits end it.
    const DIGITS: usize = 8;
    /// The most characters of the words before them.
    const WORDS: usize = 48;

    /// For changes that are proposed under a title.
    pub fn new(title: &str, content: &Content) -> Self {
        Self::of(title, &content.digest())
    }

    /// For a text that somebody proposes under a title: another's proposal of the same text is
    /// another item.
    pub fn of_text(title: &str, text: &Digest, proposer: &PersonName) -> Self {
        Self::of(title, &Self::origin(text, proposer))
    }

    /// Whether it is the name of what this person proposed.
    pub(crate) fn is_of(&self, text: &Digest, proposer: &PersonName) -> bool {
        let hex = Self::origin(text, proposer).hex();
        self.0.ends_with(&format!("-{}", &hex[..Self::DIGITS]))
    }

    fn origin(text: &Digest, proposer: &PersonName) -> Digest {
        Digest::of(format!("{text} {proposer}").as_bytes())
    }

    fn of(title: &str, digest: &Digest) -> Self {
        let mut words = String::new();
        let parts = title.split(|c: char| !c.is_ascii_alphanumeric());
        for word in parts.filter(|word| !word.is_empty()) {
            if words.len() + 1 + word.len() > Self::WORDS {
                break;
            }
            if !words.is_empty() {
                words.push('-');
            }
            words.push_str(&word.to_ascii_lowercase());
        }
        if words.is_empty() {
            words.push_str("item");
        }
        let hex = digest.hex();
        Self(format!("{words}-{}", &hex[..Self::DIGITS]))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ItemId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let sound = text.rsplit_once('-').is_some_and(|(words, digits)| {
            words.len() <= Self::WORDS
                && digits.len() == Self::DIGITS
                && digits.bytes().all(hex)
                && words
                    .split('-')
                    .all(|word| !word.is_empty() && word.bytes().all(plain))
        });
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "an item is called by words of its title and 8 hexadecimal digits, like `add-zone-0a1b2c3d`",
            )
        }
    }
}

/// A person, by the name of their file in the estate; written `person/NAME`.
///
/// Names and logins compare without case, so what is compared is the name that a
/// [`Roster`](crate::Roster) gives back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

impl PersonName {
    const KIND: &'static str = "person/";
    const LONGEST: usize = 200;

    /// A name, if it can be one: no blanks and no control characters. The file may lie in
    /// a folder below `people/`, which is part of the name.
    pub fn new(name: &str) -> Option<Self> {
        let odd = |c: char| c.is_whitespace() || c.is_control();
        let sound = !name.is_empty() && name.len() <= Self::LONGEST && !name.contains(odd);
        sound.then(|| Self(name.to_owned()))
    }

    /// The name without `person/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(Self::KIND)
            .and_then(Self::new)
            .ok_or("an actor is written `person/NAME`")
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", Self::KIND, self.0))
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(ItemId);
as_text!(PersonName);
