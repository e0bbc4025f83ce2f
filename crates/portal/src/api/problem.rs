//! Why something was not answered, as problem details (RFC 9457), and the page of each kind.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::schema::{Member, Schema, Wrong};
use crate::hands::{self, Refusal};
use crate::model::{Page, Part, Section};

/// A kind of problem. Its page is `/problems/ID`.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) id: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    /// When it is answered, and what to do.
    pub(crate) about: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $id:literal, $status:literal, $title:literal, $about:literal;)+) => {
        $(pub(crate) static $name: Kind = Kind { id: $id, status: $status, title: $title, about: $about };)+
        /// All kinds, in the order of their status.
        pub(crate) static KINDS: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    BAD_REQUEST = "bad-request", 400, "The request cannot be read",
        "A parameter is unknown, comes twice, or has a value that it cannot have; or the body is not JSON. `errors` names each of them. Correct them and ask again.";
    SIGN_IN = "sign-in", 401, "Sign in first",
        "This is done by people who signed in, or the token that came along is not in force. Send `Authorization: Bearer TOKEN`, or the cookie of a session.";
    FORBIDDEN = "forbidden", 403, "You may not do this",
        "The rules of the community do not let you do this; `detail` says which.";
    FORGED = "forged", 403, "The request may come from elsewhere",
        "What changes something with the cookie of a session must bring the session's token in `X-Csrf-Token`; `GET /api/v1/me` tells it. A program uses a bearer token and needs none.";
    NOT_FOUND = "not-found", 404, "There is no such thing",
        "Nothing is called this, or it is not for you. `GET /api/v1/openapi.json` lists what there is.";
    WRONG_METHOD = "wrong-method", 405, "This is not done to it",
        "The header `Allow` lists what is.";
    NOT_ACCEPTABLE = "not-acceptable", 406, "Only JSON is answered here",
        "The header `Accept` asks for something else. Leave it out, or put `application/json` into it.";
    TOO_SLOW = "too-slow", 408, "The request took too long to arrive",
        "Send it again as a whole.";
    CONFLICT = "conflict", 409, "Something else came first",
        "It is too late, was done already, or is being done just now. Look at how it stands before you try again.";
    TOO_LARGE = "too-large", 413, "The request is too long",
        "Bodies may have 256 KiB.";
    WRONG_TYPE = "wrong-type", 415, "The body is not JSON",
        "Send it with `Content-Type: application/json`.";
    INVALID = "invalid", 422, "What was sent is not as it should be",
        "The request could be read, but not done. `errors` names each field with what is wrong; a cursor in `after` may be of another list or order, and then start without it.";
    TOO_MANY = "too-many", 429, "Too many requests",
        "Wait as long as the header `Retry-After` says, in seconds.";
    FAILED = "failed", 500, "It could not be done",
        "This is our mistake. Whoever runs the portal finds it in its log.";
    LATER = "later", 503, "It cannot be done now",
        "Nothing was done. Try again after the seconds of `Retry-After`.";
}

/// Why something was not answered.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) kind: &'static Kind,
    pub(crate) detail: String,
    pub(crate) errors: Vec<Mistake>,
    /// What may be done instead, for [`WRONG_METHOD`].
    pub(crate) allow: String,
}

/// What is wrong with one thing that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) place: Place,
    pub(crate) what: String,
}

/// Where a mistake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a parameter: of the query, the path or a header.
    Parameter(String),
    /// In the body: a JSON Pointer.
    Body(String),
}

impl Problem {
    pub(crate) fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            allow: String::new(),
        }
    }

    /// Mistakes in parameters.
    pub(crate) fn parameters(mistakes: Vec<(String, String)>) -> Self {
        let place = |(name, what)| Mistake {
            place: Place::Parameter(name),
            what,
        };
        Self::listing(&BAD_REQUEST, mistakes.into_iter().map(place).collect())
    }

    /// Mistakes in the body.
    pub(crate) fn body(wrongs: Vec<Wrong>) -> Self {
        let place = |wrong: Wrong| Mistake {
            place: Place::Body(wrong.pointer),
            what: wrong.what,
        };
        Self::listing(&INVALID, wrongs.into_iter().map(place).collect())
    }

    /// Mistakes in the fields of a form that came as an object in the body.
    pub(crate) fn fields(below: &str, problems: Vec<hands::Problem>) -> Self {
        let wrong = |problem: hands::Problem| {
            let name = problem.field.replace('~', "~0").replace('/', "~1");
            let pointer = match name.as_str() {
                "" => below.to_owned(),
                name => format!("{below}/{name}"),
            };
            let what = problem.what;
            Wrong { pointer, what }
        };
        Self::body(problems.into_iter().map(wrong).collect())
    }

    fn listing(kind: &'static Kind, errors: Vec<Mistake>) -> Self {
        let each = errors.iter().map(|mistake| match &mistake.place {
            Place::Parameter(name) => format!("`{name}` {}", mistake.what),
            Place::Body(pointer) if pointer.is_empty() => format!("The body {}", mistake.what),
            Place::Body(pointer) => format!("`{pointer}` {}", mistake.what),
        });
        let detail = each.collect::<Vec<_>>().join("; ");
        Self {
            errors,
            ..Self::new(kind, detail)
        }
    }

    /// As problem details.
    pub(crate) fn json(&self, instance: &str) -> Value {
        let error = |mistake: &Mistake| match &mistake.place {
            Place::Parameter(name) => json!({"detail": mistake.what, "parameter": name}),
            Place::Body(pointer) => {
                json!({"detail": mistake.what, "pointer": format!("#{pointer}")})
            }
        };
        json!({
            "type": format!("/problems/{}", self.kind.id),
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": instance,
            "errors": self.errors.iter().map(error).collect::<Vec<_>>(),
        })
    }

    /// As an answer.
    pub(crate) fn response(&self, instance: &str) -> Response {
        let status = StatusCode::from_u16(self.kind.status);
        let mut response = Response::new(Body::from(self.json(instance).to_string()));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.kind.status {
            401 => {
                let asked = HeaderValue::from_static("Bearer realm=\"commonhold\"");
                headers.insert(WWW_AUTHENTICATE, asked);
            }
            405 => {
                let allow = HeaderValue::from_str(&self.allow);
                headers.insert(ALLOW, allow.unwrap_or(HeaderValue::from_static("")));
            }
            429 | 503 => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("10"));
            }
            _ => {}
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignIn(what) => Self::new(&SIGN_IN, what),
            Refusal::Forbidden(what) => Self::new(&FORBIDDEN, what),
            Refusal::Unknown(what) => Self::new(&NOT_FOUND, what),
            Refusal::Wrong(what) => Self::new(&INVALID, what),
            Refusal::Conflict(what) => Self::new(&CONFLICT, what),
            Refusal::Later(what) => Self::new(&LATER, what),
        }
    }
}

/// The media type of problem details.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// What all problems look like.
pub(crate) fn schema() -> Schema {
    let error = Schema::answer(vec![
        Member::new("detail", Schema::text(), "What is wrong with it."),
        Member::new("parameter", Schema::text(), "The parameter that is wrong.").optional(),
        Member::new(
            "pointer",
            Schema::text(),
            "Where in the body: a JSON Pointer as a fragment.",
        )
        .optional(),
    ]);
    Schema::answer(vec![
        Member::new(
            "type",
            Schema::choice(KINDS.iter().map(|kind| format!("/problems/{}", kind.id))),
            "The kind of the problem: the path of a page about it.",
        ),
        Member::new("title", Schema::text(), "The kind in a few words."),
        Member::new(
            "status",
            Schema::Whole(400, 599),
            "The status of the answer.",
        ),
        Member::new(
            "detail",
            Schema::text(),
            "What is wrong this time, and what to do.",
        ),
        Member::new("instance", Schema::text(), "The path that was asked for."),
        Member::new(
            "errors",
            Schema::list(error),
            "What is wrong with each thing that was sent.",
        ),
    ])
}

/// The page of a kind.
pub(crate) fn page(id: &str) -> Option<Page> {
    let kind = KINDS.iter().find(|kind| kind.id == id)?;
    let mut page = Page::new(Section::Api, format!("/problems/{id}"), kind.title);
    "Problem".clone_into(&mut page.kind);
    page.summary = format!("The API answers it with status {}.", kind.status);
    page.say(kind.about);
    page.add(Part::Command {
        about: "An answer of this kind".to_owned(),
        text: sample(kind),
    });
    Some(page)
}

/// What an answer of a kind looks like.
pub(crate) fn sample(kind: &'static Kind) -> String {
    let problem = Problem::new(kind, kind.title).json("/api/v1/services");
    serde_json::to_string_pretty(&problem).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{KINDS, MEDIA_TYPE, Problem, page, schema};
    use crate::api::schema::Names;

    #[test]
    fn each_kind_is_as_the_schema_says_and_has_a_page() {
        for kind in KINDS {
            let problem = Problem::new(kind, "This time.");
            let found = schema().check(&problem.json("/api/v1/x"), &Names::new());
            assert_eq!(found, [], "{}", kind.id);
            let response = problem.response("/api/v1/x");
            assert_eq!(response.status().as_u16(), kind.status);
            assert_eq!(response.headers()["content-type"], MEDIA_TYPE);
            assert!(page(kind.id).is_some_and(|page| !page.parts.is_empty()));
        }
        assert!(KINDS.is_sorted_by_key(|kind| kind.status));
        assert!(page("nothing").is_none());
    }
}
