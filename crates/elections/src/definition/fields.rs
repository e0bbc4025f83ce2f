//! Values of an election file with a form of their own.

use std::fmt;

use base::Digest;
use serde::Serialize;
use yaml::{Decoding, FromYaml, Node, Shape, choice};

/// What an election is called: the path of its folder, such as `steering/2026`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// What stands between the parts of a path where `/` cannot.
    pub(crate) const FLAT: &'static str = "---";

    /// A key, if the text has the form of one: parts of letters, digits, `-`, `_` and `.`
    /// with `/` between them, none of them `.` or `..`, and nowhere `---`.
    pub fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(plain) && part.bytes().any(|byte| byte != b'.')
        };
        let sound = text.split('/').all(part) && !text.contains(Self::FLAT);
        (sound && text.len() <= 200).then(|| Self(text.to_owned()))
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As one word, for addresses: `steering---2026`.
    pub fn flat(&self) -> String {
        self.0.replace('/', Self::FLAT)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromYaml for Key {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "the key of an election")?;
        Self::new(text).or_else(|| {
            let message = format!("\"{text}\" cannot be the key of an election");
            let help = "write parts of letters, digits, `-`, `_` and `.` with `/` between them, such as steering/2026";
            cx.bad_value(node.span, message, help)
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "the key of an election, such as steering/2026",
            pattern: "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$",
        }
    }
}

choice! {
    /// Who can know how somebody voted.
    pub enum Privacy {
        /// Everybody: a roll call.
        Open = "open",
        /// Nobody by what is stored: ballots are kept apart from voters and in no order. Whoever runs the server is trusted.
        Sealed = "sealed",
        /// Nobody, the server included: ballots are cast with blindly signed tokens, on a board that anybody can verify.
        Blind = "blind",
    }
}

choice! {
    /// What is published of the ballots after the close.
    pub enum Publish {
        /// Each ballot, without its voter unless the vote is open.
        Full = "full",
        /// How many prefer each candidate to each other.
        Pairwise = "pairwise",
        /// The result alone.
        None = "none",
    }
}

choice! {
    /// What decides between candidates whom the method leaves equal.
    pub enum Tie {
        /// An order from secrets that officers committed to before the vote opened.
        Lottery = "lottery",
        /// A coin thrown by somebody who is not involved, before a witness; who, and what came up, is recorded.
        Coin = "coin",
        /// A named person's decision, which is recorded.
        CastingVote = "casting-vote",
    }
}

/// The SHA-256 digest of a secret, written `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Commitment(pub Digest);

impl FromYaml for Commitment {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a digest")?;
        match text.parse() {
            Ok(digest) => Some(Self(digest)),
            Err(error) => {
                let help = "the officer commits to a secret and gives its digest, never the secret";
                cx.bad_value(node.span, format!("{error}"), help)
            }
        }
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a SHA-256 digest",
            pattern: "^sha256:[0-9a-f]{64}$",
        }
    }
}
