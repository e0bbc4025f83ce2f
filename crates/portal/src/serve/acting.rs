//! What is done.

mod acts;
mod ballots;
mod desk;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::Refusal;
use crate::serve::{Parts, Shared};
use crate::sign_in::said::{Visit, blocking};

/// Keys of elections may have slashes: as many parts as this.
const KEY_PARTS: usize = 4;

pub(super) fn routes() -> Router<Shared> {
    let mut router = Router::new()
        .route("/act", get(acts::ask).post(acts::ask_by_form))
        .route("/act/take", post(acts::take))
        .route("/desk", get(desk::kinds))
        .route("/desk/requests", get(desk::mine))
        .route("/desk/requests/{id}", get(desk::request))
        .route("/desk/{kind}", get(desk::form).post(desk::ask));
    let mut key = String::new();
    for part in 0..KEY_PARTS {
        key.push_str(&format!("/{{part{part}}}"));
        router = router
            .route(
                &format!("/elections{key}/ballot"),
                get(ballots::show).post(ballots::vote),
            )
            .route(
                &format!("/elections{key}/token"),
                get(ballots::token).post(ballots::sign_token),
            );
    }
    router
}

/// What is said where nobody has hands.
const ONLY_SHOWS: &str = "This portal only shows what there is: nobody signs in, asks, approves or votes here.\nWhoever runs it lets people act by saying in portal.yaml how they sign in, and by starting it without --read-only.";

/// Asks the hands for something, where that may block. Nobody has hands where the portal only shows.
async fn handed<T: Send + 'static>(
    visit: &Visit,
    work: impl FnOnce(&dyn crate::Hands, &Parts) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let done = blocking(&visit.shared, move |parts| match &parts.hands {
        Some(hands) => work(&**hands, parts),
        None => Err(Refusal::Unknown(ONLY_SHOWS.to_owned())),
    });
    let broken = "This is a mistake in the program, and nobody knows whether it was done: look before you try again.";
    done.await
        .unwrap_or_else(|| Err(Refusal::Later(broken.to_owned())))
}

/// What is answered where something was not done; `back` is where one comes back to after signing in.
fn refused(visit: &Visit, refusal: &Refusal, back: &str) -> Response {
    let (status, title, text) = match refusal {
        Refusal::SignIn(_) if !visit.is_signed_in() => return visit.sign_in(back),
        Refusal::Later(text) => return visit.later(text),
        Refusal::SignIn(text) => (StatusCode::FORBIDDEN, "The estate does not know you", text),
        Refusal::Forbidden(text) => (StatusCode::FORBIDDEN, "You may not do this", text),
        Refusal::Unknown(text) if visit.shared.hands.is_none() => {
            (StatusCode::NOT_FOUND, "Nothing can be done here", text)
        }
        Refusal::Unknown(text) => (StatusCode::NOT_FOUND, "There is no such thing", text),
        Refusal::Wrong(text) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "This is not as it should be",
            text,
        ),
        Refusal::Conflict(text) => (StatusCode::CONFLICT, "This cannot be done any more", text),
    };
    visit.problem(status, title, text)
}

/// A program's token that only reads does nothing.
fn may_not_act(visit: &Visit) -> Response {
    let text = "The token that came along may read and not act.";
    visit.problem(StatusCode::FORBIDDEN, "You may not do this", text)
}
