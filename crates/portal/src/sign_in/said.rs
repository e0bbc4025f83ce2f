//! What is answered to one reader alone: never kept by anybody, with what the session's forms send back.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cookies::Cookie;
use super::{By, Session, next, session};
use crate::model::{Page, Part, Reader};
use crate::serve::{Parts, Shared};
use crate::view::{self, Frame};

/// The field by which a form of a session tells that it is one.
pub(crate) const TOKEN: &str = "token";
/// The type that forms are sent in.
const FORM: &str = "application/x-www-form-urlencoded";
/// The most fields that a form has.
const MOST_FIELDS: usize = 200;
const AGAIN_AFTER_SECONDS: u16 = 10;
/// How long a notice waits to be said.
const NOTICE_SECONDS: i64 = 30;
/// The longest notice, as a cookie holds it.
const LONGEST_NOTICE: usize = 2000;

/// What was sent: the fields of a form by their names; the last of those with one name.
pub(crate) type Sent = BTreeMap<String, String>;

/// Somebody's request, once it is known whose it is.
pub(crate) struct Visit {
    pub(crate) shared: Shared,
    pub(crate) session: Session,
}

impl Visit {
    pub(crate) async fn of(shared: Shared, headers: &HeaderMap) -> Self {
        let session = session(&shared, headers).await;
        Self { shared, session }
    }

    /// Nobody's request: no cookie of it was looked at.
    pub(crate) fn of_nobody(shared: Shared) -> Self {
        Self {
            shared,
            session: Session::default(),
        }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.session.reader
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.session.reader.identity.is_some()
    }

    /// A page, as far as it is for the reader.
    pub(crate) fn page(&self, status: StatusCode, page: &Page) -> Response {
        if let Some(says) = &self.session.notice {
            let mut with = page.clone();
            with.parts.insert(0, Part::done(says));
            return notice_was_said(self.bare_page(status, &with), &self.shared.url);
        }
        self.bare_page(status, page)
    }

    fn bare_page(&self, status: StatusCode, page: &Page) -> Response {
        let Some(seen) = page.seen_by(self.reader()) else {
            let text = "Only those whom it is for may see this page.";
            return self.problem(StatusCode::FORBIDDEN, "This is not for you", text);
        };
        html(status, self.framed(|frame| view::page(frame, &seen)))
    }

    /// What is said in place of a page.
    pub(crate) fn problem(&self, status: StatusCode, title: &str, text: &str) -> Response {
        html(
            status,
            self.framed(|frame| view::problem(frame, status.as_u16(), title, text)),
        )
    }

    fn framed(&self, make: impl FnOnce(&Frame<'_>) -> String) -> String {
        let content = self.shared.current.get();
        make(&Frame {
            stamp: content.stamp(),
            reader: self.reader(),
            token: self.session.token.as_deref(),
            live: true,
        })
    }

    /// To the page of signing in, and from there back to where one wanted to go.
    pub(crate) fn sign_in(&self, back: &str) -> Response {
        match self.session.by {
            By::Unknown => self.later("It cannot be looked up now who you are."),
            _ => to_sign_in(back),
        }
    }

    /// It cannot be done now.
    pub(crate) fn later(&self, text: &str) -> Response {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut response =
            self.problem(status, "Not now", &format!("{text} Try again in a moment."));
        let after = HeaderValue::from(AGAIN_AFTER_SECONDS);
        response.headers_mut().insert(RETRY_AFTER, after);
        response
    }

    /// What the form of a session sent; the answer to a form that is none of this session.
    pub(crate) fn genuine(&self, headers: &HeaderMap, body: &Bytes) -> Result<Sent, Box<Response>> {
        let sent = self.sent(headers, body)?;
        if self.session.genuine(sent.get(TOKEN).map(String::as_str)) {
            return Ok(sent);
        }
        let text = "This form was not made for your session, or the session has ended since. Nothing was done. \
                    Go back, load the page again, and send the form from there.";
        let status = StatusCode::FORBIDDEN;
        Err(Box::new(self.problem(
            status,
            "This form does not hold any more",
            text,
        )))
    }

    /// What a form sent that belongs to no session.
    pub(crate) fn sent(&self, headers: &HeaderMap, body: &Bytes) -> Result<Sent, Box<Response>> {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default();
        if !kind.trim().eq_ignore_ascii_case(FORM) {
            let text = "Send the form of the page; programs use the API instead.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Box::new(self.problem(status, "This is not a form", text)));
        }
        let fields = url::form_urlencoded::parse(body).take(MOST_FIELDS);
        Ok(fields
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect())
    }
}

/// Does what blocks, where that is allowed; nothing if it failed in a way that nobody foresaw.
pub(crate) async fn blocking<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&Parts) -> T + Send + 'static,
) -> Option<T> {
    let parts = Arc::clone(shared);
    tokio::task::spawn_blocking(move || work(&parts)).await.ok()
}

/// Goes to another page of ours, by asking for it (RFC 9110 §15.4.4).
pub(crate) fn see(path: &str) -> Response {
    redirect(&next::safe(path))
}

/// The same, and says there what was done.
pub(crate) fn see_with_notice(visit: &Visit, path: &str, says: &str) -> Response {
    let value = URL_SAFE_NO_PAD.encode(says);
    let fits = value.len() <= LONGEST_NOTICE;
    let url = &visit.shared.url;
    let cookie = fits.then(|| Cookie::Notice.set(url, &value, NOTICE_SECONDS));
    with_cookie(see(path), cookie.flatten())
}

/// What the request before this one did, if it is to be said.
pub(crate) fn notice(headers: &HeaderMap, url: &str) -> Option<String> {
    let value = Cookie::Notice.value(headers, url)?;
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    String::from_utf8(bytes)
        .ok()
        .filter(|says| !says.is_empty())
}

/// The same answer, after which the notice is not said again.
pub(crate) fn notice_was_said(response: Response, url: &str) -> Response {
    with_cookie(response, Cookie::Notice.clear(url))
}

pub(crate) fn to_sign_in(back: &str) -> Response {
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    redirect(&format!("/sign-in?next={back}"))
}

/// Goes where we decided ourselves; what somebody else wrote goes through [`see`].
pub(super) fn redirect(to: &str) -> Response {
    let mut response = bare(StatusCode::SEE_OTHER, Body::empty());
    if let Ok(to) = HeaderValue::try_from(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// The same answer, with a cookie.
pub(super) fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

fn html(status: StatusCode, text: String) -> Response {
    let mut response = bare(status, Body::from(text));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn bare(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // What stands in the URL of these pages is nobody else's.
    let referrer = HeaderName::from_static("referrer-policy");
    headers.insert(referrer, HeaderValue::from_static("no-referrer"));
    response
}

/// The fields of a query.
pub(crate) fn query(uri: &axum::http::Uri) -> Sent {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .take(MOST_FIELDS)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
