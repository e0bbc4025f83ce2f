//! Keys made in the test, and signatures put together by hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use decisions::{NAMESPACE, PersonName, Statement};
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};

/// A `string` of the SSH protocol.
pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// A positive `mpint`.
fn number(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap();
    let mut shortest = bytes[first..].to_vec();
    if shortest[0] >= 0x80 {
        shortest.insert(0, 0);
    }
    string(&shortest)
}

/// The armor around a signature's bytes.
pub(crate) fn armor(bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        lines.join("\n")
    )
}

/// The bytes inside an armor.
pub(crate) fn unarmored(armored: &str) -> Vec<u8> {
    let body: String = armored
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    STANDARD.decode(body).unwrap()
}

/// What is signed for a message.
fn signed(message: &[u8], namespace: &str) -> Vec<u8> {
    let hash = digest::digest(&digest::SHA512, message);
    let parts = [
        string(namespace.as_bytes()),
        string(b""),
        string(b"sha512"),
        string(hash.as_ref()),
    ];
    [b"SSHSIG".to_vec(), parts.concat()].concat()
}

/// An SSHSIG of a key and what that key made.
fn sshsig(key: &[u8], namespace: &str, signature: &[u8]) -> String {
    let parts = [
        string(key),
        string(namespace.as_bytes()),
        string(b""),
        string(b"sha512"),
        string(signature),
    ];
    armor(&[b"SSHSIG\0\0\0\x01".to_vec(), parts.concat()].concat())
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(Box<EcdsaKeyPair>),
}

/// A key without hardware that signs as one with, or as a plain one.
pub(crate) struct Signer {
    pair: Pair,
    kind: &'static str,
    blob: Vec<u8>,
    /// Of security keys.
    pub(crate) flags: Option<u8>,
}

impl Signer {
    /// A plain key, always the same for a number.
    pub(crate) fn ed25519(seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let blob = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
        Self {
            pair: Pair::Ed25519(pair),
            kind: "ssh-ed25519",
            blob,
            flags: None,
        }
    }

    /// A security key of ed25519.
    pub(crate) fn sk_ed25519(seed: u8) -> Self {
        let kind = "sk-ssh-ed25519@openssh.com";
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let point = string(pair.public_key().as_ref());
        let blob = [string(kind.as_bytes()), point, string(b"ssh:")].concat();
        Self {
            pair: Pair::Ed25519(pair),
            kind,
            blob,
            flags: Some(1),
        }
    }

    /// A security key of ECDSA.
    pub(crate) fn sk_ecdsa() -> Self {
        let kind = "sk-ecdsa-sha2-nistp256@openssh.com";
        let rng = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &rng).unwrap();
        let point = string(pair.public_key().as_ref());
        let blob = [
            string(kind.as_bytes()),
            string(b"nistp256"),
            point,
            string(b"ssh:"),
        ]
        .concat();
        Self {
            pair: Pair::P256(Box::new(pair)),
            kind,
            blob,
            flags: Some(1),
        }
    }

    /// As in `authorized_keys`.
    pub(crate) fn line(&self) -> String {
        format!("{} {} test", self.kind, STANDARD.encode(&self.blob))
    }

    /// Signs a message.
    pub(crate) fn sign(&self, message: &[u8], namespace: &str) -> String {
        let mut bytes = signed(message, namespace);
        let mut tail = Vec::new();
        if let Some(flags) = self.flags {
            let counter = 7_u32.to_be_bytes();
            let sha256 = |bytes: &[u8]| digest::digest(&digest::SHA256, bytes).as_ref().to_vec();
            bytes = [&sha256(b"ssh:")[..], &[flags], &counter, &sha256(&bytes)].concat();
            tail = [&[flags][..], &counter].concat();
        }
        let made = match &self.pair {
            Pair::Ed25519(pair) => pair.sign(&bytes).as_ref().to_vec(),
            Pair::P256(pair) => {
                let made = pair.sign(&SystemRandom::new(), &bytes).unwrap();
                let (r, s) = made.as_ref().split_at(32);
                [number(r), number(s)].concat()
            }
        };
        let signature = [string(self.kind.as_bytes()), string(&made), tail].concat();
        sshsig(&self.blob, namespace, &signature)
    }

    /// Signs a statement.
    pub(crate) fn event(&self, statement: Statement) -> decisions::Event {
        let signature = self.sign(statement.text().as_bytes(), NAMESPACE);
        statement.signed(&signature).unwrap()
    }
}

/// A person by name.
pub(crate) fn person(name: &str) -> PersonName {
    PersonName::new(name).unwrap()
}
