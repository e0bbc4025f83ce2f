//! Public keys of SSH, and what each kind's signatures look like.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

use super::SignatureError;
use super::wire::{Reader, padded};

/// Set in the flags of a security key's signature when somebody touched the key.
const USER_PRESENT: u8 = 1;

/// Why a line is no public key that can sign decisions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Not the form of a public key.
    #[error("this is not a public key of SSH")]
    Malformed,
    /// A kind that is not accepted, by its name.
    #[error("keys of the kind \"{0}\" are not accepted here")]
    Unsupported(String),
    /// An RSA key outside 2048 to 8192 bits.
    #[error("an RSA key must have 2048 to 8192 bits, and this one has {0}")]
    RsaSize(usize),
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Ed25519,
    EcdsaP256,
    EcdsaP384,
    Rsa { n: Vec<u8>, e: Vec<u8> },
    SkEd25519,
    SkEcdsaP256,
}

/// A public key of SSH that can verify signatures. Two are equal if all their bytes are.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    kind: Kind,
    /// The point on the curve; nothing for RSA.
    point: Vec<u8>,
    /// Of a security key: for whom it was made, in most cases `ssh:`.
    application: Vec<u8>,
    blob: Vec<u8>,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fingerprint())
    }
}

impl VerifyingKey {
    /// Reads a line as it stands in `authorized_keys`, without options: kind, key, and any comment.
    pub fn of_line(line: &str) -> Result<Self, BadKey> {
        let mut words = line.split_ascii_whitespace();
        let (kind, blob) = words.next().zip(words.next()).ok_or(BadKey::Malformed)?;
        let blob = STANDARD.decode(blob).map_err(|_| BadKey::Malformed)?;
        if Reader::new(&blob).text() != Some(kind) {
            return Err(BadKey::Malformed);
        }
        Self::of_blob(&blob)
    }

    /// Reads a key as it stands inside a signature.
    pub(super) fn of_blob(blob: &[u8]) -> Result<Self, BadKey> {
        let mut reader = Reader::new(blob);
        let name = reader.text().ok_or(BadKey::Malformed)?;
        let (mut point, mut application) = (Vec::new(), Vec::new());
        let kind = match name {
            "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" => {
                point = ed25519_point(&mut reader).ok_or(BadKey::Malformed)?;
                if name.starts_with("sk-") {
                    Kind::SkEd25519
                } else {
                    Kind::Ed25519
                }
            }
            "ecdsa-sha2-nistp256" | "sk-ecdsa-sha2-nistp256@openssh.com" => {
                point = curve_point(&mut reader, "nistp256", 32).ok_or(BadKey::Malformed)?;
                if name.starts_with("sk-") {
                    Kind::SkEcdsaP256
                } else {
                    Kind::EcdsaP256
                }
            }
            "ecdsa-sha2-nistp384" => {
                point = curve_point(&mut reader, "nistp384", 48).ok_or(BadKey::Malformed)?;
                Kind::EcdsaP384
            }
            "ssh-rsa" => {
                let e = reader.positive().ok_or(BadKey::Malformed)?.to_vec();
                let n = reader.positive().ok_or(BadKey::Malformed)?.to_vec();
                rsa_size(&n)?;
                Kind::Rsa { n, e }
            }
            other => return Err(BadKey::Unsupported(other.to_owned())),
        };
        if matches!(kind, Kind::SkEd25519 | Kind::SkEcdsaP256) {
            application = reader.bytes().ok_or(BadKey::Malformed)?.to_vec();
        }
        if !reader.is_empty() {
            return Err(BadKey::Malformed);
        }
        Ok(Self {
            kind,
            point,
            application,
            blob: blob.to_vec(),
        })
    }

    /// As `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
    pub fn fingerprint(&self) -> String {
        let hash = digest(&SHA256, &self.blob);
        format!("SHA256:{}", STANDARD_NO_PAD.encode(hash))
    }

    /// The key's bytes, by which it is known.
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    pub(super) fn is_security_key(&self) -> bool {
        matches!(self.kind, Kind::SkEd25519 | Kind::SkEcdsaP256)
    }

    /// Whether the key made a signature of the algorithm over the bytes.
    pub(super) fn verify(
        &self,
        algorithm: &str,
        signed: &[u8],
        signature: &[u8],
        touch: Option<(u8, u32)>,
    ) -> Result<(), SignatureError> {
        let signed = match touch {
            Some((flags, _)) if flags & USER_PRESENT == 0 => {
                return Err(SignatureError::NotTouched);
            }
            Some((flags, counter)) => self.by_security_key(signed, flags, counter),
            None => signed.to_vec(),
        };
        let with = |known: &'static dyn VerificationAlgorithm, signature: Option<Vec<u8>>| {
            let signature = signature.ok_or(SignatureError::Mismatch)?;
            UnparsedPublicKey::new(known, &self.point)
                .verify(&signed, &signature)
                .map_err(|_| SignatureError::Mismatch)
        };
        match (&self.kind, algorithm) {
            (Kind::Ed25519, "ssh-ed25519") | (Kind::SkEd25519, "sk-ssh-ed25519@openssh.com") => {
                with(&ED25519, Some(signature.to_vec()))
            }
            (Kind::EcdsaP256, "ecdsa-sha2-nistp256")
            | (Kind::SkEcdsaP256, "sk-ecdsa-sha2-nistp256@openssh.com") => {
                with(&ECDSA_P256_SHA256_FIXED, pair(signature, 32))
            }
            (Kind::EcdsaP384, "ecdsa-sha2-nistp384") => {
                with(&ECDSA_P384_SHA384_FIXED, pair(signature, 48))
            }
            (Kind::Rsa { n, e }, "rsa-sha2-256" | "rsa-sha2-512") => {
                let known = if algorithm == "rsa-sha2-256" {
                    &RSA_PKCS1_2048_8192_SHA256
                } else {
                    &RSA_PKCS1_2048_8192_SHA512
                };
                // Some agents leave out leading zeros; OpenSSH puts them back, too.
                let signature = padded(signature, n.len()).ok_or(SignatureError::Mismatch)?;
                RsaPublicKeyComponents { n, e }
                    .verify(known, &signed, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
            (Kind::Rsa { .. }, "ssh-rsa") => Err(SignatureError::Sha1),
            (_, other) => Err(SignatureError::Unsupported(other.to_owned())),
        }
    }

    /// What a security key signs when asked to sign something (`PROTOCOL.u2f`).
    fn by_security_key(&self, signed: &[u8], flags: u8, counter: u32) -> Vec<u8> {
        let mut bytes = digest(&SHA256, &self.application).as_ref().to_vec();
        bytes.push(flags);
        bytes.extend_from_slice(&counter.to_be_bytes());
        bytes.extend_from_slice(digest(&SHA256, signed).as_ref());
        bytes
    }
}

fn ed25519_point(reader: &mut Reader<'_>) -> Option<Vec<u8>> {
    let point = reader.bytes()?;
    (point.len() == 32).then(|| point.to_vec())
}

/// An uncompressed point, the only form that OpenSSH writes.
fn curve_point(reader: &mut Reader<'_>, curve: &str, width: usize) -> Option<Vec<u8>> {
    let right = reader.text()? == curve;
    let point = reader.bytes()?;
    let whole = point.len() == 1 + 2 * width && point.first() == Some(&4);
    (right && whole).then(|| point.to_vec())
}

fn rsa_size(n: &[u8]) -> Result<(), BadKey> {
    let unused = n.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = n.len() * 8 - unused;
    if (2048..=8192).contains(&bits) {
        Ok(())
    } else {
        Err(BadKey::RsaSize(bits))
    }
}

/// The two numbers of an ECDSA signature, side by side at full width.
fn pair(signature: &[u8], width: usize) -> Option<Vec<u8>> {
    let mut reader = Reader::new(signature);
    let mut both = padded(reader.positive()?, width)?;
    both.extend(padded(reader.positive()?, width)?);
    reader.is_empty().then_some(both)
}
