//! Tells people, and says whether they were told.
//!
//! A [`Message`] goes out by a [`Channel`]: mail, a webhook, or a folder of files. [`deliver`]
//! gives a [`Confirmation`] with what the other side said, or says why there is none. The same
//! message has the same digest on every channel, so that one sent again after a crash is known
//! for what it is.
//!
//! Mail that was taken may still come back: [`bounce`] reads what a mail server writes then.
//!
//! This crate must never know what is decided, nor read a clock or the environment: who calls
//! it says when a message was written, and hands over the texts that hold secrets.

pub mod bounce;
mod file_drop;
mod hidden;
mod mail;
mod message;
mod outcome;
mod webhook;

use std::fmt;

pub use file_drop::FileDrop;
pub use mail::Mail;
pub use message::{Draft, Message, NotAMessage};
pub use outcome::{Confirmation, Evidence, NotDelivered};
pub use webhook::{IDEMPOTENCY_KEY, SIGNATURE, Webhook};

/// A way to tell people.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Mail to the message's recipients.
    Mail(Mail),
    /// A request to one address.
    Webhook(Webhook),
    /// A file for another program.
    Files(FileDrop),
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(mail) => mail.fmt(f),
            Self::Webhook(webhook) => webhook.fmt(f),
            Self::Files(files) => files.fmt(f),
        }
    }
}

/// A text that does not say how to reach a channel. It never repeats the text, which may hold
/// a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {what}")]
pub struct BadSetting {
    name: String,
    what: String,
}

impl BadSetting {
    fn of(name: &str, what: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            what: what.into(),
        }
    }

    /// The environment variable that it is about.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Tells people by this channel, and waits until the other side has said that it has the
/// message. One that is delivered twice is the same message: a file is written once, a webhook
/// gets the same idempotency key, mail the same Message-ID.
///
/// # Errors
/// [`NotDelivered`]: nobody may be taken to know.
pub fn deliver(channel: &Channel, message: &Message) -> Result<Confirmation, NotDelivered> {
    let evidence = match channel {
        Channel::Mail(mail) => mail.send(message),
        Channel::Webhook(webhook) => webhook.post(message),
        Channel::Files(files) => files.write(message),
    };
    match evidence {
        Ok(evidence) => Ok(Confirmation {
            channel: channel.to_string(),
            message: message.digest(),
            evidence,
        }),
        Err(failure) => Err(failure.on(channel.to_string())),
    }
}
