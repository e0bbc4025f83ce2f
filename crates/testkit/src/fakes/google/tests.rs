//! That the stand-in holds requests, and itself, to what is published.

use super::*;

struct Bench(Google, String);

impl Bench {
    fn new() -> Self {
        let fake = Google::start("lab.example");
        let token = fake.token();
        Self(fake, token)
    }

    fn ask(&self, method: &str, target: &str, body: Option<Value>) -> (u16, Value) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = vec![("authorization".to_owned(), format!("Bearer {}", self.1))];
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body
                .map(|body| body.to_string().into_bytes())
                .unwrap_or_default(),
        };
        let answer = self.0.vendor.answer(&request);
        (answer.status, answer.value())
    }

    fn directory(&self, method: &str, rest: &str, body: Option<Value>) -> (u16, Value) {
        self.ask(method, &format!("/admin/directory/v1/groups{rest}"), body)
    }

    fn violations(&self) -> usize {
        self.0.violations().len()
    }
}

#[test]
fn what_is_not_described_is_refused_and_noted() {
    let bench = Bench::new();
    bench.0.add_group("a@lab.example", "A", "");
    let cases = [
        (
            "GET",
            "/admin/directory/v1/groups?domain=lab.example&maxResults=201",
            None,
        ),
        (
            "GET",
            "/admin/directory/v1/groups?domain=lab.example&maxResults=0",
            None,
        ),
        (
            "GET",
            "/admin/directory/v1/groups?domain=lab.example&pagesize=5",
            None,
        ),
        (
            "GET",
            "/admin/directory/v1/groups?domain=lab.example&domain=x",
            None,
        ),
        (
            "GET",
            "/admin/directory/v1/groups?domain=lab.example&orderBy=name",
            None,
        ),
        ("PUT", "/admin/directory/v1/groups", Some(json!({}))),
        ("GET", "/admin/directory/v1/group", None),
        (
            "GET",
            "/admin/directory/v1/groups/a@lab.example",
            Some(json!({})),
        ),
        ("POST", "/admin/directory/v1/groups", None),
        (
            "POST",
            "/admin/directory/v1/groups",
            Some(json!({"name": "B"})),
        ),
        (
            "POST",
            "/admin/directory/v1/groups",
            Some(json!({"email": "b@lab.example", "title": "B"})),
        ),
        (
            "POST",
            "/admin/directory/v1/groups",
            Some(json!({"email": "b@lab.example", "name": 1})),
        ),
        (
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=json",
            Some(json!({"whoCanJoin": "NOBODY"})),
        ),
        (
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=json",
            Some(json!({"isArchived": true})),
        ),
        (
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=xml",
            Some(json!({})),
        ),
        (
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=json",
            Some(json!({"WhoCanJoin": "x"})),
        ),
        (
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=json",
            Some(json!({"name": "x".repeat(76)})),
        ),
    ];
    let count = cases.len();
    for (index, (method, target, body)) in cases.into_iter().enumerate() {
        let (status, _) = bench.ask(method, target, body);
        assert!(matches!(status, 400 | 404), "{method} {target}: {status}");
        assert_eq!(bench.violations(), index + 1, "{method} {target}");
    }
    assert_eq!(bench.violations(), count);
    assert_eq!(bench.0.groups().len(), 1);
}

#[test]
fn all_methods_do_as_described_and_all_answers_fit() {
    let bench = Bench::new();
    let insert = |local: &str| {
        let body = json!({"email": format!("{local}@Lab.example"), "name": local});
        bench.directory("POST", "", Some(body)).0
    };
    assert_eq!([insert("a"), insert("b"), insert("A")], [201, 201, 409]);
    let add = |mail: &str, role: &str| {
        let body = json!({"email": mail, "role": role});
        bench
            .directory("POST", "/a@lab.example/members", Some(body))
            .0
    };
    bench.0.vanish("gone@x.example");
    assert_eq!(add("o.ne@gmail.com", "OWNER"), 200);
    assert_eq!(add("On.E@gmail.com", "MEMBER"), 409);
    assert_eq!(add("b@lab.example", "OWNER"), 400);
    assert_eq!(add("b@lab.example", "MEMBER"), 200);
    assert_eq!(add("gone@x.example", "MEMBER"), 404);
    assert_eq!(add("two@lab.example", "BOSS"), 400);
    let inner = json!({"email": "three@lab.example"});
    assert_eq!(
        bench
            .directory("POST", "/b@lab.example/members", Some(inner))
            .0,
        200
    );
    let cycle = json!({"email": "a@lab.example"});
    assert_eq!(
        bench
            .directory("POST", "/b@lab.example/members", Some(cycle))
            .0,
        412
    );

    let list = |query: &str| {
        let (_, body) = bench.directory("GET", &format!("/a@lab.example/members?{query}"), None);
        body["members"].as_array().map_or(0, Vec::len)
    };
    let lists = [
        "",
        "roles=OWNER",
        "roles=OWNER,MEMBER",
        "includeDerivedMembership=true",
    ];
    assert_eq!(lists.map(list), [2, 1, 2, 3]);
    let has = |who: &str| bench.directory("GET", &format!("/a@lab.example/hasMember/{who}"), None);
    assert_eq!(has("three@lab.example").1["isMember"], true);
    assert_eq!(has("four@lab.example").1["isMember"], false);
    assert_eq!(has("one@gmail.com").0, 400);

    let role = |verb: &str, role: &str| {
        let body = Some(json!({"role": role}));
        bench
            .directory(verb, "/a@lab.example/members/ONE@gmail.com", body)
            .1["role"]
            .clone()
    };
    assert_eq!(
        [role("PATCH", "MANAGER"), role("PUT", "MEMBER")],
        ["MANAGER", "MEMBER"]
    );
    assert_eq!(
        bench
            .directory("DELETE", "/a@lab.example/members/one@gmail.com", None)
            .0,
        204
    );
    assert_eq!(
        bench
            .directory("DELETE", "/a@lab.example/members/one@gmail.com", None)
            .0,
        404
    );
    let renamed = Some(json!({"email": "c@lab.example"}));
    assert_eq!(
        bench.directory("PATCH", "/b@lab.example", renamed).1["aliases"],
        json!(["b@lab.example"])
    );
    assert_eq!(
        bench.directory("GET", "/b@lab.example", None).1["email"],
        "c@lab.example"
    );
    assert_eq!(bench.directory("DELETE", "/b@lab.example", None).0, 204);
    assert_eq!(list(""), 0, "who was in it");
    assert_eq!(bench.0.violations(), [""; 0]);
}

#[test]
fn pages_hold_every_entry_once_and_a_token_is_good_for_its_list_alone() {
    let bench = Bench::new();
    for index in 0..25 {
        bench.0.add_group(&format!("g{index}@lab.example"), "", "");
    }
    for order in ["", "&orderBy=email&sortOrder=DESCENDING"] {
        let list = format!("?domain=lab.example&maxResults=10{order}");
        let (mut found, mut next) = (Vec::new(), String::new());
        loop {
            let (status, body) = bench.directory("GET", &format!("{list}{next}"), None);
            assert_eq!(status, 200);
            let groups = body["groups"].as_array().unwrap();
            found.extend(groups.iter().map(|group| group["email"].to_string()));
            match body["nextPageToken"].as_str() {
                Some(token) => next = format!("&pageToken={token}"),
                None => break,
            }
        }
        assert_eq!(found.len(), 25);
        assert!(found.is_sorted() || found.iter().rev().is_sorted());
        assert_eq!(
            bench
                .directory("GET", &format!("?customer=my_customer{next}"), None)
                .0,
            400
        );
    }
    assert_eq!(bench.0.violations(), [""; 0]);
}

#[test]
fn settings_follow_their_documented_rules() {
    let bench = Bench::new();
    bench.0.add_group("a@lab.example", "A", "");
    let patch = |body: Value| {
        bench.ask(
            "PATCH",
            "/groups/v1/groups/a@lab.example?alt=json",
            Some(body),
        )
    };
    assert_eq!(patch(json!({"whoCanPostMessage": "NONE_CAN_POST"})).0, 400);
    assert_eq!(
        patch(json!({"archiveOnly": "true"})).1["whoCanPostMessage"],
        "NONE_CAN_POST"
    );
    assert_eq!(
        patch(json!({"archiveOnly": "false"})).1["whoCanPostMessage"],
        "ALL_MANAGERS_CAN_POST"
    );
    assert_eq!(patch(json!({"replyTo": "REPLY_TO_CUSTOM"})).0, 400);
    let custom = json!({"replyTo": "REPLY_TO_CUSTOM", "customReplyTo": "x@x.example"});
    assert_eq!(patch(custom).0, 200);
    assert_eq!(patch(json!({"name": "New"})).1["name"], "New");
    assert_eq!(bench.0.groups()["a@lab.example"].name, "New");
    // The form of old.
    assert_eq!(
        bench.ask("GET", "/groups/v1/groups/a@lab.example", None),
        (200, Value::Null)
    );
    assert_eq!(bench.0.violations(), [""; 0]);
}

#[test]
fn nobody_gets_in_without_a_token_for_it() {
    let mut bench = Bench::new();
    let list = |bench: &Bench| bench.directory("GET", "?domain=lab.example", None).0;
    assert_eq!(list(&bench), 200);
    bench.0.advance(3_600);
    assert_eq!(list(&bench), 401);
    bench.1 = "made.up".to_owned();
    assert_eq!(list(&bench), 401);
    let give = |user: Option<&str>, scope: &str| {
        let mut state = locked(&bench.0.vendor.state);
        let now = state.now;
        state
            .tokens
            .give(user.map(str::to_owned), vec![scope.to_owned()], now)
    };
    let other = give(Some("admin@lab.example"), DELEGATED[1]);
    let nobody = give(None, DELEGATED[0]);
    bench.1 = other;
    assert_eq!(list(&bench), 403);
    bench.1 = nobody;
    assert_eq!(list(&bench), 403);
}

#[test]
fn what_is_asserted_without_a_true_signature_gives_no_token() {
    let fake = Google::start("lab.example");
    let ask = |body: &str| {
        let form = "application/x-www-form-urlencoded".to_owned();
        let request = Request {
            method: "POST".to_owned(),
            path: TOKEN.to_owned(),
            headers: vec![("content-type".to_owned(), form)],
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        let answer = fake.vendor.answer(&request);
        (answer.status, answer.value()["error"].to_string())
    };
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    // {"alg":"RS256","typ":"JWT","kid":"5ca1ab1e"} . {} . three octets
    let unsigned = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjVjYTFhYjFlIn0.e30.AAAA";
    assert_eq!(ask("grant_type=password").1, "\"unsupported_grant_type\"");
    assert_eq!(ask(grant).1, "\"invalid_request\"");
    assert_eq!(
        ask(&format!("{grant}&assertion=a.b.c")).1,
        "\"invalid_grant\""
    );
    assert_eq!(ask(&format!("{grant}&assertion={unsigned}")).0, 400);
}
