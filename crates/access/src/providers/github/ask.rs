//! Requests to GitHub: those that read are patient and may be repeated, those that change
//! are sent once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use change::WriteFailure;
use http_client::http::{Method, Request};
use http_client::{Answer, Client, Connections, Failure, Hidden, address};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{Trouble, data, judge, only_read, sensible};
use crate::ReadError;

/// The version of the REST interface that this was written for.
const VERSION: &str = "2022-11-28";
/// GitHub itself gives up after ten seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a question is asked at most.
const ATTEMPTS: u32 = 5;
/// How many pages a list has at most: more is an endless list.
const PAGES: usize = 10_000;

/// Both interfaces of one server.
pub(super) struct Api {
    rest: String,
    graphql: String,
    token: Hidden,
    reading: Client,
    writing: Client,
    wait: fn(Duration),
    /// Answers with an entity tag, by address. Asking again costs nothing of the rate limit if
    /// nothing has changed.
    kept: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Clone)]
struct Kept {
    tag: String,
    body: Vec<u8>,
    next: Option<String>,
}

impl Api {
    pub(super) fn new(written: &str, token: Hidden, wait: fn(Duration)) -> Result<Self, ReadError> {
        let rest = address(written).map_err(|what| ReadError::Setup(format!("GitHub: {what}")))?;
        if token.0.is_empty() || !token.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            let what = "the token for GitHub is empty or has characters that no token has";
            return Err(ReadError::Setup(what.to_owned()));
        }
        // GitHub Enterprise has REST at `/api/v3` and GraphQL beside it.
        let graphql = match rest.strip_suffix("/api/v3") {
            Some(host) => format!("{host}/api/graphql"),
            None => format!("{rest}/graphql"),
        };
        Ok(Self {
            rest,
            graphql,
            token,
            reading: Client::patient_for(Connections::Kept, PATIENCE),
            writing: Client::patient_for(Connections::Fresh, PATIENCE),
            wait,
            kept: Mutex::default(),
        })
    }

    /// Reads one thing.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ReadError> {
        let body = self.patiently(|| self.page(&self.url(path)))?.0;
        sensible(&body, path).map_err(ReadError::from)
    }

    /// Reads one thing that may be absent.
    pub(super) fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, ReadError> {
        match self.get(path) {
            Err(ReadError::Absent(_)) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Reads a list to its end, page by page.
    pub(super) fn pages<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ReadError> {
        self.follow(path, |url| self.patiently(|| self.page(url)))
    }

    /// Reads a list to its end.
    pub(super) fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ReadError> {
        let pages: Vec<Vec<T>> = self.pages(path)?;
        Ok(pages.into_iter().flatten().collect())
    }

    /// Asks by GraphQL.
    pub(super) fn query(&self, document: &str, variables: &Value) -> Result<Value, ReadError> {
        let body = json!({"query": document, "variables": variables});
        self.patiently(|| {
            let url = self.graphql.clone();
            let answer = self.send(&self.reading, Method::POST, &url, Some(&body), None)?;
            data(&answer)
        })
    }

    /// Changes something, or tries to: the request is sent once.
    pub(super) fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Trouble> {
        let answer = self.send(&self.writing, method, &self.url(path), body, None)?;
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.body)
            .map_err(|_| Trouble::Unanswered(format!("its answer about {path} makes no sense")))
    }

    /// Looks at something right before or after a change. It is not waited for.
    pub(super) fn look<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, WriteFailure> {
        match self.page(&self.url(path)) {
            Ok((body, _)) => sensible(&body, path).map(Some).map_err(only_read),
            Err(Trouble::Missing(_)) => Ok(None),
            Err(trouble) => Err(only_read(trouble)),
        }
    }

    /// Looks at a list right before a change.
    pub(super) fn look_through<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<Vec<T>, WriteFailure> {
        let pages: Vec<Vec<T>> = self.look_at_pages(path)?;
        Ok(pages.into_iter().flatten().collect())
    }

    /// Looks at the pages of a list right before a change.
    pub(super) fn look_at_pages<T: DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<Vec<T>, WriteFailure> {
        self.follow(path, |url| self.page(url)).map_err(only_read)
    }

    /// Follows a list from page to page.
    fn follow<T: DeserializeOwned, E: From<Trouble>>(
        &self,
        path: &str,
        ask: impl Fn(&str) -> Result<(Vec<u8>, Option<String>), E>,
    ) -> Result<Vec<T>, E> {
        let senseless = |what: &str| E::from(Trouble::Senseless(format!("{path}: {what}")));
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut url = self.url(&format!("{path}{joint}per_page=100&page=1"));
        let mut asked = BTreeSet::new();
        let mut pages = Vec::new();
        loop {
            let (body, next) = ask(&url)?;
            pages.push(sensible(&body, path)?);
            asked.insert(url);
            match next {
                None => return Ok(pages),
                Some(next) if asked.contains(&next) || pages.len() >= PAGES => {
                    return Err(senseless("its pages have no end"));
                }
                // The token goes where it was meant to go, and nowhere else.
                Some(next) if !next.starts_with(&format!("{}/", self.rest)) => {
                    return Err(senseless("its next page is on another server"));
                }
                Some(next) => url = next,
            }
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.rest)
    }

    /// One page: its body, and where the next one is.
    fn page(&self, url: &str) -> Result<(Vec<u8>, Option<String>), Trouble> {
        let kept = {
            let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            all.get(url).cloned()
        };
        let tag = kept.as_ref().map(|kept| kept.tag.as_str());
        let answer = self.send(&self.reading, Method::GET, url, None, tag)?;
        if answer.status == 304 {
            return match kept {
                Some(kept) => Ok((kept.body, kept.next)),
                None => Err(Trouble::Senseless(format!(
                    "nothing has changed at {url}, though it was not asked before"
                ))),
            };
        }
        let next = answer.header("link").and_then(next);
        if let Some(tag) = answer.header("etag") {
            let kept = Kept {
                tag: tag.to_owned(),
                body: answer.body.clone(),
                next: next.clone(),
            };
            let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(url.to_owned(), kept);
        }
        Ok((answer.body, next))
    }

    /// Asks until there is an answer, or it is clear that there will be none.
    fn patiently<T>(&self, ask: impl Fn() -> Result<T, Trouble>) -> Result<T, ReadError> {
        for attempt in 0.. {
            let pause = match ask() {
                Ok(answer) => return Ok(answer),
                Err(trouble) if attempt + 1 >= ATTEMPTS => return Err(trouble.into()),
                Err(Trouble::Later(pause)) => pause,
                Err(Trouble::Unsent(_) | Trouble::Unanswered(_) | Trouble::Broken(_)) => {
                    Duration::from_secs(1 << attempt)
                }
                Err(trouble) => return Err(trouble.into()),
            };
            (self.wait)(pause);
        }
        unreachable!("the last attempt is the last")
    }

    fn send(
        &self,
        client: &Client,
        method: Method,
        url: &str,
        body: Option<&Value>,
        tag: Option<&str>,
    ) -> Result<Answer, Trouble> {
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", VERSION)
            .header("authorization", format!("Bearer {}", self.token.0));
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let body = match body {
            None => Vec::new(),
            Some(body) => {
                request = request.header("content-type", "application/json");
                body.to_string().into_bytes()
            }
        };
        let request = request.body(body);
        let request = request.map_err(|error| Trouble::Unsent(error.to_string()))?;
        let answer = client.send(request).map_err(|failure| match failure {
            Failure::Unreachable(what) => Trouble::Unsent(what),
            Failure::Unanswered(what) => Trouble::Unanswered(what),
        })?;
        judge(answer)
    }
}

/// Where the next page is (RFC 8288).
fn next(header: &str) -> Option<String> {
    let mut links = header.split(',').filter_map(|link| link.split_once(';'));
    let (url, _) = links.find(|(_, relation)| relation.contains("rel=\"next\""))?;
    let url = url.trim().strip_prefix('<')?.strip_suffix('>')?;
    Some(url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        let header = "<https://a/?page=1>; rel=\"prev\", <https://a/?page=3>; rel=\"next\"";
        assert_eq!(next(header).as_deref(), Some("https://a/?page=3"));
        assert_eq!(next("<https://a/?page=1>; rel=\"first\""), None);
    }

    #[test]
    fn the_token_is_in_no_message_of_its_own() {
        let wait = |_: Duration| {};
        let api = Api::new(
            "http://127.0.0.1:1",
            Hidden("open\nsesame".to_owned()),
            wait,
        );
        let error = api.err().unwrap();
        assert!(!error.to_string().contains("sesame"));
    }
}
