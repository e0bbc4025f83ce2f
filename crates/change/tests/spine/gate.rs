//! What the gate says, of events that are really signed.

use change::gate::{Judgement, Verdict};
use charter::risk::Risk;
use decisions::{Act, RaisedRisk, Reason, Refusal, Refused};

use crate::community::{Community, touching};

const REASON: &str = "The site is down.";

fn emergency() -> Act {
    Act::Emergency {
        reason: REASON.to_owned(),
    }
}

fn objection() -> Act {
    Act::Object {
        reason: "It breaks mail.".to_owned(),
    }
}

fn pass_limit() -> Act {
    Act::OverrideLimit {
        scope: "shelf tools at here".to_owned(),
        reason: "We move house.".to_owned(),
    }
}

fn acknowledge(group: &str) -> Act {
    Act::Acknowledge {
        group: group.to_owned(),
    }
}

#[test]
fn a_low_risk_needs_one_reviewer_of_the_owners_or_of_infrastructure() {
    for who in ["bob", "dee"] {
        let mut community = Community::new(Risk::Low);
        assert_eq!(community.verdict(), ["approval-missing"]);
        community.approves(who);
        assert_eq!(community.verdict(), ["passed"]);
    }
    let mut community = Community::new(Risk::Low);
    community.approves("cy");
    assert_eq!(community.verdict(), ["approval-missing", "not-eligible"]);
}

#[test]
fn an_author_approves_nothing_with_whichever_key() {
    let mut community = Community::new(Risk::Low);
    community.authors.insert("bob".to_owned());
    community.approves("ada");
    assert_eq!(community.verdict(), ["approval-missing", "author-approval"]);
    let changes = vec![community.plan.scopes[0].changes[0].digest];
    let plan = community.digest();
    community.signs("ada", 11, Act::Approve { role: None }, plan, changes);
    assert_eq!(community.verdict(), ["approval-missing", "author-approval"]);
    community.approves("bob");
    assert_eq!(
        community.verdict(),
        ["approval-missing", "author-approval", "author-approval"]
    );
    community.approves("dee");
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn two_keys_of_one_person_are_one_person() {
    let two = "{review: {count: 2, by: [owners]}}";
    let charter = format!("decisions: {{low: {two}, medium: {two}, high: {two}}}\n");
    let mut community = Community::under(&charter, Risk::Low);
    community.authors.clear();
    community.approves("ada");
    let changes = vec![community.plan.scopes[0].changes[0].digest];
    let plan = community.digest();
    community.signs("ada", 11, Act::Approve { role: None }, plan, changes);
    assert_eq!(community.verdict(), ["approval-missing"]);
    community.approves("bob");
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn people_of_one_employer_are_not_people_of_two() {
    let two = "{review: {count: 2, by: [owners], employers: 2}}";
    let charter = format!("decisions: {{low: {two}, medium: {two}, high: {two}}}\n");
    let mut community = Community::under(&charter, Risk::Low);
    community.approves("bob");
    community.approves("fay");
    assert_eq!(community.verdict(), ["employers"]);
    community.approves("gus");
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn an_approval_holds_for_its_change_in_any_plan_and_for_no_other_change() {
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    community.plan.commit = Some("another".to_owned());
    assert_eq!(community.verdict(), ["passed"]);
    community.plan.scopes[0].changes = crate::community::plan_of(vec![touching("b")], Risk::Low)
        .scopes
        .remove(0)
        .changes;
    assert_eq!(community.verdict(), ["approval-missing"]);
}

#[test]
fn an_objection_holds_until_it_is_taken_back() {
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    let event = community.does("cy", objection());
    assert_eq!(community.verdict(), ["objection"]);
    community.does("cy", Act::Withdraw { event });
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn what_the_ledger_has_not_received_does_not_count_and_an_objection_holds_all_the_same() {
    let mut community = Community::new(Risk::Low);
    community.received = false;
    community.approves("bob");
    assert_eq!(community.verdict(), ["approval-missing", "not-received"]);
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    community.received = false;
    community.does("cy", objection());
    assert_eq!(community.verdict(), ["not-received"]);
}

#[test]
fn what_cannot_be_read_or_is_gone_holds_the_gate_in_an_emergency_too() {
    let refused = |reason| Refused {
        path: "decisions/a/b.json".to_owned(),
        reason,
        what: Refusal::new(reason, "it is odd").what,
    };
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    community.does("gus", emergency());
    community.does("dee", emergency());
    assert_eq!(community.verdict(), ["passed"]);
    community.refused = vec![refused(Reason::NotEligible)];
    assert_eq!(community.verdict(), ["passed"]);
    for (reason, code) in [(Reason::Form, "E_FORM"), (Reason::Signature, "E_SIGNATURE")] {
        community.refused = vec![refused(reason)];
        assert_eq!(community.verdict(), [code]);
    }
    community.refused.clear();
    let event = community.does("eve", objection());
    community.removes(event);
    assert_eq!(community.verdict(), ["vanished"]);
}

#[test]
fn a_medium_risk_waits_for_business_days_after_all_were_told() {
    let mut community = Community::new(Risk::Medium);
    community.approves("bob");
    assert_eq!(community.verdict(), ["notice-missing"]);
    community.notices("elsewhere");
    assert_eq!(community.verdict(), ["notice-missing"]);
    community.notices("post@example.org");
    assert_eq!(community.verdict(), ["waiting"]);
    let Verdict::Waiting { until, .. } = community.first().verdict else {
        panic!("it waits");
    };
    assert_eq!(until.to_string(), "2026-11-11T12:00:00Z");
    community.at("2026-11-11T11:59:59.999Z");
    assert_eq!(community.verdict(), ["waiting"]);
    community.at("2026-11-11T12:00:00Z");
    assert_eq!(community.verdict(), ["passed"]);
    community.does("eve", objection());
    assert_eq!(community.verdict(), ["objection"]);
}

#[test]
fn silence_alone_is_enough_where_the_charter_says_so() {
    let lazy = "{notice: {to: [affected]}, lazy: {period: 24h, support: 0}}";
    let charter = format!("decisions: {{low: {lazy}, medium: {lazy}, high: {lazy}}}\n");
    let mut community = Community::under(&charter, Risk::Medium);
    community.notices("post");
    assert_eq!(community.verdict(), ["waiting"]);
    community.at("2026-11-07T12:00:00Z");
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn a_high_risk_needs_an_answer_of_every_group_that_is_asked() {
    let mut community = Community::new(Risk::High);
    community.notices("dev@example.org");
    community.approves("bob");
    community.approves("cy");
    community.at("2026-12-01T12:00:00Z");
    assert_eq!(
        community.verdict(),
        ["consultation-missing", "consultation-missing"]
    );
    community.does("ada", acknowledge("site"));
    community.does("bob", acknowledge("care"));
    assert_eq!(
        community.verdict(),
        ["consultation-missing", "consultation-missing"],
        "an author answers for nobody, and one for no group but their own"
    );
    community.does("bob", acknowledge("site"));
    assert_eq!(community.verdict(), ["consultation-missing"]);
    community.does("eve", acknowledge("care"));
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn an_emergency_passes_with_two_people_of_two_employers_and_runs_out() {
    let mut community = Community::new(Risk::High);
    community.does("bob", emergency());
    assert!(community.verdict().contains(&"emergency-short"));
    community.does("fay", emergency());
    assert!(community.verdict().contains(&"emergency-short"));
    community.does("cy", emergency());
    let judgement = community.first();
    assert!(judgement.passed());
    assert_eq!(
        judgement.review_due.unwrap().to_string(),
        "2026-11-13T12:00:00Z"
    );
    community.at("2026-11-09T11:59:59Z");
    assert_eq!(community.verdict(), ["passed"]);
    community.at("2026-11-09T12:00:00Z");
    assert!(community.verdict().contains(&"emergency-short"));
    assert_eq!(community.first().review_due, None);
    community.does("bob", emergency());
    community.does("cy", emergency());
    let due = community.first().review_due.unwrap();
    assert_eq!(
        due.to_string(),
        "2026-11-16T12:00:00Z",
        "of the emergency that stands"
    );
    community.does("eve", objection());
    assert!(!community.first().passed());
}

#[test]
fn an_author_declares_an_emergency_only_with_somebody_else() {
    let mut community = Community::new(Risk::High);
    community.authors.insert("cy".to_owned());
    community.does("ada", emergency());
    community.does("cy", emergency());
    assert!(!community.first().passed(), "both are authors");
    let mut community = Community::new(Risk::High);
    community.does("ada", emergency());
    community.does("bob", emergency());
    assert!(!community.first().passed(), "both are of one employer");
    community.does("hal", emergency());
    assert!(
        !community.first().passed(),
        "nobody knows for whom Hal works"
    );
    community.does("cy", emergency());
    assert!(community.first().passed());
}

#[test]
fn a_limit_is_passed_by_a_decision_on_that_very_plan_and_by_no_author() {
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    community.exceed();
    assert_eq!(community.verdict(), ["limit-exceeded"]);
    community.does("ada", pass_limit());
    assert_eq!(
        community.verdict(),
        ["limit-exceeded", "limit-not-eligible"]
    );
    let leave = community.does("bob", pass_limit());
    assert_eq!(community.verdict(), ["passed"]);
    community.plan.commit = Some("another".to_owned());
    assert_eq!(community.verdict(), ["limit-exceeded"]);
    community.plan.commit = None;
    community.does("bob", Act::Withdraw { event: leave });
    assert_eq!(
        community.verdict(),
        ["limit-exceeded", "limit-not-eligible"]
    );
}

#[test]
fn a_limit_holds_an_emergency_too() {
    let mut community = Community::new(Risk::Low);
    community.exceed();
    community.does("bob", emergency());
    community.does("gus", emergency());
    assert_eq!(community.verdict(), ["limit-exceeded"]);
    assert_eq!(community.first().review_due, None);
    community.does("dee", pass_limit());
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn what_nobody_can_give_is_said() {
    let mut community = Community::new(Risk::Low);
    let change = &mut community.plan.scopes[0].changes[0].change;
    change.owners = vec!["empty".to_owned()];
    let charter = "decisions: {low: {review: {count: 1, by: [owners]}}}\n";
    let mut lone = Community::under(charter, Risk::Low);
    lone.plan = community.plan;
    assert_eq!(lone.verdict(), ["impossible", "approval-missing"]);
}

#[test]
fn who_raises_a_risk_raises_what_it_requires() {
    let mut community = Community::new(Risk::Low);
    community.approves("bob");
    let raise = |risk| Act::Raise {
        risk,
        reason: "Mail hangs on it.".to_owned(),
    };
    community.does("eve", raise(RaisedRisk::Medium));
    let judgement = community.first();
    assert_eq!(judgement.risk, Risk::Medium);
    assert_eq!(judgement.reasons[0].raises_to, Risk::Medium);
    assert_eq!(community.verdict(), ["notice-missing"]);
    community.does("hal", raise(RaisedRisk::High));
    let judgement = community.first();
    assert_eq!(
        (judgement.risk, judgement.requirement.risk),
        (Risk::High, Risk::High)
    );
    let raised: Vec<Risk> = judgement
        .reasons
        .iter()
        .map(|reason| reason.raises_to)
        .collect();
    assert_eq!(raised, [Risk::Medium, Risk::High]);
}

#[test]
fn changes_that_are_alike_are_judged_apart_where_their_events_differ() {
    let mut community = Community::new(Risk::Low);
    let changes = ["a", "b", "c", "d"].map(touching).to_vec();
    community.plan = crate::community::plan_of(changes, Risk::Low);
    let digests: Vec<_> = community
        .plan
        .changes()
        .map(|(_, one)| one.digest)
        .collect();
    let plan = community.digest();
    let approve = Act::Approve { role: None };
    community.signs("bob", 2, approve, plan, digests[..3].to_vec());
    community.signs("cy", 3, objection(), plan, digests[1..2].to_vec());
    let judged = community.judged();
    let passed: Vec<bool> = judged.iter().map(Judgement::passed).collect();
    assert_eq!(passed, [true, false, true, false]);
}

/// A change by which somebody may do more.
fn giving(risk: Risk, to: &str) -> Community {
    let mut community = Community::new(risk);
    let mut change = touching("mail");
    change.effect.gives_to = vec![to.to_owned()];
    community.plan = crate::community::plan_of(vec![change], risk);
    community
}

#[test]
fn nobody_gives_more_to_themself_whoever_agrees() {
    let mut community = giving(Risk::Low, "ada");
    community.approves("bob");
    assert_eq!(community.verdict(), ["own-access"]);
    // What others wrote, they may be given.
    community.by_hand = false;
    assert_eq!(community.verdict(), ["passed"]);
}

#[test]
fn who_proposes_to_undo_a_change_is_its_author() {
    let mut community = giving(Risk::Low, "ada");
    (community.undoes, community.by_hand) = (true, false);
    community.authors.clear();
    let title = "Back to what it was".to_owned();
    community.does(
        "ada",
        Act::Propose {
            title,
            matter: None,
        },
    );
    community.approves("bob");
    assert_eq!(community.verdict(), ["own-access"]);
}

#[test]
fn who_gains_does_not_agree_for_others() {
    let mut community = giving(Risk::Low, "bob");
    community.approves("bob");
    assert_eq!(community.verdict(), ["approval-missing", "author-approval"]);
    community.approves("dee");
    assert_eq!(community.verdict(), ["passed"]);
}
