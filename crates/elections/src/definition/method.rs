//! How ballots become an order, as an election says it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use tally::method::{Method, Version};
use tally::stv::Preferences;
use yaml::{Decoding, FromYaml, Node, Reading, Shape, Value, reads_as};

/// A method of counting with its version and all its parameters. None has a default: what is
/// not said here would be what somebody says after the vote.
///
/// ```yaml
/// {name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}
/// {name: scottish, version: v1, preferences: in-order}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Counting {
    /// Candidates are put into one order.
    Order(Method),
    /// Seats are filled one after the other by transferable votes.
    Transferable(Transferable),
}

/// A count of transferable votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Transferable {
    /// By the rules of Scottish local elections.
    Scottish {
        /// Of the rules.
        version: Version,
        /// How ranks are read.
        preferences: Preferences,
    },
    /// By Meek's iteration.
    Meek {
        /// Of the rules.
        version: Version,
        /// How ranks are read.
        preferences: Preferences,
        /// How many decimals are kept.
        places: u8,
        /// At how many decimals the iteration ends.
        omega: u8,
    },
}

/// The methods that may be named.
const NAMES: [&str; 9] = [
    "schulze",
    "condorcet-irv",
    "ranked-pairs",
    "copeland",
    "minimax",
    "debian",
    "approval",
    "scottish",
    "meek",
];

const EXAMPLE: &str =
    "{name: schulze, version: v1, pairs: skip, strength: winning-votes, ranking: layers}";

/// A tree as JSON: unquoted whole numbers and truth values are such, all else is text.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Empty | Value::Include(_) => Json::Null,
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => Json::Object(object(entries)),
        Value::Scalar { text, plain } => match plain.then(|| reads_as(text)) {
            Some(Reading::Boolean) => Json::Bool(text.eq_ignore_ascii_case("true")),
            Some(Reading::Whole) => text
                .parse::<i64>()
                .map_or_else(|_| Json::from(text.as_str()), Json::from),
            Some(Reading::Null) => Json::Null,
            _ => Json::from(text.as_str()),
        },
    }
}

fn object(entries: &[(Node, Node)]) -> Map<String, Json> {
    let entry = |(key, value): &(Node, Node)| (key.text().unwrap_or("").to_owned(), json(value));
    entries.iter().map(entry).collect()
}

impl FromYaml for Counting {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let said = object(cx.pairs(node, "a mapping")?);
        let name = node.get("name");
        let Some(text) = name.and_then(Node::text) else {
            let help = format!("write for example {EXAMPLE}");
            return cx.bad_value(node.span, "the method has no name", help);
        };
        if !NAMES.contains(&text) {
            let message = format!("`{text}` is not a method that is known here");
            let help = base::nearest(text, NAMES).map_or_else(
                || format!("one of: {}", NAMES.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return cx.bad_value(name.map_or(node.span, |name| name.span), message, help);
        }
        let said = Json::Object(said);
        let read = match text {
            "scottish" | "meek" => serde_json::from_value(said).map(Self::Transferable),
            _ => serde_json::from_value(said).map(Self::Order),
        };
        read.map_or_else(
            |error| {
                let message = format!("the method is not said in full: {error}");
                let help = format!("every parameter is written, for example {EXAMPLE}");
                cx.bad_value(node.span, message, help)
            },
            Some,
        )
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}
