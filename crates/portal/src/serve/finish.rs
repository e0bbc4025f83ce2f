//! What every answer gets that did not see to it itself: a tag, packing, and who may keep it.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, ETAG, SET_COOKIE, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::{Answer, Keep, accepts_gzip};

/// Longer answers are passed on as they are.
const LONGEST: usize = 32 << 20;

pub(super) async fn finish(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(CACHE_CONTROL) {
        return response;
    }
    let for_one = asked.contains_key(COOKIE)
        || asked.contains_key(AUTHORIZATION)
        || headers.contains_key(SET_COOKIE);
    let is_open = reads && !for_one && response.status() == StatusCode::OK;
    if !is_open {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        headers
            .entry(VARY)
            .or_insert(HeaderValue::from_static("cookie"));
        return response;
    }
    tagged(response, &asked).await
}

async fn tagged(response: Response, asked: &axum::http::HeaderMap) -> Response {
    let (parts, body) = response.into_parts();
    let known = parts.headers.get(CONTENT_TYPE).cloned();
    let (Some(kind), false) = (known, parts.headers.contains_key(ETAG)) else {
        return Response::from_parts(parts, body);
    };
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    let answer = Answer::new(kind, bytes, Keep::Asking);
    let answer = if accepts_gzip(asked) {
        answer.packed()
    } else {
        answer
    };
    let mut finished = answer.respond(asked);
    for (name, value) in &parts.headers {
        finished.headers_mut().entry(name).or_insert(value.clone());
    }
    finished
}
