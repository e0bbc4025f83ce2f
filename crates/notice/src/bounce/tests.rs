use proptest::prelude::*;
use testkit::servers::Folder;

use super::*;

/// As Postfix writes them, shortened.
const POSTFIX: &str = include_str!("../../../../fuzz/seeds/bounce/postfix.eml");
/// As Exim writes them, shortened.
const EXIM: &str = include_str!("../../../../fuzz/seeds/bounce/exim.eml");

const HEX: &str = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";

#[test]
fn a_report_names_the_mail_and_who_did_not_get_it() {
    let bounce = read(POSTFIX.as_bytes()).unwrap();
    assert_eq!(bounce.message_id, Some(format!("<{HEX}@example.org>")));
    assert_eq!(bounce.message().unwrap().hex(), HEX);
    let shown: Vec<String> = bounce.failed.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "list@example.org (5.1.1: 550 5.1.1 <ada@late.example.org>: Recipient address rejected: User unknown)",
            "bob@late.example.org (4.4.1: connect to late.example.org: Connection timed out)",
        ]
    );
    let bounce = read(EXIM.as_bytes()).unwrap();
    assert_eq!(bounce.message().unwrap().hex(), HEX);
    assert_eq!(bounce.failed[0].to_string(), "ada@late.example.org (5.0.0)");
}

#[test]
fn line_ends_and_a_mailbox_line_do_not_matter() {
    let wanted = read(POSTFIX.as_bytes());
    assert!(wanted.is_some());
    assert_eq!(read(POSTFIX.replace('\n', "\r\n").as_bytes()), wanted);
    let mailbox = format!("From MAILER-DAEMON Tue Sep  1 10:00:00 2026\n{POSTFIX}");
    assert_eq!(read(mailbox.as_bytes()), wanted);
}

#[test]
fn a_report_that_a_relay_wrapped_is_found() {
    let wrapped = format!(
        "Subject: Fwd\nContent-Type: Multipart/Mixed; boundary=\"o;\\\"u t\"\n\n--o;\"u t\n\nsee\n--o;\"u t\n{POSTFIX}\n--o;\"u t--\n"
    );
    assert_eq!(read(wrapped.as_bytes()), read(POSTFIX.as_bytes()));
}

#[test]
fn late_and_delivered_mail_is_no_bounce() {
    for action in ["delayed", "delivered", "relayed", "expanded"] {
        let report = POSTFIX.replace("Action: failed", &format!("Action: {action}"));
        assert_eq!(read(report.as_bytes()), None, "{action}");
    }
    for other in [
        "",
        "\n",
        "Subject: hello\n\nContent-Type: message/delivery-status\n",
        "Content-Type: multipart/report; boundary=\"\"\n\n--\n",
        "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b\nAction: failed\n",
    ] {
        assert_eq!(read(other.as_bytes()), None, "{other:?}");
    }
}

#[test]
fn a_report_without_a_copy_is_known_by_what_it_answers() {
    let cut = POSTFIX.find("--B_").unwrap();
    let end = POSTFIX.find("Content-Type: message/rfc822").unwrap();
    let report = format!("In-Reply-To:\n <{HEX}\n @example.org>\n{}", &POSTFIX[..end]);
    assert!(cut < end);
    assert_eq!(
        read(report.as_bytes()).unwrap().message().unwrap().hex(),
        HEX
    );
    let unnamed = read(&POSTFIX.as_bytes()[..end]).unwrap();
    assert_eq!(
        (unnamed.message_id.clone(), unnamed.message()),
        (None, None)
    );
    let foreign = POSTFIX.replace(HEX, "20260901100000.7");
    assert_eq!(read(foreign.as_bytes()).unwrap().message(), None);
}

#[test]
fn a_folder_is_read_and_left_as_it_is() {
    let folder = Folder::new();
    folder.write("b.eml", "Subject: hello\n\n");
    folder.write("a.eml", POSTFIX);
    folder.write("note.txt", POSTFIX);
    let found = letters(folder.path()).unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|letter| letter.path.file_name().unwrap())
        .collect();
    assert_eq!(names, ["a.eml", "b.eml"]);
    assert!(found[0].bounce.is_some() && found[1].bounce.is_none());
    assert_eq!(letters(folder.path()).unwrap(), found);
    let error = letters(&folder.path().join("gone")).unwrap_err();
    assert!(error.to_string().contains("/gone: "), "{error}");
}

#[test]
fn a_large_report_is_read_at_once() {
    let blocks = "Action: failed\nFinal-Recipient: rfc822; a@b\n\n".repeat(40_000);
    let report = format!(
        "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n{blocks}"
    );
    let started = std::time::Instant::now();
    let bounce = read(report.as_bytes()).unwrap();
    assert!(bounce.failed.len() > 20_000);
    assert!(started.elapsed() < std::time::Duration::from_secs(20));
}

proptest! {
    #[test]
    fn no_octets_panic(mail in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&mail);
    }

    #[test]
    fn no_change_to_a_report_panics(
        start in 0..POSTFIX.len(),
        length in 0_usize..80,
        put in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut mail = POSTFIX.as_bytes().to_vec();
        let end = (start + length).min(mail.len());
        mail.splice(start..end, put);
        if let Some(bounce) = read(&mail) {
            prop_assert!(!bounce.failed.is_empty());
        }
    }
}
