//! Against a real mail server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::time::{Duration, Instant};

use notice::{Channel, Confirmation, Draft, Evidence, Mail, Message, NotDelivered, deliver};
use testkit::servers::exim::Exim;
use testkit::servers::{START_DEADLINE, or_skip, wait_until};

use crate::listener::{Listener, drain};
use crate::{draft, message};

fn send(url: &str, message: &Message) -> Result<Confirmation, NotDelivered> {
    deliver(&Channel::Mail(Mail::of(url).unwrap()), message)
}

fn plain(server: &Exim) -> String {
    format!("smtp://127.0.0.1:{}?from=infra@example.org", server.port())
}

fn encrypted(server: &Exim, user: &str) -> String {
    format!(
        "smtps://{user}@127.0.0.1:{}?from=infra@example.org",
        server.tls_port()
    )
}

/// The user as a URL has it, with this password.
fn user(password: &str) -> String {
    format!(
        "{}:{}",
        Exim::USER,
        password.replace('/', "%2F").replace('@', "%40")
    )
}

/// The one mail that comes to this mailbox.
fn arrived(server: &Exim, mailbox: &str) -> String {
    let came = wait_until(START_DEADLINE, || !server.mails(mailbox).is_empty());
    assert!(came, "no mail for {mailbox}:\n{}", server.log());
    let mut mails = server.mails(mailbox);
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

#[test]
fn what_is_sent_arrives_whole() {
    let Some(server) = or_skip(Exim::start(&["dev", "ops"])) else {
        return;
    };
    let message = Message::of(Draft {
        subject: "Einspruch: 0007 für den neuen Spiegel, mit einer langen Überschrift 🪞"
            .to_owned(),
        text: format!(
            "Grüße.\n.\n.. From here\nFrom there\n{}\n",
            "lang ".repeat(400)
        ),
        ..draft(&["dev@example.org", "ops@example.org"])
    })
    .unwrap();
    let confirmation = send(&plain(&server), &message).unwrap();
    let Evidence::Mail { id, to, reply } = &confirmation.evidence else {
        panic!("{confirmation}")
    };
    assert_eq!(*id, format!("<{}@example.org>", message.digest().hex()));
    assert_eq!(to.len(), 2);
    assert!(reply.starts_with("250 OK id="), "{reply}");
    for mailbox in ["dev", "ops"] {
        let text = format!("\n{}", arrived(&server, mailbox));
        let has = |line: &str| assert!(text.contains(&format!("\n{line}\n")), "{line} in:{text}");
        has("Return-path: <infra@example.org>");
        has("From: infra@example.org");
        has("To: dev@example.org,\n ops@example.org");
        has(&format!("Message-ID: {id}"));
        has("Auto-Submitted: auto-generated");
        has("Date: Tue, 1 Sep 2026 10:00:00 +0000");
        has("Gr=C3=BC=C3=9Fe.\n.\n.. From here\nFrom there");
        assert!(text.contains("\nSubject: =?UTF-8?B?RWluc3BydWNo"), "{text}");
        assert!(text.contains("\nReferences: <thread."), "{text}");
        assert!(text.ends_with("lang=20\n"), "{text}");
    }
}

#[test]
fn one_recipient_refused_is_nobody_told() {
    let Some(server) = or_skip(Exim::start(&["dev"])) else {
        return;
    };
    let to = ["dev@example.org", "nobody@example.org", "busy@example.org"];
    let error = send(&plain(&server), &message(&to)).unwrap_err();
    let NotDelivered::Refused { what, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        *what,
        "nobody@example.org: 550 5.1.1 no such user; busy@example.org: 451 4.2.1 try later"
    );
    let error = send(&plain(&server), &message(&to[..1])).map(|_| ());
    assert_eq!(error, Ok(()));
    // The mail that was confirmed is the only one that came.
    arrived(&server, "dev");
    let error = send(
        &plain(&server),
        &message(&["dev@example.org", "busy@example.org"]),
    )
    .unwrap_err();
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    let error = send(&plain(&server), &message(&[])).unwrap_err();
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
}

#[test]
fn a_server_that_is_down_is_tried_later() {
    let Some(mut server) = or_skip(Exim::start(&["dev"])) else {
        return;
    };
    server.kill();
    let error = send(&plain(&server), &message(&["dev@example.org"])).unwrap_err();
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    server.start_again();
    send(&plain(&server), &message(&["dev@example.org"])).unwrap();
    arrived(&server, "dev");
}

#[test]
fn a_server_is_trusted_by_its_certificate_alone() {
    let Some(server) = or_skip(Exim::start(&["dev", "ops"])) else {
        return;
    };
    let certificate = server.certificate();
    let trusted = format!("&ca={}", certificate.display());
    let to_dev = message(&["dev@example.org"]);
    let to_ops = message(&["ops@example.org"]);

    let url = encrypted(&server, &user(Exim::PASSWORD));
    let error = send(&url, &to_dev).unwrap_err();
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("certificate"), "{error}");

    send(&(url + &trusted), &to_dev).unwrap();
    assert!(arrived(&server, "dev").contains("esmtpsa"));

    // STARTTLS, as the certificate is given.
    send(&(plain(&server) + &trusted), &to_ops).unwrap();
    assert!(arrived(&server, "ops").contains("esmtps"));
}

#[test]
fn a_wrong_password_is_ours_to_mend_and_not_shown() {
    let Some(server) = or_skip(Exim::start(&["dev"])) else {
        return;
    };
    let trusted = format!("&ca={}", server.certificate().display());
    let to_dev = message(&["dev@example.org"]);
    for login in [user("wr0ng"), user("a+b/c@d")] {
        let error = send(&(encrypted(&server, &login) + &trusted), &to_dev).unwrap_err();
        assert!(
            matches!(error, NotDelivered::Misconfigured { .. }),
            "{error}"
        );
        let text = format!("{error} {error:?}");
        assert!(text.contains("535") && !text.contains("wr0ng"), "{text}");
    }
    let nobody = format!(
        "smtps://127.0.0.1:{}?from=infra@example.org{trusted}",
        server.tls_port()
    );
    let error = send(&nobody, &to_dev).unwrap_err();
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
    // The plain port offers no login outside TLS.
    let port = server.port();
    let login = format!("smtp://a:b@127.0.0.1:{port}?from=infra@example.org");
    let error = send(&login, &to_dev).unwrap_err();
    assert!(error.to_string().contains("no way to log in"), "{error}");
    assert!(server.mails("dev").is_empty());
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_long() {
    let listener = Listener::serving(drain);
    let url = format!(
        "smtp://127.0.0.1:{}?from=infra@example.org&timeout=1",
        listener.port
    );
    let started = Instant::now();
    let error = send(&url, &message(&["dev@example.org"])).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    assert!(
        error.to_string().ends_with("no answer within 1 s"),
        "{error}"
    );
    listener.heard();
}

const OK: &str = "250 ok\r\n";

/// What comes of it when a server answers these lines, one a line that it hears, and hangs up.
fn scripted(lines: &'static [&'static str]) -> NotDelivered {
    let listener = Listener::serving(move |mut stream| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        for line in lines {
            stream.write_all(line.as_bytes()).unwrap();
            let _ = reader.read_line(&mut String::new());
        }
    });
    let url = format!("smtp://127.0.0.1:{}?from=infra@example.org", listener.port);
    let error = send(&url, &message(&["dev@example.org"])).unwrap_err();
    listener.heard();
    error
}

#[test]
fn a_mail_that_no_reply_confirms_is_not_confirmed() {
    let error = scripted(&["220 a\r\n", OK, OK, OK, "354 go\r\n"]);
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    let error = scripted(&["220 a\r\n", OK, OK, OK, "554 5.6.0 too odd\r\n"]);
    assert!(matches!(error, NotDelivered::Refused { .. }), "{error}");
    let error = scripted(&["421 closing\r\n"]);
    assert!(matches!(error, NotDelivered::Later { .. }), "{error}");
    let error = scripted(&["554 not you\r\n"]);
    assert!(
        matches!(error, NotDelivered::Misconfigured { .. }),
        "{error}"
    );
    let error = scripted(&["HTTP/1.1 400 Bad Request\r\n"]);
    assert!(error.to_string().contains("no mail server"), "{error}");
}

#[test]
fn nothing_is_sent_in_the_clear_where_encryption_is_wanted() {
    let Some(server) = or_skip(Exim::start(&[])) else {
        return;
    };
    let more = format!("&ca={}", server.certificate().display());
    let listener = Listener::serving(|mut stream| {
        let mut heard = String::new();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        for line in ["220 a\r\n", "250 a\r\n", "221 bye\r\n"] {
            stream.write_all(line.as_bytes()).unwrap();
            let _ = reader.read_line(&mut heard);
        }
        heard
    });
    let port = listener.port;
    let url = format!("smtp://u:s3cret@127.0.0.1:{port}?from=infra@example.org{more}");
    let error = send(&url, &message(&["dev@example.org"])).unwrap_err();
    assert!(error.to_string().contains("offers no STARTTLS"), "{error}");
    assert_eq!(listener.heard(), "EHLO example.org\r\nQUIT\r\n");
}
