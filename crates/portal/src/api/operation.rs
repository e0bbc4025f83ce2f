//! What can be asked and done: one table, from which come the answers, the description and the pages.

use std::borrow::Cow;

use axum::http::Method;
use serde_json::Value;

use super::call::{Call, Reply};
use super::problem::{self, Kind, Problem};
use super::schema::Schema;

/// Something that can be asked or done.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Below `/api/v1`, with its parameters in braces.
    pub(crate) path: Cow<'static, str>,
    /// Its name for programs.
    pub(crate) id: Cow<'static, str>,
    pub(crate) tag: &'static str,
    /// What it does, in a few words.
    pub(crate) summary: Cow<'static, str>,
    /// More of it.
    pub(crate) about: Cow<'static, str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Answer,
    /// The kinds of problem that it answers beside those that all do.
    pub(crate) problems: Vec<&'static Kind>,
    pub(crate) needs: Needs,
    pub(crate) work: Work,
    /// Of what collection, if it is of one.
    pub(crate) of: &'static str,
    pub(crate) handle: fn(&Call) -> Result<Reply, Problem>,
}

/// What is sent.
pub(crate) struct Body {
    pub(crate) schema: Schema,
    pub(crate) example: Value,
}

/// What is answered where nothing is wrong.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) about: &'static str,
    /// None for an answer without a body.
    pub(crate) schema: Option<Schema>,
    /// Headers beside those that all have, with what they say.
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Whoever comes; who signed in may be told more.
    Nobody,
    /// Whoever signed in.
    SignedIn,
}

/// What answering takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A moment of the processor.
    Quick,
    /// It waits for a disk or a server.
    Waits,
}

/// Something that is said beside the body.
#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) name: Cow<'static, str>,
    pub(crate) place: Place,
    pub(crate) about: Cow<'static, str>,
    pub(crate) schema: Schema,
    pub(crate) example: Value,
}

/// Where a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is part of the path, and always there.
    Path,
    /// It may be in the query.
    Query,
    /// It may be a header.
    Header,
}

impl Answer {
    /// One without headers of its own.
    pub(crate) fn new(status: u16, about: &'static str, schema: Option<Schema>) -> Self {
        Self {
            status,
            about,
            schema,
            headers: &[],
        }
    }

    /// The same of something that was made, which says where it is.
    pub(crate) fn with_place(self) -> Self {
        Self {
            headers: &[("Location", "Where it is in the API.")],
            ..self
        }
    }
}

impl Place {
    /// As the description calls it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

impl Parameter {
    pub(crate) fn new(
        place: Place,
        name: impl Into<Cow<'static, str>>,
        about: impl Into<Cow<'static, str>>,
        schema: Schema,
        example: impl Into<Value>,
    ) -> Self {
        Self {
            name: name.into(),
            place,
            about: about.into(),
            schema,
            example: example.into(),
        }
    }
}

impl Operation {
    /// Something that is read.
    pub(crate) fn read(
        path: impl Into<Cow<'static, str>>,
        id: impl Into<Cow<'static, str>>,
        tag: &'static str,
        summary: impl Into<Cow<'static, str>>,
        schema: Schema,
        handle: fn(&Call) -> Result<Reply, Problem>,
    ) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            id: id.into(),
            tag,
            summary: summary.into(),
            about: Cow::Borrowed(""),
            parameters: Vec::new(),
            body: None,
            answer: Answer::new(200, "What was asked for.", Some(schema)),
            problems: Vec::new(),
            needs: Needs::Nobody,
            work: Work::Quick,
            of: "",
            handle,
        }
    }

    /// Something that is done.
    pub(crate) fn done(
        path: &'static str,
        id: &'static str,
        tag: &'static str,
        summary: &'static str,
        answer: Answer,
        handle: fn(&Call) -> Result<Reply, Problem>,
    ) -> Self {
        Self {
            method: Method::POST,
            needs: Needs::SignedIn,
            work: Work::Waits,
            answer,
            ..Self::read(path, id, tag, summary, Schema::Truth, handle)
        }
    }

    /// The same, with more about it.
    pub(crate) fn about(self, about: impl Into<Cow<'static, str>>) -> Self {
        let about = about.into();
        Self { about, ..self }
    }

    /// The same, with a parameter more.
    pub(crate) fn with(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The same, with a body.
    pub(crate) fn sends(self, schema: Schema, example: Value) -> Self {
        let body = Some(Body { schema, example });
        Self { body, ..self }
    }

    /// The same, with kinds of problem more.
    pub(crate) fn may<const N: usize>(self, problems: [&'static Kind; N]) -> Self {
        Self {
            problems: problems.to_vec(),
            ..self
        }
    }

    /// The parameters of a place.
    pub(crate) fn parameters(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.place == place)
    }

    /// Every kind of problem that it can answer, in the order of their status.
    pub(crate) fn all_problems(&self) -> Vec<&'static Kind> {
        let is_so = |kind: &Kind| match kind.status {
            // A bad token is refused wherever it is brought, and who brings one must be looked up.
            400 | 401 | 406 | 429 | 500 | 503 => true,
            403 => self.method != Method::GET,
            408 | 413 | 415 => self.body.is_some(),
            422 => self.body.is_some(),
            404 => self.parameters(Place::Path).next().is_some(),
            _ => false,
        };
        let listed = |kind: &&&'static Kind| {
            self.problems
                .iter()
                .any(|other| std::ptr::eq(*other, **kind))
        };
        let kinds = problem::KINDS.iter();
        kinds
            .filter(|kind| is_so(kind) || listed(kind))
            .copied()
            .collect()
    }

    /// What a path gives for the parameters in this one's, still encoded; nothing if it is another's.
    /// A parameter may go over several segments: keys have slashes, and not everybody encodes them.
    pub(crate) fn matches<'p>(&self, path: &'p str) -> Option<Vec<(&str, &'p str)>> {
        let Some((before, rest)) = self.path.split_once('{') else {
            return (self.path == path).then(Vec::new);
        };
        let (name, after) = rest.split_once('}')?;
        let rest = path.strip_prefix(before)?;
        let Some((between, second)) = after.split_once('{') else {
            let held = rest.strip_suffix(after).filter(|held| !held.is_empty())?;
            return Some(vec![(name, held)]);
        };
        let (held, other) = rest.split_once(between)?;
        let second = second.trim_end_matches('}');
        (!held.is_empty() && !other.is_empty()).then(|| vec![(name, held), (second, other)])
    }
}

#[cfg(test)]
mod tests {
    use super::Operation;
    use crate::api::schema::Schema;

    fn given(template: &'static str, path: &str) -> Option<Vec<(String, String)>> {
        let operation = Operation::read(template, "x", "x", "x", Schema::Truth, |_| unreachable!());
        let found = operation.matches(path)?;
        let owned = |(name, held): (&str, &str)| (name.to_owned(), held.to_owned());
        Some(found.into_iter().map(owned).collect())
    }

    fn pair(name: &str, held: &str) -> (String, String) {
        (name.to_owned(), held.to_owned())
    }

    #[test]
    fn a_path_is_of_the_template_that_it_fits() {
        assert_eq!(given("/me", "/me"), Some(vec![]));
        assert_eq!(given("/me", "/me/"), None);
        let key = |held| Some(vec![pair("key", held)]);
        assert_eq!(given("/events/{key}", "/events/a/b"), key("a/b"));
        assert_eq!(given("/events/{key}", "/events/"), None);
        assert_eq!(given("/e/{key}/ballot", "/e/2021/x/ballot"), key("2021/x"));
        assert_eq!(given("/e/{key}/ballot", "/e/ballot"), None);
        assert_eq!(given("/e/{key}/ballot", "/e//ballot"), None);
        assert_eq!(
            given("/requests/{kind}/{id}", "/requests/dns/7"),
            Some(vec![pair("kind", "dns"), pair("id", "7")])
        );
        assert_eq!(given("/requests/{kind}/{id}", "/requests/dns"), None);
    }
}
