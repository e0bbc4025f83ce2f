//! Notice, silence, support and objections.

use decisions::item::State;

use crate::item::{Story, course, told};

const LAZY: &str = "{notice: {to: [a@example.org, b@example.org]}, lazy: {period: 72h, support: 0}, \
                    objection: {ttl: 240h}, expires: 2000h}";

#[test]
fn silence_begins_when_the_last_channel_has_confirmed() {
    told(
        LAZY,
        &[
            ("nothing", "", "5h", ""),
            (
                "a draft takes no acts",
                "1h ada object",
                "5h",
                "! 1h ada object E_EARLY",
            ),
            ("nobody told", "0h ada proposes", "999h", "0h noticed"),
            (
                "one of two told",
                "0h ada proposes; 1h - told a@example.org",
                "999h",
                "0h noticed",
            ),
            (
                "both told",
                "0h ada proposes; 1h - told a@example.org; 5h - told b@example.org",
                "999h",
                "0h noticed, 5h open, 53h last call, 77h accepted",
            ),
            (
                "a person may say so too",
                "0h ada proposes; 1h - told a@example.org; 5h ben notice b@example.org",
                "6h",
                "0h noticed, 5h open",
            ),
            (
                "told before it was proposed",
                "0h - told a@example.org; 0h - told b@example.org; 1h ada proposes",
                "2h",
                "1h open",
            ),
            (
                "a bounce takes it back",
                "0h ada proposes; 1h - told a@example.org; 2h - told b@example.org; 70h - bounced b@example.org",
                "999h",
                "0h noticed, 2h open, 50h last call, 70h noticed",
            ),
            (
                "told again, the time begins anew",
                "0h ada proposes; 1h - told a@example.org; 2h - told b@example.org; 70h - bounced b@example.org; 80h - told b@example.org",
                "999h",
                "0h noticed, 2h open, 50h last call, 70h noticed, 80h open, 128h last call, 152h accepted",
            ),
            (
                "a bounce of whom nobody has to tell",
                "0h ada proposes; 1h - told a@example.org; 2h - told b@example.org; 3h - bounced c@example.org",
                "4h",
                "0h noticed, 2h open",
            ),
            (
                "a bounce after the end changes nothing",
                "0h ada proposes; 1h - told a@example.org; 2h - told b@example.org; 74h - bounced b@example.org",
                "999h",
                "0h noticed, 2h open, 50h last call, 74h accepted",
            ),
        ],
    );
}

const PLAIN: &str = "{notice: {to: [a@example.org]}, lazy: {period: 72h, support: 0}, objection: {ttl: 240h}, expires: 2000h}";
const OPEN: &str = "0h - told a@example.org; 0h ada proposes;";

#[test]
fn objections_hold_it_until_they_end() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let stands = with("1h ben object #o");
    let stranger = with("1h zoe object");
    let last = with("72h-1ms ben object");
    let late = with("72h ben object");
    let taken = with("1h ben object #o; 90h ben withdraw o");
    let others = with("1h ben object #o; 90h cy withdraw o");
    let answered = with("1h ben object #o; 10h ada answer o");
    let held_on = with("1h ben hold #h");
    let two = with("1h ben object #o; 2h cy object #p; 10h ada answer o; 20h cy withdraw p");
    let held = with("1h ben hold #h; 80h ben withdraw h");
    let by_stranger = with("1h zoe hold");
    told(
        PLAIN,
        &[
            ("stands for ever", &stands, "1999h", "0h open, 1h blocked"),
            (
                "it expires",
                &stands,
                "2001h",
                "0h open, 1h blocked, 2000h expired",
            ),
            (
                "a stranger advises",
                &stranger,
                "99h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "in the last millisecond",
                &last,
                "99h",
                "0h open, 48h last call, 71h+3599999ms blocked",
            ),
            (
                "at the end is too late",
                &late,
                "99h",
                "0h open, 48h last call, 72h accepted, ! 72h ben object E_LATE",
            ),
            (
                "taken back",
                &taken,
                "99h",
                "0h open, 1h blocked, 90h accepted",
            ),
            (
                "not by others",
                &others,
                "99h",
                "0h open, 1h blocked, ! 90h cy withdraw E_NOT_ELIGIBLE",
            ),
            (
                "answered, and silence",
                &answered,
                "300h",
                "0h open, 1h blocked, 250h accepted",
            ),
            (
                "a hold ends as an objection does",
                &held_on,
                "300h",
                "0h open, 1h blocked, 241h accepted",
            ),
            (
                "each for itself",
                &two,
                "300h",
                "0h open, 1h blocked, 250h accepted",
            ),
            ("a hold", &held, "99h", "0h open, 1h blocked, 80h accepted"),
            (
                "no stranger holds it",
                &by_stranger,
                "2h",
                "0h open, ! 1h zoe hold E_NOT_ELIGIBLE",
            ),
        ],
    );
}

#[test]
fn an_objection_ends_by_the_silence_of_who_made_it_and_of_nobody_else() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let own = with("1h ben object #o; 10h ben answer o; 11h ada answer x");
    let insists = with("1h ben object #o; 10h ada answer o; 100h ben answer o");
    let again = with("1h ben object #o; 10h ada answer o; 100h ben answer o; 110h ada answer o");
    let prolonged = with("1h ben object #o; 10h ada answer o; 100h cy answer o");
    let outsider = with("1h ben object #o; 10h zoe answer o");
    told(
        PLAIN,
        &[
            (
                "an answer of one's own ends nothing",
                &own,
                "300h",
                "0h open, 1h blocked, ! 11h ada answer E_DIGEST",
            ),
            (
                "who objected insists",
                &insists,
                "1999h",
                "0h open, 1h blocked",
            ),
            (
                "and is answered again",
                &again,
                "400h",
                "0h open, 1h blocked, 350h accepted",
            ),
            (
                "more answers do not put it off",
                &prolonged,
                "300h",
                "0h open, 1h blocked, 250h accepted",
            ),
            (
                "strangers answer nothing",
                &outsider,
                "300h",
                "0h open, 1h blocked, ! 10h zoe answer E_NOT_ELIGIBLE",
            ),
        ],
    );
}

#[test]
fn what_is_withdrawn_cannot_be_withdrawn_again() {
    let story = format!(
        "{OPEN} 1h ben hold #h; 2h ben withdraw h; 3h ben withdraw h; 4h ben withdraw none"
    );
    told(
        PLAIN,
        &[(
            "twice",
            &story,
            "5h",
            "0h open, 1h blocked, 2h open, ! 3h ben withdraw E_DIGEST, ! 4h ben withdraw E_DIGEST",
        )],
    );
}

#[test]
fn an_advisory_objection_is_shown_and_holds_nothing() {
    let story = Story::of(PLAIN, &format!("{OPEN} 1h zoe object It is ugly."));
    let record = story.at("2h");
    assert_eq!(record.state, State::Open);
    assert!(!record.objections[0].binding);
    assert_eq!(record.objections[0].reason, "It is ugly.");
}

const RESTARTS: &str = "{notice: {to: [a@example.org]}, lazy: {period: 72h, support: 0}, \
                        objection: {ttl: 240h, restarts: true}, expires: 2000h}";

#[test]
fn where_the_charter_says_so_silence_starts_anew() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let taken = with("10h ben object #o; 60h ben withdraw o");
    let both = with("10h ben object #o; 20h cy object #p; 30h ben withdraw o; 60h cy withdraw p");
    let lapsed = with("10h ben object #o; 20h ada answer o");
    let stranger = with("10h zoe object #o; 60h zoe withdraw o");
    let answered = with("10h zoe object #o; 20h ada answer o");
    let held = with("10h ben object #o; 20h cy hold #h; 30h ben withdraw o; 40h cy withdraw h");
    told(
        RESTARTS,
        &[
            (
                "withdrawn",
                &taken,
                "999h",
                "0h open, 10h blocked, 60h open, 108h last call, 132h accepted",
            ),
            (
                "with the last of them",
                &both,
                "999h",
                "0h open, 10h blocked, 60h open, 108h last call, 132h accepted",
            ),
            (
                "lapsed",
                &lapsed,
                "999h",
                "0h open, 10h blocked, 260h open, 308h last call, 332h accepted",
            ),
            (
                "not with what only advised",
                &stranger,
                "999h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "nor when that lapses",
                &answered,
                "999h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "a hold does not lose it",
                &held,
                "999h",
                "0h open, 10h blocked, 40h open, 78h last call, 102h accepted",
            ),
        ],
    );
}

#[test]
fn support_comes_from_others_of_enough_employers() {
    const SUPPORT: &str = "{notice: {to: [a@example.org]}, lazy: {period: 72h, support: 2, employers: 2}, expires: 200h}";
    let with = |rest: &str| format!("{OPEN} {rest}");
    let none = with("");
    let own = with("1h ada approve; 2h ben approve; 3h cy approve");
    let same = "0h - told a@example.org; 0h cy proposes; 1h ada approve; 2h ben approve".to_owned();
    let late = with("1h ben approve; 100h dee approve");
    let unknown = with("1h ben approve; 2h eve approve");
    let back = with("1h ben approve; 2h cy approve #a; 3h cy withdraw a");
    let zoe = with("1h zoe approve");
    told(
        SUPPORT,
        &[
            (
                "nobody",
                &none,
                "999h",
                "0h open, 48h last call, 72h open, 200h expired",
            ),
            (
                "not one's own",
                &own,
                "73h",
                "0h open, 48h last call, 72h accepted, ! 1h ada approve E_AUTHOR",
            ),
            (
                "of one employer",
                &same,
                "99h",
                "0h open, 48h last call, 72h open",
            ),
            (
                "later than silence",
                &late,
                "101h",
                "0h open, 48h last call, 72h open, 100h accepted",
            ),
            (
                "an unknown employer adds none",
                &unknown,
                "99h",
                "0h open, 48h last call, 72h open",
            ),
            (
                "taken back",
                &back,
                "99h",
                "0h open, 48h last call, 72h open",
            ),
            (
                "a stranger",
                &zoe,
                "9h",
                "0h open, ! 1h zoe approve E_NOT_ELIGIBLE",
            ),
        ],
    );
}

#[test]
fn an_old_approval_that_is_withdrawn_takes_no_newer_one_along() {
    const REVIEW: &str =
        "{review: {count: 1, by: [reviewers]}, expires: 200h, amend: {period: 24h, max: 100h}}";
    told(
        REVIEW,
        &[
            (
                "approved",
                "0h ada proposes; 5h rex approve",
                "9h",
                "0h open, 5h accepted",
            ),
            (
                "approved, amended, approved, the first withdrawn",
                "0h ada proposes; 1h ada hold #h; 2h rex approve #a; 3h ada amend t1; 4h rex approve; 5h rex withdraw a; 6h ada withdraw h",
                "9h",
                "0h open, 1h blocked, 6h accepted",
            ),
        ],
    );
}

const SIGN_OFF: &str = "{notice: {to: [a@example.org]}, sign_off: {share: 1/2, relation: \">\", outstanding: 2}, \
                        lazy: {period: 240h, support: 0}, objection: {ttl: 240h, restarts: true}, \
                        amend: {period: 72h, max: 2000h}, expires: 3000h}";

#[test]
fn silence_follows_the_sign_off() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let three = with("1h ada approve; 2h ben approve; 3h cy approve");
    let two = with("1h ada approve; 2h ben approve");
    let concern =
        with("1h ada approve; 2h dee object #o; 3h ben approve; 4h cy approve; 50h dee withdraw o");
    let during = with(
        "1h ada approve; 2h ben approve; 3h cy approve; 100h dee object #o; 200h dee withdraw o",
    );
    let amended = with(
        "1h ada approve; 2h ben approve; 3h cy approve; 50h ada amend t1; 250h ada approve; 251h ben approve; 252h cy approve",
    );
    told(
        SIGN_OFF,
        &[
            (
                "three of five",
                &three,
                "999h",
                "0h open, 219h last call, 243h accepted",
            ),
            ("two of five", &two, "999h", "0h open"),
            (
                "an objection keeps it from beginning",
                &concern,
                "999h",
                "0h open, 2h blocked, 50h open, 266h last call, 290h accepted",
            ),
            (
                "an objection in it starts it anew",
                &during,
                "999h",
                "0h open, 100h blocked, 200h open, 416h last call, 440h accepted",
            ),
            (
                "another text is signed off first",
                &amended,
                "999h",
                "0h open, 468h last call, 492h accepted",
            ),
        ],
    );
}

#[test]
fn silence_of_who_is_asked_blocks_or_consents() {
    let ask = |silence: &str| {
        format!(
            "{{notice: {{to: [a@example.org]}}, consult: {{groups: [asked, heard], silence: {silence}}}, lazy: {{period: 72h, support: 0}}, expires: 200h}}"
        )
    };
    let open = OPEN;
    let with = |rest: &str| format!("{open} {rest}");
    let silent = with("");
    let one = with("1h tom ack asked");
    let both = with("1h tom ack asked; 2h sue ack heard");
    let back = with("1h tom ack asked #a; 2h tom ack heard; 3h tom withdraw a; 80h rex ack asked");
    let wrong = with("1h zoe ack asked; 2h tom ack public; 3h sue ack asked");
    told(
        &ask("blocks"),
        &[
            ("silent", &silent, "99h", "0h open, 48h last call, 72h open"),
            (
                "one answers",
                &one,
                "99h",
                "0h open, 48h last call, 72h open",
            ),
            (
                "both answer",
                &both,
                "99h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "one takes one answer back",
                &back,
                "99h",
                "0h open, 48h last call, 72h open, 80h accepted",
            ),
            (
                "who may not",
                &wrong,
                "9h",
                "0h open, ! 1h zoe acknowledge E_NOT_ELIGIBLE, ! 2h tom acknowledge E_PROCEDURE, ! 3h sue acknowledge E_NOT_ELIGIBLE",
            ),
        ],
    );
    told(
        &ask("consents"),
        &[
            (
                "silent",
                &silent,
                "99h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "by an author",
                "0h - told a@example.org; 0h tom proposes; 1h tom ack asked",
                "9h",
                "0h open, ! 1h tom acknowledge E_AUTHOR",
            ),
        ],
    );
}

#[test]
fn since_is_when_it_came_into_the_state_it_is_in() {
    let story = Story::of(
        PLAIN,
        &format!("{OPEN} 5h ben object #o; 60h ben withdraw o"),
    );
    for (now, since) in [("4h", "0h"), ("6h", "5h"), ("61h", "60h"), ("73h", "72h")] {
        let record = story.at(now);
        assert_eq!(
            record.since,
            Some(crate::item::time(since)),
            "{now}: {}",
            course(&record)
        );
    }
}
