//! Whether all is well, for whoever watches the server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Shared;
use super::house::House;
use super::measures::{self, Told};

/// A store that does not answer in this time does not answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// No more sessions than this are counted.
const MOST_COUNTED: usize = 10_000;

pub(super) fn routes(house: &Arc<House>) -> Router<Shared> {
    let (ready, counted) = (Arc::clone(house), Arc::clone(house));
    Router::new()
        .route(
            "/healthz",
            get(|| async {
                said(
                    StatusCode::OK,
                    "text/plain; charset=utf-8",
                    "alive\n".to_owned(),
                )
            }),
        )
        .route("/readyz", get(move || is_ready(Arc::clone(&ready))))
        .route("/metrics", get(move || tell(Arc::clone(&counted))))
}

/// A state is there from the start; what may fail is the store.
async fn is_ready(house: Arc<House>) -> Response {
    let (store, now) = (Arc::clone(&house.shared.store), (house.shared.wall)());
    let asked = tokio::task::spawn_blocking(move || store.get("ready", "", now).map(drop));
    let (status, text) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(Ok(()))) => (StatusCode::OK, "ready\n"),
        Ok(Ok(Err(_)) | Err(_)) => (StatusCode::SERVICE_UNAVAILABLE, "the store fails\n"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        ),
    };
    said(status, "text/plain; charset=utf-8", text.to_owned())
}

async fn tell(house: Arc<House>) -> Response {
    let (store, now) = (Arc::clone(&house.shared.store), (house.shared.wall)());
    let asked = tokio::task::spawn_blocking(move || {
        let sessions = store.list("session", "", MOST_COUNTED, now);
        (
            sessions.ok().map(|sessions| sessions.len()),
            measures::memory(),
        )
    });
    let (sessions, memory) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(told)) => told,
        _ => (None, None),
    };
    let content = house.shared.current.get();
    let text = house.measures.exposition(&Told {
        stamp: content.stamp(),
        now,
        kept: house.pages(),
        reloads: house.shared.current.reloads(),
        sessions,
        memory,
    });
    said(StatusCode::OK, measures::KIND, text)
}

fn said(status: StatusCode, kind: &'static str, text: String) -> Response {
    let headers: [(HeaderName, &'static str); 2] =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}
