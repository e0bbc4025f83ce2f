//! Notice that is really given, or the clock stands.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use testkit::servers::exim::Exim;
use testkit::servers::{or_skip, wait_until};

use super::assembly::Assembly;
use super::silence::{header, mails_by, subjects};

/// The line of a group's file that says where its list is.
const LIST: &str = "infra@example.org";

fn its_list_is(it: &Assembly, from: &str, to: &str) {
    it.edit("groups/infra.yaml", from, to);
    it.merge("another list");
}

#[test]
fn a_list_that_refuses_its_mail_keeps_the_item_from_opening() {
    let Some(server) = or_skip(Exim::start(&["dev", "ops"])) else {
        return;
    };
    let it = mails_by(&server);
    let item = it.proposes("ada", "policy", "Nobody hears of it");
    let said = it.ticks_at("2026-03-02T10:05:00Z");
    let why = format!("{item}: infra is not told yet");
    assert!(said.err.contains(&why), "{}", said.err);
    assert!(
        said.err.contains("550"),
        "what the server said: {}",
        said.err
    );
    let said = it
        .runs("decide status 1")
        .ends(5, "noticed since 2026-03-02T10:05:00Z");
    assert!(said.out.contains("not told yet: infra"), "{}", said.out);
    // However long it takes: nobody kept silent who was not asked. The other list is not told twice.
    it.ticks_at("2026-03-20T00:00:00Z");
    assert_eq!(it.state("1").0, "noticed");
    subjects(&server, "dev", 1);

    its_list_is(&it, LIST, "ops@example.org");
    it.ticks_at("2026-03-20T10:00:00Z")
        .ends(0, "told infra: the mail server 127.0.0.1");
    assert_eq!(
        it.state("1"),
        ("open".to_owned(), "2026-03-20T10:00:00Z".to_owned())
    );
    subjects(&server, "ops", 1);
    subjects(&server, "dev", 1);
}

#[test]
fn a_server_that_is_away_or_busy_is_asked_again() {
    let Some(mut server) = or_skip(Exim::start(&["dev", "infra"])) else {
        return;
    };
    let it = mails_by(&server);
    its_list_is(&it, LIST, "busy@example.org");
    it.proposes("ada", "policy", "Busy");
    let said = it.ticks();
    assert!(said.err.contains("451"), "{}", said.err);
    server.kill();
    its_list_is(&it, "busy@example.org", LIST);
    let said = it.ticks_at("2026-03-02T11:00:00Z");
    assert!(said.err.contains("did not take it now"), "{}", said.err);
    assert_eq!(it.state("1").0, "noticed");
    server.start_again();
    it.ticks_at("2026-03-02T12:00:00Z");
    assert_eq!(it.state("1").0, "open");
    subjects(&server, "infra", 1);
}

#[test]
fn what_comes_back_takes_the_time_back_until_the_address_is_mended() {
    let Some(server) = or_skip(Exim::start(&["dev", "ops", "bounces"])) else {
        return;
    };
    let it = mails_by(&server);
    its_list_is(&it, LIST, "infra@late.example.org");
    let item = it.proposes("ada", "policy", "It comes back");
    it.ticks_at("2026-03-02T10:05:00Z");
    assert_eq!(it.state("1").0, "open", "the server took it");
    subjects(&server, "bounces", 1);
    let mailbox = server.mailbox("bounces");
    let tick = format!("decide tick --mailbox {}", mailbox.display());
    it.at("2026-03-02T11:00:00Z");
    it.runs(&tick)
        .ends(0, &format!("{item}: infra was not told: "));
    assert_eq!(
        it.state("1"),
        ("noticed".to_owned(), "2026-03-02T11:00:00Z".to_owned())
    );
    // Not again to where it came back from; the same letter says nothing new.
    let said = it.runs(&tick).ends(0, "infra is not told again");
    assert!(!said.out.contains("was not told"), "{}", said.out);
    it.at("2026-03-10T00:00:00Z");
    it.runs(&tick);
    assert_eq!(it.state("1").0, "noticed");
    assert_eq!(server.mails("bounces").len(), 1);

    its_list_is(&it, "infra@late.example.org", "ops@example.org");
    it.at("2026-03-10T10:00:00Z");
    it.runs(&tick).ends(0, "told infra");
    assert_eq!(
        it.state("1"),
        ("open".to_owned(), "2026-03-10T10:00:00Z".to_owned())
    );
    subjects(&server, "ops", 1);
    subjects(&server, "dev", 1);
    it.ticks_at("2026-03-20T00:00:00Z");
    it.runs("decide status 1").ends(0, "in force");
    it.commit("Decisions");
    it.runs("decide verify").ends(0, "as they were received");
}

/// Anybody can send mail to the address where bounces come in.
#[test]
fn a_bounce_of_nothing_that_was_sent_takes_nothing_back() {
    let Some(server) = or_skip(Exim::start(&["dev", "infra"])) else {
        return;
    };
    let it = mails_by(&server);
    it.proposes("ada", "policy", "Forged");
    it.ticks();
    subjects(&server, "infra", 1);
    let id = header(&server.mails("infra")[0], "Message-ID");
    let bounce = |id: &str, whom: &str| {
        format!(
            "From: mailer-daemon@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nno\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {whom}\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\n\n--b--\n"
        )
    };
    let other = format!("<{}@example.org>", "0".repeat(64));
    let folder = it.beside("mail");
    std::fs::create_dir_all(&folder).expect("a folder");
    let letter = |name: &str, text: &str| crate::support::write(&folder.join(name), text);
    letter("1.eml", &bounce(&other, "infra@example.org"));
    letter("2.eml", &bounce(&id, "somebody@example.org"));
    letter("3.eml", "Subject: hello\n\nhow are you\n");
    letter("4.eml", "\0\u{feff}: : :\n--b\n--b--");
    let tick = format!("decide tick --mailbox {}", folder.display());
    it.runs(&tick).ends(0, "");
    assert_eq!(it.state("1").0, "open");
    // The test's own forms are those of real ones.
    it.at("2026-03-02T11:00:00Z");
    letter("5.eml", &bounce(&id, "infra@example.org"));
    it.runs(&tick)
        .ends(0, "infra was not told: infra@example.org");
    assert_eq!(it.state("1").0, "noticed");
    it.runs("decide tick --mailbox /nowhere/at/all")
        .ends(1, "/nowhere/at/all cannot be read");
}

/// A web server that answers so many requests, each with a status, and tells what it was sent.
fn listens(answers: &'static [&'static str]) -> (u16, Receiver<(String, String)>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().expect("a request");
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                assert!(reader.read_line(&mut head).expect("a line") > 0, "{head}");
            }
            let length = head
                .lines()
                .find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    name.eq_ignore_ascii_case("content-length")
                        .then(|| value.trim().parse().ok())?
                })
                .expect("a length");
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let answer =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            reader
                .get_mut()
                .write_all(answer.as_bytes())
                .expect("an answer");
            let body = String::from_utf8(body).expect("UTF-8");
            sender.send((head.to_lowercase(), body)).expect("the test");
        }
    });
    (port, receiver)
}

#[test]
fn a_webhook_is_asked_until_it_says_yes_and_once_for_each_thing() {
    let (port, heard) = listens(&["500 Oh", "204 No Content", "204 No Content"]);
    let it = Assembly::new();
    it.drops_notice();
    its_list_is(&it, LIST, &format!("'http://127.0.0.1:{port}/hook/s3cret'"));
    it.proposes("ada", "policy", "By the web");
    let said = it.ticks();
    assert!(
        said.err.contains("COMMONHOLD_WEBHOOK_SECRET"),
        "{}",
        said.err
    );
    it.set("COMMONHOLD_WEBHOOK_SECRET", "a-secret-of-sixteen-or-more");
    let said = it.ticks();
    assert!(said.err.contains("infra is not told yet"), "{}", said.err);
    assert!(!said.err.contains("s3cret"), "its address: {}", said.err);
    assert_eq!(it.state("1").0, "noticed");
    it.ticks_at("2026-03-02T11:00:00Z").ends(0, "told infra");
    assert_eq!(it.state("1").0, "open");
    it.ticks();
    let wait = Duration::from_secs(30);
    let first = heard.recv_timeout(wait).expect("a request");
    let second = heard.recv_timeout(wait).expect("a request");
    assert_eq!(first.1, second.1, "sent again, it is the same message");
    for (head, _) in [&first, &second] {
        assert!(head.contains("commonhold-signature: sha256="), "{head}");
        assert!(head.contains("idempotency-key: "), "{head}");
    }
    assert!(second.1.contains("By the web"), "{}", second.1);
    // The outcome is the third request, and there is no fourth.
    it.ticks_at("2026-03-06T00:00:00Z");
    it.ticks();
    assert!(wait_until(wait, || heard.try_recv().is_ok()));
    let journal = it.records("decision.told");
    assert!(
        !format!("{journal:?}").contains("s3cret"),
        "no secret is written down"
    );
}

/// Most lists have a page: whatever it answers, nobody was told by asking it.
#[test]
fn the_page_of_a_list_is_no_webhook_and_its_leads_are_told_instead() {
    let it = Assembly::new();
    let folder = it.drops_notice();
    its_list_is(&it, LIST, "https://lists.example.org/g/infra");
    it.set("COMMONHOLD_WEBHOOK_SECRET", "a-secret-of-sixteen-or-more");
    it.proposes("ada", "policy", "To the leads");
    it.ticks().ends(0, "told infra");
    let files = std::fs::read_dir(folder).expect("a folder").flatten();
    let texts = files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    let texts: Vec<String> = texts.collect();
    assert!(
        texts
            .iter()
            .any(|text| text
                .contains(r#""to":["ada@example.org","bob@example.org","cy@example.org"]"#)),
        "{texts:#?}"
    );
}

#[test]
fn whoever_told_them_by_hand_writes_that_down() {
    let it = Assembly::new();
    it.edit(
        "charter.yaml",
        "to: [development-list, infra]",
        "to: [steering]",
    );
    for person in ["bob", "cy", "dora", "eve", "fay"] {
        let file = format!("people/{person}.yaml");
        it.edit(&file, &format!("email: {person}@example.org\n"), "");
    }
    it.merge("steering has no addresses");
    it.proposes("ada", "policy", "In the meeting");
    let said = it.ticks();
    assert!(
        said.err.contains("commonhold decide notice"),
        "{}",
        said.err
    );
    assert_eq!(it.state("1").0, "noticed");
    let notice = "notice 1 --to steering --seen-at";
    it.tries("bob", &format!("{notice} yesterday"))
        .ends(1, "no URL");
    it.at("2026-03-02T11:00:00Z");
    let notice = format!("{notice} https://meet.example.org/7");
    it.by("ada", &notice).ends(0, "E_AUTHOR");
    it.by("gus", &notice).ends(0, "E_NOT_ELIGIBLE");
    it.by("bob", &notice);
    it.ticks_at("2026-03-02T11:30:00Z");
    assert_eq!(
        it.state("1"),
        ("open".to_owned(), "2026-03-02T11:30:00Z".to_owned())
    );
}

/// Whoever proposes could say that all know of it, and let the silence of those decide who do not.
#[test]
fn the_lists_are_told_also_where_somebody_says_that_they_were() {
    let it = Assembly::new();
    let folder = it.drops_notice();
    let item = it.proposes("gus", "policy", "Quick and quiet");
    for list in ["dev@example.org", "infra"] {
        let notice = format!("notice {item} --to {list} --seen-at https://example.org/nowhere");
        it.by("gus", &notice);
    }
    let said = it.ticks();
    assert!(said.out.contains("told infra"), "{}", said.out);
    assert!(said.out.contains("told dev@example.org"), "{}", said.out);
    let files = std::fs::read_dir(&folder).expect("a folder");
    assert_eq!(
        files.count(),
        3,
        "two messages, and what the test put there"
    );
    assert_eq!(it.ticks().out, "");
}

#[test]
fn quiet_ticks_tell_nobody() {
    let it = Assembly::new();
    let folder = it.drops_notice();
    it.proposes("ada", "policy", "Quietly");
    it.runs("decide tick --quiet").ends(0, "received 1 event");
    assert_eq!(it.state("1").0, "noticed");
    let files = std::fs::read_dir(folder).expect("a folder");
    assert_eq!(files.count(), 1, "only what the test put there");
}
