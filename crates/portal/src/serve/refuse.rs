//! What is said where there is no page to show: to people as a page, to programs as a problem (RFC 9457).

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::house::House;
use super::path::Form;
use crate::api;
use crate::model::Reader;
use crate::view::{self, Frame};

/// Says it in the form that belongs to the path.
pub(crate) fn refuse(
    house: &House,
    path: &str,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Response {
    if path == "/api/v1" || path.starts_with("/api/v1/") {
        return api::refusal(status, text, path);
    }
    let program = path.starts_with("/api/") || Form::of(path).is_some();
    let (kind, body) = if program {
        ("application/problem+json", problem(status, title, text))
    } else {
        let content = house.shared.current.get();
        let frame = Frame {
            stamp: content.stamp(),
            reader: &Reader::anybody(),
            token: None,
            live: true,
        };
        let page = view::problem(&frame, status.as_u16(), title, text);
        ("text/html; charset=utf-8", page)
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

fn problem(status: StatusCode, title: &str, text: &str) -> String {
    json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": text,
    })
    .to_string()
}
