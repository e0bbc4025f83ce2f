//! What programs read and do.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tower_service::Service;

use crate::program::Api;
use crate::sample::SECRET;

/// The paths that can be read, with examples for what is in them.
fn readable(api: &Api) -> Vec<String> {
    let paths = api.description.0["paths"].as_object().unwrap();
    let reads = paths.iter().filter(|(_, item)| item.get("get").is_some());
    reads
        .map(|(path, item)| {
            let parameters = item["get"]["parameters"].as_array();
            let filled = parameters
                .into_iter()
                .flatten()
                .fold(path.clone(), |path, said| {
                    let name = format!("{{{}}}", said["name"].as_str().unwrap());
                    path.replace(&name, said["example"].as_str().unwrap_or("x"))
                });
            format!("/api/v1{filled}")
        })
        .collect()
}

#[test]
fn whatever_can_be_read_is_answered_as_it_is_described() {
    let api = Api::new();
    let paths = readable(&api);
    assert!(paths.len() > 10);
    let ada = api.token("ada", true);
    for path in paths {
        let got = api.get(&path);
        assert!(
            [200, 401, 404].contains(&got.status),
            "{path}: {}",
            got.status
        );
        let got = api.ask("GET", &path, &[&ada], "");
        assert!([200, 404].contains(&got.status), "{path}: {}", got.status);
        assert_eq!(
            api.ask("HEAD", &path, &[&ada], "").status,
            got.status,
            "{path}"
        );
    }
    let page = api.get("/api/v1/pages/services/service-1");
    assert_eq!(page.status, 200);
    assert_eq!(api.get("/api/v1/pages/index").json["path"], "/");
}

#[test]
fn nothing_private_is_answered_to_whoever_comes() {
    let api = Api::new();
    for path in readable(&api).into_iter().chain([
        "/api/v1/services?limit=500".to_owned(),
        "/api/v1/services?sort=cost&limit=500".to_owned(),
        "/api/v1/pages/services/service-1".to_owned(),
        "/api/v1/services/service-1".to_owned(),
        format!("/api/v1/search?q={SECRET}"),
        format!("/api/v1/services?q={SECRET}"),
    ]) {
        let got = api.get(&path);
        assert!(
            !got.json.to_string().contains(&format!("{SECRET}-")),
            "{path}"
        );
    }
    assert_eq!(
        api.get(&format!("/api/v1/services?q={SECRET}")).json["total"],
        0
    );
    assert_eq!(api.get("/api/v1/services/service-9").status, 404);
    assert_eq!(api.get("/api/v1/pages/services/service-9").status, 404);
    let item = &api.get("/api/v1/services?limit=1").json["items"][0];
    assert_eq!(
        (&item["values"]["cost"], &item["values"]["contact"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_list_is_read_page_by_page_along_its_links() {
    let api = Api::new();
    let mut keys = Vec::new();
    let mut path = "/api/v1/services?sort=-users&limit=7&state=running&state=moving".to_owned();
    loop {
        let got = api.get(&path);
        assert_eq!(got.status, 200, "{path}");
        let items = got.json["items"].as_array().unwrap();
        assert!(items.len() <= 7);
        keys.extend(
            items
                .iter()
                .map(|item| item["key"].as_str().unwrap().to_owned()),
        );
        let total = got.json["total"].as_u64().unwrap();
        let Some(next) = got.json["next"].as_str() else {
            assert_eq!(keys.len() as u64, total);
            break;
        };
        let link = got.header("link");
        assert!(
            link.contains(next) && link.ends_with("; rel=\"next\""),
            "{link}"
        );
        path = link[1..link.find('>').unwrap()].to_owned();
    }
    let mut unique = keys.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), keys.len());
    assert!(keys.len() > 7 && keys.first().unwrap() > keys.last().unwrap());
}

#[test]
fn values_are_of_the_type_of_their_column() {
    let api = Api::new();
    let got = api.get("/api/v1/services/service-1");
    let row = &got.json;
    assert_eq!(
        row["values"]["state"],
        json!({"word": "no runbook", "mood": "warning"})
    );
    assert_eq!(row["values"]["owners"], json!(["sig-1", "infra"]));
    assert_eq!(row["links"]["owners"], json!(["/groups/sig-1", null]));
    assert_eq!(row["values"]["users"], 1731);
    assert_eq!(row["values"]["since"], "2020-12-31");
    assert_eq!(
        row["source"]["url"],
        "https://forge.example/blob/4e928cf0aa11/services/service-1.yaml#L1"
    );
    assert_eq!(row["page"], "/services/service-1");
    assert_eq!(row["shows"]["title"], "Name servers");
}

#[test]
fn what_cannot_be_understood_is_refused_with_its_place() {
    let api = Api::new();
    for (path, places) in [
        ("/api/v1/services?limit=501", vec!["limit"]),
        ("/api/v1/services?limit=0&sort=size", vec!["limit", "sort"]),
        ("/api/v1/services?limit=many", vec!["limit"]),
        ("/api/v1/services?owner=x", vec!["owner"]),
        ("/api/v1/services?after=%21", vec!["after"]),
        ("/api/v1/services?q=a&q=b", vec!["q"]),
        ("/api/v1/state?x", vec!["x"]),
    ] {
        let got = api.get(path);
        assert_eq!((got.status, got.places()), (400, places), "{path}");
        assert_eq!(got.json["type"], "/problems/bad-request");
    }
    let got = api.get("/api/v1/services?after=abcd");
    assert_eq!((got.status, got.places()), (422, vec!["after"]));
    for path in [
        "/api/v1/nothing",
        "/api/v1/services/none",
        "/api/v1/services/",
        "/api/v1/pages/%2e%2e/x",
        "/api/v1/services/%ff",
    ] {
        assert_eq!(api.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_method_that_is_not_there_is_refused_with_those_that_are() {
    let api = Api::new();
    let ada = api.token("ada", true);
    for (method, path, allow) in [
        ("POST", "/api/v1/services", "GET, HEAD, OPTIONS"),
        ("TRACE", "/api/v1/services/service-1", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/acts", "POST, OPTIONS"),
        (
            "PUT",
            "/api/v1/elections/2021/steering/ballot",
            "GET, HEAD, POST, OPTIONS",
        ),
        ("PATCH", "/api/v1/webhooks/x", "GET, HEAD, DELETE, OPTIONS"),
    ] {
        let mut request = Request::builder().method(method).uri(path);
        let (name, value) = ada.split_once(": ").unwrap();
        request = request.header(name, value);
        let mut router = api.router.clone();
        let request = request.body(Body::empty()).unwrap();
        let response = api.runtime.block_on(router.call(request)).unwrap();
        assert_eq!(response.status(), 405, "{method} {path}");
        assert_eq!(response.headers()["allow"], allow, "{method} {path}");
    }
    let got = api.ask("OPTIONS", "/api/v1/webhooks", &[], "");
    assert_eq!(
        (got.status, got.header("allow")),
        (204, "GET, HEAD, POST, OPTIONS")
    );
}

#[test]
fn only_json_goes_in_and_out() {
    let api = Api::new();
    let ada = api.token("ada", true);
    assert_eq!(
        api.ask("GET", "/api/v1/me", &["Accept: text/html"], "")
            .status,
        406
    );
    let path = "/api/v1/acts/prepare";
    let asked = |kind: &str, body: &str| api.ask("POST", path, &[&ada, kind], body).status;
    assert_eq!(asked("Content-Type: text/plain", "{}"), 415);
    assert_eq!(asked("Content-Type: application/json", "{"), 400);
    assert_eq!(asked("Content-Type: application/json", "[]"), 422);
    let long = format!("\"{}\"", "x".repeat(300_000));
    assert_eq!(asked("Content-Type: application/json", &long), 413);
    let got = api.post(path, &ada, &json!({"act": "", "itme": "x"}));
    assert_eq!(
        (got.status, got.places()),
        (422, vec!["#/act", "#/item", "#/itme"])
    );
}

#[test]
fn whoever_does_something_signed_in_and_meant_it() {
    let api = Api::new();
    let body = json!({"act": "object", "item": "12"});
    let path = "/api/v1/acts/prepare";
    let nobody = api.post(path, "Accept: */*", &body);
    assert_eq!(
        (nobody.status, nobody.header("www-authenticate")),
        (401, "Bearer realm=\"commonhold\"")
    );
    let forged = api.post(path, "Authorization: Bearer commonhold_x", &body);
    assert_eq!(forged.status, 401);
    let state = |who: &str| api.ask("GET", "/api/v1/state", &[who], "").status;
    assert_eq!(state("Authorization: Bearer x"), 401);
    // A proxy's password is no token of ours.
    assert_eq!(state("Authorization: Basic x"), 200);
    let reads = api.token("ada", false);
    assert_eq!(api.post(path, &reads, &body).status, 403);
    assert_eq!(
        api.ask("GET", "/api/v1/me", &[&reads], "").json["person"],
        "ada"
    );
    let acts = api.token("ada", true);
    assert_eq!(api.post(path, &acts, &body).json["statement"], "statement");
    assert_eq!(
        api.post(path, &acts, &json!({"act": "later", "item": "1"}))
            .status,
        503
    );
    let signed = json!({"statement": "statement", "signature": "x"});
    assert_eq!(
        api.post("/api/v1/acts", &acts, &signed).json["page"],
        "/decisions/12"
    );
    let again = json!({"statement": "other", "signature": "x"});
    assert_eq!(api.post("/api/v1/acts", &acts, &again).status, 409);
}

#[test]
fn what_another_site_has_a_browser_send_is_forged_by_it_and_refused() {
    let api = Api::new();
    let cookie = api.session("ada");
    let path = "/api/v1/acts/prepare";
    let body = json!({"act": "object", "item": "12"}).to_string();
    let ask = |token: &str| {
        let headers = [
            "Content-Type: application/json",
            &cookie,
            &format!("X-Csrf-Token: {token}"),
        ];
        api.ask("POST", path, &headers, &body)
    };
    let me = api.ask("GET", "/api/v1/me", &[&cookie], "").json;
    assert_eq!(
        (me["person"].as_str(), me["signed_in"].as_bool()),
        (Some("ada"), Some(true))
    );
    let forged = ask("x");
    assert_eq!(
        (forged.status, &forged.json["type"]),
        (403, &json!("/problems/forged"))
    );
    assert_eq!(ask(me["csrf_token"].as_str().unwrap()).status, 200);
    let other = api.session("bob");
    let theirs = api.ask("GET", "/api/v1/me", &[&other], "").json;
    assert_eq!(ask(theirs["csrf_token"].as_str().unwrap()).status, 403);
}

#[test]
fn a_request_that_comes_twice_under_one_key_is_taken_once() {
    let api = Api::new();
    let (ada, bob) = (api.token("ada", true), api.token("bob", true));
    let ask = |who: &str, key: &str, name: &str| {
        let body = json!({"answers": {"name": name, "why": "docs"}}).to_string();
        let headers = ["Content-Type: application/json", who, key];
        api.ask("POST", "/api/v1/requests/dns-record", &headers, &body)
    };
    let key = "Idempotency-Key: one";
    let first = ask(&ada, key, "a.example.org");
    assert_eq!(
        (first.status, first.header("location")),
        (201, "/api/v1/requests/dns-record/1")
    );
    let again = ask(&ada, key, "a.example.org");
    assert_eq!((again.status, &again.json), (201, &first.json));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(ask(&ada, key, "b.example.org").status, 422);
    assert_eq!(ask(&bob, key, "a.example.org").json["id"], "2");
    assert_eq!(api.hands.asked.lock().unwrap().len(), 2);
    let own = api.ask("GET", first.header("location"), &[&ada], "");
    assert_eq!(
        (own.status, own.json["title"].as_str()),
        (200, Some("A DNS record"))
    );
    assert_eq!(
        api.ask("GET", first.header("location"), &[&bob], "").status,
        404
    );
}

#[test]
fn what_the_front_desk_refuses_may_be_mended_under_the_same_key() {
    let api = Api::new();
    let ada = api.token("ada", true);
    let ask = |answers: &Value| {
        let headers = [
            "Content-Type: application/json",
            &ada,
            "Idempotency-Key: one",
        ];
        let body = json!({"answers": answers}).to_string();
        api.ask("POST", "/api/v1/requests/dns-record", &headers, &body)
    };
    let got = ask(&json!({"why": "docs"}));
    assert_eq!((got.status, got.places()), (422, vec!["#/answers/name"]));
    let got = ask(&json!({"nmae": "x"}));
    assert_eq!((got.status, got.places()), (422, vec!["#/answers/nmae"]));
    assert_eq!(ask(&json!({"name": "x"})).status, 201);
    let got = api.post("/api/v1/requests/dns-recrod", &ada, &json!({"answers": {}}));
    assert_eq!(got.status, 404);
    assert!(
        got.json["detail"]
            .as_str()
            .unwrap()
            .contains("`dns-record`")
    );
}

#[test]
fn whoever_votes_with_a_token_is_nobody() {
    let api = Api::new();
    let ada = api.token("ada", true);
    let path = "/api/v1/elections/2021%2Fsteering/ballot";
    assert_eq!(api.get(path).json["blind"], true);
    let vote = |who: &str, answers: Value| api.post(path, who, &json!({"answers": answers})).status;
    assert_eq!(vote("Accept: */*", json!({"ada": "1"})), 401);
    assert_eq!(vote("Accept: */*", json!({"ada": "1", "token": "t"})), 200);
    assert_eq!(vote(&ada, json!({"ada": "1", "token": "t"})), 200);
    assert_eq!(vote(&ada, json!({"ada": "1"})), 200);
    let voted = api.hands.voted.lock().unwrap();
    assert_eq!(*voted, [None, None, Some("ada".to_owned())]);
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let api = Api::new();
    let ada = api.token("ada", true);
    for path in ["/api/v1/services", "/api/v1/state", "/api/v1/pages/index"] {
        for (who, keeps) in [
            ("Accept: */*", "public, no-cache"),
            (ada.as_str(), "private, no-cache"),
        ] {
            let got = api.ask("GET", path, &[who], "");
            let tag = got.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.len() > 10, "{path}: {tag}");
            assert_eq!(got.header("cache-control"), keeps, "{path}");
            let known = format!("If-None-Match: {tag}");
            assert_eq!(
                api.ask("GET", path, &[who, &known], "").status,
                304,
                "{path}"
            );
            assert_eq!(
                api.ask("GET", path, &[who, "If-None-Match: \"x\""], "")
                    .status,
                200
            );
        }
    }
}

#[test]
fn webhooks_are_their_owners_alone() {
    let api = Api::new();
    let (ada, bob) = (api.token("ada", true), api.token("bob", true));
    let body = json!({"url": "https://a.example/x", "events": ["service.*", "estate.broken"]});
    let made = api.post("/api/v1/webhooks", &ada, &body);
    assert_eq!(made.status, 201);
    assert!(made.json["secret"].as_str().unwrap().starts_with("whsec_"));
    let path = made.header("location").to_owned();
    let own = api.ask("GET", &path, &[&ada], "");
    assert_eq!((own.status, own.json.get("secret")), (200, None));
    for (method, below) in [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/resume"),
    ] {
        assert_eq!(
            api.ask(method, &format!("{path}{below}"), &[&bob], "")
                .status,
            404
        );
    }
    assert_eq!(
        api.ask("GET", "/api/v1/webhooks", &[&bob], "").json["webhooks"],
        json!([])
    );
    assert_eq!(
        api.ask("POST", &format!("{path}/test"), &[&ada], "").status,
        202
    );
    let own = api.ask("GET", &path, &[&ada], "");
    assert_eq!(own.json["deliveries"][0]["state"], "waiting");
    assert_eq!(api.ask("DELETE", &path, &[&ada], "").status, 204);
    assert_eq!(api.ask("GET", &path, &[&ada], "").status, 404);
    let stranger = api.token("stranger", true);
    assert_eq!(api.post("/api/v1/webhooks", &stranger, &body).status, 403);
}

#[test]
fn a_webhook_that_would_never_be_told_anything_is_refused() {
    let api = Api::new();
    let ada = api.token("ada", true);
    let make = |url: &str, events: Value| {
        api.post(
            "/api/v1/webhooks",
            &ada,
            &json!({"url": url, "events": events}),
        )
    };
    for (url, events, place) in [
        ("http://a.example/", json!(["*"]), "#/url"),
        ("https://u:p@a.example/", json!(["*"]), "#/url"),
        ("https://a.example/", json!([]), "#/events"),
        (
            "https://a.example/",
            json!(["*", "servce.new"]),
            "#/events/1",
        ),
    ] {
        let got = make(url, events);
        assert_eq!((got.status, got.places()), (422, vec![place]), "{url}");
    }
    for _ in 0..10 {
        assert_eq!(make("https://a.example/", json!(["*"])).status, 201);
    }
    assert_eq!(make("https://a.example/", json!(["*"])).status, 409);
}
