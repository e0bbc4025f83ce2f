//! How a service account gets a token: it signs who it is and what it wants (RFC 7523).
//!
//! <https://developers.google.com/identity/protocols/oauth2/service-account>

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_client::http::Request;
use http_client::{Client, Connections, Failure, Hidden, address};
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde::Deserialize;
use serde_json::{Value, json};

/// What the tokens are for: groups with their members, and how groups are set up.
pub(super) const SCOPES: &str = "https://www.googleapis.com/auth/admin.directory.group https://www.googleapis.com/auth/apps.groups.settings";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// For how long a token is asked, in seconds: the longest that Google gives.
const LIFE: i64 = 3600;
/// A token that ends within so many seconds is not used any more.
const MARGIN: i64 = 60;

/// Why there is no token. Nothing was asked of the groups then.
#[derive(Debug)]
pub(super) enum NoToken {
    /// Whoever gives out tokens does not answer.
    Unreachable(String),
    /// They ask to wait, so long if they say.
    Later(Option<Duration>),
    /// They give us none.
    Refused(String),
}

/// Gives tokens, and keeps one as long as it is good.
pub(super) enum Tokens {
    /// The secret is a token.
    Plain(Hidden),
    /// The secret is a service account's key.
    Account(Box<Account>),
}

pub(super) struct Account {
    email: String,
    key: KeyPair,
    key_id: Option<String>,
    token_uri: String,
    /// As whom the account acts.
    user: Option<String>,
    client: Client,
    /// The token, and when it ends in seconds since 1970.
    current: Mutex<Option<(Hidden, i64)>>,
}

/// What we need of the file that an administrator downloads.
#[derive(Deserialize)]
struct KeyFile {
    r#type: String,
    client_email: String,
    private_key: String,
    private_key_id: Option<String>,
    #[serde(default = "google")]
    token_uri: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: i64,
}

fn google() -> String {
    "https://oauth2.googleapis.com/token".to_owned()
}

impl Tokens {
    /// Of a secret. What is wrong with it is said without any of it.
    pub(super) fn new(secret: Hidden, user: Option<&str>) -> Result<Self, String> {
        let Hidden(text) = secret;
        let text = text.trim();
        if !text.starts_with('{') {
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err("its secret is neither the JSON key of a service account nor a token: it is empty or has characters that no token has".to_owned());
            }
            return Ok(Self::Plain(Hidden(text.to_owned())));
        }
        let wrong = |what: &str| {
            format!(
                "its secret is not the key of a service account: {what}; make a new key in the form JSON and store all of it"
            )
        };
        // What the parser says may quote the key.
        let file: KeyFile = serde_json::from_str(text)
            .map_err(|_| wrong("it is cut short, or `client_email` or `private_key` is missing"))?;
        if file.r#type != "service_account" {
            return Err(wrong("its `type` is not `service_account`"));
        }
        let base64: String = file
            .private_key
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .flat_map(|line| line.trim().chars())
            .collect();
        let key = STANDARD.decode(base64).ok();
        let key = key.and_then(|der| KeyPair::from_pkcs8(&der).ok());
        Ok(Self::Account(Box::new(Account {
            email: file.client_email,
            key: key.ok_or_else(|| wrong("its `private_key` is no RSA key in the form PKCS #8"))?,
            key_id: file.private_key_id,
            token_uri: address(&file.token_uri)
                .map_err(|what| wrong(&format!("for `token_uri`, {what}")))?,
            user: user.map(str::to_owned),
            client: Client::patient_for(Connections::Kept, super::PATIENCE),
            current: Mutex::default(),
        })))
    }

    /// A token that is good now.
    pub(super) fn bearer(&self, now: Timestamp) -> Result<Hidden, NoToken> {
        match self {
            Self::Plain(token) => Ok(token.clone()),
            Self::Account(account) => account.bearer(now.as_second()),
        }
    }

    /// Never gives this token again; whether there can be another.
    pub(super) fn forget(&self, token: &Hidden) -> bool {
        let Self::Account(account) = self else {
            return false;
        };
        let mut current = account
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        current.take_if(|(kept, _)| kept.0 == token.0);
        true
    }
}

impl Account {
    fn bearer(&self, now: i64) -> Result<Hidden, NoToken> {
        // Who asks meanwhile waits for this one instead of fetching another.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, ends)) = &*current
            && now < ends - MARGIN
        {
            return Ok(token.clone());
        }
        let token = self.fetch(now)?;
        let ends = now.saturating_add(token.expires_in);
        let token = Hidden(token.access_token);
        *current = Some((token.clone(), ends));
        Ok(token)
    }

    fn fetch(&self, now: i64) -> Result<Token, NoToken> {
        // Both are of characters that a form has as they are.
        let form = format!(
            "grant_type={}&assertion={}",
            GRANT.replace(':', "%3A"),
            self.assertion(now)?
        );
        let request = Request::post(&self.token_uri)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(form.into_bytes());
        let answer = request
            .map_err(|error| Failure::Unreachable(error.to_string()))
            .and_then(|request| self.client.send(request));
        let answer = answer.map_err(|failure| {
            let (Failure::Unreachable(what) | Failure::Unanswered(what)) = failure;
            NoToken::Unreachable(format!("{} gives no token: {what}", self.token_uri))
        })?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| {
                let what = format!("{} gives something that is no token", self.token_uri);
                NoToken::Unreachable(what)
            }),
            429 => Err(NoToken::Later(answer.pause)),
            500.. => Err(NoToken::Unreachable(format!(
                "{} gives no token (status {})",
                self.token_uri, answer.status
            ))),
            _ => {
                let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                Err(NoToken::Refused(self.refused(&said)))
            }
        }
    }

    fn refused(&self, said: &Value) -> String {
        let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
        let (error, description) = (text("error"), text("error_description"));
        let help = match error.as_str() {
            "unauthorized_client" => format!(
                "let the administrator of the domain delegate these scopes to it: {SCOPES}"
            ),
            "invalid_grant" => "see that its key is not withdrawn, that the system's `user` is an administrator, and that this machine's clock is right".to_owned(),
            _ => "see that it is the key of a service account that exists".to_owned(),
        };
        format!(
            "Google gives {} no token ({error}: {description}); {help}",
            self.email
        )
    }

    /// What the account says of itself, signed (RFC 7519, RFC 7515 §3.1).
    fn assertion(&self, now: i64) -> Result<String, NoToken> {
        let mut header = json!({"alg": "RS256", "typ": "JWT"});
        if let Some(id) = &self.key_id {
            header["kid"] = id.as_str().into();
        }
        let mut claims = json!({
            "iss": self.email,
            "scope": SCOPES,
            "aud": self.token_uri,
            "iat": now,
            "exp": now + LIFE,
        });
        if let Some(user) = &self.user {
            claims["sub"] = user.as_str().into();
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| {
                NoToken::Refused("the key of its service account cannot sign".to_owned())
            })?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_secret_is_said_without_any_of_it() {
        for (secret, said) in [
            ("", "neither"),
            ("two words-sesame", "neither"),
            ("{\"private_key\": \"sesame", "cut short"),
            (
                "{\"type\": \"sesame\", \"client_email\": \"a\", \"private_key\": \"b\"}",
                "`type`",
            ),
            (
                "{\"type\": \"service_account\", \"client_email\": \"a\", \"private_key\": \"sesame\"}",
                "`private_key`",
            ),
            (
                "{\"type\": [\"sesame\"], \"client_email\": \"a\", \"private_key\": \"b\"}",
                "cut short",
            ),
        ] {
            let Err(error) = Tokens::new(Hidden(secret.to_owned()), None) else {
                panic!("{secret} is taken");
            };
            assert!(error.contains(said) && !error.contains("sesame"), "{error}");
        }
    }

    #[test]
    fn what_is_no_json_is_a_token_and_there_is_no_other() {
        let tokens = Tokens::new(Hidden("t\n".to_owned()), None).unwrap_or_else(|e| panic!("{e}"));
        let token = tokens.bearer(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(token.0, "t");
        assert!(!tokens.forget(&token));
    }
}
