//! What programs read and do, below `/api/v1`.
//!
//! One table says of each operation its path, its parameters, what is sent, what is answered and which
//! function answers it. Requests are held against it, the description for programs is printed from it, and so
//! is the guide: none of them can be without the others.

mod call;
pub(crate) mod cell;
mod collections;
mod cursor;
mod doing;
mod guide;
mod hooks;
mod openapi;
mod operation;
pub(crate) mod page;
mod problem;
mod schema;
mod table;
mod twice;
mod whole;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use base::Digest;
use serde_json::Value;

use crate::Stamp;
use crate::model::{Collection, Listing, Page, Reader, Row};
use crate::serve::{Shared, path};
use crate::sign_in;
use crate::store::StoreError;
use call::{Call, Reply};
use operation::{Operation, Work};
use problem::Problem;

pub use guide::reference;

/// Where the description is, below `/api/v1`.
pub(crate) const DESCRIPTION: &str = "/openapi.json";
const BELOW: &str = "/api/v1";
/// The longest body.
pub(crate) const LONGEST: usize = 256 * 1024;

/// All of it.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1", any(answer))
        .route("/api/v1/", any(answer))
        .route("/api/v1/{*rest}", any(answer))
}

/// The description of the API for programs: OpenAPI 3.1.
pub fn description(community: &str, listings: &[Listing]) -> Value {
    openapi::document(community, listings)
}

/// A cursor as we would write it, if a text is one.
pub fn cursor(text: &str) -> Option<String> {
    cursor::Cursor::parse(text).map(|cursor| cursor.write())
}

/// The pages that explain the API and its problems, by their paths.
pub fn page(path: &str, listings: &[Listing]) -> Option<Page> {
    match path.strip_prefix("/problems/") {
        Some(id) => problem::page(id),
        None => (path == "/api").then(|| guide::page(listings)),
    }
}

/// What is answered below `/api/v1` where something else refuses a request.
pub(crate) fn refusal(status: StatusCode, detail: &str, path: &str) -> Response {
    let mut kinds = problem::KINDS.iter();
    let kind = kinds.find(|kind| kind.status == status.as_u16());
    let kind = kind.copied().unwrap_or(match status.as_u16() {
        500.. => &problem::FAILED,
        _ => &problem::BAD_REQUEST,
    });
    let allow = "GET, HEAD, OPTIONS".to_owned();
    let problem = Problem::new(kind, detail);
    Problem { allow, ..problem }.response(path)
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answered = match meet(&shared, &parts) {
        Ok(Met::Asked(asked)) => asked.answer(shared, &parts, body).await,
        Ok(Met::Options(allow)) => Ok(options(&allow)),
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| problem.response(parts.uri.path()))
}

/// What a request is.
enum Met {
    Asked(Asked),
    /// It asks what may be asked.
    Options(String),
}

/// The operation that is asked for, and what the path says.
struct Asked {
    content: Arc<dyn crate::Content>,
    method: Method,
    /// The operation's path, which with the method names it.
    template: String,
    path: String,
}

fn meet(shared: &Shared, parts: &Parts) -> Result<Met, Problem> {
    let content = shared.current.get();
    let rest = parts.uri.path().strip_prefix(BELOW).unwrap_or_default();
    let rest = if rest.is_empty() { "/" } else { rest };
    let method = match &parts.method {
        &Method::HEAD => Method::GET,
        method => method.clone(),
    };
    let found = table::at(content.listings(), rest, |found| {
        let template = found
            .first()
            .map(|(operation, _)| operation.path.to_string());
        let mut allowed = Vec::new();
        for (operation, _) in found {
            allowed.push(operation.method.as_str().to_owned());
            if operation.method == Method::GET {
                allowed.push("HEAD".to_owned());
            }
        }
        allowed.push("OPTIONS".to_owned());
        let known = found
            .iter()
            .any(|(operation, _)| operation.method == method);
        template.map(|template| (template, allowed.join(", "), known))
    });
    let Some((template, allow, known)) = found else {
        let says = "Nothing is at this address; `/api/v1/openapi.json` lists what there is.";
        return Err(Problem::new(&problem::NOT_FOUND, says));
    };
    if method == Method::OPTIONS {
        return Ok(Met::Options(allow));
    }
    if !known {
        let says = format!("`{}` is not done here; these are: {allow}.", parts.method);
        let problem = Problem::new(&problem::WRONG_METHOD, says);
        return Err(Problem { allow, ..problem });
    }
    Ok(Met::Asked(Asked {
        content,
        method,
        template,
        path: rest.to_owned(),
    }))
}

impl Asked {
    /// Does something with the operation.
    fn with<T>(&self, take: impl FnOnce(&Operation, &[(&str, &str)]) -> T) -> Option<T> {
        table::at(self.content.listings(), &self.path, |found| {
            let mut found = found.iter();
            let asked = found.find(|(operation, _)| {
                operation.path == self.template && operation.method == self.method
            });
            asked.map(|(operation, given)| take(operation, given))
        })
    }

    async fn answer(self, shared: Shared, parts: &Parts, body: Body) -> Result<Response, Problem> {
        let session = sign_in::session(&shared, &parts.headers).await;
        let for_one = session.reader.identity.is_some();
        let admitted = self.with(|operation, path| {
            if !call::accepts_json(&parts.headers) {
                let says = "Only JSON is answered here; `Accept` leaves it out.";
                return Err(Problem::new(&problem::NOT_ACCEPTABLE, says));
            }
            call::admit(operation, &session, &parts.headers)?;
            let path = path.iter().map(|(name, held)| Ok((*name, decoded(held)?)));
            let path = path.collect::<Result<Vec<_>, Problem>>()?;
            let query = parts.uri.query().unwrap_or_default();
            let given = call::given(operation, path, query, &parts.headers)?;
            Ok((
                given,
                operation.body.is_some(),
                operation.work,
                operation.of,
                operation.handle,
            ))
        });
        let (given, sends, work, of, handle) = admitted.unwrap_or_else(|| {
            Err(Problem::new(
                &problem::NOT_FOUND,
                "Nothing is at this address.",
            ))
        })?;
        let body = if sends {
            let bytes = read(&parts.headers, body).await?;
            let names = table::fixed_names();
            let body = self.with(|operation, _| call::body(operation, &bytes, names));
            body.unwrap_or(Ok(Value::Null))?
        } else {
            Value::Null
        };
        let call = Call {
            now: (shared.wall)(),
            content: self.content,
            shared,
            session,
            given,
            body,
            of,
        };
        let reply = match work {
            Work::Quick => handle(&call)?,
            Work::Waits => tokio::task::spawn_blocking(move || handle(&call))
                .await
                .map_err(|_| Problem::new(&problem::FAILED, "It broke off half way."))??,
        };
        Ok(respond(reply, &parts.method, &parts.headers, for_one))
    }
}

/// What a part of a path says.
fn decoded(held: &str) -> Result<String, Problem> {
    let plain = path::plain(&format!("/{held}"));
    let plain = plain
        .map_err(|_| Problem::new(&problem::NOT_FOUND, "Nothing is at an address like this."))?;
    Ok(plain[1..].to_owned())
}

async fn read(headers: &HeaderMap, body: Body) -> Result<bytes::Bytes, Problem> {
    if !call::is_json(headers) {
        let says = "Send JSON, with `Content-Type: application/json`.";
        return Err(Problem::new(&problem::WRONG_TYPE, says));
    }
    to_bytes(body, LONGEST).await.map_err(|error| {
        if is_too_long(&error) {
            let says = format!("The body may have {} KiB.", LONGEST / 1024);
            return Problem::new(&problem::TOO_LARGE, says);
        }
        Problem::new(&problem::BAD_REQUEST, "The body broke off before its end.")
    })
}

fn is_too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut at = Some(error);
    while let Some(error) = at {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        at = error.source();
    }
    false
}

fn options(allow: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let allow = HeaderValue::from_str(allow);
    let headers = response.headers_mut();
    headers.insert(ALLOW, allow.unwrap_or(HeaderValue::from_static("")));
    response
}

/// A reply as it is sent. What is for everybody gets its tag and its packing with all other answers; what is
/// for one reader is not packed, so that its length tells nothing, and is kept by them alone.
fn respond(reply: Reply, method: &Method, asked: &HeaderMap, for_one: bool) -> Response {
    let text = reply.body.map(|body| body.to_string()).unwrap_or_default();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if !text.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if reads && for_one {
        let tag = format!("\"{}\"", Digest::of(text.as_bytes()).hex());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(VARY, HeaderValue::from_static("authorization, cookie"));
        if let Ok(value) = HeaderValue::from_str(&tag) {
            headers.insert(ETAG, value);
        }
        if has(asked, &tag) {
            headers.remove(CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
    }
    *response.body_mut() = Body::from(text);
    response
}

/// Whether who asks has it already (RFC 9110 §13.1.2).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let said = asked.get_all(IF_NONE_MATCH).iter();
    let mut tags = said
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tags.any(|held| {
        let held = held.trim();
        held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag
    })
}

/// A row as whoever comes may see it.
pub(crate) fn row(of: &'static Collection, row: &Row, stamp: &Stamp) -> Value {
    let mut said = cell::row(of.columns, row, &Reader::anybody(), stamp);
    said.insert("page".to_owned(), cell::page_of(of, &row.key));
    Value::Object(said)
}

impl From<StoreError> for Problem {
    fn from(_: StoreError) -> Self {
        // What is wrong is for whoever runs the portal.
        Self::new(
            &problem::LATER,
            "What the portal keeps cannot be reached just now.",
        )
    }
}
