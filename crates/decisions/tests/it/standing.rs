//! What stands for a change.

use base::Digest;
use decisions::{
    Act, Attributed, Content, ItemId, RaisedRisk, Reason, Receipts, Standing, Statement, standing,
};
use jiff::{SignedDuration, Timestamp};

use crate::signers::{Signer, person};

/// Events in the order they are received, a second apart.
#[derive(Default)]
pub(crate) struct Story {
    pub(crate) events: Vec<Attributed>,
    pub(crate) receipts: Receipts,
}

fn plan(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

pub(crate) fn change(name: &str) -> Digest {
    Digest::of(format!("change {name}").as_bytes())
}

impl Story {
    fn now(&self) -> Timestamp {
        let seconds = i64::try_from(self.events.len()).unwrap();
        "2026-11-06T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    /// Not received yet.
    pub(crate) fn unreceived(
        &mut self,
        who: &str,
        act: Act,
        plan_name: &str,
        changes: &[&str],
    ) -> Digest {
        let first = Content::new(plan("first"), [change("a")]).unwrap();
        let item = ItemId::new("zone", &first);
        let content =
            Content::new(plan(plan_name), changes.iter().map(|name| change(name))).unwrap();
        let statement = Statement::new(item, act, person(who), content, self.now()).unwrap();
        let event = Signer::ed25519(1).event(statement);
        let digest = *event.digest();
        self.events.push(Attributed {
            event,
            person: person(who),
        });
        digest
    }

    pub(crate) fn then(&mut self, who: &str, act: Act, changes: &[&str]) -> Digest {
        let now = self.now();
        let digest = self.unreceived(who, act, "first", changes);
        self.receipts.insert(digest, now);
        digest
    }

    fn of(&self, name: &str) -> Standing {
        standing(&self.events, &self.receipts, &change(name))
    }
}

pub(crate) fn approve() -> Act {
    Act::Approve { role: None }
}

pub(crate) fn object() -> Act {
    Act::Object {
        reason: "It breaks mail.".to_owned(),
    }
}

fn propose() -> Act {
    Act::Propose {
        title: "zone".to_owned(),
        matter: None,
    }
}

fn approvers(standing: &Standing) -> Vec<&str> {
    standing
        .approvals
        .iter()
        .map(|one| one.by.as_str())
        .collect()
}

#[test]
fn a_person_counts_once_and_the_latest_approval_is_it() {
    let mut story = Story::default();
    story.then("ada", approve(), &["a"]);
    story.then("ben", approve(), &["a", "b"]);
    let role = Some("chair".to_owned());
    story.then("ada", Act::Approve { role: role.clone() }, &["a"]);
    let standing = story.of("a");
    assert_eq!(approvers(&standing), ["ben", "ada"]);
    assert_eq!(standing.approvals[1].what.role, role);
    assert_eq!(approvers(&story.of("b")), ["ben"]);
    assert_eq!(approvers(&story.of("c")), [""; 0]);
}

#[test]
fn what_is_withdrawn_is_gone_with_all_earlier_approvals_of_the_person() {
    let mut story = Story::default();
    story.then("ada", approve(), &["a"]);
    let again = story.then(
        "ada",
        Act::Approve {
            role: Some("chair".to_owned()),
        },
        &["a"],
    );
    let objection = story.then("ben", object(), &["a"]);
    story.then("ada", Act::Withdraw { event: again }, &["a"]);
    assert_eq!(approvers(&story.of("a")), [""; 0]);
    assert_eq!(story.of("a").objections.len(), 1);
    story.then("ben", Act::Withdraw { event: objection }, &["a"]);
    assert_eq!(story.of("a").objections, []);
    story.then("ada", approve(), &["a"]);
    assert_eq!(approvers(&story.of("a")), ["ada"]);
}

#[test]
fn nobody_withdraws_for_another_and_a_raise_stays() {
    let mut story = Story::default();
    let objection = story.then("ada", object(), &["a"]);
    let raise = Act::Raise {
        risk: RaisedRisk::High,
        reason: "A registrar is slow.".to_owned(),
    };
    let raise = story.then("ada", raise, &["a"]);
    story.then("ben", Act::Withdraw { event: objection }, &["a"]);
    story.then("ada", Act::Withdraw { event: raise }, &["a"]);
    story.then(
        "ada",
        Act::Withdraw {
            event: plan("nothing"),
        },
        &["a"],
    );
    let standing = story.of("a");
    assert_eq!(standing.objections.len(), 1);
    assert_eq!(standing.raised_to(), Some(RaisedRisk::High));
    let reasons: Vec<Reason> = standing.ignored.iter().map(|one| one.reason).collect();
    assert_eq!(
        reasons,
        [Reason::NotEligible, Reason::NotEligible, Reason::Digest]
    );
}

#[test]
fn an_event_without_a_receipt_is_named_and_does_not_count() {
    let mut story = Story::default();
    let approval = story.unreceived("ada", approve(), "first", &["a"]);
    let objection = story.then("ben", object(), &["a"]);
    story.unreceived("ben", Act::Withdraw { event: objection }, "first", &["a"]);
    let standing = story.of("a");
    assert_eq!(approvers(&standing), [""; 0]);
    assert_eq!(standing.objections.len(), 1);
    let acts: Vec<&str> = standing.unreceived.iter().map(|one| one.act).collect();
    assert_eq!(acts, ["approve", "withdraw"]);
    story.receipts.insert(approval, story.now());
    assert_eq!(approvers(&story.of("a")), ["ada"]);
}

#[test]
fn an_amendment_drops_approvals_and_keeps_objections() {
    let mut story = Story::default();
    story.then("ada", propose(), &["a", "b"]);
    story.then("ben", approve(), &["a", "b"]);
    let objection = story.then("cat", object(), &["a"]);
    assert_eq!(story.of("b").objections, []);
    story.then("ada", propose(), &["a2", "b"]);
    let amended = story.of("a2");
    assert_eq!(approvers(&amended), [""; 0]);
    assert!(amended.objections[0].what.carried);
    assert_eq!(approvers(&story.of("b")), ["ben"]);
    // Not received yet, an amendment frees nothing either.
    story.unreceived("ada", propose(), "first", &["a3"]);
    assert_eq!(story.of("a3").objections.len(), 1);
    story.then("cat", Act::Withdraw { event: objection }, &["a"]);
    assert_eq!(story.of("a3").objections, []);
}

#[test]
fn an_objection_is_not_shed_by_keeping_the_old_change_or_by_not_proposing() {
    let mut story = Story::default();
    story.then("ada", propose(), &["a", "b"]);
    story.then("cat", object(), &["a"]);
    story.then("ada", propose(), &["a", "a2", "b"]);
    story.then("ben", approve(), &["a3"]);
    for (name, held) in [("a", 1), ("a2", 1), ("a3", 1), ("b", 0), ("c", 0)] {
        assert_eq!(story.of(name).objections.len(), held, "{name}");
    }
    assert!(!story.of("a").objections[0].what.carried);
}

#[test]
fn answers_stand_with_their_objection() {
    let mut story = Story::default();
    let objection = story.then("ben", object(), &["a"]);
    let text = "Mail is on another name.".to_owned();
    story.then(
        "ada",
        Act::Answer {
            event: objection,
            text: text.clone(),
        },
        &["a"],
    );
    assert_eq!(story.of("a").objections[0].what.answers[0].what.text, text);
}

#[test]
fn an_override_is_for_its_plan_and_scope_only() {
    let mut story = Story::default();
    let act = Act::OverrideLimit {
        scope: "example.org".to_owned(),
        reason: "The zone moves.".to_owned(),
    };
    story.then("ada", act, &["a"]);
    let standing = story.of("a");
    assert_eq!(standing.may_pass(&plan("first"), "example.org").count(), 1);
    assert_eq!(standing.may_pass(&plan("second"), "example.org").count(), 0);
    assert_eq!(standing.may_pass(&plan("first"), "example.com").count(), 0);
}

#[test]
fn notices_acknowledgements_and_emergencies_say_when_they_were_received() {
    let mut story = Story::default();
    let start = story.now();
    let evidence = "https://lists.example.org/dev/1".to_owned();
    story.then(
        "ada",
        Act::Notice {
            channel: "dev".to_owned(),
            evidence,
        },
        &["a"],
    );
    story.then(
        "ben",
        Act::Acknowledge {
            group: "dns".to_owned(),
        },
        &["a"],
    );
    story.then(
        "ada",
        Act::Emergency {
            reason: "Mail is down.".to_owned(),
        },
        &["a"],
    );
    let standing = story.of("a");
    assert_eq!(standing.notices[0].received_at, start);
    assert_eq!(standing.acknowledgements[0].what.group, "dns");
    assert_eq!(standing.emergencies.len(), 1);
}
