//! What a real mail server sends back.

use notice::bounce::letters;
use notice::{Channel, Mail, deliver};
use testkit::servers::exim::Exim;
use testkit::servers::{START_DEADLINE, or_skip, wait_until};

use crate::message;

#[test]
fn mail_that_was_taken_and_came_back_is_known_by_its_message() {
    let Some(server) = or_skip(Exim::start(&["dev", "bounces"])) else {
        return;
    };
    let url = format!(
        "smtp://127.0.0.1:{}?from=infra@example.org&bounces=bounces@example.org",
        server.port()
    );
    let message = message(&["dev@example.org", "ada@late.example.org"]);
    deliver(&Channel::Mail(Mail::of(&url).unwrap()), &message).unwrap();
    let came = wait_until(START_DEADLINE, || {
        !server.mails("bounces").is_empty() && !server.mails("dev").is_empty()
    });
    assert!(came, "{}", server.log());

    let found = letters(&server.mailbox("bounces")).unwrap();
    let [letter] = found.as_slice() else {
        panic!("{found:?}")
    };
    let bounce = letter.bounce.as_ref().expect("a bounce");
    assert_eq!(bounce.message(), Some(message.digest()));
    let [failed] = bounce.failed.as_slice() else {
        panic!("{bounce:?}")
    };
    assert_eq!(failed.recipient, "ada@late.example.org");
    assert!(failed.status.starts_with("5."), "{failed}");

    // The mail that did arrive is no bounce.
    let arrived = letters(&server.mailbox("dev")).unwrap();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].bounce, None);
}
