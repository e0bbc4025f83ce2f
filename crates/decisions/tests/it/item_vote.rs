//! Votes: called for or not, early and late, seconded, and who has none in it.

use decisions::item::State;

use crate::item::{Story, state, told};

const VOTE: &str = "{vote: {threshold: 1/2, relation: \">\", base: members, max_open: 72h}}";

#[test]
fn a_vote_counts_what_came_before_its_end_and_from_members() {
    told(
        VOTE,
        &[
            (
                "three of five, counted at the end",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h accepted",
            ),
            (
                "two of five",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy abstain",
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected",
            ),
            (
                "the last millisecond counts",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 72h-1ms cy yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h accepted",
            ),
            (
                "the end does not",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 72h cy yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected, ! 72h cy vote E_LATE",
            ),
            (
                "nor a millisecond later",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 72h+1ms cy yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected, ! 72h+1ms cy vote E_LATE",
            ),
            (
                "the last vote of a person is theirs",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes; 4h cy no",
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected",
            ),
            (
                "no strangers, no other acts",
                "0h zoe proposes; 1h zoe yes; 2h ada approve; 3h ada call; 4h ada second; 5h ada contest x; 6h ada veto; 7h ada override x; 8h ada appeal; 9h ada escalate; 10h ada ack asked",
                "11h",
                "0h open, 0h open, ! 1h zoe vote E_NOT_ELIGIBLE, ! 2h ada approve E_NOT_ELIGIBLE, ! 3h ada call_vote E_PROCEDURE, \
                 ! 4h ada second E_PROCEDURE, ! 5h ada contest E_LATE, ! 6h ada veto E_PROCEDURE, ! 7h ada override E_PROCEDURE, \
                 ! 8h ada appeal E_PROCEDURE, ! 9h ada escalate E_PROCEDURE, ! 10h ada acknowledge E_PROCEDURE",
            ),
            (
                "of another text",
                "0h zoe proposes; 1h ada yes @t7",
                "2h",
                "0h open, 0h open, ! 1h ada vote E_DIGEST",
            ),
            (
                "proposed once",
                "0h zoe proposes; 1h ada proposes",
                "2h",
                "0h open, 0h open, ! 1h ada propose E_DUP",
            ),
            (
                "taken back by who proposed it",
                "0h zoe proposes; 1h ada retract; 2h zoe retract; 3h ada yes",
                "99h",
                "0h open, 0h open, 2h withdrawn, ! 1h ada retract E_NOT_ELIGIBLE, ! 3h ada vote E_LATE",
            ),
            (
                "a vote is not taken back",
                "0h zoe proposes; 1h ada yes #v; 2h ada withdraw v",
                "3h",
                "0h open, 0h open, ! 2h ada withdraw E_PROCEDURE",
            ),
        ],
    );
}

#[test]
fn before_a_vote_is_open_nobody_votes() {
    const NOTICED: &str = "{notice: {to: [a@example.org]}, vote: {threshold: 1/2, relation: \">\", base: members, max_open: 72h}}";
    told(
        NOTICED,
        &[
            (
                "not told yet",
                "0h zoe proposes; 1h ada yes; 2h - told a@example.org; 3h ada yes",
                "4h",
                "0h noticed, 2h open, 2h open, ! 1h ada vote E_EARLY",
            ),
            (
                "votes outlast a bounce, the time does not",
                "0h zoe proposes; 2h - told a@example.org; 3h ada yes; 4h ben yes; 5h cy yes; 70h - bounced a@example.org; 80h - told a@example.org",
                "999h",
                "0h noticed, 2h open, 2h open, 50h last call, 70h noticed, 80h open, 80h open, 128h last call, 152h accepted",
            ),
        ],
    );
}

const EARLY: &str = "{vote: {threshold: 1/2, relation: \">\", base: members, min_open: 24h, max_open: 72h, close: decided}}";

#[test]
fn a_vote_ends_early_when_it_is_decided_and_was_open_long_enough() {
    told(
        EARLY,
        &[
            (
                "decided before",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes",
                "99h",
                "0h open, 0h open, 24h accepted",
            ),
            (
                "decided after",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 30h cy yes; 31h dee no",
                "99h",
                "0h open, 0h open, 30h accepted, ! 31h dee vote E_LATE",
            ),
            (
                "lost",
                "0h zoe proposes; 1h ada no; 2h ben no; 3h cy abstain",
                "99h",
                "0h open, 0h open, 24h rejected",
            ),
            (
                "open",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy no",
                "30h",
                "0h open, 0h open",
            ),
            (
                "a millisecond before it may, votes still change it",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes; 24h-1ms cy no",
                "30h",
                "0h open, 0h open",
            ),
            (
                "when it may, they do not",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes; 24h cy no",
                "30h",
                "0h open, 0h open, 24h accepted, ! 24h cy vote E_LATE",
            ),
        ],
    );
}

const FALLBACK: &str = "{notice: {to: [a@example.org]}, review: {count: 1, by: [reviewers]}, lazy: {period: 72h, support: 0}, \
                        vote: {threshold: 1/2, relation: \">\", base: members, max_open: 48h, close: decided}, expires: 900h}";
const OPEN: &str = "0h - told a@example.org; 0h zoe proposes; 1h rex approve;";

#[test]
fn where_silence_does_not_decide_a_vote_does() {
    let with = |rest: &str| format!("{OPEN} {rest}");
    let silent = with("");
    let contested = with("2h ben object; 73h ada yes; 74h cy yes; 75h dee yes");
    let lost = with("2h ben object; 73h ada no; 74h cy no; 75h dee no");
    let nobody = with("2h ben object");
    let called = with("2h ben object; 10h ada call; 11h ada yes; 12h cy yes; 13h dee yes");
    let wanted = with("10h ada call; 20h ada yes");
    let stranger = with("2h zoe call; 3h ada yes");
    let held = with("2h ben hold; 73h ada yes; 74h cy yes; 75h dee yes");
    told(
        FALLBACK,
        &[
            (
                "silence",
                &silent,
                "99h",
                "0h open, 48h last call, 72h accepted",
            ),
            (
                "an objection brings it to a vote",
                &contested,
                "99h",
                "0h open, 2h blocked, 72h blocked, 75h accepted",
            ),
            (
                "which may be lost",
                &lost,
                "99h",
                "0h open, 2h blocked, 72h blocked, 75h rejected",
            ),
            (
                "or not be held",
                &nobody,
                "999h",
                "0h open, 2h blocked, 72h blocked, 120h rejected",
            ),
            (
                "called before",
                &called,
                "99h",
                "0h open, 2h blocked, 10h blocked, 13h accepted",
            ),
            (
                "called without need",
                &wanted,
                "99h",
                "0h open, 10h open, 34h last call, 58h rejected",
            ),
            (
                "strangers do not call it",
                &stranger,
                "9h",
                "0h open, ! 2h zoe call_vote E_NOT_ELIGIBLE, ! 3h ada vote E_EARLY",
            ),
            (
                "a hold is overruled like an objection",
                &held,
                "99h",
                "0h open, 2h blocked, 72h blocked, 75h accepted",
            ),
        ],
    );
}

#[test]
fn a_vote_takes_the_place_of_silence_and_of_no_approval() {
    told(
        FALLBACK,
        &[(
            "the approval is missing",
            "0h - told a@example.org; 0h zoe proposes; 10h ada call; 11h ada yes; 12h cy yes; 13h dee yes; 99h rex approve",
            "100h",
            "0h open, 10h open, 34h last call, 58h open, 99h accepted",
        )],
    );
}

#[test]
fn what_the_vote_overruled_is_said() {
    let story = Story::of(
        FALLBACK,
        &format!("{OPEN} 2h ben object; 10h ada call; 11h ada yes; 12h cy yes; 13h dee yes"),
    );
    let record = story.at("99h");
    let (at, how) = record.objections[0].ended.clone().unwrap();
    assert_eq!(
        (at, how.as_str()),
        (crate::item::time("13h"), "overruled by the vote")
    );
    let count = record.count.unwrap();
    assert_eq!(
        (count.yes.to_string(), count.base.to_string()),
        ("3".to_owned(), "5".to_owned())
    );
}

#[test]
fn a_hold_does_not_stop_what_a_vote_decides() {
    assert_eq!(
        state(
            VOTE,
            "0h zoe proposes; 0h dee hold; 1h ada yes; 2h ben yes; 3h cy yes",
            "99h"
        ),
        State::Accepted
    );
}

#[test]
fn an_objection_is_an_argument_where_a_vote_decides() {
    let story = Story::of(
        VOTE,
        "0h zoe proposes; 0h dee object; 1h ada yes; 2h ben yes; 3h cy yes",
    );
    let record = story.at("99h");
    assert_eq!(record.state, State::Accepted);
    assert!(!record.objections[0].binding);
}

const SECOND: &str = "{second: {count: 2, within: 168h}, vote: {threshold: 2/3, relation: \">=\", base: cast, max_open: 336h}}";

#[test]
fn what_nobody_seconds_is_over() {
    told(
        SECOND,
        &[
            (
                "nobody",
                "0h ada proposes; 1h ada second; 2h ben second; 3h ben second",
                "999h",
                "0h open, 168h expired, ! 1h ada second E_AUTHOR, ! 3h ben second E_DUP",
            ),
            (
                "a stranger",
                "0h ada proposes; 1h zoe second; 2h ada yes",
                "3h",
                "0h open, ! 1h zoe second E_NOT_ELIGIBLE, ! 2h ada vote E_EARLY",
            ),
            (
                "two in time",
                "0h ada proposes; 1h ben second; 168h-1ms cy second; 170h ada yes",
                "999h",
                "0h open, 167h+3599999ms open, 479h+3599999ms last call, 503h+3599999ms accepted",
            ),
            (
                "a moment late",
                "0h ada proposes; 1h ben second; 168h cy second",
                "999h",
                "0h open, 168h expired, ! 168h cy second E_LATE",
            ),
            (
                "one takes it back before the vote",
                "0h ada proposes; 1h ben second #s; 2h ben withdraw s; 3h cy second",
                "999h",
                "0h open, 168h expired",
            ),
            (
                "once the vote is open it goes on",
                "0h ada proposes; 1h ben second #s; 2h cy second; 3h ben withdraw s; 4h ada yes",
                "999h",
                "0h open, 2h open, 314h last call, 338h accepted",
            ),
        ],
    );
}

#[test]
fn whom_it_is_about_has_no_vote_in_it() {
    let eligible = "{vote: {threshold: 1/2, relation: \">\", base: eligible, max_open: 72h}}";
    told(
        eligible,
        &[
            (
                "a person, in whatever case",
                "0h zoe proposes person/ADA; 1h ada yes; 2h ben yes; 3h cy yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h rejected, ! 1h ada vote E_RECUSED",
            ),
            (
                "the people of an employer, however it is spelled",
                "0h zoe proposes employer/AURORA; 1h ada no; 2h ben no; 3h cy yes; 4h dee yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h accepted, ! 1h ada vote E_RECUSED, ! 2h ben vote E_RECUSED",
            ),
            (
                "who takes themselves out, with what they said",
                "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy no; 4h dee no; 5h eve abstain; 6h dee recuse I work on it; 7h dee recuse; 8h dee yes; 9h eve yes",
                "99h",
                "0h open, 0h open, 48h last call, 72h accepted, ! 7h dee recuse E_RECUSED, ! 8h dee vote E_RECUSED",
            ),
        ],
    );
}

#[test]
fn who_takes_no_part_holds_nothing_and_can_still_take_back_their_own() {
    const LAZY: &str = "{notice: {to: [a@example.org]}, consult: {groups: [asked], silence: blocks}, lazy: {period: 72h, support: 1}, expires: 900h}";
    let open = "0h - told a@example.org; 0h ada proposes;";
    let objected = format!(
        "{open} 1h ben approve; 1h tom ack asked; 2h cy object #o; 3h cy recuse; 4h dee hold; 5h dee recuse"
    );
    let told_all = format!(
        "{open} 1h ben approve; 2h tom ack asked; 3h ben recuse; 4h tom recuse; 5h rex ack asked"
    );
    let own = "0h - told a@example.org; 0h ada proposes person/ada; 1h ada approve; 2h ada amend t1; 3h ada minor t2; 4h ada retract";
    told(
        LAZY,
        &[
            (
                "objections and holds end",
                &objected,
                "99h",
                "0h open, 2h blocked, 3h open, 4h blocked, 5h open, 48h last call, 72h accepted",
            ),
            (
                "approvals and answers fall",
                &told_all,
                "99h",
                "0h open, 48h last call, 72h open",
            ),
            (
                "one's own proposal",
                own,
                "9h",
                "0h open, 4h withdrawn, ! 1h ada approve E_RECUSED, ! 2h ada amend E_FROZEN",
            ),
        ],
    );
}

#[test]
fn the_people_of_a_party_have_no_say_in_any_role() {
    const MANY: &str = "{vote: {threshold: 1/2, relation: \">\", base: eligible, max_open: 72h}, \
                        veto: {by: [public], within: 72h}, appeal: {by: [reviewers], count: 1, within: 72h, to: council, decide_within: 900h}}";
    told(
        MANY,
        &[(
            "a veto of the party's people",
            "0h zoe proposes employer/Aurora employer/Cedar; 1h cy yes; 2h dee yes; 80h mia veto; 81h rex appeal; 82h zoe veto",
            "99h",
            "0h open, 0h open, 48h last call, 72h affirming, ! 80h mia veto E_RECUSED, ! 81h rex appeal E_RECUSED, ! 82h zoe veto E_NOT_ELIGIBLE",
        )],
    );
}
