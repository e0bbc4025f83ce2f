//! `kill -9` anywhere in a tick, and two ticks at once: all is there once.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use commonhold::clock;
use serde_json::Value;
use testkit::servers::exim::Exim;
use testkit::servers::{or_skip, wait_until};

use super::assembly::{Assembly, CHARTER};
use super::silence::header;

/// How often a tick is killed, spread over the time that one takes.
const KILLS: u32 = 24;

fn start(it: &Assembly) -> Child {
    let mut command = it.command("decide tick");
    let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("the program")
}

/// One more policy, proposed by the real clock, with an approval and an objection on it.
fn one_more(it: &Assembly, number: u32) {
    it.at(&clock::now().to_string());
    let item = it.proposes("ada", "policy", &format!("Policy of day {number}"));
    it.by("bob", &format!("object {item} --reason 'too many of them'"));
}

fn community(server: &Exim) -> Assembly {
    let it = Assembly::starting(CHARTER, &clock::now().to_string());
    it.set(
        "COMMONHOLD_SMTP",
        &format!(
            "smtp://127.0.0.1:{}?from=decisions@example.org",
            server.port()
        ),
    );
    it
}

/// Each event received once, each item with one number, each list told once of each item, and
/// what lies in the estate is what the ledger holds.
fn assert_once(it: &Assembly, server: &Exim, items: usize) {
    it.at(&clock::now().to_string());
    it.ticks();
    let said = it.ticks();
    assert_eq!(
        (said.out.as_str(), said.err.as_str()),
        ("", ""),
        "all is done"
    );
    let received = it.records("decision.received");
    let of = |key: &str| -> BTreeSet<String> {
        let values = received.iter().map(|one| &one["body"][key]);
        let there = values.filter(|value| !value.is_null());
        there.map(Value::to_string).collect()
    };
    assert_eq!(received.len(), 2 * items);
    assert_eq!(of("event").len(), 2 * items, "each event once");
    let numbers: BTreeSet<String> = (1..=items).map(|number| number.to_string()).collect();
    assert_eq!(of("number"), numbers, "one number an item");
    let told = it.records("decision.told");
    let of_item = |one: &Value| format!("{} {}", one["body"]["item"], one["body"]["channel"]);
    let each: BTreeSet<String> = told.iter().map(of_item).collect();
    assert_eq!((told.len(), each.len()), (2 * items, 2 * items));

    // A mail may come again after a crash, but it is the same mail.
    let ids = || -> BTreeSet<String> {
        let mails = server.mails("dev");
        mails
            .iter()
            .map(|mail| header(mail, "Message-ID"))
            .collect()
    };
    assert!(wait_until(Duration::from_secs(60), || ids().len() >= items));
    assert_eq!(ids().len(), items);
    for item in 1..=items {
        assert_eq!(it.state(&item.to_string()).0, "blocked");
    }
    it.runs("decide render --check").ends(0, "");
    it.commit("Decisions");
    let (items, entries) = (format!("{items} items"), 4 * items);
    it.runs("decide verify").ends(
        0,
        &format!("{items} with {entries} entries are as they were received"),
    );
    it.runs("ledger verify").ends(0, "the ledger is whole");
}

#[test]
fn a_tick_that_is_killed_anywhere_is_done_by_the_next() {
    let Some(server) = or_skip(Exim::start(&["dev", "infra"])) else {
        return;
    };
    let it = community(&server);
    one_more(&it, 0);
    let began = Instant::now();
    let done = start(&it).wait_with_output().expect("a tick");
    assert!(done.status.success(), "{done:?}");
    let whole = began.elapsed();
    let mut killed = 0;
    for number in 1..=KILLS {
        one_more(&it, number);
        let mut run = start(&it);
        let ended = wait_until(whole * number / KILLS, || {
            run.try_wait().expect("a child").is_some()
        });
        if !ended {
            run.kill().expect("a child");
            killed += 1;
        }
        run.wait().expect("a child");
        it.runs("decide verify").ends(0, "as they were received");
    }
    assert!(killed > KILLS / 2, "{killed} of {KILLS} were killed");
    assert_once(&it, &server, KILLS as usize + 1);
}

#[test]
fn two_ticks_at_once_do_what_one_does() {
    let Some(server) = or_skip(Exim::start(&["dev", "infra"])) else {
        return;
    };
    let it = community(&server);
    for number in 0..4 {
        one_more(&it, number);
        let runs: Vec<Child> = (0..3).map(|_| start(&it)).collect();
        let mut done = 0;
        for run in runs {
            let output = run.wait_with_output().expect("a tick");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => done += 1,
                code => assert!(code == Some(1) && said.contains("decisions"), "{said}"),
            }
        }
        assert!(done > 0, "none of them came to an end");
    }
    assert_once(&it, &server, 4);
}
