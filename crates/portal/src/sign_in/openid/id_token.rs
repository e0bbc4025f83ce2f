//! ID tokens: who somebody is, signed by the provider (OpenID Connect Core 1.0 §3.1.3.7, RFC 7515, RFC 8725).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::keys::{Algorithm, KeySet};

/// The longest token that is read, in octets.
const LONGEST: usize = 64 * 1024;
/// How far the clocks of two machines are apart at most, in seconds.
const LEEWAY: f64 = 60.0;
/// How long ago a token for a sign-in that is under way can have been made, in seconds.
const OLDEST: f64 = 15.0 * 60.0;

/// What a token has to say to be for us, and for this sign-in.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a str,
    /// For which sign-in.
    pub nonce: &'a str,
    /// What time it is.
    pub now: Timestamp,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// It is no token, or none that can be read.
    #[error("it is not a signed token")]
    Form,
    /// It is signed in a way that is not accepted, or not at all.
    #[error("it is not signed by RS256, ES256 or EdDSA")]
    Algorithm,
    /// There is no such key.
    #[error("it is signed with a key that the provider does not list")]
    UnknownKey,
    /// It was changed, or made by somebody else.
    #[error("its signature does not hold")]
    Signature,
    /// It was made by another provider.
    #[error("it was made by another provider")]
    Issuer,
    /// It was made for another program.
    #[error("it was made for another program")]
    Audience,
    /// It belongs to another sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// It does not hold any more, or not yet; or one of the clocks is wrong.
    #[error("it is out of date, or a clock is wrong")]
    Time,
    /// It does not say who somebody is.
    #[error("it does not say who you are")]
    Subject,
}

/// Beside what these say, nothing in the header is looked at: neither keys nor addresses that it brings along.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood and is not: nothing is known here that could stand in it.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The id of the key that a token says it is signed with.
pub(super) fn key_id(token: &str) -> Option<String> {
    let header = token
        .split('.')
        .next()
        .filter(|part| part.len() < LONGEST)?;
    let header: Header = decoded(header).ok()?;
    header.kid
}

/// The claims of a token that was made by the expected provider, for us, for this sign-in, and lately; `sub` is among them.
///
/// # Errors
/// What of this is not so.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
) -> Result<Map<String, Value>, Unsound> {
    if token.len() > LONGEST {
        return Err(Unsound::Form);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Unsound::Form);
    };
    let read: Header = decoded(header)?;
    let algorithm = Algorithm::named(&read.alg).ok_or(Unsound::Algorithm)?;
    if read.crit.is_some() {
        return Err(Unsound::Form);
    }
    let kid = read.kid.as_deref();
    if !keys.has(kid) {
        return Err(Unsound::UnknownKey);
    }
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| Unsound::Form)?;
    let signed = &token[..header.len() + 1 + claims.len()];
    if !keys.signed(kid, algorithm, signed.as_bytes(), &signature) {
        return Err(Unsound::Signature);
    }
    judge(&decoded::<Claims>(claims)?, expected)?;
    decoded(claims)
}

fn decoded<T: for<'t> Deserialize<'t>>(part: &str) -> Result<T, Unsound> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Unsound::Form)?;
    serde_json::from_slice(&bytes).map_err(|_| Unsound::Form)
}

fn judge(claims: &Claims, expected: &Expected<'_>) -> Result<(), Unsound> {
    let client = expected.client;
    if claims.iss != expected.issuer {
        return Err(Unsound::Issuer);
    }
    let (is_for_us, is_for_others) = match &claims.aud {
        Audience::One(one) => (one == client, false),
        Audience::Several(several) => (several.iter().any(|one| one == client), several.len() > 1),
    };
    let asked_by_us = match &claims.azp {
        Some(azp) => azp == client,
        None => !is_for_others,
    };
    if !is_for_us || !asked_by_us {
        return Err(Unsound::Audience);
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    if !crate::sign_in::secret::same(nonce, expected.nonce) {
        return Err(Unsound::Nonce);
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds of this era fit")]
    let now = expected.now.as_second() as f64;
    let holds = claims.exp > now - LEEWAY
        && claims.iat < now + LEEWAY
        && claims.iat > now - OLDEST
        && claims.nbf.is_none_or(|nbf| nbf < now + LEEWAY);
    if !holds {
        return Err(Unsound::Time);
    }
    if claims.sub.is_empty() || claims.sub.len() > 255 || claims.sub.contains(char::is_control) {
        return Err(Unsound::Subject);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
