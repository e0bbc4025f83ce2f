//! What is read.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, COOKIE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use tokio::task::JoinError;

use super::answer::Answer;
use super::house::{House, Page};
use super::path::{self, Odd};
use super::refuse::refuse;
use super::render::{Asked, Rendered, render};
use crate::sign_in::{self, By, Session};
use crate::{AsOf, Content};

/// For how many seconds a page is shown while it is rendered anew.
const LATELY: i64 = 60;

/// Shows what is at a path.
pub(super) async fn show(house: Arc<House>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let (uri, headers) = (&parts.uri, &parts.headers);
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return not_allowed(&house, uri.path());
    }
    let plain = match path::plain(uri.path()) {
        Ok(plain) => plain,
        Err(Odd::Broken) => {
            let text = "The address has something in it that no address of this portal has. Start at the home page, or search.";
            return refuse(
                &house,
                uri.path(),
                StatusCode::BAD_REQUEST,
                "This is no address",
                text,
            );
        }
        Err(Odd::Nowhere) => {
            return without_slash(uri.path(), uri.query())
                .unwrap_or_else(|| nothing(&house, uri.path()));
        }
    };
    let query = path::pairs(uri.query().unwrap_or_default());
    let anonymous = is_anonymous(headers) || plain.starts_with("/assets/");
    let session = if anonymous {
        Session::default()
    } else {
        sign_in::session(&house.shared, headers).await
    };
    if session.by == By::Refused {
        let text =
            "The token that was sent with this does not hold. Make another, or ask without one.";
        let status = StatusCode::UNAUTHORIZED;
        return refuse(&house, uri.path(), status, "This token does not hold", text);
    }
    let asked = Asked {
        path: plain,
        query,
        url: house.shared.url.clone(),
    };
    // The same for a minute, so that what is rendered can be kept so long.
    let now = minute((house.shared.clock)());
    if anonymous {
        return kept(&house, asked, now, headers).await;
    }
    let notice = session.notice.is_some();
    let content = house.shared.current.get();
    let for_one = move || match render(content.as_ref(), &asked, &session, &AsOf::new(now)) {
        Rendered::Answer(answer) => Rendered::Answer(answer.for_one()),
        other => other,
    };
    let shown = at_work(&house, for_one).await;
    let response = respond(&house, uri.path(), shown, headers);
    if notice {
        sign_in::said::notice_was_said(response, &house.shared.url)
    } else {
        response
    }
}

/// What whoever comes may see, which is rendered once for all of them, and anew each minute if it is of the time. While
/// that is done, what was rendered a minute ago is still shown, so that nobody waits but for what nobody asked for
/// lately.
async fn kept(house: &Arc<House>, asked: Asked, now: Timestamp, headers: &HeaderMap) -> Response {
    let content = house.shared.current.get();
    let key = asked.key(content.as_ref());
    let found = house.kept(&key);
    let age = |page: &Page| page.at.map_or(0, |at| now.as_second() - at.as_second());
    let usable = found.filter(|page| (0..=LATELY).contains(&age(page)));
    house.measures.looked_up(usable.is_some());
    if let Some(page) = usable {
        if age(&page) != 0 && !house.is_under_way(&key) {
            let house = Arc::clone(house);
            tokio::spawn(async move { anew(&house, content, asked, now, key).await });
        }
        return page.answer.respond(headers);
    }
    let path = path::encoded(&asked.path);
    match anew(house, content, asked, now, key).await {
        Ok(answer) => answer.respond(headers),
        Err(shown) => respond(house, &path, shown, headers),
    }
}

/// Renders a page and keeps it, unless somebody did so meanwhile; what cannot be kept is given back as it is.
async fn anew(
    house: &House,
    content: Arc<dyn Content>,
    asked: Asked,
    now: Timestamp,
    key: String,
) -> Result<Arc<Answer>, Result<Rendered, JoinError>> {
    let _turn = house.turn(&key).await;
    let is_of_now = |page: &Page| page.at.is_none_or(|at| at == now);
    if let Some(page) = house.kept(&key).filter(is_of_now) {
        return Ok(page.answer);
    }
    let for_all = move || {
        let as_of = AsOf::new(now);
        let shown = render(content.as_ref(), &asked, &Session::default(), &as_of);
        let shown = match shown {
            // Nearly everybody wants it packed.
            Rendered::Answer(answer) => Rendered::Answer(answer.packed()),
            other => other,
        };
        (shown, as_of.was_asked().then_some(now))
    };
    match at_work(house, for_all).await {
        Ok((Rendered::Answer(answer), at)) if answer.is_for_all() => {
            let answer = Arc::new(answer);
            let kept = Arc::clone(&answer);
            house.keep(key, Page { answer: kept, at });
            Ok(answer)
        }
        shown => Err(shown.map(|(shown, _)| shown)),
    }
}

/// Renders where long work holds nobody up.
async fn at_work<T: Send + 'static>(
    house: &House,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    let _place = house.renders.acquire().await;
    tokio::task::spawn_blocking(work).await
}

fn respond(
    house: &House,
    path: &str,
    shown: Result<Rendered, JoinError>,
    headers: &HeaderMap,
) -> Response {
    match shown {
        Ok(Rendered::Answer(answer)) => answer.respond(headers),
        Ok(Rendered::Moved(to)) => moved(&path::encoded(&to)),
        Ok(Rendered::Nothing) => nothing(house, path),
        Ok(Rendered::Failed(what)) => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            refuse(house, path, status, "This cannot be shown now", &what)
        }
        Err(_) => {
            let text = "This is a mistake in the program. Everything else can still be read.";
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            refuse(house, path, status, "This page could not be made", text)
        }
    }
}

/// Whether nothing that was sent could be a session's.
fn is_anonymous(headers: &HeaderMap) -> bool {
    !headers.contains_key(COOKIE) && !headers.contains_key(AUTHORIZATION)
}

fn minute(at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(at)
}

fn nothing(house: &House, path: &str) -> Response {
    let text = "Nothing is at this address. Search for it, or start at the home page.";
    refuse(
        house,
        path,
        StatusCode::NOT_FOUND,
        "There is no such page",
        text,
    )
}

/// What is said to whoever sends something where one can only read.
pub(super) fn not_allowed(house: &House, path: &str) -> Response {
    let text = "At this address one can only read.";
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = refuse(house, path, status, "Nothing can be sent here", text);
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// To the same path without the slashes at its end, if it is one then.
fn without_slash(path: &str, query: Option<&str>) -> Option<Response> {
    let bare = path.strip_suffix('/')?;
    path::plain(bare).ok().filter(|bare| bare.len() > 1)?;
    // Two slashes at the front would name another host.
    let to = query.map_or_else(|| bare.to_owned(), |query| format!("{bare}?{query}"));
    Some(moved(&to))
}

fn moved(to: &str) -> Response {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(to) = HeaderValue::try_from(to) {
        headers.insert(LOCATION, to);
    }
    response
}
