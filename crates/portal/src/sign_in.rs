//! Who somebody is: by OpenID Connect, or by a key of theirs.
//!
//! Whoever signed in is kept as who they are elsewhere. Who that is in the estate, and what they may therefore see and do,
//! is asked of the estate as it is now at each request, so that a role that ends takes with it what it gave, at once.

mod account;
mod cookies;
mod door;
mod next;
pub mod openid;
pub(crate) mod said;
mod secret;
mod sessions;
mod ssh;
mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::{get, post};
use http_client::Hidden;
use jiff::SignedDuration;
use serde_json::json;

use crate::model::{Identity, Reader};
use crate::serve::{Parts, Shared};
use crate::settings::{PortalUrl, Settings};
use crate::store::StoreError;
use cookies::Cookie;
use sessions::Sessions;
use tokens::Tokens;

pub use cookies::SESSION as COOKIE;
pub use ssh::{ISSUER as SSH_ISSUER, NAMESPACE as SSH_NAMESPACE};

/// How people sign in, and for how long.
#[derive(Debug)]
pub struct SignIn {
    openid: Option<openid::Provider>,
    ssh: bool,
    lasts: SignedDuration,
    idle: SignedDuration,
    /// With which challenges are made; all processes of one store have the same.
    key: Mutex<Option<String>>,
}

impl SignIn {
    /// As the settings of an estate say, with the secret of the portal at its provider.
    pub fn of(settings: &Settings, secret: Option<Hidden>) -> Self {
        let openid = settings.sign_in.openid.as_ref();
        let (lasts, idle) = settings.lasting();
        Self {
            openid: openid.map(|openid| openid::Provider::new(openid.clone(), secret)),
            ssh: settings.sign_in.ssh,
            lasts,
            idle,
            key: Mutex::new(None),
        }
    }

    /// Nobody signs in.
    pub fn none() -> Self {
        let mut nobody = Self::of(&Settings::default(), None);
        nobody.ssh = false;
        nobody
    }

    /// The key of challenges, made by whoever needs it first.
    fn key(&self, parts: &Parts) -> Result<String, sessions::Failed> {
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let (now, fresh) = ((parts.wall)(), secret::random()?);
        parts
            .store
            .put_new("key", "sign-in", &json!(fresh), None, now)?;
        let kept = parts.store.get("key", "sign-in", now)?;
        let key = kept.and_then(|kept| kept.as_str().map(str::to_owned));
        let key = key.unwrap_or(fresh);
        *known = Some(key.clone());
        Ok(key)
    }
}

/// A word that is given to one form, by which it is known when it is sent twice.
pub(crate) fn one_time() -> Result<String, secret::NoRandom> {
    secret::random()
}

/// What is kept in place of something that nobody is to read in the store, and that keys can hold.
pub(crate) fn kept_key(text: &str) -> String {
    secret::kept(text)
}

/// Who asks, and what forms of theirs have to send back.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Who.
    pub reader: Reader,
    /// What forms send back; none without a session.
    pub token: Option<String>,
    /// How it is known who asks.
    pub by: By,
    /// What was done by the request before this one, to be said once.
    pub notice: Option<String>,
}

/// How it is known who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum By {
    /// It is not: nobody signed in.
    #[default]
    Nobody,
    /// By the session of a browser.
    Browser {
        /// Under what the session is kept.
        key: String,
    },
    /// By a token of a program, which does what its maker may.
    Program {
        /// Whether it may act, and not only read.
        acts: bool,
    },
    /// By a token that does not hold: nothing is to be answered but that.
    Refused,
    /// It could not be looked up now.
    Unknown,
}

impl Session {
    /// Whether something that is to be done was sent by whoever's session it is: by a form or a program that has the
    /// session's token, or with a token of a program that may act. A browser sends cookies along with whatever another
    /// site makes it send; that token it does not.
    pub fn genuine(&self, given: Option<&str>) -> bool {
        match &self.by {
            By::Browser { .. } => {
                let wanted = self.token.as_deref();
                wanted
                    .zip(given)
                    .is_some_and(|(wanted, given)| secret::same(given, wanted))
            }
            By::Program { acts } => *acts,
            By::Nobody | By::Refused | By::Unknown => false,
        }
    }

    /// What a program sends back in place of a form's field: the header `X-Csrf-Token`.
    pub fn given(headers: &HeaderMap) -> Option<&str> {
        headers.get("x-csrf-token")?.to_str().ok()
    }

    fn by(by: By) -> Self {
        Self {
            by,
            ..Self::default()
        }
    }
}

/// Whose session the request is of; nobody's if it has none that is in force.
pub async fn session(shared: &Shared, headers: &HeaderMap) -> Session {
    let bearer = headers.get(AUTHORIZATION).and_then(|said| {
        let (scheme, token) = said.to_str().ok()?.split_once(' ')?;
        // A proxy may ask for a password of its own, which the browser then sends here too.
        let ours = scheme.eq_ignore_ascii_case("bearer");
        ours.then(|| token.trim().to_owned())
    });
    let cookie = Cookie::Session.read(headers, &shared.url);
    if bearer.is_none() && cookie.is_none() {
        return Session::default();
    }
    let parts = Arc::clone(shared);
    let notice = said::notice(headers, &shared.url);
    let found = tokio::task::spawn_blocking(move || match (bearer, cookie) {
        (Some(token), _) => program(&parts, &token),
        (None, Some(cookie)) => browser(&parts, &cookie.id),
        (None, None) => Ok(Session::default()),
    });
    match found.await {
        Ok(Ok(session)) => Session { notice, ..session },
        Ok(Err(_)) | Err(_) => Session::by(By::Unknown),
    }
}

fn browser(parts: &Parts, id: &str) -> Result<Session, StoreError> {
    let Some(kept) = sessions_of(parts).find(id)? else {
        return Ok(Session::default());
    };
    let reader = recognised(parts, kept.identity);
    if reader.identity.is_none() {
        return Ok(Session::default());
    }
    Ok(Session {
        reader,
        token: Some(secret::derived(id, "form")),
        by: By::Browser {
            key: secret::kept(id),
        },
        notice: None,
    })
}

fn program(parts: &Parts, token: &str) -> Result<Session, StoreError> {
    let Some(kept) = tokens_of(parts).find(token)? else {
        return Ok(Session::by(By::Refused));
    };
    let reader = recognised(parts, kept.identity);
    if reader.identity.is_none() {
        return Ok(Session::by(By::Refused));
    }
    Ok(Session {
        reader,
        token: None,
        by: By::Program { acts: kept.acts },
        notice: None,
    })
}

/// Who that is in the estate as it is now; nobody where nobody knows an estate.
fn recognised(parts: &Parts, identity: Identity) -> Reader {
    let who = Reader {
        identity: Some(identity),
        ..Reader::default()
    };
    let hands = parts.hands.as_ref();
    hands.map_or_else(Reader::anybody, |hands| hands.recognise(&who))
}

/// Whether nobody signs in, and why: sessions and signatures must not cross a network in the clear.
fn closed(parts: &Parts) -> Option<&'static str> {
    if parts.hands.is_none() || (parts.sign_in.openid.is_none() && !parts.sign_in.ssh) {
        return Some(
            "Nobody can sign in here: this portal only shows. Whoever runs it lets people act by saying in portal.yaml how they sign in, and by starting it without --read-only.",
        );
    }
    PortalUrl::parse(&parts.url).is_err().then_some(
        "Nobody can sign in here: the portal is not reached over https. Whoever runs it says by `url` in portal.yaml where it is.",
    )
}

fn sessions_of(parts: &Parts) -> Sessions<'_> {
    Sessions {
        store: &*parts.store,
        now: (parts.wall)(),
        lasts: parts.sign_in.lasts,
        idle: parts.sign_in.idle,
    }
}

fn tokens_of(parts: &Parts) -> Tokens<'_> {
    Tokens {
        store: &*parts.store,
        now: (parts.wall)(),
    }
}

/// The pages of signing in and out.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(door::choose))
        .route("/sign-in/ssh", get(ssh::ask).post(ssh::take))
        .route("/sign-in/openid", get(openid::leave))
        .route("/sign-in/openid/return", get(openid::come_back))
        .route("/sign-out", post(door::leave))
        .route("/account", get(account::show))
        .route("/account/sessions", post(account::end_session))
        .route("/account/tokens", post(account::make_token))
        .route("/account/tokens/end", post(account::end_token))
}
