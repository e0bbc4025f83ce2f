//! What becomes of what was accepted: veto, affirmation, appeal; and of what finds no outcome.

use std::collections::BTreeMap;

use decisions::item::State;

use crate::item::{Story, basis_of, rules_of, told};

const YES: &str = "0h zoe proposes; 1h ada yes; 2h ben yes; 3h cy yes;";
const STEPS: &str = "0h open, 0h open, 3h affirming";

fn after(rest: &str) -> String {
    format!(
        "{{vote: {{threshold: 1/2, relation: \">\", base: members, max_open: 100h, close: decided}}, {rest}}}"
    )
}

/// Stories that begin with an acceptance at 3h.
fn go_on(rest: &str, stories: &[(&str, &str, &str, &str)]) {
    let full: Vec<(String, String)> = stories
        .iter()
        .map(|(_, lines, _, course)| (format!("{YES} {lines}"), format!("{STEPS}{course}")))
        .collect();
    let stories: Vec<(&str, &str, &str, &str)> = stories
        .iter()
        .zip(&full)
        .map(|((name, _, now, _), (lines, course))| (*name, lines.as_str(), *now, course.as_str()))
        .collect();
    told(&after(rest), &stories);
}

#[test]
fn a_veto_in_time_stops_it() {
    go_on(
        "veto: {by: [public], within: 72h}",
        &[
            ("nobody", "", "99h", ", 75h in force"),
            ("one", "10h mia veto", "99h", ", 10h rejected"),
            (
                "the last millisecond",
                "75h-1ms mia veto",
                "99h",
                ", 74h+3599999ms rejected",
            ),
            (
                "too late",
                "75h mia veto",
                "99h",
                ", 75h in force, ! 75h mia veto E_LATE",
            ),
            (
                "who may not",
                "10h ada veto",
                "99h",
                ", 75h in force, ! 10h ada veto E_NOT_ELIGIBLE",
            ),
            (
                "other acts are late",
                "10h dee yes; 11h dee hold; 12h zoe amend t1; 13h zoe retract @t0",
                "15h",
                ", ! 10h dee vote E_LATE, ! 11h dee hold E_LATE, ! 12h zoe amend E_LATE, ! 13h zoe retract E_LATE",
            ),
            (
                "an objection is too",
                "10h dee object",
                "15h",
                ", ! 10h dee object E_LATE",
            ),
        ],
    );
}

#[test]
fn it_takes_as_many_vetoes_as_the_charter_says() {
    go_on(
        "veto: {by: [public], count: 2, within: 72h}",
        &[
            ("one", "10h mia veto", "99h", ", 75h in force"),
            (
                "one twice",
                "10h mia veto; 11h mia veto",
                "99h",
                ", 75h in force, ! 11h mia veto E_DUP",
            ),
            ("two", "10h mia veto; 11h ned veto", "99h", ", 11h rejected"),
            (
                "one takes it back",
                "10h mia veto #v; 11h mia withdraw v; 12h ned veto",
                "99h",
                ", 75h in force",
            ),
        ],
    );
}

#[test]
fn a_veto_is_set_aside_by_those_who_heard_it() {
    go_on(
        "veto: {by: [public], within: 72h, overridden: {by: [council], count: 3/5, within: 48h}}",
        &[
            ("nobody", "10h mia veto", "99h", ", 58h rejected"),
            (
                "two of five",
                "10h mia veto #v; 11h ada override v; 12h ben override v; 13h ben override v; 14h zoe override v; 15h cy override x",
                "99h",
                ", 58h rejected, ! 13h ben override E_DUP, ! 14h zoe override E_NOT_ELIGIBLE, ! 15h cy override E_DIGEST",
            ),
            (
                "three",
                "10h mia veto #v; 11h ada override v; 12h ben override v; 13h cy override v",
                "99h",
                ", 75h in force",
            ),
            (
                "three, too late",
                "10h mia veto #v; 11h ada override v; 12h ben override v; 58h cy override v",
                "99h",
                ", 58h rejected, ! 58h cy override E_LATE",
            ),
            (
                "no veto",
                "11h ada override v",
                "99h",
                ", 75h in force, ! 11h ada override E_PROCEDURE",
            ),
            (
                "another veto stands although one was set aside",
                "10h mia veto #v; 11h ada override v; 12h ben override v; 13h cy override v; 20h ned veto #w",
                "99h",
                ", 68h rejected",
            ),
            (
                "until that is set aside too",
                "10h mia veto #v; 11h ada override v; 12h ben override v; 13h cy override v; 20h ned veto #w; 21h ada override w; 22h ben override w; 23h dee override w",
                "99h",
                ", 75h in force",
            ),
            (
                "taken back",
                "10h mia veto #v; 80h mia withdraw v",
                "99h",
                ", 58h rejected, ! 80h mia withdraw E_LATE",
            ),
            (
                "taken back in time",
                "50h mia veto #v; 80h mia withdraw v",
                "99h",
                ", 80h in force",
            ),
        ],
    );
}

#[test]
fn silence_affirms_and_objections_refuse() {
    go_on(
        "ratify: {by: [public], within: 72h, objections: 2}",
        &[
            ("silence", "", "99h", ", 75h in force"),
            ("one", "10h mia object", "99h", ", 75h in force"),
            (
                "two",
                "10h mia object; 11h ned object",
                "99h",
                ", 11h rejected",
            ),
            (
                "one person twice is one",
                "10h mia object #o; 11h mia object",
                "99h",
                ", 75h in force",
            ),
            (
                "taken back",
                "10h mia object #o; 11h mia withdraw o; 12h ned object",
                "99h",
                ", 75h in force",
            ),
            (
                "too late",
                "10h mia object; 75h ned object",
                "99h",
                ", 75h in force, ! 75h ned object E_LATE",
            ),
            (
                "who may not",
                "10h ada object",
                "99h",
                ", 75h in force, ! 10h ada object E_NOT_ELIGIBLE",
            ),
        ],
    );
}

#[test]
fn objections_bring_what_is_to_be_affirmed_to_a_vote() {
    const RATIFY: &str = "ratify: {by: [public], within: 72h, objections: 1/3, \
                          vote: {threshold: 1/2, relation: \">\", base: cast, max_open: 100h, close: decided}}";
    go_on(
        RATIFY,
        &[
            (
                "silence",
                "10h mia yes",
                "99h",
                ", 75h in force, ! 10h mia vote E_LATE",
            ),
            (
                "affirmed",
                "10h mia object; 11h ned yes; 12h oz yes; 13h mia yes",
                "99h",
                ", 10h affirming, 12h affirming, 75h in force, ! 13h mia vote E_LATE",
            ),
            (
                "refused",
                "10h mia object; 11h ned no; 12h oz no",
                "99h",
                ", 10h affirming, 12h rejected",
            ),
            (
                "a tie refuses",
                "10h mia object; 11h ned no; 12h oz yes",
                "200h",
                ", 10h affirming, 110h rejected",
            ),
            (
                "nobody votes",
                "10h mia object",
                "200h",
                ", 10h affirming, 110h rejected",
            ),
            (
                "the council has no vote there",
                "10h mia object; 11h ada yes",
                "20h",
                ", 10h affirming, ! 11h ada vote E_NOT_ELIGIBLE",
            ),
            (
                "what came to a vote stays there",
                "10h mia object #o; 11h mia withdraw o",
                "200h",
                ", 10h affirming, 110h rejected",
            ),
            (
                "who takes no part does not count",
                "10h mia object; 11h ned yes; 12h oz recuse; 13h mia no",
                "200h",
                ", 10h affirming, 13h rejected",
            ),
        ],
    );
}

#[test]
fn nobody_refuses_where_nobody_is() {
    const NOBODY: &str = "ratify: {by: [public], within: 72h, objections: 1/2}";
    let mut rules = rules_of(&after(NOBODY));
    rules.ratify.as_mut().unwrap().people.clear();
    let story = Story::by(basis_of(rules), YES);
    assert_eq!(story.at("4h").state, State::Affirming);
    assert_eq!(story.at("99h").state, State::InForce);
}

#[test]
fn what_is_to_be_affirmed_holds_before_or_after_as_the_charter_says() {
    for (mode, holds) in [("before", false), ("after", true)] {
        let rest = format!("ratify: {{by: [public], within: 72h, objections: 1, mode: {mode}}}");
        let story = Story::of(&after(&rest), YES);
        assert!(!story.at("2h").in_effect, "{mode}");
        assert_eq!(story.at("4h").in_effect, holds, "{mode}");
        assert!(story.at("75h").in_effect, "{mode}");
        let refused = Story::of(&after(&rest), &format!("{YES} 5h mia object"));
        assert!(!refused.at("5h").in_effect, "{mode}");
    }
}

#[test]
fn an_appeal_of_enough_people_stays_it() {
    go_on(
        "appeal: {by: [public], count: 2, within: 72h, to: reviewers, decide_within: 9000h}",
        &[
            ("nobody", "", "99h", ", 75h in force"),
            (
                "one",
                "10h mia appeal; 11h mia appeal",
                "99h",
                ", 75h in force, ! 11h mia appeal E_DUP",
            ),
            (
                "two",
                "10h mia appeal; 11h ned appeal; 12h oz appeal",
                "999h",
                ", 11h stayed",
            ),
            (
                "too late",
                "10h mia appeal; 75h ned appeal",
                "99h",
                ", 75h in force, ! 75h ned appeal E_LATE",
            ),
            (
                "a stranger",
                "10h zoe appeal",
                "20h",
                ", ! 10h zoe appeal E_NOT_ELIGIBLE",
            ),
            (
                "taken back",
                "10h mia appeal #a; 11h ned appeal; 20h mia withdraw a",
                "99h",
                ", 11h stayed, 20h affirming, 75h in force",
            ),
            (
                "taken back later",
                "10h mia appeal #a; 11h ned appeal; 90h mia withdraw a",
                "99h",
                ", 11h stayed, 90h in force",
            ),
        ],
    );
    go_on(
        "appeal: {by: [public], count: 1, within: 72h, to: reviewers, stays: false}",
        &[("it goes on", "10h mia appeal", "99h", ", 75h in force")],
    );
}

#[test]
fn what_is_accepted_keeps_the_agreement_it_was_accepted_with() {
    const REVIEW: &str =
        "{review: {count: 1, by: [reviewers]}, expires: 99h, veto: {by: [public], within: 72h}}";
    let lines = "0h zoe proposes; 1h rex approve #a; 2h rex withdraw a";
    told(
        REVIEW,
        &[(
            "withdrawn after",
            lines,
            "3h",
            "0h open, 1h affirming, ! 2h rex withdraw E_LATE",
        )],
    );
    let record = Story::of(REVIEW, lines).at("3h");
    assert!(record.approvals.contains_key("rex"));
}

#[test]
fn what_finds_no_outcome_expires_or_goes_on_to_others() {
    told(
        "{review: {count: 2, by: [reviewers]}, expires: 99h}",
        &[
            ("nobody", "0h zoe proposes", "999h", "0h open, 99h expired"),
            (
                "a moment late",
                "0h zoe proposes; 1h rex approve; 99h sue approve",
                "999h",
                "0h open, 99h expired, ! 99h sue approve E_LATE",
            ),
            (
                "in time",
                "0h zoe proposes; 1h rex approve; 99h-1ms sue approve",
                "999h",
                "0h open, 98h+3599999ms accepted",
            ),
            (
                "not to be handed on",
                "0h zoe proposes; 1h zoe escalate",
                "9h",
                "0h open, ! 1h zoe escalate E_PROCEDURE",
            ),
        ],
    );
    told(
        "{review: {count: 2, by: [reviewers]}, escalate: {to: public, after: 99h}, expires: 99h}",
        &[
            (
                "nobody",
                "0h zoe proposes",
                "999h",
                "0h open, 99h escalated",
            ),
            (
                "by its author",
                "0h zoe proposes; 1h zoe escalate",
                "9h",
                "0h open, 1h escalated",
            ),
            (
                "by nobody else",
                "0h zoe proposes; 1h ada escalate; 2h zoe escalate; 3h zoe escalate",
                "9h",
                "0h open, 2h escalated, ! 1h ada escalate E_NOT_ELIGIBLE, ! 3h zoe escalate E_LATE",
            ),
            (
                "not by others",
                "0h zoe proposes; 1h rex escalate",
                "9h",
                "0h open, ! 1h rex escalate E_NOT_ELIGIBLE",
            ),
        ],
    );
}

#[test]
fn what_nobody_can_give_is_never_accepted() {
    const REVIEW: &str = "{review: {count: 3, by: [reviewers]}, expires: 99h}";
    let story = Story::of(REVIEW, "0h zoe proposes; 1h rex approve; 2h sue approve");
    let record = story.at("3h");
    assert!(
        record
            .conditions
            .iter()
            .any(|one| !one.met && one.text.contains("and 2 can"))
    );
    assert_eq!(story.at("100h").state, State::Expired);
}

const VOTE: &str = "{vote: {threshold: 1/2, relation: \">\", base: eligible, max_open: 72h}}";

#[test]
fn refreshed_people_decide_and_are_known_to_whom_it_is_about() {
    let mut story = Story::of(
        VOTE,
        "0h zoe proposes employer/Cedar; 1h rex yes; 2h ada refresh #r; 3h ben refresh",
    );
    let mut rules = rules_of(VOTE);
    let others = rules_of("{review: {count: 1, by: [reviewers]}, expires: 9h}");
    rules.members = others.review.unwrap().people;
    story.basis.refreshed = BTreeMap::from([(story.digest("r"), rules)]);
    for line in ["4h rex yes", "5h sue yes", "6h ada no"] {
        story.then(line);
    }
    let record = story.at("99h");
    assert_eq!(
        crate::item::course(&record),
        "0h open, 0h open, 48h last call, 72h accepted, ! 1h rex vote E_NOT_ELIGIBLE, ! 3h ben refresh E_NOT_ELIGIBLE, \
         ! 4h rex vote E_RECUSED, ! 6h ada vote E_NOT_ELIGIBLE"
    );
    let unknown = Story::of(VOTE, "0h zoe proposes; 2h ada refresh");
    assert_eq!(
        crate::item::course(&unknown.at("3h")),
        "0h open, 0h open, ! 2h ada refresh E_DIGEST"
    );
}
