//! A portal in the test's own process, and a browser without a window: it keeps cookies, follows where it is led, and
//! sends forms as they stand on pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use base::SourceMap;
use estate::MemoryTree;
use http_client::{Client, Connections, Hidden};
use jiff::Timestamp;
use portal::serve::{Current, Parts, Rules, router_by};
use portal::settings::Settings;
use portal::sign_in::SignIn;
use testkit::servers::openid::OpenId;
use tower_service::Service;
use url::Url;

use crate::community::Community;
use crate::sample::Sample;

/// Where the portal of the tests is reached; nothing is ever sent there.
pub(crate) const HERE: &str = "https://infra.example.org";
/// What the portal sets as a session.
pub(crate) const SESSION: &str = "__Host-session";

/// A portal.
pub(crate) struct Portal {
    router: Router,
    runtime: tokio::runtime::Runtime,
    pub(crate) hands: Arc<Community>,
    /// What time it is.
    pub(crate) now: Arc<Mutex<Timestamp>>,
}

impl Portal {
    /// With these settings, at this time.
    pub(crate) fn new(settings: &str, now: Timestamp) -> Self {
        Self::reached_at(HERE, settings, now)
    }

    /// The same, reached at another address.
    pub(crate) fn reached_at(url: &str, settings: &str, now: Timestamp) -> Self {
        let tree = MemoryTree::default().with(Settings::FILE, settings);
        let (settings, findings) = Settings::of(&tree, &mut SourceMap::default());
        assert!(findings.is_empty(), "{findings:?}");
        let now = Arc::new(Mutex::new(now));
        let clock = Arc::clone(&now);
        let hands = Arc::new(Community::default());
        let parts = Parts {
            current: Current::new(Arc::new(Sample::new(5))),
            hands: Some(Arc::clone(&hands) as Arc<dyn portal::Hands>),
            store: Arc::new(portal::store::open("sqlite::memory:").unwrap()),
            // The pages are of another day; what ends goes by what time it really is.
            clock: Arc::new(|| Timestamp::UNIX_EPOCH),
            wall: Arc::new(move || *clock.lock().unwrap()),
            url: url.to_owned(),
            sign_in: SignIn::of(&settings, Some(Hidden(OpenId::SECRET.to_owned()))),
        };
        let rules = Rules {
            acts_a_minute: 0,
            sign_ins_a_minute: 0,
            ..Rules::default()
        };
        Self {
            router: router_by(Arc::new(parts), rules),
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap(),
            hands,
            now,
        }
    }

    /// On a day of the tests, where people sign in by SSH keys.
    pub(crate) fn usual() -> Self {
        Self::new(
            "sign_in: {ssh: true}",
            "2026-01-15T12:00:00Z".parse().unwrap(),
        )
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        let mut now = self.now.lock().unwrap();
        *now += jiff::SignedDuration::from_secs(seconds);
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            portal: self,
            cookies: BTreeMap::new(),
            outside: Client::patient_for(Connections::Fresh, Duration::from_secs(20)),
        }
    }

    fn ask(&self, request: Request<Body>) -> (u16, HeaderMap, String) {
        let mut router = self.router.clone();
        self.runtime.block_on(async move {
            let response = router.call(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 1 << 22).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            (parts.status.as_u16(), parts.headers, text)
        })
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads.
    pub(crate) fn to(&self) -> &str {
        self.header("location")
    }

    /// All that it sets as cookies.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all("set-cookie").iter();
        all.map(|value| value.to_str().unwrap()).collect()
    }

    /// What stands in a field of that name: the first, as they come on the page.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> String {
        let found = between(&self.text, &format!("name=\"{name}\" value=\""), "\"");
        found.unwrap_or_else(|| panic!("there is no field `{name}`:\n{}", self.text))
    }

    /// What is typed elsewhere.
    #[track_caller]
    pub(crate) fn command(&self, starts: &str) -> String {
        let found = between(&self.text, &format!(">{starts}"), "<");
        let rest = found.unwrap_or_else(|| panic!("there is no such command:\n{}", self.text));
        format!("{starts}{rest}")
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{} {}\n{}",
            self.url,
            self.to(),
            self.text
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.text.contains(text),
            "`{text}` is not said:\n{}",
            self.text
        );
        self
    }
}

/// What stands between two texts, with what HTML writes otherwise.
pub(crate) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    let (found, _) = rest.split_once(after)?;
    let plain = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    Some(plain.iter().fold(found.to_owned(), |text, (html, plain)| {
        text.replace(html, plain)
    }))
}

/// A browser.
pub(crate) struct Browser<'p> {
    portal: &'p Portal,
    /// By origin and name.
    pub(crate) cookies: BTreeMap<(String, String), String>,
    outside: Client,
}

impl Browser<'_> {
    pub(crate) fn get(&mut self, to: &str) -> Got {
        self.send("GET", to, None, &[])
    }

    pub(crate) fn post(&mut self, to: &str, fields: &[(&str, &str)]) -> Got {
        self.send("POST", to, Some(fields), &[])
    }

    /// Sends something with further headers, and goes nowhere by itself.
    pub(crate) fn send(
        &mut self,
        method: &str,
        to: &str,
        fields: Option<&[(&str, &str)]>,
        headers: &[(&str, &str)],
    ) -> Got {
        let url = Url::parse(HERE).unwrap().join(to).unwrap();
        let origin = url.origin().ascii_serialization();
        let own = self.cookies.iter().filter(|((of, _), _)| *of == origin);
        let cookies: Vec<String> = own
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields.unwrap_or_default());
        let body = body.finish().into_bytes();
        let inside = origin == HERE;
        let target = if inside {
            url[url::Position::BeforePath..]
                .split('#')
                .next()
                .unwrap()
                .to_owned()
        } else {
            url.to_string()
        };
        let mut request = Request::builder().method(method).uri(target);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if fields.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (status, headers, text) = if inside {
            self.portal.ask(request.body(Body::from(body)).unwrap())
        } else {
            let answer = self.outside.send(request.body(body).unwrap()).unwrap();
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            (answer.status, answer.headers, text)
        };
        let got = Got {
            url,
            status,
            headers,
            text,
        };
        self.keep(&origin, &got);
        got
    }

    fn keep(&mut self, origin: &str, got: &Got) {
        for cookie in got.cookies() {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let key = (origin.to_owned(), name.to_owned());
            let gone = value.is_empty() || rest.contains("Max-Age=0") || rest.contains("1970");
            if gone {
                self.cookies.remove(&key);
            } else {
                self.cookies.insert(key, value.to_owned());
            }
        }
    }

    /// Goes where an answer leads until it leads nowhere, or to somewhere that the test wants to look at first.
    pub(crate) fn follow(&mut self, mut got: Got, until: &str) -> Got {
        for _ in 0..12 {
            let leads = matches!(got.status, 301..=303 | 307 | 308);
            if !leads || (!until.is_empty() && got.to().contains(until)) {
                return got;
            }
            let to = got.url.join(got.to()).unwrap();
            got = self.get(to.as_str());
        }
        panic!("it leads around in a circle");
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let key = (HERE.to_owned(), name.to_owned());
        self.cookies.get(&key).map(String::as_str)
    }

    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        let key = (HERE.to_owned(), name.to_owned());
        self.cookies.insert(key, value.to_owned());
    }
}
