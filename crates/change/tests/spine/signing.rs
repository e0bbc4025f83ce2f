//! Keys of people, made in the test, and what they sign.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use decisions::{Event, NAMESPACE, Statement};
use ring::digest;
use ring::signature::{Ed25519KeyPair, KeyPair};

/// A `string` of the SSH protocol.
fn string(bytes: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// An ed25519 key, always the same for a number.
pub(crate) struct Signer {
    pair: Ed25519KeyPair,
    blob: Vec<u8>,
}

impl Signer {
    pub(crate) fn new(seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let blob = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
        Self { pair, blob }
    }

    /// As in `authorized_keys`.
    pub(crate) fn line(&self) -> String {
        format!("ssh-ed25519 {} test", STANDARD.encode(&self.blob))
    }

    /// Signs a statement as `ssh-keygen -Y sign` does.
    pub(crate) fn event(&self, statement: Statement) -> Event {
        let hash = digest::digest(&digest::SHA512, statement.text().as_bytes());
        let head = [string(NAMESPACE.as_bytes()), string(b""), string(b"sha512")].concat();
        let signed = [b"SSHSIG".to_vec(), head.clone(), string(hash.as_ref())].concat();
        let made = self.pair.sign(&signed);
        let signature = [string(b"ssh-ed25519"), string(made.as_ref())].concat();
        let body = [string(&self.blob), head, string(&signature)].concat();
        let encoded = STANDARD.encode([b"SSHSIG\0\0\0\x01".to_vec(), body].concat());
        let armored =
            format!("-----BEGIN SSH SIGNATURE-----\n{encoded}\n-----END SSH SIGNATURE-----\n");
        statement.signed(&armored).unwrap()
    }
}
