//! The words of zone files (RFC 1035 §5.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Malformed;
use super::name::{push_octet, unescape};

/// One word of a zone file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    written: String,
    quoted: bool,
}

impl Token {
    /// A word as a zone file has it, escapes and all.
    pub fn new(written: impl Into<String>, quoted: bool) -> Self {
        Self {
            written: written.into(),
            quoted,
        }
    }

    /// A word that stands for exactly these octets.
    pub fn of_octets(octets: &[u8]) -> Self {
        let mut written = String::with_capacity(octets.len());
        for octet in octets {
            push_octet(&mut written, *octet, false);
        }
        Self::new(written, true)
    }

    /// As written, without quotes.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The octets it stands for.
    pub fn octets(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(self.written.len());
        unescape(&self.written, &mut octets);
        octets
    }

    /// Whether it is this word, not quoted.
    pub fn is_bare(&self, word: &str) -> bool {
        !self.quoted && self.written == word
    }

    /// For messages.
    pub(super) fn shown(&self) -> String {
        self.written.chars().take(40).collect()
    }
}

/// The words of a text: separated by white space, or quoted. `;` starts a comment.
///
/// # Errors
/// A quote is not closed.
pub fn tokens(text: &str) -> Result<Vec<Token>, Malformed> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => at += 1,
            b';' => {
                at += bytes[at..]
                    .iter()
                    .position(|b| *b == b'\n')
                    .unwrap_or(bytes.len() - at);
            }
            b'"' => {
                let end = end_of(bytes, at + 1, |byte| byte == b'"');
                if end == bytes.len() {
                    return Err(Malformed::new("a quote is opened and not closed"));
                }
                tokens.push(Token::new(&text[at + 1..end], true));
                at = end + 1;
            }
            _ => {
                let end = end_of(bytes, at, |byte| {
                    byte.is_ascii_whitespace() || matches!(byte, b'"' | b';')
                });
                tokens.push(Token::new(&text[at..end], false));
                at = end;
            }
        }
    }
    Ok(tokens)
}

/// Where the first byte stands that ends a word and is not escaped.
fn end_of(bytes: &[u8], start: usize, ends: impl Fn(u8) -> bool) -> usize {
    let mut at = start;
    while at < bytes.len() && !ends(bytes[at]) {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
        // An escaped character of several bytes ends where the next one starts.
        while at < bytes.len() && bytes[at] & 0xc0 == 0x80 {
            at += 1;
        }
    }
    at.min(bytes.len())
}

pub(super) fn joined(words: &[Token]) -> String {
    words.iter().map(Token::written).collect()
}

pub(super) fn quoted(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() + 2);
    text.push('"');
    for octet in octets {
        push_octet(&mut text, *octet, false);
    }
    text.push('"');
    text
}

pub(super) fn hex(text: &str) -> Result<Vec<u8>, Malformed> {
    let wrong = || Malformed::new(format!("`{text}` is not pairs of hexadecimal digits"));
    if text.is_empty()
        || !text.len().is_multiple_of(2)
        || !text.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return Err(wrong());
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong()))
        .collect()
}

pub(super) fn base64(text: &str) -> Result<Vec<u8>, Malformed> {
    let octets = STANDARD
        .decode(text)
        .ok()
        .filter(|octets| !octets.is_empty());
    octets.ok_or_else(|| Malformed::new("this is not base64"))
}

pub(super) fn to_base64(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// `\# 4 0a000001` without its first word (RFC 3597 §5).
pub(super) fn unknown_data(words: &[Token]) -> Result<Vec<u8>, Malformed> {
    let length = words
        .first()
        .and_then(|word| word.written().parse::<usize>().ok());
    let length = length.ok_or_else(|| Malformed::new("after `\\#` a length is wanted"))?;
    let digits = joined(&words[1..]);
    let octets = if digits.is_empty() {
        Vec::new()
    } else {
        hex(&digits)?
    };
    if octets.len() == length {
        return Ok(octets);
    }
    Err(Malformed::new(format!(
        "`\\# {length}` announces {length} octets and {} follow",
        octets.len()
    )))
}

pub(super) fn unknown_text(octets: &[u8]) -> String {
    let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("\\# {} {digits}", octets.len())
        .trim_end()
        .to_owned()
}
