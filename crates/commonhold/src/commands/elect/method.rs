//! The method that a command line names.

use base::SourceMap;
use elections::definition::{Counting, Transferable};
use serde_json::{Map, Value, json};
use tally::method::{Method, Version};
use tally::stv::{Count, Lot, Meek, Preferences, Race, StvError, meek, scottish};
use yaml::{Decoding, Profile};

use crate::cli::MethodArguments;

/// How to count, as the command line says it; `None` where it says nothing.
pub(super) fn asked(arguments: &MethodArguments) -> Result<Option<Counting>, String> {
    match (&arguments.preset, &arguments.method) {
        (Some(name), _) => preset(name).map(Some),
        (None, Some(text)) if text.trim_start().starts_with('{') => in_full(text).map(Some),
        (None, Some(name)) => named(name, arguments).map(Some),
        (None, None) => Ok(None),
    }
}

/// The names of all presets.
fn presets() -> impl Iterator<Item = &'static str> {
    Method::PRESETS.into_iter().chain(["scottish", "meek"])
}

fn preset(name: &str) -> Result<Counting, String> {
    let version = Version::V1;
    let transferable = match name {
        "scottish" => Transferable::Scottish {
            version,
            preferences: Preferences::Consecutive,
        },
        "meek" => Transferable::Meek {
            version,
            preferences: Preferences::InOrder,
            places: Meek::REFERENCE.places,
            omega: Meek::REFERENCE.omega,
        },
        _ => {
            return Method::preset(name).map(Counting::Order).ok_or_else(|| {
                let known: Vec<&str> = presets().collect();
                match base::nearest(name, known.iter().copied()) {
                    Some(near) => format!("there is no preset `{name}`; did you mean {near}?"),
                    None => format!("there is no preset `{name}`: one of {}", known.join(", ")),
                }
            });
        }
    };
    Ok(Counting::Transferable(transferable))
}

/// A mapping as in an election file.
fn in_full(text: &str) -> Result<Counting, String> {
    let file = SourceMap::default().add("--method", text);
    let (counting, findings) = Decoding::read_text(text, file, Profile::NATIVE);
    let said = findings.first().map(|finding| match &finding.help {
        Some(help) => format!("--method: {}; {help}", finding.message),
        None => format!("--method: {}", finding.message),
    });
    match said {
        Some(said) => Err(said),
        None => counting.ok_or_else(|| "--method says nothing".to_owned()),
    }
}

/// A name with parameters that are given one by one.
fn named(name: &str, arguments: &MethodArguments) -> Result<Counting, String> {
    let name = if name == "scottish-stv" {
        "scottish"
    } else {
        name
    };
    let mut said = Map::new();
    said.insert("name".to_owned(), json!(name));
    let words = [
        ("version", &arguments.version),
        ("pairs", &arguments.pairs),
        ("strength", &arguments.strength),
        ("ranking", &arguments.ranking),
        ("approves", &arguments.approves),
        ("default", &arguments.default_option),
        ("preferences", &arguments.preferences),
    ];
    for (key, value) in words {
        if let Some(value) = value {
            said.insert(key.to_owned(), json!(value));
        }
    }
    if let Some(quorum) = &arguments.quorum {
        let votes = quorum.parse::<u64>();
        let value = votes.map_or_else(|_| json!(quorum), |votes| json!({ "votes": votes }));
        said.insert("quorum".to_owned(), value);
    }
    for (key, value) in [("places", arguments.places), ("omega", arguments.omega)] {
        if let Some(value) = value {
            said.insert(key.to_owned(), json!(value));
        }
    }
    let said = Value::Object(said);
    let read = match name {
        "scottish" | "meek" => serde_json::from_value(said).map(Counting::Transferable),
        _ => serde_json::from_value(said).map(Counting::Order),
    };
    read.map_err(|error| not_in_full(&error.to_string()))
}

/// What serde says, with the name of the option that is missing.
fn not_in_full(said: &str) -> String {
    let missing = said
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    match missing {
        Some("default") => "the method is not said in full: give --default-option".to_owned(),
        Some(field) => format!("the method is not said in full: give --{field}"),
        None => format!("the method cannot be so: {said}"),
    }
}

/// A count of transferable votes.
pub(super) fn transfer(
    rule: Transferable,
    race: Race<'_>,
    lot: Option<&Lot>,
) -> Result<Count, StvError> {
    match rule {
        Transferable::Scottish { preferences, .. } => {
            let race = Race {
                preferences,
                ..race
            };
            scottish(&race, lot)
        }
        Transferable::Meek {
            preferences,
            places,
            omega,
            ..
        } => {
            let race = Race {
                preferences,
                ..race
            };
            meek(&race, Meek { places, omega }, lot)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{in_full, not_in_full, preset, presets};

    #[test]
    fn every_preset_is_known_and_a_wrong_name_finds_the_near_one() {
        for name in presets() {
            assert!(preset(name).is_ok(), "{name}");
        }
        assert_eq!(
            preset("elektro").unwrap_err(),
            "there is no preset `elektro`; did you mean elekto?"
        );
    }

    #[test]
    fn a_method_in_full_is_read_as_in_an_election_file() {
        assert!(in_full("{name: copeland, version: v1, pairs: last}").is_ok());
        let short = in_full("{name: copeland}").unwrap_err();
        assert!(short.contains("version"), "{short}");
    }

    #[test]
    fn what_is_missing_is_told_by_its_option() {
        let said = not_in_full("missing field `strength`");
        assert_eq!(said, "the method is not said in full: give --strength");
    }
}
