//! Amendments: what falls, what stays, and how long it stays open.

use decisions::item::State;

use crate::item::{Story, time, told};

const LAZY: &str = "{notice: {to: [a@example.org]}, lazy: {period: 120h, support: 1}, \
                    objection: {ttl: 240h}, amend: {period: 72h, max: 200h}, expires: 900h}";
const OPEN: &str = "0h - told a@example.org; 0h ada proposes;";

#[test]
fn after_a_material_amendment_approvals_fall_and_objections_stay() {
    let story = Story::of(
        LAZY,
        &format!(
            "{OPEN} 1h ben approve; 2h cy object #o; 3h ada amend t1; 4h dee approve @t0; 5h cy withdraw o @t0"
        ),
    );
    let before = story.at("2h");
    assert_eq!(before.approvals.len(), 1);
    let after = story.at("3h");
    assert_eq!(after.approvals.len(), 0);
    assert_eq!(after.state, State::Blocked);
    assert_eq!(after.text, Some(base::Digest::of(b"t1")));
    let later = story.at("6h");
    assert_eq!(later.approvals.len(), 0);
    assert_eq!(later.state, State::Open);
    assert_eq!(later.ignored.len(), 1);
    assert_eq!(later.ignored[0].reason, decisions::Reason::Digest);
}

#[test]
fn it_closes_when_others_have_had_time_and_never_after_the_limit() {
    // What is open closes at 120h; the amendment gives 72h, and 200h is the end of it all.
    for (amended, closes) in [
        ("1h", "120h"),
        ("48h", "120h"),
        ("49h", "121h"),
        ("96h-1ms", "168h-1ms"),
        ("96h", "168h"),
        ("119h", "191h"),
        ("120h-1ms", "192h-1ms"),
    ] {
        let story = Story::of(LAZY, &format!("{OPEN} {amended} ada amend t1"));
        let record = story.at(amended);
        assert_eq!(record.ignored, [], "{amended}");
        assert_eq!(record.closes, Some(time(closes)), "{amended}");
    }
    let twice = Story::of(
        LAZY,
        &format!("{OPEN} 110h ada amend t1; 150h ada amend t2"),
    );
    assert_eq!(twice.at("110h").closes, Some(time("182h")));
    assert_eq!(twice.at("150h").closes, Some(time("200h")));
}

#[test]
fn on_its_last_day_only_what_keeps_it_open_a_day_longer_changes_it() {
    const SHORT: &str = "{notice: {to: [a@example.org]}, lazy: {period: 120h, support: 0}, amend: {period: 40h, max: 150h}, expires: 900h}";
    let with = |rest: &str| format!("{OPEN} {rest}");
    let before = with("96h-1ms ada amend t1");
    let at = with("96h ada amend t1");
    let enough = with("104h ada amend t1");
    let limit = with("110h ada amend t1; 127h ada amend t2");
    told(
        SHORT,
        &[
            (
                "before it",
                &before,
                "999h",
                "0h open, 111h+3599999ms last call, 135h+3599999ms accepted",
            ),
            (
                "in it, 16 h longer",
                &at,
                "999h",
                "0h open, 96h last call, 120h accepted, ! 96h ada amend E_FROZEN",
            ),
            (
                "in it, 24 h longer",
                &enough,
                "999h",
                "0h open, 96h last call, 104h open, 120h last call, 144h accepted",
            ),
            (
                "the limit leaves no day",
                &limit,
                "999h",
                "0h open, 96h last call, 110h open, 126h last call, 150h accepted, ! 127h ada amend E_FROZEN",
            ),
        ],
    );
}

#[test]
fn without_a_rule_for_it_what_is_open_is_not_amended() {
    const FROZEN: &str =
        "{notice: {to: [a@example.org]}, lazy: {period: 120h, support: 0}, expires: 900h}";
    told(
        FROZEN,
        &[
            (
                "open",
                "0h - told a@example.org; 0h ada proposes; 1h ada amend t1",
                "9h",
                "0h open, ! 1h ada amend E_FROZEN",
            ),
            (
                "not open yet",
                "0h ada proposes; 1h ada amend t1",
                "9h",
                "0h noticed",
            ),
            (
                "by another",
                "0h ada proposes; 1h ben amend t1; 2h ben minor t1",
                "9h",
                "0h noticed, ! 1h ben amend E_NOT_ELIGIBLE, ! 2h ben amend E_NOT_ELIGIBLE",
            ),
            (
                "the same text",
                "0h ada proposes; 1h ada amend t0",
                "9h",
                "0h noticed, ! 1h ada amend E_DUP",
            ),
        ],
    );
}

#[test]
fn a_minor_amendment_keeps_what_was_agreed_and_can_be_contested_for_a_day() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let kept = with("1h ben approve; 2h ada minor t1");
    let late = with("1h ben approve; 110h ada minor t1");
    let contested = with("1h ben approve; 60h ada minor t1 #m; 84h-1ms cy contest m");
    let too_late = with("1h ben approve; 60h ada minor t1 #m; 84h cy contest m");
    let stranger = with("1h ben approve; 60h ada minor t1 #m; 61h zoe contest m; 62h cy contest x");
    let second = with("60h ada minor t1; 61h ada minor t2; 84h ada minor t3");
    let material = with("60h ada minor t1 #m; 61h ada amend t2; 62h cy contest m");
    told(
        LAZY,
        &[
            (
                "the clock goes on",
                &kept,
                "999h",
                "0h open, 96h last call, 120h accepted",
            ),
            (
                "nothing is accepted while it can be contested",
                &late,
                "999h",
                "0h open, 96h last call, 120h open, 134h accepted",
            ),
            ("contested", &contested, "84h", "0h open"),
            (
                "too late",
                &too_late,
                "999h",
                "0h open, 96h last call, 120h accepted, ! 84h cy contest E_LATE",
            ),
            (
                "a stranger, another event",
                &stranger,
                "63h",
                "0h open, ! 61h zoe contest E_NOT_ELIGIBLE, ! 62h cy contest E_LATE",
            ),
            (
                "one at a time",
                &second,
                "85h",
                "0h open, ! 61h ada amend E_FROZEN",
            ),
            (
                "a material one ends it",
                &material,
                "63h",
                "0h open, ! 62h cy contest E_LATE",
            ),
        ],
    );
    let story = Story::of(LAZY, &contested);
    let record = story.at("84h");
    assert_eq!(
        (record.approvals.len(), record.closes),
        (0, Some(time("156h-1ms")))
    );
    assert_eq!(record.text, Some(base::Digest::of(b"t1")));
}

#[test]
fn a_minor_amendment_that_is_contested_too_late_to_be_material_is_taken_back() {
    const FROZEN: &str =
        "{notice: {to: [a@example.org]}, lazy: {period: 120h, support: 2}, expires: 900h}";
    let story = Story::of(
        FROZEN,
        &format!(
            "{OPEN} 1h ben approve; 110h ada minor t1 #m; 111h dee approve; 112h cy contest m"
        ),
    );
    assert_eq!(story.at("111h").approvals.len(), 2);
    let record = story.at("112h");
    assert_eq!(record.text, Some(base::Digest::of(b"t0")));
    // Who agreed to the amended text did not agree to the one that stands.
    let who: Vec<&String> = record.approvals.keys().collect();
    assert_eq!(who, ["ben"]);
    assert_eq!(record.closes, Some(time("120h")));
    assert_eq!(story.at("130h").state, State::Open);
}

#[test]
fn votes_on_a_text_that_was_taken_back_are_cast_anew() {
    const VOTE: &str = "{vote: {threshold: 1/2, relation: \">\", base: members, max_open: 72h}}";
    let open = "0h zoe proposes; 1h ada yes; 50h zoe minor t1 #m; 51h ben yes; 52h cy yes;";
    let contested = format!("{open} 53h dee contest m");
    let again = format!("{contested}; 54h ben yes @t0; 55h cy yes @t0; 56h dee yes @t1");
    let left = format!("{open} 72h dee contest m");
    told(
        VOTE,
        &[
            (
                "not cast again",
                &contested,
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected",
            ),
            (
                "cast again",
                &again,
                "99h",
                "0h open, 0h open, 48h last call, 72h accepted, ! 56h dee vote E_DIGEST",
            ),
            (
                "contested when all have voted",
                &left,
                "99h",
                "0h open, 0h open, 48h last call, 72h open, 72h accepted",
            ),
        ],
    );
}

#[test]
fn a_material_amendment_starts_the_count_of_a_vote_anew() {
    const VOTE: &str = "{vote: {threshold: 1/2, relation: \">\", base: members, min_open: 24h, max_open: 72h, close: decided}, amend: {period: 48h, max: 200h}}";
    told(
        VOTE,
        &[(
            "amended",
            "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes; 4h zoe amend t1; 25h ada yes; 26h ben yes; 27h cy yes @t0; 28h cy yes",
            "99h",
            "0h open, 0h open, 28h accepted, ! 27h cy vote E_DIGEST",
        )],
    );
}
