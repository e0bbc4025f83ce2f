//! The hands over a small community in Git, whose zone is a folder of files.

mod ballots;
mod elsewhere;
mod scene;

use std::collections::BTreeMap;

use portal::model::{Part, StepState};
use portal::{Hands, Page, Refusal, Signed};

use scene::{Scene, act, known, stranger};

fn www2() -> BTreeMap<String, String> {
    answers(&[
        ("do", "add"),
        ("zone", "example.org"),
        ("name", "www2"),
        ("type", "A"),
        ("values", "192.0.2.22\r\n192.0.2.23"),
        ("why", "The second site"),
    ])
}

fn answers(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// The steps of a request that are done.
fn done(page: &Page) -> Vec<String> {
    let steps = page.parts.iter().find_map(|part| match part {
        Part::Steps(steps) => Some(steps),
        _ => None,
    });
    let steps = steps.expect("steps").iter();
    steps
        .filter(|step| step.state == StepState::Done)
        .map(|step| step.title.clone())
        .collect()
}

#[test]
fn a_record_is_asked_for_reviewed_merged_and_applied() {
    let scene = Scene::new();
    let cy = known("cy");
    let asked = scene
        .hands()
        .ask(&cy, "dns-record", &www2(), None)
        .expect("a request");
    let again = scene
        .hands()
        .ask(&cy, "dns-record", &www2(), None)
        .expect("the same");
    assert_eq!(asked, again);
    let page = scene.hands().request(&cy, &asked.id).expect("its page");
    assert_eq!(done(&page), ["Received", "Planned"]);
    assert!(!scene.text("dns/example.org.yaml").contains("192.0.2.22"));

    let plan = scene.plan();
    let mine = scene
        .hands()
        .prepare(&cy, &act("approve", &plan, &[]))
        .expect("a statement");
    assert!(
        mine.says.contains("You are an author of it"),
        "{}",
        mine.says
    );
    let to_sign = scene
        .hands()
        .prepare(&known("bob"), &act("approve", &plan, &[]))
        .expect("a statement");
    assert!(
        to_sign.says.starts_with("You approve 1 change"),
        "{}",
        to_sign.says
    );
    let signed = scene.sign(&to_sign, "bob");
    let other = scene.hands().take(&known("ada"), &signed);
    assert!(matches!(other, Err(Refusal::Forbidden(_))), "{other:?}");
    let taken = scene.hands().take(&known("bob"), &signed).expect("taken");
    assert_eq!(taken.to, format!("/desk/requests/{}", asked.id));
    assert!(
        scene.text("dns/example.org.yaml").contains("192.0.2.22"),
        "{}",
        taken.says
    );
    let commits = scene.commits();
    // The same once more is the same, although the request is merged by now.
    scene
        .hands()
        .take(&known("bob"), &signed)
        .expect("taken already");
    assert_eq!(scene.commits(), commits);

    let page = scene.hands().request(&cy, &asked.id).expect("its page");
    assert_eq!(done(&page), ["Received", "Planned", "Reviewed", "Merged"]);
    assert_eq!(
        scene.hands().apply_ready(),
        [format!("{}: applied", asked.id)]
    );
    assert!(scene.served().contains("192.0.2.23"));
    let page = scene
        .hands()
        .request(&portal::Reader::anybody(), &asked.id)
        .expect("its page");
    assert_eq!(done(&page).last().map(String::as_str), Some("Applied"));
}

#[test]
fn an_objection_holds_a_request_and_a_strangers_needs_one_more_approval() {
    let scene = Scene::new();
    let asked = scene
        .hands()
        .ask(&stranger("dana"), "dns-record", &www2(), None)
        .expect("a request");
    let plan = scene.plan();
    let object = scene.hands().prepare(
        &known("ada"),
        &act("object", &plan, &[("reason", "who pays?")]),
    );
    scene
        .hands()
        .take(
            &known("ada"),
            &scene.sign(&object.expect("a statement"), "ada"),
        )
        .expect("taken");
    for person in ["bob", "dora"] {
        let approve = scene
            .hands()
            .prepare(&known(person), &act("approve", &plan, &[]))
            .expect("a statement");
        scene
            .hands()
            .take(&known(person), &scene.sign(&approve, person))
            .expect("taken");
    }
    assert_eq!(scene.hands().settle(None), Vec::<String>::new());
    assert!(!scene.text("dns/example.org.yaml").contains("192.0.2.22"));
    let event = scene.branch_event(&asked.id, "object");
    let withdraw = scene
        .hands()
        .prepare(&known("ada"), &act("withdraw", &plan, &[("event", &event)]));
    scene
        .hands()
        .take(
            &known("ada"),
            &scene.sign(&withdraw.expect("a statement"), "ada"),
        )
        .expect("taken");
    assert!(scene.text("dns/example.org.yaml").contains("192.0.2.22"));
    let author = scene.git(&[
        "log",
        "-1",
        "--format=%an <%ae> %cn",
        &format!("refs/requests/{}", asked.id),
    ]);
    assert!(
        author.starts_with("dana <") && author.trim().ends_with("@desk.invalid> dana"),
        "{author}"
    );
}

#[test]
fn a_request_that_others_overtook_is_done_once_more_and_keeps_what_was_signed() {
    let scene = Scene::new();
    let asked = scene
        .hands()
        .ask(&stranger("dana"), "dns-record", &www2(), None)
        .expect("a request");
    let approve = scene
        .hands()
        .prepare(&known("bob"), &act("approve", &scene.plan(), &[]))
        .expect("a statement");
    scene
        .hands()
        .take(&known("bob"), &scene.sign(&approve, "bob"))
        .expect("taken");
    // Somebody writes at the very place where the request does, and that is applied.
    let zone = scene.text("dns/example.org.yaml");
    scene.write(
        "dns/example.org.yaml",
        &format!("{zone}www1:\n  type: A\n  ttl: 300\n  value: 192.0.2.11\n"),
    );
    scene.commit("cy", "Another host");
    scene.runs("plan --out .commonhold/other.json");
    scene.runs(&format!(
        "approve .commonhold/other.json --key {}",
        scene.key("ada")
    ));
    scene.commit("ada", "Approve");
    scene.runs("apply .commonhold/other.json");
    let said = scene.hands().settle(None);
    assert!(
        said.iter().any(|line| line.contains("once more")),
        "{said:?}"
    );
    scene.hands().settle(None);
    let approve = scene.hands().prepare(
        &known("dora"),
        &act("approve", &scene.plan_of(&asked.id), &[]),
    );
    scene
        .hands()
        .take(
            &known("dora"),
            &scene.sign(&approve.expect("a statement"), "dora"),
        )
        .expect("taken");
    let zone = scene.text("dns/example.org.yaml");
    assert!(
        zone.contains("192.0.2.22") && zone.contains("192.0.2.11"),
        "{zone}"
    );
}

#[test]
fn what_is_asked_wrongly_is_told_of_its_field() {
    let scene = Scene::new();
    for (field, value) in [
        ("values", "not an address"),
        ("values", ""),
        ("name", "www.example.net."),
        ("name", "a b"),
        ("type", "AXFR"),
        ("zone", "example.net"),
        ("why", ""),
        ("ttl", "soon"),
    ] {
        let mut wrong = www2();
        wrong.insert(field.to_owned(), value.to_owned());
        let problems = scene
            .hands()
            .ask(&stranger("dana"), "dns-record", &wrong, None)
            .expect_err(value);
        assert_eq!(problems[0].field, field, "{value}: {problems:?}");
    }
    let mut there = www2();
    there.insert("name".to_owned(), "www".to_owned());
    let problems = scene
        .hands()
        .ask(&stranger("dana"), "dns-record", &there, None)
        .expect_err("a double");
    assert!(
        problems[0].what.contains("is there already"),
        "{problems:?}"
    );
    let nobody = scene
        .hands()
        .ask(&portal::Reader::anybody(), "dns-record", &www2(), None);
    assert!(nobody.is_err());
}

#[test]
fn nobody_has_more_open_requests_than_can_be_looked_at() {
    let scene = Scene::new();
    let ask = |number: usize| {
        let mut one = www2();
        one.insert("name".to_owned(), format!("host{number}"));
        scene
            .hands()
            .ask(&stranger("dana"), "dns-record", &one, None)
    };
    for number in 0..10 {
        ask(number).expect("a request");
    }
    let problems = ask(10).expect_err("one too many");
    assert!(problems[0].what.contains("not settled"), "{problems:?}");
    ask(3).expect("one of those");
}

#[test]
fn money_is_asked_for_signed_by_whoever_asks_and_voted_on() {
    let scene = Scene::new();
    let wanted = answers(&[
        ("for", "a build machine"),
        ("amount", "1200.00 USD"),
        ("to", "a shop"),
        ("why", "Ours is broken."),
    ]);
    let refused = scene
        .hands()
        .ask(&stranger("dana"), "money", &wanted, None)
        .expect_err("no key");
    assert!(refused[0].what.contains("SSH key"), "{refused:?}");
    let asked = scene
        .hands()
        .ask(&known("cy"), "money", &wanted, None)
        .expect("a request");
    let page = scene
        .hands()
        .request(&known("cy"), &asked.id)
        .expect("its page");
    assert_eq!(
        page.state.as_ref().map(|(_, word)| word.as_str()),
        Some("to be signed")
    );
    let propose = act("propose", &asked.id, &[]);
    assert!(matches!(
        scene.hands().prepare(&known("bob"), &propose),
        Err(Refusal::Forbidden(_))
    ));
    let to_sign = scene
        .hands()
        .prepare(&known("cy"), &propose)
        .expect("a statement");
    let done = scene
        .hands()
        .take(&known("cy"), &scene.sign(&to_sign, "cy"))
        .expect("taken");
    assert_eq!(done.to, format!("/desk/requests/{}", asked.id));
    for person in ["ada", "bob"] {
        let vote = scene
            .hands()
            .prepare(
                &known(person),
                &act("vote", &asked.id, &[("choice", "yes")]),
            )
            .expect("a statement");
        let signed = scene.sign(&vote, person);
        let once = scene.hands().take(&known(person), &signed).expect("taken");
        assert!(!once.says.contains("would not count"), "{}", once.says);
        let commits = scene.commits();
        scene
            .hands()
            .take(&known(person), &signed)
            .expect("taken already");
        assert_eq!(scene.commits(), commits);
    }
    let page = scene
        .hands()
        .request(&known("cy"), &asked.id)
        .expect("its page");
    assert_eq!(
        page.state.as_ref().map(|(_, word)| word.as_str()),
        Some("accepted")
    );
    assert_eq!(scene.git(&["status", "--porcelain"]), "");
}

#[test]
fn the_desk_proposes_with_its_own_key_for_whoever_has_none() {
    let scene = Scene::with_desk_key();
    let wanted = answers(&[
        ("for", "travel"),
        ("amount", "80 EUR"),
        ("to", "dana"),
        ("why", "A meeting."),
    ]);
    let asked = scene
        .hands()
        .ask(&stranger("dana"), "money", &wanted, None)
        .expect("a request");
    let again = scene
        .hands()
        .ask(&stranger("dana"), "money", &wanted, None)
        .expect("the same");
    assert_eq!(asked, again);
    let page = scene
        .hands()
        .request(&stranger("dana"), &asked.id)
        .expect("its page");
    assert_eq!(
        page.state.as_ref().map(|(_, word)| word.as_str()),
        Some("open")
    );
    let text = scene.text(&format!("decisions/{}/proposal.md", asked.id));
    assert!(
        text.contains("Asked for at the front desk by dana"),
        "{text}"
    );
}

#[test]
fn what_a_crash_left_is_committed_at_the_next_start() {
    let scene = Scene::new();
    let wanted = answers(&[
        ("for", "tea"),
        ("amount", "8 EUR"),
        ("to", "a shop"),
        ("why", "Thirst."),
    ]);
    let asked = scene
        .hands()
        .ask(&known("cy"), "money", &wanted, None)
        .expect("a request");
    let to_sign = scene
        .hands()
        .prepare(&known("cy"), &act("propose", &asked.id, &[]))
        .expect("a statement");
    scene
        .hands()
        .take(&known("cy"), &scene.sign(&to_sign, "cy"))
        .expect("taken");
    let vote = scene
        .hands()
        .prepare(&known("ada"), &act("vote", &asked.id, &[("choice", "yes")]))
        .expect("a statement");
    let event = super::signing::event(&scene.sign(&vote, "ada")).expect("an event");
    scene.write(&event.path(), &event.text());
    scene.write("decisions/notes.txt", "mine");
    let scene = scene.restarted();
    let lying = scene.git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(lying.trim(), "?? decisions/notes.txt");
    let votes = scene.text(&format!("decisions/{}/events.jsonl", asked.id));
    assert_eq!(votes.lines().count(), 2, "{votes}");
}

#[test]
fn an_act_is_acknowledged_once_it_is_where_the_estate_is_followed_from() {
    let scene = Scene::followed();
    let wanted = answers(&[
        ("for", "tea"),
        ("amount", "8 EUR"),
        ("to", "a shop"),
        ("why", "Thirst."),
    ]);
    let asked = scene
        .hands()
        .ask(&known("cy"), "money", &wanted, None)
        .expect("a request");
    let to_sign = scene
        .hands()
        .prepare(&known("cy"), &act("propose", &asked.id, &[]))
        .expect("a statement");
    // Others push meanwhile.
    scene.elsewhere("notes.md", "Something else");
    scene
        .hands()
        .take(&known("cy"), &scene.sign(&to_sign, "cy"))
        .expect("taken");
    assert_eq!(scene.remote_head(), scene.git(&["rev-parse", "HEAD"]));
    assert_eq!(scene.text("notes.md"), "Something else");
    let vote = scene
        .hands()
        .prepare(&known("ada"), &act("vote", &asked.id, &[("choice", "yes")]))
        .expect("a statement");
    let signed = scene.sign(&vote, "ada");
    scene.cut_off();
    let refused = scene
        .hands()
        .take(&known("ada"), &signed)
        .expect_err("not acknowledged");
    assert!(
        matches!(&refused, Refusal::Later(said) if !said.contains("remote.git")),
        "{refused:?}"
    );
    scene.reconnect();
    scene.hands().take(&known("ada"), &signed).expect("taken");
    assert_eq!(scene.remote_head(), scene.git(&["rev-parse", "HEAD"]));
}

#[test]
fn what_was_altered_or_is_of_another_text_is_refused() {
    let scene = Scene::new();
    let wanted = answers(&[
        ("for", "tea"),
        ("amount", "8 EUR"),
        ("to", "a shop"),
        ("why", "Thirst."),
    ]);
    let asked = scene
        .hands()
        .ask(&known("cy"), "money", &wanted, None)
        .expect("a request");
    let to_sign = scene
        .hands()
        .prepare(&known("cy"), &act("propose", &asked.id, &[]))
        .expect("a statement");
    scene
        .hands()
        .take(&known("cy"), &scene.sign(&to_sign, "cy"))
        .expect("taken");
    let vote = scene
        .hands()
        .prepare(&known("ada"), &act("vote", &asked.id, &[("choice", "yes")]))
        .expect("a statement");
    let signed = scene.sign(&vote, "ada");
    let altered = Signed {
        statement: signed.statement.replace("yes", "no"),
        ..signed.clone()
    };
    assert!(matches!(
        scene.hands().take(&known("ada"), &altered),
        Err(Refusal::Forbidden(_))
    ));
    let nobody = scene.hands().take(&portal::Reader::anybody(), &signed);
    assert!(matches!(nobody, Err(Refusal::SignIn(_))));
    let path = format!("decisions/{}/proposal.md", asked.id);
    scene.write(&path, "Something else");
    assert!(matches!(
        scene.hands().take(&known("ada"), &signed),
        Err(Refusal::Conflict(_))
    ));
    let unknown = scene.hands().prepare(
        &known("ada"),
        &act("vote", "no-such-item-00000000", &[("choice", "yes")]),
    );
    assert!(matches!(unknown, Err(Refusal::Unknown(_))), "{unknown:?}");
}
