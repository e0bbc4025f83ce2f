//! What people may try who want another outcome than the others.

use decisions::item::State;

use crate::item::{state, told};

const SILENCE: &str = "{notice: {to: [a@example.org]}, lazy: {period: 72h, support: 1}, objection: {ttl: 240h}, expires: 2000h}";
const VOTE: &str =
    "{vote: {threshold: 1/2, relation: \">\", base: eligible, max_open: 48h, close: decided}}";

#[test]
fn a_proposer_gets_rid_of_nobody_by_calling_them_a_party() {
    let of_money = "0h ada proposes employer/Nobody; 1h ben no; 2h cy no; 3h dee no";
    assert_eq!(state(VOTE, of_money, "9h"), State::Rejected);
    let everybody = "0h zoe proposes person/ada person/ben person/cy person/dee; 1h eve yes";
    assert_ne!(state(VOTE, everybody, "99h"), State::Accepted);
}

#[test]
fn what_is_received_at_once_is_not_ordered_by_what_its_makers_claim() {
    told(
        SILENCE,
        &[
            (
                "approved and objected to in one go, the approval first",
                "0h ada proposes; 0h - told a@example.org; 73h ben approve; 73h cy object",
                "99h",
                "0h open, 48h last call, 72h open, 73h blocked",
            ),
            (
                "the other way round",
                "0h ada proposes; 0h - told a@example.org; 73h cy object; 73h ben approve",
                "99h",
                "0h open, 48h last call, 72h open, 73h blocked",
            ),
            (
                "taken back at once",
                "0h ada proposes; 0h - told a@example.org; 73h ben approve #b; 73h ben withdraw b",
                "99h",
                "0h open, 48h last call, 72h open",
            ),
        ],
    );
}

#[test]
fn nobody_gives_notice_of_what_they_proposed_and_no_stranger_does() {
    told(
        SILENCE,
        &[
            (
                "the proposer",
                "0h ada proposes; 1h ada notice a@example.org",
                "99h",
                "0h noticed, ! 1h ada notice E_AUTHOR",
            ),
            (
                "a stranger",
                "0h ada proposes; 1h zoe notice a@example.org",
                "99h",
                "0h noticed, ! 1h zoe notice E_NOT_ELIGIBLE",
            ),
            (
                "another of the body",
                "0h ada proposes; 1h ben notice a@example.org",
                "9h",
                "0h noticed, 1h open",
            ),
        ],
    );
}

#[test]
fn one_member_ends_nothing_and_changes_no_electorate_that_has_voted() {
    let procedure = "{vote: {threshold: 1/2, relation: \">\", base: members, max_open: 48h}, escalate: {to: public, after: 300h}}";
    told(
        procedure,
        &[
            (
                "escalated by another than the proposer",
                "0h ada proposes; 1h ben yes; 2h cy escalate",
                "9h",
                "0h open, 0h open, ! 2h cy escalate E_NOT_ELIGIBLE",
            ),
            (
                "other people while they vote",
                "0h ada proposes; 1h ben no; 2h cy refresh",
                "9h",
                "0h open, 0h open, ! 2h cy refresh E_FROZEN",
            ),
        ],
    );
}

#[test]
fn what_is_appealed_does_not_rest_for_ever() {
    let procedure = "{vote: {threshold: 1/2, relation: \">\", base: members, max_open: 48h, close: decided}, \
        appeal: {by: [public], count: 1, within: 72h, to: reviewers, decide_within: 100h}}";
    let appealed = "0h ada proposes; 1h ada yes; 1h ben yes; 1h cy yes; 2h mia appeal";
    assert_eq!(state(procedure, appealed, "101h"), State::Stayed);
    assert_eq!(state(procedure, appealed, "103h"), State::InForce);
}
