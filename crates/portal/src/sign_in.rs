//! Who somebody is: by OpenID Connect, or by a key of theirs that the estate lists.

use axum::Router;
use axum::http::HeaderMap;

use crate::model::Reader;
use crate::serve::Shared;

/// Who asks, and what forms of theirs have to send back.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Who.
    pub reader: Reader,
    /// What forms send back; none without a session.
    pub token: Option<String>,
}

/// Whose session the request is of; nobody's if it has none that is in force.
pub async fn session(_shared: &Shared, _headers: &HeaderMap) -> Session {
    Session::default()
}

/// The pages of signing in and out.
pub fn routes() -> Router<Shared> {
    Router::new()
}
