//! What people changed lately.

use std::collections::BTreeSet;

use change::journal::recent_risks;
use charter::risk::Risk;
use jiff::{SignedDuration, Timestamp};

use crate::shelf::{Things, Trouble};
use crate::workshop::{START, Workshop, things};

fn of(workshop: &Workshop, who: &str, since: &str, judged: Option<&base::Digest>) -> usize {
    let authors = BTreeSet::from([who.to_owned()]);
    let since: Timestamp = since.parse().unwrap();
    let risks = recent_risks(&mut workshop.ledger(), &authors, since, judged).unwrap();
    assert!(
        risks.iter().all(|risk| *risk == Risk::High),
        "as the plan says"
    );
    risks.len()
}

#[test]
fn changes_count_for_their_authors_and_for_a_time() {
    let workshop = Workshop::new(&Things::new(), 1);
    let made = workshop.plan(&things(&[("a", 1), ("b", 1), ("c", 1)]), &Things::new());
    workshop.apply(&made);
    assert_eq!(of(&workshop, "ada", START, None), 3);
    assert_eq!(of(&workshop, "bob", START, None), 0);
    assert_eq!(of(&workshop, "ada", "2026-11-07T12:00:00Z", None), 0);
    assert_eq!(of(&workshop, "ada", START, Some(&made.1)), 0);
}

#[test]
fn what_was_tried_twice_counts_once_and_what_was_undone_not_at_all() {
    let there = things(&[("a", 1), ("b", 1)]);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&things(&[("a", 2), ("b", 2)]), &there);
    workshop.trouble(1, Trouble::Refused);
    workshop.apply(&made);
    assert_eq!(of(&workshop, "ada", START, None), 0);
    workshop.trouble(0, Trouble::UnknownBefore);
    workshop.apply(&made);
    assert_eq!(of(&workshop, "ada", START, None), 2);
}

#[test]
fn old_records_are_not_in_the_way() {
    let mut workshop = Workshop::new(&Things::new(), 1);
    let old: Timestamp = START.parse().unwrap();
    let mut ledger = workshop.ledger();
    for at in 0..300 {
        let at = old - SignedDuration::from_hours(24 * 300 - at);
        let entry = serde_json::json!({"not": "of apply"});
        ledger
            .append(&format!("{at:.3}"), "other.kind", "person/ada", entry)
            .unwrap();
    }
    workshop.authors = BTreeSet::from(["bob".to_owned()]);
    workshop.apply(&workshop.plan(&things(&[("a", 1)]), &Things::new()));
    assert_eq!(of(&workshop, "bob", START, None), 1);
}
