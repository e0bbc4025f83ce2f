//! One provider: its description, its keys, and the exchange of a code for who somebody is.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_client::http::Request;
use http_client::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http_client::{Answer, Client, Connections, Failure, Hidden};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::Failed;
use super::discovery::Discovery;
use super::id_token::{Expected, Unsound, key_id, verify};
use super::keys::KeySet;
use crate::model::{Handle, Identity};
use crate::settings::OpenIdSettings;

/// How long the description and the keys are believed.
const BELIEVED: SignedDuration = SignedDuration::from_hours(1);
/// How soon keys are asked for again at the earliest, whatever tokens say.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: u64 = 1024 * 1024;
/// The longest name that somebody has here.
const LONGEST_NAME: usize = 200;

/// A provider of OpenID Connect. Its functions block.
#[derive(Debug)]
pub struct Provider {
    settings: OpenIdSettings,
    secret: Option<Hidden>,
    client: Client,
    known: Mutex<Known>,
}

/// What it said of itself, and when.
#[derive(Debug, Default)]
struct Known {
    described: Option<(Timestamp, Arc<Discovery>)>,
    keys: Option<(Timestamp, Arc<KeySet>)>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
    access_token: Option<String>,
}

impl Provider {
    /// As `portal.yaml` names it, with the secret of the portal there.
    pub fn new(settings: OpenIdSettings, secret: Option<Hidden>) -> Self {
        Self {
            settings,
            secret,
            client: Client::patient_for(Connections::Fresh, PATIENCE)
                .reading_at_most(LONGEST_ANSWER),
            known: Mutex::new(Known::default()),
        }
    }

    /// What the button calls it.
    pub(crate) fn name(&self) -> String {
        self.settings.name.clone().unwrap_or_else(|| self.host())
    }

    /// Where it is.
    pub(crate) fn host(&self) -> String {
        let issuer = self.settings.issuer.as_str();
        let url = Url::parse(issuer).ok();
        let host = url.as_ref().and_then(Url::host_str);
        host.unwrap_or(issuer).to_owned()
    }

    /// Where somebody goes to sign in.
    pub(super) fn authorization(
        &self,
        back: &str,
        state: &str,
        nonce: &str,
        challenge: &str,
        now: Timestamp,
    ) -> Result<String, Failed> {
        let described = self.described(now)?;
        let mut url = Url::parse(&described.authorization_endpoint)
            .map_err(|_| Failed::Unreachable("it names no address to sign in at".to_owned()))?;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client),
            ("redirect_uri", back),
            ("scope", "openid profile email"),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    /// Whether an answer is this provider's, by what it says of itself.
    pub(super) fn answered(&self, issuer: Option<&str>, now: Timestamp) -> Result<(), Failed> {
        let sound = match issuer {
            Some(issuer) => issuer == self.settings.issuer.as_str(),
            None => {
                !self
                    .described(now)?
                    .authorization_response_iss_parameter_supported
            }
        };
        if sound {
            return Ok(());
        }
        Err(Failed::Refused(
            "another provider answered than was asked".to_owned(),
        ))
    }

    /// Who somebody is, for the code that the provider gave them.
    pub(super) fn who(
        &self,
        code: &str,
        back: &str,
        verifier: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Identity, Failed> {
        let described = self.described(now)?;
        let tokens = self.exchange(&described, code, back, verifier)?;
        let token = tokens
            .id_token
            .ok_or_else(|| Failed::Refused("the provider gave no ID token".to_owned()))?;
        let expected = Expected {
            issuer: self.settings.issuer.as_str(),
            client: &self.settings.client,
            nonce,
            now,
        };
        let keys = self.keys(&described, key_id(&token).as_deref(), now)?;
        let mut claims = verify(&token, &keys, &expected).map_err(|unsound: Unsound| {
            Failed::Refused(format!("the provider's token is not believed: {unsound}"))
        })?;
        if !self.suffices(&claims) {
            self.ask_more(&described, tokens.access_token.as_deref(), &mut claims)?;
        }
        Ok(self.identity(&claims))
    }

    fn exchange(
        &self,
        described: &Discovery,
        code: &str,
        back: &str,
        verifier: &str,
    ) -> Result<Tokens, Failed> {
        let client = self.settings.client.as_str();
        let mut form = Serializer::new(String::new());
        form.extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ]);
        let mut request = Request::post(&described.token_endpoint)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json");
        match &self.secret {
            Some(Hidden(secret)) if described.secret_in_form() => {
                form.extend_pairs([("client_id", client), ("client_secret", secret)]);
            }
            Some(Hidden(secret)) => {
                // Both are encoded as in forms first (RFC 6749 §2.3.1).
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let both = format!("{}:{}", encoded(client), encoded(secret));
                request = request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(both)));
            }
            None => {
                form.append_pair("client_id", client);
            }
        }
        let answer = self.send(request.body(form.finish().into_bytes()))?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map_err(|_| Failed::Refused("the provider's answer cannot be read".to_owned())),
            400 => Err(Failed::Refused("the provider does not take its own code back; begin again".to_owned())),
            401 | 403 => Err(Failed::Refused(
                "the provider does not know this portal: whoever runs it looks at `client` and `secret` in portal.yaml".to_owned(),
            )),
            status => Err(Failed::Unreachable(format!("it answered {status}"))),
        }
    }

    /// Whether the token alone tells by what the estate knows people; some providers tell it elsewhere only.
    fn suffices(&self, claims: &Map<String, Value>) -> bool {
        let handle = &self.settings.handle;
        let login = handle
            .github
            .as_ref()
            .is_none_or(|claim| claims.contains_key(claim));
        login && (!handle.email || claims.contains_key("email"))
    }

    fn ask_more(
        &self,
        described: &Discovery,
        access_token: Option<&str>,
        claims: &mut Map<String, Value>,
    ) -> Result<(), Failed> {
        let Some((place, token)) = described.userinfo_endpoint.as_ref().zip(access_token) else {
            return Ok(());
        };
        let request = Request::get(place)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(ACCEPT, "application/json");
        let answer = self.send(request.body(Vec::new()))?;
        if answer.status != 200 {
            return Err(Failed::Unreachable(format!(
                "it answered {} about you",
                answer.status
            )));
        }
        // A signed answer is of another form, and tells us nothing more.
        let Ok(more) = serde_json::from_slice::<Map<String, Value>>(&answer.body) else {
            return Ok(());
        };
        // It must be about the same one (Core 1.0 §5.3.2).
        if more.get("sub") != claims.get("sub") {
            return Err(Failed::Refused(
                "the provider told of somebody else".to_owned(),
            ));
        }
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
        Ok(())
    }

    fn identity(&self, claims: &Map<String, Value>) -> Identity {
        let text = |name: &str| {
            let value = claims.get(name)?.as_str()?.trim();
            let sound = !value.is_empty()
                && value.len() <= LONGEST_NAME
                && !value.contains(char::is_control);
            sound.then(|| value.to_owned())
        };
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let handle = &self.settings.handle;
        let login = handle.github.as_deref().and_then(text).map(Handle::Github);
        let verified = claims.get("email_verified") == Some(&Value::Bool(true));
        let email = (handle.email && verified)
            .then(|| text("email").map(Handle::Email))
            .flatten();
        let name = ["name", "preferred_username", "nickname"]
            .into_iter()
            .find_map(text);
        Identity {
            issuer: self.settings.issuer.as_str().to_owned(),
            subject: subject.to_owned(),
            name: name.unwrap_or_else(|| subject.to_owned()),
            handle: login.or(email),
        }
    }

    fn described(&self, now: Timestamp) -> Result<Arc<Discovery>, Failed> {
        let known = self.known().described.clone();
        if let Some((_, described)) = known.filter(|(at, _)| now.duration_since(*at) < BELIEVED) {
            return Ok(described);
        }
        let issuer = self.settings.issuer.as_str();
        let answer = self.get(&Discovery::place(issuer))?;
        let described = Discovery::read(&answer.body, issuer).map_err(Failed::Unreachable)?;
        let described = Arc::new(described);
        self.known().described = Some((now, Arc::clone(&described)));
        Ok(described)
    }

    /// The keys, asked for anew where there is none of this id: the provider may have a new one. Tokens that name keys
    /// of somebody's invention do not make us ask more often than once a minute.
    fn keys(
        &self,
        described: &Discovery,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, Failed> {
        let known = self.known().keys.clone();
        if let Some((at, keys)) = known {
            let age = now.duration_since(at);
            if age < PAUSE || (age < BELIEVED && keys.has(kid)) {
                return Ok(keys);
            }
        }
        let answer = self.get(&described.jwks_uri)?;
        let read = KeySet::read(&answer.body);
        let keys = read.ok_or_else(|| Failed::Unreachable("its keys cannot be read".to_owned()))?;
        let keys = Arc::new(keys);
        self.known().keys = Some((now, Arc::clone(&keys)));
        Ok(keys)
    }

    fn get(&self, place: &str) -> Result<Answer, Failed> {
        let request = Request::get(place).header(ACCEPT, "application/json");
        let answer = self.send(request.body(Vec::new()))?;
        match answer.status {
            200 => Ok(answer),
            status => Err(Failed::Unreachable(format!("it answered {status}"))),
        }
    }

    fn send(
        &self,
        request: Result<Request<Vec<u8>>, http_client::http::Error>,
    ) -> Result<Answer, Failed> {
        let request = request.map_err(|error| Failed::Unreachable(error.to_string()))?;
        self.client.send(request).map_err(|failure| match failure {
            Failure::Unreachable(why) | Failure::Unanswered(why) => Failed::Unreachable(why),
        })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        // Each part of it is whole or as it was.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
