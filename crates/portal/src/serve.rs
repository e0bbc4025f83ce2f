//! The server.

mod acting;
mod answer;
mod finish;
mod guard;
mod health;
mod house;
mod kept;
mod listen;
mod measures;
mod pages;
pub(crate) mod path;
mod proxy;
mod rates;
mod refuse;
mod render;
mod stall;
mod watch;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::Request;
use axum::{Router, middleware};
use jiff::Timestamp;

use crate::store::Store;
use crate::{Content, Hands, api, sign_in};

pub use guard::Client;
use house::House;
pub use house::{Log, Rules};
pub use listen::{Connections, Server};
pub use proxy::{Network, NotANetwork};

/// What is shown now; a newer state takes its place at once, and whoever reads the older goes on with it.
#[derive(Clone)]
pub struct Current(Arc<Held>);

struct Held {
    content: RwLock<Arc<dyn Content>>,
    reloads: AtomicU64,
}

impl Current {
    /// The first state.
    pub fn new(content: Arc<dyn Content>) -> Self {
        Self(Arc::new(Held {
            content: RwLock::new(content),
            reloads: AtomicU64::new(0),
        }))
    }

    /// The state that is shown.
    pub fn get(&self) -> Arc<dyn Content> {
        let held = self.0.content.read();
        Arc::clone(&held.unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows a newer one.
    pub fn set(&self, content: Arc<dyn Content>) {
        let held = self.0.content.write();
        let older = std::mem::replace(&mut *held.unwrap_or_else(PoisonError::into_inner), content);
        self.0.reloads.fetch_add(1, Ordering::Relaxed);
        // It may be large; nobody waits for it to be let go of while the lock is held.
        drop(older);
    }

    /// How often a newer one was shown.
    pub fn reloads(&self) -> u64 {
        self.0.reloads.load(Ordering::Relaxed)
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
    /// What time it is on the pages: as of when the state is shown.
    pub clock: Clock,
    /// What time it really is, by which all goes that people do and that is kept: sessions end, and tokens of providers
    /// hold, also where the pages are those of another day.
    pub wall: Clock,
    /// Where it is reached: `https://infra.example.org`, without a slash at the end.
    pub url: String,
    /// How people sign in.
    pub sign_in: sign_in::SignIn,
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

/// All that is answered, by the usual rules.
pub fn router(shared: Shared) -> Router {
    router_by(shared, Rules::default())
}

/// All that is answered.
pub fn router_by(shared: Shared, rules: Rules) -> Router {
    let house = Arc::new(House::new(Arc::clone(&shared), rules));
    let (reads, refuses) = (Arc::clone(&house), Arc::clone(&house));
    Router::new()
        .merge(health::routes(&house))
        .merge(sign_in::routes())
        .merge(acting::routes())
        .merge(api::routes())
        .fallback(move |request: Request| pages::show(Arc::clone(&reads), request))
        .method_not_allowed_fallback(move |request: Request| {
            let house = Arc::clone(&refuses);
            async move { pages::not_allowed(&house, request.uri().path()) }
        })
        .layer(middleware::from_fn(finish::finish))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&house),
            guard::guard,
        ))
        .layer(middleware::from_fn_with_state(house, watch::watch))
        .with_state(shared)
}
