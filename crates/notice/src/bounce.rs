//! Mail that came back.
//!
//! A server that took a mail and cannot deliver it writes to the sender: a delivery status
//! notification (RFC 3464), in a `multipart/report` (RFC 6522). [`read()`] finds in it which mail
//! it is about and who did not get it, so that what was confirmed can be taken back.
//!
//! Anybody can write such a mail, so compare what it says with what was sent:
//! [`Bounce::message`] and [`Failed::recipient`]. A report that is not of this form, or that
//! only says that the mail is late, is no bounce.

mod mailbox;
mod mime;

use std::fmt;
use std::str::FromStr as _;

use base::Digest;

use crate::hidden::line;
pub use mailbox::{Letter, letters};
use mime::{Part, blocks};

/// How much of a mail is looked at, in octets: what came back may be long, and its header is
/// all that we need of it.
pub const LONGEST: usize = 1024 * 1024;

/// That a mail was not delivered to some of its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The Message-ID of what was sent, in angle brackets, where it is said.
    pub message_id: Option<String>,
    /// Who did not get it: at least one.
    pub failed: Vec<Failed>,
}

/// That a mail was not delivered to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The address that it was sent to, where it is said; otherwise the one that failed, which
    /// an alias may have led to.
    pub recipient: String,
    /// The status (RFC 3463), as `5.1.1`.
    pub status: String,
    /// What the last server said, on one line; may be empty.
    pub diagnostic: String,
}

impl Bounce {
    /// The digest of the [`crate::Message`] that came back, where the Message-ID is one of ours.
    pub fn message(&self) -> Option<Digest> {
        let id = self.message_id.as_deref()?.strip_prefix('<')?;
        let (hex, _) = id.split_once('@')?;
        Digest::from_str(&format!("sha256:{}", hex.to_ascii_lowercase())).ok()
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.recipient, self.status)?;
        if !self.diagnostic.is_empty() {
            write!(f, ": {}", self.diagnostic)?;
        }
        f.write_str(")")
    }
}

/// What this mail says of failed delivery; nothing where it is another mail. Never panics.
pub fn read(mail: &[u8]) -> Option<Bounce> {
    let mail = String::from_utf8_lossy(&mail[..mail.len().min(LONGEST)]);
    let mail = Part::of(&mail);
    let parts = report(&mail, 0)?;
    let status = parts.iter().find(|part| is_status(part))?;
    let failed: Vec<Failed> = blocks(&status.body).iter().filter_map(failed).collect();
    if failed.is_empty() {
        return None;
    }
    Some(Bounce {
        message_id: message_id(&mail, &parts),
        failed,
    })
}

/// The parts of the report, which a relay may have wrapped.
fn report(mail: &Part, depth: u8) -> Option<Vec<Part>> {
    const DEEPEST: u8 = 4;
    let parts = mail.parts();
    if parts.iter().any(is_status) {
        return Some(parts);
    }
    if depth == DEEPEST {
        return None;
    }
    parts.iter().find_map(|part| report(part, depth + 1))
}

fn is_status(part: &Part) -> bool {
    matches!(
        part.kind().as_str(),
        "message/delivery-status" | "message/global-delivery-status"
    )
}

/// One recipient of the report (RFC 3464 §2.3), if the mail failed for it.
fn failed(block: &Part) -> Option<Failed> {
    let action = block.field("action")?;
    if !action.trim().eq_ignore_ascii_case("failed") {
        return None;
    }
    let recipient = ["original-recipient", "final-recipient"]
        .into_iter()
        .find_map(|name| typed(block.field(name)?))?;
    let status = block.field("status").unwrap_or_default();
    let status = status.split_whitespace().next().unwrap_or("5.0.0");
    let diagnostic = block.field("diagnostic-code").and_then(typed);
    Some(Failed {
        recipient: line(recipient.trim_start_matches('<').trim_end_matches('>')),
        status: line(status),
        diagnostic: line(diagnostic.unwrap_or_default()),
    })
}

/// What stands after the type: `rfc822; ada@example.org`.
fn typed(value: &str) -> Option<&str> {
    let value = value.split_once(';').map_or(value, |(_, value)| value);
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// The Message-ID of what came back: of the copy of its header, otherwise what the report
/// itself answers.
fn message_id(mail: &Part, parts: &[Part]) -> Option<String> {
    let copy = parts.iter().find_map(|part| match part.kind().as_str() {
        "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers" => {
            Part::of(&part.body).field("message-id").map(str::to_owned)
        }
        _ => None,
    });
    let answered = || mail.field("in-reply-to").map(str::to_owned);
    let text = copy.or_else(answered)?;
    let start = text.find('<')?;
    let end = start + text[start..].find('>')?;
    Some(
        text[start..=end]
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect(),
    )
}

#[cfg(test)]
mod tests;
