//! A request that comes twice under one key is done once.

use base::Digest;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::call::{Call, Reply};
use super::problem::{self, Problem};

/// How long an answer is kept for whoever asks again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// What the store calls them.
const STORED: &str = "api-once";

/// Does something once under the key that came with the request, if one did. What was refused may be
/// tried again under the same key.
///
/// `act` is given what stands for the key, and does nothing a second time for the same: whoever began it may have
/// crashed after it was done and before the answer was kept, or may still be at it.
pub(crate) fn once(
    call: &Call,
    act: impl FnOnce(Option<&str>) -> Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    let Some(key) = call.text("idempotency-key") else {
        return act(None);
    };
    let identity = call.reader().identity.as_ref();
    let who = identity.map(|identity| (&identity.issuer, &identity.subject));
    let name = digest(&json!([key, who.map(|who| who.0), who.map(|who| who.1)]));
    let request = digest(&json!([call.of, call.given, call.body]));
    let store = &call.shared.store;
    let begun = json!({"request": request});
    let until = call.now.checked_add(KEPT).ok();
    if !store.put_new(STORED, &name, &begun, until, call.now)?
        && let Some(kept) = store.get(STORED, &name, call.now)?
        && let Some(reply) = again(&kept, &request)?
    {
        return Ok(reply);
    }
    match act(Some(&name)) {
        Ok(reply) => {
            let answer = json!({
                "request": request,
                "status": reply.status,
                "body": reply.body,
                "headers": reply.headers.iter().map(|(_, value)| value).collect::<Vec<_>>(),
            });
            store.put(STORED, &name, &answer, until)?;
            Ok(reply)
        }
        Err(problem) => {
            store.take(STORED, &name, call.now)?;
            Err(problem)
        }
    }
}

/// The answer that was given before, if there was one.
fn again(kept: &Json, request: &str) -> Result<Option<Reply>, Problem> {
    if kept["request"] != request {
        let says = "`Idempotency-Key` came before with another request; choose a new key.";
        return Err(Problem::new(&problem::INVALID, says));
    }
    let Some(status) = kept["status"].as_u64() else {
        return Ok(None);
    };
    let location = kept["headers"][0].as_str();
    Ok(Some(Reply {
        status: u16::try_from(status).unwrap_or(200),
        body: Some(kept["body"].clone()),
        headers: location
            .map(|to| ("location", to.to_owned()))
            .into_iter()
            .collect(),
    }))
}

fn digest(what: &Json) -> String {
    Digest::of(what.to_string().as_bytes()).hex()
}
