//! Signing in by OpenID Connect, with a certified provider.

use jiff::Timestamp;
use testkit::servers::openid::OpenId;
use testkit::servers::or_skip;

use crate::browser::{Browser, Got, HERE, Portal, SESSION, between};

const RETURN: &str = "https://infra.example.org/sign-in/openid/return";

fn portal(provider: &OpenId, algorithm: &str, handle: &str) -> Portal {
    let settings = format!(
        "sign_in:\n  ssh: false\n  openid:\n    name: Example login\n    issuer: {}\n    client: portal-{algorithm}\n\
         \x20   secret: env/SECRET\n    handle: {handle}\n",
        provider.issuer()
    );
    Portal::new(&settings, Timestamp::now())
}

/// Goes to the provider, says there who one is, agrees, and stops before the portal is told.
fn come(browser: &mut Browser<'_>, next: &str, login: &str) -> Got {
    let left = browser.get(&format!("/sign-in/openid?next={next}")).is(303);
    let mut got = browser.follow(left, RETURN);
    while got.status == 200 {
        let action = between(&got.text, "action=\"", "\"").expect("a form");
        let fields: &[(&str, &str)] = if got.text.contains("value=\"login\"") {
            &[("prompt", "login"), ("login", login), ("password", "x")]
        } else {
            &[("prompt", "consent")]
        };
        got = browser.post(&action, fields);
        got = browser.follow(got, RETURN);
    }
    assert!(got.to().starts_with(RETURN), "{got:?}");
    got
}

fn enter(browser: &mut Browser<'_>, login: &str) -> Got {
    let led = come(browser, "/account", login);
    browser.get(led.to())
}

#[test]
fn people_sign_in_by_each_algorithm_and_by_new_keys() {
    let Some(mut provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let mut portals = Vec::new();
    for algorithm in OpenId::ALGORITHMS {
        let portal = portal(&provider, algorithm, "{github: preferred_username}");
        portal.hands.knows("ada", "ada");
        let mut browser = portal.browser();
        let ways = browser
            .get("/sign-in")
            .is(200)
            .says("Continue with Example login");
        assert!(!ways.text.contains("SSH key"));
        let got = enter(&mut browser, "ada").is(303);
        assert_eq!(got.to(), "/account", "{algorithm}");
        browser
            .get("/account")
            .is(200)
            .says("/people/ada")
            .says(&provider.issuer());
        portals.push(portal);
    }
    // Keys under new ids are asked for, but not at once: whoever names keys of their own invention is not to make us ask.
    provider.take_new_keys(2);
    for portal in &portals {
        enter(&mut portal.browser(), "ada")
            .is(403)
            .says("a key that the provider does not list");
    }
    for portal in &portals {
        portal.wait(61);
        let mut browser = portal.browser();
        let led = come(&mut browser, "/account", "ada");
        *portal.now.lock().unwrap() = Timestamp::now() + jiff::SignedDuration::from_secs(59);
        portal.wait(2);
        browser.get(led.to()).is(303);
    }
}

#[test]
fn an_answer_is_taken_once_from_the_browser_that_asked() {
    let Some(provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let portal = portal(&provider, "ES256", "{github: preferred_username}");
    let mut browser = portal.browser();
    let led = come(&mut browser, "/desk", "ada");
    let answer = led.to().to_owned();
    // Somebody else's browser, with a sign-in of its own under way or with none: nobody is signed in as another.
    portal
        .browser()
        .get(&answer)
        .is(403)
        .says("did not ask to sign in");
    let mut other = portal.browser();
    other.get("/sign-in/openid").is(303);
    other
        .get(&answer)
        .is(403)
        .says("belongs to another sign-in");
    let kept = browser.cookies.clone();
    assert_eq!(browser.get(&answer).is(303).to(), "/desk");
    let mut again = portal.browser();
    again.cookies = kept;
    again.get(&answer).is(403).says("used already");
    assert!(other.cookie(SESSION).is_none() && again.cookie(SESSION).is_none());
}

#[test]
fn an_answer_that_was_changed_signs_nobody_in() {
    let Some(provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let portal = portal(&provider, "EdDSA", "{github: preferred_username}");
    let mut browser = portal.browser();
    let led = come(&mut browser, "/", "ada");
    let kept = browser.cookies.clone();
    let query = |name: &str| {
        let url = url::Url::parse(led.to()).unwrap();
        let found = url.query_pairs().find(|(found, _)| found == name);
        found.unwrap_or_else(|| panic!("no {name}")).1.into_owned()
    };
    let (code, state, iss) = (query("code"), query("state"), query("iss"));
    let mut sent = |fields: &[(&str, &str)]| {
        browser.cookies = kept.clone();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields);
        browser.get(&format!("/sign-in/openid/return?{}", query.finish()))
    };
    sent(&[("code", &code), ("state", &state)])
        .is(403)
        .says("another provider answered");
    sent(&[
        ("code", &code),
        ("state", &state),
        ("iss", "https://evil.example"),
    ])
    .is(403)
    .says("another provider answered");
    sent(&[("code", &code), ("state", &state[1..]), ("iss", &iss)])
        .is(403)
        .says("another sign-in");
    sent(&[("code", &code), ("iss", &iss)])
        .is(403)
        .says("another sign-in");
    sent(&[("state", &state), ("iss", &iss)])
        .is(403)
        .says("no code");
    let denied = [
        ("error", "access_denied"),
        ("error_description", "<script>"),
        ("state", &state),
        ("iss", &iss),
    ];
    assert!(
        !sent(&denied)
            .is(403)
            .says("did not agree")
            .text
            .contains("<script>")
    );
    // A code of somebody's invention uses the answer up.
    sent(&[("code", "forged"), ("state", &state), ("iss", &iss)])
        .is(403)
        .says("does not take its own code back");
    sent(&[("code", &code), ("state", &state), ("iss", &iss)])
        .is(403)
        .says("used already");
    assert!(browser.cookie(SESSION).is_none());
}

#[test]
fn what_is_asked_of_the_provider_is_bound_to_this_browser() {
    let Some(provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let portal = portal(&provider, "RS256", "{}");
    let mut asked = Vec::new();
    for _ in 0..2 {
        let mut browser = portal.browser();
        let left = browser.get("/sign-in/openid?next=//evil.example").is(303);
        assert!(left.cookies()[0].starts_with("__Host-sign-in="), "{left:?}");
        let url = url::Url::parse(left.to()).unwrap();
        assert!(left.to().starts_with(&provider.issuer()) && !left.to().contains("evil"));
        let pairs: std::collections::BTreeMap<String, String> =
            url.query_pairs().into_owned().collect();
        assert_eq!(pairs["code_challenge_method"], "S256");
        assert_eq!(
            pairs["redirect_uri"],
            format!("{HERE}/sign-in/openid/return")
        );
        asked.push(["state", "nonce", "code_challenge"].map(|name| pairs[name].clone()));
    }
    for (one, other) in asked[0].iter().zip(&asked[1]) {
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
    }
}

#[test]
fn an_address_that_nobody_verified_makes_nobody_of_the_estate() {
    let Some(provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let portal = portal(&provider, "RS256", "{email: true}");
    portal.hands.knows("ada@example.org", "ada");
    portal.hands.knows("unverified@example.org", "bob");
    let mut browser = portal.browser();
    enter(&mut browser, "ada").is(303);
    browser.get("/account").is(200).says("/people/ada");
    let mut browser = portal.browser();
    enter(&mut browser, "unverified").is(303);
    browser
        .get("/account")
        .is(200)
        .says("not known to the estate");
}

#[test]
fn a_provider_that_is_not_there_or_is_another_signs_nobody_in() {
    let Some(provider) = or_skip(OpenId::start(RETURN)) else {
        return;
    };
    let issuer = provider.issuer();
    for (issuer, said) in [
        ("http://127.0.0.1:1".to_owned(), "cannot be asked now"),
        (format!("{issuer}/"), "calls itself"),
    ] {
        let settings =
            format!("sign_in: {{openid: {{issuer: \"{issuer}\", client: portal-RS256}}}}");
        let portal = Portal::new(&settings, Timestamp::now());
        let got = portal.browser().get("/sign-in/openid").is(503).says(said);
        assert_eq!(got.header("retry-after"), "10");
    }
}
