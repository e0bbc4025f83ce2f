//! A program that asks a portal: each answer is held against the description.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use base::Digest;
use jiff::Timestamp;
use portal::model::Identity;
use portal::serve::{Current, Parts, Rules, router_by};
use portal::settings::Settings;
use portal::sign_in::SignIn;
use portal::store::{Opened, Store};
use serde_json::{Value, json};
use tower_service::Service;

use crate::description::Description;
use crate::hands::Remembering;
use crate::sample::Sample;

/// A portal that answers in the test's own process.
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) store: Arc<Opened>,
    pub(crate) hands: Arc<Remembering>,
    pub(crate) description: Description,
    pub(crate) runtime: tokio::runtime::Runtime,
}

/// What was answered.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// What was wrong: the places that the problem names.
    pub(crate) fn places(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        let place = |error: &'_ Value| error["parameter"].as_str().is_some();
        errors
            .iter()
            .map(|error| {
                let name = if place(error) { "parameter" } else { "pointer" };
                error[name].as_str().unwrap()
            })
            .collect()
    }
}

fn now() -> Timestamp {
    "2021-01-15T12:00:30Z".parse().unwrap()
}

fn identity(name: &str) -> Identity {
    Identity {
        issuer: portal::sign_in::SSH_ISSUER.to_owned(),
        subject: name.to_owned(),
        name: name.to_owned(),
        handle: None,
    }
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::of(Sample::new(40))
    }

    fn of(sample: Sample) -> Self {
        let description = portal::api::description("Example", portal::Content::listings(&sample));
        let store = Arc::new(portal::store::open("sqlite::memory:").unwrap());
        let hands = Arc::new(Remembering::default());
        let parts = Parts {
            current: Current::new(Arc::new(sample)),
            hands: Some(Arc::clone(&hands) as Arc<dyn portal::Hands>),
            store: Arc::clone(&store) as Arc<dyn Store>,
            clock: Arc::new(now),
            wall: Arc::new(now),
            url: "https://infra.example.org".to_owned(),
            sign_in: SignIn::of(&Settings::default(), None),
        };
        let rules = Rules {
            acts_a_minute: 0,
            ..Rules::default()
        };
        Self {
            router: router_by(Arc::new(parts), rules),
            store,
            hands,
            description: Description(description),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    /// A token of somebody's, put where a portal keeps those that people make on their account's page.
    pub(crate) fn token(&self, name: &str, acts: bool) -> String {
        let token = format!(
            "commonhold_{}",
            format!("{name}{acts}").repeat(9).get(..43).unwrap()
        );
        let key = Digest::of(token.as_bytes()).hex();
        let identity = identity(name);
        let ends = "2022-01-01T00:00:00Z";
        let kept = json!({"identity": identity, "name": "test", "acts": acts, "made": now().to_string(), "ends": ends});
        self.store.put("token", &key, &kept, None).unwrap();
        format!("Authorization: Bearer {token}")
    }

    /// A session of somebody's, as [`Self::token`].
    pub(crate) fn session(&self, name: &str) -> String {
        let id = name.repeat(15).get(..43).unwrap().to_owned();
        let key = Digest::of(id.as_bytes()).hex();
        let kept = json!({"identity": identity(name), "made": now().to_string(), "seen": now().to_string(), "browser": ""});
        self.store.put("session", &key, &kept, None).unwrap();
        format!("Cookie: {}={id}", portal::sign_in::COOKIE)
    }

    /// Asks, and holds what is answered against the description.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Got {
        let mut request = Request::builder().method(method).uri(path);
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let mut router = self.router.clone();
        let (status, headers, bytes) = self.runtime.block_on(async {
            let response = router.call(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await.unwrap();
            (parts.status.as_u16(), parts.headers, bytes)
        });
        let kind = headers
            .get("content-type")
            .map_or("", |kind| kind.to_str().unwrap());
        if status >= 400 {
            assert_eq!(kind, "application/problem+json", "{method} {path}");
        }
        if let Some(operation) = self.description.operation(method, path) {
            let wrongs = self.description.wrongs(operation, status, kind, &bytes);
            assert_eq!(
                wrongs,
                Vec::<String>::new(),
                "{method} {path}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Got {
            status,
            headers,
            json,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], "")
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &Value) -> Got {
        let headers = ["Content-Type: application/json", token];
        self.ask("POST", path, &headers, &body.to_string())
    }
}
