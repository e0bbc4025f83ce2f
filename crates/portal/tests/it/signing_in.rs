//! Signing in by an SSH key, sessions, and tokens; and those who mean it no good.

use std::process::Command;

use decisions::sshsig::VerifyingKey;
use testkit::servers::{Folder, program, run};

use crate::browser::{Browser, Got, HERE, Portal, SESSION};

/// Somebody's home, with a key where the command looks for it.
struct Home(Folder);

impl Home {
    fn new() -> Self {
        let folder = Folder::new();
        folder.write(".ssh/known_hosts", "");
        let path = folder.path().join(".ssh/id_ed25519");
        let keygen = program("ssh-keygen").expect("OpenSSH");
        run(Command::new(keygen)
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
            .arg(path));
        Self(folder)
    }

    fn fingerprint(&self) -> String {
        let path = self.0.path().join(".ssh/id_ed25519.pub");
        let line = std::fs::read_to_string(path).unwrap();
        VerifyingKey::of_line(&line).unwrap().fingerprint()
    }

    /// Does what a page says, letter by letter.
    fn does(&self, command: &str) -> String {
        run(Command::new("sh")
            .args(["-c", command])
            .env("HOME", self.0.path()))
    }
}

/// A page with a line, and the signature that its command makes.
fn signed(browser: &mut Browser<'_>, home: &Home, next: &str) -> (Got, String) {
    let page = browser.get(&format!("/sign-in/ssh?next={next}")).is(200);
    let signature = home.does(&page.command("printf "));
    (page, signature)
}

fn send(browser: &mut Browser<'_>, page: &Got, signature: &str) -> Got {
    let fields = [
        ("line", page.field("line")),
        ("next", page.field("next")),
        ("signature", signature.to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.post("/sign-in/ssh", &fields)
}

/// Signs somebody in.
pub(crate) fn enter(browser: &mut Browser<'_>) -> String {
    let home = Home::new();
    let (page, signature) = signed(browser, &home, "/");
    send(browser, &page, &signature).is(303);
    home.fingerprint()
}

fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/account").status == 200
}

#[test]
fn whoever_signs_the_line_is_signed_in_and_goes_where_they_wanted() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    let first = browser.get("/account").is(303);
    assert_eq!(first.to(), "/sign-in?next=%2Faccount");
    let ways = browser.get(first.to()).is(200).says("SSH key");
    let _ = ways.says("/sign-in/ssh?next=%2Faccount\"");
    let home = Home::new();
    portal.hands.knows(&home.fingerprint(), "ada");
    let (page, signature) = signed(&mut browser, &home, "/account");
    let got = send(&mut browser, &page, &signature).is(303);
    assert_eq!(got.to(), "/account");
    let set: Vec<&str> = got.cookies();
    assert!(set[0].starts_with("__Host-session="), "{set:?}");
    assert!(
        set[0].ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure"),
        "{set:?}"
    );
    let account = browser.get("/account").is(200).says("ada").says("SHA256:");
    assert_eq!(account.header("cache-control"), "private, no-store");
    assert!(browser.cookie("__Host-sign-in").is_none());
}

#[test]
fn a_line_is_good_once_in_one_browser_for_five_minutes() {
    let portal = Portal::usual();
    let home = Home::new();
    let mut browser = portal.browser();
    let (page, signature) = signed(&mut browser, &home, "/");
    // In another browser, which has a line of its own.
    let mut other = portal.browser();
    other.get("/sign-in/ssh");
    send(&mut other, &page, &signature)
        .is(422)
        .says("not a line that this browser was given");
    portal.browser().get("/");
    send(&mut portal.browser(), &page, &signature)
        .is(422)
        .says("did not ask");
    // Twice.
    let kept = browser.cookies.clone();
    send(&mut browser, &page, &signature).is(303);
    let mut again = portal.browser();
    again.cookies = kept;
    send(&mut again, &page, &signature)
        .is(422)
        .says("used already");
    // Too late.
    let mut late = portal.browser();
    let (page, signature) = signed(&mut late, &home, "/");
    portal.wait(301);
    send(&mut late, &page, &signature)
        .is(422)
        .says("five minutes");
    assert!(!is_signed_in(&mut late) && !is_signed_in(&mut other) && !is_signed_in(&mut again));
}

#[test]
fn no_other_signature_signs_anybody_in() {
    let portal = Portal::usual();
    let home = Home::new();
    let mut browser = portal.browser();
    let (page, signature) = signed(&mut browser, &home, "/");
    for signature in [
        "",
        "sesame",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
    ] {
        send(&mut browser, &page, signature)
            .is(422)
            .says("not an SSH signature");
    }
    // One of a decision, of another line, and of a line that was changed.
    let (page, _) = signed(&mut browser, &home, "/");
    let command = page.command("printf ");
    let act = home.does(&command.replace("commonhold-sign-in", "commonhold-decision"));
    send(&mut browser, &page, &act).is(422).says("was made for");
    send(&mut browser, &page, &signature)
        .is(422)
        .says("does not match");
    let line = page.field("line");
    for changed in [
        line.replace("12:05:00", "13:05:00"),
        line.replace(HERE, "https://evil.example"),
        format!("{line}A"),
        String::new(),
    ] {
        let fields = [
            ("line", changed.as_str()),
            ("signature", signature.as_str()),
        ];
        browser
            .post("/sign-in/ssh", &fields)
            .is(422)
            .says("not a line that this browser was given");
    }
    assert!(!is_signed_in(&mut browser));
}

#[test]
fn a_session_that_was_planted_is_worth_nothing() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    let planted = "A".repeat(43);
    for value in [planted.as_str(), "", "A", &"A".repeat(9000), "\u{1}"] {
        if value.is_ascii() && !value.contains('\u{1}') {
            browser.set_cookie(SESSION, value);
            assert!(!is_signed_in(&mut browser));
        }
    }
    browser.set_cookie(SESSION, &planted);
    enter(&mut browser);
    let own = browser.cookie(SESSION).unwrap().to_owned();
    assert_ne!(own, planted);
    let mut attacker = portal.browser();
    attacker.set_cookie(SESSION, &planted);
    assert!(!is_signed_in(&mut attacker) && is_signed_in(&mut browser));
    // A session that somebody left in the browser ends when the next one signs in.
    let mut next = portal.browser();
    next.set_cookie("unrelated", "1");
    next.set_cookie(SESSION, &own);
    let line = next.get("/sign-in/ssh").is(303);
    assert_eq!(line.to(), "/");
}

#[test]
fn a_form_without_the_token_of_its_session_does_nothing() {
    let portal = Portal::usual();
    let (mut ada, mut eve) = (portal.browser(), portal.browser());
    enter(&mut ada);
    enter(&mut eve);
    let token = ada.get("/account").field("token");
    let foreign = eve.get("/account").field("token");
    assert_ne!(token, foreign);
    for path in [
        "/sign-out",
        "/account/tokens",
        "/account/sessions",
        "/account/tokens/end",
        "/desk/dns-record",
        "/act",
        "/act/take",
    ] {
        for forged in ["", &foreign, &token[1..], &token.to_lowercase()] {
            ada.post(path, &[("token", forged), ("name", "x"), ("days", "1")])
                .is(403);
        }
        ada.post(path, &[]).is(403);
        // A form that no browser makes, and one of another site.
        let json = [("content-type", "application/json")];
        ada.send("POST", path, None, &json).is(415);
        let elsewhere = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ];
        ada.send("POST", path, Some(&[("token", &token)]), &elsewhere)
            .is(403);
    }
    assert!(is_signed_in(&mut ada));
    ada.post("/sign-out", &[("token", &token)]).is(303);
    assert!(!is_signed_in(&mut ada));
}

#[test]
fn whoever_signed_out_is_out_whatever_is_sent_after_that() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    enter(&mut browser);
    let kept = browser.cookies.clone();
    let token = browser.get("/account").field("token");
    let got = browser.post("/sign-out", &[("token", &token)]).is(303);
    assert!(got.cookies()[0].contains("Max-Age=0"));
    browser.cookies = kept;
    assert!(!is_signed_in(&mut browser));
    assert_eq!(
        browser
            .post("/desk/dns-record", &[("token", &token)])
            .is(303)
            .to(),
        "/sign-in?next=%2Fdesk%2Fdns-record"
    );
}

#[test]
fn nobody_is_led_to_another_site() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    for evil in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "%0d%0aSet-Cookie:a=b",
        "/%09/evil.example",
        "/..//evil.example",
        "javascript:alert(1)",
    ] {
        let page = browser.get(&format!("/sign-in?next={evil}")).is(200);
        assert!(page.text.contains("/sign-in/ssh?next=%2F\""), "{evil}");
        assert!(!page.text.contains("evil.example"), "{evil}");
    }
    let home = Home::new();
    let (page, signature) = signed(&mut browser, &home, "/");
    let fields = [
        ("line", page.field("line")),
        ("next", "//evil.example\r\nSet-Cookie: a=b".to_owned()),
        ("signature", signature),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let got = browser.post("/sign-in/ssh", &fields).is(303);
    assert_eq!(got.to(), "/");
    for evil in ["//evil.example", "https://evil.example"] {
        assert_eq!(
            browser.get(&format!("/sign-in?next={evil}")).is(303).to(),
            "/"
        );
    }
}

#[test]
fn a_session_ends_with_its_time() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    enter(&mut browser);
    for _ in 0..3 {
        portal.wait(3 * 3600);
        assert!(is_signed_in(&mut browser));
    }
    portal.wait(3 * 3600);
    assert!(!is_signed_in(&mut browser), "it is twelve hours old");
    enter(&mut browser);
    portal.wait(4 * 3600);
    assert!(
        !is_signed_in(&mut browser),
        "it was not used for four hours"
    );
}

#[test]
fn who_somebody_is_and_what_they_see_is_asked_at_each_request() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    let key = enter(&mut browser);
    browser.get("/account").says("not known to the estate");
    portal.hands.knows(&key, "ada");
    portal
        .hands
        .trusted
        .lock()
        .unwrap()
        .insert("ada".to_owned());
    browser
        .get("/account")
        .says("/people/ada")
        .says("takeovers");
    browser.get("/services/service-1").is(200);
    portal.hands.trusted.lock().unwrap().clear();
    assert!(!browser.get("/account").text.contains("takeovers"));
    portal.hands.people.lock().unwrap().clear();
    browser.get("/account").says("not known to the estate");
}

#[test]
fn one_ends_ones_other_sessions_and_nobody_elses() {
    let portal = Portal::usual();
    let home = Home::new();
    let mut browsers = [portal.browser(), portal.browser(), portal.browser()];
    for browser in &mut browsers {
        let (page, signature) = signed(browser, &home, "/");
        send(browser, &page, &signature).is(303);
    }
    let mut eve = portal.browser();
    enter(&mut eve);
    let [one, two, three] = &mut browsers;
    let page = one.get("/account").is(200).says("this one");
    let token = page.field("token");
    let theirs = crate::browser::between(
        &two.get("/account").text,
        "<option value=\"all\"",
        "</select>",
    )
    .unwrap();
    let key = crate::browser::between(&theirs, "<option value=\"", "\"").unwrap();
    let foreign = eve.get("/account").field("token");
    eve.post(
        "/account/sessions",
        &[("token", &foreign), ("session", &key)],
    )
    .is(303);
    assert!(is_signed_in(one) && is_signed_in(two) && is_signed_in(three));
    one.post(
        "/account/sessions",
        &[("token", &token), ("session", "all")],
    )
    .is(303);
    assert!(
        is_signed_in(one) && !is_signed_in(two) && !is_signed_in(three) && is_signed_in(&mut eve)
    );
}

#[test]
fn a_token_is_shown_once_and_does_what_it_may() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    let key = enter(&mut browser);
    portal.hands.knows(&key, "ada");
    let form = browser.get("/account").field("token");
    let make = |browser: &mut Browser<'_>, scope: &str| {
        let fields = [
            ("token", form.as_str()),
            ("name", "nightly"),
            ("scope", scope),
            ("days", "30"),
        ];
        browser
            .post("/account/tokens", &fields)
            .is(200)
            .command("commonhold_")
    };
    let (reads, acts) = (make(&mut browser, "read"), make(&mut browser, "act"));
    assert!(
        !browser
            .get("/account")
            .says("nightly")
            .text
            .contains("commonhold_")
    );
    let mut program = portal.browser();
    let mut ask = |method: &str, path: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        let fields: &[(&str, &str)] = &[("name", "www"), ("form", "a"), ("days", "9")];
        let fields = (method == "POST").then_some(fields);
        program
            .send(method, path, fields, &[("authorization", &bearer)])
            .status
    };
    assert_eq!(ask("GET", "/account", &reads), 200);
    assert_eq!(ask("POST", "/desk/dns-record", &reads), 403);
    assert_eq!(ask("POST", "/desk/dns-record", &acts), 303);
    assert_eq!(portal.hands.asked.lock().unwrap().len(), 1);
    // One that made others would never end.
    assert_eq!(ask("POST", "/account/tokens", &acts), 403);
    assert_eq!(ask("GET", "/account", "commonhold_forged"), 303);
    portal.wait(31 * 24 * 3600);
    assert_eq!(ask("GET", "/account", &reads), 303);
}

#[test]
fn whoever_vouched_for_somebody_and_is_believed_no_more_vouches_for_nobody() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    enter(&mut browser);
    assert!(is_signed_in(&mut browser));
    let doubted = || portal.hands.doubted.lock().unwrap();
    doubted().insert(portal::sign_in::SSH_ISSUER.to_owned());
    assert!(!is_signed_in(&mut browser));
    doubted().clear();
    assert!(is_signed_in(&mut browser));
}

#[test]
fn nobody_signs_in_over_a_network_in_the_clear() {
    let now = "2026-01-15T12:00:00Z".parse().unwrap();
    for url in [
        "http://infra.example.org",
        "http://10.0.0.1:8080",
        "https://a'b.example",
    ] {
        let portal = Portal::reached_at(url, "sign_in: {ssh: true}", now);
        let mut browser = portal.browser();
        browser
            .get("/sign-in")
            .is(200)
            .says("not reached over https");
        browser.get("/sign-in/ssh").is(404);
        browser
            .post("/sign-in/ssh", &[("line", "a"), ("signature", "b")])
            .is(404);
    }
}

#[test]
fn a_password_that_a_proxy_asked_for_is_not_ours() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    enter(&mut browser);
    let proxy = [("authorization", "Basic YTpi")];
    browser.send("GET", "/account", None, &proxy).is(200);
}
