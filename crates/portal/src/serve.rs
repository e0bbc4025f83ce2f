//! The server.

mod acting;
mod pages;

use std::sync::{Arc, RwLock};

use axum::Router;
use jiff::Timestamp;

use crate::store::Store;
use crate::{Content, Hands, api, sign_in};

/// What is shown now; a newer state takes its place at once, and whoever reads the older goes on with it.
#[derive(Clone)]
pub struct Current(Arc<RwLock<Arc<dyn Content>>>);

impl Current {
    /// The first state.
    pub fn new(content: Arc<dyn Content>) -> Self {
        Self(Arc::new(RwLock::new(content)))
    }

    /// The state that is shown.
    pub fn get(&self) -> Arc<dyn Content> {
        let held = self
            .0
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&held)
    }

    /// Shows a newer one.
    pub fn set(&self, content: Arc<dyn Content>) {
        *self
            .0
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = content;
    }
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Current")
    }
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// All that answering a request takes.
pub struct Parts {
    /// What is shown.
    pub current: Current,
    /// Who does what people do; nobody where the portal only shows.
    pub hands: Option<Arc<dyn Hands>>,
    /// What is kept beside the estate.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Clock,
    /// Where it is reached: `https://infra.example.org`, without a slash at the end.
    pub url: String,
}

/// The same, for many.
pub type Shared = Arc<Parts>;

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// All that is answered.
pub fn router(shared: Shared) -> Router {
    Router::new()
        .merge(sign_in::routes())
        .merge(acting::routes())
        .merge(api::routes())
        .merge(pages::routes())
        .with_state(shared)
}

/// Answers until the listener fails.
pub async fn run(listener: tokio::net::TcpListener, router: Router) -> std::io::Result<()> {
    axum::serve(listener, router).await
}
