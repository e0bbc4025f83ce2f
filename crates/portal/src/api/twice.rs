//! A request that comes twice under one key is done once.

use base::Digest;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::call::{Call, Reply};
use super::problem::{self, Problem};

/// How long an answer is kept for whoever asks again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After how long one that was begun and never ended counts as never begun.
const BEGUN: SignedDuration = SignedDuration::from_mins(2);
/// What the store calls them.
const STORED: &str = "api-once";

/// Does something once under the key that came with the request, if one did. What was refused may be
/// tried again under the same key.
pub(crate) fn once(
    call: &Call,
    act: impl FnOnce() -> Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    let Some(key) = call.text("idempotency-key") else {
        return act();
    };
    let identity = call.reader().identity.as_ref();
    let who = identity.map(|identity| (&identity.issuer, &identity.subject));
    let name = digest(&json!([key, who.map(|who| who.0), who.map(|who| who.1)]));
    let request = digest(&json!([call.of, call.given, call.body]));
    let store = &call.shared.store;
    let begun = json!({"request": request});
    let until = call.now.checked_add(BEGUN).ok();
    if !store.put_new(STORED, &name, &begun, until, call.now)? {
        let Some(kept) = store.get(STORED, &name, call.now)? else {
            return Err(busy());
        };
        return again(&kept, &request);
    }
    match act() {
        Ok(reply) => {
            let answer = json!({
                "request": request,
                "status": reply.status,
                "body": reply.body,
                "headers": reply.headers.iter().map(|(_, value)| value).collect::<Vec<_>>(),
            });
            let until = call.now.checked_add(KEPT).ok();
            store.put(STORED, &name, &answer, until)?;
            Ok(reply)
        }
        Err(problem) => {
            store.take(STORED, &name, call.now)?;
            Err(problem)
        }
    }
}

/// The answer that was given before.
fn again(kept: &Json, request: &str) -> Result<Reply, Problem> {
    if kept["request"] != request {
        let says = "`Idempotency-Key` came before with another request; choose a new key.";
        return Err(Problem::new(&problem::INVALID, says));
    }
    let Some(status) = kept["status"].as_u64() else {
        return Err(busy());
    };
    let location = kept["headers"][0].as_str();
    Ok(Reply {
        status: u16::try_from(status).unwrap_or(200),
        body: Some(kept["body"].clone()),
        headers: location
            .map(|to| ("location", to.to_owned()))
            .into_iter()
            .collect(),
    })
}

fn busy() -> Problem {
    let says = "The same request is being done just now; ask again in a moment.";
    Problem::new(&problem::CONFLICT, says)
}

fn digest(what: &Json) -> String {
    Digest::of(what.to_string().as_bytes()).hex()
}
