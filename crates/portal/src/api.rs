//! What programs read and do, below `/api/v1`.

use axum::Router;

use crate::serve::Shared;

/// All of it.
pub fn routes() -> Router<Shared> {
    Router::new()
}
