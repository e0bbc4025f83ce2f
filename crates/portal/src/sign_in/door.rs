//! Coming in and going out.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::cookies::Cookie;
use super::said::{self, Visit, blocking, see, with_cookie};
use super::{closed, next, recognised, sessions_of};
use crate::model::{Form, Identity, Link, Mood, Page, Part, Section};
use crate::serve::Shared;

/// The ways of signing in.
pub(super) async fn choose(State(shared): State<Shared>, headers: HeaderMap, uri: Uri) -> Response {
    let visit = Visit::of(shared, &headers).await;
    let back = next::safe(said::query(&uri).get("next").map_or("/", String::as_str));
    if visit.is_signed_in() {
        return see(&back);
    }
    let sign_in = &visit.shared.sign_in;
    let mut page = Page::new(Section::Account, "/sign-in", "Sign in");
    "Everything that is public can be read without signing in. Sign in to ask for something, to approve, \
                    to object, to vote, and to see what is for your groups.".clone_into(&mut page.summary);
    if let Some(provider) = &sign_in.openid {
        page.add(Part::Form(way(
            "/sign-in/openid",
            &back,
            format!("Continue with {}", provider.name()),
            format!("You go to {} and come back.", provider.host()),
        )));
    }
    if sign_in.ssh {
        page.add(Part::Form(way(
            "/sign-in/ssh",
            &back,
            "Continue with an SSH key".to_owned(),
            "You sign a line of text with the key that you use for Git. No password, no account elsewhere.".to_owned(),
        )));
    }
    if let Some(why) = closed(&visit.shared) {
        page.parts.clear();
        let home = Some(Link::new("Home", "/"));
        page.add(Part::Notice(Mood::Plain, why.to_owned(), home));
    }
    visit.page(StatusCode::OK, &page)
}

/// A form that asks only: it leads to another page, and changes nothing.
fn way(action: &str, back: &str, button: String, about: String) -> Form {
    Form {
        action: action.to_owned(),
        asks: true,
        about,
        fields: vec![crate::model::Field::hidden("next", back)],
        button,
        anonymous: true,
        ..Form::default()
    }
}

/// Ends the session.
pub(super) async fn leave(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::of(shared, &headers).await;
    if !visit.is_signed_in() {
        let gone = Cookie::Session.clear(&visit.shared.url);
        return with_cookie(see("/"), gone);
    }
    if let Err(refused) = visit.genuine(&headers, &body) {
        return *refused;
    }
    let held = Cookie::Session.read(&headers, &visit.shared.url);
    let ended = blocking(&visit.shared, move |parts| {
        held.map_or(Ok(()), |held| sessions_of(parts).end(&held.id))
    });
    match ended.await {
        Some(Ok(())) => with_cookie(see("/"), Cookie::Session.clear(&visit.shared.url)),
        _ => visit.later("You could not be signed out: what is kept cannot be changed."),
    }
}

/// Begins a session of whoever was shown to be this one, under a new id, and goes on. The id of an earlier session, be it
/// one that somebody else planted in the browser, is worth nothing from then on.
pub(super) async fn enter(
    visit: Visit,
    headers: &HeaderMap,
    who: Identity,
    back: &str,
) -> Response {
    let url = visit.shared.url.clone();
    let before = Cookie::Session.read(headers, &url);
    let browser = headers.get(axum::http::header::USER_AGENT);
    let browser = browser
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let browser = browser.to_owned();
    let begun = blocking(&visit.shared, move |parts| {
        let sessions = sessions_of(parts);
        if let Some(before) = before {
            sessions.end(&before.id)?;
        }
        if recognised(parts, who.clone()).identity.is_none() {
            return Ok(None);
        }
        sessions.begin(&who, &browser).map(Some)
    });
    let id = match begun.await {
        Some(Ok(Some(id))) => id,
        Some(Ok(None)) => {
            let text = "The estate names other ways to sign in since this portal was started. Whoever runs it has to start it anew.";
            return visit.problem(StatusCode::FORBIDDEN, "Sign-in failed", text);
        }
        Some(Err(_)) | None => {
            return visit.later("You could not be signed in: what is kept cannot be changed.");
        }
    };
    let seconds = visit.shared.sign_in.lasts.as_secs();
    let response = with_cookie(see(back), Cookie::Session.set(&url, &id, seconds));
    with_cookie(response, Cookie::SignIn.clear(&url))
}
