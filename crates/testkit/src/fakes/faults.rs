//! What goes wrong, and when: a plan that a test makes beforehand.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use super::serving::{Request, locked};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfortune {
    /// It is answered with this status and nothing is done: 500, 502, 503, 404, 403, 422.
    Status(u16),
    /// It is refused because too much was asked in an hour (or what the vendor counts in).
    RateLimit {
        /// How long the client shall wait.
        retry_after: Duration,
    },
    /// It is refused because too much was asked at once.
    SecondaryLimit {
        /// How long the client shall wait.
        retry_after: Duration,
    },
    /// The connection is closed and nothing is done.
    TimeoutBefore,
    /// It is done, and then the connection is closed without an answer.
    TimeoutAfter,
    /// It is done, but only half of the answer's body arrives.
    TruncatedBody,
    /// It is done, so much later.
    SlowPage(Duration),
    /// It is done, but the answer says that the next page is the one that it is itself.
    RepeatedPageToken,
}

type Predicate = Box<dyn Fn(&Request) -> bool + Send + Sync>;

/// A misfortune and when it happens.
pub struct Fault {
    matches: Predicate,
    /// How many that match pass before it happens.
    passes: usize,
    /// How often it happens then.
    times: usize,
    what: Misfortune,
}

impl Fault {
    /// One that happens to the `n`-th request from now on, counted from 1.
    pub fn nth(n: usize, what: Misfortune) -> Self {
        Self::on(|_| true, n, what)
    }

    /// One that happens to the `n`-th request for which the predicate holds, counted from 1.
    pub fn on(
        matches: impl Fn(&Request) -> bool + Send + Sync + 'static,
        n: usize,
        what: Misfortune,
    ) -> Self {
        Self {
            matches: Box::new(matches),
            passes: n.saturating_sub(1),
            times: 1,
            what,
        }
    }

    /// One that happens to the first request with this method and exactly this path.
    pub fn at(method: &str, path: &str, what: Misfortune) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        let matches = move |request: &Request| request.method == method && request.path == path;
        Self::on(matches, 1, what)
    }

    /// The same, for so many such requests in a row.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// The same, for all such requests from then on.
    pub fn for_ever(self) -> Self {
        self.times(usize::MAX)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("passes", &self.passes)
            .field("times", &self.times)
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}

/// The faults that are planned and have not happened. A request meets one at most: the first
/// that was planned.
#[derive(Debug, Default)]
pub struct Faults {
    plan: Mutex<Vec<Fault>>,
}

impl Faults {
    /// Plans one more.
    pub fn add(&self, fault: Fault) {
        locked(&self.plan).push(fault);
    }

    /// Forgets all that are planned.
    pub fn clear(&self) {
        locked(&self.plan).clear();
    }

    /// How many of the planned ones are not over yet.
    pub fn left(&self) -> usize {
        locked(&self.plan).len()
    }

    /// Counts the request, and says what happens to it.
    pub(super) fn strike(&self, request: &Request) -> Option<Misfortune> {
        let mut plan = locked(&self.plan);
        let mut struck = None;
        for fault in plan.iter_mut() {
            if fault.times == 0 || !(fault.matches)(request) {
                continue;
            }
            if fault.passes > 0 {
                fault.passes -= 1;
            } else if struck.is_none() {
                fault.times = fault
                    .times
                    .saturating_sub(usize::from(fault.times != usize::MAX));
                struck = Some(fault.what);
            }
        }
        plan.retain(|fault| fault.times > 0);
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn a_fault_strikes_the_nth_that_matches_and_is_over() {
        let faults = Faults::default();
        let on_a = |request: &Request| request.path == "/a";
        faults.add(Fault::on(on_a, 2, Misfortune::Status(502)));
        let struck: Vec<_> = ["/a", "/b", "/a", "/a"]
            .into_iter()
            .map(|path| faults.strike(&get(path)))
            .collect();
        assert_eq!(struck, [None, None, Some(Misfortune::Status(502)), None]);
        assert_eq!(faults.left(), 0);
    }

    #[test]
    fn a_request_meets_one_fault_at_most() {
        let faults = Faults::default();
        faults.add(Fault::nth(1, Misfortune::TimeoutBefore).times(2));
        faults.add(Fault::nth(1, Misfortune::TimeoutAfter));
        let struck: Vec<_> = (0..4).map(|_| faults.strike(&get("/"))).collect();
        assert_eq!(
            struck,
            [
                Some(Misfortune::TimeoutBefore),
                Some(Misfortune::TimeoutBefore),
                Some(Misfortune::TimeoutAfter),
                None
            ]
        );
    }
}
