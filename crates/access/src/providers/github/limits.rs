//! When GitHub asks to wait, and how long.
//!
//! Source: "Rate limits for the REST API" in the vendor's documentation. The primary limit is
//! told by `x-ratelimit-remaining: 0` and the second at which it ends, the secondary ones by
//! `retry-after`; where neither is told, at least a minute is to pass.

use std::time::Duration;

use http_client::Answer;
use jiff::fmt::rfc2822;

/// Where GitHub says nothing.
const PAUSE: Duration = Duration::from_secs(60);
/// The primary limit is over within an hour.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long to wait, if the answer is that too much was asked.
pub(super) fn pause(answer: &Answer) -> Option<Duration> {
    let limited = match answer.status {
        429 => true,
        403 => {
            answer.pause.is_some()
                || exhausted(answer)
                || answer.text().to_lowercase().contains("rate limit")
        }
        _ => false,
    };
    limited.then(|| how_long(answer))
}

/// How long to wait after an answer that is known to say so.
pub(super) fn how_long(answer: &Answer) -> Duration {
    let until_reset = || exhausted(answer).then(|| until_reset(answer)).flatten();
    let pause = answer.pause.or_else(until_reset);
    pause.unwrap_or(PAUSE).min(LONGEST)
}

fn exhausted(answer: &Answer) -> bool {
    answer.header("x-ratelimit-remaining") == Some("0")
}

/// From the moment of the answer, by GitHub's own clock, to the end of the limit.
fn until_reset(answer: &Answer) -> Option<Duration> {
    let reset: i64 = answer.header("x-ratelimit-reset")?.trim().parse().ok()?;
    let now = rfc2822::parse(answer.header("date")?).ok()?;
    let seconds = reset.saturating_sub(now.timestamp().as_second());
    // One more, since both are cut to the second.
    Some(Duration::from_secs(
        u64::try_from(seconds).unwrap_or(0).saturating_add(1),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_client::http::{HeaderMap, HeaderName, HeaderValue};

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            map.insert(HeaderName::from_static(name), value);
        }
        let pause = map.get("retry-after");
        let pause = pause.and_then(|value| value.to_str().ok()?.parse().ok());
        Answer {
            status,
            headers: map,
            body: body.as_bytes().to_vec(),
            pause: pause.map(Duration::from_secs),
        }
    }

    #[test]
    fn the_primary_limit_lasts_until_its_end_by_githubs_clock() {
        let headers = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "784111877"),
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ];
        let pause = pause(&answer(403, &headers, ""));
        assert_eq!(pause, Some(Duration::from_secs(101)));
    }

    #[test]
    fn a_secondary_limit_says_how_long_or_lasts_a_minute() {
        let told = answer(403, &[("retry-after", "7")], "");
        assert_eq!(pause(&told), Some(Duration::from_secs(7)));
        let untold = answer(403, &[], "You have exceeded a secondary rate limit.");
        assert_eq!(pause(&untold), Some(Duration::from_secs(60)));
        assert_eq!(pause(&answer(429, &[], "")), Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_refusal_is_no_limit() {
        let left = [("x-ratelimit-remaining", "4999")];
        assert_eq!(pause(&answer(403, &left, "Must have admin rights")), None);
        assert_eq!(pause(&answer(404, &[], "")), None);
    }
}
