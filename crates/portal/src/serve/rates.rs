//! How often somebody may try: a bucket of tokens for each client and each session, which fills again.

use std::time::{Duration, Instant};

use super::kept::Kept;

/// How many clients and sessions are remembered. Whoever has more addresses than this to come from
/// is not held by counting addresses.
const REMEMBERED: usize = 40_000;

/// All buckets.
#[derive(Debug)]
pub(crate) struct Rates {
    buckets: Kept<String, Bucket>,
}

/// What is left of how much may be tried.
#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    pub(crate) fn new() -> Self {
        Self {
            buckets: Kept::new(REMEMBERED),
        }
    }

    /// Takes a token of those that a key has a minute; otherwise says how long to wait for the next.
    pub(crate) fn take(&mut self, key: &str, a_minute: u32, now: Instant) -> Result<(), Duration> {
        if a_minute == 0 {
            return Ok(());
        }
        let most = f64::from(a_minute);
        let a_second = most / 60.0;
        if self.buckets.get(key).is_none() {
            let full = Bucket {
                left: most,
                at: now,
            };
            self.buckets.put(key.to_owned(), full, 1);
        }
        let Some(bucket) = self.buckets.get(key) else {
            return Ok(());
        };
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + since * a_second).min(most);
        bucket.at = now;
        if bucket.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - bucket.left) / a_second));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_too_often_waits_and_nobody_else_does() {
        let (mut rates, start) = (Rates::new(), Instant::now());
        for _ in 0..60 {
            rates.take("a", 60, start).unwrap();
        }
        let wait = rates.take("a", 60, start).unwrap_err();
        assert!(wait <= Duration::from_secs(1) && wait > Duration::ZERO);
        rates.take("b", 60, start).unwrap();
        rates.take("a", 60, start + Duration::from_secs(1)).unwrap();
        rates
            .take("a", 60, start + Duration::from_secs(1))
            .unwrap_err();
    }

    #[test]
    fn a_minute_gives_no_more_than_its_tokens_and_a_full_bucket() {
        let (mut rates, start) = (Rates::new(), Instant::now());
        let tries = (0..6_000).map(|at| start + Duration::from_millis(at * 10));
        let taken = tries.filter(|at| rates.take("a", 30, *at).is_ok()).count();
        assert!((59..=61).contains(&taken), "{taken}");
    }

    #[test]
    fn nought_lets_everybody() {
        let (mut rates, start) = (Rates::new(), Instant::now());
        assert!((0..1_000).all(|_| rates.take("a", 0, start).is_ok()));
    }

    #[test]
    fn no_more_clients_are_remembered_than_there_is_room_for() {
        let (mut rates, start) = (Rates::new(), Instant::now());
        for client in 0..2 * REMEMBERED {
            rates.take(&client.to_string(), 1, start).unwrap();
        }
        assert!(rates.buckets.len() <= REMEMBERED);
    }
}
