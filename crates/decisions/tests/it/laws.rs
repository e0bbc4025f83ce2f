//! Laws that hold whatever the input.

use base::Digest;
use decisions::sshsig::{SshSignature, VerifyingKey};
use decisions::{Act, Content, ItemId, RaisedRisk, Statement, parse_event, standing};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::signers::{Signer, armor, person};
use crate::standing::{Story, approve, change, object};

fn acts() -> impl Strategy<Value = Act> {
    let line = || "[ -~äß→]{0,20}[a-z][ -~äß→]{0,20}";
    let reason = || "[ -~äß→\n\t]{0,40}[a-z][ -~äß→\n\t]{0,40}";
    let digest = || any::<[u8; 4]>().prop_map(|bytes| Digest::of(&bytes));
    let risk = prop_oneof![Just(RaisedRisk::Medium), Just(RaisedRisk::High)];
    prop_oneof![
        line().prop_map(|title| Act::Propose {
            title,
            matter: None
        }),
        (line(), "[a-z]{1,5}:[!-~]{1,30}")
            .prop_map(|(channel, evidence)| Act::Notice { channel, evidence }),
        prop::option::of(line()).prop_map(|role| Act::Approve { role }),
        line().prop_map(|group| Act::Acknowledge { group }),
        reason().prop_map(|reason| Act::Object { reason }),
        digest().prop_map(|event| Act::Withdraw { event }),
        (digest(), reason()).prop_map(|(event, text)| Act::Answer { event, text }),
        reason().prop_map(|reason| Act::Emergency { reason }),
        (risk, reason()).prop_map(|(risk, reason)| Act::Raise { risk, reason }),
        (line(), reason()).prop_map(|(scope, reason)| Act::OverrideLimit { scope, reason }),
    ]
}

proptest! {
    #[test]
    fn an_event_reads_as_it_was_written(
        act in acts(), changes in prop::collection::vec(any::<u8>(), 1..5),
        second in 0_i64..4_000_000_000, title in "\\PC{0,80}",
    ) {
        let digests = changes.iter().map(|byte| Digest::of(&[*byte]));
        let content = Content::new(Digest::of(b"plan"), digests).unwrap();
        let item = ItemId::new(&title, &content);
        prop_assert_eq!(item.as_str().parse(), Ok(item.clone()));
        let at = Timestamp::from_millisecond(second * 999).unwrap();
        let statement = Statement::new(item, act, person("ada"), content, at).unwrap();
        let event = Signer::ed25519(1).event(statement);
        prop_assert_eq!(parse_event(&event.text()), Ok(event));
    }

    #[test]
    fn no_text_harms_a_reader(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse_event(&text).is_err());
        prop_assert!(VerifyingKey::of_line(&text).is_err());
        prop_assert!(SshSignature::parse(&text).is_err());
        let shaped = [b"SSHSIG\0\0\0\x01".to_vec(), bytes].concat();
        let _ = SshSignature::parse(&armor(&shaped));
    }

    #[test]
    fn what_stands_does_not_depend_on_order_or_repetition(
        steps in prop::collection::vec((0_usize..3, 0_u8..3, any::<bool>(), 0_usize..3), 1..12),
        turn in 0_usize..12,
    ) {
        let mut story = Story::default();
        let mut made = Vec::new();
        for (who, what, received, which) in steps {
            let who = ["ada", "ben", "cat"][who];
            let changes = [&["a"][..], &["b"], &["a", "b"]][which];
            let act = match (what, made.get(which)) {
                (0, _) => approve(),
                (1, Some(event)) => Act::Withdraw { event: *event },
                _ => object(),
            };
            made.push(if received {
                story.then(who, act, changes)
            } else {
                story.unreceived(who, act, "second", changes)
            });
        }
        let once = standing(&story.events, &story.receipts, &change("a"));
        let mut other = story.events.clone();
        other.extend(story.events.iter().take(turn).cloned());
        let turns = turn % other.len();
        other.rotate_left(turns);
        other.reverse();
        prop_assert_eq!(standing(&other, &story.receipts, &change("a")), once);
    }
}
