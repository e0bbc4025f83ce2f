//! Accounts, and organisations with their settings.

use serde_json::Value;

use super::render::View;
use super::{Call, Outcome, Refusal, Reply};

/// Settings that cannot be set by these members of the body, but are derived or elsewhere.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        ("GET", "/user") => Ok(account(call, call.actor)),
        ("GET", "/user/{account_id}") => {
            let id = call.number("account_id");
            if call.world.accounts.contains_key(&id) {
                Ok(account(call, id))
            } else {
                Err(Refusal::not_found())
            }
        }
        ("GET", "/users/{username}") => Ok(account(call, call.account()?)),
        ("GET", _) => {
            let org = call.org()?;
            Ok(Reply::One(200, view(call).org(org)))
        }
        _ => change(call),
    }
}

/// The world as the caller sees it.
pub(super) fn view<'a>(call: &'a Call<'_>) -> View<'a> {
    View {
        world: call.world,
        base: call.base,
    }
}

fn account(call: &Call<'_>, id: u64) -> Reply {
    Reply::One(200, view(call).user(id))
}

fn change(call: &mut Call<'_>) -> Outcome {
    let id = call.owned()?;
    let body = std::mem::take(&mut call.body);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    for field in ["billing_email", "email"] {
        let wrong = text(field).is_some_and(|text| !text.is_empty() && !text.contains('@'));
        if wrong {
            return Err(Refusal::invalid(
                "Organization",
                field,
                "invalid",
                "not an address",
            ));
        }
    }
    if let Some(org) = call.world.orgs.get_mut(&id) {
        org.settings.extend(body);
    }
    let org = call.org()?;
    Ok(Reply::One(200, view(call).org(org)))
}
