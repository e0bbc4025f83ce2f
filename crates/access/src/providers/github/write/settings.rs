//! Changes how an organisation is set up.

use http_client::http::Method;
use serde_json::Value;

use super::{Outcome, changed, refused};
use crate::Step;
use crate::providers::github::GitHub;

pub(super) fn write(hub: &GitHub, step: &Step<'_>) -> Outcome {
    let Some(after) = step.after else {
        return Err(refused("an organisation cannot be without settings"));
    };
    let body = Value::Object(changed(step.before, after));
    if body.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(());
    }
    hub.api.change(Method::PATCH, &hub.below(""), Some(&body))?;
    Ok(())
}
