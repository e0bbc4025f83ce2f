//! RSA blind signatures, `RSABSSA-SHA384-PSS-Randomized` of RFC 9474: the registrar signs a
//! number from which nothing can be learnt about the text that is signed.
//!
//! The arithmetic is `crypto-bigint`'s, in constant time where a secret is in it; whether a
//! signature stands is `ring`'s word.

use std::fmt;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul as _, Odd};
use crypto_primes::{Flavor, is_prime};
use ring::digest::{SHA384, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{RSA_PSS_2048_8192_SHA384, RsaPublicKeyComponents};
use serde::{Deserialize, Serialize};

use super::factors::has_small_factor;
use crate::octets;

/// The length of a digest of SHA-384 and of the salt, in bytes.
const HASH: usize = 48;
/// The length of the random prefix of a message, in bytes (RFC 9474 §4.1).
pub(crate) const NONCE: usize = 32;
const EXPONENT: u64 = 65537;
const EXPONENT_BYTES: [u8; 3] = [1, 0, 1];
/// Bits of a new key. Whoever breaks it later forges nothing, since a board that is closed
/// takes no more tokens, and learns nothing, since what hides a token is no key.
const NEW_BITS: u32 = 2048;
const FORM: &str = "commonhold-registrar-key/1";

/// Why a key or a signature is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BlindError {
    /// A key that cannot be used.
    #[error("this is no key of a registrar: {0}")]
    Key(&'static str),
    /// A number that no voter's program sends.
    #[error("this is no blinded message for this key: {0}")]
    Message(&'static str),
    /// What the registrar sent back is no signature of what was asked.
    #[error(
        "the registrar's answer is no signature with the key of this poll: ask again, and tell the officers if it stays so"
    )]
    Answer,
    /// The system gives no random numbers, or the registrar's arithmetic failed.
    #[error("{0}")]
    Failed(&'static str),
}

/// The registrar's public key of one poll: an RSA modulus of 2048 to 4096 bits without a
/// factor below 2^16, for the exponent 65537 and no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct PublicKey {
    modulus: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Wire(#[serde(with = "octets")] Vec<u8>);

impl From<PublicKey> for Wire {
    fn from(key: PublicKey) -> Self {
        Self(key.modulus)
    }
}

impl TryFrom<Wire> for PublicKey {
    type Error = BlindError;

    fn try_from(wire: Wire) -> Result<Self, BlindError> {
        Self::of_modulus(wire.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", base::Digest::of(&self.modulus).short())
    }
}

/// A message, blinded.
pub(crate) struct Blinded {
    /// What the registrar sees.
    pub(crate) message: Vec<u8>,
    /// What takes the blinding away again; a secret of the voter.
    pub(crate) inverse: Vec<u8>,
}

impl PublicKey {
    /// Of a modulus, its most significant byte first.
    pub fn of_modulus(modulus: Vec<u8>) -> Result<Self, BlindError> {
        let bits = modulus.len() * 8;
        if !(2048..=4096).contains(&bits) || !bits.is_multiple_of(64) || modulus[0] < 0x80 {
            return Err(BlindError::Key("it must have 2048 to 4096 bits"));
        }
        if modulus.last().is_none_or(|byte| byte % 2 == 0) {
            return Err(BlindError::Key("it is even"));
        }
        if has_small_factor(&modulus) {
            return Err(BlindError::Key(
                "it has a factor below 65536, by which its maker could tell whose token is whose",
            ));
        }
        Ok(Self { modulus })
    }

    fn bits(&self) -> u32 {
        u32::try_from(self.modulus.len() * 8).unwrap_or(u32::MAX)
    }

    fn field(&self) -> Result<BoxedMontyParams, BlindError> {
        let modulus = BoxedUint::from_be_slice_truncated(&self.modulus, self.bits());
        let odd: Option<Odd<BoxedUint>> = modulus.to_odd().into();
        Ok(BoxedMontyParams::new(
            odd.ok_or(BlindError::Key("it is even"))?,
        ))
    }

    /// A number below the modulus, as wide as it.
    fn number(&self, bytes: &[u8]) -> Result<BoxedUint, BlindError> {
        // Numbers of one length compare as their bytes do.
        if bytes.len() != self.modulus.len() || bytes >= self.modulus.as_slice() {
            return Err(BlindError::Message("it is not below the modulus"));
        }
        Ok(BoxedUint::from_be_slice_truncated(bytes, self.bits()))
    }

    /// Blinds a message with a fresh random factor (RFC 9474 §4.2).
    pub(crate) fn blind(&self, nonce: &[u8; NONCE], message: &[u8]) -> Result<Blinded, BlindError> {
        let (mut salt, mut factor) = ([0; HASH], vec![0; self.modulus.len()]);
        // What is too large or has no inverse is drawn again; the first happens half the time
        // at worst, the second never unless the modulus was made for it.
        for _ in 0..256 {
            fill(&mut salt)?;
            fill(&mut factor)?;
            if factor >= self.modulus {
                continue;
            }
            if let Some(blinded) = self.blind_by(&factor, &salt, nonce, message)? {
                return Ok(blinded);
            }
        }
        Err(BlindError::Failed("no factor to blind with was found"))
    }

    /// `None` where the factor has no inverse, or the encoded message has none: what the
    /// message has in common with the modulus, it has after blinding as well, and whoever
    /// made the modulus would know the token by it (RFC 9474 §4.2, step 4).
    fn blind_by(
        &self,
        factor: &[u8],
        salt: &[u8; HASH],
        nonce: &[u8; NONCE],
        message: &[u8],
    ) -> Result<Option<Blinded>, BlindError> {
        let field = self.field()?;
        let encoded = self.number(&self.encoded(&[nonce, message].concat(), salt))?;
        let factor = BoxedMontyForm::new(self.number(factor)?, &field);
        let encoded = BoxedMontyForm::new(encoded, &field);
        let Some(inverse) = Option::<BoxedMontyForm>::from(factor.invert()) else {
            return Ok(None);
        };
        if Option::<BoxedMontyForm>::from(encoded.invert()).is_none() {
            return Ok(None);
        }
        let mask = factor.pow(&BoxedUint::from(EXPONENT));
        let blinded = encoded.mul(&mask);
        Ok(Some(Blinded {
            message: self.octets(&blinded),
            inverse: self.octets(&inverse),
        }))
    }

    /// The signature of the message, from that of the blinded one (RFC 9474 §4.4).
    pub(crate) fn finalize(
        &self,
        nonce: &[u8; NONCE],
        message: &[u8],
        blind_signature: &[u8],
        inverse: &[u8],
    ) -> Result<Vec<u8>, BlindError> {
        let field = self.field()?;
        let answer = self
            .number(blind_signature)
            .map_err(|_| BlindError::Answer)?;
        let inverse = BoxedMontyForm::new(self.number(inverse)?, &field);
        let signature = self.octets(&BoxedMontyForm::new(answer, &field).mul(&inverse));
        if !self.verify(nonce, message, &signature) {
            return Err(BlindError::Answer);
        }
        Ok(signature)
    }

    /// Whether the registrar signed this message.
    pub(crate) fn verify(&self, nonce: &[u8; NONCE], message: &[u8], signature: &[u8]) -> bool {
        let key = RsaPublicKeyComponents {
            n: self.modulus.as_slice(),
            e: EXPONENT_BYTES.as_slice(),
        };
        let text = [nonce, message].concat();
        key.verify(&RSA_PSS_2048_8192_SHA384, &text, signature)
            .is_ok()
    }

    /// EMSA-PSS-ENCODE (RFC 8017 §9.1.1), one bit shorter than the modulus.
    fn encoded(&self, message: &[u8], salt: &[u8; HASH]) -> Vec<u8> {
        let length = self.modulus.len();
        let hashed = digest(&SHA384, message);
        let hash = digest(&SHA384, &[&[0; 8], hashed.as_ref(), salt].concat());
        let mut block = vec![0; length - HASH - 1];
        let salt_at = block.len() - HASH;
        block[salt_at - 1] = 1;
        block[salt_at..].copy_from_slice(salt);
        for (byte, mask) in block.iter_mut().zip(stretched(hash.as_ref(), length)) {
            *byte ^= mask;
        }
        block[0] &= 0x7f;
        [&block, hash.as_ref(), &[0xbc]].concat()
    }

    fn octets(&self, number: &BoxedMontyForm) -> Vec<u8> {
        let bytes = number.retrieve().to_be_bytes();
        bytes[bytes.len() - self.modulus.len()..].to_vec()
    }
}

/// MGF1 (RFC 8017 §B.2.1), at least this many bytes of it.
fn stretched(seed: &[u8], length: usize) -> impl Iterator<Item = u8> {
    (0_u32..)
        .take(length.div_ceil(HASH))
        .flat_map(move |count| {
            let part = digest(&SHA384, &[seed, &count.to_be_bytes()].concat());
            part.as_ref().to_vec()
        })
}

/// The registrar's secret key of one poll. Whoever has it can make tokens: it stays with the
/// registrar, apart from the box and its copies, until the poll is closed, and is then
/// destroyed.
#[derive(Clone)]
pub struct SecretKey {
    public: PublicKey,
    exponent: BoxedUint,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {:?})", self.public)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    form: String,
    modulus: PublicKey,
    #[serde(with = "octets")]
    exponent: Vec<u8>,
}

impl SecretKey {
    /// A new key of 2048 bits, for one poll.
    pub fn generate() -> Result<Self, BlindError> {
        loop {
            let (one, other) = (prime(NEW_BITS / 2)?, prime(NEW_BITS / 2)?);
            let public =
                PublicKey::of_modulus(one.concatenating_mul(&other).to_be_bytes().into_vec());
            let order = minus_one(&one).concatenating_mul(&minus_one(&other));
            let exponent = order.to_nz().into_option().and_then(|order| {
                let of = BoxedUint::from_be_slice_truncated(&EXPONENT_BYTES, NEW_BITS);
                of.invert_mod(&order).into_option()
            });
            // Both fail once in tens of thousands.
            if let (Ok(public), Some(exponent)) = (public, exponent) {
                return Self::checked(public, exponent);
            }
        }
    }

    fn checked(public: PublicKey, exponent: BoxedUint) -> Result<Self, BlindError> {
        let key = Self { public, exponent };
        let mut probe = vec![0; key.public.modulus.len()];
        probe[1] = 2;
        key.sign(&probe)
            .map_err(|_| BlindError::Key("its two halves do not belong together"))?;
        Ok(key)
    }

    /// The key that voters and verifiers need.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// As text, for a file that nobody but the registrar can read.
    pub fn to_text(&self) -> String {
        let file = KeyFile {
            form: FORM.to_owned(),
            modulus: self.public.clone(),
            exponent: self.exponent.to_be_bytes().into_vec(),
        };
        // A file of texts is always JSON.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// From text that [`SecretKey::to_text`] wrote.
    pub fn of_text(text: &str) -> Result<Self, BlindError> {
        let file: KeyFile = serde_json::from_str(text)
            .map_err(|_| BlindError::Key("it is not as `elect open` writes it"))?;
        if file.form != FORM {
            return Err(BlindError::Key("it is of another version"));
        }
        let bits = file.modulus.bits();
        let exponent = BoxedUint::from_be_slice(&file.exponent, bits)
            .map_err(|_| BlindError::Key("its exponent is too long"))?;
        Self::checked(file.modulus, exponent)
    }

    /// Signs a blinded message (RFC 9474 §4.3). The same message gives the same answer.
    pub fn sign(&self, blinded: &[u8]) -> Result<Vec<u8>, BlindError> {
        let field = self.public.field()?;
        let message = BoxedMontyForm::new(self.public.number(blinded)?, &field);
        let signature = message.pow(&self.exponent);
        // One wrong signature tells the key to whoever sees it.
        if signature.pow(&BoxedUint::from(EXPONENT)).retrieve() != message.retrieve() {
            return Err(BlindError::Failed("the signature came out wrong"));
        }
        Ok(self.public.octets(&signature))
    }
}

fn minus_one(number: &BoxedUint) -> BoxedUint {
    number.wrapping_sub(BoxedUint::one_with_precision(number.bits_precision()))
}

/// A prime whose two highest bits are set, so that the product of two has twice its length.
fn prime(bits: u32) -> Result<BoxedUint, BlindError> {
    let mut bytes = vec![0; (bits / 8) as usize];
    loop {
        fill(&mut bytes)?;
        bytes[0] |= 0xc0;
        if let Some(last) = bytes.last_mut() {
            *last |= 1;
        }
        let candidate = BoxedUint::from_be_slice_truncated(&bytes, bits);
        if is_prime(Flavor::Any, &candidate) {
            return Ok(candidate);
        }
    }
}

/// Fills with random bytes of the system.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), BlindError> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| BlindError::Failed("the system gives no random numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of the vector of RFC 9474, appendix A.1.
    fn of_rfc(name: &str) -> Vec<u8> {
        let text = include_str!("../../tests/data/rfc9474-a1.txt");
        let mut lines = text.lines().skip_while(|line| *line != name).skip(1);
        let mut digits: String = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        if digits.len() % 2 == 1 {
            digits.insert(0, '0');
        }
        let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        (0..digits.len()).step_by(2).map(pair).collect()
    }

    fn fixed<const N: usize>(name: &str) -> [u8; N] {
        of_rfc(name).try_into().unwrap()
    }

    fn wide(name: &str) -> Vec<u8> {
        let mut bytes = of_rfc(name);
        while bytes.len() < 512 {
            bytes.insert(0, 0);
        }
        bytes
    }

    #[test]
    fn the_vector_of_the_rfc_comes_out() {
        let public = PublicKey::of_modulus(of_rfc("n")).unwrap();
        let exponent = BoxedUint::from_be_slice(&wide("d"), 4096).unwrap();
        let secret = SecretKey::checked(public.clone(), exponent).unwrap();
        let (nonce, message) = (fixed("msg_prefix"), of_rfc("msg"));
        let field = public.field().unwrap();
        let inverse = BoxedMontyForm::new(public.number(&wide("inv")).unwrap(), &field);
        let factor = public.octets(&inverse.invert().unwrap());
        let blinded = public
            .blind_by(&factor, &fixed("salt"), &nonce, &message)
            .unwrap()
            .unwrap();
        assert_eq!(blinded.message, of_rfc("blinded_msg"));
        assert_eq!(blinded.inverse, wide("inv"));
        let answer = secret.sign(&blinded.message).unwrap();
        assert_eq!(answer, of_rfc("blind_sig"));
        let signature = public
            .finalize(&nonce, &message, &answer, &blinded.inverse)
            .unwrap();
        assert_eq!(signature, of_rfc("sig"));
        assert!(!public.verify(&nonce, b"another", &signature));
    }

    #[test]
    fn a_new_key_signs_and_reads_as_it_is_written() {
        let secret = SecretKey::generate().unwrap();
        let read = SecretKey::of_text(&secret.to_text()).unwrap();
        let public = secret.public();
        let blinded = public.blind(&[7; NONCE], b"text").unwrap();
        let answer = read.sign(&blinded.message).unwrap();
        let signature = public
            .finalize(&[7; NONCE], b"text", &answer, &blinded.inverse)
            .unwrap();
        assert!(public.verify(&[7; NONCE], b"text", &signature));
        let other = SecretKey::generate().unwrap();
        let wrong = other.sign(&[&[0], &blinded.message[1..]].concat()).unwrap();
        let refused = public.finalize(&[7; NONCE], b"text", &wrong, &blinded.inverse);
        assert_eq!(refused, Err(BlindError::Answer));
    }

    #[test]
    fn what_is_no_key_and_no_message_is_refused() {
        let even = [of_rfc("n")[..511].to_vec(), vec![2]].concat();
        for modulus in [
            vec![],
            vec![0xff; 255],
            vec![0xff; 513],
            vec![0x80; 256],
            even,
        ] {
            assert!(PublicKey::of_modulus(modulus).is_err());
        }
        let public = PublicKey::of_modulus(of_rfc("n")).unwrap();
        for number in [vec![], vec![0xff; 512], vec![1; 511], vec![1; 513]] {
            assert!(public.number(&number).is_err());
        }
        assert!(SecretKey::of_text("{}").is_err());
    }

    /// 2^2048 - 1, whose factors are 3, 5, 17, 257 and more: what a registrar would take who
    /// wants to know a token by its remainders.
    fn smooth() -> PublicKey {
        let modulus = vec![0xff; 256];
        PublicKey { modulus }
    }

    #[test]
    fn a_modulus_with_a_small_factor_is_refused() {
        let refused = PublicKey::of_modulus(smooth().modulus);
        assert!(matches!(refused, Err(BlindError::Key(_))), "{refused:?}");
        let board = serde_json::to_string(&smooth()).unwrap();
        assert!(serde_json::from_str::<PublicKey>(&board).is_err());
    }

    #[test]
    fn no_blinded_message_shares_a_factor_with_the_modulus() {
        // Blinding keeps such a factor, so that the registrar would find it in the token.
        for nonce in 0..8 {
            let blinded = smooth().blind(&[nonce; NONCE], b"text").unwrap();
            // The remainder by 255, since 256 leaves 1.
            let sum: u32 = blinded.message.iter().copied().map(u32::from).sum();
            for factor in [3, 5, 17] {
                assert_ne!(sum % factor, 0, "{factor}");
            }
        }
    }

    #[test]
    fn a_key_of_another_public_exponent_is_refused() {
        let (one, other) = (prime_before(3), prime_before(3));
        let public =
            PublicKey::of_modulus(one.concatenating_mul(&other).to_be_bytes().into_vec()).unwrap();
        let order = minus_one(&one).concatenating_mul(&minus_one(&other));
        let three = BoxedUint::from_be_slice_truncated(&[3], NEW_BITS);
        let exponent = three.invert_mod(&order.to_nz().unwrap()).unwrap();
        let key = SecretKey { public, exponent };
        assert!(SecretKey::of_text(&key.to_text()).is_err());
    }

    /// A prime such that the one before it has no such factor.
    fn prime_before(factor: u64) -> BoxedUint {
        loop {
            let found = prime(NEW_BITS / 2).unwrap();
            let limb = crypto_bigint::Limb::from_u64(factor).to_nz().unwrap();
            if minus_one(&found).rem_limb(limb) != crypto_bigint::Limb::ZERO {
                return found;
            }
        }
    }
}
