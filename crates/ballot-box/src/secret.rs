//! What the voter of a sealed poll keeps.

use std::fmt;

use base::Digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::blind::{BlindError, fill};
use crate::{Poll, Reason, Refusal};

/// With this the voter of a sealed poll replaces their ballot or takes it back; nothing else
/// leads to it. Who loses it cannot change their ballot any more.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptSecret([u8; 32]);

impl ReceiptSecret {
    /// A new one, from the system's random numbers. Make it on the voter's side.
    pub fn new() -> Result<Self, BlindError> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// For the voter to write down: 43 letters, digits, `-` and `_`.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// From what the voter wrote down.
    pub fn of_text(text: &str) -> Result<Self, Refusal> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| {
                let what = "this is no receipt secret: it has 43 letters, digits, `-` and `_`";
                Refusal::new(Reason::Token, what)
            })
    }

    /// The key of the ballot, from which the secret cannot be found.
    pub(crate) fn lock(&self, poll: &Poll) -> Digest {
        let fingerprint = poll.fingerprint();
        let parts = [
            b"commonhold sealed ballot/1\0".as_slice(),
            fingerprint.as_bytes(),
            &self.0,
        ];
        Digest::of(&parts.concat())
    }
}

impl fmt::Debug for ReceiptSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptSecret(..)")
    }
}
