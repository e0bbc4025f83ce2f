//! The public keys of a provider (RFC 7517), and what they sign.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// The most keys of one provider that are looked at.
const MOST: usize = 100;

/// How a token is signed. What is not here is not accepted: neither `none`, nor a code with a shared secret, by which
/// whoever knows the public key could make tokens if it were taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

struct Key {
    kid: Option<String>,
    material: Material,
}

/// The keys by which a provider signs.
#[derive(Default)]
pub struct KeySet {
    keys: Vec<Key>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kids = self.keys.iter().map(|key| key.kid.as_deref().unwrap_or(""));
        f.debug_set().entries(kids).finish()
    }
}

impl KeySet {
    /// Reads a set; keys that we do not know what to do with are left out, as they have to be (RFC 7517 §5). Nothing, if
    /// it is no set.
    pub fn read(text: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(text).ok()?;
        let keys = set.keys.into_iter().take(MOST);
        let keys = keys.filter_map(|key| serde_json::from_value(key).ok().and_then(key_of));
        Some(Self {
            keys: keys.collect(),
        })
    }

    /// Whether there is a key of this id.
    pub(super) fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.keys.iter().any(|key| key.kid.as_deref() == Some(kid)))
    }

    /// Whether one of the keys signed it: the one of that id; the only one that can have, where none is named.
    pub(super) fn signed(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let named = |key: &&Key| kid.is_none() || key.kid.as_deref() == kid;
        let mut fitting = self
            .keys
            .iter()
            .filter(named)
            .filter(|key| key.material.is_for(algorithm));
        let (first, second) = (fitting.next(), fitting.next());
        match (first, second) {
            (Some(key), None) => key.material.signed(message, signature),
            // Nobody says which, or two have one id: none of them is guessed.
            _ => false,
        }
    }
}

fn key_of(jwk: Jwk) -> Option<Key> {
    let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
    if jwk
        .purpose
        .as_deref()
        .is_some_and(|purpose| purpose != "sig")
    {
        return None;
    }
    let (material, algorithm) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => {
            let (n, e) = (bytes(&jwk.n)?, bytes(&jwk.e)?);
            (Material::Rsa { n, e }, Algorithm::Rs256)
        }
        ("EC", Some("P-256")) => {
            let (x, y) = (bytes(&jwk.x)?, bytes(&jwk.y)?);
            let sound = x.len() == 32 && y.len() == 32;
            let point = sound.then(|| [&[4][..], &x, &y].concat())?;
            (Material::P256(point), Algorithm::Es256)
        }
        ("OKP", Some("Ed25519")) => {
            let x = bytes(&jwk.x).filter(|x| x.len() == 32)?;
            (Material::Ed25519(x), Algorithm::EdDsa)
        }
        _ => return None,
    };
    let fits = |name: &str| Algorithm::named(name) == Some(algorithm);
    jwk.alg.as_deref().is_none_or(fits).then_some(Key {
        kid: jwk.kid,
        material,
    })
}

impl Material {
    fn is_for(&self, algorithm: Algorithm) -> bool {
        matches!(
            (self, algorithm),
            (Self::Rsa { .. }, Algorithm::Rs256)
                | (Self::P256(_), Algorithm::Es256)
                | (Self::Ed25519(_), Algorithm::EdDsa)
        )
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Rsa { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            Self::Ed25519(point) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
        };
        verified.is_ok()
    }
}
