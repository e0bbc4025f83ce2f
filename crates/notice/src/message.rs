//! What people are told.

use std::collections::BTreeSet;

use base::{Digest, canonical};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::Address;
use serde::Serialize;

/// What a message is made of. [`Message::of`] looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Draft {
    /// One line, at most [`Message::LONGEST_SUBJECT`] characters.
    pub subject: String,
    /// The plain text. Its lines may be of any length.
    pub text: String,
    /// The same in HTML, for readers that show it.
    pub html: Option<String>,
    /// What it is about, the same for all messages about one item: they form one thread.
    pub thread: String,
    /// The mail addresses of the recipients. Channels other than mail need none.
    pub to: Vec<String>,
    /// When the event that it tells of happened; not when it is sent, so that a message sent
    /// again is the same.
    pub written: Timestamp,
}

/// A message that every channel can carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    form: Form,
    date: String,
    json: String,
    digest: Digest,
}

/// What the digest is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Form {
    subject: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    thread: String,
    to: BTreeSet<String>,
    written: Timestamp,
}

/// Why a draft is not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAMessage {
    /// Its subject is no line of text.
    #[error("the subject {0}")]
    Subject(&'static str),
    /// A recipient has no address that mail can be sent to.
    #[error("`{}` is not a mail address, as `dev@example.org`", .0.escape_debug())]
    Address(String),
    /// It has no thread.
    #[error("a message needs a thread: the name of what it is about")]
    Thread,
    /// It was written before mail knows years.
    #[error("{0} is not a time that a message can be written at")]
    Written(Timestamp),
}

impl Message {
    /// How long a subject may be, in characters.
    pub const LONGEST_SUBJECT: usize = 500;

    /// Makes a message. Line ends become `\n`; recipients are sorted, each is there once.
    ///
    /// # Errors
    /// [`NotAMessage`]: a subject of several lines would be headers, and an address that holds
    /// a line end would be commands.
    pub fn of(draft: Draft) -> Result<Self, NotAMessage> {
        let subject = subject(draft.subject)?;
        if draft.thread.is_empty() {
            return Err(NotAMessage::Thread);
        }
        let to = draft.to.iter().map(|text| address(text));
        let to = to.collect::<Result<BTreeSet<String>, _>>()?;
        let written = draft.written.to_zoned(TimeZone::UTC);
        let date = jiff::fmt::rfc2822::to_string(&written)
            .map_err(|_| NotAMessage::Written(draft.written))?;
        let form = Form {
            subject,
            text: lines(&draft.text),
            html: draft.html.map(|html| lines(&html)),
            thread: draft.thread,
            to,
            written: draft.written,
        };
        let text = json_of(&form);
        let digest = Digest::of(text.as_bytes());
        let json = format!(r#"{{"digest":"{digest}","message":{text}}}"#);
        Ok(Self {
            form,
            date,
            json,
            digest,
        })
    }

    /// The SHA-256 digest of the canonical JSON of its content: its name on every channel.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Its subject.
    pub fn subject(&self) -> &str {
        &self.form.subject
    }

    /// Its plain text.
    pub fn text(&self) -> &str {
        &self.form.text
    }

    /// Its text in HTML.
    pub fn html(&self) -> Option<&str> {
        self.form.html.as_deref()
    }

    /// Its recipients, sorted.
    pub fn to(&self) -> impl Iterator<Item = &str> {
        self.form.to.iter().map(String::as_str)
    }

    /// Canonical JSON (RFC 8785): `digest`, and `message`, which the digest is of.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The Message-ID of mail from this domain, in angle brackets (RFC 5322 §3.6.4): its digest,
    /// so that a list that got it twice can tell.
    pub fn id_at(&self, domain: &str) -> String {
        format!("<{}@{domain}>", self.digest.hex())
    }

    /// The Message-ID that all messages of its thread refer to. No mail has it.
    pub(crate) fn thread_id_at(&self, domain: &str) -> String {
        let thread = Digest::of(self.form.thread.as_bytes());
        format!("<thread.{}@{domain}>", &thread.hex()[..32])
    }

    /// When it was written, as mail says it (RFC 5322 §3.3).
    pub(crate) fn date(&self) -> &str {
        &self.date
    }
}

fn json_of(form: &Form) -> String {
    canonical(form).expect("texts are always JSON")
}

fn subject(text: String) -> Result<String, NotAMessage> {
    let wrong = |what| Err(NotAMessage::Subject(what));
    if text.trim().is_empty() {
        return wrong("is empty");
    }
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) {
        return wrong("has a line end or another control character; it is one line of text");
    }
    if text.chars().count() > Message::LONGEST_SUBJECT {
        return wrong("is longer than 500 characters; say the rest in the text");
    }
    Ok(text)
}

/// An address in the plain form that every mail server takes: ASCII, no quotes, no comments.
pub(crate) fn address(text: &str) -> Result<String, NotAMessage> {
    let not = || NotAMessage::Address(text.to_owned());
    let plain = |byte: u8| byte.is_ascii_graphic() && !br#"<>()[],;:\""#.contains(&byte);
    if !text.bytes().all(plain) || text.len() > 254 {
        return Err(not());
    }
    let read: Address = text.parse().map_err(|_| not())?;
    Ok(read.to_string())
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn draft() -> Draft {
        Draft {
            subject: "Last call: 0007 new mirror".to_owned(),
            text: "It closes tomorrow.\n".to_owned(),
            html: None,
            thread: "0007-new-mirror".to_owned(),
            to: vec!["dev@example.org".to_owned()],
            written: "2026-09-01T10:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn the_digest_is_of_the_content_and_of_nothing_else() {
        let one = Message::of(draft()).unwrap();
        let other = Message::of(Draft {
            text: "It closes tomorrow.\r\n".to_owned(),
            to: vec!["dev@example.org".to_owned(); 2],
            ..draft()
        })
        .unwrap();
        assert_eq!(one, other);
        let changed = Draft {
            text: "It closes today.\n".to_owned(),
            ..draft()
        };
        assert_ne!(one.digest(), Message::of(changed).unwrap().digest());
        let json: serde_json::Value = serde_json::from_str(one.json()).unwrap();
        assert_eq!(json["digest"], one.digest().to_string());
        assert_eq!(Digest::of_json(&json["message"]).unwrap(), one.digest());
    }

    #[test]
    fn a_subject_cannot_be_a_header() {
        for subject in [
            "",
            "  ",
            "a\r\nBcc: all@example.org",
            "a\nb",
            "a\rb",
            "a\0",
            "a\u{85}b",
            "a\u{2028}b",
            &"x".repeat(501),
        ] {
            let draft = Draft {
                subject: subject.to_owned(),
                ..draft()
            };
            let error = Message::of(draft).unwrap_err();
            assert!(matches!(error, NotAMessage::Subject(_)), "{subject:?}");
        }
    }

    #[test]
    fn an_address_cannot_be_a_command() {
        for to in [
            "",
            "dev",
            "dev@",
            "@example.org",
            "a@b>\r\nDATA",
            "a b@example.org",
            "\"a b\"@example.org",
            "a@example.org, b@example.org",
            "Ada <ada@example.org>",
            "ada@[127.0.0.1]",
            "ädä@example.org",
        ] {
            let draft = Draft {
                to: vec![to.to_owned()],
                ..draft()
            };
            let error = Message::of(draft).unwrap_err();
            assert_eq!(error, NotAMessage::Address(to.to_owned()));
            assert!(!error.to_string().contains('\r'));
        }
    }

    #[test]
    fn a_time_that_mail_cannot_write_is_refused() {
        let written = "-000044-03-15T12:00:00Z".parse().unwrap();
        let draft = Draft { written, ..draft() };
        assert_eq!(Message::of(draft), Err(NotAMessage::Written(written)));
    }
}
