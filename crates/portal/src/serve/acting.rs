//! What is done.

use axum::Router;

use crate::serve::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
}
