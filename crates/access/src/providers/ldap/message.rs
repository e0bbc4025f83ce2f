//! What a directory says: messages and what is in them (RFC 4511 §4).

use std::fmt;

use super::ber::{self, Malformed, Reader};

/// Paged results (RFC 2696).
pub(super) const PAGED: &str = "1.2.840.113556.1.4.319";

/// How an operation ended (RFC 4511 §4.1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: u32,
    /// What the server says of it.
    pub(super) text: String,
    /// Where it sends us instead.
    pub(super) referrals: Vec<String>,
}

/// Result codes that mean something to us (RFC 4511 appendix A).
pub(super) mod code {
    pub(in super::super) const SUCCESS: u32 = 0;
    pub(in super::super) const TIME_LIMIT: u32 = 3;
    pub(in super::super) const SIZE_LIMIT: u32 = 4;
    pub(in super::super) const REFERRAL: u32 = 10;
    pub(in super::super) const ADMIN_LIMIT: u32 = 11;
    pub(in super::super) const NO_SUCH_ATTRIBUTE: u32 = 16;
    pub(in super::super) const VALUE_EXISTS: u32 = 20;
    pub(in super::super) const NO_SUCH_OBJECT: u32 = 32;
    pub(in super::super) const INVALID_CREDENTIALS: u32 = 49;
    pub(in super::super) const BUSY: u32 = 51;
    pub(in super::super) const UNAVAILABLE: u32 = 52;
    pub(in super::super) const OBJECT_CLASS: u32 = 65;
    pub(in super::super) const ENTRY_EXISTS: u32 = 68;
    pub(in super::super) const OTHER: u32 = 80;
}

/// An entry as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its name as the server writes it.
    pub(super) name: String,
    /// Its attributes: descriptions in lower case, and their values.
    pub(super) attributes: Vec<(String, Vec<String>)>,
}

/// One page of a search.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) found: Vec<Found>,
    /// Other servers that have more of it.
    pub(super) referrals: Vec<String>,
    /// What the next page is asked for with; empty after the last.
    pub(super) cookie: Vec<u8>,
}

/// One message.
pub(super) struct Message {
    pub(super) id: u32,
    pub(super) tag: u8,
    pub(super) content: Vec<u8>,
    controls: Vec<u8>,
}

impl Message {
    pub(super) fn read(octets: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader(octets).within(ber::SEQUENCE)?;
        let id = reader.number(ber::INTEGER)?;
        let (tag, content) = reader.any()?;
        let controls = match reader.tag() {
            Some(0xa0) => reader.expect(0xa0)?,
            _ => &[],
        };
        Ok(Self {
            id,
            tag,
            content: content.to_vec(),
            controls: controls.to_vec(),
        })
    }

    /// Takes a message of a search into a page; what ends the search is given.
    pub(super) fn search_item(&self, page: &mut Page) -> Result<Option<Outcome>, Malformed> {
        match self.tag {
            0x64 => page.found.push(found(&self.content)?),
            0x73 => page.referrals.extend(texts(Reader(&self.content))?),
            // An intermediate message is for those who asked for one.
            0x79 => {}
            0x65 => {
                page.cookie = cookie(&self.controls)?;
                return Outcome::read(&self.content).map(Some);
            }
            _ => return Err(Malformed),
        }
        Ok(None)
    }
}

impl Outcome {
    pub(super) fn read(content: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader(content);
        let code = reader.number(ber::ENUMERATED)?;
        let _matched = reader.text()?;
        let text = reader.text()?;
        let referrals = match reader.tag() {
            Some(0xa3) => texts(reader.within(0xa3)?)?,
            _ => Vec::new(),
        };
        Ok(Self {
            code,
            text,
            referrals,
        })
    }

    /// What the standard calls it.
    fn title(&self) -> &'static str {
        match self.code {
            1 => "operations error",
            2 => "protocol error",
            3 => "time limit exceeded",
            4 => "size limit exceeded",
            7 => "this way to authenticate is not supported",
            8 => "stronger authentication required",
            10 => "referral",
            11 => "administrative limit exceeded",
            13 => "confidentiality required",
            16 => "no such attribute",
            17 => "undefined attribute type",
            19 => "constraint violation",
            20 => "attribute or value exists",
            21 => "invalid attribute syntax",
            32 => "no such object",
            34 => "invalid DN syntax",
            48 => "inappropriate authentication",
            49 => "invalid credentials",
            50 => "insufficient access rights",
            51 => "busy",
            52 => "unavailable",
            53 => "unwilling to perform",
            64 => "naming violation",
            65 => "object class violation",
            66 => "not allowed on an entry that has others below it",
            67 => "not allowed on what names the entry",
            68 => "entry exists already",
            80 => "other error",
            _ => "error",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.title(), self.code)?;
        match self.text.trim() {
            "" => Ok(()),
            text => write!(f, ": {}", base::visible(text)),
        }
    }
}

fn found(content: &[u8]) -> Result<Found, Malformed> {
    let mut reader = Reader(content);
    let name = reader.text()?;
    let mut list = reader.within(ber::SEQUENCE)?;
    let mut attributes = Vec::new();
    while !list.is_at_end() {
        let mut attribute = list.within(ber::SEQUENCE)?;
        let description = attribute.text()?.to_ascii_lowercase();
        attributes.push((description, texts(attribute.within(ber::SET)?)?));
    }
    Ok(Found { name, attributes })
}

fn texts(mut reader: Reader<'_>) -> Result<Vec<String>, Malformed> {
    let mut all = Vec::new();
    while !reader.is_at_end() {
        all.push(reader.text()?);
    }
    Ok(all)
}

/// What the next page is asked for with. A server that does not page has told all at once.
fn cookie(controls: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut list = Reader(controls);
    while !list.is_at_end() {
        let mut control = list.within(ber::SEQUENCE)?;
        if control.text()? != PAGED {
            continue;
        }
        if control.tag() == Some(ber::BOOLEAN) {
            control.any()?;
        }
        let mut told = Reader(control.expect(ber::OCTETS)?).within(ber::SEQUENCE)?;
        told.expect(ber::INTEGER)?;
        return Ok(told.expect(ber::OCTETS)?.to_vec());
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_is_read_with_its_referrals() {
        let referral = ber::all(0xa3, &[ber::text("ldap://other/")]);
        let parts = [
            ber::number(ber::ENUMERATED, 10),
            ber::text(""),
            ber::text("not here"),
            referral,
        ];
        let outcome = Outcome::read(&parts.concat()).unwrap();
        assert_eq!(outcome.to_string(), "referral (code 10): not here");
        assert_eq!(outcome.referrals, ["ldap://other/"]);
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(tag in prop::sample::select(vec![0x64u8, 0x65, 0x73, 0x79]), content in prop::collection::vec(any::<u8>(), 0..64), controls in prop::collection::vec(any::<u8>(), 0..32)) {
            let message = Message { id: 1, tag, content, controls };
            let _ = message.search_item(&mut Page::default());
            let _ = Message::read(&message.content);
        }
    }
}
