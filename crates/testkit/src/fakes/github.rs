//! GitHub's REST and GraphQL interfaces, as far as people, teams and repositories go.
//!
//! ```
//! use testkit::fakes::github::{GitHub, Role};
//!
//! let github = GitHub::start();
//! github.with(|world| {
//!     world.add_account("alice", 101);
//!     world.add_org("acme");
//!     world.add_member("acme", "alice", Role::Member);
//! });
//! assert!(github.violations().is_empty());
//! ```
//!
//! What it takes and gives is GitHub's own description, extracted into the folder `vendor`; what
//! it does is what GitHub documents at <https://docs.github.com/rest> and
//! <https://docs.github.com/graphql>. Where the two say nothing, the code says what it assumes.

mod answer;
mod description;
mod graphql;
mod limits;
mod rest;
pub mod world;

use std::sync::Arc;
use std::time::Duration;

use super::faults::Faults;
use super::serving::{Seen, Service, Serving, locked};
use answer::State;
use limits::Budget;
pub use world::{
    Account, Installation, Invitation, Org, Permission, Privacy, Repo, RepoInvitation, Role,
    Snapshot, Team, TeamRole, World,
};

/// A GitHub that listens; it ends with the value.
#[derive(Debug)]
pub struct GitHub {
    serving: Serving,
    state: Arc<State>,
}

impl GitHub {
    /// The account that the token belongs to; it owns every organisation that a test adds.
    pub const BOT: &str = "commonhold-bot";
    /// The number of that account.
    pub const BOT_ID: u64 = 1;

    /// Starts one that knows [`GitHub::BOT`] and nothing else.
    ///
    /// # Panics
    /// There is no free port.
    pub fn start() -> Self {
        let state = Arc::new(State::default());
        {
            let mut world = locked(&state.world);
            world.add_account(Self::BOT, Self::BOT_ID).token = Some(TOKEN.to_owned());
        }
        let serving = Serving::start(Arc::clone(&state) as Arc<dyn Service>);
        Self { serving, state }
    }

    /// Where it listens, for REST; GraphQL is at `/graphql` there: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.serving.url()
    }

    /// What [`GitHub::BOT`] is authorised with.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// Reads or changes what is true there. Requests wait meanwhile.
    pub fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut locked(&self.state.world))
    }

    /// What is true there now, to compare.
    pub fn snapshot(&self) -> Snapshot {
        self.with(|world| world.snapshot())
    }

    /// What was asked until now, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        self.serving.requests()
    }

    /// Forgets what was asked until now.
    pub fn forget_requests(&self) {
        self.serving.forget_requests();
    }

    /// Where requests, or answers of ours, did not fit GitHub's description. A test of a client
    /// finds none.
    pub fn violations(&self) -> Vec<String> {
        locked(&self.state.violations).clone()
    }

    /// Makes every answer take so much longer, from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.serving.set_latency(latency);
    }

    /// Sets how many REST requests may be asked from now on, in a window that ends so much
    /// later; after it the usual 5,000 an hour hold. Answers with 304 do not count.
    pub fn set_rest_limit(&self, requests: u64, window: Duration) {
        self.set_limit(Budget::Core, requests, window);
    }

    /// The same for GraphQL, in points: a query costs a point for each hundred connections that
    /// it may walk, and one at least.
    pub fn set_graphql_limit(&self, points: u64, window: Duration) {
        self.set_limit(Budget::Graph, points, window);
    }

    fn set_limit(&self, budget: Budget, limit: u64, window: Duration) {
        let seconds = i64::try_from(window.as_secs()).unwrap_or(i64::MAX / 2);
        self.state.limits.set(budget, limit, seconds);
    }

    /// How much was counted against the two limits since they were set: requests and points.
    pub fn spent(&self) -> (u64, u64) {
        let used = |budget| self.state.limits.left(budget).used;
        (used(Budget::Core), used(Budget::Graph))
    }

    /// Every REST operation that there is: its method in capitals, and its path with names in
    /// braces.
    pub fn operations() -> Vec<(String, String)> {
        let all = description::description().operations();
        all.map(|(method, path)| (method, path.to_owned()))
            .collect()
    }

    /// The faults that are planned.
    pub fn faults(&self) -> &Faults {
        self.serving.faults()
    }
}

const TOKEN: &str = "ghp_0000000000000000000000000000000000pT";
