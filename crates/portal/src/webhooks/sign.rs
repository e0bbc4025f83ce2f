//! Secrets, ids and signatures (Standard Webhooks 1.0).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// What a secret begins with.
pub(crate) const PREFIX: &str = "whsec_";

/// Octets that nobody can guess; nothing where the system has none.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut octets = [0; N];
    SystemRandom::new().fill(&mut octets).ok()?;
    Some(octets)
}

/// A new secret.
pub(crate) fn secret() -> Option<String> {
    random::<32>().map(|octets| format!("{PREFIX}{}", STANDARD.encode(octets)))
}

/// The value of `webhook-signature` for a message with this id, sent at this time: over the id, the seconds
/// and the body with dots between them.
pub fn signature(secret: &str, id: &str, at: Timestamp, body: &str) -> String {
    let bare = secret.strip_prefix(PREFIX).unwrap_or(secret);
    let key = STANDARD.decode(bare).unwrap_or_default();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = hmac::sign(&key, format!("{id}.{}.{body}", at.as_second()).as_bytes());
    format!("v1,{}", STANDARD.encode(signed.as_ref()))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{secret, signature};

    #[test]
    fn a_message_is_signed_as_the_specification_signs_its_example() {
        let made = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Timestamp::from_second(1_614_265_330).unwrap(),
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(made, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), "whsec_".len() + 44);
    }
}
