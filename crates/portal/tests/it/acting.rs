//! Acts, the desk and ballots, as pages.

use std::time::Duration;

use crate::browser::{Browser, Portal};
use crate::signing_in::enter;

/// A browser in which Ada is signed in, and what her forms send back.
fn ada(portal: &Portal) -> (Browser<'_>, String) {
    let mut browser = portal.browser();
    let key = enter(&mut browser);
    portal.hands.knows(&key, "ada");
    let token = browser.get("/account").field("token");
    (browser, token)
}

#[test]
fn an_act_is_shown_signed_and_taken() {
    let portal = Portal::usual();
    let (mut browser, token) = ada(&portal);
    let page = browser
        .get("/act?item=12&act=object&reason=too+%3Csoon%3E")
        .is(200)
        .says("ada wants to object 12.");
    let page = page
        .says("printf '%s' '&lt;&amp;&gt;'")
        .says("Nothing has happened yet");
    let statement = page.field("statement");
    assert_eq!(statement, "{\"act\":\"object\",\"item\":\"12\"}");
    let fields = |signature: &'static str| {
        vec![
            ("token", token.clone()),
            ("act", "object".to_owned()),
            ("item", "12".to_owned()),
            ("reason", page.field("reason")),
            ("statement", statement.clone()),
            ("signature", signature.to_owned()),
        ]
    };
    let mut send = |signature| {
        let fields = fields(signature);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser.post("/act/take", &fields)
    };
    let wrong = send("nonsense")
        .is(422)
        .says("This is not an SSH signature.");
    assert_eq!(wrong.field("reason"), "too <soon>");
    send("again").is(409).says("done already");
    let done = send("sound").is(303);
    assert_eq!(done.to(), "/services/service-1");
    assert!(done.cookies()[0].contains("HttpOnly"));
    browser
        .get("/services/service-1")
        .is(200)
        .says("You objected to &lt;12&gt;.");
    assert!(
        !browser
            .get("/services/service-1")
            .is(200)
            .text
            .contains("You objected")
    );
}

#[test]
fn what_is_missing_is_asked_for() {
    let portal = Portal::usual();
    let (mut browser, token) = ada(&portal);
    let page = browser
        .get("/act?item=12&act=object&group=sig-a")
        .is(422)
        .says("Say why you object.");
    assert_eq!(page.field("group"), "sig-a");
    let fields = [
        ("token", token.as_str()),
        ("item", "12"),
        ("act", "object"),
        ("group", "sig-a"),
        ("reason", "soon"),
    ];
    browser
        .post("/act", &fields)
        .is(200)
        .says("ada wants to object 12.");
}

#[test]
fn each_refusal_has_its_status() {
    let portal = Portal::usual();
    let (mut browser, _) = ada(&portal);
    for (act, status, said) in [
        ("second", 403, "Only members second."),
        ("vote", 409, "The vote is over."),
        ("raise", 503, "Another writes just now."),
        ("other", 404, "There is no such item."),
    ] {
        let got = browser
            .get(&format!("/act?item=12&act={act}"))
            .is(status)
            .says(said);
        assert_eq!(got.header("cache-control"), "private, no-store");
        assert_eq!(got.header("retry-after").is_empty(), status != 503);
    }
    browser.get("/act").is(404);
    let mut nobody = portal.browser();
    let to = nobody.get("/act?item=12&act=approve&reason=a%26b").is(303);
    assert_eq!(
        to.to(),
        "/sign-in?next=%2Fact%3Fact%3Dapprove%26item%3D12%26reason%3Da%2526b"
    );
    // Somebody whom the estate does not know is not led around in a circle.
    let mut eve = portal.browser();
    enter(&mut eve);
    eve.get("/act?item=12&act=approve")
        .is(403)
        .says("No person of the estate has this key.");
}

#[test]
fn a_form_that_is_sent_twice_asks_once() {
    let portal = Portal::usual();
    let (mut browser, token) = ada(&portal);
    browser
        .get("/desk")
        .is(200)
        .says("have a DNS record")
        .says("/desk/dns-record");
    let form = browser
        .get("/desk/dns-record")
        .is(200)
        .says("Within 3 days.");
    let once = form.field("form");
    let fields = |name: &'static str| {
        [
            ("token", token.clone()),
            ("form", once.clone()),
            ("name", name.to_owned()),
            ("why", "a\r\nb".to_owned()),
        ]
    };
    let send = |browser: &mut Browser<'_>, name| {
        let fields = fields(name);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser.post("/desk/dns-record", &fields)
    };
    // A mistake is shown beside what was typed, and the form can be sent again.
    let wrong = send(&mut browser, "w w")
        .is(422)
        .says("A name has no spaces.")
        .says("a\nb");
    assert_eq!(wrong.field("name"), "w w");
    assert_eq!(send(&mut browser, "www").is(303).to(), "/desk/requests/r1");
    assert_eq!(send(&mut browser, "www").is(303).to(), "/desk/requests/r1");
    assert_eq!(portal.hands.asked.lock().unwrap().len(), 1);
    assert_eq!(portal.hands.asked.lock().unwrap()[0]["why"], "a\nb");
    browser.get("/desk/requests/r1").is(200).says("Record www");
    browser.get("/desk/requests").is(200).says("Record www");
    browser.get("/desk/requests/r9").is(404);
    browser.get("/desk/nothing").is(404);
    // Another form is another request, and another person's form of the same word is theirs.
    let (mut bob, bobs) = ada(&portal);
    bob.post(
        "/desk/dns-record",
        &[("token", &bobs), ("form", &once), ("name", "b")],
    )
    .is(303);
    assert_eq!(portal.hands.asked.lock().unwrap().len(), 2);
    assert!(
        !bob.get("/desk/requests")
            .is(200)
            .text
            .contains("Record www")
    );
}

#[test]
fn of_two_forms_that_are_sent_at_once_one_asks() {
    let portal = Portal::usual();
    let (mut browser, token) = ada(&portal);
    *portal.hands.slow.lock().unwrap() = Duration::from_millis(300);
    let once = browser.get("/desk/dns-record").field("form");
    let cookies = browser.cookies.clone();
    let leads: Vec<String> = std::thread::scope(|scope| {
        let sent = || {
            let mut browser = portal.browser();
            browser.cookies = cookies.clone();
            let fields = [
                ("token", token.as_str()),
                ("form", once.as_str()),
                ("name", "www"),
                ("why", "x"),
            ];
            browser
                .post("/desk/dns-record", &fields)
                .is(303)
                .to()
                .to_owned()
        };
        let all = [scope.spawn(sent), scope.spawn(sent), scope.spawn(sent)];
        all.map(|one| one.join().unwrap()).to_vec()
    });
    assert_eq!(leads, ["/desk/requests/r1"; 3]);
    assert_eq!(portal.hands.asked.lock().unwrap().len(), 1);
}

#[test]
fn whoever_is_not_signed_in_is_asked_to_before_asking() {
    let portal = Portal::usual();
    let mut browser = portal.browser();
    let page = browser.get("/desk/dns-record").is(200);
    assert!(page.text.contains("/sign-in?next="), "{}", page.text);
    let got = browser.post("/desk/dns-record", &[("name", "www")]).is(303);
    assert_eq!(got.to(), "/sign-in?next=%2Fdesk%2Fdns-record");
    assert_eq!(
        browser.get("/desk/requests").is(303).to(),
        "/sign-in?next=%2Fdesk%2Frequests"
    );
    assert!(portal.hands.asked.lock().unwrap().is_empty());
}

#[test]
fn a_blind_ballot_is_nobodys() {
    let portal = Portal::usual();
    let (mut browser, _) = ada(&portal);
    let path = "/elections/steering/2026/ballot";
    let page = browser
        .get(path)
        .is(200)
        .says("You are not asked who you are");
    assert!(
        page.cookies().is_empty() && !page.text.contains("/sign-out"),
        "{}",
        page.text
    );
    assert_eq!(page.field("token"), "");
    browser
        .post(path, &[("token", "t"), ("ranks", "")])
        .is(422)
        .says("Rank somebody.");
    let receipt = browser
        .post(path, &[("token", "t"), ("ranks", "ada")])
        .is(200)
        .says("receipt-1");
    assert!(receipt.cookies().is_empty());
    assert_eq!(receipt.header("cache-control"), "private, no-store");
    let voted = portal.hands.voted.lock().unwrap();
    assert!(voted.len() == 1 && voted[0].identity.is_none() && voted[0].person.is_none());
    drop(voted);
    // No other site casts it, either.
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let fields: &[(&str, &str)] = &[("token", "t"), ("ranks", "eve")];
    browser.send("POST", path, Some(fields), &elsewhere).is(403);
    assert_eq!(portal.hands.voted.lock().unwrap().len(), 1);
}

#[test]
fn another_ballot_is_that_of_whoever_signed_in() {
    let portal = Portal::usual();
    let path = "/elections/budget/ballot";
    assert_eq!(
        portal.browser().get(path).is(303).to(),
        "/sign-in?next=%2Felections%2Fbudget%2Fballot"
    );
    assert_eq!(
        portal.browser().post(path, &[("ranks", "a")]).is(303).to(),
        "/sign-in?next=%2Felections%2Fbudget%2Fballot"
    );
    let (mut browser, token) = ada(&portal);
    browser.get(path).is(200);
    browser.post(path, &[("ranks", "a")]).is(403);
    browser
        .post(path, &[("token", &token), ("ranks", "a")])
        .is(200)
        .says("receipt-1");
    assert_eq!(
        portal.hands.voted.lock().unwrap()[0].person.as_deref(),
        Some("ada")
    );
    browser.get("/elections/none/ballot").is(404);
    // The token of a voter is asked for by somebody, and signed once it is pasted.
    let path = "/elections/steering/2026/token";
    browser.get(path).is(200).says("elect ask");
    browser
        .post(path, &[("token", &token), ("blinded", " ")])
        .is(422)
        .says("Paste the request.");
    browser
        .post(path, &[("token", &token), ("blinded", " {1} ")])
        .is(200)
        .says("signed {1}");
    portal.browser().get(path).is(303);
}
