//! Signatures that `ssh-keygen -Y sign` and SSH agents make (SSHSIG), verified
//! with the public keys that people have anyway.
//!
//! Sources: `PROTOCOL.sshsig`, `PROTOCOL.u2f` and `PROTOCOL.certkeys` of OpenSSH, RFC 4253
//! §6.6, RFC 5656 §3, RFC 8332 and RFC 8709. The formats are read here, the arithmetic is
//! `ring`'s. Kinds: `ssh-ed25519`, `ecdsa-sha2-nistp256` and `-nistp384`, `ssh-rsa` of
//! 2048 to 8192 bits with SHA-2, and security keys that somebody touched.

mod key;
mod wire;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

pub use key::{BadKey, VerifyingKey};
use wire::{Reader, put_text};

/// The namespace of every signature on a decision: one made for a file, a commit or
/// another program is none.
pub const NAMESPACE: &str = "commonhold-decision";

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
/// The longest signature that is read, in bytes of its armor; one by an RSA key of 8192
/// bits has less than a fifth of it.
const LONGEST: usize = 16 * 1024;

/// Why a signature does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The text is no armored SSHSIG of version 1.
    #[error("this is not an SSH signature: {0}; make one with `ssh-keygen -Y sign`")]
    NotASignature(&'static str),
    /// The signature was made for something else.
    #[error(
        "the signature was made for \"{found}\", not for \"{wanted}\": sign with `-n {wanted}`"
    )]
    Namespace {
        /// What it was made for.
        found: String,
        /// What it must be for.
        wanted: String,
    },
    /// The signature holds another public key than the one asked about.
    #[error("the signature was made with another key")]
    WrongKey,
    /// The key in the signature is malformed, too short or of an unknown kind.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The algorithm does not fit the key or is not known.
    #[error("signatures of the kind \"{0}\" are not accepted here")]
    Unsupported(String),
    /// An RSA signature over SHA-1, which can be forged.
    #[error("the signature uses SHA-1, which can be forged: sign with OpenSSH 8.2 or later")]
    Sha1,
    /// A security key signed without anybody touching it.
    #[error("nobody touched the security key when it signed")]
    NotTouched,
    /// The signature is sound in form and belongs to another text, or was altered.
    #[error("the signature does not match the text: one of the two was changed")]
    Mismatch,
}

/// A signature, read and not yet verified.
#[derive(Debug, Clone)]
pub struct SshSignature {
    key: VerifyingKey,
    namespace: String,
    hash: &'static digest::Algorithm,
    hash_name: &'static str,
    algorithm: String,
    blob: Vec<u8>,
    /// Of a security key: its flags and how often it has signed.
    touch: Option<(u8, u32)>,
}

impl SshSignature {
    /// Reads an armored signature.
    ///
    /// Stricter than OpenSSH in one point: the reserved field, which nobody writes, must
    /// be empty, so that no byte of a signature can be changed unseen.
    pub fn parse(armored: &str) -> Result<Self, SignatureError> {
        let not = SignatureError::NotASignature;
        if armored.len() > LONGEST {
            return Err(not("it is too long"));
        }
        let bytes = unarmored(armored).map_err(not)?;
        let bytes = bytes.strip_prefix(MAGIC).ok_or(not("its magic is wrong"))?;
        let mut outer = Reader::new(bytes);
        let cut = || not("it is cut short");
        if outer.number().ok_or_else(cut)? != 1 {
            return Err(not("its version is not 1"));
        }
        let key = outer.bytes().ok_or_else(cut)?;
        let namespace = outer.text().ok_or_else(cut)?;
        let reserved = outer.bytes().ok_or_else(cut)?;
        let hash_name = outer.text().ok_or_else(cut)?;
        let signature = outer.bytes().ok_or_else(cut)?;
        if !outer.is_empty() || !reserved.is_empty() {
            return Err(not("it holds more than a signature"));
        }
        let (hash_name, hash) = match hash_name {
            "sha512" => ("sha512", &digest::SHA512),
            "sha256" => ("sha256", &digest::SHA256),
            other => return Err(SignatureError::Unsupported(other.to_owned())),
        };
        let key = VerifyingKey::of_blob(key)?;
        let mut inner = Reader::new(signature);
        let algorithm = inner.text().ok_or_else(cut)?.to_owned();
        let blob = inner.bytes().ok_or_else(cut)?.to_vec();
        let touch = if key.is_security_key() {
            let flags = inner.byte().ok_or_else(cut)?;
            Some((flags, inner.number().ok_or_else(cut)?))
        } else {
            None
        };
        if !inner.is_empty() {
            return Err(not("it holds more than a signature"));
        }
        Ok(Self {
            key,
            namespace: namespace.to_owned(),
            hash,
            hash_name,
            algorithm,
            blob,
            touch,
        })
    }

    /// The key that the signature claims to be made with.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Whether this key signed this text for this namespace.
    pub fn verify(
        &self,
        message: &[u8],
        namespace: &str,
        key: &VerifyingKey,
    ) -> Result<(), SignatureError> {
        if self.namespace != namespace {
            return Err(SignatureError::Namespace {
                found: self.namespace.clone(),
                wanted: namespace.to_owned(),
            });
        }
        if self.key != *key {
            return Err(SignatureError::WrongKey);
        }
        let mut signed = MAGIC.to_vec();
        put_text(&mut signed, namespace.as_bytes());
        put_text(&mut signed, b"");
        put_text(&mut signed, self.hash_name.as_bytes());
        put_text(&mut signed, digest::digest(self.hash, message).as_ref());
        key.verify(&self.algorithm, &signed, &self.blob, self.touch)
    }
}

/// Verifies an armored signature of a text, for a namespace, by a public key as it
/// stands in `authorized_keys`.
pub fn verify(
    armored: &str,
    message: &[u8],
    namespace: &str,
    public_key: &str,
) -> Result<(), SignatureError> {
    let key = VerifyingKey::of_line(public_key)?;
    SshSignature::parse(armored)?.verify(message, namespace, &key)
}

fn unarmored(armored: &str) -> Result<Vec<u8>, &'static str> {
    let mut lines = armored.trim_end().lines();
    if lines.next() != Some(BEGIN) {
        return Err("it does not start with `-----BEGIN SSH SIGNATURE-----`");
    }
    let mut body = String::new();
    for line in &mut lines {
        if line == END {
            return match lines.next() {
                None => STANDARD.decode(body).map_err(|_| "its armor is not base64"),
                Some(_) => Err("something stands behind its end"),
            };
        }
        body.push_str(line);
    }
    Err("it does not end with `-----END SSH SIGNATURE-----`")
}
