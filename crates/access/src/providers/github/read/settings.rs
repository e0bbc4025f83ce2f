//! How an organisation is set up.

use serde_json::{Map, Value};

use super::Found;
use crate::providers::github::GitHub;
use crate::{Key, Known, ReadError, Sort, State};

/// Shown to everybody; GitHub leaves out those that are empty.
const PUBLIC: [&str; 5] = ["name", "description", "company", "email", "location"];

pub(super) fn read(hub: &GitHub, wanted: &State, _: &Known) -> Result<Found, ReadError> {
    let mut found = Found::default();
    let key = Key::new(Sort::Settings, "");
    let Some(Value::Object(wanted)) = wanted.value(&key) else {
        return Ok(found);
    };
    let real: Map<String, Value> = hub.api.get(&hub.below(""))?;
    let mut values = Map::new();
    for name in wanted.keys() {
        let value = match real.get(name) {
            Some(Value::Null) => wanted[name].is_string().then(|| "".into()),
            Some(value) => Some(value.clone()),
            None if PUBLIC.contains(&name.as_str()) => Some("".into()),
            None => {
                return Err(ReadError::Refused(format!(
                    "GitHub does not show `{name}` of it: only an owner's token may see that"
                )));
            }
        };
        values.insert(name.clone(), value.unwrap_or_default());
    }
    found.add(key, Value::Object(values))?;
    Ok(found)
}
