//! The header of an age file: to whom it was encrypted.
//!
//! Source: C2SP age-encryption.org/v1. Nothing is decrypted.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256};

/// One way into an age file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stanza {
    /// To an age key; the header does not tell which.
    X25519,
    /// To an SSH key with this tag.
    Ssh(String),
    /// By a passphrase, which anybody may have been told.
    Passphrase,
    /// Something else, for example a plug-in.
    Other(String),
}

/// The ways into an armored age file, or why it is none.
pub(crate) fn stanzas(armored: &str) -> Result<Vec<Stanza>, &'static str> {
    let body: String = armored
        .trim()
        .strip_prefix("-----BEGIN AGE ENCRYPTED FILE-----")
        .and_then(|rest| rest.strip_suffix("-----END AGE ENCRYPTED FILE-----"))
        .ok_or("it has no armor")?
        .split_whitespace()
        .collect();
    let bytes = STANDARD
        .decode(body)
        .map_err(|_| "its armor is not base64")?;
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .map(|line| std::str::from_utf8(line).unwrap_or(""));
    if lines.next() != Some("age-encryption.org/v1") {
        return Err("its first line is not that of an age file");
    }
    let mut found = Vec::new();
    for line in lines {
        if line.starts_with("---") {
            return if found.is_empty() {
                Err("it is encrypted to nobody")
            } else {
                Ok(found)
            };
        }
        if let Some(stanza) = line.strip_prefix("-> ") {
            let mut words = stanza.split(' ');
            found.push(match (words.next().unwrap_or(""), words.next()) {
                ("X25519", _) => Stanza::X25519,
                ("ssh-ed25519" | "ssh-rsa", Some(tag)) => Stanza::Ssh(tag.to_owned()),
                ("scrypt", _) => Stanza::Passphrase,
                // age adds stanzas of random types, so that readers learn to pass over them.
                (other, _) if other.ends_with("-grease") => continue,
                (other, _) => Stanza::Other(other.to_owned()),
            });
        }
    }
    Err("its header does not end")
}

/// The tag that an SSH public key leaves in a header.
pub(crate) fn ssh_tag(public_key: &str) -> Option<String> {
    let encoded = public_key.split_whitespace().nth(1)?;
    let wire = STANDARD.decode(encoded).ok()?;
    let hash = Sha256::digest(&wire);
    Some(STANDARD_NO_PAD.encode(hash.get(..4)?))
}
