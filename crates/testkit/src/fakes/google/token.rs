//! How a service account gets a token: it signs who it is and what it wants (RFC 7523).
//!
//! <https://developers.google.com/identity/protocols/oauth2/service-account>

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rsa::KeyPair;
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::fakes::serving::{Answer, Request, decoded};

/// A key that opens nothing but this stand-in.
const KEY: &str = include_str!("account.pem");
const KEY_ID: &str = "5ca1ab1e";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long a token is good, in seconds, and the longest time that a request for one may say.
const LIFE: i64 = 3600;
/// How far clocks may be apart, in seconds.
const SKEW: i64 = 300;

/// Whom a token speaks for, and what may be done with it.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    /// None: the service account itself.
    pub(super) user: Option<String>,
    pub(super) scopes: Vec<String>,
    /// In seconds since 1970.
    ends: i64,
}

/// The tokens that were given out.
#[derive(Debug)]
pub(super) struct Tokens {
    account: String,
    /// What the domain's administrator lets the service account ask for.
    delegated: Vec<String>,
    public_key: Vec<u8>,
    given: BTreeMap<String, Grant>,
    counted: u64,
}

/// Why there is no token: the status, the error and its description as Google words them, and
/// whether the request itself is not as described.
struct NoToken(u16, &'static str, &'static str, bool);

impl Tokens {
    pub(super) fn new(account: &str, delegated: &[&str]) -> Self {
        let base64: String = KEY.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(base64).expect("the key is PEM");
        let key = KeyPair::from_pkcs8(&der).expect("the key is an RSA key");
        Self {
            account: account.to_owned(),
            delegated: delegated.iter().map(|&scope| scope.to_owned()).collect(),
            public_key: key.public_key().as_ref().to_vec(),
            given: BTreeMap::new(),
            counted: 0,
        }
    }

    /// The file that an administrator downloads for a service account.
    pub(super) fn key_file(account: &str, token_uri: &str) -> String {
        json!({
            "type": "service_account",
            "project_id": "stand-in",
            "private_key_id": KEY_ID,
            "private_key": KEY,
            "client_email": account,
            "client_id": "1",
            "token_uri": token_uri,
        })
        .to_string()
    }

    /// A token without being asked.
    pub(super) fn give(&mut self, user: Option<String>, scopes: Vec<String>, now: i64) -> String {
        self.counted += 1;
        let token = format!("ya29.{}", self.counted);
        let ends = now + LIFE;
        self.given
            .insert(token.clone(), Grant { user, scopes, ends });
        token
    }

    /// Whom a request speaks for.
    pub(super) fn grant(&self, request: &Request, now: i64) -> Option<&Grant> {
        let token = request.header("authorization")?.strip_prefix("Bearer ")?;
        self.given.get(token).filter(|grant| now < grant.ends)
    }

    /// Answers a request for a token, and says what of it is not as described.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        token_uri: &str,
        is_user: impl Fn(&str) -> bool,
        now: i64,
    ) -> (Answer, Option<String>) {
        match self.granted(request, token_uri, is_user, now) {
            Ok((user, scopes)) => {
                let token = self.give(user, scopes, now);
                let body = json!({
                    "access_token": token, "expires_in": LIFE - 1, "token_type": "Bearer",
                });
                (Answer::json(200, &body), None)
            }
            Err(NoToken(status, error, description, violates)) => {
                let body = json!({"error": error, "error_description": description});
                let violation = violates.then(|| format!("token: {description}"));
                (Answer::json(status, &body), violation)
            }
        }
    }

    fn granted(
        &self,
        request: &Request,
        token_uri: &str,
        is_user: impl Fn(&str) -> bool,
        now: i64,
    ) -> Result<(Option<String>, Vec<String>), NoToken> {
        let wrong = |what| NoToken(400, "invalid_request", what, true);
        let bad = |what| NoToken(400, "invalid_grant", what, true);
        if request.method != "POST"
            || request.header("content-type") != Some("application/x-www-form-urlencoded")
        {
            return Err(wrong("Not a form."));
        }
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let form: BTreeMap<String, String> = form
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name, true), decoded(value, true)))
            .collect();
        if form.get("grant_type").map(String::as_str) != Some(GRANT) {
            return Err(NoToken(
                400,
                "unsupported_grant_type",
                "Invalid grant_type.",
                true,
            ));
        }
        let assertion = form
            .get("assertion")
            .ok_or(wrong("Missing required parameter: assertion"))?;
        let (signed, signature) = assertion.rsplit_once('.').ok_or(bad("Not a JWT."))?;
        let (header, claims) = signed.split_once('.').ok_or(bad("Not a JWT."))?;
        let read = |part: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let header = read(header).ok_or(bad("Invalid JWT: header."))?;
        let claims = read(claims).ok_or(bad("Invalid JWT: claims."))?;
        let signature = URL_SAFE_NO_PAD.decode(signature);
        let signature = signature.map_err(|_| bad("Invalid JWT: signature."))?;
        if header["alg"] != "RS256" || header["typ"] != "JWT" || header["kid"] != KEY_ID {
            return Err(bad("Invalid JWT: header."));
        }
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| NoToken(400, "invalid_grant", "Invalid JWT Signature.", false))?;
        self.claimed(&claims, token_uri, is_user, now)
    }

    fn claimed(
        &self,
        claims: &Value,
        token_uri: &str,
        is_user: impl Fn(&str) -> bool,
        now: i64,
    ) -> Result<(Option<String>, Vec<String>), NoToken> {
        let bad = |what| NoToken(400, "invalid_grant", what, true);
        if claims["iss"] != self.account {
            return Err(bad("Invalid issuer."));
        }
        if claims["aud"] != token_uri {
            return Err(bad("Invalid audience."));
        }
        let (Some(from), Some(to)) = (claims["iat"].as_i64(), claims["exp"].as_i64()) else {
            return Err(bad("Invalid JWT: iat and exp."));
        };
        if from > now + SKEW || to <= now || to - from > LIFE {
            let what = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.";
            return Err(bad(what));
        }
        let scopes = claims["scope"].as_str().unwrap_or_default();
        let scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
        if scopes.is_empty() {
            return Err(bad("Missing scope."));
        }
        if !scopes.iter().all(|scope| self.delegated.contains(scope)) {
            let what = "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.";
            return Err(NoToken(401, "unauthorized_client", what, false));
        }
        let user = match &claims["sub"] {
            Value::Null => None,
            Value::String(user) if is_user(user) => Some(user.clone()),
            _ => {
                return Err(NoToken(
                    400,
                    "invalid_grant",
                    "Invalid email or User ID",
                    false,
                ));
            }
        };
        Ok((user, scopes))
    }
}
