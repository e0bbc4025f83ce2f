//! Who we are to Google.

use std::sync::atomic::{AtomicI64, Ordering};

use access::ReadError;

use super::*;

static NOW: AtomicI64 = AtomicI64::new(Google::START);

fn running() -> Timestamp {
    Timestamp::from_second(NOW.load(Ordering::SeqCst)).unwrap()
}

fn wrong() -> Timestamp {
    Timestamp::from_second(Google::START + 86_400).unwrap()
}

#[test]
fn one_token_serves_until_it_ends() {
    let fake = Google::start(DOMAIN);
    let google = google_with(&fake, &fake.key_file(), running);
    let wanted = one_group();
    let tokens = || {
        let requests = fake.requests();
        requests.iter().filter(|seen| seen.path == "/token").count()
    };
    assert_eq!(apply(&google, &wanted), []);
    assert_eq!(tokens(), 1);
    fake.advance(3_600);
    NOW.fetch_add(3_600, Ordering::SeqCst);
    assert_eq!(apply(&google, &wanted), []);
    assert_eq!(tokens(), 2);
    let refused = || fake.requests().iter().any(|seen| seen.status == Some(401));
    assert!(!refused());
    // Our clock falls behind, so that the token ends before its time.
    fake.advance(3_650);
    NOW.fetch_add(3_500, Ordering::SeqCst);
    assert_eq!(apply(&google, &wanted), []);
    assert_eq!(tokens(), 3);
    assert!(refused());
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_token_as_the_secret_is_used_as_it_is() {
    let fake = Google::start(DOMAIN);
    let wanted = one_group();
    let friend = google_with(&fake, &fake.token(), clock);
    assert_eq!(apply(&friend, &wanted), []);
    assert!(fake.requests().iter().all(|seen| seen.path != "/token"));
    let stranger = google_with(&fake, "none", clock);
    let error = stranger.read(&wanted).unwrap_err();
    assert!(
        matches!(&error, ReadError::Refused(why) if why.contains("token")),
        "{error}"
    );
    let delete = (group("a"), Some(json!({})), None);
    let done = write(&stranger, &delete, &Known::default());
    assert!(matches!(done, Err(WriteFailure::Refused(_))), "{done:?}");
    assert!(fake.groups().contains_key(&address("a")));
}

#[test]
fn a_user_who_is_no_administrator_and_a_clock_that_is_wrong_are_told() {
    let fake = Google::start(DOMAIN);
    let mut system = system(&fake);
    system.user = Some(address("nobody"));
    let secret = Hidden(fake.key_file());
    let google = GoogleGroups::new(DOMAIN, &system, secret, clock, wait).unwrap();
    let error = google.read(&State::default()).unwrap_err();
    assert!(
        matches!(&error, ReadError::Refused(why) if why.contains("`user`")),
        "{error}"
    );
    let google = google_with(&fake, &fake.key_file(), wrong);
    let error = google.read(&State::default()).unwrap_err();
    assert!(
        matches!(&error, ReadError::Refused(why) if why.contains("clock")),
        "{error}"
    );
    assert!(!format!("{google:?}").contains("PRIVATE"));
}
