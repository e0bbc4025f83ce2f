//! A request as its operation gets it: held against what the operation says of itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::Value;

use super::operation::{Needs, Operation, Place};
use super::problem::{self, Problem};
use super::schema::{Names, Schema};
use crate::Content;
use crate::hands::Hands;
use crate::model::{Listing, Reader};
use crate::serve::Shared;
use crate::sign_in::{By, Session};

/// A request.
pub(crate) struct Call {
    pub(crate) shared: Shared,
    pub(crate) content: Arc<dyn Content>,
    pub(crate) session: Session,
    /// When it came.
    pub(crate) now: Timestamp,
    /// The parameters that were given, by their names.
    pub(crate) given: BTreeMap<String, Value>,
    /// The body; null where none is taken.
    pub(crate) body: Value,
    /// The collection that the operation is of.
    pub(crate) of: &'static str,
}

/// How often a parameter that may come more than once comes at most.
pub(crate) const REPEATED: usize = 50;

/// What is answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    /// What was asked for.
    pub(crate) fn new(body: Value) -> Self {
        Self {
            status: 200,
            body: Some(body),
            headers: Vec::new(),
        }
    }

    /// Something that is there from now on, at a path.
    pub(crate) fn created(body: Value, path: String) -> Self {
        Self {
            status: 201,
            headers: vec![("location", path)],
            ..Self::new(body)
        }
    }

    /// Nothing.
    pub(crate) fn empty() -> Self {
        Self {
            status: 204,
            body: None,
            headers: Vec::new(),
        }
    }
}

impl Call {
    /// The time as pages are told it: the same for a minute, so that an answer stays the same as long.
    pub(crate) fn minute(&self) -> Timestamp {
        let shown = (self.shared.clock)();
        let second = shown.as_second();
        Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(shown)
    }

    /// Who asks.
    pub(crate) fn reader(&self) -> &Reader {
        &self.session.reader
    }

    /// A parameter that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.given.get(name)?.as_str()
    }

    /// A parameter that may come more than once.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let held = self.given.get(name).and_then(Value::as_array);
        let texts = held.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// A parameter of the path, which is always there.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// A name in the body that is a string.
    pub(crate) fn sent(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// The strings below a name in the body.
    pub(crate) fn answers(&self, name: &str) -> BTreeMap<String, String> {
        let held = self.body[name].as_object().into_iter().flatten();
        held.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    /// The collection that the operation is of.
    pub(crate) fn listing(&self) -> Result<&Listing, Problem> {
        let mut listings = self.content.listings().iter();
        let found = listings.find(|listing| listing.of.id == self.of);
        found.ok_or_else(|| Problem::new(&problem::NOT_FOUND, "There is no such collection."))
    }

    /// Who does what people do.
    pub(crate) fn hands(&self) -> Result<&dyn Hands, Problem> {
        let says = "This portal only shows; nothing can be done here.";
        let hands = self.shared.hands.as_deref();
        hands.ok_or_else(|| Problem::new(&problem::FORBIDDEN, says))
    }
}

/// Whether JSON may be answered.
pub(crate) fn accepts_json(headers: &HeaderMap) -> bool {
    let said = headers.get_all(ACCEPT).iter();
    let said: Vec<&str> = said
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    if said.iter().all(|value| value.trim().is_empty()) {
        return true;
    }
    // The range that says most of JSON decides (RFC 9110 §12.5.1).
    let ranges = said.iter().flat_map(|value| value.split(','));
    let mut weighed: Vec<(u8, bool)> = ranges
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let wanted = weight.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0));
            let exact = match name.as_str() {
                "application/json" => 2,
                "application/*" => 1,
                "*/*" => 0,
                _ => return None,
            };
            Some((exact, wanted))
        })
        .collect();
    weighed.sort_unstable();
    weighed.last().is_some_and(|(_, wanted)| *wanted)
}

/// Whether the reader may have this done as far as their session says.
pub(crate) fn admit(
    operation: &Operation,
    session: &Session,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let refuse = |kind, says: &str| Err(Problem::new(kind, says));
    let acts = operation.method != Method::GET;
    match &session.by {
        By::Refused => refuse(
            &problem::SIGN_IN,
            "The token in `Authorization` is not in force.",
        ),
        By::Unknown => refuse(&problem::LATER, "It cannot be told just now who you are."),
        By::Browser { .. } if acts && !session.genuine(Session::given(headers)) => refuse(
            &problem::FORGED,
            "Send the session's token in `X-Csrf-Token`.",
        ),
        By::Program { acts: false } if acts => refuse(
            &problem::FORBIDDEN,
            "This token only reads; make one that may act.",
        ),
        By::Nobody if operation.needs == Needs::SignedIn => {
            refuse(&problem::SIGN_IN, "This is for whoever signed in.")
        }
        By::Nobody | By::Browser { .. } | By::Program { .. } => Ok(()),
    }
}

/// The parameters that came, each as its operation says.
pub(crate) fn given(
    operation: &Operation,
    path: Vec<(&str, String)>,
    query: &str,
    headers: &HeaderMap,
) -> Result<BTreeMap<String, Value>, Problem> {
    let mut found = BTreeMap::new();
    let mut mistakes = Vec::new();
    let mut take = |name: &str, held: &str, place: Place| {
        let Some(parameter) = operation.parameters(place).find(|one| one.name == name) else {
            let known = operation.parameters(place).map(|one| one.name.as_ref());
            let near = base::nearest(name, known);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            mistakes.push((name.to_owned(), format!("is not known here{hint}")));
            return;
        };
        let one = match &parameter.schema {
            Schema::List(of, _) => of.as_ref(),
            schema => schema,
        };
        let value = read(one, held);
        let wrongs = one.check(&value, &Names::new());
        mistakes.extend(
            wrongs
                .into_iter()
                .map(|wrong| (name.to_owned(), wrong.what)),
        );
        match (&parameter.schema, found.entry(name.to_owned())) {
            (Schema::List(..), entry) => match entry.or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(values) if values.len() < REPEATED => values.push(value),
                _ => mistakes.push((name.to_owned(), format!("comes more than {REPEATED} times"))),
            },
            (_, Entry::Vacant(entry)) => {
                entry.insert(value);
            }
            (_, Entry::Occupied(_)) => mistakes.push((name.to_owned(), "comes twice".to_owned())),
        }
    };
    for (name, held) in path {
        take(name, &held, Place::Path);
    }
    for (name, held) in url::form_urlencoded::parse(query.as_bytes()) {
        take(&name, &held, Place::Query);
    }
    for parameter in operation.parameters(Place::Header) {
        for value in headers.get_all(parameter.name.as_ref()) {
            // What is no text is no value that any of ours can have.
            let held = value.to_str().unwrap_or("\u{fffd}");
            take(&parameter.name, held, Place::Header);
        }
    }
    if mistakes.is_empty() {
        Ok(found)
    } else {
        Err(Problem::parameters(mistakes))
    }
}

/// What stands in a URL as the schema's kind of value. Numbers have one spelling.
fn read(schema: &Schema, held: &str) -> Value {
    match (schema, held) {
        (Schema::Whole(..), held) => match held.parse::<i64>() {
            Ok(number) if number.to_string() == held => Value::from(number),
            _ => Value::from(held),
        },
        (Schema::Truth, "true") => Value::from(true),
        (Schema::Truth, "false") => Value::from(false),
        _ => Value::from(held),
    }
}

/// Whether a body is said to be JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE);
    let said = said
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = said.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().is_some_and(|name| name == "application/json");
    let utf8 = |part: String| match part.strip_prefix("charset=") {
        Some(charset) => charset.trim_matches('"') == "utf-8",
        None => true,
    };
    json && parts.all(utf8)
}

/// A body as its operation says.
pub(crate) fn body(operation: &Operation, bytes: &[u8], names: &Names) -> Result<Value, Problem> {
    let Some(body) = &operation.body else {
        return Ok(Value::Null);
    };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(
            &problem::BAD_REQUEST,
            format!("The body is not JSON: {error}."),
        )
    })?;
    let wrongs = body.schema.check(&value, names);
    if wrongs.is_empty() {
        Ok(value)
    } else {
        Err(Problem::body(wrongs))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{accepts_json, given, is_json};
    use crate::api::operation::{Operation, Parameter, Place};
    use crate::api::problem::Place as At;
    use crate::api::schema::Schema;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let name = HeaderName::from_static(name);
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn json_is_answered_to_whoever_does_not_refuse_it() {
        assert!(accepts_json(&HeaderMap::new()));
        for (said, wanted) in [
            ("*/*", true),
            ("application/json", true),
            ("text/html, application/*;q=0.1", true),
            ("application/json;q=0, */*", false),
            ("text/html", false),
            ("application/json; q=x", false),
            ("", true),
        ] {
            assert_eq!(accepts_json(&headers("accept", said)), wanted, "{said}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        for (said, wanted) in [
            ("application/json", true),
            ("Application/JSON; charset=\"UTF-8\"", true),
            ("application/json; charset=latin1", false),
            ("application/x-www-form-urlencoded", false),
            ("text/plain", false),
        ] {
            assert_eq!(is_json(&headers("content-type", said)), wanted, "{said}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    fn mistakes(query: &str) -> Vec<(String, String)> {
        let limit = Schema::Whole(1, 500);
        let operation = Operation::read("/x", "x", "x", "x", Schema::Truth, |_| unreachable!())
            .with(Parameter::new(Place::Query, "limit", "", limit, 50))
            .with(Parameter::new(
                Place::Query,
                "open",
                "",
                Schema::Truth,
                true,
            ))
            .with(Parameter::new(
                Place::Query,
                "owner",
                "",
                Schema::list(Schema::text()),
                true,
            ));
        let found = given(&operation, Vec::new(), query, &HeaderMap::new());
        let errors = found
            .err()
            .map(|problem| problem.errors)
            .unwrap_or_default();
        let each = errors.into_iter().map(|mistake| match mistake.place {
            At::Parameter(name) | At::Body(name) => (name, mistake.what),
        });
        each.collect()
    }

    #[test]
    fn parameters_are_known_once_and_of_their_kind() {
        assert_eq!(mistakes("limit=50&open=true&owner=a&owner=b"), []);
        for (query, name, what) in [
            (
                "limt=50",
                "limt",
                "is not known here; did you mean `limit`?",
            ),
            ("limit=0", "limit", "must be from 1 to 500"),
            ("limit=050", "limit", "must be a whole number"),
            ("limit=+5", "limit", "must be a whole number"),
            (
                "limit=99999999999999999999",
                "limit",
                "must be a whole number",
            ),
            ("limit=5&limit=5", "limit", "comes twice"),
            ("open=yes", "open", "must be true or false"),
            ("open", "open", "must be true or false"),
        ] {
            assert_eq!(
                mistakes(query),
                [(name.to_owned(), what.to_owned())],
                "{query}"
            );
        }
    }
}
