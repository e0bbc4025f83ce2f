//! Against a real mail server and a real web server, and what is written to a folder.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod bounces;
mod files;
mod listener;
mod mail;
mod webhook;

use notice::{Draft, Message};

/// A message to these addresses.
fn message(to: &[&str]) -> Message {
    Message::of(draft(to)).unwrap()
}

fn draft(to: &[&str]) -> Draft {
    Draft {
        subject: "Last call: 0007 new mirror".to_owned(),
        text: "It closes tomorrow.\n".to_owned(),
        html: None,
        thread: "0007-new-mirror".to_owned(),
        to: to.iter().map(|&to| to.to_owned()).collect(),
        written: "2026-09-01T10:00:00Z".parse().unwrap(),
    }
}
