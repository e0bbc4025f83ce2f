//! How much may be asked: "Rate limits for the REST API" and "... for the GraphQL API".

use std::sync::Mutex;

use jiff::Timestamp;

use crate::fakes::serving::{Answer, locked};

/// What a token may ask in an hour.
const USUAL: u64 = 5_000;
const HOUR: i64 = 3_600;

/// Which of the two budgets a request counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Budget {
    /// The REST interface: a request is one.
    Core,
    /// The GraphQL interface: a query is as many as it costs.
    Graph,
}

/// One budget, as headers and answers show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    /// How much may be asked in a window.
    pub(super) limit: u64,
    /// How much of it was.
    pub(super) used: u64,
    /// When the window ends, in seconds since 1970, by the real clock.
    pub(super) reset: i64,
}

impl Left {
    /// How much may still be asked.
    pub(super) fn remaining(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// Both budgets.
#[derive(Debug)]
pub(super) struct Limits {
    budgets: Mutex<[Left; 2]>,
}

impl Default for Limits {
    fn default() -> Self {
        let left = Left {
            limit: USUAL,
            used: 0,
            reset: now() + HOUR,
        };
        Self {
            budgets: Mutex::new([left; 2]),
        }
    }
}

/// The real time: clients compare `x-ratelimit-reset` with their own clock.
fn now() -> i64 {
    Timestamp::now().as_second()
}

impl Limits {
    /// Sets how much may be asked from now on, in a window that ends in so many seconds.
    pub(super) fn set(&self, budget: Budget, limit: u64, ends_in: i64) {
        locked(&self.budgets)[budget as usize] = Left {
            limit,
            used: 0,
            reset: now() + ends_in,
        };
    }

    /// How a budget stands.
    pub(super) fn left(&self, budget: Budget) -> Left {
        let mut budgets = locked(&self.budgets);
        let left = &mut budgets[budget as usize];
        if left.reset <= now() {
            left.used = 0;
            left.reset = now() + HOUR;
        }
        *left
    }

    /// Counts, whether or not there is so much left.
    pub(super) fn spend(&self, budget: Budget, cost: u64) {
        locked(&self.budgets)[budget as usize].used += cost;
    }

    /// The answer with the headers that every answer has.
    pub(super) fn stated(&self, budget: Budget, answer: Answer) -> Answer {
        let left = self.left(budget);
        let resource = match budget {
            Budget::Core => "core",
            Budget::Graph => "graphql",
        };
        answer
            .with("x-ratelimit-limit", left.limit.to_string())
            .with("x-ratelimit-remaining", left.remaining().to_string())
            .with("x-ratelimit-used", left.used.min(left.limit).to_string())
            .with("x-ratelimit-reset", left.reset.to_string())
            .with("x-ratelimit-resource", resource)
    }
}
