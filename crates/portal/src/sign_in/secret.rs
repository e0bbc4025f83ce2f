//! Random words that nobody guesses, and comparing without telling by the time it takes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

/// How many characters 256 bits are in base64url.
const LENGTH: usize = 43;

/// The system has no random numbers: nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("the system has no random numbers")]
pub(crate) struct NoRandom;

/// 256 random bits as base64url.
pub(crate) fn random() -> Result<String, NoRandom> {
    let mut bytes = [0; 32];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| NoRandom)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether a text looks as [`random`] makes them; all others are refused before anything is looked up.
pub(crate) fn is_random(text: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == LENGTH && text.bytes().all(sound)
}

/// What is kept in place of a secret: its SHA-256 in hexadecimal.
pub(crate) fn kept(secret: &str) -> String {
    let digest = digest::digest(&digest::SHA256, secret.as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Something that follows from a secret and does not tell it: an HMAC-SHA-256 of the purpose, as base64url.
pub(crate) fn derived(secret: &str, purpose: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, purpose.as_bytes()))
}

/// The SHA-256 of a text, as base64url.
pub(crate) fn digest_base64(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// Whether two texts are the same. How long it takes tells nothing of where they differ.
pub(crate) fn same(given: &str, wanted: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, wanted.as_bytes());
    let tag = hmac::sign(&key, wanted.as_bytes());
    hmac::verify(&key, given.as_bytes(), tag.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same_and_each_looks_like_one() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_ne!(one, other);
        assert!(is_random(&one) && is_random(&other));
        for odd in [
            "",
            "a",
            &"a".repeat(44),
            &"=".repeat(43),
            &format!("{}\n", "a".repeat(42)),
        ] {
            assert!(!is_random(odd), "{odd:?}");
        }
    }

    #[test]
    fn texts_are_the_same_or_not() {
        assert!(same("abc", "abc") && same("", ""));
        assert!(!same("abc", "abd") && !same("ab", "abc") && !same("", "abc") && !same("abc", ""));
    }

    #[test]
    fn what_is_derived_differs_by_secret_and_by_purpose() {
        assert_ne!(derived("a", "form"), derived("b", "form"));
        assert_ne!(derived("a", "form"), derived("a", "state"));
        assert_eq!(kept("").len(), 64);
    }
}
