//! A message as the text of a mail (RFC 5322), in ASCII.
//!
//! The same message gives the same octets: the Message-ID and the boundary are of its digest,
//! the date is when it was written.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::message::Message;

/// The longest line that we write, without its end (RFC 5322 §2.1.1, RFC 2047 §2).
const LINE: usize = 76;

/// The whole mail, with CRLF at line ends.
pub(super) fn mail(message: &Message, from: &str, domain: &str) -> String {
    let thread = message.thread_id_at(domain);
    let to: Vec<&str> = message.to().collect();
    let mut mail = String::new();
    let mut header = |name: &str, value: &str| {
        let _ = write!(mail, "{name}: {value}\r\n");
    };
    header("Date", message.date());
    header("From", from);
    header("To", &to.join(",\r\n "));
    header("Subject", &subject(message.subject()));
    header("Message-ID", &message.id_at(domain));
    header("In-Reply-To", &thread);
    header("References", &thread);
    // No out-of-office replies (RFC 3834); a bounce still comes.
    header("Auto-Submitted", "auto-generated");
    header("MIME-Version", "1.0");
    match message.html() {
        None => part(&mut mail, "plain", message.text()),
        Some(html) => {
            // `=_` is in no quoted-printable text (RFC 2045 §6.7).
            let boundary = format!("=_{}", message.digest().short());
            let _ = write!(
                mail,
                "Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n\r\n"
            );
            for (kind, text) in [("plain", message.text()), ("html", html)] {
                let _ = write!(mail, "--{boundary}\r\n");
                part(&mut mail, kind, text);
                mail += "\r\n";
            }
            let _ = write!(mail, "--{boundary}--\r\n");
        }
    }
    mail
}

fn part(mail: &mut String, kind: &str, text: &str) {
    let _ = write!(
        mail,
        "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    );
    quoted(mail, text);
}

/// A subject as it is where it is short and plain, otherwise as encoded words (RFC 2047).
fn subject(text: &str) -> String {
    // 39 octets are 52 letters of base64, which with `Subject: =?UTF-8?B??=` fit a line.
    const WORD: usize = 39;
    let plain = text
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic())
        && text.len() <= LINE - "Subject: ".len()
        && text.trim() == text
        && !text.contains("=?");
    if plain {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let most = WORD.min(rest.len());
        let end = (1..=most).rev().find(|&at| rest.is_char_boundary(at));
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(word)));
        rest = after;
    }
    words.join("\r\n ")
}

/// Text as quoted-printable (RFC 2045 §6.7).
fn quoted(mail: &mut String, text: &str) {
    let text = text.strip_suffix('\n').unwrap_or(text);
    for line in text.split('\n') {
        let mut width = 0;
        let octets = line.as_bytes();
        for (place, &octet) in octets.iter().enumerate() {
            let last = place + 1 == octets.len();
            let literal = match octet {
                b' ' | b'\t' => !last,
                b'=' => false,
                _ => octet.is_ascii_graphic(),
            };
            let wide = if literal { 1 } else { 3 };
            if width + wide > LINE - usize::from(!last) {
                *mail += "=\r\n";
                width = 0;
            }
            width += wide;
            if literal {
                mail.push(char::from(octet));
            } else {
                let _ = write!(mail, "={octet:02X}");
            }
        }
        *mail += "\r\n";
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::Draft;
    use crate::message::tests::draft;

    fn composed(draft: Draft) -> String {
        mail(
            &Message::of(draft).unwrap(),
            "infra@example.org",
            "example.org",
        )
    }

    #[test]
    fn a_mail_reads_so() {
        let mail = composed(draft());
        let message = Message::of(draft()).unwrap();
        let thread = message.thread_id_at("example.org");
        assert_eq!(
            mail,
            format!(
                "Date: Tue, 1 Sep 2026 10:00:00 +0000\r\nFrom: infra@example.org\r\nTo: dev@example.org\r\n\
                 Subject: Last call: 0007 new mirror\r\nMessage-ID: <{}@example.org>\r\n\
                 In-Reply-To: {thread}\r\nReferences: {thread}\r\nAuto-Submitted: auto-generated\r\n\
                 MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Transfer-Encoding: quoted-printable\r\n\r\nIt closes tomorrow.\r\n",
                message.digest().hex()
            )
        );
    }

    /// The subject of a mail, as RFC 2047 reads it.
    fn read_subject(mail: &str) -> String {
        let start = mail.find("\r\nSubject: ").unwrap() + 11;
        let value = mail[start..].split("\r\nMessage-ID").next().unwrap();
        if !value.starts_with("=?") {
            return value.to_owned();
        }
        let words = value.split("\r\n ").map(|word| {
            let word = word
                .strip_prefix("=?UTF-8?B?")
                .unwrap()
                .strip_suffix("?=")
                .unwrap();
            String::from_utf8(BASE64_STANDARD.decode(word).unwrap()).unwrap()
        });
        words.collect()
    }

    /// A quoted-printable text, as RFC 2045 reads it.
    fn read_quoted(text: &str) -> String {
        let joined = text.replace("=\r\n", "").replace("\r\n", "\n");
        let mut octets = Vec::new();
        let mut rest = joined.as_bytes();
        while let [first, after @ ..] = rest {
            if *first == b'=' {
                let hex = std::str::from_utf8(&after[..2]).unwrap();
                octets.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &after[2..];
            } else {
                octets.push(*first);
                rest = after;
            }
        }
        String::from_utf8(octets).unwrap()
    }

    proptest! {
        #[test]
        fn whatever_is_said_arrives_in_short_lines_of_ascii(
            subject in "[^\\p{C}\\u{2028}\\u{2029}]{1,200}",
            text in "(?s).{0,300}",
            html in proptest::option::of("(?s).{0,100}"),
        ) {
            prop_assume!(!subject.trim().is_empty());
            let message = Message::of(Draft { subject, text, html, ..draft() }).unwrap();
            let mail = mail(&message, "infra@example.org", "example.org");
            prop_assert!(mail.is_ascii() && !mail.replace("\r\n", "").contains(['\r', '\n']));
            let long = mail.split("\r\n").find(|line| line.len() > LINE && !line.starts_with("Message-ID"));
            prop_assert_eq!(long, None);
            prop_assert_eq!(read_subject(&mail), message.subject());
            let starts = mail.match_indices("quoted-printable\r\n\r\n").map(|(at, found)| at + found.len());
            let bodies: Vec<String> = starts
                .map(|at| read_quoted(mail[at..].split("\r\n--=_").next().unwrap()))
                .collect();
            let wanted = [Some(message.text()), message.html()];
            for (body, text) in bodies.iter().zip(wanted.into_iter().flatten()) {
                prop_assert_eq!(body.trim_end_matches('\n'), text.trim_end_matches('\n'));
            }
            prop_assert_eq!(bodies.len(), 1 + usize::from(message.html().is_some()));
        }
    }
}
