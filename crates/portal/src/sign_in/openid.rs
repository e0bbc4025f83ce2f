//! Signing in by OpenID Connect: the authorization code flow with PKCE.
//!
//! Sources: OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636 (PKCE), RFC 9207 (the issuer in the answer) and
//! RFC 9700 (what is good practice). Logging out at the provider is the provider's.
//!
//! Nothing is kept before somebody has signed in: one random text in a cookie of the browser gives the state, the nonce and
//! the verifier, so that an answer is taken from the browser that asked and from no other.

mod discovery;
mod id_token;
mod keys;
mod provider;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::json;

use super::cookies::{Cookie, Held};
use super::said::{self, Sent, Visit, blocking, redirect, see, with_cookie};
use super::{closed, door, next, secret};
use crate::model::Identity;
use crate::serve::{Parts, Shared};

pub use id_token::{Expected, Unsound, verify};
pub use keys::KeySet;
pub use provider::Provider;

/// Where the provider sends people back to.
const RETURN: &str = "/sign-in/openid/return";
/// How long somebody may take at the provider.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Answers that were taken, for as long as somebody may take.
const USED: &str = "openid-used";

/// What one round through the provider is held together by; all of it follows from the random text in the browser.
struct Round {
    state: String,
    nonce: String,
    verifier: String,
}

impl Round {
    fn of(seed: &str) -> Self {
        Self {
            state: secret::derived(seed, "openid state"),
            nonce: secret::derived(seed, "openid nonce"),
            verifier: secret::derived(seed, "openid verifier"),
        }
    }
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// The provider does not answer, or not as one.
    #[error("the provider cannot be asked now: {0}")]
    Unreachable(String),
    /// What it says is not to be believed, or is not for us.
    #[error("{0}")]
    Refused(String),
    /// The store.
    #[error(transparent)]
    Kept(#[from] super::sessions::Failed),
}

impl From<crate::store::StoreError> for Failed {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Kept(error.into())
    }
}

/// Sends somebody to the provider.
pub(super) async fn leave(State(shared): State<Shared>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let back = next::safe(said::query(&uri).get("next").map_or("/", String::as_str));
    if visit.is_signed_in() {
        return see(&back);
    }
    if visit.shared.sign_in.openid.is_none() || closed(&visit.shared).is_some() {
        return none(&visit);
    }
    let left = blocking(&visit.shared, |parts| -> Result<_, Failed> {
        let seed = secret::random().map_err(super::sessions::Failed::from)?;
        let provider = parts.sign_in.openid.as_ref().ok_or_else(no_provider)?;
        let round = Round::of(&seed);
        let to = provider.authorization(
            &format!("{}{RETURN}", parts.url),
            &round.state,
            &round.nonce,
            &secret::digest_base64(&round.verifier),
            (parts.wall)(),
        )?;
        Ok((seed, to))
    });
    match left.await {
        Some(Ok((seed, to))) => {
            let value = format!("{seed}.{}", URL_SAFE_NO_PAD.encode(&back));
            let cookie = Cookie::SignIn.set(&visit.shared.url, &value, LASTS.as_secs());
            with_cookie(redirect(&to), cookie)
        }
        Some(Err(failed)) => refused(&visit, &failed),
        None => visit.later("The provider cannot be asked."),
    }
}

/// Takes somebody back from the provider.
pub(super) async fn come_back(
    State(shared): State<Shared>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    if visit.shared.sign_in.openid.is_none() || closed(&visit.shared).is_some() {
        return none(&visit);
    }
    let sent = said::query(&uri);
    let held = Cookie::SignIn.read(&headers, &visit.shared.url);
    let back = held.as_ref().and_then(wanted).unwrap_or_default();
    let judged = blocking(&visit.shared, move |parts| {
        judge(parts, held.as_ref(), &sent)
    });
    match judged.await {
        Some(Ok(who)) => door::enter(visit, &headers, who, &next::safe(&back)).await,
        Some(Err(failed)) => {
            let gone = Cookie::SignIn.clear(&visit.shared.url);
            with_cookie(refused(&visit, &failed), gone)
        }
        None => visit.later("You could not be signed in."),
    }
}

/// Where somebody wanted to go; it is looked at again, since it was in their hands.
fn wanted(held: &Held) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(&held.rest).ok()?;
    String::from_utf8(bytes).ok()
}

fn judge(parts: &Parts, held: Option<&Held>, sent: &Sent) -> Result<Identity, Failed> {
    let refuse = |what: &str| Err(Failed::Refused(what.to_owned()));
    let Some(held) = held else {
        return refuse(
            "this browser did not ask to sign in, or too long ago, or does not keep cookies",
        );
    };
    let round = Round::of(&held.id);
    let field = |name: &str| sent.get(name).map(String::as_str);
    if !secret::same(field("state").unwrap_or_default(), &round.state) {
        return refuse(
            "the answer belongs to another sign-in than the one that this browser began last",
        );
    }
    let provider = parts.sign_in.openid.as_ref().ok_or_else(no_provider)?;
    let now = (parts.wall)();
    // Another provider must not answer for this one, not even that it failed (RFC 9207 §2.4).
    provider.answered(field("iss"), now)?;
    if let Some(error) = field("error") {
        return refuse(match error {
            "access_denied" => "you, or the provider, did not agree to it",
            "temporarily_unavailable" | "server_error" => {
                "the provider has trouble of its own; try again later"
            }
            _ => "the provider refused it; whoever runs this portal finds out why at the provider",
        });
    }
    let Some(code) = field("code").filter(|code| !code.is_empty()) else {
        return refuse("the answer has no code");
    };
    let until = now.checked_add(LASTS).ok();
    let fresh = parts
        .store
        .put_new(USED, &secret::kept(&round.state), &json!({}), until, now)?;
    if !fresh {
        return refuse("this answer was used already");
    }
    let to = format!("{}{RETURN}", parts.url);
    provider.who(code, &to, &round.verifier, &round.nonce, now)
}

fn no_provider() -> Failed {
    Failed::Refused("nobody signs in by OpenID Connect here".to_owned())
}

fn none(visit: &Visit) -> Response {
    let text = "Nobody signs in by OpenID Connect here.";
    visit.problem(StatusCode::NOT_FOUND, "There is no such page", text)
}

fn refused(visit: &Visit, failed: &Failed) -> Response {
    match failed {
        Failed::Unreachable(_) => visit.later(&format!("You could not be signed in: {failed}.")),
        Failed::Kept(_) => {
            visit.later("You could not be signed in: what is kept cannot be changed.")
        }
        Failed::Refused(_) => {
            let text = format!("You were not signed in: {failed}. Begin again at /sign-in.");
            visit.problem(StatusCode::FORBIDDEN, "Sign-in failed", &text)
        }
    }
}
