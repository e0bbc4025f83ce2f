//! Laws of the way from one state of a zone to another.

use change::Domain;
use dns::ZoneState;
use proptest::collection::btree_map;
use proptest::prelude::*;

use crate::support::{Community, applied, scope, state};

fn data() -> impl Strategy<Value = String> {
    let addresses = proptest::collection::vec(1_u8..6, 1..4).prop_map(|octets| {
        let addresses = octets.iter().map(|octet| format!("192.0.2.{octet}"));
        format!("A {}", addresses.collect::<Vec<_>>().join(" | "))
    });
    prop_oneof![
        addresses,
        "[a-c]".prop_map(|name| format!("CNAME {name}.example.net.")),
        "[a-c;]{0,4}".prop_map(|text| format!("TXT \"{text}\"")),
        "[a-c]".prop_map(|name| format!("NS {name}.example.net.")),
        "[a-c]".prop_map(|name| format!("MX 10 {name}")),
    ]
}

/// Any sets, but those whose rules are others': name servers of the zone itself.
fn states() -> impl Strategy<Value = ZoneState> {
    let name = prop_oneof!["[a-e]", "[a-c]\\.[a-c]", Just("*".to_owned())];
    btree_map(name, (prop_oneof![Just(60), Just(3600)], data()), 0..8).prop_map(|sets| {
        let line = |(name, (ttl, data)): (&String, &(u32, String))| format!("{name} {ttl} {data}");
        let lines: Vec<String> = sets.iter().map(line).collect();
        state(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

fn removing() -> Community {
    Community::zone("foreign: remove\n", "{}\n")
}

proptest! {
    #[test]
    fn a_state_does_not_differ_from_itself(a in states()) {
        let community = removing();
        let difference = community.domain().diff(&scope("example.org"), &a, &a, Some(&a));
        prop_assert!(difference.changes.is_empty() && difference.kept.is_empty());
    }

    #[test]
    fn the_changes_from_one_to_another_lead_there_and_back(a in states(), b in states()) {
        let community = removing();
        let domain = community.domain();
        let scope = scope("example.org");
        let there = domain.diff(&scope, &a, &b, None);
        let made = applied(&a, &there);
        prop_assert_eq!(&made.sets, &b.sets);
        prop_assert_eq!(made.digest(), b.digest());
        let back = domain.diff(&scope, &made, &a, None);
        prop_assert_eq!(applied(&made, &back).sets, a.sets.clone());
        prop_assert_eq!(there.changes.len(), back.changes.len());
        // Undoing each step by itself gives the same.
        let mut undone = there.clone();
        for change in &mut undone.changes {
            std::mem::swap(&mut change.before, &mut change.after);
            let sides = (change.before.as_ref(), change.after.as_ref());
            change.action = change::Change::action_of(sides.0, sides.1).expect("a change");
        }
        prop_assert_eq!(applied(&made, &undone).sets, a.sets);
    }

    #[test]
    fn the_same_question_has_the_same_answer_deletes_first(a in states(), b in states()) {
        let community = removing();
        let ask = || community.domain().diff(&scope("example.org"), &a, &b, None);
        let (first, second) = (ask(), ask());
        prop_assert_eq!(&first.changes, &second.changes);
        prop_assert!(first.changes.is_sorted_by_key(|change| (change.action, change.resource.clone())));
    }

    #[test]
    fn judging_a_change_again_says_the_same(a in states(), b in states()) {
        let community = removing();
        let domain = community.domain();
        let scope = scope("example.org");
        for change in domain.diff(&scope, &a, &b, None).changes {
            let mut again = change.clone();
            again.effect = charter::risk::Effect::unknown("nobody looked yet");
            domain.judge(&scope, &a, [&mut again]);
            prop_assert_eq!(again, change);
        }
    }
}
