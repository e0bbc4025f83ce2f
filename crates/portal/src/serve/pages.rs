//! What is read.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::query::Query;
use crate::serve::Shared;
use crate::view::{self, Frame};
use crate::{Found, sign_in};

pub(super) fn routes() -> Router<Shared> {
    Router::new().fallback(show)
}

async fn show(State(shared): State<Shared>, request: Request) -> Response {
    let session = sign_in::session(&shared, request.headers()).await;
    let content = shared.current.get();
    let frame = Frame {
        stamp: content.stamp(),
        reader: &session.reader,
        now: (shared.clock)(),
        token: session.token.as_deref(),
        live: true,
    };
    let path = request.uri().path();
    let listed = content
        .listings()
        .iter()
        .find(|listing| path.strip_prefix('/') == Some(listing.of.id));
    if let Some(listing) = listed {
        return Html(view::listing(&frame, listing, &Query::default())).into_response();
    }
    match content.page(path, &session.reader, frame.now) {
        Found::Page(page) => Html(view::page(&frame, &page)).into_response(),
        _ => (
            StatusCode::NOT_FOUND,
            Html(view::problem(&frame, 404, "There is no such page", "")),
        )
            .into_response(),
    }
}
