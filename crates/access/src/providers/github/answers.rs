//! What GitHub's answers mean: to who reads, and to who changes something.

use std::time::Duration;

use change::WriteFailure;
use http_client::Answer;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::limits;
use crate::ReadError;

/// Why there is no answer to work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The request was not sent.
    Unsent(String),
    /// It was sent, and the answer did not come or not in full.
    Unanswered(String),
    /// Too much was asked.
    Later(Duration),
    /// Something is broken over there.
    Broken(String),
    /// It is not for us.
    Denied(String),
    /// It is not there, or is hidden from us.
    Missing(String),
    /// It cannot be done as things are (409, 422).
    Rejected(String),
    /// Any other refusal.
    Refused(String),
    /// The answer makes no sense.
    Senseless(String),
}

/// What an answer means, before its body is looked at.
pub(super) fn judge(answer: Answer) -> Result<Answer, Trouble> {
    if let Some(pause) = limits::pause(&answer) {
        return Err(Trouble::Later(pause));
    }
    // Without a session at the organisation's identity provider, lists are cut to what is public.
    let single_sign_on = answer.header("x-github-sso");
    if single_sign_on.is_some_and(|header| header.starts_with("partial-results")) {
        let what = "the token is not authorised for single sign-on, so lists are not complete";
        return Err(Trouble::Denied(what.to_owned()));
    }
    let said = || said(&answer);
    Err(match answer.status {
        200..=299 | 304 => return Ok(answer),
        401 => Trouble::Denied("GitHub does not take the token".to_owned()),
        403 => Trouble::Denied(format!("GitHub does not let this token: {}", said())),
        404 | 410 => Trouble::Missing(said()),
        409 | 422 => Trouble::Rejected(said()),
        500.. => Trouble::Broken(format!("GitHub is broken at the moment: {}", said())),
        300..=399 => Trouble::Refused(
            "GitHub sends us to another address: it was renamed, or the system's address is not \
             that of the interface"
                .to_owned(),
        ),
        _ => Trouble::Refused(format!("GitHub refuses: {}", said())),
    })
}

/// What an answer that is no success says.
fn said(answer: &Answer) -> String {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let message = body.as_ref().and_then(|body| body["message"].as_str());
    let Some(message) = message else {
        return match answer.text() {
            text if text.is_empty() => format!("status {}", answer.status),
            text => format!("{text} (status {})", answer.status),
        };
    };
    let errors = body.as_ref().and_then(|body| body["errors"].as_array());
    let errors = errors.into_iter().flatten().map(|error| match error {
        Value::String(text) => text.clone(),
        error => match error["message"].as_str() {
            Some(text) => text.to_owned(),
            None => ["resource", "field", "code"]
                .iter()
                .filter_map(|key| error[key].as_str())
                .collect::<Vec<_>>()
                .join(" "),
        },
    });
    let errors: Vec<String> = errors.collect();
    match errors.as_slice() {
        [] => format!("{message} (status {})", answer.status),
        errors => format!(
            "{message}: {} (status {})",
            errors.join("; "),
            answer.status
        ),
    }
}

/// The data of an answer by GraphQL: all of it, or why not.
pub(super) fn data(answer: &Answer) -> Result<Value, Trouble> {
    let mut body: Value = sensible(&answer.body, "the answer by GraphQL")?;
    let errors = body["errors"].as_array();
    let Some(first) = errors.and_then(|errors| errors.first()) else {
        return match body["data"].take() {
            Value::Null => Err(Trouble::Senseless("an answer without data".to_owned())),
            data => Ok(data),
        };
    };
    let message = first["message"]
        .as_str()
        .unwrap_or("an error without words");
    let limited = message.to_lowercase().contains("rate limit");
    Err(match first["type"].as_str() {
        Some("RATE_LIMITED") => Trouble::Later(limits::how_long(answer)),
        None if limited => Trouble::Later(limits::how_long(answer)),
        Some("NOT_FOUND") => Trouble::Missing(message.to_owned()),
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => {
            Trouble::Denied(format!("GitHub does not let this token: {message}"))
        }
        // So GitHub words that a query took too long.
        None if message.starts_with("Something went wrong") => Trouble::Broken(message.to_owned()),
        _ => Trouble::Senseless(message.to_owned()),
    })
}

pub(super) fn sensible<T: DeserializeOwned>(body: &[u8], of: &str) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|error| Trouble::Senseless(format!("{of}: {error}")))
}

/// A trouble with a question: whatever it was, nothing has been done.
pub(super) fn only_read(trouble: Trouble) -> WriteFailure {
    match trouble {
        Trouble::Unanswered(what) | Trouble::Broken(what) => WriteFailure::Unreachable(what),
        other => other.into(),
    }
}

impl From<Trouble> for ReadError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unsent(what) => Self::Unreachable(format!("GitHub cannot be reached: {what}")),
            Trouble::Unanswered(what) => {
                Self::Unreachable(format!("GitHub did not answer in full: {what}"))
            }
            Trouble::Later(pause) => Self::Unreachable(format!(
                "GitHub still asks to wait {} seconds",
                pause.as_secs()
            )),
            Trouble::Broken(what) => Self::Unreachable(what),
            Trouble::Denied(what) | Trouble::Refused(what) => Self::Refused(what),
            Trouble::Rejected(what) => Self::Refused(format!("GitHub refuses: {what}")),
            Trouble::Missing(what) => Self::Absent(format!("GitHub finds nothing there: {what}")),
            Trouble::Senseless(what) => Self::Untrusted(what),
        }
    }
}

impl From<Trouble> for WriteFailure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unsent(what) => Self::Unreachable(format!("GitHub cannot be reached: {what}")),
            Trouble::Unanswered(what) => {
                Self::Unknown(format!("GitHub did not answer in full: {what}"))
            }
            Trouble::Later(pause) => Self::Later(pause),
            Trouble::Broken(what) => Self::Unknown(what),
            Trouble::Denied(what) | Trouble::Refused(what) => Self::Refused(what),
            Trouble::Rejected(what) => Self::Refused(format!("GitHub refuses: {what}")),
            Trouble::Missing(what) => Self::Refused(format!("GitHub finds nothing there: {what}")),
            Trouble::Senseless(what) => Self::Refused(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: http_client::http::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            pause: None,
        }
    }

    #[test]
    fn data_beside_errors_is_not_taken() {
        let half = r#"{"data": {"a": 1}, "errors": [{"message": "b is missing"}]}"#;
        assert_eq!(
            data(&answer(200, half)),
            Err(Trouble::Senseless("b is missing".to_owned()))
        );
        let limited = r#"{"errors": [{"type": "RATE_LIMITED", "message": "x"}]}"#;
        assert!(matches!(
            data(&answer(200, limited)),
            Err(Trouble::Later(_))
        ));
        let cut = r#"{"data": {"a": "#;
        assert!(matches!(
            data(&answer(200, cut)),
            Err(Trouble::Senseless(_))
        ));
    }

    #[test]
    fn a_refusal_says_what_github_said() {
        let body = r#"{"message": "Validation Failed", "errors": [
            {"resource": "Team", "field": "name", "code": "already_exists"}, "and so on"]}"#;
        let Err(Trouble::Rejected(what)) = judge(answer(422, body)) else {
            panic!("it was not rejected");
        };
        assert_eq!(
            what,
            "Validation Failed: Team name already_exists; and so on (status 422)"
        );
    }
}
